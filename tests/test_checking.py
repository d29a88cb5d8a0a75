"""Do several processes, each with a share of the records, find what one finds that reads them all?"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from prunelit.analysis.frames import kept_files
from prunelit.analysis.load import glanced_at
from prunelit.schema import checking
from prunelit.schema.checking import Glance, glanced
from prunelit.schema.corpus import fingerprint_of, read_corpus, read_headers, strays
from prunelit.schema.problems import Problem
from prunelit.schema.rules import check_corpus
from release_corpus import FIRST, SECOND, repository_in

Change = Callable[[Path], object]


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of two papers, each a share; threads stand for processes, which take long to start."""
    monkeypatch.setattr(checking, "FROM", 2)
    monkeypatch.setattr(checking, "_SHARE", 1)
    monkeypatch.setattr(checking, "cpu_count", lambda: 2)
    monkeypatch.setattr(checking, "get_context", lambda: SimpleNamespace(Pool=ThreadPool))
    monkeypatch.setattr(checking, "_STATE", [])
    return repository_in(tmp_path) / "corpus"


def whole(root: Path) -> list[Problem]:
    """What is found by reading all records."""
    corpus, problems = read_corpus(root, "corpus")
    return sorted([*problems, *check_corpus(corpus), *strays(corpus, root, "corpus")])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The records that are read to be checked, each time that they are."""
    names: list[str] = []
    check = checking._told_of

    def told(share: list[str], *state: Any) -> object:
        names.extend(share)
        return check(share, *state)

    monkeypatch.setattr(checking, "_told_of", told)
    return names


def first(old: str, new: str) -> Change:
    return lambda root: (root / "papers" / "first2015paper.yaml").write_text(FIRST.replace(old, new), encoding="utf-8")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def second(old: str, new: str) -> Change:
    text = SECOND.replace(old, new)
    return lambda root: (root / "papers" / "second2016paper.yaml").write_text(text, encoding="utf-8")


def test_a_corpus_in_order_is_checked_by_shares(corpus: Path) -> None:
    assert whole(corpus) == []
    assert glanced(corpus, "corpus") == Glance((), 2, 0)


@pytest.mark.parametrize(
    "change",
    [
        first("top1: 71.0", "top1: high"),
        first("title:", 'survey_id: one\n"survey_id": one\ntitle:'),
        first("collections: [living]\nmethods:", "collections: [living]\nmethod:"),
        lambda root: (root / "papers" / "first2015paper.yaml").write_text("a: [", encoding="utf-8"),
        lambda root: (root / "sweeps" / "second2016paper-vgg-16.csv").write_text("top\n1\n", encoding="utf-8"),
    ],
)
def test_faults_of_a_file_come_back(corpus: Path, change: Change) -> None:
    change(corpus)
    assert whole(corpus)
    assert glanced(corpus, "corpus") == Glance(tuple(whole(corpus)), 2, 0)


def test_a_record_that_says_more_than_a_glance_shows_is_not_glanced_at(corpus: Path) -> None:
    first("title:", '"survey_id": one\ntitle:')(corpus)
    assert whole(corpus) == []
    assert glanced(corpus, "corpus") is None


@pytest.mark.parametrize(
    "change",
    [
        second("- first2015paper", "- third2017paper"),
        second("id: second2016paper", "id: another2016paper"),
        second("title:", "former_ids: [first2015paper]\ntitle:"),
        second("name: Sweep", 'name: "\'quoted"'),
        second("sweep: true", "sweep: false"),
        second("points_file: second2016paper-vgg-16.csv", "points: [{top1: 70.0}]"),
        lambda root: (root / "papers" / "note.txt").write_text("x"),
        lambda root: (root / "datasets.yaml").write_text("datasets: []\n"),
        lambda root: (root / "corrections.yaml").write_text(CORRECTION, encoding="utf-8"),
    ],
)
def test_what_is_wrong_between_records_is_left_to_who_reads_them_all(corpus: Path, change: Change) -> None:
    change(corpus)
    assert whole(corpus)
    assert glanced(corpus, "corpus") is None


CORRECTION = """corrections:
  - paper: first2015paper
    field: title
    expect: Another title
    correct: "=1+1 weights, pruned"
    status: confirmed
    reason: x
    evidence: {page: 1, read: printed}
    by: x
    date: "2026-01-01"
"""


@pytest.mark.parametrize(
    "change",
    [
        lambda root: [first("title:", "former_ids: [old2015paper]\ntitle:")(root),
                      second("title:", "former_ids: [old2015paper]\ntitle:")(root)],
        lambda root: [first("title:", "survey_id: one\ntitle:")(root),
                      second("title:", "survey_id: one\ntitle:")(root)],
    ],
    ids=["former id", "survey id"],
)  # fmt: skip
def test_what_two_shares_take_for_themselves_is_noticed(corpus: Path, change: Change) -> None:
    change(corpus)
    assert whole(corpus)
    assert glanced(corpus, "corpus") is None


def test_shares_in_order_are_not_read_again(corpus: Path, asked: list[str]) -> None:
    kept: dict[str, str] = {}
    assert glanced(corpus, "corpus", kept) == Glance((), 2, 0)
    asked.clear()
    assert (glanced(corpus, "corpus", kept), asked) == (Glance((), 2, 0), [])


BOTH = {"first2015paper", "second2016paper"}


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (first("top1: 71.0", "top1: 72.0"), {"first2015paper"}),
        (first("top1: 71.0", "top1: high"), {"first2015paper"}),
        (lambda root: edit(root / "sweeps" / "second2016paper-vgg-16.csv", "\n", "\n\n"), {"second2016paper"}),
        (lambda root: edit(root / "sweeps" / "second2016paper-vgg-16.csv", "top1", "top"), {"second2016paper"}),
        (lambda root: edit(root / "datasets.yaml", "datasets:", "# A word.\ndatasets:"), BOTH),
        (first("title:", "survey_id: one\ntitle:"), {"first2015paper"}),
    ],
    ids=["record", "fault", "sweep", "fault of a sweep", "shared file", "header"],
)  # fmt: skip
def test_a_change_is_seen_where_shares_are_kept(corpus: Path, asked: list[str], change: Change, read: set[str]) -> None:
    kept: dict[str, str] = {}
    glanced(corpus, "corpus", kept)
    asked.clear()
    change(corpus)
    assert glanced(corpus, "corpus", kept) == Glance(tuple(whole(corpus)), 2, 0)
    assert {Path(name).stem for name in asked} == read


def test_a_share_at_fault_is_not_kept(corpus: Path) -> None:
    first("top1: 71.0", "top1: high")(corpus)
    kept: dict[str, str] = {}
    first_time, second_time = (glanced(corpus, "corpus", kept) for _ in range(2))
    assert (first_time, list(kept)) == (second_time, ["papers/second2016paper.yaml"])


def test_shares_that_are_no_more_are_not_kept(corpus: Path) -> None:
    kept = {"papers/gone2014paper.yaml": "{}"}
    glanced(corpus, "corpus", kept)
    assert sorted(kept) == ["papers/first2015paper.yaml", "papers/second2016paper.yaml"]


@pytest.mark.parametrize("broken", ["", "{", "[]", "{}", '{"state": 1}'])
def test_what_was_kept_and_is_broken_is_made_anew(corpus: Path, broken: str) -> None:
    kept: dict[str, str] = {}
    glanced(corpus, "corpus", kept)
    assert glanced(corpus, "corpus", dict.fromkeys(kept, broken)) == Glance((), 2, 0)


def test_former_ids_of_kept_shares_still_clash(corpus: Path) -> None:
    kept: dict[str, str] = {}
    first("title:", "former_ids: [old2015paper]\ntitle:")(corpus)
    assert glanced(corpus, "corpus", kept) == Glance((), 2, 0)
    second("title:", "former_ids: [old2015paper]\ntitle:")(corpus)
    assert glanced(corpus, "corpus", kept) is None


def test_few_records_are_not_worth_it(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "FROM", 3)
    assert glanced(corpus, "corpus") is None


def test_a_name_that_comes_changes_few_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_SHARE", 20)
    names = [f"papers/paper{at:04}.yaml" for at in range(0, 4000, 2)]
    before = checking._shares(names)
    assert [name for share in before for name in share] == names
    assert {len(share) for share in before[:-1]} <= set(range(10, 21))
    for at in range(1, 4000, 200):
        after = checking._shares(sorted([*names, f"papers/paper{at:04}.yaml"]))
        assert sum(share not in before for share in after) <= 8


def test_a_corpus_that_is_in_order_by_shares_is_so_when_read_whole(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(kept_files.OFF, raising=False)
    monkeypatch.setattr(kept_files, "user_cache_path", lambda name: tmp_path / "cache")
    assert not kept_files.is_in_order(fingerprint_of(corpus))
    glanced_at(corpus, "corpus")
    assert kept_files.is_in_order(fingerprint_of(corpus))
    first("top1: 71.0", "top1: 171.0")(corpus)
    glanced_at(corpus, "corpus")
    assert not kept_files.is_in_order(fingerprint_of(corpus))


def test_one_process_does_without_others(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "get_context", None)
    assert glanced(corpus, "corpus", processes=1) == Glance((), 2, 0)


def test_a_record_that_changes_while_others_are_read_is_not_glanced_at(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def then_changed(*asked: Any) -> object:
        found = read_headers(*asked)
        first("top1: 71.0", "top1: 72.0")(corpus)
        return found

    monkeypatch.setattr(checking, "read_headers", then_changed)
    assert glanced(corpus, "corpus") is None


def test_whoever_holds_a_share_in_order_may_do_more(corpus: Path) -> None:
    first("top1: 71.0", "top1: high")(corpus)
    held: list[str] = []
    glanced(corpus, "corpus", also=lambda share: held.extend(paper.id for paper in share.papers))
    assert held == ["second2016paper"]
