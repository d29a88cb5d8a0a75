"""Which columns may a results spreadsheet have, and where in a record does each belong?

The names are those of the schema.  ``metric:perplexity`` holds a quality in another metric, ``metric:perplexity:std``
its deviation, and ``base_metric:…`` both for the unpruned model.
"""

from __future__ import annotations

import re
from typing import Any

from prunelit.schema.record import Experiment, Locator, Point

_IN_LISTS = {"survey_row", "metrics", "locator", "base_metrics", "base_locator", "base_top1_runs"}

OF_EXPERIMENT = (
    "dataset",
    "architecture",
    *(name for name in Experiment.model_fields if name.startswith("base_") and name not in _IN_LISTS),
    "flop_convention",
)
OF_CURVE = ("method", "origin", "proposed_by", "copied_from")
OF_POINT = tuple(name for name in Point.model_fields if name not in _IN_LISTS)
OF_LOCATOR = tuple(Locator.model_fields)
KNOWN = (*OF_EXPERIMENT, *OF_CURVE, *OF_POINT, *OF_LOCATOR)
"""Every column but those of metrics."""

METRIC = re.compile(r"(base_)?metric:([^:]+)(:std)?")
"""A column of another metric: of the unpruned model or not, its name, and whether it holds the deviation."""

LABELS = {"table", "figure", "section", "page", "row", "column"}
"""Columns whose cells are whole numbers or text."""
TEXT = {"dataset", "architecture", "flop_convention", *OF_CURVE, "note", *OF_LOCATOR} - LABELS
"""Columns whose cells are text."""
FRACTIONS = {"params_kept", "params_removed", "flops_kept", "flops_removed"}
ACCURACIES = {name for name in KNOWN if re.fullmatch(r"(base_)?top[15](_error)?", name)}
POINTS = {name for name in KNOWN if re.fullmatch(r"(base_)?top[15]_(change|std|max_deviation)", name)}
"""Columns in percentage points, where a percent sign would be ambiguous."""


def is_known(column: str) -> bool:
    """Whether a spreadsheet may have a column."""
    return column in KNOWN or METRIC.fullmatch(column) is not None


def experiment(cells: dict[str, Any], collection: str) -> dict[str, Any]:
    """The experiment with one curve and one point that the cells of one row describe, by the names of their columns."""
    locator = _some(cells, OF_LOCATOR)
    point = _some(cells, OF_POINT) | _metrics(cells, "") | ({"locator": locator} if locator else {})
    curve = _some(cells, OF_CURVE) | {"points": [point]}
    head = _some(cells, OF_EXPERIMENT) | _metrics(cells, "base_")
    return head | {"collections": [collection], "curves": [curve]}


def column_of(path: tuple[str | int, ...], one: dict[str, Any]) -> str:
    """The column that a value within such an experiment comes from."""
    for at, step in enumerate(path):
        if step in ("metrics", "base_metrics") and at + 1 < len(path):
            inner: Any = one
            for key in path[: at + 2]:
                inner = inner[key]
            suffix = ":std" if path[-1] == "std" else ""
            return f"{str(step).removesuffix('s')}:{inner['metric']}{suffix}"
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _some(cells: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: cells[name] for name in names if name in cells}


def _metrics(cells: dict[str, Any], prefix: str) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for column, cell in cells.items():
        match = METRIC.fullmatch(column)
        if match and (match[1] or "") == prefix:
            found.setdefault(match[2], {"metric": match[2]})["std" if match[3] else "value"] = cell
    return {f"{prefix}metrics": list(found.values())} if found else {}
