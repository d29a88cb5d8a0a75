"""The command ``migrate``: records of earlier versions of the schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prunelit.cli.rewriting import rewrite


def add_to(app: typer.Typer) -> None:
    """Add the command ``migrate``."""
    app.command()(migrate)


def migrate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Records, or folders of them; the corpus here by default."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Tell which records are outdated; write nothing.")] = False,
) -> None:
    """Upgrade records that were written for an earlier version of the schema.

    Comments, values and digits stay. Records of today's version are not touched.
    Exit status: 0, or 1 for a file that cannot be upgraded and, with --check, for one that is outdated.

    [bold]Examples[/bold]

    prunelit migrate corpus/papers/han2015learning.yaml

    prunelit migrate --check
    """
    from prunelit.schema.migration import migrated

    rewrite(paths, migrated, "up to date" if check else "upgraded", check)
