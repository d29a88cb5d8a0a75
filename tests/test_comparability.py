"""Is what counts as comparable as strict as is asked, and is what is lax marked?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from prunelit import UnknownNameError, baselines, comparable_pairs, completed, dataset, field_plan, plan
from prunelit.analysis.compare import configurations as strict
from prunelit.analysis.frames.headline import headline
from prunelit.analysis.frames.variants import COMPARABILITIES, variant_networks
from prunelit.analysis.planning.plan import make_plan
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import Architecture

Pair = tuple[str, str]

PAPER = """
id: {}2015paper
experiments:
  - dataset: CIFAR-10
    architecture: {}
    collections: [blalock2020]
    curves: [{{origin: own, points: [{{{}, params_kept: 0.5}}]}}]
"""
CHANGE, RAW = "top1_change: -1.0", "top1: 90.0"


@pytest.fixture
def pairs(made: Callable[..., Corpus]) -> Callable[..., list[list[Any]]]:
    """The pairs of papers that prune these networks and report this."""

    def count(comparability: str, *papers: tuple[str, str]) -> list[list[Any]]:
        texts = [PAPER.format(name, *paper) for name, paper in zip(("one", "two", "zoo"), papers, strict=False)]
        found = comparable_pairs(made(*texts), comparability=comparability)  # type: ignore[arg-type]
        return [[a[:3] + b[:3], *counts] for a, b, *counts in found.itertuples(index=False, name=None)]

    return count


def test_variants_are_comparable_only_where_they_are_asked_for(pairs: Callable[..., Any]) -> None:
    papers = ("VGG-16", CHANGE), ("VGG-16+BN-OneFC", CHANGE)
    assert [pairs(one, *papers) for one in COMPARABILITIES] == [[], [["onetwo", 1, 1, 0]], [["onetwo", 1, 1, 0]]]


def test_variants_of_variants_are_variants(pairs: Callable[..., Any]) -> None:
    papers = ("VGG-Torch-CIFAR10-noDrop", CHANGE), ("VGG-16_BN", CHANGE)
    assert pairs("same_variants", *papers) == [["onetwo", 1, 1, 0]]


def test_a_family_alone_is_no_variant(pairs: Callable[..., Any]) -> None:
    papers = ("VGG-16", CHANGE), ("VGG-19", CHANGE)
    assert [pairs(one, *papers) for one in COMPARABILITIES] == [[], [], []]


def test_an_accuracy_without_baseline_counts_only_where_it_is_asked_for(pairs: Callable[..., Any]) -> None:
    papers = ("VGG-16", CHANGE), ("VGG-16", RAW)
    assert [pairs(one, *papers) for one in COMPARABILITIES] == [[], [], [["onetwo", 1, 0, 1]]]


def test_what_is_shared_strictly_is_not_marked(pairs: Callable[..., Any]) -> None:
    both = f"{CHANGE}, params_kept: 0.4}}, {{{RAW}"
    papers = ("VGG-16", both), ("VGG-16", CHANGE)
    assert pairs("raw_accuracy", *papers) == [["onetwo", 1, 0, 0]]


def test_the_same_network_is_comparable_at_every_strictness(pairs: Callable[..., Any]) -> None:
    papers = ("VGG-16", CHANGE), ("VGG-16", CHANGE)
    assert [pairs(one, *papers) for one in COMPARABILITIES] == [[["onetwo", 1, 0, 0]]] * 3


def test_a_collapsed_point_without_efficiency_compares_nothing(made: Callable[..., Corpus]) -> None:
    texts = [PAPER.format(name, "VGG-16", RAW).replace(", params_kept: 0.5", "") for name in ("one", "two")]
    assert len(comparable_pairs(made(*texts), comparability="raw_accuracy")) == 0


def root(name: str, above: dict[str, str]) -> str:
    return root(above[name], above) if name in above else name


def brute(corpus: Corpus, table: pd.DataFrame, raw: bool) -> dict[Pair, set[tuple[str, ...]]]:
    """What each two papers share, point by point, with variants as one."""
    above = {one.name: one.variant_of for one in corpus.architectures if one.variant_of}
    of_paper: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in headline(table).to_dict("records"):
        if pd.isna(row["dataset"]) or pd.isna(row["architecture"]):
            continue
        for quality, efficiency in product(("top1", "top5"), ("params", "flops")):
            known = [row[f"{quality}_change"], *([row[quality]] if raw else [])]
            sizes = [row[f"{efficiency}_kept"], row[efficiency]]
            if not all(map(pd.isna, known)) and not all(map(pd.isna, sizes)):
                network = root(row["architecture"], above)
                of_paper[row["paper_id"]].add((row["dataset"], network, quality, efficiency))
    shared = {(a, b): of_paper[a] & of_paper[b] for a, b in combinations(sorted(of_paper), 2)}
    return {pair: found for pair, found in shared.items() if found}


@pytest.mark.parametrize(("comparability", "raw"), [("same_variants", False), ("raw_accuracy", True)])
def test_pairs_are_those_found_point_by_point(survey: Corpus, comparability: Any, raw: bool) -> None:
    found = comparable_pairs(survey, comparability=comparability)
    wanted = brute(survey, completed(survey), raw)
    told = {(row.paper_a, row.paper_b): row.shared for row in found.itertuples()}
    assert told == {pair: len(shared) for pair, shared in wanted.items()}


def test_the_default_is_what_the_survey_counts(survey: Corpus) -> None:
    found = comparable_pairs(survey)
    wanted = strict.comparable_pairs(strict.configurations(completed(survey)))
    assert_frame_equal(found[["paper_a", "paper_b", "shared"]], wanted, check_dtype=False)
    assert (len(found), found[["across_variants", "without_baseline"]].sum().sum()) == (256, 0)


def test_the_laxer_takes_all_that_the_stricter_takes(whole: Corpus) -> None:
    found = [comparable_pairs(whole, comparability=one) for one in COMPARABILITIES]
    pairs = [set(zip(one["paper_a"], one["paper_b"], strict=True)) for one in found]
    assert pairs[0] < pairs[1] < pairs[2]


def test_what_is_marked_is_part_of_what_is_shared(whole: Corpus) -> None:
    found = comparable_pairs(whole, comparability="raw_accuracy")
    assert (found["across_variants"] + found["without_baseline"] <= found["shared"]).all()


def test_a_chain_of_variants_that_never_ends_is_left() -> None:
    made_up = {"differs": ("head",), "variant_source": "code"}
    circle = [Architecture(name=a, variant_of=b, **made_up) for a, b in (("A", "B"), ("B", "A"))]  # type: ignore[arg-type]
    assert set(variant_networks(circle)) == {"A", "B"}


TWO = """
id: {}2015paper
experiments:
  - dataset: CIFAR-10
    architecture: {}
    collections: [blalock2020]
    base_top1: {}
    curves: [{{origin: own, points: [{{top1_change: -1.0, params_kept: 0.5}}]}}]
"""


def test_baselines_of_variants_are_taken_together_where_they_are_asked_for(made: Callable[..., Corpus]) -> None:
    corpus = made(TWO.format("one", "VGG-16", "92.0"), TWO.format("two", "VGG-16+BN-OneFC", "94.0"))

    def medians(**more: Any) -> dict[str, tuple[float, int]]:
        found = baselines(corpus, **more).query("dataset == 'CIFAR-10' and quantity == 'top1'")
        return {row.architecture: (row.median, row.n_papers) for row in found.itertuples()}

    assert medians() == {"VGG-16": (92.0, 1), "VGG-16+BN-OneFC": (94.0, 1)}
    assert medians(comparability="same_variants") == {"VGG-16": (93.0, 2)}
    assert medians(comparability="raw_accuracy") == medians(comparability="same_variants")


def test_a_plan_reaches_variants_where_they_are_asked_for(made: Callable[..., Corpus]) -> None:
    corpus = made(*(PAPER.format(*one, CHANGE) for one in (("one", "VGG-16"), ("two", "VGG-16+BN-OneFC"))))
    assert [plan(corpus, budget=1, comparability=one)["comparable"].tolist() for one in COMPARABILITIES] == [
        [1], [2], [2]
    ]  # fmt: skip


def test_a_plan_marks_papers_that_give_raw_accuracies_alone(made: Callable[..., Corpus]) -> None:
    corpus = made(PAPER.format("one", "VGG-16", CHANGE), PAPER.format("two", "VGG-16", RAW))
    [row] = plan(corpus, budget=1, comparability="raw_accuracy").to_dict("records")
    assert (row["papers"], row["without_baseline"], row["comparability"]) == (2, 1, "raw_accuracy")


def test_a_plan_is_strict_by_default(survey: Corpus) -> None:
    assert_frame_equal(plan(survey), plan(survey, comparability="same_network"))
    assert plan(survey)["without_baseline"].sum() == 0


def test_more_pairs_are_comparable_in_a_laxer_field(survey: Corpus) -> None:
    def today(comparability: Any) -> float:
        return float(field_plan(survey, experiments=1, comparability=comparability)["comparable_pairs"].iloc[0])

    assert [today(one) for one in COMPARABILITIES] == [
        256,
        284,
        len(comparable_pairs(survey, comparability="raw_accuracy")),
    ]


@pytest.mark.parametrize(
    "ask",
    [
        lambda corpus: comparable_pairs(corpus, comparability="same_family"),
        lambda corpus: baselines(corpus, comparability="same_family"),
        lambda corpus: plan(corpus, comparability="same_family"),
        lambda corpus: field_plan(corpus, comparability="same_family"),
        lambda corpus: make_plan(dataset(corpus), comparability="same_family"),  # type: ignore[arg-type]
    ],
)
def test_an_unknown_strictness_is_told_with_those_that_there_are(survey: Corpus, ask: Callable[..., Any]) -> None:
    with pytest.raises(
        UnknownNameError, match=r"no comparability 'same_family'.*same_network, same_variants, raw_accuracy"
    ):
        ask(survey)


def test_the_command_prints_pairs_at_a_strictness(run: Callable[..., Any]) -> None:
    done = run("table", "comparable_pairs", "--collection", "blalock2020", "--comparability", "same_variants")
    assert (done.status, done.out.count("\n") - 1) == (0, 284)


def test_the_command_refuses_a_strictness_for_other_tables(run: Callable[..., Any]) -> None:
    done = run("table", "papers", "--comparability", "same_variants")
    assert (done.status, "table 'papers' has no comparability" in done.err) == (2, True)


def test_the_plan_says_that_variants_count_as_one(run: Callable[..., Any]) -> None:
    said = [run("plan", "--collection", "blalock2020", "--comparability", one).out for one in COMPARABILITIES]
    assert ["Variants of one architecture count as one" in one for one in said] == [False, True, True]
    assert ["no unpruned model" in " ".join(one.split()) for one in said] == [False, False, True]
