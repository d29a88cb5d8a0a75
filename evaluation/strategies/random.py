"""Random pruning: the baseline that every method has to beat."""

from __future__ import annotations

import torch

from prunelit.evaluation.subject import Scores, Subject


def random(subject: Subject) -> Scores:
    """A random number for each weight."""
    return {name: torch.rand(layer.weight.shape, generator=subject.generator) for name, layer in subject.layers.items()}
