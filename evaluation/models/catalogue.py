"""The networks that can be named, and for which images each is made.

Nothing here needs torch: the functions that build them are imported when they are run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prunelit.schema.problems import nearest


@dataclass(frozen=True)
class Named:
    """The function that builds a network, with what its name says."""

    function: str
    settings: Mapping[str, Any]
    smallest: int
    """Fewest pixels along a side for which it makes sense."""


_FAMILIES: tuple[tuple[str, str, int], ...] = (
    (r"LeNet-300-100", "lenet:lenet_300_100", 1),
    (r"LeNet-5-Caffe", "lenet:lenet_5_caffe", 28),
    (r"LeNet-5", "lenet:lenet_5", 28),
    (r"ResNet-(?P<depth>18|50)", "imagenet_resnet:imagenet_resnet", 32),
    (r"ResNet-(?P<depth>\d+)(?:-(?P<option>[AB]))?", "cifar_resnet:cifar_resnet", 8),
    (r"PreResNet-(?P<depth>\d+)", "preresnet:preresnet", 8),
    (r"WRN-(?P<depth>\d+)-(?P<widen>\d+)", "wrn:wrn", 8),
    (r"VGG-(?P<depth>11|13|16|19)_BN-small", "vgg:vgg_bn_small", 32),
    (r"VGG-(?P<depth>11|13|16|19)(?P<norm>_BN)?", "vgg:vgg", 32),
    (r"DenseNet-(?P<bottleneck>BC-)?(?P<depth>40|100)(?:-(?P<growth>12|24))?", "densenet:densenet", 8),
    (r"MobileNet", "mobilenet:mobilenet_v1", 32),
    (r"MobileNet-v2", "mobilenet:mobilenet_v2", 32),
    (r"ViT-(?P<size>[TS])", "vit:vit", 16),
)
EXAMPLES = (
    "LeNet-300-100", "LeNet-5", "LeNet-5-Caffe", "ResNet-8", "ResNet-18", "ResNet-20", "ResNet-20-B", "ResNet-32",
    "ResNet-50", "ResNet-56", "ResNet-110", "PreResNet-20", "PreResNet-164", "WRN-16-4", "WRN-28-10", "WRN-40-2",
    "VGG-16", "VGG-16_BN", "VGG-16_BN-small", "VGG-19_BN-small", "DenseNet-40", "DenseNet-BC-100", "MobileNet",
    "MobileNet-v2", "ViT-T", "ViT-S",
)  # fmt: skip
"""Some of the names, for messages and tests."""


def network_named(name: str) -> Named:
    """The network of a name.

    Raises:
        LookupError: if no network is called that, or its depth is impossible; the message says which names are near.
    """
    for pattern, function, smallest in _FAMILIES:
        if found := re.fullmatch(pattern, name):
            settings = {key: _typed(value) for key, value in found.groupdict().items() if value}
            _require_depth(name, function, settings)
            return Named(f"prunelit.evaluation.models.{function}", settings, smallest)
    if ":" in name:
        return Named(name, {}, 1)
    hint = nearest(name, EXAMPLES) or f"; known are {', '.join(EXAMPLES)}"
    raise LookupError(f"there is no network '{name}'{hint}")


_DEPTHS: Mapping[str, tuple[int, int]] = {
    "cifar_resnet:cifar_resnet": (6, 2),
    "wrn:wrn": (6, 4),
}
"""Depths are so many times a whole number, and so many more."""


def _require_depth(name: str, function: str, settings: Mapping[str, Any]) -> None:
    if function not in _DEPTHS:
        return
    times, more = _DEPTHS[function]
    if settings["depth"] < times + more or (settings["depth"] - more) % times:
        raise LookupError(f"there is no network '{name}': its depth has to be {times}n + {more}")


def _typed(value: str) -> int | str:
    return int(value) if value.isdigit() else value
