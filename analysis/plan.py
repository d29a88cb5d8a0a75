"""Which experiments make a paper comparable with most of the literature?

A plan is as many experiments as the budget allows; of all such choices, it is one of those that

1. join the components of the comparability graph that hold most papers: whoever is comparable with a paper of each
   links all papers of all of them.  Components of hardly any papers do not count here (:data:`LEAST`), or else every
   paper that shares its experiments with nobody would come before all others;
2. among these, make most papers comparable with it, without another paper in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, pairwise
from operator import or_

import pandas as pd

from prunelit.analysis.columns import PLAN, typed
from prunelit.analysis.complete import completed
from prunelit.analysis.coverage import Choice, Reach, best
from prunelit.analysis.literature import Experiment, Literature
from prunelit.analysis.load import chosen
from prunelit.analysis.overlap import operating_points
from prunelit.analysis.profile import find
from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import nearest, quoted

BUDGET = 5
"""Experiments of a plan where nobody says how many."""
LEAST = 0.02
"""The share of the papers with points that a component must hold for that joining it comes first."""
RATIOS = {"params": "compression_ratio", "flops": "speedup"}
"""The ratio that says how far a network is pruned, in each efficiency."""
EXACT, GREEDY = "exact", "greedy"


@dataclass(frozen=True, slots=True)
class Step:
    """An experiment, the papers that it alone adds, and what is reached with it and those before it."""

    experiment: Experiment
    new: frozenset[str]
    connected: int
    comparable: int
    components: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The experiments in their order, and what they were chosen from."""

    literature: Literature
    paper: str | None
    """The paper that they are for; None for a new one."""
    already: frozenset[str]
    """The papers comparable with it before any experiment."""
    connected: int
    """How many papers are connected with it before."""
    budget: int
    only: tuple[str, ...]
    connect: bool
    candidates: tuple[Experiment, ...]
    choice: Choice
    steps: tuple[Step, ...]

    def reported(self, experiment: Experiment) -> list[tuple[str, str]]:
        """The pairs of metrics that the paper reports there already."""
        rows = self.literature.configurations
        rows = rows[(rows["paper_id"] == (self.paper or "")) & (rows["dataset"] == experiment.dataset)]
        rows = rows[rows["architecture"] == experiment.architecture]
        return list(rows[["quality", "efficiency"]].itertuples(index=False, name=None))


def plan(
    corpus: Corpus | None = None,
    collection: str | None = None,
    corrected: bool = True,
    method: str | None = None,
    budget: int = BUDGET,
    only: Sequence[str] = (),
    connect: bool = True,
) -> pd.DataFrame:
    """The experiments that make a paper comparable with most of the literature: one row an experiment.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
        method: A paper of the corpus, by anything that ``prunelit show`` takes, to plan what it should add; by default
            the plan is for a new paper.
        budget: How many experiments at most.
        only: Datasets to choose from; all by default.
        connect: Whether connecting papers comes before making them comparable.

    Raises:
        ValueError: if there is no such collection or dataset, or the budget is below 1.
        LookupError: if there is no such paper.
    """
    corpus = chosen(corpus, collection)
    return as_table(make_plan(corpus, corrected, method, budget, only, connect))


def make_plan(
    corpus: Corpus,
    corrected: bool = True,
    method: str | None = None,
    budget: int = BUDGET,
    only: Sequence[str] = (),
    connect: bool = True,
) -> Plan:
    """As :func:`plan`, with what a table has no place for."""
    if budget < 1:
        raise ValueError(f"a plan has at least 1 experiment, not {budget}")
    datasets = [one.name for one in corpus.datasets]
    if unknown := [one for one in only if one not in datasets]:
        raise ValueError(f"no dataset {quoted(unknown[0])}{nearest(unknown[0], datasets)}")
    paper = None if method is None else find(corpus, method).id
    points = completed(corpus, corrected=corrected)
    return planned(Literature([one.id for one in corpus.papers], points), paper, budget, only, connect)


def planned(
    literature: Literature,
    paper: str | None = None,
    budget: int = BUDGET,
    only: Sequence[str] = (),
    connect: bool = True,
) -> Plan:
    """The plan for a paper of the literature, by its id, or for a new one."""
    candidates = literature.experiments(paper, only)
    others = _Others(literature, paper)
    start = others.reach(literature.compared(paper))
    sets = [others.reach(one.papers) for one in candidates]
    first = others.joined if connect else 0
    choice = best(
        [Reach(one.first & first, one.second) for one in sets], budget, Reach(start.first & first, start.second)
    )
    reached = accumulate((sets[one] for one in choice.chosen), or_, initial=start)
    experiments = [candidates[one] for one in choice.chosen]
    steps = tuple(
        Step(
            one,
            others.named(after.second & ~before.second),
            *after.counts,
            others.components(after),
        )
        for one, (before, after) in zip(experiments, pairwise(reached), strict=True)
    )
    already = others.named(start.second)
    return Plan(
        literature, paper, already, start.counts[0], budget, tuple(only), connect, tuple(candidates), choice, steps
    )


class _Others:
    """The papers with numbers, but for the one that the plan is for, as the bits of an integer."""

    def __init__(self, literature: Literature, paper: str | None) -> None:
        self.papers = [one for one in literature.graph if one != paper]
        self.bit = {one: 1 << at for at, one in enumerate(self.papers)}
        self.groups = [self._mask(group) for group in literature.components]
        self.joined = self._mask(paper for group in large(literature) for paper in group)
        """The papers of components whose joining comes first."""

    def reach(self, papers: Iterable[str]) -> Reach:
        """The papers, and before them those that comparable papers link to them."""
        met = self._mask(papers)
        return Reach(reduce(or_, (group for group in self.groups if group & met), 0), met)

    def components(self, reached: Reach) -> int:
        """How many components of the graph are reached."""
        return sum(bool(group & reached.first) for group in self.groups)

    def named(self, mask: int) -> frozenset[str]:
        """The papers of the bits."""
        return frozenset(one for one in self.papers if self.bit[one] & mask)

    def _mask(self, papers: Iterable[str]) -> int:
        return reduce(or_, (self.bit.get(one, 0) for one in papers), 0)


def large(literature: Literature) -> list[frozenset[str]]:
    """The components whose joining comes before all else; none where there is no other to join."""
    groups = [group for group in literature.components if len(group) >= LEAST * len(literature.graph)]
    return groups if len(groups) > 1 else []


def as_table(plan: Plan) -> pd.DataFrame:
    """A plan with the columns of :func:`plan`."""
    how = EXACT if plan.choice.exact else GREEDY
    rows = [_row(plan, step) | {"step": at, "choice": how} for at, step in enumerate(plan.steps, start=1)]
    return typed(rows, PLAN)


def _row(plan: Plan, step: Step) -> dict[str, object]:
    experiment = step.experiment
    return {
        "dataset": experiment.dataset,
        "architecture": experiment.architecture,
        "metrics": _joined(f"{one.quality}/{one.efficiency}" for one in experiment.metrics),
        **{f"{ratio}s": _joined(f"{one:g}" for one in points) for ratio, points in to_run(plan, step).items()},
        "papers": len(experiment.papers),
        "newly_comparable": len(step.new),
        "comparable": step.comparable,
        "comparable_at_most": plan.choice.at_most[1],
        "connected": step.connected,
        "components": step.components,
        "compare_with": _joined(sorted(experiment.papers)),
    }


def to_run(plan: Plan, step: Step) -> dict[str, tuple[float, ...]]:
    """The operating points of an experiment, by ``compression_ratio`` and ``speedup``."""
    efficiencies = {one.efficiency for one in step.experiment.metrics}
    numbers = plan.literature.numbers
    return {
        ratio: operating_points(numbers(step.experiment, efficiency).rename(columns={ratio: "ratio"}))
        for efficiency, ratio in RATIOS.items()
        if efficiency in efficiencies
    }


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)
