"""Formats of tables: text for programs and documents, and Parquet."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from prunelit.analysis.spreadsheet import as_csv

if TYPE_CHECKING:
    from pandas import DataFrame


class TableFormat(StrEnum):
    """How a table is printed."""

    csv = "csv"
    json = "json"
    markdown = "markdown"
    latex = "latex"
    parquet = "parquet"


def as_json(frame: DataFrame) -> str:
    """A list of objects; null is unknown."""
    return f"{frame.to_json(orient='records', force_ascii=False, double_precision=15, indent=2)}\n"


def markdown_table(frame: DataFrame) -> str:
    """A table of pipes and dashes, with everything escaped that Markdown would obey; an empty cell is unknown."""
    from prunelit.analysis.pages.markdown import rows_of

    return "".join(rows_of(frame.astype(object).where(frame.notna(), "").astype(str), sys.maxsize))


def as_latex(frame: DataFrame) -> str:
    """A ``tabular`` of booktabs, with everything escaped that LaTeX would obey; an empty cell is unknown."""
    texts = frame.astype(object).where(frame.notna(), "").astype(str)
    return texts.to_latex(index=False, escape=True)


def as_parquet(frame: DataFrame) -> bytes:
    """A Parquet file, with the types of the columns.

    Raises:
        typer.BadParameter: if the package that writes it is not installed.
    """
    try:
        from duckdb import from_df
    except ImportError:
        message = "Parquet needs a package that is not installed: pip install 'prunelit[parquet]'"
        raise typer.BadParameter(message, param_hint="--format") from None
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.parquet"
        from_df(frame).write_parquet(str(file), compression="zstd")
        return file.read_bytes()


def _encoded(as_text: Callable[[DataFrame], str]) -> Callable[[DataFrame], bytes]:
    return lambda frame: as_text(frame).encode()


AS_BYTES: dict[TableFormat, Callable[[DataFrame], bytes]] = {
    TableFormat.csv: _encoded(as_csv),
    TableFormat.json: _encoded(as_json),
    TableFormat.markdown: _encoded(markdown_table),
    TableFormat.latex: _encoded(as_latex),
    TableFormat.parquet: as_parquet,
}
"""The bytes of a table in each format."""


def print_bytes(content: bytes) -> None:
    """Write to standard output as it is, whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
