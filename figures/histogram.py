"""How are papers counted in a histogram?  Every paper is a cell of its own, so that each cell leads to its paper."""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.figures.rows import ROWS
from prunelit.figures.tables import NOT_REVIEWED, REVIEWED, UNKNOWN
from prunelit.figures.theme import BLUE, ORANGE

REVIEWS = {REVIEWED: BLUE, NOT_REVIEWED: ORANGE, UNKNOWN: "#999999"}


def cells(table: pd.DataFrame, bar: list[str]) -> pd.DataFrame:
    """The table with the place of each row in its bar, ``low`` to ``high`` out of ``count``; reviewed papers first.

    Args:
        table: One row a cell, with ``review`` and ``paper``.
        bar: Columns that say which bar a row belongs to.
    """
    rank = table["review"].map({name: at for at, name in enumerate(REVIEWS)})
    ordered = table.assign(rank=rank).sort_values([*bar, "rank", "paper"], ignore_index=True).drop(columns="rank")
    high = ordered.groupby(bar).cumcount() + 1
    return ordered.assign(low=high - 1, high=high, count=ordered.groupby(bar)["paper"].transform("size"))


def review(data: pd.DataFrame) -> alt.Color:
    """Colour by peer review, for as many kinds as there are."""
    shown = {name: hue for name, hue in REVIEWS.items() if (data["review"] == name).any()}
    scale = alt.Scale(domain=list(shown), range=list(shown.values()))
    return alt.Color("review:N", scale=scale, legend=alt.Legend(title=None, orient="top"))


def histograms(
    data: pd.DataFrame, titles: dict[str, str], unit: dict[str, str], tooltip: list[alt.Tooltip]
) -> alt.VConcatChart:
    """One histogram a ``panel``, in the order of their titles: one bar a ``number``, one cell a row of :func:`cells`.

    Args:
        data: Rows with ``panel``, ``number``, ``review``, and their place as of :func:`cells`.
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
    numbers = data.loc[data["panel"] == panel, "number"]
    every = list(range(int(numbers.min()), int(numbers.max()) + 1))
    x = alt.X("number:O", scale=alt.Scale(domain=every), title=title, axis=alt.Axis(labelAngle=0, grid=False))
    y = alt.Y("low:Q", title=counted, axis=alt.Axis(tickMinStep=1, tickCount=6))
    here = alt.Chart(ROWS).transform_filter(alt.datum.panel == panel)
    bars = here.mark_bar(stroke="white", strokeWidth=0.8).encode(x, y, alt.Y2("high:Q"), review(data), tooltip=tooltip)
    counts = here.transform_filter("datum.high == datum.count").mark_text(dy=-7).encode(x, y="high:Q", text="count:Q")
    chart: alt.LayerChart = (bars + counts).properties(width=680, height=230)
    return chart
