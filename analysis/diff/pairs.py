"""Comparable pairs of papers in two states of the corpus: how many there are, and which came or went."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from prunelit.analysis.compare.configurations import configurations
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.diff.differences import lines_changed
from prunelit.analysis.frames.columns import columns_named
from prunelit.analysis.frames.completed import COMPLETED, operating_points

_PAIR = ["paper_a", "paper_b"]
_SHARED = ["dataset", "architecture", "quality", "efficiency"]
_READ = columns_named(
    COMPLETED, "paper_id", "point", "survey_row", "dataset", "architecture", "origin", "sweep",
    "top1_change", "top5_change", "params_kept", "params", "flops_kept", "flops",
)  # fmt: skip
"""What of a result decides what its paper can be compared in."""
_ROWS = 1_000
"""Papers whose pairs are counted at a time: what memory this takes does not grow with all pairs."""


class PairChanges(NamedTuple):
    """How many pairs there are before and after, and those that only one of the states has."""

    before: int
    after: int
    changed: pd.DataFrame


def pairs_changed(before: Dataset, after: Dataset, differ: frozenset[str] | None) -> PairChanges:
    """The comparable pairs of two states, see :func:`prunelit.comparable_pairs`.

    Args:
        before: One state.
        after: The other.
        differ: The papers whose rows may differ, None for all: only their pairs come or go.
    """
    if differ is None:
        old, new = before.comparable_pairs(), after.comparable_pairs()
        return PairChanges(len(old), len(new), lines_changed(old, new, _PAIR))
    known = _uses(before)
    gone, rest = known[known["paper_id"].isin(differ)], known[~known["paper_id"].isin(differ)]
    old, new = _pairs(gone, rest), _pairs(_uses(after, differ), rest)
    count = _count(known)
    return PairChanges(count, count - len(old) + len(new), lines_changed(old, new, _PAIR))


def _uses(side: Dataset, papers: Collection[str] | None = None) -> pd.DataFrame:
    """What papers can be compared in."""
    return configurations(operating_points(side.cells(Dataset.completed_rows, _READ, papers)))


def _pairs(of: pd.DataFrame, rest: pd.DataFrame) -> pd.DataFrame:
    """The pairs of some papers with each other, and with the rest."""
    both = of.merge(pd.concat([of, rest]), on=_SHARED, suffixes=("_a", "_b"))[["paper_id_a", "paper_id_b"]]
    both = both.drop_duplicates()
    one, other = both["paper_id_a"], both["paper_id_b"]
    ordered = {"paper_a": one.where(one < other, other), "paper_b": other.where(one < other, one)}
    return pd.DataFrame(ordered)[one != other].drop_duplicates(ignore_index=True)


def _count(uses: pd.DataFrame) -> int:
    """How many pairs of papers share anything."""
    papers, names = pd.factorize(uses["paper_id"])
    groups = [papers[places] for places in uses.groupby(_SHARED).indices.values()]
    found = 0
    for start in range(0, len(names), _ROWS):
        share = np.zeros((min(_ROWS, len(names) - start), len(names)), dtype=bool)
        for group in groups:
            here = group[(group >= start) & (group < start + _ROWS)] - start
            share[here[:, np.newaxis], group] = True
        found += int(share.sum())
    return (found - len(names)) // 2
