"""Are the frames of the result what their description says?"""

from __future__ import annotations

import doctest
from dataclasses import FrozenInstanceError, fields
from functools import cached_property
from typing import Any

import pandas as pd
import pytest

from prunelit.analysis.synthesis import meta_analysis
from prunelit.analysis.synthesis.result import FRAMES, NetworkMetaAnalysis

INDEX = {
    "common": ["treatment"],
    "random": ["treatment"],
    "league": ["model", "treatment1", "treatment2"],
    "p_scores": ["treatment"],
    "heterogeneity": ["component"],
    "decomposition": ["part"],
    "splits": ["model", "treatment1", "treatment2"],
    "hat": ["model", "treatment1", "treatment2"],
    "contributions": ["model", "treatment1", "treatment2"],
    "components": ["component"],
}


def test_result_holds_these_frames() -> None:
    held = [field.name for field in fields(NetworkMetaAnalysis) if field.name != "on_request"]
    on_request = [name for name, one in vars(NetworkMetaAnalysis).items() if isinstance(one, cached_property)]
    assert sorted([*held, *on_request]) == sorted(INDEX)


@pytest.mark.parametrize("name", FRAMES)
def test_every_column_is_described(found: NetworkMetaAnalysis, name: str) -> None:
    table: pd.DataFrame = getattr(found, name)
    assert list(table.columns) == [column.name for column in FRAMES[name]]
    assert [str(dtype) for dtype in table.dtypes] == [column.dtype for column in FRAMES[name]]
    assert all(column.meaning.endswith(".") for column in FRAMES[name])


@pytest.mark.parametrize("name", INDEX)
def test_index_says_what_a_row_is(found: NetworkMetaAnalysis, name: str) -> None:
    assert list(getattr(found, name).index.names) == INDEX[name]


@pytest.mark.parametrize("name", ["hat", "contributions"])
def test_columns_are_the_direct_comparisons(found: NetworkMetaAnalysis, name: str) -> None:
    table: pd.DataFrame = getattr(found, name)
    assert list(table.columns.names) == ["treatment1", "treatment2"]
    assert table.shape[1] == found.components.loc[1, "comparisons"]


def test_league_has_both_directions(found: NetworkMetaAnalysis) -> None:
    turned = found.league.swaplevel("treatment1", "treatment2").loc[found.league.index]
    assert (turned["effect"] == -found.league["effect"]).all()
    assert (turned["lower"] == -found.league["upper"]).all()


@pytest.mark.parametrize("model", ["common", "random"])
def test_rows_against_the_reference_are_those_of_the_league(found: NetworkMetaAnalysis, model: str) -> None:
    table: pd.DataFrame = getattr(found, model)
    reference = table["reference"].iloc[0]
    columns = [column for column in table if column not in ("component", "reference")]
    league = found.league.loc[model].xs(reference, level="treatment2")
    pd.testing.assert_frame_equal(table.drop(index=reference)[columns], league[columns], check_names=False)
    assert (table.loc[reference, columns] == 0).all()


def test_components_are_counted(found: NetworkMetaAnalysis, expected: dict[str, Any]) -> None:
    counts = found.components.loc[1]
    assert counts["treatments"] == len(expected["treatments"])
    assert counts["studies"] == len({row[0] for row in expected["contrasts"]})
    assert counts["contrasts"] == len(expected["contrasts"])
    assert counts["comparisons"] == len(expected["comparisons"])
    assert counts["designs"] == len(expected["decomposition"]["within one design"])


def test_result_cannot_be_changed(found: NetworkMetaAnalysis) -> None:
    with pytest.raises(FrozenInstanceError):
        found.common = found.random  # type: ignore[misc]


def test_example_of_the_documentation() -> None:
    failed, tried = doctest.testmod(meta_analysis)
    assert (failed, tried > 0) == (0, True)
