"""Conditions of a fair comparison, and whether two curves are known to share them.

A condition is *met*, *differs* or is *unknown* where a source does not say; the conditions are those of the comparison
setups in Wang et al. 2023, Table 2.  A judge takes all curves on one dataset and architecture and returns one verdict
for each pair, as a square matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.schema.record import Curve
from prunelit.schema.vocabulary import Condition

Verdicts: TypeAlias = NDArray[np.int8]
MET, UNKNOWN, DIFFERS = 1, 0, -1

CURVE_KEY = ["paper_id", "experiment", "curve"]
SAME_RATIO = 0.05
"""Ratios that differ by at most this share are the same.

The source gives no number; its Table 1 compares speedups of 2.12 to 2.31 with each other.  This one is ours.
"""
SAME_COST = 0.01
"""Costs that differ by at most this share are the same: epochs are rounded to whole numbers."""

INHERITING = ("fine_tuned", "learning_rate_rewinding", "weight_rewinding", "weight_rewinding_low_rate", "none")
UNTRAINED = ("scratch_e", "scratch_b", "scratch", "reduced_network", "at_initialization", "sparse_training")
"""Training schemes that start from a trained model, and those that do not."""


@dataclass(frozen=True, slots=True)
class Side:
    """A curve on one side of a comparison, and the paper and experiment that it belongs to."""

    paper: str
    experiment: int
    curve: Curve

    def says(self, name: str) -> object:
        """A field of the curve's recipe; None where it is unknown."""
        return getattr(self.curve.recipe, name, None)


class ConfigurationCurves:
    """All curves on one dataset and architecture, and their operating points."""

    def __init__(self, sides: Sequence[Side], points: pd.DataFrame, heads: pd.DataFrame) -> None:
        """Take the sides in the order of ``heads``, the first completed row of each; ``points`` are all rows."""
        self.sides, self.points, self.heads = sides, points, heads
        order = {key: at for at, key in enumerate(heads[CURVE_KEY].itertuples(index=False, name=None))}
        self.owner = np.array([order[key] for key in points[CURVE_KEY].itertuples(index=False, name=None)])

    def all(self, verdict: int) -> Verdicts:
        """One verdict for all pairs."""
        return np.full((len(self.sides), len(self.sides)), verdict, dtype=np.int8)

    def anywhere(self, close: NDArray[np.bool_], owner: NDArray[np.int_]) -> NDArray[np.bool_]:
        """The pairs of curves of which any pair of points is close; ``owner`` says whose each point is."""
        found = np.zeros((len(self.sides), len(self.sides)), dtype=bool)
        first, second = np.nonzero(close)
        found[owner[first], owner[second]] = True
        return found


_Judge: TypeAlias = Callable[[ConfigurationCurves], Verdicts]


def _shared(group: ConfigurationCurves) -> Verdicts:
    """The dataset and the architecture: a group has one."""
    return group.all(MET)


def _ratio(group: ConfigurationCurves) -> Verdicts:
    """The compression ratio or the theoretical speedup: met if any two points have the same, of the same kind."""
    near, both = (np.zeros_like(group.all(MET), dtype=bool) for _ in range(2))
    for name in ("compression_ratio", "speedup"):
        ratios = group.points[name].to_numpy(dtype=float)
        given = ratios > 0
        logs, owner = np.log(ratios[given]), group.owner[given]
        near |= group.anywhere(_alike(logs, np.log1p(SAME_RATIO)), owner)
        has = np.isin(np.arange(len(group.sides)), owner)
        both |= has[:, None] & has[None, :]
    return np.where(near, MET, np.where(both, DIFFERS, UNKNOWN)).astype(np.int8)


def _alike(values: NDArray[np.float64], within: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(values[:, None] - values[None, :]) <= within + 1e-12)


def _unpruned_model(group: ConfigurationCurves) -> Verdicts:
    """The weights that pruning started from.

    Met within an experiment, whose curves start from the paper's unpruned model (numbers of unknown or other origin
    left out), where both name one checkpoint, and where neither starts from a trained model.  Differs if the
    checkpoints, their epochs of training or their reported accuracies do, or if only one starts from a trained model.
    """
    places = [None if one.curve.origin in ("copied", "unclear") else (one.paper, one.experiment) for one in group.sides]
    within, checkpoint = _equal(places), _stated(group, "unpruned_checkpoint")
    trained, untrained = (
        np.array([one.curve.training_scheme in schemes for one in group.sides]) for schemes in (INHERITING, UNTRAINED)
    )
    one_trained = (trained[:, None] & untrained[None, :]) | (untrained[:, None] & trained[None, :])
    differs = (checkpoint == DIFFERS) | (_stated(group, "pretraining_epochs") == DIFFERS) | one_trained
    differs |= _accuracies_differ(group.heads) & (within != MET)
    met = (within == MET) | (checkpoint == MET) | (untrained[:, None] & untrained[None, :])
    return np.where(differs, DIFFERS, np.where(met, MET, UNKNOWN)).astype(np.int8)


def _accuracies_differ(heads: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the reported accuracies of the unpruned models cannot be one number, rounded.

    Zeros at the end of a number are not trusted, as some sources pad with them.
    """
    differs = np.zeros((len(heads), len(heads)), dtype=bool)
    for name in ("base_top1", "base_top5"):
        reported = heads[f"{name}_rule"].isin(["reported", f"100 - {name}_error"]).to_numpy()
        values = heads[name].where(reported).to_numpy(dtype=float)
        units = np.array([np.nan if np.isnan(one) else _unit(one) for one in values])
        differs |= np.abs(values[:, None] - values[None, :]) > (units[:, None] + units[None, :]) / 2 + 1e-9
    return differs


def _unit(value: float) -> float:
    return float(Decimal(1).scaleb(int(Decimal(str(round(value, 6))).normalize().as_tuple().exponent)))


def _schedule(group: ConfigurationCurves) -> Verdicts:
    """The learning rate of every epoch after pruning: where it starts, how it changes, and for how long."""
    parts = ("learning_rate", "learning_rate_schedule", "fine_tuning_epochs")
    return _all_of([_stated(group, name) for name in parts])


def _pruning_schedule(group: ConfigurationCurves) -> Verdicts:
    """The learning rates during pruning; met for methods that take no training to prune."""
    none = np.array([one.says("pruning_epochs") == 0 for one in group.sides])
    stated = _all_of([_stated(group, name) for name in ("pruning_epochs", "pruning_learning_rate_schedule")])
    return np.where(none[:, None] & none[None, :], MET, stated).astype(np.int8)


def _total_epochs(group: ConfigurationCurves) -> Verdicts:
    """Epochs of training the unpruned model, of pruning and of fine-tuning; met by definition for Scratch-E."""
    epochs = np.array([_epochs(one) for one in group.sides])
    return _by_definition(group, "scratch_e", _costs(epochs))


def _total_flops(group: ConfigurationCurves) -> Verdicts:
    """Operations of all training, in those of one epoch of the unpruned model, at the same speedup.

    K1 + K2 / speedup, with K1 epochs before and K2 after the removal of weights (Wang et al. 2023, section 3.1); met by
    definition for Scratch-B.
    """
    before = np.array([_sum(one, "pretraining_epochs", "pruning_epochs") for one in group.sides])
    after = np.array([_sum(one, "fine_tuning_epochs") for one in group.sides])
    speedup = group.points["speedup"].to_numpy(dtype=float)
    cost = before[group.owner] + after[group.owner] / speedup
    given = (speedup > 0) & np.isfinite(cost)
    at_ratio = _alike(np.log(speedup[given]), np.log1p(SAME_RATIO))
    equal = at_ratio & _alike(np.log(np.maximum(cost[given], 1e-12)), np.log1p(SAME_COST))
    owner = group.owner[given]
    met, compared = group.anywhere(equal, owner), group.anywhere(at_ratio, owner)
    return _by_definition(group, "scratch_b", np.where(met, MET, np.where(compared, DIFFERS, UNKNOWN)).astype(np.int8))


def _by_definition(group: ConfigurationCurves, scheme: str, verdicts: Verdicts) -> Verdicts:
    """Scratch training with an equal budget against pruned networks of the same paper (Wang et al. 2023, section 3)."""
    scratch = np.array([one.curve.training_scheme == scheme for one in group.sides])
    pruned = np.array([one.curve.training_scheme in INHERITING for one in group.sides])
    papers = _equal([one.paper for one in group.sides]) == MET
    pairs = papers & ((scratch[:, None] & pruned[None, :]) | (pruned[:, None] & scratch[None, :]))
    return np.where(pairs & (verdicts == UNKNOWN), MET, verdicts).astype(np.int8)


def _epochs(side: Side) -> float:
    return _sum(side, "pretraining_epochs", "pruning_epochs", "fine_tuning_epochs")


def _sum(side: Side, *names: str) -> float:
    """The sum of numbers of the recipe; NaN where one is unknown."""
    parts = [side.says(name) for name in names]
    return float("nan") if any(part is None for part in parts) else sum(float(str(part)) for part in parts)


def _costs(costs: NDArray[np.float64]) -> Verdicts:
    known = np.isfinite(costs)
    alike = np.abs(costs[:, None] - costs[None, :]) <= SAME_COST * np.maximum(costs[:, None], costs[None, :])
    return np.where(known[:, None] & known[None, :], np.where(alike, MET, DIFFERS), UNKNOWN).astype(np.int8)


def _stated(group: ConfigurationCurves, name: str) -> Verdicts:
    """One field of the recipe; numbers are equal whatever their digits."""
    values = [one.says(name) for one in group.sides]
    return _equal([float(one) if isinstance(one, Decimal) else one for one in values])


def _equal(values: Sequence[object]) -> Verdicts:
    """Equal values are equal, others differ, and a missing one is unknown."""
    codes = pd.factorize(np.array([repr(one) for one in values], dtype=object))[0]
    known = np.array([one is not None for one in values])
    alike = np.where(codes[:, None] == codes[None, :], MET, DIFFERS)
    return np.where(known[:, None] & known[None, :], alike, UNKNOWN).astype(np.int8)


def _all_of(parts: Sequence[Verdicts]) -> Verdicts:
    """Met if all parts are, different if any is."""
    differs = np.logical_or.reduce([part == DIFFERS for part in parts])
    met = np.logical_and.reduce([part == MET for part in parts])
    return np.where(differs, DIFFERS, np.where(met, MET, UNKNOWN)).astype(np.int8)


CONDITIONS: dict[Condition, _Judge] = {
    "dataset": _shared,
    "architecture": _shared,
    "ratio": _ratio,
    "unpruned_model": _unpruned_model,
    "fine_tuning_epochs": partial(_stated, name="fine_tuning_epochs"),
    "learning_rate_schedule": _schedule,
    "pruning_epochs": partial(_stated, name="pruning_epochs"),
    "pruning_learning_rate_schedule": _pruning_schedule,
    "total_epochs": _total_epochs,
    "total_flops": _total_flops,
}
"""How each condition of the comparison setups is read from the records."""
