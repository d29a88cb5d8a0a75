"""The command ``fmt``: canonical form of records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prunelit.cli.rewriting import rewrite


def add_to(app: typer.Typer) -> None:
    """Add the command ``fmt``."""
    app.command()(fmt)


def fmt(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Records, or folders of them; the corpus here by default."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Tell which records would change; write nothing.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Print what would change; write nothing.")] = False,
) -> None:
    """Put records into canonical form: order of keys, indentation, quotes, folded text.

    Comments, values and digits stay; comments of 'prunelit new' go once they are answered.
    A file that is not readable as YAML is told and left alone.
    Exit status: 0, or 1 for a file that cannot be read and, with --check or --diff, for one that would change.

    [bold]Examples[/bold]

    prunelit fmt corpus/papers/han2015learning.yaml

    prunelit fmt --check
    """
    from prunelit.cli.entry.prompts import remove_answered
    from prunelit.schema.canonical import canonical
    from prunelit.schema.record import Paper

    rewrite(paths, lambda text, file: canonical(text, file, Paper, remove_answered), "formatted", check, diff)
