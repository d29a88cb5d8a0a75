"""Magnitude pruning (Han et al. 2015)."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject


def magnitude(subject: Subject) -> Scores:
    """The absolute value of each weight."""
    return {name: layer.weight.detach().abs() for name, layer in subject.layers.items()}
