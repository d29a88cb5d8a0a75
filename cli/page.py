"""Pages in a browser, without a network and without trust in what records say.

Everything is escaped, there is no script, and a content security policy would stop one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from prunelit.analysis.pages.section import Section

MAX_SHORT = 16
"""Longer cells may be broken over several lines."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as SVG, in an image that runs no script, with what is said about it or how it looked before."""

    title: str
    svg: str
    said: str = ""
    before: str = ""


def as_html(title: str, sections: Sequence[Section], drawings: Sequence[Drawing] = (), contents: bool = False) -> str:
    """A page as one self-contained file.

    Args:
        title: Title of the page.
        sections: What it says.
        drawings: What stands after the sections.
        contents: Whether a table of contents comes first.
    """
    from prunelit.figures.html import rendered

    tables = [None if one.table is None else list(_cells(one.table, one.links)) for one in sections]
    return rendered("report", title=title, sections=sections, tables=tables, drawings=drawings, contents=contents)


def _cells(frame: DataFrame, links: Mapping[str, Sequence[str]]) -> Iterator[list[tuple[str, str, str]]]:
    """The rows of a table, each cell with its class and its web address, if any."""
    numeric = [_is_numeric(frame[name]) for name in frame.columns]
    addresses = zip(*(links.get(name, [""] * len(frame)) for name in frame.columns), strict=True)
    for row, linked in zip(frame.itertuples(index=False, name=None), addresses, strict=True):
        yield [(_class(text, number), text, link) for text, number, link in zip(row, numeric, linked, strict=True)]


def _class(text: str, numeric: bool) -> str:
    return "number" if numeric else "short" if len(text) <= MAX_SHORT else ""


def _is_numeric(cells: Iterable[str]) -> bool:
    """Whether a column holds nothing but numbers, so that they line up at the right."""
    return all(text.lstrip("−-+")[:1].isdigit() for text in cells if text)
