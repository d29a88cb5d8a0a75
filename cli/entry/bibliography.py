"""Bibliography of a paper in the words of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from prunelit.cli.entry.identifiers import posted_year
from prunelit.schema.problems import PrunelitError

ARXIV = "arXiv"
"""The venue of a preprint, as the vocabulary calls it."""


class SourceError(PrunelitError):
    """Raised when a source does not give what was asked of it; the message is for people."""


@dataclass(frozen=True)
class Bibliography:
    """What a source says about a paper.

    ``container`` is the journal, proceedings or archive that it names, ``event`` a second name of it; ``citation`` the
    entry itself, as a record holds it; ``later`` is where it says that a preprint appeared.  ``remarks`` are pairs of a
    key of the record and what a person must look at there, ``unread`` the names of fields that no record has a place
    for.
    """

    source: str
    title: str
    authors: tuple[str, ...]
    year: int
    month: int | None = None
    container: str | None = None
    event: str | None = None
    arxiv: str | None = None
    doi: str | None = None
    links: tuple[str, ...] = ()
    citation: Mapping[str, str | int] = field(default_factory=dict)
    later: str | None = None
    remarks: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what, given in (("title", self.title), ("authors", self.authors)):
            if not given:
                raise SourceError(f"{self.source} gives no {what} that can be read; write a BibTeX entry with them")


def given(values: Mapping[str, str | int | None]) -> dict[str, str | int]:
    """The values that say anything."""
    return {key: value for key, value in values.items() if value}


def as_preprint(paper: Bibliography) -> Bibliography:
    """The bibliography of a preprint with arXiv as its venue and the year in which it was posted; others as they are.

    arXiv's own export gives the year of the latest version, its identifier that of the first.
    """
    if not _is_preprint(paper):
        return paper
    posted, citation = posted_year(paper.arxiv or ""), dict(paper.citation)
    if citation:
        citation = {key: one for key, one in citation.items() if key != "container"} | {"container": ARXIV}
    if posted == paper.year:
        return replace(paper, container=ARXIV, citation=citation)
    said = f"{paper.year}-{paper.month:02}" if paper.month else str(paper.year)
    told = f"{paper.source} says {said}; the identifier says that the first version was posted in {posted}"
    remarks = (*paper.remarks, ("published", told))
    return replace(paper, container=ARXIV, year=posted, month=None, citation=citation, remarks=remarks)


def _is_preprint(paper: Bibliography) -> bool:
    container = (paper.container or "").casefold()
    other_doi = paper.doi and not paper.doi.casefold().startswith("10.48550/")
    named = container.startswith(("arxiv", "corr", "computing research repository"))
    return bool(paper.arxiv and (named or (not container and not other_doi)))
