"""Synthetic copies of the results that ship, for measurements of engines: a release with as many rows as are asked for.

A copy is a paper of its own with the numbers of its original, so that papers, and what they say of unpruned models,
grow with the rows, and the medians stay those of the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow
from pyarrow.parquet import ParquetWriter

import prunelit

ROW_GROUP = 122_880
"""Rows of a file that are packed together: as many as DuckDB packs, which writes releases."""


def write_many_results(release: Path, rows: int) -> None:
    """Write the tables of a release that engines read, a copy of the corpus after the other.

    Args:
        release: Its folder, which is not there.
        rows: Results to write.
    """
    (release / "parquet").mkdir(parents=True)
    results = prunelit.results()
    schema = pyarrow.Schema.from_pandas(results, preserve_index=False).remove_metadata()
    with ParquetWriter(release / "parquet" / "results.parquet", schema, compression="zstd") as file:
        for part in _copies(results, rows):
            file.write_table(pyarrow.Table.from_pandas(part, schema, preserve_index=False), ROW_GROUP)
    prunelit.reference_models().to_parquet(release / "parquet" / "reference_models.parquet", index=False)


def _copies(results: pd.DataFrame, rows: int) -> Iterator[pd.DataFrame]:
    """The results and their copies, in parts of about a row group."""
    of_part = max(1, ROW_GROUP // len(results))
    for first in range(0, -(-rows // len(results)), of_part):
        part = pd.concat(_copy(results, number) for number in range(first, first + of_part))
        yield part.head(rows - first * len(results))


def _copy(results: pd.DataFrame, number: int) -> pd.DataFrame:
    return results.assign(paper_id=results["paper_id"] + f"-{number}")
