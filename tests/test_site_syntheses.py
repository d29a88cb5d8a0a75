"""Are syntheses kept as they are, and made anew whenever anything that they are made of differs?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from evidence_rows import points, study
from prunelit.analysis.frames.kept_files import OFF
from prunelit.analysis.pages.section import Fact, Section
from prunelit.analysis.synthesis.question import Question
from prunelit.explorer import syntheses
from prunelit.explorer.shared import SiteData
from prunelit.explorer.standings import standing, syntheses_on
from prunelit.explorer.syntheses import (
    DrawnSynthesis,
    networks_together,
    syntheses_as_text,
    syntheses_of_text,
)
from prunelit.figures.captions import Caption

TABLE = pd.DataFrame({"method": ["A", "B"], "studies": ["1", ""]}, dtype=object)
ESTIMATES = pd.DataFrame(
    {
        "factor": [1.0, 1.0, 2.0],
        "treatment": ["A", "B", "A"],
        "component": [1, 1, 1],
        "reference": ["B", "B", "B"],
        "effect": [0.1 + 0.2, 0.0, -1e-17],
        "lower": [-1.0, float("nan"), -2.0],
        "upper": [1.5, float("nan"), 2.5],
        "p_score": [0.75, 0.25, 0.5],
    }
)
DRAWN = DrawnSynthesis(
    "top1",
    "speedup",
    ((Caption("Title", "How to read", "", "Alt"), "<svg>“×”</svg>"),),
    (
        Section("Facts", (Fact("a", "b"), Fact("c", "d", "https://example.org/")), ("One.", "Two.")),
        Section("Table", table=TABLE, notes=("A note",), folded=True, links={"method": ["https://example.org/", ""]}),
    ),
    ESTIMATES,
)
TRIANGLE = [*study("x", A=-1.0, B=-2.0), *study("y", A=-1.4, C=-2.0), *study("z", B=-2.2, C=-0.6)]


class Told:
    """A dataset, as far as syntheses look at one."""

    def __init__(self, long: pd.DataFrame) -> None:
        self._long = long

    def evidence_long(self) -> pd.DataFrame:
        return self._long


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[pd.DataFrame], int]:
    """Asks for the syntheses of a network, with a cache of its own, and tells how many questions have been asked."""
    monkeypatch.delenv(OFF, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    seen: list[object] = []

    def none_carried(rows: pd.DataFrame, asked: list[object]) -> list[object]:
        seen.extend(asked)
        return []

    monkeypatch.setattr(syntheses, "_carried", none_carried)

    def ask(long: pd.DataFrame) -> int:
        syntheses_on(SiteData(Told(long)), "ImageNet", "ResNet-50")  # type: ignore[arg-type]
        return len(seen)

    return ask


def test_kept_syntheses_are_those_that_were_made() -> None:
    (found,) = syntheses_of_text(syntheses_as_text([DRAWN]))
    assert (found.name, found.title) == ("synthesis-top1-speedup", "top1 at 2× theoretical speedup")
    assert found.drawings == DRAWN.drawings
    assert_frame_equal(found.estimates, ESTIMATES, check_exact=True)
    for ours, theirs in zip(found.sections, DRAWN.sections, strict=True):
        assert (ours.title, ours.facts, ours.text, ours.notes) == (
            theirs.title,
            theirs.facts,
            theirs.text,
            theirs.notes,
        )
        assert (ours.folded, ours.links) == (theirs.folded, theirs.links)
        assert (ours.table is None) == (theirs.table is None)
        assert ours.table is None or theirs.table is None or ours.table.equals(theirs.table)


def test_a_synthesis_is_made_once(asked: Callable[[pd.DataFrame], int]) -> None:
    assert asked(points(*TRIANGLE)) == asked(points(*TRIANGLE)) == 1


def test_a_synthesis_is_made_anew_of_other_rows(asked: Callable[[pd.DataFrame], int]) -> None:
    table = points(*TRIANGLE)
    assert asked(table) == 1
    assert asked(table.assign(note="Read again.")) == 2


def test_a_synthesis_is_kept_where_a_network_aside_says_something_else(asked: Callable[[pd.DataFrame], int]) -> None:
    table, other = (
        points(*TRIANGLE),
        points(*study("w", A=-1.0, B=-2.0)).assign(architecture="VGG-16", std=float("nan")),
    )
    assert asked(pd.concat([other, table], ignore_index=True)) == 1
    assert asked(pd.concat([table, other.assign(value=1.0)], ignore_index=True)) == 1


def test_a_synthesis_is_made_anew_where_deviations_of_others_differ(asked: Callable[..., int]) -> None:
    table = points(*TRIANGLE)
    others = points(*study("w", A=-1.0, B=-2.0)).assign(architecture="VGG-16")
    assert asked(pd.concat([table, others], ignore_index=True)) == 1
    assert asked(pd.concat([table, others.assign(std=0.5)], ignore_index=True)) == 2


def test_papers_say_something_together_only_where_studies_share_a_method() -> None:
    other = points(*study("v", A=-1.0, B=-2.0)).assign(architecture="ResNet-18")
    far = points(*TRIANGLE).assign(architecture="VGG-16", speedup=9.0, compression_ratio=9.0)
    table = pd.concat([points(*TRIANGLE), other, far], ignore_index=True)
    network = "ImageNet", "ResNet-50"
    assert networks_together(table) == {network: [Question(*network, "top1", "speedup", 2.0)]}


def test_a_method_stands_where_the_estimates_say() -> None:
    assert standing(ESTIMATES, "C") is None
    assert standing(ESTIMATES, "A") == {
        "rank": "1 of 2",
        "P-score": "0.75",
        "effect (pp) with 95 % limits": "+0.30 [−1.00, +1.50]",
        "against": "B",
    }
