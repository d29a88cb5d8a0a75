"""Validation of a file against its model, with line and column of each problem."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from prunelit.schema.messages import explain, fields_at, path_of, shown
from prunelit.schema.problems import MAX_PROBLEMS, Path, Problem, at_most, nearest, printable
from prunelit.schema.reading import DefaultParser, Parse, UnreadableError, contents, decode, parse, position
from prunelit.schema.record import SCHEMA_VERSION, Paper

M = TypeVar("M", bound=BaseModel)


class Document(Generic[M]):
    """A file that fits its model, with the text that its positions refer to."""

    __slots__ = ("file", "text", "value")

    def __init__(self, file: str, text: str, value: M) -> None:
        self.file, self.text, self.value = file, text, value

    def line(self, path: Path) -> int:
        """The line, from 1, of the value at ``path``."""
        return position(self.text, path)[0]

    def problem(self, path: Path, rule: str, message: str) -> Problem:
        """A problem with the value at ``path``."""
        return Problem(self.file, *position(self.text, path), rule, message)


def read_document(path: FilePath, model: type[M], file: str | None = None) -> tuple[Document[M] | None, list[Problem]]:
    """The document in a file, or every problem that keeps it from being one.  ``file`` is how messages call it."""
    name = file or str(path)
    try:
        data = contents(path, name)
    except UnreadableError as error:
        return None, list(error.problems)
    return read_bytes(data, model, name)


def read_bytes(
    data: bytes, model: type[M], file: str, parser: Any = DefaultParser, parsed: Parse = parse
) -> tuple[Document[M] | None, list[Problem]]:
    """As :func:`read_document`, for the bytes of a file.

    Args:
        data: The bytes.
        model: What the file holds.
        file: How messages call it.
        parser: The parser of YAML.
        parsed: What gives the value of a text, as :func:`prunelit.schema.reading.parse`.
    """
    try:
        text = decode(data, file)
        value, problems = parsed(text, file, parser)
    except UnreadableError as error:
        return None, at_most(error.problems)
    if not isinstance(value, dict):
        message = f"expected 'key: value' lines; found {shown(value)}"
        return None, problems or [Problem(file, *position(text, ()), "not-a-mapping", message)]
    version = value.get("schema_version") if model is Paper else None
    if type(version) is int and 0 <= version < SCHEMA_VERSION:
        message = f"the record is in an earlier version of the schema: run 'prunelit migrate {printable(file)}'"
        return None, at_most([*problems, Problem(file, *position(text, ("schema_version",)), "old-version", message)])
    try:
        document = Document(file, text, model.model_validate(value))
    except ValidationError as error:
        told = {(problem.line, problem.column) for problem in problems}
        faults = once(error.errors(include_url=False), model)
        found = (Problem(file, *position(text, path), *explain(path, fault, model)) for path, fault in faults)
        new = [problem for problem in islice(found, MAX_PROBLEMS + 1) if (problem.line, problem.column) not in told]
        return None, at_most(sorted([*problems, *new]))
    return (None, at_most(problems)) if problems else (document, [])


def once(errors: Iterable[ErrorDetails], model: type[BaseModel]) -> list[tuple[Path, ErrorDetails]]:
    """One error for one mistake, each with its path.

    A misspelt key is not also a missing one, nor does a list with a wrong item become too short.
    """
    by_path = [(path_of(error), error) for error in errors]
    unknown = (path for path, error in by_path if error["type"] == "extra_forbidden")
    misspelt = {(*path[:-1], _meant(model, path)) for path in islice(unknown, MAX_PROBLEMS)}
    above = {path[:depth] for path, _ in by_path for depth in range(len(path))}
    told = {"missing": misspelt, "too_short": above}
    return [(path, error) for path, error in by_path if path not in told.get(error["type"], ())]


def _meant(model: type[BaseModel], path: Path) -> str:
    hint = nearest(str(path[-1]), fields_at(model, path[:-1]))
    return hint.split("'")[1] if hint else ""
