"""Filters by the sum of their absolute weights (Li et al. 2017)."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject


def l1_channels(subject: Subject) -> Scores:
    """The L1 norm of each filter."""
    return {name: layer.weight.detach().abs().flatten(1).sum(1) for name, layer in subject.layers.items()}
