"""Does the model of doses and responses find what is there, and cover what is to come as often as it says?"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import multivariate_normal

from prunelit.analysis.synthesis import mixed_model
from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError
from prunelit.analysis.synthesis.dose_response import (
    DoseResponse,
    change_of,
    dose_rows,
    doses,
    fit_dose_response,
    only_network,
    response,
    told_by_network,
)
from prunelit.analysis.synthesis.expectation import curves_table, expect
from prunelit.analysis.synthesis.mixed_model import at_ratios, fit_mixed_model, left_out, sums_of
from prunelit.analysis.synthesis.prediction import naive, papers_predicted, predictions_table, verdict_on
from prunelit.schema.problems import ArgumentError, UnknownNameError

SLOPE, PAPER, RESIDUAL = -1.2, 0.4, 0.25


def simulated(papers: int, seed: int, networks: int = 3, points: int = 6, tails: float = np.inf) -> pd.DataFrame:
    """Points whose response falls with the second term by SLOPE, differently in each paper."""
    rng = np.random.default_rng(seed)
    paper = np.repeat(np.arange(papers), points)
    ratio = np.exp(rng.uniform(0.1, 2.5, len(paper)))
    own = rng.normal(0, PAPER, papers)[paper]
    noise = RESIDUAL * (rng.standard_t(tails, len(paper)) if np.isfinite(tails) else rng.normal(size=len(paper)))
    base = np.full(len(paper), 76.0)
    scaled = (SLOPE + own) * doses(ratio)[1] + noise
    return pd.DataFrame(
        {
            "dataset": "ImageNet",
            "architecture": [f"Net-{one % networks}" for one in paper],
            "network": [f"Net-{one % networks} on ImageNet" for one in paper],
            "paper_id": [f"paper{one}" for one in paper],
            "treatment": [f"method{one % 7}" for one in paper],
            "structure": pd.array(["structured" if one % 2 else "unstructured" for one in paper], dtype="string"),
            "ratio": ratio,
            "base": base,
            "change": change_of(scaled, base),
        }
    )


@pytest.fixture(scope="module")
def model() -> DoseResponse:
    """The model of a simulated literature."""
    return fit_dose_response(simulated(60, 1))


# The mixed model


def design() -> tuple[np.ndarray, np.ndarray]:
    """Columns of two crossed factors with two fixed effects, and the component of each random one."""
    rng = np.random.default_rng(5)
    first, second = np.eye(4)[rng.integers(0, 4, 30)], np.eye(6)[rng.integers(0, 6, 30)]
    fixed = np.column_stack([np.ones(30), rng.normal(size=30)])
    outcome = first @ rng.normal(size=4) + fixed @ [1.0, 2.0] + rng.normal(size=30)
    return np.column_stack([first, second, fixed, outcome]), np.repeat([0, 1], [4, 6])


def test_the_deviance_is_that_of_the_restricted_likelihood() -> None:
    columns, component = design()
    fixed, outcome = columns[:, 10:12], columns[:, 12]
    contrasts = np.linalg.svd(fixed.T)[2][2:]

    def directly(log_ratios: np.ndarray) -> float:
        scale = np.exp(log_ratios)[component]
        cover = np.eye(30) + (columns[:, :10] * scale**2) @ columns[:, :10].T
        seen = contrasts @ outcome
        rest = contrasts @ cover @ contrasts.T
        variance = seen @ np.linalg.solve(rest, seen) / 28
        return float(-2 * multivariate_normal(np.zeros(28), variance * rest).logpdf(seen))

    points = (np.array([-1.0, 0.3]), np.array([0.5, -2.0]))
    sums = sums_of(columns, component)
    ours = [mixed_model._deviance(one, sums)[0] for one in points]
    assert_allclose(ours[0] - ours[1], directly(points[0]) - directly(points[1]), rtol=1e-9)


def test_the_slope_of_the_deviance_is_its_difference_quotient() -> None:
    columns, component = design()
    sums, at = sums_of(columns, component), np.array([-0.4, 0.2])
    steps = np.eye(2) * 1e-5
    quotient = [
        (mixed_model._deviance(at + one, sums)[0] - mixed_model._deviance(at - one, sums)[0]) / 2e-5 for one in steps
    ]
    assert_allclose(mixed_model._deviance(at, sums)[1], quotient, rtol=1e-6)


def test_the_fit_has_no_slope_left() -> None:
    sums = sums_of(*design())
    assert_allclose(mixed_model._deviance(fit_mixed_model(sums).log_ratios, sums)[1], 0, atol=0.05)


def test_what_is_left_out_is_predicted_as_by_a_fit_without_it() -> None:
    columns, component = design()
    log_ratios, groups = np.array([-0.4, 0.2]), np.repeat(np.arange(6), 5)
    errors, deviations = left_out(at_ratios(sums_of(columns, component), log_ratios), columns, groups)
    own = groups == 2
    without = at_ratios(sums_of(columns[~own], component), log_ratios)
    mean, error = without.predicted(columns[own, :-1])
    assert_allclose(errors[own], columns[own, -1] - mean, rtol=1e-9)
    assert_allclose(deviations[own], np.hypot(error, without.sigma), rtol=1e-9)


def test_a_random_effect_without_data_varies_as_its_component() -> None:
    columns, component = design()
    more = np.column_stack([np.zeros(30), columns])
    fit = at_ratios(sums_of(more, np.concatenate([[0], component])), np.array([0.7, 0.2]))
    _, error = fit.predicted(np.eye(13)[:1][:, :13])
    assert_allclose(error, np.exp(0.7) * fit.sigma)


# The scale


@pytest.mark.parametrize("change", [-75.5, -30.0, -1.0, 0.0, 0.7, 20.0])
def test_the_scale_goes_back_and_forth(change: float) -> None:
    base = np.array([76.0])
    assert_allclose(change_of(response(np.array([change]), base), base), change, atol=1e-9)


def test_no_change_goes_beyond_what_an_accuracy_can_be() -> None:
    assert_allclose(change_of(np.array([-50.0, 50.0]), np.array([76.0, 76.0])), [-76.0, 24.0])


def test_what_is_not_pruned_has_not_changed(model: DoseResponse) -> None:
    asked = model.rows[:1].assign(ratio=1.0)
    assert_allclose(model.predicted(asked)[["change", "expected_lower", "expected_upper"]], 0, atol=1e-9)


# Recovery and coverage


def test_a_known_curve_is_recovered(model: DoseResponse) -> None:
    asked = pd.DataFrame({"ratio": [2.0, 4.0, 8.0], "base": 76.0}).assign(
        network=None, paper_id=None, treatment=None, structure=None
    )
    truth = change_of(SLOPE * doses(asked["ratio"].to_numpy())[1], np.full(3, 76.0))
    found = model.predicted(asked, 0.99)
    assert (found["expected_lower"] < truth).all()
    assert (truth < found["expected_upper"]).all()
    assert_allclose(found["change"], truth, rtol=0.25)


@pytest.mark.parametrize(("level", "low", "high"), [(0.95, 0.92, 0.98), (0.8, 0.74, 0.86)])
@pytest.mark.parametrize("tails", [np.inf, 3.0])
def test_intervals_cover_new_papers_as_stated(level: float, low: float, high: float, tails: float) -> None:
    covered = []
    for seed in range(3):
        there, new = simulated(60, seed, tails=tails), simulated(200, 100 + seed, tails=tails)
        found = fit_dose_response(there).predicted(new.assign(paper_id=None), level)
        covered.append(new["change"].between(found["lower"], found["upper"]).mean())
    assert low <= np.mean(covered) <= high


def test_the_interval_of_a_new_paper_is_wider_than_that_of_the_curve(model: DoseResponse) -> None:
    found = model.predicted(model.rows)
    assert (found["lower"] < found["expected_lower"]).all()
    assert (found["expected_upper"] < found["upper"]).all()


def test_few_papers_have_limits_no_closer_than_a_normal_variable() -> None:
    low, high = fit_dose_response(simulated(8, 3)).limits(0.95)
    assert low <= -1.959
    assert high >= 1.959


def test_no_warning_leaks_where_papers_do_not_differ_at_all() -> None:
    rows = simulated(12, 4).assign(change=-1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit_dose_response(rows).predicted(rows)
    assert found.notna().all(axis=None)


def test_too_few_papers_are_refused_with_their_number() -> None:
    with pytest.raises(TooLittleEvidenceError, match="4 papers with 24 points"):
        fit_dose_response(simulated(4, 1))


# Expectations


def asked_of(model: DoseResponse, **more: object) -> object:
    named = {"dataset": "ImageNet", "architecture": "Net-1", "efficiency": "speedup", "at": 2.0} | more
    return expect(model, **named)  # type: ignore[arg-type]


def test_a_known_method_makes_the_interval_no_wider(model: DoseResponse) -> None:
    any_method, known = asked_of(model), asked_of(model, method="method1")
    assert known.method_papers == 9
    assert known.upper - known.lower <= any_method.upper - any_method.lower


@pytest.mark.parametrize(("at", "beyond"), [(2.0, False), (100.0, True)])
def test_a_ratio_that_nobody_reports_is_marked(model: DoseResponse, at: float, beyond: bool) -> None:
    assert asked_of(model, at=at).extrapolated is beyond


@pytest.mark.parametrize(
    ("more", "error", "told"),
    [
        ({"dataset": "Imagenet"}, UnknownNameError, "no dataset 'Imagenet'; did you mean 'ImageNet'?"),
        ({"architecture": "Net 1"}, UnknownNameError, "did you mean 'Net-1'?"),
        ({"method": "metod3"}, UnknownNameError, "no method 'metod3'; did you mean 'method3'?"),
        ({"structure": "structred"}, UnknownNameError, "did you mean 'structured'?"),
        ({"at": 1.0}, ArgumentError, "above 1, not 1"),
        ({"efficiency": "speed"}, UnknownNameError, "did you mean 'speedup'?"),
        ({"level": 1.0}, ArgumentError, "between 0 and 1, not at 1"),
    ],
)
def test_what_cannot_be_expected_is_refused(
    model: DoseResponse, more: dict[str, object], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told.replace("?", r"\?")):
        asked_of(model, **more)


def test_curves_stay_within_the_ratios_that_are_reported(model: DoseResponse) -> None:
    found = curves_table(model, "ImageNet", "Net-1")
    there = model.rows[model.rows["architecture"].eq("Net-1")]
    ends = found.groupby(["by", "name"])["ratio"].agg(["min", "max"]).loc[("structure", "structured")]
    of_structure = there.loc[there["structure"].eq("structured"), "ratio"]
    assert_allclose(ends.astype(float), [of_structure.min(), of_structure.max()])
    assert set(found.loc[found["by"].eq("method"), "name"]) == set(there["treatment"])


def test_the_model_of_one_network_knows_no_other(model: DoseResponse) -> None:
    alone = only_network(model, "ImageNet", "Net-2")
    assert (list(alone.levels), alone.rows["architecture"].unique().tolist()) == (
        ["paper_id", "treatment", "structure"],
        ["Net-2"],
    )


def test_a_method_is_expected_what_it_does_on_the_network_that_is_asked_for() -> None:
    rows = simulated(60, 1)
    better = rows["treatment"].eq("method3") & rows["architecture"].eq("Net-1")
    there = fit_dose_response(rows.assign(change=rows["change"].where(~better, rows["change"] / 3)))
    asked = {"efficiency": "speedup", "at": 3.0, "method": "method3"}
    changes = [
        [expect(model, "ImageNet", network, **asked).change for network in ("Net-1", "Net-2")]
        for model in (there, *(told_by_network(there, "ImageNet", one) for one in ("Net-1", "Net-2")))
    ]
    everywhere, on_first, on_second = changes
    assert on_first[0] > everywhere[0] + 0.2
    assert on_second[1] < everywhere[1]


def test_only_what_a_method_does_there_is_estimated_anew(model: DoseResponse) -> None:
    asked = told_by_network(model, "ImageNet", "Net-1")
    assert_allclose(asked.fit.log_ratios[:-2], model.fit.log_ratios)
    columns, _ = design()
    sums = sums_of(columns[:, [*range(4, 10), *range(4), *range(10, 13)]], np.repeat([0, 1], [6, 4]))
    held = fit_mixed_model(sums, np.array([-0.4, 1.0]), held=1)
    grid = np.linspace(-3, 2, 5001)
    deviances = [mixed_model._deviance(np.array([-0.4, one]), sums)[0] for one in grid]
    assert_allclose(held.log_ratios, [-0.4, grid[int(np.argmin(deviances))]], atol=0.01)


def test_a_network_without_points_leaves_the_model_as_it_is(model: DoseResponse) -> None:
    assert told_by_network(model, "ImageNet", "Net-9") is model


# Which rows


def evidence(**more: object) -> pd.DataFrame:
    usual = {
        "metric": "top1", "sweep": False, "dataset": "ImageNet", "architecture": "ResNet-50", "paper_id": "doe2021",
        "origin": "own", "training_scheme": "fine_tuned", "speedup": 2.0, "change": -1.0, "base_value": 76.0,
        "canonical_method": "A", "structure": "structured", "base_top1_std": None, "fine_tuning": None,
        "collections": "living",
    }  # fmt: skip
    return pd.DataFrame([usual | more])


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        ({}, 1),
        ({"origin": "rerun"}, 1),
        ({"training_scheme": None}, 1),
        ({"canonical_method": None}, 1),
        ({"origin": "copied"}, 0),
        ({"origin": "unclear"}, 0),
        ({"training_scheme": "scratch"}, 0),
        ({"training_scheme": "none"}, 0),
        ({"training_scheme": None, "fine_tuning": "reinitialization"}, 0),
        ({"fine_tuning": "reinitialization"}, 1),
        ({"speedup": 1.0}, 0),
        ({"speedup": np.inf}, 0),
        ({"change": np.nan}, 0),
        ({"base_value": np.nan}, 0),
        ({"sweep": True}, 0),
        ({"collections": "evaluations"}, 0),
    ],
)
def test_own_numbers_of_networks_that_were_trained_further_enter(more: dict[str, object], rows: int) -> None:
    assert len(dose_rows(evidence(**more), "speedup")) == rows


def test_a_missing_unpruned_accuracy_is_the_median_of_the_network() -> None:
    table = pd.concat([evidence(base_value=74.0), evidence(base_value=76.0), evidence(base_value=np.nan)])
    assert dose_rows(table.reset_index(drop=True), "speedup")["base"].tolist() == [74.0, 76.0, 75.0]


# Judged by prediction


def of(ratios: list[float], changes: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"ratio": ratios, "change": changes})


def test_naive_rules_are_what_their_names_say() -> None:
    found = naive(of([2.0, 2.8], [0.0, 0.0]), of([1.0, 2.0, 4.0], [0.0, -3.0, -4.0]))
    assert found["nearest"].tolist() == [-3.0, -3.0]
    assert_allclose(found["linear"], [-7 / 3, -7 / 3 - 2 * np.log2(2.8 / 2)])
    assert_allclose(found["mean"], -7 / 3)


def test_equally_near_points_are_averaged() -> None:
    assert naive(of([2.0], [0.0]), of([1.0, 4.0], [-1.0, -2.0]))["nearest"].tolist() == [-1.5]


def test_one_ratio_has_no_line() -> None:
    assert naive(of([5.0], [0.0]), of([2.0, 2.0], [-1.0, -2.0]))["linear"].tolist() == [-1.5]


def test_nothing_is_predicted_of_a_network_that_nobody_else_reports() -> None:
    assert naive(of([2.0], [0.0]), of([], [])).isna().all(axis=None)


def test_a_paper_has_no_part_in_its_own_prediction() -> None:
    rows = simulated(20, 2)
    wrong = rows.assign(change=rows["change"].mask(rows["paper_id"].eq("paper3"), -70.0))
    shown = ["width"]
    one, other = (predictions_table(papers_predicted(table, "speedup", ["paper3"])) for table in (rows, wrong))
    assert_allclose(one[shown], other[shown], rtol=1e-3)
    assert other["covered"].item() < one["covered"].item()


def test_papers_are_weighed_by_their_points_or_count_once() -> None:
    table = predictions_table(
        [
            {"points": 3, "covered": 3, "compared": 3, "model": 1.0, "nearest": 2.0, "linear": 2.0, "mean": 2.0},
            {"points": 1, "covered": 0, "compared": 1, "model": 5.0, "nearest": 2.0, "linear": 2.0, "mean": 2.0},
        ]
    )
    found = verdict_on(table.fillna({"alone_points": 0, "alone_covered": 0}))
    assert (found["coverage"], found["coverage_by_paper"]) == (0.75, 0.5)
    assert (found["model"], found["model_by_paper"]) == (2.0, 3.0)


def test_no_drop_is_larger_than_all_accuracy() -> None:
    assert change_of(np.array([-1000.0, 1000.0]), np.array([90.0, 90.0])).tolist() == [-90.0, 10.0]
