"""Weights of a network as files, and back: also of networks that lost channels."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import torch
from torch import Tensor, nn

from prunelit.evaluation.masks import Masks
from prunelit.evaluation.models.build import build


def save(network: nn.Module, file: BinaryIO) -> None:
    """Write the weights and statistics of a network."""
    torch.save(network.state_dict(), file)


def load_state(path: Path) -> dict[str, Tensor]:
    """The weights in a file; nothing but tensors is read, and nothing runs."""
    state: dict[str, Tensor] = torch.load(path, weights_only=True, map_location="cpu")
    return state


def restored(
    description: Mapping[str, Any], shape: tuple[int, int, int], classes: int, state: Mapping[str, Tensor]
) -> nn.Module:
    """The network of a description with some weights, whose layers become as wide as those are."""
    network = build(description, shape, classes)
    for name, module in network.named_modules():
        _resize(module, {key: state.get(f"{name}.{key}") for key in ("weight", "running_mean")})
    network.load_state_dict(dict(state))
    return network.eval()


def _resize(module: nn.Module, state: Mapping[str, Tensor | None]) -> None:
    weight = state["weight"]
    if weight is None or weight.shape == getattr(module, "weight", weight).shape:
        return
    if isinstance(module, nn.Conv2d):
        if module.groups > 1:
            module.groups = len(weight)
        module.out_channels, module.in_channels = len(weight), weight.shape[1] * module.groups
    elif isinstance(module, nn.Linear):
        module.out_features, module.in_features = weight.shape
    elif isinstance(module, nn.BatchNorm2d):
        module.num_features = len(weight)
        module.running_mean, module.running_var = torch.zeros(len(weight)), torch.ones(len(weight))
    module.weight = nn.Parameter(torch.empty_like(weight))
    if isinstance(getattr(module, "bias", None), nn.Parameter):
        module.bias = nn.Parameter(torch.empty(len(weight)))


def weights_digest(network: nn.Module) -> str:
    """A digest of all weights and statistics: equal for bit-equal networks alone."""
    digest = sha256()
    for name, tensor in network.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def structure(network: nn.Module, masks: Masks) -> dict[str, Any]:
    """What tells two untrained networks apart when they are drawn from the same seed: shapes of weights, and masks."""
    shapes = [[name, list(one.shape)] for name, one in network.named_parameters()]
    chosen = sha256()
    for name, mask in masks.items():
        chosen.update(name.encode() + mask.cpu().contiguous().numpy().tobytes())
    return {"shapes": shapes, "masks": chosen.hexdigest() if masks else ""}


def compressed_size(network: nn.Module) -> int:
    """How many bytes the weights take when compressed by zlib, as zeros then cost little."""
    buffer = io.BytesIO()
    for parameter in network.parameters():
        buffer.write(parameter.detach().cpu().contiguous().numpy().tobytes())
    return len(zlib.compress(buffer.getvalue(), level=6))
