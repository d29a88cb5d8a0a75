"""References of a record or shared file: the names of vocabularies and the papers that its fields hold."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel

from prunelit.schema.fields import names, parts
from prunelit.schema.problems import Path

PAPER_REFERENCE = "paper"
_Reference = tuple[str, Path, str]
"""What is referred to (``paper``, or what an entry of the vocabulary is), the path of the reference, and the name."""


def names_used(*values: BaseModel) -> list[_Reference]:
    """The names of vocabularies that records, parts of them, or shared files use, in their order."""
    return _used(values, papers=False)


def papers_used(*values: BaseModel) -> list[_Reference]:
    """The papers that records or shared files refer to, in their order."""
    return _used(values, papers=True)


class _Way(NamedTuple):
    """A field that holds names, or parts with names below them."""

    field: str
    of: str
    below: tuple[_Way, ...]


def _used(values: Iterable[BaseModel], papers: bool) -> list[_Reference]:
    found: list[_Reference] = []
    for value in values:
        _collect(value, _ways(type(value), papers), (), (), found)
    return found


def _collect(value: BaseModel, ways: tuple[_Way, ...], above: Path, step: Path, found: list[_Reference]) -> None:
    """Append what a value refers to; its path, ``above`` and one ``step`` more, is put together only where needed."""
    for field, of, below in ways:
        held = getattr(value, field)
        if held is None:
            continue
        path = above + step
        steps = [((field, at), one) for at, one in enumerate(held)] if type(held) is tuple else [((field,), held)]
        for place, one in steps:
            if below:
                _collect(one, below, path, place, found)
            else:
                found.append((of, path + place, one))


@cache
def _ways(model: type[BaseModel], papers: bool) -> tuple[_Way, ...]:
    """The fields of a model that lead to papers, or to names of vocabularies."""
    held = {field: _Way(field, of, ()) for field, of in names(model).items() if (of == PAPER_REFERENCE) == papers}
    below = {field: _Way(field, "", ways) for field, part in parts(model).items() if (ways := _ways(part, papers))}
    return tuple((held | below)[field] for field in model.model_fields if field in held | below)
