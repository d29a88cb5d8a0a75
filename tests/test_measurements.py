"""Is every quality a metric with a name, a direction and a unit?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import mean, stdev

import pandas as pd
import pytest

import prunelit
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Point
from prunelit.schema.sweeps import SweepPoint


@pytest.fixture
def measured(made: Callable[..., Corpus]) -> Callable[..., pd.DataFrame]:
    """The rows for one operating point, and what its experiment says of the unpruned model."""

    def rows(point: str, base: str = "") -> pd.DataFrame:
        experiment = f"dataset: D, collections: [c], {base} curves: [{{origin: own, points: [{{{point}}}]}}]"
        return prunelit.measurements(made(f"{{id: ada2015title, experiments: [{{{experiment}}}]}}"))

    return rows


def test_accuracies_are_metrics_of_percent(measured: Callable[..., pd.DataFrame]) -> None:
    table = measured("top1: 75.0, top5: 92.0")
    assert table[["metric", "unit", "direction", "value"]].to_numpy().tolist() == [
        ["top1", "%", "higher", 75.0],
        ["top5", "%", "higher", 92.0],
    ]


def test_an_error_is_an_accuracy(measured: Callable[..., pd.DataFrame]) -> None:
    assert measured("top1_error: 25.0")["value"].tolist() == [75.0]


def test_a_metric_brings_its_direction(measured: Callable[..., pd.DataFrame]) -> None:
    (row,) = measured("metrics: [{metric: perplexity, value: 5.6, std: 0.1}]").to_dict("records")
    assert (row["value"], row["std"], row["direction"], row["unit"]) == (5.6, 0.1, "lower", "1")


def test_change_is_pruned_minus_unpruned(measured: Callable[..., pd.DataFrame]) -> None:
    base = "base_metrics: [{metric: perplexity, value: 5.5}],"
    table = measured("metrics: [{metric: perplexity, value: 5.75}]", base)
    assert table["change"].tolist() == [0.25]


def test_runs_become_mean_deviation_and_count(measured: Callable[..., pd.DataFrame]) -> None:
    (row,) = measured("metrics: [{metric: perplexity, runs: [5.5, 5.75, 6.5]}]").to_dict("records")
    runs = [5.5, 5.75, 6.5]
    assert (row["value"], row["std"], row["seeds"]) == (pytest.approx(mean(runs)), pytest.approx(stdev(runs)), 3)


def test_runs_of_the_accuracy_become_mean_deviation_and_count(measured: Callable[..., pd.DataFrame]) -> None:
    (row,) = measured("top1_runs: [75.0, 76.0]").to_dict("records")
    assert (row["value"], row["std"], row["seeds"]) == (75.5, pytest.approx(0.5**0.5), 2)


def test_a_time_keeps_its_conditions(measured: Callable[..., pd.DataFrame]) -> None:
    (row,) = measured("metrics: [{metric: latency, value: 3.1, hardware: V100, batch_size: 8}]").to_dict("records")
    assert (row["hardware"], row["batch_size"], row["unit"]) == ("V100", 8, "ms")


def test_points_in_a_file_are_measured_too(made: Callable[..., Corpus]) -> None:
    curve = "{origin: own, sweep: true, points_file: runs.csv}"
    point = Point.model_validate({"metrics": [{"metric": "perplexity", "value": 6}]})
    corpus = made(f"{{id: ada2015title, experiments: [{{collections: [c], curves: [{curve}]}}]}}")
    table = prunelit.measurements(replace(corpus, sweeps={"runs.csv": (SweepPoint(point, {}, 2),)}))
    assert table[["metric", "value", "sweep"]].to_numpy().tolist() == [["perplexity", 6.0, True]]


def test_every_row_belongs_to_an_operating_point() -> None:
    keys = ["paper_id", "experiment", "curve", "point"]
    points = prunelit.results().dropna(subset="point")[keys].drop_duplicates()
    assert len(prunelit.measurements().merge(points, on=keys)) == len(prunelit.measurements())
