"""Conclusions of Crowley et al. 2018: whether smaller networks trained from scratch beat pruned ones.

Their tables are in no public source at hand: the abstract states the findings in words, and the repository
(github.com/BayesWatch/pytorch-prunes) holds code without results.  So every claim says that it has no numbers.
"""

from __future__ import annotations

from prunelit.analysis.claims.claim import Claim, stated_claim
from prunelit.analysis.compare.scratch_vs_finetuning import SCRATCH_COLLECTION
from prunelit.analysis.dataset import Dataset

COLLECTION = SCRATCH_COLLECTION
ABSTRACT = "arXiv:1810.04622, abstract"
NOWHERE = "the abstract gives no number, the repository holds code alone, and no other source at hand prints a result"


def facts(dataset: Dataset) -> Dataset:
    """The records; nothing is computed from them yet."""
    return dataset


CLAIMS: tuple[Claim[Dataset], ...] = (
    stated_claim(
        "reduced networks, smaller versions trained from scratch, beat pruned and fine-tuned ones",
        ABSTRACT,
        "consistently",
        reason=NOWHERE,
    ),
    stated_claim(
        "the architecture of a pruned network does better trained from scratch than pruned and fine-tuned",
        ABSTRACT,
        "significantly",
        reason=NOWHERE,
    ),
    stated_claim(
        "pruning once gives an architecture that scales to a whole family trained from scratch",
        ABSTRACT,
        "easily",
        reason=NOWHERE,
    ),
    stated_claim(
        "reduced networks are faster at inference on hardware than pruned ones",
        ABSTRACT,
        "significantly",
        reason=f"{NOWHERE}; no hardware, batch size or time is stated",
    ),
)
"""What the paper concludes, in the order of its abstract."""
