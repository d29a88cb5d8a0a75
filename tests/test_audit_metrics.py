"""Values in other metrics that others do not have: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, edge, one
from prunelit.schema.corpus import Corpus

BOB = "bob2016title"


def measured(
    metric: str,
    *values: str,
    base: str = "",
    paper: str = "ada2015title",
    on: str = "Set/Net",
    more: str = "",
    curve: str = "method: One",
) -> str:
    """A record of points with one metric each, and of the unpruned model's; hardware is the same."""
    points = (f"metrics: [{{metric: {metric}, value: {value}{more}}}], params_kept: 0.5" for value in values)
    bases = f"base_metrics: [{{metric: {metric}; value: {base}{more.replace(',', ';')}}}]" if base else ""
    return one(*points, base=bases, paper=paper, on=on, curve=curve).replace(";", ",")


def unpruned(metric: str, value: str, paper: str) -> str:
    """A record of an unpruned model alone."""
    return one(base=f"base_metrics: [{{metric: {metric}; value: {value}}}]", paper=paper).replace(";", ",")


TIMED = ", hardware: V100"
EDGES = [
    edge("fraction-in-metric", "1.0", "0.9", measured("map", "@")),
    edge("fraction-in-metric", "psnr", "map", measured("@", "0.9")),
    edge("fraction-in-metric", "0", "0.1", measured("map", "@")),
    edge("metric-better-than-unpruned", "10.0", "9.9", measured("perplexity", "@", base="15.0")),
    edge("metric-better-than-unpruned", "50.0", "50.1", measured("map", "@", base="40.0")),
    edge("metric-better-than-unpruned", "30.0", "30.1", measured("psnr", "@", base="20.0")),
    edge("time-far-from-unpruned", "14.9", "15.0", measured("latency", "@", base="10.0", more=TIMED)),
    edge("time-far-from-unpruned", "10.1", "10.0", measured("latency", "@", base="300", more=TIMED)),
    edge("time-far-from-unpruned", "299", "300", measured("throughput", "@", base="10.0", more=TIMED)),
    edge("metric-far-from-others", "40.0", "40.1", measured("psnr", "@"), unpruned("psnr", "10.0", BOB)),
    edge("metric-far-from-others", "2.5", "2.4", measured("perplexity", "@"), unpruned("perplexity", "10.0", BOB)),
    edge("metric-far-from-others", "40.0", "40.1",
         unpruned("perplexity", "@", "ada2015title"), unpruned("perplexity", "10.0", BOB)),
    edge("metric-far-from-others", "2.5", "2.4",
         unpruned("perplexity", "@", "ada2015title"), unpruned("perplexity", "10.0", BOB)),
    edge("implausible-measured-ratio", "30", "30.1", measured("measured_speedup", "@", more=TIMED)),
    edge("metric-far-from-harder-pruned", "200", "201", measured("perplexity", "@", "20")),
    edge("metric-far-from-harder-pruned", "0.51", "0.5",
         one("metrics: [{metric: perplexity, value: 300}], params_kept: 0.5",
             "metrics: [{metric: perplexity, value: 20}], params_kept: @", curve="method: One")),
    edge("metric-far-from-harder-pruned", "simple_method: random", "method: One",
         measured("perplexity", "300", "20", curve="@")),
    edge("metric-far-from-harder-pruned", "psnr", "perplexity", measured("@", "300", "20")),
    edge("metric-far-from-own", "270.0", "270.1", measured("psnr", "@", "27.0", "27.0")),
    edge("metric-far-from-own", "perplexity", "psnr", measured("@", "2710", "27.0", "27.0")),
    edge("negative-metric", "0", "-0.1", measured("psnr", "@")),
    edge("negative-metric", "-1.0", "1.0", measured("psnr", "-3.0"), unpruned("psnr", "@", BOB)),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]
