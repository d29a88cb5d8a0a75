"""Printed numbers: how they are written, checked, and kept with their digits.

Every number is a :class:`decimal.Decimal`, because ``76.0`` and ``76`` say different things about precision.  Counts
are written as papers print them: ``25.6M`` is ``Decimal("2.56E+7")``, still three digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from prunelit.schema.patterns import MAX_LENGTH, TEXT_PATTERN

Role: TypeAlias = Literal["quality", "spread", "efficiency"]
"""What a quantity tells of a network: how good it is, how far its runs lie apart, or how small or fast it is."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a quantity, as part of its type."""

    symbol: Literal["%", "pp", "fraction", "ratio", "count"]
    """``pp`` is percentage points."""
    of: Role
    suffixes: str = ""
    """Letters that may follow a count."""


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
    raise PydanticCustomError("number", "expected a plain decimal number, without quotes, unit or exponent")


def _count(suffixes: str) -> Callable[[Any], Decimal]:
    pattern = re.compile(rf"((?:0|[1-9]\d{{0,14}})(?:\.\d{{1,15}})?)([{suffixes}])", re.ASCII)

    def parse(value: Any) -> Decimal:
        if isinstance(value, str) and (match := pattern.fullmatch(value)):
            return Decimal(match[1]).scaleb(_POWERS[match[2]])
        if not isinstance(value, str | bool):
            number = printed_number(value)
            if number == number.to_integral_value():
                return number
        raise PydanticCustomError(
            "count",
            "expected a whole number, or a number directly followed by one of {suffixes}",
            {"suffixes": ", ".join(suffixes)},
        )

    return parse


def _count_json(suffixes: str, what: str) -> WithJsonSchema:
    pattern = rf"^(?=.*[1-9])(0|[1-9][0-9]{{0,14}})(\.[0-9]{{1,15}})?[{suffixes}]$(?!\n)"
    return WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": pattern}], "title": what}
    )


def _json(title: str, **bounds: float) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "title": title, **bounds})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_LENGTH and _TEXT.search(value) is not None


def _label(value: Any) -> int | str:
    if _is_text(value) or type(value) is int:
        return value  # type: ignore[no-any-return]
    raise PydanticCustomError("label", "expected a whole number or text (in quotes if it looks like a decimal number)")


def _resolution(value: Any) -> int | str:
    square = type(value) is int and 1 <= value <= 99_999
    if square or (isinstance(value, str) and re.fullmatch(_RESOLUTION, value)):
        return value  # type: ignore[no-any-return]
    raise PydanticCustomError("resolution", "expected the side of a square in pixels, or width and height as 1333x800")


_RESOLUTION = r"^[1-9][0-9]{0,4}x[1-9][0-9]{0,4}$(?!\n)"
_ANY_COUNT = re.compile(rf"((?:0|[1-9]\d{{0,14}})(?:\.\d{{1,15}})?)([{''.join(_POWERS)}])", re.ASCII)


def _value(value: Any) -> Decimal | str:
    if not _is_text(value):
        return printed_number(value)
    count = _ANY_COUNT.fullmatch(value)
    return Decimal(count[1]).scaleb(_POWERS[count[2]]) if count else str(value)


def exactly(expected: bool | int) -> BeforeValidator:
    """Accepts one value of one type: for pydantic's literals, ``1`` is ``True`` and ``1.0``."""

    def check(value: Any) -> Any:
        if type(value) is type(expected) and value == expected:
            return value
        raise PydanticCustomError(
            "only", "expected {expected}", {"expected": "true, or no such key" if expected is True else expected}
        )

    return BeforeValidator(check)


_TEXT = re.compile(TEXT_PATTERN)
_TEXT_JSON = {"type": "string", "pattern": TEXT_PATTERN, "maxLength": MAX_LENGTH}
_Printed = Annotated[Decimal, BeforeValidator(printed_number)]

Accuracy = Annotated[_Printed, Unit("%", "quality"), Field(ge=0, le=100), _json("percent", minimum=0, maximum=100)]
"""Accuracy or error in percent, 0 to 100."""
Change = Annotated[
    _Printed, Unit("pp", "quality"), Field(ge=-100, le=100), _json("percentage points", minimum=-100, maximum=100)
]
"""Change in percentage points, pruned minus unpruned."""
Deviation = Annotated[
    _Printed, Unit("pp", "spread"), Field(ge=0, le=100), _json("percentage points", minimum=0, maximum=100)
]
"""Spread of an accuracy in percentage points."""
Fraction = Annotated[
    _Printed, Unit("fraction", "efficiency"), Field(ge=0, le=1), _json("fraction", minimum=0, maximum=1)
]
"""Share of the unpruned model, 0 to 1."""
Ratio = Annotated[_Printed, Unit("ratio", "efficiency"), Field(gt=0), _json("ratio", exclusiveMinimum=0)]
"""Unpruned over pruned; above 1 means smaller or faster."""
Number = Annotated[_Printed, _json("number")]
"""Any finite number, in the unit its metric names."""

PARAMETER_SUFFIXES, OPERATION_SUFFIXES = "KMB", "KMGT"

ParameterCount = Annotated[
    Decimal,
    Unit("count", "efficiency", PARAMETER_SUFFIXES),
    BeforeValidator(_count(PARAMETER_SUFFIXES)),
    Field(gt=0),
    _count_json(PARAMETER_SUFFIXES, "parameters"),
]
"""A number of parameters, such as ``25.6M`` or ``431000``."""
OperationCount = Annotated[
    Decimal,
    Unit("count", "efficiency", OPERATION_SUFFIXES),
    BeforeValidator(_count(OPERATION_SUFFIXES)),
    Field(gt=0),
    _count_json(OPERATION_SUFFIXES, "operations"),
]
"""A number of operations for one inference, such as ``4.09G``, in the paper's own convention."""

Flag = Annotated[Literal[True], exactly(True)]
"""Something that is either stated or absent."""
Label = Annotated[int | str, PlainValidator(_label), WithJsonSchema({"anyOf": [{"type": "integer"}, _TEXT_JSON]})]
"""What a source prints beside a table, figure, section, page, row or column: ``7`` or ``7a``."""
Resolution = Annotated[
    int | str,
    PlainValidator(_resolution),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 99_999}, {"type": "string", "pattern": _RESOLUTION}]}
    ),
]
"""Size of an image in pixels: ``224`` for a square, or ``1333x800``."""
Value = Annotated[Decimal | str, PlainValidator(_value), WithJsonSchema({"anyOf": [{"type": "number"}, _TEXT_JSON]})]
"""The value of any field that holds a number, a count with a suffix, or text."""


def precision(value: Decimal) -> Decimal:
    """One unit in the last printed digit: ``Decimal("0.01")`` for ``76.13``, ``Decimal("1E+5")`` for ``25.6M``."""
    return Decimal(1).scaleb(int(value.as_tuple().exponent))


def written(value: object) -> str:
    """A value as a record writes it, every digit kept: a count with its suffix, a list in brackets.

    Example:
        >>> written(Decimal("2.56E+7")), written(Decimal("431000")), written(Decimal("76.0"))
        ('25.6M', '431000', '76.0')
    """
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    if not isinstance(value, Decimal) or int(value.as_tuple().exponent) <= 0:
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    suffix, power = next((one for one in _LARGEST_FIRST if abs(value).adjusted() >= one[1]), ("", 0))
    return f"{value.scaleb(-power):f}{suffix}"


_LARGEST_FIRST = sorted(
    ((suffix, power) for suffix, power in _POWERS.items() if suffix != "B"), key=lambda one: -one[1]
)
"""Suffixes of counts, one for each power: corrections read ``G`` for parameters, too."""
