"""Checksums of a release: SHA256SUMS lists every other file, and a release that differs from it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO

from prunelit.schema.problems import PrunelitError, quoted

SUMS = "SHA256SUMS"
PART = 1_000_000
"""Bytes of a file that are read at once."""
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


class ReleaseError(PrunelitError, ValueError):
    """Raised where something is no release, or none as it was made; the message says all that is wrong."""


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """What is left to read of a file, in parts."""
    return iter(partial(file.read, PART), b"")


def sum_of(parts: Iterable[bytes | bytearray]) -> str:
    """The SHA-256 sum of a file that comes in parts, in hexadecimal digits."""
    found = sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()


def folder_sums(folder: Path) -> dict[str, str]:
    """The sums of all files in a folder but the list of sums itself, by their paths, in order."""
    files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    return {name: _sum_at(folder / name) for name in files if name != SUMS}


def _sum_at(path: Path) -> str:
    with path.open("rb") as file:
        return sum_of(chunks_of(file))


def as_sums(sums: Mapping[str, str]) -> str:
    """The list as ``sha256sum`` reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items())


def read_sums(text: str) -> dict[str, str]:
    """The sums that a list holds, by the paths of their files.

    Raises:
        ReleaseError: if it is no such list, or lists a file twice.
    """
    sums: dict[str, str] = {}
    for number, line in enumerate(text.splitlines() or [""], 1):
        found = _LINE.fullmatch(line)
        if not found:
            raise ReleaseError(f"{SUMS}:{number}: expected lines of 64 hexadecimal digits, two spaces and a file")
        if found[2] in sums:
            raise ReleaseError(f"{SUMS}:{number}: it lists {quoted(found[2])} twice")
        sums[found[2]] = found[1]
    return sums


def require_sum(folder: Path, name: str) -> None:
    """Refuse a file of a release that is not what its sum says; where the release has no sums, nothing is known.

    Args:
        folder: The release.
        name: The path of the file in it.

    Raises:
        ReleaseError: if its bytes have changed, or if the list of sums is none or does not name it.
    """
    sums = folder / SUMS
    if sums.is_file():
        stated = read_sums(sums.read_text(encoding="utf-8", errors="replace"))
        wrong = [*differences({name: stated[name]} if name in stated else {}, {name: _sum_at(folder / name)})]
        if wrong:
            raise ReleaseError(f"{folder}: {'; '.join(wrong)}; get the release anew")


def differences(stated: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    """What differs between the sums that a release states and those that its files have."""
    yield from (f"{name}: it is missing" for name in stated if name not in found)
    yield from (f"{name}: {SUMS} does not list it" for name in found if name not in stated)
    yield from (f"{name}: its bytes have changed" for name in stated if found.get(name, stated[name]) != stated[name])
