"""Which tables do the figures draw?  Each is computed once, when a figure first asks for it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pandas as pd

from prunelit.analysis.baselines import baselines_of
from prunelit.analysis.checklist import reporting
from prunelit.analysis.claims import COLLECTION
from prunelit.analysis.complete import completed
from prunelit.analysis.fairness import shrinking
from prunelit.analysis.fragmentation import with_unions
from prunelit.analysis.graph import comparison_graph, comparisons, degrees
from prunelit.analysis.load import Corpus, load_corpus
from prunelit.analysis.normalize import normalize
from prunelit.analysis.references import reference_models
from prunelit.analysis.tables import papers, results
from prunelit.analysis.tradeoff import beaten, tradeoffs

REVIEWED, NOT_REVIEWED, UNKNOWN = "peer-reviewed", "not peer-reviewed", "review unknown"


class Tables:
    """The tables of one collection, or of all.

    ``path`` is a corpus other than the shipped one; ``corrected`` says whether its corrections are applied.
    """

    def __init__(self, collection: str | None, path: Path | None = None, corrected: bool = True) -> None:
        self.path = path
        self.corpus = load_corpus(path, collection)
        self.corrected = corrected

    @property
    def whole(self) -> Corpus:
        """All collections, for figures that show one of their own."""
        return load_corpus(self.path)

    @property
    def surveyed(self) -> bool:
        """Whether they are those of the survey, whose figures are drawn as it drew them."""
        return self.corpus.collection == COLLECTION

    @cached_property
    def papers(self) -> pd.DataFrame:
        """What a tooltip says about a paper; ``paper`` is its label, ``review`` whether it is peer-reviewed."""
        review = {True: REVIEWED, False: NOT_REVIEWED}
        table = papers(self.corpus, corrected=self.corrected).rename(columns={"label": "paper"})
        table["review"] = table["peer_reviewed"].map(review).astype("string").fillna(UNKNOWN)
        return table[["paper_id", "paper", "title", "year", "month", "venue", "review"]]

    @cached_property
    def results(self) -> pd.DataFrame:
        """What the papers report."""
        return results(self.corpus, corrected=self.corrected)

    @cached_property
    def completed(self) -> pd.DataFrame:
        """The operating points, with what follows from the reported numbers."""
        return completed(self.corpus, corrected=self.corrected)

    @cached_property
    def normalized(self) -> pd.DataFrame:
        """The operating points as if all had pruned the reference models, as in the survey's published figures."""
        return normalize(self.completed, baselines_of(self.completed, self.corpus, "unpruned"))

    @cached_property
    def models(self) -> pd.DataFrame:
        """The unpruned reference models."""
        return reference_models(self.corpus)

    @cached_property
    def degrees(self) -> pd.DataFrame:
        """How many papers each paper compares to, and how many compare to it."""
        return degrees(comparison_graph(self.corpus, corrected=self.corrected))

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """Who compares to whom."""
        return comparisons(self.corpus, corrected=self.corrected)

    @cached_property
    def beaten(self) -> pd.DataFrame:
        """How many papers each paper beats, and how many beat it."""
        return beaten(tradeoffs(self.corpus, corrected=self.corrected))

    @cached_property
    def shrinking(self) -> pd.DataFrame:
        """How many comparable pairs of papers stay comparable under each comparison setup."""
        return shrinking(self.corpus, corrected=self.corrected)

    @cached_property
    def reporting(self) -> pd.DataFrame:
        """What each paper reports, as far as its record shows it."""
        return reporting(self.corpus, corrected=self.corrected)

    def with_unions(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with the rows of each union of architectures once more under the union's name."""
        return with_unions(table, {union.name: union.of for union in self.corpus.unions})

    def named(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with what a tooltip says about the paper in each row."""
        return table.merge(self.papers, on="paper_id", how="left", validate="many_to_one")


def source(table: pd.DataFrame) -> pd.Series[str]:
    """Where each number stands: the locator, else the survey's row."""
    row = "survey row " + table["survey_row"].astype("string")
    return table["locator"].fillna(row)
