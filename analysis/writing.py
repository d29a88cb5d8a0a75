"""Atomic writing: a crash or a full disk leaves the old files as they were."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

PREFIX = ".prunelit-"
"""How the names of temporary folders begin, which only a process that was killed leaves behind."""


def write_all(output: Path, write: Callable[[Path], Iterable[Path]]) -> list[Path]:
    """Let ``write`` fill an empty folder, then move its files into ``output``.

    Args:
        output: Folder that the files end up in; created where it is missing.
        write: Takes the empty folder and returns the files that it wrote there.

    Returns:
        The files, in their order, where they are now.
    """
    # Where nothing comes to be written, no folder is left behind either.
    place = next(folder for folder in (output, *output.absolute().parents) if folder.is_dir())
    with TemporaryDirectory(prefix=PREFIX, dir=place) as name:
        folder = Path(name)
        files = list(write(folder))
        output.mkdir(parents=True, exist_ok=True)
        return [_move(file, output / file.relative_to(folder)) for file in files]


def write_bytes(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write one file, with its permissions; by default one that is there already keeps its own."""

    def write(folder: Path) -> list[Path]:
        file = folder / path.name
        file.write_bytes(data)
        if mode is not None:
            file.chmod(mode)
        elif path.exists():
            shutil.copymode(path, file)
        return [file]

    write_all(path.parent, write)


def write_text(path: Path, text: str) -> None:
    """Write one file of text in UTF-8, with line ends as they are in ``text``."""
    write_bytes(path, text.encode("utf-8"))


def write_texts(output: Path, texts: dict[str, str]) -> list[Path]:
    """Write files of text, by their names, all or none of them; returns where they are."""

    def write(folder: Path) -> list[Path]:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        return [folder / name for name in texts]

    return write_all(output, write)


def _move(file: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(file, target)
    return target
