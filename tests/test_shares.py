"""Are the tables of a large corpus, made of those of its shares, the ones that are made of all records at once?"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from large_corpus import ANOTHER, large_corpus_in, let_be_large, names_read, put_back, replaced, written
from pandas.testing import assert_frame_equal

import prunelit
from prunelit.analysis import dataset as datasets
from prunelit.analysis import load
from prunelit.analysis.frames import kept_files, shares
from prunelit.analysis.frames.shares import outline
from prunelit.analysis.planning.plan import make_plan
from prunelit.schema import checking
from prunelit.schema.corpus import Corpus, read_share
from prunelit.schema.problems import CorpusError

TABLES = (
    "papers", "results", "completed", "normalized", "baselines", "methods", "comparisons", "tradeoffs", "discrepancies",
    "recipes", "comparison_setups", "comparable_pairs_by_setup",
)  # fmt: skip
CORRECTIONS = """corrections:
  - paper: third2015paper
    field: year
    expect: 2015
    correct: 2016
    status: applied
    reason: x
    evidence: Table 1
    date: "2026-01-01"
  - paper: first2015paper
    result: {dataset: ImageNet, architecture: VGG-16}
    field: top1
    expect: 71.0
    correct: 61.0
    status: applied
    reason: x
    evidence: Table 1
    date: "2026-01-01"
"""


_FIRST, _SECOND, _SWEEP = (
    "papers/first2015paper.yaml",
    "papers/second2016paper.yaml",
    "sweeps/second2016paper-vgg-16.csv",
)
EDITS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "nothing": (lambda root: None, set()),
    "a number": (replaced(_FIRST, "top1: 71.0", "top1: 70.5"), {"first2015paper"}),
    "a point of a sweep": (replaced(_SWEEP, "71.20", "71.30"), {"second2016paper"}),
    "a title": (replaced(_SECOND, "again", "once more"), {"second2016paper"}),
    "an author, so that labels differ": (replaced(_FIRST, "Lovelace, Ada", "Hopper, Grace"), {"first2015paper"}),
    "a year, so that labels differ": (replaced(_FIRST, "year: 2015", "year: 2014"), {"first2015paper"}),
    "the status of who is compared with": (
        replaced(_FIRST, "title:", "status: retracted\nstatus_source: x\ntitle:"), {"first2015paper"},
    ),
    "a record that comes": (
        written("papers/new2015paper.yaml", ANOTHER),
        {"new2015paper"},
    ),
    "a record that goes": (lambda root: (root / "papers/third2015paper.yaml").unlink(), set()),
    "a vocabulary": (
        replaced("datasets.yaml", "datasets:", "# A word.\ndatasets:"),
        {"first2015paper", "second2016paper", "third2015paper"},
    ),
}  # fmt: skip


def prepare(place: Path, patch: pytest.MonkeyPatch) -> None:
    """Let corpora of two papers be large, keep tables in a folder, and forget what this process remembers."""
    let_be_large(place, patch)
    patch.setattr(datasets, "FROM", 2)
    patch.setattr(datasets, "_LATEST", {})
    patch.setattr(load, "_LAST", {})


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of three papers, each a share, two of which differ in their labels by a letter; with an own cache."""
    prepare(tmp_path, monkeypatch)
    return large_corpus_in(tmp_path)


@pytest.fixture
def forget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Forgets what this process remembers, as if another one went on."""
    return lambda: prepare(tmp_path, monkeypatch)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The records that are read, each time that they are."""
    return names_read(monkeypatch)


def all_records(root: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """All records, with nothing that is kept on disk."""
    with monkeypatch.context() as patch:
        patch.setenv(kept_files.OFF, "1")
        return load.read_checked(root)[0].read_from(None)


def assert_as_whole(root: Path, monkeypatch: pytest.MonkeyPatch, *options: Any) -> None:
    """Every table of a folder is that of its records, read at once."""
    found, expected = (prunelit.dataset(one, *options) for one in (root, all_records(root, monkeypatch)))
    for name in TABLES:
        assert_frame_equal(getattr(found, name)(), getattr(expected, name)(), obj=name)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with the corpus and its tables, and a copy of it."""
    place = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        prepare(place, patch)
        assert_as_whole(large_corpus_in(place), patch)
    return place, shutil.copytree(place, place.with_name(f"{place.name}-copy"))


@pytest.mark.parametrize("what", EDITS)
def test_tables_of_shares_are_those_of_the_whole(
    what: str, kept: tuple[Path, Path], read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = put_back(*kept)
    prepare(root.parent, monkeypatch)
    edit, names = EDITS[what]
    edit(root)
    assert_as_whole(root, monkeypatch)
    assert len(prunelit.dataset(root).reading.shares) == len(list((root / "papers").iterdir()))
    assert {Path(name).stem for name in read} == names


@pytest.mark.parametrize("corrected", [True, False])
@pytest.mark.parametrize("collection", [None, "living"])
def test_corrections_and_collections_reach_shares(
    collection: str | None, corrected: bool, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "corrections.yaml").write_text(CORRECTIONS, encoding="utf-8")
    assert_as_whole(root, monkeypatch, collection, corrected)
    assert prunelit.dataset(root).reading.shares
    labels = {"Lovelace 2015a", "Lovelace 2015b", "Hopper 2016"}
    assert (set(prunelit.papers(root, corrected=corrected)["label"]) == labels) is not corrected


def test_no_share_is_read_twice_for_several_tables(root: Path, read: list[str]) -> None:
    for name in TABLES:
        getattr(prunelit.dataset(root), name)()
    assert sorted(read) == sorted(f"papers/{one.name}" for one in (root / "papers").iterdir())


def test_pairs_and_plans_read_no_record_whose_rows_are_kept(
    root: Path, read: list[str], forget: Callable[[], None]
) -> None:
    prunelit.normalized(root)
    forget()
    read.clear()
    found = prunelit.dataset(root)
    make_plan(found, "first2015paper")
    found.comparable_pairs_by_setup()
    assert not read
    assert not found.reading.is_read


def test_no_more_than_two_shares_are_held_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[weakref.ref[Corpus]] = []
    left: list[int] = []

    def noted(*asked: Any) -> object:
        left.append(sum(one() is not None for one in seen))
        found = read_share(*asked)
        seen.append(weakref.ref(found[0]))
        return found

    for module in (checking, shares):
        monkeypatch.setattr(module, "read_share", noted)
    prunelit.normalized(root)
    assert max(left) <= 1, left  # the last one, until the next is there


def test_a_corpus_that_changes_between_tables_is_noticed(root: Path) -> None:
    found = prunelit.dataset(root)
    found.papers()
    replaced(_FIRST, "top1: 71.0", "top1: 70.5")(root)
    with pytest.raises(CorpusError, match="has changed"):
        found.as_published().results()


def test_a_corpus_at_fault_says_what_is_wrong(root: Path) -> None:
    replaced(_FIRST, "top1: 71.0", "top1: high")(root)
    with pytest.raises(CorpusError, match="high"):
        prunelit.results(root)


@pytest.mark.parametrize("off", [True, False])
def test_without_a_cache_tables_are_the_same(
    off: bool, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if off:
        monkeypatch.setenv(kept_files.OFF, "1")
    else:
        (tmp_path / "cache").write_text("no folder")
    assert_as_whole(root, monkeypatch)
    assert bool(prunelit.dataset(root).reading.shares) is not off


def test_what_is_kept_and_broken_is_made_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget: Callable[[], None]
) -> None:
    prunelit.results(root)
    forget()
    kept = [one for one in (tmp_path / "cache" / "prunelit").iterdir() if one.suffix == kept_files.SHARE]
    assert kept
    for one in kept:
        one.write_bytes(b"broken")
    assert_as_whole(root, monkeypatch)


def test_an_outline_is_the_record_without_its_experiments(whole: Corpus, tmp_path: Path, root: Path) -> None:
    assert shares.outlines("all", lambda: whole) == tuple(map(outline, whole.papers))
    assert shares.outlines("all", lambda: pytest.fail("read again")) == tuple(map(outline, whole.papers))


def test_what_outlines_tell_is_what_records_tell(
    whole: Corpus, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (checking, datasets):
        monkeypatch.setattr(module, "FROM", 100)
    monkeypatch.setattr(checking, "_SHARE", 100)
    found, expected = prunelit.dataset(), prunelit.dataset(replace(whole))
    assert found.reading.shares
    assert found.labels() == expected.labels()
    assert found.uses() == expected.uses()
    assert_frame_equal(found.methods(), expected.methods())
    assert_frame_equal(found.comparisons(), expected.comparisons())
    living, survey = (prunelit.dataset(collection=name) for name in ("living", "blalock2020"))
    assert living.shares
    assert not survey.shares
    for one in (living, survey):
        assert_frame_equal(one.methods(), expected.of(one.collection).methods())
        assert_frame_equal(one.papers(), expected.of(one.collection).papers())
