"""Import of a table: from the bytes of a file to the experiments of a record, or to the draft of a mapping."""

from __future__ import annotations

from prunelit.cli.entry.assignment import columns_of, table_rows
from prunelit.cli.entry.drafting import drafted, largest
from prunelit.cli.entry.faults import CellFault, told_once
from prunelit.cli.entry.joining import Values
from prunelit.cli.entry.mapping import Mapping
from prunelit.cli.entry.results import table_experiments
from prunelit.cli.tables.grid import Grid, chosen
from prunelit.cli.tables.reading import TableForm, tables_in
from prunelit.cli.tables.sheet import sheet_of
from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError
from prunelit.schema.rules import Names
from prunelit.schema.validation import Document


def entered(
    data: bytes, form: TableForm, file: str, mapping: Document[Mapping], paper: str, collection: str, names: Names
) -> tuple[list[Values], list[Problem]]:
    """The experiments in a table, and what to tell of how it was read.

    Args:
        data: The bytes of the file.
        form: What it is.
        file: How messages call it.
        mapping: What the contributor says of the table.
        paper: The id of the paper.
        collection: The collection that the results count in.
        names: The names that the record may use.

    Raises:
        UnreadableError: with everything that is wrong with the file, its headings, its rows or the mapping.
    """
    said = mapping.value
    grids = tables_in(data, form, file, said.encoding, said.separator)
    grid = chosen(grids, None if said.read_table is None else str(said.read_table), file)
    sheet = sheet_of(grid, file, said.title_rows, said.heading_rows)
    columns = columns_of(sheet, mapping, file)
    rows, faults = table_rows(sheet, columns, said)
    experiments, notes = table_experiments(rows, faults, file, paper, collection, said, names)
    read = told_once((CellFault(line, "note", message) for line, message in sheet.said), file)
    ignored = ", ".join(f"'{heading}'" for heading in sheet.columns if heading in said.ignore)
    left = [Problem(file, sheet.line, 1, "note", f"not read, as the mapping says: {ignored}")] if ignored else []
    return experiments, [*read, *left, *notes]


def draft_of(data: bytes, form: TableForm, file: str, names: Names) -> str:
    """The draft of a mapping for a table.

    Raises:
        UnreadableError: if the file has no table that can be read.
    """
    grids, reading, remarks = _read(data, form, file)
    grid, which, about = largest(grids) if grids else (chosen(grids, None, file), {}, {})
    return drafted(sheet_of(grid, file), reading | which, remarks | about, names)


def _read(data: bytes, form: TableForm, file: str) -> tuple[list[Grid], dict[str, str], dict[str, str]]:
    """The tables of a file, and its encoding where it must be one of Windows."""
    try:
        return tables_in(data, form, file), {}, {}
    except UnreadableError as error:
        if error.problems[0].rule != "not-utf-8":
            raise
    encoding = "windows-1252"
    return tables_in(data, form, file, encoding), {"encoding": encoding}, {"encoding": "are all letters right?"}
