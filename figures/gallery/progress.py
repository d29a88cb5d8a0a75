"""Fragmentation of the survey's papers and of papers since, and what their records hold

Each row is a share, with a circle for the survey's papers and one for papers since 2020.

Shares are of papers, of pairs of papers, of configurations or of curves, as each row says. Papers since 2020 are those
with results of a method of their own; what only the bibliography is known of does not count. They were found through
public repositories of their authors, those of the survey through its search: part of a difference may be due to that.
Most records of papers since 2020 were entered from files of these repositories, so that what they hold is a lower bound
of what the papers report.

Alt: A row of two circles for each measure, joined by a line, with the numbers behind the shares; below, the share of
the checklist that records hold, by year of publication.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.analysis.trends.progress import OF_SURVEY, SCORE, SINCE, progress_table
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, INK, ORANGE
from prunelit.figures.tooltips import tip

PLACE = 140
ON_REQUEST = True
HOME = ALL
PAGE = "progress"

_NAMES = {OF_SURVEY: "the survey's papers", SINCE: "papers since 2020"}
_HUES = dict(zip(_NAMES.values(), (ORANGE, BLUE), strict=True))
_WIDTH, _PLACE, _ROOM, _DIGIT = 430, 75, 80, 6
"""Width of a panel, how far to the right of it the first numbers end, room for the second ones, and for one digit."""
_TOOLTIP = [
    tip("measure", "Measure"), tip("papers", "Of"), tip("year", "Year", "d"), tip("value", "Share", ".1%"),
    tip("numerator", "Count", "d"), tip("denominator", "Out of", "d"),
    tip("unit_counted", "What is counted"),
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a share and group of papers, and one a year of the checklist."""
    table = progress_table(dataset)
    shown = table[table["group"].isin(_NAMES) & (table["unit"] == "fraction")].dropna(subset=["value"])
    if set(_NAMES) - set(shown["group"]):
        return shown.iloc[:0].assign(papers="", number="")
    count = shown["numerator"].astype("Int64").astype("string") + " of "
    return shown.assign(
        papers=shown["group"].map(_NAMES), number=count.fillna("") + shown["denominator"].astype("string")
    ).drop(columns="group")


def _places(data: pd.DataFrame) -> tuple[int, int]:
    """How far to the right of a panel the numbers of either group end."""
    longest = data.loc[data["papers"] == _NAMES[SINCE], "number"].str.len().max()
    return _PLACE, _PLACE + max(_ROOM, _DIGIT * (int(longest) + 1))


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """Shares then and now, above the checklist by year."""
    hue = alt.Color(
        "papers:N",
        scale=alt.Scale(domain=list(_HUES), range=list(_HUES.values())),
        legend=alt.Legend(title=None, orient="top"),
    )
    whole = alt.Chart(DRAWN_ROWS).transform_filter("!isValid(datum.year)")
    axis = alt.Axis(labelLimit=460, labelFontSize=12, labelColor=INK, ticks=False)
    y = alt.Y("measure:N", sort=list(dict.fromkeys(data["measure"])), title=None, axis=axis)
    x = alt.X("value:Q", title="Share", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    lines = whole.mark_line(color="#b0b0b0", strokeWidth=2).encode(x, y, alt.Detail("measure:N"))
    circles = whole.mark_point(filled=True, size=90, opacity=1).encode(x, y, hue, tooltip=_TOOLTIP)
    numbers = [
        whole.transform_filter(alt.datum.papers == papers)
        .mark_text(align="right", color=hue)
        .encode(x=alt.value(_WIDTH + at), y=y, text="number:N")
        for (papers, hue), at in zip(_HUES.items(), _places(data), strict=True)
    ]
    shares = alt.layer(lines, circles, *numbers).properties(width=_WIDTH, height=alt.Step(26))
    years = alt.Chart(DRAWN_ROWS).transform_filter("isValid(datum.year)")
    across = alt.X("year:O", title="Year of publication", axis=alt.Axis(labelAngle=0, grid=False))
    up = alt.Y("value:Q", title="Share", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    line = years.mark_line(strokeWidth=1.5).encode(across, up, hue)
    dots = years.mark_circle(size=80, opacity=1).encode(across, up, hue, tooltip=_TOOLTIP)
    papers = years.mark_text(dy=-14).encode(across, up, text="number:N")
    title = alt.Title(f"{SCORE.capitalize()}, by year; numbers count papers", fontSize=13)
    by_year = alt.layer(line, dots, papers).properties(width=_WIDTH, height=200, title=title)
    return alt.vconcat(shares, by_year, spacing=30)
