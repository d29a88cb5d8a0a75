"""Cache of tables: each is made once a dataset, and kept on disk from one process to the next.

On disk a table stands under a name that is the digest of all that it depends on: the bytes of the corpus that it was
made from, the code, versions and options; see :mod:`prunelit.analysis.frames.kept_files`.
"""

from __future__ import annotations

import json
import zlib
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import cache, wraps
from inspect import BoundArguments, signature, unwrap
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT, Column, stored
from prunelit.analysis.frames.kept_files import SHARE, TABLE, kept_file, read_kept, write_kept
from prunelit.schema.collector import collector_at_rest

P = ParamSpec("P")
T = TypeVar("T")
Owner = TypeVar("Owner", bound="Remembering")
Make = Callable[Concatenate[Owner, P], T]

EQUAL = 32
"""Inputs of a table that are remembered, in case that equal ones come again."""


class Remembering(Protocol):
    """What tables are made of: it remembers them, and knows what they depend on."""

    memory: dict[Hashable, Any]

    @property
    def key(self) -> str | None:
        """What tells it from all others, in any process; None where nothing does."""

    @property
    def is_share(self) -> bool:
        """Whether it is a share of something larger, of which there may be many."""


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
                with collector_at_rest():  # what tables are made of stays; to search all of it takes as long as most
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
    if not kwargs and len(args) == _options(make):  # of all values asked for, most
        return make.__module__, make.__qualname__, *args
    return _asked_of(_signature(make).bind(owner, *args, **kwargs), make)


_signature = cache(signature)
"""The parameters of a function, which take longer to find than most values take to look up."""


@cache
def _options(make: Callable[..., Any]) -> int:
    """How many options a function has beside its owner."""
    return len(_signature(make).parameters) - 1


@cache
def _asked_by_default(make: Callable[..., Any]) -> tuple[Any, ...]:
    """What is asked for without options: values are looked up far more often than binding arguments is cheap."""
    return _asked_of(_signature(make).bind(None), make)


def _asked_of(bound: BoundArguments, make: Callable[..., Any]) -> tuple[Any, ...]:
    bound.apply_defaults()
    return make.__module__, make.__qualname__, *list(bound.arguments.values())[1:]


def _file(owner: Remembering, asked: tuple[Any, ...]) -> Path | None:
    """Where a table stands on disk; nowhere if the cache is off or nothing names what it depends on."""
    if owner.key is None or not all(isinstance(one, str | bool | int | float | None) for one in asked):
        return None
    return kept_file(owner.key, asked, suffix=SHARE if owner.is_share else TABLE)


def kept_table(
    key: str, table: Callable[..., pd.DataFrame], columns: tuple[Column, ...], suffix: str = TABLE
) -> pd.DataFrame | None:
    """A cached table of another owner, with its options by default, as it is on disk; None where it is not there.

    Args:
        key: That of the owner.
        table: What makes it.
        columns: Those to read.
        suffix: How the names of such files end.
    """
    return read_table(kept_file(key, _asked_by_default(unwrap(table)), suffix=suffix), columns)


def read_table(file: Path | None, columns: tuple[Column, ...]) -> pd.DataFrame | None:
    """The table in a file of the cache; None where there is none to be trusted."""
    # Whatever a broken file does to the libraries that read it, the table can be made anew.
    with suppress(Exception):
        if data := read_kept(file):
            return thawed(data, columns)
    return None


def write_table(file: Path | None, table: pd.DataFrame) -> None:
    """Keep a table; where that fails, as on a full or read-only disk, the next process makes it again."""
    write_kept(file, lambda: frozen(table))


def frozen(table: pd.DataFrame) -> bytes:
    """A table as bytes: by columns, of which each is runs of equal cells, compressed.

    Rows that follow one another mostly say the same.  So it is smaller than Parquet, and written and read back in a
    fraction of the time that Parquet takes for the same frame.  A line of JSON goes first, with the sizes of all parts.
    """
    columns = {str(name): _frozen_column(values) for name, values in table.items()}
    sizes = {name: [*map(len, parts)] for name, parts in columns.items()}
    return b"\n".join((json.dumps(sizes).encode(), b"".join(chain.from_iterable(columns.values()))))


def _frozen_column(values: pd.Series[Any]) -> tuple[bytes, bytes, bytes]:
    """How long each run of equal cells is, the number or the place of the text that each holds, and the texts."""
    if str(values.dtype) in (NUMBER, COUNT, FLAG):
        cells = values.to_numpy(dtype=_CELL, na_value=np.nan)
        starts = _starts(cells.view(np.int64))  # as which a missing number is the same as another one
        held, texts = cells[starts], b""
    else:
        said = cast(Any, values).to_numpy(dtype=object, na_value=None)
        starts = _starts(said)
        codes, distinct = pd.factorize(said[starts])
        held, texts = codes.astype(_CODE), json.dumps(distinct.tolist()).encode()
    lengths = np.diff(starts, append=len(values)).astype(_LENGTH)
    return _packed(lengths.tobytes()), _packed(held.tobytes()), _packed(texts)


def _starts(cells: NDArray[Any]) -> NDArray[np.intp]:
    """Where runs of equal cells start."""
    return np.flatnonzero(np.append(True, cells[1:] != cells[:-1])[: len(cells)])


def _packed(data: bytes) -> bytes:
    return zlib.compress(data, level=1)  # higher ones take three times as long


_CELL, _CODE, _LENGTH = "<f8", "<i4", "<i4"
"""How numbers, places of texts and lengths of runs are kept."""


def thawed(data: bytes, columns: tuple[Column, ...]) -> pd.DataFrame:
    """The table of such bytes, of which some columns may do.

    Raises:
        Exception: of many kinds, if they are anything else.
    """
    start = data.index(b"\n") + 1
    sizes: dict[str, list[int]] = json.loads(data[:start])
    ends = dict(zip(sizes, accumulate(map(sum, sizes.values()), initial=start), strict=False))
    # Column by column, as there is no room for all of them twice.
    values = {one.name: _thawed_column(data, ends[one.name], sizes[one.name], one.dtype) for one in columns}
    return pd.DataFrame(values, copy=False)


def _thawed_column(data: bytes, start: int, sizes: list[int], dtype: str) -> ExtensionArray:
    """A column, of its parts as they are kept."""
    bounds = pairwise(accumulate(sizes, initial=start))
    lengths, held, texts = (zlib.decompress(data[one:other]) for one, other in bounds)
    runs = np.frombuffer(lengths, dtype=_LENGTH)
    if dtype in (NUMBER, COUNT, FLAG):
        cells: Any = np.repeat(np.frombuffer(held, dtype=_CELL), runs)
    else:
        cells = _text(np.repeat(np.frombuffer(held, dtype=_CODE), runs), json.loads(texts))
    return pd.Series(cells, copy=False).astype(stored(dtype)).array


def _text(codes: NDArray[np.generic], distinct: list[str]) -> ExtensionArray:
    """The texts that the codes stand for; -1 is a missing one.  Only distinct ones are looked at, which saves most."""
    texts: ExtensionArray = pd.array(np.array(distinct, dtype=object), dtype=stored(TEXT))
    return texts.take(codes.astype(np.intp), allow_fill=True)
