"""Does ``prunelit audit`` show what the audit finds, and end as it promises?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from prunelit.analysis.audit.engine import AUDIT_RULES
from prunelit.schema.corpus import shipped

Run = Callable[..., Any]


@pytest.fixture
def run(terminal: Run) -> Run:
    return partial(terminal, "audit")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small corpus: two papers, one with a top-5 accuracy below the top-1 accuracy."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    (folder / "papers").mkdir(parents=True)
    for name in ("datasets", "architectures", "venues", "metrics", "setups", "checklist", "unpruned"):
        shutil.copy(shipped() / f"{name}.yaml", folder)
    lists = {"corrections": "[]", "acknowledgements": "[]", "exclusions": "[]", "groups": "[]"}
    lists["collections"] = "\n  - {name: mine, title: Mine, source: made up}"
    for name, entries in lists.items():
        (folder / f"{name}.yaml").write_text(f"{name}: {entries}\n")
    for name, experiments in (("ada2015title", FAULT), ("bob2015other", "")):
        text = HEAD.format(id=name) + experiments
        (folder / "papers" / f"{name}.yaml").write_text(text)
    return folder


HEAD = """schema_version: 2
id: {id}
title: A title and other words of {id}
authors: ["{id}"]
published: {{year: 2015}}
collections: [mine]
"""
FAULT = """experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [mine]
    base_top1: 93.0
    base_top5: 99.0
    curves:
      - origin: own
        locator: {table: 1}
        points:
          - top1: 92.0
            top5: 91.0
            speedup: 2.0
"""
BELOW = "mine/papers/ada2015title.yaml:18: error: top5-below-top1: ada2015title: "


def test_open_findings_fail_and_say_what_and_where(run: Run, mine: Path) -> None:
    status, out, err = run("mine")
    assert status == 1
    assert f"{BELOW}experiment 0, curve 0, point 0: top5: top-5 91.00, top-1 92.00\n" in out
    assert "    To settle it: The table.\n" in out
    assert err.startswith(f"{out.count('To settle')} findings: {out.count('To settle')} open (")


def test_what_somebody_has_looked_at_does_not_fail(run: Run, mine: Path) -> None:
    told = run("mine").out
    seen = [rule.name for rule in AUDIT_RULES if f" {rule.name}: " in told]
    lines = "".join(f"  - {{rule: {name}, reason: Seen.}}\n" for name in seen)
    (mine / "acknowledgements.yaml").write_text(f"acknowledgements:\n{lines}")
    status, out, _ = run("mine")
    assert (status, out) == (0, "")
    assert "    acknowledged: Seen.\n" in run("mine", "--all").out


def test_a_path_restricts_what_is_shown(run: Run, mine: Path) -> None:
    status, out, err = run(mine / "papers" / "bob2015other.yaml")
    assert (status, out, err) == (0, "", "0 findings: 0 open\n")
    assert BELOW in run("mine/papers").out


def test_json_is_a_list_of_objects(run: Run, mine: Path) -> None:
    status, out, _ = run("mine", "--format", "json")
    found = {one["rule"]: one for one in json.loads(out)}["top5-below-top1"]
    assert (status, found["file"], found["line"]) == (1, "mine/papers/ada2015title.yaml", 18)
    assert (found["severity"], found["status"], found["reason"]) == ("error", "open", None)


def test_github_annotates_the_line_with_the_severity(run: Run, mine: Path) -> None:
    out = run("mine", "--format", "github").out
    assert "::error file=mine/papers/ada2015title.yaml,line=18,title=top5-below-top1::ada2015title: " in out
    assert {line.split(" ")[0] for line in out.splitlines()} <= {"::error", "::warning", "::notice"}


def test_a_corpus_that_is_not_valid_is_told_as_by_check(run: Run, mine: Path) -> None:
    (mine / "papers" / "ada2015title.yaml").write_text("id: [")
    status, out, err = run("mine")
    assert (status, out) == (1, "")
    assert err.startswith("mine/papers/ada2015title.yaml:")


@pytest.mark.parametrize("arguments", [["nowhere.yaml"], ["--format", "xml"]])
def test_bad_usage(run: Run, mine: Path, arguments: list[str]) -> None:
    assert run(*arguments).status == 2


def test_rules_are_listed_with_what_they_catch(run: Run) -> None:
    status, out, _ = run("--rules")
    assert status == 0
    assert [
        line for rule in AUDIT_RULES if (line := f"  {rule.name} ({rule.severity}): {rule.meaning}\n") not in out
    ] == []


def test_nothing_is_open_in_the_shipped_corpus(run: Run) -> None:
    status, out, err = run()
    assert (status, out, "findings: 0 open, " in err) == (0, "", True)


def test_help_has_examples(run: Run) -> None:
    status, out, _ = run("--help")
    assert (status, "Examples" in out, "prunelit audit" in out) == (0, True, True)
