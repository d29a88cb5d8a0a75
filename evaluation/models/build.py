"""A network from its description, with weights that depend on the seed alone."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from prunelit.evaluation.functions import function_of
from prunelit.evaluation.models.catalogue import network_named


def build(network: Mapping[str, Any], shape: tuple[int, int, int], classes: int) -> nn.Module:
    """The network of a description, before its weights are drawn.

    Args:
        network: ``name``, and what differs from the published form, such as ``width``.
        shape: Channels, rows and columns of an image.
        classes: Number of classes.

    Raises:
        ValueError: if the network has no such setting.
    """
    found = network_named(network["name"])
    function = function_of(found.function)
    settings = {**found.settings, **{key: value for key, value in network.items() if key != "name"}}
    unknown = sorted(set(settings) - set(inspect.signature(function).parameters))
    if unknown:
        raise ValueError(f"'{network['name']}' has no setting {', '.join(unknown)}")
    built: nn.Module = function(shape, classes, **settings)
    return built


def initialise(network: nn.Module, seed: int) -> nn.Module:
    """The same network with fresh weights: equal shapes and seeds have equal weights, however the network was made.

    Convolutions and linear layers are drawn as He et al. 2015 do, from a normal distribution of variance 2 over the
    number of inputs; biases are 0, scales of normalization 1; tokens and positions have deviation 0.02.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in network.modules():
            _draw(module, generator)
    return network


def _draw(module: nn.Module, generator: torch.Generator) -> None:
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
        if module.bias is not None:
            module.bias.zero_()
    elif isinstance(module, nn.BatchNorm2d | nn.LayerNorm):
        module.reset_parameters()
    else:
        for parameter in module.parameters(recurse=False):
            parameter.normal_(std=0.02, generator=generator)
