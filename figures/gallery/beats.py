"""How many papers beat a given paper, and how many it beats.

Each cell is a paper; the numbers above the bars count them.

A paper beats another if, on one of the common configurations, a point of its tradeoff curve dominates a vertex of the
other curve's concave hull, or lies above that hull: the definition of the analysis published with Blalock et al.
2020. Compared are changes in Top-1 or Top-5 accuracy against compression ratio or theoretical speedup. Papers without
such a curve are not shown; whether the papers mention each other does not matter.

Alt: Two histograms of papers, stacked by peer review. The numbers spread widely: most papers beat some others and are
beaten by some.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.survey.drawn import papers_beaten
from prunelit.analysis.survey.procedures import OURS
from prunelit.figures.histogram import counted, histograms
from prunelit.figures.papers import with_papers
from prunelit.figures.tooltips import PAPER_TOOLTIP, tip

PLACE = 70

_TITLES = {
    "beaten_by": "Number of papers that beat a given paper",
    "beats": "Number of papers that a given paper beats",
}


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a paper with a curve, and direction of beating."""
    numbers = papers_beaten(dataset, OURS).melt("paper_id", list(_TITLES), "panel", "number")
    return counted(with_papers(dataset, numbers))


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """A histogram of each direction."""
    tooltip = [*PAPER_TOOLTIP, tip("review", "Review"), tip("number", "Papers", "d")]
    return histograms(data, _TITLES, dict.fromkeys(_TITLES, "papers"), tooltip)
