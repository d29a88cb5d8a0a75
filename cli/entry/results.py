"""Experiments in the rows of a table, one operating point a row.

Rows with the same dataset, architecture and unpruned model are one experiment, and within it those with the same method
are one curve.  A place that all points of a curve share is the curve's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from prunelit.cli.entry.assignment import TableCell, TableRow
from prunelit.cli.entry.cells import CellReading, read_cell, says_nothing
from prunelit.cli.entry.columns import (
    EXPERIMENT_COLUMN,
    FRACTIONS,
    METRIC,
    column_of,
    experiment,
    is_known,
    kind_of,
    name_of,
)
from prunelit.cli.entry.faults import CellFault, told_once
from prunelit.cli.entry.joining import Values
from prunelit.cli.entry.mapping import Mapping
from prunelit.cli.entry.marks import unmarked_name
from prunelit.cli.entry.names import meant, unknown
from prunelit.cli.entry.quantity_units import fits, unit_in
from prunelit.cli.entry.unpruned_rows import as_baseline, is_architecture, is_called_unpruned, removed
from prunelit.schema.messages import explain
from prunelit.schema.problems import Path, Problem, nearest, quoted
from prunelit.schema.reading import UnreadableError
from prunelit.schema.record import Experiment, Paper, Point
from prunelit.schema.references import PAPER_REFERENCE
from prunelit.schema.rules import Names, measured_once, metric_bounds, origin_agrees, times_on_hardware
from prunelit.schema.validation import Document, once

_EMPTY = "a row without any number is left out"
_NOT_OF_OTHERS = (
    "numbers that are copied, or may be, start from unpruned models of their own; "
    "this one is taken for own numbers and reruns alone"
)


@dataclass
class RowRead:
    """A row with its values by our names of their columns, and what is wrong with it or must be told."""

    row: TableRow
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    notes: list[CellFault] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    """The heading of the column that each value comes from."""


def table_experiments(
    rows: list[TableRow],
    faults: list[CellFault],
    file: str,
    paper: str,
    collection: str,
    mapping: Mapping,
    names: Names,
) -> tuple[list[Values], list[Problem]]:
    """The experiments of a paper, as its record will hold them, and what to tell of how the table was read.

    Args:
        rows: The rows of the table.
        faults: What is wrong with them already.
        file: How messages call the file.
        paper: The id of the paper.
        collection: The collection that the results count in.
        mapping: What the contributor says of the table.
        names: The names that a record may use.

    Raises:
        UnreadableError: with every kind of fault of every row, each told once.
    """
    units = {one.name: one.unit for one in names.corpus.metrics}
    read = [_read(row, mapping, names, units) for row in rows]
    notes = [note for one in read for note in one.notes]
    faults = [
        *faults,
        *(fault for one in read for fault in one.faults),
        *_unit_faults(read, mapping),
        *_mark_faults(read, mapping),
    ]
    whole = [one for one in read if not one.faults and not _says_nothing(one)]
    notes += [CellFault(one.row.line, "note", _EMPTY, f"line {one.row.line}") for one in read if _says_nothing(one)]
    points, bases, more, said = _apart(whole, mapping, names)
    faults += more
    notes += said
    faults += _attached(points, bases)
    faults += _origin_faults(points)
    experiments = []
    for one in points:
        built = experiment(one.values, collection)
        found = list(_faults(one, built, paper, names)) if "origin" in one.values else []
        faults += found
        if not found:
            experiments.append((one.row, built))
    faults += _differences(experiments)
    notes += [
        CellFault(base.row.line, "note", _NOT_OF_OTHERS, f"line {base.row.line}")
        for base in bases
        if any(_start(base)[:3] == _start(one)[:3] and _start(base) != _start(one) for one in points)
    ]
    unused = [base for base in bases if not any(_start(base) == _start(one) for one in points)]
    alone = [(base.row, _without_curves(base.values, collection)) for base in unused]
    said_problems = list(told_once(notes, file))
    if faults:
        raise UnreadableError(*told_once(sorted(faults), file), *said_problems)
    return _grouped([*experiments, *alone]), said_problems


def _read(row: TableRow, mapping: Mapping, names: Names, units: dict[str, str]) -> RowRead:
    """The values of one row."""
    found = RowRead(row)
    for column, cell in row.cells.items():
        where = f"column '{cell.heading if cell.place else column}'"
        if says_nothing(column, cell.text):
            found.notes.append(
                CellFault(row.line, "note", f"{where}: {quoted(cell.text)} says nothing, and is left out", cell.place)
            )
            continue
        try:
            own, text = _translated(column, cell.text, mapping, names)
            read = read_cell(own, text, _reading(own, column, cell, mapping, units, column in row.wide))
        except LookupError as error:
            found.faults.append(CellFault(row.line, "known-names", f"{where}: {error.args[0]}", cell.place, cell.text))
        except ValueError as error:
            found.faults.append(CellFault(row.line, _rule(error), f"{where}: {error}", cell.place, cell.text))
        else:
            _take(found, own, read.values, where, cell)
            found.notes += [_left_out(row.line, where, mark, cell, mapping) for mark in read.taken]
    return found


def _says_nothing(one: RowRead) -> bool:
    """Whether the cells of a row that could hold numbers say that there are none, which is no mistake."""
    if one.row.held:
        return not one.faults and not any(name in one.values for name in one.row.held)
    numbers = (*Point.QUALITY, *Point.EFFICIENCY, *Point.STRUCTURE)
    return (
        bool(one.notes) and not any(name in numbers or METRIC.fullmatch(name) for name in one.values) and not one.faults
    )


def _rule(error: ValueError) -> str:
    return "number" if str(error).startswith("expected a") else "cell"


def _take(found: RowRead, own: str, values: dict[str, Any], where: str, cell: TableCell) -> None:
    """Note the values of a cell, of which none may stand in another cell, too."""
    for name, value in values.items():
        if name.startswith(("bounds:", "base_bounds:")):
            found.values.setdefault(name, []).extend(value)
        elif name in found.values or (name != own and name in found.row.cells):
            message = f"{where}: holds {name}, which stands in a column of its own, too"
            found.faults.append(CellFault(found.row.line, "cell", message, cell.place, cell.text))
        else:
            found.values[name] = value
            found.headings[name] = cell.heading if cell.place else ""


def _left_out(line: int, where: str, mark: str, cell: TableCell, mapping: Mapping) -> CellFault:
    hint = ""
    if mark.startswith("(") and not mapping.brackets:
        hint = f"; if it is a number of ours, say 'brackets: {{{cell.heading}: top1_change}}' in a mapping file"
    return CellFault(line, "note", f"{where}: {quoted(mark)} is left out{hint}", cell.place, cell.text)


def _reading(
    own: str, column: str, cell: TableCell, mapping: Mapping, units: dict[str, str], wide: bool
) -> CellReading:
    """How the cells of a column are read.

    Raises:
        ValueError: if its unit is none of what it holds.
    """
    match = METRIC.fullmatch(own)
    stated = None if wide else mapping.units.get(cell.heading) or mapping.units.get(column) or mapping.units.get(own)
    unit = stated or (unit_in(cell.heading) if cell.place and not wide else None)
    if unit and not fits(own, unit, units):
        if stated or kind_of(own) in ("quantity", "number", "count"):
            by = "the mapping" if stated else "its heading"
            raise ValueError(f"{by} says that it is in {unit}, which is no unit of '{own}'")
        unit = None
    either = (cell.heading, column, own)
    return CellReading(
        unit=unit,
        decimal=mapping.decimal or ".",
        drop=any(name in mapping.drops for name in either),
        bracket=next((mapping.brackets[name] for name in either if name in mapping.brackets), None),
        spread=mapping.spread,
        level=mapping.spread_level,
        metric_unit=units.get(match[2], "") if match and _in_metric_unit(match[3]) else "",
        sure=stated is not None,
    )


def _in_metric_unit(part: str | None) -> bool:
    """Whether a part of a measurement is in the unit of its metric."""
    return part in (None, "value", "change", "std", "spread:half_width", "spread:lower", "spread:upper", "runs")


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
    for one in dict.fromkeys((spelling, unmarked_name(spelling).text)):
        if found := meant(kind, mapping.names.get(one, one), names):
            return found
    raise LookupError(unknown(kind, spelling, names))


def _unit_faults(read: list[RowRead], mapping: Mapping) -> Iterator[CellFault]:
    """Shares in a column that its heading says to be in percent, and that look like fractions."""
    for name in sorted(FRACTIONS):
        cells = [(one.row, one.row.cells[name]) for one in read if name in one.values and name in one.row.cells]
        stated = name in mapping.units or any(cell.heading in mapping.units for _, cell in cells)
        plain = [(row, cell) for row, cell in cells if cell.place and unit_in(cell.heading) == "percent" and not stated]
        values = [one.values[name] for one in read if name in one.values]
        if plain and all("%" not in cell.text for _, cell in plain) and 0 < max(values) <= Decimal("0.01"):
            for row, cell in plain:
                message = f"column '{cell.heading}': all its numbers are at most 1, as fractions are; say which it is: "
                message += f"'units: {{{name}: fraction}}' or 'percent' in a mapping file"
                yield CellFault(row.line, "unit", message, cell.place, cell.text)


def _mark_faults(read: list[RowRead], mapping: Mapping) -> Iterator[CellFault]:
    """Methods whose names differ in nothing but a footnote mark, which may well tell them apart."""
    seen: dict[str, str] = {}
    for one in read:
        if "method" in one.values and (cell := one.row.cells.get("method")) and cell.text not in mapping.methods:
            bare = str(one.values["method"])
            text = " ".join(cell.text.split())
            before = seen.setdefault(bare, text)
            if before != text and _marks(before) != _marks(text):
                message = f"methods {quoted(before)} and {quoted(text)} differ in a mark alone; say in a mapping file "
                message += "what the rows with it are, as 'methods: {\"" + text + "\": {origin: copied}}'"
                yield CellFault(one.row.line, "mark", message, cell.place)


def _marks(text: str) -> list[str]:
    return unmarked_name(text).taken


def _apart(
    read: list[RowRead], mapping: Mapping, names: Names
) -> tuple[list[RowRead], list[RowRead], list[CellFault], list[CellFault]]:
    """The rows of pruned models, those of unpruned ones, what is wrong with them, and what to tell."""
    points: list[RowRead] = []
    bases: list[RowRead] = []
    faults: list[CellFault] = []
    notes: list[CellFault] = []
    for one in read:
        label, called = _called(one, mapping, names)
        lost = removed(one.values, one.row.wide if called else ())
        if called and lost:
            message = (
                f"the row {quoted(label)} is called as an unpruned model, but something is removed; if it is a method, "
            )
            message += "say which rows are unpruned in a mapping file: 'unpruned: []' for none"
            faults.append(CellFault(one.row.line, "unpruned-row", message, f"line {one.row.line}"))
        elif called or (lost is False and mapping.unpruned is None):
            values, unread = as_baseline(one.values)
            bases.append(RowRead(one.row, values, headings=one.headings))
            why = f"the row {quoted(label)}" if called else "a row in which nothing is removed"
            notes.append(CellFault(one.row.line, "note", f"{why} is the unpruned model", f"line {one.row.line}"))
            notes += [
                CellFault(
                    one.row.line, "note", f"column '{name}' of an unpruned model is left out", f"line {one.row.line}"
                )
                for name in unread
            ]
        else:
            points.append(one)
    return points, bases, faults, notes


def _called(one: RowRead, mapping: Mapping, names: Names) -> tuple[str, bool]:
    """What the table calls a row, and whether unpruned models are called so."""
    architecture = str(one.values.get("architecture", ""))
    labels = [one.row.cells[name].text for name in ("method", "pruned_model") if name in one.row.cells]
    for label in labels:
        if is_called_unpruned(label, names, mapping.unpruned):
            return label, True
    first = labels[0] if labels else ""
    plain = mapping.unpruned is None and removed(one.values, one.row.wide) is None
    return first, plain and len(labels) == 1 and is_architecture(first, architecture, names)


def _attached(points: list[RowRead], bases: list[RowRead]) -> Iterator[CellFault]:
    """Give the rows of pruned models what those of their unpruned models say; yield what disagrees."""
    known: dict[tuple[str, ...], RowRead] = {}
    for base in bases:
        first = known.setdefault(_start(base), base)
        if base is not first:
            yield from _joined(first, base.values, base.row, "another unpruned model")
    for one in points:
        start = known.get(_start(one))
        if start is not None:
            mine = {name: value for name, value in start.values.items() if not name.startswith("experiment_note")}
            yield from _joined(one, mine, start.row, "its unpruned model")


def _joined(one: RowRead, values: dict[str, Any], row: TableRow, what: str) -> Iterator[CellFault]:
    for name, value in values.items():
        held = one.values.setdefault(name, value)
        if held != value and name.startswith("base_") and not name.startswith("base_locator"):
            message = f"{name} is {held} here, and {value} in {what} on line {row.line}; tell unpruned models apart "
            message += f"in a column '{EXPERIMENT_COLUMN}'"
            yield CellFault(one.row.line, "unpruned-model", message, f"line {one.row.line}")


def _origin_faults(points: list[RowRead]) -> Iterator[CellFault]:
    without = [one for one in points if "origin" not in one.values]
    if without and len(without) == len(points) and not any("origin" in one.row.cells for one in points):
        message = "column 'origin' is missing: own, rerun or copied; where all are alike, "
        message += "'constants: {origin: own}' in a mapping file, else 'methods: {SFP: {origin: copied}}'"
        yield CellFault(1, "missing-column", message)
    else:
        for one in without:
            method = one.row.cells.get("method")
            hint = f"; say 'methods: {{{method.text}: {{origin: rerun}}}}' in a mapping file" if method else ""
            yield CellFault(
                one.row.line, "missing-key", f"column 'origin': the cell is empty{hint}", f"line {one.row.line}"
            )


def _faults(one: RowRead, built: Values, paper: str, names: Names) -> Iterator[CellFault]:
    """What of a row does not fit the schema, or contradicts itself about whose method and numbers it holds."""

    def fault(rule: str, path: Path, message: str) -> CellFault:
        name = column_of(path, built)
        heading = one.headings.get(name) or name
        said = message.removeprefix(f"'{path[-1] if isinstance(path[-1], str) else path[-2]}': ")
        cell = one.row.cells.get(name)
        text = f"column '{heading}': {said}" if is_known(name) else said
        place, found = (cell.place, cell.text) if cell else (f"line {one.row.line}", "")
        return CellFault(one.row.line, rule, text, place, found)

    try:
        fitting = Experiment.model_validate(built)
    except ValidationError as error:
        for path, details in once(error.errors(include_url=False), Experiment):
            rule, message = explain(path, details, Experiment)
            yield fault(rule, path, "the cell is empty" if rule == "missing-key" else message)
    else:
        asked: dict[str, Any] = {"id": paper, "experiments": (fitting,)}
        record = Paper.model_construct(**asked)
        for holds in (origin_agrees, times_on_hardware, measured_once, metric_bounds):
            for path, message in holds(names, Document("", "", record)):
                yield fault(holds.__name__.replace("_", "-"), path[2:], message)  # below the one experiment


def _differences(read: list[tuple[TableRow, Values]]) -> Iterator[CellFault]:
    """Rows that say the same twice, or leave out what other rows say about the same unpruned model.

    Numbers from elsewhere start from unpruned models of their own.
    """
    lines: dict[str, int] = {}
    said: dict[tuple[str, ...], tuple[int, set[str]]] = {}
    for row, one in read:
        before = lines.setdefault(repr((_label(row), one)), row.line)
        if before != row.line:
            yield CellFault(row.line, "duplicate-row", f"the same as line {before}; remove one", f"line {row.line}")
        (curve,) = one["curves"]
        key = (str(one.get("dataset")), str(one.get("architecture")), _elsewhere(curve), _label(row))
        line, base = said.setdefault(key, (row.line, _base(one)))
        if missing := sorted(base ^ _base(one)):
            message = f"{', '.join(missing)}: given here or on line {line}, but not on both; "
            message += "say the same about an unpruned model in every row of its dataset and architecture, "
            message += f"or tell different ones apart in a column '{EXPERIMENT_COLUMN}'"
            yield CellFault(row.line, "unpruned-model", message, f"line {row.line}")


def _start(one: RowRead) -> tuple[str, ...]:
    """Dataset and architecture of a row, what the table calls its experiment, and whether it is from elsewhere."""
    names = ("dataset", "architecture", EXPERIMENT_COLUMN)
    origin = one.row.cells["origin"].text if "origin" in one.row.cells else ""
    return (*(str(one.values.get(name, "")) for name in names), "elsewhere" if origin in _ELSEWHERE else "")


def _elsewhere(curve: Values) -> str:
    return repr((curve.get("method"), curve.get("proposed_by"))) if curve.get("origin") in _ELSEWHERE else ""


_ELSEWHERE = ("copied", "unclear")


def _label(row: TableRow) -> str:
    return row.cells[EXPERIMENT_COLUMN].text if EXPERIMENT_COLUMN in row.cells else ""


def _base(one: Values) -> set[str]:
    return {name for name in one if name.startswith("base_")}


def _without_curves(values: dict[str, Any], collection: str) -> Values:
    return {name: part for name, part in experiment(values, collection).items() if name != "curves"}


def _grouped(read: Iterable[tuple[TableRow, Values]]) -> list[Values]:
    """One experiment for all that differ in their curves alone, and one curve for all that differ in their points."""
    experiments: dict[str, Values] = {}
    curves: dict[tuple[str, str], Values] = {}
    for row, one in read:
        head = repr((_label(row), {name: part for name, part in one.items() if name != "curves"}))
        for curve in one.get("curves", ()):
            kind = head, repr({name: part for name, part in curve.items() if name != "points"})
            if kind in curves:
                curves[kind]["points"] += curve["points"]
                continue
            curves[kind] = curve
            if head in experiments:
                experiments[head]["curves"].append(curve)
        experiments.setdefault(head, one)
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
