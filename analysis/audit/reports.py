"""Reports of unpruned networks: what papers and reference models say of one and the same network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.audit.digits import accuracy_interval, interval, kept, less, middle, over
from prunelit.analysis.audit.ordered import OfOthers, Ordered
from prunelit.analysis.audit.rows import AuditRow, Interval, Pair
from prunelit.schema.conditions import conditions_in_force

BASE_ACCURACIES = ("base_top1", "base_top5")
_ROUNDING = 0.02
"""Share by which sizes may differ that follow from rounded numbers."""


@dataclass(frozen=True, slots=True)
class UnprunedReport:
    """One value of one unpruned network: by a paper, with the row and the field, or by a reference, without."""

    source: str
    value: float
    field: str
    row: AuditRow | None = None

    def comparable(self, other: UnprunedReport) -> bool:
        """Whether no condition is known to differ between two reports of an accuracy; sizes have none."""
        mine, theirs = self.conditions, other.conditions
        return (
            not mine
            or self.field.startswith(("base_params", "base_flops", "params", "flops"))
            or all(theirs.get(name, stated) == stated for name, stated in mine.items())
        )

    @property
    def conditions(self) -> dict[str, object]:
        """What it was measured under; where that is not stated, as of most, it may be held against any other."""
        stated = self.row.experiment.conditions if self.row else None
        return conditions_in_force(stated) if stated else {}


Reports: TypeAlias = dict[tuple[Pair, str], list[UnprunedReport]]
"""The reports of each (dataset, architecture) and quantity, distinct within a paper, in the order of the records."""


def reports(
    rows: Iterable[AuditRow], derived: Iterable[tuple[AuditRow, dict[str, float]]], models: pd.DataFrame
) -> Reports:
    """All reports: accuracies in percent, sizes as counts, costs as multiply-adds where the convention is known.

    What a paper copies is its source's report, not its own.  Where a row does not give the unpruned value, but the
    pruned one and a change or share, these imply it.

    Args:
        rows: All rows but those of sweeps.
        derived: The operating points among them, with their completed quantities.
        models: The reference models, as of ``reference_models()``.
    """
    found: Reports = {}
    by_source: dict[tuple[Pair, str, str], list[UnprunedReport]] = {}
    adds = {id(row): known for row, known in derived}
    for pair, quantity, report in (*_of_papers(rows, adds), *_of_references(models)):
        known = found.setdefault((pair, quantity), [])
        before = by_source.setdefault((pair, quantity, report.source), [])
        if None not in pair and not any(_repeats(report, one) for one in before):
            known.append(report)
            before.append(report)
    return found


def _repeats(report: UnprunedReport, known: UnprunedReport) -> bool:
    """Whether its source says the same again: to the digit, or a size that follows from a pruned one and its share."""
    implied = report.field in ("params", "flops")
    return report.value == known.value or (implied and abs(report.value / known.value - 1) < _ROUNDING)


class Reported:
    """Reports of one network or dataset, each of which is held against those of other sources."""

    def __init__(self, reports: Sequence[UnprunedReport]) -> None:
        self._reports, self._all = reports, _ordered(reports)
        self._under: dict[str, Ordered] = {}

    def by_others(self, report: UnprunedReport) -> OfOthers:
        """The values that other sources report, under conditions that are not known to differ."""
        if not report.conditions:
            return self.by_all_but(report.source)
        under = repr(report.conditions)
        if under not in self._under:
            self._under[under] = _ordered(one for one in self._reports if one.comparable(report))
        return self._under[under].of_others(report.source)

    def by_all_but(self, source: str) -> OfOthers:
        """The values that all sources but one report, whatever the conditions."""
        return self._all.of_others(source)

    def consensus(self, report: UnprunedReport) -> float | None:
        """The median of what other sources report; None where there are none."""
        values = self.by_others(report)
        return values.median if values else None


def _ordered(reports: Iterable[UnprunedReport]) -> Ordered:
    return Ordered((one.source, one.value) for one in reports)


def of_one_start(reports: Iterable[UnprunedReport]) -> Iterator[tuple[UnprunedReport, UnprunedReport]]:
    """The pairs of reports by one paper of what it starts from, in the order of the first, and then of the second."""
    by_paper = [report for report in reports if report.row]
    groups: dict[object, list[UnprunedReport]] = {}
    for one in by_paper:
        groups.setdefault(_start(one), []).append(one)
    for one in by_paper:
        later = groups[_start(one)]
        later.pop(0)  # itself, as those before have gone
        for other in later:
            yield one, other


def _start(report: UnprunedReport) -> object:
    return report.row.start if report.row else None


def _of_papers(
    rows: Iterable[AuditRow], derived: dict[int, dict[str, float]]
) -> Iterator[tuple[Pair, str, UnprunedReport]]:
    for row in rows:
        if row.curve and row.curve.origin == "copied":
            continue
        for name in BASE_ACCURACIES:
            pruned = name.removeprefix("base_")
            if span := accuracy_interval(row, name):
                field = name if row.has(name) else f"{name}_error"
                yield row.pair, name, UnprunedReport(row.paper.id, float(middle(span)), field, row)
            elif row.has(f"{pruned}_change") and (
                span := less(accuracy_interval(row, pruned), interval(row, f"{pruned}_change"))
            ):
                yield row.pair, name, UnprunedReport(row.paper.id, float(middle(span)), f"{pruned}_change", row)
        if (size := row.get("base_params")) and _whole(row, "base_params"):
            yield row.pair, "base_params", UnprunedReport(row.paper.id, float(size), "base_params", row)
        elif (span := _implied(row, "params", "compression_ratio")) and _whole(row, "params"):
            yield row.pair, "base_params", UnprunedReport(row.paper.id, float(middle(span)), "params", row)
        if (cost := row.get("base_flops")) and _whole(row, "base_flops"):
            adds = derived.get(id(row), {}).get("base_multiply_adds", float(cost))
            yield row.pair, "base_flops", UnprunedReport(row.paper.id, adds, "base_flops", row)
        elif (span := _implied(row, "flops", "speedup")) and _whole(row, "flops"):
            yield row.pair, "base_flops", UnprunedReport(row.paper.id, float(middle(span)), "flops", row)


def _implied(row: AuditRow, quantity: str, ratio: str) -> Interval | None:
    """The unpruned size or cost that follows from the pruned one and a share."""
    return over(interval(row, quantity), kept(row, quantity, ratio)) if row.has(quantity) else None


def _whole(row: AuditRow, name: str) -> bool:
    """Whether a number is of the whole model, and no bound."""
    return row.scope(name) == "all" and row.bound(name) is None


def _of_references(models: pd.DataFrame) -> Iterator[tuple[Pair, str, UnprunedReport]]:
    for model in models.to_dict("records"):
        pair: Pair = (str(model["dataset"]), str(model["architecture"]))
        for name in ("top1", "top5", "params", "flops"):
            if model[name] == model[name]:
                yield pair, f"base_{name}", UnprunedReport(str(model["source"]), float(model[name]), name)
