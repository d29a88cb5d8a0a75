"""Do the numbers of one row add up within their printed digits?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from prunelit.analysis.audit.evidence import Evidence, Row
from prunelit.analysis.audit.findings import Rule, Suspicion, at, rule

HALF = Decimal("0.5")
Interval = tuple[Decimal, Decimal]
"""Least and greatest value that the printed digits allow."""


def interval(row: Row, name: str) -> Interval | None:
    """The values that a printed number stands for."""
    value = row.get(name)
    return None if value is None else (value - HALF * row.unit(name), value + HALF * row.unit(name))


def _less(a: Interval | None, b: Interval | None) -> Interval | None:
    return (a[0] - b[1], a[1] - b[0]) if a and b else None


def _over(a: Interval | None, b: Interval | None) -> Interval | None:
    return (a[0] / b[1], a[1] / b[0]) if a and b and b[0] > 0 else None


def _apart(a: Interval, b: Interval) -> bool:
    return a[0] > b[1] or b[0] > a[1]


_HUNDRED = (Decimal(100), Decimal(100))
_ONE = (Decimal(1), Decimal(1))


def _accuracy(row: Row, name: str) -> Interval | None:
    return interval(row, name) or _less(_HUNDRED, interval(row, f"{name}_error"))


@rule(
    "error",
    why="Accuracy after minus accuracy before is the change, within the printed digits.",
    settle="The table that the numbers come from.",
)
def change_disagrees(evidence: Evidence) -> Iterator[Suspicion]:
    """The reported change differs from the difference of the reported accuracies."""
    for row in evidence.points:
        for name in ("top1", "top5"):
            change = interval(row, f"{name}_change")
            difference = _less(_accuracy(row, name), _accuracy(row, f"base_{name}"))
            if change and difference and _apart(change, difference):
                middle = (difference[0] + difference[1]) / 2
                found = f"{row.get(f'{name}_change')}, but after minus before is {middle:+.2f}"
                yield at(row, f"{name}_change", found)


@rule("error", why="Accuracy and error add up to 100 %.", settle="The table that the numbers come from.")
def error_disagrees(evidence: Evidence) -> Iterator[Suspicion]:
    """An accuracy and the error of the same model do not add up to 100 %."""
    for row in evidence.rows:
        for name in ("top1", "top5", "base_top1", "base_top5"):
            accuracy, error = interval(row, name), interval(row, f"{name}_error")
            if accuracy and error and _apart(accuracy, _less(_HUNDRED, error) or _ONE):
                yield at(row, f"{name}_error", f"accuracy {row.get(name)}, error {row.get(f'{name}_error')}")


@rule(
    "error",
    why="Numbers before and after, share kept, share removed and ratio say the same thing in four ways.",
    settle="The table that the numbers come from.",
)
def efficiency_disagrees(evidence: Evidence) -> Iterator[Suspicion]:
    """Two statements about how much is left differ by more than their printed digits allow."""
    for row in evidence.points:
        for quantity, ratio in (("params", "compression_ratio"), ("flops", "speedup")):
            shares = {
                f"{quantity} / base_{quantity}": _over(interval(row, quantity), interval(row, f"base_{quantity}")),
                f"{quantity}_kept": interval(row, f"{quantity}_kept"),
                f"1 - {quantity}_removed": _less(_ONE, interval(row, f"{quantity}_removed")),
                f"1 / {ratio}": _over(_ONE, interval(row, ratio)),
            }
            known = [(name, share) for name, share in shares.items() if share]
            for (one, a), (other, b) in combinations(known, 2):
                if _apart(a, b):
                    found = f"{one} is {sum(a) / 2:.4f}, but {other} is {sum(b) / 2:.4f}"
                    yield at(row, quantity if row.get(quantity) is not None else ratio, found)


@rule("error", why="The right class is among the first five whenever it is the first.", settle="The table.")
def top5_below_top1(evidence: Evidence) -> Iterator[Suspicion]:
    """A top-5 accuracy lies below the top-1 accuracy of the same model."""
    for row in evidence.rows:
        for prefix in ("", "base_"):
            top1, top5 = _accuracy(row, f"{prefix}top1"), _accuracy(row, f"{prefix}top5")
            if top1 and top5 and top5[1] < top1[0]:
                yield at(row, f"{prefix}top5", f"top-5 {row.get(f'{prefix}top5')}, top-1 {row.get(f'{prefix}top1')}")


@rule(
    "error",
    why="Every other report of the same network lies near 100 minus this number.",
    settle="The column head of the table.",
)
def error_in_accuracy_field(evidence: Evidence) -> Iterator[Suspicion]:
    """An unpruned accuracy lies where the others' errors lie."""
    for name in ("base_top1", "base_top5"):
        for rows in _by_pair(evidence.rows).values():
            values = [(row, value) for row in rows if (value := row.get(name)) is not None]
            for row, value in values:
                others = sorted(other for someone, other in values if someone.paper.id != row.paper.id)
                middle = others[len(others) // 2] if others else None
                if middle and abs(100 - value - middle) < 5 < abs(value - middle):
                    yield at(row, name, f"{value}, while others report about {middle}")


@rule("error", why="Errors are in percent; this one is a fraction.", settle="The table.")
def fraction_in_error_field(evidence: Evidence) -> Iterator[Suspicion]:
    """An error lies below 1 although the unpruned model's accuracy is far from 100 %."""
    for row in evidence.points:
        for name in ("top1", "top5"):
            error, base = row.get(f"{name}_error"), _accuracy(row, f"base_{name}")
            if error is not None and base and error < 1 and base[1] < 95:
                yield at(row, f"{name}_error", f"{error}, with an unpruned accuracy of {sum(base) / 2:.2f}")


@rule(
    "warning",
    why="Taking more away costs accuracy; here the share called removed grows with the accuracy.",
    settle="The text around the table.",
)
def removed_given_as_kept(evidence: Evidence) -> Iterator[Suspicion]:
    """Along a curve of at least three points, accuracy rises strictly with the share removed (or falls with that kept)."""
    for rows in _by_curve(evidence.points).values():
        for share, sign in (("params_removed", 1), ("flops_removed", 1), ("params_kept", -1), ("flops_kept", -1)):
            for quality in ("top1", "top1_change", "top5", "top5_change"):
                points = sorted((sign * x, y) for row in rows if (x := row.get(share)) is not None and (y := row.get(quality)) is not None)
                if len(points) > 2 and all(a[0] < b[0] and a[1] < b[1] for a, b in zip(points, points[1:], strict=False)):
                    yield at(rows[0], share, f"{quality} rises from {points[0][1]} to {points[-1][1]}")


@rule("warning", why="The numbers fit each other's column.", settle="The column heads of the table.")
def params_and_flops_swapped(evidence: Evidence) -> Iterator[Suspicion]:
    """The unpruned parameters equal the known operations of the architecture, and the operations its parameters."""
    known: dict[str, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for source in evidence.corpus.unpruned:
        for model in source.models:
            if model.params and model.flops:
                known[model.architecture].append((model.params, model.flops))
    for row in evidence.rows:
        params, flops = row.get("base_params"), row.get("base_flops")
        for size, cost in known.get(row.experiment.architecture or "", ()):
            if params and flops and abs(params / cost - 1) < Decimal("0.1") and abs(flops / size - 1) < Decimal("0.1"):
                yield at(row, "base_params", f"{params:.3g} parameters and {flops:.3g} operations")


@rule(
    "error",
    why="Other papers give the unpruned network this very size, and the row says of no other number what it is a share of.",
    settle="The column head of the table.",
)
def unpruned_size_as_pruned(evidence: Evidence) -> Iterator[Suspicion]:
    """A size or cost after pruning equals, within one percent, the unpruned one of other papers, and stands alone."""
    for name in ("params", "flops"):
        for rows in _by_pair(evidence.points).values():
            unpruned = [(row.paper.id, value) for row in rows if (value := row.get(f"base_{name}"))]
            for row in rows:
                value = row.get(name)
                others = [other for paper, other in unpruned if paper != row.paper.id]
                if value and not row.get(f"base_{name}") and any(abs(value / other - 1) < Decimal("0.01") for other in others):
                    yield at(row, name, f"{value:.3g}, the unpruned {name} of other papers")


@rule(
    "warning",
    why="Two values of one quantity that differ in a single digit are often one value and a slip.",
    settle="The tables that the numbers come from.",
)
def one_digit_off(evidence: Evidence) -> Iterator[Suspicion]:
    """Two unpruned accuracies of one network in one paper differ in one digit that is not the last."""
    for name in ("base_top1", "base_top5"):
        for rows in _by_pair(evidence.rows).values():
            first: dict[tuple[str, Decimal], Row] = {}
            for row in rows:
                if (value := row.get(name)) is not None:
                    first.setdefault((row.paper.id, value), row)
            for ((paper, a), one), ((other, b), second) in combinations(first.items(), 2):
                digits = [x != y for x, y in zip(f"{a:.2f}", f"{b:.2f}", strict=False)]
                if paper == other and sum(digits) == 1 and not digits[-1]:
                    yield at(second, name, f"{b}, but {a} in {one.name}")


@rule(
    "warning",
    why="A network trained on another dataset has another accuracy; equal digits point to a copied line.",
    settle="The tables of both datasets.",
)
def same_baseline_on_two_datasets(evidence: Evidence) -> Iterator[Suspicion]:
    """One paper gives one architecture the same unpruned accuracy on two datasets."""
    seen: dict[tuple[str, str | None, str, Decimal], Row] = {}
    for row in evidence.rows:
        for name in ("base_top1", "base_top5"):
            if (value := row.get(name)) is not None:
                first = seen.setdefault((row.paper.id, row.experiment.architecture, name, value), row)
                if first.experiment.dataset != row.experiment.dataset:
                    yield at(row, name, f"{value} on {row.experiment.dataset} as on {first.experiment.dataset} ({first.name})")


@rule(
    "note",
    why="More pruning rarely gains accuracy; a slip of sign or column looks like this.",
    settle="The table that the numbers come from.",
)
def accuracy_rises_with_pruning(evidence: Evidence) -> Iterator[Suspicion]:
    """Along a curve, the next point is pruned more and is more accurate by over RISE percentage points."""
    table = evidence.completed
    for x in ("compression_ratio", "speedup"):
        for y in ("top1_change", "top5_change"):
            known = table.dropna(subset=[x, y]).sort_values([x, y])
            for _, curve in known.groupby(["paper_id", "method_label", "dataset", "architecture"]):
                for before, after in zip(curve.to_dict("records"), curve.to_dict("records")[1:], strict=False):
                    if after[y] - before[y] > RISE and after[x] > before[x]:
                        found = f"{y} {after[y]:+.2f} at {x} {after[x]:.2f}, but {before[y]:+.2f} at {before[x]:.2f}"
                        yield _of_record(after, y, found)


RISE = 0.25
"""Percentage points by which accuracy may rise from one point of a curve to the next without being noted."""


@rule(
    "note",
    why="Top-1 and top-5 accuracy mostly move together.",
    settle="The table that the numbers come from.",
)
def top1_and_top5_part(evidence: Evidence) -> Iterator[Suspicion]:
    """Top-1 and top-5 accuracy change by more than half a percentage point in opposite directions."""
    for point in evidence.completed.to_dict("records"):
        one, five = point["top1_change"], point["top5_change"]
        if min(abs(one), abs(five)) > 0.5 and one * five < 0:
            yield _of_record(point, "top5_change", f"top-1 {one:+.2f}, top-5 {five:+.2f}")


def _of_record(point: dict[str, object], name: str, found: str) -> Suspicion:
    path = ("experiments", point["experiment"], "curves", point["curve"], "points", point["point"], name)
    row = point["survey_row"]
    who = f"row {row}" if isinstance(row, int) else f"experiment {path[1]}, curve {path[3]}, point {path[5]}"
    return Suspicion(str(point["paper_id"]), f"{who}: {name}", found, tuple(int(p) if not isinstance(p, str) else p for p in path))  # type: ignore[call-overload]


def _by_pair(rows: list[Row]) -> dict[tuple[str | None, str | None], list[Row]]:
    groups: dict[tuple[str | None, str | None], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.pair].append(row)
    return groups


def _by_curve(rows: list[Row]) -> dict[tuple[object, ...], list[Row]]:
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[(row.paper.id, *row.pair, row.method)].append(row)
    return groups


RULES: tuple[Rule, ...] = (
    change_disagrees,
    error_disagrees,
    efficiency_disagrees,
    top5_below_top1,
    error_in_accuracy_field,
    fraction_in_error_field,
    removed_given_as_kept,
    params_and_flops_swapped,
    unpruned_size_as_pruned,
    one_digit_off,
    same_baseline_on_two_datasets,
    accuracy_rises_with_pruning,
    top1_and_top5_part,
)
