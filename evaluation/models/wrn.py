"""Wide residual networks (Zagoruyko and Komodakis 2016): pre-activation ResNets of 6n + 4 layers, k times as wide."""

from __future__ import annotations

from torch import nn

from prunelit.evaluation.models.preresnet import PreResNet


def wrn(shape: tuple[int, int, int], classes: int, depth: int = 16, widen: int = 4, width: float = 1.0) -> nn.Module:
    """WRN-depth-widen, without dropout."""
    return PreResNet(shape[0], classes, (depth - 4) // 6, deep=False, width=width, widen=widen)
