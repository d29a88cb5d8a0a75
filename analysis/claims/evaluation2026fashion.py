"""Conclusions of four papers, judged by runs of our own on Fashion-MNIST."""

from __future__ import annotations

from prunelit.analysis.claims.claim import Claim
from prunelit.analysis.claims.own_runs import (
    L1,
    LENET,
    SMALLER_RATES,
    TO_SIXTEEN,
    OwnRuns,
    global_beats_layerwise,
    larger_rate_is_better,
    layerwise_beats_random,
    reduced_is_faster,
    runs_of,
    scratch_b_is_no_worse,
    scratch_e_beats_fine_tuned,
    times_of,
)
from prunelit.analysis.dataset import Dataset
from prunelit.schema.vocabulary import EVALUATIONS

COLLECTION = EVALUATIONS


def facts(dataset: Dataset) -> OwnRuns:
    """The accuracies of the runs on Fashion-MNIST and all times; digits are judged with the evaluation of digits."""
    return OwnRuns(
        runs_of(dataset, "evaluation2026fashion", "Fashion-MNIST"), times_of(dataset, "evaluation2026fashion")
    )


CLAIMS: tuple[Claim[OwnRuns], ...] = (
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
    reduced_is_faster("ResNet-8 on digits against L1-norm, 2 to 8 times, batches of 64"),
)
"""What the papers conclude and these runs can judge."""
