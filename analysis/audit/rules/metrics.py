"""Rules on qualities other than top-1 and top-5 accuracy: what other networks and the unpruned one have."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from math import log
from statistics import fmean, median

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.audit.ordered import Ordered
from prunelit.analysis.audit.rows import AuditRow, Pair, any_of
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.labels import conditions_text
from prunelit.schema.conditions import conditions_in_force
from prunelit.schema.measurement import Measurement
from prunelit.schema.problems import Path

PLACE = 54

_BETTER = {"%": 1.25}
"""How many times as good as before a pruned network may be; of other units 1.5 times."""
_FAR = 4.0
"""How many times what is usual on a dataset, or a part of it, an unpruned network may have."""
_SLOWER, _FASTER = 1.5, 30.0
"""How many times slower, and faster, pruning may make a network."""
_WORSE = 10.0
"""How many times worse a value may be than those of networks pruned harder by one method."""


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """A value of a metric, with the row and its place."""

    row: AuditRow
    measured: Measurement
    value: float
    path: Path
    pruned: bool

    @property
    def metric(self) -> str:
        """Name of the metric."""
        return self.measured.metric

    @property
    def name(self) -> str:
        """The metric, with the conditions that tell the value from others of the same model."""
        own = conditions_text(self.measured)
        return f"{self.metric} ({own})" if own else self.metric

    @property
    def subject(self) -> str:
        """How findings call it."""
        return f"{self.row.name}: {'' if self.pruned else 'base_'}metrics: {self.metric}"


def value_of(measured: Measurement) -> float | None:
    """The value, or the mean of the runs; None where the source gives a change alone."""
    if measured.runs:
        return fmean(map(float, measured.runs))
    return None if measured.value is None else float(measured.value)


@computed_once
def measured_values(dataset: Dataset) -> list[MeasuredValue]:
    """All values in other metrics, those of an unpruned model once, at the first row that starts from it."""
    found: list[MeasuredValue] = []
    seen: set[tuple[str, object]] = set()
    for row in evidence.rows_where(dataset, any_of("metrics", "base_metrics")):
        if (row.paper.id, row.path[1]) not in seen:
            seen.add((row.paper.id, row.path[1]))
            found += _values(row, row.experiment.base_metrics, (*row.path[:2], "base_metrics"), pruned=False)
        found += pruned_values(row)
    return found


def pruned_values(row: AuditRow) -> list[MeasuredValue]:
    """The values of the pruned model of a row; none where it is an experiment without numbers."""
    return list(_values(row, row.get("metrics"), (*row.path, "metrics"), pruned=True)) if row.has("metrics") else []


def _values(
    row: AuditRow, measured: tuple[Measurement, ...] | None, path: Path, pruned: bool
) -> Iterator[MeasuredValue]:
    for at, one in enumerate(measured or ()):
        if (value := value_of(one)) is not None:
            yield MeasuredValue(row, one, value, (*path, at), pruned)


def value_before(one: MeasuredValue) -> float | None:
    """The value of the unpruned model of a row under the same conditions, where the record gives one."""
    under = conditions_in_force(one.measured, *one.row.around)
    around = one.row.experiment.conditions
    bases = (base for base in one.row.experiment.base_metrics or () if base.metric == one.metric)
    return next((value_of(base) for base in bases if conditions_in_force(base, around) == under), None)


@computed_once
def _reports(dataset: Dataset) -> dict[tuple[str, Pair | str | None], Ordered]:
    """What papers report of unpruned networks, by metric and network, and by metric and dataset."""
    found: dict[tuple[str, Pair | str | None], list[tuple[str, float]]] = {}
    for one in measured_values(dataset):
        for of in (one.row.pair, one.row.experiment.dataset) if not one.pruned else ():
            found.setdefault((one.metric, of), []).append((one.row.paper.id, one.value))
    return {key: Ordered(reports) for key, reports in found.items()}


def _found(one: MeasuredValue, told: str) -> Suspicion:
    return Suspicion(one.row.paper.id, one.subject, f"{one.value:g}, {told}", one.path)


@rule(
    "warning",
    why="The metric is in percent; this is a fraction.",
    settle="The table that the number comes from.",
    of_record=True,
)
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
    of_record=True,
)
def metric_better_than_unpruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned network is better in a metric than the unpruned one by half, or by a quarter where it is in percent."""
    units = {one.name: one for one in dataset.records.metrics if not one.hardware_dependent}
    for one in measured_values(dataset):
        before = value_before(one) if one.pruned and one.metric in units else None
        if before and one.value > 0:
            metric = units[one.metric]
            gain = one.value / before if metric.direction == "higher" else before / one.value
            if gain > _BETTER.get(metric.unit, 1.5):
                yield _found(one, f"but {before:g} before pruning")


@rule(
    "warning",
    why="Pruned networks are faster than the unpruned one, within bounds.",
    settle="The hardware of both measurements, and the table.",
    of_record=True,
)
def time_far_from_unpruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned network is over 1.5 times slower than the unpruned one, or over 30 times faster, as measured."""
    timed = {one.name: one.direction for one in dataset.records.metrics if one.hardware_dependent}
    for one in measured_values(dataset):
        before = value_before(one) if one.pruned and one.metric in timed else None
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
    for one in measured_values(dataset):
        usual = _usual(dataset.beside or dataset, one) if one.value > 0 and one.metric not in timed else 0
        if usual > 0:
            places = log(one.value / usual)
            # Of a pruned network, only what is too good tells something.
            far = abs(places) if not one.pruned else places if directions[one.metric] == "higher" else -places
            if far > log(_FAR):
                yield _found(one, f"while others report about {usual:g} before pruning")


def _usual(dataset: Dataset, one: MeasuredValue) -> float:
    """The median of what other papers report of the unpruned network, or of any on its dataset; 0 if none does."""
    on, reported = one.row.experiment.dataset, _reports(dataset)
    for known in ((one.metric, one.row.pair), (one.metric, on)):
        values = reported[known].of_others(one.row.paper.id) if known in reported else None
        if values:
            return values.median
    return 0


@rule(
    "warning",
    why="No pruned network was measured to be so much faster.",
    settle="The column head of the table, and the hardware.",
    of_record=True,
)
def implausible_measured_ratio(dataset: Dataset) -> Iterator[Suspicion]:
    """A measured ratio, as of speed, is over thirty."""
    ratios = {one.name for one in dataset.records.metrics if one.unit == "ratio" and one.hardware_dependent}
    for one in measured_values(dataset):
        if one.pruned and one.metric in ratios and one.value > _FASTER:
            yield _found(one, f"a ratio of over {_FASTER:g}")


@rule(
    "warning",
    why="A method loses less where it prunes less; a shifted point or another column looks like this.",
    settle="The table that the number comes from.",
    of_record=True,
)
def metric_far_from_harder_pruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A metric without bounds is over ten times worse than wherever the paper prunes as hard by the method."""
    lower = {one.name for one in dataset.records.metrics if one.direction == "lower" and not one.hardware_dependent}
    groups: dict[Hashable, list[tuple[float, MeasuredValue]]] = {}
    for one in measured_values(dataset):
        kept = evidence.known(dataset)[id(one.row)].get("params_kept") if one.pruned else None
        method = one.row.curve and one.row.curve.simple_method is None and one.row.curve.method
        if one.metric in lower and method and kept is not None:
            key = one.row.paper.id, one.name, one.row.experiment.dataset, method
            groups.setdefault(key, []).append((kept, one))
    for group in groups.values():
        for kept, one in group:
            harder = [other.value for left, other in group if other is not one and left <= kept]
            if harder and one.value > _WORSE * max(harder):
                found = f"at {kept:.4g} of the parameters, but at most {max(harder):g} where the method leaves no more"
                yield _found(one, found)


@rule(
    "warning",
    why="The values of one metric in a paper are of one order; a shifted point or another column looks like this.",
    settle="The table that the number comes from.",
    of_record=True,
)
def metric_far_from_own(dataset: Dataset) -> Iterator[Suspicion]:
    """Where higher is better, a value is over ten times that in the middle of those of its paper in the metric."""
    higher = {one.name for one in dataset.records.metrics if one.direction == "higher" and not one.hardware_dependent}
    values: dict[tuple[str, str], list[MeasuredValue]] = {}
    for one in measured_values(dataset):
        values.setdefault((one.row.paper.id, one.metric), []).append(one)
    for (_, metric), own in values.items():
        usual = median(one.value for one in own)
        for one in own if metric in higher else ():
            if 0 < usual < one.value / 10:
                yield _found(one, f"while the paper reports about {usual:g} elsewhere")


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
