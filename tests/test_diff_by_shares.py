"""Does a diff of a large corpus tell what one tells that reads all records, and does it read what differs alone?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from large_corpus import ANOTHER, Edit, large_corpus_in, let_be_large, names_read, put_back, replaced, written

from prunelit.analysis import dataset as datasets
from prunelit.analysis import load
from prunelit.analysis.dataset import Dataset, of_state
from prunelit.analysis.diff.states import papers_with_other_rows
from prunelit.analysis.frames import kept_files
from prunelit.cli.revision import states
from prunelit.figures.registry import DRAWN_ON_REQUEST, FIGURES
from prunelit.figures.unchanged import unchanged
from prunelit.schema.corpus_files import StateOfFolder
from prunelit.schema.fingerprint import fingerprint
from release_corpus import commit, git

_FIRST, _SECOND, _THIRD = (f"papers/{name}.yaml" for name in ("first2015paper", "second2016paper", "third2015paper"))
_SWEEP = "sweeps/second2016paper-vgg-16.csv"
_CORRECTION = """corrections:
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
_ACKNOWLEDGEMENT = """acknowledgements:
  - rule: missing-venue
    paper: first2015paper
    reason: x
    excuses: [{values: [x]}]
"""


def renamed(root: Path) -> None:
    (root / _THIRD).rename(root / "papers" / "fourth2015paper.yaml")
    replaced("papers/fourth2015paper.yaml", "id: third", "id: fourth")(root)


_ALL = {"first2015paper", "second2016paper", "third2015paper"}
EDITS: dict[str, tuple[Edit, set[str]]] = {
    "nothing": (lambda root: None, set()),
    "a number": (replaced(_FIRST, "top1: 71.0", "top1: 70.5"), {"first2015paper"}),
    "digits of a number": (replaced(_FIRST, "top1: 71.0", "top1: 71.00"), {"first2015paper"}),
    "a word about a record": (replaced(_FIRST, "title:", "# Read again.\ntitle:"), {"first2015paper"}),
    "a median": (replaced(_FIRST, "base_top1: 71.50", "base_top1: 73.50"), {"first2015paper"}),
    "a size": (replaced(_THIRD, "base_params: 138M", "base_params: 100M"), {"third2015paper"}),
    "a point of a sweep": (replaced(_SWEEP, "71.20", "71.30"), {"second2016paper"}),
    "a title": (replaced(_SECOND, "again", "once more"), {"second2016paper"}),
    "an author": (replaced(_FIRST, "Lovelace, Ada", "Hopper, Grace"), {"first2015paper"}),
    "a year": (replaced(_FIRST, "year: 2015", "year: 2014"), {"first2015paper"}),
    "a comparison": (replaced(_FIRST, "methods:", "compares_to:\n  - third2015paper\nmethods:"), _ALL),
    "a name": (replaced(_FIRST, "dataset: CIFAR-10", "dataset: MNIST"), {"first2015paper"}),
    "a record that comes": (
        written("papers/new2015paper.yaml", ANOTHER),
        _ALL | {"new2015paper"},
    ),
    "a record that goes": (lambda root: (root / _THIRD).unlink(), _ALL),
    "a record under another name": (renamed, _ALL | {"fourth2015paper"}),
    "an entry of a vocabulary": (
        replaced("datasets.yaml", "datasets:\n", "datasets:\n  - name: Zebras\n"), _ALL,
    ),
    "a correction": (written("corrections.yaml", _CORRECTION), _ALL),
    "an acknowledgement": (
        written("acknowledgements.yaml", _ACKNOWLEDGEMENT), _ALL,
    ),
}  # fmt: skip


def claims(survey: Dataset) -> pd.DataFrame:
    """Claims that nothing need be entered for."""
    rows = [{"claim": "It has results.", "source": "x", "computed": str(len(survey.results())), "verdict": "holds"}]
    return pd.DataFrame(rows, dtype="string")


def prepared(place: Path, patch: pytest.MonkeyPatch) -> None:
    """Let the corpus in a folder be large, and forget what this process remembers."""
    let_be_large(place, patch)
    patch.setattr(datasets, "_LATEST", {})
    patch.setattr(load, "_LAST", {})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with a repository, in which are a corpus of three papers and the tables of all, and a copy of it."""
    place = tmp_path_factory.mktemp("repository")
    with pytest.MonkeyPatch.context() as patch:
        prepared(place, patch)
        found = large_corpus_in(place)
        commit(place)
        datasets.dataset(found).normalized()
    return place, shutil.copytree(place, place.with_name(f"{place.name}-copy"))


@pytest.fixture
def root(made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The corpus as it was made."""
    found = put_back(*made)
    prepared(found.parent, monkeypatch)
    monkeypatch.chdir(found.parent)
    monkeypatch.setattr("prunelit.analysis.pages.changes.claims_table", claims)
    return found


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The records that are read, each time that they are."""
    return names_read(monkeypatch)


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """Corpora that were read whole, by their fingerprint."""
    return {}


@pytest.fixture
def read_whole(known: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Turns the cache off: a diff reads all records from now on, those of the same bytes once for all tests."""
    read_checked = load.read_checked

    def remembered(files: StateOfFolder) -> Any:
        key = fingerprint(files.digests)
        if key not in known:
            known[key] = read_checked(files)
        return known[key]

    def turned_off() -> None:
        monkeypatch.setenv(kept_files.OFF, "1")
        monkeypatch.setattr(load, "read_checked", remembered)

    return turned_off


@pytest.mark.parametrize("what", EDITS)
def test_what_is_told_is_what_reading_all_records_tells(
    what: str, root: Path, read: list[str], run: Callable[..., Any], read_whole: Callable[[], None]
) -> None:
    edit, names = EDITS[what]
    edit(root)
    read.clear()
    found = run("diff", "HEAD")
    assert {Path(name).stem for name in read} == names
    read_whole()
    expected = run("diff", "HEAD")
    assert found.out.splitlines() == expected.out.splitlines()
    assert found == expected


@pytest.mark.parametrize("what", ["nothing", "a word about a record", "an acknowledgement"])
def test_what_moves_no_column_that_is_drawn_draws_no_figure(what: str, root: Path) -> None:
    EDITS[what][0](root)
    before, after = (of_state(one) for one in states(root.parent, "HEAD", None))  # type: ignore[arg-type]
    papers = papers_with_other_rows(before, after)
    assert papers is not None
    assert unchanged(before, after, papers) == FIGURES.keys() - DRAWN_ON_REQUEST


def test_two_revisions_are_compared_whatever_the_files_are(root: Path, run: Callable[..., Any]) -> None:
    EDITS["a number"][0](root)
    commit(root.parent)
    expected = run("diff", "HEAD~1", "HEAD")
    EDITS["a record that goes"][0](root)
    EDITS["a name"][0](root)
    assert run("diff", "HEAD~1", "HEAD") == expected
    assert "| top1 | 71.0 | 70.5 |" in expected.out


def test_links_of_the_files_are_not_those_of_a_revision(root: Path, run: Callable[..., Any]) -> None:
    (root / _FIRST).rename(root.parent / "elsewhere.yaml")
    (root / _FIRST).symlink_to(root.parent / "elsewhere.yaml")
    status, _, err = run("diff", "HEAD")
    assert (status, "leads out of the corpus" in err) == (1, True)
    git(root.parent, "commit", "--quiet", "--allow-empty", "--message", "x")
    assert run("diff", "HEAD~1", "HEAD").status == 0


def test_a_corpus_at_fault_says_what_is_wrong(root: Path, run: Callable[..., Any]) -> None:
    replaced(_FIRST, "top1: 71.0", "top1: high")(root)
    status, _, err = run("diff", "HEAD")
    assert (status, "corpus/papers/first2015paper.yaml:" in err, "high" in err) == (1, True, True)
