"""Which strategies keep accuracy: 24 of them on two small networks, run by prunelit itself

Each cell is the mean Top-1 accuracy of five runs in percent, and the rank of the strategy at the ratio in brackets.

Handwritten digits of 8 × 8 pixels; all strategies of a seed start from one checkpoint and follow one recipe, with a
rate of fine-tuning of 0.1. The ratio is that of all parameters; structured strategies cannot make the smaller network
16 or 32 times smaller. Strategies stand in the order of their mean rank. Standard deviations are in the tooltips: at 32
times networks collapse for some seeds and not for others, and accuracies at 2 times differ by little more than chance.

Alt: Two tables of coloured cells, one for each network, with a row for each strategy and a column for each ratio from 2
to 32. Up to 8 times nearly all cells are dark, those of GraSP on LeNet-300-100 excepted; at 32 times most are pale.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import EVALUATIONS, Dataset
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import INK
from prunelit.figures.tooltips import SOURCE, WHERE, tip

PLACE = 165
ON_REQUEST = True
HOME = EVALUATIONS

FROM_SCRATCH_NAMES = {"scratch_e": "Scratch-E", "scratch_b": "Scratch-B"}
"""Schemes beside fine-tuning that a strategy is run under, too."""
WORST = -20
"""Percentage points of change from which on all cells are alike."""
_TOOLTIP = [
    tip("strategy", "Strategy"), *WHERE, tip("ratio", "Ratio", "d"), tip("top1", "Top-1 (%)", ".2f"),
    tip("top1_std", "Standard deviation (pp)", ".2f"), tip("seeds", "Runs", "d"),
    tip("top1_change", "Change (pp)", "+.2f"), tip("rank", "Rank", "d"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a network, strategy and ratio; of our own evaluations always."""
    points = dataset.of(EVALUATIONS).completed()
    points = points[~points["sweep"].astype(bool) & points["pruned_model"].notna()]
    scheme = points["training_scheme"].map(FROM_SCRATCH_NAMES)
    named = points["canonical_method"] + (", " + scheme).fillna("")
    ratio = points["pruned_model"].str.removesuffix("x").astype("int64")
    rows = points.assign(strategy=named, ratio=ratio, source=points["locator"])
    cell = rows.groupby(["dataset", "architecture", "ratio"])["top1"]
    rows = rows.assign(rank=cell.rank(ascending=False, method="min").astype("int64"))
    order = rows.groupby("strategy")["rank"].transform("mean")
    label = rows["top1"].map("{:.1f}".format).astype("object") + " (" + rows["rank"].astype(str) + ")"
    told = rows.assign(order=order, label=label)
    names = ["dataset", "architecture", "strategy", "ratio", "label", "source"]
    numbers = ["top1", "top1_std", "seeds", "top1_change", "rank", "order"]
    return told[[*names, *numbers]].sort_values(["order", "strategy", "architecture", "ratio"], ignore_index=True)


def chart(data: pd.DataFrame) -> alt.HConcatChart:
    """A table of cells for each network."""
    networks = data["architecture"].drop_duplicates().sort_values()
    strategies = list(dict.fromkeys(data["strategy"]))
    panels = [_panel(network, strategies, first=at == 0) for at, network in enumerate(networks)]
    joined: alt.HConcatChart = alt.hconcat(*panels, data=DRAWN_ROWS, spacing=14)
    return joined


def _panel(network: str, strategies: list[str], first: bool) -> alt.LayerChart:
    labels = alt.Axis(
        labelLimit=300, labelFontSize=12, labelColor=INK, ticks=False, domain=False, grid=False, labels=first
    )
    shape = {
        "x": alt.X("ratio:O", title="Times smaller", axis=alt.Axis(labelAngle=0, orient="top", grid=False)),
        "y": alt.Y("strategy:N", sort=strategies, title=None, scale=alt.Scale(domain=strategies), axis=labels),
    }
    scale = alt.Scale(domain=[WORST, 0], clamp=True, range=["#f7fbff", "#08519c"])
    cells = (
        alt.Chart()
        .mark_rect(stroke="white")
        .encode(**shape, color=alt.Color("top1_change:Q", title="Change (pp)", scale=scale), tooltip=_TOOLTIP)
    )
    dark = alt.condition(f"datum.top1_change > {WORST / 2}", alt.value("white"), alt.value(INK))
    texts = alt.Chart().mark_text(fontSize=11).encode(**shape, text="label:N", color=dark)
    layers: alt.LayerChart = (cells + texts).transform_filter(alt.datum.architecture == network)
    return layers.properties(title=network, width=330, height=alt.Step(20))
