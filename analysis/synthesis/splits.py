"""Direct against indirect evidence, for each pair of treatments."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from prunelit.analysis.synthesis.estimates import EffectModel, pairs_of, pairwise_differences
from prunelit.analysis.synthesis.network import Index, Vector

TRACE = 0.0005
"""Share of evidence below which it is none, as in R's netmeta (tol.direct)."""


def splits(fitted: EffectModel) -> pd.DataFrame:
    """Each network estimate divided into what studies of the pair say and what the others do (back-calculation).

    Direct evidence pools the contrasts of the pair with weights 1 / (se² + tau²).  Its share is the variance of the
    network estimate over that of the direct one.  What remains is indirect: estimates weighted by their precision add
    up to the network's, and so do precisions.

    Source: Dias et al. 2010, Statistics in Medicine 29, 932-44 (back-calculation); König, Krahn and Binder 2013,
    Statistics in Medicine 32, 5414-29, section 3.4 (share of direct evidence).
    """
    effect, error = pairwise_differences(fitted)
    one, other = np.triu_indices(len(effect), 1)
    studies, direct, direct_error = _direct(fitted)
    network, network_error = effect[one, other], error[one, other]
    share = np.where(studies > 0, network_error**2 / direct_error**2, 0.0)
    rest = np.where(share < 1 - TRACE, 1 - share, np.nan)
    indirect = np.where(studies > 0, (network - share * direct) / rest, network)
    indirect_error = network_error / np.sqrt(rest)
    table = {
        "studies": studies,
        "share_direct": share,
        "network": network,
        "network_standard_error": network_error,
        "direct": np.where(share < TRACE, np.nan, direct),
        "direct_standard_error": np.where(share < TRACE, np.nan, direct_error),
        "indirect": indirect,
        "indirect_standard_error": indirect_error,
    }
    return _compared(pd.DataFrame(table, index=pairs_of(fitted.network.treatments, one, other)))


def _direct(fitted: EffectModel) -> tuple[Index, Vector, Vector]:
    """Studies, pooled effect and standard error of each pair; not numbers where no study compares it."""
    network, size = fitted.network, len(fitted.network.treatments)
    weight = 1 / (network.own_variance + fitted.tau2)
    studies, weights, weighted = np.zeros((3, size, size))
    np.add.at(studies, (network.first, network.second), 1)
    np.add.at(weights, (network.first, network.second), weight)
    np.add.at(weighted, (network.first, network.second), weight * network.effect)
    upper = np.triu_indices(size, 1)
    known = np.where(studies[upper] > 0, weights[upper], np.nan)
    return studies[upper].astype(np.intp), weighted[upper] / known, known**-0.5


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    difference = table["direct"] - table["indirect"]
    error = np.hypot(table["direct_standard_error"], table["indirect_standard_error"])
    z: pd.Series[float] = difference / error
    return table.assign(difference=difference, difference_standard_error=error, z=z, p=2 * ndtr(-z.abs()))
