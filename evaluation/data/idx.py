"""Files in the format IDX, of MNIST and Fashion-MNIST: a magic number, the shape, and bytes.

The format is described on the page of MNIST by LeCun, Cortes and Burges: two zero bytes, a byte for the type (8 for
unsigned bytes), a byte for the number of dimensions, the dimensions as big-endian integers of 4 bytes, then the data.
"""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prunelit.evaluation.data.missing import MissingDataError

UNSIGNED_BYTE = 8
MAX_BYTES = 2**30
"""More than any of these datasets holds: a longer file is none of them."""


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array in a file, compressed with gzip or not.

    Raises:
        MissingDataError: if the file is not one in this format.
    """
    data = _contents(path)
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UNSIGNED_BYTE:
        raise MissingDataError(f"{path} is no IDX file of bytes")
    rank = data[3]
    if len(data) < 4 + 4 * rank:
        raise MissingDataError(f"{path} ends within its header")
    shape = struct.unpack_from(f">{rank}I", data, 4)
    size = int(np.prod(shape, dtype=np.int64))
    if len(data) - 4 - 4 * rank != size:
        raise MissingDataError(f"{path} holds {len(data) - 4 - 4 * rank:,} bytes; its header says {size:,}")
    return np.frombuffer(data, dtype=np.uint8, offset=4 + 4 * rank).reshape(shape)


def _contents(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, EOFError) as error:
        raise MissingDataError(f"{path} cannot be read: {error}") from None
    if len(data) > MAX_BYTES:
        raise MissingDataError(f"{path} holds more than {MAX_BYTES:,} bytes")
    return bytes(data)


IDX_FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def read_folder(folder: Path, part: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images of shape (n, 1, rows, columns) and labels of shape (n,) of one part, ``train`` or ``test``.

    Raises:
        MissingDataError: if a file is missing or broken, or images and labels do not belong together.
    """
    images, labels = (read_idx(_find(folder, name)) for name in IDX_FILES[part])
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise MissingDataError(f"{folder}: {part} has images of shape {images.shape} and labels of {labels.shape}")
    return images[:, None], labels.astype(np.int64)


def _find(folder: Path, name: str) -> Path:
    for candidate in (folder / name, folder / f"{name}.gz"):
        if candidate.is_file():
            return candidate
    raise MissingDataError(f"there is no file '{name}' or '{name}.gz' in {folder}")
