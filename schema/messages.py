"""Messages about values that do not fit their model.

Each names the rule and says what is expected, what that means, an example, what was found, and the nearest right name.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from prunelit.schema.model import descriptions
from prunelit.schema.patterns import FORMS
from prunelit.schema.problems import Path, nearest, nearest_key, quoted
from prunelit.schema.reading import plain_value, spaces_told


def path_of(error: ErrorDetails) -> Path:
    """Where the error is; a rule of a whole model names the key that breaks it."""
    key = error.get("ctx", {}).get("key")
    return (*error["loc"], key) if key else error["loc"]


def explain(path: Path, error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """The rule that the value at ``path`` breaks, and the message."""
    kind = error["type"]
    if kind == "extra_forbidden":
        return "unknown-key", _unknown(str(path[-1]), fields_at(model, path[:-1]))
    holder, name = _holder(model, path)
    field = holder.model_fields.get(name)
    if kind == "missing":
        example = f"; write for example '{path[-1]}: {_flow(field.examples[0])}'" if field and field.examples else ""
        return "missing-key", f"key '{path[-1]}' is missing{example}"
    rule, expected = expectation(error)
    parts = [
        f"{_name(path)}{expected}",
        _meaning(descriptions(holder).get(name, "")) if rule == "range" else "",
        _example(field, path) if rule in _WITH_EXAMPLE else "",
        "" if kind not in _EXPECTED and isinstance(error["input"], dict) else f"; found {shown(error['input'])}",
        "; put it in quotes" if kind == "string_type" and isinstance(error["input"], int | Decimal) else "",
        nearest(str(error["input"]), re.findall(r"'([^']+)'", expected)) if rule == "choice" else "",
    ]
    return rule, "".join(parts)


def expectation(error: ErrorDetails) -> tuple[str, str]:
    """The rule that a value breaks, and what it says is expected."""
    kind, context = error["type"], error.get("ctx", {})
    if kind not in _EXPECTED:  # the message is made, and may hold braces of what came
        return kind.replace("_", "-"), error["msg"]
    rule, expected = _EXPECTED[kind]
    return rule, expected.format(form=FORMS.get(context.get("pattern", "")), **context)


_EXPECTED = {
    "string_type": ("type", "expected text"),
    "int_type": ("type", "expected a whole number"),
    "int_parsing": ("type", "expected a whole number"),
    "float_parsing": ("type", "expected a number"),
    "bool_type": ("choice", "expected true or false"),
    "tuple_type": ("type", "expected a list"),
    "model_type": ("type", "expected a mapping of keys to values"),
    "literal_error": ("choice", "expected {expected}"),
    "only": ("choice", "expected {expected}"),
    "string_pattern_mismatch": ("form", "expected {form}"),
    "string_too_long": ("form", "expected at most {max_length} characters"),
    "too_short": ("length", "expected at least {min_length} in this list"),
    "greater_than": ("range", "expected more than {gt}"),
    "greater_than_equal": ("range", "expected at least {ge}"),
    "less_than": ("range", "expected less than {lt}"),
    "less_than_equal": ("range", "expected at most {le}"),
    "number": ("number", "expected a plain decimal number, without quotes, unit or exponent"),
    "count": ("number", "expected a whole number, or a number directly followed by one of {suffixes}"),
    "label": ("type", "expected a whole number or text (in quotes if it looks like a decimal number)"),
}
_WITH_EXAMPLE = {"type", "form", "number"}


def fields_at(model: type[BaseModel], path: Path) -> dict[str, FieldInfo]:
    """The fields of the model that stands at ``path`` below ``model``."""
    return _model_at(model, path).model_fields


def shown(value: Any) -> str:
    """A value as a message shows it."""
    if isinstance(value, str):
        return quoted(value) if len(value) <= 200 else f"{len(value):,} characters, {quoted(value)}"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        return "a mapping"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown(key: str, known: dict[str, FieldInfo]) -> str:
    hint = nearest_key(key, known) or "; known here: " + ", ".join(known)
    return spaces_told(key) or f"key {quoted(key)} is not known{hint}"


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    here = model
    for step in path:
        if isinstance(step, str) and step in here.model_fields:
            here = model_within(here.model_fields[step].annotation) or here
    return here


def _holder(model: type[BaseModel], path: Path) -> tuple[type[BaseModel], str]:
    """The model that holds the field that the last key of ``path`` names, and that name."""
    last = max((at for at, step in enumerate(path) if isinstance(step, str)), default=-1)
    return _model_at(model, path[: max(last, 0)]), str(path[last]) if path else ""


def model_within(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, or that the items of its list are."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (model_within(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)


def _name(path: Path) -> str:
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    return f"'{name}': " if name else ""


def _meaning(description: str) -> str:
    text = description.rstrip(".")
    return f" ({text[0].lower()}{text[1:]})" if text else ""


def _example(field: FieldInfo | None, path: Path) -> str:
    example = field.examples[0] if field and field.examples else None
    if isinstance(example, list) and isinstance(path[-1], int):
        example = example[0]
    return "" if example is None else f", such as {_flow(example)}"


def _flow(value: Any) -> str:
    """A value in YAML's short notation."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        safe = isinstance(plain_value(value), str) and re.fullmatch(r"[\w./-]([^\s:#,\[\]{}]|:(?=\S))*", value)
        return value if safe else json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)
