"""Which methods papers compare on one network

Circles are methods, as large as there are curves of them; lines join methods that a paper reports together.

A line is as wide as there are studies that compare the two, blue where at least one reports deviations, and grey where
all deviations behind it are assumed. In the middle stands the method that the others are compared with: where it is the
unpruned model, a line to it is a change in accuracy that a paper prints. A network of lines that only lead there is a
star: methods are then compared through unpruned models alone, and nothing tells how well papers agree.

Alt: A circle for each method around the reference in the middle, with lines between those that papers compare. Nearly
all lines lead to the middle.
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Literal

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.syntheses import (
    ASSUMED_DEVIATION,
    REPORTED_DEVIATION,
    evidence_of,
    named_after,
    network_name,
    of_best_connected,
)
from prunelit.figures.theme import BLUE, INK, SKY
from prunelit.figures.tooltips import SOURCE, tip

if TYPE_CHECKING:
    from prunelit.analysis.synthesis.field import Synthesis

PLACE = 170
ON_REQUEST = True
HOME = ALL
PAGE = "synthesis"
worded = named_after

_SIZE, _REACH = 700, 1.7
_NAMED: tuple[tuple[str, Literal["left", "right"], int], ...] = (("right", "left", 14), ("left", "right", -14))
"""On which side of the circle names begin or end, and how far from it."""
_AROUND = 90
"""Names that have room around the circle."""
_HUES = {REPORTED_DEVIATION: BLUE, ASSUMED_DEVIATION: "#b5b5b5"}
_METHOD = [tip("method", "Method"), tip("studies", "Studies", "d"), tip("points", "Curves", "d"), *SOURCE]
_COMPARISON = [
    tip("method", "Method"), tip("other", "Compared with"), tip("studies", "Studies", "d"),
    tip("deviation", "Deviations"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a method, then one a comparison."""
    return of_best_connected(dataset, rows)


def rows(found: Synthesis) -> pd.DataFrame:
    """The methods with their places, and the comparisons between those."""
    behind = evidence_of(found)
    middle = found.network.components["reference"].iloc[0]
    order = [middle, *(name for name in found.network.random.index if name != middle)]
    places = pd.DataFrame([_place(at, len(order) - 1) for at in range(len(order))], pd.Index(order, name="method"))
    methods = places.join(behind).reset_index().assign(kind="method")
    edges = found.contrasts.groupby(["treatment1", "treatment2"], as_index=False).agg(
        studies=("study", "nunique"),
        all_assumed=("assumed", "all"),
        source=("study", lambda studies: " | ".join(dict.fromkeys(studies))),
    )
    ends = {"x": "treatment1", "y": "treatment1", "x2": "treatment2", "y2": "treatment2"}
    lines = edges.assign(
        kind="comparison",
        deviation=edges.pop("all_assumed").map({True: ASSUMED_DEVIATION, False: REPORTED_DEVIATION}),
        **{name: edges[end].map(places[name[0]]) for name, end in ends.items()},
    ).rename(columns={"treatment1": "method", "treatment2": "other"})
    return pd.concat([methods, lines], ignore_index=True).assign(network=network_name(found))


def _place(at: int, others: int) -> dict[str, object]:
    """The first one in the middle, the others around it, each with the direction of its name."""
    if not at:
        return {"x": 0.0, "y": 0.0, "side": "middle", "turn": 0.0}
    turn = (at - 1) / others * 2 * pi
    side = "left" if pi / 2 < turn < 3 * pi / 2 else "right"
    degrees = -turn * 180 / pi + (180 if side == "left" else 0)
    return {"x": round(cos(turn), 6), "y": round(sin(turn), 6), "side": side, "turn": round(degrees, 4)}


def legible(methods: pd.DataFrame) -> list[str]:
    """The methods around the circle whose names do not touch, those of most curves first.

    Args:
        methods: Their rows, in their order around the circle.
    """
    apart, free = -(-len(methods) // _AROUND), [True] * len(methods)
    found = []
    for at in methods["points"].reset_index(drop=True).sort_values(ascending=False, kind="stable").index:
        if free[at]:
            found.append(str(methods["method"].iloc[at]))
            for near in range(at - apart + 1, at + apart):
                free[near % len(methods)] = False
    return found


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """Lines below, then circles, then names along the rays."""
    scale = alt.Scale(domain=[-_REACH, _REACH], nice=False)
    x, y = alt.X("x:Q", axis=None, scale=scale), alt.Y("y:Q", axis=None, scale=scale)
    most = max(int(data["studies"].max()), 2)
    width = alt.Size("studies:Q", scale=alt.Scale(domain=[1, most], range=[1.2, 7]), legend=None)
    hue = alt.Color(
        "deviation:N",
        scale=alt.Scale(domain=list(_HUES), range=list(_HUES.values())),
        legend=alt.Legend(title="Standard deviations", orient="top-left", symbolType="stroke", symbolStrokeWidth=4),
    )
    area = alt.Size("points:Q", scale=alt.Scale(domain=[0, int(data["points"].max())], range=[60, 900]), legend=None)
    base = alt.Chart(DRAWN_ROWS, width=_SIZE, height=_SIZE)
    compared = base.transform_filter(alt.datum.kind == "comparison")
    methods = base.transform_filter(alt.datum.kind == "method")
    lines = compared.mark_rule(opacity=0.75).encode(
        x, y, alt.X2("x2:Q"), alt.Y2("y2:Q"), width, hue, tooltip=_COMPARISON
    )
    circles = methods.mark_circle(color=SKY, stroke=INK, strokeWidth=1, opacity=1).encode(x, y, area, tooltip=_METHOD)
    turned = alt.Angle("turn:Q", scale=None)
    around = data[(data["kind"] == "method") & (data["side"] != "middle")]
    named = (
        methods.transform_filter(alt.FieldOneOfPredicate("method", legible(around)))
        if len(around) > _AROUND
        else methods
    )
    names = [
        named.transform_filter(alt.datum.side == side)
        .mark_text(align=align, dx=dx, baseline="middle", fontSize=12)
        .encode(x, y, turned, text="method:N")
        for side, align, dx in _NAMED
    ]
    middle = (
        methods.transform_filter(alt.datum.side == "middle")
        .mark_text(fontSize=13, fontWeight="bold", stroke="white", strokeWidth=4, strokeJoin="round")
        .encode(x, y, text="method:N")
    )
    inner = methods.transform_filter(alt.datum.side == "middle").mark_text(fontSize=13, fontWeight="bold")
    layers = [lines, circles, *names, middle, inner.encode(x, y, text="method:N")]
    drawn: alt.LayerChart = alt.LayerChart(layer=layers).resolve_scale(size="independent")
    return drawn.properties(width=_SIZE, height=_SIZE)
