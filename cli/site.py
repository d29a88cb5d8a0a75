"""The command ``site``: the explorer, as a folder that any browser opens and any host serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path

if TYPE_CHECKING:
    from prunelit.explorer.addresses import Address


def add_to(app: typer.Typer) -> None:
    """Add the command ``site``."""
    app.command()(site)


def site(
    output: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of the site: a new one, or one that holds a site.")
    ] = Path("build/site"),
    corpus: Annotated[
        Path | None,
        typer.Option(help="Folder of the corpus; the one here, or else the shipped one.", file_okay=False, exists=True),
    ] = None,
    repository: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Repository that holds the records, for links that edit or report them."),
    ] = None,
    base: Annotated[
        str | None, typer.Option("--address", metavar="URL", help="Where the site will be, for its sitemap.")
    ] = None,
    documentation: Annotated[
        bool, typer.Option("--documentation/--no-documentation", help="Whether to build the documentation beside it.")
    ] = True,
) -> None:
    """Write the explorer: a page for every paper, method, network, dataset and configuration, and the documentation.

    It works from the folder, without a server or a network. A site that is there already is brought up to date: only
    pages whose content has changed are written again.

    [bold]Examples[/bold]

    prunelit site

    prunelit site --output build/site --repository https://github.com/OWNER/prunelit --address https://OWNER.github.io/prunelit
    """
    start = perf_counter()
    for option, value in (("--repository", repository), ("--address", base)):
        if value is not None and not value.startswith(("https://", "http://")):
            message = f"expected an address that starts with https://; found '{value}'"
            raise typer.BadParameter(message, param_hint=option)
    root = corpus_read(corpus)
    with _documentation(output, repository, documentation) as beside, _progress() as progress:
        # The documentation is built meanwhile, and so already while this is imported.
        from prunelit.analysis.dataset import dataset
        from prunelit.explorer.site import build_site

        done = build_site(dataset(root), output, progress, repository, base, beside=beside)
    typer.echo(
        f"{done.pages} pages in {shown_path(output)}, {done.written} of them written, {done.removed} files removed; "
        f"{done.size / 1e6:.1f} MB, {perf_counter() - start:.1f} s; open {shown_path(output / 'index.html')}"
    )


@contextmanager
def _documentation(output: Path, repository: str | None, wanted: bool) -> Iterator[tuple[Address, ...]]:
    """Build the documentation meanwhile, where it can be built; lends the addresses that the navigation may name."""
    from prunelit.explorer.documentation.build import documentation_beside, why_undocumented
    from prunelit.explorer.navigation import DOCUMENTATION_PAGE

    reason = why_undocumented() if wanted else "as asked"
    if reason is not None:
        typer.echo(f"without documentation: {reason}", err=True)
        yield ()
        return
    with documentation_beside(output / DOCUMENTATION_PAGE.partition("/")[0], repository):
        yield (DOCUMENTATION_PAGE,)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar of the pages that are done; nothing where standard error is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("pages", total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
