"""What do rules look at?  The records as published or as corrected: rows, tables, and reports of unpruned networks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import pandas as pd

from prunelit.analysis.audit.reports import Reports, reports
from prunelit.analysis.audit.rows import Row
from prunelit.analysis.claims import COLLECTION, claims
from prunelit.analysis.columns import CLAIMS, RULED, typed
from prunelit.analysis.complete import completed
from prunelit.analysis.corrections import applied, corrected_corpus
from prunelit.analysis.graph import comparisons
from prunelit.analysis.tables import papers
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction
from prunelit.schema.meant import result_paths
from prunelit.schema.problems import Path
from prunelit.schema.record import Experiment, Paper, Point


class Evidence:
    """A corpus as rules see it: as published, or as corrected where the published evidence is given.

    Args:
        corpus: The records as published.
        published: The evidence as published, which the corrected one shares what does not change with.
    """

    def __init__(self, corpus: Corpus, published: Evidence | None = None) -> None:
        self.original = corpus
        self.published = published
        self.corpus = corrected_corpus(corpus) if published else corpus

    def corrected(self) -> Evidence:
        """The same records with the corpus's corrections applied."""
        return Evidence(self.original, self)

    @cached_property
    def rows(self) -> list[Row]:
        """All rows but the points of released sweeps, in the order of the records."""
        return [row for paper in self.corpus.papers for row in self._rows(paper)]

    @cached_property
    def points(self) -> list[Row]:
        """The rows that are operating points."""
        return [row for row in self.rows if row.point]

    @cached_property
    def completed(self) -> pd.DataFrame:
        """Completed operating points without sweeps."""
        table = completed(self.original, corrected=self.published is not None)
        return table[~table["sweep"].astype(bool)]

    @cached_property
    def derived(self) -> list[tuple[Row, dict[str, float]]]:
        """Each operating point with its completed quantities; what is unknown is left out."""
        names = [*RULED, "base_flops", "base_multiply_adds"]
        numbers = self.completed[names].to_numpy(dtype="float64").tolist()
        known = ({name: x for name, x in zip(names, one, strict=True) if x == x} for one in numbers)
        return list(zip(self.points, known, strict=True))

    @cached_property
    def unpruned(self) -> Reports:
        """What papers and reference models report of each unpruned network."""
        return reports(self.rows, self.derived, self.corpus)

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """The edges of the comparison graph."""
        return comparisons(self.corpus, corrected=False)

    @cached_property
    def papers(self) -> pd.DataFrame:
        """The papers."""
        return papers(self.corpus, corrected=False)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """What the survey publishes against its data as published; none where the corpus does not hold the survey."""
        if self.published:
            return self.published.claims
        known = any(COLLECTION in paper.collections and paper.survey_id for paper in self.corpus.papers)
        return claims(self.original) if known else typed([], CLAIMS)

    def _rows(self, paper: Paper) -> Iterator[Row]:
        padded = any(one.padded for one in self.corpus.collections if one.name in paper.collections)
        for at, experiment in enumerate(paper.experiments or ()):
            path: Path = ("experiments", at)
            if all(curve.sweep for curve in experiment.curves or ()):
                yield Row(paper, path, experiment, None, None, padded, self._corrections(paper, path, experiment))
            for index, curve in enumerate(experiment.curves or ()):
                for place, point in enumerate(() if curve.sweep else curve.points or ()):
                    where: Path = (*path, "curves", index, "points", place)
                    yield Row(paper, where, experiment, curve, point, padded, self._corrections(paper, where, point))

    def _corrections(self, paper: Paper, path: Path, holder: Experiment | Point) -> dict[str, Correction]:
        """What is corrected of an experiment or a point, the unpruned model of its experiment included."""
        of_row = self._by_row.get(holder.survey_row, {}) if holder.survey_row is not None else {}
        return of_row | self._by_place.get((paper.id, path[:2]), {}) | self._by_place.get((paper.id, path), {})

    @cached_property
    def _by_place(self) -> dict[tuple[str, Path], dict[str, Correction]]:
        found: dict[tuple[str, Path], dict[str, Correction]] = {}
        for one in applied(self.original) if self.published else ():
            for *place, name in result_paths(self.original.by_id[one.paper], one) if one.result else ():
                found.setdefault((one.paper, tuple(place)), {})[str(name)] = one
        return found

    @cached_property
    def _by_row(self) -> dict[int, dict[str, Correction]]:
        found: dict[int, dict[str, Correction]] = {}
        for one in applied(self.original) if self.published else ():
            if one.survey_row is not None:
                found.setdefault(one.survey_row, {})[one.field] = one
        return found
