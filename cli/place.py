"""Which corpus does a command work on?"""

from __future__ import annotations

from pathlib import Path

import typer


def is_corpus(folder: Path) -> bool:
    """Whether a folder holds records and the files that they share."""
    return (folder / "papers").is_dir() and any(folder.glob("*.yaml"))


def corpus_here() -> Path:
    """The corpus in or around the current folder.

    Raises:
        typer.BadParameter: if there is none; the one of an installed package is not for editing.
    """
    here = Path.cwd()
    found = (place for folder in (here, *here.parents) for place in (folder, folder / "corpus") if is_corpus(place))
    if corpus := next(found, None):
        return corpus
    raise typer.BadParameter(
        "there is no corpus in or around the current folder; change into a clone of the repository, or name the file"
    )


def corpus_around(path: Path) -> Path | None:
    """The corpus that a path lies in, if there is one."""
    return next((folder for folder in path.absolute().parents if is_corpus(folder)), None)


def corpus_or_shipped(named: Path | None) -> Path | None:
    """The corpus that an option names, else the one here; None for the one that ships with the package."""
    try:
        return named or corpus_here()
    except typer.BadParameter:
        return None
