"""Methods that papers propose, classified on the axes of the survey."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.frames.columns import LABEL, TEXT, WHAT, WHO, Column, columns_named, of_field, typed
from prunelit.analysis.frames.labels import paper_labels
from prunelit.schema.canonical_methods import MethodNames
from prunelit.schema.corpus import Corpus
from prunelit.schema.method import Classification, Method

METHODS = (
    *WHO,
    LABEL,
    of_field(Method, "name", rename="method"),
    *columns_named(WHAT, "canonical_method"),
    *(of_field(Method, axis) for axis in Method.AXES),
    Column("sources", TEXT, "", "The source of each class, as 'axis: source', joined by semicolons."),
)
"""Columns of ``methods()``: one row a method that a paper proposes."""


def methods_table(corpus: Corpus) -> pd.DataFrame:
    """One row a method that a paper proposes; columns :data:`METHODS`."""
    labels, names = paper_labels(corpus), MethodNames(corpus.methods)
    rows = [
        {
            "paper_id": paper.id,
            "survey_id": paper.survey_id,
            "label": labels[paper.id],
            "canonical_method": names.of(paper.id, method.name, None),
            **_method(method),
        }
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


def proposers(table: pd.DataFrame) -> pd.Series[str]:
    """The paper that proposed the method of each row: the row's own paper where the method is its own.

    Args:
        table: Rows with ``paper_id``, ``origin`` and ``proposed_by``.
    """
    own = table["origin"].eq("own").fillna(False).astype(bool)
    return table["proposed_by"].mask(own, table["paper_id"])


def classes_of(proposer: pd.Series[str], method: pd.Series[str], methods: pd.DataFrame) -> pd.DataFrame:
    """The classes of each method on the survey's axes, as the record of the paper that proposed it says.

    A method is looked up by its name.  Where that record does not list the name, its method without a name counts,
    which is the paper's pruning as a whole; where it has none, the classes are unknown: variants may differ in them.

    Args:
        proposer: The papers that proposed the methods.
        method: The names of the methods, row by row.
        methods: Rows as of ``methods()``, of all papers.

    Returns:
        A frame with a text column for each axis, row by row; missing where a class is unknown.
    """
    keys = methods[["paper_id", "method"]].fillna("").itertuples(index=False, name=None)
    known = {key: at for at, key in enumerate(keys)}
    asked = zip(proposer.fillna(""), method.fillna(""), strict=True)
    found = pd.array([known.get((paper, name), known.get((paper, ""))) for paper, name in asked], dtype="Int64")
    classes = methods[list(Method.AXES)].reindex(pd.Index(found.to_numpy(dtype=float, na_value=float("nan"))))
    return classes.astype("string").set_axis(method.index)


def structures(proposer: pd.Series[str], method: pd.Series[str], methods: pd.DataFrame) -> pd.Series[str]:
    """What each method removes, see :func:`classes_of`.

    Returns:
        ``unstructured``, ``structured`` or ``semi_structured``; missing where it is unknown.
    """
    return classes_of(proposer, method, methods)["structure"]
