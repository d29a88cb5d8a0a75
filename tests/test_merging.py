"""Two branches that add to one record: what git merges, and what it leaves to a person."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from prunelit.schema.canonical import canonical
from prunelit.schema.reading import UnreadableError, parse
from prunelit.schema.record import Paper


def experiment(dataset: str, architecture: str, *points: str) -> str:
    entries = "".join(f"          - {{{point}}}\n" for point in points or ("top1: 75.0, params_kept: 0.5",))
    return (
        f"  - dataset: {dataset}\n    architecture: {architecture}\n    collections: [contributed]\n"
        f"    curves:\n      - method: Sieve\n        origin: own\n        points:\n{entries}"
    )


HEAD = "schema_version: 2\nid: ada2024sieves\ntitle: Sieves\npublished: {year: 2024}\ncollections: [contributed]\n"
FIRST, SECOND, THIRD = (
    experiment("CIFAR-10", "ResNet-56", "top1: 93.1, params_kept: 0.5", "top1: 92.4, params_kept: 0.2"),
    experiment("ImageNet", "ResNet-50"),
    experiment("ImageNet", "VGG-16"),
)


def record(*experiments: str) -> str:
    """The canonical text of a record, as ``prunelit fmt`` leaves it on each branch."""
    return canonical(f"{HEAD}experiments:\n{''.join(experiments)}", "record.yaml", Paper)


BASE = record(FIRST, SECOND, THIRD)
NEW, OTHER = experiment("CIFAR-10", "VGG-16"), experiment("ImageNet", "ResNet-18")
MORE = FIRST.replace("          - {top1: 92.4", "          - {top1: 92.9, params_kept: 0.3}\n          - {top1: 92.4")
NOTED = SECOND.replace("    curves", "    note: Trained for 90 epochs.\n    curves")


class Merged(NamedTuple):
    """How many conflicts there were, and the text."""

    conflicts: int
    text: str


def merged(folder: Path, ours: str, theirs: str) -> Merged:
    files = [folder / name for name in ("ours", "base", "theirs")]
    for file, text in zip(files, (ours, BASE, theirs), strict=True):
        file.write_text(text, encoding="utf-8")
    done = subprocess.run(["git", "merge-file", "-p", *map(str, files)], capture_output=True, text=True, check=False)
    return Merged(done.returncode, done.stdout)


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        ((FIRST, NEW, SECOND, THIRD), (FIRST, SECOND, OTHER, THIRD), (FIRST, NEW, SECOND, OTHER, THIRD)),
        ((FIRST, NEW, SECOND, THIRD), (FIRST, SECOND, THIRD, OTHER), (FIRST, NEW, SECOND, THIRD, OTHER)),
        ((MORE, SECOND, THIRD), (FIRST, SECOND, THIRD, OTHER), (MORE, SECOND, THIRD, OTHER)),
        ((MORE, SECOND, THIRD), (FIRST, NOTED, THIRD), (MORE, NOTED, THIRD)),
    ],
    ids=["in two places", "in the middle and at the end", "a point and an experiment", "a point and a note"],
)
def test_additions_in_different_places_merge(
    tmp_path: Path, ours: tuple[str, ...], theirs: tuple[str, ...], both: tuple[str, ...]
) -> None:
    for one, other in ((ours, theirs), (theirs, ours)):
        assert merged(tmp_path, record(*one), record(*other)) == (0, record(*both))


def test_the_same_addition_on_both_branches_is_one(tmp_path: Path) -> None:
    assert merged(tmp_path, record(FIRST, NEW, SECOND, THIRD), record(FIRST, NEW, SECOND, THIRD)) == (
        0,
        record(FIRST, NEW, SECOND, THIRD),
    )


def test_two_additions_at_one_place_are_a_conflict_that_is_told(tmp_path: Path) -> None:
    found = merged(tmp_path, record(FIRST, SECOND, THIRD, NEW), record(FIRST, SECOND, THIRD, OTHER))
    assert found.conflicts > 0
    with pytest.raises(UnreadableError, match="two branches conflict here"):
        parse(found.text, "record.yaml")


def test_one_number_changed_twice_is_a_conflict(tmp_path: Path) -> None:
    ours, theirs = (record(FIRST.replace("92.4", new), SECOND, THIRD) for new in ("92.5", "92.6"))
    assert merged(tmp_path, ours, theirs).conflicts == 1
