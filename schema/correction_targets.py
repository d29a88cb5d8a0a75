"""Targets of corrections: which values of a record a correction means."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from prunelit.schema.correction import Correction
from prunelit.schema.fields import quantities
from prunelit.schema.problems import Path
from prunelit.schema.record import Experiment, Paper, Point
from prunelit.schema.walk import experiments, rows

OF_PAPER = ("title", "venue", "year", "month", "compares_to")
"""What a correction can change in a paper; in its results it can change every quantity."""
OF_EXPERIMENT = tuple(quantities(Experiment))
"""What a correction can change in an experiment."""
OF_POINT = tuple(quantities(Point))
"""What a correction can change in an operating point."""


def result_paths(paper: Paper, correction: Correction) -> list[Path]:
    """Where a record holds the field of the results that a correction names, as far as they say what it expects."""
    named, field = correction.result, correction.field
    if named is None:
        return []
    holders = _experiments(paper) if field in OF_EXPERIMENT else _points(paper)
    return [
        (*path, field)
        for path, holder, said in holders
        if named.fits(said) and same(getattr(holder, field, None), correction.expect)
    ]


Holder = tuple[Path, Experiment | Point, dict[str, object]]
"""What holds quantities: its path, itself, and what it is called."""


def _experiments(paper: Paper) -> Iterator[Holder]:
    """The experiments for their unpruned models, which have neither method nor name of a pruned model."""
    for path, one in experiments(paper):
        yield path, one, {"dataset": one.dataset, "architecture": one.architecture}


def _points(paper: Paper) -> Iterator[Holder]:
    for row in rows(paper, {}):
        if row.point:
            on = {"dataset": row.experiment.dataset, "architecture": row.experiment.architecture}
            yield row.path, row.point, {**on, "method": row.method, "pruned_model": row.point.pruned_model}


def same(found: object, expected: object) -> bool:
    """Whether two values are equal, digits included."""
    return found == expected and (not isinstance(found, Decimal) or str(found) == str(expected))
