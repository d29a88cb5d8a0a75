"""Effects of pruning that are hard to believe: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, Told, edge, experiment, one, others, sayings, told
from prunelit.schema.corpus import Corpus

NAMED = "  - {collections: [contributed], dataset: Set, architecture: Net, curves: [{origin: own, %s, points: [{%s}]}]}"
EIGHTH = "bob2008title"
SEVEN = tuple(one("top1: 70.0, top5: 89.0", paper=f"bob{year}title") for year in range(2001, 2008))
RISING = ("speedup: 2.0, top1_change: -1.00", "speedup: 4.0, top1_change: @")
EDGES = [
    edge("removed-given-as-kept", "-2.0", "-1.9",
         one("params_removed: 0.3, top1_change: -3.0", "params_removed: 0.5, top1_change: -2.0",
             "params_removed: 0.7, top1_change: @")),
    edge("removed-given-as-kept", "0.5", "0.6",
         one("params_removed: 0.3, top5_change: -3.0", "params_removed: 0.5, top5_change: -2.0",
             "params_removed: @, top5_change: -1.0")),
    edge("removed-given-as-kept", "top5_change", "top1_change",
         one("flops_removed: 0.3, top1_change: -3.0", "flops_removed: 0.5, top1_change: -2.0",
             "flops_removed: 0.7, @: -1.0")),
    edge("accuracy-rises-with-pruning", "-0.75", "-0.74",
         one("speedup: 2.0, top1_change: -1.0", "speedup: 4.0, top1_change: @")),
    edge("accuracy-rises-with-pruning", "2.0", "2.1",
         one("speedup: 2.0, top5_change: -1.0", "speedup: @, top5_change: -0.5")),
    edge("accuracy-rises-with-pruning", "1.9", "2.1",
         one("compression_ratio: 2.0, top1_change: -1.0", "compression_ratio: @, top1_change: -0.5")),
    edge("top1-and-top5-part", "0.5", "0.51", one("top1_change: -1.0, top5_change: @")),
    edge("top1-and-top5-part", "-0.51", "0.51", one("top1_change: -1.0, top5_change: @")),
    edge("top1-and-top5-part", "-1.50", "-1.51", one("top1_change: @, top5_change: -0.04")),
    edge("top1-and-top5-part", "-0.20", "-0.19", one("top1_change: -2.0, top5_change: @")),
    *(
        edge("top5-unlike-top1", quiet, loud, one(mine, "speedup: 2.0"), *SEVEN,
             one("top1: 70.0, top5: 89.0", paper=EIGHTH, on=on))
        for mine, quiet, loud, on in (
            ("top1: 70.0, top5: @", "91.0", "91.1", "Set/Other"),
            ("top1: 70.0, top5: @", "87.0", "86.9", "Set/Other"),
            ("top1: @, top5: 80.0", "71.1", "71.0", "Set/Net"),
            ("top1: @, top5: 80.0", "71.0000000001", "71.0", "Set/Net"),
            ("top1: @, top5: 80.0", "68.9999999999", "69.0", "Set/Net"),
            ("top1: 70.0, top5: 80.0", "Else", "Set", "@/Net"),
        )
    ),
    edge("larger-than-unpruned", "1.0", "0.99", one("speedup: @")),
    edge("larger-than-unpruned", "1.0", "0.99", one("compression_ratio: @")),
    edge("larger-than-others-unpruned", "27M", "28M", one("params: @"), *others("base_params: 25M", "bob")),
    edge("larger-than-others-unpruned", "8.7G", "8.9G", one("flops: @"), *others("base_flops: 4.0G", "bob")),
    edge("larger-than-others-unpruned", "30M", "34M", one("params: @"), *others("base_params: 25M", "bob"),
         *others("base_params: 30M", "eve")),
    edge("larger-than-others-unpruned", "params_kept: 0.9", "top1: 70.0", one("params: 30M, @"),
         *others("base_params: 25M", "bob")),
    edge("larger-than-others-unpruned", "convolutions", "all", one("params: 30M, params_scope: @"),
         *others("base_params: 25M", "bob")),
    edge("implausible-ratio", "500", "501", one("compression_ratio: @")),
    edge("implausible-ratio", "50", "51", one("speedup: @")),
    edge("speedup-unlike-compression", "8.0", "8.1", one("compression_ratio: 2.0, speedup: @")),
    edge("speedup-unlike-compression", "12.0", "12.1", one("compression_ratio: @, speedup: 2.0")),
    edge("speedup-unlike-compression", "evaluations", "contributed",
         one("compression_ratio: 2, speedup: 20").replace("collections: [blalock2020-notes]", "collections: [@]")),
    edge("large-gain", "2.0", "2.1", one("top1_change: @")),
    edge("large-gain", "2.0", "2.1", one("top5_change: @")),
    edge("large-loss-by-little-pruning", "-5.0", "-5.1", one("speedup: 1.5, top1_change: @")),
    edge("large-loss-by-little-pruning", "-5.0", "-5.1", one("compression_ratio: 1.5, top5_change: @")),
    edge("large-loss-by-little-pruning", "3.0", "2.9", one("speedup: @, top1_change: -6.0")),
    edge("large-loss-by-little-pruning", "3.0", "2.9", one("speedup: 1.5, compression_ratio: @, top1_change: -6.0")),
    edge("large-loss-by-little-pruning", "top5: 70.0", "speedup: 2.0", one("@, top1_change: -6.0")),
    edge("removed-given-as-kept", "top5: 70.0", "params_removed: 0.7",
         one("params_removed: 0.3, top1_change: -3.0", "params_removed: 0.5, top1_change: -2.0",
             "@, top1_change: -1.0")),
    edge("removed-given-as-kept", "method: Two", "locator: {table: 1}",
         one("params_removed: 0.3, top1_change: -3.0", "params_removed: 0.5, top1_change: -2.0")
         + NAMED % ("@", "params_removed: 0.7, top1_change: -1.0")),
    *(
        edge("removed-given-as-kept", "-4.0", "-3.9",
             one(f"{name}: 0.3, top5_change: @", f"{name}: 0.5, top5_change: -4.0", f"{name}: 0.7, top5_change: -5.0"))
        for name in ("params_kept", "flops_kept")
    ),
    edge("accuracy-rises-with-pruning", "-0.75", "-0.74", one(*RISING, "speedup: 2.0, top1_change: -3.00")),
    edge("accuracy-rises-with-pruning", "-0.75", "-0.74", one(*RISING, "speedup: 2.0, top1_change: -1.00")),
    edge("accuracy-rises-with-pruning", "method: Two", "locator: {table: 1}",
         one("speedup: 2.0, top1_change: -1.0") + NAMED % ("@", "speedup: 4.0, top1_change: 1.0")),
    edge("accuracy-rises-with-pruning", "top1: 70.0", "speedup: 4.0",
         one("speedup: 2.0, top5_change: -1.0", "@, top5_change: -0.5")),
    edge("accuracy-rises-with-pruning", "top1_change", "top5_change",
         one("speedup: 2.0, top5_change: -1.0", "speedup: 4.0, @: -0.5")),
    edge("top1-and-top5-part", "-0.50", "-0.51", one("top1_change: 1.0, top5_change: @")),
    edge("top1-and-top5-part", "-1.50", "-1.51", one("top1_change: -0.04, top5_change: @")),
    edge("top1-and-top5-part", "speedup: 2.0", "top5_change: 1.0", one("top1_change: -1.0, @")),
    edge("top1-and-top5-part", "speedup: 2.0", "top1_change: -1.0", one("top5_change: 1.0, @")),
    edge("larger-than-unpruned", "10.0M", "10.1M", one("params: @", base="base_params: 10.0M")),
    edge("larger-than-others-unpruned", "11.0G", "11.1G", one("flops: @"), *others("base_flops: 5.0G", "bob")),
    edge("larger-than-others-unpruned", "Other", "Net",
         one("params: 30M") + experiment(base="base_params: 20M, survey_row: 2"),
         one(base="base_params: 25M", on="Set/@", paper="bob2016title")),
    edge("implausible-ratio", "0.998", "0.999", one("params_removed: @")),
    edge("implausible-ratio", "0.02", "0.01", one("flops_kept: @")),
    edge("accuracy-rises-with-pruning", "91.9", "92.1",
         one("speedup: 2.0, top1_runs: [89.0, 91.0]", "speedup: 4.0, top1_runs: [@, @]", base="base_top1: 95.0")),
    edge("top1-and-top5-part", "99.0", "98.9", one("top1_change: -2.0, top5_change: -0.1", base="base_top5: @")),
    edge("collapsed-above-chance", "99.0", "98.9", one("collapsed: true, top5: 50.0", base="base_top5: @")),
    edge("implausible-ratio", "evaluations", "contributed",
         one("speedup: 51").replace("collections: [blalock2020-notes]", "collections: [@]")),
    edge("implausible-ratio", "50", "51",
         one("speedup: 51").replace("blalock2020-notes", "evaluations") + experiment("speedup: @", first=2)),
    edge("large-loss-by-little-pruning", "none", "fine_tuned",
         one("speedup: 1.5, top1_change: -60.0", curve="training_scheme: @")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


POINT = "ada2015title, experiments 0 curves 0 points"
TOLD = [
    told(
        "removed-given-as-kept",
        f"""
        {POINT} 0 params_removed, row 1: params_removed: top1_change rises from -6.00 to -2.00
        {POINT} 3 flops_kept, row 4: flops_kept: top5_change rises from -7.00 to +3.00
        """,
        one(*(f"params_removed: 0.{share}, top1_change: -{9 - share}" for share in (7, 3, 5)),
            *(f"flops_kept: 0.{share}, top5_change: {change}" for share, change in ((3, 3), (7, -7), (5, -5)))),
    ),
    told(
        "accuracy-rises-with-pruning",
        f"""
        {POINT} 1 top5_change, row 2: top5_change: top5_change -0.50 at compression_ratio 4.00, but -1.00 at 2.00
        {POINT} 0 top1_change, row 1: top1_change: top1_change +0.50 at speedup 5.00, but -2.00 at 3.00
        """,
        one("speedup: 5.0, top1_change: 0.5", "compression_ratio: 4.0, top5_change: -0.5",
            "speedup: 3.0, top1_change: -2.0", "compression_ratio: 2.0, top5_change: -1.0"),
    ),
    told(
        "top1-and-top5-part",
        f"""
        {POINT} 0 top5_change, row 1: top5_change: top-1 -1.00, top-5 +0.80
        {POINT} 1 top5, row 2: top5: top-1 -1.00, top-5 +1.00
        {POINT} 2 top5_error, row 3: top5_error: top-1 -1.00, top-5 +2.00
        """,
        one("top1_change: -1.0, top5_change: 0.8", "top1_change: -1.0, top5: 91.0", "top1_change: -1.0, top5_error: 8",
            base="base_top5: 90.0"),
    ),
    told(
        "top5-unlike-top1",
        f"{POINT} 0 top5, row 1: top5: top-5 80.00 at top-1 70.00; 8 others have about 89.00",
        one("top1: 70.0, top5: 80.0"), *SEVEN[:4], one("top1: 95.0, top5: 99.0", paper="cia2008title"), *SEVEN[4:],
        one("top1: 70.0, top5: 89.0", paper=EIGHTH),
    ),
    told(
        "larger-than-unpruned",
        f"""
        {POINT} 0 params, row 1: params: 1.2 of the unpruned model
        {POINT} 0 speedup, row 1: speedup: 2 of the unpruned model
        """,
        one("params: 12M, speedup: 0.5", base="base_params: 10M"),
    ),
    told(
        "larger-than-others-unpruned",
        f"""
        {POINT} 0 params, row 1: params: 3.0e+7, but 2.5e+07 at most before pruning
        {POINT} 0 flops, row 1: flops: 9.0e+9, but 4e+09 at most before pruning
        """,
        one("params: 30M, flops: 9.0G"), *others("base_params: 25M, base_flops: 4.0G", "bob"),
        *others("base_params: 20M", "cia"),
    ),
    told(
        "implausible-ratio",
        f"""
        {POINT} 0 compression_ratio, row 1: compression_ratio: 0.0005 of the unpruned model is left
        {POINT} 1 params, row 2: params: 0.001 of the unpruned model is left
        {POINT} 2 flops_kept, row 3: flops_kept: 0.01 of the unpruned model is left
        {POINT} 3 flops_removed, row 4: flops_removed: 0 of the unpruned model is left
        """,
        one("compression_ratio: 2000", "params: 10K", "flops_kept: 0.01", "flops_removed: 1.0",
            base="base_params: 10M"),
    ),
    told(
        "speedup-unlike-compression",
        f"""
        {POINT} 0 speedup, row 1: speedup: 20 times faster, but 2 times smaller
        {POINT} 1 flops_removed, row 2: flops_removed: 2 times faster, but 20 times smaller
        """,
        one("params_kept: 0.5, speedup: 20", "compression_ratio: 20, flops_removed: 0.5", "speedup: 20",
            "compression_ratio: 30"),
    ),
    told(
        "large-gain",
        f"""
        {POINT} 0 top1_runs, row 1: top1_runs: +2.50 percentage points
        {POINT} 1 top1, row 2: top1: +3.00 percentage points
        {POINT} 2 top5_change, row 3: top5_change: +4.00 percentage points
        """,
        one("top1_runs: [78.0, 79.0]", "top1: 79.0", "top5_change: 4.0", base="base_top1: 76.0"),
    ),
    told(
        "large-loss-by-little-pruning",
        "ada2015title, experiments 1 curves 0 points 0 top1_error, row 2: top1_error: -9.00 points at 2.00 times",
        one("speedup: 1.5, top1_change: -60.0", curve="training_scheme: none")
        + experiment("speedup: 1.5, compression_ratio: 2.0, top1_error: 33.0", base="base_top1: 76.0", first=2),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines
