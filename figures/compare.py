"""Figures that a change of the corpus changes, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.figures.captions import Caption, said
from prunelit.figures.draw import svg
from prunelit.figures.figure import Figure
from prunelit.figures.registry import DRAWN_ON_REQUEST, FIGURES


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """A figure that draws other rows than before."""

    name: str
    said: Caption
    figure: Figure
    before: pd.DataFrame
    after: pd.DataFrame

    def svg(self, data: pd.DataFrame) -> str:
        """The figure as it looks with the rows."""
        return svg(self.figure, data, self.said)


def redrawn(before: Dataset, after: Dataset) -> Iterator[Redrawn]:
    """The figures that draw other rows of one dataset than of another, in the order of the gallery."""
    for name in (name for name in FIGURES if name not in DRAWN_ON_REQUEST):
        figure = FIGURES[name]
        rows = figure.data(before), figure.data(after)
        if not rows[0].equals(rows[1]):
            yield Redrawn(name, said(figure, rows[1], after), figure, *rows)
