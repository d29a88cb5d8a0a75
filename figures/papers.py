"""Papers as tooltips name them, and where each number stands."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.survey.marks import NOT_REVIEWED, REVIEW_UNKNOWN, REVIEWED, review_status

__all__ = ["NOT_REVIEWED", "REVIEWED", "REVIEW_UNKNOWN", "paper_tooltips", "source", "with_papers"]


@computed_once
def paper_tooltips(dataset: Dataset) -> pd.DataFrame:
    """What a tooltip says about a paper; ``paper`` is its label, ``review`` whether it is peer-reviewed."""
    table = dataset.papers().rename(columns={"label": "paper"})
    reviewed = table["paper_id"].map(review_status(dataset)).astype("string")
    return table.assign(review=reviewed)[["paper_id", "paper", "title", "year", "month", "venue", "review"]]


def with_papers(dataset: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """The table with what a tooltip says about the paper in each row."""
    return table.merge(paper_tooltips(dataset), on="paper_id", how="left", validate="many_to_one")


def source(table: pd.DataFrame) -> pd.Series[str]:
    """Where each number stands: the locator, else the survey's row."""
    row = "survey row " + table["survey_row"].astype("string")
    return table["locator"].fillna(row)
