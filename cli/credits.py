"""The command ``credits``: the people whom records name as contributors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_here
from prunelit.cli.report import shown_path

if TYPE_CHECKING:
    from pandas import DataFrame

HEAD = """\
# Contributors

Whoever enters or checks a record may be named in its `contributors`. This list is made from the records by
`prunelit credits`; do not edit it.

The records of the 2020 survey come from data that its authors published; `corpus/README.md` credits every source.
"""


def add_to(app: typer.Typer) -> None:
    """Add the command ``credits``."""
    app.command(name="credits")(write_credits)


def write_credits(
    output: Annotated[
        Path | None, typer.Option(help="File to write; CONTRIBUTORS.md beside the corpus by default.", dir_okay=False)
    ] = None,
) -> None:
    """Write the list of the people whom records name as contributors.

    [bold]Examples[/bold]

    prunelit credits

    prunelit credits --output build/CONTRIBUTORS.md
    """
    from prunelit.analysis.load import load_corpus
    from prunelit.analysis.pages.credits import credited

    corpus = corpus_here()
    file = output or corpus.parent / "CONTRIBUTORS.md"
    write_text(file, credits_page(credited(load_corpus(corpus))))
    typer.echo(shown_path(file))


def credits_page(people: DataFrame) -> str:
    """The list as Markdown."""
    from prunelit.analysis.pages.markdown import rows_of
    from prunelit.analysis.pages.section import filled

    table = "".join(rows_of(filled(people))) if len(people) else "No record names anybody yet.\n"
    return f"{HEAD}\n{table}"
