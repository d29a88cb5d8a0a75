"""What every figure offers: a module with rows to draw, and a way to draw them."""

from __future__ import annotations

from typing import Protocol

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset


class Figure(Protocol):
    """A module of :mod:`prunelit.figures.gallery`; its docstring is the caption.

    It may say where in the gallery it stands (``PLACE``, a number; last without), that it is drawn only when it is
    named (``ON_REQUEST``), to which collection it belongs (``HOME``), and which page shows it (``PAGE``).  It may have
    a function ``worded(caption, data)``, which rewords the caption where it would be wrong for data other than the
    survey's; what draws a synthesis has ``rows(found)``, of which ``data`` is that of the best-connected network.
    """

    __doc__: str | None

    def data(self, dataset: Dataset) -> pd.DataFrame:
        """The rows that the figure draws, and that its CSV file holds."""

    def chart(self, data: pd.DataFrame) -> alt.TopLevelMixin:
        """How the rows are drawn; the rows themselves are put in by :mod:`prunelit.figures.draw`."""
