"""Experiments in the rows of a spreadsheet, one operating point a row.

Rows with the same dataset, architecture and unpruned model are one experiment, and within it those with the same method
are one curve.  A place that all points of a curve share is the curve's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from prunelit.cli.entry.adding import Values
from prunelit.cli.entry.cells import value
from prunelit.cli.entry.columns import EXPERIMENT_COLUMN, METRIC, column_of, experiment, is_known, kind_of, name_of
from prunelit.cli.entry.mapping import Mapping
from prunelit.cli.entry.names import meant, unknown
from prunelit.cli.entry.spreadsheet import SheetRow
from prunelit.schema.messages import explain
from prunelit.schema.problems import Path, Problem, nearest, quoted
from prunelit.schema.reading import UnreadableError
from prunelit.schema.record import Experiment, Paper
from prunelit.schema.references import PAPER_REFERENCE
from prunelit.schema.rules import Names, measured_once, origin_agrees, times_on_hardware
from prunelit.schema.validation import Document, once


def spreadsheet_experiments(
    rows: Iterable[SheetRow], file: str, paper: str, collection: str, mapping: Mapping, names: Names
) -> list[Values]:
    """The experiments of a paper, as its record will hold them.

    Raises:
        UnreadableError: with every problem of every row.
    """
    problems: list[Problem] = []
    read: list[tuple[SheetRow, Values]] = []
    for row in rows:
        one, faults = _experiment(row, paper, collection, mapping, names)
        problems += [Problem(file, row.line, 1, rule, message) for rule, message in faults]
        read.append((row, one))
    problems += _differences(read, file)
    if problems:
        raise UnreadableError(*sorted(problems))
    return _grouped(read)


def _experiment(
    row: SheetRow, paper: str, collection: str, mapping: Mapping, names: Names
) -> tuple[Values, list[tuple[str, str]]]:
    """The experiment of one row, and its faults: the rule of each, and a message that names the column."""
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for column, cell in row.cells.items():
        try:
            own, known = _translated(column, cell, mapping, names)
            values[own] = value(column, known, mapping.units.get(column))
        except LookupError as error:
            faults.append(("known-names", f"column '{column}': {error.args[0]}"))
        except ValueError as error:
            faults.append(("cell", f"column '{column}': {error}"))
    one = experiment(values, collection)
    if not faults:
        faults = list(_faults(one, paper, names))
    return one, faults


def _translated(column: str, cell: str, mapping: Mapping, names: Names) -> tuple[str, str]:
    """A column and its cell, with our names of datasets, architectures, papers and metrics.

    Raises:
        LookupError: if there is no such name.
    """
    if match := METRIC.fullmatch(column):
        metric = _named("metric", match[2], mapping, names)
        own = f"{match[1] or ''}metric:{metric}{f':{match[3]}' if match[3] else ''}"
    else:
        own = column
    of = name_of(column)
    several = cell.split(";") if kind_of(column) == "texts" else [cell]
    return own, ";".join(_cell(of, one.strip(), mapping, names) for one in several)


def _cell(of: str | None, cell: str, mapping: Mapping, names: Names) -> str:
    """A cell with our name in it, if it holds a name of something."""
    if of == PAPER_REFERENCE and cell not in names.references:
        hint = nearest(cell, names.references) or "; a paper is named as its file in corpus/papers"
        raise LookupError(f"paper {quoted(cell)} has no record{hint}")
    return cell if of in (PAPER_REFERENCE, None) else _named(of, cell, mapping, names)


def _named(kind: str, spelling: str, mapping: Mapping, names: Names) -> str:
    found = meant(kind, mapping.names.get(spelling, spelling), names)
    if found is None:
        raise LookupError(unknown(kind, spelling, names))
    return found


def _faults(one: Values, paper: str, names: Names) -> Iterator[tuple[str, str]]:
    """What of a row does not fit the schema, or contradicts itself about whose method and numbers it holds."""
    try:
        fitting = Experiment.model_validate(one)
    except ValidationError as error:
        for path, fault in once(error.errors(include_url=False), Experiment):
            rule, message = explain(path, fault, Experiment)
            yield rule, _of_column(path, one, "the cell is empty" if rule == "missing-key" else message)
    else:
        asked: dict[str, Any] = {"id": paper, "experiments": (fitting,)}
        record = Paper.model_construct(**asked)
        for holds in (origin_agrees, times_on_hardware, measured_once):
            for path, message in holds(names, Document("", "", record)):
                yield holds.__name__.replace("_", "-"), _of_column(path[2:], one, message)  # below the one experiment


def _of_column(path: Path, one: Values, message: str) -> str:
    """A message about a value, which names the column that the value comes from if it comes from one."""
    column = column_of(path, one)
    said = message.removeprefix(f"'{path[-1] if isinstance(path[-1], str) else path[-2]}': ")
    return f"column '{column}': {said}" if is_known(column) else said


def _differences(read: list[tuple[SheetRow, Values]], file: str) -> Iterator[Problem]:
    """Rows that say the same twice, or leave out what other rows say about the same unpruned model.

    Numbers from elsewhere start from unpruned models of their own.
    """
    lines: dict[str, int] = {}
    told: dict[tuple[str, ...], tuple[int, set[str]]] = {}
    for row, one in read:
        before = lines.setdefault(repr((_label(row), one)), row.line)
        if before != row.line:
            yield Problem(file, row.line, 1, "duplicate-row", f"the same as line {before}; remove one")
        line, base = told.setdefault((*_start(one), _label(row)), (row.line, _base(one)))
        if missing := sorted(base ^ _base(one)):
            message = f"{', '.join(missing)}: given here or on line {line}, but not on both; "
            message += "say the same about an unpruned model in every row of its dataset and architecture, "
            message += f"or tell different ones apart in a column '{EXPERIMENT_COLUMN}'"
            yield Problem(file, row.line, 1, "unpruned-model", message)


def _start(one: Values) -> tuple[str, str, str]:
    """Dataset, architecture, and whose unpruned model it is."""
    (curve,) = one["curves"]
    elsewhere = repr((curve.get("method"), curve.get("proposed_by"))) if curve.get("origin") in _ELSEWHERE else ""
    return one.get("dataset", ""), one.get("architecture", ""), elsewhere


_ELSEWHERE = ("copied", "unclear")


def _label(row: SheetRow) -> str:
    return row.cells.get(EXPERIMENT_COLUMN, "")


def _base(one: Values) -> set[str]:
    return {name for name in one if name.startswith("base_")}


def _grouped(read: Iterable[tuple[SheetRow, Values]]) -> list[Values]:
    """One experiment for all that differ in their curves alone, and one curve for all that differ in their points."""
    experiments: dict[str, Values] = {}
    curves: dict[tuple[str, str], Values] = {}
    for row, one in read:
        head = repr((_label(row), {name: part for name, part in one.items() if name != "curves"}))
        (curve,) = one["curves"]
        kind = head, repr({name: part for name, part in curve.items() if name != "points"})
        if kind in curves:
            curves[kind]["points"] += curve["points"]
            continue
        curves[kind] = curve
        if head in experiments:
            experiments[head]["curves"].append(curve)
        else:
            experiments[head] = one
    for curve in curves.values():
        _share_place(curve)
    return list(experiments.values())


def _share_place(curve: Values) -> None:
    """Move the locator from the points of a curve to the curve, if all have the same."""
    first, *others = (point.get("locator") for point in curve["points"])
    if first and others and all(other == first for other in others):
        curve["locator"] = first
        for point in curve["points"]:
            del point["locator"]
