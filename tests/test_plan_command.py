"""Does the command ``plan`` tell what to run, why, and against whom, and refuse what it cannot plan?"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prunelit import dataset
from prunelit.analysis.frames.labels import paper_labels
from prunelit.analysis.pages import advice
from prunelit.analysis.pages.section import Section
from prunelit.analysis.planning import plan
from prunelit.analysis.planning.plan import make_plan
from prunelit.schema.corpus import Corpus

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def pages(survey: Corpus) -> dict[str, Section]:
    """The page of the plan for a new paper, by the titles of its sections."""
    return {one.title: one for one in advice.advice(make_plan(dataset(survey)), survey)}


def words(section: Section) -> str:
    facts = (f"{fact.label}: {fact.value}" for fact in section.facts)
    return " ".join([*facts, *section.text, *section.notes])


def test_the_plan_names_every_experiment_in_its_order(pages: dict[str, Section]) -> None:
    table = pages["The plan"].table
    assert table is not None
    pairs = list(zip(table["architecture"], table["dataset"], strict=True))
    assert pairs[:2] == [("VGG-16", "ImageNet"), ("ResNet-18", "CIFAR-10")]
    assert [f"{at}. {a} on {d}" for at, (a, d) in enumerate(pairs, start=1)] == list(pages)[2:-1]


def test_the_plan_says_what_it_reaches(pages: dict[str, Section]) -> None:
    assert "comparable with 38 of the 41 papers" in words(pages["The plan"])
    assert "connected with 41" in words(pages["The plan"])


def test_the_reasons_explain_the_order_the_price_and_that_it_is_exact(pages: dict[str, Section]) -> None:
    said = words(pages["Why these"])
    assert "40 of the 81 papers have no such point" in said
    assert "2 components" in said
    assert "with --direct, as many experiments make 39 papers comparable instead of 38" in said
    assert "Exact: no choice of 5 experiments out of 23 is better." in said


def test_a_greedy_plan_tells_its_bound(survey: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    best = plan.best
    monkeypatch.setattr(plan, "best", lambda *given: best(*given, looks=-1))
    said = words(advice.advice(make_plan(dataset(survey)), survey)[1])
    assert "Greedy: each experiment is the best next one" in said
    assert "at least 63.2% (1 − 1/e) as many papers connected" in said
    assert re.search(r"no choice makes more than \d+ papers comparable; this one reaches \d+% of that", said)


def test_an_experiment_names_the_papers_and_where_their_numbers_are(pages: dict[str, Section], survey: Corpus) -> None:
    table = pages["3. ResNet-50 on ImageNet"].table
    assert table is not None
    rows = {row["record"]: row for row in table.to_dict("records")}
    assert rows["luo2018autopruner"]["paper"] == paper_labels(survey)["luo2018autopruner"]
    assert rows["yamamoto2018pcas"]["where"] == "Table 1"
    assert rows["yamamoto2018pcas"]["speedup"] == "2.31"
    assert rows["liu2018rethinking"]["methods"] == "Scratch-B; Magnitude (rerun)"
    assert rows["huang2018data"]["where"] == "survey rows 85, 381, 382"
    assert (table["where"] != "").all()


def test_an_experiment_says_where_its_curve_overlaps(pages: dict[str, Section]) -> None:
    facts = {fact.label: fact.value for fact in pages["1. VGG-16 on ImageNet"].facts}
    assert facts["Compression ratios"].startswith("1.05, 2.11, 5, 13.3, 15.9; in this range lie points of 11 of 11")
    assert facts["Comparable with"] == "18 papers, 18 of them not before"


def test_the_field_is_told_from_now_to_the_end(pages: dict[str, Section]) -> None:
    field = list(pages.values())[-1]
    assert "256 of 3,240 pairs of papers are comparable (7.9%)" in words(field)
    assert field.table is not None
    assert field.table["experiments"].tolist() == ["0", "1", "2", "5", "10", "20", "50", "70"]
    assert field.table["comparable, planned"].tolist()[::7] == ["7.9%", "100.0%"]


def test_components_that_are_too_small_are_not_joined_first(survey: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "LEAST_SHARE", 0.5)
    said = words(advice.advice(make_plan(dataset(survey)), survey)[1])
    assert "only one of them holds" in said
    assert "nothing to join first" in said


def test_a_method_is_told_what_it_reports_there(survey: Corpus) -> None:
    found = make_plan(dataset(survey), method="he2017channel", only=["CIFAR-10"], budget=2)
    page = {one.title: words(one) for one in advice.advice(found, survey)}
    assert "becomes comparable with 22 (today 20) of the 40 papers" in page["The plan"]
    assert "Report: top1 against params" in page["2. ResNet-56 on CIFAR-10"]
    assert "Reported there: top1 against flops" in page["2. ResNet-56 on CIFAR-10"]


def test_the_command_prints_the_plan(run: Run) -> None:
    status, out, err = run("plan", "--collection", "blalock2020", "--budget", 1)
    assert (status, err) == (0, "reading the corpus in corpus")
    assert out.startswith("What next for a new paper?\n\nThe plan\n")
    assert "1. VGG-16 on ImageNet" in out


def test_a_huge_budget_says_that_more_gains_nothing(run: Run) -> None:
    status, out, _ = run("plan", "--collection", "blalock2020", "--budget", 10**30)
    assert (status, "More experiments than these gain nothing." in out) == (0, True)


def test_a_page_holds_the_figure(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    assert run("plan", "--collection", "blalock2020", "--budget", 1, "--html", "--output", file).status == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert text.count('<img alt="How far more experiments') == 1


def test_a_dataset_without_points_names_those_with(run: Run) -> None:
    status, out, _ = run("plan", "--collection", "blalock2020", "--only", "MNIST")
    assert (status, "on MNIST; there are points on CIFAR-10, CIFAR-100, ICDAR, ImageNet." in out) == (0, True)


def test_a_corpus_without_points_says_so(made: Callable[..., Corpus]) -> None:
    corpus = made("{id: one2015paper}")
    page = [words(one) for one in advice.advice(make_plan(dataset(corpus)), corpus)]
    assert (page[0], page[-1]) == ("No record holds a point to compare with.", "There is no point to compare with.")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--budget", 0), "'--budget'"),
        (("--budget", -3), "'--budget'"),
        (("--budget", "many"), "'--budget'"),
        (("--only", "ImagNet"), "no dataset 'ImagNet'; did you mean 'ImageNet'?"),
        (("--method", "han2015deap"), "no paper 'han2015deap'; did you mean 'han2015deep'?"),
        (("--collection", "blalok2020"), "did you mean 'blalock2020'"),
        (
            ("--collection", "contributed", "--method", "han2015deep"),
            "'han2015deep' is not in the collection 'contributed'; it is in blalock2020",
        ),
    ],
)
def test_bad_usage_is_explained(run: Run, arguments: tuple[object, ...], told: str) -> None:
    status, out, err = run("plan", *arguments)
    assert (status, out, told in err) == (2, "", True), err


def test_help_has_examples(run: Run) -> None:
    status, out, _ = run("plan", "--help")
    assert (status, "Examples" in out, "prunelit plan" in out) == (0, True, True)
