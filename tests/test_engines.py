"""Do all engines give the same normalized table, row by row, as pandas does?"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars
import pytest
from distributed import Client
from pandas.testing import assert_frame_equal

import prunelit
from prunelit.analysis import engines
from prunelit.analysis.engines import (
    NEEDS,
    known_engine,
    normalized_of,
    normalized_release,
    normalized_rows,
    ordered_points,
    write_normalized,
)
from prunelit.analysis.frames.baselines import baselines_table
from prunelit.analysis.frames.columns import typed
from prunelit.analysis.frames.completed import complete, operating_points
from prunelit.analysis.frames.flop_convention import with_convention
from prunelit.analysis.frames.normalized import NORMALIZED, normalize
from prunelit.analysis.frames.reported import RESULTS
from prunelit.analysis.release.checksums import SUMS, ReleaseError, as_sums, folder_sums
from prunelit.analysis.release.parquet import MissingPackageError, TableFileError
from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import ArgumentError, UnknownNameError

KEY = ["paper_id", "experiment", "curve", "point"]
NUMBERS = [column.name for column in RESULTS if column.unit]
BOUNDS = ["top1: at_least; top5_change: at_most", "params_kept: at_most; flops: at_least", "base_params: about"]
RESULTS_FILE = Path("parquet", "results.parquet")
LAZY = sorted(set(NEEDS) - {"pandas"})
# Dask calls pandas in ways that will be no more.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")


@pytest.fixture(scope="module")
def tables(survey: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The results of the survey, and the reference models."""
    return prunelit.results(survey), prunelit.reference_models(survey)


@pytest.fixture(scope="module")
def release(tables: tuple[pd.DataFrame, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables of a release that the engines read."""
    folder = tmp_path_factory.mktemp("release")
    written(folder, *tables)
    return folder


def written(folder: Path, results: pd.DataFrame, models: pd.DataFrame, rows: int = 500) -> None:
    (folder / "parquet").mkdir()
    for name, table in (("results", results), ("reference_models", models)):
        polars.from_pandas(table).write_parquet(folder / "parquet" / f"{name}.parquet", row_group_size=rows)


def by_pandas(results: pd.DataFrame, models: pd.DataFrame, reference: Any = "all") -> pd.DataFrame:
    """The normalized table, step by step as a dataset makes it."""
    rows = with_convention(complete(results), models)
    table = normalize(operating_points(rows), baselines_table(rows, models, reference))
    return typed(table.sort_values(KEY, ignore_index=True), NORMALIZED)


def invented(count: int) -> pd.DataFrame:
    """Results that report anything in any combination, scopes, bounds, copies, sweeps and retracted papers included."""
    dice = np.random.default_rng(2020)

    def drawn(*texts: str | None) -> object:
        return dice.choice(np.array(texts, dtype=object), count)

    rows: dict[str, Any] = {
        "paper_id": [f"paper{at // 40}" for at in range(count)],
        "experiment": [at // 8 % 5 for at in range(count)],
        "curve": 0,
        "point": [at % 8 if at % 8 < 7 else None for at in range(count)],
        "dataset": drawn("ImageNet", "ImageNet", "CIFAR-10", None),
        "architecture": drawn("VGG-16", "ResNet-50", "ResNet-56", None),
        "collections": drawn("blalock2020", "living; blalock2020", "living"),
        "origin": drawn("own", "copied", "rerun", None),
        "sweep": dice.random(count) < 0.1,
        "status": drawn(*[None] * 9, "retracted"),
        "flop_convention": drawn(*[None] * 8, "multiply_adds", "multiplies_and_adds"),
        "bounds": drawn(None, *BOUNDS),
    }
    for scope in ("params_scope", "sparsity_scope", "flops_scope", "base_params_scope", "base_flops_scope"):
        rows[scope] = drawn(*[None] * 7, "all", "all", "convolutions")
    for name in NUMBERS:
        rows[name] = np.where(dice.random(count) < 0.4, dice.integers(1, 90, count) / 8, np.nan)
    rows["base_flops"] = np.where(dice.random(count) < 0.5, dice.choice([4e9, 8.2e9, 15e9, 31e9, 50e9], count), np.nan)
    rows["seeds"] = rows["base_seeds"] = None
    return typed(pd.DataFrame(rows), RESULTS)


@pytest.fixture(scope="module")
def anything() -> pd.DataFrame:
    return invented(3000)


@pytest.mark.parametrize("reference", ["all", "unpruned"])
@pytest.mark.parametrize("engine", LAZY)
def test_engine_gives_the_table_of_any_results(
    engine: str, reference: Any, anything: pd.DataFrame, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    expected = by_pandas(anything, tables[1], reference)
    assert_frame_equal(normalized_of(anything, tables[1], reference, engine), expected, check_exact=True)


def test_parts_without_any_number_of_a_kind_give_the_same(
    anything: pd.DataFrame, tables: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path
) -> None:
    results = anything.copy()
    for part, kind in enumerate(("top1", "flops|speedup", "params|compression", "")):  # each of 500 rows
        results.loc[500 * part : 500 * part + 499, [name for name in NUMBERS if re.search(kind, name)]] = np.nan
    results.loc[results["flops"].isna() & results["base_flops"].isna(), "flop_convention"] = None
    written(tmp_path, results, tables[1])
    found = ordered_points(normalized_release(tmp_path, "all", "dask"))
    assert_frame_equal(found, by_pandas(results, tables[1]), check_exact=True)


def test_parts_of_the_whole_corpus_give_its_table(whole: Corpus, tmp_path: Path) -> None:
    written(tmp_path, prunelit.results(whole), prunelit.reference_models(whole), rows=4000)
    found = ordered_points(normalized_release(tmp_path, "all", "dask"))
    assert_frame_equal(found, prunelit.normalized(whole), check_exact=True)


def test_a_part_whose_only_bound_is_of_another_quantity_is_completed() -> None:
    rows = typed([{"base_top1": 70.0, "base_flops": 1e9, "base_flops_scope": "convolutions"}], RESULTS)
    found = complete(rows, ("base_top1", "base_flops"))
    assert found[["base_top1", "base_flops"]].astype(object).where(found.notna(), None).to_numpy().tolist() == [
        [70.0, None]
    ]


def test_any_results_try_every_rule(anything: pd.DataFrame, tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = by_pandas(anything, tables[1])
    rules = [name for name in found.columns if name.endswith("_rule")]
    assert {name: found[name].nunique() for name in rules if found[name].nunique() < 3} == {}
    conventions = set(found["flop_convention_rule"].dropna())
    assert conventions == {"stated by the paper", "inferred from the architecture", "undecidable"} | (
        conventions & {"inferred from the paper's other results"}
    )


@pytest.mark.parametrize("engine", NEEDS)
def test_release_gives_the_table_of_its_corpus(engine: str, release: Path, survey: Corpus) -> None:
    found = ordered_points(normalized_release(release, "all", engine))
    assert_frame_equal(found, prunelit.normalized(survey), check_exact=True)


@pytest.mark.parametrize("engine", ["duckdb", "polars", "dask"])
def test_written_file_holds_the_table(engine: str, release: Path, survey: Corpus, tmp_path: Path) -> None:
    write_normalized(normalized_release(release, "all", engine), tmp_path / "made.parquet")
    table = typed(polars.read_parquet(tmp_path / "made.parquet").to_pandas(), NORMALIZED)
    assert_frame_equal(table.sort_values(KEY, ignore_index=True), prunelit.normalized(survey), check_exact=True)


def test_workers_of_another_process_give_the_same(release: Path, survey: Corpus, workers: Client) -> None:
    found = ordered_points(normalized_release(release, "all", "dask"))
    assert workers.scheduler_info()["workers"]
    assert_frame_equal(found, prunelit.normalized(survey), check_exact=True)


@pytest.fixture
def workers() -> Iterator[Client]:
    with Client(n_workers=1, threads_per_worker=1, dashboard_address=":0") as client:
        yield client


def test_table_of_an_engine_comes_out_as_one(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    results, models = tables
    found = normalized_rows(polars.from_pandas(results).lazy(), models)
    assert isinstance(found, polars.LazyFrame)
    assert found.collect_schema().names() == [column.name for column in NORMALIZED]


def test_a_worker_of_dask_takes_a_part_by_one_task(release: Path) -> None:
    found = normalized_release(release, "all", "dask").to_native()
    assert len(found.__dask_graph__()) == found.npartitions == 4


@pytest.mark.parametrize("engine", ["polars", "dask"])
def test_collection_of_a_release_is_that_of_the_corpus_but_for_positions(
    engine: str, tmp_path: Path, made: Callable[..., Corpus]
) -> None:
    corpus = made(TWO_COLLECTIONS)
    written(tmp_path, prunelit.results(corpus), prunelit.reference_models(corpus))
    found = ordered_points(normalized_release(tmp_path, "all", engine, "living"))
    expected = prunelit.normalized(corpus, "living").drop(columns=["experiment"])
    assert len(expected) == 1
    assert_frame_equal(found.drop(columns=["experiment"]), expected)


def test_a_collection_without_results_is_known_by_its_papers(tmp_path: Path, made: Callable[..., Corpus]) -> None:
    corpus = made(TWO_COLLECTIONS, "id: two2016paper\ncollections: [bibliography]")
    written(tmp_path, prunelit.results(corpus), prunelit.reference_models(corpus))
    with pytest.raises(UnknownNameError, match="no collection 'bibliography'"):
        normalized_release(tmp_path, "all", "polars", "bibliography")
    polars.from_pandas(prunelit.papers(corpus)).write_parquet(tmp_path / "parquet" / "papers.parquet")
    assert ordered_points(normalized_release(tmp_path, "all", "polars", "bibliography")).empty


TWO_COLLECTIONS = """
id: one2015paper
collections: [blalock2020, living]
experiments:
  - {dataset: D, architecture: N, collections: [blalock2020], base_top1: 70.0,
     curves: [{origin: own, points: [{top1: 69.0}]}]}
  - {dataset: D, architecture: N, collections: [living], base_top1: 80.0,
     curves: [{origin: own, points: [{top1: 79.0}]}]}
"""


def test_engine_is_asked_for_in_public(survey: Corpus, release: Path) -> None:
    expected = prunelit.normalized(survey)
    assert_frame_equal(prunelit.normalized(survey, engine="polars"), expected, check_exact=True)
    assert_frame_equal(prunelit.normalized(release, engine="duckdb"), expected, check_exact=True)


def test_unknown_engine_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no engine 'polar'; did you mean 'polars'"):
        known_engine("polar")


def test_missing_package_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None if name == "pyarrow" else name)
    with pytest.raises(MissingPackageError, match=r"duckdb needs .*\(pyarrow\): pip install 'prunelit\[engines\]'"):
        known_engine("duckdb")


def test_unknown_reference_and_collection_are_told(release: Path) -> None:
    with pytest.raises(UnknownNameError, match="no reference 'al'; did you mean 'all'"):
        normalized_release(release, "al", "polars")
    with pytest.raises(UnknownNameError, match="no collection 'blalock'; did you mean 'blalock2020'"):
        normalized_release(release, "all", "polars", "blalock")


def test_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, Path("https://example.org/x.tar.xz")):
        with pytest.raises(
            TableFileError, match=r"it has no parquet/results\.parquet; .* download and unpack an archive"
        ):
            normalized_release(folder, "all", "polars")


def test_release_without_a_column_is_refused(tmp_path: Path, tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    written(tmp_path, tables[0].drop(columns=["speedup"]), tables[1])
    with pytest.raises(TableFileError, match="it lacks speedup"):
        normalized_release(tmp_path, "all", "polars")


FLIPPED = 2000
"""A place in a file amid its rows."""


@pytest.mark.parametrize("engine", NEEDS)
def test_changed_bytes_of_a_release_are_refused(engine: str, release: Path, tmp_path: Path) -> None:
    copied(release, tmp_path)
    (tmp_path / SUMS).write_text(as_sums(folder_sums(tmp_path)), encoding="utf-8")
    assert len(ordered_points(normalized_release(tmp_path, "all", engine)))
    data = bytearray((tmp_path / RESULTS_FILE).read_bytes())
    data[FLIPPED] ^= 1
    (tmp_path / RESULTS_FILE).write_bytes(data)
    with pytest.raises(ReleaseError, match=r"parquet/results\.parquet: its bytes have changed; get the release anew"):
        normalized_release(tmp_path, "all", engine)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no table"], ids=["empty", "short", "junk"])
def test_file_that_is_no_parquet_is_refused(data: bytes, release: Path, tmp_path: Path) -> None:
    copied(release, tmp_path)
    (tmp_path / RESULTS_FILE).write_bytes(data)
    with pytest.raises(TableFileError, match=r"results\.parquet cannot be read as Parquet .*; get the release anew"):
        normalized_release(tmp_path, "all", "polars")


@pytest.mark.parametrize(("name", "expected"), [("top1", "double"), ("point", "int64"), ("sweep", "bool")])
def test_column_of_another_type_is_refused(
    name: str, expected: str, tmp_path: Path, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    written(tmp_path, tables[0].assign(**{name: "text"}), tables[1])
    with pytest.raises(TableFileError, match=rf"{name} is large_string \(expected {expected}\)"):
        normalized_release(tmp_path, "all", "duckdb")


@pytest.mark.parametrize("engine", NEEDS)
def test_release_without_rows_gives_none(
    engine: str, tmp_path: Path, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    written(tmp_path, tables[0].head(0), tables[1])
    found = ordered_points(normalized_release(tmp_path, "all", engine))
    assert_frame_equal(found, typed([], NORMALIZED))


def test_release_without_an_engine_is_told(release: Path) -> None:
    with pytest.raises(ArgumentError, match=r"is a release: name an engine, as engine='duckdb'"):
        prunelit.normalized(release)


def copied(release: Path, folder: Path) -> None:
    shutil.copytree(release / "parquet", folder / "parquet")


def test_release_has_its_corrections(release: Path) -> None:
    with pytest.raises(prunelit.PrunelitError, match="the tables of releases have their corrections"):
        prunelit.normalized(release, corrected=False, engine="polars")


def test_command_writes_a_file(release: Path, survey: Corpus, tmp_path: Path, run: Callable[..., Any]) -> None:
    done = run("normalize", release, "--output", tmp_path / "made.parquet", "--reference", "unpruned")
    assert (done.status, done.out) == (0, "")
    expected = prunelit.normalized(survey, reference="unpruned")["normalized_params"].sum()
    assert polars.read_parquet(tmp_path / "made.parquet")["normalized_params"].sum() == pytest.approx(expected)


def test_workers_write_the_columns_of_the_table(release: Path, tmp_path: Path) -> None:
    write_normalized(normalized_release(release, "all", "dask"), tmp_path / "made")
    assert polars.read_parquet(tmp_path / "made").columns == [column.name for column in NORMALIZED]


def test_a_release_may_be_named_from_another_folder(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    found = normalized_release(Path(), "all", "dask")
    monkeypatch.chdir(tmp_path)
    assert len(ordered_points(found))


def test_a_link_or_pipe_is_written_to_and_stays(release: Path, tmp_path: Path) -> None:
    normalized = normalized_release(release, "all", "polars")
    (tmp_path / "link").symlink_to("made.parquet")
    write_normalized(normalized, tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor() as reader:
        read = reader.submit((tmp_path / "pipe").read_bytes)
        write_normalized(normalized, tmp_path / "pipe")
        assert read.result() == (tmp_path / "made.parquet").read_bytes()
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "pipe").is_fifo()) == (True, True)


@pytest.mark.parametrize(
    ("place", "engine", "told"),
    [
        ("", "polars", r"is a folder: name a file to write"),
        ("", "dask", r"is there already, and Dask writes a folder of its own: name a new one"),
        ("other.parquet", "dask", r"is there already, and Dask writes a folder of its own: name a new one"),
    ],
)
def test_what_is_there_is_not_written_into(place: str, engine: str, told: str, release: Path, tmp_path: Path) -> None:
    (tmp_path / "other.parquet").write_text("other")
    with pytest.raises(ArgumentError, match=told):
        write_normalized(normalized_release(release, "all", engine), tmp_path / place)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("other.parquet", "other")]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--engine", "dask", "--scheduler", "hello"], "no scheduler of Dask answers at 'hello'"),
        (["--engine", "dask", "--scheduler", ""], "no scheduler of Dask answers at ''"),
        (["--engine", "pola"], "no engine 'pola'; did you mean 'polars'"),
        (["--scheduler", "tcp://10.0.0.1:8786"], "only the engine dask has one"),
    ],
)
def test_command_refuses(options: list[str], told: str, release: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    done = run("normalize", release, "--output", tmp_path / "made.parquet", *options)
    assert done.status == 2
    assert told in done.err
    assert list(tmp_path.iterdir()) == []


def test_engines_are_those_of_the_extra() -> None:
    assert all(version(package) for packages in NEEDS.values() for package in packages)


def test_bounds_count_where_rows_are_not_in_memory() -> None:
    point = {"sweep": False, "paper_id": "one2015paper", "experiment": 0, "curve": 0, "point": 0, "speedup": 4.0}
    rows = [point | {"bounds": bound} for bound in ("speedup: at_least", None)]
    table = polars.from_pandas(typed(rows, RESULTS)).lazy()
    assert complete(table).collect()["flops_kept"].to_list() == [None, 0.25]
