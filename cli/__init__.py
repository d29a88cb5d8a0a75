"""The command ``prunelit``, and how it ends when something is wrong.

Only the module of the command that is asked for is imported, and commands import what they need when they run: checking
a record must wait neither for pandas nor for the options of forty other commands.
"""

from __future__ import annotations

import atexit
import gc
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from prunelit.cli.build_time import build_time
from prunelit.cli.report import shown_path, text_of, visible
from prunelit.cli.usage import GroupOfCommands
from prunelit.schema.problems import CorpusError, PrunelitError

_MODULES = {"import": "importing", "report": "errata"}
"""The modules of commands that are not named after their command."""
COMMANDS = (
    "check",
    "audit",
    "new",
    "import",
    "fmt",
    "migrate",
    "manifest",
    "rename",
    "show",
    "best",
    "predictions",
    "plan",
    "progress",
    "synthesis",
    "checklist",
    "diff",
    "table",
    "normalize",
    "cite",
    "export",
    "figures",
    "site",
    "evaluate",
    "claims",
    "errata",
    "report",
    "credits",
    "schema",
    "release",
)
"""All commands, in the order in which help lists them."""


def command_line(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with the commands that are named."""
    app = typer.Typer(
        name="prunelit",
        cls=GroupOfCommands,
        help="The neural-network-pruning literature as data: validate it, query it, draw it.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for module in dict.fromkeys(_MODULES.get(name, name) for name in names):
        import_module(f"prunelit.cli.{module}").add_to(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"prunelit {version('prunelit')}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """The neural-network-pruning literature as data: validate it, query it, draw it."""
    build_time()


_NEW_OBJECTS = 100_000
"""New objects after which the collector looks for garbage: records are many and stay, and are no garbage."""


def main() -> None:
    """Run the command line: exit status 0 is success, 1 findings, 2 bad usage or a file that cannot be written."""
    _open_streams()
    _forget_odd_sizes()
    gc.set_threshold(_NEW_OBJECTS)
    atexit.register(gc.freeze)  # all that is left ends with the process; the search for garbage in it takes long
    asked = sys.argv[1:2]
    try:
        command_line(asked if asked and asked[0] in COMMANDS else COMMANDS)()
    except CorpusError as error:
        for problem in error.problems:
            typer.echo(text_of(replace(problem, file=shown_path(Path(problem.file)))), err=True)
        typer.echo("The corpus is not valid; 'prunelit check' tells more.", err=True)
        sys.exit(1)
    except PrunelitError as error:
        typer.echo("\n".join(map(visible, f"Error: {error}".splitlines())), err=True)
        sys.exit(2)
    except OSError as error:
        name = f": {error.filename}" if error.filename else ""
        told = f"{error.strerror or error}{name}" if name or _here_is() else "the current folder is gone"
        typer.echo(visible(f"Error: {told}"), err=True)
        sys.exit(2)
    except KeyboardInterrupt:  # before there is a command that could tell
        sys.exit(_INTERRUPTED)


_INTERRUPTED = 130
"""The exit status of what a person interrupts: 128 and the number of the signal."""


def _here_is() -> bool:
    """Whether the current folder is there; no path below it can be told without it."""
    try:
        return bool(os.getcwd())
    except OSError:
        return False


def _open_streams() -> None:
    """Let every text be printed; where a stream is closed, nothing is read from it, nor anything told."""
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115 - for as long as the program runs
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = sys.stderr
        typer.echo("Error: standard output is closed; there is no place for what is to be told", err=True)
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


_SIZE = re.compile("[1-9][0-9]{1,3}")
"""Columns or lines that a terminal may have: 10 to 9,999."""


def _forget_odd_sizes() -> None:
    """Believe nothing that the environment says of the terminal and no terminal is: what prints takes any number."""
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        if not _SIZE.fullmatch(os.environ.get(name, "")):
            os.environ.pop(name, None)
