"""The home page."""

from __future__ import annotations

from collections.abc import Iterator

from prunelit.analysis.pages.section import Section
from prunelit.explorer.navigation import HOME_PAGE
from prunelit.explorer.page import Page, PageContent, PagePart
from prunelit.explorer.shared import SiteData

PLACE = 0
TITLE = "The neural-network-pruning literature as data"


def pages(data: SiteData) -> Iterator[Page]:
    """The one page."""
    yield Page(HOME_PAGE, TITLE, lambda: _content(data), (data.names_digest,))


def _content(data: SiteData) -> PageContent:
    return PageContent({"parts": [PagePart(Section("Papers", text=(f"{len(data.dataset.corpus.papers)} papers.",)))]})
