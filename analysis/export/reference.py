"""Reference to a paper: what a bibliography says of it, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prunelit.analysis.frames.source_urls import paper_url
from prunelit.schema.record import Paper
from prunelit.schema.vocabulary import Venue


@dataclass(frozen=True, slots=True)
class PaperReference:
    """A paper as a bibliography lists it.

    ``authors`` are pairs of family and given name; a group has no given name.  ``kind`` is that of its BibTeX entry.
    ``month`` is given where it belongs to ``year``.
    """

    key: str
    kind: str
    title: str
    authors: tuple[tuple[str, str], ...]
    year: int
    month: int | None
    container: str | None
    volume: str | None
    number: str | None
    pages: tuple[str, str] | None
    publisher: str | None
    arxiv: str | None
    doi: str | None
    url: str | None
    note: str | None


def reference(paper: Paper, venues: Mapping[str, Venue]) -> PaperReference:
    """What a bibliography says of a paper: its entry where the record has one, else its venue and date.

    Args:
        paper: The record.
        venues: The vocabulary, by name.
    """
    cited, identifiers = paper.citation, paper.identifiers
    year = cited.year if cited else paper.published.year
    first, _, last = (cited.pages if cited and cited.pages else "").partition("-")
    return PaperReference(
        key=paper.id,
        kind=cited.type if cited else "misc",
        title=paper.title,
        authors=tuple(map(_name, paper.authors or ())),
        year=year,
        month=paper.published.month if year == paper.published.year else None,
        container=(cited.container if cited else None) or _venue(paper.venue, venues),
        volume=cited.volume if cited else None,
        number=cited.number if cited else None,
        pages=(first, last) if first else None,
        publisher=cited.publisher if cited else None,
        arxiv=identifiers.arxiv if identifiers else None,
        doi=identifiers.doi if identifiers else None,
        url=paper_url(paper),
        note=_status(paper),
    )


def _name(author: str) -> tuple[str, str]:
    family, _, own = author.partition(",")
    return family.strip(), own.strip()


def _venue(name: str | None, venues: Mapping[str, Venue]) -> str | None:
    found = venues.get(name or "")
    return (found.full_name if found else None) or name


def _status(paper: Paper) -> str | None:
    """What a reader of the bibliography must know: that the paper was retracted or superseded, and who says so."""
    if paper.status is None:
        return None
    by = f" by {paper.superseded_by}" if paper.superseded_by else ""
    return f"{paper.status.capitalize()}{by} ({paper.status_source})"
