"""What does the file of a released sweep say?

A sweep holds hundreds of operating points with a few numbers each.  One line a point in CSV suits that: it is a tenth of
the size of YAML, a change shows as one changed line, and every spreadsheet opens it.  Columns are quantities of
:class:`~prunelit.schema.record.Point`, with the same names and units, or settings of the run, named ``setting:…``.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path as FilePath

from pydantic import ValidationError

from prunelit.schema.problems import Problem, nearest
from prunelit.schema.reading import UnreadableError, decode, plain
from prunelit.schema.record import Point

SETTING = "setting:"


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """One line of a sweep: the operating point, the settings of its run as printed, and the line in the file."""

    point: Point
    settings: dict[str, str]
    line: int


def read_sweep(path: FilePath, file: str) -> tuple[tuple[SweepPoint, ...], list[Problem]]:
    """The points of a sweep, or every problem of the file.  ``file`` is how messages call it."""
    try:
        text = decode(path.read_bytes(), file)
    except OSError as error:
        return (), [Problem(file, 1, 1, "unreadable", f"{error.strerror or error}")]
    except UnreadableError as error:
        return (), list(error.problems)
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(rows)
        lines = [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        return (), [Problem(file, rows.line_num, 1, "not-csv", str(error))]
    if problems := _unknown_columns(header, file):
        return (), problems
    points, problems = [], []
    for line, row in lines:
        if len(row) != len(header):
            problems.append(Problem(file, line, 1, "columns", f"found {len(row)} cells; the header has {len(header)}"))
            continue
        cells = {name: cell for name, cell in zip(header, row, strict=True) if cell != ""}
        try:
            point = Point.model_validate({name: plain(cell) for name, cell in cells.items() if name in Point.model_fields})
        except ValidationError as error:
            problems.extend(_translate(error, header, file, line))
            continue
        settings = {name.removeprefix(SETTING): cell for name, cell in cells.items() if name.startswith(SETTING)}
        points.append(SweepPoint(point, settings, line))
    return tuple(points), problems


def _unknown_columns(header: list[str], file: str) -> list[Problem]:
    def problem(rule: str, name: str, message: str) -> Problem:
        return Problem(file, 1, 1, rule, f"column '{name}' {message}")

    known = [*Point.QUALITY, *Point.EFFICIENCY, "top1_std", "top1_max_deviation", "seeds", "collapsed", "note"]
    unknown = [name for name in header if name not in known and not name.startswith(SETTING)]
    twice = sorted({name for name in header if header.count(name) > 1})
    return [
        *(problem("unknown-column", name, f"is no quantity, nor a '{SETTING}…'{nearest(name, known)}") for name in unknown),
        *(problem("duplicate-column", name, "stands twice") for name in twice),
    ]


def _translate(error: ValidationError, header: list[str], file: str, line: int) -> list[Problem]:
    def one(name: str, message: str, kind: str) -> Problem:
        where = f"column '{name}': " if name else ""
        return Problem(file, line, 1, kind.replace("_", "-"), f"{where}{message[0].lower()}{message[1:]}")

    return [
        one(str(fault["loc"][0]) if fault["loc"] else "", fault["msg"], fault["type"])
        for fault in error.errors(include_url=False)
    ]
