"""Numbers that can hardly be, whatever others report: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, Told, edge, experiment, one, sayings, subjects, told
from prunelit.schema.corpus import Corpus

NETWORK = "Set/Other"
GAINS = tuple(f"top1_change: -{size}, speedup: {size}" for size in (1, 2, 3, 4, 5))
NAMED = "pruned_model: '@', params_removed: 0.5"
EDGES = [
    edge("wide-deviation", "5.0", "5.1", one("top1: 75.0, top1_std: @")),
    edge("wide-deviation", "5.0", "5.1", one("top1: 75.0, top1_max_deviation: @")),
    edge("wide-deviation", "5.0", "5.1", one("speedup: 2.0", base="base_top1: 75.0, base_top1_std: @, base_seeds: 3")),
    edge("collapsed-above-chance", "15.0", "15.1", one("top1: @, collapsed: true")),
    edge("collapsed-above-chance", "60.0", "60.1", one("top5: @, collapsed: true")),
    edge("collapsed-above-chance", "10.0", "10.1", one("top1: @, collapsed: true", base="base_top1: 30.0")),
    edge("collapsed-above-chance", "30.0", "30.1", one("top5: @, collapsed: true", base="base_top5: 90.0")),
    edge("collapsed-above-chance", "60.0", "60.1", one("top5: @, collapsed: true", base="base_top5: 99.0")),
    edge("collapsed-above-chance", "32.8", "33.0", one("top5: @, collapsed: true", base="base_top5: 98.7")),
    edge("collapsed-above-chance", "at_most", "at_least",
         one("top1: 70.0, bounds: {@: [top1]}, collapsed: true")),
    edge("collapsed-above-chance", "at_least", "about",
         one("top1_error: 30.0, bounds: {@: [top1_error]}, collapsed: true")),
    edge("collapsed-above-chance", "speedup: 2.0", "collapsed: true", one("top1: 70.0, @")),
    edge("nothing-removed", "0.995", "0.996", one("params_kept: @")),
    edge("nothing-removed", "0.005", "0.004", one("flops_removed: @")),
    edge("nothing-removed", "0.5", "0.999", one("params_kept: 0.999, flops_kept: @")),
    edge("nothing-removed", "10.1M", "10.0M", one("params_kept: 1, flops: @", base="base_flops: 10.0M")),
    edge("hardly-anything-removed", "0.1", "0.09", one("params_removed: @")),
    edge("hardly-anything-removed", "0.1", "0.09", one("flops_removed: @")),
    edge("hardly-anything-removed", "0", "0.01", one("params_removed: @")),
    edge("hardly-anything-removed", "flops_removed: 0.5", "top1: 70.0", one("params_removed: 0.05, @")),
    edge("hardly-anything-removed", "kept", "removed", one("params_@: 0.05")),
    edge("share-far-below-others", "0.125", "0.124",
         one("params_removed: @") + experiment("params_removed: 0.5", "params_removed: 0.9", on=NETWORK, first=2)),
    edge("share-far-below-others", "0.125", "0.124", one("flops_kept: 0.5", "flops_kept: @", "flops_kept: 0.9")),
    edge("share-far-below-others", "flops_removed", "params_removed",
         one("params_removed: 0.1", "params_removed: 0.5", "@: 0.9")),
    edge("one-quantity-unchanged", "0.996", "0.995", one("params_kept: 1, flops_kept: @")),
    edge("one-quantity-unchanged", "0.996", "0.995", one("params_kept: @, flops_kept: 1")),
    edge("one-quantity-unchanged", "top1: 70.0", "flops_kept: 0.5", one("params_kept: 1, @")),
    edge("one-quantity-unchanged", "top1: 70.0", "params_kept: 0.5", one("flops_kept: 1, @")),
    edge("one-quantity-unchanged", "0.999", "1", one("params_kept: @, flops_kept: 0.5")),
    edge("pruned-equals-unpruned", "76.12", "76.13", one("top1: @, speedup: 2.0", base="base_top1: 76.13")),
    edge("pruned-equals-unpruned", "23.88", "23.87",
         one("top1_error: @, speedup: 2.0", base="base_top1_error: 23.87")),
    edge("pruned-equals-unpruned", "76", "76.0", one("top1: @, speedup: 2.0", base="base_top1: @")),
    edge("pruned-equals-unpruned", "75.81", "75.79",
         one("top1: 76.00, speedup: 2.0", "top1: @, speedup: 3.0", base="base_top1: 76.00")),
    *(
        edge("pruned-equals-unpruned", "76.12", "76.13", one(f"{name}: @, speedup: 2.0", base=f"base_{name}: 76.13"))
        for name in ("top5", "top1_error", "top5_error")
    ),
    edge("pruned-equals-unpruned", "24.19", "24.21",
         one("top1_error: 24.00, speedup: 2.0", "top1_error: @, speedup: 3.0", base="base_top1_error: 24.00")),
    edge("pruned-equals-unpruned", "-0.2", "-0.21",
         one("top5: 76.00, speedup: 2.0", "top5_change: @, speedup: 3.0", base="base_top5: 76.00")),
    edge("pruned-equals-unpruned", "top1: 75.90", "speedup: 3.0",
         one("top1: 76.00, speedup: 2.0", "@", base="base_top1: 76.00")),
    edge("column-of-its-own", "", ", params_removed: 0.5",
         one("params_removed: 0.2", "flops_removed: 0.4") + experiment("top1: 70.0@", first=3)),
    edge("column-of-its-own", "speedup: 2.0", "params_kept: 0.8",
         one("@", "params_removed: 0.2, flops_removed: 0.3", "params_removed: 0.3")),
    edge("column-of-its-own", "params_removed", "flops_removed",
         one("params_removed: 0.2", "params_removed: 0.3", "@: 0.4")),
    edge("column-of-its-own", "speedup", "flops_removed", one("params_removed: 0.2", "params_removed: 0.3", "@: 0.4")),
    edge("column-of-its-own", "params_removed: 0.3, flops_removed: 0.3", "params_removed: 0.3",
         one("params_removed: 0.2", "@", "flops_removed: 0.4")),
    *(
        edge("column-of-its-own", "top1: 70.0", alone, one(*given, "@"))
        for alone, *given in (
            ("top5_error: 9.0", "top1_error: 24.0", "top1_error: 25.0"),
            ("top5_change: -3.0", "top1_change: -1.0", "top1_change: -2.0"),
            ("compression_ratio: 4.0", "speedup: 2.0", "speedup: 3.0"),
            ("flops: 3M", "params: 1M", "params: 2M"),
        )
    ),
    edge("more-decimals-than-its-column", "speedup: 2.0", "top1: 72.3", one("top1: 71.2", "top1: 9.55", "@")),
    *(
        edge("more-decimals-than-its-column", like, odd, one(*(f"{name}: {printed}" for printed in (*others, "@"))))
        for names, like, odd, *others in (
            (("top1", "top5"), "9.9", "9.99", "70.1", "71.2"),
            (("top1_change", "top5_change"), "-3.3", "-3.33", "-1.1", "-2.2"),
            (("params_kept", "params_removed", "flops_kept", "flops_removed"), "0.1", "0.05", "0.2", "0.3"),
        )
        for name in names
    ),
    edge("more-decimals-than-its-column", "0.2", "0.055",
         one(*(f"params_removed: {share}" for share in ("0.20", "0.30", "0.40", "@")))),
    edge("more-decimals-than-its-column", "10.01", "9.99",
         one(*(f"top1: {top1}" for top1 in ("70.1", "71.2", "72.3", "@")))),
    edge("more-decimals-than-its-column", "-10.01", "-10.00",
         one(*(f"top5_change: {change}, speedup: 2" for change in ("-1.1", "-2.2", "-3.3", "@")))),
    edge("more-decimals-than-its-column", "70.2", "70",
         one(*(f"top1: {top1}" for top1 in ("@", "71", "9.5")))),
    edge("more-decimals-than-its-column", "9.5", "9.55",
         one("top1: 70.5", "top1: 72.5"),
         one(*(f"top1: {top1}" for top1 in ("71.2", "@", "72.3")), paper="bob2016title")),
    edge("more-decimals-than-its-column", "72.25", "72.3",
         one(*(f"top1: {top1}" for top1 in ("@", "71.2", "9.55")))),
    edge("more-decimals-than-its-column", "blalock2020", "blalock2020-notes",
         one(*(f"top1: {top1}" for top1 in ("71.2", "72.3", "9.55"))) + "collections: [@]"),
    edge("more-decimals-than-its-column", "top1_error", "top1",
         one(*(f"@: {number}" for number in ("31.2", "22.3", "9.55")))),
    edge("more-decimals-than-its-column", "0.0555", "0.055",
         one(*(f"params_removed: {share}" for share in ("0.20", "0.30", "0.40", "@")))),
    edge("place-names-another-share", "50 %", "75 %", one(NAMED, "pruned_model: 75%, params_kept: 0.25")),
    edge("place-names-another-share", "0.9", "0.75", one(NAMED.replace("@", "75%"), "params_removed: @")),
    edge("place-names-another-share", "top1: 70.0", "params_removed: 0.5",
         one("pruned_model: 75%, @", "params_removed: 0.75")),
    edge("place-names-another-share", "~75%", "75%", one(NAMED, "params_removed: 0.75")),
    edge("place-names-another-share", "flops_removed: 0.75", "speedup: 4",
         one(NAMED.replace("@", "75%") + ", @", "params_removed: 0.75")),
    edge("place-names-another-share", "50%", "75%",
         one("flops_kept: 0.5, locator: {column: '@', table: 1, read: printed}", "flops_kept: 0.75")),
    edge("place-names-another-share", "50%", "75%",
         one("params_removed: 0.5, locator: {row: 'x, @', table: 1, read: printed}", "params_removed: 0.75")),
    edge("shares-in-two-ways", "params_removed: 0.3", "params_kept: 0.7",
         one("params_removed: 0.2") + experiment("@", on=NETWORK, first=2)),
    edge("shares-in-two-ways", "params_kept", "flops_kept", one("flops_removed: 0.2") + experiment("@: 0.7", first=2)),
    edge("shares-in-two-ways", "params_removed: 0.3, params_kept: 0.7", "params_kept: 0.7",
         one("params_removed: 0.2, params_kept: 0.8", "@")),
    edge("sign-of-its-own", "-6", "6", one(*GAINS, "top1_change: @, speedup: 6")),
    edge("sign-of-its-own", "Other", "Net",
         one(*GAINS[:3]) + experiment(*GAINS[3:], "top1_change: 6, speedup: 6", on="Set/@", first=4)),
    edge("sign-of-its-own", "0.09", "0.10", one(*GAINS, "top1_change: @, speedup: 6")),
    edge("sign-of-its-own", "-0.09", "-0.1",
         one(*GAINS[:4], "top1_change: @, speedup: 5", "top1_change: 6, speedup: 6")),
    edge("sign-of-its-own", "", "top1_change: -8",
         one(*GAINS, "top1_change: -6", "top1_change: -7", "speedup: 9, @")
         + experiment("top1_change: 6", on=NETWORK, first=9)),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


POINT = "ada2015title, experiments 0 curves 0 points"
LOSSES = tuple(f"top5_change: -{size}, speedup: {size}" for size in range(1, 9))
TOLD = [
    told(
        "column-of-its-own",
        f"{POINT} 2 flops_removed, row 3: flops_removed: no params_removed, which the other 2 points have",
        one("params_removed: 0.2", "params_removed: 0.3", "flops_removed: 0.4").replace(
            "}]}]", "}]}, {origin: own, method: Two, points: [{survey_row: 4, flops_removed: 0.5}]}]"
        ),
    ),
    told(
        "wide-deviation",
        f"""
        {POINT} 1 top1_std, row 2: top1_std: 6.0 percentage points
        bob2016title, experiments 0 base_top1_std, experiment 0: base_top1_std: 5.5 percentage points
        """,
        one("top1: 75.0", "top1: 75.0, top1_std: 6.0"),
        one(base="base_top1: 75.0, base_top1_std: 5.5, base_seeds: 3", paper="bob2016title"),
    ),
    told(
        "nothing-removed",
        f"{POINT} 1, row 2: 0.996 of the unpruned model is left",
        one("params_kept: 0.5", "params_kept: 0.998, flops_kept: 0.996"),
    ),
    told(
        "hardly-anything-removed",
        f"{POINT} 1 flops_removed, row 2: flops_removed: 0.05",
        one("flops_removed: 0.5", "top1: 70.0, flops_removed: 0.05"),
    ),
    told(
        "share-far-below-others",
        f"{POINT} 2 params_kept, row 3: params_kept: 0.05; 0.3 or more in 3 others",
        one("params_kept: 0.9", "params_kept: 0.3", "params_kept: 0.05", "params_kept: 0.6"),
    ),
    told(
        "one-quantity-unchanged",
        f"""
        {POINT} 1, One: params_kept: all, but 0.6 flops_kept in row 2
        ada2015title, experiments 1 curves 0 points 0, no method: flops_kept: all, but 0.25 params_kept in row 4
        """,
        one("params_kept: 0.9", "params_kept: 1, flops_kept: 0.6", "params_kept: 1, flops_kept: 0.4",
            curve="method: One")
        + experiment("params_kept: 0.25, flops_kept: 1", on=NETWORK, first=4),
    ),
    told(
        "pruned-equals-unpruned",
        f"{POINT} 1 top5_error, row 2: top5_error: 9.5, before and after",
        one("top5_error: 9.9, speedup: 2", "top5_error: 9.5, speedup: 3", base="base_top5_error: 9.5"),
    ),
    told(
        "column-of-its-own",
        f"{POINT} 1 top5, row 2: top5: no top1, which the other 3 points have",
        one("top1: 70.0", "top5: 70.0", "top1: 71.0", "top1: 72.0"),
    ),
    told(
        "more-decimals-than-its-column",
        f"""
        {POINT} 2 top1, row 3: top1: 9.555; the others have 2 decimals at most
        bob2016title, experiments 0 base_top1, row 1: base_top1: 7.25; the others have 1 decimals at most
        """,
        one("top1: 70.5", "top1: 72.25", "top1: 9.555"),
        one("top1: 70.5", "top1: 7.5", base="base_top1: 7.25", paper="bob2016title"),
    ),
    told(
        "place-names-another-share",
        f"{POINT} 0 params_removed, row 1: params_removed: 0.5, but named 9 %, 30 %, 75 %",
        one(NAMED.replace("@", "75 %, 9 %, 30 % of 2 layers"), "params_removed: 0.75"),
    ),
    told(
        "shares-in-two-ways",
        f"""
        {POINT} 1 params_kept, params: shares: 2 points with params_kept, 3 with params_removed; see row 2
        {POINT} 2 flops_removed, flops: shares: 3 points with flops_kept, 2 with flops_removed; see row 3
        """,
        one("params_removed: 0.1, flops_kept: 0.1", "params_kept: 0.2, flops_kept: 0.2",
            "params_removed: 0.3, flops_removed: 0.3", "params_kept: 0.4, flops_removed: 0.4",
            "params_removed: 0.5, flops_kept: 0.5"),
    ),
    told(
        "shares-in-two-ways",
        f"{POINT} 1 params_kept, params: shares: 1 points with params_kept, 1 with params_removed; see row 2",
        one("params_removed: 0.1", "params_kept: 0.2"),
    ),
    told(
        "sign-of-its-own",
        f"{POINT} 8 top5_change, row 9: top5_change: 0.5; 8 others have the other sign",
        one(*LOSSES, "top5_change: 0.5, speedup: 9"),
    ),
    told(
        "sign-of-its-own",
        f"{POINT} 0 top5_change, row 1: top5_change: -0.5; 5 others have the other sign",
        one("top5_change: -0.5", *(loss.replace("-", "") for loss in LOSSES[:5])),
    ),
    told(
        "sign-of-its-own",
        f"""
        {POINT} 5 top1_change, row 6: top1_change: 6; 5 others have the other sign
        bob2016title, experiments 0 curves 0 points 5 top1_change, row 6: top1_change: 6; 5 others have the other sign
        """,
        *(one(*GAINS, "top1_change: 6, speedup: 6", paper=paper) for paper in ("ada2015title", "bob2016title")),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


def test_the_accuracy_of_a_collapsed_network_is_told(corpus_of: Callable[..., Corpus]) -> None:
    said = sayings("collapsed-above-chance", corpus_of(one("top5: 62.5", "top5_error: 38.5, collapsed: true")))
    assert said == [f"{POINT} 1 top5, row 2: top5: 61.5 %"]


def test_two_cells_with_more_decimals_are_no_slip(corpus_of: Callable[..., Corpus]) -> None:
    record = one("top1: 70.5", "top1: 9.55", "top1: 8.55")
    assert subjects("more-decimals-than-its-column", corpus_of(record)) == []
