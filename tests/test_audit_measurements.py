"""Does each rule on other metrics find its fault at its boundary, and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit_records import Told, sayings, told
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
SPREAD = "spread: {kind: range, lower: 1, upper: 2}"
AT_HALF = f"params_kept: 0.5, {F1}"
COPIED = paper(AT_HALF.format("value: 80.2"), curve=COPY)
TWICE = f"{HALF}, {F1.format('value: 80.1')}"


def started(base: str) -> str:
    """The source, with an unpruned value."""
    return SOURCE.replace("curves", f"base_metrics: [{BASE.format(base)}], curves")


FAR = (paper("top1: 7", base=BASE.format("value: 80")), started("value: 90"))
"""Two papers whose unpruned values differ."""


def far(was: str, becomes: str) -> tuple[str, ...]:
    """The same, with another text in both."""
    return tuple(text.replace(was, becomes) for text in FAR)


CASES: dict[str, list[tuple[tuple[str, ...], int]]] = {
    "metric-change-disagrees": [
        ((paper(F1.format("value: 80.0, change: -1.1"), base=BASE.format("value: 81.0")),), 0),
        ((paper(F1.format("value: 80.0, change: -1.2"), base=BASE.format("value: 81.0")),), 1),
        ((paper(F1.format("value: 80.0, change: -2"), base=BASE.format("value: 81.0, split: test")),), 0),
        ((paper(F1.format("value: 80.0, bound: about, change: -2"), base=BASE.format("value: 81.0")),), 0),
        ((paper(F1.format("runs: [80.0, 82.0], change: -2"), base=BASE.format("value: 81.0")),), 0),
        ((paper(F1.format("value: 80.0, change: -2"), base="{metric: perplexity, value: 81.0}"),), 0),
        ((paper(F1.format("value: 80.0"), base=BASE.format("value: 81.0")),), 0),
    ],
    "number-outside-its-spread": [
        ((paper(F1.format("value: 80.0, spread: {kind: range, lower: 80.05, upper: 81}")),), 0),
        ((paper(F1.format("value: 80.0, spread: {kind: range, lower: 80.06, upper: 81}")),), 1),
        ((paper("top1: 75, top1_spread: {kind: range, lower: 74, upper: 75}"),), 0),
        ((paper("top1: 75, top1_spread: {kind: range, lower: 74, upper: 74.9}"),), 1),
        ((paper("top1: 75", experiment="base_top1: 76, base_top1_spread: {kind: range, lower: 1, upper: 2}"),), 1),
        ((paper(F1.format(f"value: 80.0, bound: about, {SPREAD}")),), 0),
        ((paper(F1.format(f"runs: [80.0, 82.0], {SPREAD}")),), 0),
        ((paper(f"top1_change: -1.0, top1_{SPREAD}"),), 0),
    ],
    "two-unpruned-values-in-one-paper": [
        ((two("value: 80.0", "value: 80.8"),), 0),
        ((two("value: 80.0", "value: 80.9"),), 1),
        ((two("value: 80.00", "value: 80.80"),), 0),
        ((two("value: 80.00", "value: 80.81"),), 1),
        ((two("value: -80.00", "value: -80.80"),), 0),
        ((two("value: -80.80", "value: -80.00"),), 0),
        ((two("value: -80.00", "value: 80.00"),), 1),
        ((two("value: 80.00", "value: -80.00"),), 1),
        ((two("value: 1", "value: 2"),), 0),
        ((two("value: 1", "value: 3"),), 1),
        ((two("value: 1", "value: 1.4, bound: about"),), 1),
        ((two("value: 1.4, bound: about", "value: 1"),), 1),
        ((two("value: 1", "runs: [1.3, 1.5]"),), 1),
        ((two("value: 80.0", "change: 1"),), 0),
        ((two("change: 1", "value: 80.0"),), 0),
        ((two("value: 80.0, split: test", "value: 90.0, split: validation"),), 0),
        ((two("value: 80.0, split: test", "value: 90.0"),), 1),
    ],
    "unpruned-values-differ-between-papers": [
        ((paper("top1: 7", base=BASE.format("value: 80")), started("value: 88")), 0),
        (FAR, 2),
        (
            (
                paper("top1: 7", base=BASE.format("value: 80, shots: 0")),
                started("value: 90, shots: 5"),
            ),
            0,
        ),
        ((paper("top1: 7", base=BASE.format("value: 80")), started("value: 88.1")), 1),
        ((paper("top1: 7", base=BASE.format("value: -80")), started("value: -88")), 0),
        ((paper("top1: 7", base=BASE.format("change: 1")), started("value: 90")), 0),
        (far("architecture: Net, ", ""), 0),
        (far("metric: f1", "metric: latency"), 0),
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
        ((paper(F1.format("value: 80, spread: {kind: standard_error, half_width: 1}")),), 1),
        ((paper(F1.format("value: 80, spread: {kind: standard_error, half_width: 1}") + ", seeds: 2"),), 0),
    ],
    "metric-copy-differs-from-source": [
        ((paper(AT_HALF.format("value: 80.1"), curve=COPY), SOURCE), 0),
        ((COPIED, SOURCE), 1),
        ((paper(f"params_kept: 0.25, {F1.format('value: 80.2')}", curve=COPY), SOURCE), 0),
        ((SOURCE, COPIED), 1),
        ((COPIED.replace("copied, ", "unclear, "), SOURCE), 0),
        ((COPIED, SOURCE.replace("own", "own, proposed_by: eve2015title")), 0),
        ((COPIED.replace("80.2", "80.2, split: test"), SOURCE.replace("80.14", "80.14, split: test_dev")), 0),
        ((COPIED, SOURCE.replace("80.14", "80.14, bound: about")), 0),
        ((COPIED.replace("80.2", "80.2, bound: about"), SOURCE), 0),
    ],
    "same-measurements-twice": [
        ((paper(TWICE, TWICE),), 1),
        ((paper(TWICE, f"{HALF}, {F1.format('value: 80.1, split: test')}"),), 0),
        ((paper(TWICE, f"{HALF}, {F1.format('value: 80.2')}"),), 0),
        ((paper(f"{HALF}, {F1.format('change: -0.1')}", f"{HALF}, {F1.format('change: -0.1')}"),), 1),
        ((paper(f"{HALF}, {F1.format('change: -0.1')}", f"{HALF}, {F1.format('change: -0.2')}"),), 0),
        ((paper(F1.format("value: 80.1"), F1.format("value: 80.1")),), 0),
        ((paper(f"{HALF}, top1: 75", f"{HALF}, top1: 75"),), 0),
        ((paper("top1: 75", "top1: 75"),), 0),
        ((paper(f"{TWICE}, top5: 91", f"{TWICE}, top5: 91"),), 1),
        ((paper(f"{TWICE}, top1: 75", f"{TWICE}, top1: 76"),), 0),
        ((paper(f"{TWICE}, top5: 91", f"{TWICE}, top5: 92"),), 0),
        ((paper(f"{TWICE}, top1_runs: [75, 76]", f"{TWICE}, top1_runs: [75, 77]"),), 0),
    ],
    "more-removed-than-the-pattern-removes": [
        ((paper('top1: 75, n_of_m: "2:4", params_removed: 0.50'),), 0),
        ((paper('top1: 75, n_of_m: "2:4", params_removed: 0.505'),), 1),
        ((paper('top1: 75, n_of_m: "1:4", params_removed: 0.75'),), 0),
        ((paper('top1: 75, n_of_m: "2:4", params_removed: 0.501'),), 1),
        ((paper('top1: 75, n_of_m: "1:8", params_removed: 0.88'),), 0),
        ((paper('top1: 75, n_of_m: "1:8", params_removed: 0.89'),), 1),
        ((paper('top1: 75, n_of_m: "1:8"'),), 0),
        ((paper("top1: 75, params_removed: 0.99"),), 0),
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


ADA = "ada2015title, experiments"
FIRST, SECOND, THIRD = (f"experiment 0, curve 0, point {at}" for at in range(3))
SAID = [
    told(
        "metric-change-disagrees",
        f"{ADA} 0 curves 0 points 1 metrics 0 change, {SECOND}: f1: -1.2, but after minus before is -1.00",
        paper("top1: 75", F1.format("value: 80.0, change: -1.2"), base=BASE.format("value: 81.0")),
    ),
    told(
        "number-outside-its-spread",
        f"""
        {ADA} 0 curves 0 points 0 metrics 1 spread, {FIRST}: f1: 80.0, with a spread of 1 to 2 (range)
        {ADA} 0 base_metrics 0 spread, {FIRST}: f1: 90.0, with a spread of 1 to 2 (range)
        """,
        paper(f"metrics: [{{metric: perplexity, value: 9}}, {{metric: f1, value: 80.0, {SPREAD}}}]", "top1: 75",
              base=BASE.format(f"value: 90.0, {SPREAD}")),
    ),
    told(
        "number-outside-its-spread",
        f"""
        {ADA} 0 curves 0 points 0 top1_spread, {FIRST}: top1: 75, with a spread of 1 to 2 (range)
        {ADA} 0 curves 0 points 0 top5_spread, {FIRST}: top5: 91, with a spread of 1 to 2 (range)
        {ADA} 0 base_top1_spread, {FIRST}: base_top1: 76, with a spread of 1 to 2 (range)
        {ADA} 0 base_top5_spread, {FIRST}: base_top5: 92, with a spread of 1 to 2 (range)
        """,
        paper(f"top1: 75, top1_{SPREAD}, top5: 91, top5_{SPREAD}",
              experiment=f"base_top1: 76, base_top1_{SPREAD}, base_top5: 92, base_top5_{SPREAD}"),
    ),
    told(
        "two-unpruned-values-in-one-paper",
        f"{ADA} 1 base_metrics 0, experiment 1, curve 0, point 0: f1: 83.000, but 81.333 in {FIRST}",
        two("runs: [80.0, 81.0, 83.0]", "value: 83.000"),
    ),
    told(
        "two-unpruned-values-in-one-paper",
        f"{ADA} 1 base_metrics 0, experiment 1, curve 0, point 0: f1: 84.5, but 1234567 in {FIRST}",
        two("value: 1234567", "runs: [84.0, 85.0]"),
    ),
    told(
        "unpruned-values-differ-between-papers",
        f"""
        {ADA} 0 base_metrics 0, {FIRST}: f1: 60, while others report about 90
        bob2016title, experiments 0 base_metrics 0, {FIRST}: f1: 90, while others report about 60
        """,
        two("value: 60", "value: 61"), started("value: 90"),
    ),
    told(
        "metric-without-baseline",
        """
        ada2015title, experiments, bleu: 1 values without
        ada2015title, experiments, f1: 2 values without
        bob2016title, experiments, f1: 1 values without
        """,
        SOURCE, paper(F1.format("value: 80"), "metrics: [{metric: f1, value: 79}, {metric: bleu, value: 30}]"),
    ),
    told(
        "metric-copy-differs-from-source",
        f"{ADA} 0 curves 0 points 0 metrics 0, {FIRST}: f1: 80.20, but 80.14, 80.1 in bob2016title",
        SOURCE.replace("}]}]}]}", "}]}, {params_kept: 0.5, metrics: [{metric: f1, value: 80.10}]}]}]}"),
        paper(AT_HALF.format("value: 80.20"), curve=COPY),
    ),
    told(
        "same-measurements-twice",
        f"""
        {ADA} 0 curves 0 points 1, {SECOND}: the same numbers as {FIRST}
        {ADA} 0 curves 0 points 2, {THIRD}: the same numbers as {FIRST}
        """,
        paper(TWICE, TWICE, TWICE),
    ),
    told(
        "more-removed-than-the-pattern-removes",
        f"{ADA} 0 curves 0 points 0 params_removed, {FIRST}: params_removed: 0.60 with 2:4",
        paper('top1: 75, n_of_m: "2:4", params_removed: 0.60'),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", SAID, ids=str)
def test_a_rule_says_what_it_found_and_where(made: Make, told: Told) -> None:
    assert sayings(told.rule, made(*told.records)) == told.lines


def test_numbers_of_a_paper_that_does_not_stand_are_not_audited(made: Make) -> None:
    text = paper(F1.format("value: 80")).replace("{id:", "{status: retracted, status_source: a note, id:", 1)
    found = dataset(made(text))
    assert [one for rule in AUDIT_RULES for one in rule.check(found) if one.path[:1] == ("experiments",)] == []
