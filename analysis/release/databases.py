"""Databases of a release: one SQLite and one DuckDB file with all tables, keys, views and comments.

Both are the same bytes each time.  SQLite writes the version of its library into the header of the file, which is set
to one number here.  DuckDB writes a random identifier there, which serves encryption alone; here it is derived from the
release, and the checksum of the header is made anew.  If that checksum is not what this module computes, DuckDB has
changed its format, and the file is refused at once.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import reduce
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT
from prunelit.analysis.release.identity import ReleaseIdentity
from prunelit.analysis.release.keys import PRIMARY_KEYS, UNIQUE_KEYS, foreign_keys
from prunelit.analysis.release.parquet import database, literal
from prunelit.analysis.release.released_table import ReleasedTable, described
from prunelit.schema.problems import PrunelitError

if TYPE_CHECKING:
    import pandas as pd


class View(NamedTuple):
    """A query that a database keeps under a name, and what it tells."""

    name: str
    meaning: str
    query: str


VIEWS = (
    View(
        "results_with_papers",
        "What papers report, each row with the title, year and venue of its paper.",
        "SELECT papers.title, papers.year, papers.venue, results.* FROM results JOIN papers USING (paper_id)",
    ),
    View(
        "papers_per_configuration",
        "How many papers report an operating point for each pair of dataset and architecture.",
        "SELECT dataset, architecture, COUNT(DISTINCT paper_id) AS papers FROM completed "
        "GROUP BY dataset, architecture ORDER BY papers DESC, dataset, architecture",
    ),
    View(
        "times_compared_to",
        "How many papers compare to each paper that any compares to.",
        "SELECT compared_id AS paper_id, COUNT(*) AS papers FROM comparisons WHERE kind = 'comparison' "
        "GROUP BY compared_id ORDER BY papers DESC, compared_id",
    ),
)
"""The views of both databases."""

_IDENTITY = "release"
_SQLITE = {TEXT: "TEXT", COUNT: "INTEGER", NUMBER: "REAL", FLAG: "INTEGER"}
_DUCKDB = {TEXT: "VARCHAR", COUNT: "BIGINT", NUMBER: "DOUBLE", FLAG: "BOOLEAN"}
_SETTINGS = "PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=OFF;"
_LIBRARY, _ANY_LIBRARY = 96, (3_000_000).to_bytes(4, "big")
"""Where a SQLite file says which version of the library wrote it, and what it says here."""
_HEADER, _IDENTIFIER = 4096, slice(124, 140)
"""How long the header of a DuckDB file is, and where in it the identifier stands."""
_START, _FACTOR, _EIGHT_BYTES = 5381, 0xBF58476D1CE4E5B9, 2**64
"""What DuckDB's checksum starts from, and multiplies each eight bytes with."""


class DatabaseFormatError(PrunelitError):
    """Raised where DuckDB writes another header than the one that can be made the same each time."""


def write_sqlite(tables: Sequence[ReleasedTable], file: Path, identity: ReleaseIdentity) -> None:
    """Write all tables into a SQLite file; comments stand in the statements that it keeps.

    Args:
        tables: The tables, each after those that it refers to.
        file: Where they go.
        identity: The release, which is a table of its own.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(f"{_SETTINGS} BEGIN;")
        for table in tables:
            connection.execute(f"{_create(table, _SQLITE)} STRICT")
            marks = ", ".join("?" * len(table.columns))
            connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', _rows(table.frame))
        for view in VIEWS:
            connection.execute(f"CREATE VIEW {view.name} AS -- {view.meaning}\n{view.query}")
        connection.execute(f"CREATE TABLE {_IDENTITY} (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
        connection.executemany(f"INSERT INTO {_IDENTITY} VALUES (?, ?)", identity.texts().items())
        connection.execute("COMMIT")
    with file.open("r+b") as written:
        written.seek(_LIBRARY)
        written.write(_ANY_LIBRARY)


def write_duckdb(tables: Sequence[ReleasedTable], file: Path, identity: ReleaseIdentity) -> None:
    """Write all tables into a DuckDB file, with comments on tables, columns and views; arguments as for SQLite.

    Raises:
        MissingPackageError: if DuckDB is not installed.
        DatabaseFormatError: if it writes a header that this module does not know.
    """
    with database(file) as engine:
        for table in tables:
            engine.execute(_create(table, _DUCKDB))
            engine.register("written", table.frame)
            engine.execute(f'INSERT INTO "{table.name}" SELECT * FROM written')
            engine.unregister("written")
        for view in VIEWS:
            engine.execute(f"CREATE VIEW {view.name} AS {view.query}")
        engine.execute(f"CREATE TABLE {_IDENTITY} (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
        engine.executemany(f"INSERT INTO {_IDENTITY} VALUES (?, ?)", list(identity.texts().items()))
        for about, text in _comments(tables):
            engine.execute(f"COMMENT ON {about} IS {literal(text)}")
        engine.execute("CHECKPOINT")
    _set_identifier(file, identity)


def _create(table: ReleasedTable, types: dict[str, str]) -> str:
    """The statement that makes a table, one line a column or key, with the meaning of each column behind it."""
    lines = [*_column_lines(table, types), *((key, "") for key in _key_lines(table))]
    ends = [",", *[","] * (len(lines) - 2), ""][-len(lines) :]
    body = "".join(f"  {line}{end}{told and f' -- {told}'}\n" for (line, told), end in zip(lines, ends, strict=True))
    return f'CREATE TABLE "{table.name}" ( -- {table.meaning}\n{body})'


def _column_lines(table: ReleasedTable, types: dict[str, str]) -> Iterator[tuple[str, str]]:
    for one in table.columns:
        needed = " NOT NULL" if one.name in PRIMARY_KEYS.get(table.name, ()) else ""
        flag = f' CHECK ("{one.name}" IN (0, 1))' if types[one.dtype] == "INTEGER" and one.dtype == FLAG else ""
        yield f'"{one.name}" {types[one.dtype]}{needed}{flag}', " ".join(described(one).split())


def _key_lines(table: ReleasedTable) -> Iterator[str]:
    for word, keys in (("PRIMARY KEY", PRIMARY_KEYS), ("UNIQUE", UNIQUE_KEYS)):
        if table.name in keys:
            yield f"{word} ({_names(keys[table.name])})"
    for key in foreign_keys(table.name, table.names):
        yield f'FOREIGN KEY ({_names(key.columns)}) REFERENCES "{key.table}" ({_names(key.referenced)})'


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _rows(frame: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """The rows as SQLite takes them: None where something is missing, 0 and 1 for flags."""
    columns = [column.astype(object).where(column.notna(), None).tolist() for _, column in frame.items()]
    return zip(*columns, strict=True)


def _comments(tables: Sequence[ReleasedTable]) -> Iterator[tuple[str, str]]:
    for table in tables:
        yield f'TABLE "{table.name}"', table.meaning
        yield from ((f'COLUMN "{table.name}"."{one.name}"', described(one)) for one in table.columns)
    yield from ((f"VIEW {view.name}", view.meaning) for view in VIEWS)
    yield f"TABLE {_IDENTITY}", "Versions, commit, date, citation and licence of this release."


def _set_identifier(file: Path, identity: ReleaseIdentity) -> None:
    """Put an identifier of the release in the place of the random one."""
    with file.open("r+b") as written:
        header = bytearray(written.read(_HEADER))
        if _checksum(header) != header[:8]:
            raise DatabaseFormatError("this version of DuckDB writes a header that is not known; use that of the extra")
        header[_IDENTIFIER] = sha256(repr(identity).encode()).digest()[:16]
        header[:8] = _checksum(header)
        written.seek(0)
        written.write(header)


def _checksum(header: bytes | bytearray) -> bytes:
    """The checksum of a block of a DuckDB file, which stands in its first eight bytes."""
    words = (word for (word,) in struct.iter_unpack("<Q", header[8:]))
    return struct.pack("<Q", reduce(lambda found, word: found ^ word * _FACTOR % _EIGHT_BYTES, words, _START))
