"""Literature as a planner sees it: comparable papers, what links them, and experiments that would link more.

Two papers are comparable if both report a point on the same dataset and architecture, in the same quality and the same
efficiency: a configuration (:mod:`prunelit.analysis.compare.configurations`), or as laxly as is asked
(:mod:`prunelit.analysis.compare.comparability`).  An experiment is all configurations of
a dataset and an architecture at once: whoever prunes a network can report every metric of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, product
from typing import NamedTuple

import networkx as nx
import pandas as pd

from prunelit.analysis.compare.comparability import marked_configurations
from prunelit.analysis.compare.configurations import (
    EFFICIENCY_METRICS,
    QUALITY_METRICS,
    comparable_pairs,
    speaks_of,
)
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.headline import headline
from prunelit.analysis.frames.variants import Comparability, known_comparability, seen_as
from prunelit.schema.problems import UnknownNameError
from prunelit.schema.vocabulary import Architecture

PLANNING_KEY = ["dataset", "architecture", "quality", "efficiency"]
PAIRS = tuple(product(QUALITY_METRICS, EFFICIENCY_METRICS))
"""The pairs of metrics in which papers can be compared."""


class MetricPair(NamedTuple):
    """The metrics of a configuration, and how many papers report a point in both."""

    quality: str
    efficiency: str
    papers: int


@dataclass(frozen=True, slots=True)
class CandidateExperiment:
    """A dataset and an architecture, the metrics to report, and the papers that this would be comparable with."""

    dataset: str
    architecture: str
    """The architecture, or the one that all its variants have in common where these count as one."""
    metrics: tuple[MetricPair, ...]
    papers: frozenset[str]
    raw: frozenset[str] = frozenset()
    """Those of the papers that give raw accuracies alone there, without the change by pruning."""


class Literature:
    """What papers report that others can be compared with."""

    def __init__(
        self,
        papers: Sequence[str],
        points: pd.DataFrame,
        comparability: Comparability = "same_network",
        architectures: Iterable[Architecture] = (),
    ) -> None:
        """Take the ids of all papers, their operating points as of ``completed()``, and what counts as comparable."""
        self.papers = tuple(papers)
        self.comparability = comparability
        seen = seen_as(comparability, points, architectures)
        self.points = headline(seen)
        self._marked = marked_configurations(seen, comparability)
        self.configurations = self._marked[["paper_id", *PLANNING_KEY]].drop_duplicates()

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """The pairs of papers that are comparable."""
        return comparable_pairs(self.configurations)

    @cached_property
    def graph(self) -> nx.Graph[str]:
        """The papers that report any configuration; an edge links comparable ones."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(sorted(set(self.configurations["paper_id"])))
        graph.add_edges_from(zip(*(self.pairs[name].tolist() for name in ("paper_a", "paper_b")), strict=True))
        return graph

    @cached_property
    def components(self) -> list[frozenset[str]]:
        """Papers that are comparable, or linked by papers in between; the largest group first."""
        groups = map(frozenset, nx.connected_components(self.graph))
        return sorted(groups, key=lambda group: (-len(group), min(group)))

    @cached_property
    def _raw(self) -> set[tuple[str, str, str]]:
        """The papers, datasets and architectures of which only raw accuracies are known."""
        only = self._marked.groupby(["paper_id", "dataset", "architecture"])["raw"].all()
        return set(only[only.astype(bool)].index)

    @cached_property
    def _places(self) -> dict[tuple[str, str], list[int]]:
        """The positions of the points of each dataset and architecture."""
        found: dict[tuple[str, str], list[int]] = {}
        for place, pair in enumerate(self.points[["dataset", "architecture"]].itertuples(index=False, name=None)):
            found.setdefault(pair, []).append(place)
        return found

    def compared(self, paper: str | None) -> frozenset[str]:
        """The papers that are comparable with a paper; none with a new one."""
        return frozenset(self.graph[paper]) if paper is not None and paper in self.graph else frozenset()

    def experiments(self, paper: str | None = None, only: Iterable[str] = ()) -> list[CandidateExperiment]:
        """What a paper could run, what most other papers use first.

        Args:
            paper: Its id, to leave out the configurations that it reports already; None for a new paper.
            only: Datasets to choose from; all where none is named.
        """
        uses = self.configurations
        own = uses.loc[uses["paper_id"] == (paper or ""), PLANNING_KEY]
        uses = uses[~pd.MultiIndex.from_frame(uses[PLANNING_KEY]).isin(pd.MultiIndex.from_frame(own))]
        uses = uses[uses["dataset"].isin(set(only))] if only else uses
        rows = uses.sort_values([*PLANNING_KEY, "paper_id"])[[*PLANNING_KEY, "paper_id"]].itertuples(
            index=False, name=None
        )
        found = [self._experiment(pair[0], pair[1], uses) for pair, uses in groupby(rows, key=lambda row: row[:2])]
        return sorted(found, key=lambda one: (-len(one.papers), -sum(use.papers for use in one.metrics), one.dataset))

    def numbers(self, experiment: CandidateExperiment, efficiency: str | None = None) -> pd.DataFrame:
        """The points that the experiment can be compared with, in one efficiency or in any."""
        rows = self.points.iloc[self._places[experiment.dataset, experiment.architecture]]
        wanted = [one for one in experiment.metrics if efficiency in (None, one.efficiency)]
        kinds = (False, True) if self.comparability == "raw_accuracy" else (False,)
        spoken = [speaks_of(rows, one.quality, one.efficiency, raw) for one in wanted for raw in kinds]
        return rows[pd.concat(spoken, axis=1).any(axis=1)]

    def _experiment(self, dataset: str, architecture: str, rows: Iterable[tuple[str, ...]]) -> CandidateExperiment:
        metrics: dict[tuple[str, str], set[str]] = {}
        for _, _, quality, efficiency, paper in rows:
            metrics.setdefault((quality, efficiency), set()).add(paper)
        counted = tuple(MetricPair(*one, len(metrics[one])) for one in PAIRS if one in metrics)
        papers = frozenset[str]().union(*metrics.values())
        raw = frozenset(one for one in papers if (one, dataset, architecture) in self._raw)
        return CandidateExperiment(dataset, architecture, counted, papers, raw)


def known_datasets(dataset: Dataset, only: str | Sequence[str]) -> tuple[str, ...]:
    """The datasets to choose from, one or several, each of them in the vocabulary; none stands for all.

    Raises:
        UnknownNameError: if there is no such dataset.
    """
    asked = (only,) if isinstance(only, str) else tuple(only)
    known = [one.name for one in dataset.vocabulary.datasets]
    for name in asked:
        if name not in known:
            raise UnknownNameError("dataset", name, known)
    return asked


@computed_once
def literature(dataset: Dataset, comparability: str = "same_network") -> Literature:
    """What the papers of a dataset report that others can be compared with.

    Raises:
        UnknownNameError: if there is no such comparability.
    """
    papers, asked = [paper.id for paper in dataset.outline.papers], known_comparability(comparability)
    return Literature(papers, dataset.completed(), asked, dataset.vocabulary.architectures)
