"""Which results of a record does a correction mean?"""

from __future__ import annotations

from decimal import Decimal

from prunelit.schema.correction import Correction
from prunelit.schema.problems import Path
from prunelit.schema.record import Experiment, Paper, Point
from prunelit.schema.walk import curves, experiments, points

OF_EXPERIMENT = tuple(name for name in Experiment.model_fields if name.startswith("base_") and name != "base_locator")
"""What a correction can change in an experiment."""


def result_paths(paper: Paper, correction: Correction) -> list[Path]:
    """Where a record holds the field of the results that a correction names, as far as they say what it expects."""
    named = correction.result
    of_experiment = correction.field in OF_EXPERIMENT
    holders: list[tuple[Path, Experiment | Point]] = [*(experiments(paper) if of_experiment else points(paper))]
    return [
        (*path, correction.field)
        for path, holder in holders
        if named
        and named.fits(_names(paper, path, holder))
        and same(getattr(holder, correction.field, None), correction.expect)
    ]


def _names(paper: Paper, path: Path, holder: Experiment | Point) -> dict[str, object]:
    """What a result is called; an unpruned model has neither method nor pruned model."""
    steps = dict(experiments(paper))
    experiment = steps[path[:2]]
    names: dict[str, object] = {"dataset": experiment.dataset, "architecture": experiment.architecture}
    if isinstance(holder, Point):
        names |= {"method": dict(curves(paper))[path[:4]].method, "pruned_model": holder.pruned_model}
    return names


def same(found: object, expected: object) -> bool:
    """Whether two values are equal, digits included."""
    return found == expected and (not isinstance(found, Decimal) or str(found) == str(expected))
