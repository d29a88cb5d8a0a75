"""Methods that papers propose, classified on the axes of the survey."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.frames.columns import LABEL, TEXT, WHO, Column, of_field, typed
from prunelit.analysis.frames.labels import paper_labels
from prunelit.schema.corpus import Corpus
from prunelit.schema.method import Classification, Method

METHODS = (
    *WHO,
    LABEL,
    of_field(Method, "name", rename="method"),
    *(of_field(Method, axis) for axis in Method.AXES),
    Column("sources", TEXT, "", "The source of each class, as 'axis: source', joined by semicolons."),
)
"""Columns of ``methods()``: one row a method that a paper proposes."""


def methods_table(corpus: Corpus) -> pd.DataFrame:
    """One row a method that a paper proposes; columns :data:`METHODS`."""
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
