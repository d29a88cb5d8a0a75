"""Taylor expansion of first order, with gates on channels (Molchanov et al. 2019)."""

from __future__ import annotations

import torch

from prunelit.evaluation.gates import gate_gradients
from prunelit.evaluation.subject import Scores, Subject


def taylor(subject: Subject) -> Scores:
    """The squared gradient of a batch's mean loss for a gate on each channel, averaged over the batches."""
    batches = gate_gradients(subject)
    return {name: torch.stack([one[name].mean(0) ** 2 for one in batches]).mean(0) for name in batches[0]}
