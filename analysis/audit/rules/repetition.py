"""Rules on what stands there twice, or in two versions."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import Any

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.rows import AuditRow, any_of, any_of_each, grouped
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.record import Point
from prunelit.schema.values import precision

PLACE = 80

QUALITY = tuple(name for name in Point.QUALITY if name != "metrics")
ABSOLUTE, _ACCURACIES = ("params", "flops"), ("top1", "top5", "top1_error", "top5_error")
SAME_CHANGE = 0.05
"""Percentage points by which two statements of one change may differ, being rounded differently."""


@rule(
    "warning",
    why="One measurement must not count as two.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def same_point_twice(dataset: Dataset) -> Iterator[Suspicion]:
    """Two points of one paper, dataset and architecture have the same quality and the same efficiency."""
    complete = evidence.points_where(dataset, any_of_each(QUALITY, Point.EFFICIENCY))
    key = QUALITY + Point.EFFICIENCY
    for first, *others in grouped(complete, lambda row: (row.network, row.values(key))).values():
        for row in others:
            yield Suspicion(row.paper.id, row.name, f"the same numbers as {first.name}", row.path)


@rule(
    "note",
    why="A method without options has one result at one size; these are variants, or one is another quantity.",
    settle="The names of the variants in the paper.",
    of_record=True,
)
def same_efficiency_other_accuracy(dataset: Dataset) -> Iterator[Suspicion]:
    """Two points of one curve have the same efficiency and different accuracies."""
    derived = evidence.known(dataset)

    def efficiency(row: AuditRow) -> tuple[object, ...]:
        whole = (round(derived[id(row)].get(name, -1), 4) for name in ("params_kept", "flops_kept"))
        return (*whole, *(value for name, value in row.values(Point.EFFICIENCY) if row.scope(name) != "all"))

    alike = {id(row) for rows in evidence.points_by_tradeoff(dataset, 2) for row in rows}
    known = [row for row in evidence.points_where(dataset, any_of(*Point.EFFICIENCY)) if id(row) in alike]
    for first, *others in grouped(known, lambda row: (row.tradeoff, efficiency(row), row.values(ABSOLUTE))).values():
        for row in others:
            for name in ("top1_change", "top5_change", "top1", "top5"):
                mine, other = derived[id(row)].get(name), derived[id(first)].get(name)
                if mine is not None and other is not None and abs(mine - other) > SAME_CHANGE:
                    found = f"{name} {mine:.2f}, but {other:.2f} in {first.name} at the same efficiency"
                    yield at(row, next(name for name in QUALITY if row.has(name)), found)
                    break


@rule(
    "note",
    why="Two different networks rarely have the same accuracies to the digit; one line may be copied from the other.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def same_accuracy_other_efficiency(dataset: Dataset) -> Iterator[Suspicion]:
    """Two points of one network in one paper share all accuracies, which have decimals, and differ in efficiency."""
    # Collapsed networks give one class for all images, and are alike.
    working = [row for row in evidence.audit_points(dataset) if row.point and not row.point.collapsed]
    alike = grouped(working, lambda row: (row.network, row.values(QUALITY)))
    for first, *others in alike.values():
        name = next((name for name, value in first.values(QUALITY) if value and first.unit(name) < 1), None)
        for row in others:
            if name and row.values(Point.EFFICIENCY) != first.values(Point.EFFICIENCY):
                yield at(row, name, f"{_text(row.get(name))}, as in {first.name}, at another efficiency")


@rule(
    "warning",
    why="A change that stays the same to the digit while the network shrinks was copied from one line to the next.",
    settle="The table that the numbers come from.",
)
def change_repeated_along_curve(dataset: Dataset) -> Iterator[Suspicion]:
    """At least three points of one curve have the same non-zero change at different efficiencies."""
    for name in ("top1_change", "top5_change"):
        changed = [row for row in evidence.points_where(dataset, any_of(name)) if row.get(name)]
        for rows in grouped(changed, lambda row: (row.tradeoff, row.values(("top1_change", "top5_change")))).values():
            if len({row.values(Point.EFFICIENCY) for row in rows}) > 2:
                for row in rows:
                    places = ", ".join(other.name for other in rows if other is not row)
                    yield at(row, name, f"{row.get(name)}, as in {places}")


@rule(
    "warning",
    why="Two names, one set of numbers: one curve would count as two.",
    settle="The paper's legend.",
    of_record=True,
)
def one_curve_two_names(dataset: Dataset) -> Iterator[Suspicion]:
    """Two methods of one paper have exactly the same points on one dataset and architecture."""
    seen: dict[object, AuditRow] = {}
    for rows in evidence.points_by_tradeoff(dataset):
        numbers = tuple(sorted(_numbers(row) for row in rows))
        row, *_ = rows
        first = seen.setdefault((row.network, numbers), row)
        if first is not row:
            yield Suspicion(row.paper.id, f"{row.name}: method", f"{row.method} repeats {first.method}", row.path[:4])


def _numbers(row: AuditRow) -> tuple[tuple[str, Decimal], ...]:
    """The qualities, in other metrics too, and efficiencies of a row, each with its name."""
    measured = row.get("metrics") or ()
    values = ((one.metric, value) for one in measured for value in one.runs or (one.value,))
    changes = ((f"{one.metric} change", one.change) for one in measured)
    return (*row.values(QUALITY + Point.EFFICIENCY), *(pair for pair in (*values, *changes) if pair[1] is not None))


@rule(
    "note",
    why="An experiment is listed once; a second time, another one is meant, or it counts twice.",
    settle="The paper's list of experiments.",
    of_record=True,
)
def experiment_listed_twice(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper lists an experiment without numbers twice: the same dataset, architecture and method."""
    listed = [row for row in evidence.audit_rows(dataset) if not row.experiment.curves and None not in row.pair]
    for first, *others in grouped(listed, lambda row: row.tradeoff).values():
        for row in others:
            found = f"{row.experiment.architecture} on {row.experiment.dataset}, as {first.name}"
            yield Suspicion(row.paper.id, row.name, found, row.path)


@rule("error", why="A copied number equals its source.", settle="The paper that the numbers are copied from.")
def copy_differs_from_source(dataset: Dataset) -> Iterator[Suspicion]:
    """A copied point differs by more than rounding from every point of that method in its source at its efficiency."""
    sources = evidence.points_by_network(dataset)
    for row in evidence.audit_points(dataset):
        source = row.curve.copied_from if row.curve else None
        if source is None:
            continue
        efficiency = set(row.values(Point.EFFICIENCY))
        original = sources.get((source, *row.pair), [])
        theirs_too = (other for other in original if row.proposer in (None, other.proposer))
        same = [other for other in theirs_too if efficiency & set(other.values(Point.EFFICIENCY))]
        for name, value in row.values(QUALITY):
            theirs = {one for other in same if (one := other.get(name)) is not None}
            if theirs and not any(_rounds_to(one, value) for one in theirs):
                yield at(row, name, f"{_text(value)}, but {', '.join(map(_text, sorted(theirs)))} in {source}")


def _rounds_to(value: Any, copy: Any) -> bool:
    """Whether a copy says the same to its digits; runs must do so one by one."""
    if isinstance(value, tuple):
        return len(value) == len(copy) and all(map(_rounds_to, value, copy))
    return bool(abs(value - copy) <= precision(copy) / 2)


def _text(value: Any) -> str:
    """A number, or those of several runs."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


@rule(
    "note",
    why="Independent experiments do not agree to the digit; one repeats the other, or prunes its very network.",
    settle="What each paper says about where its numbers come from.",
)
def same_point_in_two_papers(dataset: Dataset) -> Iterator[Suspicion]:
    """Two papers give, as their own, the same accuracy of the pruned network at the same absolute size or cost."""
    elsewhere = _absolute(dataset.beside) if dataset.beside else {}
    places = evidence.places_of_papers(dataset)
    for numbers, own in _absolute(dataset).items():
        others = [row for row in elsewhere.get(numbers, ()) if row.paper.id not in dataset.records.by_id]
        first = min((*others, *own), key=lambda row: places[row.paper.id])
        for row in own:
            if row.paper.id != first.paper.id:
                found = f"the numbers of {first.name} of {first.paper.id}"
                yield Suspicion(row.paper.id, row.name, found, row.path)


@computed_once
def _absolute(dataset: Dataset) -> dict[Hashable, list[AuditRow]]:
    """The points that are not copied and give accuracy and absolute size or cost, by network and these numbers."""
    complete = evidence.points_where(dataset, any_of_each(("top1", "top1_error"), ABSOLUTE))
    absolute = [row for row in complete if row.curve and row.curve.origin != "copied"]
    return grouped(absolute, lambda row: (row.pair, row.values(_ACCURACIES), row.values(ABSOLUTE)))
