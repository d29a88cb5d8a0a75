"""Do the dates fit together?

A paper may compare to a preprint, so the first known date of a compared paper is the earliest of its publication, the
month in its arXiv identifier, and the year of its bibliography entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from prunelit.analysis.audit.evidence import Evidence
from prunelit.analysis.audit.findings import Rule, Suspicion, rule
from prunelit.schema.record import Paper

Month: TypeAlias = tuple[int, int]
"""Year and month; an unknown month is 1."""


def published(paper: Paper) -> Month:
    """When the paper appeared at its venue."""
    return paper.published.year, paper.published.month or 1


def posted(paper: Paper) -> Month | None:
    """The month in the paper's arXiv identifier, for identifiers that hold one."""
    arxiv = paper.identifiers.arxiv if paper.identifiers else None
    return (2000 + int(arxiv[:2]), int(arxiv[2:4])) if arxiv and arxiv[:4].isdigit() else None


def first_known(paper: Paper) -> Month:
    """The earliest date at which others could know the paper."""
    cited = (paper.citation.year, 1) if paper.citation else None
    return min(date for date in (published(paper), posted(paper), cited) if date)


def _text(date: Month) -> str:
    return f"{date[0]}-{date[1]:02}"


@rule(
    "error",
    why="A paper cannot compare to work that did not exist.",
    settle="The reference list of the comparing paper, or the right dates of both.",
)
def compares_to_the_future(evidence: Evidence) -> Iterator[Suspicion]:
    """A paper compares to one whose first known date, preprints included, is later than its own publication."""
    yield from _later(evidence, lambda mine, other: first_known(other) > published(mine))


@rule(
    "note",
    why="The compared paper appeared later; only a preprint or a manuscript explains the comparison.",
    settle="The version of the compared paper that the comparing paper cites.",
)
def compares_to_a_preprint(evidence: Evidence) -> Iterator[Suspicion]:
    """A paper compares to one that its venue published later, though a preprint was known."""
    yield from _later(evidence, lambda mine, other: published(other) > published(mine) >= first_known(other))


def _later(evidence: Evidence, suspicious) -> Iterator[Suspicion]:  # type: ignore[no-untyped-def]
    for paper in evidence.corpus.papers:
        for name in ("compares_to", "cites"):
            for index, other_id in enumerate(getattr(paper, name) or ()):
                other = evidence.corpus.by_id.get(other_id)
                if other and suspicious(paper, other):
                    found = f"{_text(published(paper))} {name.replace('_', ' ')} {other.id}, published {_text(published(other))}"
                    found += f", first known {_text(first_known(other))}"
                    yield Suspicion(paper.id, f"{name}: {other.id}", found, (name, index))


@rule(
    "warning",
    why="A conference's papers are written, and mostly posted, before it takes place.",
    settle="The venue's proceedings.",
)
def posted_at_publication(evidence: Evidence) -> Iterator[Suspicion]:
    """The arXiv identifier of a peer-reviewed paper is not older than the paper's date."""
    reviewed = {venue.name for venue in evidence.corpus.venues if venue.peer_reviewed}
    for paper in evidence.corpus.papers:
        date = posted(paper)
        if paper.venue in reviewed and date and date >= published(paper):
            found = f"posted {_text(date)}, but dated {_text(published(paper))} at {paper.venue}"
            yield Suspicion(paper.id, "published", found, ("published",))


@rule(
    "warning",
    why="The bibliography entry and the date of the record name different years, and the entry is not a preprint's.",
    settle="The volume of the journal or proceedings.",
)
def year_differs_from_citation(evidence: Evidence) -> Iterator[Suspicion]:
    """The year of a published entry differs from the year of the record."""
    for paper in evidence.corpus.papers:
        cited = paper.citation
        if cited and cited.container != "arXiv" and cited.year != paper.published.year:
            found = f"dated {paper.published.year}, but cited as {cited.year}"
            yield Suspicion(paper.id, "published", found, ("citation", "year"))


@rule(
    "warning",
    why="A preprint is cited by the year in which it was posted.",
    settle="The arXiv listing.",
)
def year_differs_from_identifier(evidence: Evidence) -> Iterator[Suspicion]:
    """A preprint's entry names another year than its arXiv identifier."""
    for paper in evidence.corpus.papers:
        date, cited = posted(paper), paper.citation
        if cited and cited.container == "arXiv" and date and date[0] != cited.year:
            yield Suspicion(paper.id, "citation: year", f"posted {_text(date)}, but cited as {cited.year}", ("citation", "year"))


@rule("error", why="arXiv numbers months from 01 to 12.", settle="The arXiv listing.")
def impossible_arxiv_month(evidence: Evidence) -> Iterator[Suspicion]:
    """An arXiv identifier with a month that does not exist."""
    for paper in evidence.corpus.papers:
        date = posted(paper)
        if date and not 1 <= date[1] <= 12:
            yield Suspicion(paper.id, "identifiers: arxiv", f"month {date[1]}", ("identifiers", "arxiv"))


RULES: tuple[Rule, ...] = (
    compares_to_the_future,
    compares_to_a_preprint,
    posted_at_publication,
    year_differs_from_citation,
    year_differs_from_identifier,
    impossible_arxiv_month,
)
