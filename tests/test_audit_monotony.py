"""Points that break the order of what is pruned more and what is more accurate: where rules begin, what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

import numpy as np
import pytest

from audit_records import BY_NAME, Edge, Told, edge, one, rows_of, sayings, told
from prunelit import dataset
from prunelit.analysis.audit.rules import monotony
from prunelit.schema.corpus import Corpus

BOB = "bob2016title"


def changes(*pairs: tuple[str, float | str], paper: str = "ada2015title", curve: str = "", on: str = "Set/Net") -> str:
    """A record of points of one network: change of the accuracy, and share of the parameters kept."""
    return one(*(f"top1_change: {y}, params_kept: {x}" for y, x in pairs), paper=paper, curve=curve, on=on)


def measured(
    metric: str, base: str, *pairs: tuple[str, float | str], paper: str = "ada2015title", curve: str = ""
) -> str:
    """The same with another metric, and its value in the unpruned model, if any."""
    points = (f"params_kept: {x}, metrics: [{{metric: {metric}, value: {y}}}]" for y, x in pairs)
    unpruned = f"base_metrics: [{{metric: {metric}; value: {base}}}]" if base else ""
    return one(*points, base=unpruned, curve=curve, paper=paper).replace(";", ",")


def accuracies(*pairs: tuple[str, float | str], of: str = "params_kept") -> str:
    """The same with accuracies, and no unpruned model."""
    return one(*(f"{of}: {x}, top1: {y}" for y, x in pairs))


def methods(*curves: Iterable[str]) -> str:
    """A record of one network, with a curve of such points for each method."""
    points = (", ".join(f"{{{point}}}" for point in curve) for curve in curves)
    said = ", ".join(f"{{origin: own, method: M{at}, points: [{one}]}}" for at, one in enumerate(points))
    return f"{one()}    curves: [{said}]\n"


def copied(text: str, source: str) -> str:
    """A record whose points are copied from another paper."""
    return text.replace("origin: own", f"origin: copied, copied_from: {source}")


HARDER = (("-1.0", 0.5), ("-1.5", 0.4), ("-2.0", 0.3))
MILDER = (("-1.0", 0.9), ("-1.5", 0.8), ("-2.0", 0.7))
LOW = tuple(("20", kept) for kept in (0.5, 0.4, 0.3))
HIGH = tuple(("20", kept) for kept in (0.9, 0.8, 0.7))
FIVE = tuple((f"-{loss}", kept) for loss, kept in ((1.0, 0.5), (1.1, 0.5), (1.2, 0.5), (1.3, 0.5), (1.4, 0.5)))
NINE = tuple((f"-1.{tenths}", 0.5) for tenths in range(9))
MANY = (("-1.0", 0.5),) * 99
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
         measured("perplexity", "10", ("@", 0.9), *LOW, curve="training_scheme: none")),
    edge("worse-than-pruned-harder", "latency", "bits", measured("@", "10", ("900", 0.9), *LOW)),
    edge("worse-than-pruned-harder", "447", "448",
         measured("perplexity", "10", ("@", 0.9)), measured("perplexity", "10", *[("20", 0.5)] * 5, paper=BOB)),
    edge("worse-than-pruned-harder", "ada2015title", "cia2014title",
         changes(("-9.0", 0.9)), copied(changes(*FIVE, paper=BOB), "@")),
    edge("better-than-pruned-less", "7.1", "7.0", measured("perplexity", "10", ("@", 0.4), *HIGH)),
    edge("better-than-pruned-less", "8.5", "8.4",
         measured("perplexity", "10", ("@", 0.4)), measured("perplexity", "10", *[("20", 0.5)] * 5, paper=BOB)),
    edge("better-than-pruned-less", "0.5", "0.6", changes(("@", 0.4), *MILDER)),
    edge("better-than-pruned-less", "0.71", "0.7", changes(("3.0", "@"), *MILDER)),
    edge("better-than-pruned-less", "0.2", "0.3", changes(("@", 0.4)), changes(*FIVE, paper=BOB)),
    edge("better-than-pruned-less", "0.3", "0.5",
         changes(("1.0", 0.4)), changes(*FIVE[:4], ("-1.4", "@"), paper=BOB)),
    edge("pruned-harder-than-anybody", "0.2", "0.19", changes(*LIKE, ("-1.0", 0.5), ("-1.0", "@"))),
    edge("pruned-harder-than-anybody", "-1.4", "-1.3", changes(*LIKE, ("@", 0.5), ("-1.0", 0.05))),
    edge("pruned-harder-than-anybody", "-3.0", "-2.9",
         changes(*(("-3.0", kept) for kept in (0.5, 0.52, 0.54, 0.56)), ("@", 0.05))),
    edge("pruned-harder-than-anybody", "0.2", "0.19",
         changes(("-1.0", 0.5), ("-1.0", "@")), changes(*[("-1.0", 0.5)] * 5, paper=BOB)),
    edge("pruned-harder-than-anybody", "0.5", "0.49",
         changes(("-1.0", "@")), changes(*MANY, ("-1.0", 0.5), paper=BOB, on="Set/Other")),
    edge("pruned-harder-than-anybody", "-1.4", "-1.3",
         changes(("-1.0", 0.05)), changes(*MANY, ("@", 0.5), paper=BOB, on="Set/Other")),
    edge("pruned-harder-than-anybody", "0.2", "0.19",
         changes(("-1.0", "@"), curve="sparsity_scope: convolutions"), changes(*[("-1.0", 0.5)] * 5, paper=BOB)),
    edge("pruned-harder-than-anybody", "-1.4", "-1.3",
         changes(("-1.0", "0.1"), curve="sparsity_scope: convolutions"),
         changes(*[("-1.0", 0.5)] * 3, ("@", 0.5), paper=BOB)),
    edge("pruned-harder-than-anybody", "0.2", "0.19",
         one("top5_change: -1.0, flops_kept: @, params_kept: 0.9", curve="flops_scope: convolutions"),
         one(*["top5_change: -1.0, flops_kept: 0.5"] * 5, paper=BOB)),
    edge("quality-rises-along-curve", "70.3", "70.31",
         one("params_kept: 0.5, top1: 70.0", "params_kept: 0.4, top1: @")),
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


WORSE, BETTER, HARDEST, RISES, ORDER, PART = (
    "worse-than-pruned-harder", "better-than-pruned-less", "pruned-harder-than-anybody", "quality-rises-along-curve",
    "efficiency-out-of-order", "params-and-flops-part",
)  # fmt: skip
POINT = "ada2015title, experiments 0 curves 0 points"
SWAPPED = tuple(f"params_kept: {x}" for x in (0.9, 0.5, 0.6, 0.3, 0.2))
TOLD = [
    told(WORSE, f"{POINT} 0 top1_change, row 1: top1_change: top1 -6.10 at params_kept 0.9; 3 that keep less have "
         "-2.00 or more", changes(("-6.1", 0.9), *HARDER)),
    told(WORSE, f"{POINT} 0 top1, row 1: top1: top1 -10.00 at params_kept 0.9; 3 that keep less have -2.00 or more",
         accuracies(("66.0", 0.9), ("75.0", 0.5), ("74.5", 0.4), ("74.0", 0.3)),
         one(base="base_top1: 76.0, base_top5: 93.0", paper=BOB)),
    told(WORSE, f"{POINT} 0 top1_change, row 1: top1_change: top1 -9.00 at params_kept 0.9; 10 that keep less have "
         "-1.80 or more", changes(("-9.0", 0.9)), changes(("-9.0", 0.4), *NINE, paper=BOB)),
    told(WORSE, f"{POINT} 0 top1_change, row 1: top1_change: top1 -9.00 at params_kept 0.9; 3 that keep less have "
         "-2.00 or more",
         changes(("-9.0", 0.9), paper=BOB, curve="simple_method: random"), changes(("-9.0", 0.9), *HARDER)),
    told(BETTER, f"{POINT} 0 top1_change, row 1: top1_change: top1 0.60 at params_kept 0.4; 3 that keep more have "
         "-1.00 or less", changes(("0.6", 0.4), *MILDER)),
    told(BETTER, f"{POINT} 0 top1_change, row 1: top1_change: top1 5.00 at params_kept 0.4; 10 that keep more have "
         "-1.00 or less", changes(("5.0", 0.4)), changes(("5.0", 0.9), *NINE, paper=BOB)),
    told(HARDEST, f"{POINT} 1, row 2: params_kept: params_kept 0.1 at top1 -1.00; others that are as good keep 0.5 or "
         "more", changes(("-1.0", 0.5), ("-1.0", 0.1)), changes(*[("-1.0", 0.5)] * 5, paper=BOB)),
    told(RISES, f"{POINT} 1 top1, row 2: top1: top1 better by 1.00 at params_kept 0.4 than at 0.5",
         accuracies(("70", 0.5), ("71", 0.4), ("70", 0.3), ("71", 0.2))),
    told(RISES, f"{POINT} 3 top1, row 4: top1: top1 better by 3.00 at params_kept 0.2 than at 0.3",
         accuracies(("70", 0.5), ("71", 0.4), ("70", 0.3), ("73", 0.2))),
    told(RISES, f"{POINT} 2 top1, row 3: top1: top1 better by 2.00 at params_kept 0.4 than at 0.5",
         accuracies(("75", 0.5), ("70", 0.5), ("72", 0.4))),
    told(RISES, f"{POINT} 1 top1_change, row 2: top1_change: top1 better by 5.00 at params 5e+06 than at 1e+07",
         one("params: 10M, top1: 70, top1_change: -6", "params: 5M, top1: 75, top1_change: -1")),
    told(ORDER, "\n".join(
             f"ada2015title, experiments 0 curves {at} points 1 params_kept, experiment 0, curve {at}, point 1: "
             "params_kept: 0.5, and 0.6 where 0.5 would be in its place" for at in (0, 1)), methods(SWAPPED, SWAPPED)),
    told(PART, f"{POINT} 1 flops_kept, row 2: flops_kept: flops_kept 0.6 at params 5e+06, 0.3 at 1e+07",
         one("params: 10M, flops_kept: 0.3", "params: 5M, flops_kept: 0.6")),
    told(PART, f"{POINT} 1 flops, row 2: flops: flops 2e+09 at params_kept 0.2, 1e+09 at 0.5",
         one("compression_ratio: 2, flops: 1G", "compression_ratio: 5, flops: 2G")),
    told(PART, f"{POINT} 1 flops, row 2: flops: flops 2e+09 at params 5e+06, 1e+09 at 1e+07",
         one("params: 10M, flops: 1G", "params: 5M, flops: 2G", "params: 2M, flops: 1G", "params: 1M, flops: 3G")),
    told(PART, "\n".join(
             f"ada2015title, experiments 0 curves {at} points 1 flops, experiment 0, curve {at}, point 1: "
             "flops: flops 2e+09 at params 5e+06, 1e+09 at 1e+07" for at in (0, 1)),
         methods(*[("params: 10M, flops: 1G", "params: 5M, flops: 2G")] * 2)),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_a_rule_says_what_it_finds_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


def test_a_network_may_be_new_to_the_corpus(corpus_of: Callable[..., Corpus]) -> None:
    assert TOLD[0].of_last_beside_others(corpus_of) == TOLD[0].lines


METRICS = [
    (WORSE, "metrics: map -30.00 at params_kept 0.9; 3 that keep less have -3.00 or more",
     measured("map", "40", ("10", 0.9), ("38", 0.5), ("37.5", 0.4), ("37", 0.3))),
    (WORSE, "metrics: bits -20.00 at params_kept 0.9; 3 that keep less have -3.01 or more",
     measured("bits", "0.001", ("0.1", 0.9), *(("0.002", kept) for kept in (0.5, 0.4, 0.3)))),
    (RISES, "metrics: bits better by 3.01 at params_kept 0.4 than at 0.5",
     measured("bits", "", ("0.8", 0.5), ("0.4", 0.4))),
    (RISES, "metrics: map better by 2.00 at params_kept 0.4 than at 0.5",
     measured("map", "", ("38", 0.5), ("40", 0.4))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "found", "record"), METRICS)
def test_a_metric_counts_by_points_of_percent_or_by_tenths_of_its_logarithm(
    rule: str, found: str, record: str, corpus_of: Callable[..., Corpus]
) -> None:
    checked = BY_NAME[rule].check(dataset(corpus_of(record), corrected=False))
    assert [one.found for one in checked] == [found]


QUIET = {
    "no architecture": (WORSE, changes(("-9.0", 0.9), *HARDER, on="Set/")),
    "no unpruned accuracy": (WORSE, accuracies(("66.0", 0.9), ("75.0", 0.5), ("74.5", 0.4), ("74.0", 0.3))),
    "no unpruned metric": (WORSE, measured("bits", "", ("900", 0.9), *LOW)),
    "a metric of 0": (WORSE, measured("bits", "10", ("0", 0.9), *LOW)),
    "an unpruned metric of 0": (WORSE, measured("bits", "0", ("900", 0.9), *LOW)),
    "one of ten of its own as bad": (WORSE, changes(("-9.0", 0.9), ("-9.0", 0.4), *NINE)),
    "one of ten of its own as good": (BETTER, changes(("5.0", 0.4), ("5.0", 0.9), *NINE)),
    "a rise of 0.3": (RISES, measured("map", "", ("0.3", 0.5), ("0.6", 0.4))),
    "a change of a known share": (RISES, one("params_kept: 0.5, top1: 70", "params_kept: 0.4, top1: 75",
                                             base="base_top1: 76.0")),
    "a rise from a metric of 0": (RISES, measured("map", "", ("0", 0.5), ("9", 0.4))),
    "a rise from no bits": (RISES, measured("bits", "", ("0", 0.5), ("9", 0.4))),
    "a rise of a time": (RISES, measured("latency", "", ("9", 0.5), ("1", 0.4))),
    "an order broken between methods": (ORDER, methods(SWAPPED[:2], SWAPPED[2:])),
    "an order with a value twice": (ORDER, one(*(f"params_kept: {x}" for x in (0.9, 0.5, 0.5, 0.3, 0.2)))),
    "an order of three values": (ORDER, one(*(f"params_kept: {x}" for x in (0.9, 0.5, 0.9, 0.3)))),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "record"), QUIET.values(), ids=QUIET)
def test_a_rule_has_nothing_to_say(rule: str, record: str, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(rule, corpus_of(record)) == []


@pytest.mark.parametrize(("rule", "odd", "kept"), [(WORSE, "-9.0", (0.9, 0.4)), (BETTER, "5.0", (0.4, 0.9))])
def test_two_of_nineteen_others_are_more_than_a_tenth(
    rule: str, odd: str, kept: tuple[float, float], corpus_of: Callable[..., Corpus]
) -> None:
    seventeen = changes((odd, kept[1]), (odd, kept[1]), *NINE, *NINE[:8], paper=BOB)
    assert sayings(rule, corpus_of(changes((odd, kept[0])), seventeen)) == []


def test_its_own_points_are_not_among_the_hundred_on_the_dataset(corpus_of: Callable[..., Corpus]) -> None:
    own = changes(("-1.0", 0.05)) + changes(("-1.0", 0.5), on="Set/Third").partition("experiments:\n")[2]
    assert sayings(HARDEST, corpus_of(own, changes(*MANY, paper=BOB, on="Set/Other"))) == []


def spots(count: int) -> list[monotony.Spot]:
    """Points of twelve papers, two of them copying; qualities are multiples of 0.05, shares of 1/64."""
    chance = Random(1)
    papers = [changes(("-1.0", 0.5), paper=f"{name}2015title") for name in ("ada", "bob", "cia", *"defghijkl")]
    papers[-2:] = [copied(text, "ada2015title") for text in papers[-2:]]
    rows = [rows_of(text)[0] for text in papers]
    ranges = range(1, 65), range(-240, 41)
    return [
        monotony.Spot(chance.choice(ranges[0]) / 64, chance.choice(ranges[1]) / 20, chance.choice(rows))
        for _ in range(count)
    ]


def of_paper(one: monotony.Spot, spots: Sequence[monotony.Spot]) -> int:
    """How many points are of a paper, or copied from it."""
    paper = one.row.paper.id
    return sum(other.row.paper.id == paper or _source_of(other) == paper for other in spots)


def _source_of(one: monotony.Spot) -> str | None:
    assert one.row.curve
    return one.row.curve.copied_from


def twentieths(one: monotony.Spot) -> int:
    return round(20 * one.quality)


def may_be_worse(one: monotony.Spot, spots: Sequence[monotony.Spot], spread: int) -> bool:
    below = [other for other in spots if other.kept <= one.kept]
    as_bad = sum(twentieths(other) < twentieths(one) + 90 * spread for other in below)
    return as_bad - of_paper(one, spots) <= len(below) // 10


def may_be_better(one: monotony.Spot, spots: Sequence[monotony.Spot], spread: int) -> bool:
    above = [other for other in spots if other.kept >= one.kept]
    as_good = sum(twentieths(other) > twentieths(one) - 25 * spread for other in above)
    return as_good - of_paper(one, spots) <= len(above) // 10


def may_be_pruned_harder(one: monotony.Spot, spots: Sequence[monotony.Spot], _: int) -> bool:
    as_good = [other for other in spots if twentieths(other) > twentieths(one) - 6]
    as_hard = sum(2 * other.kept <= 5 * one.kept for other in as_good)
    return as_hard <= of_paper(one, spots) or len(as_good) <= of_paper(one, spots) + 4


@pytest.mark.parametrize("spread", [1, 3])
@pytest.mark.parametrize("expected", [may_be_worse, may_be_better, may_be_pruned_harder])
def test_only_what_a_rule_may_suspect_is_held_against_others(
    expected: Callable[[monotony.Spot, Sequence[monotony.Spot], int], bool], spread: int
) -> None:
    points = spots(150)
    crowd, (kept, quality) = monotony._Crowd(points), monotony._kept_and_quality(points)
    aside = np.array([of_paper(one, points) for one in points])
    assert [crowd.aside[one.row.paper.id] for one in points] == aside.tolist()
    found = getattr(monotony, f"_{expected.__name__}")(crowd, kept, quality, aside, float(spread))
    assert found.tolist() == [expected(one, points, spread) for one in points]


def test_what_no_rule_may_suspect_is_not_held_against_others(corpus_of: Callable[..., Corpus]) -> None:
    records = dataset(corpus_of(changes(*HARDER), changes(*FIVE, paper=BOB)), corrected=False)
    compared = monotony._compared(records, lambda _crowd, kept, *_: np.arange(len(kept)) < 2)
    assert [None if others is None else len(others.kept) for *_, others in compared] == [5, 5, *[None] * 6]
