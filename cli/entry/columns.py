"""Columns of a results spreadsheet, and where in a record each belongs.

The names are those of the schema.  ``metric:perplexity`` holds a quality in another metric, ``metric:perplexity:std``
its deviation (or ``:runs``, ``:hardware`` …), and ``base_metric:…`` the same for the unpruned model; ``base_locator:…``
says where the numbers of the unpruned model stand, ``recipe:…`` how the curve's networks were made, and
``recipe_locator:…`` where that stands.  ``note`` is on the point, ``curve_note`` and ``experiment_note`` on what it
belongs to.  Rows that differ in ``experiment`` start from different unpruned models even if nothing else says so; the
record does not keep it.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from prunelit.schema.fields import kinds, names, of_kind, units
from prunelit.schema.locator import Locator
from prunelit.schema.measurement import Measurement
from prunelit.schema.recipe import Recipe
from prunelit.schema.record import Curve, Experiment, Point
from prunelit.schema.values import OPERATION_SUFFIXES

RECIPE, BASE, RECIPE_PLACE = "recipe:", "base_locator:", "recipe_locator:"
"""What a column of a recipe begins with, one of the place of the unpruned model's numbers, and one of a recipe's."""
NOTES = ("curve_note", "experiment_note")
"""Columns of caveats on more than a point."""
EXPERIMENT_COLUMN = "experiment"
"""The column that tells unpruned models apart where no other does."""


def _columns(model: type[BaseModel], *others: str) -> tuple[str, ...]:
    """The fields of a model that a column can hold, without the others."""
    return tuple(name for name, kind in kinds(model).items() if kind not in ("part", "texts") and name not in others)


_OF_EXPERIMENT = _columns(Experiment, *Experiment.WITHOUT_CURVES, "note")
_OF_CURVE = _columns(Curve, "points_file", "note")
OF_RECIPE = tuple(f"{RECIPE}{name}" for name in _columns(Recipe))
_OF_POINT = _columns(Point, "survey_row")
OF_LOCATOR = tuple(Locator.model_fields)
OF_BASE = tuple(f"{BASE}{name}" for name in OF_LOCATOR)
OF_RECIPE_PLACE = tuple(f"{RECIPE_PLACE}{name}" for name in OF_LOCATOR)
KNOWN = (
    EXPERIMENT_COLUMN,
    *_OF_EXPERIMENT,
    *OF_BASE,
    *_OF_CURVE,
    *OF_RECIPE,
    *OF_RECIPE_PLACE,
    *_OF_POINT,
    *OF_LOCATOR,
    *NOTES,
)
"""Every column but those of metrics."""

_PARTS = tuple(name for name in Measurement.model_fields if name not in ("metric", "value"))
METRIC = re.compile(rf"(base_)?metric:([^:]+)(?::({'|'.join(_PARTS)}))?")
"""A column of another metric: of the unpruned model or not, its name, and which part of the measurement it holds."""

_HOLDING = (Point, Curve, Experiment, Measurement, Locator)
"""The models whose fields columns are called after, with or without the name of the part before."""
_LABELS = set(of_kind(Locator, "label"))
_TEXT = {
    EXPERIMENT_COLUMN, *NOTES, *(name for model in _HOLDING for name in of_kind(model, "text")),
    *(f"{RECIPE}{name}" for name in of_kind(Recipe, "text")),
}  # fmt: skip
_LISTS = {name for model in _HOLDING for name in of_kind(model, "numbers")}
_UNITS = {name: units(model)[name] for model in (Point, Experiment) for name in of_kind(model, "quantity")}
OPERATIONS = {name for name, unit in _UNITS.items() if unit.suffixes == OPERATION_SUFFIXES}
FRACTIONS = {name for name, unit in _UNITS.items() if unit.symbol == "fraction"}
ACCURACIES = {name for name, unit in _UNITS.items() if unit.symbol == "%"}
POINTS = {name for name, unit in _UNITS.items() if unit.symbol == "pp"}
"""Columns in percentage points, where a percent sign would be ambiguous."""
NAME_COLUMNS = {
    **{name: of for model in (Experiment, Curve, Point) for name, of in names(model).items()},
    **{f"{RECIPE}{name}": of for name, of in names(Recipe).items()},
}
"""Columns whose cells are names, each with what they are of."""


def is_known(column: str) -> bool:
    """Whether a spreadsheet may have a column."""
    return column in KNOWN or METRIC.fullmatch(column) is not None


def is_text(column: str) -> bool:
    """Whether the cells of a column are text."""
    return _own(column) in _TEXT


def is_label(column: str) -> bool:
    """Whether the cells of a column are whole numbers or text."""
    return _own(column) in _LABELS


def is_list(column: str) -> bool:
    """Whether the cells of a column hold several numbers, with spaces between them."""
    return _own(column) in _LISTS


def _own(column: str) -> str:
    """The name of a column, or of the part of a measurement or locator that it holds."""
    match = METRIC.fullmatch(column)
    return match[3] or "" if match else column.removeprefix(BASE).removeprefix(RECIPE_PLACE)


def experiment(cells: dict[str, Any], collection: str) -> dict[str, Any]:
    """The experiment with one curve and one point that the cells of one row describe, by the names of their columns."""
    locator = _some(cells, OF_LOCATOR)
    point = _some(cells, _OF_POINT) | _metrics(cells, "") | ({"locator": locator} if locator else {})
    curve = _some(cells, _OF_CURVE) | _recipe(cells) | _note(cells, "curve") | {"points": [point]}
    head = _some(cells, _OF_EXPERIMENT) | _metrics(cells, "base_") | _part(cells, OF_BASE, BASE)
    return head | _note(cells, "experiment") | {"collections": [collection], "curves": [curve]}


def column_of(path: tuple[str | int, ...], one: dict[str, Any]) -> str:
    """The column that a value within such an experiment comes from."""
    for at, step in enumerate(path):
        if step in ("metrics", "base_metrics") and at + 1 < len(path):
            inner: Any = one
            for key in path[: at + 2]:
                inner = inner[key]
            suffix = f":{path[-1]}" if path[-1] in _PARTS else ""
            return f"{str(step).removesuffix('s')}:{inner['metric']}{suffix}"
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if name == "note" and "points" not in path:
        return "curve_note" if "curves" in path else "experiment_note"
    if "recipe" in path[:-1]:
        return f"{RECIPE_PLACE if path[-2] == 'locator' else RECIPE}{name}"
    return f"{BASE}{name}" if "base_locator" in path[:-1] else name


def _recipe(cells: dict[str, Any]) -> dict[str, Any]:
    """The recipe of a curve, with its place."""
    said = _part(cells, OF_RECIPE, RECIPE).get("recipe", {})
    place = _part(cells, OF_RECIPE_PLACE, RECIPE_PLACE).get("recipe_locator")
    whole = said | ({"locator": place} if place else {})
    return {"recipe": whole} if whole else {}


def _part(cells: dict[str, Any], names: tuple[str, ...], start: str) -> dict[str, Any]:
    """What the columns that begin alike say, under the one key that they have in common."""
    part = {name.removeprefix(start): cell for name, cell in _some(cells, names).items()}
    return {start[:-1]: part} if part else {}


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
            found.setdefault(match[2], {"metric": match[2]})[match[3] or "value"] = cell
    return {f"{prefix}metrics": list(found.values())} if found else {}
