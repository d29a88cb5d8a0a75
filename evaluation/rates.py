"""Learning rates, epoch by epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def rate_at(recipe: Mapping[str, Any], epoch: int, epochs: int) -> float:
    """The learning rate in an epoch, from 0, of a training of so many epochs.

    Steps are shares of the epochs, rounded to whole ones: a half of 5 epochs is after the second.

    >>> recipe = {"learning_rate": 0.1, "schedule": "steps", "steps": [0.5, 0.75], "factor": 0.1}
    >>> [round(rate_at(recipe, epoch, 4), 6) for epoch in range(4)]
    [0.1, 0.1, 0.01, 0.001]
    """
    start: float = recipe["learning_rate"]
    if recipe["schedule"] == "cosine":
        return float(start * (1 + math.cos(math.pi * epoch / epochs)) / 2)
    if recipe["schedule"] == "constant":
        return start
    passed = sum(epoch >= round(step * epochs) for step in recipe["steps"])
    return float(start * recipe["factor"] ** passed)


def rates(recipe: Mapping[str, Any], epochs: int, start: int = 0) -> list[float]:
    """The learning rate of each epoch from ``start`` on: what S3.2 of Wang et al. 2023 holds equal."""
    return [rate_at(recipe, epoch, epochs) for epoch in range(start, epochs)]
