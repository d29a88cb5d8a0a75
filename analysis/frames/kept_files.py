"""Files of the cache: what is kept on disk from one process to the next, and trusted only if nobody else can write it.

A file stands under the digest of all that its content depends on: what it was made from, the code of the schema and of
the analysis, and versions.  So it is never stale.  It begins with the digest of the rest and is read without executing
anything; whatever is wrong with it, or with its folder, its content is made as if there were none.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from time import time
from typing import TypeVar

from platformdirs import user_cache_path

from prunelit.analysis.writing import write_bytes

T = TypeVar("T")

KEPT = 200
"""Files of a kind that the cache keeps; older ones make room."""
SHARES = 10
"""Tables of shares that are kept for each other table."""
_SLACK = 1.1
"""How many times as many there may be before older ones go: to ask all for their ages takes as long as to write one."""
MAX_BYTES = 500_000_000
"""Size up to which a file is read."""
OFF = "PRUNELIT_NO_CACHE"
"""Environment variable that turns the cache on disk off."""
TABLE = ".table"
"""How names of kept tables end."""
SHARE = ".share"
"""How names of tables of shares of a large corpus end: they are small and many."""
_DRAWN, _OTHER = ".drawn", ".kept"
_KINDS = (TABLE, SHARE, _DRAWN, _OTHER)
"""Tables; drawings, which do not depend on our code; and the rest.  What is new of one kind makes no other one go."""
_DIGEST = 16
_NAME = re.compile(rf"[0-9a-f]{{{2 * _DIGEST}}}(?:{'|'.join(map(re.escape, _KINDS))})")


@cache
def _code() -> str | None:
    """The digest of the code and of the versions that tables depend on; None if that code is not the one that runs."""
    found = blake2b(f"{sys.version} {version('pandas')} {version('numpy')}".encode(), digest_size=_DIGEST)
    root = Path(__file__).resolve().parents[2]
    for file in sorted(one for package in ("schema", "analysis") for one in (root / package).rglob("*.py")):
        content, info = file.read_bytes(), file.stat()
        if max(info.st_mtime, info.st_ctime) > _LOADED:
            return None
        found.update(f"\n{file.relative_to(root).as_posix()} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


_LOADED = time()
"""When this process read the code: what was upgraded or edited later is not what it runs."""


def folder() -> Path:
    """Where tables are kept."""
    return user_cache_path("prunelit")


def kept_text(name: str, make: Callable[[], str]) -> str:
    """A text that is made once for each name, and kept on disk as tables are.

    Args:
        name: What it is, with everything that it depends on.
        make: What makes it where none is kept.
    """
    return kept_bytes(name, lambda: make().encode()).decode()


def kept_bytes(name: str, make: Callable[[], bytes]) -> bytes:
    """As :func:`kept_text`, for bytes; those that are empty are made each time."""
    digest = blake2b(name.encode(), digest_size=_DIGEST).hexdigest()
    file = None if os.environ.get(OFF) else folder() / f"{digest}{_DRAWN}"
    with suppress(Exception):
        if data := read_kept(file):
            return data
    data = make()
    write_kept(file, lambda: data)
    return data


def faults_unless_known(fingerprint: str | None, check: Callable[[], list[T]]) -> list[T]:
    """What is wrong with a corpus: nothing, where the same code found nothing in the same bytes before.

    Args:
        fingerprint: That of the bytes of the corpus; None for records that were changed in memory.
        check: What finds faults.
    """
    if is_in_order(fingerprint):
        return []
    found = check()
    if fingerprint and not found:
        keep_in_order(fingerprint)
    return found


def keep_in_order(fingerprint: str) -> None:
    """Keep that nothing is wrong with a corpus of these bytes."""
    if not is_in_order(fingerprint):
        write_kept(_in_order(fingerprint), fingerprint.encode)


def is_in_order(fingerprint: str | None) -> bool:
    """Whether the same code found nothing wrong with a corpus of the same bytes before."""
    with suppress(Exception):
        return fingerprint is not None and read_kept(_in_order(fingerprint)) == fingerprint.encode()
    return False


def _in_order(fingerprint: str) -> Path | None:
    return kept_file("in order", fingerprint)


def kept_file(*name: Hashable, suffix: str = _OTHER) -> Path | None:
    """Where something stands on disk, by what it depends on beside the code; nowhere if the cache is off."""
    if os.environ.get(OFF) or _code() is None:
        return None
    return folder() / f"{blake2b(repr((*name, _code())).encode(), digest_size=_DIGEST).hexdigest()}{suffix}"


def read_kept(file: Path | None) -> bytes:
    """What a file of the cache holds, as it was written; nothing where there is none to be trusted.

    Raises:
        OSError: if there is no such file.
    """
    data = b"" if file is None else _bytes(file)
    whole = blake2b(data[_DIGEST:], digest_size=_DIGEST).digest() == data[:_DIGEST]
    return data[_DIGEST:] if data and whole else b""


def kept_values(file: Path | None) -> dict[str, str]:
    """The texts that a file of the cache holds by name, as JSON; none where there is none to be trusted."""
    with suppress(Exception):  # whatever a broken file does, its texts can be made anew
        return dict(json.loads(read_kept(file)))
    return {}


def newest(known: dict[str, str], new: dict[str, str], states: int) -> dict[str, str]:
    """What to keep of texts by name: those that are new, and of the rest what was new last.

    Args:
        known: What is kept.
        new: What is to be kept as well.
        states: How many texts there are at a time; as many again are kept of states before.
    """
    before = ((name, text) for name, text in known.items() if name not in new)
    return dict(islice((*new.items(), *before), max(states, len(new)) * 2))


def _bytes(file: Path) -> bytes:
    """The bytes of a file that nobody else can have written; none where it is no such file."""
    if not _is_private(os.stat(file.parent), stat.S_ISDIR):
        return b""
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as opened:
        info = os.fstat(descriptor)
        return opened.read() if _is_private(info, stat.S_ISREG) and info.st_size <= MAX_BYTES else b""


def _is_private(info: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether a file or folder is of the kind, belongs to this user, and can be written by nobody else."""
    ours = not hasattr(os, "getuid") or info.st_uid == os.getuid()
    return is_kind(info.st_mode) and ours and not info.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def write_kept(file: Path | None, freeze: Callable[[], bytes]) -> None:
    """Keep something; where that fails, as on a full or read-only disk, the next process makes it again."""
    if file is None:
        return
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(file.parent.stat(), stat.S_ISDIR):
            return
        data = freeze()
        write_bytes(file, blake2b(data, digest_size=_DIGEST).digest() + data, mode=0o600)
        _tidy(file.parent)


def _tidy(place: Path) -> None:
    """Remove the oldest files of each kind, and nothing that the cache did not write: the folder may hold more."""
    ours = [one for one in sorted(place.iterdir()) if _NAME.fullmatch(one.name)]
    for suffix in _KINDS:
        kept, most = [one for one in ours if one.suffix == suffix], KEPT * (SHARES if suffix == SHARE else 1)
        if len(kept) > most * _SLACK:
            for file in sorted(kept, key=_age)[:-most]:
                file.unlink(missing_ok=True)


def _age(file: Path) -> float:
    return file.lstat().st_mtime
