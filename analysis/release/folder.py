"""Folder of a release: every table in every format, the records, and what describes, credits and checks them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.dictionary import dictionary_markdown
from prunelit.analysis.release.archive import ARCHIVE_SUFFIX, write_archive
from prunelit.analysis.release.checksums import SUMS, ReleaseError, as_sums, folder_sums, read_sums
from prunelit.analysis.release.citing import citation_cff, zenodo_json
from prunelit.analysis.release.croissant import croissant
from prunelit.analysis.release.databases import write_duckdb, write_sqlite
from prunelit.analysis.release.datapackage import data_package
from prunelit.analysis.release.graph_files import as_graphml, as_node_link
from prunelit.analysis.release.identity import ReleaseIdentity
from prunelit.analysis.release.keys import key_faults
from prunelit.analysis.release.parquet import write_parquet
from prunelit.analysis.release.records import paper_lines, shared_file_texts, sweep_lines
from prunelit.analysis.release.release_readme import release_readme
from prunelit.analysis.release.released_table import ReleasedTable
from prunelit.analysis.release.sources import credited_sources, released_sources
from prunelit.analysis.spreadsheet import as_csv
from prunelit.schema.export import schemas, text
from prunelit.schema.problems import quoted


@dataclass(frozen=True, slots=True)
class RepositoryTexts:
    """What a release takes from the repository beside the corpus."""

    citation: str
    """``CITATION.cff`` of the code."""
    licence: str
    """``LICENSE-DATA``."""
    changes: str
    """The page of :mod:`prunelit.analysis.release.data_changes`."""


def write_release(
    folder: Path, tables: Sequence[ReleasedTable], data: Dataset, identity: ReleaseIdentity, texts: RepositoryTexts
) -> tuple[Path, Path]:
    """Write a release and its archive beside it.

    Args:
        folder: Where both go.
        tables: The tables, each after those that it refers to.
        data: The dataset that they are of, read from a folder.
        identity: The release.
        texts: What the repository says.

    Returns:
        The folder of the release, and its archive.

    Raises:
        ReleaseError: if a key does not name one row each.
    """
    if faults := [f"{table.name}: {fault}" for table in tables for fault in key_faults(table.name, table.frame)]:
        raise ReleaseError("\n".join(["the keys of a release must name its rows:", *faults]))
    top = folder / identity.name
    for name in ("parquet", "csv", "records", "schemas"):
        (top / name).mkdir(parents=True)
    for table in tables:
        write_parquet(table, top / "parquet" / f"{table.name}.parquet", identity)
        _write(top, {f"csv/{table.name}.csv": as_csv(table.frame)})
    write_sqlite(tables, top / "prunelit.sqlite", identity)
    write_duckdb(tables, top / "prunelit.duckdb", identity)
    _write(top, _texts(tables, data, identity, texts))
    _write(top, {"croissant.json": _json(croissant(tables, identity, folder_sums(top)))})
    _write(top, {SUMS: as_sums(folder_sums(top))})
    archive = folder / f"{identity.name}{ARCHIVE_SUFFIX}"
    write_archive(top, archive)
    return top, archive


def require_replaceable(top: Path) -> None:
    """Let a folder be replaced by a release only where all that it holds is as an earlier one wrote it.

    Args:
        top: Where the folder of a release is to be.

    Raises:
        ReleaseError: if anything in it is not; the message names it.
    """
    if foreign := _foreign(top):
        names = ", ".join([*map(quoted, foreign[:_TOLD]), *([f"{len(foreign) - _TOLD} more"] * (len(foreign) > _TOLD))])
        raise ReleaseError(
            f"{top} cannot be replaced: it holds what no release wrote, or not as it is now; move it away, or name "
            f"another folder by --output: {names}"
        )


_TOLD = 10
"""How many names a message holds."""


def _foreign(top: Path) -> list[str]:
    """What a folder holds that its list of sums does not list as it is, by paths there; "." where it is no folder."""
    try:
        stated = read_sums((top / SUMS).read_text(encoding="utf-8", errors="replace"))
    except (OSError, ReleaseError):
        stated = {}
    own = {name for name, _ in stated.items() & folder_sums(top).items()}
    held = (one for one in (top, *top.rglob("*")) if one.is_symlink() or (one.exists() and not one.is_dir()))
    names = sorted(one.relative_to(top).as_posix() for one in held)
    return [name for name in names if name not in own and not (own and name == SUMS)]


def _texts(
    tables: Sequence[ReleasedTable], data: Dataset, identity: ReleaseIdentity, texts: RepositoryTexts
) -> dict[str, str]:
    """The texts of a release by their paths in it."""
    root, corpus = data.reading.root, data.reading.corpus
    readme = (root / "README.md").read_text(encoding="utf-8")
    note = f"Of the release {identity.name}: {identity.versions}."
    return {
        "records/papers.jsonl": "".join(paper_lines(corpus)),
        "records/sweeps.jsonl": "".join(sweep_lines(root)),
        **{f"records/{name}.json": content for name, content in shared_file_texts(corpus).items()},
        **{f"schemas/{name}": text({"$comment": note, **schema}) for name, schema in schemas().items()},
        "comparison_graph.graphml": as_graphml(data.comparison_graph(), identity),
        "comparison_graph.json": as_node_link(data.comparison_graph(), identity),
        "datapackage.json": _json(data_package(tables, identity, credited_sources(readme))),
        "CITATION.cff": citation_cff(texts.citation, identity),
        ".zenodo.json": zenodo_json(texts.citation, identity),
        "CHANGELOG-DATA.md": texts.changes,
        "DATA_DICTIONARY.md": dictionary_markdown(_DICTIONARY.format(note=note, identity=identity)),
        "LICENSE-DATA": f"{texts.licence}\n{note} The file corpus/README.md is SOURCES.md here.\n",
        "SOURCES.md": released_sources(readme, identity),
        "README.md": release_readme(tables, identity),
    }


_DICTIONARY = """# Data dictionary

{note}

Every column of the tables of this release. Any cell may be missing unless its meaning says otherwise. In the
repository, `analysis/METRICS.md` defines the quantities and says what follows from what (commit {identity.commit}).
"""


def _write(top: Path, texts: Mapping[str, str]) -> None:
    for name, content in texts.items():
        (top / name).write_text(content, encoding="utf-8", newline="")


def _json(value: object) -> str:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n"
