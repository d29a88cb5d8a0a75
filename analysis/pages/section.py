"""Sections of a page: what it says, wherever it is shown.

A page is a title and sections of facts, paragraphs and tables of plain text.  A terminal, a web page and Markdown
render it each in their own way; only they know how text is escaped there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from prunelit.analysis.frames.printed import SUFFIXES

_MAX_DIGITS = 4
"""Significant digits of a computed number; numbers from a record keep their own."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value, with a web address where it has one."""

    label: str
    value: str
    link: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A part of a page: facts, paragraphs, a table of text ("" where there is nothing to say), and notes on it.

    A table that is ``folded`` shows its size, and itself when it is asked for.  ``links`` holds web addresses of the
    cells of some columns, row by row, "" where a cell has none.
    """

    title: str
    facts: tuple[Fact, ...] = ()
    text: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    folded: bool = False
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)


def computed(value: float, unit: str) -> str:
    """A computed number in its unit: counts as ``12.3M``, percentages with two decimals, "" for nothing."""
    if pd.isna(value):
        return ""
    if unit in ("%", "pp"):
        return f"{value:.2f}"
    if unit == "count" and abs(value) >= 1000:
        power, suffix = next((power, suffix) for power, suffix in SUFFIXES if abs(value) >= 10.0**power)
        return f"{value / 10.0**power:.{_MAX_DIGITS}g}{suffix}"
    return f"{value:.{_MAX_DIGITS}g}"


def headed(name: str, unit: str) -> str:
    """The heading of a column: its name, and its unit where it has one."""
    return f"{name} ({unit})" if unit and unit not in ("count", "ratio", "fraction") else name


def filled(frame: pd.DataFrame) -> pd.DataFrame:
    """The table as text, without the columns in which nothing is said."""
    text = frame.astype(object).where(frame.notna(), "").astype(str)
    return text[[name for name in text.columns if (text[name] != "").any()]]
