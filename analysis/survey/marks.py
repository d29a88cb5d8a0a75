"""Marks of the survey's figures: the numbers that can be read off them, under a procedure.

A mark is whatever a figure draws to say a number: the height of a bar, one coordinate of a point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from prunelit.analysis.claims.blalock2020 import FIGURE3, TABLE1, used_pairs
from prunelit.analysis.compare.dominance import EFFICIENCIES, QUALITIES, wins
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.headline import headline
from prunelit.analysis.survey.drawn import (
    among,
    pairs_by_paper,
    papers_beaten,
    points_by_curve,
    pruned_networks,
    readable,
    tradeoff_points,
    unpruned_networks,
    with_panels,
)
from prunelit.analysis.survey.procedures import SURVEY_FIGURES, Procedure
from prunelit.analysis.survey.unpruned_families import SIZES

MARKS = ["where", "panel", "what", "quantity", "unit", "value"]
"""Columns of :func:`marks`."""
COUNTED = ("papers", "curves", "pairs", "comparisons")
"""Units of bars: where there is no bar, the number is 0."""

REVIEWED, NOT_REVIEWED, REVIEW_UNKNOWN = "peer-reviewed", "not peer-reviewed", "review unknown"


@computed_once
def review_status(dataset: Dataset) -> pd.Series[str]:
    """Whether each paper is peer-reviewed, in words, by its id."""
    reviewed = dataset.papers().set_index("paper_id")["peer_reviewed"]
    return reviewed.map({True: REVIEWED, False: NOT_REVIEWED}).astype("string").fillna(REVIEW_UNKNOWN)


Panels: TypeAlias = Iterator[pd.DataFrame]
"""The marks of one panel after the other: MARKS without ``where``."""


def figure1(dataset: Dataset, procedure: Procedure) -> Panels:
    """Unpruned and pruned models on ImageNet, size against accuracy."""
    pruned = pruned_networks(dataset, procedure)
    models = unpruned_networks(dataset, procedure)
    models = models.assign(what="unpruned " + models["architecture"] + ": " + models["source"])
    for size, quality in product(SIZES, ("top1", "top5")):
        panel = f"{quality} against {size}"
        yield _points(models, panel, {size: "count", quality: "%"})
        drawn = {SIZES[size]: "count", f"normalized_{quality}": "%"}
        yield _points(pruned.assign(what=row_names(pruned)), panel, drawn)


def figure2(dataset: Dataset, procedure: Procedure) -> Panels:
    """How many papers compare to a paper, and to how many it compares."""
    table = dataset.degrees()
    yield _bars(dataset, table, "compared_to_by", "papers, by how many compare to them")
    yield _bars(dataset, table, "compares_to", "papers, by how many they compare to")


def table1(dataset: Dataset, procedure: Procedure) -> Panels:
    """Papers that use the most common pairs."""
    used = used_pairs(dataset)
    rows = used[(used["papers"] >= min(TABLE1.values())).astype(bool)]
    yield _points(rows.assign(what=pair_names(rows)), "pairs", {"papers": "papers"})


def figure3(dataset: Dataset, procedure: Procedure) -> Panels:
    """Change in accuracy against compression ratio or speedup on four configurations, and how many papers count."""
    rows = tradeoff_points(dataset, procedure)
    drawn = rows[among(rows, FIGURE3)]
    drawn = drawn.assign(what=row_names(drawn))
    for on, architecture in FIGURE3:
        panel = drawn[(drawn["dataset"] == on) & (drawn["architecture"] == architecture)]
        for x, y in product(EFFICIENCIES.values(), QUALITIES.values()):
            yield _points(panel, f"{architecture} on {on}, {y} against {x}", {x: "ratio", y: "pp"})
    counted = pd.DataFrame({"what": ["papers counted"], "papers": [_papers_counted(rows, procedure.selection)]})
    yield _points(counted, "selection", {"papers": "papers"})


def _papers_counted(rows: pd.DataFrame, selection: Literal["apart", "pair"]) -> int:
    """How many papers have a result with a quality and an efficiency on what is selected."""
    datasets, architectures = zip(*FIGURE3, strict=True)
    apart = rows["dataset"].isin(datasets) & rows["architecture"].isin(architectures)
    selected = rows[among(rows, FIGURE3) if selection == "pair" else apart]
    quality, efficiency = (
        selected[list(names)].notna().any(axis=1) for names in (QUALITIES.values(), EFFICIENCIES.values())
    )
    return int(selected[quality & efficiency]["paper_id"].nunique())


def figure4(dataset: Dataset, procedure: Procedure) -> Panels:
    """How many pairs a paper uses, and how many points a curve has."""
    yield _bars(dataset, pairs_by_paper(dataset, procedure), "pairs", "papers, by the pairs they use")
    yield _bars(dataset, points_by_curve(dataset, procedure), "points", "curves, by their points", unit="curves")


def figure5(dataset: Dataset, procedure: Procedure) -> Panels:
    """ResNet-50 on ImageNet, without the released sweeps: no correction is about them, and all move alike."""
    rows = headline(with_panels(dataset, readable(dataset, procedure)))
    drawn = {"normalized_params": "count", "normalized_top1": "%"}
    yield _points(rows.assign(what=row_names(rows)), "top1 against params", drawn)


def beats(dataset: Dataset, procedure: Procedure) -> Panels:
    """How many papers beat a paper, how many it beats, and who beats whom."""
    table = papers_beaten(dataset, procedure)
    yield _bars(dataset, table, "beaten_by", "papers, by how many beat them")
    yield _bars(dataset, table, "beats", "papers, by how many they beat")
    who = wins(dataset.tradeoffs(procedure.hull))
    who = who.assign(what=who["paper_id"] + " beats " + who["other_id"], pairs=1)
    yield _points(who, "who beats whom", {"pairs": "pairs"})


_DRAWN: dict[str, Callable[[Dataset, Procedure], Panels]] = dict(
    zip(SURVEY_FIGURES, (figure1, figure2, table1, figure3, figure4, figure5, beats), strict=True)
)
"""The survey's figures, each with what makes its marks."""


def marks(dataset: Dataset, procedure: Procedure, figures: Iterable[str] = SURVEY_FIGURES) -> pd.DataFrame:
    """What the figures say, one row a number.

    Args:
        dataset: The survey, corrected or not; the procedure says which of the two is taken.
        procedure: How the marks are computed.
        figures: Which of FIGURES.

    Returns:
        ``where`` (the figure), ``panel``, ``what`` (the bar or point), ``quantity``, ``unit`` and ``value``; all but
        the last name a number.
    """
    taken = dataset.with_corrections() if procedure.corrected else dataset.as_published()
    return pd.concat([_of_figure(taken, name, procedure) for name in figures], ignore_index=True)


@computed_once
def _of_figure(dataset: Dataset, name: str, procedure: Procedure) -> pd.DataFrame:
    return pd.concat(_DRAWN[name](dataset, procedure), ignore_index=True).assign(where=name)[MARKS]


def row_names(table: pd.DataFrame) -> pd.Series[str]:
    """A name for each result: its paper and its row in the survey's data, or its place in the record."""
    experiment, curve, point = (table[name].astype("string").fillna("-") for name in ("experiment", "curve", "point"))
    row = "row " + table["survey_row"].astype("string")
    return table["paper_id"] + ", " + row.fillna("result " + experiment + "." + curve + "." + point)


def pair_names(table: pd.DataFrame) -> pd.Series[str]:
    """A name for each dataset and architecture."""
    return table["architecture"] + " on " + table["dataset"]


def long(table: pd.DataFrame, panel: str, units: dict[str, str]) -> pd.DataFrame:
    """One row a number of the quantities in ``units``, for a table with ``what``."""
    # Frames of each quantity would take longer to make than all that they hold.
    values = table[list(units)].to_numpy(dtype="float64", na_value=np.nan)
    return pd.DataFrame({
        "what": pd.concat([table["what"]] * len(units), ignore_index=True),
        "panel": panel,
        "quantity": pd.Series(list(units)).repeat(len(table)).array,
        "unit": pd.Series(list(units.values())).repeat(len(table)).array,
        "value": values.ravel(order="F"),
    })  # fmt: skip


def _points(table: pd.DataFrame, panel: str, units: dict[str, str]) -> pd.DataFrame:
    """The coordinates of the points that have all of them."""
    return long(table[["what", *units]].dropna(subset=list(units)), panel, units)


def _bars(dataset: Dataset, table: pd.DataFrame, number: str, panel: str, unit: str = "papers") -> pd.DataFrame:
    """The bars of a histogram, stacked by peer review."""
    reviewed = table["paper_id"].map(review_status(dataset))
    heights = table.assign(what="bar " + table[number].astype("string") + ", " + reviewed).groupby("what").size()
    return long(heights.rename(unit).reset_index(), panel, {unit: unit})
