"""Measurements: the quality of each pruned model in whatever metric its source reports.

Rows under different conditions are different things: each says which conditions it was measured under, as far as they
are stated, and its change is from the unpruned model under the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from prunelit.analysis.frames.columns import (
    CALIBRATION_COLUMNS,
    CONDITION_COLUMNS,
    DEVICE_COLUMNS,
    LOCATOR,
    NUMBER,
    SEEDS,
    WHAT,
    WHO,
    Column,
    cell,
    columns_without,
    of_field,
    typed,
)
from prunelit.analysis.frames.runs import mean_and_deviation
from prunelit.schema.conditions import MeasurementConditions, conditions_in_force
from prunelit.schema.corpus import Corpus
from prunelit.schema.fields import kinds
from prunelit.schema.measurement import Measurement
from prunelit.schema.spread import Spread
from prunelit.schema.vocabulary import Metric
from prunelit.schema.walk import Row

WIDE = {"top1": "top1_std", "top5": None}
"""Metrics that have columns of their own in the other tables, each with that of its deviation."""
PLACE = ["paper_id", "experiment", "curve", "point"]
"""Columns that name a point."""

_UNIT = "that of the metric"
_HERE = "analysis.frames.measurements"
MEASUREMENTS = (
    *WHO,
    *columns_without(WHAT, "excluded"),
    of_field(Measurement, "metric"),
    of_field(Metric, "unit"),
    of_field(Metric, "direction"),
    Column("value", NUMBER, _UNIT, "Value of the pruned model in the metric's unit; the mean where runs are released."),
    of_field(Measurement, "bound"),
    Column("std", NUMBER, _UNIT, "Standard deviation over the runs, in the metric's unit."),
    of_field(Spread, "kind", rename="spread_kind"),
    replace(of_field(Spread, "level", NUMBER, "spread_level"), unit="%"),
    Column("spread_lower", NUMBER, _UNIT, "Lower end of the spread of that kind, or value - half width.", _HERE),
    Column("spread_upper", NUMBER, _UNIT, "Upper end of the spread of that kind, or value + half width.", _HERE),
    Column(
        "base_value", NUMBER, _UNIT,
        "Value of the unpruned model in the same paper and under the same conditions, in the metric's unit.",
    ),
    Column("change", NUMBER, _UNIT, "Pruned minus unpruned: reported, or value - base_value.", _HERE),
    SEEDS,
    *CONDITION_COLUMNS,
    *DEVICE_COLUMNS,
    *CALIBRATION_COLUMNS,
    LOCATOR,
)  # fmt: skip
"""Columns of ``measurements()``: one row an operating point and metric, top-1 and top-5 accuracy included."""


def measurements_table(points: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """One row an operating point and metric; columns :data:`MEASUREMENTS`.

    Args:
        points: Rows as of ``completed()``.
        corpus: The records that they come from.
    """
    metrics = pd.DataFrame(
        [(one.name, one.unit, one.direction) for one in corpus.metrics], columns=["metric", "unit", "direction"]
    )
    timed = {one.name for one in corpus.metrics if one.hardware_dependent}
    other = pd.DataFrame([cells for row in corpus.rows() for cells in _others(row, timed)], columns=[*PLACE, *_PARTS])
    placed = other.merge(points[[*PLACE, *_PLACED]], on=PLACE)
    spreads = pd.DataFrame([cells for row in corpus.rows() for cells in _spreads(row)], columns=[*PLACE, *_SPREAD])
    table = pd.concat([*(_wide(points, name, std, spreads) for name, std in WIDE.items()), placed])
    table = table.merge(metrics, on="metric", how="left")
    papers = {paper.id: at for at, paper in enumerate(corpus.papers)}  # in the order of files: "a-1.yaml" < "a.yaml"

    def in_order(column: pd.Series[Any]) -> pd.Series[Any]:
        return column.map(papers) if column.name == PLACE[0] else column

    return typed(table.sort_values(PLACE, kind="stable", key=in_order, ignore_index=True), MEASUREMENTS)


_STATED = kinds(MeasurementConditions)
_PLACED = [
    column.name
    for column in (*WHO, *columns_without(WHAT, "excluded"), *CALIBRATION_COLUMNS, LOCATOR)
    if column.name not in PLACE
]
"""What a measurement shares with its point."""
_NUMBERS = ("value", "std", "base_value", "change")
_ENDS = ("spread_kind", "spread_level", "spread_lower", "spread_upper")
_SPREAD = ("metric", *_ENDS)
_PARTS = ["metric", *_NUMBERS, "bound", *_ENDS, "seeds", *_STATED]


def _wide(points: pd.DataFrame, name: str, std: str | None, spreads: pd.DataFrame) -> pd.DataFrame:
    """The rows of a metric that has columns of its own."""
    found = points[points[[name, f"{name}_change"]].notna().any(axis=1)]
    numbers = found.assign(
        metric=name,
        value=found[name],
        std=found[std] if std else None,
        base_value=found[f"base_{name}"],
        change=found[f"{name}_change"],
    )
    return numbers.merge(spreads, on=[*PLACE, "metric"], how="left")


def _spreads(row: Row) -> Iterator[tuple[object, ...]]:
    """The spreads of the accuracies that have columns of their own."""
    for name in WIDE if row.point else ():
        if spread := getattr(row.point, f"{name}_spread"):
            yield *_place(row), name, *_ends(spread, getattr(row.point, name))


def _others(row: Row, timed: set[str]) -> Iterator[tuple[object, ...]]:
    """The measurements of all other metrics: where the point stands, and the parts of the measurement."""
    if row.point is None or not row.point.metrics:
        return
    before = {_under(one, (row.experiment.conditions,), timed): one for one in row.experiment.base_metrics or ()}
    for one in row.point.metrics:
        under = _under(one, row.around, timed)
        value, base, change = _closed(one, before.get(under))
        seeds = len(one.runs) if one.runs else row.point.seeds
        ends = _ends(one.spread, one.value) if one.spread else (None,) * len(_ENDS)
        stated = map(cell, under[1:], _STATED.values())
        yield *_place(row), one.metric, value, _std(one), base, change, one.bound, *ends, seeds, *stated


def _place(row: Row) -> tuple[object, ...]:
    return row.paper.id, row.experiment_index, row.curve_index, row.point_index


def _under(one: Measurement, around: tuple[MeasurementConditions | None, ...], timed: set[str]) -> tuple[object, ...]:
    """The metric and the conditions in force; those of a device count for what depends on one."""
    found = conditions_in_force(one, *around)
    left_out = () if one.metric in timed else MeasurementConditions.OF_DEVICE
    return one.metric, *(None if name in left_out else found.get(name) for name in _STATED)


def _closed(one: Measurement, before: Measurement | None) -> tuple[float | None, float | None, float | None]:
    """The value, the unpruned value and the change; of two the third follows, unless one of them is a bound."""
    value, base, change = _value(one), _value(before) if before else None, _float(one.change)
    if {one.bound, before.bound if before else None}.intersection(("at_least", "at_most")):
        return value, base, change
    if value is not None and base is not None:
        change = value - base
    elif value is None and base is not None and change is not None:
        value = base + change
    elif value is not None and change is not None:
        base = value - change
    return value, base, change


def _value(one: Measurement) -> float | None:
    return mean_and_deviation(one.runs)[0] if one.runs else _float(one.value)


def _std(one: Measurement) -> float | None:
    return mean_and_deviation(one.runs)[1] if one.runs else _float(one.std)


def _ends(spread: Spread, value: Decimal | None) -> tuple[object, ...]:
    """The kind, the level and the two ends of a spread."""
    lower, upper = spread.lower, spread.upper
    if spread.half_width is not None and value is not None:
        lower, upper = value - spread.half_width, value + spread.half_width
    return spread.kind, _float(spread.level), _float(lower), _float(upper)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
