"""Names of authors as a record writes them: ``Family, Given``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from prunelit.cli.entry.latex import decoded, plain
from prunelit.cli.entry.markup import tidy

OTHERS = "others"
"""Stands last among the authors where a source names no more of them, as in BibTeX."""

_LATEX_MARKS = re.compile(
    r"\$\s*(?:\{\})?\^[^$]*\$|\\\(\s*(?:\{\})?\^.*?\\\)|\$\s*(?:\*|\\(?:dagger|ddagger|ast|star|sharp|S|P))\s*\$"
    r"|\\(?:textsuperscript|thanks|footnotemark|footnotetext|footnote|inst|orcid|orcidID|IEEEauthorrefmark|fnref|corref"
    r"|IEEEmembership|authormark|affmark|email)\b\*?\s*(?:\[[^\[\]]*\])?(?:\{(?:[^{}]|\{[^{}]*\})*\})?"
    r"|\\(?:dag|ddag|textdagger|textdaggerdbl|textasteriskcentered)\b(?:\s*\{\})?"
)
_MARK = r"[*†‡§¶‖\u2217⋆★☆✉#⁺\u204e¹²³⁰⁴-⁹]+"
_MARKS = re.compile(
    rf"{_MARK}(?:\s*,\s*{_MARK})*"
    r"|(?<=[^\W\d_])[0-9]{1,2}(?:\s*,\s*[0-9]{1,2})*(?=\s*(?:,|$))|\s0[0-9]{3}(?=\s*(?:,|$))"
    r"|\s*\([^()]*\)(?=\s*(?:,|$))|\s*<[^<>]*@[^<>]*>|\s*\[[0-9X-]+\]|^(?:Dr|Prof)\.\s+"
)
_SUFFIX = re.compile(r"(?:jr|sr|jnr|snr|junior|senior)\.?|2nd|3rd|4th|(?-i:II|III|IV|VI|VII|VIII)\.?", re.I)
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?){1,4}|(?-i:[A-Z]{1,2})", re.I)
_PARTICLE = re.compile(r"(?:van|von|vom|de|der|den|del|della|di|da|das|dos|du|la|le|ter|ten|zu|zur|af|av|'t)")
_CAPITAL_PARTICLE = re.compile(r"(?:Van|Von|De|Der|Den|Del|Della|Di|Da|Dos|Du|La|Le|El|Al|Bin|Ibn|Ter)")
_GROUP_WORD = re.compile(
    r"(?:team|group|consortium|collaboration|institute|university|laborator(?:y|ies)|labs?|inc|ltd|llc|gmbh|corporation"
    r"|corp|company|society|committee|foundation|department|agency|association|cent(?:er|re)|project|research|workshop|(?-i:AI)"
    r"|initiative|organi[sz]ation|openai|deepmind|google|microsoft|nvidia)[.,]?",
    re.I,
)
_PAIR = re.compile(r'\s*"?(?:family|given|prefix|suffix|useprefix|[a-z]+(?:-i)?)\s*=')
_INITIALS_OF_PAIRS = ("family-i", "given-i", "prefix-i", "suffix-i")
_JOINED = re.compile(r"\s[&/|+•·]\s|&|[、\uff0c\uff1b•|]")
_JOINED_IN_WORDS = re.compile(r"(?-i:\w+\s[^\W\d_a-z]\w*\s(?:und|et|mit|with)\s[^\W\d_a-z])")
_CONJUNCTION = re.compile(r"^(?:and\s+)+|(?:\s+and)+$|^and$", re.I)
_ADVICE = "join authors with ' and ', and put braces around the name of a group"
_ET_AL = re.compile(r"[\s,]*\bet\.?\s*al\b\.?[\s,]*$", re.I)


@dataclass(frozen=True)
class Names:
    """Authors, what a person must look at, and what keeps the names from being read at all."""

    authors: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def author(name: str) -> str:
    """A name of any order as ``Family, Given``; that of a group as it is.

    Example:
        >>> author("Jörg van den Berg"), author("Costa, Jr., Pat")
        ('van den Berg, Jörg', 'Costa Jr., Pat')
    """
    return ", ".join(authors_of(name).authors)


def authors_of(field: str) -> Names:
    r"""The authors of a BibTeX field, which `` and `` joins.

    Example:
        >>> authors_of(r"\v{S}imon, Fay and {Acme Team} and others").authors
        ('Šimon, Fay', 'Acme Team', 'others')
    """
    bare, marks = _without(_LATEX_MARKS, re.sub(r"\\and\b", " and ", field))
    read = decoded(bare, groups=True)
    names = _split(read.text)
    told = [*read.doubts, *_empty_names(read.text), *_unjoined_lines(field)]
    if " and " not in f" {tidy(field)} " and (apart := _unjoined_lines(field)):
        return Names(faults=tuple(apart))
    if len(names) < len(_split(bare)):
        return Names(faults=("the LaTeX of the names cannot be read; write it in Unicode",))
    told += ["the names are joined by ';'"] if any(len(_parts(name, ";")) > 1 for name in names) else []
    names = [name for joined in names for name in _parts(joined, ";")]
    if told_apart := _joined_by_commas(names):
        return Names(faults=told_apart)
    return _collected(map(_from_text, names), marks, told)


def _split(text: str) -> list[str]:
    """The names that a text joins with `` and ``."""
    names = (_CONJUNCTION.sub("", name) for name in split_multiple_persons_names(text))
    return [name for name in names if name.strip("{} ")]


def _joined_by_commas(names: list[str]) -> tuple[str, ...]:
    """Names with a comma between two whole names, as it seems, that stand alone or beside names of the other order."""
    suspects = [name for name in names if _are_two(_parts(name, ","))]
    if len(names) > 1 and all("," in name or " " not in name or _is_braced(name) for name in names):
        return ()
    return tuple(f"'{_unbraced(name)}' may be two authors: {_ADVICE}; or around a family name" for name in suspects)


def authors_in(names: Iterable[str], one_each: bool = False) -> Names:
    """The authors of a list of names that hold no LaTeX, or hardly any.

    Args:
        names: The names in any order of their parts.
        one_each: Whether each is one author for sure, so that what cannot be read stays as it is, with a doubt.
    """
    bare = [_without(_LATEX_MARKS, name) for name in names]
    texts = [name for text, _ in bare for name in _parts(plain(text).text, ";")]
    read = [(name, _from_text(name)) for name in texts if re.search(r"\w", name)]
    kept = [Names((name,), one.faults) if one_each and one.faults else one for name, one in read]
    return _collected(kept, [mark for _, marks in bare for mark in marks], [])


def authors_by_parts(persons: Iterable[tuple[str, str]]) -> Names:
    """The authors of a list of family and given names; a group has no given name."""
    return _collected([_from_parts(family, given) for family, given in persons], [], [])


def _collected(read: Iterable[Names], marks: list[str], told: list[str]) -> Names:
    found = list(read)
    authors = tuple(name for one in found for name in one.authors)
    taken = [doubt.removeprefix(_TAKEN) for one in found for doubt in one.doubts if doubt.startswith(_TAKEN)]
    doubts = [doubt for one in found for doubt in one.doubts if not doubt.startswith(_TAKEN)]
    if marks or taken:
        told = [*told, f"taken out of the names: {', '.join(dict.fromkeys([*marks, *taken]))}"]
    if OTHERS in authors:
        authors = (*(name for name in authors if name != OTHERS), OTHERS)
        doubts.append("the source names no more authors than these: replace 'others' by their names")
    return Names(authors, tuple(dict.fromkeys([*told, *doubts])), tuple(fault for one in found for fault in one.faults))


_TAKEN = "taken out: "


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, list[str]]:
    """The text without what a pattern finds, and what that was."""
    found = [match[0].strip(" ,") for match in pattern.finditer(text)]
    return pattern.sub("", text), found


def _empty_names(text: str) -> Iterator[str]:
    if re.search(r"(?:^|\sand)\s+and\s|^and\s|\sand$", f" {text} ".strip(), re.I):
        yield "an 'and' has no name beside it"


def _unjoined_lines(field: str) -> list[str]:
    """Names that stand on lines of their own, as it seems."""
    names = re.split(r"\band\b", field)
    lines = {name: [line.split() for line in name.splitlines() if line.strip()] for name in names if "{" not in name}
    found = [name for name, split in lines.items() if "," not in name and sum(len(words) > 1 for words in split) > 1]
    return [f"'{tidy(name)}' stands on several lines: if it is more than one author, {_ADVICE}" for name in found]


def _from_text(name: str) -> Names:
    """One author, or with ``et al.`` that and the others."""
    if _is_braced(name) and not re.search(r"\s00[0-9]{2}\}+$", name):  # a group, not DBLP's second Jane Doe
        return _group(name)
    name = name.strip("{}") if _is_braced(name) else name
    alone = _ET_AL.sub("", name)
    bare, marks = _without(_MARKS, alone)
    bare = re.sub(r"\s+(?=,)", "", bare).strip().strip(",").strip()
    if bare.casefold() in {"", OTHERS, "...", "…"}:
        others = (OTHERS,) if bare or alone != name else ()
        return Names(others)
    read = _person(bare)
    more = (OTHERS,) if alone != name else ()
    return Names(read.authors + more, (*(_TAKEN + mark for mark in marks), *read.doubts), read.faults)


def _from_parts(family: str, given: str) -> Names:
    read = [_without(_MARKS, plain(part).text) for part in (family, given)]
    (family, _), (given, _) = ((tidy(text), marks) for text, marks in read)
    marks = tuple(_TAKEN + mark for _, found in read for mark in found)
    return Names(tuple(filter(None, [_written(family, given)])), marks)


def _is_braced(name: str) -> bool:
    """Whether one pair of braces holds the whole name."""
    depth = 0
    for at, sign in enumerate(name):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return sign == "}" and at == len(name) - 1
    return False


def _group(name: str) -> Names:
    written = _unbraced(name)
    if written.casefold() == OTHERS:
        return Names((OTHERS,))
    told = f"'{written}' stands in braces, so it is taken for the name of a group"
    joined = ": it holds more than one name, as it seems" if re.search(r"\sand\s|;", written) else ""
    return Names((written,) if written else (), (told + joined,) if " " in written or joined else ())


def _from_pairs(pairs: list[str]) -> Names:
    """A name in the extended format of biblatex: ``family=Berg, prefix=van den, given=Jo``."""
    named = {key.strip(): value.strip().strip('"') for key, _, value in (pair.partition("=") for pair in pairs)}
    family = " ".join(filter(None, (named.get(part) for part in ("prefix", "family", "suffix"))))
    written = _written(_unbraced(family), _unbraced(named.get("given", "")))
    left_out = sorted(set(named) - {"prefix", "family", "suffix", "given", "useprefix", *_INITIALS_OF_PAIRS})
    return Names((written,), (f"left out of '{written}': {', '.join(left_out)}",) if left_out else ())


def _person(name: str) -> Names:
    sections = [_unbraced(one) if _SUFFIX.fullmatch(_unbraced(one)) else one for one in _parts(name, ",")]
    if sections and all(map(_PAIR.match, sections)):
        return _from_pairs(sections)
    shown = _unbraced(name)
    words = [word for section in sections for word in section.split()]
    if len(words) > 1 and (words[0] == "The" or any(map(_GROUP_WORD.fullmatch, words))) and "&" not in name:
        if len(sections) == 2 and _GROUP_WORD.fullmatch(sections[0]):  # "Team, Gemini", as one writes a person
            shown = f"{_unbraced(sections[1])} {_unbraced(sections[0])}"
        return Names((shown,), (f"'{shown}' is taken for the name of a group",))
    if fault := _joined(name, sections):
        return Names(faults=(f"'{shown}' {fault}",))
    family, suffix, given = _divided(sections)
    family, given, moved = _with_particles(family, given)
    written = _written(f"{_unbraced(family)} {_unbraced(suffix)}".strip(), _unbraced(given))
    return Names((written,), (*moved, *_doubts(shown, sections, written)))


def _joined(name: str, sections: list[str]) -> str | None:
    """Why this is not one name."""
    outside = _outside_braces(name)
    if _JOINED.search(outside) or _JOINED_IN_WORDS.search(outside):
        return f"holds more than one name, as it seems: {_ADVICE}"
    if len(sections) > 3 or (len(sections) == 3 and not any(map(_SUFFIX.fullmatch, sections[1:]))):
        return f"has {len(sections)} parts between commas; expected 'Family, Given' or 'Family, Jr., Given': {_ADVICE}"
    if len(sections) == 2 and _has_initial_of_another(sections[0].split(), sections[1].split()):
        return f"has an initial before its comma, so it holds two names, as it seems: {_ADVICE}"
    return None


def _has_initial_of_another(family: list[str], given: list[str]) -> bool:
    """Whether both parts are whole names: ``Doe J., Roe R.`` or ``J. Doe, R. Roe``."""
    if len(family) < 2 or _SUFFIX.fullmatch(family[-1]):
        return False
    whole = _INITIAL.fullmatch(family[0]) and _INITIAL.fullmatch(given[0]) and not _INITIAL.fullmatch(given[-1])
    return bool(_INITIAL.fullmatch(family[-1]) or whole)


def _outside_braces(name: str) -> str:
    depth, kept = 0, []
    for sign in name:
        depth += (sign == "{") - (sign == "}")
        kept.append(sign if depth == 0 and sign != "}" else "")
    return "".join(kept)


def _divided(sections: list[str]) -> tuple[str, str, str]:
    """Family name, suffix and given name of a name's parts between commas."""
    if len(sections) == 3:
        family, second, third = sections
        return (family, second, third) if _SUFFIX.fullmatch(second) else (family, third, second)
    if len(sections) == 2 and not (_SUFFIX.fullmatch(sections[1]) and " " in sections[0]):
        return sections[0], "", sections[1]
    words, suffix = _parts(sections[0], " "), sections[1] if len(sections) == 2 else ""
    if not suffix and len(words) > 1 and _SUFFIX.fullmatch(_unbraced(words[-1])):
        suffix = words.pop()
    if (cut := _trailing_initials(words)) < len(words):
        return " ".join(words[:cut]), suffix, " ".join(words[cut:])
    found = parse_single_name_into_parts(" ".join(words), strict=False)
    return " ".join([*found.von, *found.last]), suffix, " ".join(found.first)


def _trailing_initials(words: list[str]) -> int:
    """Where initials begin that follow the family name, as in ``Doe JA``; the number of words where none do."""
    cut = len(words)
    while cut > 1 and _INITIAL.fullmatch(words[cut - 1]) and not (words[0].isupper() and words[cut - 1].isalpha()):
        cut -= 1
    return len(words) if _INITIAL.fullmatch(words[0]) else cut


def _with_particles(family: str, given: str) -> tuple[str, str, tuple[str, ...]]:
    """The names with particles that end the given name before the family name, where they belong."""
    words = given.split()
    cut = len(words)
    while cut > 1 and _PARTICLE.fullmatch(words[cut - 1]):
        cut -= 1
    if cut == len(words):
        return family, given, ()
    particles = " ".join(words[cut:])
    told = f"'{particles}' was moved from the given name '{given}' to the family name"
    return f"{particles} {family}", " ".join(words[:cut]), (told,)


def _written(family: str, given: str) -> str:
    return f"{family}, {given}" if family and given else family or given


def _doubts(shown: str, sections: list[str], written: str) -> Iterator[str]:
    first = sections[0].split()
    if _are_two(sections):
        yield f"'{shown}' may be two authors: if so, join them with ' and '"
    if len(sections) == 1 and _trailing_initials(first) < len(first):
        yield f"'{shown}' is read as '{written}': initials after a family name"
    if any(map(_CAPITAL_PARTICLE.fullmatch, written.partition(", ")[2].split()[1 if len(sections) == 1 else -1 :])):
        yield f"'{shown}' is read as '{written}': does the family name begin earlier?"
    if len(sections) == 1 and len(first) > 1 and "," not in written:
        yield f"'{shown}' has no given name, as it is written"
    if len(first) > 5:
        yield f"'{shown}' may be several authors: if so, join them with ' and '"
    if re.search(r"[0-9@()<>\[\]\\$^_\u0300-\u036f]", written):
        yield f"'{written}' holds more than a name, as it seems"


def _are_two(sections: list[str]) -> bool:
    """Whether two parts with several words each may be two names: no particle, suffix, brace or last initial."""
    if len(sections) != 2:
        return False
    family, given = (section.split() for section in sections)
    return (
        min(len(family), len(given)) > 1
        and not any(word[:1].islower() or word[:1] == "{" for word in family)
        and not _SUFFIX.fullmatch(family[-1])
        and not any(map(_GROUP_WORD.fullmatch, family))
        and not _INITIAL.fullmatch(given[-1])
        and not _PARTICLE.fullmatch(given[-1])
    )


def _parts(text: str, separator: str) -> list[str]:
    """The parts of a text between separators outside of braces, without empty ones."""
    depth, parts = 0, [""]
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if sign == separator and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _unbraced(name: str) -> str:
    return tidy(re.sub(r"[{}]", "", name))
