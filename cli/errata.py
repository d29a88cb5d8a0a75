"""The command ``errata``: what is wrong in the survey's data, and where its figures differ from ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_texts
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path

if TYPE_CHECKING:
    from prunelit.analysis.pages.errata import Found


def add_to(app: typer.Typer) -> None:
    """Add the command ``errata``, and its former name."""
    app.command()(errata)
    app.command("report", hidden=True, deprecated=True)(errata)


def errata(
    output: Annotated[Path, typer.Option(help="Folder to write to.", file_okay=False)] = Path("build/report"),
) -> None:
    """Write what is wrong in the survey's data, and where its published figures differ from ours: HTML, Markdown, CSV.

    [bold]Examples[/bold]

    prunelit errata

    prunelit errata --output build/report
    """
    from prunelit.analysis.dataset import SURVEY, dataset
    from prunelit.analysis.pages.errata import find

    texts = errata_files(find(dataset(corpus_read(), SURVEY)))
    for file in write_texts(output, texts):
        typer.echo(shown_path(file))


def errata_files(found: Found) -> dict[str, str]:
    """The text of each file of the report, by its name."""
    from prunelit.analysis.pages.errata import TITLE, page
    from prunelit.analysis.pages.markdown import in_full
    from prunelit.analysis.spreadsheet import as_csv
    from prunelit.cli.page import as_html

    sections = page(found)
    return {
        "corrections.html": as_html(TITLE, sections, contents=True),
        "corrections.md": in_full(TITLE, sections),
        "effects.csv": as_csv(found.effects),
        "differences.csv": as_csv(found.differences),
        "procedures.csv": as_csv(found.procedures),
    }
