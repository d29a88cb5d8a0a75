"""Rewriting of records by a command, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import unified_diff
from os import listdir
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from prunelit.analysis.writing import ChangedError, sweep, write_text
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
    from prunelit.schema.reading import UnreadableError

    files, kept, changed = _records(paths), check or diff, 0
    problems: list[Problem] = []
    for folder in {file.parent for file in files} if not kept else ():
        sweep(folder)
    for file in files:
        try:
            found = _changed(file, change)
            if found and not kept:
                _write(file, *found)
        except UnreadableError as error:
            problems.extend(error.problems)
            continue
        if found:
            changed += 1
            typer.echo(_told(shown_path(file), *found, done, check, diff), nl=not diff)
    tell(problems)
    typer.echo(f"{len(files)} records: {changed} {'not ' * kept}{done}", err=True)
    raise typer.Exit(bool(problems) or (kept and bool(changed)))


def _told(name: str, old: str, new: str, done: str, check: bool, diff: bool) -> str:
    if diff:
        return "".join(changed_lines(name, old, new))
    return f"{name}: not {done}" if check else name


def tell(problems: Iterable[Problem]) -> None:
    """Print problems where errors go."""
    for problem in problems:
        typer.echo(text_of(problem), err=True)


def _changed(file: Path, change: Callable[[str, str], str]) -> tuple[str, str] | None:
    """The old and the new text of a file, if it changes.

    Raises:
        UnreadableError: if it cannot be read.
    """
    old = _text(file)
    new = change(old, shown_path(file))
    return (old, new) if new != old else None


def _write(file: Path, old: str, new: str) -> None:
    """Write a record that is still what its new text was made from.

    Raises:
        UnreadableError: if somebody has saved it meanwhile.
    """
    from prunelit.schema.problems import Problem
    from prunelit.schema.reading import UnreadableError

    try:
        write_text(file, new, instead_of=old.encode())
    except ChangedError:
        message = "saved by somebody else meanwhile, and left as it is; run the command again"
        raise UnreadableError(Problem(shown_path(file), 1, 1, "changed", message)) from None


def _text(file: Path) -> str:
    from prunelit.schema.problems import Problem
    from prunelit.schema.reading import UnreadableError, contents, decode

    name = shown_path(file)
    if file.is_symlink():
        raise UnreadableError(Problem(name, 1, 1, "symbolic-link", "a symbolic link; name the file that it leads to"))
    return decode(contents(file, name), name)


def changed_lines(name: str, old: str, new: str) -> Iterable[str]:
    """The lines that differ between two texts of a file, in the form of ``diff -u``."""
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
    from prunelit.schema.corpus import SHARED

    if path.is_dir():
        folder = path / "papers" if lexists(path / "papers") else path
        names = (name for name in listdir(folder) if name.endswith(".yaml") and name[0] != ".")
        records = sorted(folder / name for name in names if name not in SHARED)
    else:
        shared = path.name in SHARED or is_corpus(path.absolute().parent)
        records = [path] if path.exists() and path.suffix == ".yaml" and not shared else []
    if not records:
        what = "is no record, nor a folder of records" if path.exists() else "does not exist"
        raise typer.BadParameter(f"'{shown_path(path)}' {what}; a record is corpus/papers/<id>.yaml", param_hint="PATH")
    return records
