"""SynFlow (Tanaka et al. 2020): the flow of synaptic strength, without data."""

from __future__ import annotations

import copy

import torch

from prunelit.evaluation.subject import Scores, Subject


def synflow(subject: Subject) -> Scores:
    """Each weight's absolute value times the gradient of the sum of outputs, all parameters made positive, for ones.

    The network is computed in double precision and with the statistics that it has, as products over layers grow large.
    """
    positive = copy.deepcopy(subject.network).double().eval()
    with torch.no_grad():
        for parameter in positive.parameters():
            parameter.abs_()
    layers = dict(positive.named_modules())
    weights = [layers[name].weight for name in subject.layers]
    total = positive(torch.ones(1, *subject.shape, dtype=torch.float64, device=weights[0].device)).sum()
    found = torch.autograd.grad(total, weights)
    return {name: (weights[at] * found[at]).detach() for at, name in enumerate(subject.layers)}
