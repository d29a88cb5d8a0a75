"""Application of the corrections to records and tables.

Corrections of a result change cells of ``results()``; those of a paper change its record before any table is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pandas as pd
from pydantic import TypeAdapter

from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction
from prunelit.schema.problems import PrunelitError, nearest, quoted
from prunelit.schema.record import Date, Identifiers, Paper
from prunelit.schema.values import OperationCount, ParameterCount

_COUNT: TypeAdapter[Decimal] = TypeAdapter(ParameterCount | OperationCount)


class CorrectionError(PrunelitError, ValueError):
    """Raised when a correction cannot be applied; carries the name of the ``field`` that is not there."""

    def __init__(self, what: str, field: str, known: Iterable[str]) -> None:
        self.field = field
        super().__init__(f"the correction of {what}: {quoted(field)}{nearest(field, known)}")


def applied(corpus: Corpus) -> list[Correction]:
    """The corrections that change the corrected tables."""
    return [one for one in corpus.corrections if one.status != "proposed"]


def corrected_corpus(corpus: Corpus) -> Corpus:
    """The corpus with its papers corrected; results are corrected in their table, see :func:`corrected_results`."""
    of_papers = [one for one in applied(corpus) if one.of_paper]
    return replace(corpus, papers=tuple(_corrected_paper(paper, of_papers) for paper in corpus.papers), documents=())


def corrected_results(results: pd.DataFrame, corrections: Iterable[Correction]) -> pd.DataFrame:
    """The table of results with the corrections of its rows applied.

    Raises:
        CorrectionError: if a correction of a row names no column of the table.
    """
    results, papers = results.copy(deep=False), frozenset(results["paper_id"])
    for one in corrections:
        if one.of_paper or one.paper not in papers:
            continue
        if one.field not in results:
            raise CorrectionError(
                f"{one.place} of '{one.paper}' names no quantity", one.field, map(str, results.columns)
            )
        is_number = pd.api.types.is_numeric_dtype(results[one.field])
        results.loc[_rows(results, one, is_number), one.field] = _cell(one.correct, is_number)
    return results


def _rows(results: pd.DataFrame, one: Correction, is_number: bool) -> pd.Series[bool]:
    """The rows that a correction changes: that of the survey, or those that say what is expected of a result."""
    if one.result is None:
        return results["survey_row"] == one.survey_row
    found = results["paper_id"] == one.paper
    for name, value in one.result.names.items():
        found &= results[name] == value
    expected, cells = _cell(one.expect, is_number), results[one.field]
    return found & (cells.isna() if expected is None else cells == expected)


def _cell(value: Decimal | str | None, is_number: bool) -> float | str | None:
    if value is None:
        return None
    if not is_number:
        return str(value)
    return float(_COUNT.validate_python(value) if isinstance(value, str) else value)


def _corrected_paper(paper: Paper, corrections: list[Correction]) -> Paper:
    for one in corrections:
        if one.paper == paper.id:
            paper = paper.model_copy(update=_update(paper, one))
    return paper


def _update(paper: Paper, one: Correction) -> dict[str, object]:
    """The fields of a paper that a correction changes, with their new values."""
    if one.field in Date.model_fields:
        number = None if one.correct is None else int(one.correct)
        return {"published": paper.published.model_copy(update={one.field: number})}
    if one.field in Identifiers.model_fields:
        return {"identifiers": (paper.identifiers or Identifiers()).model_copy(update={one.field: one.correct})}
    if one.field not in Paper.model_fields:
        raise CorrectionError(f"'{paper.id}' names no field of a paper", one.field, Paper.model_fields)
    if one.field in _LISTS:
        return {one.field: _corrected_list(getattr(paper, one.field) or (), one) or None}
    return {one.field: one.correct}


_LISTS = ("authors", "collections", "compares_to", "cites", "links")


def _corrected_list(items: tuple[str, ...], one: Correction) -> tuple[str, ...]:
    """The items with the correct one in place of the expected one, or at the end where none is expected."""
    right = () if one.correct is None else (str(one.correct),)
    if one.expect is None:
        return (*items, *right)
    return tuple(new for item in items for new in (right if item == one.expect else (item,)))
