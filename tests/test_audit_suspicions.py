"""Does an audit after a change find what one from nothing finds, and look again at no more than what changed?"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from large_corpus import put_back
from pandas.testing import assert_frame_equal

import prunelit
from prunelit import dataset
from prunelit.analysis import dataset as datasets
from prunelit.analysis import load
from prunelit.analysis.audit import evidence, suspicions
from prunelit.analysis.audit.engine import AUDIT_RULES
from prunelit.analysis.audit.findings import Suspicion
from prunelit.analysis.dataset import of_next_state
from prunelit.analysis.frames import kept_files
from prunelit.schema.corpus import Corpus, shipped

RECORD = """
schema_version: 2
id: {name}
title: A title of {name}
authors: ["Lovelace, Ada"]
published: {{year: 2015, month: 6}}
venue: arXiv
collections: [living]
methods: [{{name: Own of {name}}}]
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [living]
    base_top1: 76.0
    base_flops: 15.5G
    base_metrics: [{{metric: bleu, value: 10.5}}]
    curves:
      - origin: own
        method: Own of {name}
        locator: {{table: 1}}
        points:
          - {{top1: 75.0, top1_change: -1.0, params_kept: 0.5, metrics: [{{metric: bleu, value: 27.5}}]}}
          - {{top1: 74.0, top1_change: -3.0, params_kept: 0.4, pruned_model: Small}}
      - {{origin: own, method: Own of {name}, sweep: true, points_file: {name}.csv, locator: {{table: 2}}}}
"""
NAMES = ("ada", "bob", "cyd")
CORRECTION = """corrections:
  - paper: bob
    result: {dataset: ImageNet, architecture: VGG-16, method: Own of bob, pruned_model: Small}
    field: top1_change
    expect: -3.0
    correct: -2.0
    reason: A slip.
    evidence: Arithmetic.
    date: "2026-01-01"
    status: applied
"""


def corpus_in(place: Path) -> Path:
    """A corpus of three papers with the vocabularies that ship."""
    root = place / "corpus"
    shutil.copytree(shipped(), root, ignore=shutil.ignore_patterns("papers", "sweeps", "manifest.yaml"))
    for part in ("corrections", "acknowledgements", "exclusions", "groups", "methods"):
        (root / f"{part}.yaml").write_text(f"{part}: []\n")
    (root / "collections.yaml").write_text("collections: [{name: living, title: Later, source: made up}]\n")
    for part in ("papers", "sweeps"):
        (root / part).mkdir()
    for name in NAMES:
        add(root, name)
    return root


def add(root: Path, name: str) -> None:
    (root / "papers" / f"{name}.yaml").write_text(RECORD.format(name=name).lstrip())
    (root / "sweeps" / f"{name}.csv").write_text("top1,params_kept\n70.0,0.1\n")


def remove(root: Path, name: str) -> None:
    (root / "papers" / f"{name}.yaml").unlink()
    (root / "sweeps" / f"{name}.csv").unlink()


def replaced(file: str, old: str, new: str) -> Callable[[Path], object]:
    def edit(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


EDITS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "nothing": (lambda root: None, set()),
    "a number": (replaced("papers/bob.yaml", "top1_change: -1.0", "top1_change: -5.0"), {"bob"}),
    "a digit": (replaced("papers/bob.yaml", "top1_change: -1.0", "top1_change: -1.00"), {"bob"}),
    "a title": (replaced("papers/ada.yaml", "A title of ada", "A TITLE"), {"ada"}),
    "another title": (replaced("papers/ada.yaml", "A title of ada", "A title of bob"), {"ada"}),
    "a new record": (lambda root: add(root, "bob-1"), {"bob-1"}),
    "a record less": (lambda root: remove(root, "bob"), set()),
    "a sweep": (lambda root: (root / "sweeps" / "cyd.csv").write_text("top1,params_kept\n7.0,0.1\n"), {"cyd"}),
    "an architecture": (
        replaced("architectures.yaml", "year: 2014\n    note: VGG-D", "year: 2019\n    note: VGG-D"),
        {*NAMES},
    ),
    "a metric": (
        replaced(
            "metrics.yaml",
            'to 100\n    unit: "1"\n    direction: higher',
            'to 100\n    unit: "1"\n    direction: lower',
        ),
        {*NAMES},
    ),
    "a correction": (lambda root: (root / "corrections.yaml").write_text(CORRECTION), {*NAMES}),
    "an acknowledgement": (
        lambda root: (root / "acknowledgements.yaml").write_text(
            "acknowledgements: [{rule: change-disagrees, paper: ada, reason: So printed., excuses: [{field: x, "
            "values: [y]}]}]\n"
        ),
        set(),
    ),
}


UNSEEN = ("nothing", "a digit", "a sweep")
"""Edits after which the audit says the same."""


def keep_in(place: Path, patch: pytest.MonkeyPatch) -> None:
    """Keep what is found in a folder."""
    patch.delenv(kept_files.OFF, raising=False)
    patch.setattr(kept_files, "user_cache_path", lambda name: place / "cache" / name)


def audited(root: Path, patch: pytest.MonkeyPatch) -> tuple[pd.DataFrame, set[str]]:
    """What is found as another process would find it, and the records that are looked at for it."""
    look, seen = suspicions._looked_at, set[str]()

    def noted(papers: list[Any], *rest: Any) -> Any:
        seen.update(one.id for one in papers)
        return look(papers, *rest)

    with patch.context() as now:
        now.setattr(datasets, "_LATEST", {})
        now.setattr(load, "_LAST", {})
        now.setattr(suspicions, "_looked_at", noted)
        return prunelit.audit(root), seen


class Before(NamedTuple):
    """A folder with the corpus and what is kept of it, a copy of the folder, and what the audit found."""

    place: Path
    copy: Path
    found: pd.DataFrame


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    place = tmp_path_factory.mktemp("audited")
    with pytest.MonkeyPatch.context() as patch:
        keep_in(place, patch)
        found, _ = audited(corpus_in(place), patch)
    return Before(place, shutil.copytree(place, place.with_name(f"{place.name}-copy")), found)


@pytest.fixture
def root(before: Before, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The corpus as it was, and with a cache of its own."""
    keep_in(before.place, monkeypatch)
    return put_back(before.place, before.copy)


@pytest.mark.parametrize("what", EDITS)
def test_an_audit_after_a_change_is_one_from_nothing(
    what: str, before: Before, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit, changed = EDITS[what]
    edit(root)
    found, seen = audited(root, monkeypatch)
    assert seen == changed
    assert found.equals(before.found) == (what in UNSEEN)
    monkeypatch.setenv(kept_files.OFF, "1")
    expected, everything = audited(root, monkeypatch)
    assert everything == {path.stem for path in (root / "papers").iterdir()}
    assert_frame_equal(found, expected)


@pytest.mark.parametrize("content", ["", "[", '{"no": "list"}', '"text"', "{}"])
def test_what_is_kept_of_a_record_is_looked_at_again_where_it_is_not_whole(
    content: str, before: Before, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced("papers/bob.yaml", "year: 2015", "year: 2016")(root)
    monkeypatch.setattr(suspicions, "kept_values", lambda file: defaultdict(lambda: content))
    found, seen = audited(root, monkeypatch)
    assert seen == set(NAMES)
    assert set(found["rule"]) >= set(before.found["rule"])


OF_RECORD = [one for one in AUDIT_RULES if one.of_record]
Suspected = Callable[[bool], dict[str, list[Suspicion]]]


@pytest.fixture(scope="module")
def suspected(whole: Corpus) -> Suspected:
    """What each rule of a record suspects in all that ship, as corrected or as published."""

    @cache
    def of(corrected: bool) -> dict[str, list[Suspicion]]:
        return {rule.name: list(rule.check(dataset(whole, corrected=corrected))) for rule in OF_RECORD}

    return of


@pytest.mark.parametrize("corrected", [False, True])
def test_rules_of_a_record_see_no_other_one(corrected: bool, whole: Corpus, suspected: Suspected) -> None:
    everything = dataset(whole, corrected=corrected)
    halves = [of_next_state(replace(whole, papers=whole.papers[at::2]), everything) for at in (0, 1)]
    place = {paper.id: at for at, paper in enumerate(whole.papers)}
    for rule in OF_RECORD:
        found = [one for half in halves for one in rule.check(half)]
        assert suspected(corrected)[rule.name] == sorted(found, key=lambda one: place[str(one.paper)]), rule.name


def test_only_what_corrections_may_reach_differs_as_corrected(whole: Corpus, suspected: Suspected) -> None:
    reached = evidence.reached_papers(whole)
    for rule in OF_RECORD:
        before, after = (
            [one for one in suspected(corrected)[rule.name] if one.paper not in reached] for corrected in (False, True)
        )
        assert before == after, rule.name
