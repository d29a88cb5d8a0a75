"""Progress since the survey of 2020: whether the literature has become easier to compare.

The same measures of the survey's papers, of those published since, and of all.  Papers of which only the bibliography
is known count nowhere: what they report is unknown, not missing.  Papers since are those from 2020 on, outside the
survey, with results of a method of their own; reruns by benchmarks and numbers copied from others are no paper's own.

The items of the checklist are counted in records.  Where only files of a repository were entered, the paper may report
more, so that what records hold is a lower bound of what papers report; how many were entered from papers is told, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from prunelit.analysis.compare.configurations import comparable_pairs, configurations, pairs, pairs_per_paper
from prunelit.analysis.dataset import SURVEY, Dataset, dataset, of_next_state
from prunelit.analysis.frames.cache import cached_table, computed_once
from prunelit.analysis.frames.columns import COUNT, NUMBER, SEE_UNIT, TEXT, Column, typed
from prunelit.analysis.frames.headline import headline
from prunelit.analysis.trends.checklist import MIN_POINTS, checklist_table, is_from_the_paper
from prunelit.schema.record import Experiment, Paper

OF_SURVEY, SINCE, _ALL = "survey", "since", "all"
FIRST = 2020
"""Papers since the survey are those published in this year or later."""
BENCHMARKS = "benchmarks"
FEWEST = 3
"""Papers of a year below which nothing is said about the year."""
SCORE = "items of the checklist that a record with numbers holds, mean share"
FROM_PAPERS = "records with numbers that were entered from the paper itself"
COMPARABLE_PAIRS = "pairs of such papers that are comparable somewhere"
MOST_USED = "papers that use the most used configuration"
LONG = f"curves with {MIN_POINTS} points or more"
ASKED = ("size", "operations", "raw-accuracies", "operating-points", "deviations", "seeds", "datasets", "architectures")
"""Items of the checklist that results hold or lack; comparisons and baselines are only known where met."""


_HERE = "analysis.trends.progress"
PROGRESS = (
    Column("measure", TEXT, "", "What is measured.", _HERE),
    Column("group", TEXT, "", "survey (the 2020 survey), since (papers since 2020) or all.", _HERE),
    Column("year", COUNT, "", "Year of publication, where the papers of one year are measured; else missing.", _HERE),
    Column("value", NUMBER, SEE_UNIT, "The value.", _HERE),
    Column("unit", TEXT, "", "fraction or count.", _HERE),
    Column("numerator", NUMBER, "count", "How many there are, for a fraction.", _HERE),
    Column("denominator", COUNT, "count", "Out of how many papers, pairs or curves.", _HERE),
    Column("unit_counted", TEXT, "", "Papers, pairs of papers, configurations or curves.", _HERE),
)
"""Columns of ``progress()``: one row a measure and group of papers."""


@dataclass(frozen=True)
class MeasuredGroup:
    """Papers that are measured together, and the whole in which their comparisons count."""

    name: str
    data: Dataset
    whole: Dataset


@computed_once
def own_headline(data: Dataset) -> pd.DataFrame:
    """The headline points of the papers."""
    return headline(data.completed())


@computed_once
def held(data: Dataset) -> pd.DataFrame:
    """Which items of the checklist the results in the records of papers with operating points hold."""
    table = checklist_table(data)
    asked = [item.asks for item in data.corpus.checklist if item.name in ASKED]
    rows = table[table["item"].isin(asked) & table["paper_id"].isin(set(data.completed()["paper_id"]))]
    return rows.assign(held=rows["verdict"] == "met")


@cached_table(PROGRESS)
def progress_table(whole: Dataset) -> pd.DataFrame:
    """Fragmentation and reporting then and now; columns :data:`PROGRESS`.

    One row a measure and group of papers, and one a year of the checklist.
    """
    rows = [row for group in measured_groups(whole) for measure in MEASURES for row in measure(group)]
    order = {name: at for at, name in enumerate(dict.fromkeys(str(row["measure"]) for row in rows))}
    table = typed(rows, PROGRESS)
    return table.sort_values("measure", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def measured_groups(whole: Dataset) -> list[MeasuredGroup]:
    """The survey's papers, those since, and all with experiments."""
    corpus = whole.corpus
    survey = whole if whole.surveyed else _of_survey(whole)
    since = tuple(one for paper in corpus.papers if (one := _since(paper)))
    reported = tuple(paper for paper in corpus.papers if paper.experiments)
    return [
        MeasuredGroup(OF_SURVEY, survey, survey),
        MeasuredGroup(SINCE, of_next_state(replace(corpus, papers=since), whole), whole),
        MeasuredGroup(_ALL, of_next_state(replace(corpus, papers=reported), whole), whole),
    ]


def _of_survey(whole: Dataset) -> Dataset:
    """The survey's papers; of a collection, those of the survey's papers that are in it."""
    if whole.collection is None:
        return whole.of(SURVEY)
    return dataset(whole.corpus, SURVEY, whole.corrected)


def _since(paper: Paper) -> Paper | None:
    """The paper with the experiments in which it evaluates a method of its own, if it is one since the survey."""
    own = tuple(one for one in paper.experiments or () if set(one.collections) != {BENCHMARKS})
    if paper.published.year < FIRST or SURVEY in paper.collections or not any(map(_is_own, own)):
        return None
    return paper if own == paper.experiments else paper.model_copy(update={"experiments": own})


def _is_own(experiment: Experiment) -> bool:
    return any(curve.origin == "own" for curve in experiment.curves or ())


def _compared(group: MeasuredGroup) -> Iterator[dict[str, object]]:
    """Comparisons of the papers that are known to compare: of others nobody may have entered any."""
    numbers = group.whole.degrees().set_index("paper_id")["compares_to"]
    known = numbers.reindex([paper.id for paper in group.data.corpus.papers]).loc[lambda found: found > 0]
    yield _count(group, "comparisons of a paper that compares to any, mean", known.astype(float).mean(), len(known))
    yield _count(group, "comparisons of a paper that compares to any, median", known.astype(float).median(), len(known))


def _used(group: MeasuredGroup) -> Iterator[dict[str, object]]:
    used, per_paper = pairs(group.data.results()), pairs_per_paper(group.data.results())["pairs"]
    papers = group.data.results()["paper_id"].nunique()
    yield _count(group, "configurations that a paper uses, median", per_paper.median(), len(per_paper))
    yield _share(
        group, "configurations that one paper alone uses", (used["papers"] == 1).sum(), len(used), "configurations"
    )
    most = used["papers"].max() if len(used) else 0
    yield _share(group, MOST_USED, most, papers, "papers")


def _comparable(group: MeasuredGroup) -> Iterator[dict[str, object]]:
    found = configurations(own_headline(group.data))
    papers, all_papers = found["paper_id"].nunique(), group.data.results()["paper_id"].nunique()
    both, whole = comparable_pairs(found), papers * (papers - 1) // 2
    yield _share(group, "papers with a change of accuracy at a known size or cost", papers, all_papers, "papers")
    yield _share(group, COMPARABLE_PAIRS, len(both), whole, "pairs of papers")


def _curves(group: MeasuredGroup) -> Iterator[dict[str, object]]:
    keys = ["paper_id", "dataset", "architecture"]
    lengths = own_headline(group.data).dropna(subset=keys).groupby([*keys, "method_label"]).size()
    yield _count(group, "points of a curve, median", lengths.median(), len(lengths), "curves")
    long = (lengths >= MIN_POINTS).sum()
    yield _share(group, LONG, long, len(lengths), "curves")


def _held(group: MeasuredGroup) -> Iterator[dict[str, object]]:
    """The items of the checklist, among the records of papers with numbers, and how many are of the papers."""
    table = held(group.data)
    for item, rows in table.groupby("item", sort=False):
        yield _share(group, f"records that hold: {item}", int(rows["held"].sum()), len(rows), "papers")
    names = set(table["paper_id"])
    papers = [one for one in group.data.records.papers if one.id in names]
    read = sum(is_from_the_paper(one, group.data.records) for one in papers)
    yield _share(group, FROM_PAPERS, read, len(papers), "papers")


def _scores(group: MeasuredGroup) -> Iterator[dict[str, object]]:
    scores = held(group.data).groupby(["paper_id", "year"])["held"].mean().reset_index()
    yield _row(group, SCORE, scores["held"].mean(), "fraction", None, len(scores), "papers")
    for year, rows in scores.groupby("year") if group.name != _ALL else ():
        if len(rows) >= FEWEST:
            score = rows["held"].mean()
            yield _row(group, SCORE, score, "fraction", None, len(rows), "papers") | {"year": year}


MEASURES = (_compared, _used, _comparable, _curves, _held, _scores)


def _share(
    group: MeasuredGroup, measure: str, numerator: int, denominator: int, unit_counted: str
) -> dict[str, object]:
    value = numerator / denominator if denominator else None
    return _row(group, measure, value, "fraction", numerator, denominator, unit_counted)


def _count(
    group: MeasuredGroup, measure: str, value: float, denominator: int, unit_counted: str = "papers"
) -> dict[str, object]:
    return _row(group, measure, value, "count", None, denominator, unit_counted)


def _row(
    group: MeasuredGroup,
    measure: str,
    value: float | None,
    unit: str,
    numerator: float | None,
    denominator: int,
    unit_counted: str,
) -> dict[str, object]:
    return {
        "measure": measure,
        "group": group.name,
        "value": None if pd.isna(value) else value,
        "unit": unit,
        "numerator": numerator,
        "denominator": denominator,
        "unit_counted": unit_counted,
    }
