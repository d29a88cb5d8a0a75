"""The command ``export``: files that other programs read, of any selection."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from time import time
from typing import Annotated

import typer

from prunelit.analysis.writing import write_texts
from prunelit.cli.cite import NamedPapers, ReferenceFormat, references_text
from prunelit.cli.collection import CollectionName, require
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path
from prunelit.cli.rows import Limit, Selection, Sort, TableName, Where

_FILES = {ReferenceFormat.bibtex: "references.bib", ReferenceFormat.ris: "references.ris"}
_CSL_FILE = "references.json"


class ExportFormat(StrEnum):
    """Formats of other programs."""

    every_eval_ever = "every-eval-ever"
    bibtex = "bibtex"
    ris = "ris"
    csl = "csl"


def add_to(app: typer.Typer) -> None:
    """Add the command ``export``."""
    app.command()(export)


def export(
    export_format: Annotated[ExportFormat, typer.Argument(metavar="FORMAT", help="What is written.")],
    papers: NamedPapers = None,
    table: Annotated[
        TableName | None,
        typer.Option("--from", help="Table whose rows are exported: papers for bibliographies, else evidence_long."),
    ] = None,
    collection: CollectionName = None,
    where: Where = None,
    sort: Sort = None,
    limit: Limit = None,
    output: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the files.", file_okay=False)] = Path(
        "build/export"
    ),
) -> None:
    """Write results or references for other programs: every-eval-ever, bibtex, ris or csl.

    Results go into one file an operating point, in the format of Every Eval Ever; references into one file. What is
    chosen is chosen as by 'prunelit table'. Exit status: 0, 1 where nothing fits, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit export bibtex --collection blalock2020

    prunelit export every-eval-ever --where "dataset == 'WikiText-2' and not sweep" --output build/eee
    """
    root = corpus_read()
    require(collection, root)
    default = TableName.evidence_long if export_format is ExportFormat.every_eval_ever else TableName.papers
    chosen = Selection(root, table or default, collection, where, sort, limit, tuple(papers or ()))
    texts = _texts(export_format, chosen)
    files = write_texts(output, texts)
    typer.echo(shown_path(files[0]) if len(files) == 1 else f"{len(files)} files in {shown_path(output)}")


def _texts(export_format: ExportFormat, chosen: Selection) -> dict[str, str]:
    """The files, by their names."""
    if export_format is ExportFormat.every_eval_ever:
        return _evaluations(chosen)
    reference_format = ReferenceFormat(export_format.value)
    return {_FILES.get(reference_format, _CSL_FILE): references_text(chosen, reference_format)}


def _evaluations(chosen: Selection) -> dict[str, str]:
    """The documents of results; how many rows have none is told.

    Raises:
        typer.BadParameter: if the table holds no results in single metrics.
        typer.Exit: if no row can be exported.
    """
    from prunelit.analysis.dataset import dataset
    from prunelit.analysis.export.every_eval_ever import EXPORTED_FROM, evaluation_logs

    rows = chosen.rows()
    if not set(EXPORTED_FROM) <= set(rows.columns):
        raise typer.BadParameter(
            f"table '{chosen.table}' holds no results in metrics; use evidence_long", param_hint="--from"
        )
    found, left_out = evaluation_logs(rows, dataset(chosen.root).records.metrics, int(time()))
    if left_out:
        typer.echo(
            f"left out, as the format demands a value and a dataset: {left_out} of {len(rows)} results", err=True
        )
    if not found:
        raise typer.Exit(1)
    return found
