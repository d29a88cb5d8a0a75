"""Reference of records and of the files that they share, from their JSON Schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from prunelit.schema.export import MODELS, JsonSchema, schemas

_BOUNDS = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above", "exclusiveMaximum": "below"}
_schemas = cache(schemas)
_DEFINED = "#/$defs/"


class RecordFields(SphinxDirective):
    """The fields of a kind of file: of records, or without an argument of all the files that they share."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The sections of the models."""
        kinds = self.arguments or [kind for kind in MODELS if kind != "record"]
        known = _schemas()
        texts = "\n".join(fields_in_markdown(kind, known[f"{kind}.schema.json"]) for kind in kinds)
        return self.parse_text_to_nodes(texts, allow_section_headings=True)


def fields_in_markdown(kind: str, schema: JsonSchema) -> str:
    """The models of a kind of file in Markdown, one section each, the file itself first.

    Example:
        >>> fields_in_markdown("record", schemas()["record.schema.json"]).partition(chr(10))[0]
        '## `Paper` (`papers/<id>.yaml`)'
    """
    record = kind == "record"
    top = f"`{schema['title']}` (`papers/<id>.yaml`)" if record else f"`{kind}.yaml`"
    models = {top: schema, **{f"`{name}`": one for name, one in schema.get("$defs", {}).items() if "properties" in one}}
    return "\n".join(
        line
        for place, (title, model) in enumerate(models.items())
        for line in (f"{'##' if record or not place else '###'} {title}", "", *_model(kind, model))
    )


def _model(kind: str, model: JsonSchema) -> Iterator[str]:
    yield from (model.get("description", ""), "")
    required = model.get("required", [])
    for name, field in model["properties"].items():
        yield f"`{name}`" + (" (required)" if name in required else "")
        for line in (" ".join(field.get("description", "").split()), _allowed(field), _example(field)):
            if line:
                yield f": {line}\n"


def _allowed(field: JsonSchema) -> str:
    """What a field may hold, in words."""
    return f"*{_kind(field)}*"


def _kind(field: JsonSchema) -> str:
    if "$ref" in field:
        name = field["$ref"].removeprefix(_DEFINED)
        return f"[{name}](#{name.lower()})"
    if "const" in field:
        return _code(field["const"])
    if "enum" in field:
        return "one of " + ", ".join(map(_code, field["enum"]))
    if "anyOf" in field or "oneOf" in field:
        return " or ".join(dict.fromkeys(_kind(one) for one in field.get("anyOf") or field["oneOf"]))
    if field.get("type") == "array":
        return f"a list, each entry: {_kind(field['items'])}" if "items" in field else "a list"
    bounds = (f"{word} {field[key]}" for key, word in _BOUNDS.items() if key in field)
    return ", ".join([str(field.get("type", "anything")), *bounds])


def _example(field: JsonSchema) -> str:
    return f"Example: {_code(field['examples'][0])}" if field.get("examples") else ""


def _code(value: Any) -> str:
    return f"`{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"
