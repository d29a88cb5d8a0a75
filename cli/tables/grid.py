"""Grids of cells, as readers of files give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError

MAX_CELLS = 500_000
"""More cells than any table of results has; merged cells and empty columns can claim any number."""


class GridRow(NamedTuple):
    """A row: the line it begins on, the text of its cells, and for each the number of the cell that it is part of.

    A merged cell stands with its text in every place that it covers.
    """

    line: int
    cells: tuple[str, ...]
    parts: tuple[int, ...]

    @property
    def alone(self) -> str:
        """The text of the one cell that says anything, where others are empty or merged with it; else nothing."""
        filled = {part: text for part, text in zip(self.parts, self.cells, strict=True) if text}
        return next(iter(filled.values())) if len(filled) == 1 and len(self.cells) > 1 else ""


@dataclass(frozen=True)
class Grid:
    """One table of a file."""

    name: str
    """How messages and mappings call it: its number, or the name of its sheet."""
    rows: tuple[GridRow, ...]
    """Rows that say anything."""
    headings: int | None = None
    """How many rows at the top the file marks as headings; None where it marks none."""
    remarks: tuple[tuple[int, str], ...] = ()
    """What of it is not read, or read otherwise than it stands there: lines, and what to say."""
    lettered: bool = False
    """Whether people call its cells by letter and number, as in a spreadsheet."""

    def place(self, row: GridRow, column: int) -> str:
        """How people call a cell: ``B3``, or ``line 3``."""
        return f"{column_letters(column)}{row.line}" if self.lettered else f"line {row.line}"


def column_letters(column: int) -> str:
    """The letters of a column of a spreadsheet, counted from 0.

    Example:
        >>> column_letters(1), column_letters(26)
        ('B', 'AA')
    """
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def plain_row(line: int, cells: Sequence[str]) -> GridRow:
    """A row without merged cells."""
    return GridRow(line, tuple(cells), tuple(range(len(cells))))


def even(rows: Sequence[GridRow]) -> tuple[GridRow, ...]:
    """The rows that say anything, all as long as the longest of them that says something at its end."""
    said = [row for row in rows if any(row.cells)]
    width = max((at + 1 for row in said for at, text in enumerate(row.cells) if text), default=0)
    return tuple(_of_width(row, width) for row in said)


def _of_width(row: GridRow, width: int) -> GridRow:
    more = max(0, width - len(row.cells))
    parts = (*row.parts, *range(10**6, 10**6 + more))
    return GridRow(row.line, (*row.cells, *[""] * more)[:width], parts[:width])


def chosen(grids: Sequence[Grid], wanted: str | None, file: str) -> Grid:
    """The table that is meant: the only one, or the one with this number or name.

    Raises:
        UnreadableError: if there is none, or several and none is named.
    """
    by_name = {name: grid for at, grid in enumerate(grids, 1) for name in (grid.name, str(at))}
    if wanted in by_name:
        return by_name[wanted]
    if not grids:
        raise UnreadableError(Problem(file, 1, 1, "empty-file", "there is no table in this file"))
    if len(grids) == 1 and wanted is None:
        return grids[0]
    shown = "; ".join(f"{at}: {_beginning(grid)}" for at, grid in enumerate(grids[:20], 1))
    what = f"there is no table '{wanted}'" if wanted else f"there are {len(grids)} tables"
    message = f"{what}; say which one is read by 'read_table' in a mapping file ({shown})"
    raise UnreadableError(Problem(file, 1, 1, "which-table", message))


def _beginning(grid: Grid) -> str:
    head = " | ".join(text for text in grid.rows[0].cells if text)[:40] if grid.rows else "empty"
    return f"{head}, {len(grid.rows)} rows" if grid.name.isdecimal() else f"{grid.name}, {head}, {len(grid.rows)} rows"
