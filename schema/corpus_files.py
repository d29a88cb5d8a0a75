"""Files of a corpus: those of a folder, or of another state of it, of which only what differs is at hand.

Two states of a corpus that is kept in git have most files in common: these are read once, and nothing is checked out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import listdir
from os.path import dirname, isdir, islink, lexists, realpath
from pathlib import Path as FilePath
from typing import TypeAlias

from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError, contents, require_size


@dataclass(frozen=True, slots=True, eq=False)
class StateOfFolder:
    """A state of a folder other than the one that it is in.

    Attributes:
        folder: The folder.
        instead: The bytes of the files that differ, by their names below the folder; None where there is no such file.
        digests: Those of all files of the corpus in this state.
    """

    folder: FilePath
    instead: Mapping[str, bytes | None]
    digests: Mapping[str, bytes]

    def __str__(self) -> str:
        """What messages call it: the folder."""
        return str(self.folder)


CorpusFiles: TypeAlias = FilePath | StateOfFolder
"""Where the files of a corpus are."""


def corpus_folder(files: CorpusFiles) -> FilePath:
    """The folder that files are in, or are a state of."""
    return files.folder if isinstance(files, StateOfFolder) else files


def names_in(files: CorpusFiles, folder: str) -> set[str]:
    """The names in a folder of the corpus; one that is not there holds none.

    Raises:
        OSError: if the folder cannot be read.
    """
    try:
        there = {*listdir(corpus_folder(files) / folder)}
    except (FileNotFoundError, NotADirectoryError):
        there = set()
    if not isinstance(files, StateOfFolder):
        return there
    other = {name: data for name, data in files.instead.items() if dirname(name) == folder}
    gone = {name for name, data in other.items() if data is None}
    return (there | {name.rpartition("/")[2] for name in other}) - {name.rpartition("/")[2] for name in gone}


def holds(files: CorpusFiles, name: str) -> bool:
    """Whether there is anything of a name."""
    if isinstance(files, StateOfFolder) and name in files.instead:
        return files.instead[name] is not None
    return lexists(corpus_folder(files) / name)


def is_folder(files: CorpusFiles, name: str) -> bool:
    """Whether what is there of a name is a folder."""
    return not (isinstance(files, StateOfFolder) and name in files.digests) and isdir(corpus_folder(files) / name)


def bytes_of(files: CorpusFiles, name: str, file: str, most: int) -> bytes:
    """The bytes of a file.

    Args:
        files: Where it is.
        name: Its name below the folder.
        file: How messages call it.
        most: The bytes that it may have.

    Raises:
        UnreadableError: if it cannot be read, is too large, or is a link that leads out of the corpus.
    """
    if isinstance(files, StateOfFolder) and (data := files.instead.get(name)) is not None:
        require_size(len(data), file, most)
        return data
    folder = corpus_folder(files)
    path = folder / name
    if _leaves(folder, path):
        raise UnreadableError(Problem(file, *_LEAVES))
    return contents(path, file, most)


_LEAVES = (1, 1, "symbolic-link", "a symbolic link leads out of the corpus; put the file itself here")


def _leaves(folder: FilePath, path: FilePath) -> bool:
    linked = islink(path) or islink(dirname(path))
    return linked and not FilePath(realpath(path)).is_relative_to(realpath(folder))
