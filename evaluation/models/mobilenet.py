"""MobileNet (Howard et al. 2017, Table 1) and MobileNet-v2 (Sandler et al. 2018, Table 2)."""

from __future__ import annotations

from torch import Tensor, nn

from prunelit.evaluation.models.parts import convolution, scaled

V1 = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
    (1024, 2), (1024, 1),
)  # fmt: skip
"""Output channels and stride of each separable convolution."""
V2 = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""Expansion, output channels, number of blocks and first stride of each stage."""


class MobileNet(nn.Module):
    """Convolutions and a classifier of their mean."""

    def __init__(self, features: nn.Module, last: int, classes: int) -> None:
        super().__init__()
        self.features = features
        self.classifier = nn.Linear(last, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes, of shape (images, classes)."""
        scores: Tensor = self.classifier(self.features(images).mean(dim=(2, 3)))
        return scores


class Inverted(nn.Module):
    """Expansion, a convolution of each channel by itself, projection, and a shortcut where the shape stays."""

    def __init__(self, inputs: int, outputs: int, expansion: int, stride: int) -> None:
        super().__init__()
        inner = inputs * expansion
        expanding = _normalized(inputs, inner, 1, rectifier=nn.ReLU6) if expansion > 1 else []
        self.layers = nn.Sequential(
            *expanding,
            *_normalized(inner, inner, 3, stride, inner, nn.ReLU6),
            convolution(inner, outputs, 1),
            nn.BatchNorm2d(outputs),
        )
        self.stays = stride == 1 and inputs == outputs

    def forward(self, images: Tensor) -> Tensor:
        """The images after the block."""
        within: Tensor = self.layers(images)
        return images + within if self.stays else within


def mobilenet_v1(shape: tuple[int, int, int], classes: int, width: float = 1.0) -> nn.Module:
    """MobileNet of separable convolutions."""
    inputs = scaled(32, width)
    layers = _normalized(shape[0], inputs, 3, 2)
    for wanted, stride in V1:
        outputs = scaled(wanted, width)
        layers += [*_normalized(inputs, inputs, 3, stride, inputs), *_normalized(inputs, outputs, 1)]
        inputs = outputs
    return MobileNet(nn.Sequential(*layers), inputs, classes)


def mobilenet_v2(shape: tuple[int, int, int], classes: int, width: float = 1.0) -> nn.Module:
    """MobileNet-v2 of inverted residual blocks."""
    inputs = scaled(32, width)
    layers: list[nn.Module] = _normalized(shape[0], inputs, 3, 2, rectifier=nn.ReLU6)
    for expansion, wanted, number, first in V2:
        outputs = scaled(wanted, width)
        for at in range(number):
            layers.append(Inverted(inputs, outputs, expansion, first if at == 0 else 1))
            inputs = outputs
    last = scaled(1280, max(width, 1.0))
    return MobileNet(nn.Sequential(*layers, *_normalized(inputs, last, 1, rectifier=nn.ReLU6)), last, classes)


def _normalized(
    inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, rectifier: type[nn.Module] = nn.ReLU
) -> list[nn.Module]:
    return [convolution(inputs, outputs, kernel, stride, groups), nn.BatchNorm2d(outputs), rectifier()]
