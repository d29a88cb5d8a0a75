"""Networks that are simply smaller, against networks that were pruned: our own runs

Up and to the right is better. Blue networks have fewer channels in every layer; grey ones are pruned and fine-tuned.

Mean Top-1 error against theoretical speedup, both on logarithmic axes; bars reach one standard deviation. Reduced
networks (Crowley et al. 2018) were never pruned; orange are networks whose channels a strategy chose and whose weights
are random again. Where a strategy removes the same share of every layer, its networks from scratch are the reduced
ones: they were run once, and stand under the strategy. Each panel names the evaluation that its runs come from.

Alt: A panel for each network, with falling curves. Up to a speedup of about ten, curves of reduced networks and of
networks trained from scratch lie among those of fine-tuned ones.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import EVALUATIONS, Dataset
from prunelit.figures.axes import ratio as ratio_axis
from prunelit.figures.evaluations import evaluated_points
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, ORANGE, VERMILION
from prunelit.figures.tooltips import SOURCE, WHERE, tip

PLACE = 169
ON_REQUEST = True
HOME = EVALUATIONS

_WAYS = {
    "reduced_network": ("Reduced width", BLUE),
    "scratch_e": ("Pruned, Scratch-E", ORANGE),
    "scratch_b": ("Pruned, Scratch-B", VERMILION),
    "fine_tuned": ("Pruned, fine-tuned", "#a0a0a0"),
}
_TICKS = [0.5, 1, 2, 5, 10, 20, 50, 100]
_TOOLTIP = [
    tip("strategy", "Strategy"), *WHERE, tip("way", "Trained"), tip("ratio", "Times smaller", ".3~g"),
    tip("speedup", "Theoretical speedup", ".2f"), tip("top1", "Top-1 (%)", ".2f"),
    tip("top1_std", "Standard deviation (pp)", ".2f"), tip("seeds", "Runs", "d"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a network without channels, and way to train it; of our own evaluations always."""
    points = evaluated_points(dataset)
    structured = points["structure"].eq("structured").fillna(False).astype(bool)
    points = points[structured & ~points["sweep"].astype(bool) & points["speedup"].notna()]
    ways = {scheme: way for scheme, (way, _) in _WAYS.items()}
    points = points.assign(way=points["training_scheme"].map(ways)).dropna(subset=["way"])
    error, deviation = 100 - points["top1"], points["top1_std"].fillna(0)
    shown = points.assign(error=error, least=error - deviation, most=error + deviation)
    names = ["panel", "dataset", "architecture", "strategy", "way", "source"]
    numbers = ["ratio", "speedup", "top1", "top1_std", "seeds", "error", "least", "most"]
    return shown[[*names, *numbers]].sort_values(["panel", "way", "strategy", "ratio"], ignore_index=True)


def chart(data: pd.DataFrame) -> alt.HConcatChart:
    """A panel a network."""
    panels = data["panel"].drop_duplicates().sort_values()
    joined: alt.HConcatChart = alt.hconcat(*(_panel(data, one) for one in panels), spacing=24)
    return joined


def _panel(data: pd.DataFrame, panel: str) -> alt.LayerChart:
    rows = data[data["panel"] == panel]
    here = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.panel == panel)
    x = ratio_axis("speedup", "Theoretical speedup", rows["speedup"])
    floor = 0.7 * float(data["error"].clip(lower=0.1).min())
    down = alt.Scale(type="log", domain=[floor, 100], reverse=True, nice=False, clamp=True)
    y = alt.Y("error:Q", title="Top-1 error (%)", scale=down, axis=alt.Axis(values=_TICKS))
    names, hues = [way for way, _ in _WAYS.values()], [hue for _, hue in _WAYS.values()]
    legend = alt.Legend(title=None, orient="top")
    hue = alt.Color("way:N", scale=alt.Scale(domain=names, range=hues), legend=legend)
    detail = alt.Detail("strategy:N")
    layers: list[Any] = []
    for way in reversed(names):
        of_way = here.transform_filter(alt.datum.way == way)
        bars = of_way.mark_rule(opacity=0.7).encode(x, alt.Y("least:Q", scale=down), alt.Y2("most:Q"), hue)
        lines = of_way.mark_line(strokeWidth=1.5, opacity=0.7).encode(x, y, hue, detail)
        marks = of_way.mark_circle(size=36, opacity=1).encode(x, y, hue, detail, tooltip=_TOOLTIP)
        layers += [bars, lines, marks]
    title = alt.Title(panel, fontSize=12, frame="group", offset=4)
    return alt.LayerChart(layer=layers).properties(title=title, width=430, height=330)
