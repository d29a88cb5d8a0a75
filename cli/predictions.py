"""The command ``predictions``: how well expected changes predict papers that the model has not seen."""

from __future__ import annotations

from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.collection import CollectionName, require
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path

if TYPE_CHECKING:
    from pandas import DataFrame

    from prunelit.analysis.dataset import Dataset


def add_to(app: typer.Typer) -> None:
    """Add the command ``predictions``."""
    app.command()(predictions)


def predictions(
    collection: CollectionName = None,
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.", dir_okay=False)] = None,
) -> None:
    """Leave out every paper in turn, predict its changes in accuracy, and tell how good that is against naive rules.

    [bold]Examples[/bold]

    prunelit predictions

    prunelit predictions --output analysis/PREDICTION.md
    """
    root = corpus_read()
    require(collection, root)
    from prunelit.analysis.dataset import dataset
    from prunelit.analysis.pages.markdown import in_full
    from prunelit.analysis.pages.prediction import TITLE, page

    text = in_full(TITLE, page(_predicted(dataset(root, collection))))
    if output:
        write_text(output, text)
        typer.echo(shown_path(output))
    else:
        typer.echo(text, nl=False)


def _predicted(literature: Dataset) -> DataFrame:
    """The table of both efficiencies, with a bar on standard error while it is made."""
    from rich.console import Console
    from rich.progress import track

    from prunelit.analysis.synthesis.arms import MATCHED_RATIOS
    from prunelit.analysis.synthesis.prediction import papers_predicted, predictions_table

    console = Console(stderr=True)
    rows: list[dict[str, object]] = []
    for efficiency in MATCHED_RATIOS:
        model = literature.dose_response(efficiency)
        papers = model.rows["paper_id"].nunique()
        done = papers_predicted(model.rows, efficiency, whole=model, processes=cpu_count() or 1)
        rows += track(done, f"leaving out papers, {efficiency}", papers, console=console, transient=True)
    return predictions_table(rows)
