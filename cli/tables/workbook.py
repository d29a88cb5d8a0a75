"""Sheets of an Excel workbook, with the digits that its cells show.

openpyxl reads them, not pandas, which drops how numbers are shown (``76.10``, ``90%``) and which cells are merged.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile, ZipFile

from prunelit.cli.tables.grid import MAX_CELLS, Grid, GridRow, even
from prunelit.schema.problems import Problem
from prunelit.schema.reading import FORBIDDEN, UnreadableError

MAX_UNPACKED = 50_000_000
_SHOWN = re.compile(r'(?P<group>#,##)?[#0]*(?:\.(?P<places>0+))?(?P<percent>%)?(?P<rest>(?:"[^"]*"|\\.|[ _)x×])*)')
_SIGNIFICANT = 15
"""Digits of a number that Excel keeps; those behind them are remains of binary arithmetic."""


def sheets(data: bytes, file: str) -> list[Grid]:
    """The sheets of a workbook that hold anything.

    Raises:
        UnreadableError: if it is no workbook of Excel 2007 or later, or a very large one.
    """
    from openpyxl import load_workbook

    _require_workbook(data, file)
    try:
        shown = load_workbook(io.BytesIO(data), data_only=True)
        written = load_workbook(io.BytesIO(data))
    except Exception as error:  # a damaged workbook fails in openpyxl in ways without a common class
        message = f"openpyxl cannot read this workbook: {error}"
        raise UnreadableError(Problem(file, 1, 1, "not-xlsx", message)) from None
    grids = [_grid(sheet, written[sheet.title], file) for sheet in shown.worksheets]
    return [grid for grid in grids if grid.rows]


def _require_workbook(data: bytes, file: str) -> None:
    try:
        unpacked = sum(one.file_size for one in ZipFile(io.BytesIO(data)).infolist())
    except BadZipFile:
        message = "this is no Excel workbook (.xlsx); a text with separators is read by 'prunelit import csv'"
        raise UnreadableError(Problem(file, 1, 1, "not-xlsx", message)) from None
    if unpacked > MAX_UNPACKED:
        message = f"{unpacked:,} bytes unpacked; at most {MAX_UNPACKED:,} are read"
        raise UnreadableError(Problem(file, 1, 1, "too-large", message))


def _grid(sheet: Any, written: Any, file: str) -> Grid:
    if (sheet.max_row or 0) * (sheet.max_column or 0) > MAX_CELLS:
        message = f"sheet '{sheet.title}' claims {sheet.max_row:,} rows of {sheet.max_column:,} cells; clear empty ones"
        raise UnreadableError(Problem(file, 1, 1, "too-large", message))
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for merged in sheet.merged_cells.ranges:
        top = (merged.min_row, merged.min_col)
        first |= {
            (row, column): top
            for row in range(merged.min_row, merged.max_row + 1)
            for column in range(merged.min_col, merged.max_col + 1)
        }
    rows, remarks = [], []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        places = [first.get((number, column), (number, column)) for column in range(1, len(cells) + 1)]
        texts = tuple(_text(sheet.cell(*place), written.cell(*place)) for place in places)
        rows.append(GridRow(number, texts, tuple(row * 100_000 + column for row, column in places)))
        remarks += [(number, said) for cell in cells if (said := _remark(cell))]
        if sheet.row_dimensions[number].hidden and any(texts):
            remarks.append((number, f"row {number} is hidden, and read"))
    remarks += [
        (1, f"column {name} is hidden, and read") for name, one in sheet.column_dimensions.items() if one.hidden
    ]
    return Grid(sheet.title, even(rows), remarks=tuple(remarks), lettered=True)


def _remark(cell: Any) -> str:
    """What a reader of the cell must know beside its text."""
    if getattr(cell, "comment", None):
        return f"the comment at {cell.coordinate} is not read"
    if cell.value is not None and cell.font and cell.font.strike:
        return f"{cell.coordinate} is struck out, and read"
    if isinstance(cell.value, int | float) and (lost := _lost(cell.value, cell.number_format)):
        return f"{cell.coordinate} shows {lost}, and holds {_plain(cell.value)}; what it shows is read"
    return ""


def _lost(value: float, form: str) -> str:
    """The number that a cell shows, if it holds more digits."""
    shown = _number(value, form)
    digits = shown.removesuffix("%")
    held = Decimal(_plain(value)).scaleb(2 if digits != shown else 0)
    return shown if re.fullmatch(r"-?[\d.]+", digits) and Decimal(digits) != held else ""


def _text(cell: Any, written: Any) -> str:
    """The text that a cell shows."""
    value = cell.value
    if value is None:
        formula = isinstance(written.value, str) and written.value.startswith("=")
        return "#FORMULA" if formula else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if isinstance(value, datetime | date | time | timedelta):
        return f"#DATE {value}"
    text = " ".join(str(value).split())
    return f"#{FORBIDDEN.sub('?', text)}" if FORBIDDEN.search(text) else text


def _number(value: float, form: str) -> str:
    """A number as its format shows it; as it is held, where the format is beyond plain digits."""
    found = _SHOWN.fullmatch(re.sub(r"\[[^\]]*\]", "", form.split(";")[0]))
    plain = Decimal(_plain(value))
    if form == "General" or not found:
        return f"{plain:f}"
    shift = 2 if found["percent"] else 0
    places = len(found["places"] or "")
    shown = f"{plain.scaleb(shift):.{places}f}"
    return shown + (found["percent"] or "") + re.sub(r'["\\_]', "", found["rest"]).rstrip(" )")


def _plain(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    text = f"{Decimal(f'{value:.{_SIGNIFICANT}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
