"""The command ``claims``: what the survey and other papers claim, computed anew."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.cli.formats import as_json, markdown_table
from prunelit.cli.place import corpus_read
from prunelit.schema.vocabulary import SURVEY

if TYPE_CHECKING:
    from pandas import DataFrame

_COLOURS = {
    "reproduced": "green",
    "holds": "green",
    "does not hold": "yellow",
    "no numbers at hand": "dim",
    "unexplained": "red",
}


class ClaimsFormat(StrEnum):
    """How claims are printed."""

    text = "text"
    json = "json"
    markdown = "markdown"


def add_to(app: typer.Typer) -> None:
    """Add the command ``claims``."""
    app.command()(claims)


def claims(
    paper: Annotated[
        str | None, typer.Option(help=f"Id of the paper whose claims are printed; '{SURVEY}' is the survey.")
    ] = None,
    output_format: Annotated[
        ClaimsFormat, typer.Option("--format", help="How claims are printed.")
    ] = ClaimsFormat.text,
) -> None:
    """Compare what the survey and other papers claim with what the records say.

    Exit status: 1 where a difference has no explanation.

    [bold]Examples[/bold]

    prunelit claims

    prunelit claims --paper blalock2020 --format markdown
    """
    frame = _claims(corpus_read(), paper)
    if output_format is ClaimsFormat.text:
        _print(frame)
    else:
        typer.echo((as_json if output_format is ClaimsFormat.json else markdown_table)(frame), nl=False)
    typer.echo(_summary(frame), err=True)
    raise typer.Exit(bool((frame["verdict"] == "unexplained").any()))


def _claims(root: Path, paper: str | None) -> DataFrame:
    """The claims of the survey, then those of the other papers, with the column ``paper_id`` first."""
    import pandas as pd

    import prunelit
    from prunelit.schema.problems import UnknownNameError

    tables = []
    if paper in (None, SURVEY):
        tables.append(prunelit.claims(root).assign(paper_id=SURVEY))
    if paper != SURVEY:
        try:
            tables.append(prunelit.conclusions(root, paper=paper))
        except UnknownNameError as error:
            every = UnknownNameError(error.kind, error.name, (SURVEY, *error.known))
            raise typer.BadParameter(str(every), param_hint="--paper") from None
    frame = pd.concat(tables, ignore_index=True)
    return frame[["paper_id", *(name for name in frame.columns if name != "paper_id")]]


def _print(frame: DataFrame) -> None:
    """The claims of each paper as a table, and below it the reason of each that does not hold."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    shown = [name for name in frame.columns if name not in ("paper_id", "reason")]
    for index, (paper, group) in enumerate(frame.groupby("paper_id", sort=False)):
        console.print(Text(f"{chr(10) * bool(index)}{paper}\n", "bold"))
        rows = group.astype(object).where(group.notna(), "").to_dict("records")
        grid = Table(box=None)
        for name in shown:
            grid.add_column(name, overflow="fold")
        for row in rows:
            grid.add_row(*(Text(str(row[name]), _COLOURS.get(str(row[name]), "")) for name in shown))
        console.print(grid)
        for row in rows:
            if row["reason"]:
                console.print(Text(f"\n{row['claim']}: {row['reason']}."))


def _summary(frame: DataFrame) -> str:
    counts = frame["verdict"].value_counts()
    return f"{len(frame)} claims: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
