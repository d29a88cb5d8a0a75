"""Numbers as tables print them: decimal commas, thousands, powers of ten and units behind them, with their digits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from prunelit.schema.problems import quoted

_FORM = re.compile(r"([+-]?)((?:\d[\d., '’_\u00a0\u2009\u202f]*\d|\d)|[.,]\d+)\s*(.*)", re.DOTALL)
_POWER = re.compile(r"(?:[eE]([+-]?\d{1,2})|\s*[x×·*]\s*10\s*\^?\s*\{?([+-]?\d{1,2})\}?)(?![\d.])\s*")
_SPACES = re.compile(r"(?<=\d)[ '’_\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_GROUPED = r"[1-9]\d{{0,2}}(?:{0}\d{{3}})+"
_MAX_DIGITS = 30


class Printed(NamedTuple):
    """A number with its digits, and what stands behind it."""

    value: Decimal
    unit: str


def printed_cell(cell: str, decimal: str, whole: bool) -> Printed:
    """The number in a cell.

    Args:
        cell: The cell, without marks.
        decimal: The decimal mark.
        whole: Whether the number is a count without a unit, in which groups of three digits can be thousands alone.

    Raises:
        ValueError: if there is no number, or it can be read in two ways.

    Example:
        >>> printed_cell("10.0 G", ".", False)
        Printed(value=Decimal('10.0'), unit='G')
    """
    form = _FORM.fullmatch(cell.strip().replace("−", "-").replace("–", "-").replace("\u2010", "-"))
    if form is None or len(form[2]) > _MAX_DIGITS:
        raise ValueError(f"expected a plain decimal number, found {quoted(cell)}")
    digits, rest = _SPACES.sub("", form[2]), form[3]
    power = _POWER.match(rest)
    if power:
        rest = rest[power.end() :]
    number = Decimal(form[1] + _pointed(digits, decimal, whole and not rest and not power, cell))
    return Printed(number.scaleb(int(power[1] or power[2])) if power else number, rest.strip())


def _pointed(digits: str, decimal: str, whole: bool, cell: str) -> str:
    """The digits with a decimal point and nothing between thousands."""
    other = "," if decimal == "." else "."
    grouped = _GROUPED.format(re.escape(other))
    if other in digits:
        several = digits.count(other) > 1 or decimal in digits or decimal == "," or whole
        if not several or not re.fullmatch(rf"{grouped}(?:{re.escape(decimal)}\d*)?", digits):
            raise ValueError(_two_readings(cell, digits, decimal))
        digits = digits.replace(other, "")
    text = digits.replace(decimal, ".")
    if not re.fullmatch(r"(0|[1-9]\d*)?(\.\d+)?", text):
        raise ValueError(f"expected a plain decimal number, found {quoted(cell)}")
    return f"0{text}" if text.startswith(".") else text


def _two_readings(cell: str, digits: str, decimal: str) -> str:
    if decimal == ",":
        return f"found {quoted(cell)}; the mapping says that the decimal mark is a comma"
    return f"found {quoted(cell)}; write a decimal point, or say 'decimal: \",\"' in a mapping file"
