"""The command ``plan``: what to run next, and against whose numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.collection import CollectionName, require
from prunelit.cli.place import corpus_read
from prunelit.cli.report import shown_path
from prunelit.cli.strictness import ComparabilityName, ComparabilityOption

if TYPE_CHECKING:
    from prunelit.analysis.dataset import Dataset
    from prunelit.analysis.pages.section import Section


def add_to(app: typer.Typer) -> None:
    """Add the command ``plan``."""
    app.command()(plan)


def plan(
    method: Annotated[
        str | None,
        typer.Option(
            metavar="PAPER", help="Plan what this paper should add, named as for 'show'; else for a new paper."
        ),
    ] = None,
    budget: Annotated[int, typer.Option(min=1, metavar="N", help="How many experiments at most.")] = 5,
    only: Annotated[
        list[str] | None, typer.Option(metavar="DATASET", help="Choose from this dataset; give it once for each.")
    ] = None,
    direct: Annotated[
        bool, typer.Option("--direct", help="Most comparable papers, whether or not this connects components.")
    ] = False,
    comparability: ComparabilityOption = ComparabilityName.same_network,
    collection: CollectionName = None,
    html: Annotated[bool, typer.Option("--html", help="As a web page in one file, with the figure.")] = False,
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.", dir_okay=False)] = None,
) -> None:
    """Tell which experiments make a paper comparable with most of the literature, why, and against whose numbers.

    An experiment is a dataset and an architecture.  First come those that connect papers between which nothing is
    comparable, then those that make most papers comparable.

    [bold]Examples[/bold]

    prunelit plan --collection blalock2020

    prunelit plan --budget 3 --only CIFAR-10 --only MNIST

    prunelit plan --comparability same_variants

    prunelit plan --method han2015deep --html --output plan.html
    """
    root = corpus_read()
    require(collection, root)
    from prunelit.analysis.dataset import dataset
    from prunelit.analysis.pages.advice import advice, title
    from prunelit.analysis.planning.plan import make_plan
    from prunelit.schema.problems import AmbiguousNameError, UnknownNameError

    literature = dataset(root, collection)
    try:
        found = make_plan(literature, method, budget, only or (), not direct, comparability.value)
    except AmbiguousNameError as error:
        raise typer.BadParameter(str(error), param_hint="--method") from None
    except UnknownNameError as error:
        if error.kind == "dataset":
            raise typer.BadParameter(str(error), param_hint="--only") from None
        raise typer.BadParameter(_elsewhere(str(error), method, literature), param_hint="--method") from None
    said = title(found, literature.corpus), advice(found, literature.corpus)
    text = _page(*said, literature) if html else _text(*said, to_file=output is not None)
    if output:
        write_text(output, text)
        typer.echo(shown_path(output))
    else:
        typer.echo(text, nl=False)


def _elsewhere(problem: str, method: str | None, literature: Dataset) -> str:
    """What is wrong with the name of a paper: it may be one of another collection."""
    from prunelit.analysis.load import find_paper

    try:
        paper = find_paper(literature.of(None).corpus, method or "")
    except LookupError:
        return problem
    return f"'{paper.id}' is not in the collection '{literature.collection}'; it is in {', '.join(paper.collections)}"


def _text(title: str, sections: list[Section], to_file: bool) -> str:
    from prunelit.cli.terminal import as_text

    return as_text(title, sections, plain=to_file)


def _page(title: str, sections: list[Section], literature: Dataset) -> str:
    from prunelit.cli.page import Drawing, as_html
    from prunelit.figures.captions import caption
    from prunelit.figures.draw import figure_named, svg

    drawn = figure_named("plan")
    said, data = caption(drawn.__doc__ or ""), drawn.data(literature)
    picture = [] if data.empty else [Drawing(said.title, svg(drawn, data, said), f"{said.reading} {said.more}")]
    return as_html(title, sections, picture)
