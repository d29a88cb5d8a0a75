"""Comparisons that papers state: which paper compares to, or cites, which other one."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.frames.columns import TEXT, Column, typed
from prunelit.schema.corpus import Corpus
from prunelit.schema.model import descriptions
from prunelit.schema.record import Comparison

COMPARISON, CITATION = "comparison", "citation"

COMPARISONS = (
    Column("paper_id", TEXT, "", "The paper that compares or cites."),
    Column("survey_id", TEXT, "", "Its nickname in the 2020 survey's data.", "Paper.survey_id"),
    Column("compared_id", TEXT, "", descriptions(Comparison)["paper"], "Paper.compares_to"),
    Column("compared_survey_id", TEXT, "", "Nickname of the paper compared to.", "Paper.survey_id"),
    Column("kind", TEXT, "", "comparison, or citation without comparison."),
    Column("status", TEXT, "", "Whether the paper that compares was retracted or superseded.", "Paper.status"),
    Column("compared_status", TEXT, "", "Whether the paper compared to was retracted or superseded.", "Paper.status"),
)
"""Columns of ``comparisons()``: one row an edge of the graph."""


def comparisons_table(corpus: Corpus) -> pd.DataFrame:
    """One row an edge between two papers of the corpus, by comparing and then by compared paper.

    Args:
        corpus: Records, with the corrections of papers applied or not.
    """
    rows: list[dict[str, object]] = [
        {
            "paper_id": paper.id,
            "survey_id": paper.survey_id,
            "compared_id": other,
            "compared_survey_id": corpus.by_id[other].survey_id,
            "kind": kind,
            "status": paper.status,
            "compared_status": corpus.by_id[other].status,
        }
        for paper in corpus.papers
        for kind, others in (
            (COMPARISON, [*(paper.compares_to or ()), *(one.paper for one in paper.added_comparisons or ())]),
            (CITATION, [*(paper.cites or ())]),
        )
        for other in sorted(others)
        if other in corpus.by_id
    ]
    return typed(rows, COMPARISONS)


def stated_comparisons(comparisons: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``comparisons()`` that count: no citation without comparison, none of a paper that does not stand."""
    return comparisons[(comparisons["kind"] == COMPARISON) & comparisons["status"].isna()]
