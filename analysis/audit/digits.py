"""Intervals of values that a printed number can stand for."""

from __future__ import annotations

from decimal import Decimal

from prunelit.analysis.audit.rows import AuditRow, Interval

HUNDRED: Interval = (Decimal(100), Decimal(100))
ONE: Interval = (Decimal(1), Decimal(1))


interval = AuditRow.interval
"""The values that a printed number stands for; none where it is a bound or approximate."""


def printed_interval(value: Decimal) -> Interval:
    """The values that a number with all its digits stands for: half a unit of the last one to either side."""
    half = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
    return value - half, value + half


def accuracy_interval(row: AuditRow, name: str) -> Interval | None:
    """An accuracy, from the error where that is what is printed."""
    return interval(row, name) or less(HUNDRED, interval(row, f"{name}_error"))


def least_accuracy(row: AuditRow, name: str) -> Decimal | None:
    """The number that an accuracy is about or at least, from the error where that is what is printed."""
    accuracy, error = row.get(name), row.get(f"{name}_error")
    if accuracy is not None and row.bound(name) != "at_most":
        return Decimal(accuracy)
    return 100 - Decimal(error) if error is not None and row.bound(f"{name}_error") != "at_least" else None


def kept(row: AuditRow, quantity: str, ratio: str) -> Interval | None:
    """The share that is left, from whatever says so without absolute numbers, and is of what the quantity is of."""
    return share_kept(row, quantity, ratio) if row.scope(ratio) == row.scope(quantity) else None


def share_kept(row: AuditRow, quantity: str, ratio: str) -> Interval | None:
    """The same, be it of all of the model or of a part."""
    return (
        interval(row, f"{quantity}_kept")
        or less(ONE, interval(row, f"{quantity}_removed"))
        or over(ONE, interval(row, ratio))
    )


def less(a: Interval | None, b: Interval | None) -> Interval | None:
    """The difference, where both are known."""
    return (a[0] - b[1], a[1] - b[0]) if a and b else None


def over(a: Interval | None, b: Interval | None) -> Interval | None:
    """The quotient, where both are known and the second is positive."""
    return (a[0] / b[1], a[1] / b[0]) if a and b and b[0] > 0 else None


def apart(a: Interval, b: Interval) -> bool:
    """Whether no value fits both."""
    return a[0] > b[1] or b[0] > a[1]


def middle(a: Interval) -> Decimal:
    """The value in the middle."""
    return (a[0] + a[1]) / 2
