"""Universes: what the corpus says under one combination of the choices that the survey made.

A universe is one option for each of :data:`CHOICES`.  A paper that a universe leaves out was never in its corpus: its
results, its comparisons and the comparisons to it are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.compare.configurations import MNIST, comparable_pairs, configurations
from prunelit.analysis.compare.dominance import COMMON_METRICS, tradeoffs_table
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.baselines import CONFIGURATION, QUANTITIES, of_papers
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.comparisons import stated_comparisons
from prunelit.analysis.frames.headline import kept_in
from prunelit.analysis.survey.unpruned_families import FIGURE1_DATASET, against_families, pruned_models, unpruned_lines

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

SURVEY_PATH = {choice: options[0] for choice, options in CHOICES.items()}
"""The path that the survey took."""

_Choice: TypeAlias = dict[str, str]
"""One option for each choice."""

_BASES = [column for column, _ in QUANTITIES.values()]
"""What papers say about unpruned models."""


def papers_kept(dataset: Dataset, mnist: str, preprints: str) -> frozenset[str]:
    """The papers that these choices keep."""
    kept = {paper.id for paper in dataset.corpus.papers}
    kept -= _only_mnist(dataset) if mnist == "out" else set()
    return frozenset(kept - (_preprints(dataset) if preprints == "out" else set()))


def _preprints(dataset: Dataset) -> set[str]:
    """The papers known not to be peer-reviewed."""
    table = dataset.papers()
    return set(table.loc[~table["peer_reviewed"].fillna(True).astype(bool), "paper_id"])


@computed_once
def _only_mnist(dataset: Dataset) -> set[str]:
    """The papers that report results on MNIST and on nothing else."""
    used = dataset.results().groupby("paper_id")["dataset"].agg(set)
    return {str(paper) for paper, datasets in used.items() if datasets == {MNIST}}


@computed_once
def _references(dataset: Dataset) -> pd.DataFrame:
    """The reference models: a row a dataset, architecture and quantity, with its ``value``."""
    return dataset.reference_models().melt(CONFIGURATION, list(QUANTITIES), "quantity", "value").dropna()


class Counted:
    """What can be counted in a dataset under one choice of exclusions and sweeps: each table once, for all papers."""

    def __init__(self, dataset: Dataset, exclusions: str, sweeps: str) -> None:
        self.dataset = dataset
        self.without_exclusions = exclusions == "ignored"
        self.with_sweeps = sweeps == "in"

    @cached_property
    def completed(self) -> pd.DataFrame:
        """The completed results, without the marks that these choices ignore."""
        return self._marked(self.dataset.completed())

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
        members = (name for names in self.dataset.unions.values() for name in names)
        architectures = {*members, *(architecture for _, architecture in COMMON_METRICS)}
        points = self.completed[self.completed["architecture"].isin(architectures)]
        table = tradeoffs_table(points, self.dataset.comparisons(), self.dataset.unions)
        return table[table["stated"] & pd.MultiIndex.from_frame(table[CONFIGURATION]).isin(COMMON_METRICS)]

    @cached_property
    def pruned(self) -> pd.DataFrame:
        """The pruned models of Figure 1, before they are normalized; only the columns that this takes."""
        changes = ["top1_change", "params_kept", "flops_kept"]
        return pruned_models(self.completed, self.dataset)[["paper_id", "family", *CONFIGURATION, *_BASES, *changes]]

    @cached_property
    def unpruned(self) -> pd.DataFrame:
        """What the papers say about the unpruned models of Figure 1's dataset, each statement once."""
        table = self._marked(self.dataset.completed_rows())
        rules = [f"{base}_rule" for base in _BASES if f"{base}_rule" in table]
        on_dataset = table["dataset"] == FIGURE1_DATASET
        return table.loc[on_dataset, ["paper_id", *CONFIGURATION, "sweep", *_BASES, *rules]].drop_duplicates()

    @cached_property
    def against(self) -> dict[str, pd.DataFrame]:
        """The pruned models against the unpruned families, for each normalizer, with reference models alone."""
        own = self.pruned[_BASES].set_axis(list(QUANTITIES), axis=1)
        return {"own": self.against_lines(own)} | {
            normalizer: self.against_lines(self.standard(normalizer, _references(self.dataset)))
            for normalizer in ("median", "mean")
        }

    def standard(self, normalizer: str, values: pd.DataFrame) -> pd.DataFrame:
        """The unpruned model of each pruned one: the median or mean of the values for its dataset and architecture."""
        models = values.groupby([*CONFIGURATION, "quantity"])["value"].agg(normalizer).unstack("quantity")
        return self.pruned[CONFIGURATION].join(models, on=CONFIGURATION).reindex(columns=list(QUANTITIES))

    def against_lines(self, start: pd.DataFrame) -> pd.DataFrame:
        """As of ``against_families()``, for pruned models that are normalized to these unpruned ones."""
        models = self.pruned.assign(
            normalized_top1=start["top1"] + self.pruned["top1_change"],
            normalized_params=start["params"] * self.pruned["params_kept"],
            normalized_multiply_adds=start["flops"] * self.pruned["flops_kept"],
        )
        return against_families(models, unpruned_lines(self.dataset))


def universes(survey: Dataset) -> Iterator[Universe]:
    """Every universe, the published path first; what they share is computed once.

    Args:
        survey: The dataset of one collection.
    """
    taken = {"ignored": survey.as_published(), "applied": survey.with_corrections()}
    data = [CHOICES[choice] for choice in ("corrections", "exclusions", "sweeps")]
    counted = {options: Counted(taken[options[0]], *options[1:]) for options in product(*data)}
    for options in product(*CHOICES.values()):
        choice = dict(zip(CHOICES, options, strict=True))
        said = counted[choice["corrections"], choice["exclusions"], choice["sweeps"]]
        yield Universe(choice, said, papers_kept(said.dataset, choice["mnist"], choice["preprints"]))


@dataclass(frozen=True)
class Universe:
    """The papers of a universe, and what is said about them."""

    choice: _Choice
    counted: Counted
    papers: frozenset[str]

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The comparisons between the papers."""
        return self._between(stated_comparisons(self.counted.dataset.comparisons()), "paper_id", "compared_id")

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """The comparable pairs of the papers."""
        return self._between(self.counted.comparable[self.choice["mnist"]], "paper_a", "paper_b")

    @cached_property
    def stated(self) -> pd.DataFrame:
        """The comparisons between the papers whose curves meet on a common configuration, as of ``tradeoffs()``."""
        return self._between(self.counted.stated, "paper_id", "other_id")

    @cached_property
    def against(self) -> pd.DataFrame:
        """The pruned models of Figure 1 against the unpruned families, as of ``against_families()``."""
        said, normalizer = self.counted, self.choice["normalizer"]
        table = said.against[normalizer]
        if normalizer != "own" and self.choice["reference"] == "all":
            reported = of_papers(said.unpruned[said.unpruned["paper_id"].isin(self.papers)])
            values = pd.concat([_references(said.dataset), reported])
            table = said.against_lines(said.standard(normalizer, values))
        return table[table["paper_id"].isin(self.papers)]

    def _between(self, table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
        return table[table[one].isin(self.papers) & table[other].isin(self.papers)]
