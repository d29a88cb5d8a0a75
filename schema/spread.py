"""Spread of a number over runs, and bounds on numbers that a source gives as such."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.model import Many, Model, requires_one_of
from prunelit.schema.patterns import Text
from prunelit.schema.values import Number

Bound = Literal["at_least", "at_most", "about"]
"""What a printed ``>``, ``<`` or ``~`` says."""

SpreadKind = Literal[
    "standard_deviation", "standard_error", "confidence_interval", "interquartile_range", "range", "unstated"
]
"""What a printed ± or interval is."""


NO_DEVIATION: dict[str, Any] = {
    "not": {"properties": {"kind": {"const": "standard_deviation"}}, "required": ["kind"]},
}
"""JSON Schema of a spread that is no standard deviation, which has a key of its own."""


class Spread(Model):
    """How far the runs behind a number lie apart, in the unit of the number: a half width, or two ends."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["half_width"]}, {"anyOf": [{"required": ["lower"]}, {"required": ["upper"]}]}],
            "dependentRequired": {"lower": ["upper"], "upper": ["lower"]},
            "if": {"required": ["level"]},
            "then": {"properties": {"kind": {"const": "confidence_interval"}}},
        }
    )

    kind: SpreadKind = Field(examples=["standard_error"])
    """What the source says that it is; unstated where it prints ± and no more."""
    level: Annotated[Number, Field(gt=0, lt=100)] | None = Field(
        default=None, examples=[95], json_schema_extra={"exclusiveMinimum": 0, "exclusiveMaximum": 100}
    )
    """Level of a confidence interval, in percent."""
    half_width: Annotated[Number, Field(ge=0)] | None = Field(
        default=None, examples=[0.21], json_schema_extra={"minimum": 0}
    )
    """What stands behind ±."""
    lower: Number | None = Field(default=None, examples=[75.1])
    """Lower end, where the two differ in their distance or the source prints ends."""
    upper: Number | None = Field(default=None, examples=[75.9])
    """Upper end."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        ends = (self.lower is not None) + (self.upper is not None)
        if ends == 1 or (self.half_width is None) == (ends == 0):
            raise PydanticCustomError("spread", "a spread needs either 'half_width', or both 'lower' and 'upper'")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise PydanticCustomError("spread", "lies above 'upper'", {"key": "lower"})
        if self.level is not None and self.kind != "confidence_interval":
            raise PydanticCustomError("spread", "only a confidence interval has a level", {"key": "level"})
        return self

    def outside(self, least: Decimal, most: Decimal) -> bool:
        """Whether no number of a range lies between the two ends; false where there are none."""
        return self.lower is not None and self.upper is not None and (most < self.lower or self.upper < least)

    def __str__(self) -> str:
        level = f"{self.level} % " if self.level is not None else ""
        width = f"± {self.half_width}" if self.half_width is not None else f"{self.lower} to {self.upper}"
        return f"{width} ({level}{self.kind.replace('_', ' ')})"


class Bounds(Model):
    """Names of the numbers beside them that a source gives as bounds (``>``, ``<``) or roughly (``~``)."""

    SIGNS: ClassVar[dict[str, str]] = {"at_least": "≥", "at_most": "≤", "about": "~"}
    model_config = ConfigDict(json_schema_extra=requires_one_of(("at_least", "at_most", "about")))

    at_least: Many[Text] | None = Field(default=None, min_length=1, examples=[["compression_ratio"]])
    """Numbers that the true ones are not below."""
    at_most: Many[Text] | None = Field(default=None, min_length=1, examples=[["params_kept"]])
    """Numbers that the true ones are not above."""
    about: Many[Text] | None = Field(default=None, min_length=1, examples=[["params"]])
    """Numbers that the source gives as approximate."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("bounds", "bounds need 'at_least', 'at_most' or 'about'")
        return self

    @property
    def by_name(self) -> dict[str, Bound]:
        """The bound of each number."""
        kinds: tuple[Bound, ...] = ("at_least", "at_most", "about")
        return {name: kind for kind in kinds for name in getattr(self, kind) or ()}

    def __str__(self) -> str:
        return ", ".join(f"{name} {kind.replace('_', ' ')}" for name, kind in self.by_name.items())


def check_bounds(holder: Model, bounds: Bounds, known: tuple[str, ...]) -> None:
    """Refuse bounds on what is no number of their holder, or is not given, or stands there twice.

    Raises:
        PydanticCustomError: with the first such name.
    """
    names = [name for kind in Bounds.model_fields for name in getattr(bounds, kind) or ()]
    for name in names:
        if name not in known or getattr(holder, name) is None:
            raise PydanticCustomError(
                "bounds", "names '{name}', which is no number given here", {"key": "bounds", "name": name}
            )
        if names.count(name) > 1:
            raise PydanticCustomError("bounds", "names '{name}' twice", {"key": "bounds", "name": name})
