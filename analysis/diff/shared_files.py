"""Shared files of two corpora side by side: every entry that came or went, and every other field that changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd
from pydantic import BaseModel

from prunelit.analysis.diff.matching import IndexPair, left
from prunelit.analysis.diff.names import NewNames, under_new_names
from prunelit.analysis.diff.statements import exact, item_label, items_paired, shown_values, told, value_text
from prunelit.schema.corpus import SHARED, Corpus
from prunelit.schema.walk import curves

ENTRIES = ["part", "entry", "field", "before", "after"]
"""Columns of :attr:`PartChanges.fields`."""
_SWEEPS = "sweeps"


class PartChanges(NamedTuple):
    """What changed in a part of a corpus that a shared file holds, all as text."""

    part: str
    fields: pd.DataFrame
    """``ENTRIES``: one row a field of an entry that is in both, numbers first."""
    added: pd.DataFrame
    """One row an entry, one column a field."""
    removed: pd.DataFrame
    """As ``added``."""


def parts_changed(before: Corpus, after: Corpus, changed: NewNames) -> Iterator[PartChanges]:
    """What changed in shared files, part by part.

    Args:
        before: The corpus before.
        after: The corpus after.
        changed: Names that are others now: these are told of the entries that they name, and not again of each use.
    """
    for part in (part for model in SHARED.values() for part in model.parts()):
        old, new = before.part(part), after.part(part)
        if changed:
            old = tuple(under_new_names(one, changed) for one in old)
        if old is not new and exact(old) != exact(new):
            yield _changed(part, old, new)
    if lines := list(_unused_sweeps(before, after)):
        yield PartChanges(_SWEEPS, _fields(lines), _table(()), _table(()))


def _changed(part: str, old: tuple[BaseModel, ...], new: tuple[BaseModel, ...]) -> PartChanges:
    pairs = items_paired(old, new)
    found = [(item_label(new[j]), one) for i, j in pairs for one in told(old[i], new[j])]
    found.sort(key=lambda both: not both[1].numeric)
    lines = [(part, name, one.field, *shown_values(one)) for name, one in found]
    came, went = left(new, (j for _, j in pairs)).values(), left(old, (i for i, _ in pairs)).values()
    return PartChanges(part, _fields([*lines, *_reordered(part, old, new, pairs)]), _table(came), _table(went))


def _reordered(
    part: str, old: tuple[BaseModel, ...], new: tuple[BaseModel, ...], pairs: list[IndexPair]
) -> Iterator[tuple[str, ...]]:
    """The order of the entries that are in both, as far as it is another one."""
    order = [j for _, j in pairs]
    moved = [at for at, (j, ranked) in enumerate(zip(order, sorted(order), strict=True)) if j != ranked]
    if moved:
        before = ", ".join(item_label(old[pairs[at][0]]) for at in moved)
        yield part, "", "order", before, ", ".join(item_label(new[sorted(order)[at]]) for at in moved)


def _fields(lines: Iterable[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=ENTRIES, dtype=object)


def _table(items: Iterable[BaseModel]) -> pd.DataFrame:
    return pd.DataFrame([{name: value_text(value) for name, value in one} for one in items], dtype=object)


def _unused_sweeps(before: Corpus, after: Corpus) -> Iterator[tuple[str, ...]]:
    """Files of sweeps that no curve refers to; the points of others are told as results."""
    used = {curve.points_file for corpus in (before, after) for paper in corpus.papers for _, curve in curves(paper)}
    for name in sorted((before.sweeps.keys() | after.sweeps.keys()) - used):
        old, new = before.sweeps.get(name), after.sweeps.get(name)
        if old is not new and repr(old) != repr(new):
            yield _SWEEPS, name, "points", *("" if one is None else f"{len(one)}" for one in (old, new))
