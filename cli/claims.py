"""Does the corpus reproduce what the survey claims?"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.cli.table import as_json, as_markdown

if TYPE_CHECKING:
    from pandas import DataFrame

COLOURS = {"reproduced": "green", "unexplained": "red"}


class Format(StrEnum):
    """How claims are printed."""

    text = "text"
    json = "json"
    markdown = "markdown"


def add_to(app: typer.Typer) -> None:
    """Add the command ``claims``."""
    app.command()(claims)


def claims(
    output_format: Annotated[Format, typer.Option("--format", help="How claims are printed.")] = Format.text,
) -> None:
    """Compare every number that the survey publishes with the one computed from the records.

    Exit status: 1 where a difference has no explanation.

    [bold]Examples[/bold]

    prunelit claims

    prunelit claims --format markdown
    """
    import prunelit

    frame = prunelit.claims()
    if output_format is Format.text:
        _print(frame)
    else:
        typer.echo((as_json if output_format is Format.json else as_markdown)(frame), nl=False)
    typer.echo(_summary(frame), err=True)
    raise typer.Exit(bool((frame["verdict"] == "unexplained").any()))


def _print(frame: DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(*frame.columns)
    for row in frame.astype(object).where(frame.notna(), "").to_dict("records"):
        grid.add_row(*(Text(str(cell), COLOURS.get(str(cell), "")) for cell in row.values()))
    Console(highlight=False).print(grid)


def _summary(frame: DataFrame) -> str:
    counts = frame["verdict"].value_counts()
    return f"{len(frame)} claims: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
