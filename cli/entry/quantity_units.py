"""Units of a table's columns: as headings and mappings name them, and what a number in them is in ours."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from decimal import Decimal

from prunelit.cli.entry.columns import (
    ACCURACIES,
    COUNT_COLUMNS,
    DEVIATIONS,
    FRACTIONS,
    METRIC,
    OPERATIONS,
    POINTS,
    RATIO_COLUMNS,
)

_SPELLINGS = {
    "%": "percent", "percent": "percent", "in %": "percent", "pct": "percent", "percentage": "percent",
    "pp": "points", "p.p.": "points", "%p": "points", "points": "points", "pts": "points",
    "k": "K", "thousand": "K", "thousands": "K", "10^3": "K", "1e3": "K",
    "m": "M", "million": "M", "millions": "M", "mio": "M", "mil": "M", "10^6": "M", "1e6": "M", "mflops": "M",
    "mmacs": "M", "mmac": "M", "mflop": "M", "mops": "M",
    "g": "G", "giga": "G", "10^9": "G", "1e9": "G", "gflops": "G", "gmacs": "G", "gmac": "G", "gflop": "G", "gops": "G",
    "b": "B", "bn": "B", "billion": "B", "billions": "B",
    "t": "T", "trillion": "T", "10^12": "T", "1e12": "T", "tflops": "T", "tmacs": "T",
    "us": "us", "µs": "us", "μs": "us", "ms": "ms", "msec": "ms", "s": "s", "sec": "s", "seconds": "s",
    "kb": "KB", "mb": "MB", "gb": "GB", "mj": "mJ", "j": "J",
}  # fmt: skip
_IN_BRACKETS = re.compile(r"[(\[]\s*(?:in\s+|[x×*·]\s*|\\times\s*)?([^()\[\]]*?)\s*[)\]]")
_AT_END = re.compile(r"(?:,|\bin\b|/)\s*([^\s,/]+)\s*$", re.IGNORECASE)
_BEFORE = re.compile(r"^\s*#?\s*([KMGT])(?:FLOPs?|MACs?|OPs|params?)\b", re.IGNORECASE)
_PERCENT = re.compile(r"(?<![\d.])(?<!\d )%")
_POWERS = {"one": 0, "K": 3, "M": 6, "G": 9, "B": 9, "T": 12}
_LARGER = {
    ("us", "ms"): Decimal("0.001"), ("s", "ms"): Decimal(1000), ("KB", "MB"): None, ("GB", "MB"): None,
    ("MB", "GB"): None, ("KB", "GB"): None, ("mJ", "J"): Decimal("0.001"),
}  # fmt: skip
"""Factors between units of what is measured; none between bytes, which papers count by 1,000 and by 1,024."""


def unit_in(heading: str) -> str | None:
    """The unit that a heading names, if it names one that is known.

    Example:
        >>> unit_in("Params (M)"), unit_in("Top-1 Acc. [%]"), unit_in("GFLOPs"), unit_in("Params (×10^6)")
        ('M', 'percent', 'G', 'M')
    """
    plain = re.sub(r"[*_`$\\]|\^\{\D*\}", "", heading).replace("^{", "^").replace("}", "")
    found = [one[1] for one in _IN_BRACKETS.finditer(plain)]
    found += [one[1] for one in (_AT_END.search(plain), _BEFORE.search(plain)) if one]
    return next(
        (unit for text in reversed(found) if (unit := _unit(text))), "percent" if _PERCENT.search(plain) else None
    )


def _unit(text: str) -> str | None:
    bare = re.sub(r"[↑↓]", "", text).strip()
    return _SPELLINGS.get(bare.casefold()) or _SPELLINGS.get(bare.casefold().removesuffix(" params").strip())


def fits(column: str, unit: str, metric_units: Table[str, str]) -> bool:
    """Whether the cells of a column of ours can be in a unit."""
    if column in COUNT_COLUMNS:
        return unit in _POWERS
    if column in FRACTIONS:
        return unit in ("percent", "fraction")
    if column in ACCURACIES:
        return unit in ("percent", "fraction", "points")
    if column in POINTS | DEVIATIONS:
        return unit in ("percent", "fraction", "points")
    if column in RATIO_COLUMNS:
        return unit == "one"
    if metric := METRIC.fullmatch(column):
        ours = metric_units.get(metric[2], "1")
        if ours == "%":
            return unit in ("percent", "fraction", "points")
        return unit == ours or _LARGER.get((unit, ours)) is not None
    return unit == "one"


def factor(unit: str, ours: str) -> Decimal:
    """What a number of a measured quantity is multiplied by to be in our unit.

    Example:
        >>> factor("s", "ms")
        Decimal('1000')
    """
    return Decimal(1) if unit == ours else _LARGER.get((unit, ours)) or Decimal(1)


def suffix_of(column: str, unit: str) -> str:
    """The letter that a count in a unit has in a record; operations count in G, parameters in B."""
    if unit == "one":
        return ""
    if unit in ("G", "B"):
        return "G" if column in OPERATIONS else "B"
    return unit
