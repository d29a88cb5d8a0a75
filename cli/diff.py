"""The command ``diff``: what a change of the corpus does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.report import shown_path, text_of
from prunelit.cli.revision import RevisionError, repository, states
from prunelit.schema.collector import collector_at_rest
from prunelit.schema.corpus_files import CorpusFiles, StateOfFolder, corpus_folder

if TYPE_CHECKING:
    from prunelit.analysis.pages.changes import Changes
    from prunelit.analysis.pages.section import Section
    from prunelit.figures.compare import Redrawn
    from prunelit.schema.corpus import Corpus

_MAX_PROBLEMS = 5
_SURVEY = "blalock2020"
"""The collection of the published figures, which nothing but a correction may move."""


def add_to(app: typer.Typer) -> None:
    """Add the command ``diff``."""
    app.command()(diff)


def diff(
    base: Annotated[str, typer.Argument(metavar="BASE", help="Revision to compare with, such as origin/main.")],
    head: Annotated[
        str | None, typer.Argument(metavar="HEAD", help="Revision with the change; the files as they are by default.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Also write the full report to this file.", dir_okay=False)] = None,
    output: Annotated[
        Path | None, typer.Option(help="File for the Markdown, instead of printing.", dir_okay=False)
    ] = None,
) -> None:
    """Tell what a change does to rows, baselines, normalized values, claims and the comparison graph, as Markdown.

    Exit status: 1 where a number changed or vanished without a correction, or where a corpus is not valid.

    [bold]Examples[/bold]

    prunelit diff origin/main

    prunelit diff HEAD~1 HEAD --html build/diff.html
    """
    from prunelit.analysis.pages.changes import page
    from prunelit.analysis.pages.markdown import as_markdown

    title = f"What changes from {base} to {head or 'the files as they are'}"
    try:
        with collector_at_rest():
            before, after = states(repository(Path.cwd()), base, head)
            found, is_valid = _changes(before, after, base, head or "the files as they are")
            figures = list(_redrawn(found))
    except RevisionError as error:
        raise typer.BadParameter(str(error), param_hint="BASE or HEAD") from None
    sections = [*page(found), *_listed(figures)]
    if html:
        write_text(html, _full_report(title, sections, figures))
        typer.echo(f"full report: {shown_path(html)}", err=True)
    markdown = as_markdown(title, sections)
    if output:
        write_text(output, markdown)
    else:
        typer.echo(markdown, nl=False)
    raise typer.Exit(not (found.silent.empty and is_valid))


def _changes(before: CorpusFiles, after: CorpusFiles, base: str, head: str) -> tuple[Changes, bool]:
    """What changes from one state to another, and whether the other is valid; large ones in order are not read."""
    from prunelit.analysis.dataset import dataset, of_next_state, of_state
    from prunelit.analysis.pages.changes import Changes

    if isinstance(before, StateOfFolder) and isinstance(after, StateOfFolder):
        first = of_state(before)
        if first.reading.shares and (second := of_state(after, first)).reading.shares:
            return Changes(first, second), True
    old, _ = _load(before, base)
    new, is_valid = _load(after, head)
    first = dataset(old)
    return Changes(first, of_next_state(new, first)), is_valid


def _load(files: CorpusFiles, revision: str) -> tuple[Corpus, bool]:
    """The corpus of a state, and whether it is valid: a closed collection may differ, as a diff tells in what."""
    from prunelit.analysis.load import read_checked
    from prunelit.schema.closed_checks import RULE

    corpus, problems = read_checked(files)
    for problem in problems[:_MAX_PROBLEMS]:
        typer.echo(text_of(problem).removeprefix(f"{corpus_folder(files).parent}/"), err=True)
    told = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
    if any(problem.rule != RULE for problem in problems):
        typer.echo(f"This version of prunelit cannot read the corpus of {revision}: {told}.", err=True)
        raise typer.Exit(1)
    if problems:
        typer.echo(f"A closed collection differs from its manifest in the corpus of {revision}: {told}.", err=True)
    return corpus, not problems


def _redrawn(found: Changes) -> Iterator[tuple[str, Redrawn]]:
    """The figures that change, each with the name of what it shows; a collection that did not change is not drawn."""
    from prunelit.figures.compare import redrawn

    for collection in (_SURVEY, None):
        if found.touches(collection):
            yield from (
                (collection or "all papers", one)
                for one in redrawn(*found.of(collection), None if collection else found.other_rows)
            )


def _listed(figures: list[tuple[str, Redrawn]]) -> list[Section]:
    from pandas import DataFrame

    from prunelit.analysis.pages.section import Section

    rows = [(one.name, one.said.title, shows, *map(str, one.counts)) for shows, one in figures]
    names = ["figure", "title", "shows", "rows before", "rows after"]
    return [Section("Figures that change", table=DataFrame(rows, columns=names))] if rows else []


def _full_report(title: str, sections: list[Section], figures: list[tuple[str, Redrawn]]) -> str:
    from prunelit.cli.page import Drawing, as_html

    drawn = [
        Drawing(f"{one.said.title} ({shows})", one.svg(one.after), before=one.svg(one.before)) for shows, one in figures
    ]
    return as_html(title, sections, drawn)
