"""Few pairs of papers can be compared fairly by what their records hold

Each pair of bars counts pairs of papers: dark where a setup is proven, light where nothing rules it out.

First all pairs of papers with a point on the same dataset and architecture in the same two metrics, then those of them
that stay comparable under each setup of Wang et al. 2023, Table 2, from the least to the most strict; the last two
stand outside that order. A setup is proven if the records hold everything that it asks to be equal, and it is; it is
not ruled out as long as nothing is known to differ. What no record holds may still stand in a paper. Ratios within 5 %
of each other count as the same.

Alt: Bars of pairs of papers for each comparison setup. The bars of what is not ruled out shrink from setup to setup;
those of what is proven are far shorter, and all but vanish where the same unpruned model is asked for.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.compare.setups import COMPARABLE
from prunelit.analysis.dataset import Dataset
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, INK, SKY
from prunelit.figures.tooltips import tip

PLACE = 90

PROVEN, _POSSIBLE = "proven", "not ruled out"
ANY = "common configuration"


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a setup and verdict; no row where no two papers are comparable."""
    table = dataset.comparable_pairs_by_setup()
    meanings = {one.name: one.meaning for one in dataset.vocabulary.setups}
    named = table.assign(
        meaning=table["setup"]
        .map(meanings)
        .fillna("A point on one dataset and architecture, in the same two metrics."),
        setup=table["setup"].replace(COMPARABLE, ANY),
    ).rename(columns={"possible": _POSSIBLE})
    rows = named.melt(["setup", "meaning", "papers"], [PROVEN, _POSSIBLE], "verdict", "pairs")
    return rows if rows["pairs"].any() else rows.iloc[:0]


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """Two bars a setup, each with its number."""
    colour = alt.Color(
        "verdict:N",
        title=None,
        scale=alt.Scale(domain=[PROVEN, _POSSIBLE], range=[BLUE, SKY]),
        legend=alt.Legend(orient="top"),
    )
    base = alt.Chart(DRAWN_ROWS, width=520, height=alt.Step(13)).encode(
        y=alt.Y("setup:N", sort=None, title=None, axis=alt.Axis(labelFontSize=12, labelColor=INK, ticks=False)),
        yOffset=alt.YOffset("verdict:N", sort=[PROVEN, _POSSIBLE]),
        x=alt.X("pairs:Q", title="Pairs of papers"),
        tooltip=[
            tip("setup", "Setup"),
            tip("meaning", "Asks for"),
            tip("verdict", "Verdict"),
            tip("pairs", "Pairs of papers", "d"),
            tip("papers", "Papers", "d"),
        ],
    )
    numbers = base.mark_text(align="left", dx=4, fontSize=10).encode(text="pairs:Q")
    bars: alt.LayerChart = base.mark_bar().encode(color=colour) + numbers
    return bars
