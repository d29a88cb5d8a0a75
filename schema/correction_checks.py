"""Checks of corrections: each still meets the value that it corrects, and its right value can stand there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pydantic import ValidationError

from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction
from prunelit.schema.correction_targets import OF_EXPERIMENT, OF_PAPER, OF_POINT, result_paths, same
from prunelit.schema.messages import explain, path_of
from prunelit.schema.model import Model
from prunelit.schema.problems import Path, Problem, nearest
from prunelit.schema.record import Experiment, Paper, Point
from prunelit.schema.walk import experiments, points


def guard(corpus: Corpus) -> Iterator[Problem]:
    """The corrections that name nothing, that expect what the record does not say, or whose right value cannot be."""
    document = corpus.shared.get("corrections.yaml")
    for index, correction in enumerate(corpus.corrections):
        paper = corpus.by_id.get(correction.paper)
        if document is None or paper is None:
            continue
        for name, message in _faults(correction, paper):
            yield document.problem(("corrections", index, name), "correction-guard", message)


def guard_of_references(corpus: Corpus) -> Iterator[Problem]:
    """The corrections of tables of unpruned models that no row fits, or more than one."""
    document = corpus.shared.get("corrections.yaml")
    for index, one in enumerate(corpus.part("reference_corrections")):
        rows = [row for table in corpus.unpruned if table.name == one.source for row in table.models]
        found = sum(row.architecture == one.architecture and same(getattr(row, one.field), one.expect) for row in rows)
        if document is not None and found != 1:
            said = f"of '{one.source}' say {_shown(one.expect)} in '{one.field}' of '{one.architecture}'"
            told = f"{found or 'no'} rows {said}"
            yield document.problem(("reference_corrections", index, "expect"), "correction-guard", told)


def row_path(paper: Paper, survey_row: int, field: str) -> Path | None:
    """Where a record holds a field of a row of the survey; None where it has no such row."""
    holders: list[tuple[Path, Experiment | Point]] = [*experiments(paper), *points(paper)]
    for path, holder in holders:
        if holder.survey_row == survey_row:
            return (*(path[:2] if field in OF_EXPERIMENT else path), field)
    return None


def _faults(correction: Correction, paper: Paper) -> Iterator[tuple[str, str]]:
    known = OF_PAPER if correction.of_paper else OF_EXPERIMENT + OF_POINT
    if correction.field not in known:
        yield "field", f"a correction cannot change '{correction.field}'{nearest(correction.field, known)}"
    elif correction.result is not None:
        yield from _result_fault(correction, paper)
        yield from _misfit(correction)
    elif correction.survey_row is None:
        yield from _paper_fault(correction, paper)
    elif (path := row_path(paper, correction.survey_row, correction.field)) is None:
        yield "survey_row", f"'{paper.id}' has no row {correction.survey_row} of the survey"
    else:
        holder: object = paper
        for step in path[:-1]:
            holder = holder[step] if isinstance(step, int) else getattr(holder, step)  # type: ignore[index]
        yield from _unequal(correction, getattr(holder, correction.field, None))
        yield from _misfit(correction)


def _result_fault(correction: Correction, paper: Paper) -> Iterator[tuple[str, str]]:
    found = len(result_paths(paper, correction))
    said = f"of '{paper.id}' says {_shown(correction.expect)} in '{correction.field}'"
    if not found:
        yield "result", f"no such result {said}; the correction does not fit, or no longer"
    elif found > 1:
        yield "result", f"more than one such result {said}: {found}; name more of what it is"


def _misfit(correction: Correction) -> Iterator[tuple[str, str]]:
    """What keeps the right value from standing in the field of a row."""
    if correction.correct is None:
        return
    of_experiment = correction.field in OF_EXPERIMENT
    model: type[Model] = Experiment if of_experiment else Point
    rest: dict[str, object] = {"collections": ("any",)} if of_experiment else {"speedup": Decimal(1)}
    try:
        model.model_validate(rest | {correction.field: correction.correct})
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            yield "correct", explain(path_of(fault), fault, model)[1]


def _paper_fault(correction: Correction, paper: Paper) -> Iterator[tuple[str, str]]:
    if correction.field == "compares_to":
        listed = paper.compares_to or ()
        if correction.expect is not None and correction.expect not in listed:
            yield "expect", f"'{paper.id}' does not list '{correction.expect}' any more; remove the correction"
        if correction.correct is not None and correction.correct in listed:
            yield "correct", f"'{paper.id}' lists '{correction.correct}' by now; remove the correction"
    else:
        holder = paper.published if correction.field in ("year", "month") else paper
        yield from _unequal(correction, getattr(holder, correction.field))


def _unequal(correction: Correction, found: object) -> Iterator[tuple[str, str]]:
    expected = correction.expect
    if not same(found, expected):
        yield "expect", f"the record says {_shown(found)}, not {_shown(expected)}; the correction no longer fits"


def _shown(value: object) -> str:
    return "nothing" if value is None else f"'{value}'"
