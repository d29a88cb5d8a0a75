"""The command ``rename``: another name for a paper, method, architecture, dataset, venue or metric."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_here
from prunelit.cli.report import shown_path, visible
from prunelit.cli.rewriting import tell

if TYPE_CHECKING:
    from prunelit.schema.problems import Problem
    from prunelit.schema.renaming import Renamed


class KindName(StrEnum):
    """What can be renamed."""

    paper = "paper"
    method = "method"
    architecture = "architecture"
    dataset = "dataset"
    venue = "venue"
    metric = "metric"


def add_to(app: typer.Typer) -> None:
    """Add the command ``rename``."""
    app.command()(rename)


def rename(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="The name of today, as the vocabulary or the record has it.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The name that it is to have.")],
    kind: Annotated[KindName | None, typer.Option(help="What it is, where several things have the name.")] = None,
) -> None:
    """Rename something wherever the corpus here names it, and leave the old name as an alias.

    All files change or none does: a name that the rules refuse changes nothing. Comments and digits stay. A method
    changes its canonical name; what sources print of it stays.
    Exit status: 0, or 1 if the corpus with the new name would not be valid, and 2 for a name that cannot be used.

    [bold]Examples[/bold]

    prunelit rename VGG-netslim VGG-19-netslim

    prunelit rename SSD "Sensorless Drive Diagnosis" --kind dataset
    """
    from prunelit.schema.corpus import read_corpus
    from prunelit.schema.problems import AmbiguousNameError, ArgumentError, UnknownNameError
    from prunelit.schema.renaming import renamed

    root = corpus_here()
    corpus, problems = read_corpus(root, shown_path(root))
    if problems:
        tell(problems)
        raise typer.Exit(1)
    try:
        found = renamed(corpus, old, new, kind.value if kind else None)
    except AmbiguousNameError as error:
        raise typer.BadParameter(f"{error}, with --kind", param_hint="OLD") from None
    except UnknownNameError as error:
        raise typer.BadParameter(str(error), param_hint="OLD") from None
    except ArgumentError as error:
        raise typer.BadParameter(str(error), param_hint="NEW") from None
    if faults := _faults(root, found):
        tell(faults)
        raise typer.Exit(1)
    _write(root, found)
    for name in found.texts:
        typer.echo(shown_path(root / name))
    typer.echo(
        visible(f"{found.kind} '{old}' is called '{new}' now, in {found.places} places; '{old}' is left as an alias"),
        err=True,
    )


def _faults(root: Path, found: Renamed) -> list[Problem]:
    """What would be wrong with the corpus that is not wrong with it now."""
    from prunelit.schema.corpus import read_corpus
    from prunelit.schema.rules import check_corpus

    with TemporaryDirectory() as place:
        trial = Path(place) / "corpus"
        shutil.copytree(root, trial)
        for name in found.gone:
            (trial / name).unlink()
        for name, text in found.texts.items():
            write_text(trial / name, text)
        corpus, problems = read_corpus(trial, shown_path(root))
        faults = problems + check_corpus(corpus)
    before = {(one.rule, one.message) for one in check_corpus(read_corpus(root, shown_path(root))[0])}
    return [one for one in faults if (one.rule, one.message) not in before]


def _write(root: Path, found: Renamed) -> None:
    """Write all files, or put back those that were written."""
    names = [*found.texts, *found.gone]
    before = {name: (root / name).read_bytes() for name in names if (root / name).exists()}
    try:
        for name, text in found.texts.items():
            write_text(root / name, text)
        for name in found.gone:
            (root / name).unlink()
    except BaseException:
        for name in names:
            if name in before:
                (root / name).write_bytes(before[name])
            else:
                (root / name).unlink(missing_ok=True)
        raise
