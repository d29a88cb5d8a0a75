"""One name of a bibliography as a record writes it: ``Family, Given``, or the name of a group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bibtexparser.middlewares.names import parse_single_name_into_parts

from prunelit.cli.entry.markup import tidy

OTHERS = "others"
"""Stands last among the authors where a source names no more of them, as in BibTeX."""
ADVICE = "join authors with ' and ', and put braces around the name of a group"

_MARK = r"[*†‡§¶‖\u2217⋆★☆✉#⁺\u204e¹²³⁰⁴-⁹]+"
_MARKS = re.compile(
    rf"{_MARK}(?:\s*,\s*{_MARK})*"
    r"|(?<=[^\W\d_])[0-9]{1,2}(?:\s*,\s*[0-9]{1,2})*(?=\s*(?:,|$))|\s0[0-9]{3}(?=\s*(?:,|$))"
    r"|\s*\([^()]*\)(?=\s*(?:,|$))|\s*<[^<>]*@[^<>]*>|\s*\[[0-9X-]+\]|^(?:Dr|Prof)\.\s+"
)
SUFFIX = re.compile(r"(?:jr|sr|jnr|snr|junior|senior)\.?|2nd|3rd|4th|(?-i:II|III|IV|VI|VII|VIII)\.?", re.I)
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?){1,4}|(?-i:[A-Z]{1,2})", re.I)
_PARTICLE = re.compile(r"(?:van|von|vom|de|der|den|del|della|di|da|das|dos|du|la|le|ter|ten|zu|zur|af|av|'t)")
_CAPITAL_PARTICLE = re.compile(r"(?:Van|Von|De|Der|Den|Del|Della|Di|Da|Dos|Du|La|Le|El|Al|Bin|Ibn|Ter)")
_GROUP_WORD = re.compile(
    r"(?:team|group|consortium|collaboration|institute|university|laborator(?:y|ies)|labs?|inc|ltd|llc|gmbh|corporation"
    r"|corp|company|society|committee|foundation|department|agency|association|cent(?:er|re)|project|research|workshop|(?-i:AI)"
    r"|initiative|organi[sz]ation|openai|deepmind|google|microsoft|nvidia)[.,]?",
    re.I,
)
_TWO_WITH_INITIALS = re.compile(r"(?:[^\W\d_]\.\s?)+[^\W\d_]{3,}\s(?:[^\W\d_]\.\s?)+[^\W\d_]{3,}")
_PAIR = re.compile(r'\s*"?(?:family|given|prefix|suffix|useprefix|[a-z]+(?:-i)?)\s*=')
_INITIALS_OF_PAIRS = ("family-i", "given-i", "prefix-i", "suffix-i")
_JOINED = re.compile(r"\s[&/|+•·]\s|&|[、\uff0c\uff1b•|]")
_JOINED_IN_WORDS = re.compile(r"(?-i:\w+\s[^\W\d_a-z]\w*\s(?:und|et|mit|with)\s[^\W\d_a-z])")
_ET_AL = re.compile(r"[\s,]*\bet\.?\s*al\b\.?[\s,]*$", re.I)


@dataclass(frozen=True)
class ReadNames:
    """Authors, what a person must look at, what keeps names from being read at all, and what was taken out of them."""

    authors: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


def text_without(pattern: re.Pattern[str], text: str) -> tuple[str, list[str]]:
    """The text without what a pattern finds, and what that was."""
    found = [match[0].strip(" ,") for match in pattern.finditer(text)]
    return pattern.sub("", text), found


def read_name(name: str) -> ReadNames:
    """One author, or with ``et al.`` that and the others."""
    if is_braced(name) and not re.search(r"\s00[0-9]{2}\}+$", name):  # a group, not DBLP's second Jane Doe
        return _group(name)
    name = name.strip("{}") if is_braced(name) else name
    alone = _ET_AL.sub("", name)
    bare, marks = text_without(_MARKS, alone)
    bare = re.sub(r"\s+(?=,)", "", bare).strip().strip(",").strip()
    if bare.casefold() in {"", OTHERS, "...", "…"}:
        others = (OTHERS,) if bare or alone != name else ()
        return ReadNames(others)
    read = _person(bare)
    more = (OTHERS,) if alone != name else ()
    return replace(read, authors=read.authors + more, taken=tuple(marks))


def read_parts(family: str, given: str) -> ReadNames:
    """One author by family and given name; a group has no given name."""
    (family, of_family), (given, of_given) = text_without(_MARKS, family), text_without(_MARKS, given)
    name = in_order(tidy(family), tidy(given))
    return ReadNames((name,) if name else (), taken=(*of_family, *of_given))


def is_braced(name: str) -> bool:
    """Whether one pair of braces holds the whole name."""
    depth = 0
    for at, sign in enumerate(name):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return sign == "}" and at == len(name) - 1
    return False


def _group(name: str) -> ReadNames:
    written = unbraced(name)
    if written.casefold() == OTHERS:
        return ReadNames((OTHERS,))
    told = f"'{written}' stands in braces, so it is taken for the name of a group"
    joined = ": it holds more than one name, as it seems" if re.search(r"\sand\s|;", written) else ""
    return ReadNames((written,) if written else (), (told + joined,) if " " in written or joined else ())


def _from_pairs(pairs: list[str]) -> ReadNames:
    """A name in the extended format of biblatex: ``family=Berg, prefix=van den, given=Jo``."""
    named = {key.strip(): value.strip().strip('"') for key, _, value in (pair.partition("=") for pair in pairs)}
    family = " ".join(filter(None, (named.get(part) for part in ("prefix", "family", "suffix"))))
    written = in_order(unbraced(family), unbraced(named.get("given", "")))
    left_out = sorted(set(named) - {"prefix", "family", "suffix", "given", "useprefix", *_INITIALS_OF_PAIRS})
    return ReadNames((written,), (f"left out of '{written}': {', '.join(left_out)}",) if left_out else ())


def _person(name: str) -> ReadNames:
    sections = [unbraced(one) if SUFFIX.fullmatch(unbraced(one)) else one for one in split_outside_braces(name, ",")]
    if sections and all(map(_PAIR.match, sections)):
        return _from_pairs(sections)
    shown = unbraced(name)
    words = [word for section in sections for word in section.split()]
    if len(words) > 1 and (words[0] == "The" or any(map(_GROUP_WORD.fullmatch, words))) and "&" not in name:
        if len(sections) == 2 and _GROUP_WORD.fullmatch(sections[0]):  # "Team, Gemini", as one writes a person
            shown = f"{unbraced(sections[1])} {unbraced(sections[0])}"
        return ReadNames((shown,), (f"'{shown}' is taken for the name of a group",))
    if fault := _joined(name, sections):
        return ReadNames(faults=(f"'{shown}' {fault}",))
    family, suffix, given = _divided(sections)
    family, given, moved = _with_particles(family, given)
    written = in_order(f"{unbraced(family)} {unbraced(suffix)}".strip(), unbraced(given))
    return ReadNames((written,), (*moved, *_doubts(shown, sections, written)))


def _joined(name: str, sections: list[str]) -> str | None:
    """Why this is not one name."""
    outside = _outside_braces(name)
    if _JOINED.search(outside) or _JOINED_IN_WORDS.search(outside):
        return f"holds more than one name, as it seems: {ADVICE}"
    if len(sections) > 3 or (len(sections) == 3 and not any(map(SUFFIX.fullmatch, sections[1:]))):
        return f"has {len(sections)} parts between commas; expected 'Family, Given' or 'Family, Jr., Given': {ADVICE}"
    if len(sections) == 2 and _has_initial_of_another(sections[0].split(), sections[1].split()):
        return f"has an initial before its comma, so it holds two names, as it seems: {ADVICE}"
    return None


def _has_initial_of_another(family: list[str], given: list[str]) -> bool:
    """Whether both parts are whole names: ``Doe J., Roe R.`` or ``J. Doe, R. Roe``."""
    if len(family) < 2 or SUFFIX.fullmatch(family[-1]):
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
        return (family, second, third) if SUFFIX.fullmatch(second) else (family, third, second)
    if len(sections) == 2 and not (SUFFIX.fullmatch(sections[1]) and " " in sections[0]):
        return sections[0], "", sections[1]
    words, suffix = split_outside_braces(sections[0], " "), sections[1] if len(sections) == 2 else ""
    if not suffix and len(words) > 1 and SUFFIX.fullmatch(unbraced(words[-1])):
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


def in_order(family: str, given: str) -> str:
    """The name as a record writes it."""
    return f"{family}, {given}" if family and given else family or given


def _doubts(shown: str, sections: list[str], written: str) -> Iterator[str]:
    first = sections[0].split()
    if are_two(sections):
        yield f"'{shown}' may be two authors: if so, join them with ' and '"
    if len(sections) == 1 and _trailing_initials(first) < len(first):
        yield f"'{shown}' is read as '{written}': initials after a family name"
    if any(map(_CAPITAL_PARTICLE.fullmatch, written.partition(", ")[2].split()[1 if len(sections) == 1 else -1 :])):
        yield f"'{shown}' is read as '{written}': does the family name begin earlier?"
    if len(sections) == 1 and len(first) > 1 and "," not in written:
        yield f"'{shown}' has no given name, as it is written"
    if len(first) > 5 or _TWO_WITH_INITIALS.fullmatch(sections[0]):
        yield f"'{shown}' may be several authors: if so, join them with ' and '"
    if re.search(r"[0-9@()<>\[\]\\$^_\u0300-\u036f]", written):
        yield f"'{written}' holds more than a name, as it seems"


def are_two(sections: list[str]) -> bool:
    """Whether two parts with several words each may be two names: no particle, suffix, brace or last initial."""
    if len(sections) != 2:
        return False
    family, given = (section.split() for section in sections)
    return (
        min(len(family), len(given)) > 1
        and not any(word[:1].islower() or word[:1] == "{" for word in family)
        and not SUFFIX.fullmatch(family[-1])
        and not any(map(_GROUP_WORD.fullmatch, family))
        and not _INITIAL.fullmatch(given[-1])
        and not _PARTICLE.fullmatch(given[-1])
    )


def split_outside_braces(text: str, separator: str) -> list[str]:
    """The parts of a text between separators outside of braces, without empty ones."""
    depth, parts = 0, [""]
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if sign == separator and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def unbraced(name: str) -> str:
    """The name without braces, on one line."""
    return tidy(re.sub(r"[{}]", "", name))
