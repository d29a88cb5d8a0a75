"""Sheets of results: the names of a table's columns, and the rows below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from prunelit.cli.tables.grid import Grid, GridRow
from prunelit.schema.problems import Problem, quoted
from prunelit.schema.reading import UnreadableError

HEADING_JOINER = " / "
"""What joins the headings of a column that stand below one another."""
_NUMBER = re.compile(r"[<>≤≥~≈+−-]*\d[\d.,' ]*\s*(%|[xX×]|[KMGBTkmgbt]\b)?.*")
_MARKS = re.compile(r"[*_`$]|\^\{[^}]*\}")


class SheetCell(NamedTuple):
    """The text of a cell, and how people call its place."""

    text: str
    place: str


class SheetRow(NamedTuple):
    """A row of results: its line, its cells, and the text of the row alone above it that heads a part of the table."""

    line: int
    cells: tuple[SheetCell, ...]
    section: SheetCell | None


@dataclass(frozen=True)
class Sheet:
    """A table of results under the names of its columns."""

    columns: tuple[str, ...]
    """The heading of each column; those that stand below one another joined by :data:`HEADING_JOINER`."""
    rows: tuple[SheetRow, ...]
    line: int
    """The line of the headings."""
    said: tuple[tuple[int, str], ...]
    """What of the table is not read, or how it is taken: lines, and what to say."""


def sheet_of(grid: Grid, file: str, titles: int | None = None, headings: int | None = None) -> Sheet:
    """The sheet in a grid.

    Args:
        grid: The cells.
        file: How messages call the file.
        titles: How many rows above the headings are none; by default those that hold one cell alone.
        headings: How many rows hold headings; by default as the file marks them, or as it looks.

    Raises:
        UnreadableError: if there is nothing below the headings.
    """
    above = titles if titles is not None else _titles(grid.rows)
    rows = grid.rows[above:]
    count = headings or _headings(rows, (grid.headings or 0) - above)
    if len(rows) <= count:
        line = rows[0].line if rows else 1
        raise UnreadableError(Problem(file, line, 1, "empty-file", "there is no row below the heading"))
    said = [*grid.remarks]
    said += [(row.line, f"{quoted(_text(row))} above the headings is not read") for row in grid.rows[:above]]
    if count > 1:
        said.append((rows[0].line, f"the {count} rows from here are read as headings ('heading_rows' says otherwise)"))
    body, repeated = _body(grid, rows[:count], rows[count:])
    said += [(line, "the heading stands here again, and is left out") for line in repeated]
    return Sheet(_names(rows[:count]), tuple(body), rows[0].line, tuple(said))


def _titles(rows: Sequence[GridRow]) -> int:
    """How many rows at the top hold one cell alone, as a title does."""
    return next((at for at, row in enumerate(rows) if not row.alone), 0)


def _text(row: GridRow) -> str:
    return next(filter(None, row.cells), "")


def _headings(rows: Sequence[GridRow], marked: int) -> int:
    """How many rows hold headings: those so marked, and others as long as they divide the one above."""
    count = max(1, marked)
    while count < len(rows) - 1 and _goes_on(rows[count - 1], rows[count]) and (not marked or count > marked):
        count += 1
    return count


def _goes_on(above: GridRow, row: GridRow) -> bool:
    """Whether a row divides the headings above it: below one of several columns, or below none, and is no result."""
    shared = [at for at in range(len(row.cells)) if _is_shared(above, at)]
    if row.alone or not any(row.cells[at] for at in shared):
        return False
    own = [at for at in range(len(row.cells)) if at not in shared]
    named = all(not row.cells[at] or row.cells[at] == above.cells[at] for at in own)
    results = any(_NUMBER.fullmatch(_MARKS.sub("", row.cells[at])) for at in range(len(row.cells)))
    return (named and bool(own)) or not results


def _is_shared(row: GridRow, at: int) -> bool:
    """Whether a heading stands over several columns, this one among them, or none does over this one."""
    return (
        not row.cells[at] or row.parts.count(row.parts[at]) > 1 or (at + 1 < len(row.cells) and not row.cells[at + 1])
    )


def _names(rows: Sequence[GridRow]) -> tuple[str, ...]:
    """The name of each column: its headings from above, without those that repeat."""
    filled = [_spread(row, below) for row, below in zip(rows, [*rows[1:], None], strict=True)]
    return tuple(HEADING_JOINER.join(dict.fromkeys(filter(None, parts))) for parts in zip(*filled, strict=True))


def _spread(row: GridRow, below: GridRow | None) -> list[str]:
    """The headings of a row; one that others below divide stands for the empty ones at its right, too."""
    found: list[str] = []
    for at, text in enumerate(row.cells):
        divides = below is not None and not text and below.cells[at] and at and below.cells[at - 1]
        found.append(found[-1] if divides else text)
    return found


def _body(grid: Grid, heading: Sequence[GridRow], rows: Sequence[GridRow]) -> tuple[list[SheetRow], list[int]]:
    """The rows of results, and the lines on which a heading stands again."""
    heads = {row.cells for row in heading}
    found: list[SheetRow] = []
    repeated: list[int] = []
    section: SheetCell | None = None
    for row in rows:
        if row.alone and len(row.cells) > 2:
            at = next(at for at, text in enumerate(row.cells) if text)
            section = SheetCell(row.alone, grid.place(row, at))
        elif row.cells in heads:
            repeated.append(row.line)
        else:
            cells = (SheetCell(text, grid.place(row, at)) for at, text in enumerate(row.cells))
            found.append(SheetRow(row.line, tuple(cells), section))
    return found, repeated


def section_cells(sheet: Sheet) -> Iterator[SheetCell]:
    """The rows alone that head parts of the table, each once."""
    yield from dict.fromkeys(row.section for row in sheet.rows if row.section)
