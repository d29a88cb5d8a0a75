"""Fields of the record models by kind: which hold a quantity, and in which unit.

Whatever lists the quantities of a record derives the list from the models, so that a new field is declared once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from prunelit.schema.values import Unit


@cache
def quantities(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model that hold one number of a known unit, in the order of the model, each with its unit.

    >>> quantities(Point)["top1_change"]  # doctest: +SKIP
    'pp'
    """
    units = ((name, _unit(field.annotation, field.metadata)) for name, field in model.model_fields.items())
    return {name: unit for name, unit in units if unit is not None}


def _unit(annotation: Any, metadata: list[Any]) -> str | None:
    """The unit in the type of a field; a list of numbers has none."""
    return next((one.symbol for one in (*metadata, *_marks(annotation)) if isinstance(one, Unit)), None)


def _marks(annotation: Any) -> Iterator[Any]:
    """What is annotated to a type, or to a member of a union."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        yield from marks
        yield from _marks(inner)
    elif get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            yield from _marks(member)
