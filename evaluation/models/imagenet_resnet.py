"""ResNet-18 and ResNet-50 for ImageNet (He et al. 2016, Table 1), bottlenecks with their stride in the middle."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from prunelit.evaluation.models.parts import convolution, scaled

BLOCKS = {18: (2, 2, 2, 2), 50: (3, 4, 6, 3)}


class Residual(nn.Module):
    """Convolutions with batch normalization, rectified in between, and a shortcut around them."""

    def __init__(self, inputs: int, inner: int, outputs: int, stride: int) -> None:
        super().__init__()
        deep = outputs != inner
        kernels = [(inputs, inner, 1, 1), (inner, inner, 3, stride), (inner, outputs, 1, 1)]
        layers = kernels if deep else [(inputs, inner, 3, stride), (inner, outputs, 3, 1)]
        self.convolutions = nn.ModuleList(convolution(*layer) for layer in layers)
        self.norms = nn.ModuleList(nn.BatchNorm2d(layer[1]) for layer in layers)
        changes = stride != 1 or inputs != outputs
        self.shortcut = (
            nn.Sequential(convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))
            if changes
            else nn.Identity()
        )

    def forward(self, images: Tensor) -> Tensor:
        """The images after the block."""
        within = images
        for at, (layer, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            within = norm(layer(within if at == 0 else F.relu(within)))
        return F.relu(within + self.shortcut(images))


class ImageNetResNet(nn.Module):
    """The network."""

    def __init__(self, channels: int, classes: int, depth: int, width: float) -> None:
        super().__init__()
        expansion = 4 if depth == 50 else 1
        stem, inner = scaled(64, width), [scaled(64 * 2**stage, width) for stage in range(4)]
        self.conv1 = convolution(channels, stem, 7, 2)
        self.bn1 = nn.BatchNorm2d(stem)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        blocks, inputs = [], stem
        for stage, number in enumerate(BLOCKS[depth]):
            for at in range(number):
                outputs = inner[stage] * expansion
                blocks.append(Residual(inputs, inner[stage], outputs, 2 if stage and at == 0 else 1))
                inputs = outputs
        self.stages = nn.Sequential(*blocks)
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes, of shape (images, classes)."""
        features = self.stages(self.pool(F.relu(self.bn1(self.conv1(images)))))
        scores: Tensor = self.classifier(features.mean(dim=(2, 3)))
        return scores


def imagenet_resnet(shape: tuple[int, int, int], classes: int, depth: int = 50, width: float = 1.0) -> nn.Module:
    """ResNet of 18 or 50 layers."""
    return ImageNetResNet(shape[0], classes, depth, width)
