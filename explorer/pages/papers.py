"""Pages of papers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from prunelit.analysis.pages.profile import profile
from prunelit.explorer.page import Page, PageContent, PagePart
from prunelit.explorer.shared import SiteData
from prunelit.schema.record import Paper


def pages(data: SiteData) -> Iterator[Page]:
    """A page for each paper."""
    for paper in data.dataset.corpus.papers:
        address = data.addresses.of("paper", paper.id)
        assert address is not None
        made_of = (data.record_digests[paper.id], data.names_digest)
        yield Page(address, paper.title, partial(_content, paper, data), made_of, kind="paper")


def _content(paper: Paper, data: SiteData) -> PageContent:
    return PageContent({"parts": [PagePart(one) for one in profile(paper, data.dataset)]})
