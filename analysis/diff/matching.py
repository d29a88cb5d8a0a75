"""Matching of what two corpora hold: which item of one is which item of the other.

Positions say nothing, as items are inserted and sorted; nor does any single number, as any may be the one that changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

T = TypeVar("T")
IndexPair: TypeAlias = tuple[int, int]
Items: TypeAlias = Mapping[int, T] | Sequence[T]
"""Items by their positions."""
MatchKey: TypeAlias = Callable[[T], Hashable | None]
"""What equal items share; None for an item that it does not concern."""

_MAX_CANDIDATES = 250_000
"""Pairs of items that are weighed; beyond that, as for a rewritten sweep, items count as new."""


def left(items: Items[T], taken: Iterable[int]) -> dict[int, T]:
    """The items at other positions than those that are taken."""
    gone = set(taken)
    return {at: item for at, item in _placed(items) if at not in gone}


def paired(old: Items[T], new: Items[T], keys: Iterable[MatchKey[T]]) -> list[IndexPair]:
    """Pairs of items of equal key, in their order: by the first key, then the rest by the next one, and so on."""
    pairs: list[IndexPair] = []
    for key in keys:
        groups_old = groups_by(left(old, (i for i, _ in pairs)), key)
        groups_new = groups_by(left(new, (j for _, j in pairs)), key)
        pairs += [
            pair for one, items in groups_old.items() for pair in zip(items, groups_new.get(one, ()), strict=False)
        ]
    return pairs


def groups_by(items: Items[T], key: MatchKey[T]) -> dict[Hashable, dict[int, T]]:
    """The items by their key, each with its position."""
    groups: dict[Hashable, dict[int, T]] = defaultdict(dict)
    for at, item in _placed(items):
        if (found := key(item)) is not None:
            groups[found][at] = item
    return groups


def most_in_common(
    old: Items[Mapping[str, str]], new: Items[Mapping[str, str]], least: float = 0
) -> Iterator[IndexPair]:
    """Pairs with the most equal facts first; facts that both state, though differently, settle a draw.

    Args:
        old: Statements by their names, of each item.
        new: The same of the others.
        least: The share of facts that must be equal, among those that the fuller of the two states.
    """
    placed_old, placed_new = list(_placed(old)), list(_placed(new))
    if len(placed_old) * len(placed_new) > _MAX_CANDIDATES:
        return
    ranked = sorted((-_in_common(a, b), i, j, _share(a, b)) for i, a in placed_old for j, b in placed_new)
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, i, j, share in ranked:
        if i not in taken_old and j not in taken_new and share >= least:
            taken_old.add(i)
            taken_new.add(j)
            yield i, j


def _placed(items: Items[T]) -> Iterable[tuple[int, T]]:
    return items.items() if isinstance(items, Mapping) else enumerate(items)


def _equal(old: Mapping[str, str], new: Mapping[str, str]) -> int:
    return sum(new.get(name) == value for name, value in old.items())


def _in_common(old: Mapping[str, str], new: Mapping[str, str]) -> int:
    """100 for each fact that is equal, 1 for each that both state."""
    return 99 * _equal(old, new) + len(old.keys() & new.keys())


def _share(old: Mapping[str, str], new: Mapping[str, str]) -> float:
    return _equal(old, new) / max(len(old), len(new), 1)
