"""Rules on the identity of papers: dates, identifiers, comparisons, doublets."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from string import ascii_lowercase, digits

import numpy as np
from numpy.typing import NDArray

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.audit.rules.dates import posted
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.record import Paper

PLACE = 20

MOST_PAGES = 300
"""Pages that an article may span."""
INITIALS = 3
"""Capitals that may be the initials of one person; more are a name in capitals."""
SIMILAR = 0.9
"""Titles count as similar from this ratio of matching characters on."""


@lru_cache(maxsize=8192)
def letters(text: str) -> str:
    """The letters and digits of a text, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


@rule(
    "error",
    why="The bibliography entry names another venue than the record.",
    settle="The proceedings.",
    of_record=True,
)
def venue_contradicts_citation(dataset: Dataset) -> Iterator[Suspicion]:
    """The container of the citation is the full name of another venue of the vocabulary."""
    names = {venue.full_name.casefold(): venue.name for venue in dataset.records.venues if venue.full_name}
    for paper in dataset.records.papers:
        if paper.venue and paper.citation and paper.citation.container:
            container = paper.citation.container.casefold()
            cited = max((name for name in names if name in container), key=len, default=None)
            if cited and names[cited] != paper.venue:
                found = f"venue {paper.venue}, but cited from {names[cited]}"
                yield Suspicion(paper.id, "venue", found, ("venue",), found)


@rule(
    "note",
    why="The entry is that of the preprint, so that the published title, authors or year may differ.",
    settle="The entry of the published version.",
    of_record=True,
)
def preprint_cited_for_published(dataset: Dataset) -> Iterator[Suspicion]:
    """A peer-reviewed paper is cited by its preprint."""
    reviewed = {venue.name for venue in dataset.records.venues if venue.peer_reviewed}
    for paper in dataset.records.papers:
        if paper.venue in reviewed and paper.citation and paper.citation.container == "arXiv":
            found = f"at {paper.venue}, cited from arXiv"
            yield Suspicion(paper.id, "citation", found, ("citation",), found)


@rule("error", why="One paper must not count as two.", settle="The papers themselves.")
def same_identity(dataset: Dataset) -> Iterator[Suspicion]:
    """Two records share a title, an arXiv identifier or a DOI."""
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for paper in evidence.all_papers(dataset):
        users["title", letters(paper.title)].append(paper.id)
        for kind in ("arxiv", "doi"):
            if value := getattr(paper.identifiers, kind, None):
                users[kind, value.casefold()].append(paper.id)
    for (kind, value), (first, *others) in users.items():
        for other in (one for one in others if one in dataset.records.by_id):
            path = (kind,) if kind == "title" else ("identifiers", kind)
            yield Suspicion(other, kind, f"the same {kind} as {first}: {value}", path)


@rule("warning", why="Nearly equal titles are often two versions of one paper.", settle="The papers themselves.")
def similar_title(dataset: Dataset) -> Iterator[Suspicion]:
    """Two titles differ in a few characters only."""
    papers = evidence.all_papers(dataset)
    titles, asked = (letters(one.title) for one in papers), (one.id in dataset.records.by_id for one in papers)
    for at, other in _nearly_equal(tuple(titles), tuple(asked)):
        yield Suspicion(papers[at].id, "title", f"nearly the title of {papers[other].id}", ("title",))


@lru_cache(maxsize=1)  # corrections seldom change a title
def _nearly_equal(titles: tuple[str, ...], asked: tuple[bool, ...]) -> list[tuple[int, int]]:
    """The places of titles that are asked about, each with that of an earlier one that differs in a few characters."""
    return [
        (at, other)
        for at, others in _of_like_letters(titles, asked)
        for other in others
        if titles[at] != titles[other] and _likeness(titles[other], titles[at]) > SIMILAR
    ]


def _of_like_letters(titles: Sequence[str], asked: Sequence[bool]) -> Iterator[tuple[int, list[int]]]:
    """The places of titles that are asked about, each with those of the earlier ones that share nearly all letters.

    Titles that differ much in length share too few, so that each is held against those of about its length alone.
    """
    counts = np.array([letter_counts(title) for title in titles], dtype=np.int32).reshape(len(titles), _COUNTS)
    lengths = counts.sum(axis=1)
    by_length = np.argsort(lengths)
    ordered, fine = (
        lengths[by_length],
        np.ascontiguousarray(counts[by_length].T),
    )  # letter by letter, which adds up fast
    rough = np.add.reduceat(fine, _ROUGHLY, axis=0)
    for at in (at for at, wanted in enumerate(asked) if wanted):
        first, end = np.searchsorted(ordered, lengths[at] * _SHORTER), np.searchsorted(ordered, lengths[at] / _SHORTER)
        about, own = rough[:, first:end], np.add.reduceat(counts[at], _ROUGHLY)
        near = first + np.flatnonzero((by_length[first:end] < at) & (letters_shared(about, own) > SIMILAR))
        near = near[letters_shared(fine[:, near], counts[at]) > SIMILAR]
        yield at, np.sort(by_length[near]).tolist()


_SHORTER = SIMILAR / (2 - SIMILAR)
"""Share of the length of a title that a similar one has at least; a shorter one lacks too many of its letters."""
_COUNTS = len(ascii_lowercase + digits) + 1
"""How many letters are counted apart."""
_ROUGHLY = range(0, _COUNTS, 6)
"""Where sets of letters begin by which most titles are told apart before all letters are compared."""


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@lru_cache(maxsize=4096)
def letter_counts(title: str) -> tuple[int, ...]:
    """How often a title has each letter and digit, and, as one, all that are not of the Latin alphabet."""
    found = [title.count(sign) for sign in ascii_lowercase + digits]
    return (*found, len(title) - sum(found))


def letters_shared(others: NDArray[np.integer], own: NDArray[np.integer]) -> NDArray[np.float64]:
    """Twice the letters that two titles have in common, in any order, over all their letters: a bound of the ratio.

    Args:
        others: How often each title, which is a column, has each letter, which is a row.
        own: How often one title has each letter.
    """
    shared = np.minimum(others, own[:, np.newaxis]).sum(axis=0, dtype=others.dtype)
    return np.asarray(2 * shared / np.maximum(others.sum(axis=0, dtype=others.dtype) + own.sum(), 1))


@rule("note", why="Bibliographies print titles in mixed case.", settle="The paper's first page.", of_record=True)
def title_in_capitals(dataset: Dataset) -> Iterator[Suspicion]:
    """A title is all in capitals."""
    for paper in dataset.records.papers:
        if paper.title.isupper():
            yield Suspicion(paper.id, "title", paper.title, ("title",))


@rule(
    "error",
    why="arXiv numbers papers by year, month from 01 to 12, and four digits until 2014, five since.",
    settle="The arXiv listing.",
    of_record=True,
)
def malformed_arxiv_identifier(dataset: Dataset) -> Iterator[Suspicion]:
    """An arXiv identifier names a month that does not exist, or has the wrong number of digits for its year."""
    for paper in dataset.records.papers:
        date, arxiv = posted(paper), paper.identifiers.arxiv if paper.identifiers else None
        if date and arxiv:
            digits = len(arxiv.partition(".")[2])
            if not 1 <= date[1] <= 12 or (digits and digits != (4 if date[0] < 2015 else 5)):
                yield Suspicion(paper.id, "identifiers: arxiv", arxiv, ("identifiers", "arxiv"))


@rule("error", why="arXiv's DOIs repeat the identifier.", settle="The arXiv listing.", of_record=True)
def doi_contradicts_arxiv(dataset: Dataset) -> Iterator[Suspicion]:
    """A DOI issued by arXiv, or a link to arXiv, names another paper than the arXiv identifier."""
    for paper in dataset.records.papers:
        names = paper.identifiers
        mine = names.arxiv if names else None
        doi = re.fullmatch(r"10\.48550/arxiv\.(.+)", names.doi.casefold()) if names and names.doi else None
        if mine and doi and doi[1] != mine:
            yield Suspicion(paper.id, "identifiers: doi", f"{doi[0]}, but arXiv {mine}", ("identifiers", "doi"))
        for index, link in enumerate(paper.links or ()):
            linked = re.search(r"arxiv\.org/(?:abs|pdf)/((?:[a-z-]+/)?[\d.]*\d)", link)
            if mine and linked and linked[1] != mine:
                yield Suspicion(paper.id, "links", f"{link}, but arXiv {mine}", ("links", index))


@rule(
    "warning",
    why="Ids are the first author's family name, the year and a word of the title.",
    settle="The paper's first page.",
    of_record=True,
)
def id_contradicts_record(dataset: Dataset) -> Iterator[Suspicion]:
    """The id names another author, another year or another word than author, dates and title of the record."""
    for paper in dataset.records.papers:
        parts = re.fullmatch(r"([a-z-]+?)-?(\d{4})(.*)", paper.id)
        if parts and not (_is_author(parts[1], paper) and _is_year(int(parts[2]), paper) and _is_word(parts[3], paper)):
            told = f"{paper.authors[0] if paper.authors else '?'}, {paper.published.year}: {paper.title}"
            yield Suspicion(paper.id, "id", told, ("id",), told)


def _is_author(part: str, paper: Paper) -> bool:
    return not paper.authors or letters(paper.authors[0].partition(",")[0]).startswith(letters(part))


def _is_year(year: int, paper: Paper) -> bool:
    date, cited = posted(paper), paper.citation
    return year in {paper.published.year, date[0] if date else None, cited.year if cited else None}


def _is_word(part: str, paper: Paper) -> bool:
    return letters(part) in letters(paper.title)


@rule("note", why="One author under two names counts as two.", settle="The paper's first page.")
def author_abbreviated(dataset: Dataset) -> Iterator[Suspicion]:
    """An author has initials where another record spells the given name out."""
    full = _spelt_out(dataset)
    for paper in dataset.records.papers:
        for index, name in enumerate(paper.authors or ()):
            family, _, given = name.partition(", ")
            other = full.get((letters(family), letters(given)[:1]))
            if other and _is_initials(given.split(" ")[0]):
                yield Suspicion(paper.id, f"authors: {name}", f"{other} elsewhere", ("authors", index))


@computed_once
def _spelt_out(dataset: Dataset) -> dict[tuple[str, str], str]:
    """The authors whose given names some record spells out, by family name and initial."""
    full = dict(_spelt_out(dataset.beside)) if dataset.beside else {}
    for name in (name for paper in dataset.records.papers for name in paper.authors or ()):
        family, _, given = name.partition(", ")
        if letters(given) and not _is_initials(given.split(" ")[0]):
            full.setdefault((letters(family), letters(given)[0]), name)
    return full


def _is_initials(given: str) -> bool:
    """Whether a given name is initials, glued or not: ``S``, ``SH``, ``S.-H.``."""
    plain = "".join(sign for sign in given if sign.isalnum())
    return len(plain) == 1 or (len(plain) <= INITIALS and plain.isupper())


@rule("error", why="Pages count upwards.", settle="The proceedings.", of_record=True)
def pages_run_backwards(dataset: Dataset) -> Iterator[Suspicion]:
    """The last page of the bibliography entry lies before the first."""
    for paper in dataset.records.papers:
        pages = _pages(r"(\d+)-(\d+)", paper)
        if pages and int(pages[1]) > int(pages[2]):
            yield Suspicion(paper.id, "citation: pages", pages[0], ("citation", "pages"))


@rule(
    "warning",
    why="An article has some dozens of pages.",
    settle="The proceedings.",
    of_record=True,
)
def too_many_pages(dataset: Dataset) -> Iterator[Suspicion]:
    """A bibliography entry spans over 300 pages."""
    for paper in dataset.records.papers:
        kind, pages = paper.citation.type if paper.citation else None, _pages(r"\D*(\d+)\D+(\d+)\D*", paper)
        if pages and kind not in ("book", "phdthesis") and int(pages[2]) - int(pages[1]) > MOST_PAGES:
            yield Suspicion(paper.id, "citation: pages", pages[0], ("citation", "pages"))


def _pages(form: str, paper: Paper) -> re.Match[str] | None:
    """The pages of the bibliography entry, if they are of that form."""
    pages = paper.citation.pages if paper.citation else None
    return re.fullmatch(form, pages) if pages else None
