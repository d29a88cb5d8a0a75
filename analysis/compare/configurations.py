"""Configurations: what papers can be compared in, and which pairs of papers share any."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prunelit.analysis.frames.comparisons import stated_comparisons
from prunelit.analysis.frames.headline import headline, kept_in

QUALITY_METRICS = {"top1": ["top1_change"], "top5": ["top5_change"]}
EFFICIENCY_METRICS = {"params": ["params_kept", "params"], "flops": ["flops_kept", "flops"]}
"""Metric, and the completed columns any of which says something about it.

Quality needs the change, because unpruned models differ; an efficiency may also be given as an absolute number.
"""
MNIST = "MNIST"
"""The dataset that is not enough by itself: the checklist asks for another, and universes leave it out."""


def pairs(table: pd.DataFrame) -> pd.DataFrame:
    """How many papers use each (dataset, architecture) pair (Blalock et al. 2020, Table 1); unknowns are not counted.

    Args:
        table: Rows as of ``results()``.

    Returns:
        ``dataset``, ``architecture`` and the count ``papers``, most used first.
    """
    return (
        headline(kept_in(table, "counts"))
        .dropna(subset=["dataset", "architecture"])
        .groupby(["dataset", "architecture"], as_index=False)
        .agg(papers=("paper_id", "nunique"))
        .sort_values(["papers", "dataset", "architecture"], ascending=[False, True, True], ignore_index=True)
    )


def pairs_per_paper(table: pd.DataFrame, without: tuple[str, ...] = (MNIST,)) -> pd.DataFrame:
    """How many pairs each paper uses (Blalock et al. 2020, Figure 4, top).

    As there, an unknown name counts as one more.

    Args:
        table: Rows as of ``results()``.
        without: Datasets to leave out.

    Returns:
        ``paper_id`` and the count ``pairs``, for the papers that use any.
    """
    rows = headline(kept_in(table, "figure4"))
    rows = rows[~rows["dataset"].isin(without)]
    used = rows[["paper_id", "dataset", "architecture"]].drop_duplicates()
    return used.groupby("paper_id", as_index=False).agg(pairs=("dataset", "size"))


def with_unions(table: pd.DataFrame, unions: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """The table with the rows of each union of architectures once more under the union's name."""
    more = [table[table["architecture"].isin(members)].assign(architecture=name) for name, members in unions.items()]
    return pd.concat([table, *more], ignore_index=True)


def configurations(completed: pd.DataFrame) -> pd.DataFrame:
    """What each paper can be compared in, by its own headline results; what the survey leaves out is kept.

    Args:
        completed: Rows as of ``completed()``.

    Returns:
        The distinct ``paper_id``, ``dataset``, ``architecture``, ``quality`` and ``efficiency`` for which the paper
        has a point.
    """
    rows = headline(completed).dropna(subset=["dataset", "architecture"])
    key = ["paper_id", "dataset", "architecture"]
    found = [
        rows.loc[speaks_of(rows, quality, efficiency), key]
        .drop_duplicates()
        .assign(quality=quality, efficiency=efficiency)
        for quality in QUALITY_METRICS
        for efficiency in EFFICIENCY_METRICS
    ]
    return pd.concat(found, ignore_index=True).sort_values([*key, "quality", "efficiency"], ignore_index=True)


def speaks_of(rows: pd.DataFrame, quality: str, efficiency: str, raw: bool = False) -> pd.Series[bool]:
    """Which points can be compared in a quality and an efficiency.

    Args:
        rows: Rows as of ``completed()``.
        quality: One of :data:`QUALITY_METRICS`.
        efficiency: One of :data:`EFFICIENCY_METRICS`.
        raw: Whether to take points of which the quality is known but not its change.
    """
    changes = _says(rows, QUALITY_METRICS[quality])
    return (_says(rows, [quality]) & ~changes if raw else changes) & _says(rows, EFFICIENCY_METRICS[efficiency])


def _says(rows: pd.DataFrame, columns: list[str]) -> pd.Series[bool]:
    return rows[columns].notna().any(axis=1)


def comparable_pairs(configurations: pd.DataFrame) -> pd.DataFrame:
    """Pairs of papers with a point on the same dataset and architecture, in the same quality and efficiency metric.

    Args:
        configurations: Rows as of :func:`configurations`.

    Returns:
        ``paper_a`` and ``paper_b`` (in the order of ids), and ``shared``, the number of configurations they share.
    """
    both = configurations.merge(configurations, on=_SHARED, suffixes=("_a", "_b")).rename(
        columns={"paper_id_a": "paper_a", "paper_id_b": "paper_b"}
    )
    both = both[both["paper_a"] < both["paper_b"]]
    return both.groupby(["paper_a", "paper_b"], as_index=False).agg(shared=("dataset", "size"))


def share_comparable(pairs: int, papers: int) -> float:
    """Share of all pairs of papers that are comparable, 0 to 1."""
    return pairs / max(papers * (papers - 1) / 2, 1)


def checkable_comparisons(comparisons: pd.DataFrame, configurations: pd.DataFrame) -> pd.DataFrame:
    """The stated comparisons, with ``checkable``: whether the two papers' own numbers in the corpus can be compared.

    They can where :func:`comparable_pairs` holds the two; but most of its pairs nobody compares.

    Args:
        comparisons: Rows as of ``comparisons()``.
        configurations: Rows as of :func:`configurations`.
    """
    compared = stated_comparisons(comparisons)
    used: dict[str, set[tuple[str, ...]]] = {}
    for paper, *one in configurations[["paper_id", *_SHARED]].itertuples(index=False, name=None):
        used.setdefault(paper, set()).add(tuple(one))
    edges = compared[["paper_id", "compared_id"]].itertuples(index=False, name=None)
    return compared.assign(checkable=[a != b and not used.get(a, set()).isdisjoint(used.get(b, ())) for a, b in edges])


_SHARED = ["dataset", "architecture", "quality", "efficiency"]
"""What papers share that can be compared."""
