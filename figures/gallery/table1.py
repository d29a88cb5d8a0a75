"""Pairs of dataset and architecture that at least four papers use.

Each cell is a paper; the numbers at the end of the bars count them.

As Table 1 of Blalock et al. 2020: results without numbers count, unknown architectures do not. Three of the six most
used pairs are on MNIST.

Alt: Bar chart of pairs by the number of papers that use them. VGG-16 and ResNet-50 on ImageNet lead, followed by
small networks on MNIST and ResNet-56 on CIFAR-10; even the most used pair is far from being used by all papers.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import altair as alt
import pandas as pd

from prunelit.analysis.claims.blalock2020 import used_pairs
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.survey.drawn import papers_of_pairs
from prunelit.figures.captions import Caption
from prunelit.figures.histogram import bar_cells, review_colour
from prunelit.figures.papers import with_papers
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.tooltips import PAPER_TOOLTIP, WHERE, tip

PLACE = 30

LEAST_PAPERS = 4
_MOST = 25
"""Pairs up to which all are drawn that LEAST papers use; where there are more, more papers must use them."""

_WIDTH, _TOLD_APART = 560, 280
"""Width of the panel, and cells of a bar up to which lines between them leave anything of the cells."""


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a pair and paper that uses it."""
    numbers = used_pairs(dataset)
    used = numbers[numbers["papers"] >= _least(numbers["papers"])][["dataset", "architecture"]]
    table = with_papers(dataset, used.merge(papers_of_pairs(dataset))).assign(
        pair=lambda frame: frame["dataset"] + ", " + frame["architecture"]
    )
    return bar_cells(table, ["pair"])


def _least(papers: pd.Series[int]) -> int:
    """By how many papers a pair must be used to be drawn."""
    return next(least for least in count(LEAST_PAPERS) if (papers >= least).sum() <= _MOST)


def worded(said: Caption, data: pd.DataFrame) -> Caption:
    """With the number of papers that a pair must have, and the most used pairs."""
    most = data.drop_duplicates("pair").nlargest(3, "count", keep="all")
    named = "; ".join(f"{one.pair}: {one.count_}" for one in most.rename(columns={"count": "count_"}).itertuples())
    return replace(
        said,
        title=f"Pairs of dataset and architecture that at least {data['count'].min()} papers use",
        more="As Table 1 of Blalock et al. 2020: results without numbers count, unknown architectures do not.",
        alt=f"Bar chart of pairs by the number of papers that use them. Most used: {named}.",
    )


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """Bars made of papers."""
    order = data[["pair", "count"]].drop_duplicates().sort_values(["count", "pair"], ascending=[False, True])["pair"]
    y = alt.Y("pair:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=300, labelFontSize=12, grid=False))
    x = alt.X("low:Q", title="Number of papers", axis=alt.Axis(tickMinStep=1))
    tooltip = [*PAPER_TOOLTIP, tip("review", "Review"), *WHERE]
    bars = (
        alt.Chart(DRAWN_ROWS)
        .mark_bar(stroke="white" if data["count"].max() <= _TOLD_APART else alt.Undefined)
        .encode(x, y, alt.X2("high:Q"), review_colour(data), tooltip=tooltip)
    )
    counts = alt.Chart(DRAWN_ROWS).transform_filter("datum.high == datum.count").mark_text(dx=6, align="left")
    numbers = counts.encode(x="high:Q", y=y, text="count:Q")
    table: alt.LayerChart = (bars + numbers).properties(width=_WIDTH, height=alt.Step(24))
    return table
