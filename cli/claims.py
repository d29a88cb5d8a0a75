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
    """The claims as a table, and below it the reason of each that does not hold."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = frame.astype(object).where(frame.notna(), "").to_dict("records")
    grid = Table(*(name for name in frame.columns if name != "reason"), box=None)
    for row in rows:
        cells = (str(cell) for name, cell in row.items() if name != "reason")
        grid.add_row(*(Text(cell, COLOURS.get(cell, "")) for cell in cells))
    console = Console(highlight=False)
    console.print(grid)
    for row in rows:
        if row["reason"]:
            console.print(Text(f"\n{row['claim']}: {row['reason']}."))


def _summary(frame: DataFrame) -> str:
    counts = frame["verdict"].value_counts()
    return f"{len(frame)} claims: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
