"""Pages that lead from former addresses to those of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from prunelit.explorer.addresses import Address
from prunelit.explorer.page import Page, PageContent


def redirect_pages(redirects: Mapping[Address, tuple[Address, ...]]) -> Iterator[Page]:
    """A page for each former address: it leads on by itself where there is one page that it can mean."""
    for address, targets in redirects.items():
        yield Page(
            address, "This page has another address", partial(_content, targets), ("redirect", targets), "redirect"
        )


def _content(targets: tuple[Address, ...]) -> PageContent:
    return PageContent({"targets": targets})
