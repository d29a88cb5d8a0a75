"""What a record lacks: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import BY_NAME, Edge, Told, edge, experiment, one, sayings, single, told
from prunelit import dataset
from prunelit.schema.corpus import Corpus

KNOWN = experiment("speedup: 3.0", base="base_top1: 76.0", first=9)
"""Another experiment on the same network, with its unpruned accuracy."""
EDGES = [
    edge("runs-without-deviation", "1", "2", one("top1: 75.0, seeds: @")),
    edge("runs-without-deviation", "top1_max_deviation", "top1_change", one("top1: 75.0, seeds: 3, @: 0.1")),
    edge("deviation-without-runs", "2", "1", one("top1: 75.0, top1_std: 0.1, seeds: @")),
    edge("deviation-without-runs", "top1_change", "top1_max_deviation", one("top1: 75.0, @: 0.1")),
    edge("number-without-locator", ", locator: {table: 1}", "", one("top1: 75.0@")),
    edge("change-without-baseline", "top1_error", "top5_error", one("top1_change: -1.0, @: 25.0")),
    edge("change-without-baseline", "base_top5_error", "base_top1_error", one("top5_change: -1.0", base="@: 25.0")),
    edge("change-without-baseline", "base_top5", "base_top1", one("top5_change: -1.0", base="@: 25.0")),
    edge("accuracy-without-baseline", "base_top1_error", "base_top5", one("top1_error: 25.0", base="@: 24.0")),
    edge("accuracy-without-baseline", "top5_change", "top1_change", one("top5: 75.0, @: -1.0")),
    *(
        edge("size-without-baseline", said, "top1: 70.0", one("flops: 1G, @")) for said in (
            "flops_kept: 0.5", "flops_removed: 0.5", "speedup: 2.0",
        )
    ),
    edge("size-without-baseline", "base_params: 2M", "base_flops: 2M", one("params: 1M", base="@")),
    *(
        edge("change-without-baseline", f"{name}: 75.0", "speedup: 2.0", one("top1_change: -1.0, @"))
        for name in ("top1", "top1_error")
    ),
    *(
        edge("change-without-baseline", f"{name}: 75.0", "base_params: 2M", one("top5_change: -1.0", base="@"))
        for name in ("base_top5", "base_top5_error")
    ),
    edge("change-without-baseline", "speedup: 2.0", "top1_change: -1.0", one("@")),
    *(
        edge("accuracy-without-baseline", f"{name}: 75.0", "base_params: 2M", one("top5: 75.0", base="@"))
        for name in ("base_top5", "base_top5_error")
    ),
    edge("accuracy-without-baseline", "speedup: 2.0", "top1: 75.0", one("@")),
    *(
        edge("baseline-known-elsewhere", "speedup: 2.0", said, one("@") + KNOWN)
        for said in ("top1: 75.0", "top1_error: 25.0", "top1_change: -1.0")
    ),
    *(
        edge("baseline-known-elsewhere", f"{said}: 76.0", "base_params: 2M", one("top1: 75.0", base="@") + KNOWN)
        for said in ("base_top1", "base_top1_error")
    ),
    edge("baseline-known-elsewhere", "Other", "Net", one("top1: 75.0", on="Set/@") + KNOWN),
    edge("baseline-known-elsewhere", "top1", "top5", one("@: 75.0") + KNOWN.replace("base_top1", "base_top5")),
    edge("size-without-baseline", "base_flops: 2G", "base_params: 2M", one("flops: 1G", base="@")),
    edge("size-without-baseline", "top1: 75.0", "params: 1M", one("@")),
    *(
        edge("point-without-efficiency", f"{said}: 0.5", "top1: 75.0", one("top5: 90.0, @"))
        for said in ("params_kept", "params_removed", "compression_ratio", "flops_kept", "flops_removed", "speedup")
    ),
    *(
        edge("point-without-efficiency", f"{said}: 1M", "top1: 75.0", one("top5: 90.0, @"))
        for said in ("params", "flops")
    ),
    *(
        edge("point-without-quality", said, "params_kept: 0.5", one("speedup: 2.0, @"))
        for said in ("top1: 75.0", "top5_error: 9.0", "top1_change: -1.0", "top1_runs: [75.0, 75.2]",
                     "metrics: [{metric: perplexity, value: 5.6}]")
    ),
    edge("runs-without-deviation", "top1_std: 0.1", "speedup: 2.0", one("top1: 75.0, seeds: 3, @")),
    edge("runs-without-deviation", "speedup: 2.0", "seeds: 2", one("top1: 75.0, @")),
    edge("runs-without-deviation", "top1_runs: [75.0, 75.2, 75.4]", "top1: 75.2", one("seeds: 3, @")),
    edge("deviation-without-runs", "speedup: 2.0", "top1_std: 0.1", one("top1: 75.0, @")),
    edge("deviation-without-runs", "2", "1", one("top1: 75.0, top1_max_deviation: 0.1, seeds: @")),
    edge("deviation-without-runs", "top1_runs: [75.0, 75.2]", "speedup: 2.0, seeds: 1", one("top1_std: 0.1, @")),
    edge("number-without-locator", "locator: {table: 1}", "method: One", one("top1: 75.0", curve="@")),
    edge("comparison-not-checkable", "[bob2016title]", "[bob2016title, cia2017title]",
         one("top1_change: -1.0, speedup: 2.0") + "compares_to: @\n",
         one("top1_change: -2.0, speedup: 2.0", paper="bob2016title"), "id: cia2017title"),
    edge("comparison-not-checkable", "", ", sweep: true",
         one("top1_change: -1.0, speedup: 2.0") + "compares_to: [bob2016title]\n",
         one("top1_change: -2.0, speedup: 2.0", paper="bob2016title").replace("origin: own", "origin: own@")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


POINT = "ada2015title, experiments 0 curves 0 points"
BOTH = (one("top1: 75.0, @", paper="bob2016title"), one("top1: 75.0, @", "top1: 75.0, @"))
TOLD = [
    told(
        "change-without-baseline",
        f"""
        {POINT} 0 top1_change, row 1: top1_change: -1.0 percentage points from an unknown accuracy
        {POINT} 1 top5_change, row 2: top5_change: -2.00 percentage points from an unknown accuracy
        """,
        one("top1_change: -1.0", "top5_change: -2.00"),
    ),
    told(
        "accuracy-without-baseline",
        f"""
        {POINT} 0 top1, row 1: top1: no unpruned accuracy and no change
        {POINT} 1 top5_error, row 2: top5_error: no unpruned accuracy and no change
        """,
        one("top1: 75.0", "top5_error: 9.0"),
    ),
    told(
        "baseline-known-elsewhere",
        """
        ada2015title, experiments 0 curves 0 points 0 base_top1, row 1: base_top1: nothing, but 76.00 in row 2
        ada2015title, experiments 0 curves 0 points 0 base_top5, row 1: base_top5: nothing, but 9.0 in row 2
        """,
        one("top1: 75.0, top5_change: -1.0")
        + experiment("speedup: 2.0", base="base_top1: 76.00, base_top5_error: 9.0", first=2),
    ),
    told(
        "size-without-baseline",
        """
        ada2015title, experiments, flops: 1 points without
        ada2015title, experiments, params: 2 points without
        bob2016title, experiments, params: 1 points without
        """,
        one("params: 1M", paper="bob2016title"), one("params: 1M", "params: 2M, flops: 1G"),
    ),
    told(
        "point-without-efficiency",
        f"{POINT} 1, row 2: no parameters and no operations",
        one("top1: 75.0, speedup: 2.0", "top1: 75.0"),
    ),
    told("point-without-quality", f"{POINT} 1, row 2: no accuracy", one("top1: 75.0, speedup: 2.0", "speedup: 3.0")),
    told(
        "runs-without-deviation",
        """
        ada2015title, experiments, seeds: 2 points without
        bob2016title, experiments, seeds: 1 points without
        """,
        *(text.replace("@", "seeds: 3") for text in BOTH),
    ),
    told(
        "deviation-without-runs",
        """
        ada2015title, experiments, seeds: 2 points without
        bob2016title, experiments, seeds: 1 points without
        """,
        *(text.replace("@", "top1_std: 0.1") for text in BOTH),
    ),
    told(
        "number-without-locator",
        """
        ada2015title, experiments, locator: 2 points without
        bob2016title, experiments, locator: 1 points without
        """,
        *(text.replace("@", "speedup: 2.0") for text in BOTH),
    ),
    told(
        "comparison-not-checkable",
        "ada2015title, compares_to, compares_to: 2 of 3 comparisons",
        one("top1_change: -1.0, speedup: 2.0") + "compares_to: [cia2017title, bob2016title, dan2018title]\n",
        one("top1_change: -2.0, speedup: 2.0", paper="bob2016title"), "id: cia2017title", "id: dan2018title",
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


def test_what_is_excused_is_the_number_with_the_digits_of_the_record(corpus_of: Callable[..., Corpus]) -> None:
    corpus = dataset(corpus_of(one("top1_change: 0.0000001")), corrected=False)
    (found,) = BY_NAME["change-without-baseline"].check(corpus)
    assert found.value == "top1_change 0.0000001"


COMPARING = one("top1_change: -1.0, speedup: 2.0") + "compares_to: [%s]\n"
ADDED = one("top1_change: -1.0, speedup: 2.0") + (
    "added_comparisons: [{paper: %s, collections: [blalock2020-notes]}]\n"
)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (COMPARING % "bob2016title", []),
        (COMPARING % "cia2017title", ["1 of 1 comparisons"]),
        (COMPARING % "bob2016title, cia2017title", ["1 of 2 comparisons"]),
        (ADDED % "bob2016title", []),
        (ADDED % "cia2017title", ["1 of 1 comparisons"]),
        (one("top1_change: -1.0, speedup: 2.0"), []),
    ],
)
def test_comparisons_of_a_single_record_are_held_against_the_corpus(
    record: str, found: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    corpus = corpus_of(
        COMPARING % "dan2018title",
        one("top1_change: -2.0, speedup: 2.0", paper="bob2016title") + "compares_to: [dan2018title]\n",
        one("top1_change: -2.0, speedup: 2.0", on="Set/Other", paper="cia2017title"),
        "id: dan2018title",
    )
    check = BY_NAME["comparison-not-checkable"].check
    assert [(one.paper, one.found) for one in check(single(record, corpus))] == [("ada2015title", one) for one in found]
