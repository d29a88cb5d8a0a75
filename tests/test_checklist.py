"""Does the checklist say what the record shows, and no more?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import prunelit
from prunelit.analysis.dataset import dataset
from prunelit.analysis.trends.checklist import JUDGES, judged_items, met_by_year
from prunelit.schema.corpus import Corpus, shipped
from prunelit.schema.walk import curves

Made = Callable[..., Corpus]
POINTS = "curves: [{origin: own, points: [%s]}]"


def verdicts(made: Made, experiments: str, more: str = "") -> dict[str, str]:
    corpus = made(f"id: one2015paper\n{more}experiments:\n{experiments}")
    table = judged_items(corpus.by_id["one2015paper"], corpus)
    return dict(zip(table["item"], table["verdict"], strict=True))


def experiment(points: str, more: str = "dataset: ImageNet, architecture: VGG-16, ") -> str:
    curves = POINTS % points if points else "note: nothing entered"
    return f"  - {{{more}collections: [blalock2020], {curves}}}\n"


def test_what_nobody_entered_is_unknown(made: Made) -> None:
    found = verdicts(made, experiment(""))
    assert {item: found[item] for item in list(found)[:6]} == dict.fromkeys(list(found)[:6], "unknown")


@pytest.mark.parametrize(
    ("point", "met"),
    [
        ("{top1: 70.0, params: 5M}", {"size of the pruned network"}),
        ("{top1: 70.0, speedup: 2.0}", {"operations of the pruned network"}),
        ("{top1: 70.0, top1_std: 0.1}", {"deviation over runs"}),
        ("{top1: 70.0, seeds: 3}", {"number of runs"}),
        ("{top1_change: -1.0, params_kept: 0.5}", {"size of the pruned network"}),
    ],
)
def test_what_a_point_gives_is_met(point: str, met: set[str], made: Made) -> None:
    found = verdicts(made, experiment(point))
    assert {item for item, verdict in found.items() if verdict == "met"} == met


def test_both_accuracies_are_needed(made: Made) -> None:
    named = "dataset: ImageNet, architecture: VGG-16, base_top1: 71.0, "
    item = "accuracy before and after pruning"
    assert verdicts(made, experiment("{top1: 70.0}", named))[item] == "met"
    assert verdicts(made, experiment("{top1_change: -1.0}", named))[item] == "unmet"


@pytest.mark.parametrize(("count", "verdict"), [(4, "unmet"), (5, "met")])
def test_five_points_make_a_curve(count: int, verdict: str, made: Made) -> None:
    points = ", ".join(f"{{top1: {60 + one}.0, speedup: {9 - one}.0}}" for one in range(count))
    item = "a family of models, with a curve of five points or more"
    assert verdicts(made, experiment(points))[item] == verdict


def test_mnist_alone_is_not_enough(made: Made) -> None:
    mnist = experiment("", "dataset: MNIST, architecture: LeNet-5, ")
    item = "more than one dataset, and not MNIST alone"
    assert verdicts(made, mnist)[item] == "unmet"
    assert verdicts(made, mnist + experiment(""))[item] == "met"


def test_every_item_has_a_judge_and_every_judge_an_item(whole: Corpus) -> None:
    assert {item.name for item in whole.checklist} == set(JUDGES)


@pytest.mark.parametrize(
    ("curve", "item"),
    [
        ("origin: rerun, simple_method: random", "random pruning for comparison"),
        ("origin: rerun, simple_method: magnitude", "magnitude pruning for comparison"),
        (
            "origin: own, recipe: {fine_tuning_epochs: 90, learning_rate: 0.01}",
            "epochs and learning rate of training after pruning",
        ),
    ],
)
def test_what_a_curve_shows_is_met(curve: str, item: str, made: Made) -> None:
    text = f"  - {{dataset: D, collections: [c], curves: [{{{curve}, points: [{{top1: 70.0}}]}}]}}\n"
    assert verdicts(made, text)[item] == "met"


def test_a_simple_method_that_nobody_entered_is_unknown(made: Made) -> None:
    assert verdicts(made, experiment("{top1: 70.0}"))["random pruning for comparison"] == "unknown"


def test_comparing_to_the_paper_of_magnitude_pruning_is_comparing_to_it(made: Made) -> None:
    found = verdicts(made, experiment("{top1: 70.0}"), "compares_to: [han2015learning]\n")
    assert found["magnitude pruning for comparison"] == "met"


def test_runs_are_deviation_and_number_of_runs(made: Made) -> None:
    found = verdicts(made, experiment("{top1_runs: [70.0, 71.0]}"))
    assert (found["deviation over runs"], found["number of runs"]) == ("met", "met")


def test_papers_without_experiments_are_not_scored(made: Made) -> None:
    assert prunelit.checklist(made("id: ada2015title\n")).empty


def test_the_table_by_year_counts_every_verdict_once(survey: Corpus) -> None:
    table = met_by_year(dataset(survey))
    assert int(table[["met", "unmet", "unknown"]].sum().sum()) == len(prunelit.checklist(survey))


def test_the_command_tells_verdicts_and_reasons(terminal: Callable[..., Any]) -> None:
    out = terminal("checklist", "han2015learning").out
    assert "the longest curve has 7 points" in out


def test_the_command_names_the_nearest_paper(terminal: Callable[..., Any]) -> None:
    outcome = terminal("checklist", "han2015lerning")
    assert (outcome.status, "han2015learning" in outcome.err) == (2, True)


def test_the_command_scores_all_papers_for_programs(terminal: Callable[..., Any]) -> None:
    out = terminal("checklist", "--collection", "blalock2020", "--format", "csv").out
    assert out.splitlines()[0] == "item,year,review,met,unmet,unknown"


def test_sweeps_count_as_points(survey: Corpus) -> None:
    gale = survey.by_id["gale2019state"]
    files = [shipped() / "sweeps" / curve.points_file for _, curve in curves(gale) if curve.points_file]
    whole = 1 + sum(len(file.read_text().splitlines()) - 1 for file in files)
    table = judged_items(gale, survey).set_index("item")
    assert table.loc["size of the pruned network", "why"] == f"{whole} of {whole} points give a size"


def test_every_paper_has_a_verdict_and_a_reason(survey: Corpus) -> None:
    for paper in survey.papers:
        table = judged_items(paper, survey)
        assert set(table["verdict"]) <= {"met", "unmet", "unknown"}
        assert (table[["why", "source"]] != "").all(axis=None)
