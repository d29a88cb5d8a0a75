"""Authors of a paper in what bibliographies hold: fields that join names, and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bibtexparser.middlewares.names import split_multiple_persons_names

from prunelit.cli.entry.latex import decoded, plain_text
from prunelit.cli.entry.markup import tidy
from prunelit.cli.entry.personal_name import (
    ADVICE,
    OTHERS,
    ReadNames,
    are_two,
    is_braced,
    read_name,
    read_parts,
    split_outside_braces,
    text_without,
    unbraced,
)

_LATEX_MARKS = re.compile(
    r"\$\s*(?:\{\})?\^[^$]*\$|\\\(\s*(?:\{\})?\^.*?\\\)|\$\s*(?:\*|\\(?:dagger|ddagger|ast|star|sharp|S|P))\s*\$"
    r"|\\(?:textsuperscript|thanks|footnotemark|footnotetext|footnote|inst|orcid|orcidID|IEEEauthorrefmark|fnref|corref"
    r"|IEEEmembership|authormark|affmark|email)\b\*?\s*(?:\[[^\[\]]*\])?(?:\{(?:[^{}]|\{[^{}]*\})*\})?"
    r"|\\(?:dag|ddag|textdagger|textdaggerdbl|textasteriskcentered)\b(?:\s*\{\})?"
)
_CONJUNCTION = re.compile(r"^(?:and\s+)+|(?:\s+and)+$|^and$", re.I)


def author(name: str) -> str:
    """A name of any order as ``Family, Given``; that of a group as it is.

    Example:
        >>> author("Jörg van den Berg"), author("Costa, Jr., Pat")
        ('van den Berg, Jörg', 'Costa Jr., Pat')
    """
    return ", ".join(authors_of(name).authors)


def authors_of(field: str) -> ReadNames:
    r"""The authors of a BibTeX field, which `` and `` joins.

    Example:
        >>> authors_of(r"\v{S}imon, Fay and {Acme Team} and others").authors
        ('Šimon, Fay', 'Acme Team', 'others')
    """
    bare, marks = text_without(_LATEX_MARKS, re.sub(r"\\and\b", " and ", field))
    read = decoded(bare, groups=True)
    names = _split(read.text)
    told = [*read.doubts, *_empty_names(read.text), *_unjoined_lines(field)]
    if " and " not in f" {tidy(field)} " and (apart := _unjoined_lines(field)):
        return ReadNames(faults=tuple(apart))
    if len(names) < len(_split(bare)):
        return ReadNames(faults=("the LaTeX of the names cannot be read; write it in Unicode",))
    told += ["the names are joined by ';'"] if any(len(split_outside_braces(name, ";")) > 1 for name in names) else []
    names = [name for joined in names for name in split_outside_braces(joined, ";")]
    if told_apart := _joined_by_commas(names):
        return ReadNames(faults=told_apart)
    return _collected(map(read_name, names), marks, told)


def _split(text: str) -> list[str]:
    """The names that a text joins with `` and ``."""
    names = (_CONJUNCTION.sub("", name) for name in split_multiple_persons_names(text))
    return [name for name in names if name.strip("{} ")]


def _joined_by_commas(names: list[str]) -> tuple[str, ...]:
    """Names with a comma between two whole names, as it seems, that stand alone or beside names of the other order."""
    suspects = [name for name in names if are_two(split_outside_braces(name, ","))]
    if len(names) > 1 and all("," in name or " " not in name or is_braced(name) for name in names):
        return ()
    return tuple(f"'{unbraced(name)}' may be two authors: {ADVICE}; or around a family name" for name in suspects)


def authors_in(names: Iterable[str], one_each: bool = False) -> ReadNames:
    """The authors of a list of names that hold no LaTeX, or hardly any.

    Args:
        names: The names in any order of their parts.
        one_each: Whether each is one author for sure, so that what cannot be read stays as it is, with a doubt.
    """
    bare = [text_without(_LATEX_MARKS, name) for name in names]
    texts = [name for text, _ in bare for name in split_outside_braces(plain_text(text).text, ";")]
    read = [(name, read_name(name)) for name in texts if re.search(r"\w", name)]
    kept = [ReadNames((name,), one.faults) if one_each and one.faults else one for name, one in read]
    return _collected(kept, [mark for _, marks in bare for mark in marks], [])


def authors_by_parts(persons: Iterable[tuple[str, str]]) -> ReadNames:
    """The authors of a list of family and given names; a group has no given name."""
    return _collected(
        [read_parts(plain_text(family).text, plain_text(given).text) for family, given in persons], [], []
    )


def _collected(read: Iterable[ReadNames], marks: list[str], told: list[str]) -> ReadNames:
    found = list(read)
    authors = tuple(name for one in found for name in one.authors)
    taken = dict.fromkeys([*marks, *(mark for one in found for mark in one.taken)])
    doubts = [doubt for one in found for doubt in one.doubts]
    if taken:
        told = [*told, f"taken out of the names: {', '.join(taken)}"]
    if OTHERS in authors:
        authors = (*(name for name in authors if name != OTHERS), OTHERS)
        doubts.append("the source names no more authors than these: replace 'others' by their names")
    return ReadNames(
        authors, tuple(dict.fromkeys([*told, *doubts])), tuple(fault for one in found for fault in one.faults)
    )


def _empty_names(text: str) -> Iterator[str]:
    if re.search(r"(?:^|\sand)\s+and\s|^and\s|\sand$", f" {text} ".strip(), re.I):
        yield "an 'and' has no name beside it"


def _unjoined_lines(field: str) -> list[str]:
    """Names that stand on lines of their own, as it seems."""
    names = re.split(r"\band\b", field)
    lines = {name: [line.split() for line in name.splitlines() if line.strip()] for name in names if "{" not in name}
    found = [name for name, split in lines.items() if "," not in name and sum(len(words) > 1 for words in split) > 1]
    return [f"'{tidy(name)}' stands on several lines: if it is more than one author, {ADVICE}" for name in found]
