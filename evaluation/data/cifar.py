"""CIFAR-10 and CIFAR-100 in the binary version of their authors.

A record is one label byte (CIFAR-100: two, coarse and fine), then 3072 bytes: 1024 of red, of green and of blue, each
row by row (https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version").
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prunelit.evaluation.data.missing import MissingDataError

PIXELS = 3 * 32 * 32
CIFAR_FILES = {
    ("CIFAR-10", "train"): [f"data_batch_{number}.bin" for number in range(1, 6)],
    ("CIFAR-10", "test"): ["test_batch.bin"],
    ("CIFAR-100", "train"): ["train.bin"],
    ("CIFAR-100", "test"): ["test.bin"],
}
LABELS = {"CIFAR-10": 1, "CIFAR-100": 2}


def read_folder(folder: Path, name: str, part: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images of shape (n, 3, 32, 32) and labels of shape (n,) of one part, ``train`` or ``test``.

    Raises:
        MissingDataError: if a file is missing, or its length is no whole number of records.
    """
    records = np.concatenate([_records(folder / file, LABELS[name]) for file in CIFAR_FILES[name, part]])
    return records[:, LABELS[name] :].reshape(-1, 3, 32, 32), records[:, LABELS[name] - 1].astype(np.int64)


def _records(path: Path, labels: int) -> NDArray[np.uint8]:
    if not path.is_file():
        raise MissingDataError(f"there is no file '{path.name}' in {path.parent}")
    data = np.fromfile(path, dtype=np.uint8)
    if len(data) == 0 or len(data) % (labels + PIXELS):
        raise MissingDataError(f"{path} holds {len(data):,} bytes, no whole number of records of {labels + PIXELS:,}")
    return data.reshape(-1, labels + PIXELS)
