"""Measurements: the quality of each pruned model in whatever metric its source reports."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from prunelit.analysis.frames.columns import (
    COUNT,
    LOCATOR,
    NUMBER,
    SEEDS,
    WHAT,
    WHO,
    Column,
    columns_without,
    of_field,
    typed,
)
from prunelit.analysis.frames.runs import mean_and_deviation
from prunelit.schema.corpus import Corpus
from prunelit.schema.measurement import Measurement
from prunelit.schema.vocabulary import Metric
from prunelit.schema.walk import Row

WIDE = {"top1": "top1_std", "top5": None}
"""Metrics that have columns of their own in the other tables, each with that of its deviation."""
PLACE = ["paper_id", "experiment", "curve", "point"]
"""Columns that name a point."""

_UNIT = "that of the metric"
MEASUREMENTS = (
    *WHO,
    *columns_without(WHAT, "excluded"),
    of_field(Measurement, "metric"),
    of_field(Metric, "unit"),
    of_field(Metric, "direction"),
    Column("value", NUMBER, _UNIT, "Value of the pruned model in the metric's unit; the mean where runs are released."),
    Column("std", NUMBER, _UNIT, "Standard deviation over the runs, in the metric's unit."),
    Column("base_value", NUMBER, _UNIT, "Value of the unpruned model in the same paper, in the metric's unit."),
    Column(
        "change", NUMBER, _UNIT,
        "Pruned minus unpruned: reported, or value - base_value.", "analysis.frames.measurements",
    ),
    SEEDS,
    *(of_field(Measurement, name) for name in ("hardware", "precision", "framework")),
    of_field(Measurement, "batch_size", COUNT),
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
    other = pd.DataFrame([cells for row in corpus.rows() for cells in _others(row)], columns=[*PLACE, *_PARTS])
    placed = other.merge(points[[*PLACE, *_PLACED]], on=PLACE, how="left")
    table = pd.concat([*(_wide(points, name, std) for name, std in WIDE.items()), placed])
    table = table.merge(metrics, on="metric", how="left")
    return typed(table.sort_values(PLACE, kind="stable", ignore_index=True), MEASUREMENTS)


_PLACED = [column.name for column in (*WHO, *columns_without(WHAT, "excluded"), LOCATOR) if column.name not in PLACE]
"""What a measurement shares with its point."""
_PARTS = ["metric", "value", "std", "base_value", "change", "seeds", *Measurement.CONDITIONS]


def _wide(points: pd.DataFrame, name: str, std: str | None) -> pd.DataFrame:
    """The rows of a metric that has columns of its own."""
    found = points[points[[name, f"{name}_change"]].notna().any(axis=1)]
    return found.assign(
        metric=name,
        value=found[name],
        std=found[std] if std else None,
        base_value=found[f"base_{name}"],
        change=found[f"{name}_change"],
    )


def _others(row: Row) -> Iterator[tuple[object, ...]]:
    """The measurements of all other metrics: where the point stands, and the parts of the measurement."""
    if row.point is None or not row.point.metrics:
        return
    before = {one.metric: _value(one) for one in row.experiment.base_metrics or ()}
    for one in row.point.metrics:
        base, value = before.get(one.metric), _value(one)
        spread = (_std(one), base, None if base is None else value - base)
        conditions = (getattr(one, name) for name in Measurement.CONDITIONS)
        seeds = len(one.runs) if one.runs else row.point.seeds
        place = (row.paper.id, row.experiment_index, row.curve_index, row.point_index)
        yield *place, one.metric, value, *spread, seeds, *conditions


def _value(one: Measurement) -> float:
    return float(one.value) if one.value is not None else mean_and_deviation(one.runs or ())[0]


def _std(one: Measurement) -> float | None:
    if one.runs:
        return mean_and_deviation(one.runs)[1]
    return None if one.std is None else float(one.std)
