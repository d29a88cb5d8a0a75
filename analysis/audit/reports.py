"""Reports of unpruned networks: what papers and reference models say of one and the same network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.audit.digits import accuracy_interval, interval, kept, less, middle, over
from prunelit.analysis.audit.rows import AuditRow, Pair
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
        mine = self._conditions
        theirs = other._conditions if mine else {}
        return (
            not mine
            or self.field.startswith(("base_params", "base_flops", "params", "flops"))
            or all(theirs.get(name, stated) == stated for name, stated in mine.items())
        )

    @property
    def is_conditional(self) -> bool:
        """Whether it was measured under stated conditions; most are not, and may be held against any other."""
        return bool(self._conditions)

    @property
    def _conditions(self) -> dict[str, object]:
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
    adds = {id(row): known for row, known in derived}
    for pair, quantity, report in (*_of_papers(rows, adds), *_of_references(models)):
        known = found.setdefault((pair, quantity), [])
        if None not in pair and not any(_repeats(report, one) for one in known):
            known.append(report)
    return found


def _repeats(report: UnprunedReport, known: UnprunedReport) -> bool:
    """Whether a source says the same again: to the digit, or a size that follows from a pruned one and its share."""
    if report.source != known.source:
        return False
    implied = report.field in ("params", "flops")
    return report.value == known.value or (implied and abs(report.value / known.value - 1) < _ROUNDING)


def others(reports: Iterable[UnprunedReport], report: UnprunedReport) -> list[float]:
    """The values that other sources report."""
    elsewhere = (one for one in reports if one.source != report.source)
    conditional = report.is_conditional
    return [one.value for one in elsewhere if not conditional or one.comparable(report)]


def consensus(reports: Iterable[UnprunedReport], report: UnprunedReport) -> float | None:
    """The median of what other sources report; None where there are none."""
    values = others(reports, report)
    return median(values) if values else None


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
            elif span := less(accuracy_interval(row, pruned), interval(row, f"{pruned}_change")):
                yield row.pair, name, UnprunedReport(row.paper.id, float(middle(span)), f"{pruned}_change", row)
        if (size := row.get("base_params")) and _whole(row, "base_params"):
            yield row.pair, "base_params", UnprunedReport(row.paper.id, float(size), "base_params", row)
        elif (span := over(interval(row, "params"), kept(row, "params", "compression_ratio"))) and _whole(
            row, "params"
        ):
            yield row.pair, "base_params", UnprunedReport(row.paper.id, float(middle(span)), "params", row)
        if (cost := row.get("base_flops")) and _whole(row, "base_flops"):
            adds = derived.get(id(row), {}).get("base_multiply_adds", float(cost))
            yield row.pair, "base_flops", UnprunedReport(row.paper.id, adds, "base_flops", row)
        elif (span := over(interval(row, "flops"), kept(row, "flops", "speedup"))) and _whole(row, "flops"):
            yield row.pair, "base_flops", UnprunedReport(row.paper.id, float(middle(span)), "flops", row)


def _whole(row: AuditRow, name: str) -> bool:
    """Whether a number is of the whole model, and no bound."""
    return row.scope(name) == "all" and row.bound(name) is None


def _of_references(models: pd.DataFrame) -> Iterator[tuple[Pair, str, UnprunedReport]]:
    for model in models.to_dict("records"):
        pair: Pair = (str(model["dataset"]), str(model["architecture"]))
        for name in ("top1", "top5", "params", "flops"):
            if model[name] == model[name]:
                yield pair, f"base_{name}", UnprunedReport(str(model["source"]), float(model[name]), name)
