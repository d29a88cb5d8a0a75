"""Does anything stand there twice, or in two versions?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from prunelit.analysis.audit.evidence import Evidence, Row
from prunelit.analysis.audit.findings import Rule, Suspicion, at, rule
from prunelit.schema.record import Point

QUALITY = tuple(name for name in Point.QUALITY if name != "metrics")
Values: TypeAlias = tuple[tuple[str, Decimal], ...]


def _values(row: Row, names: tuple[str, ...]) -> Values:
    return tuple((name, value) for name in names if (value := row.get(name)) is not None)


def _groups(rows: list[Row], key) -> dict[object, list[Row]]:  # type: ignore[no-untyped-def]
    groups: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _curve(row: Row) -> tuple[object, ...]:
    return row.paper.id, *row.pair, row.method


@rule("warning", why="One measurement must not count as two.", settle="The table that the numbers come from.")
def same_point_twice(evidence: Evidence) -> Iterator[Suspicion]:
    """Two points of one paper, dataset and architecture have the same quality and the same efficiency."""
    key = lambda row: (row.paper.id, *row.pair, _values(row, QUALITY), _values(row, Point.EFFICIENCY))  # noqa: E731
    for group in _groups(evidence.points, key).values():
        for row in group[1:]:
            if _values(row, QUALITY) and _values(row, Point.EFFICIENCY):
                yield Suspicion(row.paper.id, row.name, f"the same numbers as {group[0].name}", row.path)


@rule(
    "note",
    why="A method without options has one result at one size; these are variants, or one is another quantity.",
    settle="The names of the variants in the paper.",
)
def same_efficiency_other_accuracy(evidence: Evidence) -> Iterator[Suspicion]:
    """Two points of one curve have the same efficiency and different accuracies."""
    for group in _groups(evidence.points, lambda row: (_curve(row), _values(row, Point.EFFICIENCY))).values():
        for row in group[1:]:
            mine, first = dict(_values(row, QUALITY)), dict(_values(group[0], QUALITY))
            shared = [name for name in mine if name in first and mine[name] != first[name]]
            if shared and _values(row, Point.EFFICIENCY):
                name = shared[0]
                yield at(row, name, f"{mine[name]}, but {first[name]} in {group[0].name} at the same efficiency")


@rule(
    "warning",
    why="A change that stays the same to the digit while the network shrinks was copied from one line to the next.",
    settle="The table that the numbers come from.",
)
def change_repeated_along_curve(evidence: Evidence) -> Iterator[Suspicion]:
    """At least three points of one curve have the same non-zero change at different efficiencies."""
    for group in _groups(evidence.points, _curve).values():
        for name in ("top1_change", "top5_change"):
            same = _groups([row for row in group if row.get(name)], lambda row, name=name: row.get(name))
            for value, rows in same.items():
                if len({_values(row, Point.EFFICIENCY) for row in rows}) > 2:
                    for row in rows:
                        yield at(row, name, f"{value}, as in {', '.join(other.name for other in rows if other is not row)}")


@rule("warning", why="Two names, one set of numbers: one curve would count as two.", settle="The paper's legend.")
def one_curve_two_names(evidence: Evidence) -> Iterator[Suspicion]:
    """Two methods of one paper have exactly the same points on one dataset and architecture."""
    curves = _groups(evidence.points, _curve)
    series = {key: tuple(_values(row, QUALITY + Point.EFFICIENCY) for row in rows) for key, rows in curves.items()}
    seen: dict[object, Row] = {}
    for key, rows in curves.items():
        identity = (rows[0].paper.id, rows[0].pair, series[key])
        first = seen.setdefault(identity, rows[0])
        if first is not rows[0]:
            yield Suspicion(rows[0].paper.id, f"{rows[0].name}: method", f"{rows[0].method} repeats {first.method}", rows[0].path[:4])


@rule("error", why="A copied number equals its source.", settle="The paper that the numbers are copied from.")
def copy_differs_from_source(evidence: Evidence) -> Iterator[Suspicion]:
    """A point copied from another paper has another value than any point of that paper at the same efficiency."""
    sources = _groups(evidence.points, lambda row: (row.paper.id, *row.pair))
    for row in evidence.points:
        if row.curve is None or row.curve.origin != "copied":
            continue
        efficiency = set(_values(row, Point.EFFICIENCY))
        same = [other for other in sources.get((row.curve.copied_from, *row.pair), []) if efficiency & set(_values(other, Point.EFFICIENCY))]
        for name, value in _values(row, QUALITY):
            theirs = {other.get(name) for other in same} - {None}
            if theirs and value not in theirs:
                yield at(row, name, f"{value}, but {', '.join(map(str, sorted(filter(None, theirs))))} in {row.curve.copied_from}")


@rule(
    "note",
    why="Independent experiments do not agree to the digit; one of the two repeats the other, or prunes its very network.",
    settle="What each paper says about where its numbers come from.",
)
def same_point_in_two_papers(evidence: Evidence) -> Iterator[Suspicion]:
    """Two papers give, as their own, the same accuracy of the pruned network at the same absolute size or cost."""
    absolute = ("params", "flops")
    own = [row for row in evidence.points if row.curve and row.curve.origin != "copied"]
    key = lambda row: (*row.pair, _values(row, ("top1", "top5", "top1_error", "top5_error")), _values(row, absolute))  # noqa: E731
    for group in _groups(own, key).values():
        for row in group[1:]:
            if row.paper.id != group[0].paper.id and _values(row, ("top1", "top1_error")) and _values(row, absolute):
                yield Suspicion(row.paper.id, row.name, f"the numbers of {group[0].name} of {group[0].paper.id}", row.path)


RULES: tuple[Rule, ...] = (
    same_point_twice,
    same_efficiency_other_accuracy,
    change_repeated_along_curve,
    one_curve_two_names,
    copy_differs_from_source,
    same_point_in_two_papers,
)
