"""Engines: results normalized where pandas in one process is not enough.

Completion, convention, medians and normalization are written once, as expressions (:mod:`prunelit.analysis.frames`),
and an engine runs them over the Parquet files of a release.  It reads these as it goes: what many rows ask for (the
convention of a paper, the medians) is computed first, of a few columns, and is small.  With Dask, a client of
``distributed`` that the caller has started spreads the work over its workers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, cast

import narwhals as nw
import pandas as pd
from narwhals import col

from prunelit.analysis.frames.baselines import REFERENCES, Reference, distinct_values, not_copied, spreads
from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT, Column, columns_named, stored, typed
from prunelit.analysis.frames.completed import RULED, columns_read, complete, operating_points
from prunelit.analysis.frames.flop_convention import decided, unanimous, with_convention
from prunelit.analysis.frames.lazy import Lazy, Table, lazy
from prunelit.analysis.frames.normalized import NORMALIZED, normalize
from prunelit.analysis.frames.reference_models import REFERENCE_MODELS
from prunelit.analysis.frames.reported import PAPERS, RESULTS
from prunelit.analysis.release.checksums import require_sum
from prunelit.analysis.release.keys import POINT_KEY
from prunelit.analysis.release.parquet import MissingPackageError, TableFileError
from prunelit.analysis.writing import write_all, write_file
from prunelit.schema.problems import ArgumentError, UnknownNameError

EngineName = Literal["duckdb", "polars", "dask", "pandas"]
NEEDS: dict[EngineName, tuple[str, ...]] = {
    "duckdb": ("duckdb", "pyarrow"),
    "polars": ("polars", "pyarrow"),
    "dask": ("dask", "distributed", "pyarrow"),
    "pandas": ("pyarrow",),
}
"""The engines, the embedded default first, and the packages that each needs beside those of prunelit."""
_HELD: dict[nw.Implementation, dict[str, Any]] = {nw.Implementation.POLARS: {"engine": "streaming"}}
"""How an engine is asked for a small table, where it would read everything at once otherwise."""
_FOLDER = "parquet"


def known_engine(name: str) -> EngineName:
    """The engine of that name.

    Raises:
        UnknownNameError: if there is none; the message names the nearest.
        MissingPackageError: if a package that it needs is not installed.
    """
    for engine, packages in NEEDS.items():
        if engine == name:
            if missing := [package for package in packages if find_spec(package) is None]:
                message = f"the engine {name} needs packages that are not installed ({', '.join(missing)})"
                raise MissingPackageError(f"{message}: pip install 'prunelit[engines]'")
            return engine
    raise UnknownNameError("engine", str(name), NEEDS)


def normalized_rows(results: Table, reference_models: pd.DataFrame, reference: Reference = "all") -> Table:
    """Operating points with what they would be, had every paper pruned the median model; in no order.

    Args:
        results: Rows as of ``results()``, a table of any engine: a Polars LazyFrame, a relation of DuckDB, a frame of
            Dask or of pandas.
        reference_models: Rows as of ``reference_models()``.
        reference: What the medians are taken over, see :func:`prunelit.baselines`.

    Returns:
        A table of the same engine, not yet computed where that is its way; columns of ``normalized()``.
    """
    counts = _told(results, _COUNTED)
    of_papers = unanimous(_held(counts, lambda part: decided(complete(part, _COUNTED), reference_models)))

    def converted(part: Any, wanted: tuple[str, ...] = RULED) -> Any:
        return with_convention(complete(part, wanted), reference_models, of_papers)

    said = None
    if reference == "all":
        bases = _told(results, _OF_UNPRUNED)
        said = _held(bases, lambda part: distinct_values(not_copied(converted(part, _OF_UNPRUNED))))
    medians = spreads(said, reference_models)
    return cast(Table, _rows(results, lambda part: normalize(operating_points(converted(part)), medians)))


_COUNTED = ("base_flops",)
"""What tells the convention of a paper."""
_OF_UNPRUNED = ("base_top1", "base_top5", "base_params", "base_flops", "flops")
"""What the medians are of, and what tells by which convention it is counted."""
_WHOSE = ("paper_id", "dataset", "architecture", "origin", "sweep", "flop_convention")


def _told(results: object, wanted: tuple[str, ...]) -> Any:
    """The columns alone that tell quantities, and whose they are: pandas would compute all that it is given."""
    return lazy(results).select(*_WHOSE, *columns_read(wanted)).to_native()


def _held(table: object, query: Callable[[Any], Any]) -> Lazy:
    """A small table of a large one, computed at once; what of Dask's workers comes together is of pandas."""
    found = lazy(_rows(table, query))
    engine = found.implementation
    held = found.collect(**_HELD.get(engine, {}))
    return held.lazy() if engine.is_dask() or engine.is_pandas() else held.lazy(cast(Any, engine))


def _rows(table: Any, query: Callable[[Any], Any]) -> Any:
    """What each row of a table gives by itself; Dask's workers ask for it part by part, and the parts are of pandas."""
    if lazy(table).implementation.is_dask():
        return table.map_partitions(query, meta=query(table._meta)).optimize()
    return query(table)


def normalized_of(results: pd.DataFrame, reference_models: pd.DataFrame, reference: str, engine: str) -> pd.DataFrame:
    """The table ``normalized()``, computed by an engine.

    Args:
        results: The table ``results()``.
        reference_models: The table ``reference_models()``.
        reference: What the medians are taken over.
        engine: Name of the engine.

    Raises:
        UnknownNameError: if there is no such engine or reference.
        MissingPackageError: if the engine is not installed.
    """
    name, asked = known_engine(engine), known_reference(reference)
    rows = nw.from_native(results).lazy(None if name == "pandas" else cast(Any, name))
    return ordered_points(lazy(normalized_rows(rows.to_native(), reference_models, asked)))


def normalized_release(release: Path, reference: str, engine: str, collection: str | None = None) -> Lazy:
    """The operating points of a release, normalized; not yet computed, and in no order.

    Args:
        release: Its folder.
        reference: What the medians are taken over.
        engine: Name of the engine.
        collection: Name of a collection, to leave out all other experiments; positions and labels of what is left stay
            those of the release.

    Raises:
        UnknownNameError: if there is no such engine, reference or collection.
        MissingPackageError: if the engine is not installed.
        TableFileError: if the folder is no release, or if its files are no tables with these columns.
        ReleaseError: if a file is not what the sums of the release say; other Parquet files need none.
    """
    name, asked = known_engine(engine), known_reference(reference)
    results = _scanned(release, "results", RESULTS, name)
    # A small table, for which workers and streams would only be started.
    models = typed(_in_memory(_scanned(release, "reference_models", REFERENCE_MODELS, "pandas")), REFERENCE_MODELS)
    if collection is not None:
        results = _within(results, collection, _collections(release, results))
    return lazy(normalized_rows(results.to_native(), models, asked))


def is_release(folder: Path) -> bool:
    """Whether a folder is one of a release."""
    return (folder / _FOLDER).is_dir()


def known_reference(name: str) -> Reference:
    """What medians are taken over, by its name.

    Raises:
        UnknownNameError: if there is no such reference.
    """
    if name not in REFERENCES:
        raise UnknownNameError("reference", str(name), REFERENCES)
    return cast(Reference, name)


def ordered_points(normalized: Lazy) -> pd.DataFrame:
    """The normalized points as the table ``normalized()`` has them: ordered by paper, experiment, curve and point."""
    table = typed(_in_memory(normalized), NORMALIZED)
    return table.sort_values([*POINT_KEY], ignore_index=True)


def require_place(output: Path, engine: str) -> None:
    """Refuse a place that an engine cannot write to, or where what it writes would stand among other files.

    Raises:
        ArgumentError: if it is such a place; the message says what to name instead.
    """
    is_folder = output.is_dir()
    if engine != "dask" and is_folder:
        raise ArgumentError(
            output, f"{output} is a folder: name a file to write, such as {output / 'normalized.parquet'}"
        )
    if engine == "dask" and (any(output.iterdir()) if is_folder else os.path.lexists(output)):
        raise ArgumentError(output, f"{output} is there already, and Dask writes a folder of its own: name a new one")


def write_normalized(normalized: Lazy, output: Path) -> None:
    """Write normalized points as Parquet, as they come; where workers write at once, into a folder of files.

    Raises:
        ArgumentError: as :func:`require_place`.
    """
    if not normalized.implementation.is_dask():
        require_place(output, str(normalized.implementation))
        write_file(output, normalized.sink_parquet)
        return
    require_place(output, "dask")

    def write(folder: Path) -> list[Path]:  # by one task for each part: its rows are large to hand on
        parts = normalized.to_native().to_parquet(folder, compute=False, write_index=False)
        parts.optimize().compute()
        return sorted(path for path in folder.rglob("*") if path.is_file())

    write_all(output, write)


def _scanned(release: Path, name: str, columns: tuple[Column, ...], engine: EngineName) -> Lazy:
    place = Path(_FOLDER, f"{name}.parquet").as_posix()
    file = release.resolve() / place  # workers may be in another folder
    if not file.is_file():
        wanted = "expected the folder of one; download and unpack an archive first, or read it by prunelit.load_release"
        raise TableFileError(f"{release} is no release: it has no {place}; {wanted}")
    require_sum(release, place)
    _require_columns(file, columns)
    found = _spread(file) if engine == "dask" else nw.scan_parquet(str(file), backend=engine)
    return _typed(found, columns) if engine in ("pandas", "dask") else found


def _require_columns(file: Path, columns: tuple[Column, ...]) -> None:
    """Refuse a file that is no Parquet, or that lacks columns or holds others in their place.

    Raises:
        TableFileError: if it is such a file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        held = pq.read_schema(file)
    except (pa.ArrowException, OSError) as error:
        raise TableFileError(f"{file} cannot be read as Parquet ({error}); get the release anew") from None
    if missing := [column.name for column in columns if column.name not in held.names]:
        raise TableFileError(f"{file} is of another version of prunelit: it lacks {', '.join(missing)}")
    kinds = {one.name: str(held.field(one.name).type) for one in columns}
    if wrong := [one for one in columns if kinds[one.name] not in (*_STORED[one.dtype], "null")]:
        told = ", ".join(f"{one.name} is {kinds[one.name]} (expected {_STORED[one.dtype][0]})" for one in wrong)
        raise TableFileError(f"{file}: its columns are not those of a release: {told}")


_STORED = {
    TEXT: ("string", "large_string", "string_view"),
    COUNT: ("int64", "int32", "int16", "int8"),
    NUMBER: ("double",),
    FLAG: ("bool",),
}
"""What Arrow calls the types of columns, as files may hold them."""


def _spread(file: Path) -> Lazy:
    """A file in the parts that it was written in, for Dask's workers.

    Dask's own reader takes the fewer of them the fewer columns are asked for, so that workers are left without any.
    """
    import dask.dataframe as dd
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as parquet:
        meta, parts = parquet.schema_arrow.empty_table().to_pandas(), parquet.num_row_groups
    from_map: Any = dd.from_map
    return lazy(from_map(_part, range(max(parts, 1)), file=str(file), meta=meta))


def _part(number: int, file: str, columns: list[str] | None = None) -> pd.DataFrame:
    """The rows of a file that stand together under a number; a file without any has one part without rows."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as parquet:
        found = parquet.read_row_group(number, columns=columns) if parquet.num_row_groups else parquet.read(columns)
        return cast(pd.DataFrame, found.to_pandas())


def _typed(frame: Lazy, columns: tuple[Column, ...]) -> Lazy:
    """Counts and flags as pandas holds those that may be missing: it reads them as numbers and objects."""
    types = {column.name: stored(column.dtype) for column in columns if column.dtype in (COUNT, FLAG)}
    return lazy(frame.to_native().astype(types))


def _in_memory(frame: Lazy) -> pd.DataFrame:
    return cast(pd.DataFrame, frame.collect("pandas").to_native())


def _collections(release: Path, results: Lazy) -> list[str]:
    """The collections that papers of a release belong to; those that have results, where papers are not at hand."""
    listed = results.select("collections").unique()
    if Path(release, _FOLDER, "papers.parquet").is_file():
        listed = _scanned(release, "papers", columns_named(PAPERS, "collections"), "pandas")
    return sorted({name for one in _in_memory(listed)["collections"].dropna() for name in one.split("; ")})


def _within(results: Lazy, collection: str, known: list[str]) -> Lazy:
    """The rows of a collection.

    Raises:
        UnknownNameError: if it is none of those that are known.
    """
    if collection not in known:
        raise UnknownNameError("collection", collection, known)
    every = nw.concat_str(nw.lit("; "), col("collections"), nw.lit("; "))
    return results.filter(every.str.contains(f"; {collection}; ", literal=True))
