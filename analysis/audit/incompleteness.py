"""What is missing that a reader needs?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prunelit.analysis.audit.evidence import Evidence, Row
from prunelit.analysis.audit.findings import Rule, Suspicion, at, rule
from prunelit.analysis.fragmentation import checkable_comparisons, comparable_pairs, configurations
from prunelit.schema.record import Point


def _any(row: Row, *names: str) -> bool:
    return any(row.get(name) is not None for name in names)


@rule("note", why="A change says little without the accuracy it starts from.", settle="The paper's unpruned accuracy.")
def change_without_baseline(evidence: Evidence) -> Iterator[Suspicion]:
    """A change of accuracy is reported, but neither the accuracy before nor the one after."""
    for row in evidence.points:
        for name in ("top1", "top5"):
            absolute = (name, f"{name}_error", f"base_{name}", f"base_{name}_error")
            if row.get(f"{name}_change") is not None and not _any(row, *absolute):
                yield at(row, f"{name}_change", f"{row.get(f'{name}_change')} percentage points from an unknown accuracy")


@rule("note", why="A pruned accuracy without an unpruned one cannot be normalized.", settle="The paper's unpruned accuracy.")
def accuracy_without_baseline(evidence: Evidence) -> Iterator[Suspicion]:
    """A pruned accuracy is reported, but neither a change nor the unpruned accuracy."""
    for row in evidence.points:
        for name in ("top1", "top5"):
            if _any(row, name, f"{name}_error") and not _any(row, f"{name}_change", f"base_{name}", f"base_{name}_error"):
                yield at(row, name if row.get(name) is not None else f"{name}_error", "no unpruned accuracy and no change")


@rule(
    "warning",
    why="The same paper gives the unpruned accuracy of this network elsewhere, so it was probably forgotten here.",
    settle="The table that the numbers come from.",
)
def baseline_known_elsewhere(evidence: Evidence) -> Iterator[Suspicion]:
    """A point without unpruned accuracy stands beside one of the same network, in the same paper, that has it."""
    known = {(row.paper.id, *row.pair): row for row in evidence.points if _any(row, "base_top1", "base_top1_error")}
    for row in evidence.points:
        sibling = known.get((row.paper.id, *row.pair))
        if sibling and _any(row, "top1", "top1_error", "top1_change") and not _any(row, "base_top1", "base_top1_error"):
            yield at(row, "base_top1", f"nothing, but {sibling.get('base_top1') or sibling.get('base_top1_error')} in {sibling.name}")


@rule("note", why="Quality without efficiency says nothing about pruning.", settle="The paper's sizes or operation counts.")
def point_without_efficiency(evidence: Evidence) -> Iterator[Suspicion]:
    """A point has quality but no efficiency."""
    for row in evidence.points:
        if not _any(row, *Point.EFFICIENCY):
            yield Suspicion(row.paper.id, row.name, "no parameters and no operations", row.path)


@rule("note", why="Efficiency without quality says nothing about pruning.", settle="The paper's accuracies.")
def point_without_quality(evidence: Evidence) -> Iterator[Suspicion]:
    """A point has efficiency but no quality."""
    for row in evidence.points:
        if row.point and not row.point.metrics and not _any(row, *(name for name in Point.QUALITY if name != "metrics")):
            yield Suspicion(row.paper.id, row.name, "no accuracy", row.path)


@rule("note", why="A number without a place cannot be looked up.", settle="Table, figure, section or page in the paper.")
def number_without_locator(evidence: Evidence) -> Iterator[Suspicion]:
    """Points of a paper have no locator (one finding a paper)."""
    missing = Counter(row.paper.id for row in evidence.points if row.curve and row.point and not (row.point.locator or row.curve.locator))
    for paper, count in sorted(missing.items()):
        yield Suspicion(paper, "locator", f"{count} points without", ("experiments",))


@rule(
    "note",
    why="What the paper claims to have compared cannot be seen in the numbers at hand.",
    settle="Results of both papers on the same dataset and architecture, in the same metrics.",
)
def comparison_not_checkable(evidence: Evidence) -> Iterator[Suspicion]:
    """Stated comparisons whose papers have no comparable points in the corpus (one finding a comparing paper)."""
    pairs = comparable_pairs(configurations(evidence.completed))
    stated = checkable_comparisons(evidence.comparisons, pairs)
    for paper, edges in stated.groupby("paper_id"):
        count = int((~edges["checkable"]).sum())
        if count:
            yield Suspicion(str(paper), "compares_to", f"{count} of {len(edges)} comparisons", ("compares_to",))


RULES: tuple[Rule, ...] = (
    change_without_baseline,
    accuracy_without_baseline,
    baseline_known_elsewhere,
    point_without_efficiency,
    point_without_quality,
    number_without_locator,
    comparison_not_checkable,
)
