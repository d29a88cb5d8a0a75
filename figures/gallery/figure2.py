"""How many papers compare to a given paper, and how many others it compares to.

Each cell is a paper; the numbers above the bars count them.

Comparisons count within the collection, as in Blalock et al. 2020, Figure 2; citations without a comparison do not
count. Top: papers by how many others compare to them. Bottom: papers by how many others they compare to.

Alt: Two histograms of papers, stacked by peer review. Both are highest at zero or one and thin out to the right: a
few papers are compared to often, most hardly ever or never.
"""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.figures.captions import Caption
from prunelit.figures.histogram import counted, histograms
from prunelit.figures.papers import with_papers
from prunelit.figures.tooltips import PAPER_TOOLTIP, tip

PLACE = 20

_TITLES = {
    "compared_to_by": "Number of papers that compare to a given paper",
    "compares_to": "Number of papers that a given paper compares to",
}


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a paper and direction of comparison; no row where nobody has entered whom a paper compares to."""
    numbers = dataset.degrees().melt(["paper_id", "survey_id"], list(_TITLES), "panel", "number")
    unknown = numbers["survey_id"].isna() & (numbers["number"] == 0)
    return counted(with_papers(dataset, numbers[~unknown].drop(columns="survey_id")))


def worded(said: Caption, data: pd.DataFrame) -> Caption:
    """Beyond the survey, a paper that no source at hand compares to others is not known to compare to none."""
    more = " Papers beyond the survey count only where comparisons of them, or to them, are entered."
    return replace(said, more=said.more + more)


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """A histogram of each direction."""
    tooltip = [*PAPER_TOOLTIP, tip("review", "Review"), tip("number", "Comparisons", "d")]
    return histograms(data, _TITLES, dict.fromkeys(_TITLES, "papers"), tooltip)
