"""Each method against each other on one network

A cell is the method of its row minus that of its column; blue is in favour of the row, orange of the column.

Estimated by a random-effects network meta-analysis under the assumed standard error as it is; methods are ordered by
their P-score, the best first. Numbers in bold are told from zero by a 95 % interval, which the tooltip and the data
give; no account is taken of how many pairs are asked about. Cells of methods that no studies connect are empty.

Alt: A square of coloured cells, blue above the diagonal and orange below it; bold numbers stand in the corners, where
the first methods meet the last, and few of them near the diagonal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.analysis.synthesis.result import RANDOM
from prunelit.figures.captions import Caption
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.syntheses import difference, named_after, network_name, of_best_connected
from prunelit.figures.theme import BLUE, INK, ORANGE
from prunelit.figures.tooltips import tip

if TYPE_CHECKING:
    from prunelit.analysis.synthesis.field import Synthesis

PLACE = 190
ON_REQUEST = True
HOME = ALL
PAGE = "synthesis"
MOST = 60
"""Methods that are shown at most: the picture grows with their square, and is read cell by cell."""
_CELL, _FONT = 29, 10
_TOOLTIP = [
    tip("method", "Method"), tip("other", "Minus"), tip("effect", "Difference", "+.2f"), tip("lower", "from", "+.2f"),
    tip("upper", "to", "+.2f"), tip("p", "p-value", ".3f"),
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row an ordered pair of methods."""
    return of_best_connected(dataset, rows)


def rows(found: Synthesis) -> pd.DataFrame:
    """The differences, by rank of the row and then of the column."""
    table = found.network.league.xs(RANDOM, level="model").reset_index()
    table = table.rename(columns={"treatment1": "method", "treatment2": "other"})
    ranked = found.network.p_scores["random"].rank(ascending=False, method="first").astype(int)
    sign = 1 if found.small_values == "bad" else -1
    placed = table.assign(
        rank=table["method"].map(ranked),
        other_rank=table["other"].map(ranked),
        favour=sign * table["effect"],
        told=(table["lower"] > 0) | (table["upper"] < 0),
        shown=signed(table["effect"]),
        title=f"{difference(found)}, row minus column",
        network=network_name(found),
    )
    names = ["method", "other", "rank", "other_rank", "effect", "standard_error", "lower", "upper", "p"]
    best = placed[placed[["rank", "other_rank"]].max(axis=1) <= MOST]
    return best.sort_values(["rank", "other_rank"], ignore_index=True)[
        [*names, "favour", "told", "shown", "title", "network"]
    ]


def worded(said: Caption, data: pd.DataFrame) -> Caption:
    """With the network, and what is left out."""
    named = named_after(said, data)
    left_out = f" No more are shown than the {MOST} methods with the highest P-scores."
    return replace(named, more=named.more + left_out) if data["rank"].max() >= MOST else named


def signed(effects: pd.Series[float]) -> pd.Series[str]:
    """Differences with their sign; one that is rounded to nothing has none."""
    return effects.map("{:+z.1f}".format).replace("+0.0", "0.0").str.replace("-", "−")


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """Coloured cells with numbers."""
    order = list(dict.fromkeys(data["method"]))
    names = alt.Axis(labelLimit=260, labelFontSize=11, labelColor=INK, ticks=False, grid=False, domain=False)
    above = alt.Axis(
        orient="top", labelAngle=-60, labelAlign="left", labelBaseline="middle", labelLimit=200, labelFontSize=11,
        labelColor=INK, ticks=False, grid=False, domain=False,
    )  # fmt: skip
    y = alt.Y("method:N", sort=order, title=None, axis=names)
    x = alt.X("other:N", sort=order, title=None, axis=above)
    reach = float(data["favour"].abs().max())
    colour = alt.Color(
        "favour:Q",
        scale=alt.Scale(domain=[-reach, 0, reach], range=[ORANGE, "#ffffff", BLUE], interpolate="rgb"),
        legend=alt.Legend(title=data["title"].iloc[0], orient="bottom", gradientLength=260),
    )
    base = alt.Chart(DRAWN_ROWS)
    cells = base.mark_rect(stroke="white", strokeWidth=0.5, opacity=0.85).encode(x, y, colour, tooltip=_TOOLTIP)
    layers = [
        base.transform_filter(f"{'' if told else '!'}datum.told")
        .mark_text(fontSize=_FONT, fontWeight="bold" if told else "normal")
        .encode(x, y, text="shown:N")
        for told in (False, True)
    ]
    return alt.LayerChart(layer=[cells, *layers]).properties(width=alt.Step(_CELL), height=alt.Step(20))
