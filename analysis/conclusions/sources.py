"""Whose conclusions are judged, and what comes out?

To add a paper: a module named by its id that offers ``CLAIMS`` and ``facts``, and a line in ``SOURCES``.
"""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from prunelit.analysis.claim import Claim, judged
from prunelit.analysis.columns import CONCLUSIONS, typed
from prunelit.analysis.conclusions import crowley2018closer, liu2018rethinking, wang2023why
from prunelit.analysis.load import chosen
from prunelit.schema.corpus import Corpus


class Conclusions(Protocol):
    """What every module of a paper's conclusions offers."""

    COLLECTION: str
    """The collection that holds what the paper reports; no other can judge it."""
    CLAIMS: tuple[Claim[Any], ...]
    """What the paper concludes, in the order of its text."""

    def facts(self, corpus: Corpus) -> Any:
        """What the claims are computed from."""


SOURCES: dict[str, Conclusions] = {
    "crowley2018closer": crowley2018closer,
    "liu2018rethinking": liu2018rethinking,
    "wang2023why": wang2023why,
}
"""The papers, by their ids, in the order of publication."""


def conclusions(corpus: Corpus | None = None, paper: str | None = None) -> pd.DataFrame:
    """What papers other than the survey conclude, computed anew from the records: one row a claim.

    Args:
        corpus: Records; by default those that ship with the package.  Papers that it does not hold are left out.
        paper: Id of a paper, to leave out all others.

    Returns:
        Text columns ``paper_id``, ``claim``, ``source``, ``published``, ``computed``, ``verdict`` (reproduced or
        differs for numbers, holds or does not hold for statements, no numbers at hand, or unexplained where the records
        differ for no known reason) and ``reason``.

    Raises:
        ValueError: if the conclusions of that paper are not among those that are judged.
    """
    if paper is not None and paper not in SOURCES:
        raise ValueError(f"no conclusions of '{paper}'; there are those of {', '.join(SOURCES)}")
    corpus = chosen(corpus, None)
    tables = [
        judged(source.CLAIMS, source.facts(corpus)).assign(paper_id=one)
        for one, source in SOURCES.items()
        if paper in (None, one) and one in corpus.by_id and corpus.collection in (None, source.COLLECTION)
    ]
    return typed(pd.concat(tables, ignore_index=True) if tables else [], CONCLUSIONS)
