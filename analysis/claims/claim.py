"""Claims: numbers and statements that papers publish, and how they are judged.

A claim is a number or a statement that a paper publishes, with its place.  It is computed anew from the records, and
either they bear it out, or there is a reason why they do not, or there is nothing at hand to judge it by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

REPRODUCED, NUMBER_DIFFERS, UNEXPLAINED = "reproduced", "differs", "unexplained"
HOLDS, DOES_NOT_HOLD, NO_NUMBERS = "holds", "does not hold", "no numbers at hand"
_NOTHING = "the records that are asked about hold no such results"
VERDICT_COLUMNS = ["claim", "source", "published", "computed", "verdict", "reason"]

Facts = TypeVar("Facts")
"""What the claims of one paper are computed from."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[Facts]):
    """One published number or statement."""

    text: str
    source: str
    published: str
    compute: Callable[[Facts], object] | None = None
    """Absent where no source at hand gives numbers to judge it by; then there is a reason.  It gives None where the
    records that are asked about hold none."""
    holds: Callable[[object], bool] | None = None
    """Whether the computed value bears the claim out; there wherever it is computed."""
    reason: str = ""
    """Why the records do not bear it out."""
    verdicts: tuple[str, str] = (REPRODUCED, NUMBER_DIFFERS)
    """What is said where they do, and where they do not, for the reason given."""

    def __post_init__(self) -> None:
        if (self.compute is None) != (self.holds is None):
            raise ValueError(f"a claim that is computed needs a criterion, and the other way round: {self.text}")


def stated_claim(
    text: str,
    source: str,
    published: str,
    compute: Callable[[Facts], object] | None = None,
    holds: Callable[[object], bool] | None = None,
    reason: str = "",
) -> Claim[Facts]:
    """A statement in words, which holds or does not."""
    return Claim(text, source, published, compute, holds, reason, (HOLDS, DOES_NOT_HOLD))


def judged(claims: Iterable[Claim[Facts]], facts: Facts) -> pd.DataFrame:
    """One row a claim, with the columns :data:`VERDICT_COLUMNS`."""
    return pd.DataFrame([_judge(claim, facts) for claim in claims], columns=VERDICT_COLUMNS)


def _judge(claim: Claim[Facts], facts: Facts) -> tuple[str, str, str, str, str, str]:
    said = claim.text, claim.source, claim.published
    if claim.compute is None or claim.holds is None:
        return *said, "", NO_NUMBERS if claim.reason else UNEXPLAINED, claim.reason
    computed = claim.compute(facts)
    if computed is None:
        return *said, "", NO_NUMBERS, _NOTHING
    holds, differs = claim.verdicts
    if claim.holds(computed):
        return *said, str(computed), holds, ""
    return *said, str(computed), differs if claim.reason else UNEXPLAINED, claim.reason
