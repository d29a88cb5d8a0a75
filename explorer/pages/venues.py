"""Pages of venues: the papers that appeared there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from prunelit.analysis.pages.section import Fact, Section
from prunelit.explorer.addresses import Address, index_of
from prunelit.explorer.listing import ListRow, list_part, made_of_papers, number_of, papers_listed
from prunelit.explorer.page import Page, PageContent, PagePart
from prunelit.explorer.shared import SiteData
from prunelit.schema.record import Paper
from prunelit.schema.vocabulary import Venue

PLACE = 5
TITLE = "Venues"


def pages(data: SiteData) -> Iterator[Page]:
    """The index of venues, and a page for each."""
    entries = data.dataset.corpus.venues
    rows = [_row(one, data) for one in entries]
    description = f"{number_of(len(entries), 'venue')} where papers on pruning appeared."
    yield Page(index_of("venue"), TITLE, partial(_index, rows), (rows,), description=description)
    for one in entries:
        papers = data.papers_by_venue.get(one.name, [])
        yield Page(
            data.addresses.of("venue", one.name) or Address(),
            one.full_name or one.name,
            partial(_content, one, papers, data),
            (one, made_of_papers(papers, data)),
            description=f"Papers on neural-network pruning that appeared at {one.full_name or one.name}.",
            kind="venue",
        )


def _row(one: Venue, data: SiteData) -> ListRow:
    return {
        "venue": (one.name, data.addresses.of("venue", one.name) or ""),
        "full name": one.full_name or "",
        "peer-reviewed": "yes" if one.peer_reviewed else "no",
        "papers": str(len(data.papers_by_venue.get(one.name, ())) or ""),
    }


def _index(rows: list[ListRow]) -> PageContent:
    found = list_part("All venues", rows, "venues")
    return PageContent({"parts": [found] if found else [], "lead": f"{number_of(len(rows), 'venue')} by name."})


def _content(one: Venue, papers: list[Paper], data: SiteData) -> PageContent:
    facts = (
        Fact("Name in the corpus", one.name),
        Fact("Also called", ", ".join(one.aliases or ())),
        Fact("Peer-reviewed", "yes" if one.peer_reviewed else "no"),
        Fact("Source", one.source or ""),
    )
    found = papers_listed("Papers", papers, data, without=("venue",))
    short = PagePart(Section("In short", facts=tuple(fact for fact in facts if fact.value)), "short")
    return PageContent({"parts": [short, *([found] if found else [])]})
