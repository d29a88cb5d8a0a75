"""Rules on what a reader needs and a record lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

import pandas as pd

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.rows import AuditRow, ReportedNames, any_of
from prunelit.analysis.audit.rules.closure import SIZES_AND_RATIOS
from prunelit.analysis.audit.rules.repetition import QUALITY
from prunelit.analysis.compare.configurations import checkable_comparisons, configurations
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.comparisons import comparisons_table
from prunelit.schema.record import Point
from prunelit.schema.values import written

PLACE = 90


def _bases(name: str) -> tuple[str, str]:
    return f"base_{name}", f"base_{name}_error"


@rule(
    "note",
    why="A change says little without the accuracy it starts from.",
    settle="The paper's unpruned accuracy.",
    of_record=True,
)
def change_without_baseline(dataset: Dataset) -> Iterator[Suspicion]:
    """A change of accuracy is reported, but neither the accuracy before nor the one after."""
    for row, name in _accuracies_where(dataset, _is_change_alone):
        found = f"{row.get(f'{name}_change')} percentage points from an unknown accuracy"
        yield at(row, f"{name}_change", found, _printed(row, f"{name}_change"))


def _is_change_alone(reported: ReportedNames, name: str) -> bool:
    return f"{name}_change" in reported and reported.isdisjoint((name, f"{name}_error", *_bases(name)))


@rule(
    "note",
    why="A pruned accuracy without an unpruned one cannot be normalized.",
    settle="The paper's unpruned accuracy.",
    of_record=True,
)
def accuracy_without_baseline(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned accuracy is reported, but neither a change nor the unpruned accuracy."""
    for row, name in _accuracies_where(dataset, _is_accuracy_alone):
        field = name if row.has(name) else f"{name}_error"
        yield at(row, field, "no unpruned accuracy and no change", _printed(row, field))


def _is_accuracy_alone(reported: ReportedNames, name: str) -> bool:
    return any_of(name, f"{name}_error")(reported) and reported.isdisjoint((f"{name}_change", *_bases(name)))


def _accuracies_where(dataset: Dataset, told: Callable[[ReportedNames, str], bool]) -> Iterator[tuple[AuditRow, str]]:
    """The points and accuracies that a question is true of, about what a point reports and an accuracy."""
    for row in evidence.points_where(dataset, lambda reported: any(told(reported, name) for name in _ACCURACIES)):
        yield from ((row, name) for name in _ACCURACIES if told(row.names, name))


_ACCURACIES = ("top1", "top5")


def _printed(row: AuditRow, name: str) -> str:
    """The number that stands alone, and lacks what would make something of it."""
    return f"{name} {written(row.get(name))}"


@rule(
    "warning",
    why="The same paper gives the unpruned accuracy of this network elsewhere, so it was probably forgotten here.",
    settle="The table that the numbers come from.",
)
def baseline_known_elsewhere(dataset: Dataset) -> Iterator[Suspicion]:
    """A point without unpruned accuracy stands beside one of the same network, in the same paper, that has it."""
    for name in _ACCURACIES:
        with_base = any_of(*_bases(name))
        alone = evidence.points_where(dataset, partial(_lacks_base, name))
        papers = {row.paper.id for row in alone}
        known = {row.start: row for row in evidence.points_where(dataset, with_base) if row.paper.id in papers}
        for row in alone:
            if sibling := known.get(row.start):
                value = sibling.get(f"base_{name}") or sibling.get(f"base_{name}_error")
                yield at(row, f"base_{name}", f"nothing, but {value} in {sibling.name}")


def _lacks_base(name: str, reported: ReportedNames) -> bool:
    given = any_of(name, f"{name}_error", f"{name}_change")
    return given(reported) and reported.isdisjoint(_bases(name))


@rule(
    "note",
    why="A size or cost without the unpruned one says nothing about how much was pruned.",
    settle="The paper's unpruned size or cost.",
    of_record=True,
)
def size_without_baseline(dataset: Dataset) -> Iterator[Suspicion]:
    """Points of a paper have a size or cost, but neither the unpruned one nor a share (one finding a quantity)."""
    missing = Counter(
        (row.paper.id, quantity)
        for quantity, ratio in SIZES_AND_RATIOS
        for row in evidence.points_where(dataset, partial(_is_size_alone, quantity, ratio))
    )
    for (paper, quantity), count in sorted(missing.items()):
        yield Suspicion(paper, quantity, f"{count} points without", ("experiments",))


def _is_size_alone(quantity: str, ratio: str, reported: ReportedNames) -> bool:
    beside = (f"base_{quantity}", f"{quantity}_kept", f"{quantity}_removed", ratio)
    return quantity in reported and reported.isdisjoint(beside)


@rule(
    "note",
    why="Quality without efficiency says nothing about pruning.",
    settle="The paper's sizes or operation counts.",
    of_record=True,
)
def point_without_efficiency(dataset: Dataset) -> Iterator[Suspicion]:
    """A point has quality but no efficiency."""
    for row in evidence.points_where(dataset, lambda reported: reported.isdisjoint(Point.EFFICIENCY)):
        yield Suspicion(row.paper.id, row.name, "no parameters and no operations", row.path)


@rule(
    "note",
    why="Efficiency without quality says nothing about pruning.",
    settle="The paper's accuracies.",
    of_record=True,
)
def point_without_quality(dataset: Dataset) -> Iterator[Suspicion]:
    """A point has efficiency but no quality."""
    for row in evidence.points_where(dataset, lambda reported: reported.isdisjoint(QUALITY)):
        if row.point and not row.point.metrics:
            yield Suspicion(row.paper.id, row.name, "no accuracy", row.path)


@rule(
    "note",
    why="Several runs were made to show how much results vary.",
    settle="The paper's deviations or error bars.",
    of_record=True,
)
def runs_without_deviation(dataset: Dataset) -> Iterator[Suspicion]:
    """Points of a paper are means of several runs without a deviation (one finding a paper)."""
    told = ("top1_std", "top1_max_deviation", "top1_runs")
    points = evidence.points_where(dataset, lambda reported: "seeds" in reported and reported.isdisjoint(told))
    yield from _counted(row for row in points if _seeds(row) > 1)


@rule(
    "note",
    why="A deviation means little without the number of runs.",
    settle="The paper's description of its runs.",
    of_record=True,
)
def deviation_without_runs(dataset: Dataset) -> Iterator[Suspicion]:
    """Points of a paper have a deviation without the number of runs, or of a single run (one finding a paper)."""
    points = evidence.points_where(dataset, any_of("top1_std", "top1_max_deviation"))
    yield from _counted(row for row in points if _seeds(row) < 2)


def _seeds(row: AuditRow) -> int:
    """The number of runs, stated or listed; 0 if there is neither."""
    return max(len(row.get("top1_runs") or ()), row.get("seeds") or 0)


@rule(
    "note",
    why="A number without a place cannot be looked up.",
    settle="Table, figure, section or page in the paper.",
    of_record=True,
)
def number_without_locator(dataset: Dataset) -> Iterator[Suspicion]:
    """Points of a paper have no locator (one finding a paper)."""
    points = evidence.points_where(dataset, lambda reported: "locator" not in reported)
    lacking = (row for row in points if not any(one and one.locator for one in (row.point, row.curve)))
    yield from _counted(lacking, "locator")


def _counted(lacking: Iterable[AuditRow], subject: str = "seeds") -> Iterator[Suspicion]:
    """One finding for each paper that has points with something missing."""
    counts = Counter(row.paper.id for row in lacking)
    for paper, count in sorted(counts.items()):
        yield Suspicion(paper, subject, f"{count} points without", ("experiments",))


@rule(
    "note",
    why="What the paper claims to have compared cannot be seen in the numbers at hand.",
    settle="Results of both papers on the same dataset and architecture, in the same metrics.",
)
def comparison_not_checkable(dataset: Dataset) -> Iterator[Suspicion]:
    """Stated comparisons whose papers have no comparable points in the corpus (one finding a comparing paper)."""
    if dataset.beside and not _compared(dataset):
        return
    stated = checkable_comparisons(_comparisons(dataset), _configurations(dataset))
    edges = Counter(stated["paper_id"])
    for paper, count in sorted(Counter(stated.loc[~stated["checkable"], "paper_id"]).items()):
        yield Suspicion(paper, "compares_to", f"{count} of {edges[paper]} comparisons", ("compares_to",))


def _comparisons(dataset: Dataset) -> pd.DataFrame:
    """The comparisons as published; those of a single record with what it compares to."""
    if dataset.beside is None:
        return dataset.as_published().comparisons()
    own = dataset.records
    papers = (*own.papers, *(one for one in dataset.beside.records.papers if one.id in _compared(dataset)))
    return comparisons_table(replace(own, papers=papers))


def _compared(dataset: Dataset) -> set[str]:
    records = dataset.records
    named = [(*(one.compares_to or ()), *(c.paper for c in one.added_comparisons or ())) for one in records.papers]
    return {other for names in named for other in names}.difference(records.by_id)


@computed_once
def _configurations(dataset: Dataset) -> pd.DataFrame:
    """What each paper can be compared in; with those that a single record compares to."""
    own = configurations(evidence.without_sweeps(dataset))
    if dataset.beside is None:
        return own
    others = _configurations(dataset.beside)
    return pd.concat([others[others["paper_id"].isin(_compared(dataset))], own], ignore_index=True)
