"""Reading of a release: the tables of a folder, an archive or an address, as they were when it was made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from http.client import HTTPException, IncompleteRead, InvalidURL
from os.path import isdir, isfile  # which take what no path can be for none, where pathlib raises
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pandas as pd

from prunelit.analysis.release.agreement import DICTIONARY, file_faults, form_faults, is_form, tables_of
from prunelit.analysis.release.archive import unpacked
from prunelit.analysis.release.checksums import SUMS, ReleaseError, chunks_of, differences, read_sums, sum_of
from prunelit.analysis.release.identity import ReleaseIdentity
from prunelit.analysis.release.keys import foreign_keys, key_faults
from prunelit.analysis.release.parquet import TableFileError, parquet_metadata, read_parquet
from prunelit.schema.problems import UnknownNameError, printable, quoted

T = TypeVar("T")
_Files = Iterator[tuple[str, Iterator[bytes]]]

_SUFFIX = ".parquet"
_TABLE = re.compile(r"parquet/([a-z0-9_]+)\.parquet")
_MAX_DOWNLOAD, _MAX_TABLES, _MAX_SUMS = 2_000_000_000, 500_000_000, 10_000_000
"""Bytes of an archive, of all tables together, which are held in memory, and of the sums, up to which they are read."""
_SCHEMES = ("https", "http", "file")
_TIMEOUT = 60
_NOT_AS_MADE = "this release is not as it was made:"
_EXPECTED = (
    "expected the folder, the archive or the address of the archive of a release, as 'prunelit release' makes it"
)


class Release(Mapping[str, pd.DataFrame]):
    """The tables of a release by name, each a frame of the caller's own, as the function of that name returned it.

    Attributes:
        identity: Versions of data, schema and code, commit and date.
    """

    def __init__(self, tables: Mapping[str, bytes | bytearray]) -> None:
        """Take the Parquet files of the tables by name."""
        self._tables = tables
        if "papers" not in tables:
            raise ReleaseError(f"parquet/papers{_SUFFIX}: it is missing")
        self.identity = self._read("papers", lambda file: _identity(parquet_metadata(file)))

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table.

        Raises:
            UnknownNameError: if the release has no such table; the message names the nearest.
            ReleaseError: if it is of another release, or if its key does not name one row each.
            TableFileError: if its file cannot be read, or holds other columns than it says.
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
        ReleaseError: if there is none, if it cannot be read, is no release, or if a table is not what its sum says; the
            message names all that are not.
        TableFileError: if the file of the papers, which says what release it is, is no table.
        MissingPackageError: if DuckDB, which reads the tables, is not installed.

    Example:
        >>> load_release("prunelit-2026.11.0.tar.xz")["papers"]  # doctest: +SKIP
        >>> try:
        ...     load_release("ftp://example.org/x")
        ... except ValueError as error:
        ...     print(error)
        'ftp://example.org/x' is no address that is read; expected one with https, http, file
    """
    stated, found, tables = _contents(path_or_url)
    _require(differences({name: one for name, one in stated.items() if _TABLE.fullmatch(name)}, found))
    return Release(tables)


def verify_release(path_or_url: str | Path) -> Release:
    """A release that has every file which one must have, each what its sum says, and all of the same tables.

    Types, keys and references of the tables are tried, and whether databases, CSV files and descriptions hold the same
    ones, as :mod:`prunelit.analysis.release.agreement` says.  Sums tell damage; they do not tell who made a release.

    Args:
        path_or_url: As of :func:`load_release`.

    Raises:
        ReleaseError: if anything is not; the message names all that are not.
    """
    with TemporaryDirectory(prefix="prunelit-release-") as folder:
        stated, found, tables = _contents(path_or_url, Path(folder))
        _require(differences(stated, found))
        try:
            release = Release(tables)
        except TableFileError as error:
            raise ReleaseError(f"{_NOT_AS_MADE}\n{error}") from None
        frames = dict[str, pd.DataFrame]()
        _require(_faults(release, frames))
        _require(file_faults(stated, tables_of(frames) if DICTIONARY in frames else [*frames, DICTIONARY]))
        _require(form_faults(Path(folder), frames, stated, release.identity))
    return release


def _contents(
    path_or_url: str | Path, keep: Path | None = None
) -> tuple[dict[str, str], dict[str, str], dict[str, bytearray]]:
    """The sums that a release states, those that its files have, and the Parquet files of its tables.

    Where no folder is given to keep files in that hold tables or describe them, the Parquet files alone are read.
    """
    stated, found, tables = None, {}, dict[str, bytearray]()
    room = _MAX_TABLES
    for name, parts in _files(path_or_url):
        if name == SUMS:
            stated = _bounded(parts, name, _MAX_SUMS, _MAX_SUMS).decode(errors="replace")
        elif table := _TABLE.fullmatch(name):
            content = tables[table[1]] = _bounded(parts, name, room, _MAX_TABLES)
            room -= len(content)
            found[name] = sum_of(_kept([content], keep and keep / name))
        elif keep:
            found[name] = sum_of(_kept(parts, keep / name if is_form(name) else None))
    if stated is None:
        raise _no_release(path_or_url, f"it has no {SUMS}")
    return read_sums(stated), found, tables


def _kept(parts: Iterable[bytes | bytearray], file: Path | None) -> Iterator[bytes | bytearray]:
    """The parts of a file, each also written into a new one, if any is given."""
    if not file:
        yield from parts
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        for part in parts:
            opened.write(part)
            yield part


def _faults(release: Release, frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """What is wrong with the tables of a release, which are put among the frames."""
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
    """Whether every complete key of a frame is one of a table; not where either lacks columns of it."""
    if not ({*columns} <= {*frame.columns} and {*referenced} <= {*table.columns}):
        return False
    keys = set(table[list(referenced)].itertuples(index=False, name=None))
    return keys.issuperset(frame[list(columns)].dropna().itertuples(index=False, name=None))


def _require(faults: Iterable[str]) -> None:
    if told := list(faults):
        raise ReleaseError("\n".join([_NOT_AS_MADE, *told]))


def _bounded(parts: Iterable[bytes], name: str, room: int, most: int) -> bytearray:
    """A file that must fit into what is left of a number of bytes."""
    held = bytearray()
    for part in parts:
        held += part
        if len(held) > room:
            raise ReleaseError(f"{name}: up to here there are over {most:,} bytes, which is more than any release has")
    return held


def _no_release(path_or_url: str | Path, why: str) -> ReleaseError:
    return ReleaseError(f"{quoted(str(path_or_url))} is no release: {why}; {_EXPECTED}")


def _files(path_or_url: str | Path) -> _Files:
    """The files of a release by their paths in it, each in parts until the next is asked for."""
    if "://" in str(path_or_url):
        yield from _downloaded(str(path_or_url))
        return
    if isdir(path_or_url):
        yield from _files_in(Path(path_or_url))
    elif isfile(path_or_url):
        with _opened(Path(path_or_url)) as file:
            yield from unpacked(file)
    else:
        raise _no_release(path_or_url, "there is no such folder or file")


def _files_in(folder: Path) -> _Files:
    if not (folder / SUMS).is_file():
        raise _no_release(folder, f"it has no {SUMS}")
    for one in sorted(folder.rglob("*")):
        name = one.relative_to(folder).as_posix()
        if one.is_file():
            yield name, _parts_at(one)
        elif one.is_symlink() or not one.is_dir():
            raise ReleaseError(f"{name}: this is neither a file nor a folder; a release holds nothing else")


def _parts_at(file: Path) -> Iterator[bytes]:
    with _opened(file) as opened:
        yield from chunks_of(opened)


def _opened(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as error:
        raise ReleaseError(f"{quoted(str(file))} cannot be read: {error.strerror}") from None


def _downloaded(address: str) -> _Files:
    with TemporaryFile() as kept:
        try:
            if urlsplit(address).scheme not in _SCHEMES:
                wanted = f"expected one with {', '.join(_SCHEMES)}"
                raise ReleaseError(f"{quoted(address)} is no address that is read; {wanted}")
            with urlopen(address, timeout=_TIMEOUT) as answer:
                _copy(answer, kept)
                if left := getattr(answer, "length", None):
                    raise IncompleteRead(b"", left)
        except ReleaseError:
            raise
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, HTTPError):
                error.close()
            raise ReleaseError(f"{quoted(address)} cannot be read: {_why(error)}") from None
        kept.seek(0)
        yield from unpacked(kept)


def _why(error: Exception) -> str:
    """Why an address cannot be read, on one line."""
    said = getattr(error, "reason", error)
    if isinstance(error, IncompleteRead):
        return "the server ended in the middle of the archive; try again"
    if isinstance(said, TimeoutError):
        return f"the server said nothing for {_TIMEOUT} seconds; try again"
    if isinstance(error, InvalidURL | ValueError):
        return "it, or what it leads to, is no address; expected one as https://example.org/release.tar.xz"
    if isinstance(error, HTTPException):
        return f"the server does not speak HTTP as it should ({type(error).__name__})"
    told = (str(getattr(said, "strerror", None) or said) or type(said).__name__).splitlines()[0]
    return printable(f"{error.code} {told}" if isinstance(error, HTTPError) else told)


def _copy(answer: IO[bytes], kept: IO[bytes]) -> None:
    room = _MAX_DOWNLOAD
    for part in chunks_of(answer):
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
