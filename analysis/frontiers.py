"""How far have the best results moved, year by year?

The frontier of a year are the results of all papers up to then that no other one beats in both efficiency and quality.
It shows what papers report, not what a method gains: a longer training, or a better unpruned model, moves it as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from prunelit.analysis.columns import FRONTIERS, typed
from prunelit.analysis.complete import completed
from prunelit.analysis.exclusions import headline, kept_in
from prunelit.analysis.load import chosen
from prunelit.analysis.tables import papers
from prunelit.analysis.tradeoff import frontier
from prunelit.schema.corpus import Corpus

RATIOS = ("speedup", "compression_ratio")
QUALITIES = ("top1", "top1_change")
DATASET, ARCHITECTURE = "ImageNet", "ResNet-50"


def frontiers(
    corpus: Corpus | None = None,
    collection: str | None = None,
    corrected: bool = True,
    dataset: str = DATASET,
    architecture: str = ARCHITECTURE,
) -> pd.DataFrame:
    """The Pareto frontiers on one configuration, cumulated by year: one row a year, pair of metrics and point.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
        dataset: Dataset.
        architecture: Architecture that was pruned.
    """
    corpus = chosen(corpus, collection)
    points = own_points(completed(corpus, corrected=corrected), papers(corpus, corrected=corrected))
    here = points[(points["dataset"] == dataset) & (points["architecture"] == architecture)]
    found = [rows for ratio in RATIOS for quality in QUALITIES for rows in _by_year(here, ratio, quality)]
    return typed(pd.concat(found, ignore_index=True) if found else [], FRONTIERS)


def own_points(completed: pd.DataFrame, papers: pd.DataFrame) -> pd.DataFrame:
    """The headline points of methods in the papers that propose them, with the paper's ``published`` year.

    Args:
        completed: Rows as of ``completed()``.
        papers: Rows as of ``papers()``.
    """
    rows = headline(kept_in(completed, "beats"))
    own = rows[rows["origin"].eq("own").fillna(False).astype(bool)]
    return own.assign(published=own["paper_id"].map(papers.set_index("paper_id")["year"]))


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
        frontiers: Rows as of :func:`frontiers`.
        ratio: Compression ratio or speedup.

    Returns:
        The rows of the best point of each ``efficiency``, ``quality`` and ``year``.
    """
    rows = frontiers[frontiers["ratio"] >= ratio]
    best = rows.sort_values("value", ascending=False, kind="stable")
    key = ["efficiency", "quality", "year"]
    return best.drop_duplicates(key).sort_values(key, ignore_index=True)
