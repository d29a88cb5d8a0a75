"""A corpus of three papers that counts as a large one, each paper a share, and what tests of such corpora do to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from prunelit.analysis.frames import kept_files, shares
from prunelit.schema import checking
from prunelit.schema.corpus import Corpus, read_share
from release_corpus import FIRST, repository_in

Edit: TypeAlias = Callable[[Path], object]
"""What changes the corpus in a folder."""

THIRD = (
    FIRST.replace("first2015paper", "third2015paper").replace("'quoted", "Pruner").replace("1503.01230", "1503.01231")
)
ANOTHER = THIRD.replace("third", "new").replace("Pruner", "N").replace("31", "32")


def large_corpus_in(place: Path) -> Path:
    """The folder of the corpus, in a repository in a folder."""
    found = repository_in(place) / "corpus"
    (found / "papers" / "third2015paper.yaml").write_text(THIRD, encoding="utf-8")
    return found


def put_back(place: Path, copy: Path) -> Path:
    """Make a folder again as it was copied, and return the corpus in it: tables are kept for the place where it is."""
    shutil.rmtree(place)
    shutil.copytree(copy, place)
    return place / "corpus"


def let_be_large(place: Path, patch: pytest.MonkeyPatch) -> None:
    """Let corpora of two papers be large, each paper a share, and keep tables in a folder."""
    patch.setattr(checking, "FROM", 2)
    patch.setattr(checking, "_SHARE", 1)
    patch.delenv(kept_files.OFF, raising=False)
    patch.setattr(kept_files, "user_cache_path", lambda name: place / "cache" / name)


def names_read(patch: pytest.MonkeyPatch) -> list[str]:
    """The records that are read from now on, each time that they are."""
    names: list[str] = []

    def noted(root: Path, shown: str, asked: list[str], glance: Corpus) -> object:
        names.extend(asked)
        return read_share(root, shown, asked, glance)

    for module in (checking, shares):
        patch.setattr(module, "read_share", noted)
    return names


def replaced(name: str, *words: str) -> Edit:
    """What changes a file of the corpus: each second word takes the place of the one before."""

    def edit(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        for old, new in zip(words[::2], words[1::2], strict=True):
            assert old in text
            text = text.replace(old, new, 1)
        (root / name).write_text(text, encoding="utf-8")

    return edit


def written(name: str, text: str) -> Edit:
    """What writes a file of the corpus."""
    return lambda root: (root / name).write_text(text, encoding="utf-8")
