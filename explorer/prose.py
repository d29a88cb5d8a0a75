"""Prose of the project in Markdown, as HTML in which links lead nowhere but to the web."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from prunelit.explorer.page import is_web_address


def markdown_html(text: str) -> Markup:
    """Markdown as HTML: markup in it is shown as text, and links within the repository become plain text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    for one in tokens:
        _only_web_links(one.children or [])
        if one.type == "table_open":
            one.attrSet("class", "prose")
    return Markup(reader.renderer.render(tokens, reader.options, {}))


def _only_web_links(tokens: list[Token]) -> None:
    """Make every link that does not lead to the web a plain span."""
    span = False
    for one in tokens:
        if one.type == "link_open":
            span = not is_web_address(one.attrGet("href"))
        if one.type in ("link_open", "link_close") and span:
            one.tag, one.attrs = "span", {}
