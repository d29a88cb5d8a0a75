"""Points that break the order of what is pruned more and what is more accurate: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, edge, one
from prunelit.schema.corpus import Corpus

BOB = "bob2016title"


def changes(*pairs: tuple[str, float | str], paper: str = "ada2015title", curve: str = "") -> str:
    """A record of points of one network: change of the accuracy, and share of the parameters kept."""
    return one(*(f"top1_change: {y}, params_kept: {x}" for y, x in pairs), paper=paper, curve=curve)


def perplexities(*pairs: tuple[str, float | str], curve: str = "") -> str:
    """The same with perplexities, 10 of which the unpruned model has."""
    points = (f"params_kept: {x}, metrics: [{{metric: perplexity, value: {y}}}]" for y, x in pairs)
    return one(*points, base="base_metrics: [{metric: perplexity; value: 10}]", curve=curve).replace(";", ",")


HARDER = (("-1.0", 0.5), ("-1.5", 0.4), ("-2.0", 0.3))
MILDER = (("-1.0", 0.9), ("-1.5", 0.8), ("-2.0", 0.7))
FIVE = tuple((f"-{loss}", kept) for loss, kept in ((1.0, 0.5), (1.1, 0.5), (1.2, 0.5), (1.3, 0.5), (1.4, 0.5)))
LIKE = tuple(("-1.0", kept) for kept in (0.5, 0.52, 0.54))
EDGES = [
    edge("worse-than-pruned-harder", "-6.0", "-6.1", changes(("@", 0.9), *HARDER)),
    edge("worse-than-pruned-harder", "0.49", "0.5", changes(("-9.0", "@"), *HARDER)),
    edge("worse-than-pruned-harder", "-5.9", "-6.0", changes(("@", 0.9)), changes(*FIVE, paper=BOB)),
    edge("worse-than-pruned-harder", "0.6", "0.5",
         changes(("-9.0", 0.5)), changes(*FIVE[:4], ("-1.4", "@"), paper=BOB)),
    edge("worse-than-pruned-harder", "none", "fine_tuned", changes(("-9.0", 0.9), *HARDER, curve="training_scheme: @")),
    edge("worse-than-pruned-harder", "simple_method: random", "method: One",
         changes(("-9.0", 0.9), *HARDER, curve="@")),
    edge("worse-than-pruned-harder", "316", "317",
         perplexities(("@", 0.9), ("20", 0.5), ("20", 0.4), ("20", 0.3), curve="training_scheme: none")),
    edge("better-than-pruned-less", "0.5", "0.6", changes(("@", 0.4), *MILDER)),
    edge("better-than-pruned-less", "0.71", "0.7", changes(("3.0", "@"), *MILDER)),
    edge("better-than-pruned-less", "0.2", "0.3", changes(("@", 0.4)), changes(*FIVE, paper=BOB)),
    edge("better-than-pruned-less", "0.3", "0.5",
         changes(("1.0", 0.4)), changes(*FIVE[:4], ("-1.4", "@"), paper=BOB)),
    edge("pruned-harder-than-anybody", "0.2", "0.19", changes(*LIKE, ("-1.0", 0.5), ("-1.0", "@"))),
    edge("pruned-harder-than-anybody", "-1.4", "-1.3", changes(*LIKE, ("@", 0.5), ("-1.0", 0.05))),
    edge("pruned-harder-than-anybody", "-3.0", "-2.9",
         changes(*(("-3.0", kept) for kept in (0.5, 0.52, 0.54, 0.56)), ("@", 0.05))),
    edge("quality-rises-along-curve", "70.3", "70.4", one("params_kept: 0.5, top1: 70.0", "params_kept: 0.4, top1: @")),
    edge("quality-rises-along-curve", "0.475", "0.474", one("params_kept: 0.5, top1: 70", "params_kept: @, top1: 75")),
    edge("quality-rises-along-curve", "0.6", "0.4", one("params_kept: 0.5, top1: 70.0", "params_kept: @, top1: 75.0")),
    edge("efficiency-out-of-order", "0.4", "0.6", one(*(f"params_kept: {x}" for x in ("0.9", "0.5", "@", "0.3")))),
    edge("efficiency-out-of-order", "2", "4", one(*(f"speedup: {x}" for x in ("1", "@", "3", "5")))),
    edge("efficiency-out-of-order", "speedup: 5", "compression_ratio: 5",
         one("compression_ratio: 1", "compression_ratio: 4", "compression_ratio: 3", "@")),
    edge("efficiency-out-of-order", "5", "1", one(*(f"speedup: {x}" for x in ("4", "2", "3", "@")))),
    edge("params-and-flops-part", "9.0M", "8.9M", one("params: 10M, flops: 1G", "params: @, flops: 2G")),
    edge("params-and-flops-part", "1.1G", "1.2G", one("params: 10M, flops: 1G", "params: 5M, flops: @")),
    edge("params-and-flops-part", "0.5", "0.6",
         one("params_kept: 0.5, flops_kept: 0.5", "params_kept: 0.2, flops_kept: @")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]
