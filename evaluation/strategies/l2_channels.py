"""Filters by their Euclidean norm."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject


def l2_channels(subject: Subject) -> Scores:
    """The L2 norm of each filter."""
    return {name: layer.weight.detach().flatten(1).norm(dim=1) for name, layer in subject.layers.items()}
