"""The command ``schema``: the JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prunelit.cli.report import shown
from prunelit.cli.writing import write_all


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
    from prunelit.schema import export

    def write(folder: Path) -> list[Path]:
        export.write(folder)
        return sorted(folder.iterdir())

    for file in write_all(output, write):
        typer.echo(shown(file))
