"""Differences between two states of the corpus.

A number that was published must not change, move or vanish unless a correction says so: such a change is *silent*.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.diff.entries import ENTRY_NAMES, ENTRY_PLACE, REMARKS, WITHOUT_NUMBERS
from prunelit.analysis.diff.matching import IndexPair
from prunelit.analysis.frames.baselines import CONFIGURATION
from prunelit.analysis.frames.normalized import RECIPES
from prunelit.analysis.frames.printed import printed
from prunelit.schema.correction import Correction

EntryRow: TypeAlias = dict[str, object]

ADDED, _CHANGED, REMOVED = "added", "changed", "removed"
ROW_CHANGES = ["change", *ENTRY_NAMES, "survey_row", "field", "before", "after", "locator", "silent", "reason"]
"""Columns of :func:`rows_changed`."""
NOISE = 1e-9
"""A computed number that moves by less than this share of itself has not moved."""


def rows_changed(
    before: pd.DataFrame, after: pd.DataFrame, pairs: Iterable[IndexPair], corrections: Iterable[Correction]
) -> pd.DataFrame:
    """One row an entry that was added or removed, and one a cell that changed.

    Args:
        before: Rows as of :func:`prunelit.analysis.diff.entries.entries`.
        after: The same of the other corpus.
        pairs: The rows that are the same, see :func:`prunelit.analysis.diff.matching.matched`.
        corrections: What may change: those of both corpora.

    Returns:
        :data:`ROW_CHANGES`: ``silent`` is true for a number that changed or vanished without a correction, ``reason``
        that of the correction; ``field``, ``before`` and ``after`` are text.
    """
    old, new = _records(before), _records(after)
    corrections, pairs = list(corrections), list(pairs)
    gone, came = set(range(len(old))), set(range(len(new)))
    rows = []
    for i, j in pairs:
        rows += _cells_changed(old[i], new[j], corrections)
        gone.discard(i)
        came.discard(j)
    rows += [_row(REMOVED, old[i], "", _numbers(old[i]), "", _excuses(old[i], corrections)) for i in sorted(gone)]
    rows += [_row(ADDED, new[j], "", "", _numbers(new[j]), [""]) for j in sorted(came)]
    return pd.DataFrame(rows, columns=ROW_CHANGES, dtype=object)


def _records(frame: pd.DataFrame) -> list[EntryRow]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _cells_changed(old: EntryRow, new: EntryRow, corrections: list[Correction]) -> list[EntryRow]:
    names = [name for name in dict.fromkeys([*old, *new]) if name not in ENTRY_PLACE]
    changed = [name for name in names if str(old.get(name)) != str(new.get(name))]
    return [
        _row(
            _CHANGED if old.get(name) is not None else ADDED,
            new,
            name,
            printed(old.get(name)),
            printed(new.get(name)),
            [_excuse(old, name, new.get(name), corrections)],
        )
        for name in changed
    ]


def _row(change: str, entry: EntryRow, field: str, before: str, after: str, excuses: list[str | None]) -> EntryRow:
    names = {name: entry.get(name) for name in (*ENTRY_NAMES, "survey_row", "locator")}
    reason = "; ".join(dict.fromkeys(one for one in excuses if one))
    return names | {
        "change": change,
        "field": field,
        "before": before,
        "after": after,
        "silent": None in excuses,
        "reason": reason,
    }


def _numbers(entry: EntryRow) -> str:
    return ", ".join(f"{name} {printed(value)}" for name, value in _guarded(entry).items())


def _guarded(entry: EntryRow) -> EntryRow:
    """The cells of an entry that hold results, not names or remarks."""
    left_out = {*ENTRY_PLACE, *ENTRY_NAMES, *REMARKS, "survey_row"}
    return {name: value for name, value in entry.items() if name not in left_out and value is not None}


def _excuses(entry: EntryRow, corrections: list[Correction]) -> list[str | None]:
    """The reasons why the cells of an entry may vanish, None for each that may not."""
    if entry["entry"] == WITHOUT_NUMBERS:
        return [""]
    return [_excuse(entry, name, None, corrections) for name in _guarded(entry)]


def _excuse(entry: EntryRow, name: str, after: object, corrections: list[Correction]) -> str | None:
    """Why a cell may become ``after``: the reason of a correction, "" where it needs none, None where it may not."""
    before = entry.get(name)
    if before is None or name in REMARKS:
        return ""
    fitting = (one for one in corrections if _fits(one, entry, name, before, after))
    return next((one.reason for one in fitting), None)


def _fits(one: Correction, entry: EntryRow, name: str, before: object, after: object) -> bool:
    same_row = one.survey_row in (None, entry.get("survey_row")) and (one.result is None or one.result.fits(entry))
    return (
        one.status != "proposed"
        and one.paper == entry["paper_id"]
        and same_row
        and one.field == name
        and _same(one.expect, before)
        and _same(one.correct, after)
    )


def _same(one: object, other: object) -> bool:
    return one == other or str(one) == str(other)


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


def point_places(before: pd.DataFrame, after: pd.DataFrame, pairs: Iterable[IndexPair]) -> pd.DataFrame:
    """Where in both corpora the points are that both hold; arguments as of :func:`rows_changed`."""
    pairs = list(pairs)
    then, now = ([f"{one}_{side}" for one in ENTRY_PLACE] for side in ("before", "after"))
    old = before.iloc[[i for i, _ in pairs]][["paper_id", *ENTRY_PLACE]].set_axis(["paper_id", *then], axis=1)
    new = after.iloc[[j for _, j in pairs]][ENTRY_PLACE].set_axis(now, axis=1)
    both = pd.concat([old.reset_index(drop=True), new.reset_index(drop=True)], axis=1)
    return both[both["point_before"] >= 0].astype({"paper_id": "string", **dict.fromkeys([*then, *now], "Int64")})


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
