"""Cache of tables: each is made once a dataset, and kept on disk from one process to the next.

On disk a table stands under a name that is the digest of all that it depends on: the bytes of the corpus that it was
made from, the code of the schema and of the analysis, versions and options.  So a kept table is never stale.  A file
begins with the digest of the rest and is read without executing anything; whatever is wrong with it, or with its
folder, the table is made as if there were none.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import sys
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import cache, wraps
from hashlib import blake2b
from inspect import BoundArguments, signature
from pathlib import Path
from time import time
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from platformdirs import user_cache_path

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, Column, typed
from prunelit.analysis.writing import ABANDONED, write_bytes

P = ParamSpec("P")
T = TypeVar("T")
Owner = TypeVar("Owner", bound="Remembering")
Make = Callable[Concatenate[Owner, P], T]

KEPT = 200
"""Tables that the cache keeps; older ones make room."""
MAX_BYTES = 500_000_000
"""Size up to which a kept table is read."""
EQUAL = 32
"""Inputs of a table that are remembered, in case that equal ones come again."""
OFF = "PRUNELIT_NO_CACHE"
"""Environment variable that turns the cache on disk off."""
_SUFFIX, _OTHER, _DIGEST = ".table", ".kept", 16


class Remembering(Protocol):
    """What tables are made of: it remembers them, and knows what they depend on."""

    memory: dict[Hashable, Any]

    @property
    def key(self) -> str | None:
        """What tells it from all others, in any process; None where nothing does."""


def computed_once(make: Make[Owner, P, T]) -> Make[Owner, P, T]:
    """A value that is computed once for each dataset and set of options, when first asked for."""

    @wraps(make)
    def remembered(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> T:
        asked = _asked(make, owner, args, kwargs)
        if asked not in owner.memory:
            owner.memory[asked] = make(owner, *args, **kwargs)
        return cast(T, owner.memory[asked])

    return remembered


def cached_table(
    columns: tuple[Column, ...],
) -> Callable[[Make[Owner, P, pd.DataFrame]], Make[Owner, P, pd.DataFrame]]:
    """A table that is made once for each dataset and set of options, and kept on disk.

    Every caller has a frame of its own: changes to it reach nobody else.

    Args:
        columns: What the table holds.
    """

    def decorate(make: Make[Owner, P, pd.DataFrame]) -> Make[Owner, P, pd.DataFrame]:
        @computed_once
        @wraps(make)
        def kept(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
            asked = _asked(make, owner, args, kwargs)
            found = read_table(_file(owner, asked), columns)
            if found is None:
                found = make(owner, *args, **kwargs)
                write_table(_file(owner, asked), found)  # what it was made from may only now be known
            return found

        @wraps(make)
        def table(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
            return kept(owner, *args, **kwargs).copy(deep=False)

        return table

    return decorate


def once_for_equal(make: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """A table that is made once for equal tables, whatever datasets they are of.

    The function takes tables alone, or None in place of one.  The last few inputs are remembered; tables are equal if
    all cells, names and types are.
    """
    known: deque[tuple[tuple[pd.DataFrame | None, ...], pd.DataFrame]] = deque(maxlen=EQUAL)

    @wraps(make)
    def table(*given: pd.DataFrame | None) -> pd.DataFrame:
        for inputs, found in tuple(known):
            if all(map(_equal, inputs, given)):
                return found.copy(deep=False)
        found = make(*given).copy(deep=False)  # it may be one of those given
        known.append((tuple(None if one is None else one.copy(deep=False) for one in given), found))
        return found.copy(deep=False)

    return table


def _equal(one: pd.DataFrame | None, other: pd.DataFrame | None) -> bool:
    return one is other if one is None or other is None else one.equals(other)


def _asked(make: Callable[..., Any], owner: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """What is asked for: the function, and its options in their order, defaults included."""
    if not args and not kwargs:
        return _asked_by_default(make)
    return _asked_of(_signature(make).bind(owner, *args, **kwargs), make)


_signature = cache(signature)
"""The parameters of a function, which take longer to find than most values take to look up."""


@cache
def _asked_by_default(make: Callable[..., Any]) -> tuple[Any, ...]:
    """What is asked for without options: values are looked up far more often than binding arguments is cheap."""
    return _asked_of(_signature(make).bind(None), make)


def _asked_of(bound: BoundArguments, make: Callable[..., Any]) -> tuple[Any, ...]:
    bound.apply_defaults()
    return make.__module__, make.__qualname__, *list(bound.arguments.values())[1:]


def _file(owner: Remembering, asked: tuple[Any, ...]) -> Path | None:
    """Where a table stands on disk; nowhere if the cache is off or nothing names what it depends on."""
    if os.environ.get(OFF) or owner.key is None or not all(isinstance(one, str | bool | int | None) for one in asked):
        return None
    if _code() is None:
        return None
    name = blake2b(repr((owner.key, asked, _code())).encode(), digest_size=_DIGEST)
    return folder() / f"{name.hexdigest()}{_SUFFIX}"


@cache
def _code() -> str | None:
    """The digest of the code and of the versions that tables depend on; None if that code is not the one that runs."""
    found = blake2b(f"{sys.version} {pd.__version__} {np.__version__}".encode(), digest_size=_DIGEST)
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


def read_table(file: Path | None, columns: tuple[Column, ...]) -> pd.DataFrame | None:
    """The table in a file of the cache; None where there is none to be trusted."""
    # Whatever a broken file does to the libraries that read it, the table can be made anew.
    with suppress(Exception):
        if data := _read(file):
            return thawed(data, columns)
    return None


def kept_text(name: str, make: Callable[[], str]) -> str:
    """A text that is made once for each name, and kept on disk as tables are.

    Args:
        name: What it is, with everything that it depends on.
        make: What makes it where none is kept.
    """
    digest = blake2b(name.encode(), digest_size=_DIGEST).hexdigest()
    file = None if os.environ.get(OFF) else folder() / f"{digest}{_SUFFIX}"
    with suppress(Exception):
        if data := _read(file):
            return data.decode()
    text = make()
    _write(file, text.encode)
    return text


def faults_unless_known(fingerprint: str | None, check: Callable[[], list[T]]) -> list[T]:
    """What is wrong with a corpus: nothing, where the same code found nothing in the same bytes before.

    Args:
        fingerprint: That of the bytes of the corpus; None for records that were changed in memory.
        check: What finds faults.
    """
    file = kept_file("in order", fingerprint) if fingerprint else None
    with suppress(Exception):
        if fingerprint and read_kept(file) == fingerprint.encode():
            return []
    found = check()
    if fingerprint and not found:
        write_kept(file, fingerprint.encode())
    return found


def kept_file(*name: str) -> Path | None:
    """Where what is not a table stands on disk, by what it depends on beside the code; nowhere if the cache is off."""
    if os.environ.get(OFF) or _code() is None:
        return None
    return folder() / f"{blake2b(repr((name, _code())).encode(), digest_size=_DIGEST).hexdigest()}{_OTHER}"


def read_kept(file: Path | None) -> bytes:
    """What is kept in a file; nothing where there is none to be trusted.

    Raises:
        OSError: if there is no such file.
    """
    return _read(file)


def write_kept(file: Path | None, data: bytes) -> None:
    """Keep something; where that fails, as on a full or read-only disk, the next process makes it again."""
    _write(file, lambda: data)


def _read(file: Path | None) -> bytes:
    """What a file of the cache holds, as it was written; nothing where there is none to be trusted."""
    data = b"" if file is None else _bytes(file)
    whole = blake2b(data[_DIGEST:], digest_size=_DIGEST).digest() == data[:_DIGEST]
    return data[_DIGEST:] if data and whole else b""


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


def write_table(file: Path | None, table: pd.DataFrame) -> None:
    """Keep a table; where that fails, as on a full or read-only disk, the next process makes it again."""
    _write(file, lambda: frozen(table))


def _write(file: Path | None, freeze: Callable[[], bytes]) -> None:
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
    """Remove the oldest tables, and what killed processes left behind."""
    ages = {entry: entry.lstat().st_mtime for entry in place.iterdir()}
    for suffix in (_SUFFIX, _OTHER):
        kept = sorted((entry for entry in ages if entry.suffix == suffix), key=lambda entry: ages[entry])
        for file in kept[:-KEPT]:
            file.unlink(missing_ok=True)
    rest = (entry for entry in ages if entry.suffix not in (_SUFFIX, _OTHER))
    for other in (entry for entry in rest if ages[entry] < time() - ABANDONED):
        shutil.rmtree(other) if other.is_dir() and not other.is_symlink() else other.unlink(missing_ok=True)


def frozen(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a NumPy archive: numbers as they are, text as places in a list without repetitions."""
    texts: dict[str, list[str]] = {}
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, values in table.items():
        if str(values.dtype) in (NUMBER, COUNT, FLAG):
            arrays[str(name)] = values.to_numpy(dtype="float64", na_value=np.nan)
        else:
            codes, distinct = pd.factorize(values)
            arrays[str(name)] = codes.astype(np.int32)
            texts[str(name)] = list(distinct)
    arrays[_TEXTS] = np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


_TEXTS = "texts of all columns"


def thawed(data: bytes, columns: tuple[Column, ...]) -> pd.DataFrame:
    """The table of such bytes.

    Raises:
        Exception: of many kinds, if they are anything else.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        texts = json.loads(archive[_TEXTS].tobytes())
        arrays = {one.name: archive[one.name] for one in columns}
    values = {
        one.name: arrays[one.name] if one.dtype in (NUMBER, COUNT, FLAG) else _text(arrays[one.name], texts[one.name])
        for one in columns
    }
    return typed(pd.DataFrame(values), columns)


def _text(codes: NDArray[np.generic], distinct: list[str]) -> NDArray[np.object_]:
    """The texts that the codes stand for; -1 is a missing one."""
    return np.asarray(np.array([*distinct, None], dtype=object)[codes])
