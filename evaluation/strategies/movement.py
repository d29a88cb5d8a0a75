"""Movement pruning while training (Sanh et al. 2020, the hard form)."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject


def movement(subject: Subject) -> Scores:
    """How far each weight has moved away from zero: minus the sum over the steps of weight times gradient."""
    return dict(subject.moved)
