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

from itertools import product

import altair as alt
import pandas as pd

from prunelit.analysis.claims import FIGURE3
from prunelit.analysis.tradeoff import comparable_points
from prunelit.figures.axes import ZERO, ratio, whole
from prunelit.figures.highlight import FADING, highlighted
from prunelit.figures.rows import ROWS
from prunelit.figures.series import by_year
from prunelit.figures.tables import Tables, source
from prunelit.figures.tooltips import METHOD, SOURCE, WHERE, entry

RATIOS = {"compression_ratio": "Compression ratio", "speedup": "Theoretical speedup"}
CHANGES = {"top1_change": "Change in Top-1 (pp)", "top5_change": "Change in Top-5 (pp)"}
TOOLTIP = [
    *METHOD, entry("year", "Year"), *WHERE,
    entry("efficiency", "Against"), entry("ratio", "Ratio (×)", ".2f"),
    entry("quality", "Shown"), entry("change", "Change (pp)", "+.2f"), entry("deviation", "Deviation (pp)", ".2f"),
    *SOURCE,
]  # fmt: skip


def data(tables: Tables) -> pd.DataFrame:
    """One row a point and panel."""
    points = tables.with_unions(comparable_points(tables.completed, "figure3"))
    points = points[pd.MultiIndex.from_frame(points[["dataset", "architecture"]]).isin(FIGURE3)]
    deviation = points["top1_std"].fillna(points["top1_max_deviation"])
    points = tables.named(points.assign(source=source, deviation=deviation))
    return pd.concat(_row(points, ratio, change) for ratio, change in product(RATIOS, CHANGES))


def _row(points: pd.DataFrame, ratio: str, change: str) -> pd.DataFrame:
    names = ["dataset", "architecture", "paper_id", "paper", "title", "year", "method_label", "source"]
    table = points[names].assign(
        quality=CHANGES[change],
        efficiency=RATIOS[ratio],
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
    columns, scales = _pairs(data), by_year(data)
    first, *others = ([_panel(row, pair, columns[0], *scales) for pair in columns] for row in rows)
    for panel, (dataset, architecture) in zip(first, columns, strict=True):
        panel.title = alt.Title(f"{architecture} on {dataset}", anchor="middle", frame="group", fontSize=13, offset=8)
    lengths = (columns.index(_pairs(row)[-1]) + 1 for row in rows[1:])
    shown = [first, *(row[:length] for row, length in zip(others, lengths, strict=True))]
    grid = alt.vconcat(*(alt.hconcat(*row, spacing=14, bounds="flush") for row in shown), spacing=10)
    return highlighted(grid, [panel.layer[-1].name for row in grid.vconcat for panel in row.hconcat])


def _pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """The configurations that the rows have points of, in the order of the columns."""
    found = set(rows[["dataset", "architecture"]].itertuples(index=False, name=None))
    return [pair for pair in FIGURE3 if pair in found]


def _panel(
    row: pd.DataFrame, pair: tuple[str, str], leftmost: tuple[str, str], colours: alt.Scale, shapes: alt.Scale
) -> alt.LayerChart:
    quality, efficiency = row[["quality", "efficiency"]].iloc[0]
    axis = alt.Axis(gridColor=ZERO, minExtent=30)
    if pair != leftmost:
        axis = alt.Axis(gridColor=ZERO, title=None, labelOpacity=0)
    x = ratio("ratio", efficiency, row["ratio"])
    y = alt.Y("change:Q", title=quality, scale=whole(row["change"], row["low"], row["high"]), axis=axis)
    legend = alt.Legend(title="Methods, by year of publication", orient="bottom", columns=6, symbolLimit=0)
    colour = alt.Color("method_label:N", scale=colours, legend=legend)
    shape = alt.Shape("method_label:N", scale=shapes, legend=legend)
    here = alt.Chart(ROWS)
    for field, value in zip(("efficiency", "quality", "architecture"), (efficiency, quality, pair[1]), strict=True):
        here = here.transform_filter(alt.datum[field] == value)
    bars = here.transform_filter("isValid(datum.low)").mark_rule().encode(alt.Y("low:Q"), alt.Y2("high:Q"))
    lines = here.mark_line(strokeWidth=1.3, opacity=1)
    points = here.mark_point(filled=True, size=40, opacity=1).encode(shape, tooltip=TOOLTIP)
    named = points.properties(name=f"{efficiency} {quality} {pair[1]}")
    panel: alt.LayerChart = (bars + lines + named).encode(x, y, colour, *FADING).properties(width=215, height=160)
    return panel
