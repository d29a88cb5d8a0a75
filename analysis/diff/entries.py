"""Entries of records, digit by digit.

The other tables hold floats, for which 76.0 is 76.  Here a cell is what the record says: a :class:`decimal.Decimal`
with its digits, or text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

import pandas as pd

from prunelit.analysis.frames.labels import locator_text
from prunelit.schema.corpus import Corpus
from prunelit.schema.measurement import Measurement
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.walk import Row, rows

RESULT, UNPRUNED, WITHOUT_NUMBERS, PAPER = "result", "unpruned model", "experiment without numbers", "paper"

PLACE = ["experiment", "curve", "point"]
"""Where in the record an entry stands, counted from 0; -1 where it has no such place."""
NAMES = ["paper_id", "entry", "dataset", "architecture", "method"]
"""What an entry is about."""
REMARKS = ["locator", "note", "title", "authors", "venue", "arxiv", "doi", "links", "contributors"]
"""Columns whose change moves no number."""

_ELSEWHERE = {"locator", "note", "metrics", "survey_row"}


def entries(corpus: Corpus, papers: Collection[str] | None = None) -> pd.DataFrame:
    """One row an operating point, an unpruned model, an experiment without numbers, and a paper.

    Args:
        corpus: The records.
        papers: Ids of the papers whose entries are wanted; all by default.

    Returns:
        ``NAMES``, ``PLACE``, and one column a quantity or remark; a cell that says nothing is None.
    """
    wanted = [paper for paper in corpus.papers if papers is None or paper.id in papers]
    found = [entry for paper in wanted for entry in _of_paper(paper, corpus)]
    frame = pd.DataFrame(found, columns=None if found else [*NAMES, *PLACE], dtype=object)
    return frame.where(frame.notna(), None)


def _of_paper(paper: Paper, corpus: Corpus) -> Iterator[dict[str, object]]:
    yield {**_named(paper, PAPER), **_bibliography(paper)}
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
        "title": paper.title,
        "authors": "; ".join(paper.authors or ()) or None,
        "year": paper.published.year,
        "month": paper.published.month,
        "venue": paper.venue,
        "arxiv": names.arxiv if names else None,
        "doi": names.doi if names else None,
        "links": " ".join(paper.links or ()) or None,
        "contributors": ", ".join(paper.contributors or ()) or None,
        "note": paper.note,
    }


def _unpruned(experiment: Experiment) -> Iterator[tuple[str, object]]:
    for name in Experiment.model_fields:
        value = getattr(experiment, name)
        if not name.startswith("base_") or value is None:
            continue
        if name == "base_metrics":
            yield from _measured(value, "base_")
        elif name == "base_locator":
            yield "locator", locator_text(value)
        else:
            yield name, ", ".join(map(str, value)) if isinstance(value, tuple) else value
    if experiment.flop_convention:
        yield "flop_convention", experiment.flop_convention


def _without_numbers(experiment: Experiment) -> dict[str, object]:
    return {
        "method": experiment.method,
        "seeds": experiment.seeds,
        "survey_row": experiment.survey_row,
        "locator": locator_text(experiment.locator),
        "note": experiment.note,
    }


def _result(point: Point, curve: Curve, experiment: Experiment) -> dict[str, object]:
    numbers = {name: getattr(point, name) for name in Point.model_fields if name not in _ELSEWHERE}
    notes = " ".join(note for note in (point.note, curve.note, experiment.note) if note)
    return {
        "survey_row": point.survey_row,
        **numbers,
        **dict(_measured(point.metrics or (), "")),
        "locator": locator_text(point.locator or curve.locator),
        "note": notes or None,
    }


def _measured(metrics: tuple[Measurement, ...], prefix: str) -> Iterator[tuple[str, object]]:
    for one in metrics:
        yield f"{prefix}{one.metric}", one.value if one.runs is None else ", ".join(map(str, one.runs))
        if one.std is not None:
            yield f"{prefix}{one.metric}_std", one.std
