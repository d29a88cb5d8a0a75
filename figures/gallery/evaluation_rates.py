"""What a larger rate of fine-tuning gains: every strategy of our own runs

Right of the line, the rate that counts in the evaluation is better than a smaller or larger one. Bars: 95 % intervals.

Wang et al. 2023 find that much of what is ascribed to methods is due to the rate of fine-tuning. Each mark is the
difference in mean Top-1 between two groups of runs that start from the same pruned networks and differ in the rate
alone. Columns: how many times smaller the networks are. The axis is logarithmic beyond ±1. Intervals take runs for
independent, although those of a seed share a checkpoint.

Alt: A grid of panels, networks by ratios, with a row for each strategy. Nearly all marks lie right of zero, and further
the larger the ratio is and the smaller the rate that is compared.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import EVALUATIONS, Dataset
from prunelit.figures.axes import SIGNED, ZERO
from prunelit.figures.evaluations import DIFFERENCES, differences_between, evaluated_points
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import SERIES
from prunelit.figures.tooltips import SOURCE, WHERE, tip

PLACE = 168
ON_REQUEST = True
HOME = EVALUATIONS

_KEY = [
    "paper_id", "experiment", "panel", "strategy", "ratio", "fine_tuning_epochs", "learning_rate_schedule",
    "optimizer", "training_batch_size", "weight_decay", "pruning_schedule",
]  # fmt: skip
"""What two groups of runs have to have in common."""
_TOOLTIP = [
    tip("strategy", "Strategy"), *WHERE, tip("ratio", "Ratio", ".3~g"), tip("learning_rate", "Rate", ".3~g"),
    tip("other_rate", "Other rate", ".3~g"), tip("top1", "Top-1 (%)", ".2f"),
    tip("top1_other", "at the other rate (%)", ".2f"), tip("difference", "Difference (pp)", "+.2f"),
    tip("low", "from (pp)", "+.2f"), tip("high", "to (pp)", "+.2f"), tip("seeds", "Runs", "d"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a network, strategy, ratio and other rate; of our own evaluations always."""
    points = evaluated_points(dataset)
    points = points[points["training_scheme"].eq("fine_tuned").fillna(False).astype(bool)]
    swept = points["sweep"].astype(bool)
    pairs = [
        differences_between(points[~swept], rows, _KEY).assign(other_rate=rate)
        for rate, rows in points[swept].groupby("learning_rate")
    ]
    joined = pd.concat(pairs)
    told = joined.assign(
        versus=joined["learning_rate"].map("{:g}".format) + " against " + joined["other_rate"].map("{:g}".format)
    )
    names = ["panel", "dataset", "architecture", "strategy", "versus", "source"]
    numbers = ["ratio", "learning_rate", "other_rate", "top1", "top1_other", "seeds", "difference", "low", "high"]
    order = ["panel", "strategy", "ratio", "other_rate"]
    return told[told["learning_rate"] != told["other_rate"]][[*names, *numbers]].sort_values(order, ignore_index=True)


def chart(data: pd.DataFrame) -> alt.FacetChart:
    """A row a network, a column a ratio."""
    scale = alt.Scale(type="symlog", constant=1)
    axis = alt.Axis(values=DIFFERENCES, labelExpr=SIGNED, tickCount=20, gridColor=ZERO)
    x = alt.X("difference:Q", title="Difference (pp)", scale=scale, axis=axis)
    rates = sorted(data["versus"].unique())
    hues = alt.Scale(domain=rates, range=SERIES[: len(rates)])
    common: dict[str, Any] = {
        "y": alt.Y("strategy:N", title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)),
        "yOffset": alt.YOffset("versus:N", sort=rates),
        "color": alt.Color("versus:N", scale=hues, legend=alt.Legend(title="Rate", orient="top")),
    }
    bars = alt.Chart().transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.3)
    marks = alt.Chart().mark_circle(size=30, opacity=1).encode(x, tooltip=_TOOLTIP, **common)
    layers = alt.layer(bars.encode(alt.X("low:Q", scale=scale), alt.X2("high:Q"), **common), marks, data=DRAWN_ROWS)
    heads = alt.Header(title=None, labelFontSize=11, labelLimit=300)
    times = alt.Header(title="Times smaller", labelFontSize=11)
    return layers.properties(width=175, height=alt.Step(11)).facet(
        row=alt.Row("panel:N", header=heads), column=alt.Column("ratio:O", header=times), spacing=12
    )
