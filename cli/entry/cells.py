"""Cells of a table as values, in the unit of their column and with their digits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from prunelit.cli.entry.columns import (
    ACCURACIES,
    COUNT_COLUMNS,
    DEVIATIONS,
    FRACTIONS,
    METRIC,
    OPERATIONS,
    POINTS,
    RATIO_COLUMNS,
    kind_of,
    name_of,
)
from prunelit.cli.entry.marks import Marked, plain, unmarked_name, unmarked_number
from prunelit.cli.entry.numbers import Printed, printed_cell
from prunelit.cli.entry.quantity_units import factor, suffix_of
from prunelit.schema.problems import quoted
from prunelit.schema.reading import plain_value

SAYS_NOTHING = {
    "-", "–", "—", "--", "---", "?", "??", "???", "n/a", "na", "n.a.", "n.a", "nan", "none", "null", "tbd", "tba", "/",
    "\\", ".", "..", "...", "…", "x", "✗", "×", "unknown", "oom", "n.r.", "nr", "n/r", "not reported", "#n/a",
}  # fmt: skip
"""Cells that say that there is nothing to say."""
_SAYS_SOMETHING = {("training_scheme", "none")}
_MAX_NUMBER = 200
_NAMED = ("method", "pruned_model", "canonical_method")
_WHOLE = {"K": 3, "M": 6, "G": 9, "B": 9, "T": 12}
_WORDS = {"thousand": "K", "million": "M", "mio": "M", "billion": "B", "bn": "B", "trillion": "T"}
_COUNT_UNIT = re.compile(
    r"(thousand|million|mio|billion|bn|trillion|[kmgbt]?)\s*-?\s*"
    r"(flops?|macs?|madds?|mult-?adds?|ops|params?|parameters|weights)?\.?",
    re.IGNORECASE,
)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_AS_DATE = re.compile(rf"#DATE .*|\d{{1,2}}[-. ]{_MONTH}\.?|{_MONTH}[-. ]\d{{2}}", re.IGNORECASE)


@dataclass(frozen=True)
class CellReading:
    """How the cells of a column are read."""

    unit: str | None = None
    decimal: str = "."
    drop: bool = False
    bracket: str | None = None
    """Our column of what stands in brackets."""
    spread: str = "unstated"
    level: int | None = None
    metric_unit: str = ""
    """Unit of the metric in the vocabulary."""
    sure: bool = False
    """Whether the mapping says the unit, so that it is believed in the face of unlikely numbers."""


@dataclass
class Read:
    """What a cell says: values by our columns, and what was taken out of it or turned."""

    values: dict[str, Any] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    """What stands in the cell and is left out."""
    turned: bool = False
    """Whether a loss became a negative change."""


def says_nothing(column: str, cell: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    if kind_of(column) == "text" and name_of(column) is None and column not in _NAMED:
        return cell.casefold() in SAYS_NOTHING - {"x", "×"} and (column, cell) not in _SAYS_SOMETHING
    return plain(cell).casefold() in SAYS_NOTHING


def read_cell(column: str, cell: str, how: CellReading) -> Read:
    """What a cell that is not empty says.

    Args:
        column: Our name of its column.
        cell: Its text.
        how: How the cells of the column are read.

    Raises:
        ValueError: if it says nothing that belongs there, or not surely what it seems to.
    """
    kind = kind_of(column)
    if _AS_DATE.fullmatch(cell) or cell.startswith("#FORMULA") or re.fullmatch(r"#[A-Z0-9/]+[!?]", cell):
        raise ValueError(_of_spreadsheet(cell))
    if kind == "text":
        if name_of(column) is None and column not in _NAMED:
            return Read({column: cell})
        marked = unmarked_name(cell)
        return Read({column: marked.text}, marked.taken)
    if kind == "texts":
        return Read({column: [part.strip() for part in cell.split(";")]})
    if kind == "label":
        number = plain_value(cell)
        return Read({column: number if isinstance(number, int) and not isinstance(number, bool) else cell})
    if kind == "flag":
        return Read({column: plain_value(cell.casefold())})
    if kind == "numbers":
        return Read({column: [_simple(column, part, how) for part in re.split(r"[\s;]+", cell)]})
    if len(cell) > _MAX_NUMBER:
        raise ValueError(f"expected a plain decimal number, found {len(cell):,} characters")
    return _read_number(column, cell, how)


def _of_spreadsheet(cell: str) -> str:
    if cell == "#FORMULA":
        return "holds a formula whose result is not saved; open the workbook, and save it again"
    if cell.startswith("#DATE"):
        return f"a spreadsheet made the date or time {cell[6:]} of it; write what was meant as text"
    if cell.startswith("#"):
        return f"found {quoted(cell)}, an error of a formula"
    return f"found {quoted(cell)}, which looks like a date that a spreadsheet made of something else"


def _simple(column: str, cell: str, how: CellReading) -> Any:
    number = printed_cell(cell, how.decimal, whole=False)
    return _whole_if(_scaled(column, number, cell, how))


def _read_number(column: str, cell: str, how: CellReading) -> Read:
    marked = unmarked_number(cell)
    number = _printed(marked.text, column, how)
    if column in COUNT_COLUMNS:
        found = Read({column: _count(column, number, marked, cell, how)}, marked.taken)
    elif kind_of(column) == "count":
        found = Read({column: _whole(number, cell)}, marked.taken)
    else:
        found = Read({column: _whole_if(_scaled(column, number, cell, how))}, marked.taken)
    _take_arrow(column, cell, marked, how, found)
    _take_spread(column, cell, marked, how, found)
    _take_bracket(marked, how, found)
    if marked.bound:
        _take_bound(column, cell, marked, found)
    return found


def _printed(text: str, column: str, how: CellReading) -> Printed:
    """The number in a cell without marks."""
    whole = kind_of(column) == "count"
    try:
        return printed_cell(text, how.decimal, whole=whole or column in COUNT_COLUMNS)
    except ValueError as error:
        raise ValueError(str(error).replace("plain decimal", "whole") if whole else str(error)) from None


def _whole(number: Printed, cell: str) -> int:
    if number.unit or number.value != number.value.to_integral_value():
        raise ValueError(f"expected a whole number, found {quoted(cell)}")
    return int(number.value)


def _whole_if(number: Decimal) -> int | Decimal:
    """As a whole number where no digit stands behind a decimal point."""
    return int(number) if int(number.as_tuple().exponent) >= 0 else number


def _count(column: str, number: Printed, marked: Marked, cell: str, how: CellReading) -> int | str:
    """A count as a record writes it, with the suffix that the cell, the heading or the mapping says."""
    if number.unit.startswith("%"):
        raise ValueError(
            f"found {quoted(cell)}, a percentage where a count is expected; is it a share that is kept or removed?"
        )
    found = _COUNT_UNIT.fullmatch(number.unit)
    if found is None:
        raise ValueError(f"expected a count, found {quoted(cell)}")
    written = _WORDS.get(found[1].casefold(), found[1].upper())
    suffix, value = suffix_of(column, written or "one"), number.value
    if not suffix and how.unit:
        if value >= 1_000_000 and how.unit != "one":
            raise ValueError(f"found {quoted(cell)}, which is a count already, in a column in {how.unit}")
        suffix = suffix_of(column, how.unit)
    elif suffix and how.unit and suffix_of(column, how.unit) not in ("", suffix) and not marked.bracket:
        raise ValueError(f"found {quoted(cell)} in a column in {how.unit}; write all its cells in one unit")
    if not suffix and how.unit != "one":
        _require_plausible(column, value, cell)
    return _counted(value, suffix)


def _require_plausible(column: str, value: Decimal, cell: str) -> None:
    if value < 1000 or value != value.to_integral_value():
        unit = "25.6M, 4.1G" if column in OPERATIONS else "138M, 1.3B"
        raise ValueError(
            f"found {quoted(cell)} without a unit; write it as in {unit}, or say 'units: {{{column}: M}}' in a mapping "
            "file ('one' if it is meant so)"
        )


def _counted(value: Decimal, suffix: str) -> int | str:
    """A number with its suffix; digits of a power of ten go where a suffix can hold them."""
    exponent = int(value.as_tuple().exponent)
    if not suffix and exponent > 0:
        suffix = next(letter for letter, power in (("B", 9), ("M", 6), ("K", 3), ("", 0)) if value >= 10**power)
        value = value.scaleb(-_WHOLE.get(suffix, 0))
        return f"{value:f}{suffix}"
    return f"{value:f}{suffix}" if suffix else _exact(value)


def _exact(value: Decimal) -> int | str:
    whole = value.to_integral_value()
    if whole != value:
        return f"{value:f}"
    return int(whole)


def _scaled(column: str, number: Printed, cell: str, how: CellReading) -> Decimal:
    """A number that is no count, in the column's own unit; moving the point keeps its digits."""
    value, unit = number
    metric = METRIC.fullmatch(column)
    if column in FRACTIONS:
        return _share(column, value, unit, cell, how)
    if column in RATIO_COLUMNS:
        if unit.casefold() not in ("", "x", "×", "times"):
            raise ValueError(f"found {quoted(cell)}; this column is not in {'percent' if unit == '%' else unit}")
        return value
    if column in ACCURACIES | POINTS | DEVIATIONS or (metric and how.metric_unit == "%"):
        return _quality(column, value, unit, cell, how)
    if metric and how.metric_unit:
        return _measured(value, unit, cell, how)
    if unit:
        raise ValueError(f"expected a plain decimal number, found {quoted(cell)}")
    return value


def _share(column: str, value: Decimal, unit: str, cell: str, how: CellReading) -> Decimal:
    if unit not in ("", "%"):
        hint = "; a ratio belongs in 'compression_ratio' or 'speedup'" if unit.casefold() in ("x", "×") else ""
        raise ValueError(f"expected a share, found {quoted(cell)}{hint}")
    if unit == "%" and how.unit == "fraction" and how.sure:
        raise ValueError(f"found {quoted(cell)}, a percentage; the mapping says that this column is in fractions")
    return value.scaleb(-2) if unit == "%" or how.unit == "percent" else value


def _quality(column: str, value: Decimal, unit: str, cell: str, how: CellReading) -> Decimal:
    turned = column in POINTS | DEVIATIONS or column.endswith((":change", ":std", ":half_width"))
    if unit not in ("", "%", "pp", "p.p.", "%p"):
        raise ValueError(f"expected a plain decimal number, found {quoted(cell)}")
    if unit == "%" and how.unit == "fraction":
        raise ValueError(f"found {quoted(cell)}, a percentage; the mapping says that this column is in fractions")
    if unit == "%" and column in POINTS and how.unit not in ("points", "percent"):
        message = f"found {quoted(cell)}; percent of what? write percentage points without a sign"
        raise ValueError(f"{message}, or say 'units: {{{column}: points}}' in a mapping file")
    if METRIC.fullmatch(column) and not turned and not unit and not how.sure and 0 < abs(value) <= 1:
        raise ValueError(
            f"expected percent, found {quoted(cell)}, which looks like a fraction; "
            f"say 'units: {{\"{column}\": fraction}}' in a mapping file (or 'percent' if it is so small)"
        )
    return value.scaleb(2) if how.unit == "fraction" else value


def _measured(value: Decimal, unit: str, cell: str, how: CellReading) -> Decimal:
    if unit.casefold() in ("x", "×") and how.metric_unit == "ratio":
        unit = ""
    spelt = {"µs": "us", "μs": "us", "sec": "s", "kb": "KB", "mb": "MB", "gb": "GB", "mj": "mJ", "j": "J"}
    said = spelt.get(unit.casefold(), unit) or how.unit
    if said is None or said in (how.metric_unit, "one"):
        return value
    by = factor(said, how.metric_unit)
    if by == 1:
        raise ValueError(f"found {quoted(cell)}; this metric is in {how.metric_unit}")
    digits = int(by.adjusted())
    return value.scaleb(digits)


def _take_arrow(column: str, cell: str, marked: Marked, how: CellReading, found: Read) -> None:
    """An arrow turns a change, agrees with a share that is removed, and else says which way is better."""
    value = found.values[column]
    if column in POINTS or column.endswith(":change"):
        if marked.arrow and isinstance(value, int | Decimal):
            if value < 0:
                raise ValueError(f"found {quoted(cell)}: an arrow and a sign; write one of them")
            found.values[column] = -value if marked.arrow == "↓" else value
        elif how.drop:
            found.values[column] = -value
            found.turned = True
    elif marked.arrow:
        if (column.endswith("_removed") and marked.arrow == "↑") or (column.endswith("_kept") and marked.arrow == "↓"):
            raise ValueError(f"found {quoted(cell)}: the arrow says the other way than the column {column}")
        found.taken.append(marked.arrow)


_SPREADS = ("top1", "top5", "base_top1", "base_top5", "top1_error", "top5_error", "base_top1_error", "base_top5_error")


def _take_spread(column: str, cell: str, marked: Marked, how: CellReading, found: Read) -> None:
    """What stands behind ± becomes the spread of an accuracy or metric; of anything else it is left out."""
    if not marked.spread:
        return
    metric = METRIC.fullmatch(column)
    if column not in _SPREADS and not (metric and not metric[3]):
        found.taken.append(f"± {marked.spread}")
        return
    half = printed_cell(marked.spread.rstrip("%").strip(), how.decimal, whole=False)
    width = half.value.scaleb(2) if how.unit == "fraction" and "%" not in cell else half.value
    start = column if metric else column.removesuffix("_error")
    if how.spread == "standard_deviation" and (metric or start.endswith("top1")):
        found.values[f"{start}:std" if metric else f"{start}_std"] = _whole_if(width)
        return
    held = f"{start}:spread" if metric else f"{start}_spread"
    found.values[f"{held}:kind"] = how.spread
    found.values[f"{held}:half_width"] = _whole_if(width)
    if how.level and how.spread == "confidence_interval":
        found.values[f"{held}:level"] = how.level


def _take_bracket(marked: Marked, how: CellReading, found: Read) -> None:
    """What stands in brackets goes to the column that the mapping names, or is left out."""
    if not marked.bracket or marked.bracket.casefold() in SAYS_NOTHING:
        return
    if how.bracket is None:
        found.taken.append(f"({marked.bracket})")
        return
    inner = CellReading(how.unit if how.unit in ("fraction", "percent", "points") else None, how.decimal, how.drop)
    more = read_cell(how.bracket, marked.bracket, inner)
    found.values |= more.values
    found.taken += more.taken


def _take_bound(column: str, cell: str, marked: Marked, found: Read) -> None:
    if metric := METRIC.fullmatch(column):
        if metric[3]:
            raise ValueError(f"found {quoted(cell)}; a record has no place for a bound here")
        found.values[f"{column}:bound"] = marked.bound
        return
    found.values[f"{'base_' if column.startswith('base_') else ''}bounds:{marked.bound}"] = [column]
