"""Plans: the experiments that make a paper comparable with most of the literature.

A plan is as many experiments as the budget allows; of all such choices, it is one of those that

1. join the components of the comparability graph that hold most papers: whoever is comparable with a paper of each
   links all papers of all of them.  Components of hardly any papers do not count here (:data:`LEAST_SHARE`), or else
   every paper that shares its experiments with nobody would come before all others;
2. among these, make most papers comparable with it, without another paper in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, pairwise
from operator import or_

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.columns import COUNT, TEXT, Column, of_field, typed
from prunelit.analysis.load import find_paper
from prunelit.analysis.planning.literature import CandidateExperiment, Literature, known_datasets, literature
from prunelit.analysis.planning.max_coverage import Choice, Reach, best
from prunelit.analysis.planning.target_ratios import target_ratios
from prunelit.schema.problems import ArgumentError
from prunelit.schema.record import Experiment

BUDGET = 5
"""Experiments of a plan where nobody says how many."""
LEAST_SHARE = 0.02
"""The share of the papers with points that a component must hold for that joining it comes first."""
RATIOS = {"params": "compression_ratio", "flops": "speedup"}
"""The ratio that says how far a network is pruned, in each efficiency."""
EXACT, GREEDY = "exact", "greedy"


@dataclass(frozen=True, slots=True)
class Step:
    """An experiment, the papers that it alone adds, and what is reached with it and those before it."""

    experiment: CandidateExperiment
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
    candidates: tuple[CandidateExperiment, ...]
    choice: Choice
    steps: tuple[Step, ...]

    def reported(self, experiment: CandidateExperiment) -> list[tuple[str, str]]:
        """The pairs of metrics that the paper reports there already."""
        rows = self.literature.configurations
        rows = rows[(rows["paper_id"] == (self.paper or "")) & (rows["dataset"] == experiment.dataset)]
        rows = rows[rows["architecture"] == experiment.architecture]
        return list(rows[["quality", "efficiency"]].itertuples(index=False, name=None))


_HERE, _RATIOS = "analysis.planning.plan", "analysis.planning.target_ratios"
PLAN = (
    Column("step", COUNT, "", "Position in the plan, from 1: what adds most comes first."),
    of_field(Experiment, "dataset"),
    of_field(Experiment, "architecture"),
    Column("metrics", TEXT, "", "What to report, as quality/efficiency joined by semicolons, such as top1/params."),
    Column(
        "compression_ratios", TEXT, "ratio",
        "Compression ratios to prune to, joined by semicolons: where the other papers have points.", _RATIOS,
    ),
    Column("speedups", TEXT, "ratio", "Theoretical speedups to prune to, likewise.", _RATIOS),
    Column("papers", COUNT, "count", "Papers that report a point there in any of the metrics.", _HERE),
    Column(
        "without_baseline", COUNT, "count", "Those of them that give raw accuracies alone, without the change.", _HERE
    ),
    Column("newly_comparable", COUNT, "count", "Papers among them that nothing before makes comparable.", _HERE),
    Column("comparable", COUNT, "count", "Papers that are comparable once this and all before is run.", _HERE),
    Column(
        "comparable_at_most", COUNT, "count",
        "What no plan of as many experiments can exceed; in an exact plan what it reaches.",
        "analysis.planning.max_coverage",
    ),
    Column("connected", COUNT, "count", "Papers that are comparable, or linked by comparable papers.", _HERE),
    Column("components", COUNT, "count", "Components of the comparability graph that this joins.", _HERE),
    Column("choice", TEXT, "", "exact (no plan of as many is better) or greedy (each is the best next one)."),
    Column("comparability", TEXT, "", "How much papers must share: same_network, same_variants or raw_accuracy."),
    Column("compare_with", TEXT, "", "Ids of the papers that report a point there, joined by semicolons.", _HERE),
)  # fmt: skip
"""Columns of ``plan()``: one row an experiment to run."""


def make_plan(
    dataset: Dataset,
    method: str | None = None,
    budget: int = BUDGET,
    only: str | Sequence[str] = (),
    connect: bool = True,
    comparability: str = "same_network",
) -> Plan:
    """The plan for a paper of a dataset, or for a new one.

    Args:
        dataset: The papers to be comparable with.
        method: A paper of the dataset, by anything that ``prunelit show`` takes; by default a new paper.
        budget: How many experiments at most.
        only: Datasets to choose from; all by default.
        connect: Whether connecting papers comes before making them comparable.
        comparability: How much two papers must share.

    Raises:
        UnknownNameError: if there is no such paper, dataset to choose from, or comparability.
        ArgumentError: if the budget is below 1.
        AmbiguousNameError: if several papers fit the name.
    """
    if budget < 1:
        raise ArgumentError(budget, f"a plan has at least 1 experiment, not {budget}")
    chosen = known_datasets(dataset, only)
    paper = None if method is None else find_paper(dataset.as_published().outline, method).id
    return planned(literature(dataset, comparability), paper, budget, chosen, connect)


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
    groups = [group for group in literature.components if len(group) >= LEAST_SHARE * len(literature.graph)]
    return groups if len(groups) > 1 else []


def as_table(plan: Plan) -> pd.DataFrame:
    """A plan as a table; columns :data:`PLAN`."""
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
        "without_baseline": len(experiment.raw),
        "comparability": plan.literature.comparability,
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
        ratio: target_ratios(numbers(step.experiment, efficiency).rename(columns={ratio: "ratio"}))
        for efficiency, ratio in RATIOS.items()
        if efficiency in efficiencies
    }


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)
