"""Parquet files of tables, which say in their metadata what each column means, and of which release they are.

DuckDB writes and reads them: unlike pyarrow it does not change which types pandas takes for text, so that tables are
the same whether it is installed or not.  One thread and the order of the rows make the bytes the same each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT, Column, typed
from prunelit.analysis.release.identity import ReleaseIdentity
from prunelit.analysis.release.released_table import ReleasedTable
from prunelit.schema.problems import PrunelitError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


_SETTINGS: dict[str, str | bool | int | float | list[str]] = {"threads": 1, "preserve_insertion_order": True}
_TYPES = {TEXT: "VARCHAR", COUNT: "BIGINT", NUMBER: "DOUBLE", FLAG: "BOOLEAN"}


_MAX_CELLS = 500_000_000
"""Cells up to which a table is read; equal ones take no room in a file, and eight bytes each in memory."""


class MissingPackageError(PrunelitError, ImportError):
    """Raised where a package is needed that an extra brings, and it is not installed."""


class TableFileError(PrunelitError, ValueError):
    """Raised where a Parquet file is none of a release: unreadable, or without what its columns are, or with others."""


def database(file: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to a DuckDB database, in a file or the one in memory, that does the same each time.

    Raises:
        MissingPackageError: if DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError:
        message = "releases need a package that is not installed: pip install 'prunelit[parquet]'"
        raise MissingPackageError(message) from None
    return duckdb.connect(str(file), config=_SETTINGS) if file else _memory().cursor()


@cache
def _memory() -> duckdb.DuckDBPyConnection:
    """One database for all files that are read or written: making one takes longer than reading most tables."""
    import duckdb

    return duckdb.connect(config=_SETTINGS)


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def write_parquet(table: ReleasedTable, file: Path, identity: ReleaseIdentity) -> None:
    """Write a table, compressed by zstd.

    Its metadata are texts by name: ``table`` and ``meaning``, the texts of the identity (``data_version``,
    ``citation`` …), and ``columns``, a JSON list with ``name``, ``dtype``, ``unit``, ``meaning`` and ``source``.

    Args:
        table: The table.
        file: Where it goes.
        identity: The release.
    """
    columns = json.dumps([asdict(one) for one in table.columns], ensure_ascii=False)
    told = {"table": table.name, "meaning": table.meaning, **identity.texts(), "columns": columns}
    metadata = ", ".join(f'"{key}": {literal(text)}' for key, text in told.items())
    with database() as engine:
        engine.register("written", table.frame)
        engine.execute(
            f"COPY written TO {literal(str(file))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
        )


@contextmanager
def _reader(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads a Parquet file, and says so where it cannot."""
    with database() as engine:
        import duckdb

        try:
            yield engine
        except duckdb.Error:
            raise TableFileError(f"{file.name}: this is no Parquet file, or a damaged one") from None


def parquet_metadata(file: Path) -> dict[str, str]:
    """The texts in the metadata of a Parquet file, by name.

    Raises:
        TableFileError: if it cannot be read.
    """
    with _reader(file) as engine:
        found = engine.execute("SELECT key, value FROM parquet_kv_metadata(?)", [str(file)]).fetchall()
    return {bytes(key).decode(errors="replace"): bytes(value).decode(errors="replace") for key, value in found}


def read_parquet(file: Path) -> pd.DataFrame:
    """The table in a Parquet file of a release, with the types that its metadata say.

    Raises:
        TableFileError: if it cannot be read, or if its metadata say nothing of its columns, or not of these,
            or if it has more cells than any table of a release.
    """
    columns = _columns(file)
    expected = [(one.name, _TYPES.get(one.dtype)) for one in columns]
    with _reader(file) as engine:
        ((count,),) = engine.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(file)]).fetchall()
        if count * len(columns) > _MAX_CELLS:
            raise TableFileError(
                f"{file.name}: over {_MAX_CELLS:,} cells, which is more than any table of a release has"
            )
        rows = engine.execute("SELECT * FROM read_parquet(?)", [str(file)])
        if [(name, str(kind)) for name, kind, *_ in rows.description or ()] != expected:
            raise TableFileError(f"{file.name}: its columns or their types are not those that its metadata describe")
        return typed(rows.df(), columns)


def _columns(file: Path) -> tuple[Column, ...]:
    texts = parquet_metadata(file)
    try:
        return tuple(Column(**one) for one in json.loads(texts["columns"]))
    except (KeyError, TypeError, ValueError, RecursionError):
        raise TableFileError(f"{file.name}: its metadata do not describe its columns") from None
