"""The command ``best``: which methods do best on a network at a ratio, and how far that can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.collection import CollectionName, require
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path


def add_to(app: typer.Typer) -> None:
    """Add the command ``best``."""
    app.command()(best)


def best(
    dataset: Annotated[str, typer.Option(help="Dataset, by its name in the vocabulary.")],
    architecture: Annotated[str, typer.Option(help="Architecture on it.")],
    speedup: Annotated[float | None, typer.Option(help="Theoretical speedup, above 1; 2 by default.")] = None,
    compression_ratio: Annotated[float | None, typer.Option(help="Instead, the compression ratio.")] = None,
    structure: Annotated[str | None, typer.Option(help="Only methods of this structure, such as structured.")] = None,
    since: Annotated[int | None, typer.Option(metavar="YEAR", help="Only papers of this year or later.")] = None,
    setup: Annotated[
        str | None, typer.Option(help="Only curves proven comparable under this comparison setup, such as S1.")
    ] = None,
    collection: CollectionName = None,
    html: Annotated[bool, typer.Option("--html", help="As a web page in one file.")] = False,
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.", dir_okay=False)] = None,
) -> None:
    """Tell which methods do best on a network at a ratio: reported, synthesized and expected, and how sure that is.

    [bold]Examples[/bold]

    prunelit best --dataset ImageNet --architecture ResNet-50 --speedup 2

    prunelit best --dataset ImageNet --architecture ResNet-50 --speedup 2 --structure structured --since 2020

    prunelit best --dataset CIFAR-10 --architecture ResNet-56 --html --output best.html
    """
    root = corpus_read()
    require(collection, root)
    import prunelit
    from prunelit.analysis.pages.best_methods import best_sections, page_title

    found = prunelit.best(
        dataset, architecture, speedup, compression_ratio=compression_ratio, structure=structure, since=since,
        setup=setup, corpus=root, collection=collection,
    )  # fmt: skip
    title, told = page_title(found), best_sections(found)
    if html:
        from prunelit.cli.page import as_html

        text = as_html(title, told)
    else:
        from prunelit.cli.terminal import as_text

        text = as_text(title, told, plain=output is not None)
    if output:
        write_text(output, text)
        typer.echo(shown_path(output))
    else:
        typer.echo(text, nl=False)
