"""Does each rule on other metrics find its fault at its boundary, and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prunelit.analysis.audit.engine import AUDIT_RULES
from prunelit.analysis.dataset import dataset
from prunelit.schema.corpus import Corpus

Make = Callable[..., Corpus]
RULES = {rule.name: rule for rule in AUDIT_RULES if rule.family == "measurements"}


def paper(
    *points: str, base: str = "", experiment: str = "", curve: str = "origin: own", name: str = "ada2015title"
) -> str:
    """A record with one experiment on one network."""
    on = "dataset: Set, architecture: Net, collections: [c]"
    start = f"base_metrics: [{base}]," if base else ""
    rows = ", ".join(f"{{{point}}}" for point in points)
    more = f"{experiment}," if experiment else ""
    return f"{{id: {name}, experiments: [{{{on}, {more} {start} curves: [{{{curve}, points: [{rows}]}}]}}]}}"


def two(first: str, second: str, more: str = "") -> str:
    """A record with two experiments on one network, each with its unpruned value."""
    on = "dataset: Set, architecture: Net, collections: [c]"
    rest = "curves: [{origin: own, points: [{top1: 75}]}]"
    each = (f"{{{on}, base_metrics: [{{metric: f1, {one}}}], {rest}}}" for one in (first, second))
    return f"{{id: ada2015title, experiments: [{', '.join(each)}]}}"


F1, BASE = "metrics: [{{metric: f1, {}}}]", "{{metric: f1, {}}}"
COPY = "origin: copied, method: M, proposed_by: bob2016title, copied_from: bob2016title"
SOURCE = paper(f"params_kept: 0.5, {F1.format('value: 80.14')}", curve="origin: own, method: M", name="bob2016title")
HALF = "params_removed: 0.5"


def started(base: str) -> str:
    """The source, with an unpruned value."""
    return SOURCE.replace("curves", f"base_metrics: [{BASE.format(base)}], curves")


CASES: dict[str, list[tuple[tuple[str, ...], int]]] = {
    "metric-change-disagrees": [
        ((paper(F1.format("value: 80.0, change: -1.1"), base=BASE.format("value: 81.0")),), 0),
        ((paper(F1.format("value: 80.0, change: -1.2"), base=BASE.format("value: 81.0")),), 1),
        ((paper(F1.format("value: 80.0, change: -2"), base=BASE.format("value: 81.0, split: test")),), 0),
        ((paper(F1.format("value: 80.0, bound: about, change: -2"), base=BASE.format("value: 81.0")),), 0),
    ],
    "number-outside-its-spread": [
        ((paper(F1.format("value: 80.0, spread: {kind: range, lower: 80.05, upper: 81}")),), 0),
        ((paper(F1.format("value: 80.0, spread: {kind: range, lower: 80.06, upper: 81}")),), 1),
        ((paper("top1: 75, top1_spread: {kind: range, lower: 74, upper: 75}"),), 0),
        ((paper("top1: 75, top1_spread: {kind: range, lower: 74, upper: 74.9}"),), 1),
        ((paper("top1: 75", experiment="base_top1: 76, base_top1_spread: {kind: range, lower: 1, upper: 2}"),), 1),
    ],
    "two-unpruned-values-in-one-paper": [
        ((two("value: 80.0", "value: 80.8"),), 0),
        ((two("value: 80.0", "value: 80.9"),), 1),
        ((two("value: 80.0, split: test", "value: 90.0, split: validation"),), 0),
        ((two("value: 80.0, split: test", "value: 90.0"),), 1),
    ],
    "unpruned-values-differ-between-papers": [
        ((paper("top1: 7", base=BASE.format("value: 80")), started("value: 88")), 0),
        ((paper("top1: 7", base=BASE.format("value: 80")), started("value: 90")), 2),
        (
            (
                paper("top1: 7", base=BASE.format("value: 80, shots: 0")),
                started("value: 90, shots: 5"),
            ),
            0,
        ),
    ],
    "metric-without-baseline": [
        ((paper(F1.format("value: 80")),), 1),
        ((paper(F1.format("value: 80, change: 1")),), 0),
        ((paper(F1.format("value: 80"), base=BASE.format("value: 81")),), 0),
        ((paper(F1.format("value: 80"), base=BASE.format("value: 81, shots: 5")),), 1),
        ((paper("metrics: [{metric: measured_speedup, value: 2, hardware: V100}]"),), 0),
    ],
    "metric-change-without-baseline": [
        ((paper(F1.format("change: 1")),), 1),
        ((paper(F1.format("change: 1"), base=BASE.format("value: 81")),), 0),
        ((paper(F1.format("value: 80, change: 1")),), 0),
    ],
    "metric-spread-without-runs": [
        ((paper(F1.format("value: 80, std: 1")),), 1),
        ((paper(F1.format("value: 80, std: 1") + ", seeds: 1"),), 1),
        ((paper(F1.format("value: 80, std: 1") + ", seeds: 2"),), 0),
        ((paper(F1.format("value: 80")),), 0),
    ],
    "metric-copy-differs-from-source": [
        ((paper(f"params_kept: 0.5, {F1.format('value: 80.1')}", curve=COPY), SOURCE), 0),
        ((paper(f"params_kept: 0.5, {F1.format('value: 80.2')}", curve=COPY), SOURCE), 1),
        ((paper(f"params_kept: 0.25, {F1.format('value: 80.2')}", curve=COPY), SOURCE), 0),
    ],
    "same-measurements-twice": [
        ((paper(f"{HALF}, {F1.format('value: 80.1')}", f"{HALF}, {F1.format('value: 80.1')}"),), 1),
        ((paper(f"{HALF}, {F1.format('value: 80.1')}", f"{HALF}, {F1.format('value: 80.1, split: test')}"),), 0),
        ((paper(f"{HALF}, {F1.format('value: 80.1')}", f"{HALF}, {F1.format('value: 80.2')}"),), 0),
        ((paper(f"{HALF}, {F1.format('change: -0.1')}", f"{HALF}, {F1.format('change: -0.1')}"),), 1),
        ((paper(f"{HALF}, {F1.format('change: -0.1')}", f"{HALF}, {F1.format('change: -0.2')}"),), 0),
    ],
    "more-removed-than-the-pattern-removes": [
        ((paper('top1: 75, n_of_m: "2:4", params_removed: 0.50'),), 0),
        ((paper('top1: 75, n_of_m: "2:4", params_removed: 0.505'),), 1),
        ((paper('top1: 75, n_of_m: "1:4", params_removed: 0.75'),), 0),
    ],
}  # fmt: skip


def test_every_rule_is_tried() -> None:
    assert set(CASES) == set(RULES)


def cases() -> list[Any]:
    return [
        pytest.param(name, texts, count, id=f"{name}-{at}")
        for name, found in CASES.items()
        for at, (texts, count) in enumerate(found)
    ]


@pytest.mark.parametrize(("name", "texts", "count"), cases())
def test_a_rule_finds_its_fault_at_its_boundary(made: Make, name: str, texts: tuple[str, ...], count: int) -> None:
    assert len(list(RULES[name].check(dataset(made(*texts))))) == count


def test_numbers_of_a_paper_that_does_not_stand_are_not_audited(made: Make) -> None:
    text = paper(F1.format("value: 80")).replace("{id:", "{status: retracted, status_source: a note, id:", 1)
    found = dataset(made(text))
    assert [one for rule in AUDIT_RULES for one in rule.check(found) if one.path[:1] == ("experiments",)] == []
