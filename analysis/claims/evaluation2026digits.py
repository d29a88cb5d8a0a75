"""Conclusions of four papers, judged by runs of our own on handwritten digits."""

from __future__ import annotations

from prunelit.analysis.claims.claim import Claim
from prunelit.analysis.claims.own_runs import (
    GLOBAL_MAGNITUDE,
    L1,
    LENET,
    SMALLER_RATES,
    TO_SIXTEEN,
    OwnRuns,
    global_beats_layerwise,
    larger_rate_is_better,
    layerwise_beats_random,
    reduced_beats_pruned,
    runs_of,
    scratch_b_is_no_worse,
    scratch_e_beats_fine_tuned,
    times_of,
)
from prunelit.analysis.dataset import Dataset
from prunelit.schema.vocabulary import EVALUATIONS

COLLECTION = EVALUATIONS
RESNET = "ResNet-8"


def facts(dataset: Dataset) -> OwnRuns:
    """The accuracies of the runs; they were not timed."""
    return OwnRuns(runs_of(dataset, "evaluation2026digits", "Digits"), times_of(dataset, "evaluation2026digits"))


_OF_L1 = (
    "trained from scratch for as much computation (Scratch-B), the network that L1-norm pruning leaves is no worse "
    "than fine-tuned; here"
)
CLAIMS: tuple[Claim[OwnRuns], ...] = (
    global_beats_layerwise(RESNET),
    global_beats_layerwise(
        LENET,
        "the second layer has more inputs and smaller weights than the first: of all weights compared, 2 % of "
        "its own are left at 8 times and 0.2 % at 16 times, and the network loses more than it does layer by layer",
    ),
    layerwise_beats_random(
        RESNET,
        "at 16 times the five runs of random pruning lie six points apart from each other, so that they do not "
        "settle it",
    ),
    layerwise_beats_random(LENET),
    scratch_b_is_no_worse(f"{_OF_L1} at 2 to 16 times", L1, TO_SIXTEEN),
    scratch_b_is_no_worse(
        f"{_OF_L1} at 32 times, where few channels are left",
        L1,
        ("32x",),
        reason="with 20 and 7 units left, single seeds collapse from scratch and none do fine-tuned",
    ),
    scratch_b_is_no_worse(
        "the same for unstructured global magnitude pruning, at 2 to 16 times",
        GLOBAL_MAGNITUDE,
        TO_SIXTEEN,
        said="in one of the two ways",
    ),
    *map(larger_rate_is_better, SMALLER_RATES),
    reduced_beats_pruned(f"L1-norm, 2 to 16 times, {RESNET}"),
    scratch_e_beats_fine_tuned(
        f"Scratch-E of L1-norm, 2 to 16 times, {LENET}, where that is the reduced network",
        LENET,
        "fine-tuned at a rate as large as that of training from scratch, the pruned networks are as good",
    ),
)
"""What the papers conclude and these runs can judge."""
