"""Synthesis of the literature: what all papers together say of the methods on one network at one ratio.

Contrasts are differences between methods that one paper reports on one network at a matched ratio (see
:mod:`prunelit.analysis.synthesis.arms`), with standard errors that are reported or assumed (see
:mod:`prunelit.analysis.synthesis.standard_errors`); the network meta-analysis joins them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from prunelit.analysis.synthesis.arms import arms_at, eligible
from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError, refuse_too_little
from prunelit.analysis.synthesis.contrasts import UNPRUNED_ARM, compared, contrasts_of
from prunelit.analysis.synthesis.copies import followed
from prunelit.analysis.synthesis.meta_analysis import network_meta_analysis
from prunelit.analysis.synthesis.question import Question, measured, narrowed, on_network, refuse_unknown, under_setup
from prunelit.analysis.synthesis.result import NetworkMetaAnalysis
from prunelit.analysis.synthesis.standard_errors import (
    FACTORS,
    AssumedDeviation,
    assumed_deviation,
    with_standard_errors,
)
from prunelit.schema.problems import ArgumentError


@dataclass(frozen=True, slots=True, eq=False)
class Synthesis:
    """What all papers together say of the methods on one network at one ratio.

    Effects are in the unit of the metric, method minus reference: percentage points for an accuracy.
    """

    question: Question
    """What was asked for."""
    arms: pd.DataFrame
    """What each study reports of each method, with its standard error and whether that is assumed."""
    contrasts: pd.DataFrame
    """The differences between methods that went in, each with both locators."""
    network: NetworkMetaAnalysis
    """The network meta-analysis, with assumed deviations as they are."""
    sensitivity: pd.DataFrame
    """The random-effects estimates under multiples of the assumed deviation: a row a ``factor`` and ``treatment``."""
    assumed: AssumedDeviation | None
    """The deviation of arms that report none; None where all report theirs."""
    left_out: pd.Series[int]
    """Curves that did not enter, by reason."""
    small_values: str
    """Whether small values of the metric are good or bad."""


def synthesize(
    evidence: pd.DataFrame,
    setups: pd.DataFrame | None,
    question: Question,
    *,
    reference: str | None = None,
    assumed_std: float | None = None,
    method_tau: str = "REML",
    level: float = 0.95,
    factors: Sequence[float] = tuple(FACTORS),
) -> Synthesis:
    """The synthesis of one network at one ratio.

    Args:
        evidence: Rows as of ``evidence_long()``.
        setups: Rows as of ``comparison_setups()``, where the question names a setup.
        question: What is asked for.
        reference: The method that the others are compared with; by default the one in most studies; of several, the
            unpruned model.
        assumed_std: Standard deviation of one run, for arms without one; by default what comparable papers report.
        method_tau: How the variance between studies is estimated.
        level: Of all intervals.
        factors: Multiples of the assumed deviation under which effects are estimated; 1 is one of them.

    Raises:
        UnknownNameError: if nothing is known of the dataset, the architecture on it, the metric, or a wish.
        TooLittleEvidenceError: if what papers report does not carry a network.
    """
    refuse_unknown(evidence, question)
    of_metric = measured(evidence, question.metric)
    points = narrowed(on_network(of_metric, question), question)
    if question.copied == "follow":
        points = followed(points)
    kept, lost = eligible(points, question.efficiency, question.at)
    if question.setup is not None and setups is not None:
        kept = under_setup(kept, setups, question.setup)
    arms = compared(arms_at(kept, question.efficiency, question.at), question.through_unpruned)
    refuse_too_little(arms, question)
    assumed = _assumed(arms, of_metric, question, assumed_std)
    direction = "bad" if points["direction"].iloc[0] == "higher" else "good"
    fitted = {
        factor: network_meta_analysis(
            contrasts_of(with_standard_errors(arms, assumed, factor)),
            reference=reference or _most_studied(arms),
            method_tau=method_tau,
            small_values=direction,
            level=level,
        )
        for factor in (factors if assumed else (1.0,))
    }
    told = with_standard_errors(arms, assumed)
    return Synthesis(
        question=question,
        arms=told,
        contrasts=contrasts_of(told),
        network=fitted[1.0],
        sensitivity=_sensitivity(fitted),
        assumed=assumed,
        left_out=lost.value_counts(),
        small_values=direction,
    )


def _most_studied(arms: pd.DataFrame) -> str:
    """The treatment in most studies; of several, the unpruned model, against which changes are told."""
    studies = arms["treatment"].value_counts(sort=True)
    most = studies.index[studies.eq(studies.iloc[0])].tolist()
    return UNPRUNED_ARM if UNPRUNED_ARM in most else str(most[0])


def _assumed(
    arms: pd.DataFrame, points: pd.DataFrame, question: Question, given: float | None
) -> AssumedDeviation | None:
    """What is assumed of arms without a deviation.

    Raises:
        ArgumentError: if the one that is given is no positive number.
        TooLittleEvidenceError: if nobody reports any, and none is given.
    """
    if given is not None:
        if not 0 < given < float("inf"):
            raise ArgumentError(given, f"a standard deviation is a positive number, not {given}")
        return AssumedDeviation(given, 0, "given by the caller")
    if arms["std"].gt(0).all():
        return None
    found = assumed_deviation(points, question.dataset, question.architecture)
    if found is None:
        message = f"hardly any paper reports the deviation of {question.metric}; give one that may be assumed"
        raise TooLittleEvidenceError(message, {"papers": points.loc[points["std"].gt(0), "paper_id"].nunique()})
    return found


def _sensitivity(fitted: dict[float, NetworkMetaAnalysis]) -> pd.DataFrame:
    tables = {
        factor: one.random.assign(
            p_score=one.p_scores["random"], tau2=one.random["component"].map(one.heterogeneity["tau2"])
        )
        for factor, one in fitted.items()
    }
    return pd.concat(tables, names=["factor"])
