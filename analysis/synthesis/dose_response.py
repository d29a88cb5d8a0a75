"""Dose and response: what change in accuracy papers report at which ratio, as a mixed-effects model.

The dose is the ratio (theoretical speedup or compression), the response the change in top-1 accuracy.  Drops spread
ever wider and end at an accuracy of zero, so that the model works with another measure of them: a drop counts in
proportion to the accuracy that is left, on a scale linear near zero and logarithmic far from it (:func:`response`):

    response = a (1 - ratio⁻⁴) + b log(1 + log ratio) + residual

where a and b have a random part for each network, paper, method and structure.  The first term makes a start within
small ratios, where retraining moves a network as much as pruning does; both vanish at a ratio of 1: what is not pruned
has not changed.  Of eight pairs of terms this one had the smallest errors on papers that the model had not seen.

Pooled over networks, each network borrows from the others what it has no papers to say of itself.  Where one network is
asked about, each method on it has an effect there besides the one that it has everywhere.  Intervals of
prediction are those of a number in a new paper: they hold the variances of paper, method (unless it is known) and
structure, the residual, and the errors of the estimates, and are as wide as the model's errors on papers that it has
not seen ask for: tails are heavier than a normal distribution's, and drops have longer ones than gains.

Source: Barber, Candès, Ramdas and Tibshirani 2021, doi:10.1214/20-AOS1965 (intervals from errors on what was left out,
here whole papers); the rest as of :mod:`prunelit.analysis.synthesis.mixed_model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri
from threadpoolctl import threadpool_limits

from prunelit.analysis.compare.discrepancies import SCRATCH
from prunelit.analysis.synthesis.arms import MATCHED_RATIOS, REINITIALIZED
from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError
from prunelit.analysis.synthesis.mixed_model import START, MixedFit, fit_mixed_model, left_out, sums_of
from prunelit.analysis.synthesis.network import Index, Vector
from prunelit.analysis.synthesis.question import measured
from prunelit.analysis.synthesis.study import Matrix
from prunelit.schema.problems import UnknownNameError
from prunelit.schema.vocabulary import EVALUATIONS

FACTORS_OF_CHANGE = ("network", "paper_id", "treatment", "structure")
"""What has coefficients of its own."""
METHOD_THERE = "method_there"
"""What has them besides in a model that is asked of one network: a method on it, beyond what it does elsewhere."""
PAPERS_NEEDED = 5
"""Papers that a model needs: of fewer nothing tells how much papers differ.  No source gives a number; this is ours."""
LEAST_ACCURACY = 0.5
"""Percent of accuracy below which what is left counts as this much."""
_NOT_OWN = ("copied", "unclear")
_UNTRAINED = "none"


def dose_rows(evidence: pd.DataFrame, efficiency: str) -> pd.DataFrame:
    """The operating points that tell what to expect: own and rerun methods, trained after pruning, not from scratch.

    Evaluations that prunelit ran itself are left out: what is to be expected is what papers report.

    Args:
        evidence: Rows as of ``evidence_long()``.
        efficiency: ``speedup`` or ``compression_ratio``.

    Returns:
        Rows with ``dataset``, ``architecture``, ``paper_id``, ``ratio`` (above 1), ``change`` and ``base`` (unpruned
        accuracy, where the row has none the median of the network), and the levels of :data:`FACTORS_OF_CHANGE`.

    Raises:
        UnknownNameError: if there is no such efficiency.
    """
    if efficiency not in MATCHED_RATIOS:
        raise UnknownNameError("efficiency", efficiency, MATCHED_RATIOS)
    rows = measured(evidence, "top1")
    scheme = rows["training_scheme"]
    reinitialized = scheme.isna() & rows["fine_tuning"].eq(REINITIALIZED).fillna(False)
    left = rows["origin"].isin(_NOT_OWN) | scheme.isin([*SCRATCH, _UNTRAINED]) | reinitialized
    left |= rows["collections"].eq(EVALUATIONS)
    named = rows["change"].notna() & rows["dataset"].notna() & rows["architecture"].notna()
    rows = rows[~left.astype(bool) & named & rows[efficiency].gt(1) & rows[efficiency].lt(np.inf)]
    network = rows["architecture"] + " on " + rows["dataset"]
    base = rows["base_value"].fillna(rows.groupby(network)["base_value"].transform("median"))
    told = {
        "network": network,
        "ratio": rows[efficiency],
        "base": base,
        "treatment": rows["canonical_method"].fillna("a method of " + rows["paper_id"]),
    }
    kept = ["dataset", "architecture", "paper_id", "structure", "change"]
    return rows[kept].assign(**told)[base.gt(0)].reset_index(drop=True)


def response(change: Vector, base: Vector) -> Vector:
    """Changes on the scale of the model: asinh(d), where d is a gain, or a drop times unpruned over pruned accuracy.

    Args:
        change: Percentage points, pruned minus unpruned.
        base: Unpruned accuracy in percent.

    Example:
        >>> response(np.array([0.0, 1.0, -45.0]), np.array([90.0, 90.0, 90.0])).round(2).tolist()
        [0.0, 0.88, -5.19]
    """
    left = np.maximum(base + change, LEAST_ACCURACY)
    result: Vector = np.arcsinh(np.where(change < 0, change * base / left, change))
    return result


_FARTHEST = 100.0
"""From where on all accuracy is lost, to the last digit; powers of far larger numbers are none."""


def change_of(scaled: Vector, base: Vector) -> Vector:
    """What :func:`response` is of: changes in percentage points, no drop larger than the unpruned accuracy."""
    straight = np.sinh(np.clip(scaled, -_FARTHEST, _FARTHEST))
    drop = straight * base / (base - np.minimum(straight, 0))
    result: Vector = np.where(straight < 0, drop, np.minimum(straight, 100 - base))
    return result


def doses(ratio: Vector) -> tuple[Vector, Vector]:
    """The two terms of the model: 1 - ratio⁻⁴ and log(1 + log ratio), both 0 at a ratio of 1."""
    return 1 - ratio**-4.0, np.log1p(np.log(ratio))


@dataclass(frozen=True, slots=True, eq=False)
class DoseResponse:
    """A fitted model.

    Attributes:
        rows: The rows that it is fitted to, as of :func:`dose_rows`.
        levels: The levels of each factor.
        fit: The mixed model.
        scores: Errors on each paper without it over their standard deviations, in order.
        weights: The weight of each score: a paper counts as the root of its points, between once and as its points.
    """

    rows: pd.DataFrame
    levels: dict[str, pd.Index[str]]
    fit: MixedFit
    scores: Vector
    weights: Vector

    def predicted(self, asked: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
        """What papers are expected to report.

        Args:
            asked: Rows with ``ratio``, ``base`` and the factors; what is unknown or missing is one not seen before.
            level: Of the intervals.

        Returns:
            For each row ``change``, ``expected_lower`` and ``expected_upper`` (confidence limits of the curve, average
            over what was not seen before), and ``lower`` and ``upper`` (limits of a number in a new paper).
        """
        base = asked["base"].to_numpy(dtype=float)
        mean, error = self.fit.predicted(self._columns(asked, unseen=False))
        _, wide = self.fit.predicted(self._columns(asked, unseen=True))
        deviation = np.hypot(wide, self.fit.sigma)
        sure, (low, high) = ndtri((1 + level) / 2), self.limits(level)
        scaled = {
            "change": mean,
            "expected_lower": mean - sure * error,
            "expected_upper": mean + sure * error,
            "lower": mean + low * deviation,
            "upper": mean + high * deviation,
        }
        return pd.DataFrame({name: change_of(one, base) for name, one in scaled.items()}, index=asked.index)

    def jointly(self, asked: pd.DataFrame) -> tuple[Vector, Matrix]:
        """Means of rows on the scale of the model, as in :meth:`predicted`, and the covariance of their errors.

        Order is kept between the scales; differences are not.
        """
        columns = self._columns(asked, unseen=False)
        covariance: Matrix = columns @ self.fit.covariance @ columns.T
        return columns @ self.fit.coefficients, covariance

    def limits(self, level: float) -> tuple[float, float]:
        """Between which scores a new paper's are: so many of the middle ones that with it the level is kept.

        Each side may be left by half of what the level leaves to the papers and the new one, less half a paper for that
        one.  Where that is nothing, the limits are no closer together than all scores, or a normal variable's.
        """
        papers = self.rows["paper_id"].nunique()
        beyond = ((1 - level) * (papers + 1) - 1) / (2 * papers)
        if beyond <= 0:
            normal = float(ndtri((1 + level) / 2))
            return min(-normal, float(self.scores[0])), max(normal, float(self.scores[-1]))
        share = np.cumsum(self.weights)
        low, high = (int(np.searchsorted(share, one - 1e-12)) for one in (beyond, 1 - beyond))
        return float(self.scores[low]), float(self.scores[min(high, len(share) - 1)])

    def _columns(self, asked: pd.DataFrame, unseen: bool) -> Matrix:
        return _columns(asked, self.levels, unseen)


def fit_dose_response(
    rows: pd.DataFrame,
    factors: Sequence[str] = FACTORS_OF_CHANGE,
    start: Vector | None = None,
    held: bool = False,
) -> DoseResponse:
    """The model of these rows.

    Args:
        rows: As of :func:`dose_rows`.
        factors: What has coefficients of its own; without ``network`` for rows of one.
        start: Where the search for variances begins, as of another fit: of all factors or of the first ones.
        held: Whether the variances that it begins with stay as they are.

    Raises:
        TooLittleEvidenceError: if there are fewer than :data:`PAPERS_NEEDED` papers.
    """
    papers, points = rows["paper_id"].nunique(), len(rows)
    if papers < PAPERS_NEEDED:
        message = f"{papers} papers with {points} points tell nothing of other papers; it needs {PAPERS_NEEDED} papers"
        raise TooLittleEvidenceError(message, {"papers": papers, "points": points})
    levels = {factor: pd.Index(sorted(rows[factor].dropna().unique())) for factor in factors}
    outcome = response(rows["change"].to_numpy(dtype=float), rows["base"].to_numpy(dtype=float))
    columns = np.column_stack([_columns(rows, levels, unseen=True), outcome])
    components = _components(levels)
    known = np.empty(0) if start is None else start
    first = np.concatenate([known, np.full(components.max() + 1 - len(known), START)])
    # Matrices of some hundred rows: more threads than one mostly wait for each other.
    with threadpool_limits(1, user_api="blas"):
        fit = fit_mixed_model(sums_of(columns, components), first, held=len(known) if held else 0)
        errors, deviations = left_out(fit, columns, pd.factorize(rows["paper_id"])[0].astype(np.intp))
    scores, weights = errors / deviations, rows.groupby("paper_id")["change"].transform("size").to_numpy() ** -0.5
    order = np.argsort(scores, kind="stable")
    return DoseResponse(rows, levels, fit, scores[order], weights[order] / weights.sum())


def told_by_network(model: DoseResponse, dataset: str, architecture: str) -> DoseResponse:
    """The same model, asked of one network: each method there has an effect beyond the one that it has everywhere.

    Only the variance of these effects is estimated anew.  Without it, a method of one paper is mostly what it does on
    other networks.

    Args:
        model: The model of all networks.
        dataset: Dataset.
        architecture: Architecture on it; a model without points on it is given back.
    """
    there = model.rows["dataset"].eq(dataset) & model.rows["architecture"].eq(architecture)
    if not there.any():
        return model
    rows = model.rows.assign(**{METHOD_THERE: model.rows["treatment"].where(there)})
    return fit_dose_response(rows, [*model.levels, METHOD_THERE], model.fit.log_ratios, held=True)


def only_network(model: DoseResponse, dataset: str, architecture: str) -> DoseResponse:
    """The model of the points on one network alone; the given one where there are none, whose user refuses the names.

    Raises:
        TooLittleEvidenceError: if there are points, but of fewer than :data:`PAPERS_NEEDED` papers.
    """
    there = model.rows[model.rows["dataset"].eq(dataset) & model.rows["architecture"].eq(architecture)]
    return fit_to_network(there.reset_index(drop=True)) if len(there) else model


def fit_to_network(rows: pd.DataFrame) -> DoseResponse:
    """The model of points that are all on one network.

    Args:
        rows: Rows as of :func:`dose_rows`, of one dataset and architecture.

    Raises:
        TooLittleEvidenceError: if they are of fewer than :data:`PAPERS_NEEDED` papers.
    """
    return fit_dose_response(rows, [factor for factor in FACTORS_OF_CHANGE if factor != "network"])


def _components(levels: dict[str, pd.Index[str]]) -> Index:
    """The variance component of each random column: one for each term and factor."""
    sizes = [len(known) + 1 for known in levels.values() for _ in range(2)]
    return np.repeat(np.arange(len(sizes)), sizes)


def _columns(rows: pd.DataFrame, levels: dict[str, pd.Index[str]], unseen: bool) -> Matrix:
    """The columns of the model: for each factor and term its levels and one that was not seen before; then the terms.

    Args:
        rows: With ``ratio`` and the factors.
        levels: The levels of each factor.
        unseen: Whether what was not seen before stands in its column, or in none, which is the average.
    """
    terms = doses(rows["ratio"].to_numpy(dtype=float))
    blocks = []
    for factor, known in levels.items():
        place = known.get_indexer(pd.Index(rows[factor]))
        block = np.zeros((len(rows), len(known) + 1))
        block[np.arange(len(rows)), place] = 1.0  # -1, not known, is the last
        block[:, -1] *= unseen
        blocks += [block * term[:, None] for term in terms]
    return np.column_stack([*blocks, *terms])
