"""The command ``synthesis``: what all papers together say of the methods on one network."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.collection import CollectionName, require
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path

if TYPE_CHECKING:
    from prunelit.analysis.pages.section import Section
    from prunelit.analysis.synthesis.field import Synthesis
    from prunelit.cli.page import Drawing


class EfficiencyName(StrEnum):
    """Ratios at which methods can be compared."""

    speedup = "speedup"
    compression_ratio = "compression_ratio"


class CopiedName(StrEnum):
    """What is done with numbers that papers copied."""

    leave_out = "leave_out"
    follow = "follow"


def add_to(app: typer.Typer) -> None:
    """Add the command ``synthesis``."""
    app.command()(synthesis)


def synthesis(
    dataset: Annotated[str, typer.Option(help="Dataset of the network.")],
    architecture: Annotated[str, typer.Option(help="Architecture of the network.")],
    efficiency: Annotated[EfficiencyName, typer.Option(help="Ratio at which methods are compared.")] = (
        EfficiencyName.speedup
    ),
    at: Annotated[float, typer.Option(help="The ratio, above 1.")] = 2.0,
    metric: Annotated[str, typer.Option(help="What is compared.")] = "top1",
    structure: Annotated[str | None, typer.Option(help="Only methods of this structure.")] = None,
    since: Annotated[int | None, typer.Option(help="Only papers of this year or later.")] = None,
    peer_reviewed: Annotated[
        bool | None, typer.Option("--peer-reviewed/--not-peer-reviewed", help="Only papers that are, or are not.")
    ] = None,
    training_scheme: Annotated[str | None, typer.Option(help="Only networks trained so after pruning.")] = None,
    setup: Annotated[
        str | None, typer.Option(help="Only curves proven comparable with each other under this setup.")
    ] = None,
    copied: Annotated[
        CopiedName, typer.Option(help="Leave copied numbers out, or count each once, under its source.")
    ] = CopiedName.leave_out,
    assumed_std: Annotated[
        float | None, typer.Option(help="Deviation of one run where a paper gives none; else from comparable papers.")
    ] = None,
    collection: CollectionName = None,
    html: Annotated[bool, typer.Option("--html", help="As a web page in one file, with the figures.")] = False,
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.", dir_okay=False)] = None,
) -> None:
    """Tell what all papers together say of the methods on one network at one ratio, and how sure that is.

    A network meta-analysis of the differences that papers report, with the items of PRISMA-NMA.  Where there is too
    little evidence it is refused, with the counts; 'prunelit table synthesis_networks' lists where there is enough.

    [bold]Examples[/bold]

    prunelit synthesis --dataset CIFAR-10 --architecture ResNet-56

    prunelit synthesis --dataset CIFAR-10 --architecture ResNet-56 --since 2018 --html --output page.html
    """
    root = corpus_read()
    require(collection, root)
    import prunelit
    from prunelit.analysis.pages.one_network import asked_for, page

    found = prunelit.synthesis(
        dataset,
        architecture,
        metric=metric,
        efficiency=efficiency.value,
        at=at,
        structure=structure,
        since=since,
        peer_reviewed=peer_reviewed,
        training_scheme=training_scheme,
        setup=setup,
        copied=copied.value,
        assumed_std=assumed_std,
        corpus=root,
        collection=collection,
    )
    networks = prunelit.synthesis_networks(root, collection, metric, efficiency.value, at)
    title, sections = asked_for(found.question), page(found, networks)
    text = _page(title, sections, found) if html else _text(title, sections, to_file=output is not None)
    if output:
        write_text(output, text)
        typer.echo(shown_path(output))
    else:
        typer.echo(text, nl=False)


def _text(title: str, sections: list[Section], to_file: bool) -> str:
    from prunelit.cli.terminal import as_text

    return as_text(title, sections, plain=to_file)


def _page(title: str, sections: list[Section], found: Synthesis) -> str:
    from prunelit.cli.page import as_html

    return as_html(title, sections, _figures(found), contents=True)


def _figures(found: Synthesis) -> list[Drawing]:
    """The figures, without those that have nothing to draw."""
    from prunelit.cli.page import Drawing
    from prunelit.figures.of_synthesis import figures_of

    return [Drawing(words.title, svg, f"{words.reading} {words.more}") for words, svg in figures_of(found)]
