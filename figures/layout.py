"""Layout of the comparison graph: across by date, up and down so that lines stay short.

A relaxation without chance: papers are drawn towards those that they are compared with, spread over the whole height,
and at last pushed apart until no circle or name covers another.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]

PULLS, PUSHES = 60, 300
SPREAD = 0.6
"""Share of an even spread in a height; the rest is where the lines draw the paper."""
GAP, NAME_HEIGHT, LETTER = 3, 8, 7
"""Room around a circle, height of a name above it, and width of a letter."""


def placed(papers: pd.DataFrame, edges: pd.DataFrame, width: float, height: float) -> pd.DataFrame:
    """The papers with their height ``y`` and that of their names, ``name_y``, both from 0 to ``height``.

    Args:
        papers: Rows with ``paper_id``, ``x`` (a date), ``area`` (of the circle) and ``name`` (missing where not shown).
        edges: Pairs of ``paper_id`` and ``compared_id``.
        width: Of the drawing, in the unit of the circles' radius.
        height: Of the drawing.
    """
    at = pd.Series(range(len(papers)), index=papers["paper_id"])
    ends = np.column_stack([at.loc[edges[name]].to_numpy(dtype=int) for name in ("paper_id", "compared_id")])
    across = (papers["x"] * width / (papers["x"].max() - papers["x"].min() + 1)).to_numpy()
    radius = np.sqrt(papers["area"].to_numpy() / np.pi)
    letters = papers["name"].str.len().fillna(0).to_numpy(dtype=float)
    half_width = np.maximum(radius + GAP, LETTER * letters / 2)
    half_height = radius + GAP + np.where(letters > 0, NAME_HEIGHT, 0)
    y = _apart(_together(len(papers), ends, height), across, half_width, half_height, height)
    return papers.assign(y=y, name_y=y + radius + NAME_HEIGHT)


def _together(size: int, edges: NDArray[np.integer[Any]], height: float) -> Numbers:
    """Heights that bring compared papers together, and yet fill the drawing."""
    links = np.zeros((size, size))
    links[edges[:, 0], edges[:, 1]] = links[edges[:, 1], edges[:, 0]] = 1
    linked = links.any(axis=1)
    y = np.arange(size) * 37 % size * height / size
    for _ in range(PULLS):
        mean = links @ y / np.maximum(1, links.sum(axis=1))
        drawn = np.where(linked, (y + mean) / 2, y)
        even = np.argsort(np.argsort(drawn, kind="stable"), kind="stable") * height / max(size - 1, 1)
        y = SPREAD * even + (1 - SPREAD) * drawn
    return y


def _apart(y: Numbers, x: Numbers, half_width: Numbers, half_height: Numbers, height: float) -> Numbers:
    """The heights after papers that cover one another have pushed each other up and down."""
    order = np.arange(len(y))
    near = (np.abs(x[:, None] - x) < half_width[:, None] + half_width) & (order[:, None] != order)
    room = half_height[:, None] + half_height
    for _ in range(PUSHES):
        gap = y[:, None] - y
        side = np.where(gap == 0, np.sign(order[:, None] - order), np.sign(gap))
        overlap = np.where(near, np.maximum(0, room - np.abs(gap)), 0)
        y = np.clip(y + 0.3 * (overlap * side).sum(axis=1), half_height, height - half_height)
    return y
