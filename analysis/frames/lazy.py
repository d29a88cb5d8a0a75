"""Lazy frames: tables of any engine (pandas, Polars, DuckDB, Dask) behind one set of expressions.

What turns results into normalized numbers is written once, as Narwhals expressions; each engine runs them as its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeAlias, TypeVar, cast

import narwhals as nw
import pandas as pd

from prunelit.analysis.frames.columns import TEXT, stored

Table = TypeVar("Table")
"""A table of an engine: what comes in as one comes out as one."""
Lazy: TypeAlias = nw.LazyFrame[Any]


def lazy(table: object) -> Lazy:
    """A table of any engine as a lazy frame."""
    return cast(Lazy, nw.from_native(cast(Any, table)).lazy())


def as_given(frame: Lazy, given: Table) -> Table:
    """The table behind a lazy frame, of the engine of the table that was given."""
    table = frame.to_native()
    return cast(Table, _of_pandas(table) if isinstance(given, pd.DataFrame) else table)


def _of_pandas(table: pd.DataFrame) -> pd.DataFrame:
    """A frame with rows numbered from 0 and texts as all our tables hold them."""
    return _with_stored_texts(table, [name for name, dtype in table.dtypes.items() if dtype == "str"])


def _with_stored_texts(table: pd.DataFrame, names: Iterable[Any]) -> pd.DataFrame:
    """The same with some columns as our tables hold texts; rows of one text share it, where pandas has one for each."""
    texts = {}
    for name in names:
        codes, distinct = pd.factorize(table[name])
        known: pd.api.extensions.ExtensionArray = pd.array(distinct.to_numpy(dtype=object), dtype=stored(TEXT))
        texts[name] = known.take(codes, allow_fill=True)
    return (table.assign(**texts) if texts else table).reset_index(drop=True)


def with_cells(frame: Lazy, read: Collection[str], query: Callable[[Lazy], Lazy]) -> Lazy:
    """The rows with columns that a query makes; the order of columns is left to whoever types the table.

    For each step of a query pandas takes a table apart into all its columns, and results have many: it is given those
    alone that are read.

    Args:
        frame: The rows.
        read: The columns that the query reads, of which some may not be there.
        query: Gives all rows in their order.
    """
    if not frame.implementation.is_pandas():
        return query(frame)
    table = cast(pd.DataFrame, frame.to_native())
    made = query(lazy(table[[name for name in table.columns if name in read]])).to_native()
    texts = {name for name, dtype in made.dtypes.items() if dtype == "str" or dtype == stored(TEXT)}
    as_they_were = {name for name in texts if name in table and made[name].dtype == table[name].dtype}
    made = _with_stored_texts(made, texts - as_they_were)
    rest = table[[name for name in table.columns if name not in read and name not in made.columns]]
    return lazy(pd.concat([rest, made.set_axis(table.index)], axis=1))


def first_of(*choices: tuple[nw.Expr, str | nw.Expr]) -> nw.Expr:
    """The text that comes with the first condition that holds; missing where none does."""
    found: Any = nw
    for condition, text in choices:
        found = found.when(condition).then(nw.lit(text) if isinstance(text, str) else text)
    return cast(nw.Expr, found)


def looked_up(frame: Lazy, small: Lazy | pd.DataFrame, on: list[str]) -> Lazy:
    """The rows with what a small table says of them; missing where it says nothing."""
    found = in_engine_of(frame, small)
    if frame.implementation.is_polars():  # without an order to keep it holds all rows back, and needs twice the memory
        return lazy(frame.to_native().join(found.to_native(), on=on, how="left", maintain_order="left"))
    return frame.join(found, on=on, how="left")


def in_engine_of(frame: Lazy, small: Lazy | pd.DataFrame) -> Lazy:
    """A small table, which may be one in memory, as one of the engine of a frame."""
    own = small if isinstance(small, nw.LazyFrame) else nw.from_native(small).lazy()
    engine = frame.implementation
    return own if own.implementation is engine else own.collect().lazy(cast(Any, engine))
