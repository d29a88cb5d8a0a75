"""Weight times the size of what it is multiplied with, as in ShrinkBench (strategies/utils.py:92-110)."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from prunelit.evaluation.counting import Layer
from prunelit.evaluation.subject import Scores, Subject, evaluation_mode


def activation(subject: Subject) -> Scores:
    """The absolute value of each weight, times the mean size of its input channel.

    The size of an input channel is the mean over its pixels of the absolute value of the mean over the images.
    """
    sizes = input_sizes(subject)
    return {name: layer.weight.detach().abs() * _spread(layer, sizes[name]) for name, layer in subject.layers.items()}


def input_sizes(subject: Subject) -> Scores:
    """The size of each input channel, or of each input of a fully connected layer, by the name of the layer."""
    sums: Scores = {}
    number = 0

    def add(name: str, layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        images = inputs[0].detach()
        seen = images.sum(0) if isinstance(layer, nn.Conv2d) or images.dim() == 2 else images.sum((0, 1))
        sums[name] = sums[name] + seen if name in sums else seen

    hooks = [layer.register_forward_pre_hook(partial(add, name)) for name, layer in subject.layers.items()]
    try:
        with evaluation_mode(subject.network), torch.no_grad():
            for images, _ in subject.batches():
                subject.network(images)
                number += len(images)
    finally:
        for hook in hooks:
            hook.remove()
    means = {name: (one / number).abs() for name, one in sums.items()}
    return {name: one.mean(dim=(1, 2)) if one.dim() == 3 else one for name, one in means.items()}


def _spread(layer: Layer, sizes: Tensor) -> Tensor:
    """The sizes of a layer's inputs in a shape that its weights can be multiplied with."""
    if isinstance(layer, nn.Linear):
        return sizes
    per_group = sizes.reshape(layer.groups, -1)
    return per_group.repeat_interleave(layer.out_channels // layer.groups, dim=0)[:, :, None, None]
