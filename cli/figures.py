"""The command ``figures``: every figure in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from prunelit.cli.collection import require
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path


def add_to(app: typer.Typer) -> None:
    """Add the command ``figures``."""
    app.command()(figures)


def figures(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Which figures; by default those of the gallery."),
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder to write to.", file_okay=False)] = Path("build/figures"),
    collection: Annotated[
        str, typer.Option(help="Collection that the figures show; 'all' is everything.")
    ] = "blalock2020",
    as_published: Annotated[bool, typer.Option("--as-published", help="Draw the data without corrections.")] = False,
) -> None:
    """Draw the figures, each as SVG, PNG, HTML that works offline, and the CSV behind it.

    [bold]Examples[/bold]

    prunelit figures

    prunelit figures --collection blalock2020 --output build/figures

    prunelit figures multiverse plan

    prunelit figures --as-published --output build/as-published
    """
    start = perf_counter()
    root = corpus_read()
    require(collection, root)
    from prunelit import figures as drawing

    try:
        with _progress() as progress:
            files = drawing.write_figures(output, names or [], collection, progress, not as_published, root)
    except ValueError as error:
        if not names:
            raise
        raise typer.BadParameter(str(error), param_hint="NAME") from None
    typer.echo(_summary(files, output, perf_counter() - start))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A spinner that names the figure in work, with the time so far; a line for each figure where it is no terminal."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda message: typer.echo(message, err=True)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading the corpus", total=None)
        yield lambda message: progress.update(task, description=message)


def _summary(files: list[Path], output: Path, seconds: float) -> str:
    kinds = Counter(file.suffix.removeprefix(".") for file in files)
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    index = output / "index.html"
    look = f"; open {shown_path(index)}" if index in files else ""
    return f"{len(files)} files ({counted}) in {shown_path(output)}, {seconds:.1f} s{look}"
