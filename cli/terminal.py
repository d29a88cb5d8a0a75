"""Pages in the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prunelit.cli.report import visible

if TYPE_CHECKING:
    from pandas import DataFrame

    from prunelit.analysis.pages.section import Fact, Section


PLAIN_WIDTH = 160
"""Columns of a page that is written to a file or a pipe."""


MAX_UNBROKEN = 24
"""Columns of a table that are no wider are never broken into lines."""


def as_text(title: str, sections: Iterable[Section], plain: bool = False) -> str:
    """A page as wide as the terminal; text from records can neither style it nor move its cursor.

    Args:
        title: Title of the page.
        sections: What it says.
        plain: For a file: without colours, whatever the output of the program is.
    """
    console = Console(no_color=plain or None, highlight=False, force_terminal=False if plain else None)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    with console.capture() as printed:
        for part in _page(title, sections):
            console.print(part)
    return "\n".join(line.rstrip() for line in printed.get().splitlines()) + "\n"


def _page(title: str, sections: Iterable[Section]) -> Iterable[RenderableType]:
    yield Text(visible(title), "bold")
    for section in sections:
        yield ""
        yield Text(visible(section.title), "bold cyan")
        yield from (Padding(part, (0, 0, 0, 2)) for part in _parts(section))


def _parts(section: Section) -> Iterable[RenderableType]:
    if section.facts:
        yield _facts(section.facts)
    yield from (Text(visible(paragraph)) for paragraph in section.text)
    if section.table is not None:
        yield _table(section.table)
    yield from (Text(visible(note), "italic") for note in section.notes)


def _facts(facts: Iterable[Fact]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for fact in facts:
        grid.add_row(Text(fact.label, "dim"), Text(visible(fact.value)))
    return grid


def _table(frame: DataFrame) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in frame.columns:
        longest = max(map(len, [str(name), *frame[name]]))
        table.add_column(Text(str(name)), overflow="fold", no_wrap=longest <= MAX_UNBROKEN)
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(visible(cell)) for cell in row))
    return table
