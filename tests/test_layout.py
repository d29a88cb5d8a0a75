"""Does the layout of the comparison graph see every pair of papers that may cover one another, and no other?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prunelit.figures.layout import _near, placed


def papers(count: int, names: int = 0, seed: int = 0) -> pd.DataFrame:
    """Papers of some years with circles of different sizes; the first ones show their names."""
    chance = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "paper_id": [f"p{at}" for at in range(count)],
            "x": chance.integers(2012, 2020, count) + chance.integers(0, 12, count) / 12,
            "area": chance.uniform(30, 300, count),
            "name": pd.Series(["A long name 2015"] * names + [None] * (count - names), dtype="string"),
        }
    )


def edges(count: int, of: int, seed: int = 1) -> pd.DataFrame:
    ends = np.random.default_rng(seed).integers(0, of, (count, 2))
    return pd.DataFrame(
        [(f"p{one}", f"p{other}") for one, other in ends.tolist() if one != other], columns=["paper_id", "compared_id"]
    )


@pytest.mark.parametrize("seed", range(5))
def test_each_pair_that_is_near_is_found_once(seed: int) -> None:
    chance = np.random.default_rng(seed)
    x, half_width = chance.uniform(0, 100, 60).round(), chance.choice([1.0, 2.0, 2.0, 30.0], 60)
    pairs = [frozenset(pair) for pair in zip(*map(np.ndarray.tolist, _near(x, half_width)), strict=True)]
    expected = {
        frozenset((one, other))
        for one in range(60)
        for other in range(one)
        if abs(x[one] - x[other]) < half_width[one] + half_width[other]
    }
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == expected


def test_circles_and_their_room_shrink_where_there_are_too_many() -> None:
    found = placed(papers(1000), edges(2000, 1000), 1000, 640)
    assert found["y"].between(0, 640).all()
    assert found["y"].nunique() > 900


def test_papers_are_placed_whatever_the_order_of_their_comparisons() -> None:
    lines = edges(200, 100)
    first, second = (placed(papers(100, 5), one, 1000, 640) for one in (lines, lines.iloc[::-1]))
    pd.testing.assert_frame_equal(first, second)
