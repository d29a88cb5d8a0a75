"""Reports that disagree about one unpruned network: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from audit_records import A, Edge, Told, edge, experiment, one, others, sayings, subjects, told, two
from prunelit.analysis.audit.rules.spread import outlying
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import Architecture, UnprunedModel, UnprunedSource

TWO, THREE = ("bob", "cia"), ("bob", "cia", "eve")


def table(*models: dict[str, object], name: str = "table") -> UnprunedSource:
    """A table of reference models, those of the network that the records prune unless it says otherwise."""
    rows = tuple(UnprunedModel.model_validate({"architecture": "Net"} | model) for model in models)
    return UnprunedSource(name=name, title="Models", dataset="Set", reference=True, models=rows)


def closed(text: str, collection: str = "blalock2020") -> str:
    return text.replace("blalock2020-notes", collection)


EDGES = [
    edge("unpruned-model-far-from-others", "76.70", "76.71", one(base="base_top1: @"),
         *others("base_top1: 76.2", *THREE)),
    edge("unpruned-model-far-from-others", "75.70", "75.69", one(base="base_top5: @"),
         *others("base_top5: 76.2", *THREE)),
    edge("unpruned-model-far-from-others", "10.20M", "10.21M", one(base="base_params: @"),
         *others("base_params: 10.0M", *THREE)),
    edge("unpruned-model-far-from-others", "85.37", "85.38",  # the median is 75, the deviation 2; 2 * 3.5 / 0.6745
         one(base="base_top1: @"),
         *(one(base=f"base_top1: {top1}", paper=f"{name}2016title")
           for name, top1 in zip(("bob", "cia", "dan", "eve"), (72, 73, 75, 76), strict=True))),
    edge("unpruned-model-far-from-others", "Other", "Net", one(base="base_top1: 80.0"),
         *others("base_top1: 76.2", *TWO), one(base="base_top1: 76.2", on="Set/@", paper="eve2016title")),
    edge("unpruned-model-far-from-others", "top1: 79.0, top1_change: -1.0}]}]", "speedup: 2.0}]}]\n    base_top1: 80.0",
         one("@").replace("}]}]\n", "\n"), *others("base_top1: 76.2", *THREE)),
    edge("unpruned-model-far-from-others", "base_flops", "base_params", one(base="@: 20M"),
         *others("base_params: 10M, base_flops: 10M", *THREE)),
    edge("unpruned-model-far-from-others", "blalock2020", "contributed", closed(one(base="base_top1: 80.0"), "@"),
         *others("base_top1: 76.2", *THREE)),
    edge("few-reports-far-apart", "75.0", "75.1", one(base="base_top1: @"), *others("base_top1: 70.0", "bob")),
    edge("few-reports-far-apart", "75.0", "75.1", one(base="base_top5: @"), *others("base_top5: 70.0", "bob")),
    edge("few-reports-far-apart", "12.5M", "12.6M", one(base="base_params: @"), *others("base_params: 10.0M", "bob")),
    edge("few-reports-far-apart", "12.5G", "12.6G", one(base="base_flops: @"), *others("base_flops: 10.0G", *THREE)),
    edge("few-reports-far-apart", "Net", "Other", one(base="base_top1: 60.0"), *others("base_top1: 70.0", *TWO),
         one(base="base_top1: 70.0", on="Set/@", paper="eve2016title")),
    edge("few-reports-far-apart", "blalock2020", "contributed", closed(one(base="base_top1: 80.0"), "@"),
         *others("base_top1: 70.0", "bob")),
    edge("few-reports-far-apart", "70.0", "80.0", closed(one(base="base_top1: 70.0")),
         one(base="base_top1: 70.0", paper="bob2016title"), one(base="base_top1: @", paper="cia2016title")),
    edge("unlike-others-on-dataset", "81.0", "81.1", one(base="base_top1: @", on="Set/Other"),
         *others("base_top1: 76.0", *THREE)),
    edge("unlike-others-on-dataset", "71.0", "70.9", one(base="base_top5: @", on="Set/Other"),
         *others("base_top5: 76.0", *THREE)),
    edge("unlike-others-on-dataset", "81.0", "81.1", one(base="base_top1: @"), *others("base_top1: 70.0", *TWO),
         one(base="base_top1: 76.0", paper="eve2016title", on="Set/Other")),
    edge("unlike-others-on-dataset", "Other", "Set", one(base="base_top1: 90.0"), *others("base_top1: 76.0", *TWO),
         one(base="base_top1: 76.0", on="@/Other", paper="eve2016title")),
    edge("unlike-others-on-dataset", "base_params: 90M", "base_top1: 90.0", one(base="@"),
         *others("base_params: 10M, base_top1: 76.0", *THREE)),
    edge("unlike-others-on-dataset", "base_top5", "base_top1", one(base="base_top1: 90.0"),
         *others("@: 76.0", *THREE)),
    edge("unlike-others-on-dataset", "blalock2020", "contributed", closed(one(base="base_top1: 90.0"), "@"),
         *others("base_top1: 76.0", *THREE)),
    edge("two-unpruned-models-in-one-paper", "72.0", "72.1", two("speedup: 2", "base_top1: 71.0 | base_top1: @")),
    edge("two-unpruned-models-in-one-paper", "11.0M", "11.1M", two("speedup: 2", "base_params: 10M | base_params: @")),
    edge("two-unpruned-models-in-one-paper", "224", "192",
         two("speedup: 2",
             "base_top1: 71.0, conditions: {resolution: 192} | base_top1: 75.0, conditions: {resolution: @}")),
    edge("two-unpruned-models-in-one-paper", "Other", "Net",
         two("speedup: 2", "base_top1: 71.0 | base_top1: 75.0", then="Set/@")),
    edge("two-unpruned-models-in-one-paper", "copied", "rerun",
         one("speedup: 2", base="base_top1: 71.0")
         + experiment("speedup: 2", base="base_top1: 75.0", curve="method: A", first=2).replace("own", "@")),
    edge("two-unpruned-models-in-one-paper", "unclear", "rerun",
         one("speedup: 2", base="base_top1: 71.0")
         + experiment("speedup: 2", base="base_top1: 75.0", curve="method: A", first=2).replace("own", "@")),
    edge("size-differs-between-datasets", "12.5M", "12.6M",
         two("speedup: 2", "base_params: 10.0M | base_params: @", then="Other/Net")),
    edge("size-differs-between-datasets", "8.0M", "7.9M",
         two("speedup: 2", "base_params: 10.0M | base_params: @", then="Other/Net")),
    edge("size-differs-between-datasets", "Set", "Other",
         two("speedup: 2", "base_params: 10M | base_params: 20M", then="@/Net")),
    edge("size-differs-between-datasets", "Other", "Net",
         two("speedup: 2", "base_params: 10M | base_params: 20M", then="Other/@")),
    edge("size-differs-between-datasets", "base_flops", "base_params",
         two("speedup: 2", "@: 10M | @: 20M", then="Other/Net")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


NET = Architecture(name="Net", family="Nets")
REFERENCE = table({"params": "10M", "flops": "2G", "top1": Decimal("76.0")})
BESIDE = [
    edge("unpruned-model-far-from-others", "Other", "Net", one(base="base_top1: 80.0"),
         *others("base_top1: 76.0", *TWO), one(base="base_top1: 76.0", on="Set/@", paper="eve2016title")),
    edge("few-reports-far-apart", "81.0", "81.1", one(base="base_top1: @")),
    edge("few-reports-far-apart", "81.0", "81.1", closed(one(base="base_top1: @"))),
    edge("few-reports-far-apart", "81.0", "81.1", one(base="base_top1: @"), *others("base_top1: 76.0", *TWO)),
    edge("few-reports-far-apart", "base_flops: 9G", "base_params: 20M", one(base="@")),
    edge("unlike-others-on-dataset", "81.0", "81.1", one(base="base_top1: @"), *others("base_top1: 74.0", *TWO)),
    edge("two-unpruned-models-in-one-paper", "71.0", "71.1", two("speedup: 2", "base_top1: 70.0 | base_top1: @")),
    edge("size-differs-between-datasets", "12.5M", "12.6M",
         two("speedup: 2", "base_params: 10M | base_params: @", then="Other/Net")),
]  # fmt: skip
"""The same with a table of reference models, which is one report but no paper."""


@pytest.mark.parametrize("edge", BESIDE, ids=str)
def test_rule_begins_where_it_says_beside_a_reference(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(partial(corpus_of, architectures=(NET,), unpruned=(REFERENCE,))) == [False, True]


TOLD = [
    told(
        "unpruned-model-far-from-others",
        "ada2015title, experiments 0 base_top1, row 1: base_top1: 80 for Net on Set; median of 4 reports 76.2",
        one(base="survey_row: 1, base_top1: 80.0"), *others("base_top1: 76.2", *THREE),
    ),
    told(
        "few-reports-far-apart",
        "bob2016title, experiments 0 base_top1, row 1: base_top1: 80 for Net on Set; median of 2 reports 70",
        one(base="base_top1: 70.0"), one(base="survey_row: 1, base_top1: 80.0", paper="bob2016title"),
    ),
    told(
        "unlike-others-on-dataset",
        "ada2015title, experiments 0 base_top1_error, row 1: base_top1_error: 90 on Set; others from 70 to 75",
        one(base="survey_row: 1, base_top1_error: 10.0", on="Set/Other"),
        *others("base_top1: 75.0", *TWO), one(base="base_top1: 70.0", paper="eve2016title"),
    ),
    told(
        "two-unpruned-models-in-one-paper",
        "ada2015title, experiments 1 base_top1, row 2: base_top1: 73.6, but 71.5 in row 1",
        two("top1: 70.0", "base_top1: 71.5 | base_top1: 73.6"),
    ),
    told(
        "size-differs-between-datasets",
        """
        ada2015title, experiments 1 base_params, row 2: base_params: 2e+07 on Two, but 1e+07 on Set
        ada2015title, experiments 2 base_params, row 3: base_params: 3e+07 on Three, but 1e+07 on Set
        """,
        two("params: 1M", "base_params: 10M | base_params: 20M", then="Two/Net")
        + experiment("params: 1M", base="base_params: 30M", on="Three/Net", first=3),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_the_same_of_a_record_beside_the_others(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert told.of_last_beside_others(corpus_of) == told.of_last


@pytest.mark.parametrize(
    ("value", "floor", "found"),
    [(3.5, 0.0, False), (3.51, 0.0, True), (-3.51, 0.0, True), (4.0, 4.0, False), (4.0, 3.9, True)],
)
def test_a_report_is_outlying_beyond_limit_and_floor(value: float, floor: float, found: bool) -> None:
    assert outlying(value, 0.0, 0.6745, floor) is found  # the deviation is such that the limit is at 3.5


def test_two_values_of_one_paper_are_no_reports_of_two(corpus_of: Callable[..., Corpus]) -> None:
    text = two("speedup: 2", "base_top1: 70.0 | base_top1: 80.0")
    assert subjects("few-reports-far-apart", corpus_of(text)) == []


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({"params": "10M"}, {"params": "12.5M"}, ""),
        ({"params": "10M"}, {"params": "12.6M"}, "Net: params: 1.0e+7 in one, 1.26e+7 in two"),
        ({"params": "10M"}, {"params": "7.9M"}, "Net: params: 1.0e+7 in one, 7.9e+6 in two"),
        ({"flops": "10G"}, {"flops": "8.0G"}, ""),
        ({"flops": "10G"}, {"flops": "7.9G"}, "Net: flops: 1.0e+10 in one, 7.9e+9 in two"),
        ({"params": "10M"}, {"params": "20M", "architecture": "Other"}, ""),
        ({"params": "10M"}, {"flops": "20M"}, ""),
        ({"flops": "20M"}, {"params": "10M"}, ""),
    ],
)
def test_references_disagree_beyond_a_quarter(
    first: dict[str, object], second: dict[str, object], found: str, corpus_of: Callable[..., Corpus]
) -> None:
    corpus = corpus_of(A, unpruned=(table(first, name="one"), table(second, name="two")))
    assert sayings("references-disagree", corpus) == [f"None, , {found}"] * bool(found)


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("multiplies_and_adds", "multiply_adds", []),
        ("multiplies_and_adds", None, []),
        ("multiplies_and_adds", "multiplies_and_adds", ["Net: flops"]),
        (None, "multiply_adds", ["Net: flops"]),
    ],
)
def test_references_may_count_operations_in_two_ways(
    one: str | None, two: str | None, found: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    first, second = table({"flops": "20G"}, name="one"), table({"flops": "10G"}, name="two")
    tables = (
        first.model_copy(update={"flop_convention": one}),
        second.model_copy(update={"flop_convention": two}),
    )
    assert subjects("references-disagree", corpus_of(A, unpruned=tables)) == found


def test_a_table_may_list_an_architecture_twice(corpus_of: Callable[..., Corpus]) -> None:
    assert subjects("references-disagree", corpus_of(A, unpruned=(table({"params": "10M"}, {"params": "20M"}),))) == []
