"""ImageNet from a user's folder: ``train`` and ``val``, each with a folder of images for each class.

Images are read when a batch needs them: the shorter side is scaled to 256 pixels and the 224 × 224 pixels in the middle
are taken.  Pillow, which reads the images, is not installed with the extra.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prunelit.evaluation.data.missing import MissingDataError

SHORTER_SIDE, SIDE = 256, 224
ENDINGS = {".jpeg", ".jpg", ".png"}
PARTS = {"train": "train", "test": "val"}


class Images(Sequence[NDArray[np.uint8]]):
    """Images of shape (3, 224, 224) that are read from their files one by one."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = files

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        if isinstance(at, int | np.integer):
            return read_image(self.files[int(at)])
        positions = range(len(self.files))[at] if isinstance(at, slice) else np.asarray(at)
        return np.stack([read_image(self.files[int(one)]) for one in positions])


def find_images(folder: Path, part: str) -> tuple[Images, NDArray[np.int64]]:
    """The images and labels of one part, ``train`` or ``test`` (ImageNet's ``val``), classes sorted by name.

    Raises:
        MissingDataError: if there is no folder of classes with images.
    """
    root = folder / PARTS[part]
    classes = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    files = [(path, label) for label, one in enumerate(classes) for path in sorted(one.iterdir()) if _is_image(path)]
    if not files:
        raise MissingDataError(f"{root} holds no folder of images for each class")
    return Images([path for path, _ in files]), np.array([label for _, label in files], dtype=np.int64)


def read_image(path: Path) -> NDArray[np.uint8]:
    """The middle of an image, of shape (3, 224, 224)."""
    from PIL import Image

    with Image.open(path) as opened:
        image = opened.convert("RGB")
    scale = SHORTER_SIDE / min(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BILINEAR)
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return np.asarray(image.crop((left, top, left + SIDE, top + SIDE))).transpose(2, 0, 1)


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS
