"""Entries of records: papers, their experiments, curves and results, each with what it says itself.

The tables hold floats, for which 76.0 is 76.  Here a number is what the record says: a :class:`decimal.Decimal` with
its digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from prunelit.analysis.diff.statements import Statements, Told, exact, statements_of, told, words
from prunelit.analysis.frames.labels import locator_text
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.sweeps import SETTING
from prunelit.schema.walk import Row, Sweeps, rows

PAPER_ENTRY, EXPERIMENT_ENTRY, CURVE_ENTRY, RESULT_ENTRY = "paper", "experiment", "curve", "result"
WITHOUT_NUMBERS = "experiment without numbers"
KINDS = (PAPER_ENTRY, EXPERIMENT_ENTRY, CURVE_ENTRY, RESULT_ENTRY)
"""What is an entry; each is part of one of the kind before."""

ENTRY_PLACE = ["experiment", "curve", "point"]
"""Where in the record an entry stands, counted from 0; -1 where it has no such place."""
ENTRY_NAMES = ["paper_id", "entry", "dataset", "architecture", "method"]
"""What an entry is about."""
MEASURED = ("method", "origin", "proposed_by", "copied_from")
"""What a curve says of whose method it shows, and of who measured it."""

_OF_POINT = tuple(name for name in Experiment.WITHOUT_CURVES if name in Point.model_fields)
_OF_CURVE = tuple(name for name in Experiment.WITHOUT_CURVES if name in Curve.model_fields and name not in _OF_POINT)
_BELOW: dict[type[BaseModel], tuple[str, ...]] = {
    Paper: ("experiments",),
    Experiment: ("curves", *_OF_CURVE, *_OF_POINT),
    Curve: ("points",),
    Point: (),
}
"""The fields of each that are entries of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A part of a record that is told by itself."""

    kind: str
    model: BaseModel
    paper: Paper
    place: tuple[int, int, int] = (-1, -1, -1)
    experiment: Experiment | None = None
    curve: Curve | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """Of the run, for a point of a released sweep."""
    is_empty: bool = False
    """True for what an experiment without numbers says of its method and runs."""

    @property
    def names(self) -> tuple[str | None, str | None, str | None]:
        """Dataset, architecture, and whose method it is."""
        if self.experiment is None:
            return None, None, None
        return self.experiment.dataset, self.experiment.architecture, whose(self.curve) if self.curve else None

    @property
    def survey_row(self) -> int | None:
        """The row of the survey that it is."""
        return getattr(self.model, "survey_row", None) if self.kind == RESULT_ENTRY else None

    @property
    def locator(self) -> str | None:
        """Where its numbers stand."""
        own = getattr(self.model, "base_locator" if self.kind == EXPERIMENT_ENTRY else "locator", None)
        return locator_text(own or (self.curve.locator if self.curve else None))

    def facts(self) -> Statements:
        """What it says, by the path of each field."""
        settings = {f"{SETTING}{name}": value for name, value in self.settings.items()}
        return statements_of(self.model, _BELOW[type(self.model)]) | settings

    def content(self) -> str:
        """What it says as one text, the same for equal entries alone."""
        return exact(self.model) + repr(self.settings) if self.kind == RESULT_ENTRY else repr(self.facts())

    def words(self, *apart: str) -> str:
        """What it says for people, numbers first, settings last, without some fields."""
        settings = [f"{name} {value}" for name, value in self.settings.items()]
        return ", ".join(filter(None, [words(self.model, (*_BELOW[type(self.model)], *apart)), *settings]))

    def told(self, other: Entry) -> Iterator[Told]:
        """What another entry of its kind says differently."""
        yield from told(self.model, other.model, _BELOW[type(self.model)])
        for name in dict.fromkeys([*self.settings, *other.settings]):
            if self.settings.get(name) != other.settings.get(name):
                setting = f"{SETTING}{name}"
                yield Told(setting, self.settings.get(name), other.settings.get(name), False, (setting,))

    def said(self) -> Iterator[Told]:
        """What it says, as what would be gone without it."""
        for name in type(self.model).model_fields:
            if name not in _BELOW[type(self.model)] and (value := getattr(self.model, name)) is not None:
                yield Told(name, value, None, False, (name,))


def entries(paper: Paper, sweeps: Sweeps) -> dict[str, list[Entry]]:
    """The entries of a record, by their kinds; an experiment without numbers has a curve and a result, which are empty.

    Args:
        paper: The record.
        sweeps: The points of sweeps, by file.
    """
    found: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
    found[PAPER_ENTRY].append(Entry(PAPER_ENTRY, paper, paper))
    for at, experiment in enumerate(paper.experiments or ()):
        found[EXPERIMENT_ENTRY].append(Entry(EXPERIMENT_ENTRY, experiment, paper, (at, -1, -1), experiment))
        for index, curve in enumerate(experiment.curves or ()):
            found[CURVE_ENTRY].append(Entry(CURVE_ENTRY, curve, paper, (at, index, -1), experiment, curve))
        if not experiment.curves:
            empty = _empty_curve(experiment)
            found[CURVE_ENTRY].append(Entry(CURVE_ENTRY, empty, paper, (at, -1, -1), experiment, empty, is_empty=True))
    found[RESULT_ENTRY] += [_result(row) for row in rows(paper, sweeps)]
    return found


def _result(row: Row) -> Entry:
    if row.curve is None or row.point is None or row.curve_index is None or row.point_index is None:
        said: dict[str, Any] = {name: getattr(row.experiment, name) for name in _OF_POINT}
        empty, curve = Point.model_construct(None, **said), _empty_curve(row.experiment)
        return Entry(
            RESULT_ENTRY, empty, row.paper, (row.experiment_index, -1, -1), row.experiment, curve, is_empty=True
        )
    place = (row.experiment_index, row.curve_index, row.point_index)
    return Entry(RESULT_ENTRY, row.point, row.paper, place, row.experiment, row.curve, row.settings or {})


def _empty_curve(experiment: Experiment) -> Curve:
    """What an experiment without numbers says of its method."""
    said: dict[str, Any] = {name: getattr(experiment, name) for name in _OF_CURVE}
    return Curve.model_construct(None, **{"origin": None, **said})


def whose(curve: Curve) -> str:
    """Whose method a curve shows, and who measured it: ``ThiNet (rerun of luo2017thinet)``, ``own``."""
    copied = f"copied from {curve.copied_from}" if curve.copied_from else "copied"
    origins = {"own": "", "rerun": "rerun", "copied": copied, "unclear": "rerun or copied"}
    proposed = f"of {curve.proposed_by}" if curve.proposed_by and curve.origin != "own" else ""
    how = " ".join(part for part in (origins.get(curve.origin, ""), proposed) if part)
    return f"{curve.method} ({how})" if curve.method and how else curve.method or how or "own"
