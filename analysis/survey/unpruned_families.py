"""Unpruned families: whether pruned models outperform unpruned ones of the same size or cost.

"Pruned models sometimes outperform the original architecture, but rarely outperform a better architecture" (Blalock et
al. 2020, Figure 1).  The survey leaves that to the eye; here the pruned models of its two upper panels are counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.analysis.compare.dominance import Points, concave_hull
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.headline import headline, kept_in

FIGURE1_DATASET = "ImageNet"
PRUNED = ("VGG", "ResNet", "MobileNet-v2")
"""Families with pruned models in Figure 1."""
BETTER = "EfficientNet"
"""The family that no other line of Figure 1 reaches: the better architecture."""
SIZES = {"params": "normalized_params", "flops": "normalized_multiply_adds"}
"""What a model is measured by: parameters, and multiply-adds for one inference; and the normalized column of each."""


def pruned_models(table: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The rows that Figure 1 draws as pruned models, with their ``family``.

    Args:
        table: Rows as of ``completed()`` or ``normalized()``.
        dataset: Where the families are.
    """
    families = {one.name: one.family for one in dataset.vocabulary.architectures if one.family in PRUNED}
    rows = headline(kept_in(table, "figure1"))
    rows = rows[(rows["dataset"] == FIGURE1_DATASET) & rows["architecture"].isin(families)]
    return rows.assign(family=rows["architecture"].map(families).astype("string"))


@computed_once
def unpruned_lines(dataset: Dataset) -> dict[tuple[str, str], Points]:
    """The line of each family of Figure 1 and each of SIZES: rows of (-log10 of the size, top-1 in %), by falling size.

    It is the concave hull (see :mod:`prunelit.analysis.compare.dominance`) of the family's unpruned reference models,
    each the median of what the survey's sources say about it, so that a model from which nothing is pruned lies on its
    own line.
    """
    models = dataset.reference_models()
    models = models[models["dataset"] == FIGURE1_DATASET]
    medians = models.groupby(["family", "architecture"])[["top1", *SIZES]].median().reset_index()
    medians = medians.rename(columns={"top1": "normalized_top1", **SIZES})
    return {
        (family, size): concave_hull(_points(medians[medians["family"] == family], size))
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
        models: Rows as of :func:`pruned_models`, with ``normalized_top1`` (%), and the normalized SIZES (counts).
        lines: The lines as of :func:`unpruned_lines`.

    Returns:
        ``paper_id``, ``family``, ``size`` (one of SIZES), and whether the model outperforms the line of its ``own``
        family and that of the ``better`` one, EfficientNet.
    """
    known = {size: models.dropna(subset=["normalized_top1", column]) for size, column in SIZES.items()}
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
    """The models whose size and accuracy are known, as points."""
    known = models.dropna(subset=["normalized_top1", SIZES[size]])
    sizes = known[SIZES[size]].to_numpy(dtype=float)
    return np.column_stack([-np.log10(sizes), known["normalized_top1"].to_numpy(dtype=float)])
