"""What do the corrections change, and what do differences of procedure?

The numbers compared are the marks of the figures (see :mod:`prunelit.analysis.marks`), and those of four tables:
results, normalized values, baselines and claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.claims import COLLECTION, claims_of
from prunelit.analysis.columns import UNITS
from prunelit.analysis.corrections import applied
from prunelit.analysis.load import chosen
from prunelit.analysis.marks import (
    CORRECTED,
    COUNTED,
    FIGURES,
    FOOTNOTE,
    MARKS,
    PUBLISHED,
    Procedure,
    Tables,
    long,
    marks_of,
    pair_names,
    row_names,
)
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

Slip: TypeAlias = tuple[Correction, ...]
"""Corrections that make sense only together: of the same fields in rows of one paper, or of one field of a paper."""

ALL = "all corrections together"
NAMES = MARKS[:-1]
"""What names a number."""
CHANGED = [*NAMES[:-1], "published", "corrected", "difference", "unit"]
"""Columns of :func:`changed`."""


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


def name_of(slip: Slip) -> str:
    """The paper, and the rows in the survey's data, the results or the field: ``he2017channel, row 396``."""
    first = slip[0]
    rows = sorted({one.survey_row for one in slip if one.survey_row is not None})
    results = "; ".join(dict.fromkeys(one.place for one in slip if one.result is not None))
    place = f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows))}" if rows else results or first.field
    return f"{first.paper}, {place}"


def effects(corpus: Corpus | None = None, collection: str | None = COLLECTION) -> pd.DataFrame:
    """What each correction changes, and all of them together: one row a number that changes.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        ``correction`` (as of :func:`name_of`, or ALL), ``where`` (a figure, table1, results, normalized, baselines or
        claims), ``panel``, ``what`` (the bar, point, row or claim), ``quantity``, the values ``published`` and
        ``corrected``, their ``difference`` and ``unit``.  A value is missing where there is no such number.
    """
    corpus = chosen(corpus, collection)
    published = numbers(corpus, PUBLISHED)
    steps = {name_of(slip): replace(corpus, corrections=slip) for slip in slips(applied(corpus))}
    found = [
        changed(published, numbers(one, CORRECTED)).assign(correction=name)
        for name, one in (steps | {ALL: corpus}).items()
    ]
    return pd.concat(found, ignore_index=True)[["correction", *CHANGED]]


def numbers(corpus: Corpus, procedure: Procedure) -> pd.DataFrame:
    """The marks of all figures, and the numbers of the tables; columns MARKS."""
    tables = Tables(corpus, procedure.corrected)
    found = [listed(tables).assign(where=name) for name, listed in TABLES.items()]
    return pd.concat([marks_of(tables, procedure), *found], ignore_index=True)[MARKS]


def changed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The numbers that are not the same, with the difference: after - before.

    Args:
        before: Rows as of :func:`numbers` or :func:`prunelit.analysis.marks.marks`.
        after: The same of the other corpus or procedure.
    """
    both = before.merge(after, on=NAMES, how="outer", suffixes=("_before", "_after"))
    bars = both["unit"].isin(COUNTED)
    old, new = (both[name].mask(bars & both[name].isna(), 0) for name in ("value_before", "value_after"))
    same = (old == new) | (old.isna() & new.isna())
    table = both.assign(published=old, corrected=new, difference=new - old)[~same]
    return table.sort_values(NAMES, key=_in_order, ignore_index=True)[CHANGED]


def _in_order(names: pd.Series[str]) -> pd.Series[str]:
    """Names in the order of a reader: figures as in FIGURES, numbers as numbers."""
    if names.name == "where":
        return names.map({name: f"{at:02}" for at, name in enumerate([*FIGURES, *TABLES])})
    return names.str.replace(r"\d+", lambda found: found[0].zfill(6), regex=True)


def medians(tables: Tables, procedure: Procedure) -> pd.DataFrame:
    """The unpruned models that results are normalized to, as numbers; columns MARKS."""
    panels = [
        long(rows.assign(what=pair_names(rows)), f"unpruned {quantity}", {"median": str(unit), "n": "values"})
        for (quantity, unit), rows in tables.baselines(procedure).groupby(["quantity", "unit"])
    ]
    return pd.concat(panels, ignore_index=True).assign(where="baselines")[MARKS]


def _results(tables: Tables) -> pd.DataFrame:
    rows = tables.results.assign(what=row_names(tables.results))
    units = {name: unit for name, unit in UNITS.items() if name in rows and name != "seeds"}
    return long(rows, "as reported", units).dropna(subset="value")


def _normalized(tables: Tables) -> pd.DataFrame:
    rows = tables.normalized(FOOTNOTE)
    units = {name: UNITS[name] for name in ("top1", "top5", "params", "flops")}
    return long(rows.assign(what=row_names(rows)), "to the median of papers and reference models", units)


def _claims(tables: Tables) -> pd.DataFrame:
    table = claims_of(tables)
    number = table["computed"].str.extract(r"^(\d+)", expand=False).astype("float64")
    return long(table.assign(what=table["claim"], number=number), "computed", {"number": ""})


TABLES: dict[str, Callable[[Tables], pd.DataFrame]] = {
    "results": _results,
    "normalized": _normalized,
    "baselines": lambda tables: medians(tables, FOOTNOTE),
    "claims": _claims,
}
"""The tables whose numbers are compared, each with what lists them."""
