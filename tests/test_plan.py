"""Is no plan better than the one that is told, and does it say what is true of the papers?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import prunelit
from prunelit import completed, dataset, plan
from prunelit.analysis.compare.configurations import comparable_pairs, configurations
from prunelit.analysis.load import load_corpus
from prunelit.analysis.planning import plan as planning
from prunelit.analysis.planning.literature import PLANNING_KEY, Literature
from prunelit.analysis.planning.plan import EXACT, GREEDY, PLAN, Plan, make_plan, planned
from prunelit.schema.corpus import Corpus

Use = tuple[str, str, str, str, str]
"""Paper, dataset, architecture, quality, efficiency."""

PAPERS, NEW = "abcdefg", "new"
uses = st.tuples(
    st.sampled_from(PAPERS[:-1]),
    st.sampled_from(["ImageNet", "MNIST"]),
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from(["top1", "top5"]),
    st.sampled_from(["params", "flops"]),
)
literatures = st.sets(uses, max_size=14)
papers = st.sampled_from([None, *PAPERS])
budgets = st.integers(1, 4)


def literature(table: Iterable[Use]) -> Literature:
    """The papers with these configurations, and no point behind any of them."""
    found = copy(EMPTY)
    found.configurations = pd.DataFrame(sorted(table), columns=["paper_id", *PLANNING_KEY], dtype="string")
    return found


EMPTY = Literature(list(PAPERS), completed(load_corpus(collection="contributed")).head(0))


class World:
    """The same literature as sets, in which everything is looked up anew."""

    def __init__(self, table: set[Use], own: set[Use] | None = None) -> None:
        self.of = {paper: {use[1:] for use in table if use[0] == paper} for paper in PAPERS}
        self.of = {paper: found for paper, found in self.of.items() if found}

    def neighbours(self, configurations: set[tuple[str, ...]], paper: str | None) -> set[str]:
        return {one for one, other in self.of.items() if one != paper and configurations & other}

    def component(self, paper: str) -> frozenset[str]:
        found, before = {paper}, set[str]()
        while found != before:
            before = set(found)
            found |= {other for one in before for other in self.neighbours(self.of[one], one)}
        return frozenset(found)

    def reaches(self, run: Iterable[tuple[str, str]], paper: str | None) -> tuple[set[str], set[str]]:
        """The papers connected and the papers comparable once a paper has run experiments in all metrics used there."""
        known = set().union(*(found for one, found in self.of.items() if one != paper))
        reported = {use for use in known if use[:2] in set(run)} | self.of.get(paper or "", set())
        comparable = self.neighbours(reported, paper)
        connected = {one for other in comparable for one in self.component(other)} - {paper or ""}
        return connected, comparable

    def counts(self, run: Iterable[tuple[str, str]], paper: str | None) -> tuple[int, int]:
        connected, comparable = self.reaches(run, paper)
        return len(connected), len(comparable)

    def best(self, budget: int, paper: str | None, connect: bool) -> tuple[int, int]:
        """The most that any choice of experiments reaches; connected papers do not count where they must not."""
        pairs = {use[:2] for found in self.of.values() for use in found}
        choices = [one for size in range(budget + 1) for one in combinations(sorted(pairs), size)]
        every = [self.counts(one, paper) for one in choices]
        return max(every) if connect else max((0, comparable) for _, comparable in every)


def run_in(found: Plan) -> list[tuple[str, str]]:
    return [(step.experiment.dataset, step.experiment.architecture) for step in found.steps]


@given(connect=st.booleans(), table=literatures, paper=papers, budget=budgets)
def test_no_choice_of_experiments_is_better(connect: bool, table: set[Use], paper: str | None, budget: int) -> None:
    found, world = planned(literature(table), paper, budget, connect=connect), World(table)
    connected, comparable = world.counts(run_in(found), paper)
    assert len(found.steps) <= budget
    assert found.choice.exact
    assert (connected if connect else 0, comparable) == world.best(budget, paper, connect)


@given(table=literatures, paper=papers, budget=budgets)
def test_each_step_counts_what_is_reached(table: set[Use], paper: str | None, budget: int) -> None:
    found, world = planned(literature(table), paper, budget), World(table)
    run = run_in(found)
    for at, step in enumerate(found.steps, start=1):
        connected, comparable = world.reaches(run[:at], paper)
        assert step.new == comparable - world.reaches(run[: at - 1], paper)[1]
        assert (step.connected, step.comparable) == (len(connected), len(comparable))
        assert step.components == len({world.component(one) for one in connected})
    assert (found.connected, len(found.already)) == world.counts([], paper)


@given(table=literatures, paper=papers, only=st.sampled_from([(), ("MNIST",), ("MNIST", "ImageNet")]))
def test_experiments_are_what_others_report_and_the_paper_does_not(
    table: set[Use], paper: str | None, only: tuple[str, ...]
) -> None:
    reported = World(table).of.get(paper or "", ())
    others = {use for use in table if use[1:] not in reported and use[1] in (only or use)}
    listed = {
        (one.dataset, one.architecture, use.quality, use.efficiency, use.papers)
        for one in literature(table).experiments(paper, only)
        for use in one.metrics
    }
    assert listed == {(*use[1:], len({one[0] for one in others if one[1:] == use[1:]})) for use in others}


def many(*groups: str, of: str = "ImageNet") -> set[Use]:
    """A configuration for each group of papers, and one that all papers of a group share with no other."""
    return {(paper, of, f"N{at}", "top1", "params") for at, group in enumerate(groups) for paper in group}


def test_a_component_comes_before_more_papers() -> None:
    table = many("abcd", "cde", "f")
    assert run_in(planned(literature(table), budget=2)) == [("ImageNet", "N0"), ("ImageNet", "N2")]


def test_without_connecting_most_papers_count() -> None:
    table = many("abcd", "cde", "f")
    assert planned(literature(table), budget=1, connect=False).steps[-1].comparable == 4
    assert planned(literature(many("abcd", "bce", "f", "fg")), budget=2, connect=False).steps[-1].comparable == 6


def test_small_components_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    table = many("abc", "cde", "f")
    monkeypatch.setattr(planning, "LEAST_SHARE", 0.2)
    assert run_in(planned(literature(table), budget=2)) == [("ImageNet", "N0"), ("ImageNet", "N1")]


def test_a_new_paper_runs_what_a_known_one_has() -> None:
    table = many("abc")
    assert (len(planned(literature(table)).steps), len(planned(literature(table), "a").steps)) == (1, 0)


def test_a_search_that_is_given_up_is_called_greedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "best", lambda *found: BEST(*found, looks=-1))
    table = many("abcd", "abe", "cdf")
    found = planned(literature(table), budget=2)
    assert (found.choice.exact, found.steps[-1].comparable) == (False, 5)
    assert found.choice.at_most[1] >= World(table).best(2, None, True)[1] == 6


BEST = planning.best


@pytest.fixture(scope="module")
def found(survey: Corpus) -> pd.DataFrame:
    return plan(survey)


def test_five_experiments_reach_38_of_41_papers_of_the_survey(found: pd.DataFrame) -> None:
    assert found["comparable"].tolist() == [18, 19, 27, 34, 38]
    assert found["connected"].tolist() == [40, 41, 41, 41, 41]
    assert set(found["choice"]) == {EXACT}


def test_a_greedy_plan_says_so(survey: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "best", lambda *found: BEST(*found, looks=-1))
    assert set(plan(survey)["choice"]) == {GREEDY}


def test_comparable_papers_are_those_of_the_pairs(survey: Corpus, found: pd.DataFrame) -> None:
    """A paper that reports the plan is comparable with those of the plan, by the definition of all statistics."""
    own = configurations(completed(survey))
    reported = pd.DataFrame(
        {"paper_id": "zzz", "dataset": row.dataset, "architecture": row.architecture, "quality": q, "efficiency": e}
        for row in found.itertuples()
        for q, e in (pair.split("/") for pair in row.metrics.split("; "))
    )
    pairs = comparable_pairs(pd.concat([own, reported]))
    assert len(pairs[pairs["paper_b"] == "zzz"]) == found["comparable"].iloc[-1]
    assert set().union(*(one.split("; ") for one in found["compare_with"])) == set(
        pairs.loc[pairs["paper_b"] == "zzz", "paper_a"]
    )


def test_a_method_is_given_what_it_lacks(survey: Corpus) -> None:
    found = make_plan(dataset(survey), method="han2015deep")
    table = configurations(completed(survey))
    pairs = comparable_pairs(table)
    mine = pairs[(pairs["paper_a"] == "han2015deep") | (pairs["paper_b"] == "han2015deep")]
    assert len(found.already) == len(mine) == 16
    assert found.steps[-1].comparable == 16 + sum(len(step.new) for step in found.steps)
    assert all("han2015deep" not in step.experiment.papers for step in found.steps)


def test_a_method_can_be_named_as_for_show(survey: Corpus) -> None:
    assert make_plan(dataset(survey), method="deep compression").paper == "han2015deep"


def test_a_paper_without_numbers_plans_like_a_new_one(survey: Corpus, found: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(plan(survey, method="hassibi1993optimal"), found)


@pytest.mark.parametrize("budget", [0, -1])
def test_a_budget_below_one_is_refused(budget: int, survey: Corpus) -> None:
    with pytest.raises(ValueError, match=f"a plan has at least 1 experiment, not {budget}"):
        plan(survey, budget=budget)


def test_a_huge_budget_is_not_spent(survey: Corpus) -> None:
    found = plan(survey, budget=10**30)
    assert (len(found), found["comparable"].iloc[-1]) == (7, 41)


def test_unknown_dataset_names_the_nearest(survey: Corpus) -> None:
    with pytest.raises(ValueError, match="no dataset 'ImagNet'; did you mean 'ImageNet'"):
        plan(survey, only=["ImagNet"])


def test_unknown_paper_names_the_nearest(survey: Corpus) -> None:
    with pytest.raises(LookupError, match="did you mean 'han2015deep'"):
        plan(survey, method="han2015deap")


def test_a_dataset_without_points_has_no_plan(survey: Corpus) -> None:
    found = plan(survey, only=["MNIST"])
    assert (len(found), list(found.columns)) == (0, [one.name for one in PLAN])


def test_sweeps_are_no_points_to_compare_with(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [blalock2020]
    curves: [{origin: rerun, sweep: true, points: [{top1_change: -1.0, params_kept: 0.5}]}]
""")
    assert len(plan(corpus)) == 0


def test_plan_of_a_collection_is_that_of_its_papers(survey: Corpus) -> None:
    pd.testing.assert_frame_equal(plan(collection="blalock2020"), plan(survey))


def test_plan_is_public() -> None:
    assert prunelit.plan is plan
