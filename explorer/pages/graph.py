"""Page of the comparison graph: a drawing to move in, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, TEXT, Column, columns_named, typed
from prunelit.analysis.frames.reported import PAPERS
from prunelit.explorer.addresses import Address
from prunelit.explorer.explored import ExploredTable, ShownColumn, explored
from prunelit.explorer.navigation import GRAPH_PAGE
from prunelit.explorer.page import Page, PageContent, fragment
from prunelit.explorer.shared import SiteData
from prunelit.figures.gallery import graph as drawn_graph

PLACE = 70
_ACROSS, HIGH, MARGIN = 1000, 640, 44
"""Size of the drawing, and the room above it for years, which are written larger on phones."""
_DRAWING = Address("graph.svg")
_HERE = "explorer.pages.graph"
PAPERS_COMPARED = (
    *columns_named(PAPERS, "paper_id", "title", "year", "venue"),
    Column(
        "structures", TEXT, "", "What the methods of the paper remove, as records say, joined by semicolons.", _HERE
    ),
    Column("compares_to", COUNT, "count", "Papers that it compares to.", _HERE),
    Column("compared_to_by", COUNT, "count", "Papers that compare to it.", _HERE),
    Column("compared_papers", TEXT, "", "The papers that it compares to, joined by semicolons.", _HERE),
)
"""Columns of the table: one row a paper."""


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """A paper in the drawing: where its circle is, how large, its label, and whether that is shown."""

    paper_id: str
    label: str
    title: str
    x: float
    y: float
    radius: float
    named: bool


@dataclass(frozen=True, slots=True)
class DrawnComparison:
    """A comparison in the drawing, from the comparing paper to the compared one."""

    paper_id: str
    compared_id: str
    path: str


def pages(data: SiteData) -> Iterator[Page]:
    """The one page."""
    dataset = data.dataset
    made_of = (dataset.papers(), dataset.comparisons(), dataset.methods(), data.names_digest)
    said = "Who compares to whom: a graph of papers and their comparisons, with search, zoom and neighbours."
    yield Page(GRAPH_PAGE, "Who compares to whom", partial(_content, data), made_of, "graph", said)


def _content(data: SiteData) -> PageContent:
    rows = drawn_graph.data(data.dataset)
    papers, comparisons = drawn_papers(rows, data.labels), drawn_comparisons(rows)
    table = papers_table_of(data)
    values = {
        "table": table, "papers": papers, "comparisons": comparisons, "years": list(years_of(rows)), "file": _DRAWING,
        "size": {"width": _ACROSS, "height": HIGH, "margin": MARGIN},
    }  # fmt: skip
    drawing = fragment("network", "drawing", papers, comparisons, values["years"], values["size"], True)
    return PageContent(values, {_DRAWING: drawing, **table.download.files()})


def drawn_papers(rows: pd.DataFrame, labels: dict[str, str]) -> list[DrawnPaper]:
    """The papers as they are drawn, by date.

    Args:
        rows: Rows as of the figure ``graph``.
        labels: A short label for each paper.
    """
    nodes = rows[rows["kind"] == "paper"].sort_values(["x", "paper_id"])
    scale = _across(rows)
    return [
        DrawnPaper(
            str(one),
            labels[str(one)],
            str(title),
            scale(x),
            round(HIGH - y, 1),
            round((area / 3.1416) ** 0.5, 1),
            named,
        )
        for one, title, x, y, area, named in zip(
            *(nodes[name].tolist() for name in ("paper_id", "title", "x", "y", "area")),
            nodes["name"].notna().tolist(),
            strict=True,
        )
    ]


def drawn_comparisons(rows: pd.DataFrame) -> list[DrawnComparison]:
    """The comparisons as they are drawn."""
    edges = rows[rows["kind"] == "comparison"].sort_values(["paper_id", "compared_id"])
    scale = _across(rows)
    ends = edges[["paper_id", "compared_id", "x", "y", "x2", "y2"]].itertuples(index=False, name=None)
    return [
        DrawnComparison(one, other, f"M{scale(x):g} {HIGH - y:.1f}L{scale(x2):g} {HIGH - y2:.1f}")
        for one, other, x, y, x2, y2 in ends
    ]


def _across(rows: pd.DataFrame) -> Callable[[float], float]:
    """From a date to a place in the drawing."""
    first, last = _ends(rows)
    return lambda date: round((date - first) / (last - first) * _ACROSS, 1)


def _ends(rows: pd.DataFrame) -> tuple[int, int]:
    """The first year that is drawn, and the one after the last."""
    return int(rows["x"].min()), int(rows["x"].max()) + 1


def years_of(rows: pd.DataFrame) -> Iterator[tuple[float, str]]:
    """Where each year begins in the drawing, and its name, which is no wider than its year."""
    scale, early = _across(rows), bool((rows["year"] < drawn_graph.MODERN).any())
    first, last = _ends(rows)
    for year in range(first, last):
        yield scale(year), f"to {drawn_graph.MODERN - 1}" if early and year == first else str(year)


def papers_table_of(data: SiteData) -> ExploredTable:
    """The papers with how many they are compared with, those with most comparisons first."""
    dataset = data.dataset
    structures = dataset.methods().dropna(subset=["structure"]).groupby("paper_id")["structure"]
    edges = dataset.comparisons()
    edges = edges[edges["kind"] == "comparison"]
    compared = edges.groupby("paper_id")["compared_id"].agg(
        lambda ids: "; ".join(data.labels.get(one, one) for one in ids)
    )
    papers = dataset.papers().merge(dataset.degrees()[["paper_id", "compares_to", "compared_to_by"]], on="paper_id")
    papers = papers.assign(
        structures=papers["paper_id"].map(structures.agg(lambda one: "; ".join(sorted(set(one))))),
        compared_papers=papers["paper_id"].map(compared),
    ).sort_values(["compared_to_by", "paper_id"], ascending=[False, True], ignore_index=True)
    columns = [
        ShownColumn(
            one,
            facet=one.name in ("structures", "venue"),
            hidden=one.name in ("venue", "compared_papers"),
            ranged=one.name in ("year", "compares_to", "compared_to_by"),
        )
        for one in PAPERS_COMPARED
    ]
    ids = papers["paper_id"].tolist()
    links = {"title": [data.addresses.of("paper", one) for one in ids]}
    return explored("papers", typed(papers, PAPERS_COMPARED), columns, ids, "Papers and comparisons", "graph", links)
