"""Are pairs, configurations and comparable papers counted right?"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from prunelit import comparisons, completed, results
from prunelit.analysis.compare.configurations import (
    checkable_comparisons,
    comparable_pairs,
    configurations,
    pairs,
    pairs_per_paper,
    share_comparable,
    with_unions,
)
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Experiment

Pair = tuple[str | None, str | None]

TABLE_1 = [
    (22, "ImageNet", "VGG-16"), (15, "ImageNet", "ResNet-50"), (14, "CIFAR-10", "ResNet-56"),
    (14, "MNIST", "LeNet-5-Caffe"), (12, "MNIST", "LeNet-300-100"), (11, "MNIST", "LeNet-5"),
    (10, "ImageNet", "CaffeNet"), (8, "CIFAR-10", "VGG-Torch-CIFAR10"), (8, "ImageNet", "AlexNet"),
    (6, "ImageNet", "ResNet-18"), (6, "ImageNet", "ResNet-34"), (5, "CIFAR-10", "ResNet-110"),
    (4, "CIFAR-10", "PreResNet-164"), (4, "CIFAR-10", "ResNet-32"),
]  # fmt: skip
"""Pairs that at least four papers use, as the survey publishes them."""


def counts_in(corpus: Corpus, part: str, paper: str, experiment: Experiment) -> bool:
    """Whether any headline result of an experiment counts in a part of the survey's analysis."""
    if experiment.curves is None:
        methods = [experiment.method]
    else:
        methods = [curve.method for curve in experiment.curves if not curve.sweep]
    out = [one for one in corpus.exclusions if one.paper == paper and part in (one.left_out_of or ())]
    return any(all(one.methods is not None and method not in one.methods for one in out) for method in methods)


def uses(corpus: Corpus, part: str) -> dict[str, set[Pair]]:
    """The pairs that each paper uses, by a loop over the records."""
    found: dict[str, set[Pair]] = defaultdict(set)
    for paper in corpus.papers:
        for experiment in paper.experiments or ():
            if counts_in(corpus, part, paper.id, experiment):
                found[paper.id].add((experiment.dataset, experiment.architecture))
    return found


def test_pairs_are_those_of_a_loop_over_the_records(survey: Corpus) -> None:
    wanted = Counter(pair for used in uses(survey, "counts").values() for pair in used if None not in pair)
    found = pairs(results(survey, corrected=False))
    assert {(d, a): n for d, a, n in found.itertuples(index=False)} == wanted


def test_pairs_are_the_195_of_49_datasets_and_132_architectures(survey: Corpus) -> None:
    found = pairs(results(survey, corrected=False))
    assert (len(found), found["dataset"].nunique(), found["architecture"].nunique()) == (195, 49, 132)


def test_most_used_pairs_come_first_as_in_table_1(survey: Corpus) -> None:
    found = pairs(results(survey, corrected=False))
    assert [(n, d, a) for d, a, n in found[found["papers"] >= 4].itertuples(index=False)] == TABLE_1


def test_pairs_per_paper_are_those_of_a_loop_over_the_records(survey: Corpus) -> None:
    used = {paper: {pair for pair in found if pair[0] != "MNIST"} for paper, found in uses(survey, "figure4").items()}
    wanted = [[paper, len(found)] for paper, found in sorted(used.items()) if found]
    assert pairs_per_paper(results(survey, corrected=False)).values.tolist() == wanted


@pytest.mark.parametrize("without", [(), ("MNIST",), ("MNIST", "ImageNet")])
def test_pairs_per_paper_can_leave_datasets_out(without: tuple[str, ...], survey: Corpus) -> None:
    used = uses(survey, "figure4")
    wanted = sum(pair[0] not in without for found in used.values() for pair in found)
    assert pairs_per_paper(results(survey, corrected=False), without)["pairs"].sum() == wanted


def test_unknown_name_counts_as_one_more_pair_of_a_paper(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - {dataset: ImageNet, architecture: VGG-16, collections: [blalock2020]}
  - {dataset: ImageNet, collections: [blalock2020]}
  - {dataset: ImageNet, collections: [blalock2020], method: Again}
""")
    assert (len(pairs(results(corpus))), pairs_per_paper(results(corpus))["pairs"].tolist()) == (1, [2])


def test_sweeps_use_no_pair(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [blalock2020]
    curves: [{origin: rerun, sweep: true, points: [{top1: 70.0}]}]
""")
    assert (len(pairs(results(corpus))), len(pairs_per_paper(results(corpus)))) == (0, 0)


@pytest.mark.parametrize("count", [pairs, pairs_per_paper])
def test_pairs_of_the_survey_stay_when_the_corpus_grows(
    count: Callable[[pd.DataFrame], pd.DataFrame], grown: Corpus, survey: Corpus
) -> None:
    assert_frame_equal(count(results(grown, "blalock2020")), count(results(survey)))
    assert count(results(grown)).values.tolist() != count(results(survey)).values.tolist()


def test_union_repeats_the_rows_of_its_members() -> None:
    table = pd.DataFrame({"architecture": ["A", "B", "C", "A"], "row": [1, 2, 3, 4]})
    found = with_unions(table, {"A/B": ("A", "B")})
    wanted = [["A", 1], ["B", 2], ["C", 3], ["A", 4], ["A/B", 1], ["A/B", 2], ["A/B", 4]]
    assert_frame_equal(found, pd.DataFrame(wanted, columns=list(table)))


def test_no_unions_leave_the_table_as_it_is() -> None:
    table = pd.DataFrame({"architecture": ["A", "B"], "row": [1, 2]})
    assert_frame_equal(with_unions(table, {}), table)


QUALITY = {"top1": ("top1_change",), "top5": ("top5_change",)}
EFFICIENCY = {"params": ("params_kept", "params"), "flops": ("flops_kept", "flops")}


def says(row: dict[Hashable, Any], columns: tuple[str, ...]) -> bool:
    return any(not pd.isna(row[one]) for one in columns)


def brute_configurations(table: pd.DataFrame) -> set[tuple[str, ...]]:
    """Every configuration of every paper, row by row."""
    found: set[tuple[str, ...]] = set()
    for row in table.to_dict("records"):
        if row["sweep"] or pd.isna(row["dataset"]) or pd.isna(row["architecture"]):
            continue
        for quality, of_quality in QUALITY.items():
            for efficiency, of_efficiency in EFFICIENCY.items():
                if says(row, of_quality) and says(row, of_efficiency):
                    found.add((row["paper_id"], row["dataset"], row["architecture"], quality, efficiency))
    return found


def brute_pairs(found: set[tuple[str, ...]]) -> dict[tuple[str, str], int]:
    """How many configurations each two papers share, two papers at a time."""
    of_paper: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for paper, *configuration in found:
        of_paper[paper].add(tuple(configuration))
    shared = {(a, b): len(of_paper[a] & of_paper[b]) for a, b in combinations(sorted(of_paper), 2)}
    return {pair: count for pair, count in shared.items() if count}


@pytest.fixture(scope="module")
def points(survey: Corpus) -> pd.DataFrame:
    return completed(survey, corrected=False)


def test_configurations_are_those_found_row_by_row(points: pd.DataFrame) -> None:
    found = list(configurations(points).itertuples(index=False, name=None))
    assert found == sorted(brute_configurations(points))


def test_comparable_pairs_are_those_found_two_papers_at_a_time(points: pd.DataFrame) -> None:
    found = comparable_pairs(configurations(points)).itertuples(index=False)
    assert {(a, b): shared for a, b, shared in found} == brute_pairs(brute_configurations(points))


def test_256_of_3240_pairs_of_papers_are_comparable(points: pd.DataFrame) -> None:
    found = comparable_pairs(configurations(points))
    assert (len(found), round(100 * share_comparable(len(found), 81), 1)) == (256, 7.9)
    assert share_comparable(len(found), 81) == 256 / 3240


@pytest.mark.parametrize("papers", [0, 1])
def test_without_two_papers_no_share_is_comparable(papers: int) -> None:
    assert share_comparable(0, papers) == 0.0


@pytest.mark.parametrize(("papers", "share"), [(2, 1.0), (3, 1 / 3)])
def test_share_is_that_of_all_pairs(papers: int, share: float) -> None:
    assert share_comparable(1, papers) == share


ON = """
id: {}2015paper
experiments:
  - dataset: {}
    architecture: {}
    collections: [blalock2020]
    curves:
      - {{origin: own, points: [{{top1_change: -1.0, {}params_kept: 0.5}}]}}
      - {{origin: own, sweep: true, points: [{{top1_change: -1.0, top5_change: -1.0, flops_kept: 0.5}}]}}
"""
BOTH = "top5_change: -1.0, flops: 1G, "


def frame(columns: str, *rows: list[object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split(), dtype=object)


def test_tables_of_configurations_are_in_order_and_numbered(made: Callable[..., Corpus]) -> None:
    said = (("two", "B", "X", BOTH), ("one", "B", "X", ""), ("zoo", "A", "Y", ""))
    corpus = made(*(ON.format(*one) for one in said))
    assert_frame_equal(
        configurations(completed(corpus)).astype(object),
        frame(
            "paper_id dataset architecture quality efficiency",
            ["one2015paper", "B", "X", "top1", "params"],
            ["two2015paper", "B", "X", "top1", "flops"],
            ["two2015paper", "B", "X", "top1", "params"],
            ["two2015paper", "B", "X", "top5", "flops"],
            ["two2015paper", "B", "X", "top5", "params"],
            ["zoo2015paper", "A", "Y", "top1", "params"],
        ),
    )
    used, per_paper = pairs(results(corpus)).astype(object), pairs_per_paper(results(corpus)).astype(object)
    assert_frame_equal(used, frame("dataset architecture papers", ["B", "X", 2], ["A", "Y", 1]))
    ids = ("one2015paper", "two2015paper", "zoo2015paper")
    assert_frame_equal(per_paper, frame("paper_id pairs", *([paper, 1] for paper in ids)))


def test_pairs_of_as_many_papers_come_by_name(made: Callable[..., Corpus]) -> None:
    corpus = made(*(ON.format(*where, BOTH) for where in (("one", "B", "Y"), ("two", "B", "X"), ("zoo", "A", "Z"))))
    assert pairs(results(corpus))[["dataset", "architecture"]].values.tolist() == [["A", "Z"], ["B", "X"], ["B", "Y"]]


def test_comparable_pairs_are_numbered_in_the_order_of_ids(made: Callable[..., Corpus]) -> None:
    corpus = made(*(ON.format(paper, "A", "X", BOTH) for paper in ("two", "one", "zoo")))
    found = comparable_pairs(configurations(completed(corpus))).astype(object)
    ids = combinations(("one2015paper", "two2015paper", "zoo2015paper"), 2)
    assert_frame_equal(found, frame("paper_a paper_b shared", *([*pair, 4] for pair in ids)))


@pytest.mark.parametrize("seed", range(5))
def test_comparable_pairs_of_random_configurations(seed: int) -> None:
    dice = random.Random(seed)
    rows = {
        (f"p{dice.randrange(12)}", dice.choice("XYZ"), dice.choice("AB"), dice.choice(["top1", "top5"]), "params")
        for _ in range(60)
    }
    names = ["paper_id", "dataset", "architecture", "quality", "efficiency"]
    found = comparable_pairs(pd.DataFrame(sorted(rows), columns=names)).itertuples(index=False)
    assert {(a, b): shared for a, b, shared in found} == brute_pairs({tuple(row) for row in rows})


def test_change_without_efficiency_compares_nothing(made: Callable[..., Corpus]) -> None:
    text = """
id: {}2015paper
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [blalock2020]
    curves: [{{origin: own, points: [{{{}}}]}}]
"""
    corpus = made(
        text.format("one", "top1_change: -1.0"),
        text.format("two", "params_kept: 0.5"),
        text.format("zoo", "top1: 70.0, params_kept: 0.5"),
    )
    assert len(configurations(completed(corpus))) == 0


def test_sweeps_make_no_configuration(points: pd.DataFrame) -> None:
    sweeps = points[points["sweep"]]
    assert (len(sweeps) > 1000, len(configurations(sweeps))) == (True, 0)


def test_62_of_173_stated_comparisons_can_be_checked(points: pd.DataFrame, survey: Corpus) -> None:
    found = checkable_comparisons(comparisons(survey, corrected=False), configurations(points))
    assert (len(found), int(found["checkable"].sum())) == (173, 62)


def test_checkable_are_the_stated_among_the_comparable(points: pd.DataFrame, survey: Corpus) -> None:
    comparable = brute_pairs(brute_configurations(points))
    found = checkable_comparisons(comparisons(survey, corrected=False), configurations(points))
    wanted = [
        (a, b, (a, b) in comparable or (b, a) in comparable)
        for paper in survey.papers
        for a, b in ((paper.id, other) for other in sorted(paper.compares_to or ()))
    ]
    assert list(found[["paper_id", "compared_id", "checkable"]].itertuples(index=False, name=None)) == wanted


def test_citations_are_not_checked(made: Callable[..., Corpus]) -> None:
    corpus = made("{id: one2015paper}", "{id: two2015paper, cites: [one2015paper]}")
    nothing = configurations(completed(corpus))
    assert len(checkable_comparisons(comparisons(corpus), nothing)) == 0
