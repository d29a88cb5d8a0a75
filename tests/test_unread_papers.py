"""Verdicts of the checklist about papers that were not read: what other files lack is unknown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from prunelit import checklist, progress
from prunelit.analysis.trends.checklist import NOT_READ, is_from_the_paper, judged_items
from prunelit.analysis.trends.progress import FROM_PAPERS, SCORE
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Paper

Made = Callable[..., Corpus]
README = "locator: {repository: ada/engine, path: README.md}"
OPERATIONS = "operations of the pruned network"


def corpus_of(made: Made, *curves: str) -> Corpus:
    text = "id: new2021one\npublished: {year: 2021}\ncollections: [living]\nmethods: [{name: M}]\nexperiments:\n"
    for curve in curves:
        text += "  - {dataset: ImageNet, architecture: VGG-16, collections: [living], " + curve + "}\n"
    return made(text)


def result(locator: str = "", of_curve: str = "") -> str:
    point = ", ".join(["top1: 70.0", "params: 5M", *([locator] if locator else [])])
    curve = ", ".join(["origin: own", "method: M", *([of_curve] if of_curve else []), f"points: [{{{point}}}]"])
    return f"curves: [{{{curve}}}]"


def read(made: Made, *curves: str) -> bool:
    corpus = corpus_of(made, *curves)
    return is_from_the_paper(corpus.papers[0], corpus)


@pytest.mark.parametrize(
    ("locator", "expected"),
    [
        ("", True),
        ("locator: {table: 3, row: VGG}", True),
        ("locator: {section: '4.2'}", True),
        (README, False),
        ("locator: {repository: ada/engine, path: figs/table1.png, table: 1}", False),
        ("locator: {repository: ada/engine, path: paper/engine.pdf, table: 1, page: 6}", True),
        ("locator: {repository: ada/engine, path: ENGINE.PDF}", True),
        ("locator: {repository: ada/engine, path: pdf}", False),
        ("locator: {repository: ada/engine, table: 1}", False),
        ("locator: {url: 'https://example.org/results'}", False),
    ],
)
def test_results_are_from_the_paper_or_from_elsewhere(locator: str, expected: bool, made: Made) -> None:
    assert read(made, result(locator)) == expected


def test_a_points_own_place_comes_before_that_of_its_curve(made: Made) -> None:
    assert not read(made, result(README, of_curve="locator: {table: 2}"))
    assert read(made, result("locator: {table: 2}", of_curve=README))
    assert not read(made, result(of_curve=README))


def test_one_result_from_the_paper_shows_that_it_was_read(made: Made) -> None:
    assert read(made, result(README), result("locator: {table: 2}"))
    assert not read(made, result(README), result(README))


@pytest.mark.parametrize(("place", "expected"), [(README, False), ("note: The survey lists it.", True)])
def test_experiments_without_numbers_have_places_too(place: str, expected: bool, made: Made) -> None:
    corpus = corpus_of(made, place)
    assert is_from_the_paper(corpus.papers[0], corpus, with_numbers=False) == expected
    assert not is_from_the_paper(corpus.papers[0], corpus, with_numbers=True)


def test_experiments_without_numbers_tell_nothing_of_points(made: Made) -> None:
    corpus = corpus_of(made, result(README), "note: The survey lists it.")
    assert verdict(corpus, OPERATIONS)[0] == "unknown"
    assert verdict(corpus, "more than one dataset, and not MNIST alone") == ("unmet", "ImageNet")
    assert verdict(corpus_of(made, result(README)), "more than one dataset, and not MNIST alone")[0] == "unknown"


def verdict(corpus: Corpus, item: str) -> tuple[str, str]:
    table = judged_items(corpus.papers[0], corpus).set_index("item")
    return str(table.loc[item, "verdict"]), str(table.loc[item, "why"])


def test_what_a_readme_lacks_is_unknown(made: Made) -> None:
    assert verdict(corpus_of(made, result("locator: {table: 2}")), OPERATIONS) == (
        "unmet",
        "0 of 1 points give operations",
    )
    assert verdict(corpus_of(made, result(README)), OPERATIONS) == (
        "unknown",
        f"0 of 1 points give operations; {NOT_READ}",
    )


def test_what_a_readme_holds_is_met(made: Made) -> None:
    assert verdict(corpus_of(made, result(README)), "size of the pruned network") == (
        "met",
        "1 of 1 points give a size",
    )


def test_no_paper_of_which_only_a_readme_was_entered_lacks_anything(whole: Corpus) -> None:
    """Independent of the module: a record is of a README alone if every locator in it names one."""

    def only_readme(paper: Paper) -> bool:
        found = [
            point.locator or curve.locator
            for experiment in paper.experiments or ()
            for curve in experiment.curves or ()
            for point in curve.points or ()
        ]
        return bool(found) and all(one is not None and (one.path or "").endswith("README.md") for one in found)

    alone = {paper.id for paper in whole.papers if only_readme(paper)}
    rows = checklist(whole)
    assert len(alone) > 20
    assert "unmet" not in set(rows.loc[rows["paper_id"].isin(alone), "verdict"])


def test_the_survey_read_its_papers(survey: Corpus) -> None:
    assert all(is_from_the_paper(paper, survey, with_numbers=False) for paper in survey.papers if paper.experiments)
    assert not checklist(survey)["why"].str.contains(NOT_READ).any()


def test_progress_counts_what_records_hold_and_which_papers_were_read(made: Made) -> None:
    table = progress(corpus_of(made, result(README))).query("group == 'since'").set_index("measure")
    for measure in (f"records that hold: {OPERATIONS}", FROM_PAPERS):
        assert (table.loc[measure, "numerator"], table.loc[measure, "denominator"]) == (0, 1)
    assert table.loc[SCORE, "value"] == 1 / 8  # of the items that results hold or lack, the size
