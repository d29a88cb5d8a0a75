"""Does a diff tell what a change does, and is no number changed without a word?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

import pandas as pd
import pytest

from prunelit import dataset, normalized
from prunelit.analysis.diff.differences import ROW_CHANGES, baselines_moved, claims_changed, lines_changed
from prunelit.analysis.diff.entries import entries
from prunelit.analysis.diff.matching import matched
from prunelit.analysis.pages.changes import Changes, page
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

Make: TypeAlias = Callable[..., Corpus]

RECORD = """
id: doe2020pruning
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [blalock2020]
    base_top1: 93.0
    base_params: 0.85M
    curves:
      - origin: own
        points:
          - {top1: 92.0, params_kept: 0.50, locator: {table: 1}}
          - {top1: 91.0, params_kept: 0.25, locator: {table: 1}}
          - {survey_row: 900, top1: 90.0, params_kept: 0.10}
"""


@pytest.fixture
def change(made: Make) -> Callable[..., Changes]:
    """The changes from the record to what becomes of it when texts in it are replaced."""

    def change(*edits: tuple[str, str], corrections: tuple[Correction, ...] = ()) -> Changes:
        text = RECORD
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        return Changes(dataset(made(RECORD)), dataset(made(text, corrections=corrections)))

    return change


def told(found: Changes) -> list[tuple[object, ...]]:
    names = ["change", "field", "before", "after", "silent"]
    return list(found.rows[names].itertuples(index=False, name=None))


def correction(**fields: object) -> Correction:
    usual = {"paper": "doe2020pruning", "reason": "A slip.", "evidence": "Table 1.", "date": "2026-11-20"}
    return Correction.model_validate(usual | {"status": "applied"} | fields)


def test_nothing_changes_without_a_change(change: Callable[..., Changes]) -> None:
    assert told(change()) == []


SILENT = {
    "a result": (("top1: 92.0", "top1: 92.5"), ("changed", "top1", "92.0", "92.5", True)),
    "only the digits": (("top1: 92.0", "top1: 92.00"), ("changed", "top1", "92.0", "92.00", True)),
    "the efficiency": (("params_kept: 0.25", "params_kept: 0.26"), ("changed", "params_kept", "0.25", "0.26", True)),
    "the unpruned model": (("base_top1: 93.0", "base_top1: 93.1"), ("changed", "base_top1", "93.0", "93.1", True)),
    "a number is gone": (("top1: 91.0, ", ""), ("changed", "top1", "91.0", "", True)),
    "a row of the survey": (("top1: 90.0", "top1: 99.0"), ("changed", "top1", "90.0", "99.0", True)),
    "a row is gone": (
        ("          - {top1: 91.0, params_kept: 0.25, locator: {table: 1}}\n", ""),
        ("removed", "", "top1 91.0, params_kept 0.25", "", True),
    ),
}


@pytest.mark.parametrize(("edit", "row"), SILENT.values(), ids=SILENT)
def test_a_number_that_changes_without_a_word_is_silent(
    change: Callable[..., Changes], edit: tuple[str, str], row: tuple[object, ...]
) -> None:
    assert told(change(edit)) == [row]


OPEN = {
    "a locator": (("{table: 1}", "{table: 2}"), ("changed", "locator", "Table 1", "Table 2", False)),
    "a new number": (("top1: 92.0,", "top1: 92.0, top5: 99.0,"), ("added", "top5", "", "99.0", False)),
    "a new row": (
        ("points:\n", "points:\n          - {top1: 80.0, params_kept: 0.05}\n"),
        ("added", "", "", "top1 80.0, params_kept 0.05", False),
    ),
}


@pytest.mark.parametrize(("edit", "row"), OPEN.values(), ids=OPEN)
def test_what_leaves_numbers_alone_is_not_silent(
    change: Callable[..., Changes], edit: tuple[str, str], row: tuple[object, ...]
) -> None:
    assert told(change(edit)) == [row]


def test_order_of_points_means_nothing(change: Callable[..., Changes]) -> None:
    first, second = "{top1: 92.0, params_kept: 0.50, ", "{top1: 91.0, params_kept: 0.25, "
    assert told(change((first, "FIRST"), (second, first), ("FIRST", second))) == []


def test_a_number_under_another_dataset_is_silent(change: Callable[..., Changes]) -> None:
    assert change(("dataset: CIFAR-10", "dataset: MNIST")).silent["paper_id"].tolist() == ["doe2020pruning"] * 4


def test_a_year_that_changes_without_a_word_is_silent(change: Callable[..., Changes]) -> None:
    found = change(("id: doe2020pruning", "id: doe2020pruning\npublished: {year: 2016}"))
    assert told(found) == [("changed", "year", "2015", "2016", True)]


def test_a_correction_says_why(change: Callable[..., Changes]) -> None:
    right = correction(survey_row=900, field="top1", expect=90, correct=99)
    found = change(("top1: 90.0", "top1: 99"), corrections=(right,))
    assert told(found) == [("changed", "top1", "90.0", "99", False)]
    assert found.rows["reason"].tolist() == ["A slip."]


WRONG = {
    "another value": {"survey_row": 900, "field": "top1", "expect": 90, "correct": 98},
    "another row": {"survey_row": 901, "field": "top1", "expect": 90, "correct": 99},
    "another field": {"survey_row": 900, "field": "top5", "expect": 90, "correct": 99},
    "only proposed": {"survey_row": 900, "field": "top1", "expect": 90, "correct": 99, "status": "proposed"},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG)
def test_a_correction_of_something_else_does_not(change: Callable[..., Changes], fields: dict[str, object]) -> None:
    assert len(change(("top1: 90.0", "top1: 99.0"), corrections=(correction(**fields),)).silent) == 1


def test_a_correction_can_remove_a_row(change: Callable[..., Changes]) -> None:
    row = "          - {survey_row: 900, top1: 90.0, params_kept: 0.10}\n"
    gone = tuple(
        correction(survey_row=900, field=field, expect=value)
        for field, value in (("top1", 90), ("params_kept", Decimal("0.1")))
    )
    assert len(change((row, ""), corrections=gone[:1]).silent) == 1
    assert change((row, ""), corrections=gone).silent.empty


def test_rows_of_sweeps_are_found_again(whole: Corpus) -> None:
    table = entries(whole)
    shuffled = table.sample(frac=1, random_state=0).reset_index(drop=True)
    pairs = matched(table, shuffled)
    assert len(pairs) == len(table)
    both = [(table.iloc[i].map(str), shuffled.iloc[j].map(str)) for i, j in pairs if table["top1"].iloc[i] is not None]
    assert all(one["top1"] == other["top1"] and one["settings"] == other["settings"] for one, other in both)


def test_an_empty_corpus_can_be_told_from_a_full_one(made: Make) -> None:
    found = Changes(dataset(made(RECORD)), dataset(made("id: doe2020pruning")))
    assert list(found.rows.columns) == ROW_CHANGES
    assert len(found.silent) == 4


VGG = "dataset == 'ImageNet' and architecture == 'VGG-16' and quantity == 'top1'"


@pytest.fixture(scope="module")
def reviewed(whole: Corpus, grown: Corpus) -> dict[str, pd.DataFrame | None]:
    return {section.title: section.table for section in page(Changes(dataset(whole), dataset(grown)))}


def test_added_papers_and_rows_are_told(reviewed: dict[str, pd.DataFrame]) -> None:
    assert reviewed["Papers added"]["paper"].tolist() == ["zzz2021later"]
    added = reviewed["Rows added"]["paper"].value_counts().to_dict()
    assert added == {
        "zzz2021later": 4,
        "han2015learning": 8,
        "li2016pruning": 8,
        "lebedev2016fast": 8,
        "zhuang2018discrimination": 8,
    }


def test_moved_baselines_are_told_with_their_counts(reviewed: dict[str, pd.DataFrame]) -> None:
    row = reviewed["Baselines moved"].query(VGG).iloc[0]
    assert int(row["n after"]) > int(row["n before"])
    assert row["median before"] != row["median after"]


def test_what_baselines_move_in_turn_is_counted(
    reviewed: dict[str, pd.DataFrame], whole: Corpus, grown: Corpus
) -> None:
    told = reviewed["Normalized values moved"].query(VGG.replace("top1", "normalized_top1"))
    key = ["paper_id", "survey_row", "method", "training_scheme", "pruned_model", "locator"]
    old, new = (
        normalized(corpus).query("architecture == 'VGG-16' and dataset == 'ImageNet'") for corpus in (whole, grown)
    )
    both = old.merge(new, on=key)
    distance = (both["normalized_top1_x"] - both["normalized_top1_y"]).abs()
    assert told["points"].tolist() == [str((distance > 0).sum())]


def test_gained_comparisons_are_told(reviewed: dict[str, pd.DataFrame]) -> None:
    gained = reviewed["Comparisons gained or lost"]
    assert set(gained["change"]) == {"added"}
    assert ("zzz2021later", "li2016pruning") in set(zip(gained["paper"], gained["compares to or cites"], strict=True))


def test_gained_pairs_are_told(reviewed: dict[str, pd.DataFrame]) -> None:
    assert "zzz2021later" in set(reviewed["Comparable pairs gained or lost"]["other paper"])


def test_the_survey_does_not_move(reviewed: dict[str, pd.DataFrame]) -> None:
    assert "Claims of the survey that change" not in reviewed


def test_claims_that_come_out_otherwise_are_told() -> None:
    names = ["claim", "source", "computed", "verdict"]
    before = pd.DataFrame(
        [["papers", "abstract", "81", "reproduced"], ["rows", "data", "1", "reproduced"]], columns=names
    )
    after = pd.DataFrame([["papers", "abstract", "80", "differs"], ["rows", "data", "1", "reproduced"]], columns=names)
    assert claims_changed(before, after).to_numpy().tolist() == [
        ["papers", "abstract", "81", "80", "reproduced", "differs"]
    ]


def test_baselines_come_move_and_go() -> None:
    names = ["dataset", "architecture", "quantity", "unit", "n", "median"]
    before = pd.DataFrame([["D", "stays", "top1", "%", 1, 1.0], ["D", "moves", "top1", "%", 1, 2.0]], columns=names)
    after = pd.DataFrame([["D", "stays", "top1", "%", 2, 1.0], ["D", "moves", "top1", "%", 2, 3.0]], columns=names)
    assert baselines_moved(before, after)["architecture"].tolist() == ["moves"]
    assert baselines_moved(before[:1], after)["median_after"].tolist() == [3.0]


def test_lines_of_one_table_alone_are_told() -> None:
    before, after = pd.DataFrame({"a": ["x", "y"]}), pd.DataFrame({"a": ["y", "z"]})
    assert lines_changed(before, after, ["a"]).to_numpy().tolist() == [["removed", "x"], ["added", "z"]]


def test_corrections_that_come_are_told(whole: Corpus) -> None:
    before = replace(whole, corrections=whole.corrections[1:])
    (section,) = (
        one for one in page(Changes(dataset(before), dataset(whole))) if one.title == "Corrections added or removed"
    )
    assert section.table is not None
    assert section.table["paper"].tolist() == [whole.corrections[0].paper]
