"""Mistakes in the contrasts and the options of a network meta-analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prunelit.schema.problems import MAX_PROBLEMS, PrunelitError


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: what it is, the study that it is in (if it is in one), and the value that is wrong."""

    message: str
    study: object = None
    value: object = None


class NetworkError(PrunelitError, ValueError):
    """Raised when no network meta-analysis can be made of what was given.

    Attributes:
        faults: Every :class:`Fault` found, in the order of the rows.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        rest = len(self.faults) - MAX_PROBLEMS
        lines = [fault.message for fault in self.faults[:MAX_PROBLEMS]]
        super().__init__("\n".join([*lines, *([f"and {rest} more"] if rest > 0 else [])]))
