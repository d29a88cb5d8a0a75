"""Ordered values of many sources, of which one asks for those of all others without looking at each."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence


class OfOthers:
    """Values in order, but for those at a few places."""

    __slots__ = ("_places", "_values")

    def __init__(self, values: Sequence[float], places: Sequence[int]) -> None:
        self._values, self._places = values, places

    def __len__(self) -> int:
        return len(self._values) - len(self._places)

    def __iter__(self) -> Iterator[float]:
        return self.between(float("-inf"), float("inf"))

    def at(self, rank: int) -> float:
        """The value of a rank, from 0."""
        for place in self._places:  # which ascend
            rank += place <= rank
        return self._values[rank]

    @property
    def median(self) -> float:
        """The value in the middle, or the mean of the two that are; of no values there is none."""
        middle, odd = divmod(len(self), 2)
        return self.at(middle) if odd else (self.at(middle - 1) + self.at(middle)) / 2

    def between(self, least: float, most: float) -> Iterator[float]:
        """The values from one to another."""
        for place in range(bisect_left(self._values, least), len(self._values)):
            if self._values[place] > most:
                return
            if place not in self._places:
                yield self._values[place]


class Ordered:
    """Values in order, each of a source.

    Example:
        >>> values = Ordered([("a", 70.0), ("b", 72.0), ("a", 71.0), ("c", 78.0)])
        >>> [*values.of_others("a")], values.of_others("a").median
        ([72.0, 78.0], 75.0)
    """

    def __init__(self, values: Iterable[tuple[str, float]] = ()) -> None:
        self._values: list[float] = []
        self._own: dict[str, list[float]] = {}
        for source, value in values:
            self._values.append(value)
            self._own.setdefault(source, []).append(value)
        self._values.sort()

    def add(self, source: str, value: float) -> None:
        """Put a value in its place."""
        insort(self._values, value)
        self._own.setdefault(source, []).append(value)

    def remove(self, source: str, value: float) -> None:
        """Take a value out that is there."""
        del self._values[bisect_left(self._values, value)]
        self._own[source].remove(value)

    def of_others(self, source: str) -> OfOthers:
        """The values of all sources but one, as long as none comes or goes."""
        places: list[int] = []
        for value in sorted(self._own.get(source, ())):
            place = bisect_left(self._values, value)
            places.append(place if not places or place > places[-1] else places[-1] + 1)  # of equal ones, the next
        return OfOthers(self._values, places)
