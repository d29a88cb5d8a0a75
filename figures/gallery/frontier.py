"""How the best results of ResNet-50 on ImageNet have moved, year by year

Up and to the right is better. Lines are frontiers: what no result up to that year beats in both.

Points are headline results of methods in the papers that propose them, coloured by year of publication; of three years
in a row, each has marks and dashes of its own. Above: Top-1 accuracy as printed, which grows with better unpruned
models and longer training, too. Below: the change against the paper's own unpruned model, for papers that print its
accuracy. Left: against theoretical speedup; right: against compression ratio. Results below the lowest 5 % of a panel
lie outside of it.

Alt: Four scatter plots with a stepped frontier for each year in which it moved; later ones lie further up and to the
right.
"""

from __future__ import annotations

from itertools import product

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.analysis.trends.frontiers import ARCHITECTURE, DATASET, frontiers_table, own_points
from prunelit.figures.axes import ZERO, ratio, whole
from prunelit.figures.papers import paper_tooltips, source
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.series import of_years, told_apart
from prunelit.figures.tooltips import METHOD, SOURCE, tip

PLACE = 150
ON_REQUEST = True
HOME = ALL
PAGE = "progress"

_RATIOS = {"speedup": "Theoretical speedup", "compression_ratio": "Compression ratio"}
_QUALITIES = {"top1": "Top-1 accuracy as printed (%)", "top1_change": "Change in Top-1 (pp)"}
_LOWEST = 0.05
_TOOLTIP = [
    *METHOD, tip("published", "Year"), tip("ratio", "Ratio (×)", ".2f"), tip("value", "Value", ".2f"),
    tip("base_top1", "Unpruned Top-1 (%)", ".2f"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a result and panel, then one a point of a frontier and year in which the frontier moved."""
    points = own_points(dataset)
    here = points[(points["dataset"] == DATASET) & (points["architecture"] == ARCHITECTURE)]
    here = here.assign(source=source)
    names = ["paper_id", "method_label", "published", "base_top1", "source"]
    shown = [
        here[names].assign(efficiency=efficiency, quality=quality, ratio=here[efficiency], value=here[quality])
        for efficiency, quality in product(_RATIOS, _QUALITIES)
    ]
    results = pd.concat(shown).dropna(subset=["ratio", "value"]).query("ratio > 1").assign(kind="result")
    lines = frontiers_table(dataset)
    lines = lines.drop(columns=["dataset", "architecture", "method", "training_scheme"])
    moved = _moved(lines.rename(columns={"locator": "source"}).assign(kind="frontier"))
    labels = paper_tooltips(dataset)[["paper_id", "paper", "title"]]
    return pd.concat([results, moved], ignore_index=True).merge(labels, on="paper_id", how="left")


def _moved(lines: pd.DataFrame) -> pd.DataFrame:
    """The frontiers of the years in which they differ from that of the year before."""
    key = ["efficiency", "quality"]
    newest = lines.groupby([*key, "year"])["published"].transform("max")
    return lines[newest == lines["year"]].sort_values([*key, "year", "ratio"])


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """A panel a pair of metrics."""
    rows = (alt.hconcat(*(_panel(data, x, y) for x in _RATIOS), spacing=30) for y in _QUALITIES)
    return alt.vconcat(*rows, spacing=20)


def _panel(data: pd.DataFrame, x: str, y: str) -> alt.LayerChart:
    rows = data[(data["efficiency"] == x) & (data["quality"] == y)]
    low = float(rows.loc[rows["kind"] == "result", "value"].quantile(_LOWEST)) if len(rows) else 0.0
    across = ratio("ratio", _RATIOS[x], rows["ratio"] if len(rows) else data["ratio"])
    grid = alt.Axis(gridColor=ZERO) if y == "top1_change" else alt.Axis()
    up = alt.Y("value:Q", title=_QUALITIES[y], scale=whole(rows["value"].clip(lower=low)), axis=grid)
    here = alt.Chart(DRAWN_ROWS).transform_filter(f"datum.efficiency == '{x}' && datum.quality == '{y}'")
    legend = alt.Legend(title="Year of publication, and of the frontier", orient="top", columns=0)
    hue = of_years(data.assign(year=data["published"]), legend)
    dashes, shapes = told_apart(range(int(data["published"].min()), int(data["published"].max()) + 1))
    shape, dash = alt.Shape("year:N", scale=shapes, legend=legend), alt.StrokeDash("year:N", scale=dashes, legend=None)
    results = here.transform_filter("datum.kind == 'result'").transform_calculate(year="datum.published")
    marks = results.mark_point(filled=True, size=26, opacity=0.55, clip=True)
    points = marks.encode(across, up, hue, shape, tooltip=_TOOLTIP)
    fronts = here.transform_filter("datum.kind == 'frontier'")
    lines = fronts.mark_line(interpolate="step-before", strokeWidth=2, clip=True).encode(across, up, hue, dash)
    layers: alt.LayerChart = points + lines
    return layers.properties(width=420, height=290)
