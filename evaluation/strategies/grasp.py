"""GraSP (Wang et al. 2020): what keeps the flow of gradients, before training."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from prunelit.evaluation.subject import Scores, Subject, frozen_statistics, layers_of

TEMPERATURE = 200
"""What outputs are divided by, so that the scores depend little on the scale of the weights (pruner/GraSP.py:49)."""


def grasp(subject: Subject) -> Scores:
    """Each weight times the product of Hessian and gradient for it.

    To remove a weight w changes the squared norm of the gradient by -2 w (Hg) to first order: those are kept whose
    removal would lower it most.  As in the released code (alecwangcq/GraSP f17d87a, pruner/GraSP.py:71-140), the
    gradient is summed over all batches before the Hessian of each is multiplied with it, and both are over the weights
    of all layers, the last included.  That code redraws linear layers for the scores alone (lines 64-65), as it starts
    them near zero; here the weights are scored that are trained.
    """
    every = layers_of(subject.network, with_classifier=True)
    weights = [layer.weight for layer in every.values()]
    with frozen_statistics(subject.network):
        gradient = _summed(torch.autograd.grad(loss, weights) for loss in _losses(subject))
        product = _summed(_times_hessian(loss, weights, gradient) for loss in _losses(subject))
    found = dict(zip(every, product, strict=True))
    return {name: layer.weight.detach() * found[name] for name, layer in subject.layers.items()}


def _losses(subject: Subject) -> Iterator[Tensor]:
    """The mean loss of each batch."""
    for images, labels in subject.batches():
        yield nn.functional.cross_entropy(subject.network(images) / TEMPERATURE, labels)


def _times_hessian(loss: Tensor, weights: list[Tensor], by: list[Tensor]) -> tuple[Tensor, ...]:
    """The Hessian of a loss times a vector."""
    first = torch.autograd.grad(loss, weights, create_graph=True)
    along = torch.stack([(one * other).sum() for one, other in zip(first, by, strict=True)]).sum()
    return torch.autograd.grad(along, weights)


def _summed(parts: Iterator[tuple[Tensor, ...]]) -> list[Tensor]:
    return [torch.stack(one).sum(0) for one in zip(*parts, strict=True)]
