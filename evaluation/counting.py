"""Parameters and multiply-adds of a network.

Both are counted as Blalock et al. 2020, section 2.4, and ShrinkBench do: parameters are the elements of all weights,
biases, and scales and shifts of normalization; multiply-adds those of convolutions and fully connected layers for one
image,

    input channels / groups x output channels x kernel height x kernel width x output height x output width

and ``inputs x outputs`` for each position that a fully connected layer is applied to.  A weight that is zero takes no
part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Layer = nn.Conv2d | nn.Linear


@dataclass(frozen=True)
class NetworkSizes:
    """Sizes of one network; those without zeros leave out what is pruned."""

    parameters: int
    nonzero_parameters: int
    multiply_adds: int
    nonzero_multiply_adds: int


def count(network: nn.Module, shape: tuple[int, int, int], masks: Mapping[str, Tensor] | None = None) -> NetworkSizes:
    """The sizes of a network for images of a shape (channels, rows, columns).

    With ``masks``, true for weights that stay, those are pruned that the masks remove; else all elements that are zero,
    as ShrinkBench counts.

    >>> count(nn.Linear(4, 3), (1, 1, 4)).multiply_adds
    12
    """
    positions = positions_of(network, shape)
    left = dict.fromkeys(positions, 0)
    names = {module: name for name, module in network.named_modules()}
    for layer in positions:
        kept = layer.weight if masks is None else masks.get(names[layer])
        left[layer] = layer.weight.numel() if kept is None else nonzero(kept)
    parameters = sum(one.numel() for one in network.parameters())
    pruned = sum(layer.weight.numel() - number for layer, number in left.items())
    return NetworkSizes(
        parameters=parameters,
        nonzero_parameters=sum(map(nonzero, network.parameters())) if masks is None else parameters - pruned,
        multiply_adds=sum(layer.weight.numel() * number for layer, number in positions.items()),
        nonzero_multiply_adds=sum(left[layer] * number for layer, number in positions.items()),
    )


def positions_of(network: nn.Module, shape: tuple[int, int, int]) -> dict[Layer, int]:
    """How often each weight of each layer is used for one image: once for each pixel or token of its output."""
    used: dict[Layer, int] = {}

    def note(layer: nn.Module, _: object, output: Tensor) -> None:
        assert isinstance(layer, Layer)
        channels = layer.out_channels if isinstance(layer, nn.Conv2d) else layer.out_features
        used[layer] = used.get(layer, 0) + output[0].numel() // channels

    layers = [one for one in network.modules() if isinstance(one, Layer)]
    hooks = [layer.register_forward_hook(note) for layer in layers]
    try:
        with evaluating(network), torch.no_grad():
            network(torch.zeros(1, *shape, device=next(network.parameters()).device))
    finally:
        for hook in hooks:
            hook.remove()
    return used


def nonzero(values: Tensor) -> int:
    """How many elements are not zero."""
    return int(torch.count_nonzero(values))


@contextmanager
def evaluating(network: nn.Module) -> Iterator[nn.Module]:
    """The network in the mode of evaluation, and afterwards in the mode that it was in."""
    training = network.training
    network.eval()
    try:
        yield network
    finally:
        network.train(training)
