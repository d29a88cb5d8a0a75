"""What does the corpus say under one combination of the choices that the survey made?

A *universe* is one option for each of :data:`CHOICES`.  A paper that a universe leaves out was never in its corpus: its
results, its comparisons and the comparisons to it are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.baselines import KEY, QUANTITIES, of_papers
from prunelit.analysis.columns import COMPLETED, typed
from prunelit.analysis.complete import complete, operating_points
from prunelit.analysis.convention import with_convention
from prunelit.analysis.exclusions import kept_in
from prunelit.analysis.families import DATASET, against_families, pruned_models, unpruned_lines
from prunelit.analysis.fragmentation import comparable_pairs, configurations
from prunelit.analysis.graph import COMPARISON, comparisons
from prunelit.analysis.references import reference_models
from prunelit.analysis.tables import papers, results
from prunelit.analysis.tradeoff import COMMON, Points, tradeoffs_of
from prunelit.schema.corpus import Corpus

CHOICES: dict[str, tuple[str, ...]] = {
    "normalizer": ("median", "mean", "own"),
    "reference": ("unpruned", "all"),
    "mnist": ("in", "out"),
    "preprints": ("in", "out"),
    "corrections": ("ignored", "applied"),
    "exclusions": ("applied", "ignored"),
    "sweeps": ("out", "in"),
}
"""Each choice and its options, the survey's own first.

* ``normalizer``: what a pruned model is normalized to (footnote 1): the median or the mean of its architecture's
  unpruned models, or the unpruned model of its own paper, which leaves out results of papers that do not report one.
* ``reference``: whether those unpruned models are the reference models alone, as in the published figure, or those of
  all papers too.
* ``mnist``: without MNIST, results on it are left out, and papers that report results on nothing else.
* ``preprints``: without them, papers that are not peer-reviewed are left out.
* ``corrections``: of ``corpus/corrections.yaml``.
* ``exclusions``: what the survey leaves out of parts of its analysis, ``corpus/exclusions.yaml``.
* ``sweeps``: released sweeps count as results of their papers.
"""

PUBLISHED = {choice: options[0] for choice, options in CHOICES.items()}
"""The path that the survey took."""

Universe: TypeAlias = dict[str, str]
"""One option for each choice."""

MNIST = "MNIST"
BASES = [column for column, _ in QUANTITIES.values()]
"""What papers say about unpruned models."""


class Reports:
    """What all papers report, with or without the corrections: each table once."""

    def __init__(self, corpus: Corpus, corrections: str) -> None:
        self.corpus = corpus
        self.corrected = corrections == "applied"

    def papers(self, mnist: str, preprints: str) -> frozenset[str]:
        """The papers that these choices keep."""
        left_out = (self.only_mnist if mnist == "out" else set()) | (self.preprints if preprints == "out" else set())
        return frozenset(paper.id for paper in self.corpus.papers) - left_out

    @cached_property
    def preprints(self) -> set[str]:
        """The papers known not to be peer-reviewed."""
        table = papers(self.corpus, corrected=self.corrected)
        return set(table.loc[~table["peer_reviewed"].fillna(True).astype(bool), "paper_id"])

    @cached_property
    def only_mnist(self) -> set[str]:
        """The papers that report results on MNIST and on nothing else."""
        used = self.results.groupby("paper_id")["dataset"].agg(set)
        return {str(paper) for paper, datasets in used.items() if datasets == {MNIST}}

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The comparisons that papers state: ``paper_id`` and ``compared_id``."""
        table = comparisons(self.corpus, corrected=self.corrected)
        return table[table["kind"] == COMPARISON]

    @cached_property
    def results(self) -> pd.DataFrame:
        """As of ``results()``."""
        return results(self.corpus, corrected=self.corrected)

    @cached_property
    def everything(self) -> pd.DataFrame:
        """The completed results, those without operating points included."""
        return typed(with_convention(complete(self.results), self.corpus), COMPLETED)

    @cached_property
    def completed(self) -> pd.DataFrame:
        """As of ``completed()``."""
        return operating_points(self.everything)

    @cached_property
    def references(self) -> pd.DataFrame:
        """The reference models: a row a dataset, architecture and quantity, with its ``value``."""
        return reference_models(self.corpus).melt(KEY, list(QUANTITIES), "quantity", "value").dropna()

    @cached_property
    def lines(self) -> dict[tuple[str, str], Points]:
        """The unpruned families of Figure 1."""
        return unpruned_lines(self.corpus)


class Evidence:
    """What can be counted in the reports under one choice of exclusions and sweeps: each table once, for all papers."""

    def __init__(self, reports: Reports, exclusions: str, sweeps: str) -> None:
        self.reports = reports
        self.without_exclusions = exclusions == "ignored"
        self.with_sweeps = sweeps == "in"

    @cached_property
    def completed(self) -> pd.DataFrame:
        """The completed results, without the marks that these choices ignore."""
        return self._marked(self.reports.completed)

    def _marked(self, table: pd.DataFrame) -> pd.DataFrame:
        table = table.assign(excluded="") if self.without_exclusions else table
        return table.assign(sweep=False) if self.with_sweeps else table

    @cached_property
    def comparable(self) -> dict[str, pd.DataFrame]:
        """The comparable pairs of papers, with MNIST in and out."""
        found = configurations(kept_in(self.completed, "beats"))
        return {"in": comparable_pairs(found), "out": comparable_pairs(found[found["dataset"] != MNIST])}

    @cached_property
    def stated(self) -> pd.DataFrame:
        """The stated comparisons whose curves meet on a common configuration, as of ``tradeoffs()``."""
        members = (name for union in self.reports.corpus.unions for name in union.of)
        architectures = {*members, *(architecture for _, architecture in COMMON)}
        points = self.completed[self.completed["architecture"].isin(architectures)]
        table = tradeoffs_of(points, self.reports.edges, self.reports.corpus)
        return table[table["stated"] & pd.MultiIndex.from_frame(table[KEY]).isin(COMMON)]

    @cached_property
    def pruned(self) -> pd.DataFrame:
        """The pruned models of Figure 1, before they are normalized; only the columns that this takes."""
        changes = ["top1_change", "params_kept", "flops_kept"]
        return pruned_models(self.completed, self.reports.corpus)[["paper_id", "family", *KEY, *BASES, *changes]]

    @cached_property
    def unpruned(self) -> pd.DataFrame:
        """What the papers say about the unpruned models of Figure 1's dataset, each statement once."""
        table = self._marked(self.reports.everything)
        rules = [f"{base}_rule" for base in BASES if f"{base}_rule" in table]
        on_dataset = table["dataset"] == DATASET
        return table.loc[on_dataset, ["paper_id", *KEY, "sweep", *BASES, *rules]].drop_duplicates()

    @cached_property
    def against(self) -> dict[str, pd.DataFrame]:
        """The pruned models against the unpruned families, for each normalizer, with reference models alone."""
        own = self.pruned[BASES].set_axis(list(QUANTITIES), axis=1)
        return {"own": self.against_lines(own)} | {
            normalizer: self.against_lines(self.standard(normalizer, self.reports.references))
            for normalizer in ("median", "mean")
        }

    def standard(self, normalizer: str, values: pd.DataFrame) -> pd.DataFrame:
        """The unpruned model of each pruned one: the median or mean of the values for its dataset and architecture."""
        models = values.groupby([*KEY, "quantity"])["value"].agg(normalizer).unstack("quantity")
        return self.pruned[KEY].join(models, on=KEY).reindex(columns=list(QUANTITIES))

    def against_lines(self, start: pd.DataFrame) -> pd.DataFrame:
        """As of ``against_families()``, for pruned models that are normalized to these unpruned ones."""
        models = self.pruned.assign(
            top1=start["top1"] + self.pruned["top1_change"],
            params=start["params"] * self.pruned["params_kept"],
            flops=start["flops"] * self.pruned["flops_kept"],
        )
        return against_families(models, self.reports.lines)


def worlds(corpus: Corpus) -> Iterator[World]:
    """Every universe, the published path first; what they share is computed once.

    Args:
        corpus: The records, of one collection.
    """
    reports = {option: Reports(corpus, option) for option in CHOICES["corrections"]}
    data = [CHOICES[choice] for choice in ("corrections", "exclusions", "sweeps")]
    evidence = {options: Evidence(reports[options[0]], *options[1:]) for options in product(*data)}
    for options in product(*CHOICES.values()):
        universe = dict(zip(CHOICES, options, strict=True))
        said = evidence[universe["corrections"], universe["exclusions"], universe["sweeps"]]
        yield World(universe, said, said.reports.papers(universe["mnist"], universe["preprints"]))


@dataclass(frozen=True)
class World:
    """The papers of a universe, and what is said about them."""

    universe: Universe
    evidence: Evidence
    papers: frozenset[str]

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The comparisons between the papers."""
        return self._between(self.evidence.reports.edges, "paper_id", "compared_id")

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """The comparable pairs of the papers."""
        return self._between(self.evidence.comparable[self.universe["mnist"]], "paper_a", "paper_b")

    @cached_property
    def stated(self) -> pd.DataFrame:
        """The comparisons between the papers whose curves meet on a common configuration, as of ``tradeoffs()``."""
        return self._between(self.evidence.stated, "paper_id", "other_id")

    @cached_property
    def against(self) -> pd.DataFrame:
        """The pruned models of Figure 1 against the unpruned families, as of ``against_families()``."""
        said, normalizer = self.evidence, self.universe["normalizer"]
        table = said.against[normalizer]
        if normalizer != "own" and self.universe["reference"] == "all":
            reported = of_papers(said.unpruned[said.unpruned["paper_id"].isin(self.papers)])
            values = pd.concat([said.reports.references, reported])
            table = said.against_lines(said.standard(normalizer, values))
        return table[table["paper_id"].isin(self.papers)]

    def _between(self, table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
        return table[table[one].isin(self.papers) & table[other].isin(self.papers)]
