"""Trained from scratch for long enough, structured pruned networks are as good as fine-tuned ones

Right of the line, a pruned network is better trained from scratch than fine-tuned. Bars and diamonds: 95 % intervals.

Differences in Top-1 accuracy as Liu et al. 2019 report them, network by network: trained from scratch for as many
epochs as the unpruned network (Scratch-E) or for as much computation (Scratch-B). Diamonds pool a panel: filled by a
random-effects model, with the share of the variance that lies between networks (I²); hollow, on ImageNet, as the mean
of single runs, which have no deviations. On CIFAR-10 intervals are those of means of five runs, on CIFAR-100, where no
source states their number, of single runs. ThiNet and regression are compared by changes, each relative to its own
unpruned network.

Alt: Eight panels with a row for each pruned network and a pooled row. On CIFAR the pooled differences lie within one
percentage point of zero, those of Scratch-B all above it. On ImageNet Scratch-B is better for all structured networks,
by 1.4 percentage points on average, and worse for three of the four unstructured ones; Scratch-E is worse for all four.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from prunelit.analysis.compare.scratch_vs_finetuning import AUTOMATIC, RANDOM_EFFECTS, SINGLE, STRUCTURED
from prunelit.analysis.dataset import Dataset
from prunelit.figures.axes import SIGNED, ZERO
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, ORANGE
from prunelit.figures.tooltips import WHERE, tip

PLACE = 130
ON_REQUEST = True
HOME = "scratch"

WAYS = {"scratch_e": "Scratch-E", "scratch_b": "Scratch-B"}
_HUES = {"Scratch-E": ORANGE, "Scratch-B": BLUE}
FAMILIES = {
    STRUCTURED: "Structured, predefined targets",
    AUTOMATIC: "Structured, automatic targets",
    SINGLE: "Unstructured",
}
_METHODS = {"Regression based feature reconstruction": "Regression", "Sparse Structure Selection": "SSS"}
PANEL_COLUMNS = (("CIFAR-10", "CIFAR-100"), ("ImageNet",))
"""Datasets whose panels stand in one column."""
POOLED, OF_MODEL, OF_MEAN = "pooled", "random effects", "mean"
NORMAL = 1.96
"""Standard errors from the mean to the end of a 95 % interval of the normal distribution."""
_WIDTH, STEP = 350, 24
REACH = 3.3
"""Where the axis ends, in percentage points."""
_TOOLTIP = [
    tip("label", "Network"), *WHERE, tip("method", "Method"), tip("way", "Trained"),
    tip("difference", "Difference (pp)", "+.2f"), tip("low", "from (pp)", "+.2f"), tip("high", "to (pp)", "+.2f"),
    tip("networks", "Networks", "d"), tip("worse", "of them worse", "d"), tip("pooling", "Pooling"),
    tip("tau", "Deviation between networks (pp)", ".2f"), tip("i2", "Variance between networks", ".0%"),
    tip("source", "Source"),
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a pruned network and way to train it from scratch, then one a panel and way; of one collection always."""
    pairs = dataset.of(None).scratch_vs_finetuning()
    reach = NORMAL * pairs["standard_error"]
    networks = pairs.assign(
        kind="network",
        label=_label(pairs),
        low=pairs["difference"] - reach,
        high=pairs["difference"] + reach,
        source=pairs["locator"] + "; " + pairs["locator_reference"],
    )
    pools = dataset.of(None).scratch_vs_finetuning_pooled().dropna(subset=["low"])
    filled = pools["pooling"] == RANDOM_EFFECTS
    counted = "pooled, " + pools["networks"].astype("string") + " networks"
    pools = pools.assign(
        kind=POOLED,
        label=counted,
        mark=filled.map({True: OF_MODEL, False: OF_MEAN}),
        heterogeneity=pools["i2"].map("I² {:.0%}".format, na_action="ignore"),
    )
    rows = pd.concat([networks, pools])[[*_NAMES, *_NUMBERS]]
    panel = rows["family"].map(FAMILIES) + ", " + rows["dataset"]
    return rows.assign(panel=panel, way=rows["training_scheme"].map(WAYS)).reset_index(drop=True)


_NAMES = [
    "kind", "mark", "family", "dataset", "architecture", "method", "label", "training_scheme", "source",
]  # fmt: skip
_NUMBERS = ["difference", "low", "high", "networks", "worse", "pooling", "tau", "i2", "heterogeneity"]


def _label(pairs: pd.DataFrame) -> pd.Series[str]:
    """A network's method and name, with its architecture where the name is only a share: ``Slimming, VGG-19, 70%``."""
    method = pairs["method"].replace(_METHODS).str.replace("Network ", "").str.removesuffix(" pruning")
    share = pairs["pruned_model"].str.match(r"\d")
    network = pairs["pruned_model"].mask(share, pairs["architecture"] + ", " + pairs["pruned_model"])
    return (method + ", " + network).str.replace("VGG-A+BN-noDrop", "VGG-11", regex=False)


def chart(data: pd.DataFrame) -> alt.HConcatChart:
    """CIFAR to the left, ImageNet to the right, a panel a family and dataset."""
    columns = ([(family, one) for family in FAMILIES for one in datasets] for datasets in PANEL_COLUMNS)
    drawn = (alt.vconcat(*_panels(data, panels), spacing=14) for panels in columns)
    return alt.hconcat(*drawn, spacing=30)


def _panels(data: pd.DataFrame, panels: list[tuple[str, str]]) -> list[alt.LayerChart]:
    drawn = set(data["panel"])
    found = [name for family, dataset in panels if (name := f"{FAMILIES[family]}, {dataset}") in drawn]
    return [_panel(data, name, last=name == found[-1]) for name in found]


def _panel(data: pd.DataFrame, panel: str, last: bool) -> alt.LayerChart:
    labels = list(dict.fromkeys(data.loc[data["panel"] == panel, "label"]))
    scale = alt.Scale(domain=[-REACH, REACH], nice=False)
    axis = alt.Axis(gridColor=ZERO, values=[-3, -2, -1, 0, 1, 2, 3], labels=last, ticks=last, labelExpr=SIGNED)
    x = alt.X("difference:Q", title="From scratch minus fine-tuned (pp)" if last else None, scale=scale, axis=axis)
    bold: Any = alt.condition("test(/^pooled/, datum.value)", alt.value("bold"), alt.value("normal"))
    names = alt.Axis(ticks=False, domain=False, grid=False, labelLimit=260, labelFontWeight=bold)
    y = alt.Y("label:N", title=None, sort=labels, axis=names)
    hues = alt.Scale(domain=list(_HUES), range=list(_HUES.values()))
    common: dict[str, Any] = {
        "y": y,
        "yOffset": alt.YOffset("way:N", sort=list(_HUES)),
        "color": alt.Color("way:N", scale=hues, legend=alt.Legend(title=None, orient="top")),
    }
    here = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.panel == panel)
    pools = here.transform_filter(alt.datum.kind == POOLED)
    bars = (
        here.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.4).encode(x="low:Q", x2="high:Q", **common)
    )
    points = here.transform_filter(alt.datum.kind != POOLED).mark_circle(size=42, opacity=1)
    full = pools.transform_filter(alt.datum.mark == OF_MODEL).mark_point(
        shape="diamond", size=95, filled=True, opacity=1
    )
    hollow = pools.transform_filter(alt.datum.mark == OF_MEAN).mark_point(shape="diamond", size=95, fill="white")
    shares = pools.transform_filter("isValid(datum.i2)").mark_text(align="right", fontSize=9)
    texts = shares.encode(x=alt.value(_WIDTH - 3), text="heterogeneity:N", **common)
    marks = [one.encode(x, tooltip=_TOOLTIP, **common) for one in (points, full, hollow)]
    title = alt.Title(panel, fontSize=12, frame="group", offset=4)
    layers = alt.LayerChart(layer=[bars, *marks, texts])
    return layers.properties(title=title, width=_WIDTH, height=STEP * len(labels))
