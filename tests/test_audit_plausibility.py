"""Numbers that can hardly be, whatever others report: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, edge, experiment, one
from prunelit.schema.corpus import Corpus

NETWORK = "Set/Other"
GAINS = tuple(f"top1_change: -{size}, speedup: {size}" for size in (1, 2, 3, 4, 5))
EDGES = [
    edge("wide-deviation", "5.0", "5.1", one("top1: 75.0, top1_std: @")),
    edge("wide-deviation", "5.0", "5.1", one("top1: 75.0, top1_max_deviation: @")),
    edge("wide-deviation", "5.0", "5.1", one("speedup: 2.0", base="base_top1: 75.0, base_top1_std: @, base_seeds: 3")),
    edge("collapsed-above-chance", "15.0", "15.1", one("top1: @, collapsed: true")),
    edge("collapsed-above-chance", "60.0", "60.1", one("top5: @, collapsed: true")),
    edge("collapsed-above-chance", "10.0", "10.1", one("top1: @, collapsed: true", base="base_top1: 30.0")),
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
    edge("one-quantity-unchanged", "0.999", "1", one("params_kept: @, flops_kept: 0.5")),
    edge("pruned-equals-unpruned", "76.12", "76.13", one("top1: @, speedup: 2.0", base="base_top1: 76.13")),
    edge("pruned-equals-unpruned", "23.88", "23.87",
         one("top1_error: @, speedup: 2.0", base="base_top1_error: 23.87")),
    edge("pruned-equals-unpruned", "76", "76.0", one("top1: @, speedup: 2.0", base="base_top1: @")),
    edge("pruned-equals-unpruned", "75.81", "75.79",
         one("top1: 76.00, speedup: 2.0", "top1: @, speedup: 3.0", base="base_top1: 76.00")),
    edge("column-of-its-own", "params_removed", "flops_removed",
         one("params_removed: 0.2", "params_removed: 0.3", "@: 0.4")),
    edge("column-of-its-own", "speedup", "flops_removed", one("params_removed: 0.2", "params_removed: 0.3", "@: 0.4")),
    edge("column-of-its-own", "params_removed: 0.3, flops_removed: 0.3", "params_removed: 0.3",
         one("params_removed: 0.2", "@", "flops_removed: 0.4")),
    edge("more-decimals-than-its-column", "0.2", "0.055",
         one(*(f"params_removed: {share}" for share in ("0.20", "0.30", "0.40", "@")))),
    edge("more-decimals-than-its-column", "10.01", "9.99",
         one(*(f"top1: {top1}" for top1 in ("70.1", "71.2", "72.3", "@")))),
    edge("more-decimals-than-its-column", "0.0555", "0.055",
         one(*(f"params_removed: {share}" for share in ("0.20", "0.30", "0.40", "@")))),
    edge("shares-in-two-ways", "params_removed: 0.3", "params_kept: 0.7",
         one("params_removed: 0.2") + experiment("@", on=NETWORK, first=2)),
    edge("shares-in-two-ways", "params_kept", "flops_kept", one("flops_removed: 0.2") + experiment("@: 0.7", first=2)),
    edge("sign-of-its-own", "-6", "6", one(*GAINS, "top1_change: @, speedup: 6")),
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
