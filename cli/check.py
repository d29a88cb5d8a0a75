"""The command ``check``: whether the corpus, or a file of it, is in order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from os.path import abspath
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.cli.place import corpus_around, corpus_read, is_corpus
from prunelit.cli.report import coloured, github, json_of, shown_path

if TYPE_CHECKING:
    from prunelit.schema.corpus import Corpus
    from prunelit.schema.problems import Problem
    from prunelit.schema.record import Paper
    from prunelit.schema.validation import Document


class FindingsFormat(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"
    github = "github"


@dataclass(frozen=True)
class Checked:
    """What was read of one corpus, and the problems that were asked for."""

    papers: int
    survey_rows: int
    problems: tuple[Problem, ...]
    unread: tuple[str, ...] = ()
    """Shared files that nobody asks about and that cannot be read: names are not held against them."""


def add_to(app: typer.Typer) -> None:
    """Add the command ``check``."""
    app.command()(check)


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH", help="Corpus folders, files in one, or a record elsewhere; by default the corpus here."
        ),
    ] = None,
    output: Annotated[FindingsFormat, typer.Option("--format", help="How findings are printed.")] = FindingsFormat.text,
) -> None:
    """Validate records: file:line:column, what was found, what is allowed.

    A single file is checked against the whole corpus that it is in, but only its own problems are told.  A record that
    is in no corpus is checked against the one here, or else the one that ships with the package.
    Exit status: 0 without findings, 1 with, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit check

    prunelit check corpus/papers/han2015learning.yaml

    prunelit check --format json my-corpus
    """
    checked = list(_check(paths))
    problems = sorted({problem for one in checked for problem in one.problems})
    papers, rows = sum(one.papers for one in checked), sum(one.survey_rows for one in checked)
    if output is FindingsFormat.json:
        typer.echo(json_of(problems, papers, rows))
    else:
        _print(problems, output)
    for file in sorted({file for one in checked for file in one.unread}):
        typer.echo(
            f"{file} is at fault itself, so that nothing is held against it; 'prunelit check' tells more", err=True
        )
    typer.echo(_summary(problems, papers, rows, paths), err=True)
    raise typer.Exit(bool(problems))


def _check(paths: list[Path] | None) -> Iterator[Checked]:
    alone = [path for path in paths or () if _is_alone(path)]
    for path in alone:
        yield _check_record(path)
    others = [path for path in paths or () if path not in alone]
    for root, below in by_corpus(others).items() if others or not paths else ():
        yield _check_corpus(root, below)


def _is_alone(path: Path) -> bool:
    """Whether a path is a record that lies in no corpus."""
    return path.is_file() and path.suffix == ".yaml" and corpus_around(path) is None


def _check_record(path: Path) -> Checked:
    """Check a record that lies in no corpus as if it were to join one."""
    from prunelit.schema.corpus import read_corpus
    from prunelit.schema.record import Paper
    from prunelit.schema.validation import read_document

    root, name = corpus_read(), shown_path(path)
    document, problems = read_document(path, Paper, name)
    corpus, faults = read_corpus(root, shown_path(root), only=frozenset())
    papers = sum(file.startswith("papers/") for file in corpus.unread)
    found = problems_joining(document, corpus) if document else problems
    return Checked(papers=papers, survey_rows=0, problems=tuple(found), unread=tuple({one.file for one in faults}))


def problems_joining(document: Document[Paper], corpus: Corpus, is_there: bool = False) -> list[Problem]:
    """The problems of a record that is on its way into a corpus, of which it needs the headers alone.

    Until it is there, its file may have any name.
    """
    from prunelit.schema import rules
    from prunelit.schema.corpus import joined

    found = rules.check_corpus(joined(corpus, document), document.file.__eq__)
    return [one for one in found if is_there or one.rule != "file-name-is-id"]


def by_corpus(paths: list[Path] | None) -> dict[Path, list[Path]]:
    """The paths that are asked for, by the corpus that each is in; the corpus here by default.

    Raises:
        typer.BadParameter: if a path does not exist or is not read.
    """
    wanted: dict[Path, list[Path]] = {}
    for path in paths or [corpus_read()]:
        place = Path(abspath(path))
        wanted.setdefault(_corpus_of(place), []).append(place)
    return wanted


def _check_corpus(root: Path, wanted: Collection[Path]) -> Checked:
    from prunelit.schema import rules
    from prunelit.schema.corpus import read_corpus, strays
    from prunelit.schema.problems import printable
    from prunelit.schema.walk import survey_rows

    name = shown_path(root)
    # Problems call a file as messages do.
    asked = [PurePath(name, *map(printable, path.relative_to(root).parts)) for path in wanted]

    @cache
    def is_asked(file: str) -> bool:
        """Whether it is asked about a file, or about what lies in a folder that cannot be read."""
        path = PurePath(file)
        return any(path.is_relative_to(one) or one.is_relative_to(path) for one in asked)

    def checked(only: frozenset[str] | None) -> tuple[Checked, bool]:
        """What is found, and whether rules between records found any of it."""
        corpus, unreadable = read_corpus(root, name, only)
        broken = rules.check_corpus(corpus, is_asked) + (strays(corpus, root, name) if only is None else [])
        told, between = ([one for one in found if is_asked(one.file)] for found in (unreadable, broken))
        papers = len(corpus.papers) + sum(file.startswith("papers/") for file in corpus.unread)
        count = sum(1 for paper in corpus.papers for _ in survey_rows(paper))
        others = {
            one.file for one in unreadable if not is_asked(one.file) and PurePath(one.file).parent == PurePath(name)
        }
        return Checked(papers, count, (*told, *between), tuple(others)), bool(between)

    if root in wanted and (glance := _glanced(root, name)):
        return glance
    if any(path.is_dir() or path.parent.name != "papers" for path in wanted):
        return checked(None)[0]
    # A glance at all other records is enough to find nothing between records; what is found is told by reading them.
    quick, between = checked(frozenset(path.name for path in wanted))
    return checked(None)[0] if between else quick


def _glanced(root: Path, name: str) -> Checked | None:
    """What several processes find in a large corpus; None where it is small, or has to be read whole."""
    from prunelit.analysis.load import glanced_at

    found = glanced_at(root, name)
    return Checked(found.papers, found.survey_rows, found.problems) if found else None


def _corpus_of(path: Path) -> Path:
    """The corpus that a folder is, or that a path is in.

    Raises:
        typer.BadParameter: if the path does not exist or a check would not read it.
    """
    if not path.exists():
        raise typer.BadParameter(f"there is no '{shown_path(path)}'", param_hint="PATH")
    root = next((folder for folder in (path, *path.parents) if is_corpus(folder)), None)
    if root is None:
        hint = f"; did you mean '{shown_path(path / 'corpus')}'?" if is_corpus(path / "corpus") else _NO_CORPUS
        raise typer.BadParameter(f"'{shown_path(path)}' is no corpus, nor in one{hint}", param_hint="PATH")
    if path.is_file() and not _is_read(path.relative_to(root)):
        raise typer.BadParameter(f"'{shown_path(path)}' is no file of the corpus{_NO_CORPUS}", param_hint="PATH")
    return root


_NO_CORPUS = "; a corpus is a folder with shared files such as datasets.yaml, and records in papers/<id>.yaml"


def _is_read(name: PurePath) -> bool:
    return not name.name.startswith(".") and (name.parent.as_posix(), name.suffix) in {
        (".", ".yaml"),
        ("papers", ".yaml"),
        ("sweeps", ".csv"),
    }


def _print(problems: Collection[Problem], output: FindingsFormat) -> None:
    if not problems:  # nor is there any need of what prints them
        return
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for problem in problems:
        console.print(coloured(problem)) if output is FindingsFormat.text else typer.echo(github(problem))


def _summary(problems: list[Problem], papers: int, rows: int, paths: list[Path] | None) -> str:
    found = f"{len(problems)} problem{'s' * (len(problems) != 1)}" if problems else "no problems"
    if paths and all(path.is_file() for path in paths):
        return f"{len(paths)} file{'s' * (len(paths) != 1)}, checked against {papers} papers: {found}"
    return f"{papers} papers, {rows} rows of the survey: {found}"
