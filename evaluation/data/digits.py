"""The 1,797 handwritten digits of 8 × 8 pixels that scikit-learn carries, for tests and quick looks.

They are a copy of the test set of the Optical Recognition of Handwritten Digits data from the UCI repository, so that
they come without parts: a fixed fifth of them, the same for everybody, is the test set here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TEST_SHARE = 5
"""Every fifth image of a fixed shuffle is a test image."""
BRIGHTEST = 16
"""Pixels are 0 to 16."""


def read_digits(part: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images of shape (n, 1, 8, 8) and labels of shape (n,) of one part, ``train`` or ``test``."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    images = (pixels.reshape(-1, 1, 8, 8) * (255 / BRIGHTEST)).round().astype(np.uint8)
    order = np.random.default_rng(0).permutation(len(labels))
    is_test = np.arange(len(labels)) % TEST_SHARE == 0
    chosen = order[is_test if part == "test" else ~is_test]
    return images[chosen], labels[chosen].astype(np.int64)
