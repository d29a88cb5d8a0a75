"""Fields of the record models by kind: quantities with their units, texts, lists of numbers, parts and names.

Whatever lists fields of a record derives the list from the models, so that a new field is declared once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from prunelit.schema.patterns import Name
from prunelit.schema.values import Role, Unit


@cache
def units(model: type[BaseModel]) -> dict[str, Unit]:
    """The fields of a model that hold one number of a known unit, in the order of the model, each with its unit."""
    return {name: unit for name, found in _apart(model).items() for unit in _units(found) if tuple not in found}


@cache
def quantities(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model that hold one number of a known unit, in the order of the model, each with that unit.

    Example:
        >>> from prunelit.schema.record import Point
        >>> quantities(Point)["top1_change"]
        'pp'
    """
    return {name: unit.symbol for name, unit in units(model).items()}


@cache
def telling(model: type[BaseModel], of: Role) -> tuple[str, ...]:
    """The fields of a model that hold numbers, one or a list, of the quality, spread or efficiency of a network."""
    return _fields(model, lambda found: any(unit.of == of for unit in _units(found)))


@cache
def texts(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that hold one text and nothing else."""
    return _fields(model, lambda found: str in found and not {int, tuple}.intersection(_types(found)))


@cache
def labels(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that hold a whole number or a text."""
    return _fields(model, lambda found: {int, str} <= _types(found))


@cache
def number_lists(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that hold a list of numbers."""
    return _fields(model, lambda found: tuple in found and bool({Decimal, int} & _types(found)) and str not in found)


@cache
def parts(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The fields of a model that hold another one, or a list of them, each with that model."""
    held = {name: [one for one in _types(found) if issubclass(one, BaseModel)] for name, found in _apart(model).items()}
    return {name: one for name, models in held.items() for one in models}


@cache
def names(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model that hold a name, or a list of them, each with what the name is of."""
    return {name: one.of for name, found in _apart(model).items() for one in found if isinstance(one, Name)}


@cache
def within(model: type[BaseModel]) -> frozenset[type[BaseModel]]:
    """A model and all those below it."""
    return frozenset({model}).union(*(within(part) for part in parts(model).values()))


def _fields(model: type[BaseModel], holds: Callable[[tuple[Any, ...]], bool]) -> tuple[str, ...]:
    return tuple(name for name, found in _apart(model).items() if holds(found))


def _units(found: tuple[Any, ...]) -> list[Unit]:
    return [one for one in found if isinstance(one, Unit)]


def _types(found: tuple[Any, ...]) -> set[type]:
    return {one for one in found if isinstance(one, type)}


@cache
def _apart(model: type[BaseModel]) -> dict[str, tuple[Any, ...]]:
    """The types of each field taken apart: those of its values, ``tuple`` for a list, and what is annotated to them."""
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
