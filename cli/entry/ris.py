"""Bibliography of a paper in an RIS file, as Zotero, EndNote and publishers export it.

Each line is a tag of two characters and a value; a line without a tag continues the one before.  The library for it
(rispy) drops a record without its last line and all but the first of repeated values, and knows no lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prunelit.cli.entry import dates, identifiers
from prunelit.cli.entry.bibliography import Bibliography, SourceError, as_preprint, given
from prunelit.cli.entry.identifiers import arxiv_id, arxiv_within
from prunelit.cli.entry.latex import plain_text
from prunelit.cli.entry.markup import tidy
from prunelit.cli.entry.people import authors_in
from prunelit.schema.problems import Problem, at_most

_TAGGED = re.compile(r"([A-Z][A-Z0-9]) {0,3}- ?(.*)")
_TITLES, _AUTHORS, _DATES = ("TI", "T1"), ("AU", "A1"), ("PY", "Y1", "DA")
_CONTAINERS, _EVENTS = ("T2", "JF", "JO", "BT", "JA", "J2"), ("C3", "T3")
_ADDRESSES = ("UR", "L1", "L2", "LK")
_WITH_ARXIV = ("UR", "DO", "AN", "M1", "M3", "N1", "T2", "JO", "JF", "L1", "LK", "C7", "SP", "VL")
_TYPES = {
    "JOUR": "article", "MGZN": "article", "EJOUR": "article", "CONF": "inproceedings", "CPAPER": "inproceedings",
    "THES": "phdthesis", "RPRT": "techreport", "BOOK": "book", "GEN": "misc", "UNPB": "misc", "ELEC": "misc",
    "PREPRINT": "misc", "MANSCPT": "misc", "INPR": "article", "DATA": "misc", "COMP": "misc", "UNPD": "misc",
}  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """A tag with its value, and where it stands."""

    tag: str
    text: str
    number: int


def from_ris(text: str, file: str = "RIS") -> Bibliography:
    """The paper of a text with one RIS record.

    Args:
        text: The text of an RIS file.
        file: What messages call the file.

    Raises:
        SourceError: if there is not exactly one record that can be read, with title, authors and year; the message
            holds every fault with its line.
    """
    lines = _lines(text, file)
    title, authors = plain_text(_first(lines, _TITLES)), authors_in(dict.fromkeys(_all(lines, _AUTHORS)))
    date = _date(lines)
    missing = [
        what
        for what, given in (("title (TI)", title.text), ("author (AU)", authors.authors), ("year (PY)", date.year))
        if not given
    ]
    faults = [
        *authors.faults,
        *([f"the record has no {' and no '.join(missing)}"] if missing and not authors.faults else []),
    ]
    if faults:
        line = next((one.number for one in lines if one.tag in _AUTHORS), 1) if authors.faults else 1
        raise SourceError("\n".join(str(Problem(file, line, 1, "ris", fault)) for fault in faults))
    container, doi = plain_text(_first(lines, _CONTAINERS)).text or None, _doi(lines)
    kind = _TYPES.get(lines[0].text.upper(), "misc")
    remarks = [
        *(("title", doubt) for doubt in title.doubts),
        *(("authors", doubt) for doubt in authors.doubts),
        *(("published", doubt) for doubt in date.doubts),
        *_type_remark(lines[0]),
        *(
            ("identifiers", f"'{tidy(one)}' is no DOI; left out")
            for one in _all(lines, ("DO",))
            if not identifiers.doi(one)
        ),
    ]
    return as_preprint(
        Bibliography(
            source="RIS",
            title=title.text,
            authors=authors.authors,
            year=date.year or 0,
            month=date.month,
            container=container,
            event=plain_text(_first(lines, _EVENTS)).text or None,
            arxiv=_arxiv(lines),
            doi=doi,
            links=_links(lines),
            citation=_citation(lines, kind, date.year or 0, container),
            remarks=tuple(remarks),
            unread=tuple(_unread(lines)),
        )
    )


def _lines(text: str, file: str) -> list[_Line]:
    """The tagged lines of the one record, from its type on."""
    found: list[_Line] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        tagged = _TAGGED.fullmatch(line.rstrip())
        if tagged:
            found.append(_Line(tagged[1], tagged[2].strip(), number))
        elif line.strip() and found and found[-1].tag != "ER":
            found[-1] = _Line(found[-1].tag, f"{found[-1].text} {line.strip()}", found[-1].number)
        elif line.strip():
            problems.append(Problem(file, number, 1, "ris", "expected a tag and a value, such as 'TY  - JOUR'"))
    starts = [line.number for line in found if line.tag == "TY"]
    if found and found[0].tag != "TY":
        problems.append(Problem(file, found[0].number, 1, "ris", "a record begins with its type: 'TY  - JOUR'"))
    if problems and starts:
        raise SourceError("\n".join(map(str, at_most(problems))))
    if len(starts) != 1:
        where = f"found {len(starts)}, at the lines {', '.join(map(str, starts[:5]))}" if starts else "found none"
        hint = "; this is BibTeX: use --bibtex FILE" if re.search(r"^\s*@\w+\s*[{(]", text, re.M) else ""
        raise SourceError(f"{file}: expected one RIS record, which begins with 'TY  - JOUR'; {where}{hint}")
    return [line for line in found if line.tag != "ER"]


def _all(lines: Iterable[_Line], tags: Iterable[str]) -> list[str]:
    """The values of these tags, those of the first tag first."""
    return [line.text for tag in tags for line in lines if line.tag == tag and line.text]


def _first(lines: list[_Line], tags: Iterable[str]) -> str:
    return next(iter(_all(lines, tags)), "")


def _date(lines: list[_Line]) -> dates.When:
    read = [dates.when(re.sub(r"/+$", "", text)) for text in _all(lines, _DATES)]
    years = list(dict.fromkeys(one.year for one in read if one.year))
    months = [one.month for one in read if one.month]
    doubts = [doubt for one in read for doubt in one.doubts]
    doubts += [f"the record names the years {years[0]} and {years[1]}"] if len(years) > 1 else []
    arxiv = _arxiv(lines)
    if not years and arxiv:
        return dates.When(
            identifiers.posted_year(arxiv), None, ("there is no year; this is the one in the identifier",)
        )
    return dates.When(years[0] if years else None, months[0] if months else None, tuple(doubts))


def _type_remark(line: _Line) -> Iterator[tuple[str, str]]:
    if line.text.upper() not in _TYPES:
        yield "citation", f"RIS calls the record '{tidy(line.text)}', which a record has no type for"


def _arxiv(lines: list[_Line]) -> str | None:
    found = (arxiv_within(text) for text in _all(lines, _WITH_ARXIV))
    return next(filter(None, found), None)


def _doi(lines: list[_Line]) -> str | None:
    stated = map(identifiers.doi, _all(lines, ("DO",)))
    linked = (identifiers.doi(text) for text in _all(lines, ("UR", "M3")))
    return next(filter(None, (*stated, *linked)), None)


def _links(lines: list[_Line]) -> tuple[str, ...]:
    found = [address for text in _all(lines, _ADDRESSES) for address in identifiers.addresses(text)]
    return tuple(dict.fromkeys(one for one in found if not identifiers.is_identifier(one)))


def _citation(lines: list[_Line], kind: str, year: int, container: str | None) -> dict[str, str | int]:
    first, last = _first(lines, ("SP",)), _first(lines, ("EP",))
    pages = f"{first}-{last}" if first and last and first != last and "-" not in first else first or last
    values: dict[str, str | int | None] = {
        "type": kind,
        "year": year,
        "container": container,
        "volume": tidy(_first(lines, ("VL",))),
        "number": tidy(_first(lines, ("IS", "CP"))),
        "pages": "" if arxiv_id(pages) else tidy(re.sub(r"\s*[-–—]+\s*", "-", pages)),
        "publisher": plain_text(_first(lines, ("PB",))).text,
    }
    return given(values)


def _unread(lines: list[_Line]) -> list[str]:
    """The tags that are not read, and second ones of those of which a record takes one."""
    several = {*_AUTHORS, *_DATES, *_ADDRESSES}
    used = {"TY", "DO", "VL", "IS", "CP", "SP", "EP", "PB", *several}
    for tags in (_TITLES, _CONTAINERS):
        used.add(next((tag for tag in tags if _all(lines, (tag,))), ""))
    return list(dict.fromkeys(line.tag for line in lines if line.text and line.tag not in used))
