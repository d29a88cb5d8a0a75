"""The command ``progress``: whether it has got better since 2020."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_texts
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path

if TYPE_CHECKING:
    from prunelit.analysis.dataset import Dataset
    from prunelit.cli.page import Drawing


def add_to(app: typer.Typer) -> None:
    """Add the command ``progress``."""
    app.command()(progress)


def progress(
    output: Annotated[Path, typer.Option(help="Folder to write to.", file_okay=False)] = Path("build/report"),
) -> None:
    """Write what has got better since the survey of 2020, and what has not: a page with figures, and its tables as CSV.

    [bold]Examples[/bold]

    prunelit progress

    prunelit progress --output build/report
    """
    texts = progress_files(corpus_read())
    for file in write_texts(output, texts):
        typer.echo(shown_path(file))


def progress_files(root: Path) -> dict[str, str]:
    """The text of each file, by its name."""
    from prunelit.analysis.dataset import dataset
    from prunelit.analysis.pages.since2020 import TITLE, page
    from prunelit.analysis.spreadsheet import as_csv
    from prunelit.analysis.trends.frontiers import frontiers_table
    from prunelit.analysis.trends.progress import progress_table
    from prunelit.analysis.trends.recipes import recipes_held_table
    from prunelit.cli.page import as_html

    whole = dataset(root)
    tables = {
        "progress": progress_table(whole),
        "frontiers": frontiers_table(whole),
        "discrepancies": whole.discrepancies(),
        "recipes": recipes_held_table(whole),
    }
    html = as_html(TITLE, page(**tables), _figures(whole), contents=True)
    return {"progress.html": html} | {f"{name}.csv": as_csv(table) for name, table in tables.items()}


def _figures(whole: Dataset) -> list[Drawing]:
    """The figures, without those that have nothing to draw."""
    from prunelit.cli.page import Drawing
    from prunelit.figures.captions import said
    from prunelit.figures.draw import figure_named, svg
    from prunelit.figures.registry import OF_PROGRESS

    drawn = []
    for one in map(figure_named, OF_PROGRESS):
        data = one.data(whole)
        words = said(one, data, whole)
        if not data.empty:
            drawn.append(Drawing(words.title, svg(one, data, words), f"{words.reading} {words.more}"))
    return drawn
