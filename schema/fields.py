"""Fields of the record models by kind: quantities with their units, texts, lists of numbers, parts and names.

Whatever lists fields of a record derives the list from the models, so that a new field is declared once.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel

from prunelit.schema.patterns import Name
from prunelit.schema.values import Unit

Kind: TypeAlias = Literal["quantity", "number", "numbers", "count", "flag", "text", "texts", "label", "part"]
"""What a field holds: a number with or without a known unit, a list of numbers, a whole number, true or false, a text,
a list of them, a whole number or text, or another model or a list of those."""


@cache
def kinds(model: type[BaseModel]) -> dict[str, Kind]:
    """What each field of a model holds.

    Example:
        >>> from prunelit.schema.record import Point
        >>> kinds(Point)["top1_runs"]
        'numbers'
    """
    return {name: _kind(found) for name, found in _apart(model).items()}


def of_kind(model: type[BaseModel], *wanted: Kind) -> tuple[str, ...]:
    """The fields of a model that hold one of these, in its order."""
    return tuple(name for name, kind in kinds(model).items() if kind in wanted)


@cache
def units(model: type[BaseModel]) -> dict[str, Unit]:
    """The unit of each field that holds numbers of a known unit, one or a list."""
    return {name: one for name, found in _apart(model).items() for one in found if isinstance(one, Unit)}


@cache
def quantities(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model that hold one number of a known unit, in the order of the model, each with that unit.

    Example:
        >>> from prunelit.schema.record import Point
        >>> quantities(Point)["top1_change"]
        'pp'
    """
    return {name: units(model)[name].symbol for name in of_kind(model, "quantity")}


@cache
def parts(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The fields of a model that hold another one, or a list of them, each with that model."""
    return {name: one for name, found in _apart(model).items() for one in found if _is_model(one)}


@cache
def names(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model that hold a name, or a list of them, each with what the name is of."""
    return {name: one.of for name, found in _apart(model).items() for one in found if isinstance(one, Name)}


@cache
def within(model: type[BaseModel]) -> frozenset[type[BaseModel]]:
    """A model and all those below it."""
    return frozenset({model}).union(*(within(part) for part in parts(model).values()))


def _kind(found: tuple[Any, ...]) -> Kind:
    if any(_is_model(one) for one in found):
        return "part"
    if str in found:
        return "texts" if tuple in found else "label" if int in found else "text"
    if tuple in found:
        return "numbers"
    if Decimal in found:
        return "quantity" if any(isinstance(one, Unit) for one in found) else "number"
    return "flag" if bool in found else "count"


def _is_model(one: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(one, type) and issubclass(one, BaseModel)


@cache
def _apart(model: type[BaseModel]) -> dict[str, tuple[Any, ...]]:
    """The types of each field taken apart: those of its values, ``tuple`` for a list, and what is annotated to them."""
    if not model.__pydantic_fields_complete__:  # a field is of a model that is defined below its own
        model.model_rebuild()
    return {name: (*field.metadata, *_taken_apart(field.annotation)) for name, field in model.model_fields.items()}


def _taken_apart(annotation: Any) -> Iterator[Any]:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from inner[1:]
        yield from _taken_apart(inner[0])
    elif origin in (Union, UnionType):
        for member in inner:
            yield from _taken_apart(member)
    elif origin is tuple:
        yield tuple
        yield from _taken_apart(inner[0])
    else:
        yield from map(type, inner) if origin is Literal else (annotation,)
