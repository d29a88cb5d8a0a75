"""How sure the ranking of methods on one network is

A P-score is the share of the other methods that a method beats, each counted by how certain that is; 1 is best.

Marks are P-scores under half, once, twice and four times the assumed standard error: the larger it is, the nearer all
come to one half, where nothing is known. Rücker and Schwarzer 2015 define the P-score, which is what the surface under
the cumulative ranking curve (SUCRA) is to Bayesians. Numbers to the right are the expected rank under the assumption as
it is.

Alt: A row for each method, best first, with four marks that lie closer to one half the larger the assumed error is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.analysis.synthesis.standard_errors import FACTORS
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.syntheses import assumption_marks, evidence_of, named_after, network_name, of_best_connected
from prunelit.figures.theme import INK
from prunelit.figures.tooltips import SOURCE, tip

if TYPE_CHECKING:
    from prunelit.analysis.synthesis.field import Synthesis

PLACE = 200
ON_REQUEST = True
HOME = ALL
PAGE = "synthesis"
worded = named_after

_WIDTH = 560
_TOOLTIP = [
    tip("method", "Method"), tip("assumption", "Assumed standard error"), tip("p_score", "P-score", ".2f"),
    tip("rank", "Expected rank", ".1f"), tip("methods", "of methods", "d"), tip("studies", "Studies", "d"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a method and multiple of the assumed standard error."""
    return of_best_connected(dataset, rows)


def rows(found: Synthesis) -> pd.DataFrame:
    """The P-scores, best first under the assumption as it is; of the largest part of the network."""
    table = found.sensitivity.reset_index().rename(columns={"treatment": "method"})
    table = table[table["component"] == found.network.components["treatments"].idxmax()]
    table = table.merge(evidence_of(found), left_on="method", right_index=True)
    methods = table["method"].nunique()
    rank = 1 + (methods - 1) * (1 - table["p_score"])
    order = table[table["factor"] == 1].sort_values("p_score", ascending=False)["method"].tolist()
    placed = table.assign(
        assumption=table["factor"].map(FACTORS),
        rank=rank,
        methods=methods,
        place=table["method"].map(order.index),
        said=rank.map("{:.1f}".format).where(table["factor"] == 1),
        network=network_name(found),
    )
    names = ["method", "factor", "assumption", "p_score", "rank", "methods", "studies", "points", "source"]
    return placed.sort_values(["place", "factor"], ignore_index=True)[[*names, "said", "network"]]


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """A row a method, with a mark an assumption."""
    _, colour, shape = assumption_marks(data)
    axis = alt.Axis(labelLimit=300, labelFontSize=12, labelColor=INK, ticks=False, grid=True)
    y = alt.Y("method:N", sort=list(dict.fromkeys(data["method"])), title=None, axis=axis)
    x = alt.X("p_score:Q", title="P-score", scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(DRAWN_ROWS, width=_WIDTH, height=alt.Step(22))
    marks = base.mark_point(size=55, strokeWidth=2, opacity=0.95).encode(x, y, colour, shape, tooltip=_TOOLTIP)
    texts = (
        base.transform_filter("isValid(datum.said)")
        .mark_text(align="left", dx=12)
        .encode(x=alt.value(_WIDTH), y=y, text="said:N")
    )
    return alt.LayerChart(layer=[marks, texts])
