"""What stands there twice, or in two versions: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, Told, edge, experiment, one, sayings, told
from prunelit.schema.corpus import Corpus

COPIED = "copied, copied_from: ada2015title"


def elsewhere(*points: str, origin: str = "own", on: str = "Set/Net") -> str:
    """Points of another paper."""
    return one(*points, on=on, paper="bob2016title").replace("own", origin)


def perplexity(*values: str) -> str:
    return f"metrics: [{', '.join(f'{{metric: perplexity, value: {value}}}' for value in values)}]"


CHANGES = ("top1_change: -1.0, top5_change: -0.5, speedup: 2.0", "top1_change: -1.0, top5_change: -0.5, speedup: 3.0")
EDGES = [
    edge("same-point-twice", "metrics: [{metric: perplexity, value: 5.6}]", "top1: 70.0",
         one("speedup: 2.0, @", "speedup: 2.0, @")),
    *(
        edge("same-point-twice", "speedup: 3.0", "speedup: 2.0", one(f"{quality}, speedup: 2.0", f"{quality}, @"))
        for quality in ("top1: 75.0", "top5_error: 7.5", "top1_change: -1.0", "top1_runs: [75.0, 75.2]")
    ),
    edge("same-point-twice", "seeds: 3", "flops_kept: 0.5", one("top1: 75.0, @", "top1: 75.0, @")),
    edge("same-point-twice", "seeds: 3", "top1: 75.0", one("speedup: 2.0, @", "speedup: 2.0, @")),
    edge("same-point-twice", "Other", "Net",
         one("top1: 75.0, speedup: 2.0") + experiment("top1: 75.0, speedup: 2.0", on="Set/@", first=2)),
    edge("same-efficiency-other-accuracy", "-0.05", "-0.06",
         one("top1_change: 0.00, speedup: 2.0", "top1_change: @, speedup: 2.0")),
    edge("same-efficiency-other-accuracy", "-0.952", "-0.948",
         one("top5_change: -1.000, params_kept: 0.5", "top5_change: @, params_kept: 0.5")),
    edge("same-efficiency-other-accuracy", "0.5004", "0.50004",
         one("top5: 75.0, flops_kept: 0.50001", "top5: 74.0, flops_kept: @")),
    edge("same-efficiency-other-accuracy", "top5", "top1", one("top1: 75.0, speedup: 2.0", "@: 74.0, speedup: 2.0")),
    edge("same-efficiency-other-accuracy", "seeds: 3", "speedup: 2.0", one("top1: 75.0, @", "top1: 74.0, @")),
    edge("same-efficiency-other-accuracy", "params_kept: 0.4", "flops_kept: 0.5",
         one("top1: 75.0, speedup: 2.0", "top1: 74.0, speedup: 2.0, @")),
    edge("same-efficiency-other-accuracy", "2.1M", "2.0M", one("top1: 75.0, params: 2.0M", "top1: 74.0, params: @")),
    edge("same-efficiency-other-accuracy", "2.1G", "2.0G", one("top5: 75.0, flops: 2.0G", "top5: 74.0, flops: @")),
    edge("same-accuracy-other-efficiency", "75", "75.3", one("top1: @, speedup: 2.0", "top1: @, speedup: 3.0")),
    edge("same-accuracy-other-efficiency", "0.0", "0.1",
         one("top1_change: @, speedup: 2.0", "top1_change: @, speedup: 3.0")),
    edge("same-accuracy-other-efficiency", "collapsed: true", "seeds: 3",
         one("top1: 9.7, speedup: 2.0, @", "top1: 9.7, speedup: 3.0, @")),
    edge("same-accuracy-other-efficiency", "2.0", "2.1", one("top5: 75.3, speedup: 2.0", "top5: 75.3, speedup: @")),
    edge("same-accuracy-other-efficiency", "92.1", "92.0",
         one("top1: 75.3, top5: 92.0, speedup: 2.0", "top1: 75.3, top5: @, speedup: 3.0")),
    edge("change-repeated-along-curve", "3.0", "3.1",
         one(*CHANGES, "top1_change: -1.0, top5_change: -0.5, speedup: @")),
    edge("change-repeated-along-curve", "-0.6", "-0.5",
         one(*CHANGES, "top1_change: -1.0, top5_change: @, speedup: 4.0")),
    edge("change-repeated-along-curve", "-1.1", "-1.0",
         one(*CHANGES, "top1_change: @, top5_change: -0.5, speedup: 4.0")),
    *(
        edge("change-repeated-along-curve", "0.0", "0.1", one(*(f"{name}: @, speedup: {at}" for at in (2, 3, 4))))
        for name in ("top1_change", "top5_change")
    ),
    edge("change-repeated-along-curve", "Two", "One",
         one(*CHANGES, curve="method: One")
         + experiment("top1_change: -1.0, top5_change: -0.5, speedup: 4.0", curve="method: @", first=3)),
    *(
        edge("one-curve-two-names", quiet, loud,
             one("top1: 75.0, speedup: 2.0", f"{first}, speedup: 3.0", curve="method: One")
             + experiment(f"{second}, speedup: 3.0", "top1: 75.0, speedup: 2.0", curve="method: Two", first=3))
        for first, second, quiet, loud in (
            ("top1: 74.0", "top1: @", "73.0", "74.0"),
            ("top5: 74.0", "@: 74.0", "top1", "top5"),
            (perplexity("5.6", "5.7"), perplexity("5.6", "@"), "5.8", "5.7"),
            ("metrics: [{metric: perplexity, runs: [5.6, 5.7]}]", "metrics: [{metric: perplexity, runs: [5.6, @]}]",
             "5.8", "5.7"),
            ("metrics: [{metric: perplexity, change: 5.7}]", "metrics: [{metric: perplexity, change: @}]",
             "5.8", "5.7"),
        )
    ),
    edge("one-curve-two-names", "Other", "Net",
         one("top1: 75.0, speedup: 2.0", curve="method: One")
         + experiment("top1: 75.0, speedup: 2.0", on="Set/@", curve="method: Two", first=2)),
    *(
        edge("experiment-listed-twice", quiet, loud, one(base="method: A, survey_row: 1", on="Set/Net") + last)
        for quiet, loud, last in (
            ("B", "A", experiment(base="method: @, survey_row: 2")),
            ("Other", "Net", experiment(base="method: A, survey_row: 2", on="Set/@")),
            ("Other", "Set", experiment(base="method: A, survey_row: 2", on="@/Net")),
        )
    ),
    edge("experiment-listed-twice", "dataset: Set", "dataset: Set\n    architecture: Net",
         one(base="survey_row: 1, @", on="/") + experiment(base="survey_row: 2, @", on="/")),
    edge("experiment-listed-twice", "architecture: Net", "dataset: Set\n    architecture: Net",
         one(base="survey_row: 1, @", on="/") + experiment(base="survey_row: 2, @", on="/")),
    edge("experiment-listed-twice", "curves: [{origin: own, points: [{top1: 75.0}]}]", "seeds: 3",
         one(base="@") + experiment(base="@")),
    *(
        edge("copy-differs-from-source", quiet, loud,
             one(f"{source}, flops_kept: 0.5"), elsewhere(f"{copy}, flops_kept: 0.5", origin=COPIED))
        for quiet, loud, source, copy in (
            ("75.0", "75.1", "top1: 75.0", "top1: @"),
            ("70.494", "70.493", "top1: 70.494", "top1: @"),
            ("70.5", "70.4", "top1: 70.494", "top1: @"),
            ("71", "70", "top1: 71.5", "top1: @"),
            ("72", "73", "top1: 71.5", "top1: @"),
            ("72", "71", "top1: 71.50001", "top1: @"),
            ("7.5", "7.6", "top5_error: 7.5", "top5_error: @"),
            ("-1.0", "-1.1", "top1_change: -1.0", "top1_change: @"),
            ("top5", "top1", "top1: 75.0", "@: 74.0"),
            ("[75.0, 75.2]", "[75.0, 75.3]", "top1_runs: [75.01, 75.24]", "top1_runs: @"),
            ("[75.01, 75.24]", "[75.01, 75.24, 75.3]", "top1_runs: [75.01, 75.24]", "top1_runs: @"),
        )
    ),
    *(
        edge("copy-differs-from-source", quiet, loud,
             one("top1: 75.0, flops_kept: 0.5, params_kept: 0.4", "top1: 76.0, flops_kept: 0.6"),
             elsewhere(copy, **how))
        for quiet, loud, copy, how in (
            ("0.7", "0.6", "top1: 74.0, flops_kept: @", {"origin": COPIED}),
            ("75.0", "76.0", "top1: @, flops_kept: 0.5", {"origin": COPIED}),
            ("top5", "top1", "@: 74.0, flops_kept: 0.5", {"origin": COPIED}),
            ("speedup: 2.0", "params_kept: 0.4", "top1: 74.0, @", {"origin": COPIED}),
            ("copied", COPIED, "top1: 74.0, flops_kept: 0.5", {"origin": "@"}),
            ("cia2017title", "ada2015title", "top1: 74.0, flops_kept: 0.5", {"origin": "copied, copied_from: @"}),
            ("cia2017title", "ada2015title", "top1: 74.0, flops_kept: 0.5", {"origin": COPIED + ", proposed_by: @"}),
            ("Other", "Net", "top1: 74.0, flops_kept: 0.5", {"origin": COPIED, "on": "Set/@"}),
            ("Other", "Set", "top1: 74.0, flops_kept: 0.5", {"origin": COPIED, "on": "@/Net"}),
        )
    ),
    *(
        edge("same-point-in-two-papers", quiet, loud, one(first), elsewhere(second))
        for quiet, loud, first, second in (
            ("75.1", "75.0", "top1: 75.0, params: 2.0M", "top1: @, params: 2.0M"),
            ("25.1", "25.0", "top1_error: 25.0, params: 2.0M", "top1_error: @, params: 2.0M"),
            ("2.1M", "2.0M", "top1: 75.0, params: 2.0M", "top1: 75.0, params: @"),
            ("2.1G", "2.0G", "top1_error: 25.0, flops: 2.0G", "top1_error: 25.0, flops: @"),
            ("93.0", "92.0", "top1: 75.0, top5: 92.0, params: 2.0M", "top1: 75.0, top5: @, params: 2.0M"),
            ("8.1", "8.0", "top1: 75.0, top5_error: 8.0, params: 2.0M", "top1: 75.0, top5_error: @, params: 2.0M"),
            ("top5: 75.0", "top1: 75.0", "@, params: 2.0M", "@, params: 2.0M"),
            ("speedup: 2.0", "params: 2.0M", "top1: 75.0, @", "top1: 75.0, @"),
        )
    ),
    edge("same-point-in-two-papers", COPIED, "rerun",
         one("top1: 75.0, params: 2.0M"), elsewhere("top1: 75.0, params: 2.0M", origin="@")),
    edge("same-point-in-two-papers", "Other", "Net",
         one("top1: 75.0, params: 2.0M"), elsewhere("top1: 75.0, params: 2.0M", on="Set/@")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


POINT = "experiments 0 curves 0 points"
TOLD = [
    told(
        "same-point-twice",
        f"""
        ada2015title, {POINT} 1, row 2: the same numbers as row 1
        ada2015title, {POINT} 2, row 3: the same numbers as row 1
        """,
        one(*["top1: 75.0, speedup: 2.0"] * 3),
    ),
    told(
        "same-efficiency-other-accuracy",
        f"""
        ada2015title, {POINT} 1 top1, row 2: top1: top1 74.00, but 75.00 in row 1 at the same efficiency
        ada2015title, {POINT} 2 top1_error, row 3: top1_error: top1 73.00, but 75.00 in row 1 at the same efficiency
        """,
        one(*(f"{said}, speedup: 2.0" for said in ("top1: 75.0, top5: 92.0", "top1: 74.0, top5: 90.0",
                                                   "top1_error: 27.0", "top1: 75.0, top5: 92.0"))),
    ),
    told(
        "same-efficiency-other-accuracy",
        f"""
        ada2015title, {POINT} 1 top1, row 2: top1: top1_change -2.00, but -1.00 in row 1 at the same efficiency
        ada2015title, {POINT} 2 top5, row 3: top5: top5_change -1.00, but -0.50 in row 1 at the same efficiency
        """,
        one(*(f"{said}, speedup: 2.0" for said in ("top1_change: -1.0, top5_change: -0.5, top1: 75.0, top5: 92.0",
                                                   "top1_change: -2.0, top1: 74.0",
                                                   "top5_change: -1.0, top5: 91.0"))),
    ),
    told(
        "same-accuracy-other-efficiency",
        f"""
        ada2015title, {POINT} 1 top5, row 2: top5: 92.1, as in row 1, at another efficiency
        ada2015title, {POINT} 2 top5, row 3: top5: 92.1, as in row 1, at another efficiency
        """,
        one(*(f"top1: 75, top5: 92.1, top1_change: -1.5, speedup: {speedup}" for speedup in (2, 3, 4))),
    ),
    told(
        "same-accuracy-other-efficiency",
        f"ada2015title, {POINT} 1 top1_runs, row 2: top1_runs: 75.0, 75.2, as in row 1, at another efficiency",
        one("top1_runs: [75.0, 75.2], speedup: 2", "top1_runs: [75.0, 75.2], speedup: 3"),
    ),
    told(
        "change-repeated-along-curve",
        f"""
        ada2015title, {POINT} 0 top5_change, row 1: top5_change: -1.0, as in row 2, row 3
        ada2015title, {POINT} 1 top5_change, row 2: top5_change: -1.0, as in row 1, row 3
        ada2015title, {POINT} 2 top5_change, row 3: top5_change: -1.0, as in row 1, row 2
        """,
        one(*(f"top5_change: -1.0, speedup: {speedup}" for speedup in (2, 3, 4))),
    ),
    told(
        "one-curve-two-names",
        "ada2015title, experiments 1 curves 0, row 3: method: Two repeats One",
        one("top1: 75.0, speedup: 2", "top1: 74.0, speedup: 3", curve="method: One")
        + experiment("top1: 74.0, speedup: 3", "top1: 75.0, speedup: 2", curve="method: Two", first=3),
    ),
    told(
        "experiment-listed-twice",
        """
        ada2015title, experiments 1, row 2: Net on Set, as row 1
        ada2015title, experiments 2, row 3: Net on Set, as row 1
        """,
        one(base="survey_row: 1") + experiment(base="survey_row: 2") + experiment(base="survey_row: 3"),
    ),
    told(
        "copy-differs-from-source",
        f"bob2016title, {POINT} 0 top1, row 1: top1: 73.0, but 70.0, 74.0 in ada2015title",
        one("top1: 74.0, speedup: 2.0", "top1: 70.0, speedup: 2.0"),
        elsewhere("top1: 73.0, speedup: 2.0", origin=COPIED),
    ),
    told(
        "copy-differs-from-source",
        f"bob2016title, {POINT} 0 top1_runs, row 1: top1_runs: 73.0, 73.2, but 73.0, 73.1 in ada2015title",
        one("top1_runs: [73.0, 73.1], speedup: 2.0"),
        elsewhere("top1_runs: [73.0, 73.2], speedup: 2.0", origin=COPIED),
    ),
    told(
        "same-point-in-two-papers",
        f"""
        bob2016title, {POINT} 0, row 1: the numbers of row 2 of ada2015title
        bob2016title, {POINT} 1, row 2: the numbers of row 2 of ada2015title
        """,
        one("top1: 70.0, params: 2M", *["top1: 75.0, params: 2M"] * 2), elsewhere(*["top1: 75.0, params: 2M"] * 2),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_the_same_of_a_record_beside_the_others(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert told.of_last_beside_others(corpus_of) == told.of_last


@pytest.mark.parametrize("share", ["params_kept: 1.0", "params_removed: 1.0"])
def test_a_share_that_is_not_given_is_unlike_any_other(share: str, corpus_of: Callable[..., Corpus]) -> None:
    record = one(f"top1: 75.0, flops_kept: 0.5, {share}", "top1: 70.0, flops_kept: 0.5")
    assert sayings("same-efficiency-other-accuracy", corpus_of(record)) == []


def test_a_metric_and_its_change_are_different_numbers(corpus_of: Callable[..., Corpus]) -> None:
    record = one("metrics: [{metric: f1, value: 80}]", "metrics: [{metric: f1, value: 80, change: -1}]")
    assert sayings("one-curve-two-names", corpus_of(record)) == []
