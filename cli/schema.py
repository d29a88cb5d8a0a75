"""The command ``schema``: the JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prunelit.analysis.writing import write_texts
from prunelit.cli.report import shown_path


def add_to(app: typer.Typer) -> None:
    """Add the command ``schema``."""
    app.command()(schema)


def schema(
    output: Annotated[Path, typer.Option(help="Folder to write to.", file_okay=False)] = Path("schema"),
) -> None:
    """Write the JSON Schema of records and shared files, for editors and other languages.

    [bold]Examples[/bold]

    prunelit schema

    prunelit schema --output build/schema
    """
    from prunelit.schema.export import schemas, text

    for file in write_texts(output, {name: text(schema) for name, schema in schemas().items()}):
        typer.echo(shown_path(file))
