"""Effects of corrections and of differences of procedure on the numbers that the survey's figures show.

The numbers compared are the marks of the figures (see :mod:`prunelit.analysis.survey.marks`), and those of four tables:
results, normalized values, baselines and claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.claims.blalock2020 import claims_table
from prunelit.analysis.dataset import Dataset, dataset
from prunelit.analysis.frames.cache import cached_table
from prunelit.analysis.frames.columns import NUMBER, TEXT, UNITS, Column, typed
from prunelit.analysis.frames.corrections import applied
from prunelit.analysis.frames.normalized import RECIPES
from prunelit.analysis.survey.drawn import baselines_by, normalized_by
from prunelit.analysis.survey.marks import COUNTED, MARKS, long, marks, pair_names, row_names
from prunelit.analysis.survey.procedures import AS_PUBLISHED, CORRECTED, FOOTNOTE, SURVEY_FIGURES, Procedure
from prunelit.schema.correction import Correction

Slip: TypeAlias = tuple[Correction, ...]
"""Corrections that make sense only together: of the same fields in rows of one paper, or of one field of a paper."""

ALL_TOGETHER = "all corrections together"
MARK_NAMES = MARKS[:-1]
"""What names a number."""
CHANGED = [*MARK_NAMES[:-1], "published", "corrected", "difference", "unit"]
"""Columns of :func:`changed`."""


def columns_of_changes(whose: str) -> tuple[Column, ...]:
    """The columns of tables of numbers that change, each row with whose change it is."""
    values = ("published", "corrected", "difference")
    return tuple(Column(name, NUMBER if name in values else TEXT, "", "") for name in (whose, *CHANGED))


def slips(corrections: Iterable[Correction]) -> list[Slip]:
    """The corrections, those of one slip together."""
    corrections = list(corrections)
    fields: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in corrections:
        fields[one.paper, one.place].add(one.field)
    found: dict[tuple[str, bool, frozenset[str]], list[Correction]] = defaultdict(list)
    for one in corrections:
        together = {one.field} if one.of_paper else fields[one.paper, one.place]
        found[one.paper, one.of_paper, frozenset(together)].append(one)
    return [tuple(slip) for slip in found.values()]


def slip_name(slip: Slip) -> str:
    """The paper, and the rows in the survey's data, the results or the field: ``he2017channel, row 396``."""
    first = slip[0]
    rows = sorted({one.survey_row for one in slip if one.survey_row is not None})
    results = "; ".join(dict.fromkeys(one.place for one in slip if one.result is not None))
    place = f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows))}" if rows else results or first.field
    return f"{first.paper}, {place}"


@cached_table(columns_of_changes("correction"))
def correction_effects(survey: Dataset) -> pd.DataFrame:
    """What each correction changes, and all of them together: one row a number that changes.

    Args:
        survey: The dataset of the survey.

    Returns:
        ``correction`` (as of :func:`slip_name`, or ALL_TOGETHER), ``where`` (a figure, table1, results, normalized,
        baselines or claims), ``panel``, ``what`` (the bar, point, row or claim), ``quantity``, the values
        ``published`` and ``corrected``, their ``difference`` and ``unit``.  A value is missing where there is no such
        number.
    """
    published = numbers(survey, AS_PUBLISHED)
    steps = {slip_name(slip): corrected_by(survey, slip) for slip in slips(applied(survey.corpus))}
    found = [
        changed(published, numbers(one, CORRECTED)).assign(correction=name)
        for name, one in (steps | {ALL_TOGETHER: survey}).items()
    ]
    return typed(pd.concat(found, ignore_index=True), columns_of_changes("correction"))


def corrected_by(survey: Dataset, corrections: Slip) -> Dataset:
    """The survey with these corrections alone."""
    return dataset(replace(survey.corpus, corrections=corrections))


def numbers(survey: Dataset, procedure: Procedure) -> pd.DataFrame:
    """The marks of all figures, and the numbers of the tables; columns MARKS."""
    taken = survey.with_corrections() if procedure.corrected else survey.as_published()
    found = [listed(taken).assign(where=name) for name, listed in _TABLES.items()]
    return pd.concat([marks(taken, procedure), *found], ignore_index=True)[MARKS]


def changed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The numbers that are not the same, with the difference: after - before.

    Args:
        before: Rows as of :func:`numbers` or :func:`prunelit.analysis.survey.marks.marks`.
        after: The same of the other corpus or procedure.
    """
    both = before.merge(after, on=MARK_NAMES, how="outer", suffixes=("_before", "_after"))
    bars = both["unit"].isin(COUNTED)
    old, new = (both[name].mask(bars & both[name].isna(), 0) for name in ("value_before", "value_after"))
    same = (old == new) | (old.isna() & new.isna())
    table = both.assign(published=old, corrected=new, difference=new - old)[~same]
    return table.sort_values(MARK_NAMES, key=_in_order, ignore_index=True)[CHANGED]


def _in_order(names: pd.Series[str]) -> pd.Series[str]:
    """Names in the order of a reader: figures as in SURVEY_FIGURES, numbers as numbers."""
    if names.name == "where":
        return names.map({name: f"{at:02}" for at, name in enumerate([*SURVEY_FIGURES, *_TABLES])})
    return names.str.replace(r"\d+", lambda found: found[0].zfill(6), regex=True)


def medians(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """The unpruned models that results are normalized to, as numbers; columns MARKS."""
    panels = [
        long(rows.assign(what=pair_names(rows)), f"unpruned {quantity}", {"median": str(unit), "n": "values"})
        for (quantity, unit), rows in baselines_by(dataset, procedure).groupby(["quantity", "unit"])
    ]
    return pd.concat(panels, ignore_index=True).assign(where="baselines")[MARKS]


def _results(dataset: Dataset) -> pd.DataFrame:
    rows = dataset.results()
    units = {name: unit for name, unit in UNITS.items() if name in rows and name != "seeds"}
    return long(rows.assign(what=row_names(rows)), "as reported", units).dropna(subset="value")


def _normalized(dataset: Dataset) -> pd.DataFrame:
    rows = normalized_by(dataset, FOOTNOTE)
    units = {name: unit for name, (*_, unit, _) in RECIPES.items()}
    return long(rows.assign(what=row_names(rows)), "to the median of papers and reference models", units)


def _claims(dataset: Dataset) -> pd.DataFrame:
    table = claims_table(dataset)
    number = table["computed"].str.extract(r"^(\d+)", expand=False).astype("float64")
    return long(table.assign(what=table["claim"], number=number), "computed", {"number": ""})


_TABLES: dict[str, Callable[[Dataset], pd.DataFrame]] = {
    "results": _results,
    "normalized": _normalized,
    "baselines": lambda dataset: medians(dataset, FOOTNOTE),
    "claims": _claims,
}
"""The tables whose numbers are compared, each with what lists them."""
