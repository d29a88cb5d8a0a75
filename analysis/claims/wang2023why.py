"""Conclusions of Wang et al. 2023: why larger learning rates help, and whether inherited weights are worth anything.

Both mysteries are judged by the numbers of their Tables 1 and 4 to 7.  Two accuracies differ *significantly* here if
they are further apart than two standard deviations of their difference; the source does not say how it decides, nor how
many runs stand behind each number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from math import hypot

import pandas as pd

from prunelit.analysis.claims.claim import Claim, stated_claim
from prunelit.analysis.dataset import Dataset
from prunelit.schema.walk import curves

PAPER = "wang2023why"
COLLECTION = "fairness"
SIGNIFICANT = 2.0
_RATIOS = ("10%", "30%", "50%", "70%", "90%", "95%")


_SAID = ("pretraining_epochs", "fine_tuning_epochs", "learning_rate", "learning_rate_schedule")


class Wang2023Facts:
    """The paper's operating points, with what its recipes say."""

    def __init__(self, dataset: Dataset) -> None:
        """Take the points of the paper from the dataset."""
        place = ["experiment", "curve", "point"]
        speedups = dataset.completed().query("paper_id == @PAPER").set_index(place)["speedup"]
        rows = [
            (int(path[1]), int(path[3]), curve.stated_setup, *(getattr(curve.recipe, name, None) for name in _SAID))
            for path, curve in curves(dataset.records.by_id[PAPER])
        ]
        said = pd.DataFrame(rows, columns=["experiment", "curve", "setup", *_SAID])
        said = said.astype(dict.fromkeys(["pretraining_epochs", "fine_tuning_epochs", "learning_rate"], "float64"))
        points = dataset.measurements().query("paper_id == @PAPER").join(speedups, on=place)
        self.points = points.merge(said, on=["experiment", "curve"])

    def pruned(self, dataset: str = "ImageNet100") -> pd.DataFrame:
        """The accuracies of pruned and fine-tuned networks on a dataset."""
        points = self.points
        return points[
            (points["dataset"] == dataset) & (points["metric"] == "top1") & (points["training_scheme"] == "fine_tuned")
        ]

    def scratch(self, ratio: str) -> pd.Series[float] | None:
        """The network of a pruning ratio in Table 4, trained from scratch; None where no record holds it."""
        points = self.points
        of_table4 = points[(points["dataset"] == "ImageNet100") & (points["training_scheme"] == "scratch")]
        return _row(of_table4[of_table4["pruned_model"] == ratio], 0)

    def best(self, setup: str, ratio: str, learning_rate: float | None = None) -> pd.Series[float] | None:
        """The best row of Table 4 under a setup, at a pruning ratio; None where no record holds one."""
        rows = self.pruned()
        rows = rows[(rows["setup"] == setup) & (rows["pruned_model"] == ratio)]
        rows = rows if learning_rate is None else rows[rows["learning_rate"] == learning_rate]
        return _row(rows.sort_values("value"), -1)


def _row(rows: pd.DataFrame, at: int) -> pd.Series[float] | None:
    return None if rows.empty else rows.iloc[at]


def facts(dataset: Dataset) -> Wang2023Facts:
    """What the claims are computed from."""
    return Wang2023Facts(dataset)


def larger_rates(facts: Wang2023Facts) -> str | None:
    """In how many pairs of rows of Table 4 that differ in nothing else the larger rate has the higher accuracy."""
    rows = facts.pruned().dropna(subset=["setup"])
    key = ["pruned_model", "pretraining_epochs", "fine_tuning_epochs"]
    return _gains(rows.groupby(key))


def larger_rates_elsewhere(facts: Wang2023Facts) -> str | None:
    """The same in Tables 6 and 7, within each form of the schedule."""
    rows = pd.concat([facts.pruned("CIFAR-10"), facts.pruned("CIFAR-100")])
    return _gains(rows.groupby(["dataset", "pruned_model", "learning_rate_schedule"]))


def _gains(groups: Iterable[tuple[object, pd.DataFrame]]) -> str | None:
    gains = []
    for _, rows in groups:
        ordered = rows.sort_values("learning_rate")["value"]
        if len(ordered) == 2:
            gains.append(ordered.iloc[1] > ordered.iloc[0])
    return f"{sum(gains)} of {len(gains)}" if gains else None


def catching_up(facts: Wang2023Facts, before: int, after: int, low: float, high: float) -> str | None:
    """The gap that a smaller rate leaves at 95 %, and the gap after as many more epochs as the source tried."""
    rows = facts.pruned()
    rows = rows[(rows["pruned_model"] == "95%") & (rows["pretraining_epochs"] == before)]
    larger = rows.loc[(rows["learning_rate"] == high) & (rows["fine_tuning_epochs"] == after), "value"]
    smaller = rows[rows["learning_rate"] == low].sort_values("fine_tuning_epochs")["value"]
    if larger.empty or smaller.empty:
        return None
    return f"{larger.iloc[0] - smaller.iloc[0]:.2f} before, {larger.iloc[0] - smaller.iloc[-1]:.2f} after"


def trainable(facts: Wang2023Facts) -> str | None:
    """In how many pairs of Table 5 the larger rate has the higher trainability accuracy."""
    rows = facts.points[facts.points["metric"] == "trainability accuracy"]
    return _gains(rows.groupby("pretraining_epochs"))


def significant(facts: Wang2023Facts) -> str | None:
    """The ratios at which the best row under S4.2 is significantly above training from scratch."""
    return _ratios(facts, "S4.2", None, lambda lead, deviations: deviations > SIGNIFICANT)


def above(facts: Wang2023Facts, setup: str) -> str | None:
    """The ratios at which the row with the largest rate under a setup is above training from scratch."""
    return _ratios(facts, setup, 0.1, lambda lead, deviations: lead > 0)


def not_above(facts: Wang2023Facts) -> str | None:
    """The ratios at which SX-B is not significantly above training from scratch."""
    return _ratios(facts, "SX-B", 0.1, lambda lead, deviations: deviations <= SIGNIFICANT)


def _ratios(facts: Wang2023Facts, setup: str, rate: float | None, are: Callable[[float, float], bool]) -> str | None:
    """The ratios whose lead under a setup is so; None where the records do not hold all of them."""
    leads = {ratio: lead for ratio in _RATIOS if (lead := _lead(facts, setup, ratio, rate))}
    return ", ".join(ratio for ratio, lead in leads.items() if are(*lead)) if len(leads) == len(_RATIOS) else None


def _lead(facts: Wang2023Facts, setup: str, ratio: str, rate: float | None) -> tuple[float, float] | None:
    """How far the best row is above training from scratch, in points and in deviations of the difference."""
    pruned, scratch = facts.best(setup, ratio, rate), facts.scratch(ratio)
    if pruned is None or scratch is None:
        return None
    lead = pruned["value"] - scratch["value"]
    return lead, lead / hypot(pruned["std"], scratch["std"])


def _matched(facts: Wang2023Facts, low: float, high: float) -> str | None:
    """How many published methods of Table 1 have no higher accuracy than the L1-norm of that range of speedups."""
    rows = facts.points[(facts.points["dataset"] == "ImageNet") & facts.points["speedup"].between(low, high)]
    own, others = (rows.loc[rows["origin"] == origin, "value"] for origin in ("rerun", "copied"))
    return None if own.empty or others.empty else f"{(others <= own.iloc[0]).sum()} of {len(others)}"


def _all(text: object) -> bool:
    part, _, whole = str(text).partition(" of ")
    return part == whole


def _most(text: object) -> bool:
    part, _, whole = str(text).partition(" of ")
    return 2 * int(part) > int(whole)


def _closed(text: object) -> bool:
    return float(str(text).split(", ")[1].split(" ")[0]) <= 0


def _mostly_closed(text: object) -> bool:
    gaps = [float(part.split(" ")[0]) for part in str(text).split(", ")]
    return gaps[1] < gaps[0] / 2


CLAIMS: tuple[Claim[Wang2023Facts], ...] = (
    stated_claim(
        "L1-norm pruning, better fine-tuned, matches or beats published methods at a speedup of 1.4 to 2.4",
        "Table 1",
        "many",
        partial(_matched, low=1.4, high=2.315),
        _most,
    ),
    stated_claim(
        "the same at a speedup of 2.3 to 2.7",
        "Table 1",
        "many",
        partial(_matched, low=2.32, high=2.7),
        _most,
    ),
    stated_claim(
        "mystery 1: with everything else equal, a larger learning rate of fine-tuning gives a higher accuracy",
        "section 4, Table 4",
        "in all of them",
        larger_rates,
        _all,
        "at a pruning ratio of 10 % the smaller rate is ahead for the networks pruned at epoch 60 and at epoch 90",
    ),
    stated_claim(
        "mystery 1: the same with two forms of the schedule, on ResNet-56 and VGG-19",
        "appendix C, Tables 6 and 7",
        "in most cases",
        larger_rates_elsewhere,
        _most,
    ),
    stated_claim(
        "mystery 1: the network that a larger rate leads to is the more trainable one",
        "section 5.2, Table 5",
        "coincides",
        trainable,
        _all,
    ),
    stated_claim(
        "mystery 1: more epochs close the gap of the smaller rate, pruned at epoch 30",
        "Table 5",
        "fully or by a large part",
        partial(catching_up, before=30, after=90, low=0.01, high=0.1),
        _mostly_closed,
    ),
    stated_claim(
        "mystery 1: the same, pruned at epoch 60",
        "Table 5",
        "fully or by a large part",
        partial(catching_up, before=60, after=60, low=0.001, high=0.01),
        _mostly_closed,
    ),
    stated_claim(
        "mystery 1: the same, pruned at epoch 90, with 1,485 more epochs",
        "appendix D, Table 8",
        "significantly better",
        partial(catching_up, before=90, after=30, low=0.0001, high=0.01),
        _closed,
    ),
    stated_claim(
        "mystery 2: with one overall schedule (S4.2), pruning surpasses training from scratch significantly",
        "section 4, Table 4",
        "30%, 50%, 70%",
        significant,
        lambda ratios: ratios == "30%, 50%, 70%",
    ),
    stated_claim(
        "mystery 2: with as many epochs and a larger rate (SX-A), pruning surpasses training from scratch",
        "section 4, Table 4",
        "10%, 30%, 50%, 70%, 90%, 95%",
        partial(above, setup="SX-A"),
        lambda ratios: ratios == ", ".join(_RATIOS),
    ),
    stated_claim(
        "mystery 2: with as many operations (SX-B), pruning only matches training from scratch, or falls behind",
        "section 4, Table 4",
        "90%, 95%",
        not_above,
        lambda ratios: ratios == "90%, 95%",
    ),
)
"""What the paper concludes, in the order of its text."""
