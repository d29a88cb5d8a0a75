"""Is it right about which papers count a multiply-add as one operation, and which as two?"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from prunelit import completed, dataset, results
from prunelit.analysis.frames.completed import complete
from prunelit.analysis.frames.flop_convention import (
    CONVENTION,
    decided,
    known_multiply_adds,
    unanimous,
    with_convention,
)
from prunelit.analysis.frames.lazy import lazy
from prunelit.schema.corpus import Corpus

ONE, TWO = "multiply_adds", "multiplies_and_adds"
STATED, BY_ARCHITECTURE = "stated by the paper", "inferred from the architecture"
BY_PAPER, UNDECIDABLE = "inferred from the paper's other results", "undecidable"

KNOWN = {"VGG-16": 15.47e9, "ResNet-50": (4.09e9 + 4.1e9) / 2}
"""Multiply-adds of two networks on ImageNet, as the two tables of unpruned models have them, corrected."""


def experiment(
    dataset: str = "ImageNet", architecture: str = "VGG-16", base: str = "", point: str = "top1: 70.0"
) -> str:
    return f"""
  - {{dataset: {dataset}, architecture: {architecture}, collections: [blalock2020], {base}
      curves: [{{origin: own, points: [{{{point}}}]}}]}}"""


def record(*experiments: str) -> str:
    return "id: one2015paper\nexperiments:" + "".join(experiments)


@pytest.fixture(scope="module")
def published(survey: Corpus) -> pd.DataFrame:
    return completed(survey, corrected=False)


def decisions(corpus: Corpus) -> list[tuple[str | None, str | None]]:
    table = completed(corpus)[["flop_convention", "flop_convention_rule"]].astype(object)
    return list(table.where(table.notna(), None).itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("ratio", "decision"),
    [
        (0.84, (None, UNDECIDABLE)),
        (0.86, (ONE, BY_ARCHITECTURE)),
        (1.0, (ONE, BY_ARCHITECTURE)),
        (1.14, (ONE, BY_ARCHITECTURE)),
        (1.16, (None, UNDECIDABLE)),
        (1.5, (None, UNDECIDABLE)),
        (1.69, (None, UNDECIDABLE)),
        (1.71, (TWO, BY_ARCHITECTURE)),
        (2.0, (TWO, BY_ARCHITECTURE)),
        (2.29, (TWO, BY_ARCHITECTURE)),
        (2.31, (None, UNDECIDABLE)),
        (4.0, (None, UNDECIDABLE)),
    ],
)
@pytest.mark.parametrize("architecture", KNOWN)
def test_unpruned_count_is_held_against_the_known_one(
    ratio: float, decision: tuple[str | None, str], architecture: str, made: Callable[..., Corpus]
) -> None:
    base = f"base_flops: {ratio * KNOWN[architecture]:.0f},"
    assert decisions(made(record(experiment(architecture=architecture, base=base)))) == [decision]


def test_stated_convention_beats_the_ratio(made: Callable[..., Corpus]) -> None:
    corpus = made(record(experiment(base=f"base_flops: 15.35G, flop_convention: {TWO},")))
    assert decisions(corpus) == [(TWO, STATED)]


@pytest.mark.parametrize(("given", "rule"), [(False, UNDECIDABLE), (True, BY_PAPER)])
def test_rows_by_themselves_take_what_their_paper_says_elsewhere(
    given: bool, rule: str, made: Callable[..., Corpus]
) -> None:
    corpus = made(record(experiment(base=f"flop_convention: {TWO},"), experiment("CIFAR-10", base="base_flops: 1G,")))
    rows, models = complete(results(corpus)), dataset(corpus).reference_models()
    of_papers = unanimous(lazy(decided(rows, models))) if given else None
    assert with_convention(rows.iloc[1:], models, of_papers)["flop_convention_rule"].tolist() == [rule]


def test_stated_convention_needs_no_count(made: Callable[..., Corpus]) -> None:
    corpus = made(record(experiment(base=f"flop_convention: {TWO},", point="flops_kept: 0.5")))
    assert decisions(corpus) == [(TWO, STATED)]


def test_point_without_counts_has_no_convention(made: Callable[..., Corpus]) -> None:
    corpus = made(record(experiment(base="base_flops: 31G,"), experiment(point="speedup: 2.0")))
    assert decisions(corpus) == [(TWO, BY_ARCHITECTURE), (None, None)]


def test_unknown_architecture_follows_the_papers_other_results(made: Callable[..., Corpus]) -> None:
    unknown = experiment("CIFAR-10", "ResNet-56", base="base_flops: 125M,")
    corpus = made(record(experiment(base="base_flops: 31G,"), unknown))
    assert decisions(corpus) == [(TWO, BY_ARCHITECTURE), (TWO, BY_PAPER)]


def test_count_after_pruning_alone_follows_the_papers_other_results(made: Callable[..., Corpus]) -> None:
    corpus = made(record(experiment(base="base_flops: 15.4G,"), experiment(point="flops: 1G")))
    assert decisions(corpus) == [(ONE, BY_ARCHITECTURE), (ONE, BY_PAPER)]


def test_mixed_paper_says_nothing_about_an_unknown_architecture(made: Callable[..., Corpus]) -> None:
    unknown = experiment("CIFAR-10", "ResNet-56", base="base_flops: 125M,")
    mixed = experiment(base="base_flops: 31G,"), experiment(architecture="ResNet-50", base="base_flops: 4.1G,")
    corpus = made(record(*mixed, unknown))
    assert decisions(corpus) == [(TWO, BY_ARCHITECTURE), (ONE, BY_ARCHITECTURE), (None, UNDECIDABLE)]


def test_count_that_fits_neither_convention_does_not_follow_the_paper(made: Callable[..., Corpus]) -> None:
    off = experiment(architecture="ResNet-50", base="base_flops: 6G,")
    corpus = made(record(experiment(base="base_flops: 31G,"), off))
    assert decisions(corpus) == [(TWO, BY_ARCHITECTURE), (None, UNDECIDABLE)]


def test_one_paper_says_nothing_about_another(made: Callable[..., Corpus]) -> None:
    unknown = experiment("CIFAR-10", "ResNet-56", base="base_flops: 125M,")
    other = record(unknown).replace("one2015paper", "two2015paper")
    corpus = made(record(experiment(base="base_flops: 31G,")), other)
    assert decisions(corpus) == [(TWO, BY_ARCHITECTURE), (None, UNDECIDABLE)]


def test_what_a_paper_counts_is_decided_once_for_all_rows_that_agree(made: Callable[..., Corpus]) -> None:
    rows = (experiment(base="base_flops: 31G,"), experiment(base="base_flops: 31G,"))
    corpus = made(record(*rows, experiment("CIFAR-10", "ResNet-56", base="base_flops: 125M,")))
    found = decided(results(corpus), dataset(corpus).reference_models())
    assert found.values.tolist() == [["one2015paper", TWO]]


def test_known_count_of_another_dataset_says_nothing(made: Callable[..., Corpus]) -> None:
    corpus = made(record(experiment("CIFAR-10", base="base_flops: 15.4G,")))
    assert decisions(corpus) == [(None, UNDECIDABLE)]


@pytest.mark.parametrize(("base", "expected"), [("15.4G", 15.4e9), ("31G", 15.5e9), ("23G", None)])
def test_unpruned_count_is_given_in_multiply_adds(
    base: str, expected: float | None, made: Callable[..., Corpus]
) -> None:
    [found] = completed(made(record(experiment(base=f"base_flops: {base},"))))["base_multiply_adds"]
    assert (None if pd.isna(found) else found) == expected


def test_reported_count_stays_as_reported(made: Callable[..., Corpus]) -> None:
    table = completed(made(record(experiment(base="base_flops: 31G,", point="flops: 7G"))))
    assert table[["base_flops", "flops", "flops_kept"]].values.tolist() == [[31e9, 7e9, pytest.approx(7 / 31)]]


def test_known_count_is_the_median_of_the_reference_tables(whole: Corpus) -> None:
    printed: dict[tuple[str, str], list[float]] = {}
    for source in whole.unpruned:
        for model in source.models:
            if source.reference and model.flops is not None:
                printed.setdefault((source.dataset, model.architecture), []).append(float(model.flops))
    expected = {key: statistics.median(values) for key, values in printed.items()}
    published = dataset(whole, corrected=False).reference_models()
    assert known_multiply_adds(published).to_dict() == pytest.approx(expected)
    assert known_multiply_adds(dataset(whole, "blalock2020").reference_models()).to_dict() == pytest.approx(expected)


def test_counts_without_fully_connected_layers_are_corrected(whole: Corpus) -> None:
    published = dataset(whole, corrected=False).reference_models()
    corrected = dataset(whole).reference_models()
    added = (corrected["flops"] - published["flops"]).groupby(corrected["architecture"]).sum()
    layers = 4096 * 4096 + 4096 * 1000
    expected = {name: 25_088 * 4096 + layers for name in added.index if name.startswith("VGG")}
    expected["AlexNet"] = 9216 * 4096 + layers
    assert added[added.ne(0)].to_dict() == pytest.approx(expected, abs=15e6)


def test_reference_table_that_counts_twice_is_halved(whole: Corpus) -> None:
    doubled = tuple(source.model_copy(update={"flop_convention": TWO}) for source in whole.unpruned)
    before = dataset(whole).reference_models()["flops"]
    after = dataset(replace(whole, unpruned=doubled)).reference_models()["flops"]
    assert after.dropna().tolist() == [value / 2 for value in before.dropna()]


@pytest.mark.parametrize(
    ("paper", "architecture", "decision"),
    [
        ("han2015learning", "VGG-16", (TWO, BY_ARCHITECTURE)),
        ("han2015learning", "CaffeNet", (TWO, BY_PAPER)),
        ("li2016pruning", "ResNet-34", (ONE, BY_ARCHITECTURE)),
        ("li2016pruning", "ResNet-56", (ONE, BY_PAPER)),
        ("yang2017designing", "AlexNet", (ONE, STATED)),
        ("luo2017thinet", "ResNet-50", (TWO, BY_ARCHITECTURE)),
        ("kim2015compression", "VGG-16", (ONE, BY_ARCHITECTURE)),
        ("figurnov2016perforatedcnns", "AlexNet", (None, UNDECIDABLE)),
        ("huang2018data", "VGG-16", (TWO, BY_ARCHITECTURE)),
        ("huang2018data", "ResNet-50", (ONE, BY_ARCHITECTURE)),
    ],
)
def test_convention_of_a_paper_of_the_survey(
    paper: str, architecture: str, decision: tuple[str | None, str], published: pd.DataFrame
) -> None:
    rows = published[(published["paper_id"] == paper) & (published["architecture"] == architecture)]
    counted = rows[rows["base_flops"].notna()][["flop_convention", "flop_convention_rule"]].astype(object)
    assert set(counted.where(counted.notna(), None).itertuples(index=False, name=None)) == {decision}


def test_conventions_come_from_this_analysis() -> None:
    assert {column.source for column in CONVENTION} == {"analysis.frames.flop_convention"}
