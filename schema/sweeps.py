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
from functools import cache, cached_property, lru_cache
from itertools import islice
from pathlib import Path as FilePath
from typing import Annotated, Any, NamedTuple, overload

from pydantic import TypeAdapter, ValidationError

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
    """

    header: tuple[str, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()
    lines: tuple[int, ...] = ()

    @cached_property
    def values(self) -> dict[str, tuple[Any, ...]]:
        """What each field of the points holds, by the name of the field; None where a point lacks it.

        Raises:
            ValidationError: if a cell cannot be what its field holds.
        """
        fields, metrics, _ = _layout(self.header)
        found = {name: _valid(_read_as(name), self.columns[at]) for name, at in fields.items()}
        if metrics:
            measured = (
                _valid(
                    _measurement(metric, tuple(parts)), zip(*(self.columns[at] for at in parts.values()), strict=True)
                )
                for metric, parts in metrics.items()
            )
            found["metrics"] = tuple(tuple(filter(None, row)) or None for row in zip(*measured, strict=True))
        return found

    @cached_property
    def unlike(self) -> tuple[int, ...]:
        """The places of points that stand for all others where rules look at several fields of a point at once.

        These look at which fields a point has, at its pattern of weights, and at accuracies that may be fractions.
        """
        values, none = self.values, (None,) * len(self)
        given = (tuple(cell is not None for cell in row) for row in zip(self.lines, *values.values(), strict=True))
        metrics = (row and tuple(one.metric for one in row) for row in values.get("metrics", none))
        alike = zip(given, metrics, values.get("n_of_m", none), strict=True)
        first = {key: at for at, key in reversed([*enumerate(alike)])}
        small = (
            at
            for name in Point.ACCURACIES
            for at, one in enumerate(values.get(name, none))
            if one is not None and one < 1
        )
        return tuple(sorted({*first.values(), *small}))

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The names of vocabularies that the points use, each once, with what it names."""
        return tuple(dict.fromkeys((of, name) for of, _, name in names_used(*(self[at].point for at in self.unlike))))

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[SweepPoint]:
        return map(self.__getitem__, range(len(self)))

    @overload
    def __getitem__(self, at: int) -> SweepPoint: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[SweepPoint, ...]: ...
    def __getitem__(self, at: int | slice) -> SweepPoint | tuple[SweepPoint, ...]:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(len(self))))
        given = {name: column[at] for name, column in self.values.items() if column[at] is not None}
        settings = _layout(self.header).settings
        return SweepPoint(
            _no_point().model_copy(update=given),
            {name: cell for name, place in settings.items() if (cell := self.columns[place][at])},
            self.lines[at],
        )


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
    found = _sweep(header, lines)
    return (Sweep(), at_most([*_problems(header, lines, file)])) if found is None else (found, [])


def _sweep(header: list[str], lines: list[tuple[int, list[str]]]) -> Sweep | None:
    """The points of lines that are all valid; None if any is not."""
    if any(len(row) != len(header) for _, row in lines):
        return None
    known: dict[str, str] = {}  # most cells of a setting say the same
    cells = [[known.setdefault(cell, cell) for cell in row] for _, row in lines]
    columns = zip(*cells, strict=True) if cells else ((),) * len(header)
    found = Sweep(tuple(header), tuple(columns), tuple(line for line, _ in lines))
    try:
        for at in found.unlike:
            Point.model_validate({name: column[at] for name, column in found.values.items() if column[at] is not None})
    except ValidationError:
        return None
    return found


def _problems(header: list[str], lines: list[tuple[int, list[str]]], file: str) -> Iterator[Problem]:
    """What is wrong with lines of which some are not valid."""
    layout = _layout(tuple(header))
    for line, row in lines:
        if len(row) != len(header):
            yield Problem(file, line, 1, "columns", f"found {len(row)} cells; the header has {len(header)}")
            continue
        point: dict[str, object] = {name: _value(name, row[at]) for name, at in layout.fields.items() if row[at]}
        metrics = (
            _measured(metric, parts, [row[at] for at in parts.values()]) for metric, parts in layout.metrics.items()
        )
        if given := [one for one in metrics if one]:
            point["metrics"] = given
        try:
            Point.model_validate(point)
        except ValidationError as error:
            yield from _translate(error, file, line)


class _Layout(NamedTuple):
    """The places of columns: by field, by metric and what is said of it, and by setting."""

    fields: dict[str, int]
    metrics: dict[str, dict[str, int]]
    settings: dict[str, int]


@lru_cache(maxsize=64)  # a sweep's points ask one by one
def _layout(header: tuple[str, ...]) -> _Layout:
    found = _Layout({}, {}, {})
    for at, name in enumerate(header):
        if name.startswith(SETTING):
            found.settings[name.removeprefix(SETTING)] = at
        elif match := _METRIC.fullmatch(name):
            found.metrics.setdefault(match[1], {})[match[2] or "value"] = at
        else:
            found.fields[name] = at
    return found


def _valid(read: Callable[[Any], object], cells: Iterable[Any]) -> tuple[Any, ...]:
    """What cells hold, each distinct one read once."""
    cells = tuple(cells)
    known = {cell: read(cell) for cell in dict.fromkeys(cells)}
    return tuple(map(known.__getitem__, cells))


def _read_as(field: str) -> Callable[[str], object]:
    """What reads a cell as a field of a point; an empty one as None."""
    valid = _field(field)
    return lambda cell: valid.validate_python(_value(field, cell)) if cell else None


@cache
def _field(name: str) -> TypeAdapter[Any]:
    """The type of a field of a point, under the rules that all models have."""
    field = Point.model_fields[name]
    kind: Any = Annotated[field.annotation, field]
    return TypeAdapter(kind, config=Point.model_config)


def _measured(metric: str, parts: Iterable[str], cells: Iterable[str]) -> dict[str, object] | None:
    """What cells say of a metric, as a record would; None if they are empty."""
    found = {part: _value(part, cell) for part, cell in zip(parts, cells, strict=True) if cell}
    return {"metric": metric} | found if found else None


def _measurement(metric: str, parts: tuple[str, ...]) -> Callable[[tuple[str, ...]], Measurement | None]:
    """What reads cells as a measurement."""

    def read(cells: tuple[str, ...]) -> Measurement | None:
        found = _measured(metric, parts, cells)
        return Measurement.model_validate(found) if found else None

    return read


@cache
def _no_point() -> Point:
    """A point that holds nothing, of which those that do are made: all that it is to hold is valid."""
    return Point.model_construct()


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
