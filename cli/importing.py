"""The commands ``import``: results that exist already, in a table of any form or in a framework's folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_around, corpus_here
from prunelit.cli.report import locator_path, shown_path
from prunelit.cli.rewriting import changed_lines, tell

if TYPE_CHECKING:
    from prunelit.cli.entry.joining import Joined
    from prunelit.cli.entry.mapping import Mapping
    from prunelit.cli.entry.shrinkbench import Run
    from prunelit.schema.corpus import Corpus
    from prunelit.schema.problems import Problem
    from prunelit.schema.rules import Names
    from prunelit.schema.tree import Node
    from prunelit.schema.validation import Document

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
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Print what would enter, and without --mapping a draft of one; write nothing.")
]
ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="Let results that differ take the place of what the record holds.")
]

_FORMS = {
    "csv": ("a text with separators, such as CSV", "results.csv"),
    "xlsx": ("a sheet of an Excel workbook", "results.xlsx"),
    "markdown": ("a table in Markdown, such as a README's", "README.md"),
    "latex": ("a tabular in LaTeX", "results.tex"),
    "html": ("a table in HTML, as copied from a page", "results.html"),
}
_TABLE_HELP = """\
Enter {what}, into a record, with digits as in its cells.

Each row is an operating point, or an unpruned model, which becomes the experiment's baseline. Columns are called as the
keys of a record (dataset, architecture, method, origin, top1, params_kept, table ...; metric:perplexity holds another
metric, base_locator:table the place of the unpruned model's numbers, recipe:learning_rate how networks were made), or a
mapping file translates them: --dry-run without --mapping drafts one. What stands beside a number (±, brackets, arrows,
footnotes) is read or left out, and said. A second import joins: points that the record holds are recognised.
Nothing is written while anything is wrong with the results. A record that needs more to be valid, as a new one does its
bibliography, is written, and what it needs is told.
Exit status: 0 with a valid record, 1 with findings, 2 for bad usage.

[bold]Examples[/bold]

prunelit import {form} {file} --dry-run > ours.yaml

prunelit import {form} {file} --mapping ours.yaml --paper he2018soft
"""


def add_to(app: typer.Typer) -> None:
    """Add the commands ``import csv``, ``xlsx``, ``markdown``, ``latex``, ``html`` and ``shrinkbench``."""
    importing = typer.Typer(name="import", help="Enter results that exist already.", no_args_is_help=True)
    for form in _FORMS:
        _add_table(importing, form)
    importing.command("shrinkbench")(from_shrinkbench)
    app.add_typer(importing)


def _add_table(importing: typer.Typer, form: str) -> None:
    """Add the command that imports tables of one form."""
    what, example = _FORMS[form]

    @importing.command(form, help=_TABLE_HELP.format(what=what, form=form, file=example))
    def from_table(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="The file with the table.")],
        paper: PaperOption = None,
        output: OutputOption = None,
        mapping: MappingOption = None,
        collection: CollectionOption = "contributed",
        dry_run: DryRunOption = False,
        replace: ReplaceOption = False,
    ) -> None:
        target = _target(paper, output, dry_run)
        names = _require(target, collection)
        _import_table(form, file, target, names, mapping, collection, Writing(dry_run, replace))


class Writing(NamedTuple):
    """What is done with a record that results have joined."""

    dry_run: bool
    """Whether it is shown and not written."""
    replace: bool
    """Whether results that differ take the place of what it holds."""
    as_comment: bool = False
    """Whether it is shown as comments, below the draft of a mapping."""


def _import_table(
    form: Any, file: Path, target: Target, names: Names, mapping: Path | None, collection: str, writing: Writing
) -> None:
    from prunelit.cli.entry.table_import import draft_of, entered
    from prunelit.cli.tables.reading import MAX_TABLE_BYTES
    from prunelit.schema.reading import UnreadableError, contents

    name = shown_path(file)
    try:
        data = contents(file, name, MAX_TABLE_BYTES)
        if writing.dry_run and mapping is None:
            draft = draft_of(data, form, name, names)
            typer.echo(draft, nl=False)
            said, writing = _mapping_in(draft), writing._replace(as_comment=True)
        else:
            said = _mapping(mapping)
        found, notes = entered(data, form, name, said, target.paper, collection, names)
    except UnreadableError as error:
        _leave(error.problems)
    tell(notes)
    unfinished = _write(target, names.corpus, found, writing)
    raise typer.Exit(unfinished)


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
    dry_run: DryRunOption = False,
    replace: ReplaceOption = False,
    corrections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the corrections of its accuracies here.", dir_okay=False),
    ] = None,
) -> None:
    """Enter the result folders of the ShrinkBench framework into a record.

    Runs that differ in nothing but their seed become one point with mean and standard deviation; all others stay apart,
    and their notes say in what they differ. A broken folder is told and skipped. A mapping file may hold 'names'
    (theirs: ours) of datasets and models. ShrinkBench divides accuracies by full batches even in the last, smaller one;
    they are entered as they are, and what is right is offered as corrections for corrections.yaml.
    A record that needs more to be valid, as a new one does its bibliography, is written, and what it needs is told.
    Exit status: 0 with a valid record, 1 with findings, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit import shrinkbench results --paper doe2026pruning --own MyPruning
    prunelit import shrinkbench results --output corpus/papers/doe2026pruning.yaml
    """
    from prunelit.cli.entry.seeds import seed_experiments, usable
    from prunelit.cli.entry.shrinkbench import read_run
    from prunelit.schema.reading import UnreadableError

    if not folder.is_dir():
        raise typer.BadParameter(f"'{shown_path(folder)}' is no folder", param_hint="DIR")
    target = _target(paper, output, dry_run)
    names = _require(target, collection)
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
    named, unnamed = usable(runs, said, names)
    problems.extend(unnamed)
    tell(sorted(problems))
    found_here = seed_experiments(named, locator_path(folder), collection, own or [])
    unfinished = _write(target, names.corpus, found_here, Writing(dry_run, replace))
    typer.echo(f"{len(named)} of {len(found)} result folders used", err=True)
    _offer(named, locator_path(folder), collection, own or [], target.paper, None if dry_run else corrections)
    raise typer.Exit(unfinished or bool(problems))


_UNKNOWN = "batch size or number of test images is unknown or wrong"


def _offer(
    runs: list[tuple[str, str, Run]], folder: str, collection: str, own: list[str], paper: str, file: Path | None
) -> None:
    """Tell what the accuracies of runs lack, and write the corrections that undo it."""
    from prunelit.cli.entry.divided import missing_share, offered

    shares, untold = missing_share(runs)
    if shares:
        most = f"{100 * (1 - shares[0]):.2f} %"
        how = f"corrections are in {shown_path(file)}" if file else "--corrections FILE writes what is right"
        typer.echo(
            f"ShrinkBench divides by full batches: accuracies are up to {most} of their value low; {how}", err=True
        )
    if untold:
        typer.echo(f"{untold} runs do not tell how low ShrinkBench has them: {_UNKNOWN}", err=True)
    if file:
        from prunelit.schema.canonical import canonical_text
        from prunelit.schema.correction import Corrections
        from prunelit.schema.tree import tree_of

        found = offered(runs, folder, collection, own, paper, date.today().isoformat())
        write_text(file, canonical_text(tree_of({"corrections": found}), Corrections))


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
        """The names that the record may use: those of the corpus that it is in, or else of the shipped one.

        Raises:
            typer.Exit: if a vocabulary of it is at fault, so that no name can be held against it.
        """
        from prunelit.schema.corpus import SHARED, read_corpus, shipped
        from prunelit.schema.rules import Names

        root = corpus_around(self.file) or shipped()
        corpus, problems = read_corpus(root, shown_path(root), only=frozenset())
        if broken := [one for one in problems if Path(one.file).name in SHARED]:
            _leave(broken)
        return Names(corpus)


_NO_RECORD = Path("new2026record.yaml")
"""The record that results would join which nobody has named, for a dry run."""


def _target(paper: str | None, output: Path | None, dry_run: bool) -> Target:
    """The record that the options name.

    Raises:
        typer.BadParameter: if they name none, and something is to be written.
    """
    if paper is None:
        if output is None and dry_run:
            output = _NO_RECORD
        if output is None:
            raise typer.BadParameter("say which record the results join: --paper ID, or --output FILE")
        return Target(output, output, output.stem)
    file = corpus_here() / "papers" / f"{paper}.yaml"
    if paper not in {known.stem for known in file.parent.glob("*.yaml")}:
        from prunelit.schema.problems import nearest, quoted

        hint = nearest(paper, [known.stem for known in file.parent.glob("*.yaml")]) or "; 'prunelit new' begins one"
        raise typer.BadParameter(f"there is no record {quoted(paper)}{hint}", param_hint="--paper")
    return Target(file, output or file, paper)


def _require(target: Target, collection: str) -> Names:
    """The names that the record may use, if the collection is among them."""
    names = target.names()
    _known("collection", collection, names.vocabularies.get("collection", {}), "--collection")
    return names


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


def _mapping_in(draft: str) -> Document[Mapping]:
    """The mapping that a draft says."""
    from prunelit.cli.entry.mapping import Mapping
    from prunelit.schema.reading import UnreadableError
    from prunelit.schema.validation import Document, read_bytes

    if not any(line and not line.startswith("#") for line in draft.splitlines()):
        return Document("", "", Mapping())
    document, problems = read_bytes(draft.encode(), Mapping, "draft")
    if document is None:
        raise UnreadableError(*problems)
    return document


def _write(target: Target, corpus: Corpus, experiments: list[dict[str, Any]], writing: Writing) -> bool:
    """Join the experiments to the record, or begin one with them; leave with status 1 if they are at fault.

    Returns:
        Whether the record that lies there now needs anything else to be valid, which is told.
    """
    from prunelit.cli.entry.joining import compared_papers, join, references
    from prunelit.schema.canonical import canonical_text
    from prunelit.schema.record import Paper

    held, record = _held(target)
    old = canonical_text(record, Paper) if held else ""
    before = {(one.rule, one.message) for one in _faults(target, record, corpus)} if held else set()
    joined = join(record, experiments)
    problems = [one for one in _faults(target, record, corpus) if (one.rule, one.message) not in before]
    if joined.changes and not writing.replace:
        problems.append(_changed(shown_path(target.source), joined))
    if problems:
        _leave(problems)
    new = canonical_text(record, Paper) if joined.anything else held
    if joined.anything and writing.dry_run:
        _show(shown_path(target.source), old, new, writing.as_comment)
    elif joined.anything:
        write_text(target.file, new)
        typer.echo(shown_path(target.file))
    typer.echo(_told(joined, writing), err=True)
    if proposed := [one for one in references(experiments, target.paper) if one not in compared_papers(record)]:
        typer.echo(f"Does the paper compare itself to these? Then add to compares_to: {', '.join(proposed)}", err=True)
    if writing.dry_run or not new:
        return False
    return _needs_more(target.file if joined.anything else target.source, new, corpus)


def _held(target: Target) -> tuple[str, Node]:
    """The text of the record that results join, and what it says; without one, no text, and a record to begin with."""
    from prunelit.cli.entry.draft import skeleton
    from prunelit.schema.canonical import parsed_tree
    from prunelit.schema.reading import UnreadableError, contents, decode

    if not target.source.exists():
        return "", skeleton(target.paper)
    name = shown_path(target.source)
    try:
        text = decode(contents(target.source, name), name)
        return text, parsed_tree(text, name)
    except UnreadableError as error:
        _leave(error.problems)


def _needs_more(file: Path, text: str, corpus: Corpus) -> bool:
    """Whether a record as it lies there is not valid, as ``prunelit check`` finds and is told here, too."""
    from prunelit.cli.check import problems_joining
    from prunelit.schema.record import Paper
    from prunelit.schema.validation import read_bytes

    name = shown_path(file)
    document, problems = read_bytes(text.encode(), Paper, name)
    left = problems_joining(document, corpus, corpus_around(file) is not None) if document else problems
    tell(left)
    if left:
        typer.echo(f"The results are in {name}, which is not valid until that is mended", err=True)
    return bool(left)


def _changed(name: str, joined: Joined) -> Problem:
    """What the record holds and the results say otherwise."""
    from prunelit.schema.problems import Problem, printable

    shown = "; ".join(str(one) for one in joined.changes[:10])
    more = f" and {len(joined.changes) - 10} more" if len(joined.changes) > 10 else ""
    message = f"the record says otherwise; '--replace' takes what is new: {' '.join(map(printable, [shown]))}{more}"
    return Problem(name, 1, 1, "changed", message)


def _show(name: str, old: str, new: str, as_comment: bool) -> None:
    """Print what a record would say that it does not say yet."""
    shown = "".join(changed_lines(name, old, new))
    if as_comment:
        typer.echo("#\n# With this mapping the record would change so:")
        shown = "".join(f"# {line}\n" for line in shown.splitlines())
    typer.echo(shown, nl=False)


def _told(joined: Joined, writing: Writing) -> str:
    """One line on what became of the results."""
    would = "would be " * writing.dry_run
    parts = [f"{_counted(joined.experiments, 'experiment')} {would}added"]
    if joined.points:
        parts.append(f"{_counted(joined.points, 'point')} {would}added to experiments that the record holds")
    if joined.changes:
        parts.append(f"{_counted(len(joined.changes), 'value')} {would}replaced")
    if joined.same:
        parts.append(f"{joined.same} that the record holds already left out")
    return "; ".join(parts)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _faults(target: Target, record: Node, corpus: Corpus) -> list[Problem]:
    """What is wrong with a record; the bibliography that it lacks is for its author to enter.

    Raises:
        typer.Exit: if it is no record at all.
    """
    from prunelit.cli.check import problems_joining
    from prunelit.cli.entry.draft import with_bibliography
    from prunelit.schema.canonical import canonical_text
    from prunelit.schema.problems import Problem
    from prunelit.schema.reading import MAX_BYTES
    from prunelit.schema.record import Paper
    from prunelit.schema.validation import read_bytes

    name = shown_path(target.file)
    data = canonical_text(with_bibliography(record), Paper).encode()
    if len(data) > MAX_BYTES:
        _leave([Problem(name, 1, 1, "too-large", f"a record of {len(data):,} bytes; at most {MAX_BYTES:,} are read")])
    document, problems = read_bytes(data, Paper, name)
    if document is None:
        _leave(problems)
    return problems_joining(document, corpus)


def _leave(problems: Iterable[Problem]) -> NoReturn:
    tell(problems)
    raise typer.Exit(1)
