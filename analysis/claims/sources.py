"""Conclusions of papers other than the survey, with verdicts.

To add a paper: a module named by its id that offers what :class:`Conclusions` says, and a line in
``CONCLUSIONS_BY_PAPER``.
"""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from prunelit.analysis.claims import (
    crowley2018closer,
    evaluation2026digits,
    evaluation2026fashion,
    gale2019state,
    liu2018rethinking,
    liu2021group,
    wang2023why,
)
from prunelit.analysis.claims.claim import Claim, judged
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import cached_table
from prunelit.analysis.frames.columns import TEXT, Column, typed


class Conclusions(Protocol):
    """What every module of a paper's conclusions offers."""

    COLLECTION: str
    """The collection that holds what the paper reports; no other can judge it."""
    CLAIMS: tuple[Claim[Any], ...]
    """What the paper concludes, in the order of its text."""

    def facts(self, dataset: Dataset) -> Any:
        """What the claims are computed from."""


CONCLUSIONS_BY_PAPER: dict[str, Conclusions] = {
    "crowley2018closer": crowley2018closer,
    "liu2018rethinking": liu2018rethinking,
    "gale2019state": gale2019state,
    "liu2021group": liu2021group,
    "wang2023why": wang2023why,
    "evaluation2026digits": evaluation2026digits,
    "evaluation2026fashion": evaluation2026fashion,
}
"""The papers, by their ids, in the order of publication."""


CONCLUSIONS = (
    Column("paper_id", TEXT, "", "The paper that concludes so.", "Paper.id"),
    Column("claim", TEXT, "", "What the paper says."),
    Column("source", TEXT, "", "Where it says so."),
    Column("published", TEXT, "", "The published value, or the paper's word for how much."),
    Column("computed", TEXT, "", "The value computed from the records; empty where none is at hand."),
    Column(
        "verdict", TEXT, "",
        "Numbers: reproduced or differs; statements: holds or does not hold; no numbers at hand; or unexplained.",
    ),
    Column("reason", TEXT, "", "Why they differ, or why there are no numbers; empty otherwise."),
)  # fmt: skip
"""Columns of ``conclusions()``: one row a number or statement of a paper other than the survey."""


@cached_table(CONCLUSIONS)
def conclusions_table(dataset: Dataset, paper: str | None = None) -> pd.DataFrame:
    """What papers other than the survey conclude, computed anew from the records; columns :data:`CONCLUSIONS`.

    Papers that the dataset does not hold are left out, as are those whose results another collection holds.

    Args:
        dataset: The records, and the collection of them.
        paper: Id of a paper, to leave out all others.
    """
    corpus = dataset.corpus
    tables = [
        judged(source.CLAIMS, source.facts(dataset)).assign(paper_id=one)
        for one, source in CONCLUSIONS_BY_PAPER.items()
        if paper in (None, one) and one in corpus.by_id and corpus.collection in (None, source.COLLECTION)
    ]
    return typed(pd.concat(tables, ignore_index=True) if tables else [], CONCLUSIONS)
