"""Conclusions of papers on pruning, judged by runs of our own: what is compared, and when a conclusion holds.

All methods of a seed start from one checkpoint and follow one recipe, and every number is the mean of five runs with
their deviation.  A difference is the mean over networks and ratios of the differences between means; its interval of
95 % takes the runs for independent, which is wide where they share a checkpoint.  The networks are tiny: a conclusion
that fails here may hold for larger ones, and the other way round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from prunelit.analysis.claims.claim import Claim, stated_claim
from prunelit.analysis.dataset import Dataset

ERRORS_TO_END = 1.96
"""Standard errors from the mean to the end of an interval of 95 %."""
MODERATE = ("4x", "8x", "16x")
"""Ratios that are called moderate: a loss shows, and networks work."""
TO_SIXTEEN = ("2x", *MODERATE)
NO_WORSE = 1.0
"""Percentage points below which no interval of what is no worse may reach."""
BEST_RATE, SMALLER_RATES = 0.1, (0.01, 0.001)
GLOBAL_MAGNITUDE, LAYERWISE_MAGNITUDE, RANDOM_WEIGHTS = (
    "magnitude (global)",
    "magnitude (layerwise)",
    "random weights (global)",
)
L1 = "L1-norm filter pruning"
LENET = "LeNet-300-100"
_CELL = ["architecture", "pruned_model"]
_TIMED = ["dataset", "hardware", "framework", "batch_size"]


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """The mean difference in top-1 between two ways to prune, in percentage points, with its standard error."""

    points: float
    error: float
    cells: int
    """Networks and ratios that it is the mean of."""

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.points - ERRORS_TO_END * self.error

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.points + ERRORS_TO_END * self.error

    def __str__(self) -> str:
        told = f"{self.points:+.2f} [{self.low:+.2f}, {self.high:+.2f}] points".replace("-", "−")
        return f"{told}, {self.cells} pruned networks"


@dataclass(frozen=True, slots=True)
class RateGains:
    """In how many networks one way is better than another beyond chance, and in how many worse."""

    better: int
    worse: int
    networks: int
    points: float
    """The mean difference."""

    def __str__(self) -> str:
        mean = f"{self.points:+.2f}".replace("-", "−")
        return f"better in {self.better} of {self.networks} networks, worse in {self.worse}; {mean} points on average"


@dataclass(frozen=True, slots=True)
class Faster:
    """In how many pairs of networks, engine and device one is faster, as the quartiles of their times lie apart."""

    faster: int
    slower: int
    pairs: int
    ratio: float
    """The geometric mean of its time over the other's."""

    def __str__(self) -> str:
        return f"faster in {self.faster} of {self.pairs} pairs, slower in {self.slower}; {self.ratio:.2f} of the time"


@dataclass(frozen=True, slots=True)
class OwnRuns:
    """What an evaluation of ours found."""

    accuracies: pd.DataFrame
    """Of :func:`runs_of`."""
    times: pd.DataFrame
    """Of :func:`times_of`."""


def runs_of(dataset: Dataset, paper: str, images: str) -> pd.DataFrame:
    """The accuracies of one evaluation of ours on one dataset, one row a network, method, scheme, rate and ratio."""
    points = dataset.evidence()
    points = points[(points["paper_id"].eq(paper) & points["dataset"].eq(images)).fillna(False).astype(bool)]
    return points.assign(variance=points["top1_std"] ** 2 / points["seeds"].astype("float64"))


def way(
    facts: pd.DataFrame, method: str, scheme: str = "fine_tuned", rate: float = BEST_RATE, on: str | None = None
) -> pd.DataFrame:
    """The points of a method that was trained so, by network and ratio."""
    asked = facts["canonical_method"].eq(method) & facts["training_scheme"].eq(scheme)
    asked &= facts["learning_rate"].eq(rate)
    if on is not None:
        asked &= facts["architecture"].eq(on)
    return facts[asked.fillna(False).astype(bool)].set_index(_CELL)[["top1", "variance"]]


def mean_difference(
    one: pd.DataFrame, other: pd.DataFrame, ratios: tuple[str, ...] | None = None
) -> MeanDifference | None:
    """One way minus another, over the networks and ratios that both have; None where there are none."""
    both = one.merge(other, left_index=True, right_index=True, suffixes=("_one", "_other"))
    if ratios is not None:
        both = both[both.index.get_level_values("pruned_model").isin(ratios)]
    if both.empty:
        return None
    mean = float((both["top1_one"] - both["top1_other"]).mean())
    error = sqrt(float((both["variance_one"] + both["variance_other"]).sum())) / len(both)
    return MeanDifference(mean, error, len(both))


def of_methods(facts: pd.DataFrame, first: str, second: str, on: str) -> MeanDifference | None:
    """How far one method is above another at moderate ratios on a network, both fine-tuned at the best rate."""
    return mean_difference(way(facts, first, on=on), way(facts, second, on=on), MODERATE)


def of_schemes(
    facts: pd.DataFrame, method: str, scheme: str, ratios: tuple[str, ...], on: str | None = None
) -> MeanDifference | None:
    """How far a method's networks are above fine-tuned ones when they are trained otherwise."""
    return mean_difference(way(facts, method, scheme, on=on), way(facts, method), ratios)


def of_reduced(facts: pd.DataFrame) -> MeanDifference | None:
    """How far reduced networks are above those that lost the channels of the smallest norm and were fine-tuned."""
    return mean_difference(way(facts, "reduced width", "reduced_network"), way(facts, L1), TO_SIXTEEN)


def gain_of_rate(facts: pd.DataFrame, smaller: float) -> RateGains | None:
    """In how many fine-tuned networks the best rate is above a smaller one, in how many below, beyond chance."""
    tuned = facts[facts["training_scheme"].eq("fine_tuned").fillna(False).astype(bool)]
    key = ["canonical_method", *_CELL]
    best, less = (
        tuned[tuned["learning_rate"].eq(rate)].set_index(key)[["top1", "variance"]] for rate in (BEST_RATE, smaller)
    )
    both = best.merge(less, left_index=True, right_index=True, suffixes=("", "_less"))
    if both.empty:
        return None
    lead, error = both["top1"] - both["top1_less"], (both["variance"] + both["variance_less"]) ** 0.5
    above, below = int((lead > ERRORS_TO_END * error).sum()), int((lead < -ERRORS_TO_END * error).sum())
    return RateGains(above, below, len(both), float(lead.mean()))


def clearly_above(found: object) -> bool:
    """Whether the interval of a difference lies above zero."""
    return isinstance(found, MeanDifference) and found.low > 0


def not_clearly_worse(found: object) -> bool:
    """Whether the interval of a difference does not reach below what is no worse."""
    return isinstance(found, MeanDifference) and found.low > -NO_WORSE


def mostly_higher(found: object) -> bool:
    """Whether more than half of the networks gain beyond chance."""
    return isinstance(found, RateGains) and 2 * found.better > found.networks


def _of_accuracies(compute: Callable[..., object], **settings: object) -> Callable[[OwnRuns], object]:
    """The same of everything that an evaluation found."""
    return lambda runs: compute(runs.accuracies, **settings)


def _speed(runs: OwnRuns) -> object:
    return speed_of_reduced(runs.times)


def global_beats_layerwise(on: str, reason: str = "") -> Claim[OwnRuns]:
    """The first of two statements of Blalock et al. on strategies, judged on a network."""
    names = "global magnitude pruning beats layerwise"
    return _of_strategies(names, GLOBAL_MAGNITUDE, LAYERWISE_MAGNITUDE, on, reason)


def layerwise_beats_random(on: str, reason: str = "") -> Claim[OwnRuns]:
    """The second of them."""
    names = "layerwise magnitude pruning beats random pruning"
    return _of_strategies(names, LAYERWISE_MAGNITUDE, RANDOM_WEIGHTS, on, reason)


def _of_strategies(names: str, first: str, second: str, on: str, reason: str) -> Claim[OwnRuns]:
    said = _of_accuracies(of_methods, first=first, second=second, on=on)
    text = f"Blalock et al. 2020: {names} at moderate ratios; here at 4, 8 and 16 times on {on}"
    return stated_claim(text, "the strategies of ShrinkBench", "beats", said, clearly_above, reason)


def scratch_b_is_no_worse(
    of: str, method: str, ratios: tuple[str, ...], said: str = "almost always", reason: str = ""
) -> Claim[OwnRuns]:
    """What Liu et al. say of training from scratch, judged for the networks of a method.

    Args:
        of: The statement, and the ratios, in words.
        method: Canonical name of the method.
        ratios: Names of the pruned networks that count.
        said: The paper's word for how often.
        reason: Why the runs do not bear it out.
    """
    computed = _of_accuracies(of_schemes, method=method, scheme="scratch_b", ratios=ratios)
    source = "README of github.com/Eric-mingjie/rethinking-network-pruning"
    return stated_claim(f"Liu et al. 2019: {of}", source, said, computed, not_clearly_worse, reason)


def larger_rate_is_better(smaller: float, reason: str = "") -> Claim[OwnRuns]:
    """What Wang et al. say of the learning rate of fine-tuning, against a smaller one."""
    text = f"Wang et al. 2023: a larger rate of fine-tuning, {BEST_RATE} for {smaller:g}, gives a higher accuracy"
    computed = _of_accuracies(gain_of_rate, smaller=smaller)
    return stated_claim(text, "section 4, Table 4", "in all of them", computed, mostly_higher, reason)


def reduced_beats_pruned(here: str, reason: str = "") -> Claim[OwnRuns]:
    """What Crowley et al. say of networks that are simply smaller; ``here`` says on which."""
    text = f"Crowley et al. 2018: reduced networks beat pruned and fine-tuned ones; here {here}"
    return stated_claim(text, _CROWLEY, "consistently", _of_accuracies(of_reduced), clearly_above, reason)


def scratch_e_beats_fine_tuned(here: str, on: str, reason: str = "") -> Claim[OwnRuns]:
    """What Crowley et al. say of training the architecture that pruning finds; ``here`` says on which network."""
    text = f"Crowley et al. 2018: the architecture of a pruned network does better trained from scratch; here {here}"
    computed = _of_accuracies(of_schemes, method=L1, scheme="scratch_e", ratios=TO_SIXTEEN, on=on)
    return stated_claim(text, _CROWLEY, "significantly", computed, clearly_above, reason)


def times_of(dataset: Dataset, paper: str) -> pd.DataFrame:
    """The times of one evaluation of ours for a batch, one row a network, method, ratio, hardware and framework."""
    times = dataset.measurements()
    return times[(times["paper_id"].eq(paper) & times["metric"].eq("latency")).fillna(False).astype(bool)]


def speed_of_reduced(times: pd.DataFrame) -> Faster | None:
    """How much less time reduced networks take than those that lost the channels of the smallest norm."""
    key = [*_TIMED, "architecture", "pruned_model"]
    reduced, pruned = (
        times[times["canonical_method"].eq(method).fillna(False).astype(bool)].drop_duplicates(key).set_index(key)
        for method in ("reduced width", L1)
    )
    both = reduced.merge(pruned, left_index=True, right_index=True, suffixes=("_reduced", "_pruned"))
    if both.empty:
        return None
    faster = both["spread_upper_reduced"] < both["spread_lower_pruned"]
    slower = both["spread_lower_reduced"] > both["spread_upper_pruned"]
    ratio = float(np.exp(np.log(both["value_reduced"] / both["value_pruned"]).mean()))
    return Faster(int(faster.sum()), int(slower.sum()), len(both), ratio)


def mostly_faster(found: object) -> bool:
    """Whether more than half of the pairs have the reduced network the faster one, by more than the quartiles."""
    return isinstance(found, Faster) and 2 * found.faster > found.pairs


def reduced_is_faster(here: str, reason: str = "") -> Claim[OwnRuns]:
    """What Crowley et al. say of measured speed; ``here`` says on which networks."""
    text = f"Crowley et al. 2018: reduced networks are faster at inference on hardware than pruned ones; here {here}"
    return stated_claim(text, _CROWLEY, "significantly", _speed, mostly_faster, reason)


_CROWLEY = "arXiv:1810.04622, abstract"
