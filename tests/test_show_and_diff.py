"""Do the commands ``show`` and ``diff`` do what their help says?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prunelit.figures.registry import FIGURES
from prunelit.schema.closed_checks import RULE
from prunelit.schema.corpus import shipped
from prunelit.schema.problems import Problem

Run = Callable[..., Any]


def git(*arguments: object) -> None:
    identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True, env=os.environ | identity | alone)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one record of the shipped corpus, and the current folder in it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(shipped(), "corpus", ignore=shutil.ignore_patterns("*.csv", "papers", "manifest.yaml"))
    RECORD.parent.mkdir()
    shutil.copy(shipped() / "papers" / RECORD.name, RECORD)
    for name in ("acknowledgements", "corrections", "exclusions", "groups", "methods"):
        Path(f"corpus/{name}.yaml").write_text(f"{name}: []\n")
    collections = Path("corpus/collections.yaml")
    collections.write_text(re.sub(r"    closed: .*\n", "", collections.read_text(encoding="utf-8")))
    git("init", "--quiet")
    commit()
    return tmp_path


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "x")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


RECORD = Path("corpus/papers/hu2016network.yaml")


def test_show_prints_a_record(run: Run) -> None:
    status, out, _ = run("show", "han2015learning")
    assert (status, out.splitlines()[0]) == (0, "Learning both weights and connections for efficient neural network")


def test_show_as_a_page(run: Run) -> None:
    assert run("show", "han2015learning", "--html").out.startswith("<!doctype html>")


def test_show_writes_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "han.html"
    printed = run("show", "han2015learning", "--html").out
    assert run("show", "han2015learning", "--html", "--output", file).out == f"{file}\n"
    assert file.read_text(encoding="utf-8") == printed


def test_show_names_the_nearest_paper(run: Run) -> None:
    status, out, err = run("show", "han2016learning")
    assert (status, out, "did you mean 'han2015learning'?" in err) == (2, "", True)


def test_diff_of_nothing_says_so(run: Run, repository: Path) -> None:
    status, out, _ = run("diff", "HEAD")
    assert (status, "Numbers changed silently: 0" in out, out.count("## ")) == (0, True, 1)


def test_diff_refuses_a_silent_change(run: Run, repository: Path) -> None:
    edit(RECORD, "top1: 71.05", "top1: 71.50")
    status, out, _ = run("diff", "HEAD")
    assert (status, "| top1 | 71.05 | 71.50 |" in out) == (1, True)


def test_diff_between_two_revisions_ignores_the_files(run: Run, repository: Path) -> None:
    edit(RECORD, "top1: 71.05", "top1: 71.50")
    commit()
    edit(RECORD, "top1: 71.50", "top1: 71.99")
    assert "| top1 | 71.05 | 71.50 |" in run("diff", "HEAD~1", "HEAD").out


def test_diff_leaves_the_repository_alone(run: Run, repository: Path) -> None:
    edit(RECORD, "top1: 71.05", "top1: 71.50")
    run("diff", "HEAD", "HEAD")
    assert "71.50" in RECORD.read_text(encoding="utf-8")
    assert sorted(one.name for one in repository.iterdir()) == [".git", "corpus"]


def test_diff_reads_what_attributes_would_hide(run: Run, repository: Path) -> None:
    Path(".gitattributes").write_text("corpus/papers/hu2016network.yaml export-ignore\n")
    edit(RECORD, "top1: 71.05", "top1: 71.50")
    commit()
    assert run("diff", "HEAD~1", "HEAD").status == 1


def test_diff_writes_the_full_report(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prunelit.figures.compare.FIGURES", {"figure1": FIGURES["figure1"]})
    edit(RECORD, "top1: 71.05", "top1: 71.50")
    _, out, err = run("diff", "HEAD", "--html", "report.html", "--output", "report.md")
    assert (out, err) == ("", "full report: report.html")
    report = Path("report.html").read_text(encoding="utf-8")
    assert "71.50" in report
    assert report.count('<img alt="') == 4  # before and after, of the survey and of all papers
    assert "71.50" in Path("report.md").read_text(encoding="utf-8")


def test_diff_works_below_the_top(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("corpus/papers")
    assert run("diff", "HEAD").status == 0


@pytest.mark.parametrize("revision", ["nonsense", "--output=x", "HEAD:corpus"])
def test_diff_with_an_unknown_revision_is_bad_usage(run: Run, repository: Path, revision: str) -> None:
    status, _, err = run("diff", "--", revision)
    assert (status, f"git knows no revision '{revision}'" in err) == (2, True)


def test_diff_outside_of_a_repository_is_bad_usage(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = run("diff", "HEAD")
    assert (status, "not a git repository" in err) == (2, True)


def test_diff_with_a_revision_without_corpus_is_explained(run: Run, repository: Path) -> None:
    git("rm", "--quiet", "-r", "--cached", "corpus")
    git("commit", "--quiet", "--message", "empty")
    status, _, err = run("diff", "HEAD")
    assert (status, "the revision 'HEAD' holds no folder 'corpus'" in err) == (2, True)


def test_diff_with_a_revision_of_another_schema_is_explained(run: Run, repository: Path) -> None:
    edit(RECORD, "schema_version: 2", "schema_version: 0")
    commit()
    edit(RECORD, "schema_version: 0", "schema_version: 2")
    status, out, err = run("diff", "HEAD")
    assert (status, out) == (1, "")
    assert err.startswith("corpus/papers/hu2016network.yaml:2:1: ")
    assert err.endswith("This version of prunelit cannot read the corpus of HEAD: 1 problem.")


def test_diff_tells_what_is_different_in_a_closed_collection(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Problem("corpus/papers/hu2016network.yaml", 1, 1, RULE, "It is closed.")
    monkeypatch.setattr("prunelit.analysis.load.check_corpus", lambda _: [closed])
    edit(RECORD, "venue: arXiv", "venue: ICLR")
    status, out, err = run("diff", "HEAD")
    assert (status, "| venue | arXiv | ICLR |" in out, "It is closed." in err) == (1, True, True)


def test_diff_follows_no_link_of_a_revision(run: Run, repository: Path) -> None:
    RECORD.unlink()
    RECORD.symlink_to("/etc/passwd")
    commit()
    status, _, err = run("diff", "HEAD~1", "HEAD")
    assert (status, "is a symbolic link" in err) == (2, True)


@pytest.mark.parametrize("command", ["show", "diff"])
def test_help_has_examples(run: Run, command: str) -> None:
    status, out, _ = run(command, "--help")
    assert (status, "Examples" in out, f"prunelit {command}" in out) == (0, True, True)
