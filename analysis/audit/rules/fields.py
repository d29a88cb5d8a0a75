"""Rules on numbers in the field of another, or with their point in the wrong place."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import log10

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.digits import accuracy_interval, middle
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.ordered import OfOthers
from prunelit.analysis.audit.reports import BASE_ACCURACIES, Reported, UnprunedReport, of_one_start
from prunelit.analysis.audit.rows import AuditRow, ReportedNames, any_of
from prunelit.analysis.audit.rules.closure import SIZES_AND_RATIOS
from prunelit.analysis.dataset import Dataset

PLACE = 40

BASE_SIZES = ("base_params", "base_flops")
NEAR_ACCURACY, FAR_PRUNED = 5, 30
"""Percentage points within which two accuracies are near, and beyond which a pruned and an unpruned one are far."""
NEAR_PRUNED = 6
"""Percentage points that pruning may cost, so that a pruned accuracy still is near the unpruned one."""
NEAR_SIZE = 0.1
"""Relative distance within which two sizes are near."""
EQUAL_SIZE = 0.01
"""The same of two that are equal but for rounding."""
BIASES = Decimal("0.01")
"""Share of a network's parameters, or of its operations, that may be added and not multiplied with."""


def _unpruned(dataset: Dataset, *names: str) -> Iterator[tuple[AuditRow, UnprunedReport, Reported]]:
    """Each report by a row, with all reports of the same network."""
    reported = evidence.all_reported(dataset)
    for key, reports in evidence.unpruned(dataset).items():
        for report in evidence.judged_reports(dataset, reports) if key[1] in names else ():
            if report.row is not None:
                yield report.row, report, reported[key]


@rule(
    "error",
    why="100 minus this number is what others report, or what the paper's own unpruned model has.",
    settle="The column head of the table.",
)
def error_in_accuracy_field(dataset: Dataset) -> Iterator[Suspicion]:
    """An accuracy lies where the error of the network lies."""
    yield from _mirrored(dataset, as_error=False)


@rule(
    "error",
    why="This number itself is the accuracy that others report, or that the paper's own unpruned model has.",
    settle="The column head of the table.",
)
def accuracy_in_error_field(dataset: Dataset) -> Iterator[Suspicion]:
    """An error lies where the accuracy of the network lies."""
    yield from _mirrored(dataset, as_error=True)


def _mirrored(dataset: Dataset, as_error: bool) -> Iterator[Suspicion]:
    for row, report, reports in _unpruned(dataset, *BASE_ACCURACIES):
        if report.field.endswith("_error") != as_error or (expected := reports.consensus(report)) is None:
            continue
        if abs(100 - report.value - expected) < NEAR_ACCURACY < expected - report.value:
            yield at(row, report.field, f"{row.get(report.field)}, while others report about {expected:.4g}")
    fields = {name: f"{name}_error" if as_error else name for name in ("top1", "top5")}
    for row in evidence.points_where(dataset, any_of(*fields.values())):
        for name, field in fields.items():
            if not row.has(field):
                continue
            pruned, own = accuracy_interval(row, name), accuracy_interval(row, f"base_{name}")
            before = float(middle(own)) if own else evidence.usual(dataset, row.pair, f"base_{name}", row.paper.id)
            if pruned and before is not None:
                after = float(middle(pruned))
                near = NEAR_ACCURACY if after > before else NEAR_PRUNED
                if -near < 100 - after - before < NEAR_ACCURACY and abs(after - before) > FAR_PRUNED:
                    yield at(row, field, f"{row.get(field)}, with an unpruned accuracy of {before:.2f}")


@rule("error", why="Errors are in percent; this one is a fraction.", settle="The table.")
def fraction_in_error_field(dataset: Dataset) -> Iterator[Suspicion]:
    """An error lies below 1 although the accuracy of the unpruned network is far from 100 %."""
    for row, report, reports in _unpruned(dataset, *BASE_ACCURACIES):
        expected = reports.consensus(report) if report.field.endswith("_error") and report.value > 99 else None
        if expected is not None and expected < 95:
            yield at(row, report.field, f"{row.get(report.field)}, while others report about {expected:.4g}")
    for row in evidence.points_where(dataset, any_of("top1_error", "top5_error")):
        for name in ("top1", "top5"):
            error, base = row.get(f"{name}_error"), accuracy_interval(row, f"base_{name}")
            if error is not None and base and error < 1 and middle(base) < 95:
                yield at(row, f"{name}_error", f"{error}, with an unpruned accuracy of {middle(base):.2f}")


@rule(
    "warning",
    why="Changes are in percentage points; with so many digits this is a fraction.",
    settle="The table.",
    of_record=True,
)
def fraction_in_change_field(dataset: Dataset) -> Iterator[Suspicion]:
    """A change of less than a tenth of a percentage point is printed with three or more decimals."""
    for row in evidence.points_where(dataset, any_of("top1_change", "top5_change")):
        for name in ("top1_change", "top5_change"):
            change = row.get(name)
            if change and abs(change) < Decimal("0.1") and row.unit(name) < Decimal("0.01"):
                yield at(row, name, f"{change}")


@rule(
    "error",
    why="The digits are right and the decimal point, or the suffix, is not.",
    settle="The table that the number comes from.",
)
def shifted_decimal(dataset: Dataset) -> Iterator[Suspicion]:
    """An unpruned size, cost or accuracy is 10, 100, 1000 … times what others report, or a part of it."""
    for row, report, reports in _unpruned(dataset, *BASE_SIZES, *BASE_ACCURACIES):
        expected = reports.consensus(report)
        if expected and report.value > 0:
            places = log10(report.value / expected)
            if round(places) and abs(places - round(places)) < log10(1 + NEAR_SIZE):
                yield at(row, report.field, f"{report.value:.4g}, while others report about {expected:.4g}")


@rule("warning", why="The number fits the other column.", settle="The column heads of the table.")
def params_and_flops_swapped(dataset: Dataset) -> Iterator[Suspicion]:
    """An unpruned size is the cost that others report of the network and not their size, or the other way round."""
    for quantity, other in (BASE_SIZES, BASE_SIZES[::-1]):
        for row, report, reports in _unpruned(dataset, quantity):
            swapped = evidence.all_reported(dataset).get((row.pair, other)) if report.field == quantity else None
            if swapped and _is_near(report, swapped) and not _is_near(report, reports):
                yield at(row, quantity, f"{report.value:.4g}, which others report as {other.removeprefix('base_')}")


def _is_near(report: UnprunedReport, reports: Reported) -> bool:
    """Whether any other source reports about that size."""
    return _any_within(reports.by_others(report), report.value, NEAR_SIZE)


def _any_within(values: OfOthers, value: float, share: float) -> bool:
    """Whether a value is any of others but for a share of that one."""
    around = values.between(value / (1 + share) / _SURE, value / (1 - share) * _SURE)
    return any(abs(value / other - 1) < share for other in around)


_SURE = 1 + 1e-9
"""What rounding may do to a quotient."""


@rule(
    "warning", why="A network does at least one multiplication with each weight.", settle="The table.", of_record=True
)
def more_parameters_than_operations(dataset: Dataset) -> Iterator[Suspicion]:
    """A model has more parameters than operations, beyond the few that are added and not multiplied with."""
    for row in evidence.rows_where(dataset, lambda reported: _has_both(reported, "") or _has_both(reported, "base_")):
        for prefix in ("", "base_"):
            params, flops = row.get(f"{prefix}params"), row.get(f"{prefix}flops")
            whole = row.scope(f"{prefix}params") == row.scope(f"{prefix}flops") == "all"
            if params and flops and whole and params > flops * (1 + BIASES) + _never_multiplied(row):
                found = f"{params:.4g} parameters, {flops:.4g} operations"
                yield at(row, f"{prefix}params", found, found)


def _has_both(reported: ReportedNames, prefix: str) -> bool:
    return reported >= {f"{prefix}params", f"{prefix}flops"}


def _never_multiplied(row: AuditRow) -> Decimal:
    """The parameters of the unpruned network that may be added alone, as biases are; pruning may leave them all.

    Those beyond its operations, if they are few, or a small share.
    """
    params: Decimal | None = row.get("base_params")
    flops: Decimal | None = row.get("base_flops")
    if not params or not flops or params > flops * (1 + BIASES):
        return Decimal()
    return max(params - flops, params * BIASES)


@rule(
    "error",
    why="Others give the unpruned network this very size, and the row does not say of what else it is a share.",
    settle="The column head of the table.",
)
def unpruned_size_as_pruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A size or cost after pruning equals, within one percent, the unpruned one of others, and stands alone."""
    for row in evidence.points_where(dataset, any_of("params", "flops")):
        for name, ratio in SIZES_AND_RATIOS:
            beside = (f"base_{name}", f"{name}_kept", f"{name}_removed", ratio)
            value = None if row.has(*beside) or row.scope(name) != "all" else row.get(name)
            reports = evidence.all_reported(dataset).get((row.pair, f"base_{name}")) if value else None
            if value and reports and _any_within(reports.by_all_but(row.paper.id), float(value), EQUAL_SIZE):
                yield at(row, name, f"{value:.3g}, the unpruned {name} of others")


@rule(
    "note",
    why="A table has one column for it; a number from another table, or in the wrong field, looks like this.",
    settle="The column heads of the tables.",
    of_record=True,
)
def share_given_in_two_ways(dataset: Dataset) -> Iterator[Suspicion]:
    """One curve gives the share kept for some points and the share removed for others (one finding a curve)."""
    for rows in evidence.points_by_tradeoff(dataset, 2):
        for quantity in ("params", "flops"):
            names = (f"{quantity}_kept", f"{quantity}_removed")
            kept, removed = ([row for row in rows if row.has(name)] for name in names)
            for row, name in [(kept[0], names[0])] if kept and removed and kept != removed else ():
                yield at(row, name, f"{row.get(name)}, but {removed[0].get(names[1])} {names[1]} in {removed[0].name}")


@rule(
    "warning",
    why="Two values of one quantity that differ in a single digit are often one value and a slip.",
    settle="The tables that the numbers come from.",
)
def one_digit_off(dataset: Dataset) -> Iterator[Suspicion]:
    """Two unpruned accuracies of one network in one paper differ in one digit that is not the last."""
    for reports in (found for (_, name), found in evidence.unpruned(dataset).items() if name in BASE_ACCURACIES):
        for one, other in of_one_start(evidence.judged_reports(dataset, reports)):
            digits = [x != y for x, y in zip(f"{one.value:.2f}", f"{other.value:.2f}", strict=False)]
            if one.row and other.row and sum(digits) == 1 and not digits[-1]:
                yield at(other.row, other.field, f"{other.value:.2f}, but {one.value:.2f} in {one.row.name}")


@rule(
    "warning",
    why="Another network, or one trained on other data, has another accuracy; equal digits point to a copied line.",
    settle="The tables of both.",
    of_record=True,
)
def same_baseline_for_two_networks(dataset: Dataset) -> Iterator[Suspicion]:
    """One paper gives the same unpruned accuracy to two datasets or to two architectures."""
    seen: dict[tuple[str, str, Decimal], list[AuditRow]] = {}
    names = (*BASE_ACCURACIES, *(f"{one}_error" for one in BASE_ACCURACIES))
    for row in evidence.rows_where(dataset, any_of(*names)):
        for name in names:
            value = row.get(name)
            if value is None or row.unit(name) >= 1:
                continue
            known = seen.setdefault((row.paper.id, name, value), [])
            if row.pair not in {other.pair for other in known}:
                known.append(row)
                if sum(a != b for a, b in zip(known[0].pair, row.pair, strict=True)) == 1:
                    yield at(row, name, f"{value} for {_told(row)} as for {_told(known[0])} ({known[0].name})")


def _told(row: AuditRow) -> str:
    return f"{row.experiment.architecture} on {row.experiment.dataset}"
