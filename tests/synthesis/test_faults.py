"""Is every mistake in contrasts and options told at once, each in one message that names the study and the value?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import inf, nan
from typing import Any, TypeAlias

import pandas as pd
import pytest

from prunelit.analysis.synthesis.faults import NetworkError
from prunelit.analysis.synthesis.meta_analysis import network_meta_analysis

Frame: TypeAlias = Callable[[list[Any]], pd.DataFrame]
Row: TypeAlias = tuple[Any, Any, Any, Any, Any]

GOOD: list[Row] = [("one", "A", "B", 0.5, 0.1), ("two", "B", "C", 0.25, 0.1)]


def arms(ab: float, bc: float, ac: float, errors: tuple[float, float, float] = (0.1, 0.1, 0.1)) -> list[Row]:
    pairs = [("A", "B", ab), ("B", "C", bc), ("A", "C", ac)]
    return [("bad", *pair, error) for pair, error in zip(pairs, errors, strict=True)]


ROWS: dict[str, tuple[list[Row], str, object]] = {
    "two contrasts of three arms": (
        arms(0.1, 0.1, 0.2)[:2],
        "study 'bad' has 3 arms and gives 2 of their 3 contrasts; missing: A against C",
        [("A", "C")],
    ),
    "two contrasts of four arms": (
        [("bad", "A", "B", 0.1, 0.1), ("bad", "C", "D", 0.1, 0.1)],
        "study 'bad' has 4 arms and gives 2 of their 6 contrasts; missing: "
        "A against C, A against D, B against C, B against D",
        [("A", "C"), ("A", "D"), ("B", "C"), ("B", "D")],
    ),
    "a contrast twice": (
        [("bad", "A", "B", 0.1, 0.1), ("bad", "B", "A", -0.1, 0.1)],
        "study 'bad' gives A against B 2 times; expected once: pool them, or name the studies apart",
        ("A", "B"),
    ),
    "effects that do not sum": (
        arms(0.1, 0.1, 0.3),
        "study 'bad': its effects do not sum: A against C is 0.3, but by way of B it is 0.2",
        pytest.approx(-0.1),
    ),
    "effects that miss their sum by more than their errors": (
        arms(1e-4, 1e-4, 3e-4, (1e-4, 1e-4, 1e-4)),
        "study 'bad': its effects do not sum: A against C is 0.0003, but by way of B it is 0.0002",
        pytest.approx(-1e-4),
    ),
    "standard errors without a covariance": (
        arms(0.1, 0.1, 0.2, (0.1, 0.1, 0.5)),
        "study 'bad': no covariance matrix has the standard errors of its contrasts; "
        "the largest is 0.5, of A against C",
        0.5,
    ),
    "standard errors with a singular covariance": (
        arms(0.1, 0.1, 0.2, (0.25, 0.25, 0.5)),
        "study 'bad': no covariance matrix has the standard errors of its contrasts; "
        "the largest is 0.5, of A against C",
        0.5,
    ),
    "a standard error of 0": (
        [("bad", "A", "B", 0.1, 0.0)],
        "study 'bad', A against B: standard error is 0.0; expected a finite number above 0",
        0.0,
    ),
    "a negative standard error": (
        [("bad", "A", "B", 0.1, -0.1)],
        "study 'bad', A against B: standard error is -0.1; expected a finite number above 0",
        -0.1,
    ),
    "a standard error without a square": (
        [("bad", "A", "B", 0.1, 1e-200)],
        "study 'bad', A against B: standard error is 1e-200; expected a finite number above 0",
        1e-200,
    ),
    "no standard error": (
        [("bad", "A", "B", 0.1, nan)],
        "study 'bad', A against B: standard error is missing; expected a finite number above 0",
        pytest.approx(nan, nan_ok=True),
    ),
    "no effect": (
        [("bad", "A", "B", None, 0.1)],
        "study 'bad', A against B: effect is missing; expected a finite number",
        pytest.approx(nan, nan_ok=True),
    ),
    "an infinite effect": (
        [("bad", "A", "B", inf, 0.1)],
        "study 'bad', A against B: effect is inf; expected a finite number",
        inf,
    ),
    "a text for an effect": (
        [("bad", "A", "B", "0.1", 0.1)],
        "study 'bad', A against B: effect is '0.1'; expected a finite number",
        "0.1",
    ),
    "a flag for an effect": (
        [("bad", "A", "B", True, 0.1)],
        "study 'bad', A against B: effect is True; expected a finite number",
        True,
    ),
    "a treatment compared with itself": (
        [("bad", "A", "A", 0.1, 0.1)],
        "study 'bad', A against A: a treatment is compared with itself; expected two treatments",
        "A",
    ),
    "a blank treatment": (
        [("bad", "A", " ", 0.1, 0.1)],
        "study 'bad', A against  : treatment2 is ' '; expected a text or a number",
        " ",
    ),
    "a list for a treatment": (
        [("bad", ["A"], "B", 0.1, 0.1)],
        "study 'bad', ['A'] against B: treatment1 is ['A']; expected a text or a number",
        ["A"],
    ),
    "a standard error that is too far from the others": (
        [("bad", "A", "B", 0.1, 1e-7)],
        "study 'bad': standard error is 1e-07, and 0.1 in study 'two'; "
        "expected no two to differ by a factor over 100000",
        1e-7,
    ),
}


def faults_of(contrasts: pd.DataFrame, **options: Any) -> NetworkError:
    with pytest.raises(NetworkError) as raised:
        network_meta_analysis(contrasts, **options)
    assert isinstance(raised.value, ValueError)
    return raised.value


@pytest.mark.parametrize(("rows", "message", "value"), ROWS.values(), ids=ROWS)
def test_a_wrong_study_is_named(frame: Frame, rows: list[Row], message: str, value: object) -> None:
    error = faults_of(frame([*GOOD, *rows]))
    assert str(error) == message
    assert [(fault.study, fault.value) for fault in error.faults] == [("bad", value)]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((None, "A", "B", 0.1, 0.1), "row 3: study is missing; expected a text or a number"),
        (
            ("three", 1, "1", 0.1, 0.1),
            "treatment '1' is a text in some rows and a number in others; expected one of them",
        ),
        (("bad\x1b[31m", "A", "B", 0.1, 0.0), r"study 'bad\x1b[31m', A against B: standard error is 0.0"),
    ],
    ids=["a row without a study", "a name in two spellings", "a name that moves the cursor"],
)
def test_a_wrong_name_is_shown(frame: Frame, row: Row, message: str) -> None:
    assert str(faults_of(frame([*GOOD, row]))).startswith(message)


def test_a_study_in_two_spellings_is_not_two(frame: Frame) -> None:
    error = faults_of(frame([(1, "A", "B", 0.1, 0.1), ("1", "A", "C", 0.1, 0.1)]))
    assert str(error) == "study '1' is a text in some rows and a number in others; expected one of them"


def test_one_treatment_is_no_network(frame: Frame) -> None:
    assert [fault.study for fault in faults_of(frame([("bad", "A", "A", 0.0, 0.1)])).faults] == ["bad"]


OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown reference": ({"reference": "b"}, "reference 'b' is no treatment of the contrasts; did you mean 'B'?"),
    "reference that is like none": (
        {"reference": "placebo"},
        "reference 'placebo' is no treatment of the contrasts; there are A, B, C",
    ),
    "unknown estimator": ({"method_tau": "REMLL"}, "method_tau 'REMLL' is not known; did you mean 'REML'?"),
    "estimator that is like none": ({"method_tau": "SJ"}, "method_tau 'SJ' is not known; there are DL, REML, ML"),
    "unknown direction": ({"small_values": "godo"}, "small_values 'godo' is not known; did you mean 'good'?"),
    "level of 1": ({"level": 1}, "level is 1; expected a number between 0 and 1, such as 0.95"),
    "level in percent": ({"level": 95}, "level is 95; expected a number between 0 and 1, such as 0.95"),
    "level that is no number": ({"level": "0.95"}, "level is '0.95'; expected a number between 0 and 1, such as 0.95"),
    "level of nothing": ({"level": nan}, "level is nan; expected a number between 0 and 1, such as 0.95"),
}


@pytest.mark.parametrize(("options", "message"), OPTIONS.values(), ids=OPTIONS)
def test_a_wrong_option_is_named(frame: Frame, options: dict[str, Any], message: str) -> None:
    error = faults_of(frame(GOOD), **options)
    assert str(error) == message
    assert [repr(fault.value) for fault in error.faults] == [repr(value) for value in options.values()]


def test_a_missing_column_names_the_nearest(frame: Frame) -> None:
    error = faults_of(frame(GOOD).rename(columns={"treatment2": "treatment_2"}))
    assert str(error) == "column 'treatment2' is missing in the contrasts; did you mean 'treatment_2'?"


def test_a_missing_column_names_all_there_are(frame: Frame) -> None:
    error = faults_of(frame(GOOD)[["study", "effect"]].assign(a=1).drop(columns="study"))
    assert str(error).splitlines()[0] == "column 'study' is missing in the contrasts; there are effect, a"


def test_a_column_that_stands_twice(frame: Frame) -> None:
    contrasts = frame(GOOD)
    error = faults_of(pd.concat([contrasts, contrasts[["treatment1"]]], axis=1))
    assert str(error) == "column 'treatment1' stands 2 times in the contrasts; expected once"


def test_no_rows(frame: Frame) -> None:
    assert str(faults_of(frame([]))) == "the contrasts are empty; expected a row a contrast between two treatments"


def test_contrasts_that_are_no_frame() -> None:
    with pytest.raises(TypeError, match="contrasts is a list; expected a pandas DataFrame"):
        network_meta_analysis(GOOD)  # type: ignore[arg-type]


def test_all_faults_are_told_at_once(frame: Frame) -> None:
    rows = [
        *GOOD,
        ("zero", "A", "B", nan, 0.0),
        *arms(0.1, 0.1, 0.3),
        ("part", "A", "B", 1, 1),
        ("part", "B", "C", 1, 1),
    ]
    error = faults_of(frame(rows), level=2)
    assert [fault.study for fault in error.faults] == [None, "zero", "zero", "bad", "part"]
    assert len(str(error).splitlines()) == 5


def test_a_row_that_is_wrong_leaves_no_hole_in_its_study(frame: Frame) -> None:
    rows = arms(0.1, 0.1, 0.2, (0.1, 0.1, -0.1))
    assert len(faults_of(frame(rows)).faults) == 1


def test_more_faults_than_one_can_read(frame: Frame) -> None:
    error = faults_of(frame([(number, "A", "B", 0.1, -1) for number in range(60)]))
    assert len(error.faults) == 60
    assert str(error).splitlines()[-1] == "and 10 more"


@pytest.mark.parametrize("gap", [0.002, -0.002])
def test_rounding_is_no_fault(frame: Frame, gap: float) -> None:
    """Three effects that miss their sum by 0.002 are each 0.00067 from what they say together."""
    network_meta_analysis(frame(arms(0.1, 0.1, 0.2 + gap)))


def test_numbers_of_any_kind_are_numbers(frame: Frame) -> None:
    found = network_meta_analysis(frame([("s", "A", "B", Decimal("0.5"), 1)]))
    assert found.common.loc["B", "effect"] == -0.5
