"""Do planned curves overlap those of others, and are they curves?"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunelit.analysis.planning.target_ratios import APART, DOUBLINGS, papers_within, target_ratios
from prunelit.analysis.trends.checklist import MIN_POINTS

ratios = st.one_of(st.none(), st.floats(0.5, 1000))
points = st.lists(st.tuples(st.sampled_from("abc"), ratios), max_size=12)


def frame(rows: list[tuple[str, float | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["paper_id", "ratio"]).astype({"paper_id": "string", "ratio": "float64"})


def of(**papers: list[float]) -> pd.DataFrame:
    return frame([(paper, ratio) for paper, values in papers.items() for ratio in values])


@given(points)
def test_there_are_five_that_rise_and_stand_apart(rows: list[tuple[str, float | None]]) -> None:
    found = target_ratios(frame(rows))
    assert len(found) == MIN_POINTS == 5
    assert all(low > 1 and high >= APART * low for low, high in pairwise(found))


@given(points)
def test_each_is_a_point_of_the_others_or_a_doubling(rows: list[tuple[str, float | None]]) -> None:
    known = {float(f"{ratio:.3g}") for _, ratio in rows if ratio is not None}
    assert set(target_ratios(frame(rows))) <= known | set(DOUBLINGS)


def test_quantiles_are_those_of_the_points() -> None:
    values = [float(one) for one in range(2, 103)]
    assert target_ratios(of(a=values)) == (12, 32, 52, 72, 92)


def test_a_paper_with_many_points_counts_as_one() -> None:
    found = target_ratios(of(a=[2 + 0.001 * one for one in range(1000)], b=[4], c=[8], d=[16], e=[32]))
    assert found == (2.5, 4, 8, 16, 32)


def test_without_points_they_double() -> None:
    assert target_ratios(of()) == DOUBLINGS


def test_few_points_are_filled_up_with_the_nearest_doublings() -> None:
    assert target_ratios(of(a=[5.0])) == (2, 4, 5, 8, 16)


def test_the_unpruned_network_is_no_operating_point() -> None:
    assert target_ratios(of(a=[1.0, 0.9])) == DOUBLINGS


def test_points_have_three_digits() -> None:
    assert 13.3 in target_ratios(of(a=[13.333333]))


def test_papers_within_have_a_point_in_the_range() -> None:
    known = of(a=[1.5, 3.0], b=[9.0], c=[8.0])
    assert papers_within(known, (2, 4, 8)) == 2


@pytest.mark.parametrize("ratio", [13.333333, 1.0526])
def test_a_rounded_end_of_the_range_still_holds_its_point(ratio: float) -> None:
    assert papers_within(of(a=[ratio]), (float(f"{ratio:.3g}"),)) == 1
