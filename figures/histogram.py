"""Histograms of papers, in which every paper is a cell of its own that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import altair as alt
import pandas as pd

from prunelit.figures.papers import NOT_REVIEWED, REVIEW_UNKNOWN, REVIEWED
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, ORANGE

REVIEWS = {REVIEWED: BLUE, NOT_REVIEWED: ORANGE, REVIEW_UNKNOWN: "#999999"}


def bar_cells(table: pd.DataFrame, bar: list[str]) -> pd.DataFrame:
    """The table with the place of each row in its bar, ``low`` to ``high`` out of ``count``; reviewed papers first.

    Args:
        table: One row a cell, with ``review`` and ``paper``.
        bar: Columns that say which bar a row belongs to.
    """
    rank = table["review"].map({name: at for at, name in enumerate(REVIEWS)})
    ordered = table.assign(rank=rank).sort_values([*bar, "rank", "paper"], ignore_index=True).drop(columns="rank")
    high = ordered.groupby(bar).cumcount() + 1
    return ordered.assign(low=high - 1, high=high, count=ordered.groupby(bar)["paper"].transform("size"))


_MOST, _FEW, TAIL = 30, 16, 20
"""Bars up to which each number has its own; bars of groups of numbers; and bars before a tail that is drawn as one."""
THIN = 0.05
"""Share of the cells that a tail may hold."""


def spans(numbers: pd.Series[int]) -> dict[int, str]:
    """The bars of a histogram: the lowest number of each, and its name.

    Every number has a bar, as long as there are no more than MOST; then a long, thin tail becomes one bar, and where
    the numbers spread too far for that, each bar stands for as many numbers.
    """
    low, high = int(numbers.min()), int(numbers.max())
    if high - low < _MOST:
        return {number: str(number) for number in range(low, high + 1)}
    tail = low + TAIL
    if (numbers >= tail).mean() < THIN:
        return {number: str(number) for number in range(low, tail)} | {tail: f"{tail}+"}
    width = ceil((high - low + 1) / _FEW)
    return {first: f"{first}–{first + width - 1}" for first in range(low, high + 1, width)}


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """The cells of :func:`histograms`, in the bars of their numbers; ``bar`` names those that stand for several.

    Args:
        table: One row a cell, with ``panel``, ``number``, ``review`` and ``paper``.
    """
    of_panels = {panel: spans(rows["number"]) for panel, rows in table.groupby("panel")}
    if all(str(first) == name for names in of_panels.values() for first, name in names.items()):
        return bar_cells(table, ["panel", "number"])
    first = [max(one for one in of_panels[panel] if one <= number) for panel, number in _placed(table)]
    names = [of_panels[panel][one] for panel, one in zip(table["panel"], first, strict=True)]
    return bar_cells(table.assign(first=first, bar=names), ["panel", "first"])


def _placed(table: pd.DataFrame) -> Iterator[tuple[str, int]]:
    return table[["panel", "number"]].itertuples(index=False, name=None)


def review_colour(data: pd.DataFrame) -> alt.Color:
    """Colour by peer review, for as many kinds as there are."""
    shown = {name: hue for name, hue in REVIEWS.items() if (data["review"] == name).any()}
    scale = alt.Scale(domain=list(shown), range=list(shown.values()))
    return alt.Color("review:N", scale=scale, legend=alt.Legend(title=None, orient="top"))


def gap(data: pd.DataFrame) -> float:
    """Width of the lines between cells: the thinner the higher bars are, so that lines hide none."""
    highest = data["count"].max()
    return 0.8 if highest <= _CROWDED else 0.15 if highest <= _HEIGHT else 0


_CROWDED = 60
"""Cells of a bar up to which each can be told from the next."""
_WIDTH, _HEIGHT = 680, 230
_LETTERS = 7
"""Letters of the names of bars up to which names stand side by side."""


def histograms(
    data: pd.DataFrame, titles: dict[str, str], unit: dict[str, str], tooltip: list[alt.Tooltip]
) -> alt.VConcatChart:
    """One histogram a ``panel``, in the order of their titles: one bar a ``number``, one cell a row of :func:`counted`.

    Args:
        data: Rows with ``panel``, ``number``, ``review``, and their place as of :func:`counted`.
        titles: What the numbers of each panel are.
        unit: What is counted in each panel.
        tooltip: What a cell says.
    """
    return alt.vconcat(
        *(
            _histogram(data, panel, title, f"Number of {unit[panel]}", tooltip)
            for panel, title in titles.items()
            if (data["panel"] == panel).any()
        ),
        spacing=26,
    )


def _histogram(data: pd.DataFrame, panel: str, title: str, counted: str, tooltip: list[alt.Tooltip]) -> alt.LayerChart:
    names = spans(data.loc[data["panel"] == panel, "number"])
    shown = {"bar:O": list(names.values())} if "bar" in data else {"number:O": list(names)}
    ((field, every),) = shown.items()
    angle = 0 if max(map(len, names.values())) <= _LETTERS else -40
    x = alt.X(field, scale=alt.Scale(domain=every), title=title, axis=alt.Axis(labelAngle=angle, grid=False))
    y = alt.Y("low:Q", title=counted, axis=alt.Axis(tickMinStep=1, tickCount=6))
    here = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.panel == panel)
    bars = here.mark_bar(stroke="white", strokeWidth=gap(data)).encode(
        x, y, alt.Y2("high:Q"), review_colour(data), tooltip=tooltip
    )
    counts = here.transform_filter("datum.high == datum.count").mark_text(dy=-7).encode(x, y="high:Q", text="count:Q")
    chart: alt.LayerChart = (bars + counts).properties(width=_WIDTH, height=_HEIGHT)
    return chart
