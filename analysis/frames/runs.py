"""Mean and deviation of several runs of one experiment."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import sqrt
from statistics import fmean


def mean_and_deviation(runs: Iterable[Decimal]) -> tuple[float, float]:
    """The mean and the sample standard deviation (n - 1) of at least two runs, in their unit.

    There are ten thousand points with runs: exact fractions, as the standard library has them, take seconds.
    """
    values = [float(run) for run in runs]
    mean = fmean(values)
    return mean, sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
