"""Does a diff tell what a change does, and is no number changed without a word?"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

import pandas as pd
import pytest

from prunelit import dataset, normalized
from prunelit.analysis.diff import statements
from prunelit.analysis.diff.differences import ROW_CHANGES, baselines_moved, claims_changed, lines_changed
from prunelit.analysis.diff.names import UNUSED, vocabulary_changed
from prunelit.analysis.diff.records import side_by_side
from prunelit.analysis.pages.changes import Changes, page
from prunelit.analysis.pages.markdown import as_markdown
from prunelit.analysis.pages.section import Section
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction
from prunelit.schema.usage import uses_of_names
from prunelit.schema.vocabulary import DatasetEntry

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
        ("removed", "", "top1 91.0, params_kept 0.25, locator (table 1)", "", True),
    ),
}


@pytest.mark.parametrize(("edit", "row"), SILENT.values(), ids=SILENT)
def test_a_number_that_changes_without_a_word_is_silent(
    change: Callable[..., Changes], edit: tuple[str, str], row: tuple[object, ...]
) -> None:
    assert told(change(edit)) == [row]


OPEN = {
    "a locator": (("{table: 1}", "{table: 2}"), ("changed", "locator.table", "1", "2", False)),
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
    found = change(("dataset: CIFAR-10", "dataset: MNIST"))
    assert told(found) == [("changed", "dataset", "CIFAR-10", "MNIST", True)]


def test_a_year_that_changes_without_a_word_is_silent(change: Callable[..., Changes]) -> None:
    found = change(("id: doe2020pruning", "id: doe2020pruning\npublished: {year: 2016}"))
    assert told(found) == [("changed", "published.year", "2015", "2016", True)]


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
    paper = whole.by_id["gale2019state"]
    shuffled = {name: tuple(random.Random(0).sample(points, len(points))) for name, points in whole.sweeps.items()}
    pairs = [pair for pair in side_by_side(paper, paper, whole.sweeps, shuffled) if pair.before or pair.after]
    assert len(pairs) > 1000
    assert all(one and other and list(one.told(other)) == [] for one, other, _ in pairs)


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
    (section,) = (one for one in page(Changes(dataset(before), dataset(whole))) if one.title == "Corrections added")
    assert section.table is not None
    assert section.table["paper"].tolist() == [whole.corrections[0].paper]


def test_a_curve_under_another_name_is_told_once(change: Callable[..., Changes]) -> None:
    found = change(("origin: own", "origin: rerun"))
    assert told(found) == [("changed", "origin", "own", "rerun", True)]
    assert found.rows["results"].tolist() == [3]


def test_a_number_that_changes_under_another_name_is_found(change: Callable[..., Changes]) -> None:
    found = change(("dataset: CIFAR-10", "dataset: MNIST"), ("top1: 92.0", "top1: 92.5"))
    assert [row[1:4] for row in told(found)] == [("dataset", "CIFAR-10", "MNIST"), ("top1", "92.0", "92.5")]


def test_a_paper_under_another_id_is_told_once(made: Make) -> None:
    other = "id: roe2021later\ntitle: Later\ncompares_to: [doe2020pruning]"
    ids = [text.replace("doe2020pruning", "doe2020shrinking") for text in (RECORD, other)]
    found = Changes(dataset(made(RECORD, other)), dataset(made(*ids)))
    assert told(found) == [("changed", "id", "doe2020pruning", "doe2020shrinking", False)]


def test_an_entry_that_became_an_alias_is_told_once(whole: Corpus, made: Make) -> None:
    entry = DatasetEntry(name="Cifar", aliases=("CIFAR10", "CIFAR-10"))
    old, new = made(RECORD), made(RECORD.replace("CIFAR-10", "Cifar"))
    datasets = tuple(entry if one.name == "CIFAR-10" else one for one in whole.datasets)
    found = Changes(dataset(old), dataset(replace(new, datasets=datasets)))
    assert told(found) == []
    (changed,) = (one for one in found.shared if one.part == "datasets")
    assert changed.fields[["field", "before", "after"]].to_numpy().tolist() == [
        ["name", "CIFAR-10", "Cifar"],
        ["aliases", "", "CIFAR-10"],
    ]


def test_numbers_of_an_experiment_without_numbers_are_added(made: Make) -> None:
    without = "id: doe2020pruning\nexperiments:\n  - {dataset: MNIST, collections: [blalock2020], survey_row: 9}"
    curves = "curves: [{origin: own, points: [{survey_row: 9, top1: 99.1}]}]"
    found = Changes(dataset(made(without)), dataset(made(without.replace("survey_row: 9", curves))))
    assert told(found) == [("added", "origin", "", "own", False), ("added", "top1", "", "99.1", False)]


def test_of_a_long_text_the_stretch_that_differs_is_told() -> None:
    before = DatasetEntry(name="A", note="x" * 400 + " one " + "y" * 400)
    after = DatasetEntry(name="A", note="x" * 400 + " two " + "y" * 400)
    (found,) = statements.told(before, after)
    assert statements.shown_values(found) == tuple(f"…{'x' * 39} {word} {'y' * 39}…" for word in ("one", "two"))


def test_vocabulary_is_told_that_comes_and_that_nobody_uses_any_more(whole: Corpus) -> None:
    more = (*whole.datasets, DatasetEntry(name="Zebras"))
    fewer = tuple(paper for paper in whole.papers if "TIMIT" not in str(paper))
    after = replace(whole, datasets=more, papers=fewer)
    table = vocabulary_changed(whole, after, {}, (uses_of_names(whole), uses_of_names(after)))
    table = table[(table["what"] == "dataset") & (table["now"] != UNUSED)]
    assert ["dataset", "Zebras", 0, "added, not used"] in table.to_numpy().tolist()
    assert ["dataset", "TIMIT", 0, "no longer used"] in table.to_numpy().tolist()


def test_the_order_of_shared_entries_is_told(whole: Corpus) -> None:
    turned = replace(whole, setups=whole.setups[::-1])
    (found,) = Changes(dataset(whole), dataset(turned)).shared
    assert found.fields["field"].tolist() == ["order"]


def test_a_long_table_is_folded() -> None:
    section = Section("T", table=pd.DataFrame({"d": ["e", "f"]}), folded=True)
    text = "# P\n\n## T\n\n<details><summary>2 rows</summary>\n\n| d |\n| --- |\n| e |\n| f |\n\n</details>\n"
    assert as_markdown("P", [section]) == text


def test_a_paper_is_found_again_by_a_former_id(made: Make) -> None:
    later = "id: roe2021later\nformer_ids: [doe2020pruning]\ntitle: Another"
    found = Changes(dataset(made("id: doe2020pruning")), dataset(made(later)))
    assert ("changed", "id", "doe2020pruning", "roe2021later", False) in told(found)
