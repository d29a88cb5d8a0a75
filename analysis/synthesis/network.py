"""Graph of treatments whose edges are contrasts, and its fit by weighted least squares.

The contrasts of a study are the edges of a complete graph between its arms, and weights are what conductances are in an
electrical network.  The study's Laplacian is the pseudo-inverse of the covariance of its arms around their mean, which
weights a multi-arm study by its full covariance.  The variance of a fitted contrast is the effective resistance between
its ends.

Sources: Rücker 2012, Research Synthesis Methods 3, 312-24; Rücker and Schwarzer 2014, Statistics in Medicine 33,
4353-69.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from prunelit.analysis.synthesis.study import Matrix, NodeName, Study, centred, ordered

REFINED = 3
"""Times that effects are solved for, each for what the last left over: exact where weights differ by many orders."""

Vector: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.intp]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Effects that fit weighted contrasts best.

    Attributes:
        effects: One a treatment that the contrasts reach, around their mean.
        inverse: Pseudo-inverse of the weighted Laplacian: covariance of the effects around their mean.
        residual: Effect minus fitted effect, one a contrast.
        variance: Variance of the fitted effect (effective resistance), one a contrast.
        q: Weighted sum of squared residuals, Cochran's Q.
    """

    effects: Vector
    inverse: Matrix
    residual: Vector
    variance: Vector
    q: float


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Studies with one number of arms p.

    Attributes:
        contrasts: Positions of their contrasts in the network, a row a study.
        basis: Eigenvectors of the covariance of the arms around their mean, studies × p × (p - 1).
        spread: Its eigenvalues but the zero, studies × (p - 1).
    """

    contrasts: Index
    basis: NDArray[np.float64]
    spread: Matrix

    def edges(self, precision: Matrix) -> Matrix:
        """Weights of the contrasts where the Laplacian has these eigenvalues: minus its elements off the diagonal."""
        laplacian = (self.basis * precision[:, None, :]) @ self.basis.transpose(0, 2, 1)
        one, other = np.triu_indices(self.basis.shape[1], 1)
        weights: Matrix = -laplacian[:, one, other]
        return weights


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Treatments that studies connect, and the contrasts between them.

    Attributes:
        treatments: Names, in order; everything else counts them from 0.
        studies: Names of the studies.
        designs: Sets of treatments that studies compare, as numbers of treatments.
        design: Number of the design, one a contrast.
        first: First treatment, one a contrast; always smaller than the second.
        second: Second treatment.
        effect: First minus second.
        own_variance: Squared standard error.
        independent: Independent contrasts that each stands for: 2 / p in a study with p arms.
        stacks: The studies by number of arms.
    """

    treatments: tuple[NodeName, ...]
    studies: tuple[NodeName, ...]
    designs: tuple[tuple[int, ...], ...]
    design: Index
    first: Index
    second: Index
    effect: Vector
    own_variance: Vector
    independent: Vector
    stacks: tuple[Stack, ...]

    def weights(self, tau2: float) -> Vector:
        """Weights of the contrasts where effects of arms vary with variance tau²/2 between studies."""
        return self._edges([1 / (stack.spread + tau2 / 2) for stack in self.stacks])

    def slopes(self, tau2: float) -> Vector:
        """Derivatives of the weights with respect to tau²."""
        return self._edges([-0.5 / (stack.spread + tau2 / 2) ** 2 for stack in self.stacks])

    def fit(self, weights: Vector, kept: Mask | slice = slice(None)) -> Fit:
        """The fit to all contrasts, or to those that are kept."""
        return fit(self.first[kept], self.second[kept], self.effect[kept], weights[kept])

    def freedom(self, kept: Mask | slice = slice(None)) -> int:
        """Independent contrasts in excess of those that span the treatments: degrees of freedom of Q."""
        reached = np.union1d(self.first[kept], self.second[kept])
        return round(float(self.independent[kept].sum())) - (len(reached) - 1)

    def spans(self, kept: Mask) -> bool:
        """Whether the contrasts that are kept connect all treatments."""
        return len(set(component_labels(self.first[kept], self.second[kept], len(self.treatments)))) == 1

    def _edges(self, precisions: list[Matrix]) -> Vector:
        values = np.empty(len(self.effect))
        for stack, precision in zip(self.stacks, precisions, strict=True):
            values[stack.contrasts] = stack.edges(precision)
        return values


def networks(studies: Iterable[Study]) -> list[Network]:
    """One network a set of treatments that studies connect, in the order of their first treatments."""
    studies = list(studies)
    number = {name: at for at, name in enumerate(ordered(arm for study in studies for arm in study.arms))}
    ends = [(number[study.arms[0]], number[arm]) for study in studies for arm in study.arms[1:]]
    first, second = np.array(ends, dtype=np.intp).T
    component = component_labels(first, second, len(number))
    own = [component[number[study.arms[0]]] for study in studies]
    return [
        connected_network([study for study, part in zip(studies, own, strict=True) if part == one])
        for one in sorted(set(own))
    ]


def component_labels(first: Index, second: Index, size: int) -> list[int]:
    """The component of each of the treatments 0, 1 … size - 1 in the graph with these edges, counted by first ones."""
    edges = coo_array((np.ones(len(first)), (first, second)), shape=(size, size))
    found: list[int] = connected_components(edges, directed=False)[1].tolist()
    return found


def connected_network(studies: list[Study]) -> Network:
    """The network of studies that are connected."""
    treatments = tuple(ordered(arm for study in studies for arm in study.arms))
    number = {name: at for at, name in enumerate(treatments)}
    arms = [tuple(number[arm] for arm in study.arms) for study in studies]
    designs = tuple(sorted(set(arms), key=lambda design: (len(design), design)))
    sizes = np.array([len(own) * (len(own) - 1) // 2 for own in arms])
    upper = [np.triu_indices(len(own), 1) for own in arms]
    return Network(
        treatments=treatments,
        studies=tuple(study.name for study in studies),
        designs=designs,
        design=np.repeat([designs.index(own) for own in arms], sizes),
        first=np.concatenate([np.array(own)[one] for own, (one, _) in zip(arms, upper, strict=True)]),
        second=np.concatenate([np.array(own)[other] for own, (_, other) in zip(arms, upper, strict=True)]),
        effect=np.concatenate([study.effects[at] for study, at in zip(studies, upper, strict=True)]),
        own_variance=np.concatenate([study.variances[at] for study, at in zip(studies, upper, strict=True)]),
        independent=np.repeat([2 / len(own) for own in arms], sizes),
        stacks=tuple(_stacks(studies, sizes)),
    )


def _stacks(studies: list[Study], sizes: Index) -> Iterator[Stack]:
    ends = np.cumsum(sizes)
    for arms in sorted({len(study.arms) for study in studies}):
        own = [at for at, study in enumerate(studies) if len(study.arms) == arms]
        spread, basis = np.linalg.eigh(centred(np.stack([studies[at].variances for at in own])))
        contrasts = np.stack([np.arange(ends[at] - sizes[at], ends[at]) for at in own])
        yield Stack(contrasts, basis[:, :, 1:], spread[:, 1:])


def fit(first: Index, second: Index, effect: Vector, weight: Vector) -> Fit:
    """Weighted least squares: effects L⁺ B' W y with the Laplacian L = B' W B, where B has a row a contrast.

    Source: Rücker 2012, Research Synthesis Methods 3, 312-24.
    """
    treatments, ends = np.unique(np.concatenate([first, second]), return_inverse=True)
    one, other = ends.reshape(2, -1)
    incidence = np.zeros((len(effect), len(treatments)))
    incidence[np.arange(len(effect)), one], incidence[np.arange(len(effect)), other] = 1, -1
    weighted = incidence * weight[:, None]
    inverse = pseudo_inverse(weighted.T @ incidence)
    effects = np.zeros(len(treatments))
    for _ in range(REFINED):
        effects += inverse @ (weighted.T @ (effect - incidence @ effects))
    residual = effect - incidence @ effects
    variance = resistances(inverse)[one, other]
    return Fit(effects, inverse, residual, variance, float(weight @ residual**2))


def pseudo_inverse(laplacian: Matrix) -> Matrix:
    """Moore-Penrose inverse of the Laplacian of a connected graph, whose only eigenvector of eigenvalue 0 is 1."""
    size = len(laplacian)
    shift = np.trace(laplacian) / size
    inverse: Matrix = np.linalg.inv(laplacian + shift / size) - 1 / (shift * size)
    return (inverse + inverse.T) / 2


def resistances(inverse: Matrix) -> Matrix:
    """Effective resistance between all pairs: the variance of each fitted contrast."""
    own = np.diagonal(inverse)
    return np.maximum(own[:, None] + own[None, :] - 2 * inverse, 0)
