"""Rules on reports that disagree about the same unpruned network.

Outliers are found by the modified z-score of Iglewicz and Hoaglin (1993): 0.6745 times the distance from the median
over the median absolute deviation, beyond 3.5.  Where more than half of the reports agree to the digit, the deviation
is zero; then, and wherever reports differ by rounding alone, a floor keeps small differences out.  Of fewer than four
papers no spread can be estimated; there, a fixed distance from the median of all reports counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from statistics import median

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.reports import BASE_ACCURACIES, Reported, UnprunedReport, of_one_start
from prunelit.analysis.audit.rows import Pair
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.flop_convention import BOTH
from prunelit.schema.vocabulary import UnprunedSource

PLACE = 70

LIMIT, ENOUGH = 3.5, 4
"""Modified z-score of an outlier, and papers needed for one."""
FLOORS = {"base_top1": 0.5, "base_top5": 0.5, "base_params": 0.02}
"""Least distance from the median that counts: percentage points for accuracies, a share of the median for sizes."""
FAR_ACCURACY, FAR_SIZE = 5.0, 0.25
"""Percentage points, and share of the smaller size, from which two reports are far apart."""
WITHIN_ACCURACY, WITHIN_SIZE = 1.0, 0.1
"""The same within one paper."""


def outlying(value: float, middle: float, spread: float, floor: float) -> bool:
    """Whether a value lies beyond the modified z-score's limit and the floor.

    Args:
        value: The value.
        middle: The median of all.
        spread: The median of their distances from it.
        floor: The least distance that counts.
    """
    distance = abs(value - middle)
    return distance > floor and 0.6745 * distance > LIMIT * spread


def _apart(name: str, a: float, b: float, accuracy: float, size: float) -> bool:
    """Whether two reports differ by more than a number of percentage points, or by more than a share."""
    return abs(a - b) > accuracy if name in BASE_ACCURACIES else _sizes_apart(a, b, size)


def _sizes_apart(a: float, b: float, share: float) -> bool:
    """Whether two sizes or costs differ by more than a share of the smaller."""
    return abs(a - b) > share * min(a, b)


def _told(report: UnprunedReport, pair: Pair, peers: _Peers, middle: float) -> str:
    return f"{report.value:.5g} for {pair[1]} on {pair[0]}; median of {len(peers.reports)} reports {middle:.5g}"


class _Peers:
    """The reports that one is held against: within a closed collection, to which nothing is added, those of its own."""

    def __init__(self, reports: list[UnprunedReport]) -> None:
        self.reports = reports
        self.papers = len({report.source for report in reports if report.row})
        self.sources = len({report.source for report in reports})
        self.with_references = any(report.row is None for report in reports)
        self.values = sorted(one.value for one in reports)

    @cached_property
    def reported(self) -> Reported:
        """What they report, to be held against each other."""
        return Reported(self.reports)

    @cached_property
    def middle(self) -> float:
        """The median of what they report."""
        return median(self.values)

    @cached_property
    def spread(self) -> float:
        """The median of the distances from it."""
        return median(abs(value - self.middle) for value in self.values)


def _with_peers(dataset: Dataset, reports: list[UnprunedReport]) -> Iterator[tuple[UnprunedReport, _Peers]]:
    """The reports by papers of the dataset, each with its peers, which most have in common."""
    known: dict[frozenset[str], _Peers] = {}
    for report in evidence.judged_reports(dataset, reports):
        if (closed := _closed_of(dataset, report)) not in known:
            known[closed] = _Peers(_within(reports, closed))
        yield report, known[closed]


def _within(reports: list[UnprunedReport], own: frozenset[str]) -> list[UnprunedReport]:
    return [one for one in reports if not own or one.row is None or own.intersection(one.row.experiment.collections)]


def _closed_of(dataset: Dataset, report: UnprunedReport) -> frozenset[str]:
    """The closed collections that a report belongs to."""
    return _closed(dataset).intersection(report.row.experiment.collections) if report.row else frozenset()


@computed_once
def _closed(dataset: Dataset) -> frozenset[str]:
    return frozenset(one.name for one in dataset.records.collections if one.closed)


@rule(
    "warning",
    why="The same network by other papers is clearly different (modified z-score beyond 3.5).",
    settle="How the paper trained and measured its unpruned model.",
)
def unpruned_model_far_from_others(dataset: Dataset) -> Iterator[Suspicion]:
    """An unpruned accuracy or size lies far from the reports of at least three other papers."""
    for (pair, name), reports in evidence.unpruned(dataset).items():
        stated = [report for report in reports if report.field.startswith("base_")]
        for report, peers in _with_peers(dataset, stated) if name in FLOORS else ():
            floor = FLOORS[name] * (1 if name in BASE_ACCURACIES else peers.middle)
            if report.row and peers.papers >= ENOUGH and outlying(report.value, peers.middle, peers.spread, floor):
                yield at(report.row, report.field, _told(report, pair, peers, peers.middle))


@rule(
    "warning",
    why="One of them is another network, or a slip.",
    settle="How each paper describes its unpruned model.",
)
def few_reports_far_apart(dataset: Dataset) -> Iterator[Suspicion]:
    """Of a network that few papers report, one unpruned accuracy, size or cost is far from the other reports."""
    for (pair, name), reports in evidence.unpruned(dataset).items():
        for report, few in _with_peers(dataset, reports):
            known = name == "base_flops" and few.with_references
            middle = few.values[(len(few.values) - 1) // 2]
            if few.sources < 2 or known or (name in FLOORS and few.papers >= ENOUGH):
                continue
            if report.row and _apart(name, report.value, middle, FAR_ACCURACY, FAR_SIZE):
                yield at(report.row, report.field, _told(report, pair, few, middle))


@rule(
    "warning",
    why="No other unpruned network on this dataset comes near.",
    settle="The dataset of the experiment, and the column head of the table.",
)
def unlike_others_on_dataset(dataset: Dataset) -> Iterator[Suspicion]:
    """An unpruned accuracy lies over five points beyond all other reports on its dataset, by at least three others."""
    unpruned = evidence.unpruned(dataset)
    for on, name in dict.fromkeys((pair[0], name) for pair, name in unpruned if name in BASE_ACCURACIES):
        groups = (found for (pair, of), found in unpruned.items() if (pair[0], of) == (on, name))
        reports = [report for found in groups for report in found]
        for report, peers in _with_peers(dataset, reports):
            values = peers.reported.by_others(report)
            if report.row and len(values) >= ENOUGH - 1:
                low, high = values.at(0), values.at(len(values) - 1)
                if not low - FAR_ACCURACY <= report.value <= high + FAR_ACCURACY:
                    told = f"{report.value:.5g} on {on}; others from {low:.5g} to {high:.5g}"
                    yield at(report.row, report.field, told)


@rule(
    "note",
    why="One paper that gives one network two values prunes two networks, or measures in two ways.",
    settle="The paper's description of its unpruned models.",
)
def two_unpruned_models_in_one_paper(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper's own reports of one unpruned network differ by over a percentage point, or by over a tenth."""
    for (_, name), reports in evidence.unpruned(dataset).items():
        for one, other in of_one_start(evidence.judged_reports(dataset, reports)):
            far = _apart(name, one.value, other.value, WITHIN_ACCURACY, WITHIN_SIZE)
            if far and one.row and other.row and one.comparable(other):
                yield at(other.row, other.field, f"{other.value:.5g}, but {one.value:.5g} in {one.row.name}")


@rule(
    "note",
    why="The dataset changes the last layer only, or it is another variant of the architecture.",
    settle="The paper's description of its networks.",
)
def size_differs_between_datasets(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper gives one architecture unpruned sizes on two datasets that differ by over a quarter."""
    seen: dict[tuple[str, str | None], tuple[float, str | None]] = {}
    for ((on, network), name), reports in evidence.unpruned(dataset).items():
        for report in reports if name == "base_params" else ():
            size, other = seen.setdefault((report.source, network), (report.value, on))
            if report.row and other != on and _sizes_apart(report.value, size, FAR_SIZE):
                yield at(report.row, report.field, f"{report.value:.4g} on {on}, but {size:.4g} on {other}")


@rule(
    "warning",
    why="Tables of reference models should agree about one architecture.",
    settle="The architecture's own paper, or a count of its operations.",
)
def references_disagree(dataset: Dataset) -> Iterator[Suspicion]:
    """Two tables of unpruned models give one architecture sizes or costs that differ by more than a quarter."""
    models = [(source, model) for source in dataset.records.unpruned for model in source.models]
    for (one, a), (other, b) in combinations(models, 2):
        for name in ("params", "flops") if a.architecture == b.architecture and one.name != other.name else ():
            first, second = getattr(a, name), getattr(b, name)
            if first and second and _sizes_apart(_counted(one, first, name), _counted(other, second, name), FAR_SIZE):
                found = f"{first:.4g} in {one.name}, {second:.4g} in {other.name}"
                yield Suspicion(None, f"{a.architecture}: {name}", found)


def _counted(source: UnprunedSource, size: Decimal, name: str) -> float:
    """A size, or a cost in multiply-adds, as which costs count where a table does not say."""
    return float(size) / (2 if name == "flops" and source.flop_convention == BOTH else 1)
