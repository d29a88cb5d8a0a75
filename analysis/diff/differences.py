"""Differences between two states of the corpus.

A number that was published must not change, move or vanish unless a correction says so: such a change is *silent*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.diff.entries import (
    ENTRY_NAMES,
    ENTRY_PLACE,
    KINDS,
    MEASURED,
    RESULT_ENTRY,
    WITHOUT_NUMBERS,
    Entry,
)
from prunelit.analysis.diff.records import EntryPair
from prunelit.analysis.diff.silence import excuse, excuses
from prunelit.analysis.diff.statements import shown_values
from prunelit.analysis.frames.baselines import CONFIGURATION
from prunelit.analysis.frames.columns import columns_named, typed
from prunelit.analysis.frames.completed import COMPLETED, operating_points
from prunelit.analysis.frames.normalized import NORMALIZED, RECIPES, normalize
from prunelit.schema.correction import Correction
from prunelit.schema.fields import units
from prunelit.schema.record import Experiment

_Line: TypeAlias = dict[str, object]

ADDED, _CHANGED, REMOVED = "added", "changed", "removed"
ROW_CHANGES = [
    "change",
    *ENTRY_NAMES,
    "survey_row",
    "field",
    "before",
    "after",
    "results",
    "locator",
    "silent",
    "reason",
    "numeric",
]
"""Columns of :func:`rows_changed`."""
NOISE = 1e-9
"""A computed number that moves by less than this share of itself has not moved."""


def rows_changed(pairs: Iterable[EntryPair], corrections: Iterable[Correction]) -> pd.DataFrame:
    """One row an entry that was added or removed, and one a field that changed, in the order of the records.

    Args:
        pairs: Entries of both corpora, see :func:`prunelit.analysis.diff.records.side_by_side`.
        corrections: What may change: those of both corpora.

    Returns:
        :data:`ROW_CHANGES`: ``silent`` is true for a number that changed or vanished without a correction, ``reason``
        that of the correction; ``field``, ``before`` and ``after`` are text; ``numeric`` is true where these hold
        numbers; ``results`` is how many results an experiment or a curve holds before and after.
    """
    corrections = list(corrections)
    lines = [line for pair in sorted(pairs, key=_order) for line in _lines(pair, corrections)]
    return pd.DataFrame(lines, columns=ROW_CHANGES, dtype=object)


def _order(pair: EntryPair) -> tuple[object, ...]:
    return next((one.paper.id, *one.place, KINDS.index(one.kind)) for one in (pair.after, pair.before) if one)


def _lines(pair: EntryPair, corrections: list[Correction]) -> Iterator[_Line]:
    old, new, _ = pair
    if old and new:
        yield from _fields_changed(old, new, pair.results, corrections)
    elif old and _tells(old):
        yield _line(REMOVED, old, before=old.words(*_APART), excuses=excuses(old, corrections))
    elif new and _tells(new):
        yield _line(ADDED, new, after=new.words(*_APART))


_APART = ("dataset", "architecture", *MEASURED, "survey_row")
"""What is told of an entry beside what it says."""


def _tells(entry: Entry) -> bool:
    """Whether an entry says anything that is not told with its results."""
    return (entry.kind == RESULT_ENTRY and not entry.is_empty) or bool(entry.words(*_APART))


def _fields_changed(old: Entry, new: Entry, results: int, corrections: list[Correction]) -> Iterator[_Line]:
    has_numbers = results > 0 or any(getattr(old.model, name, None) is not None for name in units(Experiment))
    for one in old.told(new):
        before, after = shown_values(one)
        change = ADDED if one.before is None else _CHANGED
        found = _line(change, new, one.field, before, after, [excuse(old, one, has_numbers, corrections)])
        yield found | {"results": results or None, "numeric": one.numeric}


def _line(
    change: str, entry: Entry, field: str = "", before: str = "", after: str = "", excuses: Iterable[str | None] = ("",)
) -> _Line:
    excuses = list(excuses)
    dataset, architecture, method = entry.names
    return {
        "change": change,
        "paper_id": entry.paper.id,
        "entry": WITHOUT_NUMBERS if entry.is_empty else entry.kind,
        "dataset": dataset,
        "architecture": architecture,
        "method": method,
        "survey_row": entry.survey_row,
        "field": field,
        "before": before,
        "after": after,
        "results": None,
        "locator": entry.locator if field else None,
        "silent": None in excuses,
        "reason": "; ".join(dict.fromkeys(one for one in excuses if one)),
        "numeric": False,
    }


def baselines_moved(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The medians that moved, came or went, largest relative move first.

    Args:
        before: Rows as of ``baselines()``.
        after: The same of the other corpus.

    Returns:
        ``dataset``, ``architecture``, ``quantity``, ``unit``, and ``n`` and ``median`` before and after.
    """
    key = [*CONFIGURATION, "quantity", "unit"]
    both = before[[*key, "n", "median"]].merge(
        after[[*key, "n", "median"]], on=key, how="outer", suffixes=("_before", "_after")
    )
    moved = both[~(both["median_before"] == both["median_after"]).fillna(False)]
    by = (moved["median_after"] / moved["median_before"] - 1).abs().fillna(0)
    return moved.loc[by.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def normalized_beside(side: Dataset, differ: frozenset[str] | None, configurations: pd.DataFrame) -> pd.DataFrame:
    """The normalized points of a state that may be others in another one: rows as of ``normalized()``.

    Args:
        side: The state.
        differ: The papers whose rows may differ, None for all.
        configurations: The distinct ``dataset`` and ``architecture`` whose medians differ.
    """
    if differ is None:
        return side.normalized()
    rows = side.cells(Dataset.completed_rows, _NORMALIZED_FROM, differ if configurations.empty else None)
    moved = rows[CONFIGURATION].merge(configurations, on=CONFIGURATION, how="left", indicator=True)["_merge"] == "both"
    rows = operating_points(rows[moved | rows["paper_id"].isin(differ)])
    return typed(normalize(typed(rows, COMPLETED), side.baselines()), NORMALIZED)


_PARTS = [part for _, _, part, *_ in RECIPES.values()]
_NORMALIZED_FROM = columns_named(
    COMPLETED, "paper_id", *ENTRY_PLACE, *CONFIGURATION, *_PARTS, *(f"{part}_rule" for part in _PARTS)
)


def normalized_moved(before: pd.DataFrame, after: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """How far the normalized points move that both corpora hold.

    Args:
        before: Rows as of ``normalized()``.
        after: The same of the other corpus.
        places: Where each point is in both, see :func:`point_places`.

    Returns:
        ``dataset``, ``architecture``, ``quantity``, ``unit``, ``points`` (how many move), and ``at_most`` (how far).
    """
    old = before.merge(
        places, left_on=["paper_id", *ENTRY_PLACE], right_on=["paper_id", *(f"{one}_before" for one in ENTRY_PLACE)]
    )
    both = old.merge(
        after,
        left_on=["paper_id", *(f"{one}_after" for one in ENTRY_PLACE)],
        right_on=["paper_id", *ENTRY_PLACE],
        suffixes=("", "_now"),
    )
    moves = [_moves(both, quantity, unit) for quantity, (*_, unit, _) in RECIPES.items()]
    return pd.concat(moves).sort_values("points", ascending=False, kind="stable", ignore_index=True)


def _moves(both: pd.DataFrame, quantity: str, unit: str) -> pd.DataFrame:
    distance = (both[f"{quantity}_now"] - both[quantity]).abs()
    moved = (
        both[["dataset_now", "architecture_now"]]
        .set_axis(CONFIGURATION, axis=1)
        .assign(by=distance)[distance > both[quantity].abs() * NOISE]
    )
    groups = moved.groupby(CONFIGURATION, as_index=False, dropna=False).agg(
        points=("by", "size"), at_most=("by", "max")
    )
    return groups.assign(quantity=quantity, unit=unit)[[*CONFIGURATION, "quantity", "unit", "points", "at_most"]]


def point_places(pairs: Iterable[EntryPair]) -> pd.DataFrame:
    """Where in both corpora the points are that both hold; arguments as of :func:`rows_changed`."""
    both = [(old, new) for old, new, _ in pairs if old and new and min(*old.place, *new.place) >= 0]
    found = [(new.paper.id, *old.place, *new.place) for old, new in both if old.paper.id == new.paper.id]
    names = [f"{one}_{side}" for side in ("before", "after") for one in ENTRY_PLACE]
    types = {"paper_id": "string", **dict.fromkeys(names, "Int64")}
    return pd.DataFrame(found, columns=list(types)).astype(types)


def lines_changed(before: pd.DataFrame, after: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The rows that only one of two tables holds, by their key; ``change`` says which.

    Args:
        before: Rows of a table.
        after: Rows of the other.
        key: Columns that name a row.
    """
    both = before[key].merge(after[key], on=key, how="outer", indicator=True)
    names = {"left_only": REMOVED, "right_only": ADDED}
    changes = both["_merge"].astype("string").map(names).rename("change")
    return both.assign(change=changes)[changes.notna()][["change", *key]].reset_index(drop=True)


def claims_changed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The claims whose value or verdict is another; tables as of ``claims()``."""
    key = ["claim", "source"]
    both = before.merge(after, on=key, how="outer", suffixes=("_before", "_after"))
    told = ["computed_before", "computed_after", "verdict_before", "verdict_after"]
    same = [(both[f"{one}_before"].fillna("") == both[f"{one}_after"].fillna("")) for one in ("computed", "verdict")]
    return both.loc[~(same[0] & same[1]), [*key, *told]].reset_index(drop=True)
