"""README of a release: what it holds, and how to read it from several languages."""

from __future__ import annotations

from collections.abc import Sequence

from prunelit.analysis.frames.columns import TEXT
from prunelit.analysis.release.identity import DATA_LICENCE, TITLE, ReleaseIdentity
from prunelit.analysis.release.released_table import ReleasedTable


def release_readme(tables: Sequence[ReleasedTable], identity: ReleaseIdentity) -> str:
    """The README, in Markdown."""
    rows = "".join(f"| `{one.name}` | {len(one.frame):,} | {len(one.columns)} | {one.meaning} |\n" for one in tables)
    return _README.format(
        title=TITLE,
        identity=identity,
        rows=rows,
        licence=DATA_LICENCE,
        count=len(tables),
        said=_with_empty_texts(tables),
    )


def _with_empty_texts(tables: Sequence[ReleasedTable]) -> str:
    """The columns in which a text may be empty and yet known, as a list."""
    of_text = [(table, one.name) for table in tables for one in table.columns if one.dtype == TEXT]
    return ", ".join(f"`{table.name}.{name}`" for table, name in of_text if table.frame[name].eq("").any())


_README = """# {title}

Version {identity.data_version} of the data ({identity.date}), record schema {identity.schema_version}, code
{identity.code_version}, made from commit {identity.commit}.

- `parquet/<table>.parquet`: each of {count} tables. The metadata of a file say what its columns mean, and of which
  release it is.
- `csv/<table>.csv`: the same tables as text, see below.
- `prunelit.sqlite`, `prunelit.duckdb`: all tables in one file, with keys, views and comments; the table `release` says
  which release it is.
- `records/papers.jsonl`, `records/sweeps.jsonl`: what the papers report, with the digits as printed; a line is the
  record of a paper, or a point of a released sweep.
- `records/*.json`: what records share: vocabularies, collections, corrections.
- `schemas/*.schema.json`: JSON Schemas of the records and of what they share.
- `comparison_graph.graphml`, `comparison_graph.json`: who compares to whom; an edge goes out from the comparing paper.
- `DATA_DICTIONARY.md`, and the table `data_dictionary`: name, type, unit, meaning and source of every column.
- `datapackage.json`, `croissant.json`: descriptions for Frictionless and for loaders of machine-learning data.
- `CHANGELOG-DATA.md`: what changed since the last release, in counts and by name.
- `CITATION.cff`, `.zenodo.json`, `LICENSE-DATA`, `SOURCES.md`: how to cite it, its licence, and the credits of all
  sources.
- `SHA256SUMS`: checksums; `sha256sum --check SHA256SUMS`, or `prunelit release --verify .`, which also looks at types
  and keys.

## Tables

| table | rows | columns | what it tells |
|---|---|---|---|
{rows}
## One line each

pandas, with the types as they were made (`pip install 'prunelit[parquet]'`); an archive or its address does as well:

```python
import prunelit; papers = prunelit.load_release(".")["papers"]
```

pandas alone, of Parquet (with pyarrow) or of CSV:

```python
import pandas; papers = pandas.read_parquet("parquet/papers.parquet")
```

```python
import pandas; papers = pandas.read_csv("csv/papers.csv", dtype={{"arxiv": "string"}})
```

DuckDB:

```python
import duckdb; papers = duckdb.sql("SELECT * FROM 'parquet/papers.parquet'").df()
```

```python
import duckdb; papers = duckdb.connect("prunelit.duckdb", read_only=True).sql("SELECT * FROM papers").df()
```

SQLite:

```python
import contextlib, pandas, sqlite3
with contextlib.closing(sqlite3.connect("prunelit.sqlite")) as database:
    papers = pandas.read_sql("SELECT * FROM papers", database)
```

Polars:

```python
import polars; papers = polars.read_parquet("parquet/papers.parquet").to_pandas()
```

R:

```r
papers <- arrow::read_parquet("parquet/papers.parquet")
```

```r
papers <- read.csv("csv/papers.csv", na.strings = "", colClasses = c(arxiv = "character"))
```

## Text in CSV

CSV has no types; `datapackage.json` says them. An arXiv identifier is text: a reader that takes it for a number
drops its last zero.

Spreadsheets run a cell that begins with `=`, `+`, `-` or `@`. Such a text, and one that begins with an apostrophe, has
an apostrophe before it in the CSV files, and nowhere else; take one apostrophe from the beginning of every text that
has one, and the text is as it was.

An empty cell is unknown. Only in these columns it may be an empty text, as Parquet and the databases hold it; their
meanings say what for: {said}.

## Versions

Each file says the versions of data, record schema and code, but for `csv/*.csv`, `records/*.jsonl`, `records/*.json`
and `SHA256SUMS`, which have no place for them: the name of the folder says that of the data, this file and
`datapackage.json` say all three.

## Licence and citation

{licence}, see `LICENSE-DATA`; the survey's data and every other source are credited in `SOURCES.md`. Please cite:

> {identity.citation}
"""
