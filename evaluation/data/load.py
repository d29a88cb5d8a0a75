"""A dataset as tensors, with training, validation and test images apart.

Images stay bytes until a batch is used, so that several processes fit into memory.  The validation images are drawn
from the training images by a fixed permutation, the same for every seed; the test images are those of the dataset's
authors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from prunelit.evaluation.data import cifar, idx, imagenet
from prunelit.evaluation.data.digits import read_digits
from prunelit.evaluation.data.missing import MissingDataError
from prunelit.evaluation.data.places import DATASET_SOURCES, folder_of

CLASSES = {"CIFAR-100": 100, "ImageNet": 1000}
SPLIT_SEED = 20_200_303
"""Seed of the permutation that sets validation images apart; any number would do, but always the same one."""


@dataclass(frozen=True)
class LabelledImages:
    """Images as bytes, of shape (n, channels, rows, columns), and labels, of shape (n,)."""

    images: Any
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, at: Tensor) -> tuple[Tensor, Tensor]:
        """The images and labels at some positions."""
        if isinstance(self.images, Tensor):
            return self.images[at], self.labels[at]
        return torch.from_numpy(self.images[at.numpy()]), self.labels[at]


@dataclass(frozen=True)
class Loaded:
    """The three parts of a dataset, with the mean and deviation of each channel over the training images."""

    name: str
    train: LabelledImages
    validation: LabelledImages
    test: LabelledImages
    classes: int
    mean: Tensor
    deviation: Tensor
    device: str = "cpu"
    """Where networks run that it is for."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, rows and columns of an image."""
        channels, rows, columns = self.test.images[0].shape
        return channels, rows, columns

    def on(self, device: str) -> Loaded:
        """The same data for networks that run elsewhere; images are moved batch by batch."""
        return replace(self, mean=self.mean.to(device), deviation=self.deviation.to(device), device=device)

    def ready(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """A batch as the network sees it, where the network is."""
        return self.scaled(images), labels.to(self.device)

    def scaled(self, images: Tensor) -> Tensor:
        """Images as the network sees them: of mean 0 and deviation 1 in each channel, where the network is."""
        images = images.to(self.device)
        return (images.float() / 255 - self.mean[:, None, None]) / self.deviation[:, None, None]


@lru_cache(maxsize=2)
def load(name: str, folder: str | None = None, training_images: int | None = None, validation: float = 0.1) -> Loaded:
    """The dataset of a name.

    Args:
        name: Name in the vocabulary of datasets.
        folder: Folder with its files, where it is not the usual one.
        training_images: How many training images are kept, the first of a fixed permutation; all if None.
        validation: Share of the training images that is set apart; of fewer training images as much smaller a part of
            it.

    Raises:
        MissingDataError: if the files are missing or broken.
    """
    images, labels = _read(name, folder, "train")
    test_images, test_labels = _read(name, folder, "test")
    order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
    apart = round(len(labels) * validation)
    kept = order[apart:][:training_images]
    checked = order[: round(len(kept) * validation / (1 - validation))]
    train = _part(images, labels, kept)
    mean, deviation = _moments(train.images)
    return Loaded(
        name,
        train,
        _part(images, labels, checked[:apart]),
        _part(test_images, test_labels, np.arange(len(test_labels))),
        CLASSES.get(name, 10),
        mean,
        deviation,
    )


def _read(name: str, folder: str | None, part: str) -> tuple[Any, NDArray[np.int64]]:
    if name == "Digits":
        return read_digits(part)
    root = folder_of(name, folder)
    try:
        if name in ("CIFAR-10", "CIFAR-100"):
            return cifar.read_folder(root, name, part)
        if name == "ImageNet":
            return imagenet.find_images(root, part)
        return idx.read_folder(root, part)
    except MissingDataError as error:
        raise MissingDataError(f"{error}. {name}: {DATASET_SOURCES[name]}") from None


def _part(images: Any, labels: NDArray[np.int64], at: NDArray[np.int64]) -> LabelledImages:
    if isinstance(images, imagenet.Images):
        return LabelledImages(imagenet.Images([images.files[one] for one in at]), torch.from_numpy(labels[at]))
    return LabelledImages(torch.from_numpy(np.ascontiguousarray(images[at])), torch.from_numpy(labels[at]))


MAX_IMAGES = 10_000
"""Images that the moments are computed from, at most: those of ImageNet are read one by one."""


def _moments(images: Any) -> tuple[Tensor, Tensor]:
    some = images if isinstance(images, Tensor) else torch.from_numpy(images[: min(len(images), MAX_IMAGES // 10)])
    scaled = some[:MAX_IMAGES].double() / 255
    return scaled.mean(dim=(0, 2, 3)).float(), scaled.std(dim=(0, 2, 3), correction=0).float()
