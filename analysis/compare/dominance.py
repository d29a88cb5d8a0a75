"""Dominance of tradeoff curves: which of two papers has the better tradeoff between efficiency and quality.

Up and to the right is better: x is a ratio (compression ratio or theoretical speedup), y the change in accuracy.  The
definitions are those of the survey's published analysis (Blalock et al. 2020, JJGO/shrinkbench, ``analysis``):

* a point *dominates* another if it is at least as good in both and better in one;
* the *frontier* of a paper are its points that none of its own points dominates;
* its *concave hull* is the upper hull of the frontier, which always keeps the frontier's first and last point;
* each frontier point of one paper is judged against the other paper's hull: dominated by one of its vertices, else
  dominant over one, else below or above the line through the vertices, else (outside its range, or on it) incomparable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise, product
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.analysis.compare.configurations import with_unions
from prunelit.analysis.frames.columns import COUNT, FLAG, TEXT, Column, of_field, stored
from prunelit.analysis.frames.comparisons import stated_comparisons
from prunelit.analysis.frames.headline import headline, kept_in
from prunelit.schema.record import Experiment
from prunelit.schema.vocabulary import SurveyPart

Points: TypeAlias = NDArray[np.float64]
"""Points as rows of (x, y)."""
Hull: TypeAlias = Callable[[Points], Points]
"""What makes the vertices that a paper's points are judged against of another paper's points."""

QUALITIES = {"top1": "top1_change", "top5": "top5_change"}
EFFICIENCIES = {"compression_ratio": "compression_ratio", "speedup": "speedup"}
TRADEOFF_VERDICTS = ("dominated", "below", "incomparable", "above", "dominant")
MIN_ACCURACY = 50.0
"""The survey's analysis drops points whose top-1 accuracy is known to be below this percentage."""

COMMON_METRICS: tuple[tuple[str, str], ...] = (
    ("ImageNet", "VGG-16"),
    ("ImageNet", "Alex/CaffeNet"),
    ("ImageNet", "ResNet-18"),
    ("ImageNet", "ResNet-34"),
    ("ImageNet", "ResNet-50"),
    ("CIFAR-10", "ResNet-56"),
)
"""The common configurations on which the survey compares curves."""


def frontier(points: Points) -> Points:
    """The distinct points that no other point dominates, by rising x."""
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]
    # By rising x, then y: a point is dominated, or there once more, if one behind it is at least as high.
    best = np.maximum.accumulate(ordered[::-1, 1])[::-1]
    return np.asarray(ordered[ordered[:, 1] > np.append(best[1:], -np.inf)])


def concave_hull(points: Points) -> Points:
    """The vertices of the concave hull of the frontier, by rising x; slopes never rise from left to right."""
    hull: list[NDArray[np.float64]] = []
    for point in frontier(points):
        while len(hull) > 1 and _slope(hull[-1], point) > _slope(hull[-2], hull[-1]):
            hull.pop()
        hull.append(point)
    return np.array(hull)


def published_hull(points: Points) -> Points:
    """The vertices that the survey's published code takes for the concave hull: the start of the frontier, and its end.

    Where the slope rises, the code removes a vertex and then looks at the slopes of the whole frontier again, at the
    same place; so it goes on until all vertices from there on are gone, but for the last (JJGO/shrinkbench, analysis).
    """
    vertices = frontier(points)
    slopes = [_slope(left, right) for left, right in pairwise(vertices)]
    rises = (at for at, (left, right) in enumerate(pairwise(slopes), start=1) if right > left)
    first = next(rises, len(vertices) - 1)
    return np.concatenate([vertices[:first], vertices[-1:]])


HULLS: dict[str, Hull] = {"concave": concave_hull, "published": published_hull}
"""What points can be judged against: the hull, or what the survey's published code takes for it."""


def judge(point: NDArray[np.float64], hull: Points) -> str:
    """How a point stands to the hull of another paper; one of :data:`TRADEOFF_VERDICTS`."""
    return TRADEOFF_VERDICTS[int(_judged(point[np.newaxis], hull)[0])]


def _judged(points: Points, hull: Points) -> NDArray[np.int8]:
    """How each point stands to the hull of another paper, as its place among :data:`TRADEOFF_VERDICTS`."""
    x, y = points[:, :1], points[:, 1:]
    no_less, no_more = (x >= hull[:, 0]) & (y >= hull[:, 1]), (x <= hull[:, 0]) & (y <= hull[:, 1])
    # There is no line outside the hull's range.
    line = np.interp(points[:, 0], hull[:, 0], hull[:, 1], left=np.nan, right=np.nan)
    said = {
        "dominated": (no_more & ~no_less).any(axis=1),
        "dominant": (no_less & ~no_more).any(axis=1),
        "above": points[:, 1] > line,
        "below": points[:, 1] < line,
    }
    places = [TRADEOFF_VERDICTS.index(name) for name in said]
    return np.select(list(said.values()), places, TRADEOFF_VERDICTS.index("incomparable")).astype(np.int8)


_HERE = "analysis.compare.dominance"
TRADEOFFS = (
    of_field(Experiment, "dataset"),
    Column(
        "architecture", TEXT, "",
        "Architecture, or a union of several such as Alex/CaffeNet.", "Experiment.architecture",
    ),
    Column("quality", TEXT, "", "top1 or top5: whose change is compared."),
    Column("efficiency", TEXT, "", "compression_ratio or speedup: against which it is compared."),
    Column("paper_id", TEXT, "", "The paper whose points are judged."),
    Column("other_id", TEXT, "", "The paper against whose concave hull they are judged."),
    Column("stated", FLAG, "", "Whether the paper says that it compares to the other.", "Paper.compares_to"),
    Column("points", COUNT, "count", "Points on the paper's frontier.", _HERE),
    Column("dominated", COUNT, "count", "Points that a vertex of the hull dominates.", _HERE),
    Column("below", COUNT, "count", "Other points below the hull.", _HERE),
    Column("incomparable", COUNT, "count", "Other points outside the hull's range, or on it.", _HERE),
    Column("above", COUNT, "count", "Other points above the hull.", _HERE),
    Column("dominant", COUNT, "count", "Other points that dominate a vertex of the hull.", _HERE),
)  # fmt: skip
"""Columns of ``tradeoffs()``: one row a configuration, metric pair, and ordered pair of papers."""


def tradeoffs_table(
    completed: pd.DataFrame,
    comparisons: pd.DataFrame,
    unions: Mapping[str, tuple[str, ...]],
    hull: Hull = concave_hull,
) -> pd.DataFrame:
    """How the curves of any two papers stand to each other; columns :data:`TRADEOFFS`.

    Args:
        completed: Rows as of ``completed()``.
        comparisons: Rows as of ``comparisons()``.
        unions: The members of each union of architectures, by its name.
        hull: What a paper's points are judged against; :func:`published_hull` is that of the survey's published code.
    """
    table = with_unions(comparable_points(completed), unions)
    said = set(stated_comparisons(comparisons)[["paper_id", "compared_id"]].itertuples(index=False, name=None))
    known = sorted(
        ((dataset, architecture, quality, efficiency), curves)
        for efficiency, x in EFFICIENCIES.items()
        for quality, y in QUALITIES.items()
        for (dataset, architecture), curves in _curves(table.dropna(subset=[x, y]), x, y).items()
    )
    papers = sorted({paper for _, curves in known for paper in curves})
    places = {paper: place for place, paper in enumerate(papers)}
    found = [_compared(curves, hull, said, places) for _, curves in known]
    of_pair = np.repeat(np.arange(len(known)), [len(one["stated"]) for one in found])
    # Frames of each would take longer to make than all that they hold, and pairs are many: names stand for places.
    named: dict[str, tuple[list[str], NDArray[Any]]]
    named = {name: ([key[at] for key, _ in known], of_pair) for at, name in enumerate(_KEY)}
    named |= {name: (papers, _joined(found, name)) for name in ("paper_id", "other_id")}
    columns = {
        one.name: pd.array(named[one.name][0], dtype=stored(TEXT)).take(named[one.name][1])
        if one.name in named
        else pd.array(_joined(found, one.name), dtype=stored(one.dtype))
        for one in TRADEOFFS
    }
    return pd.DataFrame(columns, copy=False)


_KEY = ("dataset", "architecture", "quality", "efficiency")
_Pairs: TypeAlias = dict[str, NDArray[Any]]
"""What is told of the pairs of papers of a dataset, an architecture and two metrics, by columns."""


def _joined(found: list[_Pairs], name: str) -> NDArray[Any]:
    """A column of all pairs, which is held in parts no more."""
    return np.concatenate([one.pop(name) for one in found]) if found else np.empty(0, dtype=np.int32)


def on_common_configurations(tradeoffs: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``tradeoffs()`` on the configurations on which the survey compares curves."""
    return tradeoffs[pd.MultiIndex.from_frame(tradeoffs[["dataset", "architecture"]]).isin(COMMON_METRICS)]


def wins(tradeoffs: pd.DataFrame) -> pd.DataFrame:
    """The pairs of ``paper_id`` and ``other_id`` of which the first beats the other on a common configuration.

    A paper beats another if one of its points is dominant over, or above, the other's hull (JJGO/shrinkbench,
    ``analysis``).
    """
    rows = on_common_configurations(tradeoffs)
    return rows[rows["dominant"] + rows["above"] > 0][["paper_id", "other_id"]].drop_duplicates()


def comparable_points(completed: pd.DataFrame, part: SurveyPart = "beats") -> pd.DataFrame:
    """The points by which the survey compares papers: without sweeps, exclusions and networks below MIN_ACCURACY."""
    rows = headline(kept_in(completed, part)).dropna(subset=["dataset", "architecture"])
    return rows[~(rows["top1"] < MIN_ACCURACY)]


def beaten(tradeoffs: pd.DataFrame) -> pd.DataFrame:
    """How many papers beat each paper, and how many it beats, see :func:`wins`.

    Args:
        tradeoffs: Rows as of ``tradeoffs()``.

    Returns:
        ``paper_id`` and the counts ``beats`` and ``beaten_by``, for every paper with a curve to compare.
    """
    won = wins(tradeoffs)
    papers = sorted(set(on_common_configurations(tradeoffs)["paper_id"]))
    return pd.DataFrame({"paper_id": papers}, dtype="string").assign(
        beats=lambda frame: frame["paper_id"].map(won["paper_id"].value_counts()).fillna(0).astype("Int64"),
        beaten_by=lambda frame: frame["paper_id"].map(won["other_id"].value_counts()).fillna(0).astype("Int64"),
    )


def beaten_by_points(points: pd.DataFrame, unions: Mapping[str, tuple[str, ...]], hull: Hull) -> pd.DataFrame:
    """As :func:`beaten`, of points alone: the pairs of the papers of a large corpus are too many for a table.

    Args:
        points: Rows as of :func:`comparable_points`.
        unions: The members of each union of architectures, by its name.
        hull: What a paper's points are judged against.
    """
    table = on_common_configurations(with_unions(points, unions))
    names, pairs = pd.Index(sorted(table["paper_id"].unique()), dtype="string"), []
    seen = np.zeros(len(names), dtype=bool)
    for x, y in product(EFFICIENCIES.values(), QUALITIES.values()):
        for curves in _curves(table.dropna(subset=[x, y]), x, y).values():
            places = names.get_indexer(pd.Index(sorted(curves)))
            ends = tuple(np.cumsum([len(curves[paper]) for paper in sorted(curves)]).tolist())
            won, lost = _won(np.concatenate([curves[paper] for paper in sorted(curves)]).tobytes(), ends, hull)
            seen[places] |= len(places) > 1
            pairs.append(places[won] * len(names) + places[lost])
    found = np.sort(np.concatenate([np.empty(0, dtype=np.intp), *pairs]))
    won, lost = np.divmod(found[np.diff(found, prepend=-1) > 0], max(len(names), 1))  # each pair once
    counts = {"beats": np.bincount(won, minlength=len(names)), "beaten_by": np.bincount(lost, minlength=len(names))}
    return (
        pd.DataFrame({"paper_id": names.array, **counts})
        .astype(dict.fromkeys(counts, "Int64"))[seen]
        .reset_index(drop=True)
    )


@lru_cache(maxsize=64)
def _won(points: bytes, ends: tuple[int, ...], hull: Hull) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Who beats whom on one configuration and in two metrics, by places; two states of a corpus share most of these.

    Args:
        points: The points of all papers, one paper after the other.
        ends: Where the points of each paper end.
        hull: What a paper's points are judged against.
    """
    curves = np.split(np.frombuffer(points).reshape(-1, 2), ends[:-1])
    frontiers = [frontier(one) for one in curves]
    starts, judged = np.cumsum([0, *map(len, frontiers[:-1])]), np.concatenate(frontiers)
    least = TRADEOFF_VERDICTS.index("above")
    won = [np.logical_or.reduceat(_judged(judged, hull(one)) >= least, starts) for one in frontiers]
    other, own = np.nonzero(np.stack(won) & ~np.eye(len(frontiers), dtype=bool))
    return own, other


def _compared(curves: dict[str, Points], hull: Hull, said: set[tuple[str, str]], places: Mapping[str, int]) -> _Pairs:
    """How the papers of a dataset and architecture stand to each other; each hull judges all points at once."""
    papers = sorted(curves)
    frontiers = [frontier(curves[paper]) for paper in papers]
    starts = np.cumsum([0, *map(len, frontiers[:-1])])
    points = np.concatenate(frontiers)
    verdicts = np.stack([_judged(points, hull(curves[paper])) for paper in papers], axis=1)
    apart = ~np.eye(len(papers), dtype=bool)
    counts = {
        name: np.add.reduceat(verdicts == at, starts, dtype=np.int32)[apart]
        for at, name in enumerate(TRADEOFF_VERDICTS)
    }
    stated = np.array([[(one, another) in said for another in papers] for one in papers], dtype=bool)
    names = np.array([places[paper] for paper in papers], dtype=np.int32)
    own, other = np.broadcast_to(names[:, np.newaxis], apart.shape), np.broadcast_to(names, apart.shape)
    pairs = {"paper_id": own[apart], "other_id": other[apart], "stated": stated[apart]}
    return {**pairs, "points": np.stack([*counts.values()]).sum(axis=0, dtype=np.int32), **counts}


def _curves(table: pd.DataFrame, x: str, y: str) -> dict[tuple[str, str], dict[str, Points]]:
    """The points of each paper, for each dataset and architecture."""
    found: dict[tuple[str, str], dict[str, list[tuple[float, float]]]] = {}
    for dataset, architecture, paper, *point in table[["dataset", "architecture", "paper_id", x, y]].to_numpy(object):
        found.setdefault((dataset, architecture), {}).setdefault(paper, []).append(tuple(point))
    return {key: {paper: np.array(points) for paper, points in papers.items()} for key, papers in found.items()}


def _slope(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    return float((right[1] - left[1]) / (right[0] - left[0]))
