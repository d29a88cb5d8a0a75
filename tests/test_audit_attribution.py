"""Whose numbers and whose addresses they are: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import A, B, Edge, edge, one
from prunelit.schema.corpus import Corpus

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
    edge("address-of-another-paper", "blob/1506.00001", "pdf/1506.00001", A + 'links: ["https://arxiv.org/@"]',
         B + 'identifiers: {arxiv: "1506.00001"}'),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]
