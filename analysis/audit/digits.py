"""Intervals of values that a printed number can stand for."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from prunelit.analysis.audit.rows import AuditRow

Interval: TypeAlias = tuple[Decimal, Decimal]
"""Least and greatest value that the printed digits allow."""

HUNDRED: Interval = (Decimal(100), Decimal(100))
ONE: Interval = (Decimal(1), Decimal(1))
_HALF = Decimal("0.5")


def interval(row: AuditRow, name: str) -> Interval | None:
    """The values that a printed number stands for."""
    value = row.get(name)
    return None if value is None else (value - _HALF * row.unit(name), value + _HALF * row.unit(name))


def accuracy_interval(row: AuditRow, name: str) -> Interval | None:
    """An accuracy, from the error where that is what is printed."""
    return interval(row, name) or less(HUNDRED, interval(row, f"{name}_error"))


def kept(row: AuditRow, quantity: str, ratio: str) -> Interval | None:
    """The share that is left, from whatever says so without absolute numbers."""
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
