"""Filter pruning by the geometric median (He et al. 2019)."""

from __future__ import annotations

import torch

from prunelit.evaluation.subject import Scores, Subject


def fpgm(subject: Subject) -> Scores:
    """The sum of the Euclidean distances of each filter to the others of its layer: the most replaceable go first."""
    flat = {name: layer.weight.detach().flatten(1) for name, layer in subject.layers.items()}
    return {name: torch.cdist(one, one).sum(1) for name, one in flat.items()}
