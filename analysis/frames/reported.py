"""Tables of papers and of what they report, as they report it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any

import pandas as pd

from prunelit.analysis.frames.columns import (
    BASES,
    CALIBRATION_COLUMNS,
    CONDITION_COLUMNS,
    COUNT,
    LABEL,
    LOCATOR,
    NOTE,
    PEER_REVIEWED,
    SCOPES,
    SEEDS,
    TEXT,
    WHAT,
    WHO,
    YEAR,
    CellsByColumn,
    Column,
    cell,
    columns_named,
    of_field,
    of_quantities,
    of_simple,
    typed,
)
from prunelit.analysis.frames.labels import locator_text
from prunelit.analysis.frames.runs import mean_and_deviation
from prunelit.schema.calibration import Calibration
from prunelit.schema.canonical_methods import MethodNames
from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.corpus import Corpus
from prunelit.schema.fields import kinds, parts, quantities
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.spread import Bounds, Spread
from prunelit.schema.sweeps import Sweep
from prunelit.schema.vocabulary import Exclusion
from prunelit.schema.walk import Row, groups_of_rows

PAPERS = (
    *WHO,
    of_field(Paper, "title"),
    Column("authors", TEXT, "", "Authors in the order of the paper, joined by semicolons.", "Paper.authors"),
    LABEL,
    YEAR,
    Column("month", COUNT, "", "Month of publication, 1 to 12.", "Paper.published"),
    of_field(Paper, "venue"),
    PEER_REVIEWED,
    Column("arxiv", TEXT, "", "arXiv identifier without version.", "Identifiers.arxiv"),
    Column("doi", TEXT, "", "Digital object identifier.", "Identifiers.doi"),
    Column(
        "collections", TEXT, "", "Collections that the paper belongs to, joined by semicolons.", "Paper.collections"
    ),
    *of_simple(Paper),
    Column("experiments", COUNT, "count", "Number of experiments."),
    Column("points", COUNT, "count", "Number of operating points, sweeps left out."),
)
"""Columns of ``papers()``: one row a paper."""

_SPREADS, _BASE_SPREADS = (
    tuple(name for name, part in parts(model).items() if part is Spread) for model in (Point, Experiment)
)
_QUANTITIES, _BASES = frozenset(quantities(Point)), frozenset(BASES)
_BASE_SCOPES = ("base_params_scope", "base_flops_scope")

RESULTS = (
    *WHO,
    *WHAT,
    *of_quantities(Point),
    *(of_field(Point, name) for name in (*SCOPES, *_SPREADS)),
    SEEDS,
    *of_quantities(Experiment),
    *(of_field(Experiment, name) for name in (*_BASE_SCOPES, *_BASE_SPREADS)),
    of_field(Experiment, "base_seeds", COUNT),
    of_field(Experiment, "flop_convention"),
    *CONDITION_COLUMNS,
    *CALIBRATION_COLUMNS,
    Column(
        "bounds", TEXT, "",
        "Numbers that the source gives as bounds or roughly, each as 'name: at_least', joined by semicolons.",
        "Point.bounds, Experiment.bounds",
    ),
    of_field(Paper, "status"),
    LOCATOR,
    of_field(Experiment, "base_locator"),
    NOTE,
)  # fmt: skip
"""Columns of ``results()``: one row an operating point, and one an experiment without numbers."""
OF_WHAT_AND_COUNTED = columns_named(
    RESULTS, "paper_id", "experiment", "point", "survey_row", "dataset", "architecture", "origin", "sweep", "excluded"
)
"""Columns of ``results()`` that say what a result is of, and whether statistics count it."""


def papers_table(corpus: Corpus) -> pd.DataFrame:
    """One row a paper, in the order of ids; columns :data:`PAPERS`, without labels.

    Args:
        corpus: Records, with the corrections of papers applied or not.
    """
    peer_reviewed = {venue.name: venue.peer_reviewed for venue in corpus.venues}
    return typed([_paper(paper, peer_reviewed) for paper in corpus.papers], PAPERS)


def results_table(corpus: Corpus, columns: tuple[Column, ...] = RESULTS) -> pd.DataFrame:
    """One row an operating point, and one an experiment without numbers.

    In place of its label stands what there is to say of a method beside the label of its paper, see
    :func:`prunelit.analysis.frames.labels.labelled`.

    Args:
        corpus: Records, with the corrections of papers applied or not; those of results change the table, see
            :mod:`prunelit.analysis.frames.corrections`.
        columns: Those of :data:`RESULTS` that are asked for.
    """
    names = MethodNames(corpus.methods)
    cells = CellsByColumn(columns)
    for group in chain.from_iterable(map(groups_of_rows, corpus.papers)):
        canonical = {"canonical_method": names.of(group.paper.id, group.method, group.curve)}
        shared = _experiment(group, corpus) | canonical
        curve, experiment = group.curve, group.experiment
        sweep = corpus.sweeps.get(curve.points_file or "") if curve else None
        if curve is None:
            cells.add(shared, ({},))
        elif isinstance(sweep, Sweep):
            cells.add_columns(shared, len(sweep), _points_by_columns(sweep, curve, experiment))
        else:
            points = enumerate(corpus.points(curve))
            cells.add(shared, (_point(point, curve, experiment) | {"point": at} for at, point in points))
    return cells.frame()


def _paper(paper: Paper, peer_reviewed: dict[str, bool]) -> dict[str, object]:
    curves = [curve for experiment in paper.experiments or () for curve in experiment.curves or ()]
    return {
        "paper_id": paper.id,
        "survey_id": paper.survey_id,
        "title": paper.title,
        "authors": "; ".join(paper.authors) if paper.authors else None,
        "year": paper.published.year,
        "month": paper.published.month,
        "venue": paper.venue,
        "peer_reviewed": peer_reviewed.get(paper.venue) if paper.venue else None,
        "arxiv": paper.identifiers.arxiv if paper.identifiers else None,
        "doi": paper.identifiers.doi if paper.identifiers else None,
        "collections": "; ".join(paper.collections),
        **_simple(paper),
        "experiments": len(paper.experiments or ()),
        "points": sum(len(curve.points or ()) for curve in curves if not curve.sweep),
    }


def _experiment(row: Row, corpus: Corpus) -> dict[str, object]:
    """What all points of a curve share, or all that is known of an experiment without numbers."""
    experiment, curve = row.experiment, row.curve
    decisions = _decisions(corpus, row)
    merged = curve is not None and any(one.merged for one in decisions)
    cells = {
        "paper_id": row.paper.id,
        "survey_id": row.paper.survey_id,
        "status": row.paper.status,
        "experiment": row.experiment_index,
        "curve": row.curve_index,
        "collections": "; ".join(experiment.collections),
        **_simple(experiment),
        **_base(experiment),
        **_around(experiment, curve),
        "method": row.method,
        "method_label": None if merged else row.method or None,
        "sweep": bool(curve and curve.sweep),
        "excluded": _left_out_of(decisions),
    }
    return cells | (_simple(curve) if curve else _without_numbers(experiment))


def _base(experiment: Experiment) -> dict[str, object]:
    values = {name: _float(getattr(experiment, name)) for name in _BASES & experiment.model_fields_set}
    return values | {
        **_said(experiment, (*_BASE_SCOPES, *_BASE_SPREADS, "base_seeds")),
        **_base_runs(experiment),
        "bounds": _bounds(experiment.bounds),
        "flop_convention": experiment.flop_convention,
        "base_locator": locator_text(experiment.base_locator),
    }


def _base_runs(experiment: Experiment) -> dict[str, object]:
    """What the released runs of an unpruned model say: their mean and sample standard deviation, and their number."""
    if not experiment.base_top1_runs:
        return {}
    mean, deviation = mean_and_deviation(experiment.base_top1_runs)
    return {"base_top1": mean, "base_top1_std": deviation, "base_seeds": len(experiment.base_top1_runs)}


def _simple(one: Paper | Experiment | Curve | Point) -> dict[str, object]:
    return {name: getattr(one, name) for name in _names_of_simple(type(one)) & one.model_fields_set}


@cache
def _names_of_simple(model: type[Paper | Experiment | Curve | Point]) -> frozenset[str]:
    return frozenset(column.name for column in of_simple(model))


def _without_numbers(experiment: Experiment) -> dict[str, object]:
    return {
        "survey_row": experiment.survey_row,
        "seeds": experiment.seeds,
        "locator": locator_text(experiment.locator),
        "note": experiment.note,
    }


def _said(one: Experiment | Curve | Point, names: tuple[str, ...]) -> dict[str, object]:
    """What is stated of some fields, in words where it is a part."""
    found = ((name, getattr(one, name)) for name in one.model_fields_set.intersection(names))
    return {name: str(held) if isinstance(held, Spread) else held for name, held in found if held is not None}


def _around(experiment: Experiment, curve: Curve | None) -> dict[str, object]:
    """What is stated of all points of a curve beside their numbers."""
    calibration = curve.recipe.calibration if curve and curve.recipe else None
    return {
        **_parts(experiment.conditions),
        **(_parts(curve.conditions) | _said(curve, SCOPES) if curve else {}),
        **_parts(calibration, "calibration_"),
    }


def _parts(one: MeasurementConditions | Calibration | None, prefix: str = "") -> dict[str, object]:
    """What is stated in a part, by the names of the columns."""
    if one is None:
        return {}
    named = ((name, getattr(one, name)) for name in one.model_fields_set)
    return {f"{prefix}{name}": cell(held, kinds(type(one))[name]) for name, held in named if held is not None}


def _bounds(*bounds: Bounds | None) -> str | None:
    named = (f"{name}: {kind}" for one in bounds if one for name, kind in one.by_name.items())
    return "; ".join(named) or None


def _point(point: Point, curve: Curve, experiment: Experiment) -> dict[str, object]:
    return (
        {name: _float(getattr(point, name)) for name in _QUANTITIES & point.model_fields_set}
        | _simple(point)
        | _runs(point)
        | _beside(point, experiment)
        | {
            "survey_row": point.survey_row,
            "locator": locator_text(point.locator or curve.locator),
            "note": _note(point.note, curve, experiment),
        }
    )


def _points_by_columns(sweep: Sweep, curve: Curve, experiment: Experiment) -> dict[str, Sequence[object]]:
    """The cells of the points of a sweep, as :func:`_point` gives those of one."""
    values, missing = sweep.values, (None,) * len(sweep)
    quantities = {name: [*map(_float, values[name])] for name in _QUANTITIES & values.keys()}
    simple = {one.name: values[one.name] for one in of_simple(Point) if one.name in values}
    scopes = {name: [one or getattr(curve, name) for one in values[name]] for name in SCOPES if name in values}
    runs = (one and (*mean_and_deviation(one), len(one)) for one in values.get("top1_runs", missing))
    of_runs = ("top1", "top1_std", "seeds")
    stated = zip(*((values | quantities).get(name, missing) for name in of_runs), strict=True)
    told = zip(*(of_point or as_stated for of_point, as_stated in zip(runs, stated, strict=True)), strict=True)
    return {
        **(quantities | simple | scopes | dict(zip(of_runs, told, strict=False))),
        "point": range(len(sweep)),
        "locator": (locator_text(curve.locator),) * len(sweep),
        "note": [_note(one, curve, experiment) for one in values.get("note", missing)],
    }


def _note(of_point: str | None, curve: Curve, experiment: Experiment) -> str | None:
    return " ".join(note for note in (of_point, curve.note, experiment.note) if note) or None


def _beside(point: Point, experiment: Experiment) -> dict[str, object]:
    """What is stated of a point beside its numbers."""
    found = _said(point, (*SCOPES, *_SPREADS)) | _parts(point.conditions) | _parts(point.calibration, "calibration_")
    return found | ({"bounds": _bounds(point.bounds, experiment.bounds)} if point.bounds else {})


def _runs(point: Point) -> dict[str, float | int | None]:
    """The number of runs, and their mean and sample standard deviation where the runs are released."""
    if not point.top1_runs:
        return {"seeds": point.seeds}
    mean, deviation = mean_and_deviation(point.top1_runs)
    return {"top1": mean, "top1_std": deviation, "seeds": len(point.top1_runs)}


def _decisions(corpus: Corpus, row: Row) -> list[Exclusion]:
    """What the survey decided about the results of a method."""
    return [
        one
        for one in corpus.exclusions
        if one.paper == row.paper.id
        and one.collection in row.experiment.collections
        and (one.methods is None or row.method in one.methods)
    ]


def _left_out_of(decisions: list[Exclusion]) -> str | None:
    return "; ".join(dict.fromkeys(part for one in decisions for part in one.left_out_of or ())) or None


def _float(value: Decimal | Any) -> float | None:
    return None if value is None else float(value)
