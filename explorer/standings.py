"""Standings of methods: where each comes in what papers say together of one network."""

from __future__ import annotations

from functools import cache

from prunelit.analysis.synthesis.field import Synthesis
from prunelit.analysis.synthesis.question import Question
from prunelit.explorer.shared import SiteData
from prunelit.explorer.syntheses import carried_synthesis

METRIC_OF_STANDINGS = "top1"
MATCHED_BY = {"speedup": "theoretical speedup", "compression_ratio": "compression"}
"""What methods are matched by, and how readers call it."""
STANDINGS_AT = 2.0
"""The ratio at which they are."""
FEWEST_PAPERS = 2
"""Papers without which nothing can be said together."""


@cache
def standings(data: SiteData, dataset: str, architecture: str) -> tuple[tuple[str, Synthesis], ...]:
    """The syntheses of a network at one ratio, by what methods are matched by; none where papers say too little.

    Args:
        data: What all pages share.
        dataset: Dataset.
        architecture: Architecture on it.
    """
    own = data.on_network(dataset, architecture)
    asked = {one: Question(dataset, architecture, METRIC_OF_STANDINGS, one, STANDINGS_AT) for one in MATCHED_BY}
    found = ((one, carried_synthesis(own, data.deviations, question, (1.0,))) for one, question in asked.items())
    return tuple((one, synthesis) for one, synthesis in found if synthesis)


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
