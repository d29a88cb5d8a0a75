"""LeNet-300-100, LeNet-5 and Caffe's LeNet-5."""

from __future__ import annotations

from torch import nn

from prunelit.evaluation.models.parts import scaled


def lenet_300_100(shape: tuple[int, int, int], classes: int, width: float = 1.0) -> nn.Module:
    """Two hidden layers of 300 and 100 units (LeCun et al. 1998)."""
    channels, rows, columns = shape
    first, second = scaled(300, width), scaled(100, width)
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(channels * rows * columns, first),
        nn.ReLU(),
        nn.Linear(first, second),
        nn.ReLU(),
        nn.Linear(second, classes),
    )


def lenet_5(shape: tuple[int, int, int], classes: int, width: float = 1.0) -> nn.Module:
    """Convolutions of 6 and 16 channels and layers of 120 and 84 units, with rectifiers and pooling by the largest.

    The first convolution is padded by two pixels for images of 28 × 28, which LeCun et al. 1998 padded to 32 × 32.
    """
    channels, rows, _ = shape
    first, second, third, fourth = (scaled(one, width) for one in (6, 16, 120, 84))
    padding = 2 if rows == 28 else 0
    left = ((rows + 2 * padding - 4) // 2 - 4) // 2
    return nn.Sequential(
        nn.Conv2d(channels, first, 5, padding=padding),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(first, second, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(second * left * left, third),
        nn.ReLU(),
        nn.Linear(third, fourth),
        nn.ReLU(),
        nn.Linear(fourth, classes),
    )


def lenet_5_caffe(shape: tuple[int, int, int], classes: int, width: float = 1.0) -> nn.Module:
    """Convolutions of 20 and 50 channels and a layer of 500 units."""
    channels, rows, _ = shape
    first, second, third = (scaled(one, width) for one in (20, 50, 500))
    left = ((rows - 4) // 2 - 4) // 2
    return nn.Sequential(
        nn.Conv2d(channels, first, 5),
        nn.MaxPool2d(2),
        nn.Conv2d(first, second, 5),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(second * left * left, third),
        nn.ReLU(),
        nn.Linear(third, classes),
    )
