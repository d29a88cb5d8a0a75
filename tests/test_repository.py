"""Do the files that GitHub and editors read name what is there, and is nothing contributed ever run?

``make lint`` holds them against their schemas.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import combining

import pytest
import yaml
from typer.main import get_command

from prunelit.cli.app import app
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
def test_a_workflow_states_its_invariants_first(file: Path) -> None:
    header = file.read_text(encoding="utf-8").partition("\nname: ")[0].splitlines()
    assert all(line.startswith("#") for line in header)
    assert "# Invariants:" in header
    assert sum(line.startswith("# - ") for line in header) >= 3


@pytest.fixture
def commented(tmp_path: Path) -> Callable[[bytes], str]:
    """The text that is posted for a report, as the workflow makes it."""
    (step,) = (one for one in steps("comment") if one.get("shell") == "python")

    def comment(report: bytes) -> str:
        (tmp_path / "diff.md").write_bytes(report)
        files = {"REPORT": str(tmp_path / "diff.md"), "COMMENT": str(tmp_path / "comment.md")}
        environment = os.environ | files | {"RUN": "https://example.org/run"}
        subprocess.run([sys.executable, "-c", step["run"]], env=environment, check=True)
        return (tmp_path / "comment.md").read_text(encoding="utf-8")

    return comment


def test_the_comment_is_text_in_a_fence(commented: Callable[[bytes], str]) -> None:
    assert commented("# Pruning\r\n| a | é |\n".encode()) == (
        "````text\n# Pruning\n| a | é |\n````\n\n[Checks and full report](https://example.org/run)\n"
    )


@pytest.mark.parametrize(
    "report",
    [
        b"```\n@everybody [a](https://evil.example)",
        b"````````\n<img src=x>",
        b"\x0b````\n\xe2\x80\xa8````\n",
        "`\u200b`\u202e`\u200b`\n![](x)".encode(),
        b"\x1b[2J\xff\x00\r````\r<b>",
        b"`" * 999_999,
        "blank: \u3164\u115f\uffa0\ufe0f\U000e0101, stacked: a\u0301\u0301\u0301".encode(),
    ],
)
def test_no_report_leaves_its_fence(report: bytes, commented: Callable[[bytes], str]) -> None:
    first, *told, last, empty, link = commented(report).splitlines()
    assert (first, last, empty, link) == ("````text", "````", "", "[Checks and full report](https://example.org/run)")
    assert not any("```" in line or not line.isprintable() for line in told)
    assert not any(combining(sign) for line in told for sign in line)
    assert not any(sign in line for line in told for sign in "\u3164\u115f\uffa0\ufe0f")


@pytest.mark.parametrize("sign", ["x", "é", "😀", "\xad"])
def test_a_long_report_is_cut_on_a_line(sign: str, commented: Callable[[bytes], str]) -> None:
    line = sign * 99
    text = commented(f"{line}\n".encode() * 5000)
    assert len(text) < 65_536
    assert set(text.splitlines()[1:-4]) <= {line, "\ufffd", ""}


def test_a_report_that_is_a_link_is_not_followed(commented: Callable[[bytes], str], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "diff.md").symlink_to("secret")
    with pytest.raises(subprocess.CalledProcessError):
        commented(b"written through the link")


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
