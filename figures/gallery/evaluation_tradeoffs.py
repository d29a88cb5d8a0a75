"""What is lost as networks become smaller: our own runs, with their deviations

Up and to the right is better. A mark is the mean Top-1 error of a strategy's runs; bars reach one standard deviation.

All strategies of a seed start from one checkpoint and follow the recipe that counts in their evaluation, whose name
stands above each panel. The dashed line is the unpruned network. Errors and ratios are on logarithmic axes; marks of
one ratio are drawn apart, in the order of the legend. Networks trained from scratch have a figure of their own.

Alt: Panels of falling curves, a row for each network, and a column each for removed weights, removed channels, and
pruning before or during training. Up to 8 times smaller most curves stay near the unpruned network; then they part.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import EVALUATIONS, Dataset
from prunelit.figures.evaluations import evaluated_points
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.series import by_name
from prunelit.figures.theme import GREY
from prunelit.figures.tooltips import SOURCE, WHERE, tip

PLACE = 166
ON_REQUEST = True
HOME = EVALUATIONS

_WEIGHTS, _CHANNELS, _UNTRAINED = "Weights removed", "Channels removed", "Pruned before or during training"
_KINDS = (_WEIGHTS, _CHANNELS, _UNTRAINED)
_SCRATCH_SCHEMES = ("scratch_e", "scratch_b")
_SPREAD = 0.3
"""Half of the width, in powers of two, over which the marks of one ratio are drawn."""
_TICKS = [0.5, 1, 2, 5, 10, 20, 50, 100]
_TOOLTIP = [
    tip("strategy", "Strategy"), *WHERE, tip("compression_ratio", "Compression ratio", ".2f"),
    tip("top1", "Top-1 (%)", ".2f"), tip("top1_std", "Standard deviation (pp)", ".2f"), tip("seeds", "Runs", "d"),
    tip("base_top1", "Unpruned Top-1 (%)", ".2f"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a network, strategy and ratio; of our own evaluations always."""
    points = evaluated_points(dataset)
    counted = ~points["sweep"].astype(bool) & ~points["training_scheme"].isin(_SCRATCH_SCHEMES)
    points = points[counted & points["compression_ratio"].notna()]
    points = points.assign(kind=_kind(points)).sort_values(["kind", "strategy", "panel", "ratio"], ignore_index=True)
    error, deviation = 100 - points["top1"], points["top1_std"].fillna(0)
    shown = points.assign(
        error=error, least=error - deviation, most=error + deviation,
        base_error=100 - points["base_top1"], at=points["compression_ratio"] * 2 ** _apart(points),
    )  # fmt: skip
    names = ["panel", "kind", "dataset", "architecture", "strategy", "source"]
    numbers = ["compression_ratio", "at", "top1", "top1_std", "seeds", "base_top1"]
    return shown[[*names, *numbers, "error", "least", "most", "base_error"]]


def _kind(points: pd.DataFrame) -> pd.Series[str]:
    channels = points["structure"].eq("structured").fillna(False).astype(bool)
    early = points["training_scheme"].isin(["at_initialization", "during_training"])
    return pd.Series(_WEIGHTS, points.index).mask(channels, _CHANNELS).mask(early, _UNTRAINED)


def _apart(points: pd.DataFrame) -> pd.Series[float]:
    """Of each point how far its mark is moved, in powers of two: strategies of a kind are spread evenly."""
    places = points.groupby("kind")["strategy"].transform(lambda names: pd.factorize(names)[0])
    last = places.groupby(points["kind"]).transform("max").clip(lower=1)
    return _SPREAD * (2 * places / last - 1)


def chart(data: pd.DataFrame) -> alt.HConcatChart:
    """A column a kind of strategy, a row a network."""
    kinds = [kind for kind in _KINDS if kind in set(data["kind"])]
    joined = alt.hconcat(*(_column(data, kind) for kind in kinds), spacing=24)
    apart: alt.HConcatChart = joined.resolve_scale(color="independent", shape="independent")
    return apart


def _column(data: pd.DataFrame, kind: str) -> alt.VConcatChart:
    panels = list(dict.fromkeys(data["panel"].sort_values()))
    colours, shapes = by_name(tuple(dict.fromkeys(data.loc[data["kind"] == kind, "strategy"])))
    legend = alt.Legend(title=kind, orient="bottom", columns=2, labelLimit=170)
    hue, shape = (
        alt.Color("strategy:N", scale=colours, legend=legend),
        alt.Shape("strategy:N", scale=shapes, legend=legend),
    )
    return alt.vconcat(*(_panel(data, kind, panel, hue, shape) for panel in panels), spacing=16)


def _panel(data: pd.DataFrame, kind: str, panel: str, hue: alt.Color, shape: alt.Shape) -> alt.LayerChart:
    floor = 0.7 * float(data["error"].clip(lower=0.1).min())
    here = alt.Chart(DRAWN_ROWS).transform_filter((alt.datum.panel == panel) & (alt.datum.kind == kind))
    across: Any = alt.Scale(type="log", base=2, domain=[1.5, 1.4 * float(data["compression_ratio"].max())], nice=False)
    ticks = alt.Axis(values=[2**power for power in range(1, 12)], labelExpr="datum.value + '×'")
    x = alt.X("at:Q", title="Compression ratio", scale=across, axis=ticks)
    down = alt.Scale(type="log", domain=[floor, 100], reverse=True, nice=False, clamp=True)
    y = alt.Y("error:Q", title="Top-1 error (%)", scale=down, axis=alt.Axis(values=_TICKS))
    unpruned = here.mark_rule(strokeDash=[4, 3], color=GREY).encode(y="mean(base_error):Q")
    bars = here.mark_rule(opacity=0.6).encode(x, alt.Y("least:Q", scale=down), alt.Y2("most:Q"), hue)
    lines = here.mark_line(strokeWidth=1, opacity=0.5).encode(x, y, hue)
    marks = here.mark_point(filled=True, size=34, opacity=1).encode(x, y, hue, shape, tooltip=_TOOLTIP)
    layers: alt.LayerChart = unpruned + bars + lines + marks
    return layers.properties(title=alt.Title(panel, fontSize=12, frame="group", offset=4), width=330, height=240)
