"""How far do papers disagree about the same unpruned network?

Outliers are found by the modified z-score of Iglewicz and Hoaglin (1993): 0.6745 times the distance from the median over
the median absolute deviation, beyond 3.5.  Where more than half of the reports agree to the digit, the deviation is zero;
then, and wherever reports differ by rounding alone, a floor keeps small differences out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from statistics import median

from prunelit.analysis.audit.evidence import Evidence, Row
from prunelit.analysis.audit.findings import Rule, Suspicion, at, rule

LIMIT = 3.5
FLOORS = {"base_top1": 0.5, "base_top5": 0.5, "base_params": 0.02}
"""Least distance from the median that counts: percentage points for accuracies, a share of the median for sizes."""


def outlying(values: list[float], value: float, floor: float) -> bool:
    """Whether a value lies beyond the modified z-score's limit and the floor."""
    middle = median(values)
    spread = median(abs(other - middle) for other in values)
    distance = abs(value - middle)
    return distance > floor and 0.6745 * distance > LIMIT * spread


@rule(
    "warning",
    why="The same network by other papers is clearly different (modified z-score beyond 3.5).",
    settle="How the paper trained and measured its unpruned model.",
)
def unpruned_model_far_from_others(evidence: Evidence) -> Iterator[Suspicion]:
    """An unpruned accuracy or size lies far from the reports of at least three other papers."""
    for name, floor in FLOORS.items():
        groups: dict[tuple[str | None, str | None], dict[tuple[str, float], Row]] = defaultdict(dict)
        for row in evidence.rows:
            if (value := row.get(name)) is not None and None not in row.pair:
                groups[row.pair].setdefault((row.paper.id, float(value)), row)
        for pair, reports in groups.items():
            values = [value for _, value in reports]
            if len({paper for paper, _ in reports}) < 4:
                continue
            for (_, value), row in reports.items():
                if outlying(values, value, floor if name != "base_params" else floor * median(values)):
                    found = f"{value:g} for {pair[1]} on {pair[0]}; median of {len(values)} reports {median(values):g}"
                    yield at(row, name, found)


@rule(
    "warning",
    why="Tables of reference models should agree about one architecture.",
    settle="The architecture's own paper, or a count of its operations.",
)
def references_disagree(evidence: Evidence) -> Iterator[Suspicion]:
    """Two tables of unpruned models give one architecture sizes or costs that differ by more than a quarter."""
    models = [(source.name, model) for source in evidence.corpus.unpruned for model in source.models]
    for (one, a), (other, b) in combinations(models, 2):
        if a.architecture != b.architecture or one == other:
            continue
        for name in ("params", "flops"):
            first, second = getattr(a, name), getattr(b, name)
            if first and second and not 0.75 < first / second < 1.34:
                yield Suspicion(None, f"{a.architecture}: {name}", f"{first:.4g} in {one}, {second:.4g} in {other}")


RULES: tuple[Rule, ...] = (unpruned_model_far_from_others, references_disagree)
