"""JSON Schemas of the files of the corpus, for editors and for other languages.

The models are the source: descriptions are the docstrings of their fields.  ``null`` is nowhere allowed: a field that
may be absent has the schema of its value.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from prunelit.schema.corpus import SHARED
from prunelit.schema.record import SCHEMA_VERSION, Paper

JsonSchema: TypeAlias = dict[str, Any]

MODELS: dict[str, type[BaseModel]] = {"record": Paper, **{model.stem(): model for model in SHARED.values()}}
"""The model of each kind of file: ``record`` is one of the files in ``papers``, the others are named after theirs."""


class _WithoutNull(GenerateJsonSchema):
    """Absent is not null, and a title that repeats the name of its field says nothing."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        return inner if schema.get("default") is None else inner | {"default": schema["default"]}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schemas() -> dict[str, JsonSchema]:
    """The JSON Schema (draft 2020-12) of every kind of file, by the name of the file that holds it."""
    return {f"{name}.schema.json": _schema(name, model) for name, model in MODELS.items()}


def text(schema: JsonSchema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _schema(name: str, model: type[BaseModel]) -> JsonSchema:
    body = model.model_json_schema(schema_generator=_WithoutNull, mode="validation")
    known = f"urn:prunelit:schema:{name}:{SCHEMA_VERSION}"
    head = {"$schema": _WithoutNull.schema_dialect, "$id": known, "title": body.pop("title")}
    definitions = dict(sorted(body.pop("$defs", {}).items()))
    return head | body | ({"$defs": definitions} if definitions else {})
