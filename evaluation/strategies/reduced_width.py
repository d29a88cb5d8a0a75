"""A smaller version of the network, of fewer channels in every layer (Crowley et al. 2018)."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from prunelit.evaluation.impossible import CannotPruneError
from prunelit.evaluation.models.parts import WIDTH_STEPS


def reduced_width(build: Callable[[float], nn.Module], fits: Callable[[nn.Module], bool]) -> float:
    """The largest share of the width, 0 to 1, at which a network fits.

    Args:
        build: The network of a width, 0 to 1.
        fits: Whether a network is small enough.

    Raises:
        CannotPruneError: if none fits.
    """
    if not fits(build(1 / WIDTH_STEPS)):
        raise CannotPruneError("the network cannot be made as small as that by its width")
    low, high = 1, WIDTH_STEPS
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(build(middle / WIDTH_STEPS)) else (low, middle - 1)
    return low / WIDTH_STEPS
