"""Rules on qualities other than top-1 and top-5 accuracy: what other networks and the unpruned one have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from statistics import fmean, median
from typing import TypeAlias

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.audit.rows import AuditRow, Pair
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.measurement import Measurement
from prunelit.schema.problems import Path

PLACE = 54

_BETTER = {"%": 1.25}
"""How many times as good as before a pruned network may be; of other units 1.5 times."""
_FAR = 4.0
"""How many times what is usual on a dataset, or a part of it, an unpruned network may have."""
_SLOWER, _FASTER = 1.5, 30.0
"""How many times slower, and faster, pruning may make a network."""


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """A value of a metric, with the row and its place."""

    row: AuditRow
    metric: str
    value: float
    path: Path
    pruned: bool

    @property
    def subject(self) -> str:
        """How findings call it."""
        return f"{self.row.name}: {'' if self.pruned else 'base_'}metrics: {self.metric}"


_Reports: TypeAlias = dict[tuple[str, str | None], list[tuple[str, Pair, float]]]


def value_of(measured: Measurement) -> float:
    """The value, or the mean of the runs."""
    return float(measured.value) if measured.value is not None else fmean(map(float, measured.runs or (0,)))


@computed_once
def measured_values(dataset: Dataset) -> list[MeasuredValue]:
    """All values in other metrics, those of an unpruned model once, at the first row that starts from it."""
    found: list[MeasuredValue] = []
    seen: set[tuple[str, object]] = set()
    for row in evidence.audit_rows(dataset):
        if (row.paper.id, row.path[1]) not in seen:
            seen.add((row.paper.id, row.path[1]))
            for at, one in enumerate(row.experiment.base_metrics or ()):
                found.append(
                    MeasuredValue(row, one.metric, value_of(one), (*row.path[:2], "base_metrics", at), pruned=False)
                )
        for at, one in enumerate((row.point.metrics or ()) if row.point else ()):
            found.append(MeasuredValue(row, one.metric, value_of(one), (*row.path, "metrics", at), pruned=True))
    return found


def value_before(row: AuditRow, metric: str) -> float | None:
    """The value of the unpruned model of a row, where the record gives one alone."""
    values = [value_of(one) for one in row.experiment.base_metrics or () if one.metric == metric]
    return values[0] if len(values) == 1 else None


@computed_once
def _reports(dataset: Dataset) -> _Reports:
    """What papers report of unpruned networks, by metric and dataset."""
    found: _Reports = {}
    for one in measured_values(dataset):
        if not one.pruned:
            report = (one.row.paper.id, one.row.pair, one.value)
            found.setdefault((one.metric, one.row.experiment.dataset), []).append(report)
    return found


def _found(one: MeasuredValue, told: str) -> Suspicion:
    return Suspicion(one.row.paper.id, one.subject, f"{one.value:g}, {told}", one.path)


@rule("warning", why="The metric is in percent; this is a fraction.", settle="The table that the number comes from.")
def fraction_in_metric(dataset: Dataset) -> Iterator[Suspicion]:
    """A value of a metric in percent lies below 1."""
    percent = {one.name for one in dataset.records.metrics if one.unit == "%"}
    for one in measured_values(dataset):
        if one.metric in percent and 0 < one.value < 1:
            yield _found(one, "which would be less than one percent")


@rule(
    "warning",
    why="Pruned networks are rarely better than the unpruned one, and never by so much.",
    settle="The table that the numbers come from.",
)
def metric_better_than_unpruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned network is better in a metric than the unpruned one by half, or by a quarter where it is in percent."""
    units = {one.name: one for one in dataset.records.metrics if not one.hardware_dependent}
    for one in measured_values(dataset):
        before = value_before(one.row, one.metric) if one.pruned and one.metric in units else None
        if before and one.value > 0:
            metric = units[one.metric]
            gain = one.value / before if metric.direction == "higher" else before / one.value
            if gain > _BETTER.get(metric.unit, 1.5):
                yield _found(one, f"but {before:g} before pruning")


@rule(
    "warning",
    why="Pruned networks are faster than the unpruned one, within bounds.",
    settle="The hardware of both measurements, and the table.",
)
def time_far_from_unpruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned network is over 1.5 times slower than the unpruned one, or over 30 times faster, as measured."""
    timed = {one.name: one.direction for one in dataset.records.metrics if one.hardware_dependent}
    for one in measured_values(dataset):
        before = value_before(one.row, one.metric) if one.pruned and one.metric in timed else None
        if before and one.value > 0:
            speedup = one.value / before if timed[one.metric] == "higher" else before / one.value
            if not 1 / _SLOWER < speedup < _FASTER:
                yield _found(one, f"but {before:g} before pruning")


@rule(
    "warning",
    why="Unpruned networks on one dataset are alike in a metric.",
    settle="The column head of the table, and how the metric was computed.",
)
def metric_far_from_others(dataset: Dataset) -> Iterator[Suspicion]:
    """A value is over four times, or, before pruning, under a fourth of what others report of unpruned networks."""
    timed = {one.name for one in dataset.records.metrics if one.hardware_dependent}
    directions = {one.name: one.direction for one in dataset.records.metrics}
    known = _reports(dataset.beside or dataset)
    for one in measured_values(dataset):
        reports = known.get((one.metric, one.row.experiment.dataset), ()) if one.metric not in timed else ()
        others = [report for report in reports if report[0] != one.row.paper.id]
        same = [value for _, pair, value in others if pair == one.row.pair] or [value for *_, value in others]
        if one.value > 0 and same and (usual := median(same)) > 0:
            places = log(one.value / usual)
            # Of a pruned network, only what is too good tells something.
            far = abs(places) if not one.pruned else places if directions[one.metric] == "higher" else -places
            if far > log(_FAR):
                yield _found(one, f"while others report about {usual:g} before pruning")


@rule(
    "error",
    why="Nobody else reports a negative value of this metric.",
    settle="The table that the number comes from.",
)
def negative_metric(dataset: Dataset) -> Iterator[Suspicion]:
    """A value of a metric is negative, and none that others report of it is."""
    known = _metrics_with_negative_values(dataset.beside or dataset)
    for one in measured_values(dataset):
        if one.value < 0 and known.get(one.metric, set()) <= {one.row.paper.id}:
            yield _found(one, "the only negative one")


@computed_once
def _metrics_with_negative_values(dataset: Dataset) -> dict[str, set[str]]:
    """The papers that report negative values of each metric."""
    found: dict[str, set[str]] = {}
    for one in measured_values(dataset):
        if one.value < 0:
            found.setdefault(one.metric, set()).add(one.row.paper.id)
    return found
