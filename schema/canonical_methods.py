"""Canonical names of methods: which spellings of which papers mean one method."""

from __future__ import annotations

from collections.abc import Iterable

from prunelit.schema.record import Curve, Paper
from prunelit.schema.vocabulary import CanonicalMethod

Proposal = tuple[str, str | None]
"""A paper, and how a method is printed that it proposed, or that it reports; None for its one method without a name."""


class MethodNames:
    """The canonical names of the methods that papers print.

    A method is known by the paper that proposed it and by how it is printed, because one word means many methods
    (``Magnitude``, ``Taylor``, ``Random``).  A name that the vocabulary does not list is canonical itself.
    """

    def __init__(self, entries: Iterable[CanonicalMethod]) -> None:
        self.proposed: dict[Proposal, str] = {}
        self.reported: dict[Proposal, str] = {}
        self.anywhere: dict[str, str] = {}
        for one in entries:
            known = (one.name, *(one.aliases or ()))
            self.anywhere |= dict.fromkeys(known, one.name)
            spellings = (*known, *(one.spellings or ()), *((None,) if one.unnamed else ()))
            table = self.proposed if one.proposed_by else self.reported
            if paper := one.proposed_by or one.reported_by:
                table |= {(paper, spelling): one.name for spelling in spellings}

    def of(self, paper: str, method: str | None, curve: Curve | None) -> str | None:
        """The canonical name of the method of a curve, or of an experiment without curves; None where it is unknown.

        In this order: what the curve itself says; the method that is printed so of the paper that proposed it; the
        method that the reporting paper prints so without saying whose it is; an unmistakable name or alias.

        Args:
            paper: The paper that reports the curve.
            method: The method as the paper prints it; None where it has no name.
            curve: The curve; None for an experiment without curves.
        """
        if curve and curve.canonical_method:
            return curve.canonical_method
        proposer = proposer_of(paper, curve)
        if proposer and (proposer, method) in self.proposed:
            return self.proposed[proposer, method]
        if (not proposer or not curve) and (paper, method) in self.reported:
            return self.reported[paper, method]
        return method if proposer else self.anywhere.get(method or "")

    def of_listed(self, paper: Paper, method: str | None) -> str | None:
        """The canonical name of a method that a record lists, which may be another paper's that it runs."""
        return self.of(paper.id, method, run_of(paper, method) if method else None)


def run_of(paper: Paper, method: str) -> Curve | None:
    """The first curve of a method with that name that is not the paper's own; None where the name is its own, too."""
    named = [curve for one in paper.experiments or () for curve in one.curves or () if curve.method == method]
    own = any(curve.origin == "own" for curve in named)
    return None if own or not named else named[0]


def proposer_of(paper: str, curve: Curve | None) -> str | None:
    """The paper that proposed the method of a curve of a paper; None where it is unknown."""
    return paper if curve is None or curve.origin == "own" else curve.proposed_by
