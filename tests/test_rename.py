"""Does ``prunelit rename`` change a name wherever it stands, all or nothing, and leave the old one as an alias?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prunelit.analysis.load import find_paper, load_corpus
from prunelit.cli import rename as command
from prunelit.schema.corpus import read_corpus, shipped
from prunelit.schema.rules import check_corpus

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vocabularies that ship, and a few papers without references to others."""
    root = tmp_path_factory.mktemp("small") / "corpus"
    shutil.copytree(shipped(), root, ignore=shutil.ignore_patterns("*.csv", "papers", "*.md", "manifest.yaml"))
    (root / "papers").mkdir()
    for name in ("corrections", "exclusions", "groups", "acknowledgements"):
        (root / f"{name}.yaml").write_text(f"{name}: []\n", encoding="utf-8")
    collections = (root / "collections.yaml").read_text(encoding="utf-8")
    (root / "collections.yaml").write_text(_open(collections), encoding="utf-8")
    (root / "methods.yaml").write_text(METHODS, encoding="utf-8")
    (root / "papers" / "ada2015pruning.yaml").write_text(ADA, encoding="utf-8")
    (root / "papers" / "bob2016title.yaml").write_text(BOB, encoding="utf-8")
    corpus, problems = read_corpus(root)
    assert problems + check_corpus(corpus) == []
    return root


def _open(text: str) -> str:
    """Collections of which none is closed."""
    lines = text.splitlines(keepends=True)
    kept, skip = [], False
    for line in lines:
        skip = line.startswith("    closed:") or (skip and line.startswith("      "))
        kept += [] if skip else [line]
    return "".join(kept)


METHODS = """\
methods:
  - name: Sieve # of the first paper
    proposed_by: ada2015pruning
    spellings: [sieve]
"""
ADA = """\
schema_version: {version}
id: ada2015pruning # the first
title: "VGG-netslim, and how it is pruned"
authors: ["Lovelace, Ada"]
published: {year: 2015}
collections: [contributed]
methods:
  - name: Sieve
  - name: Riddle
experiments:
  # VGG-netslim stands here
  - dataset: Tiny ImageNet
    architecture: VGG-netslim # a variant
    collections: [contributed]
    base_top1: 70.10
    curves:
      - method: Sieve
        origin: own
        points:
          - {top1: 70.0, params_kept: 0.50}
"""
BOB = """\
schema_version: {version}
id: bob2016title
title: Title
authors: ["Menabrea, Bob"]
published: {year: 2016}
collections: [contributed]
compares_to: [ada2015pruning] # Table 1
experiments:
  - dataset: "Tiny ImageNet"
    architecture: VGG-netslim
    collections: [contributed]
    curves:
      - method: sieve
        canonical_method: Sieve
        origin: rerun
        proposed_by: ada2015pruning
        points:
          - {top1: 71.0}
"""
VERSION = str(load_corpus().papers[0].schema_version)
ADA, BOB = (text.replace("{version}", VERSION) for text in (ADA, BOB))


@pytest.fixture
def here(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That corpus, in the current folder."""
    shutil.copytree(small, tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "corpus"


def texts(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.yaml"))}


def changed(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """The lines of each file that are new."""
    files = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {
        name: [line for line in after.get(name, "").splitlines() if line not in before.get(name, "").splitlines()]
        for name in files
    }


def test_an_architecture_changes_wherever_it_is_named(here: Path, run: Run) -> None:
    before = texts(here)
    done = run("rename", "VGG-netslim", "VGG-19 (slim)")
    assert (done.status, "in 2 places" in done.err) == (0, True)
    assert changed(before, texts(here)) == {
        "architectures.yaml": ["  - name: VGG-19 (slim)", "    aliases: [VGG-netslim]"],
        "papers/ada2015pruning.yaml": ["    architecture: VGG-19 (slim) # a variant"],
        "papers/bob2016title.yaml": ["    architecture: VGG-19 (slim)"],
    }


def test_text_and_comments_that_hold_the_name_stay(here: Path, run: Run) -> None:
    run("rename", "VGG-netslim", "VGG-19 (slim)")
    text = texts(here)["papers/ada2015pruning.yaml"]
    assert '"VGG-netslim, and how it is pruned"' in text
    assert "  # VGG-netslim stands here\n" in text


def test_an_architecture_that_others_are_variants_of_changes_there_too(here: Path, run: Run) -> None:
    assert run("rename", "VGG-Torch-CIFAR10", "VGG-16-Torch").status == 0
    assert "variant_of: VGG-16-Torch\n" in texts(here)["architectures.yaml"]


def test_an_alias_is_added_to_those_that_there_are(here: Path, run: Run) -> None:
    run("rename", "Tiny ImageNet", "ImageNet-200")
    vocabulary = texts(here)["datasets.yaml"]
    assert "  - name: ImageNet-200\n    aliases: [Tiny-ImageNet, TinyImageNet, Tiny ImageNet]\n" in vocabulary
    assert "dataset: ImageNet-200\n" in texts(here)["papers/bob2016title.yaml"]


def test_a_name_and_its_alias_change_places(here: Path, run: Run) -> None:
    run("rename", "Tiny ImageNet", "TinyImageNet")
    assert "  - name: TinyImageNet\n    aliases: [Tiny-ImageNet, Tiny ImageNet]\n" in texts(here)["datasets.yaml"]


def test_a_method_changes_its_canonical_name_alone(here: Path, run: Run) -> None:
    before = texts(here)
    run("rename", "Sieve", "Sieving, in full")
    assert changed(before, texts(here)) == {
        "methods.yaml": ['  - name: "Sieving, in full" # of the first paper', "    aliases: [Sieve]"],
        "papers/bob2016title.yaml": ['        canonical_method: "Sieving, in full"'],
    }
    assert {one.value.id for one in read_corpus(here)[0].documents} == {"ada2015pruning", "bob2016title"}


def test_a_method_that_its_record_alone_lists_gets_an_entry(here: Path, run: Run) -> None:
    before = texts(here)
    run("rename", "Riddle", "Puzzle")
    assert changed(before, texts(here)) == {"methods.yaml": ["  - name: Puzzle", "    spellings: [Riddle]"]}
    assert texts(here)["methods.yaml"].startswith("methods:\n  - name: Puzzle\n    proposed_by: ada2015pruning\n")


def test_a_paper_changes_its_file_and_all_references(here: Path, run: Run) -> None:
    before = texts(here)
    assert run("rename", "ada2015pruning", "lovelace2015pruning").status == 0
    after = texts(here)
    assert after["papers/lovelace2015pruning.yaml"] == before["papers/ada2015pruning.yaml"].replace(
        "id: ada2015pruning # the first\n", "id: lovelace2015pruning # the first\nformer_ids: [ada2015pruning]\n"
    )
    assert "papers/ada2015pruning.yaml" not in after
    assert changed(before, after)["papers/bob2016title.yaml"] == [
        "compares_to: [lovelace2015pruning] # Table 1",
        "        proposed_by: lovelace2015pruning",
    ]
    assert changed(before, after)["methods.yaml"] == ["    proposed_by: lovelace2015pruning"]


def test_a_paper_is_found_by_its_former_id(here: Path, run: Run) -> None:
    run("rename", "ada2015pruning", "lovelace2015pruning")
    run("rename", "lovelace2015pruning", "king2015pruning")
    corpus = read_corpus(here)[0]
    assert find_paper(corpus, "ada2015pruning").former_ids == ("ada2015pruning", "lovelace2015pruning")


def test_a_reference_by_a_former_id_is_told_with_the_one_of_today(here: Path, run: Run) -> None:
    run("rename", "ada2015pruning", "lovelace2015pruning")
    record = here / "papers" / "bob2016title.yaml"
    record.write_text(record.read_text().replace("[lovelace2015pruning]", "[ada2015pruning]"))
    [problem] = check_corpus(read_corpus(here)[0])
    assert problem.message == "paper 'ada2015pruning' is called 'lovelace2015pruning' now; use that id"


def test_a_former_id_belongs_to_one_record(here: Path, run: Run) -> None:
    record = here / "papers" / "bob2016title.yaml"
    record.write_text(record.read_text().replace("title: Title", "former_ids: [ada2015pruning]\ntitle: Title"))
    [problem] = check_corpus(read_corpus(here)[0])
    assert problem.message == "'ada2015pruning' is the id of another record"


@pytest.mark.parametrize("name", ["VGG-netslim", "Tiny ImageNet", "Sieve", "ada2015pruning"])
def test_a_corpus_stays_valid(here: Path, run: Run, name: str) -> None:
    new = "king2015pruning" if name == "ada2015pruning" else "Another: name"
    assert run("rename", name, new).status == 0
    corpus, problems = read_corpus(here)
    assert problems + check_corpus(corpus) == []


def test_there_and_back_changes_nothing_but_aliases(here: Path, run: Run) -> None:
    before = texts(here)
    run("rename", "VGG-netslim", "VGG-19 (slim)")
    run("rename", "VGG-19 (slim)", "VGG-netslim")
    assert changed(before, texts(here)) == {"architectures.yaml": ["    aliases: [VGG-19 (slim)]"]}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("VGG-netslim", "VGG-16", "'VGG-16' is the name of another architecture"),
        ("VGG-netslim", "ResNet50", "'ResNet50' is the name of another architecture"),
        ("VGG-netslim", "VGG-netslim", "'VGG-netslim' is its name already"),
        ("VGG-netslimm", "VGG", "did you mean 'VGG-netslim'?"),
        ("ada2015pruning", "bob2016title", "'bob2016title' is the name of another paper"),
        ("Sieve", "Riddle", "'Riddle' is the name of another method"),
    ],
)
def test_a_name_that_cannot_be_used_changes_nothing(here: Path, run: Run, old: str, new: str, said: str) -> None:
    before = texts(here)
    done = run("rename", old, new)
    assert (done.status, said in done.err, texts(here)) == (2, True, before)


def test_a_name_that_the_rules_refuse_changes_nothing(here: Path, run: Run) -> None:
    before = texts(here)
    done = run("rename", "ada2015pruning", "Ada 2015")
    assert (done.status, "the id of a record" in done.err, texts(here)) == (1, True, before)


def test_what_has_the_same_name_is_told_apart_by_its_kind(here: Path, run: Run) -> None:
    (here / "methods.yaml").write_text(METHODS.replace("Sieve", "VGG-netslim"), encoding="utf-8")
    record = here / "papers" / "bob2016title.yaml"
    record.write_text(record.read_text().replace("canonical_method: Sieve", "canonical_method: VGG-netslim"))
    done = run("rename", "VGG-netslim", "New")
    assert (done.status, "method VGG-netslim" in done.err, "--kind" in done.err) == (2, True, True)
    assert run("rename", "VGG-netslim", "New", "--kind", "method").status == 0
    assert "  - name: VGG-netslim\n" in texts(here)["architectures.yaml"]


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, write = texts(here), command.write_text

    def full(path: Path, text: str) -> None:
        if path == here / "architectures.yaml":
            raise OSError(28, "No space left on device")
        write(path, text)

    monkeypatch.setattr(command, "write_text", full)
    assert run("rename", "VGG-netslim", "VGG-19 (slim)").status == 2
    assert texts(here) == before


def test_results_that_corrections_and_acknowledgements_mean_change_with_them(here: Path, run: Run) -> None:
    (here / "corrections.yaml").write_text("""\
corrections:
  - paper: ada2015pruning
    result: {dataset: Tiny ImageNet, architecture: VGG-netslim}
    field: base_top1
    expect: 70.10
    correct: 71.10
    reason: A digit.
    evidence: The paper.
    date: "2026-11-20"
    status: applied
""")
    (here / "acknowledgements.yaml").write_text("""\
acknowledgements:
  - rule: some-rule
    paper: ada2015pruning
    reason: The source says so.
    excuses:
      - dataset: Tiny ImageNet
        architecture: VGG-netslim
        values: ["base_top1 70.10, VGG-netslim"]
""")
    assert run("rename", "VGG-netslim", "VGG-19 (slim)").status == 0
    after = texts(here)
    assert "result: {dataset: Tiny ImageNet, architecture: VGG-19 (slim)}" in after["corrections.yaml"]
    assert "        architecture: VGG-19 (slim)\n" in after["acknowledgements.yaml"]
    assert "base_top1 70.10, VGG-19 (slim)" in after["acknowledgements.yaml"]
