"""Random crops and flips, image by image, of bytes."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

PADDING = 8
"""Images are padded by an eighth of their side: 4 pixels for 32."""


def crop_flip(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each image cropped at random after padding with black, and flipped with even chance.

    Args:
        images: Bytes of shape (n, channels, rows, columns).
        generator: Where chance comes from.
    """
    number, channels, rows, columns = images.shape
    padding = max(1, rows // PADDING)
    padded = F.pad(images, (padding,) * 4)
    top, left = torch.randint(0, 2 * padding + 1, (2, number, 1), generator=generator)
    flipped = torch.randint(0, 2, (number, 1), generator=generator).bool()
    along = torch.arange(columns)
    at_row = top + torch.arange(rows)
    at_column = left + torch.where(flipped, along.flip(0), along)
    image, channel = torch.arange(number)[:, None, None, None], torch.arange(channels)[:, None, None]
    return padded[image, channel, at_row[:, None, :, None], at_column[:, None, None, :]]
