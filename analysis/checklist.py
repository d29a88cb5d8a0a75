"""Does a paper report what a reader needs to compare it?

It scores reporting, not quality, and it scores the record: where nobody has entered a paper's numbers, what it
reports is unknown, not unmet.  Items follow Blalock et al. 2020, as far as its text says what an evaluation needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pandas as pd

from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Paper, Point
from prunelit.schema.walk import curves, experiments

Verdict: TypeAlias = Literal["met", "unmet", "unknown"]
Judgement: TypeAlias = tuple[Verdict, str]

MIN_POINTS = 5
"""Points that make a curve a tradeoff curve; section 2.4 asks for a family of models without naming a number."""
MNIST = "MNIST"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that an evaluation should report, and the place in the survey that says so."""

    asks: str
    source: str
    judge: Callable[[Paper, Corpus], Judgement]


def _points(paper: Paper, corpus: Corpus) -> list[Point]:
    return [point for _, curve in curves(paper) for point in corpus.points(curve)]


def _any_point(names: tuple[str, ...], what: str) -> Callable[[Paper, Corpus], Judgement]:
    def judge(paper: Paper, corpus: Corpus) -> Judgement:
        found = _points(paper, corpus)
        count = sum(any(getattr(point, name) is not None for name in names) for point in found)
        return _counted(count, len(found), what)

    return judge


def _counted(count: int, whole: int, what: str) -> Judgement:
    if not whole:
        return "unknown", "no operating point is entered"
    return ("met" if count else "unmet"), f"{count} of {whole} points give {what}"


def _both_accuracies(paper: Paper, corpus: Corpus) -> Judgement:
    pruned = ("top1", "top5", "top1_error", "top5_error")
    unpruned = ("base_top1", "base_top5", "base_top1_error", "base_top5_error", "base_top1_runs")
    count = whole = 0
    for _, experiment in experiments(paper):
        before = any(getattr(experiment, name) is not None for name in unpruned)
        found = [point for curve in experiment.curves or () for point in corpus.points(curve)]
        whole += len(found)
        count += sum(before and any(getattr(point, name) is not None for name in pruned) for point in found)
    return _counted(count, whole, "the accuracy both before and after pruning")


def _enough_points(paper: Paper, corpus: Corpus) -> Judgement:
    lengths = [len(corpus.points(curve)) for _, curve in curves(paper)]
    if not lengths:
        return "unknown", "no operating point is entered"
    return ("met" if max(lengths) >= MIN_POINTS else "unmet"), f"the longest curve has {max(lengths)} points"


def _beyond_mnist(paper: Paper, corpus: Corpus) -> Judgement:
    used = sorted({one.dataset for _, one in experiments(paper) if one.dataset})
    if not used:
        return "unknown", "no dataset is entered"
    return ("met" if len(used) > 1 and used != [MNIST] else "unmet"), ", ".join(used)


def _architectures(paper: Paper, corpus: Corpus) -> Judgement:
    used = sorted({one.architecture for _, one in experiments(paper) if one.architecture})
    if not used:
        return "unknown", "no architecture is entered"
    return ("met" if len(used) > 1 else "unmet"), ", ".join(used)


def _compares(paper: Paper, corpus: Corpus) -> Judgement:
    count = len(paper.compares_to or ()) + len(paper.added_comparisons or ())
    return ("met" if count else "unmet"), f"compares to {count} other papers"


def _not_recorded(paper: Paper, corpus: Corpus) -> Judgement:
    return "unknown", "records do not hold it yet"


SIZE = ("params", "params_kept", "params_removed", "compression_ratio")
SPEED = ("flops", "flops_kept", "flops_removed", "speedup")

ITEMS: tuple[Item, ...] = (
    Item("size of the pruned network", "section 2.4", _any_point(SIZE, "a size")),
    Item("operations of the pruned network", "section 2.4", _any_point(SPEED, "operations")),
    Item("accuracy before and after pruning", "footnote 1", _both_accuracies),
    Item(f"a family of models: a curve of {MIN_POINTS} points or more", "section 2.4", _enough_points),
    Item("deviation over runs", "Figure 3", _any_point(("top1_std", "top1_max_deviation"), "a deviation")),
    Item("number of runs", "Figure 3", _any_point(("seeds",), "the number of runs")),
    Item("more than one dataset, and not MNIST alone", "section 4.2", _beyond_mnist),
    Item("more than one architecture", "section 4.2", _architectures),
    Item("comparison with other methods", "section 4.1", _compares),
    Item("random and magnitude pruning as baselines", "section 3.2", _not_recorded),
    Item("hyperparameters", "section 1", _not_recorded),
)
"""What is asked, in the order of the list."""


def checklist(paper: Paper, corpus: Corpus) -> pd.DataFrame:
    """What the record of a paper shows it to report: one row an item.

    Args:
        paper: The record.
        corpus: Where the points of its released sweeps are.

    Returns:
        Text columns ``item``, ``verdict`` (met, unmet, or unknown where the record does not tell), ``why``, and
        ``source``, the place in Blalock et al. 2020.
    """
    rows = [(item.asks, *item.judge(paper, corpus), item.source) for item in ITEMS]
    return pd.DataFrame(rows, columns=["item", "verdict", "why", "source"], dtype="string")
