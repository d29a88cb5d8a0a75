"""The home page: search, the main findings, and what is new."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version

from prunelit.analysis.pages.section import Fact
from prunelit.explorer.addresses import FOLDERS, Address, index_of
from prunelit.explorer.card import CARD, card
from prunelit.explorer.downloads import CITE, linked_dataset
from prunelit.explorer.listing import list_part, papers_listed
from prunelit.explorer.navigation import HOME_PAGE
from prunelit.explorer.page import LATE, Page, PageContent, PagePart
from prunelit.explorer.pages.corpus import whole_files
from prunelit.explorer.search import SEARCH_INDEX, SearchEntry, search_entries, search_index
from prunelit.explorer.shared import SiteData, newest_first
from prunelit.explorer.verdicts import conclusions_judged, survey_judged, verdict_counts

PLACE = 0
TITLE = "The neural-network-pruning literature as data"
DESCRIPTION = (
    "What papers on neural-network pruning report, as data: results that can be compared, each of which leads to its "
    "source."
)
NEWEST = 8
_MANY = {"paper": "papers", "method": "methods", "architecture": "networks", "dataset": "datasets"}


def pages(data: SiteData) -> Iterator[Page]:
    """The one page, and the search index beside it."""
    entries = list(search_entries(data))
    made_of = data.record_digests, data.evidence_digests, data.dataset.corpus.corrections, entries
    yield Page(HOME_PAGE, TITLE, partial(_content, entries, data), made_of, "home", DESCRIPTION, turn=LATE)


def _content(entries: list[SearchEntry], data: SiteData) -> PageContent:
    newest = sorted(data.dataset.corpus.papers, key=newest_first)[:NEWEST]
    parts = [*_findings(data), papers_listed("Newest papers", newest, data, "newest"), _corrections(data)]
    counts = [
        Fact(f"{len(data.addresses.names(kind)):,} {_MANY[kind]}", "", index_of(kind))
        for kind in FOLDERS
        if kind in _MANY
    ]
    points = f"{len(data.evidence):,} operating points"
    values = {
        "parts": [one for one in parts if one],
        "counts": counts,
        "points": points,
        "description": DESCRIPTION,
        "citation": CITE.format(version=version("prunelit")),
        "linked_data": linked_dataset(DESCRIPTION, data.base, whole_files()),
    }
    return PageContent(values, {SEARCH_INDEX: search_index(entries), CARD: card(TITLE, points)})


def _findings(data: SiteData) -> Iterator[PagePart]:
    """What papers concluded, and whether the records bear it out: what they do not bear out comes first."""
    survey, others = survey_judged(data.dataset), conclusions_judged(data.dataset)
    told = [
        {"paper": data.of_paper(str(row["paper_id"])), "finding": str(row["claim"]), "verdict": str(row["verdict"])}
        for row in others.to_dict("records")
        if row["verdict"] in ("holds", "does not hold")
    ]
    text = (
        "What papers conclude about pruning, computed anew from the records. Of the numbers in the survey of 2020, "
        f"{verdict_counts(survey)}.",
    )
    if found := list_part("Findings, and whether they hold", told, "findings", text):
        marks = {"verdict": ["good" if one["verdict"] == "holds" else "bad" for one in told]}
        more = (Fact("All claims, with sources and reasons", "", Address("corpus/claims.html")),)
        yield PagePart(found.section, found.name, marks=marks, links=more)


def _corrections(data: SiteData) -> PagePart | None:
    """The latest corrections of published numbers."""
    latest = sorted(data.dataset.corpus.corrections, key=lambda one: str(one.date), reverse=True)[:NEWEST]
    rows = [{"date": str(one.date), "paper": data.of_paper(one.paper), "what was wrong": one.reason} for one in latest]
    found = list_part("Latest corrections", rows, "latest-corrections")
    more = (Fact("All corrections", "", Address("corpus/corrections.html")),)
    return PagePart(found.section, found.name, links=more) if found else None
