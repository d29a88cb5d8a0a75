"""Bibliography of a paper in CSL-JSON, as Zotero, DataCite and Crossref give it.

The format is that of https://github.com/citation-style-language/schema (csl-data.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from prunelit.cli.entry import dates, identifiers
from prunelit.cli.entry.bibliography import Bibliography, SourceError, as_preprint, given
from prunelit.cli.entry.identifiers import arxiv_within
from prunelit.cli.entry.latex import plain_text
from prunelit.cli.entry.markup import tidy
from prunelit.cli.entry.people import authors_by_parts, authors_in
from prunelit.cli.entry.personal_name import ReadNames
from prunelit.schema.problems import Problem, quoted

Item = Mapping[str, Any]

_TYPES = {
    "article": "misc", "article-journal": "article", "journal-article": "article", "article-magazine": "article",
    "paper-conference": "inproceedings", "proceedings-article": "inproceedings", "thesis": "phdthesis",
    "dissertation": "phdthesis", "report": "techreport", "book": "book", "monograph": "book", "posted-content": "misc",
    "manuscript": "misc", "webpage": "misc", "software": "misc", "dataset": "misc", "document": "misc",
}  # fmt: skip
_READ = {
    "type", "title", "subtitle", "author", "issued", "container-title", "volume", "issue", "page", "publisher", "DOI",
    "URL",
}  # fmt: skip
_WITH_ARXIV = ("URL", "number", "archive_location", "note", "DOI", "container-title", "id", "page", "volume")


def from_csl(text: str, file: str = "CSL-JSON") -> Bibliography:
    """The paper of a text with one item of CSL-JSON, in a list or alone.

    Args:
        text: The text of a JSON file.
        file: What messages call the file.

    Raises:
        SourceError: if there is not exactly one item that can be read, with title, authors and year.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        hint = "; this is BibTeX: use --bibtex FILE" if re.match(r"\s*(?:%.*\s+)*@", text) else ""
        message = f"this is not JSON: {error.msg}{hint}"
        raise SourceError(str(Problem(file, error.lineno, error.colno, "csl", message))) from None
    except RecursionError:
        raise SourceError(f"{file}: this JSON is nested too deeply") from None
    found = found["items"] if isinstance(found, dict) and isinstance(found.get("items"), list) else found
    items = found if isinstance(found, list) else [found]
    if len(items) != 1 or not isinstance(items[0], dict) or not {"title", "type", "author"} & set(items[0]):
        raise SourceError(f"{file}: expected one item of CSL-JSON, found {_described(items)}")
    return csl_bibliography(items[0], "CSL-JSON", file)


def _described(items: list[Any]) -> str:
    if len(items) == 1:
        return "one of something else: it has no title, type and author"
    titles = [quoted(str(item.get("title", "?"))) for item in items[:5] if isinstance(item, dict)]
    return f"{len(items)}: {', '.join(titles)}" if titles else str(len(items))


def csl_bibliography(item: Item, source: str, file: str) -> Bibliography:
    """The paper of an item.

    Args:
        item: The item as JSON gives it; Crossref's lists of titles are taken, too.
        source: Who says it.
        file: What messages call the place that it comes from.

    Raises:
        SourceError: if it has no title, authors or year, or one of them in another form; with every fault.
    """
    title, authors, date, arxiv = plain_text(_title(item)), _authors(item), _date(item), _arxiv(item)
    year = date.year or (identifiers.posted_year(arxiv) if arxiv else None)
    found = {"title": title.text, "author": authors.authors or authors.faults, "year (issued)": year}
    missing = [what for what, one in found.items() if not one]
    faults = [*authors.faults, *([f"the item has no {' and no '.join(missing)}"] if missing else [])]
    if faults:
        raise SourceError("\n".join(f"{file}: {fault}" for fault in faults))
    doi, container = _text(item, "DOI"), plain_text(_text(item, "container-title")).text or None
    remarks = {
        "title": title.doubts,
        "authors": authors.doubts,
        "published": date.doubts,
        "identifiers": (f"'{tidy(doi)}' is no DOI; left out",) if doi and not identifiers.doi(doi) else (),
        "citation": _unknown_type(item, source),
    }
    return as_preprint(
        Bibliography(
            source=source,
            title=title.text,
            authors=authors.authors,
            year=year or 0,
            month=date.month,
            container=container,
            event=plain_text(_text(item, "event-title") or _text(item, "event")).text or None,
            arxiv=arxiv,
            doi=identifiers.doi(doi) or identifiers.doi(_text(item, "URL")),
            links=tuple(one for one in identifiers.addresses(_text(item, "URL")) if not identifiers.is_identifier(one)),
            citation=_citation(item, year or 0, container),
            remarks=tuple((key, one) for key, told in remarks.items() for one in told),
            unread=tuple(key for key, one in item.items() if one and key not in _READ | {"id"}),
        )
    )


def _text(item: Item, key: str) -> str:
    """A value as text; the first of a list that says anything."""
    value = item.get(key)
    values = value if isinstance(value, list) else [value]
    texts = [str(one) for one in values if isinstance(one, str | int | float) and not isinstance(one, bool)]
    return next((text for text in texts if text.strip()), "")


def _title(item: Item) -> str:
    title, subtitle = tidy(_text(item, "title")), tidy(_text(item, "subtitle"))
    return f"{title}: {subtitle}" if title and subtitle and subtitle.casefold() not in title.casefold() else title


def _authors(item: Item) -> ReadNames:
    people = item.get("author")
    if not isinstance(people, list) or not all(isinstance(one, dict) for one in people):
        return ReadNames(faults=("'author' is no list of names",) if people else ())
    read = [_author(one) for one in people]
    return ReadNames(
        tuple(name for one in read for name in one.authors),
        tuple(dict.fromkeys(doubt for one in read for doubt in one.doubts)),
        tuple(fault for one in read for fault in one.faults),
    )


def _author(person: Item) -> ReadNames:
    """An author of CSL, with particles and suffix at the family name; a group by its literal name."""
    parts = ("dropping-particle", "non-dropping-particle", "family", "suffix")
    family = tidy(" ".join(_text(person, part) for part in parts))
    own = tidy(_text(person, "given"))
    literal = _text(person, "literal") or _text(person, "name")
    if family or own:
        return authors_by_parts([(family, own)])
    read = authors_in([f"{{{literal}}}"]) if literal else ReadNames(faults=("an author has no name",))
    return ReadNames(read.authors, (), read.faults)


def _date(item: Item) -> dates.When:
    """The date of issue, in parts or as text."""
    issued = item.get("issued")
    if not isinstance(issued, dict):
        return dates.when(str(issued)) if isinstance(issued, str | int) else dates.When()
    parts = issued.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [int(one) for one in first if str(one).isdecimal()]
    if not numbers:
        return dates.when(" ".join(_text(issued, key) for key in ("raw", "literal", "season")))
    if not 1943 <= numbers[0] <= 2100:  # the years of a record
        return dates.When()
    month = numbers[1] if len(numbers) > 1 and 1 <= numbers[1] <= 12 else None
    doubts = () if month or len(numbers) < 2 else (f"the month {numbers[1]} is none; left out",)
    return dates.When(numbers[0], month, doubts)


def _arxiv(item: Item) -> str | None:
    found = (arxiv_within(_text(item, key)) for key in _WITH_ARXIV)
    return next(filter(None, found), None)


def _unknown_type(item: Item, source: str) -> tuple[str, ...]:
    kind = _text(item, "type")
    return () if kind in _TYPES else (f"{source} calls the item {quoted(kind)}, which a record has no type for",)


def _citation(item: Item, year: int, container: str | None) -> dict[str, str | int]:
    values: dict[str, str | int | None] = {
        "type": _TYPES.get(_text(item, "type"), "misc"),
        "year": year,
        "container": container,
        "volume": tidy(_text(item, "volume")),
        "number": tidy(_text(item, "issue")),
        "pages": tidy(re.sub(r"\s*[-–—]+\s*", "-", _text(item, "page"))),
        "publisher": plain_text(_text(item, "publisher")).text,
    }
    return given(values)
