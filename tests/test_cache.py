"""Is the cache invisible: never stale, safe under two processes, absent where it cannot be written?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import prunelit
from prunelit.analysis.frames import cache
from prunelit.analysis.frames.columns import TABLES
from prunelit.schema.corpus import Corpus, shipped

CACHED = ["results", "completed", "normalized", "measurements", "baselines"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, and the functions that know nothing of other tests."""
    monkeypatch.delenv(cache.OFF, raising=False)
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "prunelit"


@pytest.mark.parametrize("name", CACHED)
def test_a_table_from_the_cache_is_the_table(name: str, folder: Path, whole: Corpus) -> None:
    make = getattr(prunelit, name)
    make()
    assert_frame_equal(make(), make(whole))


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"claims"}))
def test_any_table_survives_freezing(name: str, survey: Corpus) -> None:
    table = getattr(prunelit, name)(survey)
    assert_frame_equal(cache.thawed(cache.frozen(table), TABLES[name]), table)


def test_the_second_call_reads_what_the_first_wrote(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prunelit.baselines()
    monkeypatch.setattr(cache, "_write", lambda file, table: pytest.fail("made again"))
    prunelit.baselines()


def test_arguments_tell_tables_apart(folder: Path) -> None:
    assert len(prunelit.baselines(reference="unpruned")) != len(prunelit.baselines())


def test_a_table_is_the_callers_own(folder: Path) -> None:
    table = prunelit.baselines()
    table["median"] = 0.0
    assert prunelit.baselines()["median"].max() > 0


@pytest.mark.parametrize(
    "part", ["papers/han2015learning.yaml", "datasets.yaml", "sweeps/gale2019state-magnitude-pruning.csv"]
)
def test_any_changed_byte_of_the_corpus_is_another_table(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(shipped(), tmp_path / "corpus")
    monkeypatch.setattr(cache, "shipped", lambda: copy)
    before = cache.digest("x")
    with (copy / part).open("a") as file:
        file.write("#")
    assert cache.digest("x") != before


def test_the_code_is_part_of_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = list(cache._inputs())
    assert {"complete.py", "record.py", "han2015learning.yaml"} <= {file.name for file in inputs}


def test_a_broken_file_is_as_good_as_none(folder: Path) -> None:
    table = prunelit.baselines()
    (file,) = folder.glob("*.npz")
    for broken in (b"", b"PK", file.read_bytes()[:1000], b"\x80\x04."):
        file.write_bytes(broken)
        assert_frame_equal(prunelit.baselines(), table)


def test_pickled_objects_are_never_loaded(folder: Path) -> None:
    import io

    import numpy as np

    archive = io.BytesIO()
    np.savez(archive, allow_pickle=True, paper_id=np.array([object()], dtype=object))
    with pytest.raises((ValueError, KeyError)):
        cache.thawed(archive.getvalue(), TABLES["papers"])


def test_a_folder_that_cannot_be_made_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.delenv(cache.OFF, raising=False)
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / "file" / name)
    assert isinstance(prunelit.baselines(), pd.DataFrame)


def test_old_tables_make_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEPT", 1)
    prunelit.baselines()
    prunelit.baselines(reference="unpruned")
    assert len(list(folder.glob("*.npz"))) == 1


def test_two_processes_at_once_make_the_same_table(tmp_path: Path) -> None:
    code = "import prunelit; print(len(prunelit.baselines()))"
    environment = {name: value for name, value in os.environ.items() if name != cache.OFF}
    environment["XDG_CACHE_HOME"] = environment["HOME"] = str(tmp_path)
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = {process.communicate()[0].strip() for process in both}
    assert said == {str(len(prunelit.baselines()))}
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".npz"]


def test_an_error_is_not_kept(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="no collection"):
            prunelit.baselines(collection="nowhere")
    assert not folder.exists()
