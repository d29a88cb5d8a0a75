"""The commands ``import``: results that exist already, in a spreadsheet or in a framework's folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_around, corpus_here
from prunelit.cli.report import locator_path, shown_path
from prunelit.cli.rewriting import tell

if TYPE_CHECKING:
    from prunelit.cli.entry.mapping import Mapping
    from prunelit.cli.entry.shrinkbench import Run
    from prunelit.schema.problems import Problem
    from prunelit.schema.rules import Names
    from prunelit.schema.tree import Node
    from prunelit.schema.validation import Document

importing = typer.Typer(name="import", help="Enter results that exist already.", no_args_is_help=True)

PaperOption = Annotated[
    str | None, typer.Option("--paper", metavar="ID", help="The record in the corpus here that the results join.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="The record to write; joined if it exists.", dir_okay=False),
]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="A YAML file that translates names into ours.", dir_okay=False),
]
CollectionOption = Annotated[str, typer.Option("--collection", help="The collection that the results count in.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands ``import csv`` and ``import shrinkbench``."""
    app.add_typer(importing)


@importing.command("csv")
def from_csv(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with one operating point a row.")],
    paper: PaperOption = None,
    output: OutputOption = None,
    mapping: MappingOption = None,
    collection: CollectionOption = "contributed",
) -> None:
    """Enter a results spreadsheet into a record, with digits as in its cells.

    Columns are called as the keys of a record: dataset, architecture, method, origin, proposed_by, base_top1, top1,
    params_kept, seeds, table, figure, note ...; metric:perplexity holds another metric, base_locator:table the place of
    the unpruned model's numbers, recipe:learning_rate and recipe_locator:path how the networks were made and where that
    stands, curve_note and experiment_note caveats on more than a point. A mapping file may hold 'columns' (theirs:
    ours), 'ignore', 'units' (params_removed: percent), 'constants' (origin: own) and 'names'.
    Nothing is written while anything is wrong. Exit status: 0, 1 with findings, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit import csv results.csv --paper he2018soft

    prunelit import csv results.csv --mapping ours.yaml --output corpus/papers/doe2026pruning.yaml
    """
    from prunelit.cli.entry.results import spreadsheet_experiments
    from prunelit.cli.entry.spreadsheet import csv_text, sheet_rows
    from prunelit.schema.reading import UnreadableError, contents

    target = _target(paper, output)
    _require(target, collection)
    name = shown_path(file)
    try:
        said = _mapping(mapping)
        read = sheet_rows(csv_text(contents(file, name), name), name, said)
        found = spreadsheet_experiments(read, name, target.paper, collection, said.value, target.names())
    except UnreadableError as error:
        _leave(error.problems)
    _write(target, found)


@importing.command("shrinkbench")
def from_shrinkbench(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of result folders, at any depth.")],
    paper: PaperOption = None,
    output: OutputOption = None,
    own: Annotated[
        list[str] | None,
        typer.Option("--own", metavar="STRATEGY", help="A strategy that is the paper's own method; others are reruns."),
    ] = None,
    mapping: MappingOption = None,
    collection: CollectionOption = "contributed",
) -> None:
    """Enter the result folders of the ShrinkBench framework into a record.

    Runs that differ in nothing but their seed become one point with mean and standard deviation; all others stay apart,
    and their notes say in what they differ. A broken folder is told and skipped. A mapping file may hold 'names'
    (theirs: ours) of datasets and models.
    Exit status: 0, 1 with findings, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit import shrinkbench results --paper doe2026pruning --own MyPruning

    prunelit import shrinkbench results --output corpus/papers/doe2026pruning.yaml
    """
    from prunelit.cli.entry.seeds import seed_experiments, usable
    from prunelit.cli.entry.shrinkbench import read_run
    from prunelit.schema.reading import UnreadableError

    if not folder.is_dir():
        raise typer.BadParameter(f"'{shown_path(folder)}' is no folder", param_hint="DIR")
    target = _target(paper, output)
    _require(target, collection)
    try:
        said = _mapping(mapping).value
    except UnreadableError as error:
        _leave(error.problems)
    found, unreadable = _folders(folder)
    if not found and not unreadable:
        raise typer.BadParameter(f"'{shown_path(folder)}' holds no folder with params.json, metrics.json and logs.csv")
    runs: list[Run] = []
    problems = unreadable
    for one in found:
        try:
            runs.append(read_run(one, shown_path(one)))
        except UnreadableError as error:
            problems.extend(error.problems)
    strategies = sorted({run.params.strategy or "" for run in runs} - {""})
    for strategy in own or ():
        _known("strategy", strategy, strategies, "--own")
    named, unnamed = usable(runs, said, target.names())
    _write(target, seed_experiments(named, locator_path(folder), collection, own or []))
    problems.extend(unnamed)
    typer.echo(f"{len(named)} of {len(found)} result folders used", err=True)
    if problems:
        _leave(sorted(problems))


def _folders(folder: Path) -> tuple[list[Path], list[Problem]]:
    """The folders of runs, and the problems of those that cannot be read.

    Raises:
        typer.BadParameter: if there are too many.
    """
    from prunelit.cli.entry.shrinkbench import BrokenError, folders
    from prunelit.schema.problems import Problem

    try:
        found, unreadable = folders(folder)
    except BrokenError as error:
        raise typer.BadParameter(f"'{shown_path(folder)}' holds {error.args[1]}") from None
    return found, [Problem(shown_path(one), 1, 1, "shrinkbench", f"{why}; folder skipped") for one, why in unreadable]


@dataclass(frozen=True)
class Target:
    """The record that results join: where it is read and written, and its id."""

    source: Path
    file: Path
    paper: str

    def names(self) -> Names:
        """The names that the record may use: those of the corpus that it is in, or else of the shipped one."""
        from prunelit.schema.corpus import read_corpus, shipped
        from prunelit.schema.rules import Names

        return Names(read_corpus(corpus_around(self.file) or shipped())[0])


def _target(paper: str | None, output: Path | None) -> Target:
    """The record that the options name.

    Raises:
        typer.BadParameter: if they name none.
    """
    if paper is None:
        if output is None:
            raise typer.BadParameter("say which record the results join: --paper ID, or --output FILE")
        return Target(output, output, output.stem)
    file = corpus_here() / "papers" / f"{paper}.yaml"
    if paper not in {known.stem for known in file.parent.glob("*.yaml")}:
        from prunelit.schema.problems import nearest, quoted

        hint = nearest(paper, [known.stem for known in file.parent.glob("*.yaml")]) or "; 'prunelit new' begins one"
        raise typer.BadParameter(f"there is no record {quoted(paper)}{hint}", param_hint="--paper")
    return Target(file, output or file, paper)


def _require(target: Target, collection: str) -> None:
    """Refuse a collection that the corpus of the record does not have."""
    _known("collection", collection, target.names().vocabularies.get("collection", {}), "--collection")


def _known(kind: str, name: str, known: Iterable[str], option: str) -> None:
    """Refuse a name that there is not.

    Raises:
        typer.BadParameter: if the name is not among those that are known, and any are.
    """
    from prunelit.schema.problems import UnknownNameError

    error = UnknownNameError(kind, name, known)
    if error.known and name not in error.known:
        raise typer.BadParameter(str(error), param_hint=option)


def _mapping(file: Path | None) -> Document[Mapping]:
    from prunelit.cli.entry.mapping import Mapping
    from prunelit.schema.reading import UnreadableError
    from prunelit.schema.validation import Document, read_document

    if file is None:
        return Document("", "", Mapping())
    document, problems = read_document(file, Mapping, shown_path(file))
    if document is None:
        raise UnreadableError(*problems)
    return document


def _write(target: Target, experiments: list[dict[str, Any]]) -> None:
    """Add the experiments to the record, or begin one with them; leave with status 1 if that makes no valid record."""
    from prunelit.cli.entry.adding import add
    from prunelit.cli.entry.draft import skeleton
    from prunelit.schema.canonical import canonical_text, parsed_tree
    from prunelit.schema.reading import UnreadableError, contents, decode
    from prunelit.schema.record import Paper

    name = shown_path(target.source)
    exists = target.source.exists()
    try:
        record = parsed_tree(decode(contents(target.source, name), name), name) if exists else skeleton(target.paper)
    except UnreadableError as error:
        _leave(error.problems)
    before = {(one.rule, one.message) for one in _faults(target, record)} if exists else set()
    added = add(record, experiments)
    if problems := [one for one in _faults(target, record) if (one.rule, one.message) not in before]:
        _leave(problems)
    if added:
        write_text(target.file, canonical_text(record, Paper))
        typer.echo(shown_path(target.file))
    same = len(experiments) - added
    already = f"; {same} that the record holds already left out" if same else ""
    typer.echo(f"{added} experiment{'s' * (added != 1)} added{already}", err=True)
    if added and not exists:
        typer.echo("The record has no bibliography yet; its first comment says what to add.", err=True)


def _faults(target: Target, record: Node) -> list[Problem]:
    """What is wrong with a record; the bibliography that a new one lacks is for its author to enter.

    Raises:
        typer.Exit: if it is no record at all.
    """
    from prunelit.cli.check import problems_joining
    from prunelit.cli.entry.draft import with_bibliography
    from prunelit.schema.canonical import canonical_text
    from prunelit.schema.corpus import read_corpus, shipped
    from prunelit.schema.problems import Problem
    from prunelit.schema.reading import MAX_BYTES
    from prunelit.schema.record import Paper
    from prunelit.schema.validation import read_bytes

    name = shown_path(target.file)
    data = canonical_text(record if target.source.exists() else with_bibliography(record), Paper).encode()
    if len(data) > MAX_BYTES:
        _leave([Problem(name, 1, 1, "too-large", f"a record of {len(data):,} bytes; at most {MAX_BYTES:,} are read")])
    document, problems = read_bytes(data, Paper, name)
    if document is None:
        _leave(problems)
    corpus = read_corpus(corpus_around(target.file) or shipped(), only=frozenset())[0]
    return problems_joining(document, corpus)


def _leave(problems: Iterable[Problem]) -> NoReturn:
    tell(problems)
    raise typer.Exit(1)
