"""Which columns may a results spreadsheet have, and where in a record does each belong?

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

from prunelit.schema.locator import Locator
from prunelit.schema.measurement import Measurement
from prunelit.schema.recipe import Recipe
from prunelit.schema.record import Curve, Experiment, Point

_NO_COLUMNS = {"survey_row", "metrics", "widths", "locator", "base_metrics", "base_widths", "base_locator"}

RECIPE, BASE, RECIPE_PLACE = "recipe:", "base_locator:", "recipe_locator:"
"""What a column of a recipe begins with, one of the place of the unpruned model's numbers, and one of a recipe's."""
NOTES = ("curve_note", "experiment_note")
"""Columns of caveats on more than a point."""
LABEL = "experiment"
"""The column that tells unpruned models apart where no other does."""

OF_EXPERIMENT = (
    "dataset",
    "architecture",
    *(name for name in Experiment.model_fields if name.startswith("base_") and name not in _NO_COLUMNS),
    "flop_convention",
)
_NOT_OF_CURVE = {"points", "points_file", "recipe", "locator", "note"}
OF_CURVE = tuple(name for name in Curve.model_fields if name not in _NOT_OF_CURVE)
OF_RECIPE = tuple(f"{RECIPE}{name}" for name in Recipe.model_fields if name != "locator")
OF_POINT = tuple(name for name in Point.model_fields if name not in _NO_COLUMNS)
OF_LOCATOR = tuple(Locator.model_fields)
OF_BASE = tuple(f"{BASE}{name}" for name in OF_LOCATOR)
OF_RECIPE_PLACE = tuple(f"{RECIPE_PLACE}{name}" for name in OF_LOCATOR)
KNOWN = (LABEL, *OF_EXPERIMENT, *OF_BASE, *OF_CURVE, *OF_RECIPE, *OF_RECIPE_PLACE, *OF_POINT, *OF_LOCATOR, *NOTES)
"""Every column but those of metrics."""

_PARTS = tuple(name for name in Measurement.model_fields if name not in ("metric", "value"))
METRIC = re.compile(rf"(base_)?metric:([^:]+)(?::({'|'.join(_PARTS)}))?")
"""A column of another metric: of the unpruned model or not, its name, and which part of the measurement it holds."""

_LABELS = {"table", "figure", "section", "page", "row", "column"}
_RECIPE_NUMBERS = {
    "pretraining_epochs", "pruning_epochs", "fine_tuning_epochs", "learning_rate", "batch_size", "weight_decay",
    "distillation",
}  # fmt: skip
_TEXT = {
    LABEL, "dataset", "architecture", "flop_convention", "pruned_model", "note", "hardware", "precision", "framework",
    *OF_CURVE, *OF_LOCATOR, *NOTES,
    *(name for name in OF_RECIPE if name.removeprefix(RECIPE) not in _RECIPE_NUMBERS),
} - _LABELS - {"sweep"}  # fmt: skip
_LISTS = {"top1_runs", "base_top1_runs", "runs"}
OPERATIONS = {"flops", "base_flops"}
FRACTIONS = {"params_kept", "params_removed", "flops_kept", "flops_removed"}
ACCURACIES = {name for name in KNOWN if re.fullmatch(r"(base_)?top[15](_error)?", name)}
POINTS = {name for name in KNOWN if re.fullmatch(r"(base_)?top[15]_(change|std|max_deviation)", name)}
"""Columns in percentage points, where a percent sign would be ambiguous."""


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
    point = _some(cells, OF_POINT) | _metrics(cells, "") | ({"locator": locator} if locator else {})
    curve = _some(cells, OF_CURVE) | _recipe(cells) | _note(cells, "curve") | {"points": [point]}
    head = _some(cells, OF_EXPERIMENT) | _metrics(cells, "base_") | _part(cells, OF_BASE, BASE)
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
