"""ResNet for small images (He et al. 2016, section 4.2): 6n + 2 layers, three stages of n blocks."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from prunelit.evaluation.models.parts import PaddedShortcut, convolution, scaled


class Block(nn.Module):
    """Two convolutions with batch normalization, and a shortcut around them."""

    def __init__(self, inputs: int, outputs: int, stride: int, option: str) -> None:
        super().__init__()
        self.conv1 = convolution(inputs, outputs, 3, stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = convolution(outputs, outputs, 3)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = _shortcut(inputs, outputs, stride, option)

    def forward(self, images: Tensor) -> Tensor:
        """The images after the block."""
        within = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(images)))))
        return F.relu(within + self.shortcut(images))


class CifarResNet(nn.Module):
    """The network; ``fixed`` names layers whose outputs the shortcuts without parameters tie to others."""

    def __init__(
        self, channels: int, classes: int, blocks: int, widths: list[int], stem_stride: int, option: str
    ) -> None:
        super().__init__()
        self.conv1 = convolution(channels, widths[0], 3, stem_stride)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.stages = nn.Sequential(
            *(
                Block(widths[max(stage - (at == 0), 0)], widths[stage], 2 if stage and at == 0 else 1, option)
                for stage in range(3)
                for at in range(blocks)
            )
        )
        self.classifier = nn.Linear(widths[-1], classes)
        within = [f"stages.{at}.conv2" for at in range(3 * blocks)]
        self.fixed = ("conv1", *within) if option == "A" else ()

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes, of shape (images, classes)."""
        features = self.stages(F.relu(self.bn1(self.conv1(images))))
        scores: Tensor = self.classifier(features.mean(dim=(2, 3)))
        return scores


def cifar_resnet(
    shape: tuple[int, int, int],
    classes: int,
    depth: int = 20,
    option: str = "A",
    width: float = 1.0,
    stem_stride: int = 1,
) -> nn.Module:
    """ResNet of 6n + 2 layers and 16, 32 and 64 channels.

    Args:
        shape: Channels, rows and columns of an image.
        classes: Number of classes.
        depth: Number of layers.
        option: Shortcuts without parameters (A) or with a convolution of one pixel (B), where the shape changes.
        width: What the channels are multiplied by.
        stem_stride: Stride of the first convolution.
    """
    widths = [scaled(one, width) for one in (16, 32, 64)]
    return CifarResNet(shape[0], classes, (depth - 2) // 6, widths, stem_stride, option)


def _shortcut(inputs: int, outputs: int, stride: int, option: str) -> nn.Module:
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    if option == "A":
        return PaddedShortcut(outputs - inputs, stride)
    return nn.Sequential(convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))
