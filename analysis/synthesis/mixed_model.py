"""Linear mixed model with crossed random effects, fitted by restricted likelihood.

    outcome = fixed @ b + random @ u + e,    u_i ~ N(0, (ratio_k sigma)²),    e ~ N(0, sigma²)

where k is the variance component of column i.  All that a fit needs of the data are sums of products of its columns.

Source: Bates, Mächler, Bolker and Walker 2015, doi:10.18637/jss.v067.i01, section 3.4 (profiled restricted likelihood).
The derivative follows from that of the matrix of the mixed-model equations; see :func:`_deviance`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpotrf, dpotri
from scipy.optimize import minimize

from prunelit.analysis.synthesis.network import Index, Vector
from prunelit.analysis.synthesis.study import Matrix

BOUNDS = (-7.0, 4.0)
"""Logarithms of the ratios that are looked at; below the lowest an effect is none."""
_TOLERANCE = 1e-9
"""Relative change of the deviance at which the search ends: far below what any estimate shows."""
START = -0.5
"""Where the search begins, as a logarithm."""


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums of products of the columns of rows: random effects first, then fixed ones, then the outcome.

    Attributes:
        products: (q + p + 1) × (q + p + 1).
        rows: How many rows there are.
        component: The variance component of each of the q random columns, from 0.
    """

    products: Matrix
    rows: int
    component: Index

    @property
    def fixed(self) -> int:
        """The number p of fixed effects."""
        return len(self.products) - len(self.component) - 1


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """A fitted model.

    Attributes:
        log_ratios: Logarithm of the standard deviation of each variance component over that of the residuals.
        sigma: Standard deviation of the residuals.
        coefficients: Best linear unbiased predictions of the random effects, then estimates of the fixed ones.
        covariance: Of their errors, (q + p) × (q + p).
        freedom: Rows minus fixed effects.
    """

    log_ratios: Vector
    sigma: float
    coefficients: Vector
    covariance: Matrix
    freedom: int

    def predicted(self, columns: Matrix) -> tuple[Vector, Vector]:
        """Means of new rows, and standard errors of these means; random effects without data vary as their component.

        Args:
            columns: Random columns and fixed columns of the rows.
        """
        variance = np.einsum("ij,jk,ik->i", columns, self.covariance, columns)
        return columns @ self.coefficients, np.sqrt(variance)


def sums_of(columns: Matrix, component: Index) -> Sums:
    """What a fit needs of rows.

    Args:
        columns: Random columns, fixed columns and the outcome, n × (q + p + 1).
        component: The variance component of each random column.
    """
    return Sums(columns.T @ columns, len(columns), component)


def fit_mixed_model(sums: Sums, start: Vector | None = None, held: int = 0) -> MixedFit:
    """The model with the ratios of largest restricted likelihood.

    Args:
        sums: As of :func:`sums_of`; more rows than fixed effects.
        start: Logarithms of the ratios where the search begins.
        held: How many of the first ratios stay where they start.
    """
    components = int(sums.component.max()) + 1
    first = np.full(components, START) if start is None else start
    found = minimize(
        _deviance,
        first,
        args=(sums,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(at, at) for at in first[:held]] + [BOUNDS] * (components - held),
        options={"ftol": _TOLERANCE},
    )
    return at_ratios(sums, np.asarray(found.x, dtype=float))


def at_ratios(sums: Sums, log_ratios: Vector) -> MixedFit:
    """The model with given ratios."""
    scale, inverse, _, coefficients, squares = _solved(sums, log_ratios)
    freedom = sums.rows - sums.fixed
    sigma = float(np.sqrt(squares / freedom))
    covariance = sigma**2 * scale[:, None] * inverse * scale[None, :]
    return MixedFit(log_ratios, sigma, scale * coefficients, covariance, freedom)


def left_out(fit: MixedFit, columns: Matrix, groups: Index) -> tuple[Vector, Vector]:
    """What a fit without each group of rows says of the group, with the ratios of the whole.

    With r the residuals of a group and P what of its covariance the model leaves, 1 - C (covariance / sigma²) C', the
    errors without it are P⁻¹ r, and their variances the diagonal of P⁻¹ times the sigma² that is left without it.

    Source: Dubrule 1983, doi:10.1007/BF01033232 (leaving data out of universal kriging, whose equations these are).

    Args:
        fit: The model of all rows.
        columns: Random columns, fixed columns and outcome of all rows.
        groups: The group of each row.

    Returns:
        The errors (outcome minus prediction), and their standard deviations.
    """
    errors, deviations = np.empty((2, len(columns)))
    covariance = fit.covariance / fit.sigma**2
    residuals = columns[:, -1] - columns[:, :-1] @ fit.coefficients
    for group in np.unique(groups):
        own = groups == group
        held = np.flatnonzero(columns[own, :-1].any(axis=0))  # a few of thousands
        of_group = columns[np.ix_(own, held)]
        rest = np.eye(own.sum()) - of_group @ covariance[np.ix_(held, held)] @ of_group.T
        inverse = np.linalg.inv(rest)
        errors[own] = inverse @ residuals[own]
        squares = fit.freedom * fit.sigma**2 - residuals[own] @ errors[own]
        deviations[own] = np.sqrt(np.diag(inverse) * squares / (fit.freedom - own.sum()))
    return errors, deviations


def _solved(sums: Sums, log_ratios: Vector) -> tuple[Vector, Matrix, float, Vector, float]:
    """The mixed-model equations in units of the ratios.

    Scale, inverse, logarithm of the determinant, solution, and sum of squares that remains.
    """
    scale = np.concatenate([np.exp(log_ratios)[sums.component], np.ones(sums.fixed)])
    equations, right = _equations(sums, scale)
    inverse, log_determinant = _inverse(equations)
    solution = inverse @ right
    return scale, inverse, log_determinant, solution, float(sums.products[-1, -1] - right @ solution)


def _inverse(matrix: Matrix) -> tuple[Matrix, float]:
    """The inverse of a positive definite matrix, and the logarithm of its determinant, by one Cholesky factor."""
    factor = dpotrf(matrix)[0]
    log_determinant = 2 * float(np.log(np.diag(factor)).sum())
    upper = dpotri(factor)[0]  # below the diagonal are the zeros of the factor
    inverse = upper + upper.T
    np.fill_diagonal(inverse, np.diag(upper))
    return inverse, log_determinant


def _equations(sums: Sums, scale: Vector) -> tuple[Matrix, Vector]:
    equations: NDArray[np.float64] = scale[:, None] * sums.products[:-1, :-1] * scale[None, :]
    random = np.arange(len(sums.component))
    equations[random, random] += 1
    return equations, scale * sums.products[:-1, -1]


def _deviance(log_ratios: Vector, sums: Sums) -> tuple[float, Vector]:
    """Minus twice the restricted log-likelihood, but for a constant, and its slope by the logarithms of the ratios.

    With N the matrix of the equations, u its solution and r² what remains of the sum of squares, it is
    log |N| + (n - p) log r², and the derivative by component k sums 2 (1 - (N⁻¹)_ii) - 2 (n - p) u_i² / r² over its
    columns i.
    """
    _, inverse, log_determinant, solution, squares = _solved(sums, log_ratios)
    freedom, q = sums.rows - sums.fixed, len(sums.component)
    value = log_determinant + freedom * np.log(squares)
    each = 2 * (1 - np.diag(inverse)[:q]) - 2 * freedom * solution[:q] ** 2 / squares
    slope = np.zeros(len(log_ratios))
    np.add.at(slope, sums.component, each)
    return float(value), slope
