"""Cells of a spreadsheet as values, in the unit of their column and with their digits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from prunelit.cli.entry.columns import ACCURACIES, FRACTIONS, OPERATIONS, POINTS, kind_of
from prunelit.schema.problems import quoted
from prunelit.schema.reading import plain_value

_UNKNOWN = {"-", "–", "—", "?", "???", "n/a", "na", "nan", "none", "null", "tbd"}
_SAYS_SOMETHING = {("training_scheme", "none")}
"""Cells that look like nothing and are a value of their column."""


def value(column: str, cell: str, unit: str | None) -> Any:
    """The value of a cell that is not empty; ``unit`` is what the mapping says about its column.

    Raises:
        ValueError: if it says nothing, or not surely what it seems to.
    """
    if cell.casefold() in _UNKNOWN and (column, cell) not in _SAYS_SOMETHING:
        raise ValueError(f"found {quoted(cell)}; leave the cell empty where the paper does not say")
    kind = kind_of(column)
    if kind == "text":
        return cell
    if kind == "texts":
        return [part.strip() for part in cell.split(";")]
    if kind == "label":
        number = plain_value(cell)
        return number if isinstance(number, int) else cell
    if kind == "numbers":
        return [plain_value(_number(column, part, None)) for part in cell.split()]
    return _scaled(column, plain_value(_number(column, cell, unit)), unit)


def _number(column: str, cell: str, unit: str | None) -> str:
    """The number in a cell without its plus, typographic minus or percent sign, where that changes nothing."""
    number = cell.replace("−", "-").removeprefix("+")
    if number.endswith("%"):
        if not (column in ACCURACIES or unit == "percent") or unit == "fraction":
            raise ValueError(_percent_message(column, cell))
        number = number[:-1].rstrip()
    if "," in number:
        raise ValueError(f"found {quoted(cell)}; write a decimal point, and nothing between thousands")
    return f"{number[:-1]}G" if column in OPERATIONS and number.endswith("B") else number  # both are billions


def _percent_message(column: str, cell: str) -> str:
    if column in FRACTIONS:
        share = plain_value(cell[:-1].strip())
        example = (
            f"{_shifted(share, -2)}" if isinstance(share, int | Decimal) and not isinstance(share, bool) else "0.30"
        )
        return (
            f"found {quoted(cell)}, a percentage; write {example}, or 'units: {{{column}: percent}}' in a mapping file"
        )
    if column in POINTS:
        return f"found {quoted(cell)}; percent of what? write percentage points without a sign"
    return f"found {quoted(cell)}; this column is not in percent"


def _scaled(column: str, number: Any, unit: str | None) -> Any:
    """The number in the column's own unit; moving the point keeps its digits."""
    if unit is None or isinstance(number, bool) or not isinstance(number, int | Decimal):
        return number
    if column in FRACTIONS:
        return _shifted(number, -2) if unit == "percent" else number
    return _shifted(number, 2) if unit == "fraction" else number


def _shifted(number: int | Decimal, places: int) -> int | Decimal:
    moved = Decimal(number).scaleb(places)
    return int(moved) if int(moved.as_tuple().exponent) >= 0 else moved
