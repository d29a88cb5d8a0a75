"""Rules on points that break the order of what is pruned more and what is more accurate.

Points of one dataset and architecture are held against those that keep less, and those that keep more: of the same
paper, and of all others, where a tenth on either side is left out.  Accuracies are compared as changes from each
paper's unpruned model, or from that of others where the paper does not give it; other metrics in the same way, those
without an upper bound by their logarithm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain, combinations, compress, pairwise
from math import log10
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.counting import FloatArray, points_within
from prunelit.analysis.audit.digits import middle, share_kept
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.rows import AuditRow, Pair, any_of, grouped
from prunelit.analysis.audit.rules.closure import SIZES_AND_RATIOS
from prunelit.analysis.audit.rules.metrics import pruned_values, value_before
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.record import Point
from prunelit.schema.vocabulary import Metric

PLACE = 52

_LOSS, _LOSS_OF_OTHERS = 4.0, 4.5
"""Percentage points below all that are pruned harder: of the same paper, and of nine in ten of the others."""
_GAIN, _GAIN_OF_OTHERS = 1.5, 1.25
"""Percentage points above all that are pruned less: of the same paper, and of nine in ten of the others."""
_WIDER = 3.0
"""How many times wider other metrics spread, whose tasks and ways of measuring differ more."""
_OWN, _OTHERS = 3, 5
"""Points of the same paper, and of others, that are needed."""
_HARDER, _SMALL, _ENOUGH, _MANY = 2.5, -3.0, 4, 100
"""How many times harder than anybody a point may be pruned that loses so little, and of how many others: of the
network, or else of the dataset, where no more than as hard as anybody is allowed."""
_EVEN = 0.3
"""Percentage points within which two losses are alike."""
_CLOSE = 0.95
"""Share of what another point keeps from which on the two are pruned alike."""
_RISE = 0.3
"""Percentage points by which a pruned network may gain along a curve."""
_ROWS = 4
"""Distinct values that make an order."""
_PART = 0.1
"""Share by which parameters or operations must differ to differ clearly."""
_SHARES = ("params_kept", "flops_kept")
_SIZES = ("params", "flops")
_ACCURACIES = ("top1", "top5")


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in the plane of what is kept and how good it is."""

    kept: float
    quality: float
    row: AuditRow


_Plane: TypeAlias = tuple[Pair, str, str]
"""Dataset and architecture, share, and quality."""
_Spots: TypeAlias = dict[_Plane, list[Spot]]
"""The points of each plane."""


@computed_once
def _spots(dataset: Dataset) -> _Spots:
    found: _Spots = {}
    for row, known in evidence.derived_where(dataset, any_of(*_SHARES)):
        for quality, loss in _losses(dataset, row, known).items() if None not in row.pair else ():
            for share in _SHARES:
                if share in known:
                    found.setdefault((row.pair, share, quality), []).append(Spot(known[share], loss, row))
    return found


def _losses(dataset: Dataset, row: AuditRow, known: dict[str, float]) -> dict[str, float]:
    """What the pruned network gains or loses in each quality, in percentage points or what is like them."""
    found = {}
    for name in _ACCURACIES:
        change = known.get(f"{name}_change")
        if change is None and name in known:
            before = evidence.usual(dataset, row.pair, f"base_{name}", row.paper.id)
            change = None if before is None else known[name] - before
        if change is not None:
            found[name] = change
    return found | _metrics(dataset, row)


def _metrics(dataset: Dataset, row: AuditRow) -> dict[str, float]:
    """The same in other metrics, that were not measured as a time."""
    found = {}
    kinds = _kinds(dataset) if row.has("metrics") else {}
    for one in pruned_values(row):
        kind, before = kinds.get(one.metric), value_before(one)
        if kind and before is not None and one.value > 0 and before > 0:
            found[f"metrics: {one.name}"] = _worth(kind, one.value) - _worth(kind, before)
    return found


@computed_once
def _kinds(dataset: Dataset) -> dict[str, Metric]:
    return {one.name: one for one in dataset.records.metrics if not one.hardware_dependent}


def _worth(metric: Metric, value: float) -> float:
    """A value, the more the better, on a scale like percentage points; ten times as much counts as ten of them."""
    worth = value if metric.unit == "%" else 10 * log10(value)
    return worth if metric.direction == "higher" else -worth


class _Elsewhere(NamedTuple):
    """The points of other papers."""

    kept: FloatArray
    quality: FloatArray

    def as_good_as(self, spot: Spot) -> list[float]:
        """What those keep that are as good as another point."""
        found: list[float] = self.kept[self.quality >= spot.quality - _EVEN].tolist()
        return found


class _Crowd:
    """All points of a plane, to be counted: most of them differ so little that no rule has to look at each other one.

    Points of the paper itself, and copies of it, are counted with all others: ``aside`` is how many these are.
    """

    def __init__(self, spots: Sequence[Spot], copies_aside: bool = True) -> None:
        self.kept, self.quality = _kept_and_quality(spots)
        own = [{one.row.paper.id, *([_source(one.row)] if copies_aside else [])} for one in spots]
        self.aside = Counter(paper for papers in own for paper in papers)
        self._places: dict[str | None, list[int]] = {}
        for place, papers in enumerate(own):
            for paper in papers:
                self._places.setdefault(paper, []).append(place)

    def elsewhere(self, paper: str) -> _Elsewhere:
        """The points of other papers, those set aside that are copied from this one."""
        return _Elsewhere(*(np.delete(one, self._places.get(paper, [])) for one in (self.kept, self.quality)))


def _kept_and_quality(spots: Sequence[Spot]) -> tuple[FloatArray, FloatArray]:
    return np.array([one.kept for one in spots]), np.array([one.quality for one in spots])


def _source(row: AuditRow) -> str | None:
    """The paper that a point is copied from."""
    return row.curve.copied_from if row.curve else None


_May: TypeAlias = Callable[[_Crowd, FloatArray, FloatArray, NDArray[np.int64], float], NDArray[np.bool_]]
"""Which points a rule may suspect because of others; it suspects no other one.

Of each point it is given what it keeps, how good it is, and how many of the crowd are set aside for its paper; and how
wide the quality spreads.
"""


class _Own:
    """The points of one paper, of which each is held against the others."""

    def __init__(self, spots: Sequence[Spot] = ()) -> None:
        self._kept, self._quality = [one.kept for one in spots], [one.quality for one in spots]
        self._places = {id(one): place for place, one in enumerate(spots)}

    def others(self, spot: Spot) -> tuple[list[float], list[float]]:
        """What the others keep, and how good they are."""
        place = self._places.get(id(spot), len(self._kept))
        return self._kept[:place] + self._kept[place + 1 :], self._quality[:place] + self._quality[place + 1 :]


def _compared(dataset: Dataset, may: _May) -> Iterator[tuple[Spot, str, str, _Own, _Elsewhere | None]]:
    """Each point with its share and quality, the points of its paper, and, where it may matter, those of others."""
    for key, spots in _spots(dataset).items():
        _, share, quality = key
        crowd = _crowds(dataset.beside or dataset).get(key, _Crowd(()))
        aside = np.array([crowd.aside[one.row.paper.id] for one in spots])
        suspected = may(crowd, *_kept_and_quality(spots), aside, _spread(quality))
        of_paper: dict[str, list[Spot]] = {}
        for one in spots:
            of_paper.setdefault(one.row.paper.id, []).append(one)
        own, elsewhere = {paper: _Own(found) for paper, found in of_paper.items()}, cache(crowd.elsewhere)
        for spot, is_suspected in zip(spots, suspected.tolist(), strict=True):
            paper = spot.row.paper.id
            yield spot, share, quality, own[paper], elsewhere(paper) if is_suspected else None


@computed_once
def _crowds(dataset: Dataset) -> dict[_Plane, _Crowd]:
    return {key: _Crowd(spots) for key, spots in _spots(dataset).items()}


def _spread(quality: str) -> float:
    return 1 if quality in _ACCURACIES else _WIDER


_SURE = 1e-9
"""What rounding may do to a difference of two qualities."""


def _may_be_worse(
    crowd: _Crowd, kept: FloatArray, quality: FloatArray, aside: NDArray[np.int64], spread: float
) -> NDArray[np.bool_]:
    """Whether at most a tenth of those that keep no more is about as bad."""
    return _are_few(crowd.kept, crowd.quality, kept, quality + _LOSS_OF_OTHERS * spread - _SURE, aside)


def _may_be_better(
    crowd: _Crowd, kept: FloatArray, quality: FloatArray, aside: NDArray[np.int64], spread: float
) -> NDArray[np.bool_]:
    """Whether at most a tenth of those that keep no less is about as good."""
    return _are_few(-crowd.kept, -crowd.quality, -kept, _GAIN_OF_OTHERS * spread - _SURE - quality, aside)


def _are_few(
    x: FloatArray, y: FloatArray, most_x: FloatArray, most_y: FloatArray, aside: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether at most a tenth of the points no further right than each corner is no higher, some of these set aside."""
    every = np.searchsorted(np.sort(x), most_x, side="right")
    return np.asarray(points_within(x, y, most_x, most_y) - aside <= every // 10)


def _may_be_pruned_harder(
    crowd: _Crowd, kept: FloatArray, quality: FloatArray, aside: NDArray[np.int64], spread: float
) -> NDArray[np.bool_]:
    """Whether none that is as good is pruned about as hard, or too few are as good to tell."""
    no_worse = _EVEN - _SURE - quality
    as_good = np.searchsorted(np.sort(-crowd.quality), no_worse, side="right")
    as_hard = points_within(-crowd.quality, crowd.kept, no_worse, kept * _HARDER)
    return np.asarray((as_hard <= aside) | (as_good <= aside + _ENOUGH))


@rule(
    "warning",
    why="What is pruned less is mostly more accurate; a slip of a digit, sign or column looks like this.",
    settle="The table that the numbers come from.",
)
def worse_than_pruned_harder(dataset: Dataset) -> Iterator[Suspicion]:
    """A point is less accurate, by 4 or 4.5 percentage points, than all others of its network that keep less."""
    for spot, share, quality, own, others in _compared(dataset, _may_be_worse):
        if _is_plain(spot.row) and not _is_logarithmic(dataset, quality):
            continue
        for count, usual, is_own in _bounds(spot, own, others, 1):
            if spot.quality < usual - (_LOSS if is_own else _LOSS_OF_OTHERS) * _spread(quality):
                found = f"{quality} {spot.quality:.2f} at {share} {spot.kept:.4g}; {count} that keep less have "
                yield _at(spot, quality, f"{found}{usual:.2f} or more")


@rule(
    "warning",
    why="What is pruned harder is mostly less accurate; a slip of a digit, sign or column looks like this.",
    settle="The table that the numbers come from.",
)
def better_than_pruned_less(dataset: Dataset) -> Iterator[Suspicion]:
    """A point is more accurate, by 1.25 or 1.5 percentage points, than all others of its network that keep more."""
    for spot, share, quality, own, others in _compared(dataset, _may_be_better):
        for count, usual, is_own in _bounds(spot, own, others, -1):
            if spot.quality > usual + (_GAIN if is_own else _GAIN_OF_OTHERS) * _spread(quality):
                found = f"{quality} {spot.quality:.2f} at {share} {spot.kept:.4g}; {count} that keep more have "
                yield _at(spot, quality, f"{found}{usual:.2f} or less")


def _bounds(
    spot: Spot, own: _Own, others: _Elsewhere | None, sign: Literal[1, -1]
) -> Iterator[tuple[int, float, bool]]:
    """Of its paper's points, and of others, that keep no more: how many, the least good after a tenth, and whose.

    Of the paper's own it is the least good at all; with a sign of -1, the best of those that keep no less.
    """
    kept, quality = own.others(spot)
    within = [*compress(quality, map(spot.kept.__ge__ if sign > 0 else spot.kept.__le__, kept))]
    if len(within) >= _OWN:
        yield len(within), min(within) if sign > 0 else max(within), True
    if others is not None and len(found := sign * others.quality[sign * others.kept <= sign * spot.kept]) >= _OTHERS:
        tenth = len(found) // 10
        yield len(found), sign * float(np.partition(found, tenth)[tenth]), False


def _on_dataset(dataset: Dataset, spot: Spot, share: str, quality: str) -> list[float]:
    """What the points of other papers keep that are as good, of any network on the dataset; nothing if they are few."""
    key = (spot.row.experiment.dataset, share, quality)
    crowd, paper = _by_dataset(dataset.beside or dataset).get(key), spot.row.paper.id
    as_good = crowd.elsewhere(paper).as_good_as(spot) if crowd else []
    return as_good if len(as_good) >= _MANY else []


@computed_once
def _by_dataset(dataset: Dataset) -> dict[tuple[str | None, str, str], _Crowd]:
    """The points on each dataset in each plane, whatever the network."""
    found: dict[tuple[str | None, str, str], list[Spot]] = {}
    for ((on, _), share, quality), spots in _spots(dataset).items():
        found.setdefault((on, share, quality), []).extend(spots)
    return {key: _Crowd(spots, copies_aside=False) for key, spots in found.items()}


def _is_plain(row: AuditRow) -> bool:
    """Whether a point is of a method that may be much worse than others: a simple one, or one without training."""
    return row.curve is not None and (row.curve.simple_method is not None or row.curve.training_scheme == "none")


def _is_logarithmic(dataset: Dataset, quality: str) -> bool:
    """Whether a quality is compared by its logarithm, so that even a simple method is not off by any factor."""
    kind = _kinds(dataset).get(quality.removeprefix("metrics: "))
    return kind is not None and kind.unit != "%"


def _of_parts(dataset: Dataset) -> Iterator[tuple[Spot, str, str, _Own, _Elsewhere]]:
    """Each point whose share is of a part of the model, and those of other papers that give it of all of the model."""
    for row, known in evidence.derived(dataset):
        for (quantity, ratio), share in zip(SIZES_AND_RATIOS, _SHARES, strict=True):
            part = share_kept(row, quantity, ratio) if row.scope(ratio) != "all" else None
            if part is None:
                continue
            for quality, loss in _losses(dataset, row, known).items():
                crowd = _crowds(dataset.beside or dataset).get((row.pair, share, quality), _Crowd(()))
                yield Spot(float(middle(part)), loss, row), share, quality, _Own(), crowd.elsewhere(row.paper.id)


@rule(
    "warning",
    why="Nobody else prunes this network so hard at so small a loss; a slip of a digit looks like this.",
    settle="The table that the numbers come from.",
)
def pruned_harder_than_anybody(dataset: Dataset) -> Iterator[Suspicion]:
    """A point that loses little keeps 2.5 times less than all others of its network that are as good."""
    # Parts count as well: what others keep of all of a model is seldom so much more than what they keep of a part.
    for spot, share, quality, own, others in chain(_compared(dataset, _may_be_pruned_harder), _of_parts(dataset)):
        if others is None or quality not in _ACCURACIES or spot.quality <= _SMALL:
            continue
        as_good, times = (
            [left for left, good in zip(*own.others(spot), strict=True) if good >= spot.quality - _EVEN],
            _HARDER,
        )
        as_good += others.as_good_as(spot)
        if len(as_good) < _ENOUGH:
            as_good, times = _on_dataset(dataset, spot, share, quality), 1.0
        if len(as_good) >= _ENOUGH and spot.kept * times < min(as_good):
            found = f"{share} {spot.kept:.4g} at {quality} {spot.quality:+.2f}; others that are as good keep "
            yield Suspicion(*_place(spot.row, share), f"{found}{min(as_good):.4g} or more", spot.row.path)


@rule(
    "note",
    why="More pruning rarely gains accuracy; two values that changed places look like this.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def quality_rises_along_curve(dataset: Dataset) -> Iterator[Suspicion]:
    """Along a curve, the next point keeps less and is better by over a quarter point (one finding a quality)."""
    known = evidence.known(dataset)
    for rows in evidence.points_by_tradeoff(dataset, 2):
        worths = [(row, _worths(dataset, row, known[id(row)])) for row in rows]
        for size in (*_SIZES, *_SHARES):
            for quality, spots in _along(worths, size, known).items():
                rises = [
                    (after.quality - before.quality, before, after)
                    for before, after in pairwise(sorted(spots, key=lambda one: (-one.kept, -one.quality)))
                    if after.kept < before.kept * _CLOSE and after.quality - before.quality > _RISE
                ]
                if rises:
                    rise, before, after = max(rises, key=lambda one: one[0])
                    found = f"{quality} better by {rise:.2f} at {size} {after.kept:.4g} than at {before.kept:.4g}"
                    yield _at(after, quality, found)


def _has_ratio_and_change(known: dict[str, float], size: str, quality: str) -> bool:
    """Whether the rule on changes by ratios looks at a point."""
    return f"{quality}_change" in known and f"{size.removesuffix('_kept')}_kept" in known


def _along(
    worths: list[tuple[AuditRow, dict[str, float]]], size: str, known: dict[int, dict[str, float]]
) -> dict[str, list[Spot]]:
    """The points of a curve that give a size or share, with each quality as it is."""
    found: dict[str, list[Spot]] = {}
    for row, qualities in worths:
        kept = _size(row, size, known) if qualities else None
        for quality, worth in qualities.items():
            if kept is not None and not _has_ratio_and_change(known[id(row)], size, quality):
                found.setdefault(quality, []).append(Spot(kept, worth, row))
    return found


def _worths(dataset: Dataset, row: AuditRow, known: dict[str, float]) -> dict[str, float]:
    found = {name: known[name] for name in _ACCURACIES if name in known}
    kinds = _kinds(dataset) if row.has("metrics") else {}
    for one in pruned_values(row):
        if (kind := kinds.get(one.metric)) and one.value > 0:
            found[f"metrics: {one.name}"] = _worth(kind, one.value)
    return found


@rule(
    "note",
    why="Tables print a method's rows in the order of what they prune; two values that changed places break it.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def efficiency_out_of_order(dataset: Dataset) -> Iterator[Suspicion]:
    """Four or more points of a curve would stand in the order of a size or share if two of them changed places."""
    for rows in grouped(evidence.audit_points(dataset), lambda row: (row.paper.id, row.path[:4])).values():
        for name in Point.EFFICIENCY if len(rows) >= _ROWS else ():
            column = [(row.get(name), row) for row in rows if row.has(name)]
            values = [value for value, _ in column]
            if len(set(values)) < _ROWS or _in_order(values):
                continue
            if swap := next(
                (two for two in combinations(range(len(values)), 2) if _in_order(_swapped(values, *two))), None
            ):
                first, second = (values[place] for place in swap)
                yield at(column[swap[0]][1], name, f"{first}, and {second} where {first} would be in its place")
                break


def _in_order(values: list[Decimal]) -> bool:
    return values in (ordered := sorted(values), ordered[::-1])


def _swapped(values: list[Decimal], one: int, other: int) -> list[Decimal]:
    changed = list(values)
    changed[one], changed[other] = changed[other], changed[one]
    return changed


@rule(
    "note",
    why="What has fewer parameters mostly has fewer operations; two values that changed places look like this.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def params_and_flops_part(dataset: Dataset) -> Iterator[Suspicion]:
    """Along a curve, the next point has clearly fewer parameters and clearly more operations (one finding a curve)."""
    known = evidence.known(dataset)
    for rows in evidence.points_by_tradeoff(dataset, 2):
        for params, flops in (_SIZES, _SHARES, ("params", "flops_kept"), ("params_kept", "flops")):
            both = [(x, y, row) for row in rows if (x := _size(row, params, known)) and (y := _size(row, flops, known))]
            both.sort(key=lambda one: -one[0])
            parting = [
                (before, after)
                for before, after in pairwise(both)
                if after[0] < before[0] * (1 - _PART) and after[1] > before[1] * (1 + _PART)
            ]
            if parting:
                before, after = parting[0]
                found = f"{flops} {after[1]:.4g} at {params} {after[0]:.4g}, {before[1]:.4g} at {before[0]:.4g}"
                yield at(after[2], flops, found)
                break


def _size(row: AuditRow, name: str, known: dict[int, dict[str, float]]) -> float | None:
    size = row.get(name) if name in _SIZES else known[id(row)].get(name)
    return None if size is None else float(size)


def _place(row: AuditRow, name: str) -> tuple[str, str]:
    return row.paper.id, f"{row.name}: {name}"


def _at(spot: Spot, quality: str, found: str) -> Suspicion:
    named = (f"{quality}_change", quality, f"{quality}_error")
    return at(spot.row, next((one for one in named if spot.row.has(one)), quality), found)
