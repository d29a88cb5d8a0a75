"""Standard errors of arms: what papers report, and what has to be assumed where they report nothing.

The standard error of a mean of n runs is their standard deviation over the root of n.  Most papers print one number
and no deviation; for those the deviation is assumed to be what comparable papers report: the median over papers, each
with its own median, on the same network, else on the same dataset, else on all.  Assumed ones are always marked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

ENOUGH_PAPERS = 3
"""Papers that must report a deviation before their median stands for others.  Ours: the source gives no number."""
FACTORS = {0.5: "half", 1.0: "as assumed", 2.0: "twice", 4.0: "four times"}
"""Multiples of the assumed deviation under which every result is shown, with what they are called."""


@dataclass(frozen=True, slots=True)
class AssumedDeviation:
    """The standard deviation of one run that is assumed for numbers without one."""

    std: float
    """In the unit of the metric."""
    papers: int
    """Papers whose deviations it is the median of."""
    where: str
    """What those papers have in common: the network, the dataset, or the metric alone."""


def assumed_deviation(points: pd.DataFrame, dataset: str, architecture: str) -> AssumedDeviation | None:
    """What comparable papers report as the standard deviation over runs.

    Args:
        points: Rows as of ``evidence_long()`` of one metric, on all networks.
        dataset: Dataset of the numbers without a deviation.
        architecture: Their architecture.

    Returns:
        The deviation; None where fewer than :data:`ENOUGH_PAPERS` papers report any for the metric.
    """
    known = points[points["std"].gt(0)]
    on_dataset = known["dataset"].eq(dataset).fillna(False)
    on_network = on_dataset & known["architecture"].eq(architecture).fillna(False)
    everywhere = pd.Series(True, index=known.index)
    places = ((on_network, f"{architecture} on {dataset}"), (on_dataset, dataset), (everywhere, "all datasets"))
    for rows, where in places:
        of_papers = known[rows.astype(bool)].groupby("paper_id")["std"].median()
        if len(of_papers) >= ENOUGH_PAPERS:
            return AssumedDeviation(float(of_papers.median()), len(of_papers), where)
    return None


def with_standard_errors(arms: pd.DataFrame, assumed: AssumedDeviation | None, factor: float = 1.0) -> pd.DataFrame:
    """Arms with ``standard_error`` and whether it is ``assumed``.

    A mean of an unknown number of runs is taken for one run, which is the widest that it can be.

    Args:
        arms: Rows with ``std`` and ``seeds``.
        assumed: The deviation for arms without one; None leaves their standard error missing.
        factor: What the assumed deviation is multiplied by.
    """
    runs = arms["seeds"].astype("float64").fillna(1.0)
    lacks = ~arms["std"].gt(0)
    deviation = arms["std"].mask(lacks, assumed.std * factor if assumed else np.nan)
    return arms.assign(standard_error=deviation / np.sqrt(runs), assumed=lacks)
