"""Matching of entries: which row of one corpus is which row of another.

A row is the same if it has the same row number of the survey; else if it says the same; else if, among the rows of one
paper, dataset, architecture and method that are left, it has the most in common.  Positions say nothing, as rows are
inserted and sorted; nor does any single number, as any may be the one that changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.diff.entries import ENTRY_NAMES, ENTRY_PLACE, REMARKS

_Row: TypeAlias = dict[str, object]
IndexPair: TypeAlias = tuple[int, int]

_MAX_CANDIDATES = 250_000
"""Pairs of rows of one method that are weighed; beyond that, as for a rewritten sweep, rows count as new."""


def matched(before: pd.DataFrame, after: pd.DataFrame) -> list[IndexPair]:
    """The pairs of rows that are the same, as positions in the two frames.

    Args:
        before: Rows as of :func:`prunelit.analysis.diff.entries.entries`.
        after: The same of the other corpus.
    """
    old, new = _rows(before), _rows(after)
    pairs: list[IndexPair] = []
    for name in (_survey_row, _content):
        left_old, left_new = _left(old, (a for a, _ in pairs)), _left(new, (b for _, b in pairs))
        pairs += _by_name(_grouped(left_old, name), _grouped(left_new, name))
    left_old, left_new = _left(old, (a for a, _ in pairs)), _left(new, (b for _, b in pairs))
    groups_old, groups_new = _grouped(left_old, _subject), _grouped(left_new, _subject)
    for subject in groups_old.keys() & groups_new.keys():
        pairs += _most_in_common(groups_old[subject], groups_new[subject])
    return sorted(pairs)


def _rows(frame: pd.DataFrame) -> dict[int, _Row]:
    """The cells of each row that say anything, without its place."""
    names = [str(name) for name in frame.columns if name not in ENTRY_PLACE]
    cells = zip(*(frame[name] for name in names), strict=True)
    return {
        index: {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for index, row in enumerate(cells)
    }


def _left(rows: dict[int, _Row], taken: Iterable[int]) -> dict[int, _Row]:
    gone = set(taken)
    return {index: row for index, row in rows.items() if index not in gone}


def _survey_row(row: _Row) -> object:
    return row.get("survey_row")


def _content(row: _Row) -> object:
    return tuple((name, str(value)) for name, value in row.items())


def _subject(row: _Row) -> object:
    return tuple(row.get(name) for name in ENTRY_NAMES)


def _grouped(rows: dict[int, _Row], name: Callable[[_Row], object]) -> dict[object, dict[int, _Row]]:
    groups: dict[object, dict[int, _Row]] = defaultdict(dict)
    for index, row in rows.items():
        if (key := name(row)) is not None:
            groups[key][index] = row
    return groups


def _by_name(old: dict[object, dict[int, _Row]], new: dict[object, dict[int, _Row]]) -> Iterator[IndexPair]:
    for key, rows in old.items():
        yield from zip(rows, new.get(key, ()), strict=False)


def _most_in_common(old: dict[int, _Row], new: dict[int, _Row]) -> Iterator[IndexPair]:
    """Pairs with the most equal cells first; cells that both fill, though differently, settle a draw."""
    if len(old) * len(new) > _MAX_CANDIDATES:
        return
    ranked = sorted((-_in_common(a, b), i, j) for i, a in old.items() for j, b in new.items())
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, i, j in ranked:
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            yield i, j


def _in_common(old: _Row, new: _Row) -> int:
    """100 for each quantity that is equal, 1 for each that both have."""
    both = (old.keys() & new.keys()).difference(ENTRY_NAMES, REMARKS)
    return sum(100 if old[name] == new[name] else 1 for name in both)
