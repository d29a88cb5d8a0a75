"""Frames that a network meta-analysis returns, with a description of each column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from prunelit.analysis.frames.columns import NUMBER, TEXT, Column

COMMON, RANDOM = "common", "random"
"""The two models of a network: one effect that all studies share, or effects that differ between studies."""
_COUNT, NAME_TYPE = "int64", "object"
"""Types of columns that are never missing: numbers of things, and treatments as the contrasts name them."""

_COMPONENT = Column("component", _COUNT, "", "Number of the component that it belongs to, from 1.")
_ESTIMATE = (
    Column("effect", NUMBER, "of the effects", "Network estimate."),
    Column("standard_error", NUMBER, "of the effects", "Its standard error."),
    Column("lower", NUMBER, "of the effects", "Lower confidence limit, normal."),
    Column("upper", NUMBER, "of the effects", "Upper confidence limit."),
)
_PREDICTION = (
    Column("prediction_lower", NUMBER, "of the effects", "Lower limit of the effect in a new study; from df 2 on."),
    Column("prediction_upper", NUMBER, "of the effects", "Upper limit of the effect in a new study."),
)
_Q = (
    Column("q", NUMBER, "", "Cochran's Q: weighted sum of squared deviations."),
    Column("df", _COUNT, "", "Its degrees of freedom."),
    Column("p", NUMBER, "", "Probability of a larger one without heterogeneity and inconsistency; missing if df is 0."),
)
_AGAINST = (_COMPONENT, Column("reference", NAME_TYPE, "", "The treatment that it is compared with."), *_ESTIMATE)
FRAMES: dict[str, tuple[Column, ...]] = {
    COMMON: _AGAINST,
    RANDOM: (*_AGAINST, *_PREDICTION),
    "league": (
        *_ESTIMATE,
        Column("z", NUMBER, "", "Effect over its standard error."),
        Column("p", NUMBER, "", "Two-sided p-value of no difference."),
        *_PREDICTION,
    ),
    "p_scores": (
        _COMPONENT,
        Column("common", NUMBER, "", "P-score, 0 (worst) to 1 (best), of the common-effect model."),
        Column("random", NUMBER, "", "P-score of the random-effects model."),
    ),
    "heterogeneity": (
        Column("tau2", NUMBER, "squared effects", "Variance of contrasts between studies; missing if df is 0."),
        Column("i2", NUMBER, "fraction", "Share of the variability that is not due to standard errors."),
        Column("i2_lower", NUMBER, "fraction", "Lower confidence limit of i2."),
        Column("i2_upper", NUMBER, "fraction", "Upper confidence limit of i2."),
        *_Q,
    ),
    "decomposition": (
        _COMPONENT,
        Column("design", TEXT, "", "Treatments of the design, joined by colons; missing where it is about all."),
        *_Q,
        Column("tau2", NUMBER, "squared effects", "Variance between studies that Q takes into account."),
    ),
    "splits": (
        Column("studies", _COUNT, "count", "Studies that compare the pair."),
        Column("share_direct", NUMBER, "fraction", "Share of direct evidence in the network estimate."),
        Column("network", NUMBER, "of the effects", "Network estimate."),
        Column("network_standard_error", NUMBER, "of the effects", "Its standard error."),
        Column("direct", NUMBER, "of the effects", "Pooled effect of the studies that compare the pair."),
        Column("direct_standard_error", NUMBER, "of the effects", "Its standard error."),
        Column("indirect", NUMBER, "of the effects", "What the rest of the network says."),
        Column("indirect_standard_error", NUMBER, "of the effects", "Its standard error."),
        Column("difference", NUMBER, "of the effects", "Direct minus indirect; missing unless there are both."),
        Column("difference_standard_error", NUMBER, "of the effects", "Its standard error."),
        Column("z", NUMBER, "", "Difference over its standard error."),
        Column("p", NUMBER, "", "Two-sided p-value of consistency of the two."),
    ),
    "components": (
        Column("reference", NAME_TYPE, "", "The treatment that the others are compared with."),
        Column("treatments", _COUNT, "count", "Treatments."),
        Column("studies", _COUNT, "count", "Studies."),
        Column("contrasts", _COUNT, "count", "Contrasts, those of multi-arm studies each."),
        Column("comparisons", _COUNT, "count", "Pairs of treatments that a study compares."),
        Column("designs", _COUNT, "count", "Sets of treatments that studies compare."),
    ),
}
"""Columns of the frames of a :class:`NetworkMetaAnalysis`; those of ``hat`` and ``contributions`` are comparisons."""


@dataclass(frozen=True, eq=False)
class NetworkMetaAnalysis:
    """What a network meta-analysis finds; :data:`FRAMES` describes the columns.

    Treatments keep the names that the contrasts give them.  ``effect`` is always treatment1 minus treatment2, or the
    treatment minus the reference.  Treatments that no studies connect are in different components, which are analysed
    apart: nothing is said of two of them, and each has a tau² and a reference of its own.
    """

    common: pd.DataFrame
    """Common-effect model: one row a ``treatment`` (index), against the reference of its component."""

    random: pd.DataFrame
    """Random-effects model: the same, with intervals of prediction.  The common one where tau² is missing."""

    league: pd.DataFrame
    """One row a ``model`` (common, random), ``treatment1`` and ``treatment2`` (index), in both directions."""

    p_scores: pd.DataFrame
    """One row a ``treatment`` (index)."""

    heterogeneity: pd.DataFrame
    """One row a ``component`` (index)."""

    decomposition: pd.DataFrame
    """Q in parts, one row a ``part`` (index), per component.

    ``total``, ``within designs`` and ``between designs`` for the common-effect model; ``within one design`` for each;
    ``detached``: between designs once the design has effects of its own, where the others still connect all treatments;
    ``interaction``: between designs in the full design-by-treatment interaction model with random effects.
    """

    splits: pd.DataFrame
    """One row a ``model`` and pair of treatments (index)."""

    components: pd.DataFrame
    """One row a ``component`` (index, from 1)."""

    on_request: Mapping[str, Callable[[], pd.DataFrame]] = field(repr=False)
    """What makes the frames that few ask for: they grow with the number of treatments squared, and faster still."""

    @cached_property
    def hat(self) -> pd.DataFrame:
        """Weights of direct comparisons (columns) in network estimates: one row a ``model`` and pair (index)."""
        return self.on_request["hat"]()

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """Shares of direct comparisons (columns) in network estimates, by random walks: as ``hat``, rows add up to 1.

        :func:`prunelit.analysis.synthesis.contributions.shortest_paths` gives those by shortest paths from ``hat``.
        """
        return self.on_request["contributions"]()
