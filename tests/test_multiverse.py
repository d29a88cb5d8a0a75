"""Do the findings come out as counted by hand, in every universe once, and on the published path as claimed?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, product
from math import log10

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import prunelit
from prunelit.analysis.claims.blalock2020 import stated_tradeoffs
from prunelit.analysis.compare.configurations import comparable_pairs, configurations
from prunelit.analysis.compare.dominance import concave_hull, judge
from prunelit.analysis.dataset import Dataset, dataset
from prunelit.analysis.survey.multiverse import FINDINGS, leave_one_out, multiverse_table, robustness
from prunelit.analysis.survey.universe import CHOICES, SURVEY_PATH, Universe, papers_kept, universes
from prunelit.analysis.survey.unpruned_families import (
    BETTER,
    against_families,
    outperforms,
    pruned_models,
    unpruned_lines,
)
from prunelit.schema.corpus import Corpus

OF_GRAPH = ["compare_to_none", "compare_to_at_most_one", "never_compared_to"]
SMALL = {
    "frankle2019lottery",
    "han2015learning",
    "hassibi1993optimal",
    "dubey2018coreset",
    "liu2018rethinking",
    "luo2017thinet",
    "pan2016dropneuron",
}
"""Papers among which every choice makes a difference."""


@pytest.fixture(scope="module")
def small(survey: Corpus) -> Corpus:
    return among(survey, SMALL)


@pytest.fixture(scope="module")
def everything(small: Corpus) -> pd.DataFrame:
    return multiverse_table(dataset(small))


@pytest.fixture(scope="module")
def tables(survey: Corpus) -> Dataset:
    return dataset(survey)


@pytest.fixture(scope="module")
def published(tables: Dataset) -> Universe:
    return next(universes(tables))


def among(corpus: Corpus, kept: set[str]) -> Corpus:
    """The corpus with only some of its papers."""
    return replace(corpus, papers=tuple(one for one in corpus.papers if one.id in kept), documents=())


def counts(universe: Universe) -> dict[str, tuple[int, int]]:
    return {finding.name: finding.count(universe) for finding in FINDINGS}


def universe_of(tables: Dataset, **choices: str) -> Universe:
    """The universe of these choices, and of the published path otherwise."""
    return next(one for one in universes(tables) if one.choice == {**SURVEY_PATH, **choices})


def path(table: pd.DataFrame, **choices: str) -> pd.DataFrame:
    """The rows of a universe: the published one but for some choices."""
    wanted = pd.Series({**SURVEY_PATH, **choices})
    return table[(table[list(CHOICES)] == wanted).all(axis=1)].set_index("finding")


def test_every_combination_is_there_once_for_every_finding(everything: pd.DataFrame) -> None:
    choices = set(product(*CHOICES.values()))
    assert len(choices) == 3 * 2**6
    for finding in FINDINGS:
        rows = everything.loc[everything["finding"] == finding.name, list(CHOICES)]
        assert len(rows) == len(choices)
        assert set(rows.itertuples(index=False, name=None)) == choices


def test_the_published_path_comes_first(everything: pd.DataFrame) -> None:
    first = everything.groupby("finding", sort=False)[list(CHOICES)].first()
    assert first.to_dict("records") == [SURVEY_PATH] * len(FINDINGS)


def test_a_choice_that_a_finding_does_not_name_cannot_move_it(small: Corpus, everything: pd.DataFrame) -> None:
    for universe in universes(dataset(small)):
        if len(universe.choice.items() - SURVEY_PATH.items()) == 1:
            rows = path(everything, **universe.choice)
            found = {name: (row["numerator"], row["denominator"]) for name, row in rows.iterrows()}
            assert found == counts(universe), universe.choice


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_moves_something(everything: pd.DataFrame, choice: str) -> None:
    others = [other for other in CHOICES if other != choice]
    assert everything.groupby(["finding", *others])["value"].nunique().max() > 1


def test_the_published_path_counts_what_the_claims_count(tables: Dataset, published: Universe) -> None:
    graph, stated = tables.as_published().degrees(), stated_tradeoffs(tables.as_published())
    found = counts(published)
    assert found["compare_to_none"] == ((graph["compares_to"] == 0).sum(), 81)
    assert found["compare_to_at_most_one"] == ((graph["compares_to"] <= 1).sum(), 81)
    assert found["never_compared_to"] == ((graph["compared_to_by"] == 0).sum(), 81)
    assert found["paper_dominates"] == ((stated["dominant"] > 0).sum(), len(stated))


def test_the_published_path_gives_these_numbers(published: Universe) -> None:
    assert counts(published) == {
        "compare_to_none": (21, 81),
        "compare_to_at_most_one": (43, 81),
        "never_compared_to": (33, 81),
        "comparable": (240, 81 * 80 // 2),
        "paper_dominates": (71, 139),
        "one_dominates": (94, 139),
        "beat_own_family_in_params": (48, 60),
        "beat_own_family_in_flops": (35, 45),
        "beat_better_family_in_params": (3, 60),
        "beat_better_family_in_flops": (0, 45),
    }


def test_everything_that_the_survey_says_holds_on_its_own_path(published: Universe) -> None:
    found = counts(published)
    assert all(one.holds(found[one.name][0], found[one.name][0] / found[one.name][1]) for one in FINDINGS)


@pytest.mark.parametrize("preprints", CHOICES["preprints"])
@pytest.mark.parametrize("mnist", CHOICES["mnist"])
def test_degrees_by_hand(survey: Corpus, published: Universe, mnist: str, preprints: str) -> None:
    reviewed = {venue.name for venue in survey.venues if venue.peer_reviewed}
    compared = {
        paper.id: set(paper.compares_to or ())
        for paper in survey.papers
        if (preprints == "in" or paper.venue in reviewed)
        and (mnist == "in" or {one.dataset for one in paper.experiments or ()} != {"MNIST"})
    }
    compares_to = [len(others & set(compared)) for others in compared.values()]
    compared_to = set().union(*compared.values()) & set(compared)
    choice = {**SURVEY_PATH, "mnist": mnist, "preprints": preprints}
    kept = papers_kept(published.counted.dataset, mnist, preprints)
    found = counts(replace(published, choice=choice, papers=kept))
    assert [found[name] for name in OF_GRAPH] == [
        (compares_to.count(0), len(compared)),
        (compares_to.count(0) + compares_to.count(1), len(compared)),
        (len(compared) - len(compared_to), len(compared)),
    ]


def test_comparable_pairs_without_exclusions_are_those_of_the_fragmentation(tables: Dataset) -> None:
    every = universe_of(tables, exclusions="ignored")
    table = tables.as_published().completed()
    assert len(every.comparable) == len(comparable_pairs(configurations(table)))


def test_comparable_pairs_by_hand(published: Universe) -> None:
    rows = published.counted.completed
    rows = rows[~rows["sweep"] & ~rows["excluded"].fillna("").str.contains("beats")].dropna(
        subset=["dataset", "architecture"]
    )
    said: dict[str, set[tuple[str, ...]]] = {paper: set() for paper in published.papers}
    for row in rows.to_dict("records"):
        qualities = [name for name in ("top1", "top5") if pd.notna(row[f"{name}_change"])]
        sizes = [name for name in ("params", "flops") if pd.notna(row[name]) or pd.notna(row[f"{name}_kept"])]
        said[row["paper_id"]] |= set(product([row["dataset"]], [row["architecture"]], qualities, sizes))
    pairs = sum(bool(said[one] & said[other]) for one, other in combinations(said, 2))
    assert counts(published)["comparable"][0] == pairs


@pytest.mark.parametrize("reference", CHOICES["reference"])
def test_medians_are_those_of_the_normalized_table(tables: Dataset, reference: str) -> None:
    table = tables.as_published().normalized("all" if reference == "all" else "unpruned")
    expected = against_families(pruned_models(table, tables), unpruned_lines(tables))
    pd.testing.assert_frame_equal(universe_of(tables, reference=reference).against, expected)


def test_a_mean_is_a_mean(made: Callable[..., Corpus]) -> None:
    """Reference models of VGG-16 (one, with 138.36 M parameters and 71.63 %), and papers' with 100 M and 121.64 M."""
    tables = dataset(made(pruned("one2015", "100M", 71.0, 0.5), pruned("two2016", "121.64M", 71.37, 0.5)))
    lines = unpruned_lines(tables)
    for reference, params, top1 in (("unpruned", 138_357_544.0, 71.63), ("all", 119_999_181.33, 71.3333)):
        universe = universe_of(tables, normalizer="mean", reference=reference)
        point = np.array([-log10(params / 2), top1 + 0.5])
        assert judge(point, lines["VGG", "params"]) == "dominant"
        assert universe.against["own"].tolist() == [True, True]


def test_own_baselines_leave_out_papers_without_one(made: Callable[..., Corpus]) -> None:
    tables = dataset(made(pruned("one2015", "100M", 60.0, -1.0), pruned("two2016", None, 71.0, -1.0)))
    own = universe_of(tables, normalizer="own")
    assert counts(own)["beat_own_family_in_params"] == (0, 1)
    assert counts(own)["beat_own_family_in_flops"] == (0, 0)
    assert counts(next(universes(tables)))["beat_own_family_in_params"] == (2, 2)


def pruned(name: str, base_params: str | None, base_top1: float, change: float) -> str:
    """A record of VGG-16 on ImageNet, half of whose parameters are pruned away."""
    base = f"base_params: {base_params}," if base_params else ""
    return f"""
id: {name}
experiments:
  - {{dataset: ImageNet, architecture: VGG-16, collections: [blalock2020], base_top1: {base_top1}, {base}
     curves: [{{origin: own, points: [{{top1_change: {change}, params_kept: 0.5}}]}}]}}
"""


GRID = st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=1, max_size=10)


@given(GRID, GRID)
def test_outperforming_is_what_the_tradeoffs_call_above_or_dominant(
    points: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    table, line = np.array(points, dtype=float), concave_hull(np.array(others, dtype=float))
    expected = [judge(point, line) in ("above", "dominant") for point in table]
    assert outperforms(table, line).tolist() == expected


def test_an_unpruned_model_does_not_outperform_its_family(tables: Dataset) -> None:
    lines = unpruned_lines(tables)
    assert not any(outperforms(line, line).any() for line in lines.values())
    assert len(lines[BETTER, "params"]) > 2


def test_nothing_outperforms_a_family_of_which_nothing_is_known() -> None:
    assert outperforms(np.array([[1.0, 2.0]]), np.empty((0, 2))).tolist() == [False]


def test_robustness_sums_up(everything: pd.DataFrame) -> None:
    table = robustness(everything).set_index("finding")
    assert list(table.index) == [finding.name for finding in FINDINGS]
    for name, rows in everything.groupby("finding"):
        values = [value for value in rows["value"] if value == value]
        row = table.loc[str(name)]
        assert row["published"] == path(everything).loc[str(name), "value"]
        assert (row["minimum"], row["maximum"], row["universes"]) == (min(values), max(values), len(values))
        assert row["holds"] == pytest.approx(rows["holds"].sum() / len(values))
        assert pd.isna(row["moved_by"]) == (min(values) == max(values))


def test_robustness_names_the_choice_that_moves_most() -> None:
    choices = pd.DataFrame(list(product(*CHOICES.values())), columns=list(CHOICES))
    share = 0.2 + 0.1 * (choices["mnist"] == "out") + 0.05 * (choices["preprints"] == "out")
    table = pd.concat(choices.assign(finding=one.name, value=share, holds=share > 0.25) for one in FINDINGS)
    row = robustness(table).set_index("finding").loc["compare_to_none"]
    assert (row["moved_by"], row["holds"], row["published"]) == ("mnist", 0.5, 0.2)
    assert row["moved"] == pytest.approx(0.1)


def test_leaving_one_out_is_a_corpus_without_it(small: Corpus) -> None:
    table = leave_one_out(dataset(small))
    assert len(table) == len(SMALL) * len(FINDINGS)
    for left_out in ("han2015learning", "luo2017thinet"):
        rows = table[table["left_out"] == left_out].set_index("finding")
        without = counts(next(universes(dataset(among(small, SMALL - {left_out})))))
        assert {name: (row["numerator"], row["denominator"]) for name, row in rows.iterrows()} == without


def test_which_papers_carry_a_finding(tables: Dataset) -> None:
    table = leave_one_out(tables)
    flips = table[table["flips"]].groupby("finding")["left_out"].agg(list)
    assert set(flips.index) == {"compare_to_none", "paper_dominates"}
    assert set(flips["paper_dominates"]) == {"luo2017thinet", "yamamoto2018pcas"}
    assert (table.loc[table["flips"] & (table["finding"] == "compare_to_none"), "value"] == 0.25).all()


def test_no_papers_no_shares(made: Callable[..., Corpus]) -> None:
    table = leave_one_out(dataset(made(pruned("one2015", "100M", 71.0, 0.5))))
    assert table["value"].isna().all()
    assert table["holds"].isna().all()


def test_results_of_later_papers_move_nothing(grown: Corpus, published: Universe) -> None:
    assert counts(next(universes(dataset(grown, "blalock2020")))) == counts(published)


def test_it_is_public(small: Corpus, everything: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Dataset] = []

    def table(of: Dataset) -> pd.DataFrame:
        asked.append(of)
        return everything

    monkeypatch.setattr("prunelit.analysis.survey.multiverse.multiverse_table", table)
    pd.testing.assert_frame_equal(prunelit.multiverse(small), everything)
    assert [(one.reading.corpus, one.collection, one.corrected) for one in asked] == [(small, "blalock2020", True)]
