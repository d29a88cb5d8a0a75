"""Silence: which changes of a record need a correction that says why.

A number that was published must not change, move or vanish unless a correction says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from prunelit.analysis.diff.entries import MEASURED, Entry
from prunelit.analysis.diff.statements import Statements, Told
from prunelit.schema.correction import Correction
from prunelit.schema.fields import parts, within
from prunelit.schema.locator import Locator
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.sweeps import SETTING

REMARKS = frozenset(
    ["note", "collections", *(name for one in within(Paper) for name, part in parts(one).items() if part is Locator)]
)
"""Fields that move no number, wherever they stand: caveats, locators, and what statistics a result counts in."""
_GUARDED: dict[type[BaseModel], frozenset[str]] = {
    Paper: frozenset({"published"}),
    Experiment: frozenset(Experiment.model_fields) - REMARKS,
    Curve: frozenset(MEASURED) | (Curve.model_fields.keys() & Point.model_fields.keys()) - REMARKS,
    Point: frozenset(Point.model_fields) - REMARKS,
}
"""Fields of each that say a number, or what it is a number of."""
_CALLED = ("dataset", "architecture", "method")
"""What a result is called by: without one of these it is called otherwise than with it."""
_NAMES = {Experiment: _CALLED, Curve: MEASURED}
"""Fields that say no number, but what the results in an entry are numbers of."""


def without_remarks(facts: Statements) -> Statements:
    """Statements that say numbers, or what they are numbers of."""
    return {path: fact for path, fact in facts.items() if path.split(".")[0] not in REMARKS}


def excuse(entry: Entry, one: Told, has_numbers: bool, corrections: Iterable[Correction]) -> str | None:
    """Why a field may change as told: the reason of a correction, "" where it needs none, None where it may not.

    Args:
        entry: The entry before.
        one: What is told of it.
        has_numbers: Whether there are numbers under its names.
        corrections: Those of the corpora before and after.
    """
    model = type(entry.model)
    said = one.names[0] in _GUARDED[model] or one.names[0].startswith(SETTING)
    guarded = said and REMARKS.isdisjoint(one.names)
    renamed = one.names[0] in _NAMES.get(model, ())
    added = one.before is None and one.names[0] not in _CALLED
    if added or not guarded or (renamed and not has_numbers):
        return ""
    return next((known.reason for known in corrections if _fits(known, entry, one)), None)


def excuses(entry: Entry, corrections: Iterable[Correction]) -> list[str | None]:
    """The same for each field of an entry that vanishes; what it is called, and its row of the survey, go with it."""
    corrections = list(corrections)
    if entry.is_empty:
        return [""]
    lost = (one for one in entry.said() if one.names != ("survey_row",))
    return [excuse(entry, one, False, corrections) for one in lost] or [""]


def _fits(known: Correction, entry: Entry, one: Told) -> bool:
    return (
        known.status != "proposed"
        and known.paper == entry.paper.id
        and _is_place(known, entry)
        and one.names in ((known.field,), ("published", known.field))
        and _same(known.expect, one.before)
        and _same(known.correct, one.after)
    )


def _is_place(known: Correction, entry: Entry) -> bool:
    """Whether an entry is what a correction is about."""
    if known.of_paper or isinstance(entry.model, Paper):
        return known.of_paper and isinstance(entry.model, Paper)
    if known.result is not None:
        return known.result.fits(_called(entry))
    return known.survey_row in _survey_rows(entry)


def _called(entry: Entry) -> dict[str, object]:
    dataset, architecture, _ = entry.names
    pruned_model = getattr(entry.model, "pruned_model", None)
    method = entry.curve and entry.curve.method
    return {"dataset": dataset, "architecture": architecture, "method": method, "pruned_model": pruned_model}


def _survey_rows(entry: Entry) -> set[int | None]:
    """The rows of the survey that an entry is, or holds."""
    if not isinstance(entry.model, Experiment):
        return {entry.survey_row} - {None}
    points = (point for curve in entry.model.curves or () for point in curve.points or ())
    return {entry.model.survey_row, *(point.survey_row for point in points)} - {None}


def _same(one: object, other: object) -> bool:
    return one == other or str(one) == str(other)
