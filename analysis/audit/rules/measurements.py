"""Rules on metrics other than top-1 and top-5 accuracy: what holds of those holds of these, condition by condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from statistics import median_low
from typing import Any

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.digits import apart, less, middle, printed_interval
from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.audit.rows import AuditRow, Interval, any_of, grouped
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.conditions import conditions_in_force
from prunelit.schema.measurement import Measurement
from prunelit.schema.problems import Path
from prunelit.schema.record import Point

PLACE = 75

EQUAL_WITHIN, EQUAL_BETWEEN = 0.01, 0.1
"""Shares by which unpruned values of one network may differ within a paper, and between papers."""


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A measurement of a row, with the conditions that it was made under."""

    row: AuditRow
    path: Path
    one: Measurement
    conditions: dict[str, Any]

    @property
    def number(self) -> Decimal | None:
        """Its value, or the mean of its runs."""
        return sum(self.one.runs, Decimal(0)) / len(self.one.runs) if self.one.runs else self.one.value

    @property
    def span(self) -> Interval | None:
        """The values that the printed number stands for; none where it is a bound, or the mean of runs."""
        return None if self.one.bound else _interval(self.one.value)

    @property
    def said(self) -> str:
        """Its value as printed, or the mean of its runs to five digits."""
        return f"{self.number:.5g}" if self.one.runs else str(self.one.value)

    def told(self, found: str, *place: str) -> Suspicion:
        """A suspicion about it."""
        return Suspicion(self.row.paper.id, f"{self.row.name}: {self.one.metric}", found, (*self.path, *place))

    def comparable(self, other: MeasuredRow) -> bool:
        """Whether it is the same metric, and no condition is known to differ."""
        theirs = other.conditions
        same = self.one.metric == other.one.metric
        return same and all(theirs.get(name, stated) == stated for name, stated in self.conditions.items())


def _pruned(row: AuditRow) -> list[MeasuredRow]:
    measured = enumerate((row.point.metrics or ()) if row.point else ())
    return [_measured(row, (*row.path, "metrics", at), one, row.around) for at, one in measured]


def _unpruned(row: AuditRow) -> list[MeasuredRow]:
    measured = enumerate(row.experiment.base_metrics or ())
    around = (row.experiment.conditions,)
    return [_measured(row, (*row.path[:2], "base_metrics", at), one, around) for at, one in measured]


def _measured(row: AuditRow, path: Path, one: Measurement, around: tuple[Any, ...]) -> MeasuredRow:
    return MeasuredRow(row, path, one, conditions_in_force(one, *around))


def _start(dataset: Dataset, pruned: MeasuredRow) -> MeasuredRow | None:
    """The unpruned value of a measurement, under the same conditions."""
    known = _by_experiment(dataset).get((pruned.row.paper.id, pruned.row.path[:2]), ())
    same = (one for one in known if one.one.metric == pruned.one.metric)
    return next((one for one in same if one.conditions == pruned.conditions), None)


def _interval(value: Decimal | None) -> Interval | None:
    return None if value is None else printed_interval(value)


@computed_once
def _all_pruned(dataset: Dataset) -> list[MeasuredRow]:
    return [one for row in evidence.points_where(dataset, any_of("metrics")) for one in _pruned(row)]


@computed_once
def _all_unpruned(dataset: Dataset) -> list[MeasuredRow]:
    """The unpruned values of every experiment, once each."""
    return [one for measured in _by_experiment(dataset).values() for one in measured]


@computed_once
def _by_experiment(dataset: Dataset) -> dict[Hashable, list[MeasuredRow]]:
    """The unpruned values of every experiment that gives any, by paper and path."""
    rows = evidence.rows_where(dataset, any_of("base_metrics"))
    return {
        key: _unpruned(first) for key, (first, *_) in grouped(rows, lambda row: (row.paper.id, row.path[:2])).items()
    }


@rule(
    "error",
    why="The value after minus the value before is the change, within the printed digits.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def metric_change_disagrees(dataset: Dataset) -> Iterator[Suspicion]:
    """The reported change in a metric differs from the difference of the reported values."""
    for pruned in _all_pruned(dataset):
        start = _start(dataset, pruned) if pruned.one.change is not None else None
        change, difference = _interval(pruned.one.change), less(pruned.span, start.span) if start else None
        if change and difference and apart(change, difference):
            found = f"{pruned.one.change}, but after minus before is {middle(difference):+.4g}"
            yield pruned.told(found, "change")


@rule(
    "error",
    why="A number lies within the spread that is printed for it.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def number_outside_its_spread(dataset: Dataset) -> Iterator[Suspicion]:
    """A value lies outside the ends of its spread."""
    for measured in (*_all_pruned(dataset), *_all_unpruned(dataset)):
        spread, span = measured.one.spread, measured.span
        if spread and span and spread.outside(*span):
            yield measured.told(f"{measured.one.value}, with a spread of {spread}", "spread")
    names = ("top1", "top5", "base_top1", "base_top5")
    for row in evidence.rows_where(dataset, any_of(*(f"{name}_spread" for name in names))):
        for name in names:
            spread, value = row.get(f"{name}_spread"), row.get(name)
            if spread and value is not None and spread.outside(value, value):
                subject, found = f"{row.name}: {name}", f"{value}, with a spread of {spread}"
                yield Suspicion(row.paper.id, subject, found, row.where(f"{name}_spread"))


@rule(
    "note",
    why="One network has one value in a metric under the same conditions; some condition differs and is not stated.",
    settle="What the paper says about how it evaluates its unpruned models.",
    of_record=True,
)
def two_unpruned_values_in_one_paper(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper gives one unpruned network two values in a metric, with no condition that tells them apart."""
    networks = _grouped(_all_unpruned(dataset), lambda one: (one.row.network, one.one.metric))
    for measured in networks.values():
        for one, other in combinations(measured, 2):
            if one.comparable(other) and _differ(one, other, EQUAL_WITHIN):
                yield other.told(f"{other.said}, but {one.said} in {one.row.name}")


@rule(
    "note",
    why="Papers that evaluate one unpruned network alike find the same; some condition differs and is not stated.",
    settle="How each paper evaluates: split, sequence length, harness, resolution.",
)
def unpruned_values_differ_between_papers(dataset: Dataset) -> Iterator[Suspicion]:
    """An unpruned value in a metric lies over a tenth from that of other papers (one finding a paper and network)."""
    known = _grouped(_all_unpruned(dataset.beside or dataset), _network)
    timed = {one.name for one in dataset.corpus.metrics if one.hardware_dependent}
    seen: set[tuple[str, tuple[Any, ...]]] = set()
    for one in _all_unpruned(dataset):
        key = (one.row.paper.id, _network(one))
        reports = known.get(_network(one), ()) if one.row.pair[1] and one.one.metric not in timed else ()
        others = (other for other in reports if other.row.paper.id != one.row.paper.id and one.comparable(other))
        numbers = [number for other in others if (number := other.number) is not None]
        if numbers and one.number is not None and key not in seen:
            typical = median_low(numbers)
            if abs(one.number - typical) > Decimal(str(EQUAL_BETWEEN)) * abs(typical):
                seen.add(key)
                yield one.told(f"{one.number:.5g}, while others report about {typical:.5g}")


def _network(one: MeasuredRow) -> tuple[Any, ...]:
    """The network and the metric."""
    return *one.row.pair, one.one.metric


def _differ(one: MeasuredRow, other: MeasuredRow, share: float) -> bool:
    a, b = one.number, other.number
    if a is None or b is None:
        return False
    printed = one.span and other.span
    far = abs(a - b) > Decimal(str(share)) * min(abs(a), abs(b))
    return far and (not printed or apart(one.span or (a, a), other.span or (b, b)))


def _grouped(
    measured: Iterable[MeasuredRow], key: Callable[[MeasuredRow], tuple[Any, ...]]
) -> dict[tuple[Any, ...], list[MeasuredRow]]:
    groups: dict[tuple[Any, ...], list[MeasuredRow]] = {}
    for one in measured:
        groups.setdefault(key(one), []).append(one)
    return groups


@rule(
    "note",
    why="A pruned value without an unpruned one under the same conditions says little about pruning.",
    settle="The paper's unpruned model.",
    of_record=True,
)
def metric_without_baseline(dataset: Dataset) -> Iterator[Suspicion]:
    """Values in a metric stand without a change and without an unpruned value (one finding a paper and metric)."""
    ratios = {one.name for one in dataset.corpus.metrics if one.unit == "ratio"}  # of the unpruned model they are 1
    alone = (one for one in _all_pruned(dataset) if one.number is not None and one.one.change is None)
    yield from _counted(one for one in alone if one.one.metric not in ratios and not _start(dataset, one))


@rule(
    "note",
    why="A change says little without the value it starts from.",
    settle="The paper's unpruned model.",
    of_record=True,
)
def metric_change_without_baseline(dataset: Dataset) -> Iterator[Suspicion]:
    """Changes in a metric stand without a value before or after (one finding a paper and metric)."""
    changes = (one for one in _all_pruned(dataset) if one.one.change is not None and one.number is None)
    yield from _counted(one for one in changes if not _start(dataset, one))


@rule(
    "note",
    why="A deviation means little without the number of runs.",
    settle="The paper's description of its runs.",
    of_record=True,
)
def metric_spread_without_runs(dataset: Dataset) -> Iterator[Suspicion]:
    """Values in a metric have a deviation or another spread of one run, or of an unknown number of them."""
    spread = (one for one in _all_pruned(dataset) if one.one.std is not None or one.one.spread is not None)
    yield from _counted(one for one in spread if ((one.row.point and one.row.point.seeds) or 0) < 2)


def _counted(measured: Iterator[MeasuredRow]) -> Iterator[Suspicion]:
    counts = Counter((one.row.paper.id, one.one.metric) for one in measured)
    for (paper, metric), count in sorted(counts.items()):
        yield Suspicion(paper, metric, f"{count} values without", ("experiments",))


@rule("error", why="A copied number equals its source.", settle="The paper that the numbers are copied from.")
def metric_copy_differs_from_source(dataset: Dataset) -> Iterator[Suspicion]:
    """A copied value differs by more than rounding from all of that method in its source at its efficiency."""
    sources = grouped(evidence.audit_points(dataset), lambda row: row.network)
    for row in evidence.audit_points(dataset):
        if row.curve is None or row.curve.origin != "copied":
            continue
        efficiency = set(row.values(Point.EFFICIENCY))
        original = sources.get((row.curve.copied_from, *row.pair), [])
        theirs_too = (other for other in original if row.proposer in (None, other.proposer))
        same = [other for other in theirs_too if efficiency & set(other.values(Point.EFFICIENCY))]
        for copy in _pruned(row):
            theirs = [one.span for other in same for one in _pruned(other) if one.comparable(copy) and one.span]
            if copy.span and theirs and all(apart(copy.span, span) for span in theirs):
                values = ", ".join(str(middle(span).normalize()) for span in theirs)
                yield copy.told(f"{copy.one.value}, but {values} in {row.curve.copied_from}")


@rule(
    "warning",
    why="One measurement must not count as two.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def same_measurements_twice(dataset: Dataset) -> Iterator[Suspicion]:
    """Two points of one paper, dataset and architecture have the same values in metrics and the same efficiency."""
    measured: dict[int, list[Hashable]] = {}
    for one in _all_pruned(dataset):
        said = (one.one.metric, one.one.value, one.one.change, one.one.runs, repr(one.conditions))
        measured.setdefault(id(one.row), []).append(said)
    complete = [row for row in evidence.points_where(dataset, any_of(*Point.EFFICIENCY)) if id(row) in measured]
    numbers = (*Point.QUALITY[:-1], *Point.EFFICIENCY)
    for group in grouped(complete, lambda row: (row.tradeoff, *measured[id(row)], row.values(numbers))).values():
        for row in group[1:]:
            yield Suspicion(row.paper.id, row.name, f"the same numbers as {group[0].name}", row.path)


@rule(
    "error",
    why="Of every M weights N stay, so that no more than the others are removed.",
    settle="The paper's description of its pattern.",
    of_record=True,
)
def more_removed_than_the_pattern_removes(dataset: Dataset) -> Iterator[Suspicion]:
    """The share of the parameters that is removed is larger than what an N:M pattern removes."""
    for row in evidence.points_where(dataset, any_of("params_removed")):
        removed, pattern = row.get("params_removed"), row.point.n_of_m if row.point else None
        if removed is not None and pattern:
            left, of = map(int, pattern.split(":"))
            if removed - row.unit("params_removed") / 2 > 1 - Decimal(left) / of:
                yield Suspicion(
                    row.paper.id,
                    f"{row.name}: params_removed",
                    f"{removed} with {pattern}",
                    row.where("params_removed"),
                )
