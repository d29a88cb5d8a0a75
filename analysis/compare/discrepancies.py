"""Discrepancies: what different papers print for one method, on the same network, pruned as much.

A method is known by the paper that proposed it and by its name, capitals and signs aside; where that paper gives its
method no name, the name that others use most often stands for it.  Names that differ are different methods, so that
variants are never mistaken for one another, at the cost of missing what papers call differently.

Like is compared with like: reports whose training schemes, or whose conditions of measurement, are known to differ are
never held against each other.  Where a paper prints one setting both with a known scheme and without, it tells the two
apart, so that the one without is of another scheme.  Any other unknown scheme may be each of those: such a report goes
with the one whose accuracy is nearest to its own, so that what training may explain is not counted as a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nlargest, nsmallest

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.analysis.frames.columns import (
    CONDITION_COLUMNS,
    COUNT,
    NUMBER,
    TEXT,
    Column,
    columns_named,
    typed,
)
from prunelit.analysis.frames.completed import COMPLETED
from prunelit.analysis.frames.measurements import PLACE
from prunelit.analysis.frames.methods import proposers

TOLERANCE = 1.02
"""Ratios whose quotient is no larger are the same: speedups are printed with two or three digits."""
SCRATCH = ("scratch", "scratch_e", "scratch_b")
"""Ways of training that are not those of the method, but the control that a paper holds against it."""
_RATIOS = ("speedup", "compression_ratio")
_OTHERS: tuple[tuple[str, ...], ...] = ((), _RATIOS[:1])
"""Of each ratio, those by which reports that give them are compared instead."""
ANOTHER = "another"
"""Training scheme or condition of a report that its paper prints beside one with a known one."""
_TELLING = ("training_scheme", *(column.name for column in CONDITION_COLUMNS))
"""Columns that tell reports of one setting apart, as far as they are stated."""
_METHOD = ["proposer", "name", "dataset", "architecture"]
_GROUP = [*_METHOD, "cluster"]
_ALIKE = [*_GROUP, "scheme"]
_SETTING = [*_METHOD, "efficiency", "ratio", "scheme"]


_LOOKED_AT = [
    *(*PLACE, "sweep", "origin", "proposed_by", "copied_from", "dataset", "architecture", "method", "method_label"),
    *("pruned_model", *_RATIOS, "top1", "base_top1", "top1_change", "locator", *_TELLING),
]
"""Columns of ``completed()`` that groups are made by, or that stand in the table."""

_HERE = "analysis.compare.discrepancies"
DISCREPANCIES = (
    Column("setting", COUNT, "", "Number of the group of reports that should agree, from 0.", _HERE),
    Column("method_of", TEXT, "", "Paper that proposed the method.", "Curve.proposed_by"),
    *columns_named(COMPLETED, "dataset", "architecture"),
    Column("efficiency", TEXT, "", "speedup or compression_ratio: what the group has in common.", _HERE),
    Column("ratio", NUMBER, "ratio", "Median of the ratios of the group.", _HERE),
    Column("papers", COUNT, "count", "Papers that report on it.", _HERE),
    Column("spread", NUMBER, "pp", "Largest difference in top-1 accuracy between two papers.", _HERE),
    Column("spread_change", NUMBER, "pp", "Largest difference in the change of top-1 between two papers.", _HERE),
    *columns_named(COMPLETED, *PLACE, "origin", "copied_from", "method", "method_label", "pruned_model"),
    Column("own_ratio", NUMBER, "ratio", "Speedup or compression ratio of this report.", _HERE),
    *columns_named(COMPLETED, "top1", "base_top1", "top1_change", "training_scheme", "locator"),
)
"""Columns of ``discrepancies()``: one row a report of a method, dataset, architecture and ratio of several papers."""


def discrepancies_table(completed: pd.DataFrame) -> pd.DataFrame:
    """What different papers print for the same method, dataset, architecture and ratio; columns :data:`DISCREPANCIES`.

    Reports are grouped by speedup, or by compression ratio where they give none, within :data:`TOLERANCE`, and by
    training scheme and conditions as far as they are known; only groups with reports of two papers or more are there,
    those with the largest spread of top-1 accuracy first.

    Args:
        completed: Rows as of ``completed()``.
    """
    reports = of_known_methods(completed[_LOOKED_AT])
    found = [_said(_trained_alike(reports, name, others)) for name, others in zip(_RATIOS, _OTHERS, strict=True)]
    table = pd.concat(found).sort_values(
        ["spread", *_SETTING, "top1"],
        ascending=[False, *[True] * len(_SETTING), False],
        kind="stable",
        ignore_index=True,
    )
    table["setting"] = table.groupby(_SETTING, sort=False).ngroup()
    return typed(table.rename(columns={"proposer": "method_of"}), DISCREPANCIES)


def of_known_methods(completed: pd.DataFrame) -> pd.DataFrame:
    """The reports whose method is known, with ``proposer`` and ``name``, by which methods are told apart."""
    rows = completed[~completed["sweep"].astype(bool) & ~completed["training_scheme"].isin(SCRATCH)]
    rows = rows.dropna(subset=["top1", "dataset", "architecture"])
    rows = rows.assign(proposer=proposers(rows), name=rows["method"].map(plain_name))
    known = rows.dropna(subset=["proposer"])
    usual = known.dropna(subset=["name"]).loc[lambda frame: frame["origin"] != "own"]
    return known.assign(name=known["name"].fillna(known["proposer"].map(_most_common(usual))).fillna(""))


def plain_name(name: object) -> str | None:
    """A name without its capitals and signs: L1-norm and l1 norm are the same."""
    return "".join(sign for sign in name.casefold() if sign.isalnum()) if isinstance(name, str) else None


def _most_common(reports: pd.DataFrame) -> dict[str, str]:
    """The name that most reports have of each proposer's method; the first by name of two that are as common."""
    counts = reports.groupby(["proposer", "name"]).size().sort_values(ascending=False, kind="stable")
    return dict(reversed(counts.index))  # the last one, which is kept, is most common


def _trained_alike(reports: pd.DataFrame, name: str, others: tuple[str, ...]) -> pd.DataFrame:
    """The reports with the same ratio of a method and network, trained alike, where two papers or more have them.

    Args:
        reports: All reports.
        name: The ratio.
        others: Ratios by which reports that give them are compared instead.
    """
    without = reports[list(others)].isna().all(axis=1)
    rows = reports[without & (reports[name] > 1)]
    rows = rows.assign(efficiency=name, own_ratio=rows[name]).sort_values("own_ratio", kind="stable")
    rows = _of_several_papers(rows, _METHOD)
    rows = _of_several_papers(rows.assign(cluster=_clusters_of_methods(rows)), _GROUP)
    return _of_several_papers(rows.assign(scheme=_schemes(rows)), _ALIKE)


def _of_several_papers(reports: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The reports of which others, by another paper, are in the same group."""
    return reports[reports.groupby(by)["paper_id"].transform("nunique") > 1]


def _clusters_of_methods(reports: pd.DataFrame) -> NDArray[np.intp]:
    """The cluster of each report among those of its method, dataset and architecture; ratios rise."""
    ratios, found = reports["own_ratio"].to_numpy(dtype=float), np.zeros(len(reports), dtype=np.intp)
    for places in reports.groupby(_METHOD).indices.values():
        found[places] = list(_clusters(ratios[places].tolist()))
    return found


def _clusters(ratios: Iterable[float]) -> Iterator[int]:
    """The number of the cluster of each rising ratio: a new one begins beyond the tolerance of its first."""
    number, first = -1, 0.0
    for ratio in ratios:
        if number < 0 or ratio > first * TOLERANCE:
            number, first = number + 1, ratio
        yield number


def _schemes(reports: pd.DataFrame) -> list[str]:
    """What each report counts for among those of its method, network and ratio: its training scheme and conditions."""
    told = {name: reports[name].astype("string").fillna("").tolist() for name in _TELLING}
    papers, top1 = reports["paper_id"].tolist(), reports["top1"].tolist()
    found = [""] * len(reports)
    for places in reports.groupby(_GROUP).indices.values():
        own, accuracies = [papers[at] for at in places], [top1[at] for at in places]
        groups = ([stated[at] for at in places] for stated in told.values())
        columns = [_counts_for(own, accuracies, stated) for stated in groups if any(stated)]
        for at, parts in zip(places, zip(*columns, strict=True), strict=False):  # none, where nothing is stated
            found[at] = "; ".join(parts)
    return found


def _counts_for(papers: list[str], top1: list[float], stated: list[str]) -> list[str]:
    """What each report of a group counts for in a column that some of them state; those that do not hold ""."""
    stating = {paper for paper, text in zip(papers, stated, strict=True) if text}
    reports = [
        (accuracy, text or (ANOTHER if paper in stating else ""))
        for paper, accuracy, text in zip(papers, top1, stated, strict=True)
    ]
    known = [report for report in reports if report[1]]
    return [text or _nearest(accuracy, known) for accuracy, text in reports]


def _nearest(top1: float, known: list[tuple[float, str]]) -> str:
    """What the report of the nearest accuracy states; the first by name of two that are as near."""
    return min(((abs(one - top1), scheme) for one, scheme in known), default=(0.0, ""))[1]


def _said(reports: pd.DataFrame) -> pd.DataFrame:
    """The reports, each with what its group says together."""
    groups = reports.groupby(_ALIKE)
    return reports.assign(
        ratio=groups["own_ratio"].transform("median"),
        papers=groups["paper_id"].transform("nunique"),
        spread=_spreads(reports, "top1"),
        spread_change=_spreads(reports, "top1_change"),
    )


def _spreads(reports: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """The largest difference in the group of each report."""
    papers, numbers = reports["paper_id"].to_numpy(dtype=object), reports[column].to_numpy(dtype=float)
    found = np.full(len(reports), np.nan)
    for places in reports.groupby(_ALIKE).indices.values():
        found[places] = largest_difference(papers[places].tolist(), numbers[places].tolist())
    return found


def largest_difference(papers: Iterable[str], values: Iterable[float]) -> float:
    """The largest difference between numbers of different papers; those of one paper may differ for its reasons."""
    numbers: dict[str, list[float]] = {}
    for paper, number in zip(papers, values, strict=True):
        if number == number:
            numbers.setdefault(paper, []).append(number)
    # The largest difference is between two that are not of one paper, so that the next ones on each side may tell.
    highest = nlargest(2, ((max(known), paper) for paper, known in numbers.items()))
    lowest = nsmallest(2, ((min(known), paper) for paper, known in numbers.items()))
    ends = [(high - low) for high, paper in highest for low, other in lowest if paper != other]
    return max(ends, default=float("nan"))
