"""Does the checklist say what the record shows, and no more?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from prunelit.analysis.checklist import ITEMS, checklist
from prunelit.schema.corpus import Corpus, shipped
from prunelit.schema.walk import curves

Made = Callable[..., Corpus]
POINTS = "curves: [{origin: own, points: [%s]}]"


def verdicts(made: Made, experiments: str, more: str = "") -> dict[str, str]:
    corpus = made(f"id: one2015paper\n{more}experiments:\n{experiments}")
    table = checklist(corpus.by_id["one2015paper"], corpus)
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
    [item] = [one.asks for one in ITEMS if "family of models" in one.asks]
    assert verdicts(made, experiment(points))[item] == verdict


def test_mnist_alone_is_not_enough(made: Made) -> None:
    mnist = experiment("", "dataset: MNIST, architecture: LeNet-5, ")
    item = "more than one dataset, and not MNIST alone"
    assert verdicts(made, mnist)[item] == "unmet"
    assert verdicts(made, mnist + experiment(""))[item] == "met"


def test_sweeps_count_as_points(survey: Corpus) -> None:
    gale = survey.by_id["gale2019state"]
    files = [shipped() / "sweeps" / curve.points_file for _, curve in curves(gale) if curve.points_file]
    whole = 1 + sum(len(file.read_text().splitlines()) - 1 for file in files)
    table = checklist(gale, survey).set_index("item")
    assert table.loc["size of the pruned network", "why"] == f"{whole} of {whole} points give a size"


def test_every_paper_has_a_verdict_and_a_reason(survey: Corpus) -> None:
    for paper in survey.papers:
        table = checklist(paper, survey)
        assert set(table["verdict"]) <= {"met", "unmet", "unknown"}
        assert (table[["why", "source"]] != "").all(axis=None)
