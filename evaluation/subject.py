"""What a strategy is given to score: a network, its layers that may be pruned, and some training images."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from prunelit.evaluation.counting import Layer

Batches = Callable[[], Iterator[tuple[Tensor, Tensor]]]
Scores = dict[str, Tensor]
"""A score for each weight, by the name of its layer and in the shape of its weights; or for each output channel."""


@dataclass(frozen=True)
class Subject:
    """A network that is about to be pruned.

    The lowest scores are pruned.  A strategy may use gradients and modes of the network, but leaves its weights as they
    are.
    """

    network: nn.Module
    """The network, on the processor or a GPU, where its batches are too."""
    layers: Mapping[str, Layer]
    """The convolutions and fully connected layers whose weights may be pruned, by their names."""
    batches: Batches
    """Some batches of training images, scaled, with their labels: the same at each call."""
    generator: torch.Generator
    """Where chance comes from: it depends on the seed of the run alone."""
    shape: tuple[int, int, int]
    """Channels, rows and columns of an image."""
    moved: Mapping[str, Tensor] = field(default_factory=dict)
    """While training: minus the sum of weight times gradient so far, by the name of the layer (Sanh et al. 2020)."""


def layers_of(network: nn.Module, with_classifier: bool) -> dict[str, Layer]:
    """The layers that can be pruned, by their names, in the order of the network; its last layer only if asked for."""
    layers = {name: one for name, one in network.named_modules() if isinstance(one, Layer)}
    if not with_classifier:
        layers.pop(list(layers)[-1])
    return layers


def gradients(subject: Subject) -> Scores:
    """The mean gradient of the loss for each weight over the batches, in the mode of training."""
    weights = [layer.weight for layer in subject.layers.values()]
    total = [torch.zeros_like(one) for one in weights]
    number = 0
    with frozen_statistics(subject.network):
        for images, labels in subject.batches():
            loss = nn.functional.cross_entropy(subject.network(images), labels, reduction="sum")
            for sum_, gradient in zip(total, torch.autograd.grad(loss, weights), strict=True):
                sum_ += gradient
            number += len(labels)
    return {name: one / number for name, one in zip(subject.layers, total, strict=True)}


def squared_gradients(subject: Subject) -> Scores:
    """The mean over images of the squared gradient for each weight: the diagonal of the empirical Fisher matrix."""
    weights = [layer.weight for layer in subject.layers.values()]
    total = [torch.zeros_like(one) for one in weights]
    number = 0
    with evaluation_mode(subject.network):
        for images, labels in subject.batches():
            for image, label in zip(images.split(1), labels.split(1), strict=True):
                loss = nn.functional.cross_entropy(subject.network(image), label)
                for sum_, gradient in zip(total, torch.autograd.grad(loss, weights), strict=True):
                    sum_ += gradient**2
            number += len(labels)
    return {name: one / number for name, one in zip(subject.layers, total, strict=True)}


class evaluation_mode:
    """The network in the mode of evaluation, for a while."""

    def __init__(self, network: nn.Module) -> None:
        self.network, self.training = network, network.training

    def __enter__(self) -> None:
        self.network.eval()

    def __exit__(self, *_: object) -> None:
        self.network.train(self.training)


class frozen_statistics:
    """The network in the mode of training, for a while, whose running means and variances stay as they are."""

    def __init__(self, network: nn.Module) -> None:
        self.network, self.training = network, network.training
        self.kept = {name: one.clone() for name, one in network.named_buffers()}

    def __enter__(self) -> None:
        self.network.train()

    def __exit__(self, *_: object) -> None:
        self.network.train(self.training)
        with torch.no_grad():
            for name, one in self.network.named_buffers():
                one.copy_(self.kept[name])
