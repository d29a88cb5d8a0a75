"""Does a file fit its model, and if not, what is wrong at which line and column?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from prunelit.schema.problems import Path, Problem, nearest
from prunelit.schema.reading import DefaultParser, UnreadableError, decode, parse, position

M = TypeVar("M", bound=BaseModel)


class Document(Generic[M]):
    """A file that fits its model, with the text that its positions refer to."""

    __slots__ = ("file", "text", "value")

    def __init__(self, file: str, text: str, value: M) -> None:
        self.file, self.text, self.value = file, text, value

    def problem(self, path: Path, rule: str, message: str) -> Problem:
        """A problem with the value at ``path``."""
        return Problem(self.file, *position(self.text, path), rule, message)


def read(path: FilePath, model: type[M], file: str | None = None) -> tuple[Document[M] | None, list[Problem]]:
    """The document in a file, or every problem that keeps it from being one.  ``file`` is how messages call it."""
    name = file or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [Problem(name, 1, 1, "unreadable", f"{error.strerror or error}")]
    return read_bytes(data, model, name)


def read_bytes(
    data: bytes, model: type[M], file: str, parser: Any = DefaultParser
) -> tuple[Document[M] | None, list[Problem]]:
    """As :func:`read`, for the bytes of a file."""
    try:
        text = decode(data, file)
        value, problems = parse(text, file, parser)
    except UnreadableError as error:
        return None, list(error.problems)
    if not isinstance(value, dict):
        kind = "a list" if isinstance(value, list) else "a single value"
        return None, [*problems, Problem(file, 1, 1, "not-a-mapping", f"found {kind}; expected 'key: value' lines")]
    try:
        document = Document(file, text, model.model_validate(value))
    except ValidationError as error:
        told = {(problem.line, problem.column) for problem in problems}
        faults = _once(error.errors(include_url=False), model)
        translated = (_translate(path, fault, model, text, file) for path, fault in faults)
        return None, problems + [problem for problem in translated if (problem.line, problem.column) not in told]
    return (None, problems) if problems else (document, [])


def _once(errors: Iterable[ErrorDetails], model: type[BaseModel]) -> list[tuple[Path, ErrorDetails]]:
    """One error for one mistake: a value that fits no member of a union fails once, a misspelt key is not missing too."""
    by_path: dict[Path, ErrorDetails] = {}
    for error in errors:
        by_path.setdefault(tuple(step for step in error["loc"] if step not in _UNION_MEMBERS), error)
    misspelt = {
        (*path[:-1], meant)
        for path, error in by_path.items()
        if error["type"] == "extra_forbidden" and (meant := _nearest_key(model, path))
    }
    return [(path, error) for path, error in by_path.items() if error["type"] != "missing" or path not in misspelt]


_UNION_MEMBERS = {"int", "constrained-str"}


def _nearest_key(model: type[BaseModel], path: Path) -> str | None:
    hint = nearest(str(path[-1]), _fields_at(model, path[:-1]))
    return hint.split("'")[1] if hint else None


def _fields_at(model: type[BaseModel], path: Path) -> dict[str, FieldInfo]:
    """The fields of the model that stands at ``path`` below ``model``."""
    here = model
    for step in path:
        if isinstance(step, str) and step in here.model_fields:
            here = _model_within(here.model_fields[step].annotation) or here
    return here.model_fields


def _model_within(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_within(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)


def _translate(path: Path, error: ErrorDetails, model: type[BaseModel], text: str, file: str) -> Problem:
    line, column = position(text, path)
    kind, key = error["type"], path[-1] if path else ""
    if kind == "extra_forbidden":
        known = _fields_at(model, path[:-1])
        hint = nearest(str(key), known) or f"; known here are {', '.join(known)}"
        return Problem(file, line, column, "unknown-key", f"key '{key}' is not known{hint}")
    example = _example(model, path)
    if kind == "missing":
        return Problem(file, line, column, "missing-key", f"key '{key}' is missing{example}")
    message = f"{_name(path)}{_expected(error)}{example}{_found(error)}"
    return Problem(file, line, column, kind.replace("_", "-"), message)


def _name(path: Path) -> str:
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    return f"'{name}': " if name else ""


def _expected(error: ErrorDetails) -> str:
    if error["type"] == "string_pattern_mismatch":
        return "text of another form"
    message = error["msg"].removeprefix("Input ")
    return message[0].lower() + message[1:]


def _example(model: type[BaseModel], path: Path) -> str:
    """What the field's own example looks like, for a scalar field."""
    field = _fields_at(model, path[:-1]).get(str(path[-1])) if path else None
    scalars = [value for value in (field.examples if field and field.examples else []) if not isinstance(value, list | dict)]
    return f", such as {scalars[0]}" if scalars else ""


def _found(error: ErrorDetails) -> str:
    value = error["input"]
    if isinstance(value, dict | list | tuple | BaseModel):
        return ""
    shown = f"'{value}'" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return f"; found {shown if len(shown) <= 80 else shown[:77] + '...'}"
