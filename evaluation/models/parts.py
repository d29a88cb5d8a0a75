"""Pieces that several families of networks share."""

from __future__ import annotations

import math

import torch.nn.functional as F
from torch import Tensor, nn

WIDTH_STEPS = 1000
"""Layers keep a multiple of a thousandth of their channels, rounded up, whether pruned or made narrower."""


def scaled(channels: int, width: float) -> int:
    """Channels of a layer in a network of another width: rounded up, so that none is left without.

    >>> scaled(16, 0.5), scaled(16, 0.01)
    (8, 1)
    """
    return max(1, math.ceil(channels * width - 1e-9))


def convolution(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    """A convolution without bias that keeps the size of the image, the stride aside."""
    return nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=kernel // 2, groups=groups, bias=False)


class PaddedShortcut(nn.Module):
    """The shortcut without parameters (option A of He et al. 2016): every second pixel, and channels of zeros."""

    def __init__(self, more: int, stride: int) -> None:
        super().__init__()
        self.more, self.stride = more, stride

    def forward(self, images: Tensor) -> Tensor:
        """The smaller image with more channels."""
        smaller = images[:, :, :: self.stride, :: self.stride]
        return F.pad(smaller, (0, 0, 0, 0, self.more // 2, self.more - self.more // 2))
