"""Methods that papers propose, classified on the axes of the survey."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

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
            "canonical_method": names.of_listed(paper, method.name),
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


def classes_of(
    proposer: pd.Series[str],
    method: pd.Series[str],
    methods: pd.DataFrame,
    reporter: pd.Series[str] | None = None,
    canonical: pd.Series[str] | None = None,
) -> pd.DataFrame:
    """The classes of each method on the survey's axes, as the record of the paper that proposed it says.

    A method is looked up by its name.  Where that record does not list the name, the record of the paper that reports
    the numbers may, as those of toolkits do; then counts the method with the same canonical name.  Where there is
    none, the proposer's method without a name counts, which is the paper's pruning as a whole; where it has none, the
    classes are unknown: variants may differ in them.

    Args:
        proposer: The papers that proposed the methods.
        method: The names of the methods, row by row.
        methods: Rows as of ``methods()``, of all papers.
        reporter: The papers that report the numbers; by default only the proposers are asked.
        canonical: The canonical names of the methods; by default only names as printed count.

    Returns:
        A frame with a text column for each axis, row by row; missing where a class is unknown.
    """
    listed, called = _places(methods, "method"), _places(methods, "canonical_method")
    asked = pd.DataFrame({"proposer": proposer, "method": method, "reporter": reporter, "canonical": canonical})
    found = [
        next((at for at in _candidates(one, listed, called) if at is not None), None)
        for one in asked.fillna("").itertuples(index=False, name=None)
    ]
    rows = pd.Index(pd.array(found, dtype="Int64").to_numpy(dtype=float, na_value=float("nan")))
    return methods[list(Method.AXES)].reindex(rows).astype("string").set_axis(method.index)


_Places: TypeAlias = dict[tuple[str, str], int]
"""Rows of ``methods()``, by paper and name."""


def _places(methods: pd.DataFrame, name: str) -> _Places:
    keys = methods[["paper_id", name]].fillna("").itertuples(index=False, name=None)
    return {(str(paper), str(one)): at for at, (paper, one) in enumerate(keys)}


def _candidates(asked: tuple[str, ...], listed: _Places, called: _Places) -> Iterator[int | None]:
    """Where a method may be listed, the likeliest first; what has no name is nobody's but its proposer's."""
    proposer, method, reporter, canonical = asked
    yield listed.get((proposer, method))
    if method:
        yield listed.get((reporter, method))
    if canonical:
        yield called.get((proposer, canonical))
    yield listed.get((proposer, ""))


def structures(proposer: pd.Series[str], method: pd.Series[str], methods: pd.DataFrame) -> pd.Series[str]:
    """What each method removes, see :func:`classes_of`.

    Returns:
        ``unstructured``, ``structured`` or ``semi_structured``; missing where it is unknown.
    """
    return classes_of(proposer, method, methods)["structure"]
