"""Which figures does a change of the corpus change, and how do they look before and after?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from prunelit.figures.captions import Caption, said
from prunelit.figures.draw import svg
from prunelit.figures.registry import FIGURES, ON_REQUEST, Figure
from prunelit.figures.tables import Tables


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


def redrawn(before: Path, after: Path, collection: str | None) -> Iterator[Redrawn]:
    """The figures of a collection that draw other rows in one corpus than in another, in the order of the gallery.

    Args:
        before: Folder of a corpus.
        after: Folder of the other.
        collection: Name of the collection that the figures show; None for everything.
    """
    old, new = Tables(collection, before), Tables(collection, after)
    for name in (name for name in FIGURES if name not in ON_REQUEST):
        figure = FIGURES[name]
        rows = figure.data(old), figure.data(new)
        if not rows[0].equals(rows[1]):
            yield Redrawn(name, said(figure, rows[1], new), figure, *rows)
