"""Results spreadsheets, row by row, under our names of their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from prunelit.cli.entry.columns import ACCURACIES, FRACTIONS, KNOWN, is_known
from prunelit.cli.entry.mapping import Mapping
from prunelit.schema.problems import Path, Problem, nearest, nearest_key, quoted
from prunelit.schema.reading import UnreadableError, decode
from prunelit.schema.validation import Document

_FOREIGN = {
    b"PK\x03\x04": "an Excel or OpenDocument file",
    b"\xd0\xcf\x11\xe0": "an Excel file",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}


@dataclass(frozen=True)
class SheetRow:
    """A row with the line that it starts on, and its cells that are not empty, by our names of their columns."""

    line: int
    cells: dict[str, str]


def csv_text(data: bytes, file: str) -> str:
    """The text of a CSV file, without a byte order mark.

    Raises:
        UnreadableError: if it is in another encoding, or no text at all.
    """
    if kind := next((what for magic, what in _FOREIGN.items() if data.startswith(magic)), None):
        raise UnreadableError(Problem(file, 1, 1, "not-csv", f"this is {kind}; save it as 'CSV UTF-8'"))
    return decode(data.removeprefix(b"\xef\xbb\xbf"), file)


def sheet_rows(text: str, file: str, mapping: Document[Mapping]) -> list[SheetRow]:
    """The rows of a spreadsheet that hold anything, with the constants of the mapping.

    Raises:
        UnreadableError: with every problem of the header, the mapping and the form of the rows.
    """
    header, found = _parsed(text, _separator(text, mapping.value), file)
    problems = [
        *_header_problems(header, found, file, mapping.value),
        *_mapping_problems(header, mapping),
        *_length_problems(header, found, file),
    ]
    if problems:
        raise UnreadableError(*problems)
    names = _ours(header, mapping.value)
    constants = {name: str(cell) for name, cell in mapping.value.constants.items()}
    return [
        SheetRow(line, constants | {name: cell for name, cell in zip(names, cells, strict=True) if name and cell})
        for line, cells in found
    ]


def _separator(text: str, mapping: Mapping) -> str:
    """The comma, semicolon or tab, whichever gives the first line the most known columns."""
    first = text.lstrip().partition("\n")[0]

    def known(separator: str) -> int:
        return sum(map(is_known, _ours([name.strip(' "\r') for name in first.split(separator)], mapping)))

    return max(",;\t", key=known)


def _parsed(text: str, separator: str, file: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The first line that is not empty, and the others, each with the number of the line that it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    found, end = [], 0
    try:
        for cells in reader:
            start, end = end + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                found.append((start, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise UnreadableError(Problem(file, reader.line_num, 1, "not-csv", f"this is not CSV: {error}")) from None
    return found[0][1] if found else [], found[1:]


def _length_problems(header: list[str], found: list[tuple[int, list[str]]], file: str) -> Iterator[Problem]:
    for line, cells in found:
        if len(cells) != len(header):
            yield Problem(file, line, 1, "columns", f"found {len(cells)} cells; the header has {len(header)}")


def _ours(header: list[str], mapping: Mapping) -> list[str]:
    """Our names of the columns; nothing for one that is left out."""
    return ["" if name in mapping.ignore else mapping.columns.get(name, name) for name in header]


def _header_problems(
    header: list[str], found: list[tuple[int, list[str]]], file: str, mapping: Mapping
) -> Iterator[Problem]:
    def problem(rule: str, message: str) -> Problem:
        return Problem(file, 1, 1, rule, message)

    names = _ours(header, mapping)
    for at, (own, name) in enumerate(zip(header, names, strict=True)):
        if not own and any(len(cells) > at and cells[at] for _, cells in found):
            yield problem("unknown-column", f"column {at + 1} has cells but no name")
        elif name and name == own and not is_known(name):
            hint = nearest_key(name, KNOWN) or "; translate it, or list it under 'ignore', in a mapping file"
            yield problem("unknown-column", f"column {quoted(name)} is not known{hint}")
        elif name and name in names[:at]:
            yield problem("duplicate-column", f"column {quoted(name)} stands twice")
    if "origin" not in (*names, *mapping.constants):
        message = "column 'origin' is missing: own, rerun or copied"
        yield problem(
            "missing-column", f"{message}; where all are alike, 'constants: {{origin: own}}' in a mapping file"
        )
    if not found:
        yield problem("empty-file", "there is no row below the header")


def _mapping_problems(header: list[str], mapping: Document[Mapping]) -> Iterator[Problem]:
    said, names = mapping.value, _ours(header, mapping.value)
    faults: list[tuple[Path, str]] = []
    for own, name in said.columns.items():
        if own not in header:
            faults.append((("columns", own), f"the spreadsheet has no column {quoted(own)}{nearest(own, header)}"))
        if not is_known(name):
            faults.append((("columns", own), f"column {quoted(name)} is not known{nearest_key(name, KNOWN)}"))
    for at, own in enumerate(said.ignore):
        if own not in header:
            faults.append((("ignore", at), f"the spreadsheet has no column {quoted(own)}{nearest(own, header)}"))
    for name in said.units:
        if name not in ACCURACIES | FRACTIONS:
            faults.append((("units", name), f"{quoted(name)} is no share or accuracy{nearest(name, KNOWN)}"))
    for name in said.constants:
        if not is_known(name) or name in names:
            why = "is a column of the spreadsheet, too" if name in names else f"is not known{nearest_key(name, KNOWN)}"
            faults.append((("constants", name), f"column {quoted(name)} {why}"))
    for path, message in faults:
        yield mapping.problem(path, "mapping", message)
