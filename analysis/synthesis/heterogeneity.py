"""Variance between studies, and the share of variability that it makes.

One tau² holds for all contrasts: effects of the arms of a study vary independently with variance tau²/2, so that
contrasts vary with tau², and those that share an arm correlate with 1/2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import exp, isfinite, log, nan, sqrt

import numpy as np
from scipy.special import chdtrc, ndtri

from prunelit.analysis.synthesis.network import Fit, Network, Vector

ESTIMATOR_NAMES = ("DL", "REML", "ML")
"""Estimators of tau²: method of moments (DerSimonian and Laird's for networks), restricted and full likelihood."""

GRID = np.concatenate([[0.0], np.geomspace(1e-8, 1.0, 40)])
"""Where the likelihood is looked at first, as shares of a tau² that is too large."""


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How much studies differ beyond their standard errors; a number that cannot be known is not a number.

    Attributes:
        tau2: Variance of contrasts between studies; needs a degree of freedom.
        i2: Share of the variability that is not due to standard errors, 0 to 1.
        i2_lower: Lower confidence limit of i2.
        i2_upper: Upper confidence limit of i2.
        q: Cochran's Q of the whole network.
        df: Its degrees of freedom.
        p: Its p-value.
    """

    tau2: float
    i2: float
    i2_lower: float
    i2_upper: float
    q: float
    df: int
    p: float


def heterogeneity(network: Network, method: str, level: float) -> Heterogeneity:
    """Heterogeneity and inconsistency of the network together."""
    q, df = network.fit(network.weights(0)).q, network.freedom()
    tau2 = ESTIMATORS[method](network) if df else nan
    return Heterogeneity(tau2, *i_squared(q, df, level), q, df, p_of_q(q, df))


def p_of_q(q: float, df: int) -> float:
    """Probability of a chi-squared variable above q; not a number without degrees of freedom."""
    return float(chdtrc(df, max(q, 0.0))) if df else nan


def moments(network: Network) -> float:
    """The tau² under which Q is expected to be what it is.

    E(Q) = df + tau² (Σ w + Σ w' V), with the weights w, their derivatives w' with respect to tau² and the variances V
    of the fitted contrasts, all at tau² = 0.  Between two treatments that is DerSimonian and Laird's
    (Q - df) / (Σ w - Σ w² / Σ w).

    Source: Jackson, White and Riley 2012, Statistics in Medicine 31, 3805-20.
    """
    weight, slope = network.weights(0), network.slopes(0)
    fit = network.fit(weight)
    return moment_estimate(fit.q - network.freedom(), expected_excess(weight, slope, fit))


def expected_excess(weight: Vector, slope: Vector, fit: Fit) -> float:
    """What a tau² of 1 adds to the expectation of Q."""
    return float(weight.sum() + slope @ fit.variance)


def moment_estimate(excess: float, expected: float) -> float:
    """The tau² that makes up for what Q has in excess, or 0."""
    return max(0.0, excess / expected)


def restricted_likelihood(network: Network) -> float:
    """The tau² of the largest restricted likelihood (REML).

    The covariance within multi-arm studies counts here as everywhere.  R's netmeta 3.3-1 leaves it out where it gets
    contrasts without the numbers of the arms, so that its REML and ML estimates then differ; metafor's do not.
    """
    return _most_likely(network, 1.0)


def likelihood(network: Network) -> float:
    """The tau² of the largest likelihood (ML)."""
    return _most_likely(network, 0.0)


ESTIMATORS: dict[str, Callable[[Network], float]] = dict(
    zip(ESTIMATOR_NAMES, (moments, restricted_likelihood, likelihood), strict=True)
)


def deviance(network: Network, tau2: float, restricted: float) -> float:
    """Minus twice the log-likelihood, but for a constant.

    Σ log det C + Q (+ log det X' C⁻¹ X where restricted), with the studies' covariances C at tau².  Up to a constant,
    det C is the product of the eigenvalues of the covariance of the arms around their mean, and the other determinant
    that of the nonzero eigenvalues of the Laplacian.
    """
    fit = network.fit(network.weights(tau2))
    of_studies = sum(float(np.log(stack.spread + tau2 / 2).sum()) for stack in network.stacks)
    of_effects = -float(np.linalg.slogdet(fit.inverse + 1 / len(fit.inverse))[1])
    return of_studies + fit.q + restricted * of_effects


def score(network: Network, tau2: float, restricted: float) -> float:
    """Derivative of :func:`deviance` with respect to tau²: Σ 1 / (2 λ) + Σ w' (residual² + V where restricted)."""
    fit = network.fit(network.weights(tau2))
    of_studies = sum(float((0.5 / (stack.spread + tau2 / 2)).sum()) for stack in network.stacks)
    return of_studies + float(network.slopes(tau2) @ (fit.residual**2 + restricted * fit.variance))


def _most_likely(network: Network, restricted: float) -> float:
    """The deepest of all minima of the deviance: 0, or where the score turns from negative to positive."""
    from scipy.optimize import brentq  # takes as long to import as a table takes to read

    def slope(tau2: float) -> float:
        return score(network, tau2, restricted)

    largest = float(network.own_variance.max() + np.abs(network.fit(network.weights(0)).residual).max() ** 2)
    while slope(largest) <= 0:
        largest *= 4
    grid = [(float(tau2), slope(tau2)) for tau2 in GRID * largest]
    turns = [(low, high) for (low, before), (high, after) in pairwise(grid) if before < 0 <= after]
    minima = [0.0, *(float(brentq(slope, *turn, xtol=1e-15 * largest)) for turn in turns)]
    return min(minima, key=lambda tau2: deviance(network, tau2, restricted))


def i_squared(q: float, df: int, level: float) -> tuple[float, float, float]:
    """I² = max(0, (Q - df) / Q) with its interval, that of H = sqrt(Q / df) on a logarithmic scale.

    Source: Higgins and Thompson 2002, Statistics in Medicine 21, 1539-58.
    """
    if not df:
        return nan, nan, nan
    log_h = max(log(q / df) / 2, 0.0) if q > 0 else 0.0
    margin = float(ndtri((1 + level) / 2)) * _error_of_log_h(q, df)
    low, high = (_i_squared_of(max(log_h + side, 0.0)) if isfinite(margin) else nan for side in (-margin, margin))
    return _i_squared_of(log_h), low, high


def _error_of_log_h(q: float, df: int) -> float:
    """Standard error of log H; not a number where it is not defined: a small Q with one degree of freedom."""
    if q > df + 1:
        return (log(q) - log(df)) / (2 * (sqrt(2 * q) - sqrt(2 * df - 1)))
    return sqrt((1 - 1 / (3 * (df - 1) ** 2)) / (2 * (df - 1))) if df > 1 else nan


def _i_squared_of(log_h: float) -> float:
    return 1 - exp(-2 * log_h)
