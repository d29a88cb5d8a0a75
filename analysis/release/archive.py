"""Archive of a release: one file for all, the same bytes each time, and read with care where strangers made it."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from lzma import FORMAT_XZ, LZMADecompressor, LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from prunelit.analysis.release.checksums import PART, ReleaseError

ARCHIVE_SUFFIX = ".tar.xz"
_LEVEL: Literal[1] = 1
"""How much xz compresses: higher levels take several times as long and save a few percent."""
MAX_FILES, MAX_UNPACKED_BYTES = 10_000, 4_000_000_000
"""How many files, and how many bytes, headers among them, an archive may unpack to."""
_MAX_MEMORY = 200_000_000
"""Bytes of memory that xz may take; its highest level takes 65 million."""
_ANEW = "; take it anew from where it was published"
_NO_ARCHIVE = f"this is no archive of a release; expected a file that ends in {ARCHIVE_SUFFIX}, whole{_ANEW}"


def write_archive(folder: Path, file: Path) -> None:
    """Pack a folder, its files in order, without owners, times and permissions of this machine."""
    with tarfile.open(file, "w:xz", format=tarfile.PAX_FORMAT, preset=_LEVEL) as archive:
        for one in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
            if one.is_file():
                entry = tarfile.TarInfo(f"{folder.name}/{one.relative_to(folder).as_posix()}")
                entry.size, entry.mode = one.stat().st_size, 0o644
                with one.open("rb") as opened:
                    archive.addfile(entry, opened)


def unpacked(file: IO[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of an archive, by their paths below its one folder, each in parts until the next is asked for.

    Nothing is written anywhere, and no more is held than a part.

    Raises:
        ReleaseError: if it is no archive, is damaged or goes on after its end, unpacks to too much, or holds anything
            but plain files in one folder, each once.
    """
    stream, paths, tops = BufferedReader(_Unpacked(file), PART), set(), set()
    for entry in _entries(stream):
        path = _path(entry)
        tops.add(path.parts[0])
        if path in paths or len(tops) > 1:
            raise ReleaseError(f"the archive holds {entry.name!r} {'twice' if path in paths else 'beside its folder'}")
        paths.add(path)
        if len(paths) > MAX_FILES:
            raise _too_much()
        if not entry.isdir():
            parts = _parts(stream, entry.size)
            yield PurePosixPath(*path.parts[1:]).as_posix(), parts
            for _ in parts:
                pass
            _exactly(stream, -entry.size % tarfile.BLOCKSIZE)


def _entries(stream: IO[bytes]) -> Iterator[tarfile.TarInfo]:
    """The headers of an archive, the stream behind each.

    They are taken as they stand: what tar calls extended headers may hold anything of any size, and no release has one.
    """
    while any(block := _exactly(stream, tarfile.BLOCKSIZE)):
        try:
            yield tarfile.TarInfo.frombuf(block, "utf-8", "replace")
        except tarfile.TarError:
            raise ReleaseError(
                f"the archive is damaged, or none of a release: it has no header where one must be{_ANEW}"
            ) from None
    while rest := stream.read(PART):
        if rest.strip(b"\0"):
            raise _goes_on()


def _path(entry: tarfile.TarInfo) -> PurePosixPath:
    path = PurePosixPath(entry.name)
    is_file = entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and entry.size >= 0
    is_below = not path.is_absolute() and ".." not in path.parts and "\\" not in entry.name
    if not (is_below and (len(path.parts) > 1 if is_file else entry.isdir() and path.parts)):
        raise ReleaseError(f"the archive holds {entry.name!r}, which is no plain file in its folder")
    return path


def _parts(stream: IO[bytes], size: int) -> Iterator[bytes]:
    for start in range(0, size, PART):
        yield _exactly(stream, min(PART, size - start))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise ReleaseError(f"the archive is cut short{_ANEW}")
    return data


def _goes_on() -> ReleaseError:
    return ReleaseError(f"the archive goes on after its end{_ANEW}")


def _too_much() -> ReleaseError:
    return ReleaseError(f"the archive holds over {MAX_FILES:,} files or {MAX_UNPACKED_BYTES:,} bytes")


class _Unpacked(RawIOBase):
    """What one stream of xz unpacks to, up to a number of bytes, and not one byte after its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._xz = file, LZMADecompressor(FORMAT_XZ, _MAX_MEMORY)
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = b""
        while not part and not self._xz.eof:
            part = self._more(len(buffer))
        if not part and (self._xz.unused_data or self._file.read(1)):
            raise _goes_on()
        self._count += len(part)
        if self._count > MAX_UNPACKED_BYTES:
            raise _too_much()
        buffer[: len(part)] = part
        return len(part)

    def _more(self, size: int) -> bytes:
        given = self._file.read(PART) if self._xz.needs_input else b""
        try:
            if self._xz.needs_input and not given:
                raise EOFError
            return self._xz.decompress(given, size)
        except (LZMAError, EOFError):
            damaged = f"the archive is cut short or damaged after {self._count:,} unpacked bytes{_ANEW}"
            raise ReleaseError(damaged if self._count else _NO_ARCHIVE) from None
