"""Trained from scratch or fine-tuned: the same pruned networks of our own runs

Above the line, the pruned network is better trained from scratch. Bars: 95 % intervals.

Differences in mean Top-1 between networks trained from random weights, for as many epochs as the unpruned network
(Scratch-E) or for as much computation (Scratch-B), and the same networks fine-tuned, at the rate that counts in the
evaluation that each panel names. The axis is logarithmic beyond ±1. Intervals take runs for independent, although those
of a seed share a checkpoint.

Alt: A grid of small panels, networks by strategies, with a mark for each ratio and way to train. At small ratios
differences lie within one percentage point of zero; at large ones training from scratch gains much or loses much.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import EVALUATIONS, Dataset
from prunelit.figures.axes import SIGNED, ZERO
from prunelit.figures.evaluations import DIFFERENCES, differences_between, evaluated_points
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, ORANGE
from prunelit.figures.tooltips import SOURCE, WHERE, tip

PLACE = 167
ON_REQUEST = True
HOME = EVALUATIONS

_WAYS = {"scratch_e": "Scratch-E", "scratch_b": "Scratch-B"}
_KEY = ["paper_id", "experiment", "panel", "strategy", "ratio"]
_TOOLTIP = [
    tip("strategy", "Strategy"), *WHERE, tip("way", "Trained"), tip("ratio", "Ratio", ".3~g"),
    tip("top1", "From scratch (%)", ".2f"), tip("top1_other", "Fine-tuned (%)", ".2f"),
    tip("difference", "Difference (pp)", "+.2f"), tip("low", "from (pp)", "+.2f"), tip("high", "to (pp)", "+.2f"),
    tip("seeds", "Runs", "d"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a network, strategy, way to train from scratch and ratio; of our own evaluations always."""
    points = evaluated_points(dataset)
    points = points[~points["sweep"].astype(bool)]
    tuned = points[points["training_scheme"].eq("fine_tuned").fillna(False).astype(bool)]
    scratch = points.assign(way=points["training_scheme"].map(_WAYS)).dropna(subset=["way"])
    names = ["panel", "dataset", "architecture", "strategy", "way", "source"]
    numbers = ["ratio", "top1", "top1_other", "seeds", "difference", "low", "high"]
    order = ["panel", "strategy", "way", "ratio"]
    return differences_between(scratch, tuned, _KEY)[[*names, *numbers]].sort_values(order, ignore_index=True)


def chart(data: pd.DataFrame) -> alt.FacetChart:
    """A row a network, a column a strategy."""
    scale = alt.Scale(type="symlog", constant=1)
    axis = alt.Axis(values=DIFFERENCES, labelExpr=SIGNED, tickCount=20, gridColor=ZERO)
    y = alt.Y("difference:Q", title="From scratch minus fine-tuned (pp)", scale=scale, axis=axis)
    ways = alt.Scale(domain=list(_WAYS.values()), range=[ORANGE, BLUE])
    common: dict[str, Any] = {
        "x": alt.X("ratio:O", title="Times smaller", axis=alt.Axis(labelAngle=0, grid=False)),
        "xOffset": alt.XOffset("way:N", sort=list(_WAYS.values())),
        "color": alt.Color("way:N", scale=ways, legend=alt.Legend(title=None, orient="top")),
    }
    bars = alt.Chart().transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.4)
    marks = alt.Chart().mark_circle(size=38, opacity=1).encode(y, tooltip=_TOOLTIP, **common)
    layers = alt.layer(bars.encode(alt.Y("low:Q", scale=scale), alt.Y2("high:Q"), **common), marks, data=DRAWN_ROWS)
    heads = alt.Header(title=None, labelFontSize=11, labelLimit=230)
    # The record of the runs stands below the network: on one line, names of neighbours would overlap.
    networks = alt.Header(title=None, labelFontSize=11, labelExpr="split(replace(datum.label, ' (', '|('), '|')")
    return layers.properties(width=165, height=200).facet(
        row=alt.Row("panel:N", header=networks), column=alt.Column("strategy:N", header=heads), spacing=14
    )
