"""GraSP (Wang et al. 2020): what keeps the flow of gradients, before training."""

from __future__ import annotations

import torch
from torch import nn

from prunelit.evaluation.subject import Scores, Subject, frozen_statistics


def grasp(subject: Subject) -> Scores:
    """Each weight times the product of Hessian and gradient for it.

    To remove a weight w changes the squared norm of the gradient by -2 w (Hg) to first order: those are kept whose
    removal would lower it most.
    """
    weights = [layer.weight for layer in subject.layers.values()]
    total = [torch.zeros_like(one) for one in weights]
    with frozen_statistics(subject.network):
        for images, labels in subject.batches():
            loss = nn.functional.cross_entropy(subject.network(images), labels)
            first = torch.autograd.grad(loss, weights, create_graph=True)
            flow = sum((one * one.detach()).sum() for one in first)
            for sum_, product in zip(total, torch.autograd.grad(flow, weights), strict=True):  # type: ignore[arg-type]
                sum_ += product
    return {name: layer.weight.detach() * one for (name, layer), one in zip(subject.layers.items(), total, strict=True)}
