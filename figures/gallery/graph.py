"""Who compares to whom: the comparison graph.

A circle is a paper, the larger the more papers compare to it; a line leads from a paper back to one that it compares
to.

Papers stand at their date of publication, those from before 2010 in a column of their own; heights are chosen to keep
lines short and mean nothing. Names are those of the papers that at least four others compare to. Comparisons are
those of the collection, as in Blalock et al. 2020, section 4.1.

Alt: A network of papers by date. A few large circles of 2014 to 2017 draw lines from many later papers, while most
circles are small and have one or two lines or none.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.comparisons import COMPARISON
from prunelit.figures.captions import Caption
from prunelit.figures.histogram import review_colour
from prunelit.figures.layout import fineness, placed
from prunelit.figures.papers import with_papers
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import INK
from prunelit.figures.tooltips import PAPER_TOOLTIP, tip

PLACE = 80

MODERN = 2010
_NAMED, _NAMES = 4, 30
"""A name is shown where that many papers compare to one; so many names at most."""
_CROWDED = 120
"""Papers from which on those without comparisons are left out."""
_DENSE = 1000
"""Lines from which on each is fainter."""
GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it lie apart from one another between the whole numbers."""
_WIDTH, _HEIGHT = 1000, 640
SMALLEST_CIRCLE, LARGEST_CIRCLE = 30, 1100
"""Areas of the smallest and the largest circle."""
_HOVER = alt.selection_point(name="hover", fields=["paper_id"], on="pointerover", clear="pointerout")
TOUCHED = " || ".join(
    ["!isValid(hover.paper_id)", *(f"indexof(hover.paper_id, datum.{end}) >= 0" for end in ("paper_id", "compared_id"))]
)
COUNTS = [tip("compares_to", "Compares to", "d"), tip("compared_to_by", "Compared to by", "d")]


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a comparison, from (``x``, ``y``) to (``x2``, ``y2``), then one a paper."""
    edges = dataset.comparisons().loc[dataset.comparisons()["kind"] == COMPARISON, ["paper_id", "compared_id"]]
    degrees = dataset.degrees()[["paper_id", "compares_to", "compared_to_by"]]
    crowded = len(degrees) > _CROWDED
    if crowded:
        degrees = degrees[degrees[["compares_to", "compared_to_by"]].any(axis=1)]
    nodes = with_papers(dataset, degrees).assign(kind="paper", x=_spread if crowded else _dates)
    count = nodes["compared_to_by"].astype("float64")
    area = (SMALLEST_CIRCLE + (LARGEST_CIRCLE - SMALLEST_CIRCLE) * count / max(count.max(), 1)) * fineness(len(nodes))
    name = nodes["paper"].where(count >= _named(count))
    papers = placed(nodes.assign(area=area, name=name), edges, _WIDTH, _HEIGHT)
    start = papers[["paper_id", "paper", "x", "y"]]
    end = start.rename(columns={"paper_id": "compared_id", "paper": "compared", "x": "x2", "y": "y2"})
    return pd.concat([edges.merge(start).merge(end).assign(kind="comparison"), papers], ignore_index=True)


def _named(count: pd.Series[float]) -> int:
    """How many papers must compare to one whose name is shown: NAMED, or more where too many would be."""
    return next(least for least in itertools.count(_NAMED) if (count >= least).sum() <= _NAMES)


def _spread(nodes: pd.DataFrame) -> pd.Series[float]:
    """As :func:`_dates`, but papers whose month is unknown stand side by side in their year."""
    at = _dates(nodes)
    rows = nodes[nodes["month"].isna() & (nodes["year"] >= MODERN)].sort_values(["year", "paper_id"])
    place = (rows.groupby("year").cumcount() * GOLDEN + 0.5) % 1
    return at.where(~at.index.isin(rows.index), rows["year"].astype("float64") + 0.05 + 0.9 * place)


def worded(said: Caption, data: pd.DataFrame) -> Caption:
    """With what is left out, and how large the graph is."""
    papers = data[data["kind"] == "paper"]
    least = int(papers.loc[papers["name"].notna(), "compared_to_by"].min()) if papers["name"].notna().any() else _NAMED
    hubs = ", ".join(papers.nlargest(3, "compared_to_by")["paper"])
    return replace(
        said,
        more=f"Papers stand at their date of publication, those from before {MODERN} in a column of their own; heights "
        "are chosen to keep lines short and mean nothing, nor does the place within the year of a paper whose month is "
        f"unknown. Names are those of papers that at least {least} others compare to. Where there are more than "
        f"{_CROWDED} papers, those without any comparison are left out.",
        alt=f"A network of {len(papers)} papers by date, with {len(data) - len(papers)} comparisons. Most papers "
        f"compare to {hubs}.",
    )


def _dates(nodes: pd.DataFrame) -> pd.Series[float]:
    """The middle of the month, else of the year, in years; early papers half a year before all others."""
    date = (nodes["year"] + (nodes["month"].astype("Float64").fillna(6.5) - 0.5) / 12).astype("float64")
    return date.where(nodes["year"] >= MODERN, date[nodes["year"] >= MODERN].min() // 1 - 0.5)


def _faint(data: pd.DataFrame) -> float:
    """How strong lines are: the more of them, the fainter."""
    count = int((data["kind"] == "comparison").sum())
    return 0.3 if count <= 2 * _CROWDED else round(0.13 * min(1, _DENSE / count) ** 0.5, 3)


def _edge(data: pd.DataFrame) -> dict[str, Any]:
    """What sets circles apart, but for those that it would hide."""
    fine = fineness(int((data["kind"] == "paper").sum()))
    return {"stroke": "white"} if fine == 1 else {"stroke": "white", "strokeWidth": round(fine, 3)}


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """Lines, circles, and the names of the largest."""
    first, end = int(data["x"].min()), int(data["x"].max()) + 1
    label = f"datum.value == {end} ? '' : format(datum.value, 'd')"
    if (data["year"] < MODERN).any():
        label = f"datum.value == {first} ? 'before {MODERN}' : {label}"
    style: dict[str, Any] = {"labelAlign": "left", "labelOffset": 5, "domain": False, "ticks": False}
    axis = alt.Axis(values=list(range(first, end + 1)), labelExpr=label, **style)
    x = alt.X("x:Q", title=None, scale=alt.Scale(domain=[first, end]), axis=axis)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, _HEIGHT], nice=False))
    fading = alt.StrokeOpacityValue(0.04, condition={"test": TOUCHED, "value": _faint(data)})
    lines = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.kind == "comparison").mark_rule(color=INK, strokeWidth=0.8)
    ends = [tip("paper", "Paper"), tip("compared", "compares to")]
    papers = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.kind == "paper")
    circles = papers.mark_circle(opacity=1, **_edge(data)).encode(
        x,
        y,
        alt.Size("area:Q", scale=None),
        review_colour(data),
        tooltip=[*PAPER_TOOLTIP, tip("review", "Review"), *COUNTS],
    )
    names = papers.transform_filter("isValid(datum.name)").encode(x, alt.Y("name_y:Q"), text="name:N")
    graph: alt.LayerChart = (
        lines.encode(x, y, alt.X2("x2:Q"), alt.Y2("y2:Q"), fading, tooltip=ends)
        + circles.add_params(_HOVER).properties(name="papers")
        + names.mark_text(fontWeight="bold", stroke="white", strokeWidth=3)
        + names.mark_text(fontWeight="bold")
    ).properties(width=_WIDTH, height=_HEIGHT)
    return graph
