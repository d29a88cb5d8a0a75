"""Corpus of a git revision, read without checking anything out.

Blobs are read one by one, and nothing is checked out: attributes and filters of the revision have no say in what is
read, and nothing of it runs.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import new as new_hash
from io import BytesIO
from os import fsdecode
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from prunelit.cli.report import visible
from prunelit.schema.corpus import names_of, read_file
from prunelit.schema.corpus_files import CorpusFiles, StateOfFolder
from prunelit.schema.fingerprint import digest
from prunelit.schema.problems import PrunelitError, quoted
from prunelit.schema.reading import UnreadableError

FOLDER = "corpus"
_LINK, _FILES = "120000", ("100644", "100755")


class RevisionError(PrunelitError):
    """Raised when there is no corpus to be had; the message says why."""


def repository(place: Path) -> Path:
    """The top folder of the git repository that a folder is in.

    Raises:
        RevisionError: if it is in none, or if there is no git.
    """
    return Path(fsdecode(_git(place, "rev-parse", "--show-toplevel").removesuffix(b"\n")))


def extract(top: Path, revision: str, into: Path) -> Path:
    """Write the corpus of a revision into a folder, and return where it is.

    Raises:
        RevisionError: if there is no such revision, or if it holds no corpus that can be written as files.
    """
    entries = _entries(top, revision)
    for path, data in zip(entries, _blobs(top, entries.values()), strict=True):
        _write(into / path, data)
    return into / FOLDER


def states(top: Path, *revisions: str | None) -> list[CorpusFiles]:
    """The corpus in some revisions, or as its files are, without writing any of them.

    Args:
        top: The top folder of the repository.
        revisions: The revisions; None is the files as they are.

    Raises:
        RevisionError: as :func:`extract`.
    """
    folder = top / FOLDER
    of_revisions = [revision and _entries(top, revision) for revision in revisions]
    known = next((len(blob) for entries in of_revisions if entries for blob in entries.values()), 0)
    here = dict(_files_here(folder, _HASHES.get(known, "sha1")))
    return [_state(top, folder, entries, here) if entries else _as_it_is(folder, here) for entries in of_revisions]


_HASHES = {40: "sha1", 64: "sha256"}
"""What git calls blobs by, by the length of their names."""


class _FileHere(NamedTuple):
    """The digest of a file, and the name that git has for its bytes."""

    digest: bytes
    blob: str


def _files_here(folder: Path, algorithm: str) -> Iterator[tuple[str, _FileHere]]:
    """The files of the corpus in a folder that can be read, by their names below it."""
    for name in _names(folder):
        with suppress(UnreadableError):
            data = read_file(folder, name)
            blob = new_hash(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
            blob.update(data)
            yield name, _FileHere(digest(data), blob.hexdigest())


def _names(files: CorpusFiles) -> list[str]:
    try:
        return names_of(files)
    except UnreadableError:
        return []


def _as_it_is(folder: Path, here: Mapping[str, _FileHere]) -> CorpusFiles:
    """The files as they are; the folder where it is to be read to say why some cannot."""
    digests = {name: one.digest for name, one in here.items()}
    return StateOfFolder(folder, {}, digests) if digests.keys() == {*_names(folder)} else folder


def _state(top: Path, folder: Path, entries: Mapping[PurePosixPath, str], here: Mapping[str, _FileHere]) -> CorpusFiles:
    """The corpus of a revision, of which those blobs are read that are not the files here."""
    blobs = {path.relative_to(FOLDER).as_posix(): blob for path, blob in entries.items()}
    other = [name for name, blob in blobs.items() if name not in here or here[name].blob != blob]
    instead: dict[str, bytes | None] = dict.fromkeys(name for name in here if name not in blobs)
    instead |= zip(other, _blobs(top, [blobs[name] for name in other]), strict=True)
    digests = {name: one.digest for name, one in here.items()}
    digests |= {name: digest(data) for name, data in instead.items() if data is not None}
    read = {*_names(StateOfFolder(folder, instead, {}))}
    return StateOfFolder(folder, instead, {name: known for name, known in digests.items() if name in read})


def _entries(top: Path, revision: str) -> dict[PurePosixPath, str]:
    """The files of the corpus of a revision, each with the name of its blob.

    Raises:
        RevisionError: as :func:`extract`.
    """
    commit = _commit(top, revision)
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{FOLDER}/").decode(
        "utf-8", "surrogateescape"
    )
    entries = [entry.partition("\t") for entry in listed.split("\0") if entry]
    if not entries:
        raise RevisionError(f"the revision {quoted(revision)} holds no folder '{FOLDER}'")
    return {_safe(name, meta.split(" ")[0], revision): meta.split(" ")[2] for meta, _, name in entries}


def committed(top: Path, revision: str) -> tuple[str, int]:
    """The commit of a revision, and when it was made, in seconds since 1970.

    Raises:
        RevisionError: if there is no such revision.
    """
    commit = _commit(top, revision)
    return commit, int(_git(top, "show", "--no-patch", "--format=%ct", commit))


def text_at(top: Path, revision: str, path: str) -> str:
    """The text of a file at a revision.

    Raises:
        RevisionError: if the revision holds no such file.
    """
    return _git(top, "show", f"{revision}:{path}").decode("utf-8", "replace")


def tags_before(top: Path, revision: str, pattern: str) -> list[tuple[str, str]]:
    """Tags of a pattern at a revision or before it, newest first, each with its commit."""
    form = "%(refname:strip=2) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"
    listed = _git(top, "tag", "--list", pattern, "--merged", revision, "--sort=-version:refname", f"--format={form}")
    return [(name, commit) for name, _, commit in (line.partition(" ") for line in listed.decode().splitlines())]


def is_shallow(top: Path) -> bool:
    """Whether a repository was fetched without all of its history, and of its tags."""
    return _git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"


def uncommitted(top: Path) -> bool:
    """Whether the corpus holds anything that is not committed."""
    return bool(_git(top, "status", "--porcelain", "--", FOLDER))


def uncommitted_elsewhere(top: Path) -> bool:
    """Whether a file of the repository beside the corpus has changed since it was committed."""
    return bool(_git(top, "status", "--porcelain", "--untracked-files=no", "--", ".", f":(exclude){FOLDER}"))


def _blobs(top: Path, names: Iterable[str]) -> Iterator[bytes]:
    """The contents of blobs, all from one process: each is a line that ends in its size, the bytes, and a line end."""
    given = "".join(f"{name}\n" for name in names).encode()
    out = BytesIO(_git(top, "cat-file", "--batch", given=given) if given else b"")
    for header in iter(out.readline, b""):
        name, _, rest = header.decode().rstrip("\n").partition(" ")
        kind, _, size = rest.partition(" ")
        if kind != "blob":
            raise RevisionError(f"git lacks the object {name} of the corpus ({rest}); 'git fetch' may bring it")
        yield out.read(int(size))
        out.readline()


def _commit(top: Path, revision: str) -> str:
    try:
        return (
            _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
        )
    except RevisionError:
        raise RevisionError(
            f"git knows no revision {quoted(revision)}; name a branch, a tag or a commit, such as origin/main"
        ) from None


def _safe(name: str, mode: str, revision: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if mode == _LINK:
        raise RevisionError(
            f"{quoted(name)} of the revision {quoted(revision)} is a symbolic link; put the file itself there"
        )
    if mode not in _FILES or path.is_absolute() or ".." in path.parts:
        raise RevisionError(f"{quoted(name)} of the revision {quoted(revision)} is no plain file of the corpus")
    return path


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _git(place: Path, *arguments: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(place), *arguments], input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise RevisionError("there is no git on this machine; 'prunelit diff' needs it") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise RevisionError(visible(told) or "git failed")
    return done.stdout
