"""Fingerprint of a corpus folder: a digest of the bytes of every file that belongs to it.

A table is kept on disk under the fingerprint of the bytes that it was made from, so that it can never be stale: even an
edit that keeps a file's size and time is seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

_SIZE = 16
"""Bytes of a digest."""


def digest(data: bytes) -> bytes:
    """The digest of the bytes of one file."""
    return blake2b(data, digest_size=_SIZE).digest()


def fingerprint(files: Mapping[str, bytes]) -> str:
    """The fingerprint of files, by their names below the folder, from the digest of each."""
    whole = blake2b(digest_size=_SIZE)
    for name in sorted(files):
        whole.update(f"{len(name.encode(errors='surrogateescape'))} ".encode())
        whole.update(name.encode(errors="surrogateescape"))
        whole.update(files[name])
    return whole.hexdigest()
