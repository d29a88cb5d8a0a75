"""Does the README show what happens?"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
from pathlib import Path

import pytest
from typer.main import get_command

import prunelit
from prunelit.cli.app import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_query_prints_what_the_readme_shows() -> None:
    [block] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        failed, _ = doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE).run(example)
    assert failed == 0, told.getvalue()


def test_share_of_reproduced_claims_is_the_one_told() -> None:
    verdicts = prunelit.claims()["verdict"]
    assert f"{(verdicts == 'reproduced').sum()} of the {len(verdicts)} published numbers" in README


def test_plan_reaches_as_many_papers_as_told() -> None:
    found = prunelit.plan(collection="blalock2020")
    told = "VGG-16, ResNet-50 and CaffeNet on ImageNet and ResNet-18 and ResNet-56 on CIFAR-10"
    assert told in README
    assert all(name in told for name in [*found["architecture"], *found["dataset"]])
    assert (len(found), found["comparable"].iloc[-1]) == (5, 38)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w+)\([^`]*\)`", README))))
def test_functions_of_the_readme_exist(name: str) -> None:
    assert callable(getattr(prunelit, name))


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\$ prunelit (\w+)", README))))
def test_commands_of_the_readme_exist(name: str) -> None:
    assert name in get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?\$? ?make (\w+)", README))))
def test_targets_of_the_readme_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_links_of_the_readme_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
