"""Has the literature become easier to compare since the survey of 2020?

The same measures of the survey's papers, of those published since, and of all.  Papers of which only the bibliography
is known count nowhere: what they report is unknown, not missing.  Papers since are those from 2020 on, outside the
survey, with results of a method of their own; reruns by benchmarks and numbers copied from others are no paper's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from prunelit.analysis.checklist import MIN_POINTS, reporting
from prunelit.analysis.claims import COLLECTION
from prunelit.analysis.columns import PROGRESS, typed
from prunelit.analysis.complete import completed
from prunelit.analysis.exclusions import headline
from prunelit.analysis.fragmentation import comparable_pairs, configurations, pairs, pairs_per_paper
from prunelit.analysis.graph import comparison_graph, degrees
from prunelit.analysis.load import chosen
from prunelit.analysis.tables import results
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Experiment, Paper

SURVEY, SINCE, ALL = "survey", "since", "all"
FIRST = 2020
"""Papers since the survey are those published in this year or later."""
BENCHMARKS = "benchmarks"
FEWEST = 3
"""Papers of a year below which nothing is said about the year."""
SCORE = "items of the checklist that a paper with numbers meets, mean share"
COMPARABLE = "pairs of such papers that are comparable somewhere"
MOST_USED = "papers that use the most used configuration"
LONG = f"curves with {MIN_POINTS} points or more"
ASKED = ("size", "operations", "raw-accuracies", "operating-points", "deviations", "seeds", "datasets", "architectures")
"""Items of the checklist that the entered results decide; comparisons and baselines are only known where met."""


@dataclass(frozen=True)
class Group:
    """Papers that are measured together, and the whole in which their comparisons count."""

    name: str
    corpus: Corpus
    whole: Corpus
    corrected: bool

    @cached_property
    def results(self) -> pd.DataFrame:
        """What they report."""
        return results(self.corpus, corrected=self.corrected)

    @cached_property
    def points(self) -> pd.DataFrame:
        """Their own headline points."""
        return headline(completed(self.corpus, corrected=self.corrected))

    @cached_property
    def reporting(self) -> pd.DataFrame:
        """What the papers with operating points report of the checklist, as far as results decide it."""
        table = reporting(self.corpus, corrected=self.corrected)
        asked = [item.asks for item in self.corpus.checklist if item.name in ASKED]
        with_points = set(completed(self.corpus, corrected=self.corrected)["paper_id"])
        return table[table["item"].isin(asked) & table["paper_id"].isin(with_points) & (table["verdict"] != "unknown")]


def progress(corpus: Corpus | None = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """Fragmentation and reporting then and now: one row a measure and group of papers, and one a year of the checklist.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
    """
    whole = chosen(corpus, collection)
    rows = [row for group in groups(whole, corrected) for measure in MEASURES for row in measure(group)]
    order = {name: at for at, name in enumerate(dict.fromkeys(str(row["measure"]) for row in rows))}
    table = typed(rows, PROGRESS)
    return table.sort_values("measure", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def groups(whole: Corpus, corrected: bool = True) -> list[Group]:
    """The survey's papers, those since, and all with experiments."""
    survey = whole if whole.collection == COLLECTION else whole.only(COLLECTION)
    since = tuple(one for paper in whole.papers if (one := _since(paper)))
    reported = tuple(paper for paper in whole.papers if paper.experiments)
    return [
        Group(SURVEY, survey, survey, corrected),
        Group(SINCE, replace(whole, papers=since), whole, corrected),
        Group(ALL, replace(whole, papers=reported), whole, corrected),
    ]


def _since(paper: Paper) -> Paper | None:
    """The paper with the experiments in which it evaluates a method of its own, if it is one since the survey."""
    own = tuple(one for one in paper.experiments or () if set(one.collections) != {BENCHMARKS})
    if paper.published.year < FIRST or COLLECTION in paper.collections or not any(map(_is_own, own)):
        return None
    return paper.model_copy(update={"experiments": own})


def _is_own(experiment: Experiment) -> bool:
    return any(curve.origin == "own" for curve in experiment.curves or ())


def _compared(group: Group) -> Iterator[dict[str, object]]:
    """Comparisons of the papers that are known to compare: of others nobody may have entered any."""
    numbers = degrees(comparison_graph(group.whole, corrected=group.corrected)).set_index("paper_id")["compares_to"]
    known = numbers.reindex([paper.id for paper in group.corpus.papers]).loc[lambda found: found > 0]
    yield _count(group, "comparisons of a paper that compares to any, mean", known.astype(float).mean(), len(known))
    yield _count(group, "comparisons of a paper that compares to any, median", known.astype(float).median(), len(known))


def _used(group: Group) -> Iterator[dict[str, object]]:
    used, per_paper = pairs(group.results), pairs_per_paper(group.results)["pairs"]
    papers = group.results["paper_id"].nunique()
    yield _count(group, "configurations that a paper uses, median", per_paper.median(), len(per_paper))
    yield _share(
        group, "configurations that one paper alone uses", (used["papers"] == 1).sum(), len(used), "configurations"
    )
    most = used["papers"].max() if len(used) else 0
    yield _share(group, MOST_USED, most, papers, "papers")


def _comparable(group: Group) -> Iterator[dict[str, object]]:
    found = configurations(group.points)
    papers, all_papers = found["paper_id"].nunique(), group.results["paper_id"].nunique()
    both, whole = comparable_pairs(found), papers * (papers - 1) // 2
    yield _share(group, "papers with a change of accuracy at a known size or cost", papers, all_papers, "papers")
    yield _share(group, COMPARABLE, len(both), whole, "pairs of papers")


def _curves(group: Group) -> Iterator[dict[str, object]]:
    keys = ["paper_id", "dataset", "architecture"]
    lengths = group.points.dropna(subset=keys).groupby([*keys, "method_label"]).size()
    yield _count(group, "points of a curve, median", lengths.median(), len(lengths), "curves")
    long = (lengths >= MIN_POINTS).sum()
    yield _share(group, LONG, long, len(lengths), "curves")


def _reported(group: Group) -> Iterator[dict[str, object]]:
    """The items of the checklist, among the papers with numbers."""
    for item, rows in group.reporting.groupby("item", sort=False):
        yield _share(group, f"papers that report: {item}", (rows["verdict"] == "met").sum(), len(rows), "papers")


def _scores(group: Group) -> Iterator[dict[str, object]]:
    scores = (
        group.reporting.assign(met=group.reporting["verdict"] == "met")
        .groupby(["paper_id", "year"])["met"]
        .mean()
        .reset_index()
    )
    yield _row(group, SCORE, scores["met"].mean(), "fraction", None, len(scores), "papers")
    for year, rows in scores.groupby("year") if group.name != ALL else ():
        if len(rows) >= FEWEST:
            score = rows["met"].mean()
            yield _row(group, SCORE, score, "fraction", None, len(rows), "papers") | {"year": year}


MEASURES = (_compared, _used, _comparable, _curves, _reported, _scores)


def _share(group: Group, measure: str, count: int, of: int, counted: str) -> dict[str, object]:
    return _row(group, measure, count / of if of else None, "fraction", count, of, counted)


def _count(group: Group, measure: str, value: float, of: int, counted: str = "papers") -> dict[str, object]:
    return _row(group, measure, value, "count", None, of, counted)


def _row(
    group: Group, measure: str, value: float | None, unit: str, count: float | None, of: int, counted: str
) -> dict[str, object]:
    return {
        "measure": measure, "group": group.name, "value": None if pd.isna(value) else value, "unit": unit,
        "count": count, "of": of, "counted": counted,
    }  # fmt: skip
