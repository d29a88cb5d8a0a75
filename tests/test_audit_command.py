"""Does ``prunelit audit`` show what the audit finds, and end as it promises?"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from io import StringIO
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
    for name in ("metrics", "setups", "checklist"):
        shutil.copy(shipped() / f"{name}.yaml", folder)
    lists = dict.fromkeys(("corrections", "acknowledgements", "exclusions", "groups", "methods", "venues"), "[]")
    lists |= {"datasets": "[{name: CIFAR-10}]", "architectures": "[{name: VGG-16}]"}
    (folder / "unpruned.yaml").write_text("sources: []\n")
    lists["collections"] = "\n  - {name: mine, title: Mine, source: made up}"
    for name, entries in lists.items():
        (folder / f"{name}.yaml").write_text(f"{name}: {entries}\n")
    for name, experiments in (("ada2015title", FAULT), ("bob2015other", "")):
        text = HEAD.format(id=name, family=name[:3].title()) + experiments
        (folder / "papers" / f"{name}.yaml").write_text(text)
    return folder


HEAD = """schema_version: 2
id: {id}
title: A title and other words of {id}
authors: [{family}]
published: {{year: 2015}}
collections: [mine]
"""
FAULT = """experiments:
  - dataset: CIFAR-10
    architecture: VGG-16
    collections: [mine]
    base_top1: 93.0
    base_top5: 94.0
    curves:
      - origin: own
        locator: {table: 1}
        points:
          - top1: 92.0
            top5: 91.0
            speedup: 2.0
"""
BELOW = "mine/papers/ada2015title.yaml:18: error: top5-below-top1: ada2015title: "


BELOW_EXCUSED = """\
acknowledgements:
  - rule: top5-below-top1
    paper: ada2015title
    reason: Seen.
    excuses:
      - dataset: CIFAR-10
        architecture: VGG-16
        values:
          - top-5 91.00, top-1 92.00
"""


def test_open_findings_fail_and_say_what_and_where(run: Run, mine: Path) -> None:
    status, out, err = run("mine")
    assert status == 1
    assert f"{BELOW}experiment 0, curve 0, point 0: top5: top-5 91.00, top-1 92.00\n" in out
    assert "    To settle it: The table.\n" in out
    assert out.count("To settle") == 1
    assert err == "1 finding: 1 open (1 error)\n"


def test_a_terminal_shows_the_same_in_colours(run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, plain, _ = run("mine", "--all")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    _, coloured, _ = run("mine", "--all")
    assert "\x1b[31merror\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_what_somebody_has_looked_at_does_not_fail(run: Run, mine: Path) -> None:
    (mine / "acknowledgements.yaml").write_text(BELOW_EXCUSED)
    status, out, _ = run("mine")
    assert (status, "top5-below-top1" in out) == (0, False)
    assert "    acknowledged: Seen.\n" in run("mine", "--all").out


def test_notes_are_told_and_do_not_fail(run: Run, mine: Path) -> None:
    (mine / "acknowledgements.yaml").write_text(BELOW_EXCUSED)
    record = mine / "papers" / "ada2015title.yaml"
    record.write_text(record.read_text().replace("        locator: {table: 1}\n", ""))
    status, out, err = run("mine")
    assert status == 0
    assert {line.split(": ")[1] for line in out.splitlines() if not line.startswith(" ")} == {"note"}
    assert " open (" in err


def test_an_open_warning_fails(run: Run, mine: Path) -> None:
    record = mine / "papers" / "ada2015title.yaml"
    record.write_text(
        record.read_text().replace("top5: 91.0\n            speedup: 2.0", "top5: 99.0\n            speedup: 90.0")
    )
    status, out, _ = run("mine")
    assert (status, "warning: implausible-ratio: " in out, ": error: " in out) == (1, True, False)


def test_acknowledging_asks_for_the_reason_and_writes_it(run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("  Printed   so. \n"))
    status, out, err = run("mine", "--acknowledge")
    assert (status, "Why may it stand? (- leaves it open)" in out, "1 finding acknowledged\n" in err) == (0, True, True)
    assert (mine / "acknowledgements.yaml").read_text() == BELOW_EXCUSED.replace("Seen.", "Printed so.")


@pytest.mark.parametrize("answer", ["-\n", "\n-\n"])
def test_a_finding_may_be_left_open(answer: str, run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(answer))
    status, _, err = run("mine", "--acknowledge")
    assert (status, "0 findings acknowledged" in err) == (1, True)
    assert (mine / "acknowledgements.yaml").read_text() == "acknowledgements: []\n"


def test_nothing_is_written_where_the_answers_end_too_early(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(""))
    assert run("mine", "--acknowledge").status == 1
    assert (mine / "acknowledgements.yaml").read_text() == "acknowledgements: []\n"


def test_a_reason_may_be_given_and_comments_stay(run: Run, mine: Path) -> None:
    (mine / "acknowledgements.yaml").write_text("# Ours.\nacknowledgements: []\n")
    assert run("mine", "--acknowledge", "--reason", "Seen.").status == 0
    assert (mine / "acknowledgements.yaml").read_text() == f"# Ours.\n{BELOW_EXCUSED}"


def test_notes_are_acknowledged_on_request(run: Run, mine: Path) -> None:
    assert run("mine", "--acknowledge", "--reason", "Seen.", "--all").status == 0
    assert run("mine").out == ""


def test_notes_of_a_rule_that_is_named_are_acknowledged(run: Run, mine: Path) -> None:
    record = mine / "papers" / "ada2015title.yaml"
    record.write_text(record.read_text().replace("        locator: {table: 1}\n", ""))
    run("mine", "--acknowledge", "--reason", "Seen.", "--only", "number-without-locator")
    assert (mine / "acknowledgements.yaml").read_text().count("rule: ") == 1
    assert "number-without-locator" not in run("mine").out


def test_only_what_is_named_is_acknowledged(run: Run, mine: Path) -> None:
    assert run("mine", "--acknowledge", "--reason", "Seen.", "--only", "change-disagrees").status == 1
    assert run(mine / "papers" / "bob2016other.yaml", "--acknowledge", "--reason", "Seen.").status == 2
    assert run(mine / "papers" / "bob2015other.yaml", "--acknowledge", "--reason", "Seen.").status == 0
    assert (mine / "acknowledgements.yaml").read_text() == "acknowledgements: []\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--reason", "Seen."],
        ["--only", "change-disagrees"],
        ["--acknowledge", "--reason", " "],
        ["--acknowledge", "--only", "no-such-rule"],
    ],
)
def test_acknowledging_with_nonsense_is_bad_usage(arguments: list[str], run: Run, mine: Path) -> None:
    assert run("mine", *arguments).status == 2


def test_the_reason_of_a_value_that_moved_is_offered(run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (mine / "acknowledgements.yaml").write_text(BELOW_EXCUSED)
    record = mine / "papers" / "ada2015title.yaml"
    record.write_text(record.read_text().replace("top5: 91.0", "top5: 91.5"))
    status, out, _ = run("mine")
    assert status == 1
    assert "is gone; the finding now has 'top-5 91.50, top-1 92.00': write that in its place" in out
    monkeypatch.setattr("sys.stdin", StringIO("\n"))
    status, out, _ = run("mine", "--acknowledge")
    assert (status, "[Seen.]" in out) == (0, True)
    assert (mine / "acknowledgements.yaml").read_text() == BELOW_EXCUSED.replace("91.00", "91.50")


def test_a_path_restricts_what_is_shown(run: Run, mine: Path) -> None:
    status, out, err = run(mine / "papers" / "bob2015other.yaml")
    assert (status, out, err) == (0, "", "0 findings: 0 open\n")
    assert BELOW in run("mine/papers").out
    assert BELOW in run("mine/papers/ada2015title.yaml").out


def test_of_two_alike_the_later_one_is_told_also_alone(run: Run, mine: Path) -> None:
    records = [mine / "papers" / f"{name}.yaml" for name in ("ada2015title", "bob2015other")]
    records[0].write_text(HEAD.format(id="ada2015title", family="Ada"))
    records[1].write_text(HEAD.format(id="bob2015other", family="Bob").replace("bob2015other\nau", "ada2015titles\nau"))
    assert [("similar-title" in run(one).out) for one in records] == [False, True]
    assert run(*records).out.count("similar-title") == 1


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
