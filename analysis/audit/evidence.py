"""Evidence that rules of the audit look at: the rows of a dataset, and the reports of unpruned networks.

Rules look at a dataset twice, as published and as corrected; all that they share is computed once for each.  Of a
single record that is held against a corpus, rows and points are its own; what other papers say comes from the corpus,
where it was computed once for all records.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from itertools import compress
from typing import TypeVar

import pandas as pd

from prunelit.analysis.audit.reports import Reported, Reports, UnprunedReport, reports
from prunelit.analysis.audit.rows import AuditRow, Pair, ReportedNames, grouped, same_names
from prunelit.analysis.claims.blalock2020 import CLAIM_COLUMNS, claims_table
from prunelit.analysis.dataset import SURVEY, Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.columns import typed
from prunelit.analysis.frames.completed import RULED, columns_read, complete, operating_points
from prunelit.analysis.frames.corrections import applied, corrected_corpus, corrected_results
from prunelit.analysis.frames.flop_convention import with_convention
from prunelit.analysis.frames.reported import RESULTS, results_table
from prunelit.analysis.frames.unchanged import with_unchanged
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction, NamedResult
from prunelit.schema.correction_targets import OF_EXPERIMENT, OF_POINT, result_paths
from prunelit.schema.problems import Path as PathInRecord
from prunelit.schema.record import Experiment, Paper, Point
from prunelit.schema.walk import curves, experiments

T = TypeVar("T")
_Places = dict[tuple[str, PathInRecord], dict[str, Correction]]
"""The corrections of each place in a record, by paper and path, each with the field that it corrects."""


@computed_once
def audit_rows(dataset: Dataset) -> list[AuditRow]:
    """All rows but the points of released sweeps, in the order of the records.

    Those of papers that no correction names are the same before and after.
    """
    known = _as_published(dataset)
    standing = (one for one in dataset.records.papers if one.status is None)
    return [row for paper in standing for row in known.get(paper.id) or _rows_of(paper, dataset)]


def _as_published(dataset: Dataset) -> dict[Hashable, list[AuditRow]]:
    """The rows before any correction of the papers that none names."""
    if not dataset.corrected or not dataset.corpus.corrections:
        return {}
    named = {one.paper for one in dataset.corpus.corrections}
    rows = (row for row in audit_rows(dataset.as_published()) if row.paper.id not in named)
    return grouped(rows, lambda row: row.paper.id)


def _rows_of(paper: Paper, dataset: Dataset) -> Iterator[AuditRow]:
    """The rows of a paper, without those of sweeps.

    An experiment that has nothing but sweeps counts as one without numbers.
    """
    padded = not _padding(dataset).isdisjoint(paper.collections)
    for at, experiment in enumerate(paper.experiments or ()):
        of, curves = ("experiments", at), experiment.curves or ()
        if all(curve.sweep for curve in curves):
            corrected = _corrections(dataset, paper.id, of, experiment)
            yield AuditRow(paper, of, experiment, None, None, padded, corrected)
        for index, curve in enumerate(curves):
            for place, point in enumerate(() if curve.sweep else dataset.corpus.points(curve)):
                path = (*of, "curves", index, "points", place)
                corrected = _corrections(dataset, paper.id, path, point)
                yield AuditRow(paper, path, experiment, curve, point, padded, corrected)


@computed_once
def _padding(dataset: Dataset) -> set[str]:
    """The collections whose numbers end in zeros that mean nothing."""
    return {one.name for one in dataset.corpus.collections if one.padded}


@computed_once
def audit_points(dataset: Dataset) -> list[AuditRow]:
    """The rows that are operating points."""
    return [row for row in audit_rows(dataset) if row.point]


def rows_where(dataset: Dataset, told: Callable[[ReportedNames], bool]) -> list[AuditRow]:
    """The rows whose quantities answer a question; it is asked once of all that report the same.

    Args:
        dataset: The records.
        told: The question.
    """
    return _answering(audit_rows(dataset), _reported(dataset, audit_rows), told)


def points_where(dataset: Dataset, told: Callable[[ReportedNames], bool]) -> list[AuditRow]:
    """As :func:`rows_where`, of the rows that are operating points."""
    return _answering(audit_points(dataset), _reported(dataset, audit_points), told)


@computed_once
def _reported(dataset: Dataset, of: Callable[[Dataset], list[AuditRow]]) -> list[ReportedNames]:
    """What each of some rows reports."""
    return [row.names for row in of(dataset)]


def _answering(found: list[T], names: list[ReportedNames], told: Callable[[ReportedNames], bool]) -> list[T]:
    """What a question is true of, about the names that go with each."""
    wanted = {one for one in set(names) if told(one)}
    return list(compress(found, map(wanted.__contains__, names)))


@computed_once
def without_sweeps(dataset: Dataset) -> pd.DataFrame:
    """Completed operating points without sweeps: what rules look at of these.

    Those that no correction reaches are the same before and after.
    """
    corpus = dataset.corpus
    if not dataset.corrected or not corpus.corrections:
        return _without_sweeps(dataset, corpus.papers)
    known, reached = without_sweeps(dataset.as_published()), reached_papers(corpus)
    made = tuple(one for one in corpus.papers if one.id in reached)
    return with_unchanged(_without_sweeps(dataset, made), made, known, corpus)


def _without_sweeps(dataset: Dataset, papers: tuple[Paper, ...]) -> pd.DataFrame:
    """The same of some papers, which are completed anew: most points are those of sweeps, which no rule looks at.

    Of a sweep one point is left, which says as much as all of them how its paper counts operations; all where a
    correction may mean some of them.
    """
    corpus = dataset.corpus
    reached = reached_papers(corpus)
    whole = {curve.points_file for one in papers if one.id in reached for _, curve in curves(one)}
    sweeps = {name: points if name in whole else points[:1] for name, points in corpus.sweeps.items()}
    own = replace(corpus, papers=papers, documents=(), sweeps=sweeps)
    rows = results_table(corrected_corpus(own) if dataset.corrected else own, _READ)
    rows = corrected_results(rows, applied(own)) if dataset.corrected else rows
    table = operating_points(with_convention(complete(rows), dataset.reference_models()))
    return table[~table["sweep"].astype(bool)].reset_index(drop=True)


_OF_WHAT = ("paper_id", "experiment", "curve", "point", "survey_row", "dataset", "architecture", "origin", "sweep")
_READ = tuple(
    one
    for one in RESULTS
    if one.name in {*_OF_WHAT, *NamedResult.NAMES, *OF_EXPERIMENT, *OF_POINT, *columns_read(RULED), "flop_convention"}
)
"""The columns of results that tell what follows from them, what is corrected, and what can be compared."""


def reached_papers(corpus: Corpus) -> set[str]:
    """The papers that corrections may reach: their own, and those of unpruned models of their architectures."""
    right = {one.architecture for one in corpus.part("reference_corrections")}
    on = (paper.id for paper in corpus.papers for _, one in experiments(paper) if one.architecture in right)
    return {one.paper for one in corpus.corrections}.union(on)


@computed_once
def derived(dataset: Dataset) -> list[tuple[AuditRow, dict[str, float]]]:
    """Each operating point with its completed quantities; what is unknown is left out."""
    names = [*RULED, "base_flops", "base_multiply_adds"]
    numbers = without_sweeps(dataset)[names].to_numpy(dtype="float64").tolist()
    known = ({name: x for name, x in zip(names, one, strict=True) if x == x} for one in numbers)
    return list(zip(audit_points(dataset), known, strict=True))


def derived_where(dataset: Dataset, told: Callable[[ReportedNames], bool]) -> list[tuple[AuditRow, dict[str, float]]]:
    """As :func:`derived`, of the points whose completed quantities answer a question, as of :func:`rows_where`."""
    return _answering(derived(dataset), _given(dataset), told)


@computed_once
def _given(dataset: Dataset) -> list[ReportedNames]:
    """The completed quantities of each operating point."""
    return [same_names(frozenset(known)) for _, known in derived(dataset)]


@computed_once
def known(dataset: Dataset) -> dict[int, dict[str, float]]:
    """The completed quantities of each operating point, by the identity of its row."""
    return {id(row): found for row, found in derived(dataset)}


@computed_once
def points_by_tradeoff(dataset: Dataset, least: int = 1) -> list[list[AuditRow]]:
    """The operating points of each paper, dataset, architecture, method and training; where there are few, not."""
    if least > 1:
        return [rows for rows in points_by_tradeoff(dataset) if len(rows) >= least]
    return list(grouped(audit_points(dataset), lambda row: row.tradeoff).values())


@computed_once
def points_by_paper(dataset: Dataset) -> dict[Hashable, list[AuditRow]]:
    """The operating points of each paper."""
    return grouped(audit_points(dataset), lambda row: row.paper.id)


def all_papers(dataset: Dataset) -> tuple[Paper, ...]:
    """All papers; a single record stands where its namesake does in the corpus that it is held against, or last."""
    own, known = dataset.records, dataset.beside.records if dataset.beside else None
    if known is None:
        return own.papers
    new = (one for one in own.papers if one.id not in known.by_id)
    return (*(own.by_id.get(one.id, one) for one in known.papers), *new)


@computed_once
def places_of_papers(dataset: Dataset) -> dict[str, int]:
    """Which of all papers comes first: of two that are alike, the later one is told of."""
    return {one.id: place for place, one in enumerate(all_papers(dataset))}


@computed_once
def papers_by_id(dataset: Dataset) -> dict[str, Paper]:
    """All papers by their ids, a single record in place of its namesake."""
    return (dataset.beside.records.by_id if dataset.beside else {}) | dataset.records.by_id


def judged_reports(dataset: Dataset, reports: Iterable[UnprunedReport]) -> list[UnprunedReport]:
    """The reports by papers of the dataset, without those that it is merely held against."""
    own = dataset.records.by_id
    return [one for one in reports if one.source in own]


@computed_once
def points_by_network(dataset: Dataset) -> dict[Hashable, list[AuditRow]]:
    """The points of all papers by paper, dataset and architecture."""
    if dataset.beside:
        return points_by_network(dataset.beside) | grouped(audit_points(dataset), lambda row: row.network)
    return grouped(audit_points(dataset), lambda row: row.network)


@computed_once
def usual(dataset: Dataset, pair: Pair, name: str, paper: str) -> float | None:
    """The median of what papers other than one, and references, report of an unpruned network."""
    reports = all_reported(dataset.beside or dataset).get((pair, name))
    values = reports.by_all_but(paper) if reports else None
    return values.median if values else None


@computed_once
def all_reported(dataset: Dataset) -> dict[tuple[Pair, str], Reported]:
    """As :func:`unpruned`, to hold each report against those of others."""
    return {key: Reported(found) for key, found in unpruned(dataset).items()}


@computed_once
def unpruned(dataset: Dataset) -> Reports:
    """What papers and reference models report of each unpruned network; for a single record, on its datasets."""
    if dataset.beside is None:
        return reports(audit_rows(dataset), derived(dataset), dataset.reference_models())
    own = reports(audit_rows(dataset), derived(dataset), dataset.reference_models().head(0))
    on = {row.experiment.dataset for row in audit_rows(dataset)}
    known = {key: found for key, found in unpruned(dataset.beside).items() if key[0][0] in on}
    papers = dataset.records.by_id
    elsewhere = {key: [one for one in found if one.source not in papers] for key, found in known.items()}
    return {key: elsewhere.get(key, []) + own.get(key, []) for key in elsewhere | own}


def survey_claims(dataset: Dataset) -> pd.DataFrame:
    """What the survey publishes against its data as published; none where the corpus does not hold the survey."""
    surveyed = (SURVEY in paper.collections and paper.survey_id for paper in dataset.corpus.papers)
    known = dataset.beside is None and any(surveyed)
    return claims_table(dataset.of(SURVEY).as_published()) if known else typed([], CLAIM_COLUMNS)


def _corrections(dataset: Dataset, paper: str, path: PathInRecord, holder: Experiment | Point) -> dict[str, Correction]:
    """What is corrected of an experiment or a point, the unpruned model of its experiment included."""
    if not dataset.corrected:
        return {}
    of_row = _by_survey_row(dataset).get(holder.survey_row, {}) if holder.survey_row is not None else {}
    places = _by_place(dataset)
    return of_row | places.get((paper, path[:2]), {}) | places.get((paper, path), {})


@computed_once
def _by_place(dataset: Dataset) -> _Places:
    found: _Places = {}
    papers = dataset.corpus.by_id
    for one in applied(dataset.corpus):
        for *place, name in result_paths(papers[one.paper], one) if one.result and one.paper in papers else ():
            found.setdefault((one.paper, tuple(place)), {})[str(name)] = one
    return found


@computed_once
def _by_survey_row(dataset: Dataset) -> dict[int, dict[str, Correction]]:
    found: dict[int, dict[str, Correction]] = {}
    for one in applied(dataset.corpus):
        if one.survey_row is not None:
            found.setdefault(one.survey_row, {})[one.field] = one
    return found
