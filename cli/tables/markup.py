"""Tables of HTML and of Markdown, as pages and READMEs have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from prunelit.cli.tables.grid import MAX_CELLS, Grid, GridRow, even
from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError

if TYPE_CHECKING:
    from markdown_it.token import Token

_PIPE = re.compile(r"(?<!\\)\|")
_MAX_TABLES = 1000
_LIFTED = {"sup": "^", "sub": "_"}
_APART = ("br", "p", "div", "li")
_SKIPPED = ("script", "style", "template", "annotation", "annotation-xml")


def html_tables(text: str, file: str) -> list[Grid]:
    """The tables of a page, merged cells spread over the places that they cover.

    Raises:
        UnreadableError: if it is very large.
    """
    from lxml import etree, html

    try:
        page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except etree.LxmlError:
        return []  # nothing but comments and white space
    etree.strip_elements(page, *_SKIPPED, with_tail=False)
    tables = [one for one in page.iter("table") if one.find(".//table") is None]
    if len(tables) > _MAX_TABLES:
        raise UnreadableError(Problem(file, 1, 1, "too-large", f"more than {_MAX_TABLES:,} tables"))
    grids = [_grid(str(at), one, file) for at, one in enumerate(tables, 1)]
    return [grid for grid in grids if grid.rows]


def markdown_tables(text: str, file: str) -> list[Grid]:
    """The tables of a Markdown text, those in HTML included.

    Raises:
        UnreadableError: if a row has more cells than its heading, which no reader of Markdown would show.
    """
    from markdown_it import MarkdownIt

    text = dedent(text)
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = markdown.parse(text)
    _require_shown(text, tokens, file)
    for token in tokens:
        if token.type == "tr_open" and token.map:
            token.attrSet("data-line", str(token.map[0] + 1))
    return html_tables(markdown.renderer.render(tokens, markdown.options, {}), file)


def _require_shown(text: str, tokens: Sequence[Token], file: str) -> None:
    lines, width = text.split("\n"), 0
    for token in tokens:
        if token.map and token.type == "table_open":
            width = len(_cells(lines[token.map[0]]))
        if token.map and token.type == "tr_open" and len(found := _cells(lines[token.map[0]])) > width:
            message = f"found {len(found)} cells; the heading has {width}: write '\\|' for a line within a cell"
            raise UnreadableError(Problem(file, token.map[0] + 1, 1, "columns", message))


def _cells(line: str) -> list[str]:
    return _PIPE.split(line.strip().removeprefix("|").removesuffix("|"))


def _grid(name: str, table: Any, file: str) -> Grid:
    rows, remarks = [], []
    taken: dict[tuple[int, int], tuple[str, int]] = {}
    numbers = count()
    headings = 0
    lines = list(table.iter("tr"))
    for at, line in enumerate(lines):
        cells = list(line.iterchildren("td", "th"))
        own = int(line.get("data-line") or line.sourceline or 1)
        column = 0
        for cell in cells:
            while (at, column) in taken:
                column += 1
            high, wide = _span(cell, "rowspan", len(lines) - at), _span(cell, "colspan", 1000)
            part, text = next(numbers), _text(cell)
            taken |= {(at + down, column + right): (text, part) for down in range(high) for right in range(wide)}
            if len(taken) > MAX_CELLS:
                raise UnreadableError(Problem(file, own, 1, "too-large", f"a table of more than {MAX_CELLS:,} cells"))
            column += wide
        width = max((right + 1 for down, right in taken if down == at), default=0) if cells else 0
        found = [taken.get((at, right), ("", -1 - right)) for right in range(width)]
        rows.append(GridRow(own, tuple(text for text, _ in found), tuple(part for _, part in found)))
        remarks += [(own, said) for said in _remarks(line)]
        if at == headings and cells and (line.getparent().tag == "thead" or _only_headings(cells)):
            headings += 1
    return Grid(name, even(rows), headings or None, tuple(remarks))


def _only_headings(cells: list[Any]) -> bool:
    return all(cell.tag == "th" for cell in cells)


def _span(cell: Any, name: str, most: int) -> int:
    text = cell.get(name) or "1"
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 1
    return most if found == 0 else max(1, min(found, most))


def _remarks(line: Any) -> Iterator[str]:
    if next(line.iter("del", "s", "strike"), None) is not None:
        yield "struck-out text is read as the rest"
    if next(line.iter("img"), None) is not None:
        yield "pictures in cells are not read"


def _text(cell: Any) -> str:
    """The text of a cell, raised text as ``^{…}`` and lowered as ``_{…}``, so that no footnote joins a number."""
    return " ".join("".join(_pieces(cell)).split())


def _pieces(node: Any) -> Iterator[str]:
    """The pieces of text below a node; comments have none."""
    yield node.text or ""
    for child in node.iterchildren():
        if child.tag in _LIFTED:
            inner = "".join(_pieces(child)).strip()
            yield f"{_LIFTED[child.tag]}{{{inner}}}" if inner else ""
        elif child.tag in _APART:
            yield from (" ", *_pieces(child), " ")
        elif isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""
