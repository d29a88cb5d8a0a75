"""Values of records as text, with the digits that papers print."""

from __future__ import annotations

from decimal import Decimal

SUFFIXES = ((12, "T"), (9, "G"), (6, "M"), (3, "K"), (-100, ""))
"""Powers of ten, and the suffix that papers write for each."""


def printed(value: object) -> str:
    """A value from a record, with its digits; counts with a suffix: ``25.6M``."""
    if isinstance(value, Decimal):
        return printed_count(value) if abs(value) >= 1000 else f"{value:f}"
    return "" if value is None else str(value)


def printed_count(value: Decimal) -> str:
    """A count as papers print it, every digit kept: ``4.09G``; whole numbers written out stay such: ``431,000``."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent <= 0 and value == value.to_integral_value():
        return f"{value:,f}"
    power, suffix = next((power, suffix) for power, suffix in SUFFIXES if abs(value).adjusted() >= power)
    return f"{value.scaleb(-power):f}{suffix}"
