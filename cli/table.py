"""The command ``table``: tables for programs that are not Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.collection import CollectionName, require
from prunelit.cli.place import corpus_read

if TYPE_CHECKING:
    from pandas import DataFrame


class TableName(StrEnum):
    """The tables, as the functions of the package are called."""

    papers = "papers"
    results = "results"
    normalized = "normalized"
    baselines = "baselines"
    comparisons = "comparisons"


class TableFormat(StrEnum):
    """How a table is printed."""

    csv = "csv"
    json = "json"
    markdown = "markdown"


class ReferenceName(StrEnum):
    """What the medians of the normalization are taken over."""

    all = "all"
    unpruned = "unpruned"


def add_to(app: typer.Typer) -> None:
    """Add the command ``table``."""
    app.command()(table)


def table(
    name: Annotated[TableName, typer.Argument(help="Which table.")],
    collection: CollectionName = None,
    reference: Annotated[
        ReferenceName | None,
        typer.Option(help="For 'normalized': medians over all papers, or over unpruned reference models alone."),
    ] = None,
    output_format: Annotated[TableFormat, typer.Option("--format", help="How the table is printed.")] = TableFormat.csv,
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.", dir_okay=False)] = None,
) -> None:
    """Print a table, or write it to a file.

    [bold]Examples[/bold]

    prunelit table papers

    prunelit table normalized --collection blalock2020 --output normalized.csv

    prunelit table results --format json
    """
    if reference and name is not TableName.normalized:
        raise typer.BadParameter(f"table '{name}' has no reference; only 'normalized' does", param_hint="--reference")
    root = corpus_read()
    require(collection, root)
    import prunelit

    settings = {"reference": reference.value} if reference else {}
    text = AS_TEXT[output_format](getattr(prunelit, name.value)(root, collection=collection, **settings))
    if output:
        write_text(output, text)
    else:
        typer.echo(text, nl=False)


def as_csv(frame: DataFrame) -> str:
    """Comma-separated values with a header; an empty cell is unknown."""
    return frame.to_csv(index=False, lineterminator="\n")


def as_json(frame: DataFrame) -> str:
    """A list of objects; null is unknown."""
    return f"{frame.to_json(orient='records', force_ascii=False, double_precision=15, indent=2)}\n"


def markdown_table(frame: DataFrame) -> str:
    """A table of pipes and dashes, with everything escaped that Markdown would obey; an empty cell is unknown."""
    from prunelit.analysis.pages.markdown import rows_of

    return "".join(rows_of(frame.astype(object).where(frame.notna(), "").astype(str), sys.maxsize))


AS_TEXT: dict[TableFormat, Callable[[DataFrame], str]] = {
    TableFormat.csv: as_csv,
    TableFormat.json: as_json,
    TableFormat.markdown: markdown_table,
}
