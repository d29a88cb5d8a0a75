"""Can a closed collection change without being told, and does anything else count as a change of it?"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from prunelit.schema.canonical import canonical_text
from prunelit.schema.closed import content, seal
from prunelit.schema.closed_changes import closed_now
from prunelit.schema.corpus import Corpus, read_corpus, shipped
from prunelit.schema.manifest import Manifest
from prunelit.schema.rules import check_corpus
from prunelit.schema.tree import tree_of
from prunelit.schema.values import Value, written

Run = Callable[..., Any]

ADA = """\
schema_version: 2
id: ada2015title
title: A title
authors: ["Lovelace, Ada"]
published: {year: 2015, month: 3}
venue: ICLR
survey_id: ada
collections: [mine, other]
compares_to: [bob2016other, cia2017more]
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [mine]
    base_top1: 93.0
    base_locator: {table: 1}
    note: A remark.
    curves:
      - method: Cut
        origin: rerun
        locator: {table: 1}
        points:
          - survey_row: 7
            top1: 92.0
            params: 1.50M
          - top1: 91.0
            params: 1.00M
            metrics:
              - {metric: perplexity, value: 5.68}
          - top1: 90.5
            params: 0.80M
      - method: Sweep
        origin: rerun
        sweep: true
        points_file: ada-runs.csv
  - dataset: MNIST
    architecture: LeNet-5
    collections: [mine]
    survey_row: 8
    method: Cut
  - dataset: MNIST
    architecture: LeNet-300-100
    collections: [other]
    base_top1: 98.0
"""
BOB = ADA.partition("survey_id")[0].replace("ada2015title", "bob2016other") + "collections: [mine]\n"
CIA = BOB.replace("bob2016other", "cia2017more").replace("[mine]", "[other]")
SWEEP = "setting:rate,top1,params_kept\n0.1,90.0,0.5\n0.2,89.0,0.4\n"
COLLECTIONS = """\
collections:
  - {name: mine, title: Mine, source: me, closed: true}
  - {name: other, title: Other, source: me}
"""
FILE, OTHER = "corpus/papers/ada2015title.yaml", "corpus/papers/bob2016other.yaml"


def git(*arguments: object) -> None:
    identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True, env=os.environ | identity | alone)


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "x")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus of a closed collection of two papers, and its manifest."""
    place = tmp_path_factory.mktemp("closed")
    root = place / "corpus"
    shutil.copytree(shipped(), root, ignore=shutil.ignore_patterns("*.csv", "papers", "manifest.yaml"))
    for name in ("acknowledgements", "corrections", "exclusions", "groups", "methods"):
        (root / f"{name}.yaml").write_text(f"{name}: []\n")
    (root / "collections.yaml").write_text(COLLECTIONS)
    (root / "papers").mkdir()
    for name, text in (("ada2015title", ADA), ("bob2016other", BOB), ("cia2017more", CIA)):
        (root / "papers" / f"{name}.yaml").write_text(text)
    (root / "sweeps" / "ada-runs.csv").write_text(SWEEP)
    corpus, problems = read_corpus(root)
    assert problems == []
    entry = closed_now("mine", corpus).model_dump()
    (root / "manifest.yaml").write_text(canonical_text(tree_of({"manifest": [entry]}), Manifest))
    return place


@pytest.fixture
def closed(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and the current folder in it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told() -> list[str]:
    """What a check of the whole corpus says."""
    corpus, problems = read_corpus(Path("corpus"))
    return [str(one) for one in [*problems, *check_corpus(corpus)]]


def edit(old: str, new: str, file: str = FILE) -> None:
    text = Path(file).read_text()
    assert old in text
    Path(file).write_text(text.replace(old, new, 1))


def test_a_closed_collection_that_is_as_it_was_is_in_order(closed: Path) -> None:
    assert told() == []


SAYS = "says something else in"
LAST = "          - top1: 90.5\n            params: 0.80M\n"
ALTERATIONS = {
    "value of a point": ("top1: 92.0", "top1: 92.1", 22, f"{SAYS} row 7;"),
    "digit of a value": ("top1: 92.0", "top1: 92.00", 22, f"{SAYS} row 7;"),
    "value under another name": ("params: 1.50M", "flops: 1.50M", 22, f"{SAYS} row 7;"),
    "value in another metric": ("value: 5.68", "value: 5.86", 25, f"{SAYS} ResNet-56 on CIFAR-10 by Cut, 1;"),
    "value lost": ("            params: 1.50M\n", "", 22, f"{SAYS} row 7;"),
    "value gained": ("top1: 92.0", "top1: 92.0\n            top5: 99.0", 22, f"{SAYS} row 7;"),
    "unpruned model": ("base_top1: 93.0", "base_top1: 93.1", 22, f"{SAYS} row 7, ResNet-56 on CIFAR-10 by Cut, 1, "),
    "dataset": ("dataset: CIFAR-10", "dataset: CIFAR-100", 22, f"{SAYS} row 7"),
    "architecture without numbers": ("LeNet-5\n", "LeNet-300-100\n", 35, f"{SAYS} row 8;"),
    "method": ("method: Cut", "method: Cutting", 22, f"{SAYS} row 7"),
    "origin": ("origin: rerun", "origin: unclear", 22, f"{SAYS} row 7"),
    "row lost": (LAST, "", 10, "has lost ResNet-56 on CIFAR-10 by Cut, 2;"),
    "row gained": (LAST, LAST + LAST, 31, "has gained ResNet-56 on CIFAR-10 by Cut, 3;"),
    "number of a row": ("survey_row: 7", "survey_row: 9", 10, "has lost row 7;"),
    "experiment gained": ("[other]\n    base", "[mine]\n    base", 40, "has gained LeNet-300-100 on MNIST, 1;"),
    "experiment lost": ("[mine]\n    survey", "[other]\n    survey", 10, "has lost row 8;"),
    "membership lost": ("[mine, other]", "[other]", 13, "the paper's own 'collections' do not list 'mine'"),
    "comparison lost": ("[bob2016other, cia", "[cia", 9, "has lost comparison with bob2016other;"),
    "survey id": ("survey_id: ada", "survey_id: eve", 7, f"{SAYS} survey_id;"),
    "date": ("month: 3", "month: 4", 5, f"{SAYS} published;"),
    "venue": ("venue: ICLR", "venue: ICML", 6, f"{SAYS} venue;"),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_of_a_record_is_told_at_its_line(name: str, closed: Path) -> None:
    old, new, line, says = ALTERATIONS[name]
    edit(old, new)
    found = told()
    assert [one for one in found if one.startswith(f"{FILE}:{line}:") and says in one], found


def test_a_comparison_between_members_must_not_be_gained(closed: Path) -> None:
    edit("collections: [mine]", "compares_to: [ada2015title]\ncollections: [mine]", OTHER)
    [found] = told()
    assert found.startswith(f"{OTHER}:7:")
    assert "has gained comparison with ada2015title; what is found later" in found


def test_an_added_comparison_counts_where_it_says(closed: Path) -> None:
    edit(
        "collections: [mine]",
        "collections: [mine]\nadded_comparisons: [{paper: ada2015title, collections: [other]}]",
        OTHER,
    )
    assert told() == []
    edit("collections: [other]}", "collections: [mine]}", OTHER)
    assert "has gained comparison with ada2015title" in told()[0]


def test_a_paper_must_not_be_gained(closed: Path) -> None:
    edit("collections: [other]", "collections: [mine, other]", "corpus/papers/cia2017more.yaml")
    [found] = told()
    assert found.startswith("corpus/papers/cia2017more.yaml:7:15: closed-collection: ")
    assert "this paper is none of its papers; what is found later belongs to another collection" in found


def test_a_paper_must_not_leave(closed: Path) -> None:
    edit("collections: [mine]", "collections: [other]", OTHER)
    [found] = told()
    assert found.startswith(f"{OTHER}:7:1: closed-collection: ")
    assert "holds this paper, which does not name it any more; put it back" in found


def test_a_record_must_not_vanish(closed: Path) -> None:
    edit("[bob2016other, cia", "[cia")
    Path(OTHER).unlink()
    assert any(
        one.startswith("corpus/manifest.yaml:") and "'bob2016other', whose record is gone" in one for one in told()
    )


def test_a_value_of_a_sweep_must_not_change(closed: Path) -> None:
    edit("89.0", "89.1", "corpus/sweeps/ada-runs.csv")
    [found] = told()
    assert found.startswith(f"{FILE}:34:")
    assert f"{SAYS} sweep ada-runs.csv;" in found


def test_a_value_that_is_a_mistake_too_is_told_once(closed: Path) -> None:
    edit("dataset: CIFAR-10", "dataset: CIFAR10")
    [found] = told()
    assert "known-names" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A title", "title: A better title"),
        ('"Lovelace, Ada"', '"Lovelace, Ada", "Babbage, Charles"'),
        ("note: A remark.", "note: Another remark."),
        ("locator: {table: 1}", "locator: {table: 2, page: 3}"),
        ("compares_to: [bob2016other, cia2017more]", "compares_to: [bob2016other]"),
        ("base_top1: 98.0", "base_top1: 98.5"),
        ("collections: [mine]\n    base", "collections: [mine, other]\n    base"),
        ("dataset: CIFAR-10\n    architecture: ResNet-56", "architecture: ResNet-56\n    dataset: CIFAR-10"),
        ("top1: 92.0", "top1: 92.0 # as printed"),
        ("          - top1: 90.5\n            params: 0.80M", "          - {params: 0.80M, top1: 90.5}"),
    ],
)
def test_what_does_not_belong_to_the_collection_may_change(old: str, new: str, closed: Path) -> None:
    edit(old, new)
    assert told() == []


def test_later_experiments_may_stand_anywhere(closed: Path) -> None:
    edit(
        "experiments:",
        "experiments:\n  - {dataset: MNIST, architecture: LeNet-5, collections: [other], base_top1: 99.1}",
    )
    assert told() == []


@pytest.mark.parametrize("old", [", closed: true", "  - {name: mine"])
def test_a_collection_is_not_opened_in_silence(old: str, closed: Path) -> None:
    edit(old, "" if old.startswith(",") else "  - {name: theirs", "corpus/collections.yaml")
    assert told() != []


def test_a_closed_collection_needs_its_manifest(closed: Path) -> None:
    Path("corpus/manifest.yaml").unlink()
    [found] = told()
    assert found.startswith("corpus/collections.yaml:2:")
    assert "'mine' is closed, but manifest.yaml does not say" in found


def test_one_record_alone_is_held_against_the_manifest(closed: Path, run: Run) -> None:
    assert run("check", FILE).status == 0
    edit("top1: 92.0", "top1: 92.1")
    assert run("check", OTHER).status == 0
    status, out, _ = run("check", FILE)
    assert (status, f"{FILE}:22:13: closed-collection: " in out) == (1, True)


def test_the_audit_refuses_what_the_check_refuses(closed: Path, run: Run) -> None:
    edit("top1: 92.0", "top1: 92.1")
    status, _, err = run("audit", "corpus")
    assert (status, "closed-collection" in err) == (1, True)


def test_a_digest_is_that_of_named_values() -> None:
    assert seal({"a": "1", "b": "2"}) == seal({"b": "2", "a": "1"})
    assert seal({"a": Decimal("1.0")}) == seal({"a": "1.0"}) != seal({"a": Decimal("1")})
    assert seal({"a": "1", "b": "2"}) != seal({"a": "1b", "": "2"}) != seal({"a": "2", "b": "1"})


def test_a_field_that_a_record_does_not_use_is_no_value(closed: Path) -> None:
    paper = read_corpus(Path("corpus"))[0].by_id["ada2015title"]
    found = content(paper, "mine", {"ada2015title"}, {})
    assert found["row 7"].values == {
        "dataset": "CIFAR-10", "architecture": "ResNet-56", "base_top1": Decimal("93.0"), "method": "Cut",
        "origin": "rerun", "survey_row": 7, "top1": Decimal("92.0"), "params": Decimal("1.50E+6"),
    }  # fmt: skip


@pytest.fixture
def repository(closed: Path) -> Path:
    """The same in a repository of git, with one commit."""
    git("init", "--quiet")
    commit()
    return closed


def correct(**said: object) -> None:
    """A correction of the record, and nothing else."""
    usual = {"paper": "ada2015title", "reason": "A slip.", "evidence": "Table 1.", "date": '"2026-01-01"'}
    lines = (f"    {name}: {value}\n" for name, value in {**usual, "status": "applied", **said}.items())
    Path("corpus/corrections.yaml").write_text("corrections:\n  -" + "".join(lines)[3:])


def test_the_manifest_is_not_remade_without_a_correction(repository: Path, run: Run) -> None:
    edit("top1: 92.0", "top1: 92.1")
    before = Path("corpus/manifest.yaml").read_text()
    status, out, err = run("manifest")
    assert out == "ada2015title, row 7: top1 92.0 -> 92.1: no correction explains it\n"
    assert (status, err.startswith("1 of 1 changes without a correction: nothing is written")) == (1, True)
    assert Path("corpus/manifest.yaml").read_text() == before


@pytest.mark.parametrize(
    ("said", "edited"),
    [
        ({"survey_row": 7, "field": "top1", "expect": "92.0", "correct": "92.1"}, ("top1: 92.0", "top1: 92.1")),
        ({"survey_row": 7, "field": "params", "expect": "1.50M", "correct": "1.60M"}, ("1.50M", "1.60M")),
        ({"survey_row": 7, "field": "params", "expect": "1.50M"}, ("            params: 1.50M\n", "")),
        ({"result": "{method: Cut}", "field": "params", "expect": "0.80M", "correct": "0.90M"}, ("0.80M", "0.90M")),
        ({"field": "venue", "expect": "ICLR", "correct": "ICML"}, ("venue: ICLR", "venue: ICML")),
        ({"field": "month", "expect": "3", "correct": "4"}, ("month: 3", "month: 4")),
        ({"field": "compares_to", "expect": "bob2016other"}, ("[bob2016other, cia", "[cia")),
    ],
)
def test_a_correction_lets_its_value_change(
    said: dict[str, object], edited: tuple[str, str], repository: Path, run: Run
) -> None:
    correct(**said)
    assert told() == []
    commit()
    edit(*edited)
    Path("corpus/corrections.yaml").write_text("corrections: []\n")
    assert "closed-collection" in told()[0]
    status, out, err = run("manifest")
    assert (status, out.endswith(": A slip.\ncorpus/manifest.yaml\n"), err) == (0, True, "1 change explained")
    assert told() == []


@pytest.mark.parametrize(
    "said",
    [
        {"survey_row": 7, "field": "top1", "expect": "92.0", "correct": "92.2"},
        {"survey_row": 7, "field": "top1", "expect": "92.0", "correct": "92.1", "status": "proposed"},
        {"survey_row": 8, "field": "top1", "expect": "92.0", "correct": "92.1"},
        {"survey_row": 7, "field": "top5", "expect": "92.0", "correct": "92.1"},
        {"survey_row": 7, "field": "top1", "expect": "92.0", "correct": "92.1", "paper": "bob2016other"},
    ],
)
def test_another_correction_does_not(said: dict[str, object], repository: Path, run: Run) -> None:
    correct(**said)
    commit()
    edit("top1: 92.0", "top1: 92.1")
    Path("corpus/corrections.yaml").write_text("corrections: []\n")
    assert run("manifest").status == 1


@pytest.mark.parametrize(
    ("edited", "says"),
    [
        ((LAST, LAST + LAST), "gained (architecture ResNet-56, "),
        ((LAST, ""), "ResNet-56 on CIFAR-10 by Cut, 2: lost (architecture ResNet-56, "),
        (("[mine, other]", "[other, mine]"), ""),
    ],
)
def test_rows_that_come_or_go_are_never_explained(
    edited: tuple[str, str], says: str, repository: Path, run: Run
) -> None:
    edit(*edited)
    status, out, _ = run("manifest")
    assert (status, says in out) == (int(bool(says)), True)


def test_a_name_that_became_an_alias_explains_itself(repository: Path, run: Run) -> None:
    edit("  - name: CIFAR-10\n", "  - name: Small Images\n    aliases: [CIFAR-10]\n", "corpus/datasets.yaml")
    text = Path("corpus/datasets.yaml").read_text()
    Path("corpus/datasets.yaml").write_text(
        text.replace("    aliases: [CIFAR-10]\n    aliases: [", "    aliases: [CIFAR-10, ")
    )
    edit("dataset: CIFAR-10", "dataset: Small Images")
    status, out, _ = run("manifest")
    assert (status, "dataset CIFAR-10 -> Small Images: 'CIFAR-10' is an alias of 'Small Images'" in out) == (0, True)
    assert [one for one in told() if "closed-collection" in one] == []


def test_a_change_that_was_committed_is_no_state_to_start_from(repository: Path, run: Run) -> None:
    edit("top1: 92.0", "top1: 92.1")
    commit()
    status, _, err = run("manifest")
    assert (status, "the records of HEAD do not fit its manifest either" in err) == (2, True)
    status, out, _ = run("manifest", "--against", "HEAD~1")
    assert (status, "no correction explains it" in out) == (1, True)


def test_a_revision_without_manifest_explains_no_change(closed: Path, run: Run) -> None:
    kept = Path("corpus/manifest.yaml").read_text()
    Path("corpus/manifest.yaml").unlink()
    git("init", "--quiet")
    commit()
    Path("corpus/manifest.yaml").write_text(kept)
    edit("top1: 92.0", "top1: 92.1")
    assert run("manifest").status == 2


def test_a_collection_that_is_closed_only_now_gets_its_manifest(closed: Path, run: Run) -> None:
    kept = Path("corpus/manifest.yaml").read_text()
    Path("corpus/manifest.yaml").unlink()
    git("init", "--quiet")
    commit()
    status, _, err = run("manifest")
    assert (status, err) == (0, "0 changes explained; 'mine' is closed now")
    assert Path("corpus/manifest.yaml").read_text().endswith(kept)


def test_nothing_is_written_where_a_record_is_at_fault(repository: Path, run: Run) -> None:
    edit("top1: 92.0", "top1: much")
    before = Path("corpus/manifest.yaml").read_text()
    assert run("manifest").status == 1
    assert Path("corpus/manifest.yaml").read_text() == before


def test_the_shipped_manifest_is_what_the_command_writes(whole: Corpus) -> None:
    entries = [closed_now(one.name, whole) for one in whole.collections if one.closed]
    assert tuple(entries) == whole.part("manifest")


@pytest.mark.parametrize("text", ["25.6M", "4.09G", "1.2T", "300K", "431000", "76.0", "0.300"])
def test_a_number_is_written_as_it_was_read(text: str) -> None:
    value = TypeAdapter(Value).validate_python(text if text[-1].isalpha() else Decimal(text))
    assert written(value) == text


def test_a_closed_collection_counts_no_reference_list(closed: Path) -> None:
    edit("compares_to: [bob2016other, cia2017more]", "compares_to: [bob2016other]\ncites: [cia2017more]")
    corpus, _ = read_corpus(Path("corpus"))
    found = [corpus.only(name).by_id["ada2015title"].cites for name in ("mine", "other")]
    assert found == [None, ("cia2017more",)]
