"""Rewriting of records by a command, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_here, is_corpus
from prunelit.cli.report import shown_path, text_of, visible

if TYPE_CHECKING:
    from prunelit.schema.problems import Problem


def rewrite(
    paths: list[Path] | None, change: Callable[[str, str], str], done: str, check: bool = False, diff: bool = False
) -> None:
    """Change records; leave with status 1 if one cannot be read, or would change although nothing may be written.

    Args:
        paths: Records, or folders of them; those of the corpus here by default.
        change: The new text of a record, from its text and what messages call its file.
        done: What happens to a record that changes, such as ``formatted``.
        check: Whether to tell which records would change, and to leave them as they are.
        diff: Whether to print what would change, and to leave them as they are.
    """
    files = _records(paths)
    changes, problems = _changes(files, change)
    for file, old, new in changes:
        if diff:
            typer.echo("".join(_diff(shown_path(file), old, new)), nl=False)
        elif check:
            typer.echo(f"{shown_path(file)}: not {done}")
        else:
            write_text(file, new)
            typer.echo(shown_path(file))
    tell(problems)
    kept = check or diff
    typer.echo(f"{len(files)} records: {len(changes)} {'not ' * kept}{done}", err=True)
    raise typer.Exit(bool(problems) or (kept and bool(changes)))


def tell(problems: Iterable[Problem]) -> None:
    """Print problems where errors go."""
    for problem in problems:
        typer.echo(text_of(problem), err=True)


def _changes(files: list[Path], change: Callable[[str, str], str]) -> tuple[list[tuple[Path, str, str]], list[Problem]]:
    """The files that change, each with its old and new text, and the problems of those that cannot be read."""
    from prunelit.schema.reading import UnreadableError

    changes: list[tuple[Path, str, str]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            old = _text(file)
            new = change(old, shown_path(file))
        except UnreadableError as error:
            problems.extend(error.problems)
        else:
            changes += [(file, old, new)] if new != old else []
    return changes, problems


def _text(file: Path) -> str:
    from prunelit.schema.problems import Problem
    from prunelit.schema.reading import UnreadableError, contents, decode

    name = shown_path(file)
    if file.is_symlink():
        raise UnreadableError(Problem(name, 1, 1, "symbolic-link", "a symbolic link; name the file that it leads to"))
    return decode(contents(file, name), name)


def _diff(name: str, old: str, new: str) -> Iterable[str]:
    lines = unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), name, name)
    return (visible(line.rstrip("\r\n")) + "\n" for line in lines)


def _records(paths: list[Path] | None) -> list[Path]:
    """The records that paths name, each once.

    Raises:
        typer.BadParameter: if a path does not exist, is no record, or holds none.
    """
    found = [record for path in paths or [corpus_here()] for record in _records_in(path)]
    return list(dict.fromkeys(found))


def _records_in(path: Path) -> list[Path]:
    if path.is_dir():
        records = sorted((path / "papers" if is_corpus(path) else path).glob("*.yaml"))
    else:
        records = [path] if path.exists() and path.suffix == ".yaml" and not is_corpus(path.absolute().parent) else []
    if not records:
        what = "is no record, nor a folder of records" if path.exists() else "does not exist"
        raise typer.BadParameter(f"'{shown_path(path)}' {what}; a record is corpus/papers/<id>.yaml", param_hint="PATH")
    return records
