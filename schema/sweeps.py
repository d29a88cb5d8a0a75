"""Files of released sweeps.

A sweep holds hundreds of operating points with a few numbers each.  One line a point in CSV suits that: it is a tenth
of the size of YAML, a change shows as one changed line, and every spreadsheet opens it.  Columns are quantities of
:class:`~prunelit.schema.record.Point`, with the same names and units, ``metric:bleu`` for a quality in another metric
(``metric:bleu:std``, ``metric:bleu:runs``), or settings of the run, named ``setting:…``.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path as FilePath
from typing import overload

from pydantic import ValidationError

from prunelit.schema.fields import kinds, of_kind
from prunelit.schema.measurement import Measurement
from prunelit.schema.messages import explain
from prunelit.schema.problems import MAX_PROBLEMS, Problem, at_most, nearest, quoted
from prunelit.schema.reading import UnreadableError, contents, decode, plain_value
from prunelit.schema.record import Point
from prunelit.schema.references import names_used
from prunelit.schema.validation import once

SETTING = "setting:"
_METRIC = re.compile(r"metric:([^:]+)(?::(std|runs))?")
SWEEP_COLUMNS = tuple(name for name, kind in kinds(Point).items() if kind != "part" and name != "survey_row")
"""Columns of a point; no row of the survey is one of a sweep."""
_LISTS = {*of_kind(Point, "numbers"), *of_kind(Measurement, "numbers")}
"""Columns whose cells hold several numbers, with spaces between them."""
_TEXTS = of_kind(Point, "text")


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """One line of a sweep: the operating point, the settings of its run as printed, and the line in the file."""

    point: Point
    settings: dict[str, str]
    line: int


@dataclass(frozen=True)
class Sweep(Sequence[SweepPoint]):
    """The points of a sweep, by columns: a point is an object only while somebody looks at it.

    Attributes:
        header: The names of the columns.
        columns: The cells of each column, as printed.
        lines: The line of each point in the file.
        names: The names of vocabularies that the points use, each with what it names.
    """

    header: tuple[str, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()
    lines: tuple[int, ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[SweepPoint]:
        return map(_reader(self.header), self.lines, zip(*self.columns, strict=True))

    @overload
    def __getitem__(self, at: int) -> SweepPoint: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[SweepPoint, ...]: ...
    def __getitem__(self, at: int | slice) -> SweepPoint | tuple[SweepPoint, ...]:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(len(self))))
        return _reader(self.header)(self.lines[at], [column[at] for column in self.columns])


def names_in_sweep(points: Sequence[SweepPoint]) -> Iterable[tuple[str, str]]:
    """The names of vocabularies that the points of a sweep use, each once, with what it names."""
    if isinstance(points, Sweep):
        return points.names
    return dict.fromkeys((of, name) for of, _, name in names_used(*(one.point for one in points)))


def read_sweep(path: FilePath, file: str) -> tuple[Sweep, list[Problem]]:
    """The points of a sweep, or every problem of the file.  ``file`` is how messages call it."""
    try:
        data = contents(path, file)
    except UnreadableError as error:
        return Sweep(), list(error.problems)
    return read_sweep_bytes(data, file)


def read_sweep_bytes(data: bytes, file: str) -> tuple[Sweep, list[Problem]]:
    """As :func:`read_sweep`, for the bytes of a file."""
    try:
        text = decode(data, file)
    except UnreadableError as error:
        return Sweep(), list(error.problems)
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(rows)
        lines = [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        return Sweep(), [Problem(file, rows.line_num, 1, "not-csv", str(error))]
    if problems := _unknown_columns(header, file):
        return Sweep(), at_most(problems)
    read = _reader(header)
    points, problems = [], []
    for line, row in lines:
        if len(row) != len(header):
            problems.append(Problem(file, line, 1, "columns", f"found {len(row)} cells; the header has {len(header)}"))
            continue
        try:
            points.append(read(line, row))
        except ValidationError as error:
            problems.extend(_translate(error, file, line))
    if problems:
        return Sweep(), at_most(problems)
    known: dict[str, str] = {}  # most cells of a setting say the same
    columns = zip(*([known.setdefault(cell, cell) for cell in row] for _, row in lines), strict=True)
    return Sweep(tuple(header), tuple(columns), tuple(line for line, _ in lines), tuple(names_in_sweep(points))), []


def _reader(header: Sequence[str]) -> Callable[[int, Sequence[str]], SweepPoint]:
    settings = [(name.removeprefix(SETTING), at) for at, name in enumerate(header) if name.startswith(SETTING)]
    measured = [
        (match[1], match[2] or "value", at) for at, name in enumerate(header) if (match := _METRIC.fullmatch(name))
    ]
    others = {at for _, at in settings}.union(at for _, _, at in measured)
    quantities = [(name, at) for at, name in enumerate(header) if at not in others]

    def read(line: int, row: Sequence[str]) -> SweepPoint:
        point: dict[str, object] = {name: _value(name, row[at]) for name, at in quantities if row[at]}
        metrics: dict[str, dict[str, object]] = {}
        for metric, part, at in measured:
            if row[at]:
                metrics.setdefault(metric, {"metric": metric})[part] = _value(part, row[at])
        if metrics:
            point["metrics"] = list(metrics.values())
        return SweepPoint(Point.model_validate(point), {name: row[at] for name, at in settings if row[at]}, line)

    return read


def _value(name: str, cell: str) -> object:
    if name in _LISTS:
        return [plain_value(part) for part in cell.split()]
    return cell if name in _TEXTS else plain_value(cell)


def _unknown_columns(header: list[str], file: str) -> list[Problem]:
    def problem(rule: str, name: str, message: str) -> Problem:
        return Problem(file, 1, 1, rule, f"column {quoted(name)} {message}")

    unknown = (name for name in header if not _is_column(name))
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    return [
        *(
            problem("unknown-column", name, f"is no quantity, nor a '{SETTING}…'{nearest(name, SWEEP_COLUMNS)}")
            for name in islice(unknown, MAX_PROBLEMS + 1)
        ),
        *(problem("duplicate-column", name, "stands twice") for name in twice),
    ]


def _is_column(name: str) -> bool:
    return name in SWEEP_COLUMNS or name.startswith(SETTING) or _METRIC.fullmatch(name) is not None


def _translate(error: ValidationError, file: str, line: int) -> list[Problem]:
    faults = once(error.errors(include_url=False), Point)
    return [Problem(file, line, 1, *explain(path, fault, Point)) for path, fault in faults]
