"""Are the values that printed digits allow worked out as by hand?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit_records import one, rows_of
from prunelit.analysis.audit.digits import (
    Interval,
    accuracy_interval,
    apart,
    interval,
    kept,
    least_accuracy,
    less,
    middle,
    over,
    printed_interval,
    share_kept,
)


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


@pytest.mark.parametrize(("value", "expected"), [("75.0", ("74.95", "75.05")), ("75", ("74.5", "75.5"))])
def test_a_number_with_all_its_digits_stands_for_half_of_the_last_one(value: str, expected: tuple[str, str]) -> None:
    assert printed_interval(Decimal(value)) == span(*expected)


def test_middle_is_halfway() -> None:
    assert middle(span("1", "4")) == Decimal("2.5")


def test_a_printed_number_stands_for_half_a_digit_around_it() -> None:
    (row,) = rows_of(one("top1: 75.0, params: 25M"))
    assert interval(row, "top1") == span("74.95", "75.05")
    assert interval(row, "params") == span("24500000", "25500000")
    assert interval(row, "top5") is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("top1: 75.0", span("74.95", "75.05")),
        ("top1_error: 25.00", span("74.995", "75.005")),
        ("top1: 75.0, top1_error: 30.0", span("74.95", "75.05")),
        ("top5: 75.0", None),
    ],
)
def test_an_accuracy_is_printed_or_follows_from_the_error(said: str, expected: Interval | None) -> None:
    assert accuracy_interval(rows_of(one(said))[0], "top1") == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("params_kept: 0.30", span("0.295", "0.305")),
        ("params_removed: 0.60", span("0.395", "0.405")),
        ("compression_ratio: 2.25", (1 / Decimal("2.255"), 1 / Decimal("2.245"))),
        ("params_kept: 0.30, params_removed: 0.60", span("0.295", "0.305")),
        ("params_removed: 0.60, compression_ratio: 4", span("0.395", "0.405")),
        ("speedup: 2.0, flops_kept: 0.5, params: 2M", None),
    ],
)
def test_a_share_is_printed_or_follows(said: str, expected: Interval | None) -> None:
    assert kept(rows_of(one(said, base="base_params: 4M"))[0], "params", "compression_ratio") == expected


@pytest.mark.parametrize(
    ("point", "least"),
    [
        ("top1: 75.0", "75.0"),
        ("top1: 75.0, top1_error: 26.0", "75.0"),
        ("top1_error: 25.0", "75.0"),
        ("top1: 75.0, bounds: {at_least: [top1]}", "75.0"),
        ("top1: 75.0, bounds: {about: [top1]}", "75.0"),
        ("top1: 75.0, bounds: {at_most: [top1]}", None),
        ("top1: 75.0, top1_error: 24.0, bounds: {at_most: [top1]}", "76.0"),
        ("top1_error: 25.0, bounds: {at_most: [top1_error]}", "75.0"),
        ("top1_error: 25.0, bounds: {about: [top1_error]}", "75.0"),
        ("top1_error: 25.0, bounds: {at_least: [top1_error]}", None),
        ("top5: 75.0", None),
    ],
)
def test_an_accuracy_is_at_least_what_no_bound_from_above_says(point: str, least: str | None) -> None:
    (row,) = rows_of(one(point))
    assert least_accuracy(row, "top1") == (None if least is None else Decimal(least))


def test_a_share_of_a_part_is_no_share_of_the_model() -> None:
    (row,) = rows_of(one("params_kept: 0.5", curve="sparsity_scope: convolutions"))
    assert (kept(row, "params", "compression_ratio"), share_kept(row, "params", "compression_ratio")) == (
        None, span("0.495", "0.505"),
    )  # fmt: skip
