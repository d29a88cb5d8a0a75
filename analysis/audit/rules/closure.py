"""Rules of closure: the numbers of one row, and of the rows of one network, add up within their printed digits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.digits import (
    HUNDRED,
    ONE,
    accuracy_interval,
    apart,
    interval,
    kept,
    less,
    middle,
    over,
)
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.rows import AuditRow, Interval, ReportedNames, any_of, grouped
from prunelit.analysis.dataset import Dataset

PLACE = 30

SIZES_AND_RATIOS = (("params", "compression_ratio"), ("flops", "speedup"))
"""A size or cost, and the ratio before over after that goes with it."""


@rule(
    "error",
    why="Accuracy after minus accuracy before is the change, within the printed digits.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def change_disagrees(dataset: Dataset) -> Iterator[Suspicion]:
    """The reported change differs from the difference of the reported accuracies."""
    for row in evidence.points_where(dataset, any_of("top1_change", "top5_change")):
        for name in ("top1", "top5"):
            if not (change := interval(row, f"{name}_change")):
                continue
            difference = less(accuracy_interval(row, name), accuracy_interval(row, f"base_{name}"))
            if difference and apart(change, difference):
                found = f"{row.get(f'{name}_change')}, but after minus before is {middle(difference):+.2f}"
                yield at(row, f"{name}_change", found)


@rule(
    "error", why="Accuracy and error add up to 100 %.", settle="The table that the numbers come from.", of_record=True
)
def error_disagrees(dataset: Dataset) -> Iterator[Suspicion]:
    """An accuracy and the error of the same model do not add up to 100 %."""
    names = ("top1", "top5", "base_top1", "base_top5")
    for row in evidence.rows_where(dataset, any_of(*(f"{name}_error" for name in names))):
        for name in names:
            direct, from_error = interval(row, name), less(HUNDRED, interval(row, f"{name}_error"))
            if direct and from_error and apart(direct, from_error):
                found = f"accuracy {row.get(name)}, error {row.get(f'{name}_error')}"
                yield at(row, f"{name}_error", found, found)


@rule(
    "error",
    why="Numbers before and after, share kept, share removed and ratio say the same thing in four ways.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def efficiency_disagrees(dataset: Dataset) -> Iterator[Suspicion]:
    """Two statements about how much is left differ by more than their printed digits allow."""
    for row in evidence.points_where(dataset, _says_twice):
        for quantity, ratio in SIZES_AND_RATIOS:
            for (one, a, over_this), (other, b, over_that) in combinations(_shares(row, quantity, ratio), 2):
                if over_this == over_that and apart(a, b):
                    found = f"{one} is {middle(a):.4f}, but {other} is {middle(b):.4f}"
                    yield at(row, quantity if row.has(quantity) else ratio, found)


def _says_twice(reported: ReportedNames) -> bool:
    """Whether a row says in two ways or more what is left of a quantity."""
    ways = ((reported & {f"{name}_kept", f"{name}_removed", ratio}, name) for name, ratio in SIZES_AND_RATIOS)
    return any(len(shares) + (reported >= {name, f"base_{name}"}) > 1 for shares, name in ways)


def _shares(row: AuditRow, quantity: str, ratio: str) -> list[tuple[str, Interval, str]]:
    """What is left, in each way in which the row says so, and what it is counted over."""
    same = row.scope(quantity) == row.scope(f"base_{quantity}")
    counts = over(interval(row, quantity), interval(row, f"base_{quantity}")) if same else None
    shares = {
        f"{quantity} / base_{quantity}": (counts, row.scope(quantity)),
        f"{quantity}_kept": (interval(row, f"{quantity}_kept"), row.scope(ratio)),
        f"1 - {quantity}_removed": (less(ONE, interval(row, f"{quantity}_removed")), row.scope(ratio)),
        f"1 / {ratio}": (over(ONE, interval(row, ratio)), row.scope(ratio)),
    }
    return [(name, share, scope) for name, (share, scope) in shares.items() if share]


@rule(
    "warning",
    why="What is left and the share that is left, or the change, imply the unpruned model, of which there is one.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def implied_baselines_disagree(dataset: Dataset) -> Iterator[Suspicion]:
    """A row's numbers imply another unpruned model than those of the row in the middle of those that start from it."""
    for rows in grouped(evidence.audit_points(dataset), lambda row: (row.start, row.values(_UNPRUNED))).values():
        for quantity, ratio in (*SIZES_AND_RATIOS, ("top1", ""), ("top5", "")) if len(rows) > 1 else ():
            spans = ((row, _implied(row, quantity, ratio)) for row in rows)
            implied = sorted(((row, span) for row, span in spans if span), key=lambda one: middle(one[1]))
            for row, span in implied:
                other, typical = implied[(len(implied) - 1) // 2]
                if apart(span, typical):
                    found = f"{middle(span):.4g} before pruning, but {middle(typical):.4g} by {other.name}"
                    yield at(row, quantity, found)


_UNPRUNED = ("base_top1", "base_top5", "base_top1_error", "base_top5_error", "base_params", "base_flops")
"""Rows that state different unpruned models start from different ones; whether they should is another rule's matter."""


def _implied(row: AuditRow, quantity: str, ratio: str) -> Interval | None:
    """The unpruned value that follows from the pruned one and the change or share."""
    if ratio:
        if not row.has(quantity) or row.scope(quantity) != "all":
            return None
        return over(interval(row, quantity), kept(row, quantity, ratio))
    change = interval(row, f"{quantity}_change")
    return less(accuracy_interval(row, quantity), change) if change else None


@rule(
    "error",
    why="The right class is among the first five whenever it is the first.",
    settle="The table.",
    of_record=True,
)
def top5_below_top1(dataset: Dataset) -> Iterator[Suspicion]:
    """A top-5 accuracy lies below the top-1 accuracy of the same model."""
    for row in evidence.rows_where(dataset, any_of("top5", "top5_error", "base_top5", "base_top5_error")):
        for prefix in ("", "base_"):
            top1, top5 = accuracy_interval(row, f"{prefix}top1"), accuracy_interval(row, f"{prefix}top5")
            if top1 and top5 and top5[1] < top1[0]:
                name = f"{prefix}top5" if row.has(f"{prefix}top5") else f"{prefix}top5_error"
                found = f"top-5 {middle(top5):.2f}, top-1 {middle(top1):.2f}"
                yield at(row, name, found, found)


@rule(
    "error",
    why="No accuracy lies below 0 or above 100 %.",
    settle="The table that the change comes from.",
    of_record=True,
)
def change_leaves_the_scale(dataset: Dataset) -> Iterator[Suspicion]:
    """The unpruned accuracy and the change give an accuracy below 0 or above 100 %."""
    for row, known in evidence.derived(dataset):
        for name in ("top1", "top5"):
            for model in (name, f"base_{name}"):
                if model in known and not -0.01 <= known[model] <= 100.01:
                    found = f"{row.get(f'{name}_change')} makes {model} {known[model]:.2f} %"
                    yield at(row, f"{name}_change", found)


@rule(
    "error",
    why="The deviation over runs is at most 1.41 times the largest distance from their mean.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def deviation_exceeds_largest(dataset: Dataset) -> Iterator[Suspicion]:
    """A standard deviation is larger than the largest deviation allows."""
    for row in evidence.points_where(dataset, any_of("top1_max_deviation")):
        deviation, largest = interval(row, "top1_std"), interval(row, "top1_max_deviation")
        if deviation and largest and deviation[0] > largest[1] * Decimal("1.4143"):
            yield at(row, "top1_std", f"{row.get('top1_std')}, but at most {row.get('top1_max_deviation')} away")
