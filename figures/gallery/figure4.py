"""How many configurations a paper reports on, and how many points it gives on each.

A cell is a paper (top), or a paper's tradeoff curve on one of the common configurations (bottom).

Top: number of (dataset, architecture) pairs that a paper uses, MNIST left out. Bottom: number of results that a paper
lists on each of the configurations on which the survey compares curves, results without numbers included. As in
Blalock et al. 2020, Figure 4; re-implementations of other papers' methods do not count.

Alt: Two histograms, stacked by peer review. Most papers use three pairs or fewer, and most curves have one to three
points.
"""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.survey.drawn import pairs_by_paper, points_by_curve
from prunelit.analysis.survey.procedures import OURS
from prunelit.figures.captions import Caption
from prunelit.figures.histogram import counted, histograms
from prunelit.figures.papers import with_papers
from prunelit.figures.tooltips import PAPER_TOOLTIP, WHERE, tip

PLACE = 50

_TITLES = {
    "pairs": "Number of (dataset, architecture) pairs that a paper uses, MNIST left out",
    "points": "Number of points on a tradeoff curve",
}


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a paper, then one a paper and common configuration."""
    of_papers = pairs_by_paper(dataset, OURS).rename(columns={"pairs": "number"}).assign(panel="pairs")
    of_curves = points_by_curve(dataset, OURS).rename(columns={"points": "number"}).assign(panel="points")
    return counted(with_papers(dataset, pd.concat([of_papers, of_curves])))


def worded(said: Caption, data: pd.DataFrame) -> Caption:
    """The medians in place of what holds for the survey."""
    middle = {panel: rows.median() for panel, rows in data.groupby("panel")["number"]}
    found = [f"the median paper uses {middle['pairs']:g} pairs"] if "pairs" in middle else []
    found += [f"the median curve has {middle['points']:g} points"] if "points" in middle else []
    return replace(said, alt=f"Histograms, stacked by peer review; {', '.join(found)}.")


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """A histogram of papers, and one of curves."""
    tooltip = [*PAPER_TOOLTIP, tip("review", "Review"), *WHERE, tip("number", "Number", "d")]
    return histograms(data, _TITLES, {"pairs": "papers", "points": "curves"}, tooltip)
