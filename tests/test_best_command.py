"""Does the command ``best`` answer in the terminal and as a page, and refuse what nobody reports?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import prunelit
from prunelit.analysis.claims.liu2021group import _all_faster, _nearly_all_faster
from prunelit.analysis.frames.columns import typed
from prunelit.analysis.synthesis.best import BEST, BestMethods
from prunelit.analysis.synthesis.question import Question
from prunelit.schema.problems import UnknownNameError

Run = Callable[..., Any]
ASKED = ("best", "--dataset", "CIFAR-10", "--architecture", "ResNet-56")
METHODS = [
    {
        "rank": 1, "method": "<script>A</script>", "papers": 1, "reported_by": "doe2021 (own)", "reported": 0.5,
        "expected": 0.2, "expected_lower": -1.0, "expected_upper": 1.0, "p_best": 1.0, "distinguishable": False,
        "locator": "Table 1", "source_url": "https://arxiv.org/abs/2101.00001",
    }
]  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the command asks of the package, which answers with one method."""
    given: dict[str, Any] = {}

    def answer(dataset: str, architecture: str, speedup: float | None, **more: Any) -> BestMethods:
        given.update(dataset=dataset, architecture=architecture, speedup=speedup, **more)
        if dataset != "CIFAR-10":
            raise UnknownNameError("dataset", dataset, ["CIFAR-10"])
        question = Question(dataset, architecture, at=speedup or 2.0, structure=more["structure"])
        return BestMethods(question, typed(METHODS, BEST), None, "too little evidence", 1, 0.95)

    monkeypatch.setattr(prunelit, "best", answer, raising=False)
    return given


def test_the_answer_begins_with_how_far_it_can_be_trusted(run: Run, asked: dict[str, Any]) -> None:
    outcome = run(*ASKED, "--speedup", "2", "--structure", "structured")
    assert outcome.status == 0
    assert outcome.out.splitlines()[:3] == [
        "Methods for ResNet-56 on CIFAR-10 at a theoretical speedup of 2", "", "How far this can be trusted",
    ]  # fmt: skip
    assert "No network meta-analysis: too little evidence." in outcome.out
    assert "structure structured" in outcome.out


def test_every_option_is_asked_for(run: Run, asked: dict[str, Any]) -> None:
    run(*ASKED, "--compression-ratio", "3", "--since", "2020", "--setup", "S1")
    wanted = ("speedup", "compression_ratio", "structure", "since", "setup")
    assert [asked[name] for name in wanted] == [None, 3.0, None, 2020, "S1"]


def test_the_page_links_sources_and_runs_no_script(run: Run, asked: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "best.html"
    outcome = run(*ASKED, "--html", "--output", file)
    page = file.read_text(encoding="utf-8")
    assert (outcome.status, outcome.out.strip()[-9:]) == (0, "best.html")
    assert '<a href="https://arxiv.org/abs/2101.00001"' in page
    assert "<script" not in page


def test_a_text_file_has_no_colours(run: Run, asked: dict[str, Any], tmp_path: Path) -> None:
    run(*ASKED, "--output", tmp_path / "best.txt")
    assert "\x1b" not in (tmp_path / "best.txt").read_text(encoding="utf-8")


def test_an_unknown_name_is_refused_with_the_nearest(run: Run, asked: dict[str, Any]) -> None:
    outcome = run("best", "--dataset", "CIFAR10", "--architecture", "ResNet-56")
    assert outcome.status == 2
    assert "no dataset 'CIFAR10'; did you mean 'CIFAR-10'?" in outcome.err


@pytest.mark.parametrize(
    ("found", "all_of_them", "nearly"),
    [
        ("20 of 20 networks run", True, True),
        ("19 of 20 networks run", False, True),
        ("18 of 20 networks", False, False),
    ],
)
def test_real_speed_holds_where_nearly_all_networks_run_faster(found: str, all_of_them: bool, nearly: bool) -> None:
    assert (_all_faster(found), _nearly_all_faster(found)) == (all_of_them, nearly)
