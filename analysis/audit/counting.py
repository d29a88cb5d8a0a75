"""Counts of points below and left of others, without comparing each with each."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
_BLOCK = 512
"""Points that are sorted together; what is left over of one is compared one by one."""


def points_within(x: FloatArray, y: FloatArray, most_x: FloatArray, most_y: FloatArray) -> NDArray[np.int64]:
    """How many points lie within each corner: no further right, and no higher.

    Args:
        x: Of each point.
        y: Of each point.
        most_x: Of each corner.
        most_y: Of each corner.

    Returns:
        A count for each corner.

    Example:
        >>> at = np.array([1.0, 2.0, 3.0])
        >>> points_within(at, at, np.array([2.0, 9.0]), np.array([9.0, 1.0])).tolist()
        [2, 1]
    """
    order = np.argsort(x, kind="stable")
    heights, until = y[order], np.searchsorted(x[order], most_x, side="right")
    found = np.zeros(len(most_x), dtype=np.int64)
    for start in range(0, len(x), _BLOCK):
        block = heights[start : start + _BLOCK]
        inside = until - start
        whole, part = inside >= len(block), (inside > 0) & (inside < len(block))
        found[whole] += np.searchsorted(np.sort(block), most_y[whole], side="right")
        reached = np.arange(len(block)) < inside[part, np.newaxis]
        found[part] += (reached & (block <= most_y[part, np.newaxis])).sum(axis=1)
    return found
