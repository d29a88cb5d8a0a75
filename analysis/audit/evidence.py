"""What do rules look at?  The records as published or as corrected, number by number, with printed digits and places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pandas as pd

from prunelit.analysis.complete import completed
from prunelit.analysis.corrections import applied, corrected_corpus
from prunelit.analysis.graph import comparisons
from prunelit.analysis.tables import papers
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction
from prunelit.schema.problems import Path
from prunelit.schema.record import Curve, Experiment, Paper, Point


@dataclass(frozen=True, slots=True)
class Row:
    """One operating point, or one experiment without numbers, with its place in the record."""

    paper: Paper
    path: Path
    experiment: Experiment
    curve: Curve | None
    point: Point | None
    padded: bool
    corrections: dict[str, Correction] = field(default_factory=dict)

    def get(self, name: str) -> Decimal | None:
        """A reported quantity with its printed digits; ``base_…`` is that of the unpruned model."""
        if name in self.corrections:
            correct = self.corrections[name].correct
            return correct if isinstance(correct, Decimal) else None
        holder: Point | Experiment | None = self.experiment if name.startswith("base_") else self.point
        return getattr(holder, name, None) if holder else None

    def unit(self, name: str) -> Decimal:
        """One unit in the last digit that says something about precision; trailing zeros of a padded source do not."""
        value = self.get(name)
        if value is None:
            return Decimal(0)
        shown = value.normalize() if self.padded else value
        exponent = min(int(shown.as_tuple().exponent), _COARSEST.get(name.removeprefix("base_"), 0))
        return Decimal(1).scaleb(exponent)

    def where(self, name: str) -> Path:
        """The path of a quantity in the record."""
        return (*(self.path[:2] if name.startswith("base_") else self.path), name)

    @property
    def survey_row(self) -> int | None:
        """The row of the survey, where the point or experiment has one."""
        return self.point.survey_row if self.point else self.experiment.survey_row

    @property
    def name(self) -> str:
        """How findings call the row."""
        if self.survey_row is not None:
            return f"row {self.survey_row}"
        return ", ".join(f"{part} {index}" for part, index in zip(_PARTS, self.path[1::2], strict=False))

    @property
    def pair(self) -> tuple[str | None, str | None]:
        """Dataset and architecture."""
        return self.experiment.dataset, self.experiment.architecture

    @property
    def method(self) -> str | None:
        """The method's name."""
        return self.curve.method if self.curve else self.experiment.method


_PARTS = ("experiment", "curve", "point")
_COARSEST = {
    "params": 6,
    "flops": 9,
    **dict.fromkeys(["params_kept", "params_removed", "flops_kept", "flops_removed"], -2),
}
"""Exponent of the coarsest unit that a printed quantity can have: a million, a billion, a percent; else one."""


class Evidence:
    """A corpus as rules see it, once as published and once as corrected."""

    def __init__(self, corpus: Corpus, corrected: bool) -> None:
        self.published = corpus
        self.corrected = corrected
        self.corpus = corrected_corpus(corpus) if corrected else corpus

    @cached_property
    def rows(self) -> list[Row]:
        """All rows but those of released sweeps, in the order of the records."""
        return [row for paper in self.corpus.papers for row in self._rows(paper)]

    @cached_property
    def points(self) -> list[Row]:
        """The rows that are operating points."""
        return [row for row in self.rows if row.point]

    @cached_property
    def completed(self) -> pd.DataFrame:
        """Completed operating points without sweeps."""
        table = completed(self.published, corrected=self.corrected)
        return table[~table["sweep"].astype(bool)]

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """The edges of the comparison graph."""
        return comparisons(self.corpus, corrected=False)

    @cached_property
    def papers(self) -> pd.DataFrame:
        """The papers."""
        return papers(self.corpus, corrected=False)

    def _rows(self, paper: Paper) -> Iterator[Row]:
        padded = any(one.padded for one in self.corpus.collections if one.name in paper.collections)
        for at, experiment in enumerate(paper.experiments or ()):
            path: Path = ("experiments", at)
            if not experiment.curves:
                yield Row(paper, path, experiment, None, None, padded, self._corrections(experiment.survey_row))
            for index, curve in enumerate(experiment.curves or ()):
                for place, point in enumerate(() if curve.sweep else curve.points or ()):
                    where: Path = (*path, "curves", index, "points", place)
                    yield Row(paper, where, experiment, curve, point, padded, self._corrections(point.survey_row))

    def _corrections(self, row: int | None) -> dict[str, Correction]:
        return self._by_row.get(row, {}) if row is not None else {}

    @cached_property
    def _by_row(self) -> dict[int, dict[str, Correction]]:
        found: dict[int, dict[str, Correction]] = {}
        for one in applied(self.published) if self.corrected else ():
            if one.survey_row is not None:
                found.setdefault(one.survey_row, {})[one.field] = one
        return found
