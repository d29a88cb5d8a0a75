"""Layout of the comparison graph: across by date, up and down so that lines stay short.

A relaxation without chance: papers are drawn towards those that they are compared with, spread over the whole height,
and at last pushed apart until no circle or name covers another.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

PULLS, PUSHES = 60, 300
SPREAD = 0.6
"""Share of an even spread in a height; the rest is where the lines draw the paper."""
_DECIMALS = 6
GAP, NAME_HEIGHT, LETTER = 3, 8, 7
"""Room around a circle, height of a name above it, and width of a letter."""
_ROOMY = 400
"""Papers up to which a drawing has room for whole circles; where there are more, circles and room shrink with them."""


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
    radius, gap = np.sqrt(papers["area"].to_numpy() / np.pi), GAP * fineness(len(papers)) ** 0.5
    letters = papers["name"].str.len().fillna(0).to_numpy(dtype=float)
    half_width = np.maximum(radius + gap, LETTER * letters / 2)
    half_height = radius + gap + np.where(letters > 0, NAME_HEIGHT, 0)
    y = _apart(_together(len(papers), ends, height), across, half_width, half_height, height)
    return papers.assign(y=y, name_y=y + radius + NAME_HEIGHT)


def fineness(papers: int) -> float:
    """The share of their area that circles have in a drawing of so many papers."""
    return min(1, _ROOMY / max(papers, 1))


def _together(size: int, edges: NDArray[np.integer[Any]], height: float) -> Numbers:
    """Heights that bring compared papers together, and yet fill the drawing."""
    both = np.unique(np.concatenate([edges, edges[:, ::-1]]), axis=0)
    links = np.bincount(both[:, 0], minlength=size)
    y = np.arange(size) * 37 % size * height / size
    for _ in range(PULLS):
        mean = np.bincount(both[:, 0], y[both[:, 1]], size) / np.maximum(1, links)
        # Papers that are drawn to one place stay in their order, however the sums are rounded.
        drawn = np.where(links > 0, (y + mean) / 2, y).round(_DECIMALS)
        even = np.argsort(np.argsort(drawn, kind="stable"), kind="stable") * height / max(size - 1, 1)
        y = SPREAD * even + (1 - SPREAD) * drawn
    return y


def _apart(y: Numbers, x: Numbers, half_width: Numbers, half_height: Numbers, height: float) -> Numbers:
    """The heights after papers that cover one another have pushed each other up and down."""
    one, other = _near(x, half_width)
    room, turn = half_height[one] + half_height[other], np.sign(one - other)
    for _ in range(PUSHES):
        gap = y[one] - y[other]
        side = np.where(gap == 0, turn, np.sign(gap))
        push = 0.3 * np.maximum(0, room - np.abs(gap)) * side
        moved = y + np.bincount(one, push, len(y)) - np.bincount(other, push, len(y))
        y = np.clip(moved, half_height, height - half_height)
    return y


def _near(x: Numbers, half_width: Numbers) -> tuple[Places, Places]:
    """The pairs that cover one another unless their heights differ: as places of the one, and of the other.

    Each looks for those no wider than itself, so that a few wide ones do not make all others look far.
    """
    order = np.argsort(x, kind="stable")
    first, end = (np.searchsorted(x[order], x + way * 2 * half_width, side) for way, side in _WAYS)
    one = np.repeat(np.arange(len(x)), end - first)
    other = order[np.arange(len(one)) - np.repeat(np.cumsum(end - first) - end, end - first)]
    narrower = (half_width[other] < half_width[one]) | ((half_width[other] == half_width[one]) & (other < one))
    near = narrower & (np.abs(x[one] - x[other]) < half_width[one] + half_width[other])
    return one[near], other[near]


_WAYS: tuple[tuple[int, Literal["left", "right"]], ...] = ((-1, "left"), (1, "right"))
