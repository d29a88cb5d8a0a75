"""Cochran's Q of a network divided into heterogeneity within designs and inconsistency between them.

A design is the set of treatments that a study compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from prunelit.analysis.synthesis.heterogeneity import expected_excess, moment_estimate, p_of_q
from prunelit.analysis.synthesis.network import Network, Vector

TOTAL, WITHIN, BETWEEN = "total", "within designs", "between designs"
OF_DESIGN, DETACHED, INTERACTION = "within one design", "detached", "interaction"


class QPart(NamedTuple):
    """A part of Q.

    Attributes:
        part: One of the constants of this module.
        design: Number of the design that it is about; -1 where it is about all.
        q: Weighted sum of squares.
        df: Degrees of freedom.
        p: Its p-value; not a number without degrees of freedom.
        tau2: Variance between studies that the weights assume.
    """

    part: str
    design: int
    q: float
    df: int
    p: float
    tau2: float


def decomposition(network: Network) -> list[QPart]:
    """All parts, for the common-effect model but for the interaction.

    Source: Krahn, Binder and König 2013, doi:10.1186/1471-2288-13-35 (formulas 7 and 8, and detaching of designs);
    Higgins et al. 2012, Research Synthesis Methods 3, 98-110 (interaction).
    """
    weights = network.weights(0)
    total, df = network.fit(weights).q, network.freedom()
    designs = list(_of_designs(network, weights))
    within, df_within = sum(part.q for part in designs), sum(part.df for part in designs)
    return [
        _part(TOTAL, total, df),
        _part(WITHIN, within, df_within),
        _part(BETWEEN, max(0.0, total - within), df - df_within),
        *designs,
        *_detached(network, weights, designs),
        interaction(network),
    ]


def interaction(network: Network) -> QPart:
    """Inconsistency in the full design-by-treatment interaction model with random effects.

    tau² is estimated by moments within designs, each with effects of its own; Q between designs is then taken with it.
    """
    weight, slope = network.weights(0), network.slopes(0)
    designs = list(_of_designs(network, weight))
    excess, df_within = sum(part.q for part in designs), sum(part.df for part in designs)
    expected = sum(expected_excess(weight[own], slope[own], network.fit(weight, own)) for own in _designs(network))
    tau2 = moment_estimate(excess - df_within, expected) if df_within else 0.0
    weights = network.weights(tau2)
    between = network.fit(weights).q - sum(part.q for part in _of_designs(network, weights))
    return _part(INTERACTION, max(0.0, between), network.freedom() - df_within, tau2=tau2)


def _of_designs(network: Network, weights: Vector) -> Iterator[QPart]:
    """Heterogeneity of the studies of each design."""
    for design, own in enumerate(_designs(network)):
        yield _part(OF_DESIGN, network.fit(weights, own).q, network.freedom(own), design)


def _detached(network: Network, weights: Vector, designs: list[QPart]) -> Iterator[QPart]:
    """Inconsistency that is left where one design has effects of its own, of designs whose others span the network."""
    within, df_within = sum(part.q for part in designs), sum(part.df for part in designs)
    for design, own in enumerate(_designs(network)):
        if network.spans(~own):
            q = network.fit(weights, ~own).q - (within - designs[design].q)
            df = network.freedom(~own) - (df_within - designs[design].df)
            yield _part(DETACHED, max(0.0, q), df, design)


def _designs(network: Network) -> Iterator[np.ndarray]:
    for design in range(len(network.designs)):
        yield network.design == design


def _part(part: str, q: float, df: int, design: int = -1, tau2: float = 0.0) -> QPart:
    return QPart(part, design, q, df, p_of_q(q, df), tau2)
