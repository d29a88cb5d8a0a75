"""Plan for the field: how far more experiments reduce its fragmentation.

One more experiment: the method of a paper of the corpus is run on one more dataset and architecture, by its authors or
by a benchmark, and reported in all metrics in which other papers have points there.  Planned experiments are chosen one
after the other: each joins as many components of the comparability graph as any can, and then makes as many pairs of
papers comparable as any can.  What an experiment makes comparable may grow by those before it, so that this greedy
choice has no guarantee: as much is possible, and more may be.  Beside it stand experiments as papers have chosen so
far: by any paper, on a dataset and architecture drawn as often as papers report it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from copy import deepcopy
from statistics import fmean
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, Column, of_field, typed
from prunelit.analysis.planning.literature import CandidateExperiment, Literature
from prunelit.schema.record import Experiment

Flags: TypeAlias = NDArray[np.bool_]
PairCounts: TypeAlias = NDArray[np.int64]

EXPERIMENTS = 100
"""Experiments that are added at most."""
DRAWS = 50
"""Draws over which experiments as so far are averaged."""
PLANNED, AS_SO_FAR = "planned", "as so far"


_HERE, _PAIRS = "analysis.planning.field_plan", "analysis.compare.configurations"
FIELD_PLAN = (
    Column("choice", TEXT, "", "planned (each the best next one) or as so far (drawn as papers chose, on average)."),
    Column("experiments", COUNT, "count", "Experiments added to what the papers report; 0 is the field as it is."),
    Column("paper_id", TEXT, "", "The paper whose method is run in the last of them; missing where drawn."),
    of_field(Experiment, "dataset"),
    of_field(Experiment, "architecture"),
    Column("newly_comparable", COUNT, "count", "Pairs of papers that the last of them makes comparable.", _HERE),
    Column("comparable_pairs", NUMBER, "count", "Pairs of papers that are comparable.", _PAIRS),
    Column("share", NUMBER, "fraction", "Share of them in all pairs of papers.", _PAIRS),
    Column("components", NUMBER, "count", "Components of the comparability graph of all papers.", _HERE),
)
"""Columns of ``field_plan()``: one row a way to choose and a number of experiments."""


def field_plan_table(literature: Literature, only: Sequence[str] = (), experiments: int = EXPERIMENTS) -> pd.DataFrame:
    """How many pairs of papers are comparable after more and more experiments; columns :data:`FIELD_PLAN`.

    First those that are planned, until every pair is comparable, then as many chosen as so far, on average over
    :data:`DRAWS` draws.  Empty where no paper has a point that another could be compared with.

    Args:
        literature: The papers and what they report.
        only: Datasets to choose from; all by default.
        experiments: How many at most.
    """
    listed = literature.experiments(only=only)
    rows = [*_planned(literature, listed, experiments)] if listed else []
    return typed([*rows, *_as_so_far(literature, listed, len(rows) - 1)], FIELD_PLAN)


class Field:
    """Which papers report which experiment, which are comparable, and what that connects."""

    def __init__(self, literature: Literature, experiments: Sequence[CandidateExperiment]) -> None:
        at = {paper: place for place, paper in enumerate(literature.papers)}
        self.reports: Flags = np.zeros((len(at), len(experiments)), dtype=bool)
        for place, one in enumerate(experiments):
            self.reports[[at[paper] for paper in one.papers], place] = True
        self.comparable: Flags = np.eye(len(at), dtype=bool)
        for a, b in literature.pairs[["paper_a", "paper_b"]].itertuples(index=False, name=None):
            self.comparable[at[a], at[b]] = self.comparable[at[b], at[a]] = True
        self.pairs = len(literature.pairs)
        self.component: PairCounts = np.arange(len(at))
        for group in literature.components:
            self.component[[at[paper] for paper in group]] = min(at[paper] for paper in group)

    def run(self, paper: int, experiment: int) -> Flags:
        """Let a paper report an experiment; returns the papers that become comparable with it."""
        self.reports[paper, experiment] = True
        new: Flags = self.reports[:, experiment] & ~self.comparable[paper]
        self.comparable[paper, new] = self.comparable[new, paper] = True
        self.pairs += int(new.sum())
        joined = np.unique(self.component[self.reports[:, experiment]])
        self.component[np.isin(self.component, joined)] = joined[0]
        return new

    def state(self) -> dict[str, float]:
        """The columns that say how fragmented the field is."""
        papers, components = len(self.component), len(np.unique(self.component))
        every = papers * (papers - 1) // 2
        return {"comparable_pairs": self.pairs, "share": self.pairs / max(every, 1), "components": components}


def _planned(
    literature: Literature, listed: Sequence[CandidateExperiment], experiments: int
) -> Iterator[dict[str, object]]:
    field = Field(literature, listed)
    # By paper and experiment: how many papers there are comparable with the paper already, itself included.
    met = (field.comparable.astype(np.float32) @ field.reports.astype(np.float32)).astype(np.int64)
    yield {"choice": PLANNED, "experiments": 0, **field.state()}
    for count in range(1, experiments + 1):
        worth = _joins(field) * len(literature.papers) + field.reports.sum(axis=0) - met
        paper, place = divmod(int(worth.argmax()), len(listed))
        if not worth[paper, place]:
            return
        before = field.reports.copy()
        new = field.run(paper, place)
        met[paper] += before[new].sum(axis=0)
        met[new] += before[paper]
        met[:, place] += field.comparable[:, paper] & ~before[paper, place]
        yield {
            "choice": PLANNED,
            "experiments": count,
            "paper_id": literature.papers[paper],
            "dataset": listed[place].dataset,
            "architecture": listed[place].architecture,
            "newly_comparable": int(new.sum()),
            **field.state(),
        }


def _joins(field: Field) -> PairCounts:
    """By paper and experiment: how many components fewer there are once the paper reports the experiment."""
    _, component = np.unique(field.component, return_inverse=True)
    there: Flags = np.zeros((component.max() + 1, field.reports.shape[1]), dtype=bool)
    papers, places = field.reports.nonzero()
    there[component[papers], places] = True
    joins: PairCounts = there.sum(axis=0) - there[component]
    return joins


def _as_so_far(
    literature: Literature, listed: Sequence[CandidateExperiment], experiments: int
) -> Iterator[dict[str, object]]:
    """The mean of the draws after each experiment; the draws are the same every time."""
    if not listed:
        return
    dice, field = random.Random(0), Field(literature, listed)
    draws = [list(_drawn(deepcopy(field), experiments, dice)) for _ in range(DRAWS)]
    for count, states in enumerate(zip(*draws, strict=True)):
        means = {name: fmean(state[name] for state in states) for name in states[0]}
        yield {"choice": AS_SO_FAR, "experiments": count, **means}


def _drawn(field: Field, experiments: int, dice: random.Random) -> Iterator[dict[str, float]]:
    weights = field.reports.sum(axis=0).tolist()
    yield field.state()
    for _ in range(experiments):
        [place] = dice.choices(range(len(weights)), weights)
        without = np.flatnonzero(~field.reports[:, place])
        if len(without):
            field.run(int(without[int(dice.random() * len(without))]), place)
        yield field.state()
