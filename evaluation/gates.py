"""Gradients for gates on channels: how the loss of each image would change if a channel were scaled a little.

The gradient for a gate on a channel is the sum over its pixels of activation times gradient, which is the same before
and after a rectifier (Theis et al. 2018, section 2.1; Molchanov et al. 2019, section 3.1).
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from prunelit.evaluation.subject import Scores, Subject, evaluation_mode


def gated(network: nn.Module) -> dict[str, nn.Module]:
    """The modules whose output channels have gates: normalizations, or all layers where there are none."""
    modules = dict(network.named_modules())
    norms = {name: one for name, one in modules.items() if isinstance(one, nn.BatchNorm2d)}
    layers = {name: one for name, one in modules.items() if isinstance(one, nn.Conv2d | nn.Linear)}
    return dict(norms or layers)


def gate_gradients(subject: Subject) -> list[Scores]:
    """For each batch, the gradient of each image's loss for each gate, of shape (images, channels), by module."""
    return [_of_batch(subject.network, images, labels) for images, labels in subject.batches()]


def _of_batch(network: nn.Module, images: Tensor, labels: Tensor) -> Scores:
    outputs: dict[str, Tensor] = {}

    def keep(name: str, module: nn.Module, inputs: object, output: Tensor) -> None:
        outputs[name] = output

    hooks = [module.register_forward_hook(partial(keep, name)) for name, module in gated(network).items()]
    try:
        with evaluation_mode(network):
            loss = nn.functional.cross_entropy(network(images), labels, reduction="sum")
            found = torch.autograd.grad(loss, list(outputs.values()))
    finally:
        for hook in hooks:
            hook.remove()
    return {
        name: (output * gradient).detach().flatten(2).sum(2) if output.dim() > 2 else (output * gradient).detach()
        for (name, output), gradient in zip(outputs.items(), found, strict=True)
    }
