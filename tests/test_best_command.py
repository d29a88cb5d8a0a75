"""Does the command ``best`` answer in the terminal and as a page, and refuse what nobody reports?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prunelit.analysis.claims.liu2021group import _all_faster, _nearly_all_faster
from prunelit.analysis.dataset import Dataset

Run = Callable[..., Any]
ASKED = ("best", "--dataset", "CIFAR-10", "--architecture", "ResNet-56")


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands without the model of doses and responses, which takes a second and is tested elsewhere."""
    from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError

    def refuse(self: Dataset, efficiency: str = "speedup") -> None:
        raise TooLittleEvidenceError("too few papers", {})

    monkeypatch.setattr(Dataset, "dose_response", refuse)


def test_the_answer_begins_with_how_far_it_can_be_trusted(run: Run) -> None:
    outcome = run(*ASKED, "--speedup", "2")
    lines = outcome.out.splitlines()
    assert outcome.status == 0
    assert lines[:3] == [
        "Methods for ResNet-56 on CIFAR-10 at a theoretical speedup of 2", "", "How far this can be trusted",
    ]  # fmt: skip
    assert "methods distinguishable from the best" in outcome.out


def test_the_page_links_sources_and_runs_no_script(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "best.html"
    outcome = run(*ASKED, "--html", "--output", file)
    page = file.read_text(encoding="utf-8")
    assert outcome.status == 0
    assert '<a href="https://' in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--dataset", "CIFAR10"), "no dataset 'CIFAR10'; did you mean 'CIFAR-10'?"),
        (("--architecture", "ResNet56"), "no architecture 'ResNet56'; did you mean 'ResNet-56'?"),
        (("--structure", "structred"), "no structure 'structred'; did you mean 'structured'?"),
        (("--setup", "S9"), "no setup 'S9'"),
        (("--speedup", "0.5"), "a ratio above 1, not 0.5"),
        (("--speedup", "2", "--compression-ratio", "2"), "give one ratio"),
        (("--speedup", "900"), "no paper reports a method on ResNet-56 on CIFAR-10 near speedup 900"),
    ],
)
def test_what_nobody_reports_is_refused_with_the_nearest_name(run: Run, more: tuple[str, ...], told: str) -> None:
    outcome = run(*ASKED, *more)
    assert outcome.status == 2
    assert told in outcome.err


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
