"""Which strategies keep accuracy: small networks, run by prunelit itself

Each cell is the mean Top-1 accuracy of the runs in percent, and the rank of the strategy at the ratio in brackets.

All strategies of a seed start from one checkpoint and follow one recipe, that of the evaluation which stands above each
table. The ratio is that of all parameters; structured strategies cannot make ResNet-8 16 or 32 times smaller. Rows are
in the order of their mean rank. Standard deviations are in the tooltips: at 32 times networks collapse for some seeds
and not for others, and accuracies at 2 times differ by little more than chance.

Alt: Tables of coloured cells, one for each network, with a row for each strategy and a column for each ratio from 2
to 32. Up to 8 times nearly all cells are dark, those of GraSP on LeNet-300-100 excepted; at 32 times most are pale.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import EVALUATIONS, Dataset
from prunelit.figures.evaluations import evaluated_points
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
    tip("strategy", "Strategy"), *WHERE, tip("ratio", "Ratio", ".3~g"), tip("top1", "Top-1 (%)", ".2f"),
    tip("top1_std", "Standard deviation (pp)", ".2f"), tip("seeds", "Runs", "d"),
    tip("top1_change", "Change (pp)", "+.2f"), tip("rank", "Rank", "d"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a network, strategy and ratio; of our own evaluations always."""
    points = evaluated_points(dataset)
    points = points[~points["sweep"].astype(bool)]
    scheme = points["training_scheme"].map(FROM_SCRATCH_NAMES)
    rows = points.assign(strategy=points["strategy"] + (", " + scheme).fillna(""))
    cell = rows.groupby(["panel", "ratio"])["top1"]
    rows = rows.assign(rank=cell.rank(ascending=False, method="min").astype("int64"))
    order = rows.groupby("strategy")["rank"].transform("mean")
    label = rows["top1"].map("{:.1f}".format).astype("object") + " (" + rows["rank"].astype(str) + ")"
    told = rows.assign(order=order, label=label)
    names = ["panel", "dataset", "architecture", "strategy", "ratio", "label", "source"]
    numbers = ["top1", "top1_std", "seeds", "top1_change", "rank", "order"]
    return told[[*names, *numbers]].sort_values(["order", "strategy", "panel", "ratio"], ignore_index=True)


def chart(data: pd.DataFrame) -> alt.HConcatChart:
    """A table of cells for each network."""
    networks = data["panel"].drop_duplicates().sort_values()
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
    layers: alt.LayerChart = (cells + texts).transform_filter(alt.datum.panel == network)
    return layers.properties(title=network, width=330, height=alt.Step(20))
