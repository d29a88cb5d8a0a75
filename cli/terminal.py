"""How does a page look in the terminal?"""

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

    from prunelit.analysis.section import Fact, Section


def print_page(title: str, sections: Iterable[Section], console: Console) -> None:
    """Print a page; text from records can neither style the terminal nor move its cursor."""
    console.print(Text(visible(title), "bold"))
    for section in sections:
        console.print()
        console.print(Text(visible(section.title), "bold cyan"))
        for part in _parts(section):
            console.print(Padding(part, (0, 0, 0, 2)))


def _parts(section: Section) -> Iterable[RenderableType]:
    if section.facts:
        yield _facts(section.facts)
    yield from (Text(visible(paragraph)) for paragraph in section.text)
    if section.table is not None:
        yield _table(section.table)


def _facts(facts: Iterable[Fact]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for fact in facts:
        grid.add_row(Text(fact.label, "dim"), Text(visible(fact.value)))
    return grid


def _table(frame: DataFrame) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in frame.columns:
        table.add_column(Text(str(name)), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(visible(cell)) for cell in row))
    return table
