"""How is a printed number written, checked and kept with its digits?

Every number is a :class:`decimal.Decimal`, because ``76.0`` and ``76`` say different things about precision.  Counts are
written as papers print them: ``25.6M`` is ``Decimal("2.56E+7")``, still three digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

_POWERS = {"K": 3, "M": 6, "G": 9, "B": 9, "T": 12}


def printed_number(value: Any) -> Decimal:
    """A number as read from YAML, digits kept.

    Raises:
        PydanticCustomError: if the value is not a number (text such as ``.5``, ``1e-3``, ``012`` or ``nan`` is not).
    """
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise PydanticCustomError("number", "expected a plain decimal number such as 0.5 or 76.0")


def _count(suffixes: str, example: str) -> Callable[[Any], Decimal]:
    pattern = re.compile(rf"(\d{{1,15}}(?:\.\d{{1,15}})?)([{suffixes}])", re.ASCII)

    def parse(value: Any) -> Decimal:
        if isinstance(value, str) and (match := pattern.fullmatch(value)):
            return Decimal(match[1]).scaleb(_POWERS[match[2]])
        if not isinstance(value, str | bool):
            number = printed_number(value)
            if number == number.to_integral_value():
                return number
        raise PydanticCustomError(
            "count",
            "expected a whole number, or a number with one of the suffixes {suffixes}, such as {example}",
            {"suffixes": ", ".join(suffixes), "example": example},
        )

    return parse


def _count_json(suffixes: str, what: str) -> WithJsonSchema:
    pattern = rf"^(?=.*[1-9])[0-9]{{1,15}}(\.[0-9]{{1,15}})?[{suffixes}]$"
    return WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": pattern}], "title": what}
    )


def _json(title: str, **bounds: float) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "title": title, **bounds})


_Printed = Annotated[Decimal, BeforeValidator(printed_number)]

Accuracy = Annotated[_Printed, Field(ge=0, le=100), _json("percent", minimum=0, maximum=100)]
"""Accuracy or error in percent, 0 to 100."""
Change = Annotated[_Printed, Field(ge=-100, le=100), _json("percentage points", minimum=-100, maximum=100)]
"""Change in percentage points, pruned minus unpruned."""
Deviation = Annotated[_Printed, Field(ge=0, le=100), _json("percentage points", minimum=0, maximum=100)]
"""Spread of an accuracy in percentage points."""
Fraction = Annotated[_Printed, Field(ge=0, le=1), _json("fraction", minimum=0, maximum=1)]
"""Share of the unpruned model, 0 to 1."""
Ratio = Annotated[_Printed, Field(gt=0), _json("ratio", exclusiveMinimum=0)]
"""Unpruned over pruned; above 1 means smaller or faster."""
Number = Annotated[_Printed, _json("number")]
"""Any finite number, in the unit its metric names."""

PARAMETER_SUFFIXES, OPERATION_SUFFIXES = "KMB", "KMGT"

ParameterCount = Annotated[
    Decimal,
    BeforeValidator(_count(PARAMETER_SUFFIXES, "25.6M")),
    Field(gt=0),
    _count_json(PARAMETER_SUFFIXES, "parameters"),
]
"""A number of parameters, such as ``25.6M`` or ``431000``."""
OperationCount = Annotated[
    Decimal,
    BeforeValidator(_count(OPERATION_SUFFIXES, "4.09G")),
    Field(gt=0),
    _count_json(OPERATION_SUFFIXES, "operations"),
]
"""A number of operations for one inference, such as ``4.09G``, in the paper's own convention."""


def precision(value: Decimal) -> Decimal:
    """One unit in the last printed digit: ``Decimal("0.01")`` for ``76.13``, ``Decimal("1E+5")`` for ``25.6M``."""
    return Decimal(1).scaleb(int(value.as_tuple().exponent))
