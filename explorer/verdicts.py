"""Verdicts: what papers claim, judged by the records."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.claims.blalock2020 import claims_table
from prunelit.analysis.claims.sources import conclusions_table
from prunelit.analysis.dataset import SURVEY, Dataset
from prunelit.analysis.trends.progress import progress_table
from prunelit.explorer.ahead import LongTable


def survey_judged(dataset: Dataset) -> pd.DataFrame:
    """The numbers and statements of the 2020 survey, as of ``claims()``: computed on the data as published."""
    if not any(one.name == SURVEY for one in dataset.corpus.collections):
        return pd.DataFrame(columns=["claim", "source", "published", "computed", "verdict", "reason"])
    survey = dataset.of(SURVEY).as_published()
    return claims_table(survey)


def conclusions_judged(dataset: Dataset) -> pd.DataFrame:
    """What other papers conclude, as of ``conclusions()``: what the records do not bear out comes first."""
    table = conclusions_table(dataset)
    order = (
        table["verdict"].map({"does not hold": 0, "differs": 0, "unexplained": 0, "no numbers at hand": 2}).fillna(1)
    )
    return table.assign(order=order).sort_values("order", kind="stable").drop(columns="order")


def verdict_counts(judged: pd.DataFrame) -> str:
    """How many claims have which verdict, in words: 28 are reproduced, 6 differ."""
    said = {"reproduced": "are reproduced", "differs": "differ", "unexplained": "are unexplained"}
    counts = judged["verdict"].value_counts()
    return ", ".join(f"{counts[one]} {said.get(str(one), str(one))}" for one in counts.index) or "none is judged"


OF_TABLES: tuple[LongTable, ...] = (survey_judged, progress_table, conclusions_judged)
"""Tables that look at those that pages show: made while pages are."""
