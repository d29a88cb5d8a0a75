"""Are networks those that were published, and their multiply-adds those that torch counts?"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from prunelit.analysis.load import load_corpus
from prunelit.evaluation.counting import NetworkSizes, count, evaluating
from prunelit.evaluation.models.build import build, initialise
from prunelit.evaluation.models.catalogue import EXAMPLES, network_named
from prunelit.evaluation.models.parts import scaled
from prunelit.evaluation.weights import weights_digest

MNIST, CIFAR, IMAGENET = ((1, 28, 28), 10), ((3, 32, 32), 10), ((3, 224, 224), 1000)
PUBLISHED: dict[str, tuple[Any, int, int]] = {
    # name: images and classes, parameters, multiply-adds
    "LeNet-300-100": (MNIST, 266_610, 266_200),
    "LeNet-5": (MNIST, 61_706, 416_520),
    "LeNet-5-Caffe": (MNIST, 431_080, 2_293_000),
    "ResNet-20": (CIFAR, 269_722, 40_551_040),
    "ResNet-32": (CIFAR, 464_154, 68_862_592),
    "ResNet-56": (CIFAR, 853_018, 125_485_696),
    "ResNet-110": (CIFAR, 1_727_962, 252_887_680),
    "PreResNet-164": (CIFAR, 1_703_258, 247_646_720),
    "WRN-16-4": (CIFAR, 2_748_890, 392_612_352),
    "WRN-28-10": (CIFAR, 36_479_194, 5_243_328_768),
    "VGG-16_BN-small": (CIFAR, 14_724_042, 313_201_664),
    "DenseNet-40": (CIFAR, 1_019_722, 264_812_928),
    "DenseNet-BC-100": (CIFAR, 769_162, 287_929_692),
    "ResNet-18": (IMAGENET, 11_689_512, 1_814_073_344),
    "ResNet-50": (IMAGENET, 25_557_032, 4_089_184_256),
    "VGG-16": (IMAGENET, 138_357_544, 15_470_264_320),
    "VGG-16_BN": (IMAGENET, 138_365_992, 15_470_264_320),
    "MobileNet": (IMAGENET, 4_231_976, 568_740_352),
    "MobileNet-v2": (IMAGENET, 3_504_872, 300_774_272),
    "ViT-S": (IMAGENET, 22_050_664, 4_241_218_560),
}


@lru_cache
def counts(name: str) -> NetworkSizes:
    (shape, classes), *_ = PUBLISHED[name]
    return count(build({"name": name}, shape, classes), shape)


@pytest.mark.parametrize("name", PUBLISHED)
def test_sizes_are_pinned(name: str) -> None:
    assert (counts(name).parameters, counts(name).multiply_adds) == PUBLISHED[name][1:]


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name != "ViT-S"])
def test_multiply_adds_are_half_of_what_torch_counts(name: str) -> None:
    (shape, classes), _, expected = PUBLISHED[name]
    network = build({"name": name}, shape, classes).to("meta")
    with FlopCounterMode(display=False) as counter, evaluating(network), torch.no_grad():
        network(torch.zeros(1, *shape, device="meta"))
    assert counter.get_total_flops() == 2 * expected


def test_a_vision_transformer_has_what_torch_counts_without_the_products_within_attention() -> None:
    shape, classes = IMAGENET
    network = build({"name": "ViT-S"}, shape, classes).to("meta")
    with FlopCounterMode(display=False) as counter, evaluating(network), torch.no_grad():
        network(torch.zeros(1, *shape, device="meta"))
    tokens, width, blocks = 197, 384, 12
    products = 2 * tokens * tokens * width * blocks
    assert counter.get_total_flops() == 2 * (counts("ViT-S").multiply_adds + products)


REFERENCES = [
    (source.name, model.architecture, int(model.params), source.flop_convention, model.flops)
    for source in load_corpus().unpruned
    if source.dataset == "ImageNet"
    for model in source.models
    if model.architecture in PUBLISHED and model.params is not None
]


@pytest.mark.parametrize(("source", "name", "parameters", "convention", "flops"), REFERENCES, ids=str)
def test_sizes_agree_with_the_reference_models_of_the_corpus(
    source: str, name: str, parameters: int, convention: str, flops: Any
) -> None:
    assert counts(name).parameters == pytest.approx(parameters, rel=0.03)
    if flops is not None and convention == "multiply_adds":
        assert counts(name).multiply_adds == pytest.approx(float(flops), rel=0.03)


def test_the_corpus_has_reference_models_of_these_networks() -> None:
    assert {name for _, name, *_ in REFERENCES} >= {"ResNet-50", "VGG-16"}


def test_grouped_and_padded_convolutions_are_counted_by_hand() -> None:
    layer = nn.Conv2d(4, 8, 3, padding=2, stride=2, groups=2)
    positions = ((5 + 2 * 2 - 3) // 2 + 1) ** 2
    assert count(layer, (4, 5, 5)).multiply_adds == 4 // 2 * 8 * 9 * positions


def test_zeros_take_no_part() -> None:
    layer = nn.Linear(4, 3)
    with torch.no_grad():
        layer.weight[0] = 0
        layer.bias[0] = 0
    found = count(layer, (1, 1, 4))
    assert (found.nonzero_parameters, found.nonzero_multiply_adds) == (15 - 5, 8)


def test_with_masks_only_what_they_remove_is_pruned() -> None:
    network = nn.Sequential(nn.Linear(4, 3))
    with torch.no_grad():
        network[0].bias.zero_()
    mask = torch.ones(3, 4, dtype=torch.bool)
    mask[0, 0] = False
    found = count(network, (1, 1, 4), {"0": mask})
    assert (found.nonzero_parameters, found.nonzero_multiply_adds) == (14, 11)


SMALL = [name for name in EXAMPLES if name not in ("LeNet-5", "LeNet-5-Caffe") and network_named(name).smallest <= 32]


@pytest.mark.parametrize("name", SMALL)
def test_every_network_gives_a_score_for_each_class(name: str) -> None:
    network = build({"name": name}, (3, 32, 32), 7).eval()
    with torch.no_grad():
        assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 7)


@pytest.mark.parametrize("name", [name for name in SMALL if not name.startswith("ViT")])
def test_half_as_wide_a_network_is_smaller(name: str) -> None:
    whole, half = (
        count(build({"name": name, "width": width}, (3, 32, 32), 10), (3, 32, 32)).parameters for width in (1.0, 0.5)
    )
    assert half < 0.62 * whole


def test_weights_depend_on_the_seed_alone() -> None:
    shape, classes = MNIST
    first, same, other = (initialise(build({"name": "ResNet-8"}, shape, classes), seed) for seed in (0, 0, 1))
    assert weights_digest(first) == weights_digest(same) != weights_digest(other)


def test_weights_have_the_deviation_of_he() -> None:
    layer = initialise(nn.Sequential(nn.Linear(512, 2048)), 0)[0]
    assert float(layer.weight.detach().std()) == pytest.approx((2 / 512) ** 0.5, rel=0.01)


def test_an_unknown_setting_is_told_of() -> None:
    with pytest.raises(ValueError, match="'LeNet-5' has no setting stem_stride"):
        build({"name": "LeNet-5", "stem_stride": 2}, (1, 28, 28), 10)


@pytest.mark.parametrize(("channels", "width", "expected"), [(16, 0.5, 8), (10, 0.3, 3), (10, 0.31, 4), (3, 0.01, 1)])
def test_scaled_channels_are_rounded_up(channels: int, width: float, expected: int) -> None:
    assert scaled(channels, width) == expected
