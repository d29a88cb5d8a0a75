"""Is a release whole, the same each time, read back as it was, and refused once it was altered?"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import networkx as nx
import pandas as pd
import pytest
from typer import BadParameter

import prunelit
from prunelit.analysis.dictionary import TABLES
from prunelit.analysis.release import archive, parquet
from prunelit.analysis.release.archive import unpacked
from prunelit.analysis.release.checksums import SUMS, ReleaseError, read_sums
from prunelit.analysis.release.data_changes import BEFORE_ALL, CorpusState, changes_markdown, state_of
from prunelit.analysis.release.databases import VIEWS
from prunelit.analysis.release.folder import require_replaceable
from prunelit.analysis.release.identity import ReleaseIdentity, day_of, next_version
from prunelit.analysis.release.keys import PRIMARY_KEYS, foreign_keys
from prunelit.analysis.release.parquet import MissingPackageError, TableFileError, parquet_metadata, write_parquet
from prunelit.analysis.release.reading import load_release, verify_release
from prunelit.analysis.release.records import with_digits
from prunelit.analysis.release.released_table import ReleasedTable
from prunelit.analysis.release.sources import credited_sources
from prunelit.analysis.writing import write_all
from prunelit.cli.build_time import build_time
from prunelit.cli.release import _first_line, _identity
from prunelit.cli.revision import RevisionError, uncommitted, uncommitted_elsewhere
from prunelit.schema.problems import UnknownNameError
from release_corpus import FIRST, NAME, WITHOUT, commit, git, resealed

RELEASED = [*(name for name in TABLES if name != WITHOUT), "data_dictionary"]
COMMAND = (
    f"from prunelit.analysis.dictionary import TABLES; del TABLES['{WITHOUT}']; import prunelit.cli as cli; cli.main()"
)


def packed(release: Path) -> Path:
    return release.parent / f"{NAME}.tar.xz"


def of_corpus(release: Path, name: str) -> pd.DataFrame:
    """A table, computed of the corpus that the release was made of."""
    corpus = {} if name == "data_dictionary" else {"corpus": release.parents[1] / "corpus"}
    found: pd.DataFrame = getattr(prunelit, name)(**corpus)
    return found[found["table"] != WITHOUT].reset_index(drop=True) if name == "data_dictionary" else found


def listed(release: Path) -> dict[str, str]:
    return read_sums((release / SUMS).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RELEASED)
def test_a_table_is_read_back_as_it_was_made(release: Path, name: str) -> None:
    pd.testing.assert_frame_equal(load_release(release)[name], of_corpus(release, name), check_exact=True)


def test_a_release_holds_every_public_table_and_the_dictionary(release: Path) -> None:
    found = load_release(release)
    assert sorted(found) == sorted(RELEASED)
    assert len(found) == len(RELEASED)


@pytest.mark.parametrize("name", RELEASED)
def test_every_table_is_there_as_csv_and_parquet(release: Path, name: str) -> None:
    assert (release / "csv" / f"{name}.csv").is_file()
    assert (release / "parquet" / f"{name}.parquet").is_file()


def test_the_archive_and_its_address_hold_the_same_tables(release: Path) -> None:
    expected = load_release(release)["results"]
    for place in (packed(release), str(packed(release)), packed(release).as_uri()):
        pd.testing.assert_frame_equal(load_release(place)["results"], expected)


def test_the_identity_says_all_three_versions(release: Path) -> None:
    identity = load_release(release).identity
    versions = (identity.data_version, identity.schema_version, identity.code_version, identity.date)
    assert versions == ("2026.11.0", "2", prunelit.__version__, "2026-11-27")


def test_sums_are_those_of_all_other_files(release: Path) -> None:
    files = {one.relative_to(release).as_posix(): one for one in release.rglob("*") if one.is_file()}
    expected = {name: sha256(one.read_bytes()).hexdigest() for name, one in files.items() if name != SUMS}
    assert listed(release) == expected


def test_the_archive_holds_the_folder(release: Path) -> None:
    with packed(release).open("rb") as file:
        found = {name: sha256(b"".join(parts)).hexdigest() for name, parts in unpacked(file)}
    assert found == {**listed(release), SUMS: sha256((release / SUMS).read_bytes()).hexdigest()}


def test_a_release_is_the_same_bytes_in_another_process_and_folder(release: Path, tmp_path: Path) -> None:
    elsewhere = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LANG": "C", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "release", "--output", str(tmp_path / "again")],
        cwd=release.parents[1], env=os.environ | elsewhere, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    again = tmp_path / "again" / NAME
    assert listed(again) == listed(release)
    assert packed(again).read_bytes() == packed(release).read_bytes()


def test_each_file_says_all_three_versions_or_the_readme_says_that_it_cannot(release: Path) -> None:
    silent = re.compile(r"csv/.*\.csv|records/.*\.jsonl?|SHA256SUMS|.*\.(parquet|duckdb|sqlite|graphml)|.*_graph\.json")
    files = {one.relative_to(release).as_posix(): one for one in release.rglob("*") if one.is_file()}
    for name in (name for name in files if not silent.fullmatch(name)):
        words = " ".join(files[name].read_text(encoding="utf-8").split()).replace("> ", "")
        assert all(word in words for word in ("2026.11.0", "record schema 2", f"code {prunelit.__version__}")), name
    readme = " ".join(files["README.md"].read_text(encoding="utf-8").split())
    assert "but for `csv/*.csv`, `records/*.jsonl`, `records/*.json` and `SHA256SUMS`, which have no place" in readme


def test_what_describes_a_release_has_no_markup_of_docstrings(release: Path) -> None:
    for name in ("README.md", "datapackage.json", "croissant.json"):
        assert not re.search(":[a-z]+:`|(?<!`)``[a-z]", (release / name).read_text(encoding="utf-8"))
    assert _first_line(prunelit.scratch_vs_finetuning_pooled).startswith(
        "The differences of scratch_vs_finetuning pool"
    )


def test_pages_of_a_release_name_files_that_it_has(release: Path) -> None:
    for name in ("SOURCES.md", "DATA_DICTIONARY.md", "README.md"):
        text = (release / name).read_text(encoding="utf-8")
        assert "../" not in text
        assert all((release / target).exists() for target in re.findall(r"\]\(([^):]+)\)", text)), name
    assert "`schemas`, and licensed CC BY 4.0\n(`LICENSE-DATA`)" in (release / "SOURCES.md").read_text(encoding="utf-8")


def test_the_readme_names_the_columns_of_empty_texts(release: Path) -> None:
    found = {
        f"`{name}.{column}`"
        for name, frame in load_release(release).items()
        for column in frame.select_dtypes("string")
        if frame[column].eq("").any()
    }
    readme = (release / "README.md").read_text(encoding="utf-8")
    assert {*re.search("meanings say what for: (.*)[.]\n", readme)[1].split(", ")} == found  # type: ignore[index]
    assert "`data_dictionary.unit`" in found


def test_parquet_says_what_its_columns_mean(release: Path) -> None:
    told = parquet_metadata(release / "parquet" / "results.parquet")
    (column,) = [one for one in json.loads(told["columns"]) if one["name"] == "top1_change"]
    assert (told["data_version"], told["schema_version"], told["licence"]) == ("2026.11.0", "2", "CC-BY-4.0")
    assert "2026.11.0" in told["citation"]
    assert (column["unit"], column["dtype"], column["source"]) == ("pp", "float64", "Point.top1_change")
    assert column["meaning"].endswith("in percentage points.")


def test_parquet_is_compressed_by_zstd(release: Path) -> None:
    file = str(release / "parquet" / "papers.parquet")
    assert set(duckdb.execute("SELECT compression FROM parquet_metadata(?)", [file]).fetchall()) == {("ZSTD",)}


def test_a_spreadsheet_runs_nothing_and_the_text_comes_back(release: Path) -> None:
    papers = pd.read_csv(release / "csv" / "papers.csv")
    methods = pd.read_csv(release / "csv" / "methods.csv")
    assert papers["title"][0] == "'=1+1 weights, pruned"
    assert methods["method"][0] == "''quoted"
    assert papers["title"].str.removeprefix("'")[0] == load_release(release)["papers"]["title"][0]


@pytest.fixture
def sqlite(release: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{release / 'prunelit.sqlite'}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.fixture
def duck(release: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(release / "prunelit.duckdb"), read_only=True) as connection:
        yield connection


def test_sqlite_finds_nothing_wrong(sqlite: sqlite3.Connection) -> None:
    assert sqlite.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sqlite.execute("PRAGMA foreign_key_check").fetchall() == []


def test_sqlite_holds_the_tables_views_and_the_identity(sqlite: sqlite3.Connection) -> None:
    found = {name for (name,) in sqlite.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}
    assert found == {*RELEASED, "release", *(view.name for view in VIEWS)}


@pytest.mark.parametrize("name", ["papers", "results", "normalized", "baselines"])
def test_sqlite_holds_the_rows(sqlite: sqlite3.Connection, release: Path, name: str) -> None:
    expected = of_corpus(release, name).astype(object)
    found = pd.read_sql(f"SELECT * FROM {name}", sqlite).astype(object)
    assert found.where(found.notna(), None).values.tolist() == expected.where(expected.notna(), None).values.tolist()


@pytest.mark.parametrize("name", RELEASED)
def test_sqlite_has_the_keys(sqlite: sqlite3.Connection, name: str) -> None:
    info = sqlite.execute(f"PRAGMA table_info('{name}')").fetchall()
    key = [column for _, column, *_, place in sorted(info, key=lambda one: one[-1]) if place]
    refers = {target for _, _, target, *_ in sqlite.execute(f"PRAGMA foreign_key_list('{name}')")}
    assert key == list(PRIMARY_KEYS.get(name, ()))
    assert refers == {one.table for one in foreign_keys(name, [column for _, column, *_ in info])}


def test_sqlite_keeps_the_comments(sqlite: sqlite3.Connection) -> None:
    (sql,) = sqlite.execute("SELECT sql FROM sqlite_schema WHERE name = 'results'").fetchone()
    assert "[pp]" in next(line for line in sql.splitlines() if line.strip().startswith('"top1_change"'))
    assert "-- One row" in sql or "( -- What the papers report" in sql


def test_sqlite_refuses_what_a_column_cannot_hold(altered: Path) -> None:
    with contextlib.closing(sqlite3.connect(altered / "prunelit.sqlite")) as connection:
        for statement in ("UPDATE papers SET year = 'x'", "UPDATE papers SET peer_reviewed = 2"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_sqlite_does_not_say_which_library_wrote_it(release: Path) -> None:
    assert int.from_bytes((release / "prunelit.sqlite").read_bytes()[96:100], "big") == 3_000_000


@pytest.mark.parametrize("name", RELEASED)
def test_duckdb_holds_the_rows(duck: duckdb.DuckDBPyConnection, release: Path, name: str) -> None:
    expected = of_corpus(release, name)
    found = duck.sql(f'SELECT * FROM "{name}"').df()
    pd.testing.assert_frame_equal(found.astype(expected.dtypes.to_dict()), expected)


def test_duckdb_has_comments_keys_and_views(duck: duckdb.DuckDBPyConnection) -> None:
    ((comment,),) = duck.execute(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'results' AND column_name = 'top1_change'"
    ).fetchall()
    kinds = duck.sql("SELECT constraint_type FROM duckdb_constraints() WHERE table_name = 'normalized'").fetchall()
    views = dict(duck.sql("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall())
    assert comment.endswith("[pp]")
    assert {("PRIMARY KEY",), ("FOREIGN KEY",)} <= set(kinds)
    assert views == {view.name: view.meaning for view in VIEWS}


def test_views_tell_what_the_tables_say(duck: duckdb.DuckDBPyConnection, sqlite: sqlite3.Connection) -> None:
    for ask in (duck.execute, sqlite.execute):
        assert ask("SELECT * FROM times_compared_to").fetchall() == [("first2015paper", 1)]
        assert ask("SELECT * FROM papers_per_configuration").fetchall() == [("ImageNet", "VGG-16", 2)]
        assert ask("SELECT DISTINCT title, year FROM results_with_papers ORDER BY year").fetchall() == [
            ("=1+1 weights, pruned", 2015),
            ("Weights, pruned again", 2016),
        ]


def test_records_keep_their_digits(release: Path) -> None:
    first, _ = (release / "records" / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    assert '"base_top1": 71.50' in first
    assert '{"top1": 70.10, "compression_ratio": 4.0}' in first
    assert json.loads(first)["identifiers"] == {"arxiv": "1503.01230"}


def test_records_fit_the_schema_that_is_released(release: Path) -> None:
    schema = json.loads((release / "schemas" / "record.schema.json").read_text(encoding="utf-8"))
    lines = (release / "records" / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    assert [list(jsonschema.Draft202012Validator(schema).iter_errors(json.loads(line))) for line in lines] == [[], []]


def test_points_of_sweeps_keep_their_digits(release: Path) -> None:
    lines = (release / "records" / "sweeps.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[1]) == {
        "points_file": "second2016paper-vgg-16.csv", "top1": "70.80", "params_kept": "0.250", "setting:seed": "1",
    }  # fmt: skip


def test_both_graphs_are_the_comparison_graph(release: Path) -> None:
    linked = json.loads((release / "comparison_graph.json").read_text(encoding="utf-8"))
    graphs = (nx.read_graphml(release / "comparison_graph.graphml"), nx.node_link_graph(linked, edges="edges"))
    for graph in graphs:
        assert list(graph.edges(data="kind")) == [("second2016paper", "first2015paper", "comparison")]
        assert graph.nodes["first2015paper"] == {
            "title": "=1+1 weights, pruned", "year": 2015,
        }  # fmt: skip
        assert graph.graph["data_version"] == "2026.11.0"


@pytest.mark.parametrize(
    "name", ["parquet/papers.parquet", "csv/results.csv", "prunelit.duckdb", "records/papers.jsonl"]
)
def test_altered_bytes_are_refused(altered: Path, name: str) -> None:
    data = bytearray((altered / name).read_bytes())
    data[len(data) // 2] ^= 1
    (altered / name).write_bytes(data)
    with pytest.raises(ReleaseError, match=rf"not as it was made:\n{name}: its bytes have changed$"):
        verify_release(altered)


def test_loading_refuses_an_altered_table(altered: Path) -> None:
    with (altered / "parquet" / "papers.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ReleaseError, match=r"parquet/papers\.parquet: its bytes have changed"):
        load_release(altered)


def test_missing_and_unlisted_files_are_refused_together(altered: Path) -> None:
    (altered / "README.md").unlink()
    (altered / "more.txt").write_text("x")
    with pytest.raises(ReleaseError) as refused:
        verify_release(altered)
    assert str(refused.value).splitlines()[1:] == [
        "README.md: it is missing",
        f"more.txt: {SUMS} does not list it",
    ]


def rewrite(release: Path, name: str, select: str) -> None:
    """Write the Parquet file of a table anew, with its metadata and sums that fit."""
    file = release / "parquet" / f"{name}.parquet"
    told = parquet_metadata(file)
    metadata = ", ".join(f'"{key}": {parquet.literal(text)}' for key, text in told.items())
    new = file.with_suffix(".new")
    with parquet.database() as engine:
        engine.execute(
            f"COPY ({select} FROM read_parquet('{file}')) TO '{new}' (FORMAT parquet, KV_METADATA {{{metadata}}})"
        )
    new.replace(file)
    resealed(release)


def test_altered_types_are_refused_though_the_sums_fit(altered: Path) -> None:
    rewrite(altered, "papers", "SELECT * REPLACE (CAST(year AS VARCHAR) AS year)")
    with pytest.raises(TableFileError, match="columns or their types"):
        load_release(altered)["papers"]
    with pytest.raises(ReleaseError, match=r"papers\.parquet: its columns or their types"):
        verify_release(altered)


def test_keys_that_name_two_rows_are_refused(altered: Path) -> None:
    rewrite(altered, "papers", "SELECT * REPLACE ('first2015paper' AS paper_id)")
    with pytest.raises(ReleaseError, match=r"papers\.parquet: two rows have the same key: paper_id"):
        verify_release(altered)


def test_missing_keys_are_refused(altered: Path) -> None:
    rewrite(altered, "papers", "SELECT * REPLACE (NULLIF(paper_id, 'first2015paper') AS paper_id)")
    with pytest.raises(ReleaseError, match=r"papers\.parquet: its key is missing in a row: paper_id"):
        verify_release(altered)


def test_keys_of_no_row_are_refused(altered: Path) -> None:
    rewrite(altered, "comparisons", "SELECT * REPLACE ('third2017paper' AS compared_id)")
    with pytest.raises(ReleaseError, match="comparisons: compared_id names rows that papers does not have"):
        verify_release(altered)


def test_a_table_of_another_release_is_refused(altered: Path) -> None:
    other = ReleaseIdentity("2026.10.0", "2", "0", "0", "2026-10-01")
    frame = load_release(altered)["comparisons"]
    table = ReleasedTable("comparisons", frame, TABLES["comparisons"], "")
    write_parquet(table, altered / "parquet" / "comparisons.parquet", other)
    resealed(altered)
    with pytest.raises(ReleaseError, match=f"this is not the table 'comparisons' of {NAME}"):
        verify_release(altered)


def test_parquet_that_says_nothing_of_its_columns_is_refused(altered: Path) -> None:
    file = altered / "parquet" / "papers.parquet"
    with parquet.database() as engine:
        engine.execute(f"COPY (SELECT 1 AS paper_id) TO '{file}' (FORMAT parquet)")
    resealed(altered)
    with pytest.raises(ReleaseError, match="do not say of which release they are"):
        load_release(altered)


def test_a_folder_without_sums_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is no release: it has no SHA256SUMS; expected the folder"):
        load_release(tmp_path)


def test_an_unknown_table_is_told_with_the_nearest(release: Path) -> None:
    with pytest.raises(UnknownNameError, match="papers"):
        load_release(release)["paper"]


def archived(*entries: tuple[tarfile.TarInfo, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:xz") as opened:
        for entry, data in entries:
            entry.size = len(data)
            opened.addfile(entry, io.BytesIO(data))
    file.seek(0)
    return file


def linked(name: str, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "/etc/passwd"
    return entry


@pytest.mark.parametrize(
    "entry",
    [
        tarfile.TarInfo("../x"),
        tarfile.TarInfo("/a/x"),
        tarfile.TarInfo("a/../../x"),
        tarfile.TarInfo("x"),
        tarfile.TarInfo("a\\..\\x"),
        linked("a/x", tarfile.SYMTYPE),
        linked("a/x", tarfile.LNKTYPE),
        linked("a/x", tarfile.FIFOTYPE),
    ],
    ids=lambda entry: f"{entry.name} {entry.type.decode()}",
)
def test_an_archive_that_reaches_out_of_its_folder_is_refused(entry: tarfile.TarInfo) -> None:
    with pytest.raises(ReleaseError, match="no plain file in its folder"):
        list(unpacked(archived((entry, b""))))


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 10)
    with pytest.raises(ReleaseError, match="over 10,000 files or 10 bytes"):
        list(unpacked(archived((tarfile.TarInfo("a/x"), b"x" * 11))))


def test_an_archive_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILES", 1)
    with pytest.raises(ReleaseError, match="over 1 files"):
        list(unpacked(archived((tarfile.TarInfo("a/x"), b""), (tarfile.TarInfo("a/y"), b""))))


@pytest.mark.parametrize("data", [b"", b"no archive", b"\xfd7zXZ\x00broken"])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.tar.xz").write_bytes(data)
    with pytest.raises(ReleaseError, match=r"no archive of a release; expected a file that ends in \.tar\.xz"):
        load_release(tmp_path / "x.tar.xz")


@pytest.mark.parametrize("address", ["ftp://example.org/x.tar.xz", "data://x"])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(ReleaseError, match="expected one with https, http, file"):
        load_release(address)


def test_an_address_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="cannot be read"):
        load_release((tmp_path / "x.tar.xz").as_uri())


def test_without_duckdb_the_message_says_what_to_install(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'prunelit\[parquet\]'"):
        load_release(release)


def test_the_command_tells_a_whole_release(release: Path, run: Callable[..., Any]) -> None:
    status, out, _ = run("release", "--verify", packed(release))
    assert (status, out.startswith(f"{NAME} is as it was made: data 2026.11.0, record schema 2")) == (0, True)


def test_the_command_tells_an_altered_release(altered: Path, run: Callable[..., Any]) -> None:
    (altered / "README.md").write_text("x")
    status, out, err = run("release", "--verify", altered)
    assert (status, out) == (2, "")
    assert "README.md: its bytes have changed" in err


def test_a_release_takes_the_place_of_one_made_before_as_a_whole(tmp_path: Path) -> None:
    for name, files in (("out", ["a", "b/old"]), ("new", ["a"])):
        for file in files:
            (tmp_path / name / NAME / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / NAME / file).write_text(name)
    resealed(tmp_path / "out" / NAME)
    require_replaceable(tmp_path / "out" / NAME)
    write_all(tmp_path / "out", lambda folder: [(tmp_path / "new" / NAME).rename(folder / NAME)])
    left = [one for one in (tmp_path / "out").rglob("*") if one.is_file()]
    assert [(one.name, one.read_text()) for one in left] == [("a", "new")]


def test_what_no_release_wrote_is_never_replaced(altered: Path) -> None:
    require_replaceable(altered)
    require_replaceable(altered / "none")
    (altered / "csv" / "old.csv").write_text("x")
    (altered / "README.md").write_text("mine")
    with pytest.raises(ReleaseError, match=r"--output: 'README\.md', 'csv/old\.csv'$"):
        require_replaceable(altered)
    (altered / SUMS).unlink()
    with pytest.raises(ReleaseError, match=r"'README\.md', '[^ ]*', .*, 88 more$"):
        require_replaceable(altered)
    with pytest.raises(ReleaseError, match=r"--output: '\.'$"):
        require_replaceable(altered / "README.md")


def test_the_command_refuses_before_it_makes_anything(
    top: Path, altered: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]
) -> None:
    monkeypatch.chdir(top)
    monkeypatch.setattr("prunelit.cli.release._write", None)
    (altered / "csv" / "old.csv").write_text("x")
    (altered.parent / "file").write_text("x")
    status, _, err = run("release", "--output", altered.parent)
    assert (status, "old.csv" in err, (altered / "csv" / "old.csv").read_text()) == (2, True, "x")
    status, _, err = run("release", "--output", altered.parent / "file" / "below")
    assert (status, "this is no folder, and none can be made there" in err) == (2, True)


def test_outside_of_a_repository_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    status, _, err = run("release", "--output", "out")
    assert (status, "not a git repository" in err, list(tmp_path.iterdir())) == (2, True, [])


def test_a_version_is_the_month_and_how_many_it_had() -> None:
    assert next_version("2026-11-27", []) == "2026.11.0"
    assert next_version("2026-11-27", ["2026.11.0", "2026.11.9", "2026.11.10", "2026.1.30"]) == "2026.11.11"
    assert next_version("2027-01-02", ["2026.11.0"]) == "2027.1.0"


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """A repository with two releases, and a commit after them."""
    git(tmp_path, "init", "--quiet")
    for text, tags in (("1", ["data-2026.10.0"]), ("2", ["data-2026.11.0", "v9.9.9"]), ("3", [])):
        (tmp_path / "file").write_text(text)
        commit(tmp_path, *tags)
    return tmp_path


def test_the_last_commit_is_the_next_release(tagged: Path) -> None:
    identity, since = _identity(tagged)
    assert (identity.data_version, identity.date, since) == ("2026.11.1", "2026-11-27", "2026.11.0")
    assert len(identity.commit) == 40


def test_a_tagged_commit_is_the_release_of_its_tag(tagged: Path) -> None:
    git(tagged, "tag", "data-2026.12.0")
    identity, since = _identity(tagged)
    assert (identity.data_version, since) == ("2026.12.0", "2026.11.0")


@pytest.mark.parametrize(
    ("tag", "of", "told"),
    [
        ("data-foo", "HEAD", "the tag 'data-foo': 'foo' is no version of a release; expected year.month.number"),
        ("data-", "HEAD", "the tag 'data-': '' is no version"),
        ("data-a/b", "HEAD", "the tag 'data-a/b': 'a/b' is no version"),
        ("data-2026.13.0", "HEAD", "'2026.13.0' is no version"),
        ("data-2026.11.01", "HEAD", "'2026.11.01' is no version"),
        ("data-2026.11.0-rc1", "HEAD~1", "'2026.11.0-rc1' is no version"),
        ("data-2026.11.x", "HEAD~2", "'2026.11.x' is no version"),
        ("data-2026.10.7", "HEAD", "'data-2026.10.7' is of a month before its commit, which is of 2026-11-27"),
        ("data-2026.12.0", "HEAD~1", "'data-2026.11.7' is below an earlier one, 'data-2026.12.0'"),
    ],
)
def test_a_tag_that_names_no_release_is_told(tagged: Path, tag: str, of: str, told: str) -> None:
    git(tagged, "tag", "data-2026.11.7", "HEAD")
    git(tagged, "tag", tag, of)
    with pytest.raises(RevisionError, match=re.escape(told)) as refused:
        _identity(tagged)
    assert str(refused.value).endswith("; 'git tag --delete TAG' takes a tag away")


def test_a_shallow_clone_does_not_guess(tagged: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "--quiet", "--depth", "1", tagged.as_uri(), ".")
    with pytest.raises(RevisionError, match=r"this clone is shallow.*'git fetch --unshallow --tags' brings them"):
        _identity(clone)
    git(clone, "fetch", "--quiet", "--unshallow", "--tags")
    assert _identity(clone) == _identity(tagged)


def test_changes_of_code_that_are_not_committed_are_told(tagged: Path) -> None:
    (tagged / "new").write_text("no file of the repository")
    (tagged / "corpus").mkdir()
    (tagged / "corpus" / "new").write_text("of the corpus")
    assert (uncommitted(tagged), uncommitted_elsewhere(tagged)) == (True, False)
    (tagged / "file").write_text("4")
    assert uncommitted_elsewhere(tagged)


def test_tags_are_in_the_order_of_their_numbers(tagged: Path) -> None:
    for number in (2, 10, 9):
        git(tagged, "tag", f"data-2026.11.{number}", "HEAD~1")
    assert _identity(tagged)[0].data_version == "2026.11.11"


def test_the_day_can_be_set_from_outside(tagged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert (_identity(tagged)[0].data_version, _identity(tagged)[0].date) == ("1970.1.0", "1970-01-01")


@pytest.mark.parametrize("said", ["today", "-1", "1.5", "253402300800", "9" * 30])
def test_a_day_from_outside_is_a_time(said: str, tagged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", said)
    with pytest.raises(BadParameter, match="is no time in seconds"):
        _identity(tagged)


def test_a_day_that_is_none_is_told_before_a_command_imports_what_takes_it(
    monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    status, _, err = run("schema")
    assert (status, "SOURCE_DATE_EPOCH: 'abc' is no time in seconds since 1970; unset it" in err) == (2, True)


def test_an_empty_day_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert build_time() is None
    assert "SOURCE_DATE_EPOCH" not in os.environ


@pytest.mark.parametrize(("seconds", "day"), [(0, "1970-01-01"), (86_399, "1970-01-01"), (86_400, "1970-01-02")])
def test_a_day_is_that_in_utc(seconds: int, day: str) -> None:
    assert day_of(seconds) == day


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("76.0"), "76.0"),
        (Decimal("0.00000010"), "0.00000010"),
        ({"a": [1, True, "é\n"]}, '{"a": [1, true, "é\\n"]}'),
    ],
)
def test_json_has_the_digits(value: object, text: str) -> None:
    assert with_digits(value) == text


def test_sources_of_the_shipped_readme_have_licences() -> None:
    found = credited_sources((Path(prunelit.dataset().reading.root) / "README.md").read_text(encoding="utf-8"))
    assert len(found) > 80
    assert all(one["title"] and one["licence"] for one in found)
    assert {"title": "apple/coremltools", "path": "https://github.com/apple/coremltools"}.items() <= next(
        one for one in found if one["title"] == "apple/coremltools"
    ).items()


def test_changes_are_told_in_counts_and_by_name(top: Path, tmp_path: Path) -> None:
    new = tmp_path / "corpus"
    shutil.copytree(top / "corpus", new)
    (new / "papers" / "first2015paper.yaml").unlink()
    text = FIRST.replace("id: first2015paper", "id: renamed2015paper\nformer_ids: [first2015paper]")
    text = text.replace("top1: 71.0\n", "top1: 71.2\n")
    (new / "papers" / "renamed2015paper.yaml").write_text(text)
    (new / "papers" / "third2017paper.yaml").write_text("id: third2017paper\ntitle: A third\n")
    with (new / "sweeps" / "second2016paper-vgg-16.csv").open("a") as file:
        file.write("70.1,0.1,2\n")
    (new / "corrections.yaml").write_text(
        "corrections:\n  - {paper: second2016paper, field: title, expect: a, correct: b}\n"
    )
    identity = ReleaseIdentity("2026.12.0", "2", "0.1.0", "abc", "2026-12-01")
    page = changes_markdown(state_of(top / "corpus"), state_of(new), identity, "2026.11.0")
    assert "## Since 2026.11.0" in page
    assert "- papers: 1 added, 0 removed, 1 renamed; 3 now\n" in page
    assert "- operating points: 1 added, 1 changed, 0 removed; 5 now\n" in page
    assert "- corrections: 1 added, 0 withdrawn; 1 now\n" in page
    for row in (
        "| third2017paper | A third |", "| first2015paper | renamed2015paper |", "| renamed2015paper | 0 | 1 | 0 |",
        "| second2016paper | 1 | 0 | 0 |", "| second2016paper | title | a | b |",
    ):  # fmt: skip
        assert row in page


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("base_top1: 71.50", "base_top1: 71.5", "| first2015paper | experiments |"),
        ("origin: own", "origin: rerun", "| first2015paper | experiments |"),
        ("title: ", "venue: ICLR\ntitle: ", "| first2015paper | venue |"),
        ("weights, pruned", "weights, cut", "| first2015paper | title |"),
    ],
)
def test_a_change_beside_points_is_not_told_as_none(top: Path, tmp_path: Path, old: str, new: str, told: str) -> None:
    page = page_of_change(top, tmp_path, "papers/first2015paper.yaml", old, new)
    assert "- operating points: 0 added, 0 changed, 0 removed; 4 now\n" in page
    assert "- records: 1 changed beside their operating points\n" in page
    assert told in page


def test_points_of_another_network_are_changed(top: Path, tmp_path: Path) -> None:
    page = page_of_change(top, tmp_path, "papers/first2015paper.yaml", "dataset: ImageNet", "dataset: CIFAR-100")
    assert "- operating points: 0 added, 2 changed, 0 removed; 4 now\n" in page
    assert "| first2015paper | experiments |" in page


def test_changes_of_shared_files_are_told_and_the_order_of_keys_is_none(top: Path, tmp_path: Path) -> None:
    page = page_of_change(top, tmp_path, "exclusions.yaml", "[]", "[{paper: first2015paper}]")
    assert "- shared files: 1 added, changed or removed;" in page
    assert "| exclusions.yaml |" in page
    page = page_of_change(
        top, tmp_path / "b", "papers/first2015paper.yaml", "dataset: ImageNet\n    architecture: VGG-16",
        "architecture: VGG-16\n    dataset: ImageNet",
    )  # fmt: skip
    assert "- records: 0 changed" in page


def page_of_change(top: Path, tmp_path: Path, file: str, old: str, new: str) -> str:
    """The page of a release that differs from the one before in one text of one file."""
    changed = Path(shutil.copytree(top / "corpus", tmp_path / "corpus"))
    text = (changed / file).read_text(encoding="utf-8")
    assert old in text
    (changed / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    identity = ReleaseIdentity("2026.12.0", "2", "0.1.0", "abc", "2026-12-01")
    return changes_markdown(state_of(top / "corpus"), state_of(changed), identity, "2026.11.0")


def test_removed_papers_and_withdrawn_corrections_are_told(top: Path) -> None:
    before = CorpusState(state_of(top / "corpus").records, Counter({("first2015paper", "title", "a", "b"): 1}))
    identity = ReleaseIdentity("2026.12.0", "2", "0.1.0", "abc", "2026-12-01")
    page = changes_markdown(before, BEFORE_ALL, identity, "2026.11.0")
    assert "- papers: 0 added, 2 removed, 0 renamed; 0 now\n" in page
    assert "- corrections: 0 added, 1 withdrawn; 0 now\n" in page
    assert "| second2016paper | Weights, pruned again |" in page


def test_the_first_release_tells_every_paper(release: Path) -> None:
    page = (release / "CHANGELOG-DATA.md").read_text(encoding="utf-8")
    assert "## The first release" in page
    assert "- papers: 2 added, 0 removed, 0 renamed; 2 now\n" in page
    assert "- operating points: 4 added, 0 changed, 0 removed; 4 now\n" in page
