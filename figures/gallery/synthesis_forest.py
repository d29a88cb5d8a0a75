"""What all papers together say of each method on one network

Marks are differences from the reference, with 95 % intervals; thin lines reach as far as a new study may lie.

Estimated by a random-effects network meta-analysis. Most papers print one number and no deviation; for these the
standard error is assumed from papers that print one, and every result is drawn under half, twice and four times that
assumption as well. Numbers to the right hold under the assumption as it is, with the number of studies. An interval
that crosses zero is one that evidence does not tell from the reference.

Alt: A row for each method, best first, with four marks and intervals around each; the intervals grow with the assumed
error, and under four times the assumption nearly all of them cross zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.analysis.synthesis.standard_errors import FACTORS
from prunelit.figures.axes import ZERO
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.syntheses import (
    SIGNED_TICKS,
    assumption_marks,
    difference,
    evidence_of,
    named_after,
    network_name,
    of_best_connected,
)
from prunelit.figures.theme import INK
from prunelit.figures.tooltips import SOURCE, tip

if TYPE_CHECKING:
    from prunelit.analysis.synthesis.field import Synthesis

PLACE = 180
ON_REQUEST = True
HOME = ALL
PAGE = "synthesis"
worded = named_after

_WIDTH, _STEP = 560, 36
_TOOLTIP = [
    tip("method", "Method"), tip("reference", "Against"), tip("assumption", "Assumed standard error"),
    tip("effect", "Difference", "+.2f"), tip("lower", "from", "+.2f"), tip("upper", "to", "+.2f"),
    tip("prediction_lower", "New study from", "+.2f"), tip("prediction_upper", "to", "+.2f"),
    tip("studies", "Studies", "d"), tip("deviation", "Own deviations"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a method and multiple of the assumed standard error."""
    return of_best_connected(dataset, rows)


def rows(found: Synthesis) -> pd.DataFrame:
    """The estimates, best first under the assumption as it is."""
    table = found.sensitivity.reset_index().rename(columns={"treatment": "method"})
    table = table[table["method"] != table["reference"]].merge(evidence_of(found), left_on="method", right_index=True)
    once = table[table["factor"] == 1].sort_values(["component", "p_score"], ascending=[True, False], kind="stable")
    order, first = once["method"].tolist(), once["reference"].iloc[0]
    named = table["method"].where(table["reference"] == first, table["method"] + " − " + table["reference"])
    numbers = zip(table["effect"], table["lower"], table["upper"], table["studies"], strict=True)
    told = pd.Series([_said(*one) for one in numbers], table.index)
    placed = table.assign(
        assumption=table["factor"].map(FACTORS),
        place=table["method"].map(order.index),
        label=named,
        said=told.where(table["factor"] == 1),
        title=f"{difference(found)} from {first}{'' if (table['reference'] == first).all() else ' or as named'}",
        network=network_name(found),
    )
    names = ["method", "reference", "factor", "assumption", "effect", "standard_error", "lower", "upper"]
    rest = ["prediction_lower", "prediction_upper", "p_score", "tau2", "studies", "points", "deviation", "source"]
    return placed.sort_values(["place", "factor"], ignore_index=True)[
        [*names, *rest, "label", "said", "title", "network"]
    ]


def _said(effect: float, lower: float, upper: float, studies: int) -> str:
    """An estimate with its interval, and how many studies report the method."""
    numbers = f"{effect:+.2f} [{lower:+.2f}, {upper:+.2f}]".replace("-", "−")
    return f"{numbers}, {studies} {'study' if studies == 1 else 'studies'}"


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """A row a method, with the multiples of the assumption below one another."""
    kinds, colour, shape = assumption_marks(data)
    axis = alt.Axis(labelLimit=300, labelFontSize=12, labelColor=INK, ticks=False, grid=True)
    y = alt.Y("label:N", sort=list(dict.fromkeys(data["label"])), title=None, axis=axis)
    offset = alt.YOffset("assumption:N", sort=kinds, scale=alt.Scale(paddingOuter=0.4))
    x = alt.X("effect:Q", title=data["title"].iloc[0], axis=alt.Axis(labelExpr=SIGNED_TICKS, gridColor=ZERO))
    base = alt.Chart(DRAWN_ROWS)
    predicted = base.transform_filter("isValid(datum.prediction_lower) && datum.factor === 1").mark_rule(
        color="#9a9a9a", strokeWidth=1
    )
    bars = base.mark_rule(strokeWidth=2).encode(alt.X("lower:Q"), y, alt.X2("upper:Q"), offset, colour)
    marks = base.mark_point(filled=True, size=42, opacity=1).encode(x, y, offset, colour, shape, tooltip=_TOOLTIP)
    texts = (
        base.transform_filter("isValid(datum.said)")
        .mark_text(align="left", dx=12, fontSize=11)
        .encode(x=alt.value(_WIDTH), y=y, text="said:N")
    )
    layers = [
        predicted.encode(alt.X("prediction_lower:Q"), y, alt.X2("prediction_upper:Q"), offset),
        bars,
        marks,
        texts,
    ]
    return alt.LayerChart(layer=layers).properties(width=_WIDTH, height=alt.Step(_STEP, **{"for": "position"}))
