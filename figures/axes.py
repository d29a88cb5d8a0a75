"""Axes: the part of a scale that is shown, and its ticks."""

from __future__ import annotations

from math import ceil, floor, log2
from typing import Any

import altair as alt
import pandas as pd

from prunelit.figures.theme import FAINT

ZERO: Any = alt.condition("datum.value == 0", alt.value("#777777"), alt.value(FAINT))
"""Colour of a grid in which the line of no change stands out."""
SIGNED = "datum.value ? format(datum.value, '+d') : '0'"
"""How an axis of differences labels its ticks."""


def counts(field: str, title: str, values: pd.Series[float], room: float) -> alt.X:
    """A logarithmic axis of counts, with ticks such as 1M, 3M, 10M, more of them on a short axis.

    Args:
        field: Column.
        title: Title of the axis.
        values: What it must show.
        room: Factor by which it goes on to either side.
    """
    low, high = values.min() / room, values.max() * room
    digits = (1, 2, 5) if high / low < 100 else (1, 3)
    ticks = [digit * 10.0**power for power in range(15) for digit in digits if low <= digit * 10.0**power <= high]
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return alt.X(f"{field}:Q", title=title, scale=scale, axis=alt.Axis(values=ticks, format="~s"))


def ratio(field: str, title: str, values: pd.Series[float]) -> alt.X:
    """An axis of ratios from 1 on, with ticks at powers of two."""
    high = values.max() * 1.15
    ticks = [2**power for power in range(floor(log2(high)) + 1)]
    scale = alt.Scale(type="log", base=2, domain=[0.93, high], nice=False)
    return alt.X(f"{field}:Q", title=title, scale=scale, axis=alt.Axis(values=ticks, labelExpr="datum.value + '×'"))


def whole(*values: pd.Series[float]) -> alt.Scale:
    """A linear scale from the whole number below all values to the one above."""
    low, high = min(one.min() for one in values), max(one.max() for one in values)
    return alt.Scale(domain=[floor(low), ceil(high)], nice=False)
