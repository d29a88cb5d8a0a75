"""Rows as the audit sees them: printed digits, places and names."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from audit_records import experiment, one, rows_of
from prunelit.analysis.audit.rows import AuditRow, grouped
from prunelit.schema.correction import Correction


def correction(**what: object) -> Correction:
    said: dict[str, Any] = {"reason": "A slip.", "evidence": "Arithmetic.", "date": "2026-01-01", "status": "applied"}
    return Correction.model_validate({"paper": "ada2015title", "survey_row": 1, "expect": 75} | said | what)


def first(*points: str, padded: bool = False, **said: str) -> AuditRow:
    return rows_of(one(*points, **said), padded)[0]


@pytest.mark.parametrize(
    ("name", "printed", "padded", "unit"),
    [
        ("top1", "76", False, "1"),
        ("top1", "76.0", False, "0.1"),
        ("top1", "76.0", True, "1"),
        ("top1", "76.10", True, "0.1"),
        ("top1", "80.0", True, "1"),
        ("base_top1", "80.0", True, "1"),
        ("params", "25.6M", False, "1E+5"),
        ("params", "2B", False, "1E+6"),
        ("base_params", "2B", False, "1E+6"),
        ("params", "100.0M", True, "1E+6"),
        ("flops", "25.6M", False, "1E+5"),
        ("flops", "4T", False, "1E+9"),
        ("base_flops", "4T", False, "1E+9"),
        ("params_kept", "0.5", False, "0.01"),
        ("params_removed", "0.5", False, "0.01"),
        ("flops_kept", "0.5", False, "0.01"),
        ("flops_removed", "0.5", False, "0.01"),
        ("flops_removed", "0.512", False, "0.001"),
        ("compression_ratio", "9", False, "1"),
        ("top1_runs", "[75.0, 75.25]", False, "0.1"),
    ],
)
def test_one_unit_in_the_last_digit(name: str, printed: str, padded: bool, unit: str) -> None:
    said = f"{name}: {printed}"
    row = first("top5: 90.0", base=said, padded=padded) if "base" in name else first(said, padded=padded)
    assert row.unit(name) == Decimal(unit)


def test_what_is_not_reported_has_no_unit() -> None:
    assert first("top1: 75.0").unit("top5") == 0


def test_quantities_are_those_of_the_point_and_of_its_unpruned_model() -> None:
    row = first("top1: 75.0", base="base_top1: 76.00")
    assert [str(row.get(name)) for name in ("top1", "base_top1", "top5", "base_top5")] == [
        "75.0", "76.00", "None", "None",
    ]  # fmt: skip


def test_an_experiment_without_numbers_has_those_of_its_unpruned_model() -> None:
    row = first(base="base_top1: 76.00, survey_row: 1")
    assert (row.get("top1"), row.get("base_top1")) == (None, Decimal("76.00"))


@pytest.mark.parametrize(
    ("correct", "found"), [({"correct": -3}, Decimal(-3)), ({}, None), ({"correct": "none"}, None)], ids=str
)
def test_a_corrected_number_is_the_correct_one(correct: dict[str, object], found: Decimal | None) -> None:
    row = replace(first("top1: 75.0"), corrections={"top1": correction(field="top1", **correct)})
    assert row.get("top1") == found


def test_rows_that_report_the_same_have_one_set_of_names() -> None:
    one_row, other = rows_of(one("top1: 75.0", "top1: 74.0", base="base_top1: 76.0"))
    assert one_row.names is other.names
    assert {"top1", "base_top1"} <= one_row.names
    assert "top1" not in replace(one_row, corrections={"top1": correction(field="top1")}).names


def test_what_an_experiment_is_about_is_no_quantity() -> None:
    assert first("top1: 75.0").get("dataset") is None


@pytest.mark.parametrize(
    ("name", "printed", "padded", "interval"),
    [
        ("top1", "76", False, ("75.5", "76.5")),
        ("top1", "76.0", False, ("75.95", "76.05")),
        ("top1", "76.0", True, ("75.5", "76.5")),
        ("base_top1", "76.0", False, ("75.95", "76.05")),
        ("params", "25.6M", False, ("25550000", "25650000")),
        ("top5", "90.0, bounds: {about: [top1]}, top1: 76", False, ("89.95", "90.05")),
        ("top1", "76, bounds: {about: [top1]}", False, None),
        ("top1", "76, bounds: {at_least: [top1]}", False, None),
    ],
)
def test_printed_digits_stand_for_an_interval(
    name: str, printed: str, padded: bool, interval: tuple[str, str] | None
) -> None:
    said = f"{name}: {printed}"
    row = first("top5: 90.0", base=said, padded=padded) if "base" in name else first(said, padded=padded)
    asked_twice = (row.interval(name), row.interval(name))
    assert asked_twice == ((*map(Decimal, interval),) if interval else None,) * 2


def test_a_row_that_is_corrected_later_has_the_interval_of_the_correct_number() -> None:
    row = first("top1: 75.0")
    assert row.interval("top1") == (Decimal("74.95"), Decimal("75.05"))
    corrected = replace(row, corrections={"top1": correction(field="top1", correct=Decimal(80))})
    assert corrected.interval("top1") == (Decimal("79.5"), Decimal("80.5"))


def test_a_row_stays_equal_when_it_is_asked() -> None:
    row, asked = first("top1: 75.0"), first("top1: 75.0")
    asked.interval("top1")
    assert row == asked


def test_a_row_is_shown_without_what_is_worked_out() -> None:
    row = first("top1: 75.0")
    row.interval("top1")
    assert not [one for one in ("_reported", "_scopes", "_intervals") if one in repr(row)]


def test_what_is_not_reported_has_no_interval() -> None:
    assert first("top1: 75.0").interval("top5") is None


@pytest.mark.parametrize(
    ("name", "bound"), [("top1", "at_least"), ("params", "about"), ("top5", None), ("base_top1", "at_most")]
)
def test_a_bound_is_that_of_the_point_or_of_its_unpruned_model(name: str, bound: str | None) -> None:
    row = first(
        "top1: 75.0, top5: 90.0, params: 1M, bounds: {at_least: [top1], about: [params]}",
        base="base_top1: 76.0, bounds: {at_most: [base_top1]}",
    )
    assert row.bound(name) == bound


@pytest.mark.parametrize("row", [first("top1: 75.0", base="base_top1: 76.0"), first(base="base_top1: 76.0")])
def test_numbers_are_exact_unless_it_is_said(row: AuditRow) -> None:
    assert (row.bound("top1"), row.bound("base_top1")) == (None, None)


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("params", "without_embeddings"),
        ("params_kept", "pruned_layers"),
        ("compression_ratio", "pruned_layers"),
        ("flops", "convolutions"),
        ("speedup", "convolutions"),
        ("base_params", "linear_layers"),
        ("base_flops", "all"),
        ("top1", "all"),
    ],
)
def test_a_scope_is_that_of_the_point_or_else_of_its_curve_or_of_the_unpruned_model(name: str, scope: str) -> None:
    row = first(
        "params: 1M, params_scope: without_embeddings, flops: 1G, sparsity_scope: pruned_layers, params_kept: 0.5",
        base="base_params_scope: linear_layers, base_params: 2M",
        curve="flops_scope: convolutions, sparsity_scope: all",
    )
    assert row.scope(name) == scope


def test_an_experiment_without_numbers_is_about_all_of_the_model() -> None:
    assert first(base="base_top1: 76.0").scope("params") == "all"


def test_conditions_around_are_those_of_the_point_then_of_the_curve_then_of_the_experiment() -> None:
    row = first(
        "top1: 75.0, conditions: {resolution: 1}",
        base="conditions: {resolution: 3}",
        curve="conditions: {resolution: 2}",
    )
    assert [one and one.resolution for one in row.around] == [1, 2, 3]


def test_around_an_experiment_without_numbers_are_its_own_conditions_alone() -> None:
    assert [one and one.resolution for one in first(base="conditions: {resolution: 3}").around] == [3]


def test_the_first_quantity_that_is_reported_is_named() -> None:
    row = first("top1: 75.0, speedup: 2.0")
    assert [row.first_of("top5", "top1", "speedup"), row.first_of("speedup", "top1")] == ["top1", "speedup"]


def test_one_of_several_quantities_is_enough() -> None:
    row = first("top1: 75.0")
    assert [row.has("top5", "top1"), row.has("top5", "top5_error"), row.has()] == [True, False, False]


def test_values_are_the_reported_ones() -> None:
    assert first("top1: 75.0, speedup: 2").values(["speedup", "top5", "top1"]) == (
        ("speedup", Decimal(2)), ("top1", Decimal("75.0")),
    )  # fmt: skip


TWO = one("top1: 75.0") + experiment("top1: 75.0, speedup: 2.0", "top1: 74.0", first=2)


def test_quantities_of_a_point_have_its_path_and_those_of_the_unpruned_model_that_of_the_experiment() -> None:
    row = rows_of(TWO)[2]
    assert row.where("top1") == ("experiments", 1, "curves", 0, "points", 1, "top1")
    assert row.where("base_top1") == ("experiments", 1, "curves", 0, "points", 1, "base_top1")  # it has none
    assert first("top1: 75.0", base="base_top1: 76.0").where("base_top1") == ("experiments", 0, "base_top1")


def test_a_row_of_the_survey_is_called_by_its_number() -> None:
    assert [row.name for row in rows_of(TWO + experiment(base="survey_row: 9"))] == ["row 1", "row 2", "row 3", "row 9"]


UNNUMBERED = """
id: ada2015title
experiments:
  - {collections: [contributed], method: Magnitude}
  - collections: [contributed]
    curves:
      - {origin: own, points: [{top1: 75.0}]}
      - {origin: own, points: [{top1: 75.0}, {top1: 74.0}, {top1: 73.0}]}
"""


def test_any_other_row_is_called_by_its_place() -> None:
    names = [row.name for row in rows_of(UNNUMBERED)]
    assert (names[0], names[-1]) == ("experiment 0", "experiment 1, curve 1, point 2")


def test_the_number_is_that_of_the_point_or_of_the_experiment_without_numbers() -> None:
    rows = rows_of(one("top1: 75.0") + experiment(base="survey_row: 9"))
    assert [row.survey_row for row in rows] == [1, 9]


def test_the_method_is_that_of_the_curve_or_of_the_experiment_without_numbers() -> None:
    rows = rows_of(UNNUMBERED) + rows_of(one("top1: 75.0", curve="method: Random"))
    assert [row.method for row in (rows[0], rows[1], rows[-1])] == ["Magnitude", None, "Random"]


NETWORK = ("ada2015title", "Set", "Net")


def test_a_network_is_that_of_one_paper() -> None:
    row = first("top1: 75.0")
    assert (row.pair, row.network) == (("Set", "Net"), NETWORK)


@pytest.mark.parametrize(("origin", "start"), [("own", ""), ("rerun", ""), ("copied", "Random"), ("unclear", "Random")])
def test_numbers_from_elsewhere_start_from_a_model_of_their_own(origin: str, start: str) -> None:
    row = rows_of(one("top1: 75.0", curve="method: Random").replace("own", origin))[0]
    assert row.start == (NETWORK, start)


def test_an_experiment_without_numbers_starts_from_the_model_of_the_paper() -> None:
    assert first(base="method: Random").start == (NETWORK, "")


@pytest.mark.parametrize(
    ("origin", "proposer"),
    [
        ("own", "ada2015title"),
        ("rerun", None),
        ("rerun, proposed_by: bob2016title", "bob2016title"),
        ("own, proposed_by: bob2016title", "bob2016title"),
    ],
)
def test_own_methods_are_proposed_by_the_paper_itself(origin: str, proposer: str | None) -> None:
    assert rows_of(one("top1: 75.0").replace("own", origin))[0].proposer == proposer


def test_nobody_is_known_to_propose_the_method_of_an_experiment_without_numbers() -> None:
    assert first(base="method: Random").proposer is None


def test_a_tradeoff_is_a_method_with_its_training() -> None:
    row = first("top1: 75.0", curve="method: Random, training_scheme: fine_tuned")
    assert row.tradeoff == (*NETWORK, "Random", ("fine_tuned", None))
    assert first(base="method: Random").tradeoff == (*NETWORK, "Random", None)


def test_rows_are_grouped_in_their_order() -> None:
    rows = rows_of(TWO)
    assert grouped(rows, lambda row: row.survey_row == 2) == {False: [rows[0], rows[2]], True: [rows[1]]}


def test_a_row_is_not_corrected_unless_it_is_said() -> None:
    assert first("top1: 75.0").corrections == {}
