"""Does the answer to a practitioner say what is known of each method, and how little that may be?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from prunelit.analysis.pages.best_methods import best_sections, page_title
from prunelit.analysis.synthesis.best import BestMethods, _probabilities, best_methods, measured_speedups
from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError
from prunelit.analysis.synthesis.dose_response import DoseResponse, dose_rows, fit_dose_response
from prunelit.analysis.synthesis.question import Question
from prunelit.schema.problems import ArgumentError, UnknownNameError

USUAL = {
    "paper_id": "doe2021", "experiment": 0, "curve": 0, "canonical_method": "A", "origin": "own", "dataset": "ImageNet",
    "architecture": "ResNet-50", "metric": "top1", "direction": "higher", "sweep": False, "speedup": 2.0,
    "value": 75.0, "change": -1.0, "base_value": 76.0, "std": 0.1, "base_top1_std": 0.1, "seeds": 1, "base_seeds": 1,
    "training_scheme": "fine_tuned", "fine_tuning": None, "structure": "structured", "year": 2021,
    "peer_reviewed": True,
    "compression_ratio": None, "copied_from": None, "locator": "Table 1", "source_url": "https://arxiv.org/abs/1",
    "hardware": None, "collections": "living",
}  # fmt: skip
TEXTS = [
    "paper_id", "canonical_method", "origin", "dataset", "architecture", "metric", "direction", "training_scheme",
    "fine_tuning", "structure", "copied_from", "locator", "source_url", "hardware", "collections",
]  # fmt: skip


def points(*rows: dict[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame([USUAL | row for row in rows])
    types = dict.fromkeys(TEXTS, "string") | dict.fromkeys(("year", "seeds", "base_seeds"), "Int64")
    return table.astype(types | {"compression_ratio": "float64", "sweep": "boolean", "peer_reviewed": "boolean"})


def change(paper: str, curve: int, method: str, size: float, **more: Any) -> dict[str, Any]:
    told = {"paper_id": paper, "curve": curve, "canonical_method": method, "change": size, "value": 76.0 + size}
    return told | more


ROWS = points(
    change("one2020", 0, "A", -0.2),
    change("one2020", 1, "B", -2.0, origin="rerun"),
    change("two2021", 0, "A", -0.4, origin="rerun"),
    change("two2021", 1, "C", -0.4),
    change("three2022", 0, "B", -2.2, origin="rerun"),
    change("three2022", 1, "C", -0.5, origin="rerun"),
    change("four2023", 0, "B", -1.9),
    change("five2023", 0, "D", np.nan, value=74.0, base_value=np.nan),
    change("two2021", 1, "C", 0.0, metric="latency", direction="lower", value=50.0, base_value=90.0, hardware="T4"),
)
SETUPS = pd.DataFrame(
    {
        "paper_id": ["one2020"], "experiment": [0], "curve": [0],
        "other_paper_id": ["one2020"], "other_experiment": [0], "other_curve": [1],
        "proven": ["S1; S2"], "possible": ["S1; S2; S3.1"],
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def model() -> DoseResponse:
    more = [change(f"more{one}", 0, f"M{one}", -1.0 - one / 10, speedup=1.5 + one / 5) for one in range(4)]
    return fit_dose_response(dose_rows(pd.concat([ROWS, points(*more)], ignore_index=True), "speedup"))


@pytest.fixture(scope="module")
def found(model: DoseResponse) -> BestMethods:
    return asked(model)


def asked(model: DoseResponse | None, rows: pd.DataFrame = ROWS, level: float = 0.95, **more: Any) -> BestMethods:
    return best_methods(rows, SETUPS, model, Question("ImageNet", "ResNet-50", **more), level)


def said(found: BestMethods) -> str:
    parts = best_sections(found)
    return " ".join([fact.value for one in parts for fact in one.facts] + [text for one in parts for text in one.text])


def test_methods_stand_in_the_order_of_the_synthesis_and_those_without_numbers_last(found: BestMethods) -> None:
    assert found.methods[["rank", "method", "papers"]].values.tolist() == [
        [1, "A", 2], [2, "C", 2], [3, "B", 3], [4, "D", 1],
    ]  # fmt: skip


def test_a_method_has_what_papers_report_and_whose_it_is(found: BestMethods) -> None:
    of_b = found.methods.set_index("method").loc["B"]
    assert of_b["reported"] == pytest.approx(-2.0)
    assert of_b["reported_by"] == "four2023 (own); one2020 (rerun); three2022 (rerun)"


def test_the_synthesis_is_that_of_the_network(found: BestMethods) -> None:
    assert found.synthesis is not None
    expected = found.synthesis.network.random.loc[["A", "C", "B"], ["effect", "lower", "upper"]]
    assert_allclose(found.methods[["synthesized", "lower", "upper"]][:3].astype(float), expected)


PAIR = [
    change(paper, at, name, size) for paper in ("one", "two") for at, name, size in ((0, "A", -0.5), (1, "B", -2.0))
]
VALUES = [
    change("three", at, name, np.nan, value=value, base_value=np.nan)
    for at, name, value in ((0, "A", 74.0), (1, "B", 72.5))
]


@pytest.mark.parametrize("rows", [PAIR, PAIR + VALUES], ids=["in as many studies", "in more studies"])
def test_synthesized_changes_are_from_the_unpruned_model_whatever_is_in_most_studies(
    rows: list[dict[str, Any]],
) -> None:
    told = asked(None, points(*rows)).methods
    assert told["method"].tolist() == ["A", "B"]
    assert told["synthesized"].tolist() == pytest.approx([-0.5, -2.0])
    assert (told["lower"] < told["synthesized"]).all()


def test_methods_that_no_study_connects_with_an_unpruned_model_have_a_place_and_no_change() -> None:
    apart = [row | {"paper_id": paper} for paper in ("three", "four") for row in VALUES]
    more = [
        row | {"paper_id": row["paper_id"], "curve": 2, "canonical_method": "C", "value": 70.0} for row in apart[::2]
    ]
    told = asked(None, points(*apart, *more)).methods
    assert told["method"].tolist() == ["A", "B", "C"]
    assert told["p_best"].sum() == pytest.approx(1.0)
    assert told[["synthesized", "lower", "upper"]].isna().all(axis=None)


def test_a_method_that_is_clearly_worse_is_distinguishable(found: BestMethods) -> None:
    assert found.methods["distinguishable"].tolist() == [False, False, True, pd.NA]
    assert (found.distinguishable, found.ranked) == (1, 3)


def test_probabilities_of_being_best_add_up_to_one(found: BestMethods) -> None:
    assert found.methods["p_best"].sum() == pytest.approx(1.0)


def test_two_equal_independent_methods_are_the_best_as_often() -> None:
    found = _probabilities(pd.Index(["A", "B"]), np.zeros(2), np.eye(2))
    assert_allclose(found["p_best"], 0.5, atol=0.012)


def test_a_difference_that_is_sure_counts_though_each_estimate_is_not() -> None:
    joint = np.full((2, 2), 4.0) + np.eye(2) * 0.01
    found = _probabilities(pd.Index(["A", "B"]), np.array([1.0, 0.5]), joint)
    assert found["distinguishable"].tolist() == [False, True]


def test_the_setups_are_those_proven_for_a_pair_of_methods(found: BestMethods) -> None:
    assert found.methods.set_index("method")["setups"].fillna("").to_dict() == {
        "A": "S1; S2", "B": "S1; S2", "C": "", "D": "",
    }  # fmt: skip


def test_measured_speed_stands_beside_the_theoretical_one(found: BestMethods) -> None:
    told = found.methods.set_index("method")["measured_speed"]
    assert told["C"] == "1.80x at speedup 2.00 (latency, T4)"
    assert told.isna().sum() == 3


@pytest.mark.parametrize(
    ("metric", "value", "base", "faster"),
    [("latency", 50.0, 90.0, 1.8), ("throughput", 90.0, 50.0, 1.8), ("measured_speedup", 1.4, np.nan, 1.4)],
)
def test_measured_speedups_by_metric(metric: str, value: float, base: float, faster: float) -> None:
    rows = pd.DataFrame({"metric": [metric], "value": [value], "base_value": [base]})
    assert measured_speedups(rows).tolist() == [pytest.approx(faster)]


def test_where_no_network_is_carried_the_model_ranks_and_it_is_said_why(model: DoseResponse) -> None:
    found = asked(model, ROWS[ROWS["paper_id"].isin(["one2020", "five2023"])])
    assert found.synthesis is None
    assert "too little evidence on ResNet-50 on ImageNet at speedup 2" in found.refused
    assert found.methods["method"].tolist() == ["A", "B", "D"]
    assert f"No network meta-analysis: {found.refused}." in said(found)


def test_without_a_model_methods_stand_as_reported_and_none_is_ranked() -> None:
    found = asked(None, ROWS[ROWS["paper_id"].isin(["one2020", "five2023"])])
    assert (found.ranked, found.methods["reported"].tolist()) == (0, [-0.2, -2.0, pytest.approx(np.nan, nan_ok=True)])


def test_the_page_does_not_tell_of_a_model_where_there_is_none() -> None:
    told = said(asked(None, ROWS[ROWS["paper_id"].isin(["one2020", "five2023"])]))
    assert "nothing: the order is that of reported changes" in told
    assert "No method has a place" in told
    assert not any(words in told for words in ("places are those", "distinguishable", "at the end without"))


def test_the_page_tells_a_part_without_freedom_as_such() -> None:
    apart = [row | {"paper_id": "three"} for row in VALUES]
    more = [row | {"canonical_method": name} for row, name in zip(apart, ("X", "Y"), strict=True)]
    told = said(asked(None, points(*PAIR, *more)))
    assert "nothing tells how much papers differ" in told
    assert "nan" not in told


def test_a_wish_leaves_out_other_papers(model: DoseResponse) -> None:
    assert asked(model, since=2022, rows=ROWS.assign(year=ROWS["paper_id"].str[-4:].astype(int))).papers == 3


@pytest.mark.parametrize(
    ("more", "error", "told"),
    [
        ({"structure": "structred"}, UnknownNameError, "did you mean 'structured'"),
        ({"setup": "S9"}, UnknownNameError, "no setup 'S9'"),
        ({"at": 9.0}, TooLittleEvidenceError, "no paper reports a method on ResNet-50 on ImageNet near speedup 9"),
        ({"level": 0.0}, ArgumentError, "between 0 and 1"),
    ],
)
def test_what_cannot_be_told_is_refused(
    model: DoseResponse, more: dict[str, Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        asked(model, **more)


# The page


def test_the_page_says_how_far_the_ranking_can_be_trusted(found: BestMethods) -> None:
    words = said(found)
    assert "5 papers, 1 of 3 methods distinguishable from the best" in words
    assert "1 of 4 methods are reported by one paper alone" in words
    assert "1 method at the end without a place" in words
    assert "degrees of freedom" in words or "degree of freedom" in words


def test_the_page_does_not_tell_of_methods_of_one_paper_where_there_are_none() -> None:
    assert "one paper alone" not in said(asked(None, points(*PAIR)))


def test_the_page_is_titled_by_what_was_asked(found: BestMethods) -> None:
    assert page_title(found) == "Methods for ResNet-50 on ImageNet at a theoretical speedup of 2"


def test_the_page_links_every_number_to_its_source(found: BestMethods) -> None:
    sources = best_sections(found)[-1]
    assert sources.links["locator"] == ["https://arxiv.org/abs/1"] * 4


def test_a_method_without_a_place_has_no_number_before_it(found: BestMethods) -> None:
    table = best_sections(found)[1].table
    assert table is not None
    assert table[""].tolist() == ["1", "2", "3", ""]


def test_assumed_deviations_are_told_with_what_others_would_change(model: DoseResponse) -> None:
    found = asked(model, ROWS.assign(std=ROWS["std"].where(ROWS["paper_id"].ne("four2023"))))
    assert "one of 0.10 points is assumed, the median of 4 papers" in said(found)
    assert set(found.distinguishable_by_factor) == {0.5, 1.0, 2.0, 4.0}
    assert found.methods.set_index("method")["assumed"][["A", "C", "B"]].tolist() == [False, False, True]
