"""Figures of any synthesis, drawn for its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, cast

import pandas as pd

from prunelit.analysis.synthesis.field import Synthesis
from prunelit.figures.captions import Caption, caption
from prunelit.figures.draw import figure_named, svg
from prunelit.figures.figure import Figure
from prunelit.figures.registry import OF_SYNTHESIS


class _OfSynthesis(Figure, Protocol):
    """A figure that draws any synthesis."""

    def rows(self, found: Synthesis) -> pd.DataFrame:
        """What it draws."""

    def worded(self, caption: Caption, data: pd.DataFrame) -> Caption:
        """What is said about it."""


def figures_of(found: Synthesis) -> Iterator[tuple[Caption, str]]:
    """What is said about each figure of a synthesis, and its SVG; without those that have nothing to draw."""
    for name in OF_SYNTHESIS:
        figure = cast(_OfSynthesis, figure_named(name))
        data = figure.rows(found)
        if not data.empty:
            words = figure.worded(caption(figure.__doc__ or ""), data)
            yield words, svg(figure, data, words)
