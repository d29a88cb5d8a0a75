"""Values in other metrics that others do not have: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, Told, edge, experiment, one, rows_of, sayings, subjects, told
from prunelit.analysis.audit.rules.metrics import pruned_values
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import Metric

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


def unpruned(metric: str, value: str, paper: str, on: str = "Set/Net") -> str:
    """A record of an unpruned model alone."""
    return one(base=f"base_metrics: [{{metric: {metric}; value: {value}}}]", paper=paper, on=on).replace(";", ",")


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
    edge("metric-better-than-unpruned", "latency", "perplexity", measured("@", "10.0", base="20.0", more=TIMED)),
    edge("metric-better-than-unpruned", "0", "0.9", measured("fid", "@", base="2.0")),
    edge("metric-better-than-unpruned", "speedup: 2.0", "metrics: [{metric: psnr, value: 40.0}]",
         one("@", base="base_metrics: [{metric: psnr; value: 20.0}]").replace(";", ",")),
    edge("metric-better-than-unpruned", "map", "psnr",
         one("metrics: [{metric: psnr, value: 40.0}]", base="base_metrics: [{metric: @; value: 20.0}]")
         .replace(";", ",")),
    edge("metric-better-than-unpruned", "validation", "test",
         one("metrics: [{metric: psnr, value: 40.0, split: test}]",
             base="base_metrics: [{metric: psnr; value: 20.0; split: @}]").replace(";", ",")),
    edge("metric-better-than-unpruned", "base_params: 1M", "base_metrics: [{metric: psnr, value: 20.0}]",
         one("metrics: [{metric: psnr, value: 40.0}]", base="@")),
    edge("time-far-from-unpruned", "perplexity", "latency", measured("@", "20.0", base="10.0", more=TIMED)),
    edge("time-far-from-unpruned", "0", "0.9", measured("latency", "@", base="30.0", more=TIMED)),
    edge("metric-far-from-others", "latency", "perplexity",
         measured("@", "2.4", more=TIMED), unpruned("@", "10.0", BOB)),
    edge("metric-far-from-others", "Other", "Net",
         measured("psnr", "41.0", on="Set/@"), unpruned("psnr", "10.0", BOB),
         *(unpruned("psnr", "20.0", f"{paper}2016title", on="Set/Other") for paper in ("cia", "dan", "eve"))),
    edge("metric-far-from-others", "Different", "Set",
         measured("psnr", "41.0"), unpruned("psnr", "10.0", BOB, on="@/Other")),
    edge("metric-far-from-others", "47.9", "48.1",
         measured("psnr", "@"), measured("psnr", "40.0", base="12.0", paper=BOB)),
    edge("metric-far-from-others", "3.6", "3.7", measured("psnr", "@"), unpruned("psnr", "0.9", BOB)),
    edge("metric-far-from-others", "2.5", "0.5", measured("fid", "@"), unpruned("fid", "10.0", BOB)),
    edge("metric-far-from-others", "0", "0.5", measured("fid", "@"), unpruned("fid", "10.0", BOB)),
    edge("metric-far-from-others", "0", "9.9", measured("psnr", "40.0"), unpruned("psnr", "@", BOB)),
    edge("metric-far-from-others", "2.4", "40.1", measured("psnr", "@"), unpruned("psnr", "10.0", BOB)),
    edge("metric-far-from-others", "40.1", "2.4", measured("perplexity", "@"), unpruned("perplexity", "10.0", BOB)),
    edge("implausible-measured-ratio", "latency", "measured_speedup", measured("@", "30.1", more=TIMED)),
    edge("implausible-measured-ratio", "30", "30.1", measured("measured_speedup", "@", more=TIMED)),
    edge("metric-far-from-harder-pruned", "200", "201", measured("perplexity", "@", "20")),
    edge("metric-far-from-harder-pruned", "0.51", "0.5",
         one("metrics: [{metric: perplexity, value: 300}], params_kept: 0.5",
             "metrics: [{metric: perplexity, value: 20}], params_kept: @", curve="method: One")),
    edge("metric-far-from-harder-pruned", "simple_method: random", "method: One",
         measured("perplexity", "300", "20", curve="@")),
    edge("metric-far-from-harder-pruned", "method: One, simple_method: random", "method: One",
         measured("perplexity", "300", "20", curve="@")),
    edge("metric-far-from-harder-pruned", "training_scheme: fine_tuned", "method: One",
         measured("perplexity", "300", "20", curve="@")),
    edge("metric-far-from-harder-pruned", "latency", "perplexity", measured("@", "300", "20", more=TIMED)),
    edge("metric-far-from-harder-pruned", "128", "2048",
         one("metrics: [{metric: perplexity, value: 300, sequence_length: 2048}], params_kept: 0.5",
             "metrics: [{metric: perplexity, value: 20, sequence_length: @}], params_kept: 0.5", curve="method: One")),
    edge("metric-far-from-harder-pruned", "speedup: 2.0", "params_kept: 0.5",
         one(*(f"metrics: [{{metric: perplexity, value: {value}}}], @" for value in (300, 20)), curve="method: One")),
    edge("metric-far-from-harder-pruned", "20", "300", measured("perplexity", "@", "20", "20", base="300")),
    edge("metric-far-from-harder-pruned", "psnr", "perplexity", measured("@", "300", "20")),
    edge("metric-far-from-own", "270.0", "270.1", measured("psnr", "@", "27.0", "27.0")),
    edge("metric-far-from-own", "throughput", "psnr", measured("@", "271", "27.0", "27.0", more=TIMED)),
    edge("metric-far-from-own", "9.0", "9.1", measured("psnr", "@", "0.9", "0.9")),
    edge("metric-far-from-own", "0", "0.5", measured("psnr", "9.0", "@", "@")),
    edge("metric-far-from-own", "perplexity", "psnr", measured("@", "2710", "27.0", "27.0")),
    edge("negative-metric", "0", "-0.1", measured("psnr", "@")),
    edge("negative-metric", "-0.1", "0", measured("psnr", "-3.0"), unpruned("psnr", "@", BOB)),
    edge("negative-metric", "-1.0", "1.0", measured("psnr", "-3.0"), unpruned("psnr", "@", BOB)),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


POINT = "ada2015title, experiments 0 curves 0 points"
BASES = "base_metrics: [{{metric: map; value: 40.0}}; {{metric: {0}; value: {1}{2}}}]"
TOLD = [
    told(
        "fraction-in-metric",
        f"""
        ada2015title, experiments 0 base_metrics 1, row 1: base_metrics: f1: 0.9, which would be less than one percent
        {POINT} 1 metrics 1, row 2: metrics: map: 0.5, which would be less than one percent
        ada2015title, experiments 1 base_metrics 0, row 3: base_metrics: map: 0.8, which would be less than one percent
        """,
        (one("speedup: 2.0", "metrics: [{metric: psnr; value: 0.5}; {metric: map; runs: [0.25; 0.75]}]",
             base=BASES.format("f1", "0.9", ""))
         + experiment("speedup: 2.0", base="base_metrics: [{metric: map; value: 0.8}]", first=3)).replace(";", ","),
    ),
    told(
        "fraction-in-metric",
        "ada2015title, experiments 0 base_metrics 1, experiment 0: base_metrics: f1: 0.9, @"
        .replace("@", "which would be less than one percent"),
        one(base=BASES.format("f1", "0.9", "")).replace(";", ","),
    ),
    told(
        "metric-better-than-unpruned",
        f"{POINT} 0 metrics 0, row 1: metrics: psnr: 40, but 20 before pruning",
        one("metrics: [{metric: psnr, value: 40.0}]", base=BASES.format("psnr", "20.0", "")).replace(";", ","),
    ),
    told(
        "time-far-from-unpruned",
        f"{POINT} 0 metrics 0, row 1: metrics: latency: 40, but 20 before pruning",
        one("metrics: [{metric: latency, value: 40.0, hardware: V100}]",
            base=BASES.format("latency", "20.0", "; hardware: V100")).replace(";", ","),
    ),
    *(
        told(
            "metric-far-from-others",
            f"ada2015title, experiments 0 base_metrics 0, experiment 0: base_metrics: {metric}: {value}, while others @"
            .replace("@", f"report about {usual} before pruning"),
            unpruned(metric, value, "ada2015title"),
            *(unpruned(metric, str(usual), paper) for paper in (BOB, "cia2017title", "dan2018title")),
        )
        for metric, value, usual in (("psnr", "2.4", 10), ("psnr", "40.1", 10), ("fid", "2.4", 10), ("fid", "40.1", 10))
    ),
    told(
        "metric-far-from-others",
        f"{POINT} 0 metrics 0, row 1: metrics: psnr: 45, while others report about 10 before pruning",
        measured("psnr", "45"), unpruned("psnr", "9", BOB), unpruned("psnr", "10", "cia2017title"),
        unpruned("psnr", "11", "dan2018title"),
    ),
    told(
        "implausible-measured-ratio",
        f"{POINT} 1 metrics 0, row 2: metrics: measured_speedup: 31, a ratio of over 30",
        measured("measured_speedup", "29", "31", more=TIMED),
    ),
    told(
        "metric-far-from-harder-pruned",
        f"{POINT} 0 metrics 0, row 1: metrics: perplexity: 301, at 0.5 of the parameters, but at most 30 @"
        .replace("@", "where the method leaves no more"),
        measured("perplexity", "301", "20", "30"),
    ),
    told(
        "metric-far-from-own",
        f"{POINT} 1 metrics 0, row 2: metrics: psnr: 500, while the paper reports about 30 elsewhere",
        measured("psnr", "20", "500", "30"), measured("psnr", "500", "500", paper=BOB),
    ),
    told(
        "negative-metric",
        f"{POINT} 1 metrics 0, row 2: metrics: psnr: -3, the only negative one",
        measured("psnr", "20", "-3"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


def test_a_ratio_that_is_counted_is_not_measured(corpus_of: Callable[..., Corpus]) -> None:
    counted = Metric(name="counted", meaning="a count over another", unit="ratio", direction="higher")
    corpus = corpus_of(measured("counted", "31"), metrics=(counted,))
    assert subjects("implausible-measured-ratio", corpus) == []


def test_a_value_is_called_by_its_metric_and_own_conditions() -> None:
    [row] = rows_of(one("metrics: [{metric: psnr, value: 40.0}, {metric: psnr, value: 41.0, split: test}]"))
    assert [value.name for value in pruned_values(row)] == ["psnr", "psnr (split test)"]


def test_a_change_alone_tells_no_value(corpus_of: Callable[..., Corpus]) -> None:
    assert subjects("fraction-in-metric", corpus_of(one("metrics: [{metric: map, change: 0.5}]"))) == []
