"""Study with any number of arms: effects and variances of all contrasts between them.

The variances of its contrasts say all about the covariance of a study:
cov(i - k, j - k) = (var(i - k) + var(j - k) - var(i - j)) / 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

NodeName: TypeAlias = str | float
"""Name of a study or treatment: a text or a number."""
Matrix: TypeAlias = NDArray[np.float64]


class Contrast(NamedTuple):
    """One row: the effect of treatment1 minus that of treatment2 in a study."""

    study: NodeName
    treatment1: NodeName
    treatment2: NodeName
    effect: float
    standard_error: float


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A study with p arms.

    Attributes:
        name: Its name in the contrasts.
        arms: Its treatments, in order.
        effects: Arm of the row minus arm of the column, p × p.
        variances: Squared standard errors of the effects, p × p, with a diagonal of 0.
    """

    name: NodeName
    arms: tuple[NodeName, ...]
    effects: Matrix
    variances: Matrix


def study(name: NodeName, rows: Iterable[Contrast]) -> Study:
    """The study of these rows, which give each contrast between its arms once."""
    rows = list(rows)
    arms = arms_of(rows)
    effects, variances = np.zeros((2, len(arms), len(arms)))
    for row in rows:
        one, other = arms.index(row.treatment1), arms.index(row.treatment2)
        effects[one, other], effects[other, one] = row.effect, -row.effect
        variances[one, other] = variances[other, one] = float(row.standard_error) ** 2
    return Study(name, arms, effects, variances)


def arms_of(rows: Iterable[Contrast]) -> tuple[NodeName, ...]:
    """The treatments that these rows compare, in order."""
    return tuple(ordered(name for row in rows for name in (row.treatment1, row.treatment2)))


def ordered(names: Iterable[NodeName]) -> list[NodeName]:
    """Names in order, each once: numbers by size, then texts by alphabet, capitals or not."""
    return sorted(set(names), key=_rank)


def _rank(name: NodeName) -> tuple[float, str, str]:
    return (inf, name.casefold(), name) if isinstance(name, str) else (name, "", "")


def centred(variances: Matrix) -> Matrix:
    """Covariance of the arms around their mean, from the variances of their contrasts: -J V J / 2 with J = I - 1 1'/p.

    Its pseudo-inverse is the study's Laplacian; see :mod:`prunelit.analysis.synthesis.network`.

    Args:
        variances: p × p, or a stack of such matrices.
    """
    rows = variances - variances.mean(axis=-1, keepdims=True)
    result: Matrix = -(rows - rows.mean(axis=-2, keepdims=True)) / 2
    return result
