"""Base of all models of the schema."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, Strict, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

T = TypeVar("T")
Many: TypeAlias = Annotated[tuple[T, ...], Strict(False)]
"""A frozen sequence; YAML's lists become tuples."""


class Model(BaseModel):
    """Base of every record: strict, frozen, no unknown keys, no nulls (unknown is absent)."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        regex_engine="python-re",  # the engine of jsonschema, so that both read a pattern alike
        defer_build=True,  # most models are only parts of others, and no command needs all of the others
    )

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key, value in data.items():
                if value is None:
                    raise PydanticCustomError("null", "no value; leave out what is unknown", {"key": key})
        return data

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        body = handler(core_schema)
        properties = handler.resolve_ref_schema(body).get("properties", {})
        for name, meaning in descriptions(cls).items():
            properties[name] = {"description": meaning} | properties[name]
        return body


@cache
def descriptions(model: type[BaseModel]) -> dict[str, str]:
    """What each field of a model means: the docstrings under the fields, its own and inherited ones.

    They are read when they are asked for, not by pydantic when a model is made: finding the source of every model
    took a fifth of a second of each command.
    """
    parents = (descriptions(one) for one in reversed(model.__bases__) if issubclass(one, BaseModel))
    found = {name: text for one in parents for name, text in one.items()}
    return found | (_own_descriptions(model) if model is not BaseModel else {})


def _own_descriptions(model: type[BaseModel]) -> dict[str, str]:
    try:
        [body] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    except OSError:  # a model without a file of source is a model without words
        return {}
    found = {}
    for field, text in pairwise(body.body if isinstance(body, ast.ClassDef) else ()):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(meaning))):
                found[name] = inspect.cleandoc(meaning)
    return {name: meaning for name, meaning in found.items() if name in model.model_fields}


def requires_one_of(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON Schema that asks for at least one of the named properties."""
    return {"anyOf": [{"required": [name]} for name in names]}
