"""How do the methods differ, and who says so?"""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.columns import METHODS, typed
from prunelit.analysis.labels import paper_labels
from prunelit.analysis.load import chosen
from prunelit.schema.corpus import Corpus
from prunelit.schema.method import Classification, Method


def methods(corpus: Corpus | None = None, collection: str | None = None) -> pd.DataFrame:
    """One row a method that a paper proposes, with its class on each axis that a source classifies it on.

    A class that is missing is unknown: no source at hand states it, or two contradict each other.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
    """
    corpus = chosen(corpus, collection)
    labels = paper_labels(corpus)
    rows = [
        {"paper_id": paper.id, "survey_id": paper.survey_id, "label": labels[paper.id], **_method(method)}
        for paper in corpus.papers
        for method in paper.methods or ()
    ]
    return typed(rows, METHODS)


def _method(method: Method) -> dict[str, object]:
    stated: dict[str, Classification | None] = {axis: getattr(method, axis) for axis in Method.AXES}
    known = {axis: one for axis, one in stated.items() if one}
    return {
        "method": method.name,
        **{axis: one.value for axis, one in known.items()},
        "sources": "; ".join(f"{axis}: {one.source}" for axis, one in known.items()) or None,
    }
