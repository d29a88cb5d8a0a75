"""Agreement of the files of a release: which ones it must have, and whether each holds the tables that the others hold.

The data dictionary of a release names its tables, so that releases of every version are held to their own.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from prunelit.analysis.release.identity import ReleaseIdentity
from prunelit.analysis.release.parquet import database, literal

DICTIONARY = "data_dictionary"
TABLE_FOLDERS = {"parquet/": ".parquet", "csv/": ".csv"}
"""The folders that hold one file a table, and how its name ends."""
SQLITE, DUCKDB, PACKAGE, CROISSANT = "prunelit.sqlite", "prunelit.duckdb", "datapackage.json", "croissant.json"
OTHER_FILES = (
    SQLITE, DUCKDB, PACKAGE, CROISSANT, "records/papers.jsonl", "records/sweeps.jsonl", "schemas/record.schema.json",
    "comparison_graph.graphml", "comparison_graph.json", "CITATION.cff", ".zenodo.json", "CHANGELOG-DATA.md",
    "DATA_DICTIONARY.md", "LICENSE-DATA", "SOURCES.md", "README.md",
)  # fmt: skip
"""The files that every release has beside those of its tables."""
_FORM = re.compile(r"parquet/[a-z0-9_]+\.parquet|csv/[a-z0-9_]+\.csv")
_IDENTITY = "release"
"""The table of both databases that says which release they are of."""
_DUCKDB_TABLES = """SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
    SEMI JOIN duckdb_tables() USING (table_name) WHERE NOT internal GROUP BY table_name"""
_MAX_HEADER, _MAX_DESCRIPTION = 100_000, 50_000_000
"""Bytes of the first line of a CSV file, and of a description."""
_Shape: TypeAlias = tuple[list[str], int]
"""The columns of a table and how many rows it has."""
_Told: TypeAlias = tuple[str, dict[str, Any]]
"""A version of the data, and what is told of the file of each table."""


def tables_of(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """The tables of a release, by its data dictionary."""
    return [*frames[DICTIONARY]["table"].unique(), DICTIONARY]


def is_form(name: str) -> bool:
    """Whether :func:`form_faults` reads a file of a release: one that holds tables, or describes them."""
    return name in (SQLITE, DUCKDB, PACKAGE, CROISSANT) or bool(_FORM.fullmatch(name))


def file_faults(names: Iterable[str], tables: Iterable[str]) -> Iterator[str]:
    """Files that a release with these tables lacks, and those that belong to no table.

    Args:
        names: Paths of its files.
        tables: Names of its tables.
    """
    there = set(names)
    of_tables = {f"{folder}{table}{suffix}" for table in tables for folder, suffix in TABLE_FOLDERS.items()}
    yield from (f"{name}: it is missing" for name in sorted({*of_tables, *OTHER_FILES} - there))
    for name in sorted(there - of_tables):
        if name.startswith(tuple(TABLE_FOLDERS)):
            yield f"{name}: the data dictionary has no table of that name"


def form_faults(
    place: Path, frames: Mapping[str, pd.DataFrame], sums: Mapping[str, str], identity: ReleaseIdentity
) -> Iterator[str]:
    """Databases, CSV files and descriptions that do not hold the tables of the Parquet files.

    SQLite and CSV files are held to columns and numbers of rows, DuckDB to every cell.

    Args:
        place: Folder with the files that :func:`is_form` tells.
        frames: The tables by name.
        sums: The sums of all files, by their paths.
        identity: The release.
    """
    shapes = {name: (list(map(str, frame.columns)), len(frame)) for name, frame in frames.items()}
    package = {f"csv/{name}.csv": columns for name, (columns, _) in shapes.items()}
    hashes = {(file := f"parquet/{name}.parquet"): sums[file] for name in shapes}
    if _described(place / PACKAGE, _package) != (identity.data_version, package):
        yield f"{PACKAGE}: it does not describe the tables of {identity.name} with their columns"
    if _described(place / CROISSANT, _croissant) != (identity.data_version, hashes):
        yield f"{CROISSANT}: it does not describe the tables of {identity.name} with their sums"
    for name, shape in shapes.items():
        if _csv_shape(place / "csv" / f"{name}.csv", shape[0]) != shape:
            yield f"csv/{name}.csv: its columns or rows are not those of the table"
    yield from _sqlite_faults(place / SQLITE, shapes, identity)
    yield from _duckdb_faults(place / DUCKDB, place / "parquet", shapes, identity)


def _described(file: Path, told: Callable[[Any], _Told]) -> _Told | None:
    """What a description says of the tables, if it can be read."""
    with file.open("rb") as opened:
        text = opened.read(_MAX_DESCRIPTION)
    try:
        return told(json.loads(text))
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _package(found: Any) -> _Told:
    return found["version"], {
        one["path"]: [field["name"] for field in one["schema"]["fields"]] for one in found["resources"]
    }


def _croissant(found: Any) -> _Told:
    return found["version"], {one["contentUrl"]: one["sha256"] for one in found["distribution"]}


def _csv_shape(file: Path, columns: Iterable[str]) -> _Shape | None:
    """The header of a CSV file and how many rows below it have as many cells as there are columns, if all have."""
    import duckdb

    with file.open("rb") as opened:
        header = opened.readline(_MAX_HEADER).decode(errors="replace")
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    options = f"""header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {{{types}}}"""
    try:
        with database() as engine:
            (rows,) = engine.execute(f"SELECT count(*) FROM read_csv(?, {options})", [str(file)]).fetchall()
        return next(csv.reader([header]), []), rows[0]
    except (duckdb.Error, csv.Error):
        return None


def _sqlite_faults(file: Path, shapes: Mapping[str, _Shape], identity: ReleaseIdentity) -> Iterator[str]:
    address = f"{file.as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as engine:
            if engine.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                yield f"{file.name}: SQLite finds it damaged"
            found = {name for (name,) in engine.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            yield from _table_faults(file.name, found - {_IDENTITY}, shapes)
            for name in sorted(found & shapes.keys()):
                columns = [one for (one,) in engine.execute("SELECT name FROM pragma_table_info(?)", [name])]
                ((rows,),) = engine.execute(f'SELECT count(*) FROM "{name}"')
                if (columns, rows) != shapes[name]:
                    yield f"{file.name}: columns or rows of {name} are not those of the table"
            if dict(engine.execute(f"SELECT name, value FROM {_IDENTITY}")) != identity.texts():
                yield f"{file.name}: it does not say that it is of {identity.name}"
    except sqlite3.Error:
        yield f"{file.name}: this is no SQLite database, or a damaged one"


def _duckdb_faults(file: Path, parquet: Path, shapes: Mapping[str, _Shape], identity: ReleaseIdentity) -> Iterator[str]:
    import duckdb

    try:
        with database(file) as engine:
            found = dict(engine.execute(_DUCKDB_TABLES).fetchall())
            yield from _table_faults(file.name, found.keys() - {_IDENTITY}, shapes)
            for name in sorted(found.keys() & shapes.keys()):
                ((rows,),) = engine.execute(
                    f'SELECT count(*) FROM "{name}" AS one POSITIONAL JOIN read_parquet(?) AS other '
                    "WHERE one IS DISTINCT FROM other",
                    [str(parquet / f"{name}.parquet")],
                ).fetchall()
                if rows or found[name] != shapes[name][0]:
                    yield f"{file.name}: columns or cells of {name} are not those of the table"
            if dict(engine.execute(f"SELECT name, value FROM {_IDENTITY}").fetchall()) != identity.texts():
                yield f"{file.name}: it does not say that it is of {identity.name}"
    except duckdb.Error:
        yield f"{file.name}: this is no DuckDB database that the installed version reads, or a damaged one"


def _table_faults(file: str, found: Set[str], expected: Iterable[str]) -> Iterator[str]:
    yield from (f"{file}: it lacks the table {name}" for name in sorted(set(expected) - found))
    yield from (f"{file}: {name} is no table of the release" for name in sorted(found - set(expected)))
