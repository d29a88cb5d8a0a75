"""The command ``table``: every table, or what is wanted of it, for programs that are not Python."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from prunelit.analysis.writing import write_bytes
from prunelit.cli.collection import CollectionName, require
from prunelit.cli.formats import AS_BYTES, TableFormat, print_bytes
from prunelit.cli.place import corpus_read
from prunelit.cli.rows import Limit, Sort, TableName, Where, known_columns, listed, picked, table_frame, told_as
from prunelit.cli.strictness import ComparabilityName


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
        typer.Option(help="For normalized numbers: medians over all papers, or over unpruned reference models alone."),
    ] = None,
    comparability: Annotated[
        ComparabilityName | None,
        typer.Option(help="For pairs, baselines and plans: how much papers must share, the same network by default."),
    ] = None,
    where: Where = None,
    columns: Annotated[str | None, typer.Option(help="Only these columns, in this order, joined by commas.")] = None,
    sort: Sort = None,
    limit: Limit = None,
    output_format: Annotated[TableFormat, typer.Option("--format", help="How the table is printed.")] = TableFormat.csv,
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.", dir_okay=False)] = None,
) -> None:
    """Print a table, or write it to a file.

    [bold]Examples[/bold]

    prunelit table papers

    prunelit table evidence --where "dataset == 'ImageNet' and speedup >= 2" --columns method_label,speedup,top1_change
    --sort -top1_change --limit 10

    prunelit table comparable_pairs --comparability same_variants

    prunelit table normalized --collection blalock2020 --output normalized.csv
    """
    root = corpus_read()
    require(collection, root)
    given = {
        "collection": collection,
        "reference": reference and reference.value,
        "comparability": comparability and comparability.value,
    }
    frame = picked(table_frame(name, root, {key: value for key, value in given.items() if value}), where, sort, limit)
    if columns is not None:
        frame = frame[told_as("--columns", lambda: known_columns(listed(columns), frame))]
    content = AS_BYTES[output_format](frame)
    if output:
        write_bytes(output, content)
    else:
        print_bytes(content)
