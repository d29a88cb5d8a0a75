"""Random channels: the baseline of structured pruning."""

from __future__ import annotations

import torch

from prunelit.evaluation.subject import Scores, Subject


def random_channels(subject: Subject) -> Scores:
    """A random number for each output channel."""
    return {name: torch.rand(len(layer.weight), generator=subject.generator) for name, layer in subject.layers.items()}
