"""Pages of the people who entered or checked records."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from prunelit.explorer.addresses import Address, index_of
from prunelit.explorer.listing import list_part, made_of_papers, papers_listed
from prunelit.explorer.page import Page, PageContent
from prunelit.explorer.shared import SiteData
from prunelit.schema.record import Paper

PLACE = 6
TITLE = "Contributors"
NOBODY = "No record names anybody yet. Whoever enters or checks one may be named in its 'contributors'."


def pages(data: SiteData) -> Iterator[Page]:
    """The index of contributors, and a page for each."""
    names = data.addresses.names("person")
    counts = [(name, len(data.papers_by_contributor[name])) for name in names]
    yield Page(index_of("person"), TITLE, partial(_index, counts, data), (counts,), description="Who made the corpus.")
    for name in names:
        papers = data.papers_by_contributor[name]
        yield Page(
            data.addresses.of("person", name) or Address(),
            name,
            partial(_content, papers, data),
            (made_of_papers(papers, data),),
            description=f"Records that {name} entered or checked.",
            kind="contributor",
        )


def _index(counts: list[tuple[str, int]], data: SiteData) -> PageContent:
    rows = (
        {"person": (name, data.addresses.of("person", name) or ""), "records": str(count)} for name, count in counts
    )
    found = list_part("All contributors", rows, "people")
    return PageContent({"parts": [found] if found else [], "lead": "" if counts else NOBODY})


def _content(papers: list[Paper], data: SiteData) -> PageContent:
    found = papers_listed("Records entered or checked", papers, data)
    return PageContent({"parts": [found] if found else []})
