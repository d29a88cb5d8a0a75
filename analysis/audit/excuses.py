"""What an acknowledgement excuses: a finding of a rule about something, with the numbers that the record prints there.

Nothing here depends on where in a file something stands, nor on other papers: a median that moves makes no
acknowledgement stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from prunelit.analysis.audit.findings import Suspicion
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Acknowledgement
from prunelit.schema.fields import units
from prunelit.schema.problems import Path
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.values import written
from prunelit.schema.walk import rows

_WITHOUT_NUMBERS = "no numbers"


@dataclass(frozen=True, slots=True)
class About:
    """What a finding is about: the field is that of the paper or the corpus; of results, the value names it."""

    rule: str
    paper: str | None = None
    dataset: str | None = None
    architecture: str | None = None
    method: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        network = " on ".join(one for one in (self.architecture, self.dataset) if one)
        return ", ".join(one for one in (self.rule, self.paper, network, self.method, self.field) if one)


@dataclass(frozen=True, slots=True)
class Excuse:
    """What a finding is about, and what the record prints there."""

    about: About
    value: str


def excuse_of(rule: str, suspicion: Suspicion, corpus: Corpus) -> Excuse:
    """What an acknowledgement must say to excuse a suspicion about a corpus, which is the one as published."""
    paper, path = corpus.by_id.get(suspicion.paper or ""), suspicion.path
    if paper is not None and path[:1] == ("experiments",) and len(path) > 1:
        about, printed = _of_results(rule, paper, path)
        return Excuse(about, suspicion.value or printed)
    about, value = About(rule, suspicion.paper, field=suspicion.subject), suspicion.value or _of_paper(paper, path)
    return Excuse(about, value or suspicion.found)


def excuses_in(acknowledgement: Acknowledgement) -> Iterator[tuple[Path, Excuse]]:
    """Everything that an acknowledgement excuses, each with the path to its value."""
    for at, one in enumerate(acknowledgement.excuses):
        about = About(acknowledgement.rule, acknowledgement.paper, one.dataset, one.architecture, one.method, one.field)
        for index, value in enumerate(one.values):
            yield ("excuses", at, "values", index), Excuse(about, value)


def succeeds(new: Excuse, old: Excuse) -> bool:
    """Whether a finding seems to be what an acknowledgement excused: the same thing, or the same value elsewhere."""
    same = (new.about.rule, new.about.paper) == (old.about.rule, old.about.paper)
    return new.about == old.about or (same and new.value == old.value)


def still_printed(excuse: Excuse, corpus: Corpus) -> bool:
    """Whether the record prints what is excused, even where no rule finds fault with it."""
    about, paper = excuse.about, corpus.by_id.get(excuse.about.paper or "")
    if paper is None:
        return False
    if about.field is not None:
        return excuse.value in _named(paper, about.field)
    on = (about.dataset, about.architecture)
    holders = ((row.experiment, row.curve, row.point) for row in rows(paper, {}))
    here = (one for one in holders if (one[0].dataset, one[0].architecture) == on)
    return any(excuse.value in _all_values(about.method, *one) for one in here)


def _of_results(rule: str, paper: Paper, path: Path) -> tuple[About, str]:
    """Names and numbers of an experiment, curve or point."""
    holders, rest = _holders(paper, path)
    experiment, curve, point = (*holders, None, None)[:3]
    field = str(rest[0]) if rest else None
    of_unpruned = field is not None and _is_of_unpruned(experiment, field)
    method = None if of_unpruned else curve.method if curve else experiment.method
    value = _value(experiment, curve, point, field)
    return About(rule, paper.id, experiment.dataset, experiment.architecture, method), value


def _holders(paper: Paper, path: Path) -> tuple[list[Any], Path]:
    """The experiment that a path leads through, its curve and its point, and the rest of the path."""
    found: list[Any] = []
    holder: Any = paper
    for depth, name in enumerate(("experiments", "curves", "points")):
        at = path[2 * depth : 2 * depth + 2]
        if len(at) < 2 or at[0] != name or not isinstance(at[1], int):
            break
        holder = getattr(holder, name)[at[1]]
        found.append(holder)
    return found, path[2 * len(found) :]


def _is_of_unpruned(experiment: Experiment, field: str) -> bool:
    return field.startswith("base_") and getattr(experiment, field, None) is not None


def _value(experiment: Experiment, curve: Curve | None, point: Point | None, field: str | None) -> str:
    """What is printed of a field, and what stands beside it; all of a point, curve or experiment without one."""
    if field is not None and _is_of_unpruned(experiment, field):
        return f"{field} {_text(getattr(experiment, field))}"
    if curve is not None and point is None:
        points = curve.points or (None,)
        beside = f"{len(points)} points: {_numbers(experiment, points[0])}"
    else:
        beside = _numbers(experiment, point, field)
    if field is None:
        return beside
    said = getattr(point or curve or experiment, field, None)
    return f"{field} {'missing' if said is None else _text(said)}; {beside}"


def _all_values(method: str | None, experiment: Experiment, curve: Curve | None, point: Point | None) -> Iterator[str]:
    """Everything that an acknowledgement may name of a method at a row, or of its unpruned model."""
    if method is None:
        for name in units(Experiment):
            yield _value(experiment, None, None, name)
    if method == (curve.method if curve else experiment.method):
        fields = (None, *(type(point or experiment).model_fields), *units(Experiment))
        for holder in (point, None) if curve else (None,):
            yield from (_value(experiment, curve, holder, field) for field in fields)
        yield from _said(point)


def _numbers(experiment: Experiment, point: Point | None, field: str | None = None) -> str:
    """All numbers of a point and of its unpruned model but one, or the row of the survey where there are none."""
    said = [*_said(point, field), *_said(experiment)]
    row = point.survey_row if point else experiment.survey_row
    return ", ".join(said) or (f"row {row} without numbers" if row is not None else _WITHOUT_NUMBERS)


def _said(one: Point | Experiment | None, but: str | None = None) -> Iterator[str]:
    """The qualities and efficiencies that are given, each with its name, but for one that is told already."""
    for name, unit in units(type(one)).items() if one else ():
        if unit.of != "spread" and name != but and (value := getattr(one, name)) is not None:
            yield f"{name} {_text(value)}"
    for measured in (one.metrics if isinstance(one, Point) else one.base_metrics if one else None) or ():
        said = next(value for value in (measured.value, measured.runs, measured.change) if value is not None)
        yield f"{measured.metric} {_text(said)}"


def _of_paper(paper: Paper | None, path: Path) -> str | None:
    """What stands at a path of a record beside its results; None where that is no value."""
    value: Any = paper
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return None if not path or path == ("experiments",) or value is None else _text(value)


def _named(paper: Paper, field: str) -> Iterator[str]:
    """What stands in a field of a record, and in each part of it: ``published``, ``identifiers: arxiv``."""
    name, _, inner = field.partition(": ")
    value = getattr(paper, name, None)
    inside = getattr(value, inner, None) if isinstance(value, BaseModel) and inner else None
    for one in (value, inside):
        if one is not None and name != "experiments":
            yield _text(one)
    yield from map(_text, value if isinstance(value, tuple) and name != "experiments" else ())


def _text(value: Any) -> str:
    """A value on one line: those of a mapping with their names."""
    if isinstance(value, BaseModel):
        return ", ".join(f"{name} {_text(one)}" for name, one in value if one is not None)
    return ", ".join(map(_text, value)) if isinstance(value, tuple) else written(value)
