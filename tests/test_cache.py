"""Is the cache invisible: never stale, believing nobody else, safe under two processes, absent where it cannot be?"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from math import inf
from pathlib import Path
from threading import Thread
from time import time

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import prunelit
from prunelit.analysis import dataset as datasets
from prunelit.analysis import load
from prunelit.analysis.audit import engine
from prunelit.analysis.dictionary import TABLES
from prunelit.analysis.frames import cache, kept_files
from prunelit.analysis.frames.baselines import BASELINES
from prunelit.analysis.frames.columns import NUMBER, TEXT, Column, typed
from prunelit.analysis.frames.reported import RESULTS, results_table
from prunelit.analysis.writing import PREFIX
from prunelit.schema.corpus import Corpus, fingerprint_of, shipped
from prunelit.schema.problems import CorpusError

CACHED = ["results", "completed", "normalized", "measurements", "baselines"]
HOUR = 3600


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Forgets what this process remembers, as if another one went on."""

    def forget() -> None:
        monkeypatch.setattr(datasets, "_LATEST", {})
        monkeypatch.setattr(load, "_LAST", {})

    monkeypatch.setattr(datasets, "_LATEST", {})
    return forget


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anew: Callable[[], None]) -> Path:
    """A cache of the test's own, and a process that knows nothing of other tests."""
    monkeypatch.delenv(kept_files.OFF, raising=False)
    monkeypatch.setattr(kept_files, "user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "prunelit"


RECORD = """
schema_version: 2
id: ada2015title
title: A title
authors: ["Lovelace, Ada"]
published: {year: 2015}
collections: [living]
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [living]
    base_top1: 76.0
    curves: [{origin: own, points: [{top1: 75.0, params_kept: 0.5, locator: {table: 1}}]}]
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a corpus of one paper, with the vocabularies that ship."""
    root = tmp_path / "corpus"
    shutil.copytree(shipped(), root, ignore=shutil.ignore_patterns("papers", "sweeps"))
    for part in ("corrections", "acknowledgements", "exclusions", "groups", "methods"):
        (root / f"{part}.yaml").write_text(f"{part}: []\n")
    (root / "collections.yaml").write_text("collections: [{name: living, title: Later, source: made up}]\n")
    (root / "papers").mkdir()
    (root / "papers" / "ada2015title.yaml").write_text(RECORD.lstrip())
    return root


def edit(file: Path, old: str, new: str) -> None:
    """An edit that keeps the file's size and its times."""
    before, text = file.stat(), file.read_text()
    assert text.count(old) == 1
    assert len(old) == len(new)
    file.write_text(text.replace(old, new))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def only_file(folder: Path, root: Path) -> Path:
    """The file of the one table that was asked for."""
    prunelit.results(root)
    (file,) = folder.glob("*.table")
    return file


def kept(table: pd.DataFrame) -> bytes:
    """The bytes of a file of the cache, worked out anew."""
    return kept_bytes(cache.frozen(table))


def kept_bytes(data: bytes) -> bytes:
    """The bytes of a file of the cache that holds the data."""
    return blake2b(data, digest_size=16).digest() + data


def forged(root: Path) -> bytes:
    """A file of the cache that somebody else might have written: whole, and wrong."""
    return kept(prunelit.results(root).assign(top1=1.0))


def in_time(work: Callable[[], object]) -> None:
    """Do the work, or fail where it never ends."""
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()


CORRECTIONS = """
  - {paper: ada2015title, result: {dataset: ImageNet, architecture: VGG-16}, field: top1, expect: 75.0, correct: 74.0,
     reason: A slip., evidence: Table 1., date: 2026-11-20, status: applied}
"""
SWEPT = RECORD.replace("ada2015title", "bob2016title").replace(
    "points: [{top1: 75.0, params_kept: 0.5, locator: {table: 1}}]", "sweep: true, points_file: bob2016title.csv"
)
OF_RECORDS = ["results", "completed", "measurements", "checklist"]
"""Tables of whose rows each is made of one record alone."""


@pytest.fixture
def two(small: Path) -> Path:
    """The same, with a paper whose points are in a file."""
    (small / "papers" / "bob2016title.yaml").write_text(SWEPT.lstrip())
    (small / "sweeps").mkdir()
    (small / "sweeps" / "bob2016title.csv").write_text("top1,params_kept\n74.0,0.5\n")
    return small


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("papers/ada2015title.yaml", "top1: 75.0", "top1: 74.5"),
        ("papers/ada2015title.yaml", "year: 2015", "year: 2016"),  # labels of both papers
        ("sweeps/bob2016title.csv", "74.0,0.5", "73.0,0.4"),
        ("papers/ada2015title.yaml", "title: A title", "title: A TITLE"),
        ("corrections.yaml", "[]\n", CORRECTIONS),
    ],
    ids=["a number", "labels", "a sweep", "a title", "corrections"],
)
@pytest.mark.parametrize("corrected", [True, False])
def test_tables_take_over_rows_from_those_on_disk(
    file: str, old: str, new: str, corrected: bool, folder: Path, two: Path, anew: Callable[[], None]
) -> None:
    def tables() -> dict[str, pd.DataFrame]:
        anew()
        return {name: getattr(prunelit, name)(two, corrected=corrected) for name in OF_RECORDS}

    tables()
    changed = two / file
    changed.write_text(changed.read_text().replace(old, new, 1))
    found = tables()
    shutil.rmtree(folder)
    for name, table in tables().items():
        assert_frame_equal(found[name], table)


def test_only_rows_of_records_that_changed_are_made(
    folder: Path, two: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[list[str]] = []

    def told(corpus: Corpus) -> pd.DataFrame:
        made.append([paper.id for paper in corpus.papers])
        return results_table(corpus)

    monkeypatch.setattr(datasets, "results_table", told)
    prunelit.results(two)
    edit(two / "papers" / "ada2015title.yaml", "top1: 75.0", "top1: 74.5")
    anew()
    prunelit.results(two)
    for table in folder.glob("*.table"):
        table.unlink()
    edit(two / "papers" / "ada2015title.yaml", "top1: 74.5", "top1: 74.0")
    anew()
    prunelit.results(two)
    assert made == [["ada2015title", "bob2016title"], ["ada2015title"], ["ada2015title", "bob2016title"]]


def test_an_audit_is_kept_until_a_record_changes(
    folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = prunelit.audit(small)
    anew()
    with monkeypatch.context() as patched:
        patched.delattr(engine, "findings")
        assert_frame_equal(prunelit.audit(small), before)
    edit(small / "papers" / "ada2015title.yaml", "title: A title", "title: A TITLE")
    found = prunelit.audit(small)
    assert set(found["rule"]) - set(before["rule"]) == {"title-in-capitals"}


@pytest.mark.parametrize("name", CACHED)
def test_a_table_from_the_cache_is_the_table(
    name: str, folder: Path, whole: Corpus, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    make = getattr(prunelit, name)
    make(collection="blalock2020")
    anew()
    monkeypatch.setattr(datasets, "read_valid", lambda root, fingerprint: pytest.fail("read again"))
    assert_frame_equal(make(collection="blalock2020"), make(replace(whole), "blalock2020"))


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"claims"}))
def test_any_table_survives_freezing(name: str, survey: Corpus) -> None:
    table = getattr(prunelit, name)(survey)
    assert_frame_equal(cache.thawed(cache.frozen(table), TABLES[name]), table)


def test_the_second_call_reads_what_the_first_wrote(
    folder: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    prunelit.baselines()
    anew()
    monkeypatch.setattr(cache, "write_table", lambda file, table: pytest.fail("made again"))
    prunelit.baselines()


def test_arguments_tell_tables_apart(folder: Path) -> None:
    assert len(prunelit.baselines(reference="unpruned")) != len(prunelit.baselines())


def test_an_argument_by_name_or_by_position_is_the_same_table(
    folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets.dataset(small).baselines("unpruned")
    anew()
    monkeypatch.setattr(cache, "write_table", lambda file, table: pytest.fail("made again"))
    datasets.dataset(small).baselines(reference="unpruned")


def test_a_default_argument_is_the_same_table(
    folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets.dataset(small).baselines()
    anew()
    monkeypatch.setattr(cache, "write_table", lambda file, table: pytest.fail("made again"))
    datasets.dataset(small).baselines("all")


def test_collections_and_corrections_tell_tables_apart(folder: Path, small: Path) -> None:
    keys = {
        datasets.dataset(small, name, corrected).key
        for name in (None, "living", "later")
        for corrected in (True, False)
    }
    assert len(keys) == 6


def test_a_table_is_the_callers_own(folder: Path) -> None:
    table = prunelit.baselines()
    table["median"] = 0.0
    assert prunelit.baselines()["median"].max() > 0


def test_cells_of_a_table_are_the_callers_own(folder: Path, small: Path) -> None:
    table = prunelit.results(small)
    table.loc[:, "top1"] = 0.0
    assert prunelit.results(small)["top1"].tolist() == [75.0]


@pytest.mark.parametrize(
    "part", ["papers/han2015learning.yaml", "datasets.yaml", "sweeps/gale2019state-magnitude-pruning.csv"]
)
def test_any_changed_byte_of_the_corpus_is_another_table(part: str, tmp_path: Path) -> None:
    copy = shutil.copytree(shipped(), tmp_path / "corpus")
    before = fingerprint_of(copy)
    with (copy / part).open("a") as file:
        file.write("#")
    assert fingerprint_of(copy) != before


def test_another_name_is_another_table(small: Path) -> None:
    before = fingerprint_of(small)
    (small / "papers" / "ada2015title.yaml").rename(small / "papers" / "bob2015title.yaml")
    assert fingerprint_of(small) != before


def test_the_fingerprint_of_a_folder_is_that_of_the_corpus_read_from_it(small: Path) -> None:
    (small / "notes.yaml").write_text("no part of the corpus")
    (small / "papers" / ".hidden.yaml").write_text("nor this")
    assert prunelit.load_corpus(small).fingerprint == fingerprint_of(small)


@pytest.mark.parametrize("part", ["analysis/frames/completed.py", "analysis/claims/claim.py", "schema/record.py"])
def test_the_code_is_part_of_the_name(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Path(kept_files.__file__).parents[2]
    for package in ("analysis", "schema"):
        shutil.copytree(here / package, tmp_path / package)
    monkeypatch.setattr(kept_files, "__file__", str(tmp_path / "analysis" / "frames" / "kept_files.py"))
    monkeypatch.setattr(kept_files, "_LOADED", inf)
    before = kept_files._code.__wrapped__()
    with (tmp_path / part).open("a") as file:
        file.write("#")
    assert kept_files._code.__wrapped__() != before


def test_code_that_was_upgraded_after_it_was_loaded_names_no_table(
    folder: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "_code", kept_files._code.__wrapped__)
    newest = max(file.stat().st_ctime for file in Path(kept_files.__file__).parents[1].rglob("*.py"))
    monkeypatch.setattr(kept_files, "_LOADED", newest - 1)
    prunelit.results(small)
    assert not folder.exists()


def test_other_code_makes_its_own_table(
    folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = only_file(folder, small)
    anew()
    monkeypatch.setattr(kept_files, "_code", lambda: "other")
    prunelit.results(small)
    assert {file} < set(folder.glob("*.table"))


def test_an_edit_between_two_calls_is_seen(folder: Path, small: Path) -> None:
    assert prunelit.results(small)["top1"].tolist() == [75.0]
    for old, new in (("75.0", "74.0"), ("74.0", "73.0"), ("73.0", "75.0")):
        edit(small / "papers" / "ada2015title.yaml", f"top1: {old},", f"top1: {new},")
        assert prunelit.results(small)["top1"].tolist() == [float(new)]


def test_an_edit_between_calls_for_two_tables_is_seen(folder: Path, small: Path) -> None:
    assert prunelit.completed(small)["top1_change"].tolist() == [-1.0]
    edit(small / "papers" / "ada2015title.yaml", "top1: 75.0,", "top1: 74.0,")
    assert prunelit.measurements(small)["change"].tolist() == [-2.0]
    assert prunelit.completed(small)["top1_change"].tolist() == [-2.0]


def test_an_edit_of_a_shared_file_is_seen(folder: Path, small: Path) -> None:
    before = prunelit.baselines(small, reference="unpruned")["maximum"].max()
    text = (small / "unpruned.yaml").read_text()
    (small / "unpruned.yaml").write_text(text.replace("reference: true", "reference: false"))
    assert before > 0
    assert prunelit.baselines(small, reference="unpruned").empty


def test_an_edit_between_two_calls_is_seen_without_the_cache(small: Path, anew: Callable[[], None]) -> None:
    assert prunelit.results(small)["top1"].tolist() == [75.0]
    edit(small / "papers" / "ada2015title.yaml", "top1: 75.0,", "top1: 74.0,")
    assert prunelit.results(small)["top1"].tolist() == [74.0]


def test_a_record_that_makes_the_corpus_invalid_is_seen(folder: Path, small: Path) -> None:
    prunelit.results(small)
    (small / "papers" / "Ada2015Title.YML").write_text(RECORD)
    with pytest.raises(CorpusError, match="file-name"):
        prunelit.results(small)


def test_a_removed_record_is_seen(folder: Path, small: Path) -> None:
    prunelit.results(small)
    (small / "papers" / "ada2015title.yaml").unlink()
    assert prunelit.results(small).empty


def test_an_edit_between_two_processes_is_seen(small: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != kept_files.OFF}
    environment["XDG_CACHE_HOME"] = environment["HOME"] = str(tmp_path / "home")
    code = f"import prunelit; print(prunelit.results({str(small)!r})['top1'].tolist())"

    def told() -> str:
        return subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert told() == "[75.0]"
    edit(small / "papers" / "ada2015title.yaml", "top1: 75.0,", "top1: 74.0,")
    assert told() == "[74.0]"
    edit(small / "papers" / "ada2015title.yaml", "top1: 74.0,", "top1: 75.0,")
    assert told() == "[75.0]"
    assert len(list((tmp_path / "home").rglob("*.table"))) == 2


def test_no_table_is_made_of_two_states(folder: Path, small: Path, anew: Callable[[], None]) -> None:
    prunelit.completed(small)
    anew()
    held = datasets.dataset(small)
    assert held.completed()["top1"].tolist() == [75.0]  # from disk: no record was read
    edit(small / "papers" / "ada2015title.yaml", "top1: 75.0,", "top1: 74.0,")
    with pytest.raises(CorpusError, match="the corpus has changed since its first tables were read"):
        held.measurements()
    assert prunelit.measurements(small)["value"].tolist() == [74.0]


def test_vocabularies_are_read_without_records(
    folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = datasets.dataset(small, "living").corpus
    anew()
    monkeypatch.setattr(datasets, "read_valid", lambda *_: pytest.fail("records were read"))
    found = datasets.dataset(small, "living").vocabulary
    assert (found.papers, found.collection) == ((), "living")
    assert (found.datasets, found.groups, found.setups) == (whole.datasets, whole.groups, whole.setups)


def test_vocabularies_are_never_of_another_state_than_tables(
    folder: Path, small: Path, anew: Callable[[], None]
) -> None:
    prunelit.completed(small)
    anew()
    held = datasets.dataset(small)
    held.completed()
    edit(small / "collections.yaml", "title: Later", "title: Newer")
    with pytest.raises(CorpusError, match="the corpus has changed since its first tables were read"):
        _ = held.vocabulary


def test_vocabularies_of_a_corpus_that_cannot_be_read_are_not_taken_for_those_of_a_valid_one(
    folder: Path, small: Path, anew: Callable[[], None]
) -> None:
    edit(small / "papers" / "ada2015title.yaml", "title: A title", "tittle: Atitle")
    for _ in range(2):
        anew()
        with pytest.raises(CorpusError, match="tittle"):
            _ = datasets.dataset(small).vocabulary


def test_a_dataset_whose_records_were_read_stays_as_it_was(folder: Path, small: Path) -> None:
    held = datasets.dataset(small)
    assert held.completed()["top1"].tolist() == [75.0]
    edit(small / "papers" / "ada2015title.yaml", "top1: 75.0,", "top1: 74.0,")
    assert held.measurements()["value"].tolist() == [75.0]
    assert prunelit.measurements(small)["value"].tolist() == [74.0]


def test_what_was_read_is_what_is_kept(folder: Path, small: Path, anew: Callable[[], None]) -> None:
    held = datasets.dataset(small)
    edit(small / "papers" / "ada2015title.yaml", "top1: 75.0,", "top1: 74.0,")
    assert held.results()["top1"].tolist() == [74.0]
    anew()
    edit(small / "papers" / "ada2015title.yaml", "top1: 74.0,", "top1: 75.0,")
    assert prunelit.results(small)["top1"].tolist() == [75.0]


def test_records_changed_in_memory_are_not_kept(folder: Path, small: Path) -> None:
    corpus = prunelit.load_corpus(small)
    (paper,) = corpus.papers
    changed = replace(corpus, papers=(paper.model_copy(update={"title": "Another"}),))
    assert prunelit.papers(changed)["title"].tolist() == ["Another"]
    assert not list(folder.glob("*.table"))
    assert prunelit.papers(corpus)["title"].tolist() == ["A title"]


def test_a_broken_file_is_as_good_as_none(folder: Path, small: Path, anew: Callable[[], None]) -> None:
    table = prunelit.baselines(small)
    found = {file: file.read_bytes() for file in folder.glob("*.table")}
    for broken in (b"", b"PK", b"\x80\x04.", None):
        anew()
        for file, data in found.items():
            file.write_bytes(data[:1000] if broken is None else broken)
        assert_frame_equal(prunelit.baselines(small), table)


def test_any_corrupted_byte_is_noticed(folder: Path) -> None:
    columns = (Column("a", NUMBER, "%", "A number."), Column("b", TEXT, "", "A text."))
    file = folder / "x.table"
    cache.write_table(file, typed([{"a": 75.0, "b": "x"}, {"b": "y"}], columns))
    good = file.read_bytes()
    trusted = []
    for at in range(len(good)):
        file.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        if cache.read_table(file, columns) is not None:
            trusted.append(at)
    assert trusted == []
    file.write_bytes(good)
    assert cache.read_table(file, columns) is not None


@pytest.mark.parametrize("share", [0, 0.001, 0.25, 0.5, 0.75, 1])
def test_a_corrupted_file_is_replaced(share: float, folder: Path, small: Path, anew: Callable[[], None]) -> None:
    table, file = prunelit.results(small), only_file(folder, small)
    good = bytearray(file.read_bytes())
    good[round(share * (len(good) - 1))] ^= 0x80
    file.write_bytes(good)
    anew()
    assert_frame_equal(prunelit.results(small), table)
    assert_frame_equal(cache.read_table(file, RESULTS), table)


Parts = dict[str, list[bytes]]
"""Of each column of a kept table the lengths of its runs, their cells, and the texts that these are places of."""


def taken_apart(data: bytes) -> Parts:
    """The parts of a kept table."""
    start = data.index(b"\n") + 1
    found: Parts = {}
    for name, sizes in json.loads(data[:start]).items():
        found[name] = [zlib.decompress(data[start + sum(sizes[:at]) :][: sizes[at]]) for at in range(3)]
        start += sum(sizes)
    return found


def put_together(parts: Parts) -> bytes:
    """A kept table of such parts."""
    packed = {name: [zlib.compress(part) for part in column] for name, column in parts.items()}
    sizes = json.dumps({name: [*map(len, column)] for name, column in packed.items()})
    return b"".join([sizes.encode(), b"\n", *(part for column in packed.values() for part in column)])


def numbers(values: list[int], form: str = "<i4") -> bytes:
    """The bytes of numbers."""
    return np.array(values, dtype=form).tobytes()


CRAFTED: dict[str, Callable[[Parts], object]] = {
    "no column": lambda parts: parts.pop("top1"),
    "no texts": lambda parts: parts["paper_id"].__setitem__(2, b""),
    "texts of another kind": lambda parts: parts["paper_id"].__setitem__(2, b"[[1]]"),
    "texts that are none": lambda parts: parts["paper_id"].__setitem__(2, b"\xff{"),
    "texts nested deep": lambda parts: parts["paper_id"].__setitem__(2, b"[" * 99_999),
    "codes of no text": lambda parts: parts["paper_id"].__setitem__(1, numbers([9])),
    "codes below none": lambda parts: parts["paper_id"].__setitem__(1, numbers([-2])),
    "another length": lambda parts: parts["top1"].__setitem__(0, numbers([2])),
    "a length below none": lambda parts: parts["top1"].__setitem__(0, numbers([-1])),
    "more cells than runs": lambda parts: parts["top1"].__setitem__(1, numbers([75, 76], "<f8")),
    "half a number": lambda parts: parts["top1"].__setitem__(1, b"half"),
    "a column of no parts": lambda parts: parts.update(top1=[]),
}
"""Files whose digest is right, and whose content is none of a table."""


@pytest.mark.parametrize("craft", CRAFTED.values(), ids=CRAFTED)
def test_a_crafted_file_is_replaced(
    craft: Callable[[Parts], object], folder: Path, small: Path, anew: Callable[[], None]
) -> None:
    table, file = prunelit.results(small), only_file(folder, small)
    parts = taken_apart(file.read_bytes()[16:])
    craft(parts)
    file.write_bytes(kept_bytes(put_together(parts)))
    anew()
    assert_frame_equal(prunelit.results(small), table)
    assert_frame_equal(cache.read_table(file, RESULTS), table)


@pytest.mark.parametrize("start", [b"", b"[]\n", b"{}", b'{"top1": 1}\n', b"[" * 99_999 + b"\n"])
def test_a_file_with_another_beginning_is_replaced(
    start: bytes, folder: Path, small: Path, anew: Callable[[], None]
) -> None:
    table, file = prunelit.results(small), only_file(folder, small)
    file.write_bytes(kept_bytes(start))
    anew()
    assert_frame_equal(prunelit.results(small), table)


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0"], ids=["shorter", "longer"])
def test_a_file_of_another_length_is_not_trusted(change: Callable[[bytes], bytes], folder: Path, small: Path) -> None:
    file = only_file(folder, small)
    file.write_bytes(change(file.read_bytes()))
    assert cache.read_table(file, RESULTS) is None


def test_a_file_larger_than_any_table_is_not_read(folder: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = only_file(folder, small)
    for most, trusted in ((file.stat().st_size, True), (file.stat().st_size - 1, False)):
        monkeypatch.setattr(kept_files, "MAX_BYTES", most)
        assert (cache.read_table(file, RESULTS) is not None) == trusted


def test_a_whole_file_of_ones_own_is_trusted(folder: Path, small: Path, anew: Callable[[], None]) -> None:
    file = only_file(folder, small)
    file.write_bytes(forged(small))
    anew()
    assert prunelit.results(small)["top1"].tolist() == [1.0]  # so that the tests below would notice


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_not_trusted(
    mode: int, folder: Path, small: Path, anew: Callable[[], None]
) -> None:
    file = only_file(folder, small)
    file.write_bytes(forged(small))
    file.chmod(mode)
    anew()
    assert prunelit.results(small)["top1"].tolist() == [75.0]
    assert file.stat().st_mode & 0o777 == 0o600
    assert cache.read_table(file, RESULTS) is not None


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777])
def test_a_folder_that_others_can_write_is_not_trusted(
    mode: int, folder: Path, small: Path, anew: Callable[[], None]
) -> None:
    file, wrong = only_file(folder, small), forged(small)
    file.write_bytes(wrong)
    folder.chmod(mode)
    anew()
    assert prunelit.results(small)["top1"].tolist() == [75.0]
    assert file.read_bytes() == wrong


def test_nothing_is_written_where_others_can_write(folder: Path, small: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    prunelit.results(small)
    assert list(folder.iterdir()) == []


def test_what_belongs_to_another_user_is_not_trusted(
    folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = only_file(folder, small)
    file.write_bytes(forged(small))
    anew()
    another = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: another)
    assert prunelit.results(small)["top1"].tolist() == [75.0]


def test_a_link_in_place_of_a_file_is_not_followed(folder: Path, small: Path, anew: Callable[[], None]) -> None:
    file, elsewhere = only_file(folder, small), folder.parent / "elsewhere"
    elsewhere.write_bytes(forged(small))
    wrong = elsewhere.read_bytes()
    file.unlink()
    file.symlink_to(elsewhere)
    anew()
    assert prunelit.results(small)["top1"].tolist() == [75.0]
    assert (file.is_symlink(), elsewhere.read_bytes()) == (False, wrong)


def test_the_folder_and_its_files_are_private(folder: Path, small: Path) -> None:
    file = only_file(folder, small)
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_pipe_in_place_of_a_file_does_not_hang(folder: Path, small: Path, anew: Callable[[], None]) -> None:
    file = only_file(folder, small)
    file.unlink()
    os.mkfifo(file)
    anew()
    found: list[pd.DataFrame] = []
    in_time(lambda: found.append(prunelit.results(small)))
    assert found[0]["top1"].tolist() == [75.0]
    assert file.is_file()


def test_a_pipe_in_place_of_a_record_does_not_hang(folder: Path, small: Path) -> None:
    prunelit.results(small)
    record = small / "papers" / "ada2015title.yaml"
    record.unlink()
    os.mkfifo(record)
    problems: list[str] = []

    def ask() -> None:
        with pytest.raises(CorpusError) as raised:
            prunelit.results(small)
        problems.extend(one.rule for one in raised.value.problems)

    in_time(ask)
    assert problems == ["unreadable"]


def test_a_folder_in_place_of_a_file_is_no_error(folder: Path, small: Path, anew: Callable[[], None]) -> None:
    file = only_file(folder, small)
    file.unlink()
    file.mkdir()
    anew()
    assert prunelit.results(small)["top1"].tolist() == [75.0]


class Malicious:
    """What a pickle can do: make a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.file,)


def test_pickled_objects_are_never_loaded(folder: Path, tmp_path: Path) -> None:
    bad = pickle.dumps(Malicious(tmp_path / "executed"))
    data = put_together({column.name: [numbers([1]), bad, bad] for column in BASELINES})
    for one in (bad, data):
        with pytest.raises((ValueError, KeyError)):
            cache.thawed(one, BASELINES)
    folder.mkdir(parents=True, mode=0o700)
    (folder / "x.table").write_bytes(kept_bytes(data))
    assert cache.read_table(folder / "x.table", BASELINES) is None
    assert not (tmp_path / "executed").exists()


def test_a_folder_that_cannot_be_made_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, anew: Callable[[], None]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.delenv(kept_files.OFF, raising=False)
    monkeypatch.setattr(kept_files, "user_cache_path", lambda name: tmp_path / "file" / name)
    assert isinstance(prunelit.baselines(), pd.DataFrame)


def test_nothing_is_kept_where_the_cache_is_off(folder: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_files.OFF, "1")
    prunelit.results(small)
    assert not folder.exists()


def test_old_tables_make_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "KEPT", 1)
    prunelit.baselines()
    prunelit.baselines(reference="unpruned")
    assert len(list(folder.glob("*.table"))) == 1


def test_the_oldest_tables_make_room(folder: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "KEPT", 2)
    folder.mkdir(parents=True, mode=0o700)
    files = [folder / f"{age:032x}.table" for age in (1, 2, 3)]
    for age, file in enumerate(files, start=1):
        file.write_bytes(b"")
        os.utime(file, (time() - age * 2 * HOUR,) * 2)
    prunelit.results(small)
    assert [file.exists() for file in files] == [True, False, False]


def test_new_tables_leave_old_drawings(folder: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "KEPT", 1)
    kept_files.kept_text("a plot", lambda: "drawn")
    prunelit.results(small)
    assert kept_files.kept_text("a plot", lambda: "drawn again") == "drawn"


def test_temporary_folders_of_killed_processes_are_swept(folder: Path, small: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    names = [f"{PREFIX}01234567-{number}-x" for number in (1, 2)]
    for name, age in zip(names, (HOUR + 60, HOUR - 60), strict=True):
        (folder / name).mkdir()
        os.utime(folder / name, (time() - age,) * 2)
    prunelit.results(small)
    assert [(folder / name).exists() for name in names] == [False, True]


@pytest.mark.parametrize("linked", [False, True], ids=["a folder", "a link to a folder"])
def test_what_the_cache_did_not_write_is_never_removed(
    linked: bool, folder: Path, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "KEPT", 1)
    home = tmp_path / "elsewhere" if linked else folder
    home.mkdir(parents=True, mode=0o700)
    if linked:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.symlink_to(home)
    others = [
        home / name for name in ("thesis.txt", "1.table", "2.table", "3.table", ".hidden", "broken", "sub/data.csv")
    ]
    (home / "sub").mkdir()
    (home / "broken").symlink_to("nowhere")
    for file in others:
        if not file.is_symlink():
            file.write_text("mine")
            os.utime(file, (time() - 48 * HOUR,) * 2)
    prunelit.results(small)
    prunelit.baselines(small)
    assert all(file.is_symlink() or file.read_text() == "mine" for file in others)
    assert len([*home.glob("*.table")]) == 4  # three of others, and the newest of its own


def test_two_processes_at_once_make_the_same_table(small: Path, tmp_path: Path) -> None:
    code = (
        "import prunelit, sys; table = prunelit.results; print('ready', flush=True); sys.stdin.read(); "
        f"print(table({str(small)!r})['top1'].tolist())"
    )
    environment = {name: value for name, value in os.environ.items() if name != kept_files.OFF}
    environment["XDG_CACHE_HOME"] = environment["HOME"] = str(tmp_path / "home")

    def started() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    with started() as first, started() as second:
        assert first.stdout
        assert second.stdout
        assert (first.stdout.readline(), second.stdout.readline()) == ("ready\n", "ready\n")
        for process in (first, second):  # neither begins before the other can
            assert process.stdin
            process.stdin.close()
        assert (first.stdout.read(), second.stdout.read()) == ("[75.0]\n", "[75.0]\n")
    files = [file for file in (tmp_path / "home").rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".table", ".kept"}


def test_records_in_memory_make_each_table_once(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = prunelit.load_corpus(small)
    table = prunelit.results(corpus)
    table["top1"] = 0.0
    monkeypatch.setattr(datasets, "results_table", lambda *_: pytest.fail("made again"))
    assert prunelit.results(corpus)["top1"].tolist() == prunelit.completed(corpus)["top1"].tolist() == [75.0]


def test_changed_records_have_tables_of_their_own(small: Path) -> None:
    corpus = prunelit.load_corpus(small)
    assert len(prunelit.results(corpus)) == 1
    assert prunelit.results(replace(corpus, papers=())).empty


def test_an_error_is_not_kept(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="no collection"):
            prunelit.baselines(collection="nowhere")
    assert not folder.exists()


@pytest.fixture
def made_of() -> tuple[Callable[..., pd.DataFrame], list[int]]:
    """A table of others that is made once for equal ones, and how many rows were given each time that it was made."""
    calls: list[int] = []

    @cache.once_for_equal
    def joined(first: pd.DataFrame, second: pd.DataFrame | None) -> pd.DataFrame:
        calls.append(len(first))
        return first if second is None else pd.concat([first, second], ignore_index=True)

    return joined, calls


def test_equal_tables_make_one_table(made_of: tuple[Callable[..., pd.DataFrame], list[int]]) -> None:
    joined, calls = made_of
    first, second = (pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None]}) for _ in range(2))
    assert_frame_equal(joined(first, second), joined(second, first))
    assert calls == [2]


@pytest.mark.parametrize(
    "other",
    [{"a": [1.0, 2.5]}, {"b": [1.0, 2.0]}, {"a": [1, 2]}, {"a": [1.0]}, {"a": [1.0, np.nan]}],
    ids=["cell", "name", "type", "length", "missing"],
)
def test_unequal_tables_make_tables_of_their_own(
    other: dict[str, list[float]], made_of: tuple[Callable[..., pd.DataFrame], list[int]]
) -> None:
    joined, calls = made_of
    joined(pd.DataFrame({"a": [1.0, 2.0]}), None)
    assert_frame_equal(joined(pd.DataFrame(other), None), pd.DataFrame(other))
    assert calls == [2, len(next(iter(other.values())))]


def test_no_table_equals_none(made_of: tuple[Callable[..., pd.DataFrame], list[int]]) -> None:
    joined, calls = made_of
    table = pd.DataFrame({"a": [1.0]})
    assert [len(joined(table, second)) for second in (None, table, None)] == [1, 2, 1]
    assert calls == [1, 1]


def test_equal_tables_are_found_after_the_first_was_changed(
    made_of: tuple[Callable[..., pd.DataFrame], list[int]],
) -> None:
    joined, calls = made_of
    table = pd.DataFrame({"a": [1.0]})
    found = joined(table, None)
    found.loc[0, "a"] = 7.0
    table.loc[0, "a"] = 2.0
    assert joined(pd.DataFrame({"a": [1.0]}), None)["a"].tolist() == [1.0]
    assert joined(table, None)["a"].tolist() == [2.0]
    assert calls == [1, 1]


def test_a_text_is_made_once_for_its_name(folder: Path) -> None:
    assert [kept_files.kept_text("a", lambda: "first"), kept_files.kept_text("a", lambda: "second")] == [
        "first",
        "first",
    ]
    assert kept_files.kept_text("b", lambda: "second") == "second"
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize(
    "harm", [lambda file: file.write_bytes(file.read_bytes() + b"!"), lambda file: file.chmod(0o622)]
)
def test_a_text_that_is_not_to_be_trusted_is_made_anew(folder: Path, harm: Callable[[Path], None]) -> None:
    kept_files.kept_text("a", lambda: "first")
    harm(next(folder.iterdir()))
    assert kept_files.kept_text("a", lambda: "second") == "second"


def test_no_text_is_kept_where_the_cache_is_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_files.OFF, "1")
    assert kept_files.kept_text("a", lambda: "first") == "first"
    assert kept_files.kept_text("a", lambda: "second") == "second"
    assert not folder.exists()


def test_a_corpus_that_was_in_order_is_not_checked_again(
    folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    prunelit.load_corpus(small)
    anew()
    monkeypatch.setattr(load, "check_corpus", lambda corpus: pytest.fail("checked again"))
    assert len(prunelit.load_corpus(small).papers) == 1


@pytest.mark.parametrize("other", ["version", "record"])
def test_a_corpus_of_other_bytes_or_of_other_code_is_checked(
    other: str, folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    prunelit.load_corpus(small)
    anew()
    if other == "version":
        monkeypatch.setattr(kept_files, "_code", lambda: "other code")
    else:
        edit(small / "papers" / "ada2015title.yaml", "top1: 75.0", "top1: 74.0")
    checked: list[Corpus] = []
    monkeypatch.setattr(load, "check_corpus", lambda corpus: [*map(checked.append, [corpus])][:0])
    prunelit.load_corpus(small)
    assert len(checked) == 1


def test_a_corpus_with_faults_is_checked_each_time(folder: Path, small: Path) -> None:
    edit(small / "papers" / "ada2015title.yaml", "id: ada2015title", "id: ada2015tit1e")
    for _ in range(2):
        with pytest.raises(CorpusError):
            prunelit.load_corpus(small)


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(kept_bytes(b"in order")),
        lambda file: file.chmod(0o666),
    ],
)
def test_a_verdict_that_is_not_to_be_trusted_is_found_anew(
    harm: Callable[[Path], None], folder: Path, small: Path, anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    prunelit.load_corpus(small)
    harm(min(folder.glob("*.kept"), key=lambda file: file.stat().st_size))
    anew()
    checked: list[Corpus] = []
    monkeypatch.setattr(load, "check_corpus", lambda corpus: [*map(checked.append, [corpus])][:0])
    prunelit.load_corpus(small)
    assert len(checked) == 1
