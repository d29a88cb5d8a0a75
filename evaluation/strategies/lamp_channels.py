"""LAMP (Lee et al. 2021) on filters: their squared norms, made comparable between layers."""

from __future__ import annotations

from prunelit.evaluation.strategies.lamp import normalised
from prunelit.evaluation.subject import Scores, Subject


def lamp_channels(subject: Subject) -> Scores:
    """The squared norm of each filter over the sum of those in its layer that are not smaller."""
    norms = {name: layer.weight.detach().flatten(1).square().sum(1) for name, layer in subject.layers.items()}
    return {name: normalised(one) for name, one in norms.items()}
