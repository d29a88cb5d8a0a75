"""Conclusions of four papers, judged by runs of our own on Fashion-MNIST."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.claims.claim import Claim
from prunelit.analysis.claims.own_runs import (
    L1,
    LENET,
    SMALLER_RATES,
    TO_SIXTEEN,
    global_beats_layerwise,
    larger_rate_is_better,
    layerwise_beats_random,
    runs_of,
    scratch_b_is_no_worse,
    scratch_e_beats_fine_tuned,
)
from prunelit.analysis.dataset import Dataset
from prunelit.schema.vocabulary import EVALUATIONS

COLLECTION = EVALUATIONS


def facts(dataset: Dataset) -> pd.DataFrame:
    """The accuracies of the runs on Fashion-MNIST; those on digits are judged with the evaluation of digits."""
    return runs_of(dataset, "evaluation2026fashion", "Fashion-MNIST")


CLAIMS: tuple[Claim[pd.DataFrame], ...] = (
    global_beats_layerwise(
        LENET, "both lose at most 1.2 points up to 16 times, and what they differ by lies within chance"
    ),
    layerwise_beats_random(LENET),
    scratch_b_is_no_worse(
        "trained from scratch for as much computation (Scratch-B), the network that L1-norm pruning leaves is no worse "
        "than fine-tuned; here at 2 to 16 times",
        L1,
        TO_SIXTEEN,
        reason="at 16 times two of five runs from scratch stay more than 20 points below the others, so that they do "
        "not settle it",
    ),
    *map(larger_rate_is_better, SMALLER_RATES),
    scratch_e_beats_fine_tuned(
        f"Scratch-E of L1-norm, 2 to 16 times, {LENET}, where that is the reduced network",
        LENET,
        "at 2 and 4 times the two are alike, and of five runs from scratch one at 8 times and three at 16 times stay "
        "more than 20 points below the best",
    ),
)
"""What the papers conclude and these runs can judge."""
