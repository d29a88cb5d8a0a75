"""Are the frontiers of each year what no result up to then beats, by an independent comparison of all with all?"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from prunelit import frontiers
from prunelit.analysis.trends.frontiers import best_at
from prunelit.schema.corpus import Corpus

PAPER = """
id: {id}
published: {{year: {year}}}
methods: [{{name: M}}]
experiments:
  - dataset: ImageNet
    architecture: ResNet-50
    collections: [blalock2020]
    base_top1: 76.0
    curves:
      - {{origin: {origin}, method: M, points: {points}}}
"""


def paper(id: str, year: int, *points: tuple[float, float], origin: str = "own") -> str:
    listed = [f"{{top1: {top1}, speedup: {speedup}}}" for speedup, top1 in points]
    return PAPER.format(id=id, year=year, origin=origin, points=f"[{', '.join(listed)}]")


@pytest.fixture(scope="module")
def found(made: Callable[..., Corpus]) -> pd.DataFrame:
    return frontiers(
        made(
            paper("old2018one", 2018, (2.0, 75.0), (3.0, 73.0), (1.5, 74.0)),
            paper("new2021two", 2021, (2.5, 74.5), (3.0, 74.0)),
            paper("bench2022mark", 2022, (9.0, 76.0), origin="rerun"),
        )
    )


@pytest.fixture(scope="module")
def real(whole: Corpus) -> pd.DataFrame:
    return frontiers(whole)


def shown(found: pd.DataFrame, year: int, quality: str = "top1") -> list[tuple[float, float]]:
    rows = found[(found["year"] == year) & (found["quality"] == quality) & (found["efficiency"] == "speedup")]
    return list(rows[["ratio", "value"]].itertuples(index=False, name=None))


def test_frontier_of_the_first_year(found: pd.DataFrame) -> None:
    assert shown(found, 2018) == [(2.0, 75.0), (3.0, 73.0)]


def test_later_results_push_it_outwards(found: pd.DataFrame) -> None:
    assert shown(found, 2021) == [(2.0, 75.0), (2.5, 74.5), (3.0, 74.0)]


def test_changes_have_frontiers_of_their_own(found: pd.DataFrame) -> None:
    assert shown(found, 2018, "top1_change") == [(2.0, -1.0), (3.0, -3.0)]


def test_reruns_are_nobodys_own(found: pd.DataFrame) -> None:
    assert set(found["paper_id"]) == {"old2018one", "new2021two"}


def test_best_at_a_ratio_or_beyond(found: pd.DataFrame) -> None:
    best = best_at(found, 2.4).query("quality == 'top1'")
    assert best[["year", "value"]].to_numpy().tolist() == [[2018, 73.0], [2021, 74.5]]


def test_nothing_up_to_a_year_beats_its_frontier(real: pd.DataFrame) -> None:
    for _, rows in real.groupby(["efficiency", "quality", "year"]):
        points = rows[["ratio", "value"]].to_numpy()
        beaten = (points[:, None] <= points).all(axis=2) & (points[:, None] < points).any(axis=2)
        assert not beaten.any()
        assert (rows["published"] <= rows["year"]).all()


def test_frontiers_never_move_back(real: pd.DataFrame) -> None:
    best = best_at(real, 2.0)
    assert best.groupby(["efficiency", "quality"])["value"].apply(lambda values: values.is_monotonic_increasing).all()
