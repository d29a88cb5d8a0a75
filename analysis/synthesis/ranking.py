"""P-scores of treatments: how certainly each is better than the others."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from prunelit.analysis.synthesis.estimates import EffectModel, pairwise_differences
from prunelit.analysis.synthesis.network import Vector

SMALL_VALUES = ("good", "bad")
"""Whether small effects are good (fewer errors) or bad (less accuracy)."""


def p_scores(fitted: EffectModel, small_values: str) -> Vector:
    """Mean over the other treatments of the probability Φ(difference / standard error) of being better.

    They add up to half the number of treatments.

    Source: Rücker and Schwarzer 2015, doi:10.1186/s12874-015-0060-8.
    """
    effect, error = pairwise_differences(fitted)
    np.fill_diagonal(error, 1)
    better = ndtr((-effect if small_values == "good" else effect) / error)
    scores: Vector = (better.sum(axis=1) - 0.5) / (len(effect) - 1)
    return scores
