"""Which numbers of the literature enter a synthesis, and what becomes of them on the way?"""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evidence_rows import points, study
from prunelit.analysis.synthesis.arms import arms_at, eligible
from prunelit.analysis.synthesis.connectivity import (
    TooLittleEvidenceError,
    maybe_connected,
    network_counts,
    synthesis_networks_table,
)
from prunelit.analysis.synthesis.contrasts import UNPRUNED_ARM, compared, contrasts_of
from prunelit.analysis.synthesis.copies import followed
from prunelit.analysis.synthesis.field import synthesize
from prunelit.analysis.synthesis.question import Question, narrowed, under_setup
from prunelit.analysis.synthesis.standard_errors import AssumedDeviation, assumed_deviation, with_standard_errors
from prunelit.schema.problems import ArgumentError, UnknownNameError


def arms(*rows: dict[str, Any], at: float = 2.0) -> pd.DataFrame:
    return arms_at(points(*rows), "speedup", at)


# Matching the ratio


@pytest.mark.parametrize(
    ("ratios", "at", "value"),
    [
        ([2.0], 2.0, 0.0),
        ([2.1], 2.0, 0.0),
        ([2.1001], 2.0, None),
        ([2.0 / 1.05], 2.0, 0.0),
        ([2.0 / 1.0501], 2.0, None),
        ([1.5, 3.0], 2.0, log(2 / 1.5) / log(2)),
        ([1.5, 3.01], 2.0, None),
        ([3.0, 1.5], 2.0, 1 - log(2 / 1.5) / log(2)),
        ([1.95, 2.02], 2.0, 1.0),
        ([1.9, 1.8], 2.0, None),
        ([2.2, 3.0], 2.0, None),
        ([1.2, 1.6, 2.4], 2.0, 1 + log(2 / 1.6) / log(2.4 / 1.6)),
        ([0.0, 2.0], 2.0, 1.0),
    ],
)
def test_a_point_near_the_ratio_or_a_line_between_two_and_nothing_beyond(
    ratios: list[float], at: float, value: float | None
) -> None:
    found = arms(*({"speedup": ratio, "value": float(place)} for place, ratio in enumerate(ratios)), at=at)
    assert found["value"].tolist() == ([] if value is None else [pytest.approx(value)])


def test_points_at_one_ratio_are_averaged() -> None:
    assert arms({"value": 75.0}, {"value": 77.0}, {"speedup": 2.05, "value": 0.0})["value"].tolist() == [76.0]


def test_an_arm_tells_how_its_ratio_was_matched_and_where_its_numbers_stand() -> None:
    found = arms({"speedup": 1.5, "locator": "Table 1"}, {"speedup": 3.0, "locator": "Table 2"})
    assert found[["matched_by", "locator"]].values.tolist() == [["between 1.5 and 3", "Table 1; Table 2"]]
    assert arms({"speedup": 2.04})["matched_by"].tolist() == ["reported at 2.04"]


def test_a_point_on_a_line_is_as_uncertain_as_the_less_certain_end() -> None:
    found = arms({"speedup": 1.5, "std": 0.1, "seeds": 5}, {"speedup": 3.0, "std": 0.3, "seeds": 3})
    assert found[["std", "seeds"]].values.tolist() == [[0.3, 3]]


@pytest.mark.parametrize("ends", [(None, 0.3), (0.3, None)])
def test_a_point_on_a_line_has_no_deviation_where_an_end_has_none(ends: tuple[float | None, float | None]) -> None:
    found = arms(*({"speedup": ratio, "std": std} for ratio, std in zip((1.5, 3.0), ends, strict=True)))
    assert found["std"].isna().all()


def test_several_curves_of_a_method_in_one_study_are_their_mean() -> None:
    found = arms({"curve": 0, "value": 74.0}, {"curve": 1, "value": 75.0})
    assert found[["value", "curves"]].values.tolist() == [[74.5, 2]]


def test_two_experiments_of_a_paper_on_one_network_are_two_studies() -> None:
    found = arms({"experiment": 0}, {"experiment": 3})
    assert found["study"].tolist() == ["doe2021, experiment 1", "doe2021, experiment 4"]


def test_what_was_measured_under_other_conditions_is_another_study() -> None:
    found = arms({"conditions": "test"}, {"conditions": "validation", "value": 60.0})
    assert found[["study", "value"]].values.tolist() == [["doe2021, test", 75.0], ["doe2021, validation", 60.0]]


# What may enter


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"canonical_method": None}, "no method named"),
        ({"origin": "copied"}, "copied from another paper"),
        ({"origin": "unclear"}, "origin unclear"),
        ({"training_scheme": "scratch_b"}, "trained from scratch"),
        ({"fine_tuning": "reinitialization"}, "trained from scratch"),
        ({"speedup": 4.0}, "no point near the ratio"),
        ({"value": None, "change": None}, "no point near the ratio"),
    ],
)
def test_curves_that_do_not_enter_are_told_with_the_reason(row: dict[str, Any], reason: str) -> None:
    found, lost = eligible(points({}, {"curve": 1} | row), "speedup", 2.0)
    assert (found["curve"].tolist(), lost.tolist()) == ([0], [reason])


@pytest.mark.parametrize(
    "row",
    [
        {"origin": "rerun"},
        {"training_scheme": "fine_tuned"},
        {"training_scheme": None},
        {"training_scheme": "fine_tuned", "fine_tuning": "reinitialization"},
    ],
)
def test_reruns_and_any_training_of_the_method_enter(row: dict[str, Any]) -> None:
    assert eligible(points(row), "speedup", 2.0)[1].empty


@pytest.mark.parametrize(
    ("wish", "row"),
    [
        ({"structure": "structured"}, {"structure": "structured"}),
        ({"peer_reviewed": True}, {"peer_reviewed": True}),
        ({"peer_reviewed": False}, {"peer_reviewed": False}),
        ({"training_scheme": "fine_tuned"}, {"training_scheme": "fine_tuned"}),
        ({"since": 2020}, {"year": 2020}),
    ],
)
def test_what_is_unknown_fulfils_no_wish(wish: dict[str, Any], row: dict[str, Any]) -> None:
    table = points({"curve": 0} | row, {"curve": 1})
    assert narrowed(table, Question("ImageNet", "ResNet-50", **wish))["curve"].tolist() == [0]


def test_a_year_too_early_does_not_enter() -> None:
    table = points({"year": 2019}, {"year": 2020})
    assert narrowed(table, Question("ImageNet", "ResNet-50", since=2020))["year"].tolist() == [2020]


def test_curves_of_a_study_that_are_all_comparable_under_a_setup() -> None:
    table = points(*({"curve": curve} for curve in range(4)))
    pairs = [(0, 1, "S1; S2"), (1, 2, "S1; S2"), (0, 2, "S1; S2"), (2, 3, "S1; S2"), (0, 3, "S1")]
    setups = pd.DataFrame(
        [("doe2021", 0, one, "doe2021", 0, other, proven, "S1; S2; S3.1") for one, other, proven in pairs],
        columns=[
            "paper_id", "experiment", "curve", "other_paper_id", "other_experiment", "other_curve",
            "proven", "possible",
        ],
    )  # fmt: skip
    assert under_setup(table, setups, "S2")["curve"].tolist() == [0, 1, 2]
    assert under_setup(table, setups, "S3.1")["curve"].tolist() == [0]
    with pytest.raises(UnknownNameError, match="did you mean"):
        under_setup(table, setups, "S3.2")


# Numbers that papers copied


COPY = {
    "paper_id": "roe2022",
    "origin": "copied",
    "copied_from": "doe2021",
    "canonical_method": "A",
    "base_value": 76.0,
}


def test_a_copy_of_what_the_source_holds_is_no_evidence() -> None:
    found = followed(points({"base_value": 76.0}, COPY))
    assert found["paper_id"].tolist() == ["doe2021"]


def test_a_copy_of_what_the_source_does_not_hold_is_its_own_once() -> None:
    table = points({"canonical_method": "B", "base_value": 76.0}, COPY, COPY | {"paper_id": "poe2023", "value": 1.0})
    found = followed(table).iloc[1:]
    assert found[["paper_id", "experiment", "curve", "origin", "value"]].values.tolist() == [
        ["doe2021", 0, 1, "own", 75.0]
    ]


def test_a_copy_with_another_unpruned_model_is_an_experiment_apart() -> None:
    table = points({"canonical_method": "B", "base_value": 76.1}, COPY)
    assert followed(table)["experiment"].tolist() == [0, 1]


def test_all_points_of_a_copied_curve_are_followed() -> None:
    table = points({"canonical_method": "B", "base_value": 76.0}, COPY, COPY | {"speedup": 4.0})
    assert followed(table)["speedup"].tolist() == [2.0, 2.0, 4.0]


def test_a_copy_of_unknown_source_is_followed_nowhere() -> None:
    assert followed(points({}, COPY | {"copied_from": None}))["paper_id"].tolist() == ["doe2021"]


# Standard errors


def test_standard_error_of_a_mean_is_the_deviation_over_the_root_of_the_runs() -> None:
    found = with_standard_errors(arms({"std": 0.3, "seeds": 9}), None)
    assert found[["standard_error", "assumed"]].values.tolist() == [[pytest.approx(0.1), False]]


def test_a_deviation_of_unknown_runs_is_that_of_one() -> None:
    assert with_standard_errors(arms({"std": 0.3}), None)["standard_error"].tolist() == [0.3]


@pytest.mark.parametrize("std", [None, 0.0])
def test_what_is_not_reported_is_assumed_and_marked(std: float | None) -> None:
    found = with_standard_errors(arms({"std": std, "seeds": 4}), AssumedDeviation(0.2, 3, "all"), factor=2.0)
    assert found[["standard_error", "assumed"]].values.tolist() == [[pytest.approx(0.2), True]]


def test_assumed_deviation_is_the_median_over_papers_each_with_its_own() -> None:
    table = points(
        {"paper_id": "a", "std": 0.1}, {"paper_id": "a", "std": 0.3}, {"paper_id": "a", "std": 0.2},
        {"paper_id": "b", "std": 0.4}, {"paper_id": "c", "std": 0.9},
    )  # fmt: skip
    assert assumed_deviation(table, "ImageNet", "ResNet-50") == AssumedDeviation(0.4, 3, "ResNet-50 on ImageNet")


@pytest.mark.parametrize(
    ("third", "where"),
    [({"architecture": "ResNet-18"}, "ImageNet"), ({"dataset": "CIFAR-10"}, "all datasets"), ({"std": None}, None)],
)
def test_where_too_few_papers_report_it_more_distant_ones_are_asked(third: dict[str, Any], where: str | None) -> None:
    table = points({"paper_id": "a", "std": 0.1}, {"paper_id": "b", "std": 0.2}, {"paper_id": "c", "std": 0.3} | third)
    found = assumed_deviation(table, "ImageNet", "ResNet-50")
    assert (found and found.where) == where


# Contrasts and networks


def test_unpruned_model_is_an_arm_with_its_own_deviation() -> None:
    found = compared(arms({"change": -1.0, "std": 0.2, "base_std": 0.1}), through_unpruned=True)
    assert found[["treatment", "quality", "std"]].values.tolist() == [["A", -1.0, 0.2], [UNPRUNED_ARM, 0.0, 0.1]]


def test_runs_of_the_unpruned_model_are_its_own() -> None:
    found = compared(arms({"seeds": 5, "base_seeds": 1}, {"curve": 1, "canonical_method": "B", "seeds": 5}), True)
    assert dict(zip(found["treatment"], found["seeds"], strict=True)) == {"A": 5, "B": 5, "unpruned": 1}


def test_without_it_a_study_of_one_method_compares_nothing() -> None:
    assert compared(arms({}), through_unpruned=False).empty


def test_without_changes_values_are_compared_and_the_unpruned_model_is_no_arm() -> None:
    rows = (
        {"curve": 0, "change": None, "value": 75.0},
        {"curve": 1, "canonical_method": "B", "change": None, "value": 74.0},
    )
    found = compared(arms(*rows), through_unpruned=True)
    assert found[["treatment", "quality"]].values.tolist() == [["A", 75.0], ["B", 74.0]]


def test_contrast_is_the_difference_of_two_arms_and_keeps_both_locators() -> None:
    rows = (
        {"curve": 0, "change": -1.0, "locator": "Table 1", "std": 0.3, "seeds": 1},
        {"curve": 1, "canonical_method": "B", "change": -3.0, "locator": "Table 2"},
    )
    told = with_standard_errors(compared(arms(*rows), through_unpruned=False), AssumedDeviation(0.4, 3, "all"))
    row = contrasts_of(told).iloc[0]
    assert (row["treatment1"], row["treatment2"], row["effect"]) == ("A", "B", 2.0)
    assert row["standard_error"] == pytest.approx(0.5)
    assert (row["locator1"], row["locator2"], bool(row["assumed"])) == ("Table 1", "Table 2", True)


def test_degrees_of_freedom_are_arms_beyond_a_tree() -> None:
    tree = pd.DataFrame({"study": ["x", "x", "y", "y"], "treatment": ["A", "B", "B", "C"]})
    loop = pd.concat([tree, pd.DataFrame({"study": ["z", "z"], "treatment": ["A", "C"]})])
    apart = pd.concat([tree, pd.DataFrame({"study": ["z", "z"], "treatment": ["D", "E"]})])
    assert network_counts(tree) == {"studies": 2, "methods": 3, "components": 1, "largest": 3, "freedom": 0}
    assert network_counts(loop) == {"studies": 3, "methods": 3, "components": 1, "largest": 3, "freedom": 1}
    assert network_counts(apart) == {"studies": 3, "methods": 5, "components": 2, "largest": 3, "freedom": 0}
    assert network_counts(tree.iloc[:0])["freedom"] == 0


ROWS = [*study("x", A=-1.0, B=-2.0), *study("y", A=-1.4, B=-2.0), *study("z", B=-2.2, C=-0.6)]
QUESTION = Question("ImageNet", "ResNet-50", through_unpruned=False)


def test_two_studies_of_one_pair_are_weighted_by_their_variances() -> None:
    found = synthesize(points(*ROWS), None, QUESTION, reference="B", method_tau="DL")
    assert found.network.common.loc["A", "effect"] == pytest.approx(0.8)
    assert found.network.common.loc["A", "standard_error"] == pytest.approx(sqrt(2 * 0.04 / 2))
    assert found.network.common.loc["C", "effect"] == pytest.approx(1.6)


def test_more_accurate_methods_rank_first() -> None:
    found = synthesize(points(*ROWS), None, QUESTION)
    assert found.network.p_scores["common"].idxmax() == "C"


def test_lower_values_rank_first_where_they_are_better() -> None:
    table = points(*ROWS).assign(direction="lower")
    assert synthesize(table, None, QUESTION).network.p_scores["common"].idxmax() == "B"


def test_reported_deviations_need_no_assumption() -> None:
    found = synthesize(points(*ROWS), None, QUESTION)
    assert found.assumed is None
    assert found.sensitivity.index.unique("factor").tolist() == [1.0]


def test_assumed_deviations_are_varied() -> None:
    table = points(*ROWS).assign(std=float("nan"))
    found = synthesize(table, None, QUESTION, assumed_std=0.2, reference="B", method_tau="DL")
    errors = found.sensitivity["standard_error"].xs("A", level="treatment")
    assert errors.index.tolist() == [0.5, 1.0, 2.0, 4.0]
    assert errors[4.0] == pytest.approx(4 * 0.2)
    assert found.arms["assumed"].all()


def test_too_little_evidence_is_refused_with_the_counts() -> None:
    counted = r"2 studies .* 3 methods in all, 3 of them connected, with 0"
    with pytest.raises(TooLittleEvidenceError, match=counted) as error:
        synthesize(points(*study("x", A=-1.0, B=-2.0), *study("z", B=-2.2, C=-0.6)), None, QUESTION)
    assert error.value.counts["freedom"] == 0


def test_two_methods_are_no_network() -> None:
    with pytest.raises(TooLittleEvidenceError, match="2 methods in all"):
        synthesize(points(*study("x", A=-1.0, B=-2.0), *study("y", A=-1.4, B=-2.0)), None, QUESTION)


def test_a_metric_whose_deviation_nobody_reports_needs_one_given() -> None:
    with pytest.raises(TooLittleEvidenceError, match="hardly any paper reports the deviation of top1"):
        synthesize(points(*ROWS).assign(std=float("nan")), None, QUESTION)


@pytest.mark.parametrize(
    ("wish", "error", "message"),
    [
        ({"dataset": "ImageNat"}, UnknownNameError, "did you mean 'ImageNet'"),
        ({"architecture": "ResNet 50"}, UnknownNameError, "did you mean 'ResNet-50'"),
        ({"metric": "top2"}, UnknownNameError, "did you mean 'top1'"),
        ({"structure": "structred"}, UnknownNameError, "no structure .* did you mean 'structured'"),
        ({"training_scheme": "fine-tuned"}, UnknownNameError, "no training scheme .* did you mean 'fine_tuned'"),
        ({"efficiency": "flops"}, UnknownNameError, "speedup, compression_ratio"),
        ({"copied": "keep"}, UnknownNameError, "leave_out, follow"),
        ({"at": 1.0}, ArgumentError, "above 1"),
        ({"at": float("nan")}, ArgumentError, "above 1"),
        ({"at": float("inf")}, ArgumentError, "above 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(wish: dict[str, Any], error: type[Exception], message: str) -> None:
    usual: dict[str, Any] = {"dataset": "ImageNet", "architecture": "ResNet-50"}
    table = points(*ROWS).assign(structure="structured", training_scheme="fine_tuned")
    with pytest.raises(error, match=message):
        synthesize(table, None, Question(**usual | wish))


def test_a_whole_ratio_of_numpy_is_a_ratio() -> None:
    wish: dict[str, Any] = {"at": np.int64(2)}
    assert Question("ImageNet", "ResNet-50", **wish).at == 2


@pytest.mark.parametrize("std", [0.0, -1.0, float("nan"), float("inf")])
def test_an_assumed_deviation_is_a_positive_number(std: float) -> None:
    with pytest.raises(ArgumentError, match="a standard deviation is a positive number"):
        synthesize(points(*ROWS).assign(std=float("nan")), None, QUESTION, assumed_std=std)


def test_table_of_networks_says_which_carry_a_synthesis() -> None:
    weak = [row | {"architecture": "ResNet-18"} for row in study("x", A=-1.0, B=-2.0)]
    found = synthesis_networks_table(points(*ROWS, *weak), "top1", "speedup", 2.0, through_unpruned=False)
    assert found[["architecture", "studies", "methods", "freedom", "carries"]].values.tolist() == [
        ["ResNet-50", 3, 3, 1, True],
        ["ResNet-18", 1, 2, 0, False],
    ]


def networks_asked(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return maybe_connected(points(*rows), QUESTION.metric, QUESTION.efficiency, QUESTION.at)


@pytest.mark.parametrize(
    ("rows", "connected"),
    [
        (study("x", A=-1.0, B=-2.0), False),
        ([*study("x", A=-1.0, B=-2.0), *study("y", A=-1.0, C=-2.0)], True),
        ([*study("x", A=-1.0), *(row | {"metric": "top5"} for row in study("y", A=-1.0))], False),
        ([*study("x", A=-1.0), *(row | {"experiment": 7} for row in study("x", A=-1.0))], True),
        ([*study("x", A=-1.0), *(row | {"speedup": 4.0} for row in study("y", A=-1.0))], True),
        ([*study("x", A=-1.0), *(row | {"speedup": 4.1} for row in study("y", A=-1.0))], False),
        ([*study("x", A=-1.0), *(row | {"speedup": 1.0} for row in study("y", A=-1.0))], True),
        ([*study("x", A=-1.0), *(row | {"speedup": 0.9} for row in study("y", A=-1.0))], False),
        ([*study("x", A=-1.0), *(row | {"canonical_method": None} for row in study("y", A=-1.0))], False),
    ],
)
def test_a_method_in_two_studies_near_the_ratio_may_connect_them(rows: list[dict[str, Any]], connected: bool) -> None:
    assert bool(networks_asked(rows)) == connected


def test_whatever_is_carried_may_be_connected() -> None:
    assert networks_asked(ROWS)


def test_sweeps_are_no_evidence_of_a_synthesis() -> None:
    table = points(*ROWS)
    table.loc[0:1, "sweep"] = True
    assert synthesis_networks_table(table, "top1", "speedup", 2.0, through_unpruned=False)["studies"].tolist() == [2]


def test_of_treatments_in_as_many_studies_the_unpruned_model_is_the_reference() -> None:
    rows = [*study("one", A=-0.5, B=-2.0), *study("two", A=-0.6, B=-1.9)]
    found = synthesize(points(*rows), None, Question("ImageNet", "ResNet-50"), assumed_std=0.2)
    assert found.network.components["reference"].tolist() == [UNPRUNED_ARM]
