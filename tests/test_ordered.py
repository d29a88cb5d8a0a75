"""Are values of others, in order, what one finds by leaving one source out and sorting?"""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunelit.analysis.audit.ordered import Ordered

VALUES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5).map(float)), max_size=12)


@given(values=VALUES, source=st.sampled_from("abcd"))
def test_values_of_others_are_all_but_those_of_one_source_in_order(
    values: list[tuple[str, float]], source: str
) -> None:
    found = Ordered(values).of_others(source)
    expected = sorted(value for other, value in values if other != source)
    assert [*found] == [found.at(rank) for rank in range(len(found))] == expected
    assert len(found) == len(expected)
    if expected:
        assert found.median == median(expected)


@given(values=VALUES, least=st.integers(0, 5), most=st.integers(0, 5))
def test_values_between_two_are_those_of_others_from_one_to_the_other(
    values: list[tuple[str, float]], least: int, most: int
) -> None:
    found = Ordered(values).of_others("a")
    assert [*found.between(least, most)] == [value for value in found if least <= value <= most]


@given(values=VALUES, more=VALUES, source=st.sampled_from("abcd"))
def test_values_come_and_go(values: list[tuple[str, float]], more: list[tuple[str, float]], source: str) -> None:
    changed = Ordered(values)
    for one in more:
        changed.add(*one)
    for one in values:
        changed.remove(*one)
    assert [*changed.of_others(source)] == [*Ordered(more).of_others(source)]


@pytest.mark.parametrize(("source", "expected"), [("a", [72.0, 78.0]), ("b", [70.0, 71.0, 78.0])])
def test_equal_values_of_a_source_go_together(source: str, expected: list[float]) -> None:
    values = [("a", 70.0), ("b", 72.0), ("a", 71.0), ("c", 78.0), ("b", 72.0), ("b", 72.0)]
    assert [*Ordered(values[:4]).of_others(source)] == expected
    assert [*Ordered(values).of_others("b")] == [70.0, 71.0, 78.0]
