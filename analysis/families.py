"""Do pruned models outperform unpruned ones of the same size or cost?

"Pruned models sometimes outperform the original architecture, but rarely outperform a better architecture" (Blalock et
al. 2020, Figure 1).  The survey leaves that to the eye; here the pruned models of its two upper panels are counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.analysis.exclusions import headline, kept_in
from prunelit.analysis.references import reference_models
from prunelit.analysis.tradeoff import Points, concave_hull
from prunelit.schema.corpus import Corpus

DATASET = "ImageNet"
PRUNED = ("VGG", "ResNet", "MobileNet-v2")
"""Families with pruned models in Figure 1."""
BETTER = "EfficientNet"
"""The family that no other line of Figure 1 reaches: the better architecture."""
SIZES = ("params", "flops")
"""What a model is measured by: parameters, and multiply-adds for one inference."""


def pruned_models(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """The rows that Figure 1 draws as pruned models, with their ``family``.

    Args:
        table: Rows as of ``completed()`` or ``normalized()``.
        corpus: Where the families are.
    """
    families = {one.name: one.family for one in corpus.architectures if one.family in PRUNED}
    rows = headline(kept_in(table, "figure1"))
    rows = rows[(rows["dataset"] == DATASET) & rows["architecture"].isin(families)]
    return rows.assign(family=rows["architecture"].map(families).astype("string"))


def unpruned_lines(corpus: Corpus) -> dict[tuple[str, str], Points]:
    """The line of each family of Figure 1 and each of SIZES: rows of (-log10 of the size, top-1 in %), by falling size.

    It is the concave hull (see :mod:`prunelit.analysis.tradeoff`) of the family's unpruned reference models, each the
    median of what the survey's sources say about it, so that a model from which nothing is pruned lies on its own line.
    """
    models = reference_models(corpus)
    models = models[models["dataset"] == DATASET]
    medians = models.groupby(["family", "architecture"])[["top1", *SIZES]].median().reset_index()
    return {
        (family, size): concave_hull(_points(medians[medians["family"] == family].dropna(subset=["top1", size]), size))
        for family in (*PRUNED, BETTER)
        for size in SIZES
    }


def outperforms(points: Points, line: Points) -> NDArray[np.bool_]:
    """Which points are above the line, or dominate one of its vertices: what ``judge`` calls above or dominant.

    Where models are larger than any on the line, a point never outperforms it; where they are smaller, a point does if
    it is at least as accurate as the smallest.
    """
    if not len(line):
        return np.zeros(len(points), dtype=bool)
    x, y = points[:, 0], points[:, 1]
    (first, _), (last, lowest) = line[0], line[-1]
    height = np.interp(x, line[:, 0], line[:, 1])
    return np.asarray((x >= first) & ((y > height) | ((x > last) & (y == lowest))))


def against_families(models: pd.DataFrame, lines: dict[tuple[str, str], Points]) -> pd.DataFrame:
    """How pruned models stand to the unpruned ones: one row a pruned model and size of which both numbers are known.

    Args:
        models: Rows as of :func:`pruned_models`, with normalized ``top1`` (%), ``params`` and ``flops`` (counts).
        lines: The lines as of :func:`unpruned_lines`.

    Returns:
        ``paper_id``, ``family``, ``size`` (one of SIZES), and whether the model outperforms the line of its ``own``
        family and that of the ``better`` one, EfficientNet.
    """
    known = {size: models.dropna(subset=["top1", size]) for size in SIZES}
    return pd.concat([_against(rows, size, lines) for size, rows in known.items()], ignore_index=True)


def _against(models: pd.DataFrame, size: str, lines: dict[tuple[str, str], Points]) -> pd.DataFrame:
    points = _points(models, size)
    own = np.zeros(len(models), dtype=bool)
    for family in PRUNED:
        of_family = (models["family"] == family).to_numpy(dtype=bool)
        own[of_family] = outperforms(points[of_family], lines[family, size])
    better = outperforms(points, lines[BETTER, size])
    return models[["paper_id", "family"]].assign(size=size, own=own, better=better)


def _points(models: pd.DataFrame, size: str) -> Points:
    return np.column_stack([-np.log10(models[size].to_numpy(dtype=float)), models["top1"].to_numpy(dtype=float)])
