"""Points within corners are as many as comparing each with each finds."""

from __future__ import annotations

import numpy as np
import pytest

from prunelit.analysis.audit.counting import points_within


@pytest.mark.parametrize("points", [0, 1, 511, 512, 513, 1500])
def test_points_within_corners_are_counted(points: int) -> None:
    rng = np.random.default_rng(points)
    x, y = rng.integers(0, 40, (2, points)).astype(float)
    most_x, most_y = rng.integers(-1, 41, (2, 200)).astype(float)
    expected = ((x <= most_x[:, None]) & (y <= most_y[:, None])).sum(axis=1)
    assert points_within(x, y, most_x, most_y).tolist() == expected.tolist()


def test_every_point_lies_within_no_bound() -> None:
    assert points_within(np.arange(600.0), np.arange(600.0), np.array([9.0]), np.array([np.inf])).tolist() == [10]
