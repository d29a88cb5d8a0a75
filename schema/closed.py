"""Content of a closed collection: what of a record belongs to it, part by part, and the digest of each part.

A digest is that of the values that are given, each with its name and its printed digits.  Comments and form of the
YAML, the order of keys, experiments and rows, and optional fields that a record does not use have no say in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from typing import Any

from pydantic import BaseModel

from prunelit.schema.problems import Path
from prunelit.schema.record import Curve, Experiment, Paper
from prunelit.schema.walk import Row, Sweeps, rows

COMPARED_WITH, SWEEP = "comparison with", "sweep"
"""How the names of parts begin that are a comparison, or the file of a sweep."""
_REMARKS = frozenset({"note", "locator", "base_locator", "collections", "curves", "points", "settings"})
"""Fields of experiments, curves and points that are no values of theirs: remarks, places, other memberships, parts."""
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
    for _, of_curve in groupby(_in(rows(paper, {}), collection), key=lambda row: (id(row.experiment), id(row.curve))):
        first, *others = of_curve
        shared = _shared(first.experiment, first.curve)
        for row in (first, *others):
            name = _name(row)
            seen[name] += 1
            told = name if row.survey_row is not None and seen[name] == 1 else f"{name}, {seen[name]}"
            yield told, Part(row.path, shared | dict(_said(row.point)))


def _swept(paper: Paper, collection: str, sweeps: Sweeps) -> Iterator[tuple[str, Part]]:
    """The files of sweeps, each with all its points."""
    for at, experiment in enumerate(paper.experiments or ()):
        for index, curve in enumerate(experiment.curves or ()):
            if collection in experiment.collections and curve.points_file is not None:
                path = ("experiments", at, "curves", index, "points_file")
                values = _shared(experiment, curve)
                for line, one in enumerate(sweeps.get(curve.points_file, ()), 2):
                    values |= {f"line {line}: {name}": value for name, value in _said(one.point)}
                    values |= {f"line {line}: setting {name}": value for name, value in one.settings.items()}
                yield f"{SWEEP} {curve.points_file}", Part(path, values)


def _in(found: Iterable[Row], collection: str) -> Iterator[Row]:
    return (row for row in found if collection in row.experiment.collections)


def _name(row: Row) -> str:
    if row.survey_row is not None:
        return f"row {row.survey_row}"
    network = f"{row.experiment.architecture or 'unknown'} on {row.experiment.dataset or 'unknown'}"
    return f"{network} by {row.method}" if row.method else network


def _shared(experiment: Experiment, curve: Curve | None) -> dict[str, object]:
    """What the rows of a curve have in common: the values of the curve and of its experiment."""
    return {**dict(_said(experiment)), **dict(_said(curve))}


def _said(one: BaseModel | None) -> Iterator[tuple[str, object]]:
    """The values that a part of a record gives, by their names; remarks are none."""
    for name in one.model_fields_set if one else ():
        if name not in _REMARKS:
            yield from _values(name, getattr(one, name))


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
