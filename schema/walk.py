"""Walks through a record: paper, experiment, curve, point, each with its place.

:func:`rows` is the one way from records to flat tables; the others yield the parts of a record with their paths, for
messages that point at a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from prunelit.schema.conditions import MeasurementConditions, conditions_in_force
from prunelit.schema.measurement import Measurement
from prunelit.schema.problems import Path
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.sweeps import SweepPoint

Sweeps = Mapping[str, Sequence[SweepPoint]]
"""The points of released sweeps, by the name of their file."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the results: an operating point, or an experiment without numbers, with all that it belongs to."""

    paper: Paper
    experiment: Experiment
    experiment_index: int
    """Position of the experiment in the paper, from 0."""
    curve: Curve | None = None
    """None for an experiment without numbers."""
    curve_index: int | None = None
    """Position of the curve in the experiment, from 0."""
    point: Point | None = None
    """None for an experiment without numbers."""
    point_index: int | None = None
    """Position of the point in the curve, from 0."""
    settings: Mapping[str, str] | None = None
    """Settings of the run, for a point of a released sweep."""

    @property
    def path(self) -> Path:
        """Where it stands in the record; for a point of a sweep, where it would."""
        path: Path = ("experiments", self.experiment_index)
        if self.curve_index is None or self.point_index is None:
            return path
        return (*path, "curves", self.curve_index, "points", self.point_index)

    @property
    def around(self) -> tuple[MeasurementConditions | None, ...]:
        """The conditions that are stated around its measurements, the nearest first."""
        near = (one.conditions for one in (self.point, self.curve) if one is not None)
        return (*near, self.experiment.conditions)

    @property
    def method(self) -> str | None:
        """Name of the method."""
        return self.curve.method if self.curve else self.experiment.method

    @property
    def survey_row(self) -> int | None:
        """The row of the survey, where the point or experiment has one."""
        return self.point.survey_row if self.point else self.experiment.survey_row


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement with its place in the record, and the conditions that are stated around it, the nearest first."""

    path: Path
    measurement: Measurement
    around: tuple[MeasurementConditions | None, ...]

    @property
    def conditions(self) -> dict[str, Any]:
        """The conditions that it was measured under, as far as they are stated."""
        return conditions_in_force(self.measurement, *self.around)


def rows(paper: Paper, sweeps: Sweeps) -> Iterator[Row]:
    """Every operating point of a paper, and every experiment without numbers, in the order of the record.

    Args:
        paper: The record.
        sweeps: The points of the sweeps that it refers to; one that could not be read has none.
    """
    for one in groups_of_rows(paper):
        if one.curve is None:
            yield one
        else:
            for place, (point, settings) in enumerate(_points_of(one.curve, sweeps)):
                yield Row(
                    paper, one.experiment, one.experiment_index, one.curve, one.curve_index, point, place, settings
                )


def groups_of_rows(paper: Paper) -> Iterator[Row]:
    """What rows of a paper share, in the order of the record: each of its curves, and each experiment without numbers.

    These are rows themselves, without a point.
    """
    for at, experiment in enumerate(paper.experiments or ()):
        if not experiment.curves:
            yield Row(paper, experiment, at)
        for index, curve in enumerate(experiment.curves or ()):
            yield Row(paper, experiment, at, curve, index)


def _points_of(curve: Curve, sweeps: Sweeps) -> Iterator[tuple[Point, Mapping[str, str] | None]]:
    yield from ((point, None) for point in curve.points or ())
    yield from ((one.point, one.settings) for one in sweeps.get(curve.points_file or "", ()))


def experiments(paper: Paper) -> Iterator[tuple[Path, Experiment]]:
    """The experiments of a paper, each with its path."""
    for index, experiment in enumerate(paper.experiments or ()):
        yield ("experiments", index), experiment


def curves(paper: Paper) -> Iterator[tuple[Path, Curve]]:
    """The curves of a paper, each with its path."""
    for path, experiment in experiments(paper):
        for index, curve in enumerate(experiment.curves or ()):
            yield (*path, "curves", index), curve


def points(paper: Paper) -> Iterator[tuple[Path, Point]]:
    """The points that stand in the record itself, each with its path."""
    for path, curve in curves(paper):
        for index, point in enumerate(curve.points or ()):
            yield (*path, "points", index), point


def measurements(paper: Paper) -> Iterator[Measured]:
    """The qualities in other metrics, of pruned and unpruned models, in the record itself."""
    for path, experiment in experiments(paper):
        for index, one in enumerate(experiment.base_metrics or ()):
            yield Measured((*path, "base_metrics", index), one, (experiment.conditions,))
    for group in groups_of_rows(paper):
        for at, point in enumerate((group.curve.points or ()) if group.curve else ()):
            if point.metrics:
                row = replace(group, point=point, point_index=at)
                found = enumerate(point.metrics)
                yield from (Measured((*row.path, "metrics", index), one, row.around) for index, one in found)


def survey_rows(paper: Paper) -> Iterator[tuple[Path, int]]:
    """The survey's rows that a paper holds, each with its path."""
    for path, experiment in experiments(paper):
        if experiment.survey_row is not None:
            yield (*path, "survey_row"), experiment.survey_row
    for path, curve in curves(paper):
        for index, point in enumerate(curve.points or ()):
            if point.survey_row is not None:
                yield (*path, "points", index, "survey_row"), point.survey_row
