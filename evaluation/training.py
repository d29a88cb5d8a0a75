"""The training loop: deterministic, epoch by epoch, with weights that are pruned kept at zero.

The same recipe, seed, data and number of threads give bit-equal weights in any process on the same kind of processor.
Other numbers of threads, other instruction sets and GPUs add in another order, and give slightly different weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from prunelit.evaluation.accuracy import quality
from prunelit.evaluation.augmentation import crop_flip
from prunelit.evaluation.data.load import Loaded
from prunelit.evaluation.masks import Masks
from prunelit.evaluation.randomness import generator_for, seed_for
from prunelit.evaluation.rates import rate_at


@dataclass(frozen=True)
class Epoch:
    """What is known after an epoch; accuracies in percent, over the training images as they were seen."""

    epoch: int
    train_loss: float
    train_top1: float
    validation_loss: float
    validation_top1: float
    validation_top5: float


@dataclass(frozen=True)
class Course:
    """A training: what it follows, where it starts, and how many epochs its schedule has."""

    recipe: Mapping[str, Any]
    epochs: int
    seed: int
    start: int = 0
    until: int | None = None
    """The epoch before which it stops, for weights that are rewound to."""

    @property
    def last(self) -> int:
        """The epoch before which it ends."""
        return self.epochs if self.until is None else self.until


@dataclass
class Trained:
    """How a training went: its epochs, and whether the loss stayed a number."""

    epochs: list[Epoch] = field(default_factory=list)
    diverged: bool = False


Watch = Callable[[int, int], None]
"""Called after each step with its number and the number of all steps."""


def train(
    network: nn.Module, data: Loaded, course: Course, masks: Masks | None = None, watch: Watch | None = None
) -> Trained:
    """Train a network where it stands; it ends in the mode of evaluation.

    Args:
        network: The network; pruned weights have to be zero already.
        data: What it is trained and validated on.
        course: Recipe, epochs and seed.
        masks: Weights that stay zero.
        watch: Called after each step, for methods that prune while training.
    """
    trained = Trained()
    optimizer = optimizer_of(network, course.recipe)
    step, steps = 0, steps_in(data, course)
    masks = {name: one.to(data.device) for name, one in (masks or {}).items()}
    with torch.random.fork_rng(devices=[data.device] if data.device != "cpu" else []):
        torch.manual_seed(seed_for(course.seed, "dropout", course.start))
        for epoch in range(course.start, course.last):
            for group in optimizer.param_groups:
                group["lr"] = rate_at(course.recipe, epoch, course.epochs)
            network.train()
            loss_sum = right = seen = 0.0
            for images, labels in batches(data, course, epoch):
                loss, correct = take_step(network, optimizer, images, labels, course.recipe)
                keep_zero(network, masks)
                step += 1
                if watch:
                    watch(step, steps)
                loss_sum, right, seen = loss_sum + loss * len(labels), right + correct, seen + len(labels)
            if not math.isfinite(loss_sum):
                trained.diverged = True
                break
            trained.epochs.append(_summary(network, data, epoch, loss_sum / seen, 100 * right / seen))
    network.eval()
    return trained


def take_step(
    network: nn.Module, optimizer: torch.optim.Optimizer, images: Tensor, labels: Tensor, recipe: Mapping[str, Any]
) -> tuple[float, int]:
    """One step; the loss, without penalty, and how many images were answered rightly."""
    scores = network(images)
    loss = nn.functional.cross_entropy(scores, labels)
    penalty = recipe["sparsity_penalty"]
    (loss + penalty * scale_sum(network) if penalty else loss).backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.detach()), int((scores.argmax(1) == labels).sum())


def scale_sum(network: nn.Module) -> Tensor:
    """The sum of the absolute scales of batch normalization (Liu et al. 2017, equation 1)."""
    norms = [one for one in network.modules() if isinstance(one, nn.BatchNorm2d)]
    return torch.stack([one.weight.abs().sum() for one in norms]).sum() if norms else torch.zeros(())


def optimizer_of(network: nn.Module, recipe: Mapping[str, Any]) -> torch.optim.Optimizer:
    """The optimizer of a recipe."""
    rate, decay = recipe["learning_rate"], recipe["weight_decay"]
    if recipe["optimizer"] == "adam":
        return torch.optim.Adam(network.parameters(), lr=rate, weight_decay=decay)
    nesterov = recipe["nesterov"] and recipe["momentum"] > 0
    return torch.optim.SGD(
        network.parameters(), lr=rate, momentum=recipe["momentum"], nesterov=nesterov, weight_decay=decay
    )


def batches(data: Loaded, course: Course, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
    """The batches of an epoch, in an order that depends on seed and epoch alone.

    A last batch of a single image is left out: batch normalization has no variance in it.
    """
    chance = generator_for(course.seed, "order", epoch)
    for at in torch.randperm(len(data.train), generator=chance).split(course.recipe["batch_size"]):
        if len(at) > 1:
            images, labels = data.train.batch(at)
            if course.recipe["augmentation"] == "crop_flip":
                images = crop_flip(images, chance)
            yield data.ready(images, labels)


def steps_in(data: Loaded, course: Course) -> int:
    """How many steps a training takes."""
    whole, rest = divmod(len(data.train), course.recipe["batch_size"])
    steps: int = (whole + (rest > 1)) * (course.last - course.start)
    return steps


def keep_zero(network: nn.Module, masks: Masks | None) -> None:
    """Set pruned weights to zero."""
    with torch.no_grad():
        for name, mask in (masks or {}).items():
            weight = network.get_parameter(f"{name}.weight")
            weight.mul_(mask.to(weight.device))


def _summary(network: nn.Module, data: Loaded, epoch: int, loss: float, top1: float) -> Epoch:
    found = quality(network, data, data.validation)
    return Epoch(epoch, loss, top1, found.loss, found.top1, found.top5)
