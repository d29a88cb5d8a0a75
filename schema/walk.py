"""Where in a record does each experiment, curve, point and survey row stand?"""

from __future__ import annotations

from collections.abc import Iterator

from prunelit.schema.measurement import Measurement
from prunelit.schema.problems import Path
from prunelit.schema.record import Curve, Experiment, Paper, Point


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


def measurements(paper: Paper) -> Iterator[tuple[Path, Measurement]]:
    """The qualities in other metrics, of pruned and unpruned models, each with its path."""
    for path, experiment in experiments(paper):
        for index, measured in enumerate(experiment.base_metrics or ()):
            yield (*path, "base_metrics", index), measured
    for path, point in points(paper):
        for index, measured in enumerate(point.metrics or ()):
            yield (*path, "metrics", index), measured


def survey_rows(paper: Paper) -> Iterator[tuple[Path, int]]:
    """The survey's rows that a paper holds, each with its path."""
    holders: list[tuple[Path, Experiment | Point]] = [*experiments(paper), *points(paper)]
    for path, holder in holders:
        if holder.survey_row is not None:
            yield (*path, "survey_row"), holder.survey_row
