"""Corpus that a command works on: the one here, in or around the current folder, or else the shipped one."""

from __future__ import annotations

from pathlib import Path

import typer

from prunelit.cli.report import shown_path


def is_corpus(folder: Path) -> bool:
    """Whether a folder holds records and the files that they share."""
    return (folder / "papers").is_dir() and any(folder.glob("*.yaml"))


def corpus_here() -> Path:
    """The corpus in or around the current folder.

    Raises:
        typer.BadParameter: if there is none; the one of an installed package is not for editing.
    """
    if corpus := _here():
        return corpus
    raise typer.BadParameter(
        "there is no corpus in or around the current folder; change into a clone of the repository, or name the file"
    )


def corpus_around(path: Path) -> Path | None:
    """The corpus that a path lies in, if there is one."""
    return next((folder for folder in path.absolute().parents if is_corpus(folder)), None)


def corpus_read(named: Path | None = None) -> Path:
    """The corpus that a command reads, and says on standard error that it reads.

    Args:
        named: The one that an option names; by default the one here, or else the one that ships with the package.
    """
    from prunelit.schema.corpus import shipped

    root = named or _here() or shipped()
    typer.echo(f"reading {corpus_name(root)}", err=True)
    return root


def corpus_name(root: Path) -> str:
    """What messages call a corpus: its folder, or that it is the one of the installed package."""
    from importlib.metadata import version

    from prunelit.schema.corpus import shipped

    installed = root == shipped() and _here() != root
    return (
        f"the corpus that ships with prunelit {version('prunelit')}"
        if installed
        else f"the corpus in {shown_path(root)}"
    )


def _here() -> Path | None:
    here = Path.cwd()
    found = (place for folder in (here, *here.parents) for place in (folder, folder / "corpus") if is_corpus(place))
    return next(found, None)
