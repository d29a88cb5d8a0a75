"""Base of all models of the schema."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Strict, model_validator
from pydantic_core import PydanticCustomError

T = TypeVar("T")
Many: TypeAlias = Annotated[tuple[T, ...], Strict(False)]
"""A frozen sequence; YAML's lists become tuples."""


class Model(BaseModel):
    """Base of every record: strict, frozen, no unknown keys, no nulls (unknown is absent)."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        regex_engine="python-re",  # the engine of jsonschema, so that both read a pattern alike
    )

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key, value in data.items():
                if value is None:
                    raise PydanticCustomError("null", "no value; leave out what is unknown", {"key": key})
        return data


def requires_one_of(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON Schema that asks for at least one of the named properties."""
    return {"anyOf": [{"required": [name]} for name in names]}
