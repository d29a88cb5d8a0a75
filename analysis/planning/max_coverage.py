"""Maximum coverage: the few sets that reach most, exactly by search, else greedily with a bound.

Choosing k sets whose union is largest (maximum coverage) is NP-hard.  But sets within others need no look, and what
any choice could still gain is bounded by the largest single gains (Nemhauser, Wolsey and Fisher 1978), so that a
depth-first search often has soon nothing left to try.  Where it would take too long, the greedy choice stands, with
such a bound.

A set is an integer, its elements are the bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import nlargest
from itertools import accumulate
from math import exp
from operator import or_
from typing import NamedTuple

MAX_LOOKS = 300_000
"""Sets that the search weighs at most; a count, not a time, so that the answer is the same on every machine."""
GUARANTEE = 1 - exp(-1)
"""The share of the best that a greedy choice always reaches (Nemhauser, Wolsey and Fisher 1978)."""
_FIRST = 1 << 40
"""What an element of the first kind is worth in elements of the second, of which there are never as many."""


class Reach(NamedTuple):
    """What a set holds of the two kinds of elements; whatever the second, more of the first is better."""

    first: int
    second: int

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.first | other.first, self.second | other.second)

    @property
    def counts(self) -> tuple[int, int]:
        """How many elements of each kind."""
        return self.first.bit_count(), self.second.bit_count()

    @property
    def worth(self) -> int:
        """The counts as one number, in their order."""
        return self.first.bit_count() * _FIRST + self.second.bit_count()


NOTHING = Reach(0, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sets were chosen, by their position, those that gain most first; and how sure the choice is.

    ``reached`` holds the counts after each of them, ``exact`` says whether no other choice of as many is worth more,
    and ``at_most`` what no choice of as many can exceed, kind by kind; in an exact choice it is what is reached.
    """

    chosen: tuple[int, ...]
    reached: tuple[tuple[int, int], ...]
    exact: bool
    at_most: tuple[int, int]


def best(sets: Sequence[Reach], budget: int, start: Reach = NOTHING, looks: int = MAX_LOOKS) -> Choice:
    """The sets, at most ``budget``, that together with ``start`` reach most: the first kind before the second.

    Args:
        sets: What can be chosen; of equally good choices the one of earlier sets is taken.
        budget: How many, at least 1.
        start: What is reached already.
        looks: How many sets the search may weigh before the greedy choice has to do.
    """
    budget = min(budget, len(sets))
    few = greedy(sets, budget, start)
    found = _searched(sets, budget, start, few, looks)
    chosen = few if found is None else greedy(sets, budget, start, found)
    reached = tuple(one.counts for one in _steps(sets, chosen, start))
    here = reached[-1] if reached else start.counts
    most = upper_bound(sets, budget, start, chosen) if found is None else here
    return Choice(chosen, reached, here == most, most)


def greedy(
    sets: Sequence[Reach], budget: int, start: Reach = NOTHING, among: Iterable[int] | None = None
) -> tuple[int, ...]:
    """Positions of sets, each the one that gains most after those before it, as long as any gains."""
    chosen: list[int] = []
    left = list(range(len(sets)) if among is None else sorted(among))
    while left and len(chosen) < budget:
        gain, first = max(((start | sets[one]).worth - start.worth, -one) for one in left)
        if not gain:
            break
        start |= sets[-first]
        chosen.append(-first)
        left.remove(-first)
    return tuple(chosen)


def upper_bound(sets: Sequence[Reach], budget: int, start: Reach, chosen: Sequence[int]) -> tuple[int, int]:
    """What no choice of ``budget`` sets can exceed, kind by kind.

    From anywhere on, as many choices add no more than the largest single gains do: the tightest such bound over the
    beginnings of what was chosen, and all there is.
    """
    everything = reduce(or_, sets, start)
    bounds = [everything.counts, *(_bound(sets, budget, one) for one in (start, *_steps(sets, chosen, start)))]
    return min(first for first, _ in bounds), min(second for _, second in bounds)


def _bound(sets: Sequence[Reach], budget: int, reached: Reach) -> tuple[int, int]:
    first, second = reached.counts
    gains = [(reached | one).counts for one in sets]
    return (
        first + sum(nlargest(budget, (one - first for one, _ in gains))),
        second + sum(nlargest(budget, (one - second for _, one in gains))),
    )


def _steps(sets: Sequence[Reach], chosen: Iterable[int], start: Reach) -> Iterable[Reach]:
    for one in chosen:
        start |= sets[one]
        yield start


def _searched(
    sets: Sequence[Reach], budget: int, start: Reach, few: tuple[int, ...], looks: int
) -> tuple[int, ...] | None:
    """The best choice, or None where too many would have to be looked at; ``few`` is one to begin with."""
    *_, reached = (start, *_steps(sets, few, start))
    winner, most = few, reached.worth
    stack: list[_Node] = [_Node(_ABOVE_ALL, (), start, _undominated(sets, start))]
    while stack:
        node = stack.pop()
        if node.bound <= most:
            continue
        looks -= len(node.left)
        if looks < 0:
            return None
        gains, order = _by_gain(sets, node)
        if gains and node.reached.worth + gains[0] > most:
            winner, most = (*node.chosen, order[0]), node.reached.worth + gains[0]
        stack += reversed([*_branches(sets, node, gains, order, budget, most)])
    return winner


class _Node(NamedTuple):
    """What is chosen, what could still be, and what no choice from here on can exceed in worth."""

    bound: int
    chosen: tuple[int, ...]
    reached: Reach
    left: list[int]


def _branches(
    sets: Sequence[Reach], node: _Node, gains: list[int], order: list[int], budget: int, most: int
) -> Iterator[_Node]:
    """The node with one more set chosen, each in its turn and those before it never again, while it can beat most."""
    room = budget - len(node.chosen)
    sums = [0, *accumulate(gains)]
    for at, one in enumerate(order if room > 1 else ()):
        bound = node.reached.worth + sums[min(at + room, len(gains))] - sums[at]
        if bound <= most:
            return
        yield _Node(bound, (*node.chosen, one), node.reached | sets[one], order[at + 1 :])


_ABOVE_ALL = 1 << 100


def _by_gain(sets: Sequence[Reach], node: _Node) -> tuple[list[int], list[int]]:
    """The gains of the sets that gain anything, the largest first, and their positions."""
    worth = node.reached.worth
    ranked = sorted((worth - (node.reached | sets[one]).worth, one) for one in node.left)
    gaining = [(-loss, one) for loss, one in ranked if loss]
    return [gain for gain, _ in gaining], [one for _, one in gaining]


def _undominated(sets: Sequence[Reach], start: Reach) -> list[int]:
    """Positions of the sets that no other one holds; the earlier of equal ones."""
    news = [Reach(one.first & ~start.first, one.second & ~start.second) for one in sets]
    return [
        at
        for at, one in enumerate(news)
        if not any(
            other | one == other and (other != one or place < at) for place, other in enumerate(news) if place != at
        )
    ]
