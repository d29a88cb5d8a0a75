"""Do planned experiments reduce fragmentation as counted anew, and is each the best next one?"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from itertools import combinations, product
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import prunelit
from prunelit import completed, field_plan
from prunelit.analysis.load import load_corpus
from prunelit.analysis.planning.field_plan import AS_SO_FAR, PLANNED, field_plan_table
from prunelit.analysis.planning.literature import PLANNING_KEY, Literature
from prunelit.schema.corpus import Corpus

Uses = dict[str, set[tuple[str, str, str, str]]]
PAPERS = "abcde"
uses = st.tuples(
    st.sampled_from(PAPERS),
    st.sampled_from(["ImageNet", "MNIST"]),
    st.sampled_from(["A", "B"]),
    st.sampled_from(["top1", "top5"]),
    st.sampled_from(["params", "flops"]),
)
EMPTY = Literature(list(PAPERS), completed(load_corpus(collection="contributed")).head(0))


def field(table: set[tuple[str, ...]], experiments: int = 100) -> pd.DataFrame:
    literature = copy(EMPTY)
    literature.configurations = pd.DataFrame(sorted(table), columns=["paper_id", *PLANNING_KEY], dtype="string")
    return field_plan_table(literature, experiments=experiments)


def pairs(of: Uses) -> int:
    return sum(bool(of[a] & of[b]) for a, b in combinations(of, 2))


def components(of: Uses) -> int:
    groups: list[set[str]] = []
    for paper in of:
        linked = [group for group in groups if any(of[paper] & of[other] for other in group)]
        groups = [group for group in groups if group not in linked] + [{paper}.union(*linked)]
    return len(groups)


def after(of: Uses, paper: str, run: tuple[str, ...], known: set[tuple[str, str, str, str]]) -> Uses:
    """What papers report once one of them has run an experiment in all metrics that others used there."""
    return {**of, paper: of[paper] | {use for use in known if use[:2] == run}}


@given(st.sets(uses, min_size=1, max_size=9))
def test_each_planned_experiment_is_the_best_next_one(table: set[tuple[str, ...]]) -> None:
    of: Uses = {paper: {use[1:] for use in table if use[0] == paper} for paper in PAPERS}  # type: ignore[misc]
    known = set().union(*of.values())
    runs = sorted({use[:2] for use in known})
    with patch("prunelit.analysis.planning.field_plan.DRAWS", 1):
        rows = field(table).query(f"choice == '{PLANNED}'").to_dict("records")
    assert (rows[0]["comparable_pairs"], rows[0]["components"]) == (pairs(of), components(of))
    for row in rows[1:]:
        gains = {
            (paper, run): (components(of) - components(then), pairs(then) - pairs(of))
            for paper, run in product(PAPERS, runs)
            for then in [after(of, paper, run, known)]
        }
        chosen = (row["paper_id"], (row["dataset"], row["architecture"]))
        assert gains[chosen] == max(gains.values()) > (0, 0)
        assert row["newly_comparable"] == gains[chosen][1]
        of = after(of, *chosen, known)
        assert (row["comparable_pairs"], row["components"]) == (pairs(of), components(of))
        assert row["share"] == pytest.approx(pairs(of) / 10)
    assert pairs(of) == 10


def test_planning_ends_at_the_limit() -> None:
    found = field({("a", "ImageNet", "A", "top1", "params")}, experiments=2)
    assert found["experiments"].tolist() == [0, 1, 2, 0, 1, 2]


def test_nothing_is_drawn_that_was_not_planned() -> None:
    found = field({("a", "ImageNet", "A", "top1", "params")})
    assert found.groupby("choice")["experiments"].max().to_dict() == {PLANNED: 4, AS_SO_FAR: 4}


def test_with_one_experiment_there_is_no_other_choice() -> None:
    found = field({("a", "ImageNet", "A", "top1", "params")})
    of = {choice: rows["comparable_pairs"].tolist() for choice, rows in found.groupby("choice")}
    assert of[AS_SO_FAR] == of[PLANNED] == [0, 1, 3, 6, 10]


@pytest.fixture(scope="module")
def found(survey: Corpus) -> pd.DataFrame:
    return field_plan(survey)


def test_the_field_begins_as_it_is(found: pd.DataFrame, survey: Corpus) -> None:
    first = found[found["experiments"] == 0]
    assert first["comparable_pairs"].tolist() == [256, 256]
    assert first["share"].tolist() == [256 / 3240, 256 / 3240]
    assert first["components"].tolist() == [42, 42]


def test_the_mean_of_draws_never_falls(found: pd.DataFrame) -> None:
    drawn = found[found["choice"] == AS_SO_FAR]
    assert drawn["comparable_pairs"].is_monotonic_increasing
    assert drawn["components"].is_monotonic_decreasing


def test_draws_are_the_same_every_time(found: pd.DataFrame, survey: Corpus) -> None:
    pd.testing.assert_frame_equal(field_plan(survey), found)


def test_a_choice_of_datasets_is_kept(survey: Corpus) -> None:
    found = field_plan(survey, only=["CIFAR-10"], experiments=5)
    assert set(found["dataset"].dropna()) == {"CIFAR-10"}


def test_without_points_there_is_no_field(made: Callable[..., Corpus]) -> None:
    assert len(field_plan(made("{id: one2015paper}", "{id: two2015paper}"))) == 0


def test_field_plan_is_public() -> None:
    assert prunelit.field_plan is field_plan
