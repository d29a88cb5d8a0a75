"""Target ratios: how far to prune a network so that its curve lies beside those of others.

Curves can be told apart only where they overlap, and a single point is no curve (Blalock et al. 2020, section 2.4).
"""

from __future__ import annotations

from math import log

import numpy as np
import pandas as pd

from prunelit.analysis.trends.checklist import MIN_POINTS

APART = 1.1
"""Factor by which two operating points differ at least."""
QUANTILES = (0.5, 0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6, 0.0, 1.0)
"""Quantiles of the others' points, those first that are needed first."""
DOUBLINGS = (2.0, 4.0, 8.0, 16.0, 32.0)
"""Ratios that fill up where others have too few points."""


def target_ratios(points: pd.DataFrame) -> tuple[float, ...]:
    """As many ratios as make a curve, rising: where the others have points, then doublings near to those.

    Each paper counts as much as any other, however many points it has.

    Args:
        points: ``paper_id`` and ``ratio``, the compression ratio or speedup of a point; missing where unknown. Ratios
            of no more than 1 say nothing about pruning and do not count.
    """
    chosen: list[float] = []
    for one in _quantiles(points[points["ratio"] > 1].sort_values("ratio")):
        if (printed := float(f"{one:.3g}")) > 1:
            _add(chosen, printed)
    while len(chosen) < MIN_POINTS:
        _add(chosen, min(_distant(chosen), key=lambda one: min((abs(log(one / other)) for other in chosen), default=0)))
    return tuple(sorted(chosen))


def papers_within(points: pd.DataFrame, chosen: tuple[float, ...]) -> int:
    """How many papers have a point no lower than the lowest and no higher than the highest of the chosen ratios."""
    # The chosen ones have three digits, as printed.
    within = points["ratio"].between(min(chosen) / 1.005, max(chosen) * 1.005)
    return int(points.loc[within, "paper_id"].nunique())


def _add(chosen: list[float], one: float) -> None:
    if len(chosen) < MIN_POINTS and _is_apart(one, chosen):
        chosen.append(one)


def _is_apart(one: float, chosen: list[float]) -> bool:
    return all(max(one, other) >= APART * min(one, other) for other in chosen)


def _distant(chosen: list[float]) -> list[float]:
    return [one for one in DOUBLINGS if _is_apart(one, chosen)]


def _quantiles(pruned: pd.DataFrame) -> list[float]:
    """For each quantile the smallest ratio with that share of the points at or below it, if there is any point."""
    if pruned.empty:
        return []
    weights = 1 / pruned.groupby("paper_id")["ratio"].transform("size").to_numpy(dtype=float)
    shares = weights.cumsum() / weights.sum()
    # Sums of weights that should be equal may differ in their last digit.
    places = np.searchsorted(shares, np.array(QUANTILES) - 1e-9)
    return [float(one) for one in pruned["ratio"].to_numpy()[places]]
