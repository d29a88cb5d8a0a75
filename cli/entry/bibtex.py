"""Bibliography of a paper in a BibTeX or biblatex entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from prunelit.cli.entry import dates, identifiers
from prunelit.cli.entry.bibliography import Bibliography, SourceError, as_preprint, given
from prunelit.cli.entry.bibtex_file import Record, the_entry
from prunelit.cli.entry.identifiers import arxiv_id, arxiv_within
from prunelit.cli.entry.latex import decoded, in_unicode
from prunelit.cli.entry.markup import tidy
from prunelit.cli.entry.people import authors_of
from prunelit.schema.problems import Problem, nearest

T = TypeVar("T")

_CONTAINERS = ("booktitle", "journaltitle", "journal", "eventtitle")
_EVENTS = ("eventtitle", "series")
_PUBLISHERS = ("publisher", "institution", "school", "organization")
_WITH_ARXIV = ("url", "journal", "journaltitle", "number", "volume", "note", "howpublished", "ee", "arxiv", "arxivid")
_ARXIV_ALONE = ("arxivid", "arxiv", "volume")
_WITH_LINKS = ("url", "ee", "link", "pdf", "howpublished", "note", "annote", "addendum")
_REMARKED = ("note", "howpublished", "addendum", "pubstate", "titleaddon")
_KINDS = {
    **{kind: kind for kind in ("article", "inproceedings", "misc", "phdthesis", "techreport", "book")},
    "conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
    **dict.fromkeys(("online", "electronic", "www", "unpublished", "software", "dataset"), "misc"),
}


class _Source:
    """The fields of an entry while they are read: which ones, what is wrong, and what is doubtful."""

    def __init__(self, entry: Record, file: str) -> None:
        self.entry, self.file = entry, file
        self.read: set[str] = set()
        self.problems: list[Problem] = []
        self.remarks: list[tuple[str, str]] = []

    def text(self, name: str) -> str:
        """The text of a field, or nothing."""
        value = self.entry.fields.get(name)
        if not value:
            return ""
        self.read.add(name)
        if value.fault and not (name == "month" and value.fault.startswith("'" + value.text)):
            self.fault(name, value.fault)
        return value.text

    def first(self, names: Iterable[str]) -> str:
        """The text of the first field that says anything."""
        return next((text for name in names if name in self.entry.fields and (text := self.text(name))), "")

    def fault(self, name: str, message: str) -> None:
        """Note what is wrong with a field, once."""
        line = self.entry.fields[name].line if name in self.entry.fields else self.entry.line
        problem = Problem(self.file, line, 1, "bibtex", message)
        if problem not in self.problems:
            self.problems.append(problem)

    def doubt(self, key: str, told: Iterable[str]) -> None:
        """Note what is doubtful about a key of the record, once."""
        self.remarks += [(key, one) for one in told if (key, one) not in self.remarks]

    def attempt(self, name: str, read: Callable[[str], T], otherwise: T) -> T:
        """What a reader makes of a field; that it cannot read it is a fault of the field."""
        try:
            return read(self.text(name))
        except SourceError as error:
            self.fault(name, str(error))
            return otherwise


def from_bibtex(text: str, file: str = "BibTeX") -> Bibliography:
    """The paper of a text with one BibTeX entry, and the parents that it names by ``crossref``.

    Args:
        text: The text of a BibTeX file.
        file: What messages call the file.

    Raises:
        SourceError: if there is not exactly one entry that can be read, with title, authors and year; the message holds
            every fault with its line.
    """
    source = _Source(the_entry(text, file), file)
    _tell_missing(source)
    title, authors, date = _title(source), _authors(source), _date(source)
    container, citation = _container(source), _citation(source)
    arxiv, doi = _arxiv(source), _doi(source)
    links = _links(source)
    _remark(source)
    if source.problems:
        raise SourceError("\n".join(map(str, sorted(source.problems))))
    return as_preprint(
        Bibliography(
            source="BibTeX",
            title=title,
            authors=authors,
            year=date.year or 0,
            month=date.month,
            container=container,
            event=in_unicode(source.entry.fields[name].text) if (name := _event(source)) else None,
            arxiv=arxiv,
            doi=doi,
            links=links,
            citation=given({"type": citation["type"], "year": date.year, "container": container, **citation}),
            remarks=tuple(source.remarks),
            unread=tuple(name for name, value in source.entry.fields.items() if value.text and name not in source.read),
        )
    )


def _tell_missing(source: _Source) -> None:
    there = {name for name, value in source.entry.fields.items() if value.text}
    missing = [name for name in ("title", "author") if name not in there]
    missing += ["year"] * (not there & {"year", "date"} and not _arxiv(source))
    if missing:
        hints = (nearest(name, sorted(there - {"title", "author", "year"})) for name in missing)
        source.fault(
            "", f"the entry has no {' and no '.join(missing)}; add what is missing{next(filter(None, hints), '')}"
        )


def _title(source: _Source) -> str:
    parts = []
    for name in ("title", "subtitle"):
        read = source.attempt(name, decoded, None)
        if read and read.text:
            parts.append(read.text)
            source.doubt("title", read.doubts)
    return ": ".join(parts)


def _authors(source: _Source) -> tuple[str, ...]:
    read = source.attempt("author", authors_of, None)
    if not read:
        return ()
    source.doubt("authors", read.doubts)
    for fault in read.faults:
        source.fault("author", fault)
    if not read.authors and not read.faults and source.text("author"):
        source.fault("author", "the field 'author' gives no authors that can be read")
    return read.authors


def _date(source: _Source) -> dates.When:
    """The date of biblatex, or else year and month; a preprint without either has the year of its identifier."""
    fields = [name for name in ("date", "year") if source.text(name)]
    read = {name: source.attempt(name, lambda text: dates.when(in_unicode(text)), dates.When()) for name in fields}
    month = source.attempt("month", lambda text: dates.when_month(in_unicode(text)), dates.When())
    for one in (*read.values(), month):
        source.doubt("published", one.doubts)
    years = list(dict.fromkeys(one.year for one in read.values() if one.year))
    if len(years) > 1:
        source.doubt("published", [f"'date' says {years[0]}, 'year' {years[1]}"])
    if not years and fields:
        shown = tidy(source.text(fields[0]))[:80]
        source.fault(fields[0], f"'{shown}' names no year; expected four digits, 1943 or later")
    if not years and not fields and (arxiv := _arxiv(source)):
        source.doubt("published", ["the entry has no year; this is the one in the arXiv identifier"])
        years = [identifiers.posted_year(arxiv)]
    months = [one.month for one in (*read.values(), month) if one.month]
    return dates.When(years[0] if years else None, months[0] if months else None)


def _container(source: _Source) -> str | None:
    main = source.first(_CONTAINERS)
    names = ("booksubtitle",) if "booktitle" in source.read else ("journalsubtitle",)
    whole = [in_unicode(part) for part in (main, source.first(names) if main else "") if part]
    return ": ".join(whole) or None


def _event(source: _Source) -> str | None:
    return next((name for name in _EVENTS if name in source.entry.fields), None)


def _citation(source: _Source) -> dict[str, str | int]:
    """The entry as a record holds it, without its year and container."""
    kind = _KINDS.get(source.entry.kind, "misc")
    if source.entry.kind not in _KINDS:
        source.doubt("citation", [f"BibTeX calls the entry '{source.entry.kind}', which a record has no type for"])
    volume = source.text("volume")
    pages = re.sub(r"\s*[-–—]+\s*", "-", in_unicode(source.text("pages")))
    number = source.first(("number", "issue"))
    return given(
        {
            "type": kind,
            "volume": "" if arxiv_id(volume) else in_unicode(volume),
            "number": "" if arxiv_within(number) else in_unicode(number),
            "pages": "" if arxiv_within(pages) else pages,
            "publisher": in_unicode(source.first(_PUBLISHERS)),
        }
    )


def _arxiv(source: _Source) -> str | None:
    """The arXiv identifier, by any of the fields that hold it; all of those that hold it count as read."""
    found = _eprint(source)
    stated = {name: value.text for name, value in source.entry.fields.items() if name in (*_WITH_ARXIV, "doi", "pages")}
    alone = [arxiv_id(text) for name, text in stated.items() if name in _ARXIV_ALONE]
    within = [arxiv_within(text) for text in stated.values()]
    found = found or next(filter(None, (*alone, *within)), None)
    source.read |= {name for name, text in stated.items() if found and found in (arxiv_id(text), arxiv_within(text))}
    return found


def _eprint(source: _Source) -> str | None:
    """The identifier in the field for it, unless that is one of another archive."""
    if "eprint" not in source.entry.fields:
        return None
    archive = source.first(("archiveprefix", "eprinttype")).casefold()
    if archive not in {"", "arxiv"}:
        return None
    eprint = source.text("eprint")
    found = arxiv_id(eprint)
    if not found and archive:
        source.doubt("identifiers", [f"the eprint '{tidy(eprint)}' is no arXiv identifier"])
    if not found and not archive:
        source.read.discard("eprint")
    return found


def _doi(source: _Source) -> str | None:
    stated = source.text("doi")
    if found := identifiers.doi(stated):
        return found
    if stated:
        source.doubt("identifiers", [f"'{tidy(stated)}' is no DOI; left out"])
    urls = (identifiers.doi(address) for address in identifiers.addresses(source.text("url")))
    return next(filter(None, urls), None)


def _links(source: _Source) -> tuple[str, ...]:
    """Web addresses other than those that only resolve an identifier."""
    names = [name for name in source.entry.fields if name in _WITH_LINKS or name.startswith("bdsk-url")]
    found = [address for name in names for address in identifiers.addresses(source.text(name))]
    url = tidy(identifiers.without_latex(source.text("url")))
    if url and not identifiers.addresses(url) and not arxiv_id(url) and not identifiers.doi(url):
        source.doubt("links", [f"the url '{url}' is no web address that can be read; left out"])
    return tuple(dict.fromkeys(one for one in found if not identifiers.is_identifier(one)))


def _remark(source: _Source) -> None:
    """Tell what notes say beside addresses and identifiers."""
    for name in _REMARKED:
        said = tidy(identifiers.without_latex(source.text(name)))
        for address in identifiers.addresses(said):
            said = said.replace(address, "")
        if re.search(r"\w", said) and not arxiv_id(said.strip("{} .,")):
            source.doubt("venue", [f"BibTeX's {name}: {said.strip('{} ')[:500]}"])
