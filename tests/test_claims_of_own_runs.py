"""Are conclusions of other papers judged rightly by runs of our own?"""

from __future__ import annotations

from math import sqrt

import pandas as pd
import pytest

from prunelit.analysis.claims import own_runs as own

RUNS = [
    # method, scheme, rate, network, ratio, top-1, deviation
    ("A", "fine_tuned", 0.1, "Net", "4x", 90.0, 1.0),
    ("A", "fine_tuned", 0.1, "Net", "8x", 80.0, 2.0),
    ("A", "fine_tuned", 0.1, "Net", "2x", 95.0, 0.5),
    ("B", "fine_tuned", 0.1, "Net", "4x", 88.0, 1.0),
    ("B", "fine_tuned", 0.1, "Net", "8x", 79.0, 1.0),
    ("A", "fine_tuned", 0.01, "Net", "4x", 85.0, 1.0),
    ("A", "fine_tuned", 0.01, "Net", "8x", 79.9, 1.0),
    ("A", "scratch_b", 0.1, "Net", "4x", 91.0, 1.0),
    ("A", "scratch_b", 0.1, "Other", "4x", 50.0, 1.0),
]


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    names = ["canonical_method", "training_scheme", "learning_rate", "architecture", "pruned_model", "top1", "std"]
    table = pd.DataFrame(RUNS, columns=names)
    return table.assign(variance=table["std"] ** 2 / 5)


def test_a_difference_is_the_mean_over_networks_and_ratios_that_both_have(runs: pd.DataFrame) -> None:
    found = own.mean_difference(own.way(runs, "A"), own.way(runs, "B"))
    assert found is not None
    assert (found.points, found.cells) == (pytest.approx(1.5), 2)
    assert found.error == pytest.approx(sqrt((1 + 1 + 4 + 1) / 5) / 2)
    assert found.high - found.low == pytest.approx(2 * 1.96 * found.error)


def test_moderate_ratios_leave_others_out(runs: pd.DataFrame) -> None:
    found = own.mean_difference(own.way(runs, "A"), own.way(runs, "A"), own.MODERATE)
    assert found is not None
    assert found.cells == 2


def test_schemes_are_compared_where_the_network_is_fine_tuned_too(runs: pd.DataFrame) -> None:
    found = own.of_schemes(runs, "A", "scratch_b", ("4x",))
    assert found is not None
    assert (found.points, found.cells) == (1.0, 1)
    assert str(found) == "+1.00 [−0.24, +2.24] points, 1 pruned networks"


def test_what_no_run_has_is_not_compared(runs: pd.DataFrame) -> None:
    assert own.of_methods(runs, "A", "C", "Net") is None
    assert own.of_reduced(runs) is None
    assert own.gain_of_rate(runs[runs["learning_rate"] < 0.1], 0.01) is None


def test_a_rate_is_better_only_beyond_chance(runs: pd.DataFrame) -> None:
    found = own.gain_of_rate(runs, 0.01)
    assert found is not None
    assert (found.better, found.worse, found.networks, found.points) == (1, 0, 2, pytest.approx(2.55))


TIMES = [
    # method, ratio, hardware, median, quartiles
    ("reduced width", "2x", "A", 1.0, 0.9, 1.1),
    ("reduced width", "4x", "A", 1.0, 0.9, 1.2),
    ("reduced width", "8x", "A", 3.0, 2.5, 3.5),
    ("reduced width", "8x", "B", 1.0, 0.9, 1.1),
    (own.L1, "2x", "A", 2.0, 1.2, 2.1),
    (own.L1, "4x", "A", 2.0, 1.2, 2.1),
    (own.L1, "8x", "A", 2.0, 1.9, 2.4),
    (own.L1, "16x", "A", 2.0, 1.9, 2.1),
]


@pytest.fixture(scope="module")
def times() -> pd.DataFrame:
    names = ["canonical_method", "pruned_model", "hardware", "value", "spread_lower", "spread_upper"]
    table = pd.DataFrame(TIMES, columns=names)
    return table.assign(dataset="Digits", architecture="Net", framework="torch", batch_size=64)


def test_a_network_is_faster_where_the_quartiles_lie_apart(times: pd.DataFrame) -> None:
    found = own.speed_of_reduced(times)
    assert found is not None
    assert (found.faster, found.slower, found.pairs) == (1, 1, 3)
    assert found.ratio == pytest.approx((1 / 2 * 1 / 2 * 3 / 2) ** (1 / 3))
    assert str(found) == "faster in 1 of 3 pairs, slower in 1; 0.72 of the time"


def test_times_of_other_machines_are_not_compared(times: pd.DataFrame) -> None:
    assert own.speed_of_reduced(times[times["hardware"].eq("B")]) is None


@pytest.mark.parametrize(("faster", "holds"), [(2, False), (3, True)])
def test_more_than_half_of_the_networks_have_to_be_faster(faster: int, holds: bool) -> None:
    assert own.mostly_faster(own.Faster(faster, 0, 4, 0.9)) is holds
