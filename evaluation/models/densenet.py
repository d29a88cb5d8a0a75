"""DenseNet for small images (Huang et al. 2017): three dense blocks, each layer seeing all before it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from prunelit.evaluation.models.parts import convolution, scaled


class DenseLayer(nn.Module):
    """Normalization, rectifier and convolution, after a bottleneck of one pixel or not, added to what came before."""

    def __init__(self, inputs: int, growth: int, bottleneck: bool) -> None:
        super().__init__()
        sizes = [(inputs, 4 * growth, 1), (4 * growth, growth, 3)] if bottleneck else [(inputs, growth, 3)]
        self.norms = nn.ModuleList(nn.BatchNorm2d(size[0]) for size in sizes)
        self.convolutions = nn.ModuleList(convolution(*size) for size in sizes)

    def forward(self, images: Tensor) -> Tensor:
        """All channels so far."""
        within = images
        for norm, layer in zip(self.norms, self.convolutions, strict=True):
            within = layer(F.relu(norm(within)))
        return torch.cat([images, within], dim=1)


class Transition(nn.Module):
    """Normalization, a convolution of one pixel, and pooling to half the size."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.conv = convolution(inputs, outputs, 1)

    def forward(self, images: Tensor) -> Tensor:
        """The smaller images."""
        return F.avg_pool2d(self.conv(F.relu(self.norm(images))), 2)


class DenseNet(nn.Module):
    """The network."""

    def __init__(self, channels: int, classes: int, layers: int, growth: int, bottleneck: bool) -> None:
        super().__init__()
        inputs = 2 * growth if bottleneck else 16
        self.conv1 = convolution(channels, inputs, 3)
        made: list[nn.Module] = []
        for block in range(3):
            for _ in range(layers):
                made.append(DenseLayer(inputs, growth, bottleneck))
                inputs += growth
            if block < 2:
                outputs = inputs // 2 if bottleneck else inputs
                made.append(Transition(inputs, outputs))
                inputs = outputs
        self.blocks = nn.Sequential(*made)
        self.norm = nn.BatchNorm2d(inputs)
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes, of shape (images, classes)."""
        features = F.relu(self.norm(self.blocks(self.conv1(images))))
        scores: Tensor = self.classifier(features.mean(dim=(2, 3)))
        return scores


def densenet(
    shape: tuple[int, int, int],
    classes: int,
    depth: int = 40,
    growth: int = 12,
    bottleneck: str | None = None,
    width: float = 1.0,
) -> nn.Module:
    """DenseNet of 3n + 4 layers, or DenseNet-BC of 6n + 4, whose transitions halve the channels."""
    layers = (depth - 4) // (6 if bottleneck else 3)
    return DenseNet(shape[0], classes, layers, scaled(growth, width), bool(bottleneck))
