"""Tables as text with separators: CSV, and what spreadsheets call so."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

from prunelit.cli.tables.grid import Grid, GridRow, even, plain_row
from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError, decode

_FOREIGN = {
    b"PK\x03\x04": "an Excel or OpenDocument file; if it is .xlsx, 'prunelit import xlsx' reads it",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls); save it as .xlsx or 'CSV UTF-8'",
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(r"sep=(.)\r?\n")
SEPARATORS = ",;\t|"


def text_of_file(data: bytes, file: str, encoding: str | None) -> str:
    """The text of a file without a byte order mark, in UTF-8, in UTF-16 with that mark, or as it is said to be.

    Raises:
        UnreadableError: if it is in another encoding, or no text at all.
    """
    if kind := next((what for magic, what in _FOREIGN.items() if data.startswith(magic)), None):
        raise UnreadableError(Problem(file, 1, 1, "not-text", f"this is {kind}"))
    named = "utf-16" if data.startswith(_UTF_16) else encoding
    try:
        if named:
            data = data.decode(named).encode()
        return decode(data.removeprefix(b"\xef\xbb\xbf"), file)
    except UnicodeError:
        message = f"this is not in the encoding {named}"
        raise UnreadableError(Problem(file, 1, 1, "encoding", message)) from None
    except UnreadableError as error:
        if named or error.problems[0].rule != "not-utf-8":
            raise
        (problem,) = error.problems
        hint = "; or say its encoding in a mapping file: 'encoding: windows-1252' is that of Excel's plain 'CSV'"
        told_once = Problem(file, problem.line, problem.column, problem.rule, problem.message + hint)
        raise UnreadableError(told_once) from None


def separated(text: str, file: str, separator: str | None) -> list[Grid]:
    """The table of a text with separators between cells and line ends between rows; cells may stand in quotes.

    Raises:
        UnreadableError: if it has no such form, or rows are longer or shorter than others.
    """
    declared = _DECLARED.match(text)
    rest = text[declared.end() :] if declared else text
    separator = separator or (declared[1] if declared else _separator(rest))
    reader = csv.reader(io.StringIO(rest, newline=""), strict=True, delimiter=separator)
    before = end = 1 if declared else 0
    rows = []
    try:
        for cells in reader:
            start, end = end + 1, before + reader.line_num
            rows.append(plain_row(start, [" ".join(cell.split()) for cell in cells]))
    except csv.Error as error:
        line = before + reader.line_num
        raise UnreadableError(Problem(file, line, 1, "not-csv", f"this is not CSV: {error}")) from None
    _require_one_width([row for row in rows if any(row.cells)], file)
    return [Grid("1", even(rows))] if any(any(row.cells) for row in rows) else []


def _separator(text: str) -> str:
    """The sign that most evenly divides the first lines, into the most cells."""

    def evenness(separator: str) -> tuple[float, int]:
        try:
            rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 60)
            widths = Counter(len(cells) for cells in rows if any(cells))
        except csv.Error:
            return 0.0, 0
        width, count = max(widths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
        return (count / widths.total(), width) if width > 1 else (0.0, 0)

    return max(SEPARATORS, key=evenness)


def _require_one_width(rows: list[GridRow], file: str) -> None:
    """Refuse rows whose cells say something beyond the heading, or that end before it although others do not."""
    full = [row for row in rows if not row.alone]
    if not full:
        return
    head = full[0]
    wrong = [row for row in full if len(row.cells) < len(head.cells) or any(row.cells[len(head.cells) :])]
    if wrong:
        shown = ", ".join(f"{len(row.cells)} on line {row.line}" for row in wrong[:8])
        more = f", and {len(wrong) - 8} more" if len(wrong) > 8 else ""
        message = f"found {shown}{more} cells; the heading on line {head.line} has {len(head.cells)}: "
        message += "a separator is missing, or stands in a cell without quotes (as a decimal comma does)"
        raise UnreadableError(Problem(file, wrong[0].line, 1, "columns", message))
