"""Rules on the effects of pruning: sizes that grow, accuracies that rise or fall too much."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import hypot, sqrt
from statistics import stdev
from typing import TypeAlias

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.ordered import OfOthers, Ordered
from prunelit.analysis.audit.rows import AuditRow, any_of, any_of_each
from prunelit.analysis.audit.rules.closure import SIZES_AND_RATIOS
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.vocabulary import EVALUATIONS

PLACE = 50

_RATIOS = ("compression_ratio", "speedup")
_CHANGES = ("top1_change", "top5_change")
_SHARES = any_of("params_kept", "flops_kept")
RISE = 0.25
"""Percentage points by which accuracy may rise from one point of a curve to the next without being noted."""
GAIN, LOSS = 2.0, 5.0
"""Percentage points that pruning may gain, and lose at ratios below ``LITTLE``, without being noted."""
LITTLE = 3.0
_CEILING = 99
"""Percent of the unpruned top-5 accuracy from which on it has no room to move with top-1, as for ten classes."""
_FASTER, _SMALLER = 4.0, 6.0
"""How many times one ratio may be the other: large linear layers hold more parameters than operations."""
_MOST = {"compression_ratio": 500.0, "speedup": 50.0}
"""Ratios beyond which a slip is likelier than a result."""


def _of_change(row: AuditRow, change: str) -> str:
    name = change.removesuffix("_change")
    return row.first_of(change, name, f"{name}_error", f"{name}_runs")


def _of_share(row: AuditRow, quantity: str, ratio: str) -> str:
    return row.first_of(quantity, ratio, f"{quantity}_kept", f"{quantity}_removed")


@rule(
    "warning",
    why="Taking more away costs accuracy; here the share called removed grows with the accuracy.",
    settle="The text around the table.",
    of_record=True,
)
def removed_given_as_kept(dataset: Dataset) -> Iterator[Suspicion]:
    """Along a curve of three or more points, accuracy rises with the share removed, or falls with that kept."""
    derived = evidence.known(dataset)
    for rows in evidence.points_by_tradeoff(dataset, 3):
        for share in ("params_removed", "flops_removed", "params_kept", "flops_kept"):
            pruned, stated = share.replace("kept", "removed"), [row for row in rows if row.has(share)]
            for change in _CHANGES if len(stated) > 2 else ():
                given = [row for row in stated if {pruned, change} <= derived[id(row)].keys()]
                points = sorted((derived[id(row)][pruned], derived[id(row)][change]) for row in given)
                if len(points) > 2 and all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(points)):
                    yield at(given[0], share, f"{change} rises from {points[0][1]:+.2f} to {points[-1][1]:+.2f}")


@rule(
    "note",
    why="More pruning rarely gains accuracy; a slip of sign or column looks like this.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def accuracy_rises_with_pruning(dataset: Dataset) -> Iterator[Suspicion]:
    """Along a curve, the next point is pruned more and is more accurate by over a quarter of a percentage point."""
    # Where the runs behind both are known, by over two standard errors of the difference, too.
    derived = evidence.known(dataset)
    for rows in evidence.points_by_tradeoff(dataset, 2):
        for x in _RATIOS:
            for y in _CHANGES:
                known = [(one[x], one[y], row) for row in rows if x in (one := derived[id(row)]) and y in one]
                for before, after in pairwise(sorted(known, key=lambda one: one[:2])):
                    by_chance = 2 * hypot(_standard_error(before[2], y), _standard_error(after[2], y))
                    if after[1] - before[1] > max(RISE, by_chance) and after[0] > before[0]:
                        found = f"{y} {after[1]:+.2f} at {x} {after[0]:.2f}, but {before[1]:+.2f} at {before[0]:.2f}"
                        yield at(after[2], y, found)


def _standard_error(row: AuditRow, change: str) -> float:
    """Of the mean over the runs that a change was computed from; 0 where they are not known."""
    runs = row.get(f"{change.removesuffix('_change')}_runs")
    return stdev(map(float, runs)) / sqrt(len(runs)) if runs else 0.0


@rule(
    "note",
    why="Top-1 and top-5 accuracy mostly move together.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def top1_and_top5_part(dataset: Dataset) -> Iterator[Suspicion]:
    """Top-1 and top-5 accuracy change by over half a point to opposite sides, or one by 1.5 and the other hardly."""
    # A top-5 accuracy that was near 100 % hardly changes whatever top-1 does.
    for row, known in evidence.derived_where(dataset, {*_CHANGES}.issubset):
        one, five = (known[change] for change in _CHANGES)
        less, more = sorted((abs(one), abs(five)))
        hardly = more > 1.5 and less < 0.1 * more and (row.get("base_top5") or 0) < _CEILING
        if (less > 0.5 and one * five < 0) or hardly:
            yield at(row, _of_change(row, "top5_change"), f"top-1 {one:+.2f}, top-5 {five:+.2f}")


@rule(
    "warning",
    why="On one dataset, networks of like top-1 accuracy have like top-5 accuracy; another column looks like this.",
    settle="The table that the numbers come from.",
)
def top5_unlike_top1(dataset: Dataset) -> Iterator[Suspicion]:
    """A top-5 accuracy is two points from that of others whose top-1 is within one point (eight of them or more)."""
    alike = _alike(dataset)
    for row, known in evidence.derived_where(dataset, _BOTH.issubset):
        count, usual = alike.get(id(row), (0, 0.0))
        if count >= _ENOUGH and abs(known["top5"] - usual) > _UNLIKE:
            found = f"top-5 {known['top5']:.2f} at top-1 {known['top1']:.2f}; {count} others have about {usual:.2f}"
            yield at(row, _of_change(row, "top5_change"), found)


def _alike(dataset: Dataset) -> dict[int, tuple[int, float]]:
    """How many points of other papers are alike in top-1, and their median top-5, by the identity of a row."""
    own: dict[str | None, list[tuple[float, AuditRow]]] = {}
    for row, known in evidence.derived_where(dataset, _BOTH.issubset):
        own.setdefault(row.pair[0], []).append((known["top1"], row))
    known_of = _both_accuracies(dataset.beside or dataset)
    return {
        id(row): (len(fives), fives.median if fives else 0.0)
        for on, points in own.items()
        for row, fives in _fives(sorted(points, key=lambda one: one[0]), known_of.get(on, []))
    }


def _fives(asked: list[tuple[float, AuditRow]], points: list[_Both]) -> Iterator[tuple[AuditRow, OfOthers]]:
    """Of each row, by top-1, the top-5 of points of other papers that are alike in top-1; both are in its order."""
    window, first, end = Ordered(), 0, 0
    for top1, row in asked:
        while end < len(points) and points[end][0] - top1 <= _ALIKE:
            window.add(points[end][2], points[end][1])
            end += 1
        while first < end and top1 - points[first][0] > _ALIKE:
            window.remove(points[first][2], points[first][1])
            first += 1
        yield row, window.of_others(row.paper.id)


_Both: TypeAlias = tuple[float, float, str]
"""Top-1, top-5 and paper."""


@computed_once
def _both_accuracies(dataset: Dataset) -> dict[str | None, list[_Both]]:
    """Each point that has both accuracies, by dataset and then by top-1."""
    found: dict[str | None, list[_Both]] = {}
    for row, known in evidence.derived_where(dataset, _BOTH.issubset):
        found.setdefault(row.pair[0], []).append((known["top1"], known["top5"], row.paper.id))
    return {name: sorted(points) for name, points in found.items()}


_BOTH = frozenset({"top1", "top5"})
_ALIKE, _UNLIKE, _ENOUGH = 1.0, 2.0, 8
"""Percentage points within which top-1 is alike, beyond which top-5 is not, and points of others that tell."""


@rule(
    "warning",
    why="Pruning makes models smaller and faster: ratios lie above 1, and after is less than before.",
    settle="The column head of the table, or what the method adds to the model.",
    of_record=True,
)
def larger_than_unpruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned model has more parameters or operations than the unpruned one, or a ratio lies below 1."""
    for row, known in evidence.derived_where(dataset, _SHARES):
        for quantity, ratio in SIZES_AND_RATIOS:
            share = known.get(f"{quantity}_kept")
            if share is not None and share > 1:
                yield at(row, _of_share(row, quantity, ratio), f"{share:.4g} of the unpruned model")


@rule(
    "warning",
    why="The row does not give the unpruned size or cost, but others do, and it is less.",
    settle="The column head of the table.",
)
def larger_than_others_unpruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned model is larger than the unpruned one of others by a tenth, or has over twice its operations."""
    known_of = evidence.known(dataset)
    for row in evidence.points_where(dataset, any_of("params", "flops")):
        known = known_of[id(row)]
        for quantity, margin in (("params", 1.1), ("flops", 2.2)):
            value = None if f"{quantity}_kept" in known or row.scope(quantity) != "all" else row.get(quantity)
            reports = evidence.all_reported(dataset).get((row.pair, f"base_{quantity}")) if value else None
            values = reports.by_all_but(row.paper.id) if reports else None
            if value and values and float(value) > margin * (most := values.at(len(values) - 1)):
                yield at(row, quantity, f"{value:.4g}, but {most:.4g} at most before pruning")


@rule(
    "warning",
    why="No method removes so much; a wrong unit, suffix or decimal point does.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def implausible_ratio(dataset: Dataset) -> Iterator[Suspicion]:
    """A model is over 500 times smaller or over 50 times faster than before, or nothing is left of it."""
    # Sizes of our own evaluations are counted from the networks themselves: there no unit or suffix can slip.
    for row, known in evidence.derived_where(dataset, _SHARES):
        if EVALUATIONS in row.experiment.collections:
            continue
        for quantity, ratio in SIZES_AND_RATIOS:
            share = known.get(f"{quantity}_kept")
            if share is not None and share * _MOST[ratio] < 1:
                yield at(row, _of_share(row, quantity, ratio), f"{share:.4g} of the unpruned model is left")


@rule(
    "warning",
    why="What makes a model smaller mostly makes it faster by about as much; a slip of a digit looks like this.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def speedup_unlike_compression(dataset: Dataset) -> Iterator[Suspicion]:
    """A model is over four times as much faster as it is smaller, or over six times as much smaller as it is faster."""
    # Sizes of our own evaluations are counted from the networks themselves, as above.
    for row, known in evidence.derived_where(dataset, {*_RATIOS}.issubset):
        if EVALUATIONS not in row.experiment.collections:
            compression, speedup = (known[ratio] for ratio in _RATIOS)
            if speedup > _FASTER * compression or compression > _SMALLER * speedup:
                field = _of_share(row, "flops", "speedup")
                yield at(row, field, f"{speedup:.4g} times faster, but {compression:.4g} times smaller")


@rule(
    "note",
    why="A pruned model that is much better than the unpruned one says that the unpruned one was not well trained.",
    settle="The paper's training of both models.",
    of_record=True,
)
def large_gain(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned model is more accurate than the unpruned one by over two percentage points."""
    for row, known in evidence.derived_where(dataset, any_of(*_CHANGES)):
        for change in _CHANGES:
            if change in known and known[change] > GAIN:
                yield at(row, _of_change(row, change), f"{known[change]:+.2f} percentage points")


@rule(
    "warning",
    why="So little pruning mostly costs less; a slip of a digit or column looks like this.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def large_loss_by_little_pruning(dataset: Dataset) -> Iterator[Suspicion]:
    """A model less than three times smaller and faster, and trained since, has lost over five percentage points."""
    for row, known in evidence.derived_where(dataset, any_of_each(_RATIOS, _CHANGES)):
        if row.curve and row.curve.training_scheme == "none":
            continue
        ratios = [known[ratio] for ratio in _RATIOS if ratio in known]
        for change in _CHANGES:
            if max(ratios) < LITTLE and change in known and known[change] < -LOSS:
                yield at(row, _of_change(row, change), f"{known[change]:+.2f} points at {max(ratios):.2f} times")
