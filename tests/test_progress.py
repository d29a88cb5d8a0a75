"""Do the measures then and now count what they say, and the papers of which something is known?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

import prunelit
from prunelit import completed, dataset, discrepancies, frontiers, progress
from prunelit.analysis.pages.since2020 import page
from prunelit.analysis.trends.progress import COMPARABLE_PAIRS, LONG, MOST_USED, SCORE, measured_groups
from prunelit.analysis.trends.recipes import ALL_FOUR, RECIPE_ITEMS, recipes_held_table, states_of
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Curve

PAPER = """
id: {id}
published: {{year: {year}}}
collections: [{collection}]
methods: [{{name: M}}]
experiments:
  - dataset: ImageNet
    architecture: {architecture}
    collections: [{collection}]
    base_top1: 76.0
    curves:
      - {{origin: {origin}, method: M, points: [{{top1: 75.0, speedup: 2.0}}]}}
"""


def paper(id: str, year: int, architecture: str, collection: str = "living", origin: str = "own") -> str:
    return PAPER.format(id=id, year=year, architecture=architecture, collection=collection, origin=origin)


@pytest.fixture(scope="module")
def small(made: Callable[..., Corpus]) -> Corpus:
    return made(
        paper("then2017one", 2017, "ResNet-50", "blalock2020"),
        paper("then2018two", 2018, "VGG-16", "blalock2020"),
        paper("older2019outside", 2019, "VGG-16"),
        paper("new2021one", 2021, "ResNet-50"),
        paper("new2021two", 2021, "ResNet-50"),
        paper("new2022three", 2022, "VGG-16"),
        paper("bench2022mark", 2022, "VGG-16", "benchmarks"),
        paper("rerun2022only", 2022, "VGG-16", origin="rerun"),
        "id: known2022only\npublished: {year: 2022}\ncollections: [bibliography]\n",
    )


@pytest.fixture(scope="module")
def table(small: Corpus) -> pd.DataFrame:
    return progress(small)


@pytest.fixture(scope="module")
def real(whole: Corpus) -> pd.DataFrame:
    return progress(whole)


def value(table: pd.DataFrame, measure: str, group: str) -> float:
    rows = table[(table["measure"] == measure) & (table["group"] == group) & table["year"].isna()]
    return float(rows["value"].iloc[0])


def test_papers_since_have_results_of_their_own(small: Corpus) -> None:
    survey, since, everything = (
        [paper.id for paper in group.data.corpus.papers] for group in measured_groups(dataset(small))
    )
    assert survey == ["then2017one", "then2018two"]
    assert since == ["new2021one", "new2021two", "new2022three"]
    assert "known2022only" not in everything


def test_comparable_pairs_are_those_on_the_same_network(table: pd.DataFrame) -> None:
    assert (value(table, COMPARABLE_PAIRS, "survey"), value(table, COMPARABLE_PAIRS, "since")) == (
        0,
        pytest.approx(1 / 3),
    )


def test_share_of_the_most_used_configuration(table: pd.DataFrame) -> None:
    assert (value(table, MOST_USED, "survey"), value(table, MOST_USED, "since")) == (0.5, pytest.approx(2 / 3))


def test_score_counts_the_items_that_numbers_decide(table: pd.DataFrame) -> None:
    assert value(table, SCORE, "since") == pytest.approx(2 / 8)


def test_a_year_of_few_papers_is_not_told(table: pd.DataFrame) -> None:
    assert table["year"].dropna().empty


def test_shares_are_counts_of_how_many(real: pd.DataFrame) -> None:
    rows = real.dropna(subset=["numerator"])
    assert (rows["numerator"] / rows["denominator"].astype(float)).tolist() == pytest.approx(rows["value"].tolist())
    assert rows["value"].between(0, 1).all()


def test_survey_is_the_same_whatever_came_later(real: pd.DataFrame, survey: Corpus) -> None:
    alone = progress(survey).query("group == 'survey'").reset_index(drop=True)
    pd.testing.assert_frame_equal(real.query("group == 'survey'").reset_index(drop=True), alone)


def test_a_collection_leaves_out_the_papers_of_others(small: Corpus) -> None:
    survey, since, everything = (group.data.corpus.papers for group in measured_groups(dataset(small, "living")))
    assert (len(survey), len(since), len(everything)) == (0, 3, 5)


def test_comparable_pairs_of_the_survey_by_counting(real: pd.DataFrame, survey: Corpus) -> None:
    """Independent of analysis.compare.configurations: sets of configurations, every pair of papers."""
    points = completed(survey)
    points = points[~points["sweep"].astype(bool)].dropna(subset=["dataset", "architecture"])
    used: dict[str, set[tuple[str, ...]]] = {}
    for row in points.itertuples():
        qualities = [name for name in ("top1", "top5") if pd.notna(getattr(row, f"{name}_change"))]
        sizes = [
            name
            for name in ("params", "flops")
            if any(map(pd.notna, (getattr(row, name), getattr(row, f"{name}_kept"))))
        ]
        found = {(row.dataset, row.architecture, quality, size) for quality in qualities for size in sizes}
        if found:
            used.setdefault(str(row.paper_id), set()).update(found)
    both = [bool(used[one] & used[other]) for one, other in combinations(sorted(used), 2)]
    assert value(real, COMPARABLE_PAIRS, "survey") == pytest.approx(sum(both) / len(both))


def test_long_curves_of_the_survey_by_counting(real: pd.DataFrame, survey: Corpus) -> None:
    rows = prunelit.results(survey)
    rows = rows[rows["point"].notna() & ~rows["sweep"].astype(bool)]
    lengths = rows.groupby(["paper_id", "dataset", "architecture", "method_label"]).size()
    assert value(real, LONG, "survey") == pytest.approx((lengths >= 5).mean())


def test_page_says_what_the_tables_say(whole: Corpus, real: pd.DataFrame) -> None:
    sections = page(real, frontiers(whole), discrepancies(whole), recipes_held_table(dataset(whole)))
    short = " ".join(sections[0].text)
    assert f"{value(real, COMPARABLE_PAIRS, 'survey'):.0%} of the pairs" in short
    assert f"{value(real, SCORE, 'since'):.0%} since" in short
    assert [one.title for one in sections][-1] == "What this cannot tell"


def test_page_of_nothing_says_nothing(made: Callable[..., Corpus]) -> None:
    empty = made()
    sections = page(progress(empty), frontiers(empty), discrepancies(empty), recipes_held_table(dataset(empty)))
    assert sections[0].text == ()


WHOLE = {"fine_tuning_epochs": 40, "learning_rate": 1, "unpruned_checkpoint": "c", "data_augmentation": "flips"}
STATES = [
    ("fine_tuned", WHOLE, "ssss"),
    ("fine_tuned", {**WHOLE, "data_augmentation": None}, "sssn"),
    ("fine_tuned", {}, "nnnn"),
    ("none", {"fine_tuning_epochs": 0}, "sdnd"),
    ("none", {"fine_tuning_epochs": 0, "pruning_epochs": 3}, "snnn"),
    ("at_initialization", {}, "nndn"),
    ("during_training", {"pruning_learning_rate_schedule": "0.1, fixed"}, "nsnn"),
    ("during_training", {"pretraining_epochs": 0, "pruning_epochs": 90}, "sndn"),
]


@pytest.mark.parametrize(("scheme", "recipe", "states"), STATES)
def test_what_does_not_apply_is_told_from_what_no_record_holds(
    scheme: str, recipe: dict[str, object], states: str
) -> None:
    stated = {name: value for name, value in recipe.items() if value is not None}
    curve = Curve.model_validate(
        {"origin": "own", "training_scheme": scheme, "points": [{"top1": 70}]} | ({"recipe": stated} if stated else {})
    )
    spelt = {"s": "stated", "d": "does_not_apply", "n": "not_held"}
    found = states_of(curve)
    assert [found[item] for item in RECIPE_ITEMS] == [spelt[one] for one in states]
    assert found[ALL_FOUR] == spelt[min(states, key="nds".index)]


def test_recipes_of_the_survey_and_of_others_methods_do_not_count(small: Corpus) -> None:
    found = recipes_held_table(dataset(small))
    assert set(found["curves"]) == {6}
    assert set(found["not_held"]) == {6}


def test_command_writes_the_page_and_its_tables(run: Callable[..., object], tmp_path: Path) -> None:
    run("progress", "--output", tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {
        "progress.html", "progress.csv", "frontiers.csv", "discrepancies.csv", "recipes.csv",
    }  # fmt: skip
    text = (tmp_path / "progress.html").read_text(encoding="utf-8")
    assert text.count("data:image/svg+xml") == 3
    assert "<script" not in text
