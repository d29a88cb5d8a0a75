"""Content of a closed collection: what of a record belongs to it, part by part, and the digest of each part.

A digest is that of the values that are given, each with its name and its printed digits.  Comments and form of the
YAML, the order of keys, experiments and rows, and optional fields that a record does not use have no say in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any, TypeAlias

from pydantic import BaseModel

from prunelit.schema.problems import Path
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.walk import Sweeps, curves

COMPARED_WITH, SWEEP = "comparison with", "sweep"
"""How the names of parts begin that are a comparison, or the file of a sweep."""
_REMARKS = frozenset({"note", "locator", "base_locator", "collections", "curves", "points", "settings"})
"""Fields of experiments, curves and points that are no values of theirs: remarks, places, other memberships, parts."""
_SCALARS = frozenset({str, int, Decimal})
_SIZE = 8
"""Bytes of a digest."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a record: its path there, and its values by their names."""

    path: Path
    values: Mapping[str, object]


def content(paper: Paper, collection: str, members: Collection[str], sweeps: Sweeps | None = None) -> dict[str, Part]:
    """What of a record belongs to a collection, each part by the name that people know it by.

    Args:
        paper: A record of the collection.
        collection: Name of the collection.
        members: Ids of all its papers: only comparisons between these belong to it.
        sweeps: The points of sweeps by their files; None where these were not read, and are left out.
    """
    return {
        **{name: Part((name,), dict(_values(name, value))) for name, value in _header(paper)},
        **{
            f"{COMPARED_WITH} {other}": Part(path, {"paper": other})
            for path, other in _compared(paper, collection, members)
        },
        **dict(_rows(paper, collection)),
        **(dict(_swept(paper, collection, sweeps)) if sweeps is not None else {}),
    }


def seal(values: Mapping[str, object]) -> str:
    """The digest of values, each with its name.

    Example:
        >>> from decimal import Decimal
        >>> seal({"top1": Decimal("76.0"), "seeds": 3}) == seal({"seeds": 3, "top1": Decimal("76.0")})
        True
        >>> seal({"top1": Decimal("76.0")}) == seal({"top1": Decimal("76")})
        False
    """
    said = "".join(sorted(f"{name}\n{value}\n" for name, value in values.items()))
    return blake2b(said.encode(), digest_size=_SIZE).hexdigest()


def _header(paper: Paper) -> Iterator[tuple[str, object]]:
    """What statistics take from the head of a record."""
    for name in ("survey_id", "published", "venue"):
        if (value := getattr(paper, name)) is not None:
            yield name, value


def _compared(paper: Paper, collection: str, members: Collection[str]) -> Iterator[tuple[Path, str]]:
    """The comparisons that count in the collection, each with its path."""
    for index, other in enumerate(paper.compares_to or ()):
        if other in members:
            yield ("compares_to", index), other
    for index, one in enumerate(paper.added_comparisons or ()):
        if collection in one.collections and one.paper in members:
            yield ("added_comparisons", index), one.paper


def _rows(paper: Paper, collection: str) -> Iterator[tuple[str, Part]]:
    """The operating points and the experiments without numbers, but for those in files of sweeps."""
    seen: Counter[str] = Counter()
    for path, experiment, curve, point, values in _holders(paper, collection):
        row = point.survey_row if point else experiment.survey_row
        name = f"row {row}" if row is not None else _network(experiment, curve)
        seen[name] += 1
        yield name if row is not None and seen[name] == 1 else f"{name}, {seen[name]}", Part(path, values)


_Holder: TypeAlias = tuple[Path, Experiment, Curve | None, Point | None, dict[str, object]]
"""A row with its path and its values, those of its curve and experiment included."""


def _holders(paper: Paper, collection: str) -> Iterator[_Holder]:
    for at, experiment in enumerate(paper.experiments or ()):
        if collection in experiment.collections:
            shared = _said(experiment)
            if not experiment.curves:
                yield ("experiments", at), experiment, None, None, shared
            for index, curve in enumerate(experiment.curves or ()):
                of_curve = shared | _said(curve)
                for place, point in enumerate(curve.points or ()):
                    path = ("experiments", at, "curves", index, "points", place)
                    yield path, experiment, curve, point, of_curve | _said(point)


def _network(experiment: Experiment, curve: Curve | None) -> str:
    network = f"{experiment.architecture or 'unknown'} on {experiment.dataset or 'unknown'}"
    method = curve.method if curve else experiment.method
    return f"{network} by {method}" if method else network


def _swept(paper: Paper, collection: str, sweeps: Sweeps) -> Iterator[tuple[str, Part]]:
    """The files of sweeps, each with all its points, line by line."""
    for path, curve in curves(paper):
        experiment = (paper.experiments or ())[int(path[1])]
        if collection in experiment.collections and curve.points_file is not None:
            values = _said(experiment) | _said(curve)
            for line, one in enumerate(sweeps.get(curve.points_file, ()), 2):
                told = [*one.settings.items(), *_said(one.point).items()]
                values[f"line {line}"] = ", ".join([f"{name} {value}" for name, value in sorted(told)])
            yield f"{SWEEP} {curve.points_file}", Part((*path, "points_file"), values)


def _said(one: BaseModel | None) -> dict[str, object]:
    """The values that a part of a record gives, by their names; remarks are none."""
    found: dict[str, object] = {}
    for name in one.model_fields_set.difference(_REMARKS) if one else ():
        value = one.__dict__[name]
        if type(value) in _SCALARS:
            found[name] = value
        else:
            found.update(_values(name, value))
    return found


def _values(name: str, value: Any) -> Iterator[tuple[str, object]]:
    """A value by its name, or the values within it, each by the way to it."""
    if isinstance(value, BaseModel):
        for inner in value.model_fields_set:
            yield from _values(f"{name}.{inner}", getattr(value, inner))
    elif isinstance(value, tuple | list):
        for index, one in enumerate(value):
            yield from _values(f"{name}.{index}", one)
    else:
        yield name, value
