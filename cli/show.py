"""The command ``show``: what the corpus knows about a paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path

if TYPE_CHECKING:
    from prunelit.analysis.pages.section import Section


def add_to(app: typer.Typer) -> None:
    """Add the command ``show``."""
    app.command()(show)


def show(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="Its id, its survey id, or a part of one or of its title.")
    ],
    html: Annotated[bool, typer.Option("--html", help="As a web page in one file.")] = False,
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.", dir_okay=False)] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(help="Folder of the corpus; the one here, or else the shipped one.", file_okay=False, exists=True),
    ] = None,
) -> None:
    """Show a record as a person reads it: bibliography, results, comparisons, normalized values, corrections.

    [bold]Examples[/bold]

    prunelit show han2015learning

    prunelit show "lottery ticket hypothesis" --html --output lottery.html
    """
    from prunelit.analysis.dataset import dataset
    from prunelit.analysis.load import find_paper
    from prunelit.analysis.pages.profile import profile

    records = dataset(corpus_read(corpus))
    try:
        name = find_paper(records.as_published().outline, paper).id
    except LookupError as error:
        raise typer.BadParameter(str(error), param_hint="PAPER") from None
    found = records.around(name).by_id[name]
    text = _text(found.title, profile(found, records), html, to_file=output is not None)
    if output:
        write_text(output, text)
        typer.echo(shown_path(output))
    else:
        typer.echo(text, nl=False)


def _text(title: str, sections: list[Section], html: bool, to_file: bool) -> str:
    if html:
        from prunelit.cli.page import as_html

        return as_html(title, sections)
    from prunelit.cli.terminal import as_text

    return as_text(title, sections, plain=to_file)
