"""Has this table been made before, from the same records by the same code?

Tables of the shipped corpus are kept in the user's cache folder, under a name that is the digest of every byte they
depend on: records, shared files, sweeps, the code of the schema and of the analysis, versions and arguments.  So a kept
table is never stale.  It is read without executing anything, written to a temporary file that is then renamed, and
whatever goes wrong with the cache, the table is made as if there were none.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar, cast
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from platformdirs import user_cache_path

from prunelit.analysis.columns import COUNT, FLAG, NUMBER, Column, typed
from prunelit.schema.corpus import shipped

Table = TypeVar("Table", bound=Callable[..., pd.DataFrame])

KEPT = 40
"""Tables that the cache keeps; older ones make room."""
OFF = "PRUNELIT_NO_CACHE"
"""Environment variable that turns the cache off."""


def kept(columns: tuple[Column, ...]) -> Callable[[Table], Table]:
    """A table of the shipped corpus is made once, and read from the cache from then on.

    Args:
        columns: What the table holds.
    """

    def decorate(make: Table) -> Table:
        @wraps(make)
        def table(*args: Any, **kwargs: Any) -> pd.DataFrame:
            of_own_corpus = (args[0] if args else kwargs.get("corpus")) is not None
            if of_own_corpus or os.environ.get(OFF):
                return make(*args, **kwargs)
            asked = f"{make.__module__} {args!r} {sorted(kwargs.items())!r}"
            name = digest(asked)
            found = _read(folder() / name, columns)
            if found is not None:
                return found
            made = make(*args, **kwargs)
            if digest(asked) == name:  # nothing changed while the table was made
                _write(folder() / name, made)
            return made

        return cast(Table, table)

    return decorate


def folder() -> Path:
    """Where tables are kept."""
    return user_cache_path("prunelit")


def digest(asked: str) -> str:
    """The name of what is asked for, from all that it depends on."""
    found = blake2b(f"{sys.version} {pd.__version__} {np.__version__} {asked}".encode(), digest_size=16)
    for file in _inputs():
        content = file.read_bytes()
        found.update(f"\n{file.name} {len(content)}\n".encode())
        found.update(content)
    return f"{found.hexdigest()}.npz"


def _inputs() -> Iterator[Path]:
    corpus = shipped()
    for part, pattern in (("", "*.yaml"), ("papers", "*.yaml"), ("sweeps", "*.csv")):
        yield from sorted((corpus / part).glob(pattern))
    for package in ("schema", "analysis"):
        yield from sorted((Path(__file__).parent.parent / package).rglob("*.py"))


def _read(file: Path, columns: tuple[Column, ...]) -> pd.DataFrame | None:
    try:
        return thawed(file.read_bytes(), columns)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None


def _write(file: Path, table: pd.DataFrame) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as temporary:
            temporary.write(frozen(table))
        os.replace(temporary.name, file)
        for old in sorted(file.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return  # a full or read-only disk: the next process makes the table again


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
        ValueError, KeyError, EOFError, BadZipFile: if they are anything else.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        texts = json.loads(archive[_TEXTS].tobytes())
        arrays = {one.name: archive[one.name] for one in columns}
    values = {name: _text(array, texts[name]) if name in texts else array for name, array in arrays.items()}
    return typed(pd.DataFrame(values), columns)


def _text(codes: NDArray[np.generic], distinct: list[str]) -> NDArray[np.object_]:
    """The texts that the codes stand for; -1 is a missing one."""
    return np.asarray(np.array([*distinct, None], dtype=object)[codes])
