"""What records hold of what a reader needs to compare papers

Bars are shares of the papers, by whether a paper's record shows that it meets an item of the checklist.

The items are those of corpus/checklist.yaml, each with the source that asks for it. An item is unknown where the record
does not tell: nobody has entered the paper's numbers, or only files of a repository were entered, while what they lack
may stand in the paper. Scored is what records hold, not how good a paper is. Papers without any experiment in the
corpus are left out.

Alt: Stacked bars of met, unmet and unknown for each item of the checklist, for papers that are peer-reviewed and for
those that are not. Sizes and operations are met more often than deviations, numbers of runs, or five operating points.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.trends.checklist import VERDICTS, checklist_table
from prunelit.figures.papers import NOT_REVIEWED, REVIEW_UNKNOWN, REVIEWED
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, FAINT, INK, ORANGE
from prunelit.figures.tooltips import tip

PLACE = 100

_COLOURS = dict(zip(VERDICTS, (BLUE, ORANGE, FAINT), strict=True))


def data(dataset: Dataset) -> pd.DataFrame:
    """One row an item, review and verdict, with the papers and their share."""
    table = checklist_table(dataset)
    review = table["peer_reviewed"].map({True: REVIEWED, False: NOT_REVIEWED}).astype("string").fillna(REVIEW_UNKNOWN)
    counts = (
        table.assign(review=review)
        .groupby(["review", "item", "verdict"], as_index=False)
        .agg(papers=("paper_id", "nunique"), source=("source", "first"))
    )
    whole = counts.groupby(["review", "item"])["papers"].transform("sum")
    order = {item.asks: at for at, item in enumerate(dataset.vocabulary.checklist)}
    placed = counts.assign(
        share=counts["papers"] / whole,
        of=whole,
        place=counts["item"].map(order),
        rank=counts["verdict"].map({name: at for at, name in enumerate(VERDICTS)}),
    )
    return placed.sort_values(["review", "place", "rank"], ignore_index=True)


def chart(data: pd.DataFrame) -> alt.HConcatChart:
    """Bars of one hundred percent, a panel for each kind of review."""
    groups = [name for name in (REVIEWED, NOT_REVIEWED, REVIEW_UNKNOWN) if name in set(data["review"])]
    panels = [_panel(data, name, first=name == groups[0]) for name in groups]
    found: alt.HConcatChart = alt.hconcat(*panels, spacing=18)
    return found


def _panel(data: pd.DataFrame, review: str, first: bool) -> alt.Chart:
    papers = int(data.loc[data["review"] == review, "of"].max())
    axis = alt.Axis(labelLimit=400, labelFontSize=12, labelColor=INK, grid=False, ticks=False) if first else None
    colour = alt.Color(
        "verdict:N",
        title=None,
        scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
        legend=alt.Legend(orient="top") if first else None,
    )
    bars: alt.Chart = (
        alt.Chart(
            DRAWN_ROWS, title=alt.Title(f"{review}: {papers} papers", fontSize=12), width=260, height=alt.Step(22)
        )
        .transform_filter(alt.datum.review == review)
        .mark_bar(stroke="white")
        .encode(
            y=alt.Y("item:N", sort=alt.EncodingSortField("place", op="min"), title=None, axis=axis),
            x=alt.X("share:Q", title="Share of papers", axis=alt.Axis(format="%")),
            order=alt.Order("rank:Q"),
            color=colour,
            tooltip=[
                tip("item", "Item"),
                tip("verdict", "Verdict"),
                tip("papers", "Papers", "d"),
                tip("of", "Of", "d"),
                tip("source", "Asked for by"),
            ],
        )
    )
    return bars
