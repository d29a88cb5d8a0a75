"""Where chance comes from: a number for each purpose that depends on the seed of the run alone."""

from __future__ import annotations

from hashlib import sha256

import torch


def seed_for(seed: int, *purpose: str | int) -> int:
    """A seed for one purpose, such as the order of the images in an epoch.

    >>> seed_for(0, "order", 3) == seed_for(0, "order", 3)
    True
    >>> seed_for(0, "order", 3) == seed_for(0, "order", 4)
    False
    """
    text = "/".join(map(str, (seed, *purpose)))
    return int.from_bytes(sha256(text.encode()).digest()[:7], "big")


def generator_for(seed: int, *purpose: str | int) -> torch.Generator:
    """A source of chance for one purpose."""
    return torch.Generator().manual_seed(seed_for(seed, *purpose))
