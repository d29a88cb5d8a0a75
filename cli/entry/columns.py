"""Columns of a results spreadsheet, and where in a record each belongs.

The names are those of the schema.  ``metric:perplexity`` holds a quality in another metric, ``metric:perplexity:std``
its deviation (or ``:runs``, ``:hardware``, ``:spread:kind`` …), and ``base_metric:…`` the same for the unpruned model.
Columns of a part of a record begin with its name, as :data:`COLUMN_GROUPS` lists them: ``conditions:split`` is of the
point, ``experiment_conditions:split`` of all, ``recipe:…`` says how the curve's networks were made.  A cell of several
names has semicolons between them.  ``note`` is on the point, ``curve_note`` and ``experiment_note`` on what it belongs
to.  Rows that differ in ``experiment`` start from different unpruned models even if nothing else says so; the record
does not keep it.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from prunelit.schema.calibration import Calibration
from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.fields import Kind, kinds, names, of_kind, units
from prunelit.schema.locator import Locator
from prunelit.schema.measurement import Measurement
from prunelit.schema.recipe import Recipe
from prunelit.schema.record import Curve, Experiment, Point
from prunelit.schema.spread import Bounds, Spread
from prunelit.schema.values import OPERATION_SUFFIXES

NOTES = ("curve_note", "experiment_note")
"""Columns of caveats on more than a point."""
EXPERIMENT_COLUMN = "experiment"
"""The column that tells unpruned models apart where no other does."""


class ColumnGroup(NamedTuple):
    """A part of a record whose columns begin alike."""

    model: type[BaseModel]
    of: Literal["experiment", "curve", "point"]
    keys: tuple[str, ...]
    """The way to it from there."""


COLUMN_GROUPS = {
    "base_locator": ColumnGroup(Locator, "experiment", ("base_locator",)),
    "experiment_conditions": ColumnGroup(MeasurementConditions, "experiment", ("conditions",)),
    "base_top1_spread": ColumnGroup(Spread, "experiment", ("base_top1_spread",)),
    "base_top5_spread": ColumnGroup(Spread, "experiment", ("base_top5_spread",)),
    "base_bounds": ColumnGroup(Bounds, "experiment", ("bounds",)),
    "curve_conditions": ColumnGroup(MeasurementConditions, "curve", ("conditions",)),
    "recipe": ColumnGroup(Recipe, "curve", ("recipe",)),
    "recipe_locator": ColumnGroup(Locator, "curve", ("recipe", "locator")),
    "recipe_calibration": ColumnGroup(Calibration, "curve", ("recipe", "calibration")),
    "conditions": ColumnGroup(MeasurementConditions, "point", ("conditions",)),
    "calibration": ColumnGroup(Calibration, "point", ("calibration",)),
    "top1_spread": ColumnGroup(Spread, "point", ("top1_spread",)),
    "top5_spread": ColumnGroup(Spread, "point", ("top5_spread",)),
    "bounds": ColumnGroup(Bounds, "point", ("bounds",)),
}
"""What the columns of each part begin with, before a colon."""


def _columns(model: type[BaseModel], *others: str) -> tuple[str, ...]:
    """The fields of a model that a column can hold, without the others."""
    return tuple(name for name, kind in kinds(model).items() if kind != "part" and name not in others)


_OF_POINT = _columns(Point, "survey_row")
_OF_CURVE = _columns(Curve, "points_file", *_OF_POINT)
_OF_EXPERIMENT = _columns(Experiment, *Experiment.WITHOUT_CURVES, "collections", "note")
_OF_LOCATOR = _columns(Locator)
_OF_GROUPS = tuple(f"{start}:{name}" for start, part in COLUMN_GROUPS.items() for name in _columns(part.model))
KNOWN = (EXPERIMENT_COLUMN, *_OF_EXPERIMENT, *_OF_CURVE, *_OF_POINT, *_OF_LOCATOR, *_OF_GROUPS, *NOTES)
"""Every column but those of metrics."""

_OF_METRIC = (*_columns(Measurement, "metric", "value"), *(f"spread:{name}" for name in _columns(Spread)))
METRIC = re.compile(rf"(base_)?metric:([^:]+)(?::({'|'.join(_OF_METRIC)}))?")
"""A column of another metric: of the unpruned model or not, its name, and which part of the measurement it holds."""

_UNITS = {name: units(model)[name] for model in (Point, Experiment) for name in of_kind(model, "quantity")}
OPERATIONS = {name for name, unit in _UNITS.items() if unit.suffixes == OPERATION_SUFFIXES}
FRACTIONS = {name for name, unit in _UNITS.items() if unit.symbol == "fraction"}
ACCURACIES = {name for name, unit in _UNITS.items() if unit.symbol == "%"}
POINTS = {name for name, unit in _UNITS.items() if unit.symbol == "pp" and unit.of == "quality"}
"""Columns of changes in percentage points, where a percent sign would be ambiguous."""
DEVIATIONS = {name for name, unit in _UNITS.items() if unit.symbol == "pp" and unit.of == "spread"}
"""Columns of deviations in percentage points."""
COUNT_COLUMNS = {name for name, unit in _UNITS.items() if unit.symbol == "count"}
RATIO_COLUMNS = {name for name, unit in _UNITS.items() if unit.symbol == "ratio"}


def experiment_columns() -> tuple[str, ...]:
    """Columns of what an experiment says beside its curves, and of its name in the table."""
    of_groups = (f"{start}:" for start, part in COLUMN_GROUPS.items() if part.of == "experiment")
    grouped = tuple(name for start in of_groups for name in _OF_GROUPS if name.startswith(start))
    return (EXPERIMENT_COLUMN, "experiment_note", *_OF_EXPERIMENT, *grouped)


def locator_columns() -> tuple[str, ...]:
    """Columns of the place of a point."""
    return _OF_LOCATOR


def is_known(column: str) -> bool:
    """Whether a spreadsheet may have a column."""
    return column in KNOWN or METRIC.fullmatch(column) is not None


def kind_of(column: str) -> Kind:
    """What the cells of a known column hold."""
    if column in (EXPERIMENT_COLUMN, *NOTES):
        return "text"
    model, name = _field(column)
    return kinds(model)[name]


def name_of(column: str) -> str | None:
    """What the names in the cells of a known column are of; None where they hold no names."""
    if column in (EXPERIMENT_COLUMN, *NOTES):
        return None
    model, name = _field(column)
    return names(model).get(name)


def _field(column: str) -> tuple[type[BaseModel], str]:
    """The model and the field of a known column."""
    if match := METRIC.fullmatch(column):
        start, _, name = (match[3] or "value").rpartition(":")
        return (Spread if start else Measurement), name
    start, _, name = column.rpartition(":")
    if start:
        return COLUMN_GROUPS[start].model, name
    return next(model for model in (Experiment, Curve, Point, Locator) if name in model.model_fields), name


def experiment(cells: dict[str, Any], collection: str) -> dict[str, Any]:
    """The experiment with one curve and one point that the cells of one row describe, by the names of their columns."""
    locator = _some(cells, _OF_LOCATOR)
    point = _some(cells, _OF_POINT) | _metrics(cells, "") | _parts(cells, "point")
    curve = _some(cells, _OF_CURVE) | _parts(cells, "curve") | _note(cells, "curve")
    head = _some(cells, _OF_EXPERIMENT) | _metrics(cells, "base_") | _parts(cells, "experiment")
    curve["points"] = [point | ({"locator": locator} if locator else {})]
    return head | _note(cells, "experiment") | {"collections": [collection], "curves": [curve]}


def column_of(path: tuple[str | int, ...], one: dict[str, Any]) -> str:
    """The column that a value within such an experiment comes from."""
    holder = "point" if "points" in path else "curve" if "curves" in path else "experiment"
    keys = tuple(step for step in path if isinstance(step, str) and step not in ("curves", "points"))
    if len(path) > 1 and keys and keys[0] in ("metrics", "base_metrics") and keys[0] != path[-1]:
        return _metric_column(path, one, keys)
    for start, part in COLUMN_GROUPS.items():
        if (part.of, part.keys) == (holder, keys[:-1]):
            return f"{start}:{keys[-1]}"
    name = keys[-1] if keys else ""
    return f"{holder}_note" if name == "note" and holder != "point" else name


def _metric_column(path: tuple[str | int, ...], one: dict[str, Any], keys: tuple[str, ...]) -> str:
    inner: Any = one
    for key in path[: path.index(keys[0]) + 2]:
        inner = inner[key]
    part = ":".join(keys[1:])
    return f"{keys[0].removesuffix('s')}:{inner['metric']}{f':{part}' if part in _OF_METRIC else ''}"


def _parts(cells: dict[str, Any], of: str) -> dict[str, Any]:
    """What the columns of parts say of an experiment, a curve or a point."""
    found: dict[str, Any] = {}
    for start, part in COLUMN_GROUPS.items():
        said = {name: cells[f"{start}:{name}"] for name in _columns(part.model) if f"{start}:{name}" in cells}
        if part.of == of and said:
            *above, last = part.keys
            holder = found
            for key in above:
                holder = holder.setdefault(key, {})
            holder[last] = holder.get(last, {}) | said
    return found


def _note(cells: dict[str, Any], owner: str) -> dict[str, Any]:
    name = f"{owner}_note"
    return {"note": cells[name]} if name in cells else {}


def _some(cells: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: cells[name] for name in names if name in cells}


def _metrics(cells: dict[str, Any], prefix: str) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for column, cell in cells.items():
        match = METRIC.fullmatch(column)
        if match and (match[1] or "") == prefix:
            start, _, name = (match[3] or "value").rpartition(":")
            one = found.setdefault(match[2], {"metric": match[2]})
            (one.setdefault(start, {}) if start else one)[name] = cell
    return {f"{prefix}metrics": list(found.values())} if found else {}
