"""One method, many numbers: what papers print for the same method, network and ratio

Each row is a setting; each mark is a Top-1 accuracy that papers print for it, by how far it lies below the highest.

A setting is a method, known by the paper that proposed it and by its name, a dataset, an architecture, and a speedup or
compression ratio that is the same within 2 %; training schemes that are known to differ are settings of their own.
Shown are the settings of which papers differ most. Differences have many reasons: variants of the method, other
unpruned models, other training, rounding, and errors of copying. The scale is linear near zero and logarithmic beyond;
numbers to the right are the lowest and the highest accuracy.

Alt: Rows of marks on a scale of differences. In the first rows reports lie furthest apart; further down they come
closer and closer.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.figures.papers import paper_tooltips, with_papers
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, GREEN, INK, ORANGE, PURPLE
from prunelit.figures.tooltips import METHOD, SOURCE, WHERE, tip

PLACE = 160
ON_REQUEST = True
HOME = ALL
PAGE = "progress"

_MOST, LEAST_RANGE = 24, 0.1
"""Settings that are shown at most, and their least spread in percentage points: less may be rounding."""
TICKS = [0, -0.5, -1, -2, -5, -10, -20, -50]
ORIGINS = {"own": BLUE, "rerun": ORANGE, "copied": GREEN, "unclear": PURPLE}
_SHAPES = {"own": "diamond", "rerun": "triangle-up", "copied": "circle", "unclear": "square"}
_TOOLTIP = [
    *METHOD, *WHERE, tip("origin", "Origin"), tip("own_ratio", "Ratio (×)", ".3f"),
    tip("top1", "Top-1 (%)", ".2f"), tip("base_top1", "Unpruned Top-1 (%)", ".2f"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a report of the settings with the largest spread."""
    table = dataset.discrepancies()
    shown = table[(table["setting"] < _MOST) & (table["spread"] >= LEAST_RANGE)]
    rows = with_papers(dataset, shown.assign(setup=_setups(dataset, shown), source=shown["locator"]))
    highest = rows.groupby("setting")["top1"].transform("max")
    lowest = rows.groupby("setting")["top1"].transform("min")
    names = ["setting", "setup", "spread", "paper_id", "paper", "title", "method_label", "dataset", "architecture"]
    numbers = ["origin", "own_ratio", "top1", "base_top1", "source"]
    low, high = (end.map("{:.2f}".format).astype("string") for end in (lowest, highest))
    span = (low + "–" + high).where(~rows["setting"].duplicated())
    return rows[[*names, *numbers]].assign(difference=rows["top1"] - highest, lowest=lowest - highest, span=span)


def _setups(dataset: Dataset, shown: pd.DataFrame) -> pd.Series[str]:
    """The name of each row's setting, with its training scheme where it is needed to tell two settings apart."""
    labels = paper_tooltips(dataset).set_index("paper_id")["paper"]
    settings = shown.groupby("setting")
    method = settings["method"].transform("first").fillna("")
    title = (method + " (" + shown["method_of"].map(labels).astype("string") + "), ").str.removeprefix(" ")
    ratio = ", " + shown["ratio"].map("{:.2f}×".format).astype("string")
    than = shown["efficiency"].map({"speedup": " faster"}).astype("string").fillna(" smaller")
    name = title + shown["architecture"] + " on " + shown["dataset"] + ratio + than
    scheme = (", " + settings["training_scheme"].transform("first").str.replace("_", " ")).fillna("")
    return name.where(shown.groupby(name)["setting"].transform("nunique") == 1, name + scheme)


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """A rule from the lowest to the highest report, with a mark a report."""
    kinds = [origin for origin in ORIGINS if (data["origin"] == origin).any()]
    legend = alt.Legend(title=None, orient="top")
    colour = alt.Color("origin:N", scale=alt.Scale(domain=kinds, range=[ORIGINS[one] for one in kinds]), legend=legend)
    shape = alt.Shape("origin:N", scale=alt.Scale(domain=kinds, range=[_SHAPES[one] for one in kinds]), legend=legend)
    axis = alt.Axis(labelLimit=460, labelFontSize=12, labelColor=INK, ticks=False, grid=True)
    y = alt.Y("setup:N", sort=list(dict.fromkeys(data["setup"])), title=None, axis=axis)
    ticks = [tick for tick in TICKS if tick >= data["lowest"].min()]
    x = alt.X(
        "difference:Q",
        title="Below the highest report (pp)",
        scale=alt.Scale(type="symlog", constant=0.5, domain=[data["lowest"].min() * 1.1, 0], nice=False),
        axis=alt.Axis(values=ticks, format="~g"),
    )
    base = alt.Chart(DRAWN_ROWS, width=460, height=alt.Step(24))
    rules = base.mark_rule(color="#9a9a9a", strokeWidth=1.5).encode(alt.X("lowest:Q"), y, alt.X2(datum=0))
    marks = base.mark_point(size=75, strokeWidth=2, opacity=0.9).encode(x, y, colour, shape, tooltip=_TOOLTIP)
    spans = (
        base.transform_filter("isValid(datum.span)")
        .mark_text(align="left", dx=14)
        .encode(x=alt.value(460), y=y, text="span:N")
    )
    layers: alt.LayerChart = rules + marks + spans
    return layers
