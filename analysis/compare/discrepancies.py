"""Discrepancies: what different papers print for one method, on the same network, pruned as much.

A method is known by the paper that proposed it and by its name, capitals and signs aside; where that paper gives its
method no name, the name that others use most often stands for it.  Names that differ are different methods, so that
variants are never mistaken for one another, at the cost of missing what papers call differently.

Like is compared with like: reports whose training schemes are known to differ are never held against each other.  Where
a paper prints one setting both with a known scheme and without, it tells the two apart, so that the one without is of
another scheme.  Any other unknown scheme may be each of those: such a report goes with the one whose accuracy is
nearest to its own, so that what training may explain is not counted as a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, WHO, Column, columns_named, typed
from prunelit.analysis.frames.completed import COMPLETED
from prunelit.analysis.frames.methods import proposers

TOLERANCE = 1.02
"""Ratios whose quotient is no larger are the same: speedups are printed with two or three digits."""
SCRATCH = ("scratch", "scratch_e", "scratch_b")
"""Ways of training that are not those of the method, but the control that a paper holds against it."""
_RATIOS = ("speedup", "compression_ratio")
ANOTHER = "another"
"""Training scheme of a report that its paper prints beside one with a known scheme."""
_METHOD = ["proposer", "name", "dataset", "architecture"]
_SETTING = [*_METHOD, "efficiency", "ratio", "scheme"]


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
    WHO[0],
    *columns_named(COMPLETED, "origin", "copied_from", "method", "method_label", "pruned_model"),
    Column("own_ratio", NUMBER, "ratio", "Speedup or compression ratio of this report.", _HERE),
    *columns_named(COMPLETED, "top1", "base_top1", "top1_change", "training_scheme", "locator"),
)
"""Columns of ``discrepancies()``: one row a report of a method, dataset, architecture and ratio of several papers."""


def discrepancies_table(completed: pd.DataFrame) -> pd.DataFrame:
    """What different papers print for the same method, dataset, architecture and ratio; columns :data:`DISCREPANCIES`.

    Reports are grouped by speedup, or by compression ratio where they give none, within :data:`TOLERANCE`, and by
    training scheme as far as it is known; only groups with reports of two papers or more are there, those with the
    largest spread of top-1 accuracy first.

    Args:
        completed: Rows as of ``completed()``.
    """
    reports = of_known_methods(completed)
    found = [_said(rows) for rows in _groups(reports) if rows["paper_id"].nunique() > 1]
    if not found:
        return typed([], DISCREPANCIES)
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
    names = {proposer: _most_common(one) for proposer, one in usual.groupby("proposer")["name"]}
    return known.assign(name=known["name"].fillna(known["proposer"].map(names)).fillna(""))


def plain_name(name: object) -> str | None:
    """A name without its capitals and signs: L1-norm and l1 norm are the same."""
    return "".join(sign for sign in name.casefold() if sign.isalnum()) if isinstance(name, str) else None


def _most_common(names: pd.Series[str]) -> str:
    counts = names.value_counts()
    return min(str(name) for name in counts[counts == counts.max()].index)


def _groups(reports: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The reports of each method and network with the same ratio, and trained alike."""
    for name, others in zip(_RATIOS, ((), _RATIOS[:1]), strict=True):
        without = reports[list(others)].isna().all(axis=1)
        rows = reports[without & (reports[name] > 1)]
        rows = rows.assign(efficiency=name, own_ratio=rows[name])
        for _, same in rows.sort_values("own_ratio", kind="stable").groupby(_METHOD):
            cluster = pd.Series(list(_clusters(same["own_ratio"])), index=same.index)
            for _, group in same.groupby(cluster):
                yield from (alike for _, alike in group.assign(scheme=_schemes(group)).groupby("scheme"))


def _clusters(ratios: Iterable[float]) -> Iterator[int]:
    """The number of the cluster of each rising ratio: a new one begins beyond the tolerance of its first."""
    number, first = -1, 0.0
    for ratio in ratios:
        if number < 0 or ratio > first * TOLERANCE:
            number, first = number + 1, ratio
        yield number


def _schemes(rows: pd.DataFrame) -> list[str]:
    """The training scheme that each report of one method, network and ratio counts for; empty where none is known."""
    unknown = rows["training_scheme"].isna()
    beside = unknown & rows["paper_id"].isin(rows.loc[~unknown, "paper_id"])
    reports = list(zip(rows["top1"], rows["training_scheme"].mask(beside, ANOTHER).fillna(""), strict=True))
    known = [(top1, scheme) for top1, scheme in reports if scheme]
    return [scheme or _nearest(top1, known) for top1, scheme in reports]


def _nearest(top1: float, known: list[tuple[float, str]]) -> str:
    """The scheme of the nearest accuracy; the first by name of two that are as near."""
    return min(((abs(one - top1), scheme) for one, scheme in known), default=(0.0, ""))[1]


def _said(rows: pd.DataFrame) -> pd.DataFrame:
    """The reports of a group, with what they say together."""
    return rows.assign(
        ratio=float(rows["own_ratio"].median()),
        papers=rows["paper_id"].nunique(),
        spread=largest_difference(rows, "top1"),
        spread_change=largest_difference(rows, "top1_change"),
    )


def largest_difference(rows: pd.DataFrame, column: str) -> float:
    """The largest difference between numbers of different papers; those of one paper may differ for its reasons."""
    papers = rows.dropna(subset=[column]).groupby("paper_id")[column]
    ends = list(zip(papers.max().tolist(), papers.min().tolist(), strict=True))
    return max((highest - lowest for (highest, _), (_, lowest) in permutations(ends, 2)), default=float("nan"))
