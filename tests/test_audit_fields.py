"""Numbers in the field of another: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from audit_records import Edge, Told, edge, experiment, one, others, sayings, subjects, told, two
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import UnprunedModel, UnprunedSource

EDGES = [
    *(
        edge("error-in-accuracy-field", quiet, loud, one(base="base_top5: @"), *others(f"base_top5: {known}", "bob"))
        for quiet, loud, known in (("15.25", "15.24", "89.75"), ("5.25", "5.26", "89.75"), ("47.5", "47.4", "52.5"))
    ),
    *(
        edge("error-in-accuracy-field", quiet, loud, one("top1: @", base=f"base_top1: {known}"))
        for quiet, loud, known in (("35.0", "34.9", "65.0"), ("18.0", "18.1", "77.0"), ("29.0", "28.9", "77.0"),
                                   ("85.0", "85.1", "10.0"), ("95.0", "94.9", "10.0"))
    ),
    edge("error-in-accuracy-field", "top1_error: 66.0", "top1: 34.0", one("@", base="base_top1: 65.0")),
    edge("error-in-accuracy-field", "base_top1_error: 76.0", "base_top1: 24.0", one(base="@"),
         *others("base_top1: 76.0", "bob")),
    edge("error-in-accuracy-field", "speedup: 2.0", "top1: 24.0", one("@", base="base_top1: 76.0")),
    edge("error-in-accuracy-field", "base_top5: 76.0", "base_top1: 76.0", one("top1: 24.0", base="@")),
    edge("error-in-accuracy-field", "base_top5: 76.0", "base_top1: 76.0", one(base="base_top1: 24.0"),
         *others("@", "bob")),
    edge("error-in-accuracy-field", "base_params", "base_top1", one(base="@: 24"), *others("@: 76", "bob")),
    edge("accuracy-in-error-field", "70.0", "70.1", one("top1_error: @", base="base_top1: 76.0")),
    edge("accuracy-in-error-field", "81.0", "80.9", one("top5_error: @", base="base_top5: 76.0")),
    edge("error-in-accuracy-field", "base_top5: 76.0", "base_top1: 76.0", one("top1: 24.0"), *others("@", "bob")),
    edge("accuracy-in-error-field", "base_top5: 76.0", "base_top1: 76.0", one("top1_error: 76.0"), *others("@", "bob")),
    edge("accuracy-in-error-field", "71.0", "71.1", one(base="base_top1_error: @"), *others("base_top1: 76.0", "bob")),
    edge("accuracy-in-error-field", "top1: 34.0", "top1_error: 66.0", one("@", base="base_top1: 65.0")),
    edge("accuracy-in-error-field", "base_top1: 24.0", "base_top1_error: 76.0", one(base="@"),
         *others("base_top1: 76.0", "bob")),
    edge("fraction-in-error-field", "1.00", "0.99", one(base="base_top1_error: @"), *others("base_top1: 76.0", "bob")),
    edge("fraction-in-error-field", "95.0", "94.9", one(base="base_top1_error: 0.5"), *others("base_top1: @", "bob")),
    edge("fraction-in-error-field", "base_top1: 99.5", "base_top1_error: 0.5", one(base="@"),
         *others("base_top1: 76.0", "bob")),
    edge("fraction-in-error-field", "base_top5: 76.0", "base_top1: 76.0", one(base="base_top1_error: 0.5"),
         *others("@", "bob")),
    edge("fraction-in-error-field", "1.00", "0.99", one("top1_error: @", base="base_top1: 76.0")),
    edge("fraction-in-error-field", "95.0", "94.9", one("top5_error: 0.5", base="base_top5: @")),
    edge("fraction-in-error-field", "base_top5", "base_top1", one("top1_error: 0.5", base="@: 76.0")),
    edge("fraction-in-error-field", "top1: 99.5", "top1_error: 0.5", one("@", base="base_top1: 76.0")),
    edge("fraction-in-change-field", "0.100", "0.099", one("top1_change: @")),
    edge("fraction-in-change-field", "-0.05", "-0.050", one("top5_change: @")),
    edge("fraction-in-change-field", "-0.100", "-0.099", one("top1_change: @")),
    edge("fraction-in-change-field", "0.000", "0.001", one("top1_change: @")),
    *(
        edge("shifted-decimal", quiet, loud, one(base="base_params: @"), *others("base_params: 25.5M", "bob", "eve"))
        for quiet, loud in (("282M", "278M"), ("230M", "233M"), ("25.5M", "2.55M"))
    ),
    edge("shifted-decimal", "76.5", "7.65", one(base="base_top1: @"), *others("base_top1: 76.0", "bob")),
    edge("shifted-decimal", "2.0", "1.0", one(base="base_top1: @"), *others("base_top1: 10.0", "bob", "cia")),
    edge("shifted-decimal", "4G", "0.4G", one(base="base_flops: @"), *others("base_flops: 4.1G", "bob")),
    edge("shifted-decimal", "100.0", "99.5", one(base="base_top1_error: @"), *others("base_top1: 5.0", "bob")),
    edge("shifted-decimal", "base_top5_error: 100.0", "base_top5: 5.0", one(base="base_top5: 50.0"),
         *others("@", "bob")),
    edge("params-and-flops-swapped", "4.52B", "4.48B", one(base="base_params: @"),
         *others("base_params: 25.5M, base_flops: 4.09G", "bob", "eve")),
    edge("params-and-flops-swapped", "4.1G", "25.5M", one(base="base_flops: @"),
         *others("base_params: 25.5M, base_flops: 4.09G", "bob")),
    edge("params-and-flops-swapped", "4.1B", "5.1B", one(base="base_params: 4.1B"),
         *others("base_params: @, base_flops: 4.1G", "bob", "eve")),
    edge("more-parameters-than-operations", "1.000M", "0.999M", one("params: 1.01M, flops: @")),
    edge("more-parameters-than-operations", "1.000M", "0.999M", one(base="base_params: 1.01M, base_flops: @")),
    edge(
        "more-parameters-than-operations", "4.91K", "4.90K",
        one("params: 15K, flops: @", base="base_params: 1.005M, base_flops: 1.000M"),
    ),
    edge(
        "more-parameters-than-operations", "5.95K", "5.94K",
        one("params: 15K, flops: @", base="base_params: 0.900M, base_flops: 1.000M"),
    ),
    edge(
        "more-parameters-than-operations", "4.86K", "4.85K",
        one("params: 15K, flops: @", base="base_params: 1.01M, base_flops: 1.00M"),
    ),
    *(
        edge("more-parameters-than-operations", f"params: 2B, {scope}_scope: convolutions", "params: 2B",
             one("flops: 1M, @"))
        for scope in ("params", "flops")
    ),
    *(
        edge("more-parameters-than-operations", "5M", "1M", one("params: 2M, flops: @", base=base))
        for base in ("base_params: 3M", "base_flops: 3M")
    ),
    edge("more-parameters-than-operations", "speedup: 2.0", "flops: 1M", one("params: 2B, @")),
    edge("more-parameters-than-operations", "speedup: 2.0", "params: 2B", one("flops: 1M, @")),
    edge("unpruned-size-as-pruned", "25.33M", "25.36M", one("params: @"), *others("base_params: 25.6M", "bob")),
    edge("unpruned-size-as-pruned", "25.87M", "25.84M", one("params: @"), *others("base_params: 25.6M", "bob")),
    edge("unpruned-size-as-pruned", ", params_scope: convolutions", "",
         one("params: 25.6M@"), *others("base_params: 25.6M", "bob")),
    edge("unpruned-size-as-pruned", "4.2G", "4.0G", one("flops: @"), *others("base_flops: 4.0G", "bob")),
    edge("unpruned-size-as-pruned", "Other", "Net",
         one("params: 25.6M") + experiment(base="base_params: 25.6M, survey_row: 2"),
         one(base="base_params: 25.6M", on="Set/@", paper="bob2016title")),
    *(
        edge("unpruned-size-as-pruned", said, "top1: 70.0",
             one("params: 25.6M, @"), *others("base_params: 25.6M", "bob"))
        for said in ("params_kept: 0.5", "params_removed: 0.5", "compression_ratio: 2.0")
    ),
    edge("unpruned-size-as-pruned", "base_params: 30M", "base_flops: 4G", one("params: 25.6M", base="@"),
         *others("base_params: 25.6M", "bob")),
    edge("share-given-in-two-ways", "flops_removed", "flops_kept", one("flops_removed: 0.3", "@: 0.5")),
    edge("share-given-in-two-ways", "params_kept", "params_removed", one("params_kept: 0.3", "@: 0.5")),
    edge("share-given-in-two-ways", "params_removed: 0.4, params_kept: 0.6", "params_kept: 0.6",
         one("params_removed: 0.3, params_kept: 0.7", "@")),
    edge("one-digit-off", "71.52", "71.61", two("top1: 70.0", "base_top1: 71.51 | base_top1: @")),
    edge("one-digit-off", "72.61", "72.51", two("top1: 70.0", "base_top5: 71.51 | base_top5: @")),
    edge("one-digit-off", "71.51", "61.51", two("top1: 70.0", "base_top5: 71.51 | base_top5: @")),
    edge("one-digit-off", "10.51", "8.51", two("top1: 70.0", "base_top1: 9.51 | base_top1: @")),
    edge("one-digit-off", "bob2016title", "ada2015title", one("top1: 70.0", base="base_top1: 71.51"),
         one("top1: 70.0", base="base_top1: 71.71", paper="@")),
    edge("one-digit-off", "base_params: 71.71M", "base_top1: 71.71",
         one("top1: 70.0", base="base_top1: 71.51, base_params: 71.51M") + experiment("top1: 70.0", base="@", first=2)),
    edge("same-baseline-for-two-networks", "71", "71.0",
         two("speedup: 2", "base_top1: @ | base_top1: @", then="Other/Net")),
    edge("same-baseline-for-two-networks", "29.2", "29.1",
         two("speedup: 2", "base_top5_error: 29.1 | base_top5_error: @", then="Other/Net")),
    edge("same-baseline-for-two-networks", "Other", "Net",
         two("speedup: 2", "base_top1: 71.5 | base_top1: 71.5", then="Other/@")),
    edge("same-baseline-for-two-networks", "Net", "Other",
         two("speedup: 2", "base_top1: 71.5 | base_top1: 71.5", then="Set/@")),
    edge("same-baseline-for-two-networks", "bob2016title", "ada2015title", one(base="base_top1: 71.5"),
         one(base="base_top1: 71.5", on="Set/Other", paper="@")),
    edge("same-baseline-for-two-networks", "base_top5", "base_top1",
         two("speedup: 2", "base_top1: 71.5 | @: 71.5", then="Set/Other")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


POINT = "ada2015title, experiments 0 curves 0 points"
TOLD = [
    told(
        "error-in-accuracy-field",
        f"""
        ada2015title, experiments 1 base_top1, row 2: base_top1: 24.5, while others report about 75
        {POINT} 0 top5, row 1: top5: 9.0, with an unpruned accuracy of 91.00
        """,
        one("top5: 9.0", base="base_top5: 91.0", on="Set/Other")
        + experiment(base="base_top1: 24.5, survey_row: 2"),
        *others("base_top1: 74.0", "bob"), *others("base_top1: 76.0", "cia"),
    ),
    told(
        "accuracy-in-error-field",
        f"""
        ada2015title, experiments 1 base_top1_error, row 2: base_top1_error: 75.5, while others report about 75
        {POINT} 0 top5_error, row 1: top5_error: 91.0, with an unpruned accuracy of 91.00
        """,
        one("top5_error: 91.0", base="base_top5_error: 9.0", on="Set/Other")
        + experiment(base="base_top1_error: 75.5, survey_row: 2"),
        *others("base_top1: 74.0", "bob"), *others("base_top1: 76.0", "cia"),
    ),
    told(
        "fraction-in-error-field",
        f"""
        ada2015title, experiments 1 base_top1_error, row 2: base_top1_error: 0.24, while others report about 75
        {POINT} 0 top5_error, row 1: top5_error: 0.09, with an unpruned accuracy of 91.00
        """,
        one("top5_error: 0.09", base="base_top5_error: 9.0", on="Set/Other")
        + experiment(base="base_top1_error: 0.24, survey_row: 2")
        + experiment(base="base_top1_error: 0.24, survey_row: 3", on="Set/Third"),
        *others("base_top1: 74.0", "bob"), *others("base_top1: 76.0", "cia"),
    ),
    told(
        "fraction-in-change-field",
        f"{POINT} 1 top5_change, row 2: top5_change: -0.0123",
        one("top1_change: -1.23", "top1_change: -1.23, top5_change: -0.0123"),
    ),
    told(
        "shifted-decimal",
        "ada2015title, experiments 0 base_params, row 1: base_params: 2.56e+06, while others report about 2.5e+07",
        one(base="base_params: 2.56M, survey_row: 1"), *others("base_params: 25M", "bob", "cia"),
    ),
    told(
        "params-and-flops-swapped",
        """
        ada2015title, experiments 0 base_params, row 1: base_params: 4.1e+09, which others report as flops
        ada2015title, experiments 0 base_flops, row 1: base_flops: 2.6e+07, which others report as params
        """,
        one(base="base_params: 4.1B, base_flops: 26M, survey_row: 1"),
        *others("base_params: 25.5M, base_flops: 4.09G", "bob", "cia"),
    ),
    told(
        "params-and-flops-swapped",
        "bob2016title, experiments 0 base_flops, experiment 0: base_flops: 4.1e+09, which others report as params",
        one("params: 2.05B, params_kept: 0.5"), *others("base_params: 25.5M, base_flops: 4.1G", "bob"),
    ),
    told(
        "more-parameters-than-operations",
        f"""
        {POINT} 0 params, row 1: params: 2.0e+9 parameters, 1e+6 operations
        ada2015title, experiments 0 base_params, row 1: base_params: 3.0e+9 parameters, 2e+6 operations
        """,
        one("params: 2.0B, flops: 1M", base="base_params: 3.0B, base_flops: 2M"),
    ),
    told(
        "unpruned-size-as-pruned",
        f"""
        {POINT} 1 params, row 2: params: 2.55e+7, the unpruned params of others
        {POINT} 2 flops, row 3: flops: 4.1e+9, the unpruned flops of others
        """,
        one("params: 12M", "params: 25.5M", "flops: 4.1G"),
        *others("base_params: 20M", "bob"), *others("base_params: 25.6M, base_flops: 4.09G", "cia"),
    ),
    told(
        "share-given-in-two-ways",
        f"{POINT} 1 params_kept, row 2: params_kept: 0.5, but 0.3 params_removed in row 1",
        one("params_removed: 0.3", "params_kept: 0.5", "params_kept: 0.6", "params_removed: 0.2"),
    ),
    told(
        "one-digit-off",
        "ada2015title, experiments 1 base_top1_error, row 2: base_top1_error: 71.71, but 71.51 in row 1",
        one("top1: 70.0", base="base_top1: 71.51") + experiment("top1: 70.0", base="base_top1_error: 28.29", first=2),
    ),
    told(
        "same-baseline-for-two-networks",
        """
        ada2015title, experiments 1 base_top1, row 2: base_top1: 71.51 for Other on Set as for Net on Set (row 1)
        ada2015title, experiments 3 base_top1, row 4: base_top1: 71.51 for Third on Set as for Net on Set (row 1)
        ada2015title, experiments 3 base_top5_error, row 4: base_top5_error: 9.5 for Third on Set as for Net on Set @
        """.replace("@", "(row 1)"),
        one(base="base_top1: 71.51, base_top5_error: 9.5, survey_row: 1")
        + experiment(base="base_top1: 71.51, survey_row: 2", on="Set/Other")
        + experiment(base="base_top1: 71.51, survey_row: 3", on="Set/Other")
        + experiment(base="base_top1: 71.51, base_top5_error: 9.5, survey_row: 4", on="Set/Third"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


def test_a_reference_model_is_held_against_nothing(corpus_of: Callable[..., Corpus]) -> None:
    model = UnprunedModel.model_validate({"architecture": "VGG-16", "params": "2.5M"})
    table = UnprunedSource(name="table", title="Table", dataset="ImageNet", reference=True, models=(model,))
    paper = one(base="base_params: 25M, survey_row: 1", on="ImageNet/VGG-16")
    assert subjects("shifted-decimal", corpus_of(paper, unpruned=(table,))) == ["row 1: base_params"]


def test_a_reference_model_is_no_report_of_a_paper(corpus_of: Callable[..., Corpus]) -> None:
    model = UnprunedModel.model_validate({"architecture": "VGG-16", "top1": Decimal("71.71")})
    table = UnprunedSource(name="table", title="Table", dataset="ImageNet", reference=True, models=(model,))
    paper = one("top1: 70.0", base="base_top1: 71.51", on="ImageNet/VGG-16")
    assert subjects("one-digit-off", corpus_of(paper, unpruned=(table,))) == []
