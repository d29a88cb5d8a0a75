"""Readers of files by their form: CSV, Excel, Markdown, LaTeX and HTML."""

from __future__ import annotations

from typing import Literal, TypeAlias

from prunelit.cli.tables.grid import Grid
from prunelit.cli.tables.latex_table import latex_tables
from prunelit.cli.tables.markup import html_tables, markdown_tables
from prunelit.cli.tables.separated import separated, text_of_file
from prunelit.cli.tables.workbook import sheets

TableForm: TypeAlias = Literal["csv", "xlsx", "markdown", "latex", "html"]
MAX_TABLE_BYTES = 5_000_000
"""More bytes than any file with a table of results has."""
_TEXTS = {"markdown": markdown_tables, "latex": latex_tables, "html": html_tables}


def tables_in(
    data: bytes, form: TableForm, file: str, encoding: str | None = None, separator: str | None = None
) -> list[Grid]:
    """The tables of a file.

    Args:
        data: Its bytes.
        form: What it is.
        file: How messages call it.
        encoding: The encoding of a text that is not UTF-8.
        separator: What stands between the cells of a CSV file, where that is not seen rightly.

    Raises:
        UnreadableError: if it is not what it is said to be.
    """
    if form == "xlsx":
        return sheets(data, file)
    text = text_of_file(data, file, encoding)
    return separated(text, file, separator) if form == "csv" else _TEXTS[form](text, file)
