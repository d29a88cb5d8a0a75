"""Frontiers: how far the best results have moved, year by year.

The frontier of a year are the results of all papers up to then that no other one beats in both efficiency and quality.
It shows what papers report, not what a method gains: a longer training, or a better unpruned model, moves it as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from prunelit.analysis.compare.dominance import frontier
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import cached_table
from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, WHO, Column, columns_named, typed
from prunelit.analysis.frames.completed import COMPLETED
from prunelit.analysis.frames.headline import headline, kept_in
from prunelit.schema.problems import UnknownNameError

_RATIOS = ("speedup", "compression_ratio")
_QUALITIES = ("top1", "top1_change")
DATASET, ARCHITECTURE = "ImageNet", "ResNet-50"


_HERE = "analysis.trends.frontiers"
FRONTIERS = (
    *columns_named(COMPLETED, "dataset", "architecture"),
    Column("efficiency", TEXT, "", "speedup (theoretical) or compression_ratio.", _HERE),
    Column("quality", TEXT, "", "top1 (as printed) or top1_change (pruned minus unpruned).", _HERE),
    Column("year", COUNT, "", "Papers up to this year count.", _HERE),
    Column("ratio", NUMBER, "ratio", "Speedup or compression ratio of the point.", _HERE),
    Column("value", NUMBER, "% or pp", "Top-1 accuracy in percent, or its change in percentage points.", _HERE),
    WHO[0],
    Column("published", COUNT, "", "Year of publication of the paper.", "Paper.published"),
    *columns_named(COMPLETED, "method", "method_label", "training_scheme", "base_top1", "locator"),
)
"""Columns of ``frontiers()``: one row a pair of metrics, year and point of the frontier of that year."""


@cached_table(FRONTIERS)
def frontiers_table(data: Dataset, dataset: str = DATASET, architecture: str = ARCHITECTURE) -> pd.DataFrame:
    """The Pareto frontiers on one configuration, cumulated by year; columns :data:`FRONTIERS`.

    Args:
        data: The papers that count.
        dataset: Dataset.
        architecture: Architecture that was pruned.

    Raises:
        UnknownNameError: if the vocabulary knows no such dataset or architecture.
    """
    for kind, name, known in (
        ("dataset", dataset, data.vocabulary.datasets),
        ("architecture", architecture, data.vocabulary.architectures),
    ):
        if name not in (names := [one.name for one in known]):
            raise UnknownNameError(kind, name, names)
    points = own_points(data)
    here = points[(points["dataset"] == dataset) & (points["architecture"] == architecture)]
    found = [rows for ratio in _RATIOS for quality in _QUALITIES for rows in _by_year(here, ratio, quality)]
    return typed(pd.concat(found, ignore_index=True) if found else [], FRONTIERS)


def own_points(data: Dataset) -> pd.DataFrame:
    """The headline points of methods in the papers that propose them, with the paper's ``published`` year."""
    rows = headline(kept_in(data.completed(), "beats"))
    own = rows[rows["origin"].eq("own").fillna(False).astype(bool)]
    return own.assign(published=own["paper_id"].map(data.papers().set_index("paper_id")["year"]))


def _by_year(points: pd.DataFrame, ratio: str, quality: str) -> Iterator[pd.DataFrame]:
    rows = points.dropna(subset=[ratio, quality, "published"])
    rows = rows[rows[ratio] > 1].assign(efficiency=ratio, quality=quality, ratio=rows[ratio], value=rows[quality])
    for year in sorted(rows["published"].unique()):
        until = rows[rows["published"] <= year]
        best = pd.DataFrame(frontier(until[["ratio", "value"]].to_numpy(dtype=float)), columns=["ratio", "value"])
        first = until.sort_values(["published", "paper_id"]).drop_duplicates(["ratio", "value"])
        yield best.merge(first, on=["ratio", "value"]).assign(year=year)


def best_at(frontiers: pd.DataFrame, ratio: float) -> pd.DataFrame:
    """The best value at a ratio or beyond it, year by year.

    Args:
        frontiers: Rows as of ``frontiers()``.
        ratio: Compression ratio or speedup.

    Returns:
        The rows of the best point of each ``efficiency``, ``quality`` and ``year``.
    """
    rows = frontiers[frontiers["ratio"] >= ratio]
    best = rows.sort_values("value", ascending=False, kind="stable")
    key = ["efficiency", "quality", "year"]
    return best.drop_duplicates(key).sort_values(key, ignore_index=True)
