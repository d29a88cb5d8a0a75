"""Conditions of a fair comparison, and whether two curves are known to share them.

A condition is *met*, *differs* or is *unknown* where a source does not say; the conditions are those of the comparison
setups in Wang et al. 2023, Table 2.  A judge takes curves on one dataset and architecture and returns one verdict for
each pair, as a matrix: of all of them, or of a few with all that come after them, where there are many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.analysis.frames.columns import NUMBER
from prunelit.analysis.frames.recipes import IN_SETUPS
from prunelit.schema.recipe import TrainingScheme
from prunelit.schema.vocabulary import Condition

Verdicts: TypeAlias = NDArray[np.int8]
_Values: TypeAlias = NDArray[np.float64]
_Flags: TypeAlias = NDArray[np.bool_]
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


def known_of(curves: pd.DataFrame) -> dict[str, _Values]:
    """What is known of curves, each value a number; NaN where a source does not say.

    Args:
        curves: A row for each, with columns as of ``completed()`` and of the table of recipes.
    """
    unclear = curves["origin"].isin(["copied", "unclear"]).to_numpy()
    experiments = curves.groupby(["paper_id", "experiment"], sort=False).ngroup().to_numpy()
    return {
        **{name: _numbered(curves[name]) for name in ("paper_id", *IN_SETUPS)},
        "unpruned_model": np.where(unclear, np.nan, experiments),
        "training_scheme": pd.Categorical(curves["training_scheme"], _SCHEMES).codes.astype(float),
        **{name: reported_accuracies(curves, name) for name in _ACCURACIES},
        **{_unit_of(name): _units(reported_accuracies(curves, name)) for name in _ACCURACIES},
    }


_SCHEMES = get_args(TrainingScheme)
_ACCURACIES = ("base_top1", "base_top5")


def _numbered(values: pd.Series[Any]) -> _Values:
    """Numbers as they are, and a number for each text."""
    codes = pd.factorize(values)[0]
    return values.to_numpy() if values.dtype == NUMBER else np.where(codes < 0, np.nan, codes)


def reported_accuracies(rows: pd.DataFrame, name: str) -> _Values:
    """The accuracies of a column of ``completed()`` that are no mere consequence of others."""
    reported = rows[f"{name}_rule"].isin(["reported", f"100 - {name}_error"]).to_numpy()
    return rows[name].where(reported).to_numpy(dtype=float)


def _unit_of(name: str) -> str:
    return f"{name}_unit"


def _units(values: _Values) -> _Values:
    """The unit of the last digit of each; zeros at the end are not trusted, as some sources pad with them."""
    return np.array([np.nan if np.isnan(one) else _unit(one) for one in values])


class ConfigurationCurves:
    """Curves on one dataset and architecture, and their operating points: some of all, held against some of all."""

    def __init__(
        self,
        places: NDArray[np.intp],
        known: Mapping[str, _Values],
        owner: NDArray[np.intp],
        ratios: Mapping[str, _Values],
    ) -> None:
        """Take the places of the curves among all, and what is known of each, see :func:`known_of`.

        ``ratios`` are those of all points, and ``owner`` tells which curve each point belongs to.
        """
        self.places, self.known, self.owner, self.ratios = places, known, owner, ratios
        self.rows = self.columns = slice(0, len(places))

    def part(self, rows: slice) -> ConfigurationCurves:
        """The same curves, of which some are held against themselves and all that come after them."""
        found = copy(self)
        found.rows, found.columns = rows, slice(rows.start, len(self.places))
        return found

    def parts(self, cells: int) -> Iterator[ConfigurationCurves]:
        """Parts that hold all pairs of curves, each with few enough pairs of points to be looked at together."""
        points = np.bincount(self.owner, minlength=len(self.places)).cumsum()
        part = points * len(self.owner) // cells
        starts = np.flatnonzero(np.diff(part, prepend=-1))
        for first, last in zip(starts, [*starts[1:], len(self.places)], strict=True):
            yield self.part(slice(int(first), int(last)))

    def beside(self, values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Values of all curves, down the rows and across the columns."""
        return values[self.rows, None], values[None, self.columns]

    def all(self, verdict: int) -> Verdicts:
        """One verdict for all pairs."""
        shape = self.rows.stop - self.rows.start, self.columns.stop - self.columns.start
        return np.full(shape, verdict, dtype=np.int8)

    def differ(self, name: str) -> _Flags:
        """The pairs of curves of which something that is known differs."""
        one, other = self.beside(self.known[name])
        return np.asarray(one != other)

    def once(self) -> _Flags:
        """Each pair of two curves once: the first one down the rows."""
        one, other = self.beside(np.arange(len(self.places)))
        return np.asarray(one < other)

    def made_by(self, *schemes: str) -> _Flags:
        """Which curves come from any of some training schemes."""
        return np.isin(self.known["training_scheme"], [_SCHEMES.index(one) for one in schemes])

    def anywhere(self, given: _Flags, *near: tuple[_Values, float]) -> _Flags:
        """The pairs of curves of which any pair of the given points differs by no more than a distance in all values.

        Args:
            given: Which points count.
            near: Values of all points, each with the distance.
        """
        order = np.flatnonzero(given)[np.argsort(self.owner[given], kind="stable")]
        owner = self.owner[order]
        down, across = (order[(owner >= side.start) & (owner < side.stop)] for side in (self.rows, self.columns))
        found = self.all(0).astype(bool)
        if len(down):
            close = np.logical_and.reduce([_alike(values[down], values[across], within) for values, within in near])
            rows, starts = np.unique(self.owner[down], return_index=True)
            columns, places = np.unique(self.owner[across], return_index=True)
            close = np.logical_or.reduceat(np.logical_or.reduceat(close, places, axis=1), starts, axis=0)
            found[np.ix_(rows - self.rows.start, columns - self.columns.start)] = close
        return found


def _alike(one: _Values, other: _Values, within: float) -> _Flags:
    return np.asarray(np.abs(one[:, None] - other[None, :]) <= within + 1e-12)


_Judge: TypeAlias = Callable[[ConfigurationCurves], Verdicts]


def _shared(group: ConfigurationCurves) -> Verdicts:
    """The dataset and the architecture: a group has one."""
    return group.all(MET)


def _ratio(group: ConfigurationCurves) -> Verdicts:
    """The compression ratio or the theoretical speedup: met if any two points have the same, of the same kind."""
    near, both = (group.all(0).astype(bool) for _ in range(2))
    for ratios in group.ratios.values():
        given = ratios > 0
        near |= group.anywhere(given, (_log(ratios), np.log1p(SAME_RATIO)))
        both |= _both(group, np.isin(np.arange(len(group.places)), group.owner[given]))
    return np.where(near, MET, np.where(both, DIFFERS, UNKNOWN)).astype(np.int8)


def _log(values: _Values) -> _Values:
    """The logarithms of positive values; of others nothing that counts."""
    return np.log(np.where(values > 0, values, np.nan))


def _both(group: ConfigurationCurves, flags: _Flags) -> _Flags:
    """Which pairs of curves both are something."""
    one, other = group.beside(flags)
    return np.asarray(one & other)


def _either(group: ConfigurationCurves, flags: _Flags, others: _Flags) -> _Flags:
    """Of which pairs of curves one is something, and the other one something else."""
    (one, other), (one_else, other_else) = group.beside(flags), group.beside(others)
    return np.asarray((one & other_else) | (one_else & other))


def _unpruned_model(group: ConfigurationCurves) -> Verdicts:
    """The weights that pruning started from.

    Met within an experiment, whose curves start from the paper's unpruned model (numbers of unknown or other origin
    left out), where both name one checkpoint, and where neither starts from a trained model.  Differs if the
    checkpoints, their epochs of training or their reported accuracies do, or if only one starts from a trained model.
    """
    within, checkpoint = _stated(group, "unpruned_model"), _stated(group, "unpruned_checkpoint")
    trained, untrained = group.made_by(*INHERITING), group.made_by(*UNTRAINED)
    differs = (checkpoint == DIFFERS) | (_stated(group, "pretraining_epochs") == DIFFERS)
    differs |= _either(group, trained, untrained) | (_accuracies_differ(group) & (within != MET))
    met = (within == MET) | (checkpoint == MET) | _both(group, untrained)
    return np.where(differs, DIFFERS, np.where(met, MET, UNKNOWN)).astype(np.int8)


def _accuracies_differ(group: ConfigurationCurves) -> _Flags:
    """Whether the reported accuracies of the unpruned models cannot be one number, rounded."""
    differs = group.all(0).astype(bool)
    for name in _ACCURACIES:
        (value, other), (unit, other_unit) = (group.beside(group.known[one]) for one in (name, _unit_of(name)))
        differs |= np.abs(value - other) > (unit + other_unit) / 2 + 1e-9
    return differs


def _unit(value: float) -> float:
    return float(Decimal(1).scaleb(int(Decimal(str(round(value, 6))).normalize().as_tuple().exponent)))


def _schedule(group: ConfigurationCurves) -> Verdicts:
    """The learning rate of every epoch after pruning: where it starts, how it changes, and for how long."""
    parts = ("learning_rate", "learning_rate_schedule", "fine_tuning_epochs")
    return _all_of([_stated(group, name) for name in parts])


def _pruning_schedule(group: ConfigurationCurves) -> Verdicts:
    """The learning rates during pruning; met for methods that take no training to prune."""
    none = group.known["pruning_epochs"] == 0
    stated = _all_of([_stated(group, name) for name in ("pruning_epochs", "pruning_learning_rate_schedule")])
    return np.where(_both(group, none), MET, stated).astype(np.int8)


def _total_epochs(group: ConfigurationCurves) -> Verdicts:
    """Epochs of training the unpruned model, of pruning and of fine-tuning; met by definition for Scratch-E."""
    parts = ("pretraining_epochs", "pruning_epochs", "fine_tuning_epochs")
    return _by_definition(group, "scratch_e", _costs(group, _sum(group, *parts)))


def _total_flops(group: ConfigurationCurves) -> Verdicts:
    """Operations of all training, in those of one epoch of the unpruned model, at the same speedup.

    K1 + K2 / speedup, with K1 epochs before and K2 after the removal of weights (Wang et al. 2023, section 3.1); met by
    definition for Scratch-B.
    """
    before, after = _sum(group, "pretraining_epochs", "pruning_epochs"), group.known["fine_tuning_epochs"]
    speedup = group.ratios["speedup"]
    cost = before[group.owner] + after[group.owner] / speedup
    given = (speedup > 0) & np.isfinite(cost)
    ratios, costs = (_log(speedup), np.log1p(SAME_RATIO)), (_log(np.maximum(cost, 1e-12)), np.log1p(SAME_COST))
    met, compared = group.anywhere(given, ratios, costs), group.anywhere(given, ratios)
    return _by_definition(group, "scratch_b", np.where(met, MET, np.where(compared, DIFFERS, UNKNOWN)).astype(np.int8))


def _by_definition(group: ConfigurationCurves, scheme: str, verdicts: Verdicts) -> Verdicts:
    """Scratch training with an equal budget against pruned networks of the same paper (Wang et al. 2023, section 3)."""
    scratch, pruned = group.made_by(scheme), group.made_by(*INHERITING)
    pairs = (_stated(group, "paper_id") == MET) & _either(group, scratch, pruned)
    return np.where(pairs & (verdicts == UNKNOWN), MET, verdicts).astype(np.int8)


def _sum(group: ConfigurationCurves, *names: str) -> _Values:
    """The sum of numbers of the recipe; NaN where one is unknown."""
    return np.asarray(np.sum([group.known[name] for name in names], axis=0))


def _costs(group: ConfigurationCurves, costs: _Values) -> Verdicts:
    one, other = group.beside(costs)
    alike = np.abs(one - other) <= SAME_COST * np.maximum(one, other)
    known = _both(group, np.isfinite(costs))
    return np.where(known, np.where(alike, MET, DIFFERS), UNKNOWN).astype(np.int8)


def _stated(group: ConfigurationCurves, name: str) -> Verdicts:
    """One thing that is known of curves: equal values are equal, others differ, and a missing one is unknown."""
    values = group.known[name]
    one, other = group.beside(values)
    return np.where(_both(group, ~np.isnan(values)), np.where(one == other, MET, DIFFERS), UNKNOWN).astype(np.int8)


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
