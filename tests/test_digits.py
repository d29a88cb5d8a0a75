"""Are the values that printed digits allow worked out as by hand?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from prunelit.analysis.audit.digits import Interval, apart, less, middle, over


def span(low: str, high: str) -> Interval:
    return Decimal(low), Decimal(high)


def test_difference_is_least_and_greatest() -> None:
    assert less(span("5", "7"), span("1", "2")) == span("3", "6")


def test_quotient_is_least_and_greatest() -> None:
    assert over(span("6", "8"), span("2", "4")) == span("1.5", "4")


@pytest.mark.parametrize("low", ["0", "-1"])
def test_nothing_is_divided_by_what_may_be_zero(low: str) -> None:
    assert over(span("6", "8"), span(low, "4")) is None


def test_a_small_divisor_divides() -> None:
    assert over(span("6", "8"), span("0.1", "0.2")) == span("30", "80")


@pytest.mark.parametrize("function", [less, over])
def test_what_is_unknown_gives_nothing(function: object) -> None:
    assert callable(function)
    assert function(None, span("1", "2")) is None
    assert function(span("1", "2"), None) is None


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (span("1", "2"), span("2", "3"), False),
        (span("2", "3"), span("1", "2"), False),
        (span("1", "2"), span("2.1", "3"), True),
        (span("2.1", "3"), span("1", "2"), True),
        (span("1", "4"), span("2", "3"), False),
    ],
)
def test_intervals_are_apart_where_they_do_not_touch(a: Interval, b: Interval, expected: bool) -> None:
    assert apart(a, b) is expected


def test_middle_is_halfway() -> None:
    assert middle(span("1", "4")) == Decimal("2.5")
