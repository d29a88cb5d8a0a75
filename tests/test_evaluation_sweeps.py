"""Are further settings of a scheme kept as sweeps, which records can read again digit by digit?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from prunelit.evaluation.jobs import Job
from prunelit.evaluation.points import StrategyCurve
from prunelit.evaluation.sweeps import by_scheme, sweep_csv, sweep_file, varied_settings
from prunelit.schema.sweeps import read_sweep_bytes


def curve(name: str = "magnitude", scope: str = "global", scheme: str = "fine_tuned", **settings: Any) -> StrategyCurve:
    training = {"epochs": 3, "learning_rate": 0.1, "momentum": 0.9} | settings.pop("training", {})
    job = Job(
        data={"name": "Digits"},
        network={"name": "LeNet-300-100"},
        training={},
        seed=0,
        threads=1,
        strategy={"name": name, "scope": scope},
        scheme={"name": scheme, **settings, "training": training},
    )
    return StrategyCurve(job, {})


def test_curves_of_a_strategy_and_scheme_stand_together_in_their_order() -> None:
    first, slow = curve(), curve(training={"learning_rate": 0.01})
    others = [curve(scope="layerwise"), curve(scheme="scratch_e"), curve("random")]
    assert by_scheme([first, *others, slow]) == [[first, slow], *([one] for one in others)]


def test_only_what_differs_is_a_setting() -> None:
    found = varied_settings(curve(), [curve(training={"learning_rate": 0.01})])
    assert found == [{"learning_rate": 0.01}]


def test_what_one_sweep_varies_is_told_of_all() -> None:
    others = [curve(training={"learning_rate": 0.01}), curve(rounds=3)]
    assert varied_settings(curve(rounds=1), others) == [
        {"learning_rate": 0.01, "rounds": None},
        {"learning_rate": 0.1, "rounds": 3},
    ]


def test_a_setting_that_the_first_curve_alone_has_is_varied() -> None:
    assert varied_settings(curve(longest=4.0), [curve()]) == [{"longest": None}]


def test_curves_with_equal_settings_vary_in_nothing() -> None:
    assert varied_settings(curve(), [curve()]) == [{}]


POINTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"pruned_model": "2x", "top1_runs": [Decimal("98.50"), Decimal("97.0")], "params": 25_305},
        {"learning_rate": 0.01},
    ),
    ({"pruned_model": "4x", "top1": Decimal("9.10"), "collapsed": True, "params": 0}, {"learning_rate": 0.001}),
]


def test_a_file_has_a_column_for_all_that_any_point_says() -> None:
    header, first, second = sweep_csv(POINTS).splitlines()
    names = header.split(",")
    assert set(names) == {"pruned_model", "top1_runs", "top1", "params", "collapsed", "setting:learning_rate"}
    told = [dict(zip(names, line.split(","), strict=True)) for line in (first, second)]
    assert told[0] == {
        "pruned_model": "2x", "top1_runs": "98.50 97.0", "top1": "", "params": "25305", "collapsed": "",
        "setting:learning_rate": "0.01",
    }  # fmt: skip
    assert (told[1]["collapsed"], told[1]["params"], told[1]["top1"]) == ("true", "0", "9.10")


def test_a_file_is_read_again_as_it_was_written() -> None:
    rows = [POINTS[0], (POINTS[1][0] | {"params": 7}, POINTS[1][1])]
    found, problems = read_sweep_bytes(sweep_csv(rows).encode(), "sweep.csv")
    assert problems == []
    assert [one.settings for one in found] == [{"learning_rate": "0.01"}, {"learning_rate": "0.001"}]
    assert [str(one) for one in found[0].point.top1_runs or ()] == ["98.50", "97.0"]
    assert (str(found[1].point.top1), found[1].point.collapsed) == ("9.10", True)


def test_what_no_column_holds_is_left_out() -> None:
    text = sweep_csv([({"top1": Decimal(90), "widths": {"channels": [1]}, "metrics": [{}]}, {})])
    assert text == "top1\n90\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (0.1, "0.1"),
        (1e-05, "0.00001"),
        (0.12345678, "0.12345678"),
        (2.0, "2"),
        (100.0, "100"),
        (None, '""'),
        (False, "false"),
        ([0.5, 0.75], "0.5 0.75"),
        ("cosine, to zero", '"cosine, to zero"'),
    ],
)
def test_settings_keep_every_digit(value: object, cell: str) -> None:
    assert sweep_csv([({}, {"name": value})]) == f"setting:name\n{cell}\n"


def test_names_of_files_have_letters_digits_and_hyphens_alone() -> None:
    assert sweep_file("mine", "ResNet-8", "a/b: (×) ..", "fine_tuned") == "mine-resnet-8-a-b-fine-tuned.csv"
