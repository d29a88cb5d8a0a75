"""Results of our own evaluations, as their figures draw them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from prunelit.analysis.claims.own_runs import ERRORS_TO_END
from prunelit.analysis.dataset import EVALUATIONS, Dataset

DIFFERENCES = [-50, -10, -2, 0, 2, 10, 50]
"""Ticks of an axis of differences in percentage points, which is linear near zero and logarithmic beyond."""


def evaluated_points(dataset: Dataset) -> pd.DataFrame:
    """One row a network, strategy, scheme, setting and ratio of all records of our own evaluations.

    ``panel`` names the network, its data and the record; ``strategy`` the method, by its label where it has no
    canonical name; ``standard_error`` is that of the mean of the runs.
    """
    points = dataset.of(EVALUATIONS).evidence()
    known = points["pruned_model"].str.fullmatch(r"\d+(\.\d+)?x").fillna(False) & points["top1"].notna()
    points = points[known.astype(bool)]
    panel = points["architecture"] + ", " + points["dataset"] + " (" + points["paper_id"] + ")"
    return points.assign(
        panel=panel,
        strategy=points["canonical_method"].fillna(points["method_label"]),
        ratio=points["pruned_model"].str.removesuffix("x").astype("float64"),
        standard_error=points["top1_std"].astype("float64") / points["seeds"].astype("float64") ** 0.5,
        source=points["locator"],
    )


def differences_between(one: pd.DataFrame, other: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The rows of ``one`` with ``difference`` in top-1 from those of ``other`` with the same key, and its interval.

    The interval of 95 %, from ``low`` to ``high``, takes the runs for independent.
    """
    values = ["top1", "standard_error"]
    both = one.merge(other[[*key, *values]], on=list(key), suffixes=("", "_other"))
    reach = ERRORS_TO_END * (both["standard_error"] ** 2 + both["standard_error_other"] ** 2) ** 0.5
    difference = (both["top1"] - both["top1_other"]).astype("float64")
    return both.assign(difference=difference, low=difference - reach, high=difference + reach)
