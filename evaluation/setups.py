"""Under which setup two curves of an evaluation may be compared (Wang et al. 2023, Table 2).

The framework makes the setups true: all curves of a seed start from one checkpoint, and schemes prescribe epochs and
rates. What is compared here is what was run, so that a strategy that needs a penalty in training does not pass for one
that does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prunelit.evaluation.results import Result


@dataclass(frozen=True)
class Conditions:
    """What two curves may have in common beyond dataset, network and ratio."""

    unpruned: frozenset[str]
    """The checkpoints that they start from; empty for those that start from random weights."""
    epochs: int
    """Epochs after pruning."""
    rates: tuple[float, ...]
    """Learning rate of each of the last of them."""
    pruning_epochs: int
    """Epochs that pruning itself takes."""
    pruning_rates: tuple[float, ...]
    """Learning rate of each of them."""
    total_epochs: int
    """Epochs of everything, the unpruned network included where one is needed."""
    total_flops: int
    """Multiply-adds for an image in all epochs."""


LADDER = ("S1", "S2", "S3.1", "S3.2", "S4.1", "S4.2")


def point_conditions(results: Sequence[Result]) -> Conditions:
    """The conditions of one point, by the results of its seeds."""
    first = results[0]
    job = first.job
    needed = [one.job.unpruned().digest for one in results if one.job.needs()]
    before = job.training["epochs"] if needed else 0
    during = first.epochs_after_pruning if (job.scheme or {})["name"] == "during_training" else 0
    dense = first.unpruned.multiply_adds if first.unpruned else 0
    sparse = first.sizes.nonzero_multiply_adds if first.sizes else 0
    after = first.epochs_after_pruning - during
    return Conditions(
        unpruned=frozenset(needed),
        epochs=after,
        rates=() if during else tuple(first.learning_rates),
        pruning_epochs=during,
        pruning_rates=tuple(first.learning_rates) if during else (),
        total_epochs=before + first.epochs_after_pruning,
        total_flops=before * dense + after * sparse + during * dense,
    )


def setup_of(one: Conditions, other: Conditions) -> str:
    """The strictest setup under which two points of one dataset, network and ratio are compared."""
    steps = (
        bool(one.unpruned) and one.unpruned == other.unpruned,
        one.epochs == other.epochs,
        one.rates == other.rates,
        one.pruning_epochs == other.pruning_epochs,
        one.pruning_rates == other.pruning_rates,
    )
    reached = next((at for at, holds in enumerate(steps) if not holds), len(steps))
    if reached == 0 and one.total_epochs == other.total_epochs:
        return "SX-A"
    if reached == 0 and one.total_flops == other.total_flops:
        return "SX-B"
    return LADDER[reached]
