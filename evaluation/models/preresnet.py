"""ResNet with normalization before each convolution (He et al. 2016, Identity Mappings), for small images.

Depths 9n + 2 have bottlenecks, of 16, 32 and 64 inner channels and four times as many outside, as PreResNet-164; other
depths, 6n + 2, have blocks of two convolutions.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from prunelit.evaluation.models.parts import convolution, scaled


class PreactivationBlock(nn.Module):
    """Normalization, rectifier and convolution, twice or three times, and a shortcut around them."""

    def __init__(self, inputs: int, inner: int, outputs: int, stride: int, deep: bool) -> None:
        super().__init__()
        layers = (
            [(inputs, inner, 1, 1), (inner, inner, 3, stride), (inner, outputs, 1, 1)]
            if deep
            else [(inputs, inner, 3, stride), (inner, outputs, 3, 1)]
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(layer[0]) for layer in layers)
        self.convolutions = nn.ModuleList(convolution(*layer) for layer in layers)
        changes = stride != 1 or inputs != outputs
        self.shortcut = convolution(inputs, outputs, 1, stride) if changes else None

    def forward(self, images: Tensor) -> Tensor:
        """The images after the block; a shortcut with a convolution starts after the first normalization."""
        within = F.relu(self.norms[0](images))
        beside = images if self.shortcut is None else self.shortcut(within)
        for at, layer in enumerate(self.convolutions):
            within = layer(within if at == 0 else F.relu(self.norms[at](within)))
        return beside + within


class PreResNet(nn.Module):
    """The network."""

    def __init__(self, channels: int, classes: int, blocks: int, deep: bool, width: float, widen: int = 1) -> None:
        super().__init__()
        stem, inner = scaled(16, width), [scaled(16 * 2**stage * widen, width) for stage in range(3)]
        self.conv1 = convolution(channels, stem, 3)
        made, inputs = [], stem
        for stage in range(3):
            for at in range(blocks):
                outputs = inner[stage] * (4 if deep else 1)
                made.append(PreactivationBlock(inputs, inner[stage], outputs, 2 if stage and at == 0 else 1, deep))
                inputs = outputs
        self.stages = nn.Sequential(*made)
        self.norm = nn.BatchNorm2d(inputs)
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes, of shape (images, classes)."""
        features = F.relu(self.norm(self.stages(self.conv1(images))))
        scores: Tensor = self.classifier(features.mean(dim=(2, 3)))
        return scores


def preresnet(shape: tuple[int, int, int], classes: int, depth: int = 20, width: float = 1.0) -> nn.Module:
    """Pre-activation ResNet of 9n + 2 layers with bottlenecks from 164 layers on, else of 6n + 2 layers without."""
    deep = depth >= 164
    return PreResNet(shape[0], classes, (depth - 2) // (9 if deep else 6), deep, width)
