"""Which of the survey's findings hold whatever its authors had chosen?

The survey took one path through many choices.  A *universe* is one combination of :data:`CHOICES`; every finding is computed
anew in each of them, and once more on the published path with one paper left out at a time.  Leaving a paper out means that
the corpus never held it: its results, its comparisons and the comparisons to it are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.baselines import KEY, QUANTITIES, _of_papers
from prunelit.analysis.complete import completed
from prunelit.analysis.exclusions import kept_in
from prunelit.analysis.families import against_families, pruned_models, unpruned_lines
from prunelit.analysis.fragmentation import comparable_pairs, configurations
from prunelit.analysis.graph import COMPARISON, comparisons
from prunelit.analysis.load import chosen
from prunelit.analysis.references import reference_models
from prunelit.analysis.tables import papers, results
from prunelit.analysis.tradeoff import COMMON, Points, tradeoffs
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Experiment, Paper

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

* ``normalizer``: what a pruned model is normalized to (footnote 1): the median or the mean of its architecture's unpruned models,
  or the unpruned model of its own paper, which leaves out papers that do not report one.
* ``reference``: those unpruned models are the reference models alone, as in the published figure, or also those of all papers.
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
Count: TypeAlias = tuple[int, int]
"""How many, out of how many."""


class Evidence:
    """What the corpus says under one choice of corrections, exclusions and sweeps: each table once, for all papers."""

    def __init__(self, corpus: Corpus, corrections: str, exclusions: str, sweeps: str) -> None:
        corpus = corpus if exclusions == "applied" else replace(corpus, exclusions=())
        self.corpus = corpus if sweeps == "out" else _with_sweeps(corpus)
        self.corrected = corrections == "applied"

    def papers(self, universe: Universe) -> frozenset[str]:
        """The papers of a universe."""
        table = papers(self.corpus, corrected=self.corrected)
        left_out = table["paper_id"].isin(self.only_mnist) & (universe["mnist"] == "out")
        left_out |= ~table["peer_reviewed"].fillna(True) & (universe["preprints"] == "out")
        return frozenset(table.loc[~left_out.astype(bool), "paper_id"])

    @cached_property
    def only_mnist(self) -> set[str]:
        """The papers that report results on MNIST and on nothing else."""
        used = results(self.corpus, corrected=self.corrected).groupby("paper_id")["dataset"].agg(set)
        return {str(paper) for paper, datasets in used.items() if datasets == {"MNIST"}}

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The comparisons that papers state: ``paper_id`` and ``compared_id``."""
        table = comparisons(self.corpus, corrected=self.corrected)
        return table[table["kind"] == COMPARISON]

    @cached_property
    def completed(self) -> pd.DataFrame:
        """As of ``completed()``."""
        return completed(self.corpus, corrected=self.corrected)

    @cached_property
    def comparable(self) -> dict[str, pd.DataFrame]:
        """The comparable pairs of papers, with MNIST in and out."""
        found = configurations(kept_in(self.completed, "beats"))
        return {"in": comparable_pairs(found), "out": comparable_pairs(found[found["dataset"] != "MNIST"])}

    @cached_property
    def stated(self) -> pd.DataFrame:
        """The stated comparisons whose curves meet on a common configuration, as of ``tradeoffs()``."""
        table = tradeoffs(self.corpus, corrected=self.corrected)
        return table[table["stated"] & pd.MultiIndex.from_frame(table[KEY]).isin(COMMON)]

    @cached_property
    def pruned(self) -> pd.DataFrame:
        """The pruned models of Figure 1, before they are normalized."""
        return pruned_models(self.completed, self.corpus)

    @cached_property
    def references(self) -> pd.DataFrame:
        """The reference models: a row a dataset, architecture and quantity, with its ``value``."""
        return reference_models(self.corpus).melt(KEY, list(QUANTITIES), "quantity", "value").dropna()

    @cached_property
    def lines(self) -> dict[tuple[str, str], Points]:
        """The unpruned families of Figure 1."""
        return unpruned_lines(self.corpus)


def _with_sweeps(corpus: Corpus) -> Corpus:
    """The corpus with its sweeps as results like any others."""
    return replace(corpus, papers=tuple(map(_unmarked, corpus.papers)), documents=())


def _unmarked(paper: Paper) -> Paper:
    return paper.model_copy(update={"experiments": tuple(map(_without_mark, paper.experiments or ())) or None})


def _without_mark(experiment: Experiment) -> Experiment:
    curves = tuple(curve.model_copy(update={"sweep": None}) for curve in experiment.curves or ())
    return experiment.model_copy(update={"curves": curves or None})


@dataclass(frozen=True)
class World:
    """The papers of a universe, and what is said about them."""

    universe: Universe
    evidence: Evidence
    papers: frozenset[str]

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The comparisons between the papers."""
        return self._between(self.evidence.edges, "paper_id", "compared_id")

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """The comparable pairs of the papers."""
        return self._between(self.evidence.comparable[self.universe["mnist"]], "paper_a", "paper_b")

    @cached_property
    def stated(self) -> pd.DataFrame:
        """The comparisons between the papers whose curves meet on a common configuration."""
        return self._between(self.evidence.stated, "paper_id", "other_id")

    @cached_property
    def against(self) -> pd.DataFrame:
        """The pruned models of Figure 1 against the unpruned families, as of ``against_families()``."""
        return against_families(self._normalized(), self.evidence.lines)

    def _between(self, table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
        return table[table[one].isin(self.papers) & table[other].isin(self.papers)]

    def _normalized(self) -> pd.DataFrame:
        rows = self.evidence.pruned
        rows = rows[rows["paper_id"].isin(self.papers)]
        start = self._unpruned(rows)
        return rows.assign(
            top1=start["top1"] + rows["top1_change"],
            params=start["params"] * rows["params_kept"],
            flops=start["flops"] * rows["flops_kept"],
        )

    def _unpruned(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The unpruned model of each row: its paper's own, or the median or mean one of its dataset and architecture."""
        if self.universe["normalizer"] == "own":
            return pd.DataFrame({quantity: rows[column] for quantity, (column, _) in QUANTITIES.items()})
        values = self.evidence.references
        if self.universe["reference"] == "all":
            table = self.evidence.completed
            values = pd.concat([values, _of_papers(table[table["paper_id"].isin(self.papers)])])
        models = values.groupby([*KEY, "quantity"])["value"].agg(self.universe["normalizer"]).unstack("quantity")
        return rows[KEY].join(models, on=KEY).reindex(columns=list(QUANTITIES))


def compare_to_none(world: World) -> Count:
    """Papers that compare to no other paper: "more than a fourth of our corpus" (section 4.1, Figure 2)."""
    return len(world.papers - set(world.edges["paper_id"])), len(world.papers)


def compare_to_at_most_one(world: World) -> Count:
    """Papers that compare to none or to one: "half of papers compare to at most one other method" (section 1)."""
    others = world.edges["paper_id"].value_counts()
    return len(world.papers) - int((others > 1).sum()), len(world.papers)


def never_compared_to(world: World) -> Count:
    """Papers that no paper compares to: "dozens of methods have never been compared to" (sections 1 and 4.1)."""
    return len(world.papers - set(world.edges["compared_id"])), len(world.papers)


def comparable(world: World) -> Count:
    """Pairs of papers with results on one dataset, architecture, quality and efficiency, of all pairs of papers.

    "Methodologies are so inconsistent between papers that we could not make these comparisons ourselves" (section 1).
    """
    return len(world.comparable), len(world.papers) * (len(world.papers) - 1) // 2


def paper_dominates(world: World) -> Count:
    """Stated comparisons on a common configuration in which a point of the comparing paper dominates one of the other.

    "68 dominant out of 136 comparisons" (comment in the survey's published code, ``analysis/python/main.py``).
    """
    return int((world.stated["dominant"] > 0).sum()), len(world.stated)


def one_dominates(world: World) -> Count:
    """Stated comparisons in which a point of either paper dominates or is dominated.

    The survey's 68 and 25 of 136 (comment in its code) are 93 together, as no comparison is among both.
    """
    either = (world.stated["dominant"] > 0) | (world.stated["dominated"] > 0)
    return int(either.sum()), len(world.stated)


def beat_own_family(size: str) -> Callable[[World], Count]:
    """Pruned models above the line of their own unpruned family: "sometimes" (Figure 1, left or right top panel)."""
    return lambda world: _outperforming(world.against, size, "own")


def beat_better_family(size: str) -> Callable[[World], Count]:
    """Pruned models above the line of the better architecture, EfficientNet: "rarely" (Figure 1, left or right top panel)."""
    return lambda world: _outperforming(world.against, size, "better")


def _outperforming(against: pd.DataFrame, size: str, line: str) -> Count:
    of_size = against[against["size"] == size]
    return int(of_size[line].sum()), len(of_size)


@dataclass(frozen=True, slots=True)
class Finding:
    """A number, what the survey says about it, and what its words are taken to mean.

    ``choices`` are those that can move the number; ``reading`` says in words when ``holds`` is true of it.
    """

    name: str
    title: str
    statement: str
    source: str
    reading: str
    count: Callable[[World], Count]
    holds: Callable[[int, float], bool]
    choices: tuple[str, ...]


GRAPH = ("mnist", "preprints", "corrections")
DATA = ("preprints", "corrections", "exclusions", "sweeps")
FIGURE1 = ("normalizer", "reference", *DATA)
CODE = "comment in the survey's code"
RARELY = 0.1
"""What "rarely", and "could not be compared", is read as at most, and "sometimes" as at least."""

FINDINGS: tuple[Finding, ...] = (
    Finding(
        "compare_to_none", "papers that compare to no other", "more than a fourth", "section 4.1", "more than 25 %",
        compare_to_none, lambda _, share: share > 0.25, GRAPH,
    ),
    Finding(
        "compare_to_at_most_one", "papers that compare to at most one other", "half", "section 1", "at least 50 %",
        compare_to_at_most_one, lambda _, share: share >= 0.5, GRAPH,
    ),
    Finding(
        "never_compared_to", "papers that no paper compares to", "dozens", "sections 1 and 4.1", "at least 24 papers",
        never_compared_to, lambda number, _: number >= 24, GRAPH,
    ),
    Finding(
        "comparable", "pairs of papers that can be compared", "we could not make these comparisons ourselves", "section 1",
        "at most 10 %", comparable, lambda _, share: share <= RARELY, ("mnist", *DATA),
    ),
    Finding(
        "paper_dominates", "stated comparisons in which the paper dominates", "68 of 136", CODE, "45 to 55 %",
        paper_dominates, lambda _, share: 0.45 <= share <= 0.55, DATA,
    ),
    Finding(
        "one_dominates", "stated comparisons in which one of the two dominates", "68 and 25 of 136", CODE, "more than 50 %",
        one_dominates, lambda _, share: share > 0.5, DATA,
    ),
    Finding(
        "beat_own_family_in_params", "pruned models above their own family, by parameters",
        "sometimes outperform the original architecture", "Figure 1", "at least 10 %",
        beat_own_family("params"), lambda _, share: share >= RARELY, FIGURE1,
    ),
    Finding(
        "beat_own_family_in_flops", "pruned models above their own family, by FLOPs",
        "sometimes outperform the original architecture", "Figure 1", "at least 10 %",
        beat_own_family("flops"), lambda _, share: share >= RARELY, FIGURE1,
    ),
    Finding(
        "beat_better_family_in_params", "pruned models above EfficientNet, by parameters",
        "rarely outperform a better architecture", "Figure 1", "at most 10 %",
        beat_better_family("params"), lambda _, share: share <= RARELY, FIGURE1,
    ),
    Finding(
        "beat_better_family_in_flops", "pruned models above EfficientNet, by FLOPs",
        "rarely outperform a better architecture", "Figure 1", "at most 10 %",
        beat_better_family("flops"), lambda _, share: share <= RARELY, FIGURE1,
    ),
)  # fmt: skip
"""The survey's main findings, in the order of its text."""


def multiverse(corpus: Corpus | None = None, collection: str | None = "blalock2020") -> pd.DataFrame:
    """Every finding in every universe: one row a finding and universe, findings in the order of :data:`FINDINGS`.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        The text columns of :data:`CHOICES`, ``finding``, ``value`` (share, 0 to 1; missing where there is nothing to count), its
        ``numerator`` and ``denominator`` (counts), and whether what the survey says ``holds``.
    """
    worlds = list(_worlds(chosen(corpus, collection)))
    return _typed(row for finding in FINDINGS for row in _everywhere(finding, worlds))


def robustness(multiverse: pd.DataFrame) -> pd.DataFrame:
    """Which findings hold everywhere: one row a finding.

    Args:
        multiverse: Rows as of :func:`multiverse`.

    Returns:
        ``finding``, the survey's ``statement``, its ``source`` and its ``reading`` (text); ``published``, ``minimum`` and ``maximum`` of
        the value (share, 0 to 1); ``universes`` (count of those with a value); ``holds``, the share of them in which the
        statement does; ``moved_by``, the choice that moves the value most (missing if none does), and ``moved``, by how much on
        average over all settings of the other choices (share).
    """
    rows = [_robustness(finding, multiverse[multiverse["finding"] == finding.name]) for finding in FINDINGS]
    text = dict.fromkeys(["finding", "statement", "source", "reading", "moved_by"], "string")
    return pd.DataFrame(rows).astype({**text, "universes": "Int64"})


def leave_one_out(corpus: Corpus | None = None, collection: str | None = "blalock2020") -> pd.DataFrame:
    """Every finding on the published path with one paper left out: one row a finding and paper.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        ``left_out`` (the id of the paper), ``finding``, ``value``, ``numerator``, ``denominator`` and ``holds`` as of :func:`multiverse`;
        ``shift``, the value minus that with all papers; and ``flips``, whether the paper carries the finding: without it
        the statement no longer holds, or only then.
    """
    whole = next(iter(_worlds(chosen(corpus, collection))))
    worlds = {paper: replace(whole, papers=whole.papers - {paper}) for paper in sorted(whole.papers)}
    table = _typed(
        {"left_out": paper, **_row(finding, finding.count(world))}
        for finding in FINDINGS
        for paper, world in worlds.items()
    )
    with_all = _typed(_row(finding, finding.count(whole)) for finding in FINDINGS).set_index("finding")
    return table.assign(
        shift=table["value"] - table["finding"].map(with_all["value"]),
        flips=table["holds"] != table["finding"].map(with_all["holds"]),
    )


def _worlds(corpus: Corpus) -> Iterable[World]:
    """The universes, the published path first."""
    evidence: dict[tuple[str, str, str], Evidence] = {}
    for options in product(*CHOICES.values()):
        universe = dict(zip(CHOICES, options, strict=True))
        key = universe["corrections"], universe["exclusions"], universe["sweeps"]
        said = evidence.setdefault(key, Evidence(corpus, *key))
        yield World(universe, said, said.papers(universe))


def _everywhere(finding: Finding, worlds: list[World]) -> Iterable[dict[str, object]]:
    """The finding in each world, counted once for each setting of the choices that can move it."""
    counts: dict[tuple[str, ...], Count] = {}
    for world in worlds:
        key = tuple(world.universe[choice] for choice in finding.choices)
        if key not in counts:
            counts[key] = finding.count(world)
        yield {**world.universe, **_row(finding, counts[key])}


def _row(finding: Finding, count: Count) -> dict[str, object]:
    numerator, denominator = count
    value = numerator / denominator if denominator else None
    holds = None if value is None else finding.holds(numerator, value)
    return {
        "finding": finding.name, "value": value, "numerator": numerator, "denominator": denominator, "holds": holds,
    }  # fmt: skip


def _typed(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    types = {"value": "float64", "numerator": "Int64", "denominator": "Int64", "holds": "boolean"}
    table = pd.DataFrame(list(rows))
    return table.astype({name: types.get(name, "string") for name in table})


def _robustness(finding: Finding, rows: pd.DataFrame) -> dict[str, object]:
    published = (rows[list(CHOICES)] == pd.Series(PUBLISHED)).all(axis=1)
    moved = pd.Series({choice: _moved(rows, choice) for choice in finding.choices})
    return {
        "finding": finding.name,
        "statement": finding.statement,
        "source": finding.source,
        "reading": finding.reading,
        "published": rows.loc[published, "value"].squeeze(),
        "minimum": rows["value"].min(),
        "maximum": rows["value"].max(),
        "universes": rows["value"].count(),
        "holds": rows["holds"].mean(),
        "moved_by": moved.idxmax() if moved.max() > 0 else None,
        "moved": moved.max(),
    }


def _moved(rows: pd.DataFrame, choice: str) -> float:
    """How far the value moves with one choice, on average over all settings of the others."""
    values = rows.groupby([other for other in CHOICES if other != choice])["value"]
    return float((values.max() - values.min()).mean())
