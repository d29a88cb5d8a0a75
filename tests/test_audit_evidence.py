"""What rules of the audit look at: which rows there are, and how they are corrected."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from audit_records import A, B, experiment, one, single
from prunelit import Dataset, dataset
from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.rows import ReportedNames, any_of, any_of_each
from prunelit.analysis.frames.completed import RULED
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction
from prunelit.schema.vocabulary import UnprunedModel, UnprunedSource


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


@pytest.fixture
def beside(corpus_of: Callable[..., Corpus]) -> Callable[[str], Dataset]:
    """A single record, to be held against a corpus of three, in which it takes the place of its namesake."""
    corpus = corpus_of(
        one("top1: 70.0", base="base_top1: 71.0"),
        one("top1: 70.0", base="base_top1: 76.0", paper="bob2016title"),
        one("top1: 70.0", base="base_top1: 78.0", paper="cia2017title")
        + experiment("top1: 70.0", base="base_top1: 60.0", on="Other/Net", first=2),
        unpruned=(),
    )
    return lambda text: single(text, corpus)


OWN = one("top1: 75.0", base="base_top1: 77.0") + experiment("top1: 75.0", base="base_top1: 50.0", on="Own/Net")


def test_all_papers_are_those_of_the_corpus(published: Callable[..., Dataset]) -> None:
    assert [paper.id for paper in evidence.all_papers(published(A, B))] == ["ada2015title", "bob2016title"]


@pytest.mark.parametrize(("name", "new"), [("ada2015title", []), ("dan2018title", ["dan2018title"])])
def test_a_single_record_stands_where_its_namesake_does_or_last(
    name: str, new: list[str], beside: Callable[[str], Dataset]
) -> None:
    found = beside(f"id: {name}\ntitle: Mine")
    names = ["ada2015title", "bob2016title", "cia2017title", *new]
    assert [paper.id for paper in evidence.all_papers(found)] == names
    assert [paper.id for paper in evidence.all_papers(found) if paper.title == "Mine"] == [name]
    assert evidence.places_of_papers(found) == {name: place for place, name in enumerate(names)}


def test_a_paper_is_the_record_itself_or_one_of_the_corpus(beside: Callable[[str], Dataset]) -> None:
    found = beside("id: ada2015title\ntitle: Mine")
    names = ("ada2015title", "bob2016title", "dan2018title")
    titles = [(paper := evidence.papers_by_id(found).get(name)) and paper.title for name in names]
    assert titles == ["Mine", "Title of bob2016title", None]


def test_a_paper_of_a_corpus_is_there_or_not(published: Callable[..., Dataset]) -> None:
    found = published(A)
    assert evidence.papers_by_id(found)["ada2015title"] is found.records.papers[0]
    assert "bob2016title" not in evidence.papers_by_id(found)


def test_rows_that_no_correction_changes_are_those_as_published(corpus_of: Callable[..., Corpus]) -> None:
    said = correction(**RESULT, field="top1", expect=Decimal("75.0"), correct=70)
    found = dataset(corpus_of(one(FIRST), one(SECOND, paper="bob2016title"), corrections=(said,)))
    before, after = evidence.audit_rows(found.as_published()), evidence.audit_rows(found)
    assert [new is old for old, new in zip(before, after, strict=True)] == [False, True]


def test_points_of_a_network_are_those_of_all_papers(beside: Callable[[str], Dataset]) -> None:
    found = evidence.points_by_network(beside(one("top1: 75.0", "top1: 74.0")))
    sizes = {name: [str(row.get("top1")) for row in rows] for name, rows in found.items()}
    assert sizes == {
        ("ada2015title", "Set", "Net"): ["75.0", "74.0"],
        ("bob2016title", "Set", "Net"): ["70.0"],
        ("cia2017title", "Set", "Net"): ["70.0"],
        ("cia2017title", "Other", "Net"): ["70.0"],
    }


def test_points_of_a_tradeoff_belong_together(published: Callable[..., Dataset]) -> None:
    text = one("top1: 75.0", curve="method: One") + experiment("top1: 74.0", curve="method: Two", first=2)
    text += experiment("top1: 73.0", curve="method: One", first=3)
    found = evidence.points_by_tradeoff(published(text))
    assert [[row.name for row in rows] for rows in found] == [["row 1", "row 3"], ["row 2"]]


def test_points_that_are_alone_in_their_tradeoff_are_left_out_where_more_are_asked_for(
    published: Callable[..., Dataset],
) -> None:
    found = published(
        one("top1: 75.0", "top1: 74.0", curve="method: One") + experiment("top1: 74.0", curve="method: Two", first=3)
    )
    sizes = {least: [len(rows) for rows in evidence.points_by_tradeoff(found, least)] for least in (1, 2, 3)}
    assert sizes == {1: [2, 1], 2: [2], 3: []}


ASKED = one("top1: 75.0", "top1: 74.0, speedup: 2.0", base="base_top5: 90.0") + experiment(
    base="base_top1: 76.0, survey_row: 7"
)


@pytest.mark.parametrize(
    ("told", "rows", "points"),
    [
        (any_of("top1"), ["row 1", "row 2"], ["row 1", "row 2"]),
        (any_of("speedup", "base_top1"), ["row 2", "row 7"], ["row 2"]),
        (any_of_each(("top1", "base_top1"), ("speedup",)), ["row 2"], ["row 2"]),
        (lambda names: "top1" not in names, ["row 7"], []),
        (lambda names: False, [], []),
    ],
)
def test_rows_answer_by_what_they_report(
    told: Callable[[ReportedNames], bool], rows: list[str], points: list[str], published: Callable[..., Dataset]
) -> None:
    found = published(ASKED)
    assert [row.name for row in evidence.rows_where(found, told)] == rows
    assert [row.name for row in evidence.points_where(found, told)] == points


def test_a_question_is_asked_once_of_rows_that_report_the_same(published: Callable[..., Dataset]) -> None:
    asked: list[ReportedNames] = []

    def told(names: ReportedNames) -> bool:
        asked.append(names)
        return False

    found = published(one("top1: 75.0", "top1: 74.0", "top5: 90.0"))
    assert evidence.rows_where(found, told) == []
    assert {*asked} == {row.names for row in evidence.audit_rows(found)}
    assert len(asked) == 2


def test_a_corrected_row_answers_by_what_is_right(corpus_of: Callable[..., Corpus]) -> None:
    said = (
        correction(survey_row=1, field="top1", expect=75),
        correction(survey_row=2, field="speedup", correct=2),
    )
    found = dataset(corpus_of(one("top1: 75.0", "top1: 74.0"), corrections=said))
    asked = (any_of("top1"), any_of("speedup"))
    assert [[row.name for row in evidence.rows_where(found, told)] for told in asked] == [["row 2"], ["row 2"]]
    before = found.as_published()
    assert [[row.name for row in evidence.rows_where(before, told)] for told in asked] == [["row 1", "row 2"], []]


def test_points_answer_by_what_follows_from_their_numbers(published: Callable[..., Dataset]) -> None:
    found = published(one("top1: 75.0", "top1: 74.0, speedup: 2.0", base="base_top1: 76.0"))
    names = [row.name for row, _ in evidence.derived_where(found, any_of("flops_kept"))]
    (changes,) = {
        known["top1_change"] for _, known in evidence.derived_where(found, any_of_each(("speedup",), ("top1_change",)))
    }
    assert (names, changes) == (["row 2"], -2.0)


def test_what_is_known_of_a_row_is_found_by_the_row(published: Callable[..., Dataset]) -> None:
    found = published(one("top1: 75.0", "top1: 74.0"))
    row = evidence.audit_points(found)[1]
    assert evidence.known(found)[id(row)] == {"top1": 74.0}


def test_reports_on_a_single_record_are_its_own_and_those_of_others_on_its_datasets(
    beside: Callable[[str], Dataset],
) -> None:
    found = beside(OWN)
    reports = {pair: [(one.source, one.value) for one in all_] for (pair, _), all_ in evidence.unpruned(found).items()}
    assert reports == {
        ("Set", "Net"): [("bob2016title", 76), ("cia2017title", 78), ("ada2015title", 77)],
        ("Own", "Net"): [("ada2015title", 50)],
    }


def test_reports_that_are_judged_on_a_single_record_are_its_own(beside: Callable[[str], Dataset]) -> None:
    found = beside(OWN)
    reports = [one for all_ in evidence.unpruned(found).values() for one in evidence.judged_reports(found, all_)]
    assert [(one.source, one.value) for one in reports] == [("ada2015title", 77), ("ada2015title", 50)]


def test_reference_models_are_reports_on_a_single_record_once(corpus_of: Callable[..., Corpus]) -> None:
    sizes = {"VGG-16": "138M", "VGG-19": "144M"}
    models = tuple(UnprunedModel.model_validate({"architecture": of, "params": size}) for of, size in sizes.items())
    table = UnprunedSource(name="table", title="Table", dataset="ImageNet", reference=True, models=models)
    found = single(one("top1: 75.0", on="ImageNet/VGG-16"), corpus_of(B, unpruned=(table,)))
    assert [len(reports) for reports in evidence.unpruned(found).values()] == [1, 1]


@pytest.mark.parametrize(
    ("pair", "paper", "expected"),
    [
        (("Set", "Net"), "ada2015title", 77),
        (("Set", "Net"), "bob2016title", 74.5),
        (("Other", "Net"), "cia2017title", None),
        (("Nothing", "Net"), "ada2015title", None),
    ],
)
def test_what_is_usual_is_the_median_of_other_papers(
    pair: tuple[str, str], paper: str, expected: float | None, beside: Callable[[str], Dataset]
) -> None:
    found = beside(OWN)
    assert evidence.usual(found, pair, "base_top1", paper) == expected
    assert found.beside
    assert evidence.usual(found.beside, pair, "base_top1", paper) == expected


def test_what_is_usual_in_a_corpus_is_told_without_a_single_record(published: Callable[..., Dataset]) -> None:
    found = published(one(base="base_top1: 71.0"), one(base="base_top1: 76.0", paper="bob2016title"))
    assert evidence.usual(found, ("Set", "Net"), "base_top1", "ada2015title") == 76


def test_a_single_record_makes_no_claims_of_the_survey(
    corpus_of: Callable[..., Corpus],
) -> None:
    surveyed = A + "survey_id: ada\ncollections: [blalock2020]"
    assert evidence.survey_claims(single(surveyed, corpus_of(surveyed, B))).empty


def test_rows_of_a_retracted_paper_are_left_out(published: Callable[..., Dataset]) -> None:
    text = one("top1: 75.0") + "@"
    found = [published(text.replace("@", status)) for status in ("", "status: retracted\nstatus_source: A note.\n")]
    assert [len(evidence.audit_rows(one)) for one in found] == [1, 0]


@pytest.mark.parametrize("corrected", [False, True])
def test_points_without_sweeps_are_completed_as_among_all(corrected: bool, whole: Corpus) -> None:
    everything = dataset(whole, corrected=corrected).completed()
    expected = everything[~everything["sweep"].astype(bool)].reset_index(drop=True)
    found = evidence.without_sweeps(dataset(whole, corrected=corrected))
    assert {"flop_convention_rule", "base_multiply_adds", "survey_row", "origin", *RULED} <= {*found.columns}
    assert_frame_equal(found.drop(columns="status"), expected[[name for name in found if name != "status"]])
