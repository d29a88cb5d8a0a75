"""Archive of a release: one file for all, the same bytes each time, and read with care where strangers made it."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from io import BytesIO
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from prunelit.analysis.release.checksums import ReleaseError

ARCHIVE_SUFFIX = ".tar.xz"
_LEVEL: Literal[1] = 1
"""How much xz compresses: higher levels take several times as long and save a few percent."""
MAX_FILES, MAX_UNPACKED_BYTES = 10_000, 4_000_000_000
"""How many files, and how many bytes, an archive may unpack to."""


def write_archive(folder: Path, file: Path) -> None:
    """Pack a folder, its files in order, without owners, times and permissions of this machine."""
    with tarfile.open(file, "w:xz", format=tarfile.PAX_FORMAT, preset=_LEVEL) as archive:
        for one in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
            if one.is_file():
                entry = tarfile.TarInfo(f"{folder.name}/{one.relative_to(folder).as_posix()}")
                entry.size, entry.mode = one.stat().st_size, 0o644
                with one.open("rb") as opened:
                    archive.addfile(entry, opened)


def unpacked(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """The files of an archive, by their paths below its one folder, open until the next; nothing is written anywhere.

    Raises:
        ReleaseError: if it is no archive, unpacks to too much, or holds anything but files in one folder.
    """
    room = MAX_UNPACKED_BYTES
    try:
        with tarfile.open(fileobj=file, mode="r:xz") as archive:
            for count, entry in enumerate(archive):
                room -= entry.size
                if count >= MAX_FILES or room < 0:
                    raise ReleaseError(f"the archive holds over {MAX_FILES:,} files or {MAX_UNPACKED_BYTES:,} bytes")
                if not entry.isdir():
                    yield _path(entry), archive.extractfile(entry) or BytesIO()
    except (tarfile.TarError, LZMAError, EOFError):
        raise ReleaseError(f"this is no archive of a release; expected a file that ends in {ARCHIVE_SUFFIX}") from None


def _path(entry: tarfile.TarInfo) -> str:
    path = PurePosixPath(entry.name)
    if not entry.isreg() or path.is_absolute() or ".." in path.parts or len(path.parts) < 2 or "\\" in entry.name:
        raise ReleaseError(f"the archive holds {entry.name!r}, which is no plain file in its folder")
    return PurePosixPath(*path.parts[1:]).as_posix()
