"""Variants of magnitude pruning against all other methods, with ResNet-50 on ImageNet.

Up and to the left is better. Bars are deviations over runs.

Top: unstructured magnitude pruning in all its variants. Bottom: all other methods, other variants of Frankle et al.
2019 and random pruning left out. As in Blalock et al. 2020, Figure 5, results are normalized to unpruned reference
networks, and those with at most 65 % accuracy or 0.99 million parameters are left out to keep the scale readable.
Where several runs of a released sweep end with the same size, the mean is drawn, and their standard deviation as a
bar; other bars are deviations as reported.

Alt: Two scatter plots of Top-1 accuracy against number of parameters. Variants of magnitude pruning spread over
several percentage points at the same size, as much as the other methods do.
"""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import SURVEY, Dataset
from prunelit.analysis.frames.headline import headline
from prunelit.analysis.survey.drawn import MAGNITUDE, OTHER, readable, with_panels
from prunelit.analysis.survey.procedures import OURS
from prunelit.figures.axes import counts, whole
from prunelit.figures.captions import Caption
from prunelit.figures.papers import source, with_papers
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.series import by_name, of_years, uncut
from prunelit.figures.tooltips import METHOD, SOURCE, tip

PLACE = 60

PANELS = {MAGNITUDE: "Unstructured magnitude pruning", OTHER: "All other methods"}
MANY = 25
"""Methods up to which a legend names them."""
_MOST = 20
"""Sizes up to which a line joins the points of a method; a sweep over more is a cloud."""
_TOOLTIP = [
    *METHOD,
    tip("normalized_params", "Parameters", ".3s"),
    tip("normalized_top1", "Top-1 (%)", ".2f"),
    tip("deviation", "Deviation (pp)", ".2f"),
    tip("runs", "Runs", "d"),
    *SOURCE,
]


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a method and size."""
    rows = with_panels(dataset, _counted(readable(dataset, OURS)))
    reported = rows["top1_std"].fillna(rows["top1_max_deviation"])
    found = with_papers(dataset, _means(_best_settings(rows.assign(source=source, reported=reported))))
    return found.sort_values(["panel", "year", "method_label", "normalized_params"], ignore_index=True)


def _counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Headline results, and the released sweeps in which runs are repeated."""
    return rows[rows["sweep"].astype(bool) | rows.index.isin(headline(rows).index)]


def _best_settings(rows: pd.DataFrame) -> pd.DataFrame:
    """Of a sweep over settings in which each point is a mean of runs, only the best setting of each size.

    To average settings would show neither a method nor its deviation.  The survey's sweeps stay as it drew them.
    """
    surveyed = rows["collections"].str.split("; ").map(lambda names: SURVEY in names).astype(bool)
    of_settings = rows["sweep"].astype(bool) & (rows["seeds"] > 1).fillna(False).astype(bool) & ~surveyed
    best = rows[of_settings].sort_values("normalized_top1", ascending=False, kind="stable")
    return pd.concat([rows[~of_settings], best.drop_duplicates(["method_label", "normalized_params"])])


def worded(said: Caption, data: pd.DataFrame) -> Caption:
    """With what is added where more is known than in the survey."""
    more = (
        " Unstructured magnitude pruning is what the survey lists (corpus/groups.yaml), and what records mark as "
        "magnitude pruning, of methods that they classify as unstructured. Of sweeps over settings whose points are "
        "means of runs, the best setting of each size is drawn. Where there are too many methods to be named, the "
        "colour is the year."
    )
    return replace(said, more=said.more + more)


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a method and size, with the mean of its runs, and their standard deviation or the reported deviation."""
    runs = rows.groupby(["panel", "paper_id", "method_label", "normalized_params"], as_index=False)
    found = runs.agg(
        mean=("normalized_top1", "mean"),
        runs=("normalized_top1", "size"),
        std=("normalized_top1", "std"),
        reported=("reported", "max"),
        source=("source", "first"),
    )
    deviation = found["std"].fillna(found["reported"])
    sizes = found.groupby("method_label")["normalized_params"].transform("size")
    return found.drop(columns=["mean", "std", "reported"]).assign(
        normalized_top1=found["mean"],
        deviation=deviation,
        low=found["mean"] - deviation,
        high=found["mean"] + deviation,
        line=sizes <= _MOST,
    )


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """One panel above the other, on the same scales."""
    drawn = set(data["panel"])
    panels = (_panel(data, panel, title) for panel, title in PANELS.items() if panel in drawn)
    resolve = alt.Resolve(scale=alt.ScaleResolveMap(color="independent", shape="independent"))
    return alt.vconcat(*panels, spacing=24, resolve=resolve)


def _panel(data: pd.DataFrame, panel: str, title: str) -> alt.LayerChart:
    names = tuple(data.loc[data["panel"] == panel, "method_label"].unique())
    colours, shapes = by_name(names)
    x = counts("normalized_params", "Parameters", data["normalized_params"], room=1.1)
    y = alt.Y(
        "normalized_top1:Q", title="Top-1 accuracy (%)", scale=whole(data["normalized_top1"], data["low"], data["high"])
    )
    legend = uncut(names)
    colour = alt.Color("method_label:N", scale=colours, legend=legend)
    shape = alt.Shape("method_label:N", scale=shapes, legend=legend)
    size = alt.SizeValue(25, condition={"test": "datum.line", "value": 55})
    here = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.panel == panel)
    bars = here.transform_filter("isValid(datum.low)").mark_rule().encode(x, alt.Y("low:Q"), alt.Y2("high:Q"), colour)
    lines = here.transform_filter("datum.line").mark_line(strokeWidth=1.5).encode(x, y, colour)
    if len(names) > MANY:
        return _crowded(data, panel, title, x, y)
    points = here.mark_point(filled=True, opacity=0.9).encode(x, y, colour, shape, size, tooltip=_TOOLTIP)
    chart: alt.LayerChart = (lines + bars + points).properties(
        title=alt.Title(title, fontSize=13), width=560, height=270
    )
    return chart


def _crowded(data: pd.DataFrame, panel: str, title: str, x: alt.X, y: alt.Y) -> alt.LayerChart:
    """A panel of methods too many to be named: they have the colour of their year, the pointer tells the rest."""
    legend = alt.Legend(title="Year of publication", orient="right")
    base = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.panel == panel).encode(x, of_years(data, legend))
    one = alt.Detail("method_label:N")
    bars = base.transform_filter("isValid(datum.low)").mark_rule(opacity=0.5).encode(alt.Y("low:Q"), alt.Y2("high:Q"))
    lines = base.transform_filter("datum.line").mark_line(strokeWidth=0.8, opacity=0.6).encode(y, one)
    size = alt.SizeValue(10, condition={"test": "datum.line", "value": 26})
    points = base.mark_point(filled=True, opacity=0.8).encode(y, one, size, tooltip=_TOOLTIP)
    layers: alt.LayerChart = lines + bars + points
    return layers.properties(title=alt.Title(title, fontSize=13), width=560, height=400)
