"""Reading of a release: the tables of a folder, an archive or an address, as they were when it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TypeVar
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pandas as pd

from prunelit.analysis.release.archive import unpacked
from prunelit.analysis.release.checksums import SUMS, ReleaseError, differences, read_sums, sum_of
from prunelit.analysis.release.identity import ReleaseIdentity
from prunelit.analysis.release.keys import foreign_keys, key_faults
from prunelit.analysis.release.parquet import TableFileError, parquet_metadata, read_parquet
from prunelit.schema.problems import UnknownNameError, quoted

T = TypeVar("T")
_Files = Iterator[tuple[str, IO[bytes]]]

_FOLDER, _SUFFIX = "parquet/", ".parquet"
_MAX_DOWNLOAD, _MAX_TABLE, _PART = 2_000_000_000, 500_000_000, 1_000_000
"""Bytes of an archive and of a table up to which they are read, and how many at once."""
_SCHEMES = ("https", "http", "file")
_TIMEOUT = 60
_NOT_AS_MADE = "this release is not as it was made:"


class Release(Mapping[str, pd.DataFrame]):
    """The tables of a release by name, each a frame of the caller's own, as the function of that name returned it.

    Attributes:
        identity: Versions of data, schema and code, commit and date.
    """

    def __init__(self, tables: dict[str, bytes]) -> None:
        """Take the Parquet files of the tables by name."""
        self._tables = tables
        self.identity = self._read("papers", lambda file: _identity(parquet_metadata(file)))

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table.

        Raises:
            UnknownNameError: if the release has no such table; the message names the nearest.
            ReleaseError: if it is of another release, or if its key does not name one row each.
        """
        return self._read(name, lambda file: _table(file, name, self.identity))

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def _read(self, name: str, read: Callable[[Path], T]) -> T:
        if name not in self._tables:
            raise UnknownNameError("table", name, list(self._tables))
        with TemporaryDirectory(prefix="prunelit-release-") as folder:
            file = Path(folder, f"{name}{_SUFFIX}")
            file.write_bytes(self._tables[name])
            return read(file)


def load_release(path_or_url: str | Path) -> Release:
    """The tables of a release.

    Args:
        path_or_url: Its folder, its archive, or the address of its archive (https, http or file).

    Returns:
        The tables by name.  Each is read when it is asked for, and is the frame that the public function of that name
        returned: same types, order and index.

    Raises:
        ReleaseError: if it is no release, or if a table is not what its sum says; the message names all that are not.
        MissingPackageError: if DuckDB, which reads the tables, is not installed.

    Example:
        >>> load_release("prunelit-2026.11.0.tar.xz")["papers"]  # doctest: +SKIP
        >>> try:
        ...     load_release("ftp://example.org/x")
        ... except ValueError as error:
        ...     print(error)
        'ftp://example.org/x' is no address that is read; expected one with https, http, file
    """
    stated, found, tables = _contents(path_or_url, _is_table)
    _require(differences({name: one for name, one in stated.items() if _is_table(name)}, found))
    return Release(tables)


def verify_release(path_or_url: str | Path) -> Release:
    """A release of which every file is what its sum says, and every table has its types and keys.

    Args:
        path_or_url: As of :func:`load_release`.

    Raises:
        ReleaseError: if anything is not; the message names all that are not.
    """
    stated, found, tables = _contents(path_or_url, lambda _: True)
    _require(differences(stated, found))
    release = Release(tables)
    _require(_faults(release))
    return release


def _contents(
    path_or_url: str | Path, summed: Callable[[str], bool]
) -> tuple[dict[str, str], dict[str, str], dict[str, bytes]]:
    """The sums that a release states, those of its files that are asked for, and the Parquet files of its tables."""
    stated, found, tables = "", {}, {}
    for name, file in _files(path_or_url):
        if name == SUMS:
            stated = _bounded(file, name).decode(errors="replace")
        elif _is_table(name):
            content = _bounded(file, name)
            found[name] = sum_of(BytesIO(content))
            tables[name.removeprefix(_FOLDER).removesuffix(_SUFFIX)] = content
        elif summed(name):
            found[name] = sum_of(file)
    return read_sums(stated), found, tables


def _faults(release: Release) -> Iterator[str]:
    frames = {}
    for name in release:
        try:
            frames[name] = release[name]
        except (ReleaseError, TableFileError) as error:
            yield str(error).removeprefix(f"{_NOT_AS_MADE}\n")
    for name, frame in frames.items():
        for key in foreign_keys(name, frame.columns):
            if key.table in frames and not _holds(frames[key.table], key.referenced, frame, key.columns):
                yield f"{name}: {', '.join(key.columns)} names rows that {key.table} does not have"


def _holds(table: pd.DataFrame, referenced: tuple[str, ...], frame: pd.DataFrame, columns: tuple[str, ...]) -> bool:
    """Whether every complete key of a frame is one of a table."""
    keys = set(table[list(referenced)].itertuples(index=False, name=None))
    return keys.issuperset(frame[list(columns)].dropna().itertuples(index=False, name=None))


def _require(faults: Iterable[str]) -> None:
    if told := list(faults):
        raise ReleaseError("\n".join([_NOT_AS_MADE, *told]))


def _is_table(name: str) -> bool:
    return name.startswith(_FOLDER) and name.endswith(_SUFFIX)


def _bounded(file: IO[bytes], name: str) -> bytes:
    content = file.read(_MAX_TABLE + 1)
    if len(content) > _MAX_TABLE:
        raise ReleaseError(f"{name}: over {_MAX_TABLE:,} bytes")
    return content


def _files(path_or_url: str | Path) -> _Files:
    """The files of a release by their paths in it, each open until the next is asked for."""
    if "://" in str(path_or_url):
        yield from _downloaded(str(path_or_url))
        return
    path = Path(path_or_url)
    if path.is_dir():
        for one in sorted(path.rglob("*")):
            if one.is_file():
                with one.open("rb") as file:
                    yield one.relative_to(path).as_posix(), file
    else:
        with path.open("rb") as file:
            yield from unpacked(file)


def _downloaded(address: str) -> _Files:
    if urlsplit(address).scheme not in _SCHEMES:
        raise ReleaseError(f"{quoted(address)} is no address that is read; expected one with {', '.join(_SCHEMES)}")
    with TemporaryFile() as kept:
        try:
            with urlopen(address, timeout=_TIMEOUT) as answer:
                _copy(answer, kept)
        except URLError as error:
            raise ReleaseError(f"{quoted(address)} cannot be read: {error.reason}") from None
        kept.seek(0)
        yield from unpacked(kept)


def _copy(answer: IO[bytes], kept: IO[bytes]) -> None:
    room = _MAX_DOWNLOAD
    while part := answer.read(_PART):
        room -= len(part)
        if room < 0:
            raise ReleaseError(f"the archive has over {_MAX_DOWNLOAD:,} bytes")
        kept.write(part)


def _identity(texts: Mapping[str, str]) -> ReleaseIdentity:
    names = [one.name for one in fields(ReleaseIdentity)]
    if missing := [name for name in names if name not in texts]:
        raise ReleaseError(f"the tables do not say of which release they are: {', '.join(missing)} missing")
    return ReleaseIdentity(**{name: texts[name] for name in names})


def _table(file: Path, name: str, identity: ReleaseIdentity) -> pd.DataFrame:
    """A table, if it is one of the release and its rows are named as they should be."""
    texts = parquet_metadata(file)
    if texts.get("table") != name or _identity(texts) != identity:
        raise ReleaseError(f"{file.name}: this is not the table '{name}' of {identity.name}")
    frame = read_parquet(file)
    _require(f"{file.name}: {fault}" for fault in key_faults(name, frame))
    return frame
