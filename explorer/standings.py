"""Standings of methods: where each comes in what papers say together of one network."""

from __future__ import annotations

from functools import cache

import pandas as pd

from prunelit.analysis.synthesis.question import Question
from prunelit.explorer.shared import SiteData
from prunelit.explorer.syntheses import DrawnSynthesis, networks_together, syntheses_of

METRIC_OF_STANDINGS = "top1"
MATCHED_BY = {"speedup": "theoretical speedup", "compression_ratio": "compression"}
"""What methods are matched by, and how readers call it."""
FEWEST_PAPERS = 2
"""Papers without which nothing can be said together."""


@cache
def _asked(data: SiteData) -> dict[tuple[str, str], list[Question]]:
    return networks_together(data.evidence_long)


def syntheses_on(data: SiteData, dataset: str, architecture: str) -> list[DrawnSynthesis]:
    """The syntheses of a network; none where papers say too little."""
    network = dataset, architecture
    if network not in _asked(data):
        return []
    return syntheses_of(
        data.on_network(*network), data.deviations, _asked(data)[network], [data.network_digest(*network)]
    )


@cache
def standings(data: SiteData, dataset: str, architecture: str) -> tuple[tuple[str, pd.DataFrame], ...]:
    """The estimates of a network, by what methods are matched by; none where papers say too little.

    Args:
        data: What all pages share.
        dataset: Dataset.
        architecture: Architecture on it.
    """
    found = syntheses_on(data, dataset, architecture)
    return tuple((one.efficiency, one.estimates) for one in found if one.metric == METRIC_OF_STANDINGS)


def standing(estimates: pd.DataFrame, method: str) -> dict[str, str] | None:
    """Where a method stands in a synthesis: its rank, its P-score, and its effect; None where it is not in it."""
    table = estimates[estimates["factor"].eq(1)]
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
