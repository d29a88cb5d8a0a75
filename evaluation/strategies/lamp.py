"""LAMP (Lee et al. 2021): magnitude, made comparable between layers."""

from __future__ import annotations

import torch
from torch import Tensor

from prunelit.evaluation.subject import Scores, Subject


def lamp(subject: Subject) -> Scores:
    """The square of each weight over the sum of the squares of all in its layer that are not smaller."""
    return {name: normalised(layer.weight.detach() ** 2) for name, layer in subject.layers.items()}


def normalised(squares: Tensor) -> Tensor:
    """Each value over the sum of those that stand at or after it in ascending order; 0 where all are 0.

    Summed on the processor, as a GPU adds in an order of its own.

    >>> normalised(torch.tensor([1.0, 3.0, 4.0])).tolist()
    [0.125, 0.4285714328289032, 1.0]
    """
    flat = squares.flatten().double().cpu()
    order = torch.argsort(flat, stable=True)
    rest = flat[order].flip(0).cumsum(0).flip(0)
    scores = torch.zeros_like(flat)
    scores[order] = torch.where(rest > 0, flat[order] / rest, 0.0)
    return scores.reshape(squares.shape).to(squares.dtype)
