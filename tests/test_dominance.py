"""Are tradeoff curves compared as defined?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.spatial import ConvexHull  # type: ignore[import-untyped] # scipy ships no types

from prunelit import completed, dataset, tradeoffs
from prunelit.analysis.compare.dominance import (
    COMMON_METRICS,
    HULLS,
    TRADEOFF_VERDICTS,
    TRADEOFFS,
    Hull,
    beaten,
    beaten_by_points,
    comparable_points,
    concave_hull,
    frontier,
    judge,
    published_hull,
    tradeoffs_table,
)
from prunelit.analysis.frames.headline import headline
from prunelit.schema.corpus import Corpus

Point = tuple[float, float]

POINTS = st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=1, max_size=12)
"""Points on a small grid, where ties, repetitions and straight lines are common."""


def dominates(a: Point, b: Point) -> bool:
    return a[0] >= b[0] and a[1] >= b[1] and a != b


def brute_frontier(points: list[Point]) -> list[Point]:
    """The points that no other dominates, each held against each."""
    return sorted({a for a in points if not any(dominates(b, a) for b in points)})


def brute_hull(points: list[Point]) -> list[Point]:
    """The frontier's points above which no line between two others passes: not how the hull is computed elsewhere."""
    front = brute_frontier(points)
    hidden = {
        k
        for i, j in combinations(range(len(front)), 2)
        for k in range(i + 1, j)
        if height(front[i], front[j], front[k][0]) > front[k][1]
    }
    return [point for at, point in enumerate(front) if at not in hidden]


def height(left: Point, right: Point, x: float) -> float:
    return left[1] + (right[1] - left[1]) * (x - left[0]) / (right[0] - left[0])


def brute_verdict(point: Point, hull: list[Point]) -> str:
    if any(dominates(vertex, point) for vertex in hull):
        return "dominated"
    if any(dominates(point, vertex) for vertex in hull):
        return "dominant"
    for left, right in pairwise(hull):
        if left[0] <= point[0] <= right[0]:
            line = height(left, right, point[0])
            return "incomparable" if point[1] == line else "above" if point[1] > line else "below"
    return "incomparable"


def rows(points: object) -> list[Point]:
    return [(float(x), float(y)) for x, y in np.asarray(points, dtype=float).reshape(-1, 2)]


def array(points: list[Point]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array(points, dtype=float).reshape(-1, 2)


@given(POINTS)
def test_frontier_is_what_no_point_dominates(points: list[Point]) -> None:
    assert rows(frontier(array(points))) == brute_frontier(points)


@given(POINTS)
def test_frontier_falls_as_efficiency_rises(points: list[Point]) -> None:
    front = rows(frontier(array(points)))
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in pairwise(front))


@given(POINTS)
def test_hull_is_what_no_line_between_others_passes_over(points: list[Point]) -> None:
    assert rows(concave_hull(array(points))) == brute_hull(points)


@given(POINTS)
def test_hull_keeps_the_ends_of_the_frontier(points: list[Point]) -> None:
    hull, front = rows(concave_hull(array(points))), brute_frontier(points)
    assert (hull[0], hull[-1]) == (front[0], front[-1])


@pytest.mark.parametrize("seed", range(20))
def test_hull_is_the_upper_half_of_scipys(seed: int) -> None:
    dice = np.random.default_rng(seed)
    points = np.column_stack([np.sort(dice.uniform(1, 20, 40)), -np.sort(dice.uniform(0, 10, 40))])
    below = np.array([[points[0, 0], -99.0], [points[-1, 0], -99.0]])
    vertices = set(ConvexHull(np.vstack([points, below])).vertices) - {40, 41}
    assert rows(concave_hull(points)) == rows(points[sorted(vertices)])


def step_by_step(points: list[Point]) -> list[Point]:
    """The survey's published procedure: slopes are those of the whole frontier even after a vertex has gone."""
    front = brute_frontier(points)
    kept, again = list(front), len(front) > 2
    while again:
        again = False
        for at in range(1, len(kept) - 1):
            (x0, y0), (x1, y1), (x2, y2) = front[at - 1 : at + 2]
            if (y2 - y1) / (x2 - x1) > (y1 - y0) / (x1 - x0):
                del kept[at]
                again = len(kept) > 2
                break
    return kept


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=40))
def test_published_hull_is_that_of_the_published_procedure(points: list[Point]) -> None:
    assert rows(published_hull(array(points))) == step_by_step(points)


def test_published_hull_loses_vertices_of_the_concave_hull() -> None:
    points = array([(1, 0), (2, -3), (3, -4), (4, -5), (5, -9)])
    assert rows(concave_hull(points)) == [(1, 0), (4, -5), (5, -9)]
    assert rows(published_hull(points)) == [(1, 0), (5, -9)]


def test_published_hull_finds_the_22_dominated_comparisons_of_the_published_code(survey: Corpus) -> None:
    table = tradeoffs(survey, corrected=False, hull="published")
    stated = [row for row in table.to_dict("records") if row["stated"] and row["dominated"]]
    assert sum((row["dataset"], row["architecture"]) in COMMON_METRICS for row in stated) == 22


def test_frontier_and_hull_do_not_care_about_order() -> None:
    points = array([(1, 0), (2, -1), (3, -1.5), (4, -4), (2, -3)])
    shuffled = points[[3, 0, 4, 2, 1]]
    assert rows(concave_hull(shuffled)) == rows(concave_hull(points)) == [(1, 0), (3, -1.5), (4, -4)]


@pytest.mark.parametrize("hull", [concave_hull, published_hull])
def test_point_on_the_line_between_two_others_stays_in_the_hull(hull: Hull) -> None:
    line = [(1.0, 0.0), (2.0, -1.0), (3.0, -2.0), (5.0, -4.0)]
    assert rows(hull(array(line))) == line


HULL = [(1.0, 0.0), (2.0, -1.0), (4.0, -4.0)]


@pytest.mark.parametrize(
    ("point", "verdict"),
    [
        ((1.5, -1.0), "dominated"),
        ((2.0, -1.5), "dominated"),
        ((0.5, -0.5), "dominated"),
        ((4.0, -5.0), "dominated"),
        ((1.0, 0.5), "dominant"),
        ((2.5, -0.5), "dominant"),
        ((5.0, -4.0), "dominant"),
        ((5.0, 1.0), "dominant"),
        ((3.0, -2.0), "above"),
        ((3.0, -2.4), "above"),
        ((1.5, -0.25), "above"),
        ((3.0, -2.6), "below"),
        ((1.5, -0.75), "below"),
        ((3.0, -2.5), "incomparable"),
        ((1.5, -0.5), "incomparable"),
        ((2.0, -1.0), "incomparable"),
        ((0.5, 0.5), "incomparable"),
        ((5.0, -5.0), "incomparable"),
    ],
)
def test_verdict_worked_by_hand(point: Point, verdict: str) -> None:
    assert judge(np.array(point), array(HULL)) == verdict


@pytest.mark.parametrize(
    ("point", "verdict"),
    [((1.0, 1.0), "incomparable"), ((2.0, 1.0), "dominant"), ((1.0, 0.0), "dominated"), ((2.0, 0.0), "incomparable")],
)
def test_verdict_on_a_single_point(point: Point, verdict: str) -> None:
    assert judge(np.array(point), array([(1.0, 1.0)])) == verdict


@given(st.tuples(st.integers(-7, 7), st.integers(-7, 7)), POINTS)
def test_verdict_is_that_of_a_loop_over_the_hull(point: Point, points: list[Point]) -> None:
    hull = brute_hull(points)
    assert judge(np.array(point, dtype=float), array(hull)) == brute_verdict(point, hull)


@pytest.fixture(scope="module")
def table(survey: Corpus) -> pd.DataFrame:
    return tradeoffs(survey, corrected=False)


def test_every_curve_is_judged_against_every_other_as_by_hand(table: pd.DataFrame, survey: Corpus) -> None:
    curves: dict[tuple[str, ...], dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    known = [one.name for one in survey.architectures]
    unions = {name: [name, *(one.name for one in survey.unions if name in one.of)] for name in known}
    for row in comparable_points(completed(survey, corrected=False)).to_dict("records"):
        for architecture in unions[row["architecture"]]:
            for quality in ("top1", "top5"):
                for efficiency in ("compression_ratio", "speedup"):
                    point = row[efficiency], row[f"{quality}_change"]
                    if point[0] == point[0] and point[1] == point[1]:
                        curves[row["dataset"], architecture, quality, efficiency][row["paper_id"]].append(point)
    wanted = {}
    for configuration, of_papers in curves.items():
        for paper, points in of_papers.items():
            for other in of_papers.keys() - {paper}:
                verdicts = [brute_verdict(point, brute_hull(of_papers[other])) for point in brute_frontier(points)]
                wanted[*configuration, paper, other] = (
                    len(verdicts),
                    *(verdicts.count(one) for one in TRADEOFF_VERDICTS),
                )
    key = ["dataset", "architecture", "quality", "efficiency", "paper_id", "other_id"]
    found = table.set_index(key)[["points", *TRADEOFF_VERDICTS]]
    assert {
        at: tuple(int(one) for one in counts) for at, counts in zip(found.index, found.values, strict=True)
    } == wanted


def test_rows_are_in_the_order_of_their_keys(table: pd.DataFrame) -> None:
    keys = list(table.iloc[:, :6].itertuples(index=False, name=None))
    assert keys == sorted(set(keys))
    assert table.index.tolist() == list(range(len(table)))


def test_every_point_gets_one_verdict(table: pd.DataFrame) -> None:
    assert table[[*TRADEOFF_VERDICTS]].sum(axis=1).equals(table["points"])


def test_stated_are_the_comparisons_of_the_records(table: pd.DataFrame, survey: Corpus) -> None:
    stated = {paper.id: paper.compares_to or () for paper in survey.papers}
    pairs = table[["paper_id", "other_id"]].itertuples(index=False)
    assert table["stated"].tolist() == [other in stated[paper] for paper, other in pairs]


@pytest.mark.parametrize(("verdict", "published"), [(None, 139), ("dominant", 71), ("dominated", 23)])
def test_stated_comparisons_on_common_configurations(verdict: str | None, published: int, table: pd.DataFrame) -> None:
    rows_ = [
        row
        for row in table.to_dict("records")
        if row["stated"] and (row["dataset"], row["architecture"]) in COMMON_METRICS
    ]
    assert sum(verdict is None or row[verdict] > 0 for row in rows_) == published


def test_who_beats_whom_is_that_of_a_loop_over_the_rows(table: pd.DataFrame) -> None:
    wins: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for row in table.to_dict("records"):
        if (row["dataset"], row["architecture"]) in COMMON_METRICS:
            seen.add(row["paper_id"])
            if row["above"] or row["dominant"]:
                wins.add((row["paper_id"], row["other_id"]))
    wanted = [[one, sum(a == one for a, _ in wins), sum(b == one for _, b in wins)] for one in sorted(seen)]
    assert beaten(table).values.tolist() == wanted


def test_curves_that_nobody_compares_beat_nobody(table: pd.DataFrame) -> None:
    assert len(beaten(table[:0])) == 0


def judged(paper: str, other: str, **verdicts: int) -> dict[str, object]:
    on = {"dataset": "ImageNet", "architecture": "VGG-16", "paper_id": paper, "other_id": other}
    return {**on, **dict.fromkeys(TRADEOFF_VERDICTS, 0), **verdicts}


def test_one_point_above_or_dominant_beats_and_each_paper_counts_once() -> None:
    rows_ = [
        judged("a", "b", above=1, dominated=3),
        judged("a", "b", dominant=1),
        judged("a", "c", dominant=1),
        judged("b", "a", below=2, incomparable=2, dominated=2),
        judged("c", "a", incomparable=1),
        judged("c", "b", above=2) | {"architecture": "Rare"},
        judged("d", "b", above=2) | {"architecture": "Rare"},
        judged("e", "b", below=2) | {"architecture": "Rare"},
        judged("d", "e", above=1, dominant=1),
    ]
    found = beaten(pd.DataFrame(rows_))
    counts = pd.DataFrame({"paper_id": ["a", "b", "c", "d"], "beats": [2, 0, 0, 1], "beaten_by": [0, 1, 1, 0]})
    assert_frame_equal(found, counts.astype({"paper_id": "string", "beats": "Int64", "beaten_by": "Int64"}))


def point(**cells: object) -> dict[str, object]:
    usual = {"dataset": "D", "architecture": "A", "sweep": False, "excluded": pd.NA, "top1": np.nan, "top5": np.nan}
    return usual | {"paper_id": "p", "origin": "own", "survey_row": pd.NA} | cells


@pytest.mark.parametrize(
    ("cells", "stays"),
    [
        ({}, True),
        ({"top1": 50.0}, True),
        ({"top1": 49.9}, False),
        ({"top1": 10.0, "top5": 30.0}, False),
        ({"top5": 30.0}, True),
        ({"sweep": True}, False),
        ({"origin": "copied"}, False),
        ({"origin": "copied", "survey_row": 7}, True),
        ({"excluded": "figure3; beats"}, False),
        ({"excluded": "figure3"}, True),
        ({"dataset": pd.NA}, False),
        ({"architecture": pd.NA}, False),
    ],
)
def test_which_points_compare_papers(cells: dict[str, object], stays: bool) -> None:
    table = pd.DataFrame([point(**cells)]).astype({"sweep": "boolean", "excluded": "string"})
    assert len(comparable_points(table)) == stays


def test_part_decides_which_exclusions_count() -> None:
    table = pd.DataFrame([point(excluded="figure3")]).astype({"excluded": "string"})
    assert (len(comparable_points(table)), len(comparable_points(table, "figure3"))) == (1, 0)


def test_only_srinivas_2015_falls_below_the_limit(survey: Corpus) -> None:
    points = headline(completed(survey, corrected=False)).dropna(subset=["dataset", "architecture"])
    kept = comparable_points(points.assign(excluded=""))
    dropped = points.drop(kept.index)
    assert (set(dropped["paper_id"]), len(dropped)) == ({"srinivas2015data"}, 3)


def test_tradeoffs_of_the_survey_stay_when_the_corpus_grows(grown: Corpus, survey: Corpus) -> None:
    assert_frame_equal(tradeoffs(grown, "blalock2020"), tradeoffs(survey))


ONE_POINT = """
id: {}2015paper
experiments:
  - dataset: ImageNet
    architecture: {}
    collections: [blalock2020]
    curves: [{{origin: own, points: [{{top1_change: {}, compression_ratio: 2.0}}]}}]
"""


def test_a_citation_states_no_comparison_and_rows_are_numbered(made: Callable[..., Corpus]) -> None:
    two = ONE_POINT.format("two", "VGG-16", "-2.0") + "cites: [one2015paper]\n"
    one = ONE_POINT.format("one", "VGG-16", "-1.0") + "compares_to: [two2015paper]\n"
    found = tradeoffs(made(two, one))
    told = [[row, paper, stated] for row, paper, stated in found[["paper_id", "stated"]].itertuples()]
    assert told == [[0, "one2015paper", True], [1, "two2015paper", False]]


def test_union_compares_papers_that_no_member_does(made: Callable[..., Corpus]) -> None:
    corpus = made(ONE_POINT.format("one", "AlexNet", "-1.0"), ONE_POINT.format("two", "CaffeNet", "-2.0"))
    found = tradeoffs(corpus)[["architecture", "paper_id", "other_id", "dominated", "dominant"]]
    assert found.values.tolist() == [
        ["Alex/CaffeNet", "one2015paper", "two2015paper", 0, 1],
        ["Alex/CaffeNet", "two2015paper", "one2015paper", 1, 0],
    ]


def test_a_row_says_on_what_two_papers_are_compared(made: Callable[..., Corpus]) -> None:
    found = tradeoffs(made(ONE_POINT.format("one", "VGG-16", "-1.0"), ONE_POINT.format("two", "VGG-16", "-2.0")))
    assert found.iloc[0, :4].to_list() == ["ImageNet", "VGG-16", "top1", "compression_ratio"]


def test_a_network_that_hardly_works_is_compared_with_none(made: Callable[..., Corpus]) -> None:
    bad = ONE_POINT.format("two", "VGG-16", "-2.0").replace("top1_change", "top1: 49.9, top1_change")
    assert len(tradeoffs(made(ONE_POINT.format("one", "VGG-16", "-1.0"), bad))) == 0


CURVES = {
    "b": [(4.0, -4.0), (1.5, -3.0), (1.0, 0.0), (2.0, -2.0)],
    "a": [(0.5, 0.5), (5.0, -3.0), (0.9, -0.1), (2.0, -1.0), (1.9, -1.5), (2.5, -2.2)],
    "c": [(2.2, -5.0)],
}
"""Of b, the second point is dominated, and the last below the hull; of a, the last but one is dominated."""
KINDS = ("dataset", "quality", "efficiency")
VERDICTS_OF_CURVES = [
    ["a", "b", True, 5, 1, 1, 1, 1, 1],
    ["a", "c", False, 5, 0, 0, 3, 0, 2],
    ["b", "a", False, 3, 1, 2, 0, 0, 0],
    ["b", "c", False, 3, 0, 0, 2, 0, 1],
    ["c", "a", False, 1, 1, 0, 0, 0, 0],
    ["c", "b", False, 1, 1, 0, 0, 0, 0],
]


def curves_on(dataset: str, efficiency: str, quality: str) -> list[dict[str, object]]:
    empty = {"compression_ratio": np.nan, "speedup": np.nan, "top1_change": np.nan, "top5_change": np.nan}
    return [
        point(dataset=dataset, paper_id=paper, **(empty | {efficiency: x, f"{quality}_change": y}))
        for paper, points in CURVES.items()
        for x, y in points
    ]


COMPARED = pd.DataFrame([["a", "b", "comparison", pd.NA]], columns=["paper_id", "compared_id", "kind", "status"])


def test_curves_of_three_papers_worked_by_hand() -> None:
    on = [
        ("Z", "top1", "speedup"),
        ("D", "top5", "speedup"),
        ("D", "top1", "speedup"),
        ("D", "top5", "compression_ratio"),
    ]
    rows_ = [row for dataset, quality, efficiency in on for row in curves_on(dataset, efficiency, quality)]
    table = pd.DataFrame(rows_).astype({"sweep": "boolean", "excluded": "string"})
    found = tradeoffs_table(table, COMPARED, {})
    assert found[[*KINDS]].drop_duplicates().values.tolist() == sorted(map(list, on))
    told = found.drop(columns=[*KINDS, "architecture"]).values.tolist()
    assert told == VERDICTS_OF_CURVES * len(on)
    assert found.index.tolist() == list(range(len(told)))


def test_no_points_are_no_tradeoffs() -> None:
    table = pd.DataFrame(curves_on("D", "speedup", "top1")).astype({"sweep": "boolean", "excluded": "string"})
    assert len(tradeoffs_table(table[:0], COMPARED, {})) == 0


def test_verdicts_come_from_this_analysis() -> None:
    assert {one.source for one in TRADEOFFS if one.name in TRADEOFF_VERDICTS} == {"analysis.compare.dominance"}


@pytest.mark.parametrize("hull", HULLS)
@pytest.mark.parametrize("collection", ["blalock2020", None])
def test_who_beats_whom_is_the_same_of_points_as_of_the_table_of_pairs(collection: str | None, hull: str) -> None:
    found = dataset(collection=collection)
    points = comparable_points(found.completed())
    alone = points[points["paper_id"].isin(points["paper_id"].unique()[:3])]
    for some in (points, alone, points[:0]):
        whole = tradeoffs_table(some, found.comparisons(), found.unions, HULLS[hull])
        assert_frame_equal(beaten_by_points(some, found.unions, HULLS[hull]), beaten(whole))
