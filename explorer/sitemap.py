"""Sitemap: the addresses of all pages, for search engines."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from prunelit.explorer.addresses import Address
from prunelit.explorer.page import Page


def sitemap(pages: Iterable[Page], base: str | None) -> dict[Address, str]:
    """The sitemap, as a file by its address; none where nobody said where the site will be: it must name it in full.

    Args:
        pages: The pages; those that lead to others are left out.
        base: Web address of the site.
    """
    if base is None:
        return {}
    lines = (
        f"<url><loc>{escape(base.rstrip('/'))}/{quote(page.address)}</loc></url>\n"
        for page in pages
        if page.template != "redirect"
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return {Address("sitemap.xml"): f"{head}{''.join(lines)}</urlset>\n"}
