"""Does CONTRIBUTING lead from nothing to a pull request?  Its commands are executed as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from prunelit.analysis.frames.kept_files import OFF
from prunelit.schema.corpus import shipped
from release_corpus import repository_in

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WALK = TEXT.partition("## A paper, step by step")[2].partition("## What belongs")[0]
ELSEWHERE = ("git clone ", "cd prunelit", "make setup", "source ", "git push ")
"""Commands that need a network, or set up what this test sets up itself."""
KEPT = (
    "schema_version",
    "id",
    "title",
    "authors",
    "published",
    "venue",
    "citation",
    "survey_id",
    "collections",
    "methods",
)
"""What is left of the records that the text names, so that the corpus of the walk is small."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", WALK, re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    return [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines()]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository as after the first commands, with ``prunelit`` on the path of its shell."""
    folder = repository_in(tmp_path_factory.mktemp("clone"))
    for name in sorted(set(re.findall(r"\b[a-z]+\d{4}[a-z]+\b", WALK))):
        if (file := shipped() / "papers" / f"{name}.yaml").exists():
            record = yaml.safe_load(file.read_text(encoding="utf-8"))
            text = yaml.safe_dump({key: record[key] for key in KEPT if key in record}, sort_keys=False)
            (folder / "corpus" / "papers" / file.name).write_text(text, encoding="utf-8")
    programs = folder / "bin"
    programs.mkdir()
    program = programs / "prunelit"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m prunelit "$@"\n')
    program.chmod(0o755)
    (folder / ".gitignore").write_text("bin/\ncache/\n*.bib\n")
    for command in ("git checkout --quiet -B main", "git add --all", "git commit --quiet --message base"):
        assert run(command, folder).returncode == 0
    run("git update-ref refs/remotes/origin/main HEAD", folder)
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    path = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    cache = {OFF: "", "XDG_CACHE_HOME": str(folder / "cache")}  # as on a contributor's machine
    return subprocess.run(
        command,
        cwd=folder,
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | identity | alone | path | cache,
    )


@pytest.fixture(scope="module")
def walked(clone: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """What each command says, with the files of the text written when their turn comes."""
    entries, records = iter(blocks("bibtex")), iter(blocks("yaml"))
    said = {}
    for command in commands():
        if command.startswith(ELSEWHERE):
            continue
        if command.startswith("prunelit new"):
            (clone / command.split()[-1]).write_text(next(entries), encoding="utf-8")
        if command.startswith("prunelit fmt"):
            (clone / command.split()[-1]).write_text(next(records), encoding="utf-8")
        said[command] = run(command, clone)
    return said


def test_every_command_succeeds(walked: dict[str, subprocess.CompletedProcess[str]]) -> None:
    assert {command: done.stderr for command, done in walked.items() if done.returncode} == {}


def test_the_walk_uses_the_whole_command_line(walked: dict[str, subprocess.CompletedProcess[str]]) -> None:
    used = {command.split()[1] for command in walked if command.startswith("prunelit")}
    assert used == {"new", "fmt", "check", "audit", "show", "credits", "diff"}


def test_the_diff_tells_of_the_new_paper(walked: dict[str, subprocess.CompletedProcess[str]]) -> None:
    out = walked["prunelit diff origin/main HEAD"].stdout
    assert "| babbage2025engines | Engines that Forget" in out
    assert "| added | babbage2025engines | he2018soft | comparison |" in out


def test_the_contributor_is_credited(walked: dict[str, subprocess.CompletedProcess[str]], clone: Path) -> None:
    assert "| Ada Lovelace | 1 |" in (clone / "CONTRIBUTORS.md").read_text(encoding="utf-8")


def test_links_to_files_and_sections_lead_somewhere() -> None:
    names = [f"#{name.lower().replace(' ', '-')}" for name in re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)]
    targets = [one for one in re.findall(r"\]\(([^)]+)\)", TEXT) if not one.startswith(("https://", "../../issues/"))]
    assert [one for one in targets if one not in names and not (ROOT / one).exists()] == []


def test_files_that_the_text_names_exist() -> None:
    named = re.findall(r"`((?:corpus/|\.vscode/)[\w./]+)`", TEXT)
    missing = [one for one in named if not (ROOT / one).exists()]
    assert [one for one in missing if not re.search("babbage2025engines|hopper2025counting", one)] == []
