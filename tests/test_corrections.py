"""Do the tables say what is right, once corrections are applied, and nothing else than before otherwise?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from pydantic import ValidationError

import prunelit
from prunelit.analysis.frames.corrections import applied, corrected_corpus, corrected_results
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

RECORD = """
id: ada2015title
venue: CVPR
authors: ["Lovelace, Ada", "Babbage, Charles"]
compares_to: [bob2014title, eve2014title]
experiments:
  - dataset: Set
    architecture: Net
    collections: [blalock2020]
    base_params: 10M
    curves:
      - origin: own
        points:
          - {survey_row: 1, top1: 75.0, params: 2M}
          - {survey_row: 2, top1: 74.0}
"""


def correction(**fields: object) -> Correction:
    usual = {"paper": "ada2015title", "reason": "A slip.", "evidence": "Arithmetic.", "date": "2026-11-20"}
    return Correction.model_validate({"status": "applied"} | usual | fields)


@pytest.fixture
def corpus(made: Callable[..., Corpus]) -> Callable[..., Corpus]:
    def make(**fields: object) -> Corpus:
        return made(RECORD, corrections=(correction(**fields),))

    return make


def rows(corpus: Corpus, **settings: Any) -> pd.DataFrame:
    return prunelit.results(corpus=corpus, **settings).set_index("survey_row")


CELLS = {
    "another value": ({"field": "top1", "expect": Decimal("75.0"), "correct": Decimal("73.5")}, 73.5),
    "no value": ({"field": "top1", "expect": Decimal("75.0")}, None),
    "a value where there was none": ({"field": "speedup", "correct": Decimal(3)}, 3.0),
    "a count": ({"field": "params", "expect": "2M", "correct": "2.5M"}, 2_500_000.0),
    "the unpruned model": ({"field": "base_params", "expect": "10M", "correct": "11M"}, 11_000_000.0),
}


@pytest.mark.parametrize(("fields", "value"), CELLS.values(), ids=CELLS)
def test_a_correction_changes_its_cell_only(
    fields: dict[str, object], value: float | None, corpus: Callable[..., Corpus]
) -> None:
    found = corpus(survey_row=1, **fields)
    expected = rows(found, corrected=False)
    expected.loc[1, str(fields["field"])] = value
    assert_frame_equal(rows(found), expected)


BESIDE = """
id: ada2015title
experiments:
  - dataset: Set
    architecture: Net
    collections: [living]
    base_flops: 71.77M
    curves:
      - method: A
        origin: own
        points:
          - {pruned_model: a, top1: 60.706, flops: 40M}
          - {pruned_model: a, top1: 69.579, flops: 40M}
      - method: B
        origin: own
        points: [{pruned_model: a, top1: 60.706, flops: 40M}]
"""
RESULTS = {
    "one of several points": (
        {"result": {"method": "A"}, "field": "top1", "expect": Decimal("60.706"), "correct": Decimal("69.706")},
        [69.706, 69.579, 60.706],
    ),
    "the unpruned model of all points": (
        {"result": {"architecture": "Net"}, "field": "base_flops", "expect": "71.77M", "correct": "126M"},
        [126e6, 126e6, 126e6],
    ),
    "a result that says something else": (
        {"result": {"method": "A"}, "field": "top1", "expect": Decimal("60.7"), "correct": Decimal("69.706")},
        [60.706, 69.579, 60.706],
    ),
    "a result of another dataset": (
        {"result": {"dataset": "Sets"}, "field": "top1", "expect": Decimal("69.579")},
        [60.706, 69.579, 60.706],
    ),
}


@pytest.mark.parametrize(("fields", "values"), RESULTS.values(), ids=RESULTS)
def test_a_correction_of_a_result_without_a_row(
    fields: dict[str, object], values: list[float], made: Callable[..., Corpus]
) -> None:
    corpus = made(BESIDE, corrections=(correction(**fields),))
    assert list(prunelit.results(corpus=corpus)[str(fields["field"])]) == values


def test_a_result_needs_a_name() -> None:
    with pytest.raises(ValidationError, match="a result is named by"):
        correction(result={}, field="top1", expect=Decimal(1))


def test_a_row_of_the_survey_is_no_other_result() -> None:
    with pytest.raises(ValidationError, match="not both"):
        correction(result={"method": "A"}, survey_row=1, field="top1", expect=Decimal(1))


def test_what_is_only_proposed_changes_nothing(corpus: Callable[..., Corpus]) -> None:
    found = corpus(survey_row=1, field="top1", expect=Decimal("75.0"), correct=Decimal("73.5"), status="proposed")
    assert applied(found) == []
    assert_frame_equal(rows(found), rows(found, corrected=False))


def test_what_is_reported_to_its_source_is_applied(corpus: Callable[..., Corpus]) -> None:
    found = corpus(survey_row=1, field="top1", expect=Decimal("75.0"), correct=Decimal("73.5"), status="reported")
    assert rows(found).loc[1, "top1"] == 73.5


def test_a_correction_of_no_column_is_an_error(corpus: Callable[..., Corpus]) -> None:
    table = prunelit.results(corpus=corpus(field="venue", correct="ICCV"))
    with pytest.raises(ValueError, match="row 1 of 'ada2015title' names no quantity: 'top11'"):
        corrected_results(table, [correction(survey_row=1, field="top11", correct=Decimal(1))])


def test_a_correction_of_no_field_is_an_error(corpus: Callable[..., Corpus]) -> None:
    with pytest.raises(ValueError, match="'ada2015title' names no field of a paper: 'venu'"):
        corrected_corpus(corpus(field="venu", correct="ICCV"))


PAPERS = {
    "venue": ({"field": "venue", "expect": "CVPR", "correct": "ICCV"}, ("venue", "ICCV")),
    "no venue": ({"field": "venue", "expect": "CVPR"}, ("venue", None)),
    "year": ({"field": "year", "expect": Decimal(2015), "correct": Decimal(2016)}, ("year", 2016)),
    "month": ({"field": "month", "correct": Decimal(4)}, ("month", 4)),
    "arXiv identifier": ({"field": "arxiv", "correct": "1506.02626"}, ("arxiv", "1506.02626")),
    "title": ({"field": "title", "expect": "A title", "correct": "The title"}, ("title", "The title")),
}


@pytest.mark.parametrize(("fields", "expected"), PAPERS.values(), ids=PAPERS)
def test_a_correction_of_a_paper(
    fields: dict[str, object], expected: tuple[str, object], corpus: Callable[..., Corpus]
) -> None:
    column, value = expected
    cell = prunelit.papers(corpus=corpus(**fields)).loc[0, column]
    assert pd.isna(cell) if value is None else cell == value


LISTS: dict[str, tuple[dict[str, object], tuple[str, ...] | None]] = {
    "one is gone": ({"expect": "bob2014title"}, ("eve2014title",)),
    "one is another": ({"expect": "bob2014title", "correct": "joe2014title"}, ("joe2014title", "eve2014title")),
    "one is missing": ({"correct": "joe2014title"}, ("bob2014title", "eve2014title", "joe2014title")),
}


@pytest.mark.parametrize(("fields", "expected"), LISTS.values(), ids=LISTS)
def test_a_correction_of_a_list(
    fields: dict[str, object], expected: tuple[str, ...], corpus: Callable[..., Corpus]
) -> None:
    (paper,) = corrected_corpus(corpus(field="compares_to", **fields)).papers
    assert paper.compares_to == expected


def test_a_list_that_becomes_empty_is_absent(made: Callable[..., Corpus]) -> None:
    gone = [correction(field="compares_to", expect=other) for other in ("bob2014title", "eve2014title")]
    (paper,) = corrected_corpus(made(RECORD, corrections=tuple(gone))).papers
    assert paper.compares_to is None


def test_other_papers_stay_as_they_are(whole: Corpus) -> None:
    changed = {one.paper for one in applied(whole) if one.of_paper}
    for before, after in zip(whole.papers, corrected_corpus(whole).papers, strict=True):
        assert (before == after) == (before.id not in changed)


def test_a_collection_has_the_corrections_of_its_results(made: Callable[..., Corpus]) -> None:
    record = "id: ada2015title, experiments: [{dataset: D, collections: [blalock2020], base_top1: 75.0}]"
    one = correction(result={"dataset": "D"}, field="base_top1", expect=Decimal("75.0"), correct=Decimal("76.0"))
    corpus = made(f"{{{record}}}", corrections=(one,))
    assert [len(corpus.only(name).corrections) for name in ("blalock2020", "living")] == [1, 0]


def test_records_keep_what_was_published(whole: Corpus) -> None:
    published = prunelit.results(corrected=False)
    prunelit.results()
    assert_frame_equal(prunelit.results(corrected=False), published)
    assert_frame_equal(prunelit.results(corpus=replace(whole, corrections=())), published)


def test_every_shipped_correction_moves_the_tables(whole: Corpus) -> None:
    for one in applied(whole):
        alone = replace(whole, corrections=(one,), papers=(whole.by_id[one.paper],))
        if one.of_paper:
            assert corrected_corpus(alone).papers != alone.papers
        elif one.result:
            assert not prunelit.results(alone).equals(prunelit.results(alone, corrected=False))
        else:
            cells = (rows(alone, corrected=corrected).loc[one.survey_row, one.field] for corrected in (True, False))
            right, wrong = cells
            assert right != wrong or pd.isna(right) != pd.isna(wrong)
