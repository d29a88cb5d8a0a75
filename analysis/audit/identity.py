"""Is each paper who it says it is, and is it there once?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from prunelit.analysis.audit.evidence import Evidence
from prunelit.analysis.audit.findings import Rule, Suspicion, rule

SIMILAR = 0.9
"""Titles count as similar from this ratio of matching characters on."""


@rule(
    "error",
    why="The bibliography entry names another venue than the record.",
    settle="The proceedings.",
)
def venue_contradicts_citation(evidence: Evidence) -> Iterator[Suspicion]:
    """The container of the citation is the full name of another venue of the vocabulary."""
    names = {venue.full_name.casefold(): venue.name for venue in evidence.corpus.venues if venue.full_name}
    for paper in evidence.corpus.papers:
        container = (paper.citation.container or "").casefold() if paper.citation else ""
        matches = [name for name in names if name in container]
        cited = names[max(matches, key=len)] if matches else None
        if cited and paper.venue and cited != paper.venue:
            found = f"venue {paper.venue}, but cited from {cited}"
            yield Suspicion(paper.id, "venue", found, ("venue",))


@rule(
    "note",
    why="The entry is that of the preprint, so that the published title, authors or year may differ.",
    settle="The entry of the published version.",
)
def preprint_cited_for_published(evidence: Evidence) -> Iterator[Suspicion]:
    """A peer-reviewed paper is cited by its preprint."""
    reviewed = {venue.name for venue in evidence.corpus.venues if venue.peer_reviewed}
    for paper in evidence.corpus.papers:
        if paper.venue in reviewed and paper.citation and paper.citation.container == "arXiv":
            yield Suspicion(paper.id, "citation", f"at {paper.venue}, cited from arXiv", ("citation",))


@rule("error", why="One paper must not count as two.", settle="The papers themselves.")
def same_identity(evidence: Evidence) -> Iterator[Suspicion]:
    """Two records share a title, an arXiv identifier or a DOI."""
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for paper in evidence.corpus.papers:
        users["title", "".join(filter(str.isalnum, paper.title.casefold()))].append(paper.id)
        for kind in ("arxiv", "doi"):
            if value := getattr(paper.identifiers, kind, None):
                users[kind, value.casefold()].append(paper.id)
    for (kind, value), papers in users.items():
        for other in papers[1:]:
            yield Suspicion(other, kind, f"the same {kind} as {papers[0]}: {value}", (kind,) if kind == "title" else ("identifiers", kind))


@rule("warning", why="Nearly equal titles are often two versions of one paper.", settle="The papers themselves.")
def similar_title(evidence: Evidence) -> Iterator[Suspicion]:
    """Two titles differ in a few characters only."""
    for one, other in combinations(evidence.corpus.papers, 2):
        a, b = one.title.casefold(), other.title.casefold()
        matcher = SequenceMatcher(None, a, b)
        if a != b and matcher.real_quick_ratio() > SIMILAR and matcher.quick_ratio() > SIMILAR and matcher.ratio() > SIMILAR:
            yield Suspicion(other.id, "title", f"nearly the title of {one.id}", ("title",))


@rule("note", why="Bibliographies print titles in mixed case.", settle="The paper's first page.")
def title_in_capitals(evidence: Evidence) -> Iterator[Suspicion]:
    """A title is all in capitals."""
    for paper in evidence.corpus.papers:
        if paper.title.isupper():
            yield Suspicion(paper.id, "title", paper.title, ("title",))


RULES: tuple[Rule, ...] = (
    venue_contradicts_citation,
    preprint_cited_for_published,
    same_identity,
    similar_title,
    title_in_capitals,
)
