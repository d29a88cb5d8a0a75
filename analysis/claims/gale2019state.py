"""Conclusions of Gale et al. 2019: whether magnitude pruning is still competitive, by what all papers together say.

The paper compares its own runs; here the network meta-analysis of all papers on the network that it prunes is asked
whether any method is significantly better than unstructured magnitude pruning at the same compression.
"""

from __future__ import annotations

from prunelit.analysis.claims.claim import Claim, stated_claim
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.synthesis.contrasts import UNPRUNED_ARM
from prunelit.analysis.synthesis.field import Synthesis, synthesize
from prunelit.analysis.synthesis.question import Question
from prunelit.schema.problems import PrunelitError

PAPER = "gale2019state"
COLLECTION = "living"
NETWORK = Question("ImageNet", "ResNet-50", efficiency="compression_ratio", at=2.0)
"""The paper's network, at the largest of the usual ratios at which papers carry a synthesis on it."""
LIKELY = 0.05
"""A difference with a smaller p-value is significant."""


def facts(dataset: Dataset) -> tuple[Synthesis, list[str]] | None:
    """The synthesis, and which of its methods are unstructured magnitude pruning; None where there is none."""
    evidence = dataset.evidence_long()
    try:
        found = synthesize(evidence, None, NETWORK, factors=(1.0,))  # nothing is said of other deviations
    except PrunelitError:
        return None
    is_magnitude = evidence["simple_method"].eq("magnitude") & evidence["structure"].eq("unstructured")
    names = set(evidence.loc[is_magnitude.fillna(False).astype(bool), "canonical_method"].dropna())
    return found, [one for one in found.network.random.index if one in names]


def better_than_magnitude(facts: tuple[Synthesis, list[str]] | None) -> str | None:
    """How many methods are significantly better than the best form of magnitude pruning, and its change."""
    if facts is None or not facts[1]:
        return None
    found, names = facts
    best = found.network.random.loc[names].sort_values("effect").iloc[-1]
    # The league gives both directions: each method of the same part of the network, minus magnitude pruning.
    league = found.network.league.reset_index().query("model == 'random' and treatment2 == @best.name")
    league = league[league["treatment1"].ne(UNPRUNED_ARM)]
    better = int((league["effect"].gt(0) & league["p"].lt(LIKELY)).sum())
    limits = " to ".join(f"{best[name]:+.2f}" for name in ("lower", "upper"))
    return f"{better} of {len(league)} other methods are better; magnitude pruning {best['effect']:+.2f} ({limits})"


CLAIMS: tuple[Claim[tuple[Synthesis, list[str]] | None], ...] = (
    stated_claim(
        "magnitude pruning is still competitive: no other method is significantly better, synthesized over all papers "
        "(ResNet-50 on ImageNet, compression ratio 2)",
        "arXiv:1902.09574, abstract",
        "comparable or better",
        better_than_magnitude,
        lambda found: str(found).startswith("0 of "),
    ),
)
"""What the paper concludes and the synthesis can judge."""
