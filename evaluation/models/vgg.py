"""VGG (Simonyan and Zisserman 2014, Table 1), with and without batch normalization, and its form for small images."""

from __future__ import annotations

from torch import Tensor, nn

from prunelit.evaluation.models.parts import scaled

LAYERS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
CHANNELS = (64, 128, 256, 512, 512)


class VGG(nn.Module):
    """Stages of convolutions, each after the last pooled to half the size, and a classifier."""

    def __init__(self, features: nn.Module, classifier: nn.Module) -> None:
        super().__init__()
        self.features, self.classifier = features, classifier

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes, of shape (images, classes)."""
        scores: Tensor = self.classifier(self.features(images).flatten(1))
        return scores


def vgg(
    shape: tuple[int, int, int], classes: int, depth: int = 16, norm: str | None = None, width: float = 1.0
) -> nn.Module:
    """VGG for images of 224 × 224, with three fully connected layers; normalization leaves the biases (torchvision)."""
    features, last = _features(shape[0], depth, norm is not None, True, width, pool_last=True)
    pixels = (shape[1] // 32) * (shape[2] // 32)
    hidden = scaled(4096, width)
    classifier = nn.Sequential(
        nn.Linear(last * pixels, hidden),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(hidden, classes),
    )
    return VGG(features, classifier)


def vgg_bn_small(shape: tuple[int, int, int], classes: int, depth: int = 16, width: float = 1.0) -> nn.Module:
    """VGG with batch normalization for images of 32 × 32: the mean over the last 2 × 2 pixels, and one layer."""
    features, last = _features(shape[0], depth, True, False, width, pool_last=False)
    return VGG(nn.Sequential(features, nn.AdaptiveAvgPool2d(1)), nn.Linear(last, classes))


def _features(
    channels: int, depth: int, normalized: bool, biased: bool, width: float, pool_last: bool
) -> tuple[nn.Sequential, int]:
    layers: list[nn.Module] = []
    for stage, (number, wanted) in enumerate(zip(LAYERS[depth], CHANNELS, strict=True)):
        outputs = scaled(wanted, width)
        for _ in range(number):
            layers += [nn.Conv2d(channels, outputs, 3, padding=1, bias=biased)]
            layers += [nn.BatchNorm2d(outputs)] if normalized else []
            layers += [nn.ReLU()]
            channels = outputs
        layers += [nn.MaxPool2d(2)] if stage < 4 or pool_last else []
    return nn.Sequential(*layers), channels
