"""Do the files that GitHub and editors read name what is there, and is nothing contributed ever run?

``make lint`` holds them against their schemas.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from prunelit.cli import app
from prunelit.schema.export import MODELS

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in read(f".github/workflows/{name}.yml")["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_actions_are_pinned_to_a_commit(file: Path) -> None:
    used = re.findall(r"uses: *(\S+)(.*)", file.read_text(encoding="utf-8"))
    assert used
    assert all(
        re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) and re.fullmatch(r" # v[\d.]+", note) for name, note in used
    )


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_nothing_can_be_written_without_saying_so(file: Path) -> None:
    assert read(f".github/workflows/{file.name}")["permissions"] in ({}, {"contents": "read"})


def test_records_are_checked_with_the_code_of_the_base_branch() -> None:
    installs = [step["run"] for step in steps("check-records") if "pip install" in step.get("run", "")]
    assert installs == ["python -m pip install --constraint base/constraints.txt ./base"]


def test_contributed_files_are_fetched_without_a_token() -> None:
    fetched = [step["with"] for step in steps("check-records") if "checkout" in step.get("uses", "")]
    assert [(one["path"], one["persist-credentials"]) for one in fetched] == [("base", False), ("head", False)]


def test_the_job_that_comments_fetches_and_installs_no_code() -> None:
    used = [step["uses"].partition("@")[0] for step in steps("comment") if "uses" in step]
    assert used == ["actions/download-artifact"]
    assert not any(word in step.get("run", "") for step in steps("comment") for word in ("pip", "python", "prunelit"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_no_text_of_an_event_is_pasted_into_a_script(file: Path) -> None:
    assert all("${{" not in step.get("run", "") for step in steps(file.stem))


def test_editors_find_the_schema_of_a_record_before_its_first_line_names_it() -> None:
    wired = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    assert wired == {"schema/record.schema.json": "corpus/papers/*.yaml"}
    assert all((ROOT / name).is_file() for name in wired)


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"record"}))
def test_a_shared_file_names_its_schema_to_editors(name: str) -> None:
    first = (ROOT / "corpus" / f"{name}.yaml").read_text(encoding="utf-8").partition("\n")[0]
    assert first == f"# yaml-language-server: $schema=../schema/{name}.schema.json"
    assert (ROOT / "schema" / f"{name}.schema.json").is_file()


def test_hooks_run_commands_that_exist() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    hooks = [hook["entry"].split() for repo in read(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    assert hooks
    assert all(entry[0] == ".venv/bin/prunelit" and entry[1] in commands for entry in hooks)
