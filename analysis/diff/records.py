"""Records of two corpora side by side: which entry of one is which of the other.

A result is the same if it has the same row number of the survey; else if it says the same; else if, among the results
of one paper, dataset, architecture and method that are left, it has the most in common.  Curves and experiments are
the same as those of their results, so that one that is called otherwise now is told once, and not with every result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from prunelit.analysis.diff.entries import (
    CURVE_ENTRY,
    EXPERIMENT_ENTRY,
    KINDS,
    PAPER_ENTRY,
    RESULT_ENTRY,
    Entry,
    entries,
)
from prunelit.analysis.diff.matching import MatchKey, groups_by, most_in_common, paired
from prunelit.analysis.diff.silence import without_remarks
from prunelit.schema.record import Paper
from prunelit.schema.walk import Sweeps

_Both: TypeAlias = tuple[Entry, Entry]
_Entries: TypeAlias = Sequence[Entry]
_Kinds: TypeAlias = dict[str, list[Entry]]

_DEPTH = {CURVE_ENTRY: 2, EXPERIMENT_ENTRY: 1}
"""How many numbers of its place name the curve or experiment that a result is in."""


class EntryPair(NamedTuple):
    """An entry before and after, None where it is not there, and how many results went from the one to the other."""

    before: Entry | None
    after: Entry | None
    results: int = 0


def side_by_side(old: Paper | None, new: Paper | None, before: Sweeps, after: Sweeps) -> list[EntryPair]:
    """Every entry of two states of a record; a curve stands once with each of those that its results are in now.

    Args:
        old: The record before, None where there was none.
        new: The record after.
        before: The points of sweeps before, by file.
        after: The same after.
    """
    ours, theirs = _entries(old, before), _entries(new, after)
    results = _results(ours[RESULT_ENTRY], theirs[RESULT_ENTRY])
    curves = _holders(CURVE_ENTRY, results, ours, theirs)
    results += _rest_of(curves, results, ours[RESULT_ENTRY], theirs[RESULT_ENTRY])
    experiments = _holders(EXPERIMENT_ENTRY, curves, ours, theirs)
    papers = list(zip(ours[PAPER_ENTRY], theirs[PAPER_ENTRY], strict=False))
    counts = Counter(_places(a, b, kind) for a, b in results if not a.is_empty for kind in _DEPTH)
    found = {PAPER_ENTRY: papers, EXPERIMENT_ENTRY: experiments, CURVE_ENTRY: curves, RESULT_ENTRY: results}
    return [
        pair
        for kind in KINDS
        for pair in (
            *(EntryPair(a, b, counts[_places(a, b, kind)] if kind in _DEPTH else 0) for a, b in found[kind]),
            *(EntryPair(one, None) for one in _left(ours[kind], (a for a, _ in found[kind]))),
            *(EntryPair(None, one) for one in _left(theirs[kind], (b for _, b in found[kind]))),
        )
    ]


def _entries(paper: Paper | None, sweeps: Sweeps) -> _Kinds:
    return entries(paper, sweeps) if paper else {kind: [] for kind in KINDS}


def _results(old: _Entries, new: _Entries) -> list[_Both]:
    found = _by_keys(old, new, (_survey_row, _within, _under_names))
    rest_old, rest_new = (_rest(side, found, at) for at, side in enumerate((old, new)))
    groups_old, groups_new = groups_by(rest_old, _names), groups_by(rest_new, _names)
    for names in groups_old.keys() & groups_new.keys():
        found += _most_in_common(list(groups_old[names].values()), list(groups_new[names].values()))
    rest_old, rest_new = (_rest(side, found, at) for at, side in enumerate((old, new)))
    return [*found, *_by_keys(rest_old, rest_new, (_content,))]


def _rest_of(curves: Iterable[_Both], results: list[_Both], old: _Entries, new: _Entries) -> list[_Both]:
    """The results of the same curves that are left: the curve is called otherwise, and the result says otherwise."""
    groups_old, groups_new = (
        groups_by(_rest(side, results, at), lambda one: one.place[:2]) for at, side in enumerate((old, new))
    )
    found: list[_Both] = []
    for a, b in curves:
        left_old, left_new = groups_old.pop(a.place[:2], {}), groups_new.pop(b.place[:2], {})
        found += _most_in_common(list(left_old.values()), list(left_new.values()))
    return found


def _holders(kind: str, within: Iterable[_Both], ours: _Kinds, theirs: _Kinds) -> list[_Both]:
    """The curves or experiments that what is within them says to be the same, and those that are alike themselves."""
    depth = _DEPTH[kind]
    old, new = ({one.place[:depth]: one for one in side[kind]} for side in (ours, theirs))
    linked = list(dict.fromkeys((old[a.place[:depth]], new[b.place[:depth]]) for a, b in within))
    rest_old, rest_new = (_rest(side[kind], linked, at) for at, side in enumerate((ours, theirs)))
    return [*linked, *_by_keys(rest_old, rest_new, (_under_names, _names, _content))]


def _places(old: Entry, new: Entry, kind: str) -> Hashable:
    return kind, old.place[: _DEPTH.get(kind, 3)], new.place[: _DEPTH.get(kind, 3)]


def _left(entries: _Entries, taken: Iterable[Entry]) -> list[Entry]:
    gone = set(taken)
    return [one for one in entries if one not in gone]


def _rest(entries: _Entries, found: Iterable[_Both], side: int) -> list[Entry]:
    return _left(entries, (both[side] for both in found))


def _by_keys(old: _Entries, new: _Entries, keys: Iterable[MatchKey[Entry]]) -> list[_Both]:
    return [(old[i], new[j]) for i, j in paired(old, new, keys)]


def _most_in_common(old: _Entries, new: _Entries) -> list[_Both]:
    facts_old, facts_new = ([without_remarks(one.facts()) for one in side] for side in (old, new))
    return [(old[i], new[j]) for i, j in most_in_common(facts_old, facts_new)]


def _survey_row(one: Entry) -> Hashable | None:
    return one.survey_row


def _within(one: Entry) -> Hashable:
    return one.curve and repr(one.curve.model_copy(update={"points": None})), one.names, one.content()


def _under_names(one: Entry) -> Hashable:
    return one.names, one.content()


def _names(one: Entry) -> Hashable:
    return one.names


def _content(one: Entry) -> Hashable | None:
    """What it says, whatever it is called; None where that is nothing."""
    return None if one.is_empty else one.content()
