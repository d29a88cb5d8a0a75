"""Tradeoff curves of all methods on the most common configurations.

Up and to the right is better. Each line is a method, coloured by the year of its paper.

Columns are the configurations that most papers share, rows are pairs of metrics: change in Top-1 or Top-5 accuracy
against compression ratio or theoretical speedup, as in Blalock et al. 2020, Figure 3. Bars are reported deviations.
Alex/CaffeNet joins the results on AlexNet and on CaffeNet, which papers confuse. Left out are released sweeps,
re-implementations of other papers' methods, and results with an accuracy below 50 %. Pairs of metrics that no paper
reports have no panel.

Alt: A grid of line charts, one line a method. Most methods appear in few of the panels and with few points; within a
panel lines cross and lie close together, and later methods are not clearly above earlier ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import altair as alt
import pandas as pd

from prunelit.analysis.claims.blalock2020 import FIGURE3
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.survey.drawn import among, tradeoff_points
from prunelit.analysis.survey.procedures import OURS
from prunelit.figures.axes import ZERO, ratio, whole
from prunelit.figures.captions import Caption
from prunelit.figures.highlight import FADING, highlighted
from prunelit.figures.papers import source, with_papers
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.series import FEW, of_years, scales_by_year
from prunelit.figures.tooltips import METHOD, SOURCE, WHERE, tip

PLACE = 40

_RATIOS = {"compression_ratio": "Compression ratio", "speedup": "Theoretical speedup"}
_CHANGES = {"top1_change": "Change in Top-1 (pp)", "top5_change": "Change in Top-5 (pp)"}
PANELS_IN_A_ROW = 6
"""Configurations beside one another where the survey has not chosen them."""
_LOWEST = 0.03
"""Share of the points of crowded panels that may lie below what is shown."""
_TOOLTIP = [
    *METHOD, tip("year", "Year"), *WHERE,
    tip("efficiency", "Against"), tip("ratio", "Ratio (×)", ".2f"),
    tip("quality", "Shown"), tip("change", "Change (pp)", "+.2f"), tip("deviation", "Deviation (pp)", ".2f"),
    *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a point and panel."""
    points = tradeoff_points(dataset, OURS)
    points = points[among(points, FIGURE3 if dataset.surveyed else _most_used(points, dataset.unions))]
    deviation = points["top1_std"].fillna(points["top1_max_deviation"])
    points = with_papers(dataset, points.assign(source=source, deviation=deviation))
    return pd.concat(_row(points, ratio, change) for ratio, change in product(_RATIOS, _CHANGES))


def _most_used(points: pd.DataFrame, unions: dict[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """The configurations on which most papers have a point to draw; of a union and its members the union."""
    drawn = points[points[[*_RATIOS]].notna().any(axis=1) & points[[*_CHANGES]].notna().any(axis=1)]
    members = {member for one in unions.values() for member in one}
    papers = drawn[~drawn["architecture"].isin(members)].groupby(["dataset", "architecture"])["paper_id"].nunique()
    return tuple((str(dataset), str(name)) for dataset, name in papers.nlargest(PANELS_IN_A_ROW).index)


def _row(points: pd.DataFrame, ratio: str, change: str) -> pd.DataFrame:
    names = ["dataset", "architecture", "paper_id", "paper", "title", "year", "method_label", "source"]
    table = points[names].assign(
        quality=_CHANGES[change],
        efficiency=_RATIOS[ratio],
        ratio=points[ratio],
        change=points[change],
        deviation=points["deviation"] if change == "top1_change" else float("nan"),
        low=lambda frame: frame["change"] - frame["deviation"],
        high=lambda frame: frame["change"] + frame["deviation"],
    )
    return table.dropna(subset=["ratio", "change"]).sort_values(["year", "method_label", "architecture", "ratio"])


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """A grid of panels over one legend; a row ends with the last configuration that it has points of."""
    rows = [row for _, row in data.groupby(["efficiency", "quality"], sort=False)]
    columns, style = _pairs(data), _many(data) if _is_crowded(data) else _few(data)
    first, *others = ([_panel(row, pair, columns[0], style) for pair in columns] for row in rows)
    for panel, (dataset, architecture) in zip(first, columns, strict=True):
        panel.title = alt.Title(f"{architecture} on {dataset}", anchor="middle", frame="group", fontSize=13, offset=8)
    lengths = (max(map(columns.index, _pairs(row))) + 1 for row in rows[1:])
    shown = [first, *(row[:length] for row, length in zip(others, lengths, strict=True))]
    grid = alt.vconcat(*(alt.hconcat(*row, spacing=14, bounds="flush") for row in shown), spacing=10)
    return highlighted(grid, [panel.layer[-1].name for row in grid.vconcat for panel in row.hconcat])


def _pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """The configurations that the rows have points of, in the order of the columns: the survey's, or by papers."""
    papers = rows.groupby(["dataset", "architecture"])["paper_id"].nunique().sort_values(ascending=False, kind="stable")
    found = list(papers.index)
    return [pair for pair in FIGURE3 if pair in found] if set(found) <= set(FIGURE3) else found


@dataclass(frozen=True, slots=True)
class Style:
    """How methods are told apart, and how large their marks are."""

    colour: alt.Color
    shape: alt.Shape | alt.Detail
    size: float
    line: float
    clip: bool


def _is_crowded(data: pd.DataFrame) -> bool:
    return bool(data["method_label"].nunique() > FEW)


def _few(data: pd.DataFrame) -> Style:
    """Each method has its colour and shape, and a place in the legend."""
    legend = alt.Legend(title="Methods, by year of publication", orient="bottom", columns=6, symbolLimit=0)
    colours, shapes = scales_by_year(data)
    colour = alt.Color("method_label:N", scale=colours, legend=legend)
    return Style(colour, alt.Shape("method_label:N", scale=shapes, legend=legend), size=40, line=1.3, clip=False)


def _many(data: pd.DataFrame) -> Style:
    """Methods have the colour of their year; the pointer tells the rest."""
    return Style(of_years(data), alt.Detail("method_label:N"), size=14, line=0.8, clip=True)


def worded(said: Caption, data: pd.DataFrame) -> Caption:
    """With the configurations that the data chose, and what is cut off."""
    named = ", ".join(f"{architecture} on {dataset}" for dataset, architecture in _pairs(data))
    cut = f" Panels end where {_LOWEST:.0%} of the points lie below." if _is_crowded(data) else ""
    more = (
        f"Columns are the configurations on which most papers have points: {named}. Rows are pairs of metrics, as in "
    )
    more += (
        "Blalock et al. 2020, Figure 3. Bars are reported deviations. Left out are released sweeps, numbers of other "
    )
    more += "papers' methods but for those of benchmarks, and results with an accuracy below 50 %."
    return replace(said, more=more + cut)


def _panel(row: pd.DataFrame, pair: tuple[str, str], leftmost: tuple[str, str], style: Style) -> alt.LayerChart:
    quality, efficiency = row[["quality", "efficiency"]].iloc[0]
    axis = alt.Axis(gridColor=ZERO, minExtent=30)
    if pair != leftmost:
        axis = alt.Axis(gridColor=ZERO, title=None, labelOpacity=0)
    x = ratio("ratio", efficiency, row["ratio"])
    y = alt.Y("change:Q", title=quality, scale=_changes(row, style.clip), axis=axis)
    here = alt.Chart(DRAWN_ROWS)
    shown = {"efficiency": efficiency, "quality": quality, "architecture": pair[1]}
    if style.clip:
        shown["dataset"] = pair[0]
    for field, value in shown.items():
        here = here.transform_filter(alt.datum[field] == value)
    clip: dict[str, Any] = {"clip": True} if style.clip else {}
    bars = here.transform_filter("isValid(datum.low)").mark_rule(**clip).encode(alt.Y("low:Q"), alt.Y2("high:Q"))
    lines = here.mark_line(strokeWidth=style.line, opacity=1, **clip)
    if style.clip:
        lines = lines.encode(style.shape)
    points = here.mark_point(filled=True, size=style.size, opacity=1, **clip).encode(style.shape, tooltip=_TOOLTIP)
    named = points.properties(name=f"{efficiency} {quality} {pair[1]}")
    layers = alt.layer(bars, lines, named, width=215, height=160)  # each sum would copy its parts again
    panel: alt.LayerChart = layers.encode(x, y, style.colour, *FADING)
    return panel


def _changes(row: pd.DataFrame, cut: bool) -> alt.Scale:
    """From the lowest to the highest change; in crowded panels without the lowest few."""
    if not cut:
        return whole(row["change"], row["low"], row["high"])
    return whole(row["change"].clip(lower=float(row["change"].quantile(_LOWEST))))
