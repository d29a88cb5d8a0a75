"""Rules on dates that cannot be.

A paper may compare to a preprint, so the first known date of a compared paper is the earliest of its publication, the
month in its arXiv identifier, and the year of its bibliography entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.problems import Path
from prunelit.schema.record import Paper
from prunelit.schema.walk import curves

PLACE = 10

Month: TypeAlias = tuple[int, int]
"""Year and month."""


def published(paper: Paper) -> Month:
    """When the paper appeared at its venue; January of the year where no month is known."""
    return paper.published.year, paper.published.month or 1


def published_by(paper: Paper) -> Month:
    """The last month in which the paper may have appeared; December of the year where no month is known."""
    return paper.published.year, paper.published.month or 12


def posted(paper: Paper) -> Month | None:
    """The month in the paper's arXiv identifier: 1506.02626 and cs/0603001 hold year and month."""
    arxiv = paper.identifiers.arxiv if paper.identifiers else None
    if not arxiv:
        return None
    year, month = int(arxiv.split("/")[-1][:2]), int(arxiv.split("/")[-1][2:4])
    return (1900 if year > 90 else 2000) + year, month


def first_known(paper: Paper) -> Month:
    """The earliest date at which others could know the paper."""
    cited = (paper.citation.year, 1) if paper.citation else None
    return min(date for date in (published(paper), posted(paper), cited) if date)


def _text(date: Month) -> str:
    return f"{date[0]}-{date[1]:02}"


def _dated(paper: Paper) -> str:
    """The date of the record, without a month that it does not give."""
    return _text(published(paper)) if paper.published.month else str(paper.published.year)


def _reviewed(dataset: Dataset) -> set[str]:
    return {venue.name for venue in dataset.records.venues if venue.peer_reviewed}


@rule(
    "error",
    why="A paper cannot compare to, or take from, work that did not exist.",
    settle="The reference list of the paper, or the right dates of both.",
)
def compares_to_the_future(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper names one whose first known date, preprints included, is later than its own publication."""
    yield from _later(dataset, lambda mine, other: other.first_known > mine)


@rule(
    "note",
    why="The other paper appeared later; only a preprint or a manuscript explains it.",
    settle="The version of the other paper that this one cites.",
)
def compares_to_a_preprint(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper names one that its venue published later, though a preprint was known."""
    yield from _later(dataset, lambda mine, other: other.published > mine >= other.first_known)


class _Known(NamedTuple):
    """When a paper was published, and when others could know it."""

    published: Month
    first_known: Month


@computed_once
def _known(dataset: Dataset) -> dict[str, _Known]:
    own = {paper.id: _Known(published(paper), first_known(paper)) for paper in dataset.records.papers}
    return _known(dataset.beside) | own if dataset.beside else own


def _later(dataset: Dataset, suspicious: Callable[[Month, _Known], bool]) -> Iterator[Suspicion]:
    """Papers that name another which appeared at a suspicious time, given the last month in which they may have."""
    papers, known = evidence.papers_by_id(dataset), _known(dataset)
    for paper in dataset.records.papers:
        mine = published_by(paper)
        for how, path, other in _named(paper):
            if other in known and suspicious(mine, known[other]):
                found = f"{_dated(paper)} {how.replace('_', ' ')} {other}, "
                found += f"published {_dated(papers[other])}, first known {_text(known[other].first_known)}"
                yield Suspicion(paper.id, f"{how}: {other}", found, path, found)


def _named(paper: Paper) -> Iterator[tuple[str, Path, str]]:
    """The papers that a paper compares to, cites, reruns or copies from."""
    for name in ("compares_to", "cites"):
        yield from ((name, (name, index), other) for index, other in enumerate(getattr(paper, name) or ()))
    for index, comparison in enumerate(paper.added_comparisons or ()):
        yield "compares_to", ("added_comparisons", index, "paper"), comparison.paper
    for path, curve in curves(paper):
        if curve.proposed_by:
            yield "proposed_by", (*path, "proposed_by"), curve.proposed_by
        if curve.copied_from:
            yield "copied_from", (*path, "copied_from"), curve.copied_from


@rule(
    "note",
    why="Each knew the other before it was published; at least one of them compares to an early version.",
    settle="The versions that the papers cite.",
)
def papers_compare_to_each_other(dataset: Dataset) -> Iterator[Suspicion]:
    """Two papers compare to each other."""
    places, papers = evidence.places_of_papers(dataset), evidence.papers_by_id(dataset)
    for paper in dataset.records.papers:
        for at, name in enumerate(paper.compares_to or ()):
            other = papers.get(name)
            if other and places[name] < places[paper.id] and paper.id in (other.compares_to or ()):
                path = ("compares_to", at)
                yield Suspicion(paper.id, f"compares_to: {name}", f"{name} compares to {paper.id} too", path)


@rule(
    "warning",
    why="Nobody prunes a network before it is invented.",
    settle="The reference list of the paper, or the year of the architecture.",
    of_record=True,
)
def uses_a_later_architecture(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper prunes an architecture that was published in a later year than the paper."""
    years: dict[str | None, int | None] = {one.name: one.year for one in dataset.records.architectures}
    for row in evidence.audit_rows(dataset):
        year = years.get(row.experiment.architecture)
        if year and year > row.paper.published.year:
            found = f"{row.experiment.architecture} of {year}, in a paper of {row.paper.published.year}"
            yield Suspicion(row.paper.id, f"{row.name}: architecture", found, row.path[:2], found)


@rule(
    "warning",
    why="A conference's papers are written, and mostly posted, before it takes place.",
    settle="The venue's proceedings.",
    of_record=True,
)
def posted_at_publication(dataset: Dataset) -> Iterator[Suspicion]:
    """The arXiv identifier of a peer-reviewed paper is not older than the paper's date."""
    reviewed = _reviewed(dataset)
    for paper in dataset.records.papers:
        date = posted(paper)
        if paper.venue in reviewed and date and date >= published_by(paper):
            found = f"posted {_text(date)}, but dated {_dated(paper)} at {paper.venue}"
            yield Suspicion(paper.id, "published", found, ("published",), found)


@rule(
    "note",
    why="A preprint appears in the month that its arXiv identifier holds; a later month is that of another version.",
    settle="The versions on arXiv.",
    of_record=True,
)
def preprint_dated_otherwise(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper without peer review is dated otherwise than its arXiv identifier."""
    reviewed = _reviewed(dataset)
    for paper in dataset.records.papers:
        date = posted(paper)
        if paper.venue not in reviewed and date and paper.published.month and date != published(paper):
            found = f"posted {_text(date)}, but dated {_text(published(paper))}"
            yield Suspicion(paper.id, f"published: {_text(published(paper))}", found, ("published",), found)


@rule("note", why="The papers of a conference appear together.", settle="The month of the conference.")
def conference_in_several_months(dataset: Dataset) -> Iterator[Suspicion]:
    """Papers of one conference and year are dated to different months (one finding a conference)."""
    months: dict[tuple[str, int], set[int]] = {}
    reviewed = _reviewed(dataset)
    for paper in dataset.records.papers:
        if paper.venue in reviewed and paper.published.month and _is_conference(paper):
            months.setdefault((paper.venue, paper.published.year), set()).add(paper.published.month)
    for (venue, year), found in months.items():
        if len(found) > 1:
            told = f"months {', '.join(map(str, sorted(found)))}"
            yield Suspicion(None, f"{venue} {year}: {told}", told)


def _is_conference(paper: Paper) -> bool:
    """Whether the bibliography entry is that of proceedings, or of a preprint of such a paper."""
    cited = paper.citation
    return cited is not None and (cited.type == "inproceedings" or cited.container == "arXiv")


@rule(
    "warning",
    why="The bibliography entry and the date of the record name different years, and the entry is not a preprint's.",
    settle="The volume of the journal or proceedings.",
    of_record=True,
)
def year_differs_from_citation(dataset: Dataset) -> Iterator[Suspicion]:
    """The year of a published entry, or a year in the name of its proceedings, differs from the year of the record."""
    for paper in dataset.records.papers:
        cited = paper.citation
        if cited and cited.container != "arXiv":
            named = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", cited.container or "")]
            for year in {cited.year, *named} - {paper.published.year}:
                found = f"dated {paper.published.year}, but cited as {year}"
                yield Suspicion(paper.id, "published", found, ("citation", "year"), found)


@rule(
    "warning",
    why="A preprint is cited by the year in which it was posted.",
    settle="The arXiv listing.",
    of_record=True,
)
def year_differs_from_identifier(dataset: Dataset) -> Iterator[Suspicion]:
    """A preprint's entry names another year than its arXiv identifier."""
    for paper in dataset.records.papers:
        date, cited = posted(paper), paper.citation
        if cited and cited.container == "arXiv" and date and date[0] != cited.year:
            found = f"posted {_text(date)}, but cited as {cited.year}"
            yield Suspicion(paper.id, "citation: year", found, ("citation", "year"), found)


@rule("warning", why="A journal's later volumes appear later.", settle="The volumes of the journal.")
def volumes_out_of_order(dataset: Dataset) -> Iterator[Suspicion]:
    """Two entries name the same journal, the later volume in the earlier year."""
    journals: dict[str, list[_Volume]] = {}
    for paper in evidence.all_papers(dataset):
        if (other := _volume(paper)) is None:
            continue
        known = journals.setdefault(other.journal.casefold(), [])
        for one in known if paper.id in dataset.records.by_id else ():
            if (one.number - other.number) * (one.year - other.year) < 0:
                found = f"volume {other.number} in {other.year}, but volume {one.number} in {one.year}"
                yield Suspicion(paper.id, "citation: volume", found, ("citation", "volume"))
        known.append(other)


class _Volume(NamedTuple):
    """A volume of a journal, and its year."""

    journal: str
    number: int
    year: int


def _volume(paper: Paper) -> _Volume | None:
    """The volume that a bibliography entry names, where it is a number."""
    cited = paper.citation
    if cited and cited.container and cited.volume and cited.volume.isdecimal():
        return _Volume(cited.container, int(cited.volume), cited.year)
    return None


@rule(
    "error",
    why="A paper cannot appear long after the newest one of the corpus, which people add to.",
    settle="The venue's proceedings, or the arXiv listing.",
)
def dated_in_the_future(dataset: Dataset) -> Iterator[Suspicion]:
    """A record or its bibliography entry is dated over a year after the newest other paper and correction."""
    # The corpus, not a clock, says what is new, so that an audit of the same bytes says the same next year.
    corrected = [int(one.date[:4]) for one in (dataset.beside or dataset).corpus.corrections]
    newest_first = sorted(evidence.all_papers(dataset), key=lambda one: -one.published.year)
    for paper in dataset.records.papers:
        other = next((one for one in newest_first if one.id != paper.id), paper)
        newest = max(other.published.year, *corrected) if corrected else other.published.year
        for name, date in (("published", paper.published), ("citation", paper.citation)):
            if date and date.year > newest + 1:
                yield Suspicion(paper.id, f"{name}: year", f"{date.year}; the newest other is of {newest}", (name,))
