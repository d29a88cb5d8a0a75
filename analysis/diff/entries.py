"""Entries of records, digit by digit.

The other tables hold floats, for which 76.0 is 76.  Here a cell is what the record says: a :class:`decimal.Decimal`
with its digits, or text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any

import pandas as pd
from pydantic import BaseModel

from prunelit.analysis.frames.labels import locator_text
from prunelit.schema.corpus import Corpus
from prunelit.schema.fields import of_kind, parts
from prunelit.schema.measurement import Measurement
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.walk import Row, rows

RESULT, UNPRUNED, WITHOUT_NUMBERS, PAPER_ENTRY = "result", "unpruned model", "experiment without numbers", "paper"

ENTRY_PLACE = ["experiment", "curve", "point"]
"""Where in the record an entry stands, counted from 0; -1 where it has no such place."""
ENTRY_NAMES = ["paper_id", "entry", "dataset", "architecture", "method"]
"""What an entry is about."""

_ELSEWHERE: dict[type[BaseModel], tuple[str, ...]] = {
    Experiment: ("dataset", "architecture", "collections", *Experiment.WITHOUT_CURVES, "curves", "note"),
    Curve: ("method", "origin", "proposed_by", "copied_from", "sweep", "points_file", "note", *parts(Curve)),
    Point: ("survey_row", "metrics", "locator", "note"),
}
"""Fields that stand in columns of other names, in those of other entries, or in none."""
_OF_PAPER = tuple(
    name for name in of_kind(Paper, "text", "count", "flag") if name not in ("schema_version", "id", "survey_id")
)
"""What a record says of its paper in one word."""
_OF_CURVE = tuple(name for name in Curve.model_fields if name not in _ELSEWHERE[Curve])
"""What a curve says of all its points beside whose method it shows."""
REMARKS = ["locator", "authors", "arxiv", "doi", "links", "contributors", *_OF_PAPER, *_OF_CURVE]
"""Columns whose change moves no number."""


def entries(corpus: Corpus, papers: Collection[str] | None = None) -> pd.DataFrame:
    """One row an operating point, an unpruned model, an experiment without numbers, and a paper.

    Args:
        corpus: The records.
        papers: Ids of the papers whose entries are wanted; all by default.

    Returns:
        ``ENTRY_NAMES``, ``ENTRY_PLACE``, and one column a quantity or remark; a cell that says nothing is None.
    """
    wanted = [paper for paper in corpus.papers if papers is None or paper.id in papers]
    found = [entry for paper in wanted for entry in _of_paper(paper, corpus)]
    frame = pd.DataFrame(found, columns=None if found else [*ENTRY_NAMES, *ENTRY_PLACE], dtype=object)
    return frame.where(frame.notna(), None)


def _of_paper(paper: Paper, corpus: Corpus) -> Iterator[dict[str, object]]:
    yield {**_named(paper, PAPER_ENTRY), **_bibliography(paper)}
    for index, of_experiment in groupby(rows(paper, corpus.sweeps), key=lambda row: row.experiment_index):
        first = next(of_experiment)
        names = {"dataset": first.experiment.dataset, "architecture": first.experiment.architecture}
        if unpruned := dict(_unpruned(first.experiment)):
            yield _named(paper, UNPRUNED, index) | names | unpruned
        for row in (first, *of_experiment):
            yield _of_row(row, names)


def _of_row(row: Row, names: dict[str, str | None]) -> dict[str, object]:
    if row.curve is None or row.point is None or row.curve_index is None or row.point_index is None:
        return _named(row.paper, WITHOUT_NUMBERS, row.experiment_index) | names | _without_numbers(row.experiment)
    named = _named(row.paper, RESULT, row.experiment_index, row.curve_index, row.point_index) | names
    settings = None if row.settings is None else "; ".join(f"{name} {value}" for name, value in row.settings.items())
    return named | {"method": whose(row.curve), "settings": settings} | _result(row.point, row.curve, row.experiment)


def whose(curve: Curve) -> str:
    """Whose method a curve shows, and who measured it: ``ThiNet (rerun of luo2017thinet)``, ``own``."""
    copied = f"copied from {curve.copied_from}" if curve.copied_from else "copied"
    origin = {"own": "", "rerun": "rerun", "copied": copied, "unclear": "rerun or copied"}[curve.origin]
    proposed = f"of {curve.proposed_by}" if curve.proposed_by and curve.origin != "own" else ""
    how = " ".join(part for part in (origin, proposed) if part)
    return f"{curve.method} ({how})" if curve.method and how else curve.method or how or "own"


def _named(paper: Paper, entry: str, experiment: int = -1, curve: int = -1, point: int = -1) -> dict[str, object]:
    place = {"experiment": experiment, "curve": curve, "point": point}
    return {"paper_id": paper.id, "entry": entry, "dataset": None, "architecture": None, "method": None, **place}


def _bibliography(paper: Paper) -> dict[str, object]:
    names = paper.identifiers
    return {
        **{name: getattr(paper, name) for name in _OF_PAPER},
        "authors": "; ".join(paper.authors or ()) or None,
        "year": paper.published.year,
        "month": paper.published.month,
        "arxiv": names.arxiv if names else None,
        "doi": names.doi if names else None,
        "links": " ".join(paper.links or ()) or None,
        "contributors": ", ".join(paper.contributors or ()) or None,
    }


def _unpruned(experiment: Experiment) -> Iterator[tuple[str, object]]:
    for name, value in _said(experiment):
        if name == "base_metrics":
            yield from _measured(value or (), "base_")
        elif name == "base_locator" and value:
            yield "locator", locator_text(value)
        elif value is not None:
            yield name, _cell(value)


def _without_numbers(experiment: Experiment) -> dict[str, object]:
    return {
        "method": experiment.method,
        "seeds": experiment.seeds,
        "survey_row": experiment.survey_row,
        "locator": locator_text(experiment.locator),
        "note": experiment.note,
    }


def _result(point: Point, curve: Curve, experiment: Experiment) -> dict[str, object]:
    notes = " ".join(note for note in (point.note, curve.note, experiment.note) if note)
    return {
        "survey_row": point.survey_row,
        **{name: _cell(value) for name, value in (*_said(point), *_said(curve))},
        **dict(_measured(point.metrics or (), "")),
        "locator": locator_text(point.locator or curve.locator),
        "note": notes or None,
    }


def _said(one: Experiment | Curve | Point) -> Iterator[tuple[str, Any]]:
    """The fields that have columns of their own."""
    return ((name, getattr(one, name)) for name in type(one).model_fields if name not in _ELSEWHERE[type(one)])


def _cell(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def _measured(metrics: Iterable[Measurement], prefix: str) -> Iterator[tuple[str, object]]:
    for one in metrics:
        yield f"{prefix}{one.metric}", one.value if one.runs is None else ", ".join(map(str, one.runs))
        if one.std is not None:
            yield f"{prefix}{one.metric}_std", one.std
