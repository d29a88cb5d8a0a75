"""Fisher pruning (Theis et al. 2018), as Crowley et al. 2018 run it."""

from __future__ import annotations

import torch

from prunelit.evaluation.gates import gate_gradients
from prunelit.evaluation.subject import Scores, Subject


def fisher(subject: Subject) -> Scores:
    """Half the mean over images of the squared gradient for a gate on each channel."""
    batches = gate_gradients(subject)
    return {name: torch.cat([one[name] for one in batches]).square().mean(0) / 2 for name in batches[0]}
