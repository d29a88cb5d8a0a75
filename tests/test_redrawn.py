"""Are the figures that change found, those of a state that was compared before by their digests alone?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from prunelit.analysis.dataset import Dataset, Reading
from prunelit.analysis.frames.kept_files import OFF
from prunelit.figures import compare
from prunelit.figures.captions import Caption

Of = Callable[[str], Dataset]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The states of which rows were made; a figure shows the name of the state, another one always the same."""
    states: list[str] = []

    def rows(dataset: Dataset) -> pd.DataFrame:
        states.append(str(dataset.reading.fingerprint))
        return pd.DataFrame(
            {"state": pd.array([dataset.reading.fingerprint, None], dtype="string"), "value": [0.5, None]}
        )

    same = SimpleNamespace(data=lambda dataset: pd.DataFrame({"x": [1.0]}))
    monkeypatch.setattr(compare, "FIGURES", {"figure1": SimpleNamespace(data=rows), "figure2": same})
    monkeypatch.setattr(compare, "said", lambda *_: Caption("", "", "", ""))
    monkeypatch.setattr("prunelit.analysis.frames.kept_files.folder", lambda: tmp_path / "cache")
    monkeypatch.delenv(OFF)
    return states


def state(fingerprint: str) -> Dataset:
    return Reading(Path(), fingerprint).dataset(None, corrected=True)


def test_a_figure_of_other_rows_is_found(made: list[str]) -> None:
    (found,) = compare.redrawn(state("a"), state("b"))
    assert (found.name, found.before["state"][0], found.after["state"][0]) == ("figure1", "a", "b")


def test_of_a_state_that_was_compared_before_no_rows_are_made(made: list[str]) -> None:
    list(compare.redrawn(state("a"), state("b")))
    made.clear()
    assert list(compare.redrawn(state("a"), state("a"))) == []
    assert made == []


def test_how_many_rows_a_figure_drew_is_known_without_making_them(made: list[str]) -> None:
    list(compare.redrawn(state("a"), state("b")))
    made.clear()
    (found,) = compare.redrawn(state("a"), state("b"))
    assert (found.counts, made) == ((2, 2), ["b"])
    assert (len(found.before), made) == (2, ["b", "a"])


@pytest.mark.parametrize(
    "other",
    [{"x": [1.0, 2.0]}, {"x": [1]}, {"y": [1.0]}, {"x": [None]}, {"x": ["1.0"]}],
    ids=["rows", "type", "name", "missing", "text"],
)
def test_other_rows_have_another_digest(other: dict[str, list[object]]) -> None:
    assert compare._digest(pd.DataFrame(other)) != compare._digest(pd.DataFrame({"x": [1.0]}))
