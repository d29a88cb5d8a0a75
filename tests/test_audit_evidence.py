"""What rules of the audit look at: which rows there are, and how they are corrected."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from audit_records import A, B, experiment, one
from prunelit import Dataset, dataset
from prunelit.analysis.audit import evidence
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction


@pytest.fixture
def published(corpus_of: Callable[..., Corpus]) -> Callable[..., Dataset]:
    """The dataset of records as published."""
    return lambda *records: dataset(corpus_of(*records), corrected=False)


SWEEP = """
  - collections: [contributed]
    curves:
      - {origin: own, sweep: true, points: [{top1: 75.0}, {top1: 74.0}]}
      - {origin: own, sweep: true, points: [{top1: 73.0}]}
"""
MIXED = """
  - collections: [contributed]
    curves:
      - {origin: own, sweep: true, points: [{top1: 75.0}, {top1: 74.0}]}
      - {origin: own, points: [{top1: 73.0}]}
"""
START = "id: ada2015title\nexperiments:"


def test_points_of_sweeps_are_left_out(published: Callable[..., Dataset]) -> None:
    found = [row.name for row in evidence.audit_rows(published(START + MIXED))]
    assert found == ["experiment 0, curve 1, point 0"]


def test_an_experiment_of_nothing_but_sweeps_counts_once_as_one_without_numbers(
    published: Callable[..., Dataset],
) -> None:
    found = evidence.audit_rows(published(START + SWEEP + SWEEP.lstrip("\n") + MIXED.lstrip("\n")))
    assert [row.name for row in found] == ["experiment 0", "experiment 1", "experiment 2, curve 1, point 0"]
    assert [row.point is None for row in found] == [True, True, False]


def test_an_experiment_without_curves_is_a_row(published: Callable[..., Dataset]) -> None:
    assert [row.name for row in evidence.audit_rows(published(one(base="survey_row: 7")))] == ["row 7"]


def test_points_are_the_rows_with_numbers(published: Callable[..., Dataset]) -> None:
    found = published(one("top1: 75.0") + experiment(base="survey_row: 7"))
    assert [row.name for row in evidence.audit_points(found)] == ["row 1"]


@pytest.mark.parametrize(
    ("collections", "padded"),
    [("blalock2020", True), ("blalock2020-notes", False), ("blalock2020-notes, blalock2020", True)],
)
def test_zeros_are_padding_in_the_collections_that_say_so(
    collections: str, padded: bool, published: Callable[..., Dataset]
) -> None:
    found = published(one("top1: 75.0") + f"collections: [{collections}]\n")
    assert [row.padded for row in evidence.audit_rows(found)] == [padded]


def test_each_point_has_what_follows_from_its_numbers_and_nothing_unknown(
    published: Callable[..., Dataset],
) -> None:
    text = START + MIXED + experiment("params_removed: 0.75", base="base_flops: 2G, flop_convention: multiply_adds")
    (_, without), (row, known) = evidence.derived(published(text))
    assert without == {"top1": 73.0}
    assert row.name == "row 1"
    assert known == {
        "params_removed": 0.75, "params_kept": 0.25, "compression_ratio": 4.0, "base_flops": 2e9,
        "base_multiply_adds": 2e9,
    }  # fmt: skip


def test_what_is_computed_is_remembered(published: Callable[..., Dataset]) -> None:
    found = published(one("top1: 75.0"))
    assert evidence.audit_rows(found) is evidence.audit_rows(found)


@pytest.mark.parametrize("record", [A, A + "survey_id: ada", A + "collections: [blalock2020]"])
def test_there_are_no_claims_without_papers_of_the_survey(record: str, published: Callable[..., Dataset]) -> None:
    found = evidence.survey_claims(published(record, B))
    assert found.empty
    assert "verdict" in found


def test_claims_are_held_against_the_survey_as_published(
    published: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "claims_table", lambda dataset: (dataset.collection, dataset.corrected))
    found = published(A + "survey_id: ada\ncollections: [blalock2020]", B).with_corrections()
    assert evidence.survey_claims(found) == ("blalock2020", False)


RESULT: dict[str, Any] = {"result": {"dataset": "Set"}}
FIRST, SECOND = ("top1: 75.0, speedup: 2.0", "top1: 74.0, speedup: 3.0")


def correction(**what: object) -> Correction:
    usual = {"reason": "A slip.", "evidence": "Arithmetic.", "date": "2026-01-01", "status": "applied"}
    return Correction.model_validate({"paper": "ada2015title"} | usual | what)


@pytest.mark.parametrize(
    ("said", "field", "found"),
    [
        ([{"survey_row": 1, "field": "top1", "expect": 75, "correct": 70}], "top1", ["70", "74.0", "75.0", "75.0"]),
        ([{"survey_row": 7, "field": "top1", "expect": 75, "correct": 70}], "top1", ["75.0", "74.0", "75.0", "75.0"]),
        (
            [{**RESULT, "field": "top1", "expect": Decimal("74.0"), "correct": 70}],
            "top1",
            ["75.0", "70", "75.0", "75.0"],
        ),
        (
            [{**RESULT, "field": "base_top1", "expect": Decimal("76.0"), "correct": 70}],
            "base_top1",
            ["70", "70", "77.0", "76.0"],
        ),
        (
            [
                {"survey_row": 1, "field": "top1", "expect": 75, "correct": 70},
                {"survey_row": 1, "field": "speedup", "expect": 2, "correct": 5},
            ],
            "top1",
            ["70", "74.0", "75.0", "75.0"],
        ),
        (
            [{"survey_row": 1, "field": "top1", "expect": 75, "correct": 70, "status": "proposed"}],
            "top1",
            ["75.0", "74.0", "75.0", "75.0"],
        ),
    ],
)
def test_corrections_change_the_rows_that_they_name(
    said: list[dict[str, Any]], field: str, found: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    records = (
        one(FIRST, SECOND, base="base_top1: 76.0")
        + experiment("top1: 75.0", base="base_top1: 77.0", on="Other/Net", first=3),
        one("top1: 75.0", base="base_top1: 76.0", paper="bob2016title").replace("survey_row: 1", "survey_row: 4"),
    )
    corpus = corpus_of(*records, corrections=tuple(correction(**one) for one in said))
    rows = evidence.audit_rows(dataset(corpus, corrected=True))
    assert [str(row.get(field)) for row in rows] == found
    rows = evidence.audit_rows(dataset(corpus, corrected=False))
    assert all(row.corrections == {} for row in rows)


def test_all_corrections_of_one_place_apply(corpus_of: Callable[..., Corpus]) -> None:
    said = (
        correction(**RESULT, field="top1", expect=Decimal("75.0"), correct=70),
        correction(**RESULT, field="speedup", expect=Decimal("2.0"), correct=5),
        correction(**RESULT, field="base_top1", expect=Decimal("76.0"), correct=77),
        correction(survey_row=1, field="top5", correct=90),
    )
    corpus = corpus_of(one(FIRST, base="base_top1: 76.0"), corrections=said)
    (row,) = evidence.audit_rows(dataset(corpus, corrected=True))
    assert {name: one.correct for name, one in row.corrections.items()} == {
        "top1": 70, "speedup": 5, "base_top1": 77, "top5": 90,
    }  # fmt: skip


def test_an_experiment_of_the_survey_without_numbers_is_corrected_by_its_row(
    corpus_of: Callable[..., Corpus],
) -> None:
    said = correction(survey_row=7, field="base_top1", expect=76, correct=70)
    corpus = corpus_of(one(base="base_top1: 76.0, survey_row: 7"), corrections=(said,))
    assert [row.get("base_top1") for row in evidence.audit_rows(dataset(corpus, corrected=True))] == [70]
