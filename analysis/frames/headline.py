"""Results that count: headline results, and what the survey leaves out of parts of its analysis."""

from __future__ import annotations

import pandas as pd

from prunelit.schema.vocabulary import SurveyPart


def kept_in(table: pd.DataFrame, part: SurveyPart) -> pd.DataFrame:
    """The rows that count in a part of the survey's analysis, sweeps included.

    Args:
        table: Rows with ``excluded``, the parts they are left out of, joined by semicolons.
        part: The part.
    """
    left_out = [parts for parts in table["excluded"].dropna().unique() if part in parts.split("; ")]
    return table[~table["excluded"].isin(left_out)]


def headline(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that are results of the paper itself: no released sweep, and nobody else's method.

    What the survey counted, counts.  Elsewhere numbers that a paper copied, or may have copied, are those of another
    paper, and reruns of other papers' methods are results of the papers that have no method of their own: benchmarks
    and toolkits (Blalock et al. 2020 leave out re-implementations, too).
    """
    elsewhere = table["survey_row"].isna()
    taken = table["origin"].isin(["copied", "unclear"])
    with_own = set(table.loc[table["origin"].eq("own").fillna(False).astype(bool), "paper_id"])
    rerun = table["origin"].eq("rerun").fillna(False).astype(bool) & table["paper_id"].isin(with_own)
    return table[~(table["sweep"].astype(bool) | (elsewhere & (taken | rerun)))]
