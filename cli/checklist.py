"""The command ``checklist``: what records show papers to report of what a complete evaluation reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.cli.collection import CollectionName, require
from prunelit.cli.formats import AS_BYTES, TableFormat, print_bytes
from prunelit.cli.place import corpus_read

if TYPE_CHECKING:
    from pandas import DataFrame

_SAID = (
    "It scores what the record of a paper holds, not how good the paper is; unknown is neither met nor unmet. Where "
    "only files of a repository were entered, what they lack is unknown: it may stand in the paper."
)


def add_to(app: typer.Typer) -> None:
    """Add the command ``checklist``."""
    app.command()(checklist)


def checklist(
    paper: Annotated[
        str | None,
        typer.Argument(
            metavar="PAPER", help="Its id, its survey id, or a part of one or of its title; all by default."
        ),
    ] = None,
    collection: CollectionName = None,
    output_format: Annotated[
        TableFormat | None, typer.Option("--format", help="As a table for programs or for Markdown.")
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(help="Folder of the corpus; the one here, or else the shipped one.", file_okay=False, exists=True),
    ] = None,
) -> None:
    """Score what the record of a paper holds: each item of the checklist met, unmet or unknown, and why.

    Without a paper: how many records of each year, of papers peer-reviewed or not, show that they meet each item.

    [bold]Examples[/bold]

    prunelit checklist han2015learning

    prunelit checklist --collection blalock2020 --format markdown
    """
    from prunelit.analysis.dataset import dataset
    from prunelit.analysis.load import find_paper
    from prunelit.analysis.trends.checklist import judged_items, met_by_year

    root = corpus_read(corpus)
    require(collection, root)
    records = dataset(root, collection, corrected=False)
    if paper is None:
        title, table = "Checklist, by year", met_by_year(records)
    else:
        try:
            found = find_paper(records.corpus, paper)
        except LookupError as error:
            raise typer.BadParameter(str(error), param_hint="PAPER") from None
        title, table = found.title, judged_items(found, records.corpus)
    if output_format is None:
        typer.echo(_page(title, table), nl=False)
    else:
        print_bytes(AS_BYTES[output_format](table))


def _page(title: str, table: DataFrame) -> str:
    from prunelit.analysis.pages.section import Section, filled
    from prunelit.cli.terminal import as_text

    return as_text(title, [Section("What the record holds", text=(_SAID,), table=filled(table))])
