"""Do the figures of a synthesis draw its numbers?"""

from __future__ import annotations

import json
from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy.special import ndtr

from evidence_rows import points, study
from prunelit.analysis.synthesis.field import Synthesis, synthesize
from prunelit.analysis.synthesis.funnel import comparison_adjusted
from prunelit.analysis.synthesis.meta_analysis import network_meta_analysis
from prunelit.analysis.synthesis.question import Question
from prunelit.figures.captions import Caption
from prunelit.figures.gallery import (
    synthesis_forest,
    synthesis_funnel,
    synthesis_league,
    synthesis_network,
    synthesis_ranks,
    synthesis_splits,
)
from prunelit.figures.syntheses import HALF_INTERVAL, named_after

QUESTION = Question("ImageNet", "ResNet-50", through_unpruned=False)
TRIANGLE = [*study("x", A=-1.0, B=-2.0), *study("y", A=-1.4, C=-2.0), *study("z", B=-2.2, C=-0.6)]
SENN = Path(__file__).with_name("senn2013.json")
APART = [*study("u", D=-1.0, E=-2.0)]


@pytest.fixture(scope="module")
def reported() -> Synthesis:
    return synthesize(points(*TRIANGLE, *APART), None, QUESTION, reference="B", method_tau="DL")


@pytest.fixture(scope="module")
def assumed() -> Synthesis:
    table = points(*TRIANGLE).assign(std=float("nan"))
    return synthesize(table, None, QUESTION, reference="B", assumed_std=0.2, method_tau="DL")


def test_intervals_hold_95_percent() -> None:
    assert ndtr(HALF_INTERVAL) - ndtr(-HALF_INTERVAL) == pytest.approx(0.95, rel=1e-15)


def test_network_has_a_circle_a_method_and_a_line_a_comparison(reported: Synthesis) -> None:
    rows = synthesis_network.rows(reported)
    methods, lines = (rows[rows["kind"] == kind] for kind in ("method", "comparison"))
    assert methods.set_index("method")["studies"].to_dict() == {"B": 2, "A": 2, "C": 2, "D": 1, "E": 1}
    assert set(zip(lines["method"], lines["other"], strict=True)) == {("A", "B"), ("A", "C"), ("B", "C"), ("D", "E")}
    assert lines["deviation"].unique().tolist() == ["reported"]


def test_reference_stands_in_the_middle_and_lines_end_at_their_methods(reported: Synthesis) -> None:
    rows = synthesis_network.rows(reported)
    places = rows[rows["kind"] == "method"].set_index("method")[["x", "y"]]
    assert places.loc["B"].tolist() == [0, 0]
    for line in rows[rows["kind"] == "comparison"].itertuples():
        assert [line.x, line.y] == places.loc[line.method].tolist()
        assert [line.x2, line.y2] == places.loc[line.other].tolist()


def test_names_around_a_crowded_circle_do_not_touch_and_name_those_of_most_curves() -> None:
    points = [1, 5, 1, 1, 9, *[2] * 195]
    methods = pd.DataFrame({"method": [str(at) for at in range(200)], "points": points})
    named = synthesis_network.legible(methods)
    assert named[:2] == ["4", "1"]
    places = sorted(map(int, named))
    assert min(after - one for one, after in zip(places, [*places[1:], places[0] + 200], strict=True)) == 3


def test_lines_of_assumed_deviations_are_marked(assumed: Synthesis) -> None:
    rows = synthesis_network.rows(assumed)
    assert set(rows.loc[rows["kind"] == "comparison", "deviation"]) == {"assumed"}


def test_forest_names_what_other_components_are_compared_with(reported: Synthesis) -> None:
    rows = synthesis_forest.rows(reported)
    assert rows["label"].tolist() == ["A", "C", "E − D"]
    assert rows["title"].iloc[0] == "Difference in Top-1 (pp) from B or as named"
    assert rows["said"].iloc[-1].startswith("−1.00 [")
    assert rows["said"].iloc[-1].endswith(", 1 study")


def test_forest_holds_every_multiple_of_the_assumption(assumed: Synthesis) -> None:
    rows = synthesis_forest.rows(assumed)
    assert rows["assumption"].tolist() == ["half", "as assumed", "twice", "four times"] * 2
    assert rows["said"].notna().tolist() == [False, True, False, False] * 2


def test_league_says_who_is_ahead(reported: Synthesis) -> None:
    rows = synthesis_league.rows(reported).set_index(["method", "other"])
    assert rows.loc[("E", "D"), "effect"] == pytest.approx(-1)
    assert rows.loc[("E", "D"), "favour"] == pytest.approx(-1)
    assert rows["told"].tolist() == [
        low > 0 or high < 0 for low, high in zip(rows["lower"], rows["upper"], strict=True)
    ]
    assert ("A", "D") not in rows.index


@pytest.mark.parametrize(
    ("effect", "shown"), [(-0.04, "0.0"), (0.04, "0.0"), (-0.06, "−0.1"), (1.25, "+1.2"), (0.0, "0.0")]
)
def test_a_difference_that_is_rounded_to_nothing_has_no_sign(effect: float, shown: str) -> None:
    assert synthesis_league.signed(pd.Series([effect])).tolist() == [shown]


def test_league_of_a_metric_that_should_be_low_favours_low_values() -> None:
    table = points(*TRIANGLE).assign(direction="lower")
    rows = synthesis_league.rows(synthesize(table, None, QUESTION)).set_index(["method", "other"])
    assert (rows["favour"] == -rows["effect"]).all()


def test_expected_ranks_add_up(assumed: Synthesis) -> None:
    rows = synthesis_ranks.rows(assumed)
    assert rows.groupby("factor")["rank"].sum().tolist() == [pytest.approx(6)] * 4
    once = rows[rows["factor"] == 1]["rank"].tolist()
    assert once == sorted(once)


def test_ranks_are_those_of_the_largest_part(reported: Synthesis) -> None:
    assert set(synthesis_ranks.rows(reported)["method"]) == {"A", "B", "C"}


def test_direct_and_indirect_evidence_of_a_triangle_by_hand() -> None:
    found = synthesize(points(*TRIANGLE), None, QUESTION, method_tau="DL")
    rows = synthesis_splits.rows(found)
    of_pair = rows[rows["pair"] == "A − B"].set_index("evidence")
    assert of_pair.loc["direct", "effect"] == pytest.approx(1.0)
    assert of_pair.loc["indirect", "effect"] == pytest.approx(0.6 + 1.6)
    tau2 = found.network.heterogeneity["tau2"].iloc[0]
    half = of_pair["upper"] - of_pair["effect"]
    assert half["direct"] == pytest.approx(1.959964 * sqrt(0.08 + tau2))
    assert half["indirect"] == pytest.approx(1.959964 * sqrt(2 * (0.08 + tau2)))


def test_pairs_without_both_kinds_of_evidence_are_not_drawn(reported: Synthesis) -> None:
    assert not synthesis_splits.rows(reported)["pair"].str.contains("D").any()


def test_funnel_has_both_locators_and_every_contrast(assumed: Synthesis) -> None:
    rows = synthesis_funnel.rows(assumed)
    assert len(rows) == len(assumed.contrasts)
    assert rows["alone"].all()
    assert rows["adjusted"].abs().max() < 1e-12


@pytest.mark.parametrize("study_name", ["Costa1997", "Willms1999", "Stucci1996", "Moulin2006"])
def test_adjusted_contrasts_of_senn_are_those_of_netmeta(
    study_name: str, frame: Callable[[list[Any]], pd.DataFrame]
) -> None:
    """netmeta 3.3: funnel(net, order = ...), for the two comparisons with two studies each."""
    contrasts = frame(json.loads(SENN.read_text(encoding="utf-8"))["contrasts"])
    adjusted = comparison_adjusted(contrasts, network_meta_analysis(contrasts, reference="plac"))
    expected = {
        "Costa1997": 0.0566848194583, "Willms1999": -0.143315180542,
        "Stucci1996": 0.501147214853, "Moulin2006": -0.278852785147,
    }  # fmt: skip
    of_pair = adjusted["treatment1"].isin(["acar", "benf"]) & (adjusted["treatment2"] == "plac")
    rows = adjusted[of_pair & (adjusted["study"] == study_name)]
    assert rows["adjusted"].iloc[0] == pytest.approx(expected[study_name], abs=1e-10)
    assert rows["studies"].iloc[0] == 2


def test_contrasts_are_turned_towards_the_reference_with_their_sources() -> None:
    contrasts = pd.DataFrame(
        [("x", "A", "B", 1.0, 0.2, "Table 1", "Table 2"), ("y", "B", "A", -2.0, 0.2, "Table 3", "Table 4")],
        columns=["study", "treatment1", "treatment2", "effect", "standard_error", "locator1", "locator2"],
    )
    found = comparison_adjusted(contrasts, network_meta_analysis(contrasts, reference="A"))
    assert found[["treatment1", "treatment2"]].values.tolist() == [["B", "A"]] * 2
    assert found["effect"].tolist() == [-1.0, -2.0]
    assert found["locator1"].tolist() == ["Table 2", "Table 3"]
    assert found["adjusted"].tolist() == [pytest.approx(0.5), pytest.approx(-0.5)]


def test_captions_name_the_network(assumed: Synthesis) -> None:
    told = named_after(Caption("What is said on one network", "", "", ""), synthesis_ranks.rows(assumed))
    assert told.title == "What is said on ResNet-50 (ImageNet) at 2× theoretical speedup"
