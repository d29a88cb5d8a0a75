"""Whose numbers and whose addresses they are: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import A, B, Edge, Told, edge, one, sayings, subjects, told
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import CanonicalMethod

BOB = "bob2016title"


def copied(point: str, more: str = "", on: str = "Set/Net", paper: str = BOB, of: str = "ada2015title") -> str:
    """A record of one point that is copied."""
    text = one(point, on=on, paper=paper, curve=f"method: One, copied_from: {of}{more}")
    return text.replace("own, method", "copied, method")


SOURCE = one("top1: 70.04, speedup: 2", curve="method: One")
EDGES = [
    edge("own-method-as-others", "own", "rerun", one("top1: 70.0", curve="method: One").replace("own", "@")
         + "methods: [{name: One}]"),
    edge("own-method-as-others", "Two", "One", one("top1: 70.0", curve="method: One").replace("own", "rerun")
         + "methods: [{name: @}]"),
    edge("own-method-as-others", BOB, "ada2015title",
         one("top1: 70.0", curve="method: One, proposed_by: @").replace("own, m", "rerun, m"), B),
    edge("own-method-as-others", "method: One", "locator: {table: 1}",
         one("top1: 70.0", curve="@").replace("own", "rerun")),
    edge("own-method-as-others", ", proposed_by: bob2016title", "",
         one("top1: 70.0", curve="locator: {table: 1}@").replace("own", "rerun")
         + "methods: [{structure: {value: unstructured, source: Section 2}}]", B),
    edge("own-method-as-others", "evaluations", "contributed",
         one("top1: 70.0", curve="method: One").replace("own", "rerun") + "methods: [{name: One}]\ncollections: [@]"),
    edge("source-without-the-method", "One", "Two", SOURCE.replace("One", "@"), copied("top1: 70.0")),
    edge("source-without-the-method", "ada2015title", "cia2016title", SOURCE.replace("One", "Two"),
         "id: cia2016title", copied("top1: 70.0", more=", proposed_by: @")),
    edge("copied-but-not-in-source", "70.0", "70.2", SOURCE, copied("top1: @")),
    edge("copied-but-not-in-source", "30.0", "29.8", SOURCE, copied("top1_error: @")),
    edge("copied-but-not-in-source", "Net", "Other", SOURCE, copied("top1: 70.04", on="Set/@")),
    edge("copied-but-not-in-source", "top1_change", "top1", SOURCE, copied("@: 60")),
    edge("copied-but-not-in-source", "80.1", "80.3",
         one("top1: 70.04, metrics: [{metric: f1, value: 80.12}]", curve="method: One"),
         copied("metrics: [{metric: f1, value: @}]")),
    edge("copied-but-not-in-source", "speedup: 2", "top1: 70", SOURCE.replace("top1: 70.04, speedup: 2", "@"),
         copied("top1: 60.0")),
    edge("copied-but-not-in-source", "89.0", "60.0", one("top5: 89.0"), copied("top5: @")),
    edge("copied-but-not-in-source", "-1.0", "-2.0", one("top1_change: -1.0"), copied("top1_change: @")),
    edge("copied-but-not-in-source", "-1.0", "-2.0", one("top5_change: -1.0"), copied("top5_change: @")),
    edge("copied-but-not-in-source", "rerun", "copied", SOURCE, copied("top1: 60.0").replace("copied, m", "@, m")),
    edge("copied-but-not-in-source", "runs: [60, 61]", "value: 60", one("metrics: [{metric: f1, value: 80.1}]"),
         copied("metrics: [{metric: f1, @}]")),
    edge("copied-in-a-circle", "cites", "compares_to", copied("top1: 70.0", of="ada2015title"),
         A + f"@: [{BOB}]"),
    edge("copied-in-a-circle", "compares_to", "cites", copied("top1: 70.0") + "@: [ada2015title]\n",
         A + f"compares_to: [{BOB}]"),
    edge("copied-in-a-circle", "cia2016title", BOB, copied("top1: 70.0"),
         copied("top1: 70.0", paper="ada2015title", of="@"), "id: cia2016title"),
    edge("address-of-another-paper", "1506.00002", "1506.00001", A + 'links: ["https://arxiv.org/abs/@"]',
         B + 'identifiers: {arxiv: "1506.00001"}'),
    edge("address-of-another-paper", "10.1000/b", "10.1000/A", A + 'links: ["https://doi.org/@"]',
         B + 'identifiers: {doi: "10.1000/a"}'),
    edge("address-of-another-paper", "10.1000/doi.org/b", "10.1000/doi.org/a", A + 'links: ["https://doi.org/@"]',
         B + 'identifiers: {doi: "10.1000/doi.org/a"}'),
    edge("address-of-another-paper", "1506.00002", "1506.00001", A + 'links: ["https://arxiv.org/abs/1506.00001"]'
         + '\nidentifiers: {arxiv: "1506.00001"}', B + 'identifiers: {arxiv: "@"}'),
    edge("address-of-another-paper", "blob/1506.00001", "pdf/1506.00001", A + 'links: ["https://arxiv.org/@"]',
         B + 'identifiers: {arxiv: "1506.00001"}'),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


ADA = "ada2015title, experiments"
CURVE = "experiments 0 curves 0 copied_from, experiment 0, curve 0"
NOBODY = "proposed by nobody that is named"
TOLD = [
    told(
        "own-method-as-others",
        f"""
        {ADA} 0 curves 0 origin, experiment 0, curve 0: One: rerun, {NOBODY}
        {ADA} 1 curves 1 origin, experiment 1, curve 1: no method: unclear, {NOBODY}
        {ADA} 2 curves 0 origin, experiment 2, curve 0: Two: rerun, proposed by ada2015title
        """,
        """id: ada2015title
methods: [{name: One}]
experiments:
  - {collections: [contributed], curves: [{origin: rerun, method: One, points: [{top1: 70.0}]}]}
  - collections: [contributed]
    curves: [{origin: own, points: [{top1: 71.0}]}, {origin: unclear, points: [{top1: 70.0}]}]
  - collections: [contributed]
    curves: [{origin: rerun, method: Two, proposed_by: ada2015title, points: [{top1: 70.0}]}]
""",
    ),
    told(
        "source-without-the-method",
        f"""
        bob2016title, {CURVE}: Two: from ada2015title, {NOBODY}
        cia2016title, {CURVE}: One: from ada2015title, proposed by bob2016title
        """,
        SOURCE, copied("top1: 70.0").replace("One", "Two"),
        copied("top1: 70.0", more=", proposed_by: bob2016title", paper="cia2016title"),
    ),
    told(
        "copied-but-not-in-source",
        """
        bob2016title, experiments 0 curves 1, Two: copied_from: ada2015title has Net on Set, but none of these numbers
        bob2016title, experiments 1 curves 0, no method: copied_from: ada2015title has no Net on ?
        """,
        SOURCE,
        """id: bob2016title
experiments:
  - collections: [contributed]
    dataset: Set
    architecture: Net
    curves:
      - {origin: copied, copied_from: ada2015title, method: One, points: [{top1: 60.0}, {top1: 70.0}]}
      - {origin: copied, copied_from: ada2015title, method: Two, points: [{top1: 60.0}, {top1: 61.0}]}
  - collections: [contributed]
    architecture: Net
    curves: [{origin: copied, copied_from: ada2015title, points: [{top1: 60.0}]}]
""",
    ),
    told(
        "copied-in-a-circle",
        f"""
        ada2015title, {CURVE}: One: from bob2016title, which copies from or compares to ada2015title
        bob2016title, {CURVE}: One: from ada2015title, which copies from or compares to bob2016title
        """,
        copied("top1: 70.0", paper="ada2015title", of=BOB), copied("top1: 70.0"),
    ),
    told(
        "address-of-another-paper",
        """
        ada2015title, links 1, links: https://arxiv.org/abs/1506.00001: an address of bob2016title
        """,
        A + 'links: ["https://example.org/a", "https://arxiv.org/abs/1506.00001"]',
        B + 'identifiers: {arxiv: "1506.00001"}',
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


@pytest.mark.parametrize(
    ("entry", "more"),
    [({"reported_by": "ada2015title"}, ""), ({"proposed_by": BOB}, f", proposed_by: {BOB}")],
)
def test_a_listed_method_may_be_that_of_others_by_the_vocabulary(
    entry: dict[str, str], more: str, corpus_of: Callable[..., Corpus]
) -> None:
    text = one("top1: 70.0", curve=f"method: One{more}").replace("own", "rerun") + "methods: [{name: One}]"
    known = CanonicalMethod.model_validate({"name": "One"} | entry)
    found = [subjects("own-method-as-others", corpus_of(text, B, methods=methods)) for methods in ((), (known,))]
    assert found == [["experiment 0, curve 0: One"], []]
