"""Numbers that must add up: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, Told, edge, experiment, one, sayings, subjects, told
from prunelit.schema.corpus import Corpus

EDGES = [
    *(
        edge("implied-baselines-disagree", other, same,
             one("flops: 1.0G, flops_kept: 0.50", base=f"{name}: {same}")
             + experiment("flops: 1.0G, flops_kept: 0.25", base=f"{name}: @", first=2))
        for name, same, other in (
            ("base_top1", "76.0", "77.0"), ("base_top5", "90.0", "91.0"), ("base_top1_error", "24.0", "23.0"),
            ("base_top5_error", "9.0", "8.0"), ("base_params", "10.0M", "20.0M"), ("base_flops", "2.0G", "4.0G"),
        )
    ),
    edge("change-disagrees", "-1.06", "-1.07", one("top1: 75.0, top1_change: @", base="base_top1: 76.00")),
    edge("change-disagrees", "-0.94", "-0.93", one("top1: 75.0, top1_change: @", base="base_top1: 76.00")),
    edge("change-disagrees", "-1.06", "-1.07", one("top5: 75.0, top5_change: @", base="base_top5: 76.00")),
    *(
        edge("error-disagrees", quiet, loud, one("speedup: 2", base=base), one(point, paper="bob2016title"))
        for quiet, loud in (("25.1", "25.2"), ("24.9", "24.8"))
        for base, point in (
            ("", "top1: 75.0, top1_error: @"),
            ("", "top5: 75.0, top5_error: @"),
            ("base_top1: 75.0, base_top1_error: @", "speedup: 2"),
            ("base_top5: 75.0, base_top5_error: @", "speedup: 2"),
        )
    ),
    *(
        edge("efficiency-disagrees", quiet, loud,
             one(f"{name}: 2.00{unit}, {said}: @", base=f"base_{name}: 10.00{unit}"))
        for name, unit, ratio in (("params", "M", "compression_ratio"), ("flops", "G", "speedup"))
        for said, quiet, loud in (
            (f"{name}_kept", "0.2006", "0.2007"),
            (f"{name}_kept", "0.1994", "0.1993"),
            (f"{name}_removed", "0.8006", "0.8007"),
            (f"{name}_removed", "0.7994", "0.7993"),
            (ratio, "5.02", "5.03"),
            (ratio, "4.99", "4.98"),
        )
    ),
    edge("efficiency-disagrees", "0.79", "0.78", one("params_kept: 0.20, params_removed: @")),
    edge("efficiency-disagrees", "4.9", "4.7", one("params_kept: 0.20, compression_ratio: @")),
    edge("efficiency-disagrees", "base_top1: 76.0", "base_flops_scope: convolutions",
         one("flops: 1.0G, flops_kept: 0.20, flops_scope: convolutions", base="base_flops: 2.0G, @")),
    edge("implied-baselines-disagree", "-2.2", "-2.3",
         one("top1: 75.0, top1_change: -1.0", "top1: 74.0, top1_change: @")),
    edge("implied-baselines-disagree", "-1.8", "-1.7",
         one("top5: 75.0, top5_change: -1.0", "top5: 74.0, top5_change: @")),
    edge("top5-below-top1", "74.9", "74.8", one("top1: 75.0, top5: @")),
    edge("top5-below-top1", "74.9", "74.8", one(base="base_top1: 75.0, base_top5: @")),
    edge("change-leaves-the-scale", "2.00", "2.02", one("top1_change: @", base="base_top1: 98.00")),
    edge("change-leaves-the-scale", "-2.0095", "-2.0105", one("top1_change: @", base="base_top1: 2.00")),
    edge("change-leaves-the-scale", "2.0", "3.0", one("top5: 2.0, top5_change: @")),
    edge("change-leaves-the-scale", "-2.0", "-3.0", one("top1: 98.0, top1_change: @")),
    edge("deviation-exceeds-largest", "0.289932", "0.289933", one("top1: 75.0, top1_std: @, top1_max_deviation: 0.20")),
    edge("implied-baselines-disagree", "5.2M", "5.3M",
         one("params: 5.0M, params_kept: 0.50", "params: @, params_kept: 0.50")),
    edge("implied-baselines-disagree", "5.3G", "5.4G",
         one("flops: 5.0G, speedup: 2.0", "flops: @, speedup: 2.0")),
    edge("implied-baselines-disagree", "25.1", "25.2",
         one("top1_error: 25.0, top1_change: -1.00", "top1_error: @, top1_change: -1.00")),
    edge("change-disagrees", "25.0", "25.3", one("top1_error: @, top1_change: -1.0", base="base_top1_error: 24.0")),
    edge("top5-below-top1", "25.1", "25.2", one("top1: 75.0, top5_error: @")),
    edge("change-disagrees", "base_params: 2M", "base_top1: 70.0", one("top1: 75.0, top1_change: -1.0", base="@")),
    edge("error-disagrees", "speedup: 2.0", "top1_error: 30.0", one("top1: 75.0, @")),
    edge("top5-below-top1", "speedup: 2.0", "top5: 70.0", one("top1: 75.0, @")),
    edge("implied-baselines-disagree", "76.0", "76.1",  # of the row in the middle by its middle, not by its least
         one("top1: 75, top1_change: 0", "top1: 74.60, top1_change: 0.00", "top1: @, top1_change: 0.00")),
    edge("change-leaves-the-scale", "0.01", "0.02", one("top1_change: @", base="base_top1_error: 0.0")),
    edge("change-leaves-the-scale", "-0.01", "-0.02", one("top1_change: @", base="base_top1_error: 100.0")),
    edge("deviation-exceeds-largest", "speedup: 2.0", "top1_max_deviation: 0.10",
         one("top1: 75.0, top1_std: 0.50, @")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


POINT = "ada2015title, experiments 0 curves 0 points"
TOLD = [
    told(
        "change-disagrees",
        f"""
        {POINT} 0 top1_change, row 1: top1_change: -1.2, but after minus before is -1.00
        {POINT} 0 top5_change, row 1: top5_change: -2.2, but after minus before is +1.00
        """,
        one("top1: 75.0, top1_change: -1.2, top5: 91.0, top5_change: -2.2", base="base_top1: 76.0, base_top5: 90.0"),
    ),
    told(
        "error-disagrees",
        f"""
        {POINT} 0 top1_error, row 1: top1_error: accuracy 75.0, error 26.0
        ada2015title, experiments 0 base_top5_error, row 1: base_top5_error: accuracy 92.00, error 9.0
        """,
        one("top1: 75.0, top1_error: 26.0", base="base_top5: 92.00, base_top5_error: 9.0"),
    ),
    told(
        "efficiency-disagrees",
        f"""
        {POINT} 0 params, row 1: params: params / base_params is 0.2000, but params_kept is 0.3000
        {POINT} 0 params, row 1: params: params / base_params is 0.2000, but 1 - params_removed is 0.4000
        {POINT} 0 params, row 1: params: params / base_params is 0.2000, but 1 / compression_ratio is 0.2500
        {POINT} 0 params, row 1: params: params_kept is 0.3000, but 1 - params_removed is 0.4000
        {POINT} 0 params, row 1: params: params_kept is 0.3000, but 1 / compression_ratio is 0.2500
        {POINT} 0 params, row 1: params: 1 - params_removed is 0.4000, but 1 / compression_ratio is 0.2500
        {POINT} 1 speedup, row 2: speedup: flops_kept is 0.3000, but 1 / speedup is 0.2500
        """,
        one("params: 2.0M, params_kept: 0.30, params_removed: 0.60, compression_ratio: 4.00",
            "flops_kept: 0.3, speedup: 4.00", base="base_params: 10.0M"),
    ),
    told(
        "implied-baselines-disagree",
        f"""
        {POINT} 2 params, row 3: params: 2.000e+7 before pruning, but 1.000e+7 by row 2
        {POINT} 0 top1, row 1: top1: 71.00 before pruning, but 76.00 by row 3
        {POINT} 3 top5, row 4: top5: 95.00 before pruning, but 91.00 by row 5
        """,
        one("top1: 70.0, top1_change: -1.0", "top1: 75.1, top1_change: -1.0, params: 5.000M, params_kept: 0.500",
            "top1: 75.0, top1_change: -1.0, params: 5.000M, params_kept: 0.250", "top5: 94.0, top5_change: -1.0",
            "top5: 90.0, top5_change: -1.0"),
    ),
    told(
        "top5-below-top1",
        f"""
        {POINT} 0 top5_error, row 1: top5_error: top-5 70.00, top-1 75.00
        ada2015title, experiments 0 base_top5, row 1: base_top5: top-5 74.00, top-1 76.00
        """,
        one("top1_error: 25.0, top5_error: 30.0", base="base_top1: 76.0, base_top5: 74.0"),
    ),
    told(
        "change-leaves-the-scale",
        f"""
        {POINT} 0 top1_change, row 1: top1_change: 3.0 makes top1 101.00 %
        {POINT} 1 top5_change, row 2: top5_change: -5.5 makes base_top5 100.50 %
        """,
        one("top1_change: 3.0", "top5: 95.0, top5_change: -5.5", base="base_top1: 98.0"),
    ),
    told(
        "deviation-exceeds-largest",
        f"{POINT} 1 top1_std, row 2: top1_std: 0.50, but at most 0.20 away",
        one("top1: 75.0, top1_std: 0.20, top1_max_deviation: 0.20",
            "top1: 75.0, top1_std: 0.50, top1_max_deviation: 0.20"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


def test_the_row_in_the_middle_is_typical_of_those_that_start_from_one_model(corpus_of: Callable[..., Corpus]) -> None:
    points = [f"top1: {top1}, top1_change: -1.0" for top1 in ("74.0", "75.0", "75.1", "76.4")]
    found = [subjects("implied-baselines-disagree", corpus_of(one(*points[:count]))) for count in (2, 3, 4)]
    assert found == [["row 2: top1"], ["row 1: top1"], ["row 1: top1", "row 4: top1"]]


def test_stated_unpruned_models_are_not_held_against_each_other(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, top1_change: -1.0", base="base_top1: 76.0")
    text += experiment("top1: 74.0, top1_change: -1.0", base="base_top1: 75.0", first=2)
    assert subjects("implied-baselines-disagree", corpus_of(text)) == []


def test_digits_decide_what_adds_up(corpus_of: Callable[..., Corpus]) -> None:
    for change, found in (("-1", 0), ("-1.0", 1)):
        text = one(f"top1: 75.00, top1_change: {change}", base="base_top1: 76.30")
        assert len(subjects("change-disagrees", corpus_of(text))) == found


def test_zeros_of_a_padded_source_are_no_digits(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.00, top1_change: -1.000", base="base_top1: 76.30").replace("blalock2020-notes", "blalock2020")
    assert subjects("change-disagrees", corpus_of(text.replace("id:", "collections: [blalock2020]\nid:"))) == []
