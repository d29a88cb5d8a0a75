"""Network estimates of all contrasts, with confidence and prediction intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri, stdtrit

from prunelit.analysis.synthesis.network import Fit, Index, Network, Vector, resistances
from prunelit.analysis.synthesis.result import RANDOM
from prunelit.analysis.synthesis.study import Matrix, NodeName


@dataclass(frozen=True, slots=True, eq=False)
class EffectModel:
    """A network fitted with one variance between studies.

    Attributes:
        name: COMMON or RANDOM.
        network: What is fitted.
        tau2: The variance that the weights assume.
        weights: Of the contrasts.
        fit: The fit to them.
    """

    name: str
    network: Network
    tau2: float
    weights: Vector
    fit: Fit


def effect_model(name: str, network: Network, tau2: float) -> EffectModel:
    """The network fitted with this variance between studies."""
    weights = network.weights(tau2)
    return EffectModel(name, network, tau2, weights, network.fit(weights))


def pairwise_differences(fitted: EffectModel) -> tuple[Matrix, Matrix]:
    """Effect and standard error of each treatment (row) minus each (column)."""
    effects = fitted.fit.effects
    return effects[:, None] - effects[None, :], np.sqrt(resistances(fitted.fit.inverse))


def league(fitted: EffectModel, level: float, df: int) -> pd.DataFrame:
    """All contrasts in both directions; intervals of prediction for the random-effects model.

    An effect in a new study is predicted by t(df) sqrt(se² + tau²), from two degrees of freedom on.

    Source: intervals as of R's netmeta 3.3 (method.predict = "V"), df those of Q.
    """
    effect, error = pairwise_differences(fitted)
    one, other = np.nonzero(~np.eye(len(effect), dtype=bool))
    table = _intervals(effect[one, other], error[one, other], level)
    if fitted.name == RANDOM:
        margin = _prediction_quantile(level, df) * np.sqrt(error[one, other] ** 2 + fitted.tau2)
        table["prediction_lower"], table["prediction_upper"] = table["effect"] - margin, table["effect"] + margin
    table.index = pairs_of(fitted.network.treatments, one, other)
    return table


def against(reference: NodeName, table: pd.DataFrame, network: Network) -> pd.DataFrame:
    """The rows of a league table that compare with the reference, which itself differs by 0 from itself."""
    rows = table[table.index.get_level_values("treatment2") == reference].droplevel("treatment2")
    order = pd.Index(network.treatments, name="treatment")
    return rows.drop(columns=["z", "p"]).reindex(order, fill_value=0.0)


def pairs_of(names: tuple[NodeName, ...], one: Index, other: Index) -> pd.MultiIndex:
    """Index of pairs of treatments by their numbers."""
    labels = [[names[at] for at in one.tolist()], [names[at] for at in other.tolist()]]
    return pd.MultiIndex.from_arrays(labels, names=["treatment1", "treatment2"])


def _intervals(effect: Vector, error: Vector, level: float) -> pd.DataFrame:
    margin, z = ndtri((1 + level) / 2) * error, effect / error
    columns = {"effect": effect, "standard_error": error, "lower": effect - margin, "upper": effect + margin}
    return pd.DataFrame(columns | {"z": z, "p": 2 * ndtr(-np.abs(z))})


def _prediction_quantile(level: float, df: int) -> float:
    return float(stdtrit(df, (1 + level) / 2)) if df > 1 else nan
