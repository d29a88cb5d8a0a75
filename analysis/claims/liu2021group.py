"""Conclusions of Liu et al. 2021: whether pruned channels give real speed.

Beside the paper's own times, those of all papers that report measured and theoretical speed of the same network are
asked what share of the theoretical speedup is seen on hardware.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from prunelit.analysis.claims.claim import Claim, stated_claim
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.synthesis.best import SPEED_METRICS, measured_speedups

PAPER = "liu2021group"
COLLECTION = "living"
_ABSTRACT = "arXiv:2108.00708, abstract"


def facts(dataset: Dataset) -> pd.DataFrame:
    """Measured speeds with the theoretical speedup of the same network: ``paper_id``, ``speedup`` and ``faster``."""
    evidence = dataset.evidence_long()
    rows = evidence[evidence["metric"].isin(SPEED_METRICS) & evidence["speedup"].gt(1)]
    rows = rows.assign(faster=measured_speedups(rows))
    return rows.loc[rows["faster"].notna() & rows["origin"].ne("copied"), ["paper_id", "speedup", "faster"]]


def faster_networks(facts: pd.DataFrame, own: bool) -> str | None:
    """How many pruned networks run faster than their originals, of the paper alone or of all papers."""
    rows = facts[facts["paper_id"].eq(PAPER)] if own else facts
    if rows.empty:
        return None
    gained = np.log(rows["faster"]) / np.log(rows["speedup"])
    papers = "" if own else f" of {rows['paper_id'].nunique()} papers"
    faster = f"{int(rows['faster'].gt(1).sum())} of {len(rows)} networks{papers} run faster"
    return f"{faster}; median {rows['faster'].median():.2f}x where theory says {rows['speedup'].median():.2f}x" + (
        f", {gained.median():.0%} of it on a logarithmic scale"
    )


def _all_faster(found: object) -> bool:
    part, _, whole = str(found).partition(" of ")
    return part == whole.split(" ")[0]


def _nearly_all_faster(found: object) -> bool:
    part, _, whole = str(found).partition(" of ")
    return int(part) >= 0.95 * int(whole.split(" ")[0])


CLAIMS: tuple[Claim[pd.DataFrame], ...] = (
    stated_claim(
        "sparsity gives real speed: pruned networks run faster on the hardware that they were timed on",
        _ABSTRACT,
        "boosting inference speed",
        partial(faster_networks, own=True),
        _all_faster,
    ),
    stated_claim(
        "sparsity gives real speed: over all papers that give measured beside theoretical speed, at least 95 % of the "
        "networks run faster",
        _ABSTRACT,
        "boosting inference speed",
        partial(faster_networks, own=False),
        _nearly_all_faster,
        "networks on the accelerators of the Vitis AI model zoo, whose throughput is taken end to end and after "
        "quantization, often gain nothing, and factors of filters, with which DHP compares itself, run slower; in "
        "every other paper all run faster",
    ),
)
"""What the paper concludes, and what others report of it."""
