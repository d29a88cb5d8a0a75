"""Do the figures of our own evaluations show what their records say, and several records apart?"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import fmean, stdev

import pandas as pd
import pytest

from prunelit.analysis.dataset import EVALUATIONS, Dataset, dataset
from prunelit.figures.evaluations import differences_between, evaluated_points
from prunelit.figures.gallery import (
    evaluation_rates,
    evaluation_reduced,
    evaluation_scratch,
    evaluation_tradeoffs,
    speedups,
)
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Experiment

LENET = "LeNet-300-100, Digits (evaluation2026digits)"
L1 = "L1-norm filter pruning"


@pytest.fixture(scope="module")
def everything(whole: Corpus) -> Dataset:
    return dataset(whole)


@pytest.fixture(scope="module")
def lenet(whole: Corpus) -> Experiment:
    return (whole.by_id["evaluation2026digits"].experiments or ())[0]


def runs(experiment: Experiment, method: str, scheme: str, size: str) -> list[float]:
    """The accuracies of the runs of a point that counts."""
    (found,) = (
        point.top1_runs
        for curve in experiment.curves or ()
        if (curve.method, curve.training_scheme, curve.sweep) == (method, scheme, None)
        for point in curve.points or ()
        if point.pruned_model == size
    )
    return [float(one) for one in found or ()]


def one(rows: pd.DataFrame, **wanted: object) -> pd.Series:  # type: ignore[type-arg]
    """The only row that has these values."""
    for name, value in wanted.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def test_tradeoffs_reach_one_deviation_to_either_side(everything: Dataset, lenet: Experiment) -> None:
    rows = evaluation_tradeoffs.data(everything)
    row = one(rows[rows["compression_ratio"].between(7.9, 8.1)], panel=LENET, strategy="magnitude (global)")
    accuracies = runs(lenet, "magnitude (global)", "fine_tuned", "8x")
    assert row["error"] == pytest.approx(100 - fmean(accuracies))
    assert row["most"] - row["least"] == pytest.approx(2 * stdev(accuracies), abs=1e-4)


def test_tradeoffs_leave_out_what_is_trained_from_scratch_and_other_rates(everything: Dataset) -> None:
    rows = evaluation_tradeoffs.data(everything)
    assert not rows.duplicated(["panel", "strategy", "compression_ratio"]).any()


def test_scratch_minus_fine_tuned_has_the_interval_of_two_means(everything: Dataset, lenet: Experiment) -> None:
    row = one(evaluation_scratch.data(everything), panel=LENET, strategy=L1, way="Scratch-B", ratio=16)
    scratch, tuned = (runs(lenet, "L1-norm", scheme, "16x") for scheme in ("scratch_b", "fine_tuned"))
    reach = 1.96 * sqrt(stdev(scratch) ** 2 / 5 + stdev(tuned) ** 2 / 5)
    assert row["difference"] == pytest.approx(fmean(scratch) - fmean(tuned))
    assert row["high"] - row["difference"] == pytest.approx(reach, abs=1e-4)
    assert row["difference"] - row["low"] == pytest.approx(reach, abs=1e-4)


def test_rates_are_compared_with_each_of_the_others(everything: Dataset, lenet: Experiment) -> None:
    rows = evaluation_rates.data(everything)
    best = fmean(runs(lenet, "N:M", "fine_tuned", "4x"))
    found = rows[rows["panel"].eq(LENET) & rows["strategy"].eq("N:M") & rows["ratio"].eq(4)]
    assert found["versus"].tolist() == ["0.1 against 0.001", "0.1 against 0.01"]
    assert found["top1"].tolist() == pytest.approx([best, best])
    assert (found["difference"] + found["top1_other"]).tolist() == pytest.approx([best, best])


def test_reduced_networks_stand_beside_structured_ones_alone(everything: Dataset) -> None:
    rows = evaluation_reduced.data(everything)
    assert set(rows.loc[rows["way"] == "Reduced width", "strategy"]) == {"reduced width"}
    assert not set(rows["strategy"]) & {"magnitude (global)", "N:M", "SNIP"}


def test_records_of_one_network_are_told_apart(whole: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = dataset(replace(whole))  # of its own, for it remembers what is patched
    evidence = everything.of("evaluations").evidence()
    evidence = evidence[evidence["paper_id"] == "evaluation2026digits"]
    monkeypatch.setattr(Dataset, "evidence", lambda _: pd.concat([evidence, evidence.assign(paper_id="mine")]))
    for figure in (evaluation_tradeoffs, evaluation_scratch, evaluation_rates, evaluation_reduced):
        panels = figure.data(everything)["panel"].value_counts()
        assert panels["LeNet-300-100, Digits (mine)"] == panels[LENET]


def test_a_method_without_a_canonical_name_is_called_by_its_label(whole: Corpus) -> None:
    unnamed = dataset(replace(whole, methods=()))
    assert unnamed.of(EVALUATIONS).evidence()["canonical_method"].isna().any()
    points = evaluated_points(unnamed)
    assert points["strategy"].notna().all()
    assert any("magnitude" in name for name in points["strategy"].unique())


def test_rows_without_deviation_have_no_interval() -> None:
    points = pd.DataFrame({"strategy": ["A", "B"], "top1": [90.0, 80.0], "standard_error": [1.0, None]})
    found = differences_between(points, points.assign(top1=85.0, standard_error=0.0), ["strategy"])
    assert found["difference"].tolist() == [5, -5]
    assert found["high"].tolist()[0] == pytest.approx(6.96)
    assert found["low"].isna().tolist() == [False, True]


def test_measured_speedups_are_those_that_papers_print(everything: Dataset) -> None:
    rows = speedups.data(everything)
    latency = one(rows, paper_id="he2018amc", speedup=rows.loc[rows["paper_id"] == "he2018amc", "speedup"].max())
    assert latency["measured"] == pytest.approx(123.0 / 63.2)
    throughput = rows[rows["paper_id"].eq("mmrazor2023openmmlab")]["measured"]
    assert throughput.max() == pytest.approx(1.609 / 1.095)
    deviating = rows[rows["paper_id"].eq("fang2023depgraph")].iloc[0]
    assert deviating["high"] > deviating["measured"] > deviating["low"]
