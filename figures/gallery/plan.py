"""How far more experiments reduce the fragmentation of the field.

Lines: after a number of experiments more, chosen one after the other so that each helps most, or as papers have so far.

One more experiment is the method of any paper of the collection on one more dataset and architecture, reported in all
metrics in which others have points there. Planned experiments first join components of the comparability graph, then
make most pairs of papers comparable; as each is only the best next one, more may be possible. The others are drawn: any
paper, and a dataset and architecture as often as records hold it; shown is the mean of 50 draws. Two papers are
comparable if both report a point on the same dataset and architecture, in the same quality and efficiency.

Alt: Two panels against the number of experiments added. The share of comparable pairs of papers rises, and the number
of components falls; both much faster where experiments are planned than where they are chosen as so far.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.planning.field_plan import AS_SO_FAR, PLANNED, field_plan_table
from prunelit.analysis.planning.literature import literature
from prunelit.figures.papers import with_papers
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, ORANGE
from prunelit.figures.tooltips import PAPER_TOOLTIP, WHERE, tip

PLACE = 120
ON_REQUEST = True

_HUES = {PLANNED: BLUE, AS_SO_FAR: ORANGE}
_COUNTED = [
    tip("choice", "Experiments"), tip("experiments", "Added", "d"), tip("share", "Comparable pairs", ".1%"),
    tip("comparable_pairs", "Number of pairs", ",.0f"), tip("components", "Components", ".0f"),
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a way to choose and a number of experiments, with the last of them."""
    return with_papers(dataset, field_plan_table(literature(dataset))).drop(columns=["month", "review"])


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """The share of comparable pairs above the number of components."""
    share = alt.Y("share:Q", title="Share of comparable pairs", axis=alt.Axis(format=".0%"))
    components = alt.Y("components:Q", title="Components of the comparability graph")
    return alt.vconcat(_panel(share, None), _panel(components, "Experiments added"), spacing=18)


def _panel(y: alt.Y, title: str | None) -> alt.LayerChart:
    x = alt.X("experiments:Q", title=title, axis=alt.Axis(format="d"))
    scale = alt.Scale(domain=list(_HUES), range=list(_HUES.values()))
    hue = alt.Color("choice:N", scale=scale, legend=alt.Legend(title=None, orient="top"))
    lines = alt.Chart(DRAWN_ROWS).mark_line(strokeWidth=2).encode(x, y, hue)
    points = (
        alt.Chart(DRAWN_ROWS)
        .mark_circle(size=28, opacity=1)
        .encode(x, y, hue, tooltip=[*_COUNTED, *PAPER_TOOLTIP, *WHERE])
    )
    panel: alt.LayerChart = (lines + points).properties(width=680, height=230)
    return panel
