"""Standings of methods: where each comes in what papers say together of one network."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError
from prunelit.analysis.synthesis.field import Synthesis, synthesize
from prunelit.analysis.synthesis.question import Question
from prunelit.schema.problems import UnknownNameError

METRIC_OF_STANDINGS = "top1"
MATCHED_BY = {"speedup": "theoretical speedup", "compression_ratio": "compression"}
"""What methods are matched by, and how readers call it."""
STANDINGS_AT = 2.0
"""The ratio at which they are."""
FEWEST_PAPERS = 2
"""Papers without which nothing can be said together."""


@cache
def standings(data: Dataset, dataset: str, architecture: str) -> tuple[tuple[str, Synthesis], ...]:
    """The syntheses of a network at one ratio, by what methods are matched by; none where papers say too little.

    Args:
        data: The records.
        dataset: Dataset.
        architecture: Architecture on it.
    """
    return tuple(_found(data.evidence_long(), dataset, architecture))


def _found(evidence: pd.DataFrame, dataset: str, architecture: str) -> Iterator[tuple[str, Synthesis]]:
    own = evidence[evidence["dataset"].eq(dataset) & evidence["architecture"].eq(architecture)]
    for efficiency in MATCHED_BY:
        question = Question(dataset, architecture, METRIC_OF_STANDINGS, efficiency, STANDINGS_AT)
        # Most networks are refused, and their own few rows suffice for that; only the deviation looks at all of them.
        if _answered(own, question) and (found := _answered(evidence, question)):
            yield efficiency, found


def _answered(evidence: pd.DataFrame, question: Question) -> Synthesis | None:
    try:
        return synthesize(evidence, None, question, factors=(1.0,))
    except (TooLittleEvidenceError, UnknownNameError):
        return None


def standing(found: Synthesis, method: str) -> dict[str, str] | None:
    """Where a method stands in a synthesis: its rank, its P-score, and its effect; None where it is not in it."""
    table = found.sensitivity.reset_index().query("factor == 1")
    of_method = table[table["treatment"].eq(method)]
    if of_method.empty:
        return None
    one = of_method.iloc[0]
    ranked = table[table["component"].eq(one["component"])].sort_values("p_score", ascending=False)
    rank = ranked["treatment"].tolist().index(method) + 1
    effect = f"{one['effect']:+.2f} [{one['lower']:+.2f}, {one['upper']:+.2f}]".replace("-", "−")
    return {
        "rank": f"{rank} of {len(ranked)}",
        "P-score": f"{one['p_score']:.2f}",
        "effect (pp) with 95 % limits": effect,
        "against": str(one["reference"]),
    }
