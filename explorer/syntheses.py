"""Syntheses as pages of configurations show them: what papers say together, drawn, told, and expected of the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, Column
from prunelit.analysis.pages.one_network import EFFICIENCY_NAMES, in_brief
from prunelit.analysis.pages.section import Section, computed
from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError, may_be_connected
from prunelit.analysis.synthesis.dose_response import DoseResponse, dose_rows, fit_to_network
from prunelit.analysis.synthesis.expectation import expect
from prunelit.analysis.synthesis.field import Synthesis, synthesize
from prunelit.analysis.synthesis.question import Question
from prunelit.analysis.synthesis.standard_errors import FACTORS
from prunelit.explorer.pictures import as_picture
from prunelit.figures.captions import Caption
from prunelit.figures.of_synthesis import figures_of
from prunelit.schema.problems import UnknownNameError

METRICS_TOGETHER = ("top1", "top5")
"""Metrics that enough papers share to say something together."""
RATIO_TOGETHER = 2.0
"""The ratio at which methods are compared: where most papers report."""
_EXPECTED_AT = (1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 32.0)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnSynthesis:
    """A synthesis: its name within a page, its title, its drawings, and what is said of it."""

    name: str
    title: str
    drawings: tuple[tuple[Caption, str], ...]
    sections: tuple[Section, ...]
    estimates: pd.DataFrame
    """One row an assumption and method; columns :data:`ESTIMATES`."""


_HERE = "analysis.synthesis.field"
ESTIMATES = (
    Column("factor", NUMBER, "", "Multiple of the standard deviation that is assumed where papers report none.", _HERE),
    Column("treatment", TEXT, "", "Method.", _HERE),
    Column("component", COUNT, "", "Part of the network that it is in: between parts nothing is compared.", _HERE),
    Column("reference", TEXT, "", "Method that the effect is a difference from.", _HERE),
    Column("effect", NUMBER, "pp", "Method minus reference, by random effects.", _HERE),
    Column("standard_error", NUMBER, "pp", "Standard error of the effect.", _HERE),
    Column("lower", NUMBER, "pp", "Lower 95 % limit of the effect.", _HERE),
    Column("upper", NUMBER, "pp", "Upper 95 % limit of the effect.", _HERE),
    Column("prediction_lower", NUMBER, "pp", "Lower 95 % limit of what a new study finds.", _HERE),
    Column("prediction_upper", NUMBER, "pp", "Upper 95 % limit of what a new study finds.", _HERE),
    Column("p_score", NUMBER, "fraction", "Mean certainty of being better than another method.", _HERE),
    Column("tau2", NUMBER, "", "Variance between studies, in squared percentage points.", _HERE),
)


def may_carry(own: pd.DataFrame) -> bool:
    """Whether results of one network could carry a synthesis at all: it takes two papers."""
    return own.loc[~own["sweep"].astype(bool), "paper_id"].nunique() > 1


def syntheses_of(own: pd.DataFrame, deviations: pd.DataFrame, dataset: str, architecture: str) -> list[DrawnSynthesis]:
    """The syntheses of a network, by metric and ratio; none where papers say too little together.

    Args:
        own: Rows as of ``evidence_long()``, of the network.
        deviations: Those of all networks that hold a deviation.
        dataset: Dataset.
        architecture: Architecture on it.
    """
    if not may_carry(own):
        return []
    asked = (
        Question(dataset, architecture, metric, efficiency, RATIO_TOGETHER)
        for metric, efficiency in product(METRICS_TOGETHER, EFFICIENCY_NAMES)
    )
    return [
        _drawn(found, own)
        for question in asked
        if (found := carried_synthesis(own, deviations, question, tuple(FACTORS)))
    ]


def carried_synthesis(
    own: pd.DataFrame, deviations: pd.DataFrame, question: Question, factors: Sequence[float]
) -> Synthesis | None:
    """The synthesis of a network; None where papers say too little together.

    Beside their own network, syntheses look at the deviations of others alone.

    Args:
        own: Rows as of ``evidence_long()``, of the network.
        deviations: Those of all networks that hold a deviation.
        question: What is asked for.
        factors: Multiples of the assumed deviation under which effects are estimated.
    """
    if not may_be_connected(own, question):
        return None
    others = deviations[~deviations.index.isin(own.index)]
    try:
        return synthesize(pd.concat([own, others]), None, question, factors=factors)
    except (TooLittleEvidenceError, UnknownNameError):
        return None


def _drawn(found: Synthesis, own: pd.DataFrame) -> DrawnSynthesis:
    asked = found.question
    expected = _expected(own, asked) if asked.metric == "top1" else None
    return DrawnSynthesis(
        name=f"synthesis-{asked.metric}-{asked.efficiency}".replace("_", "-"),
        title=f"{asked.metric} at {asked.at:g}× {EFFICIENCY_NAMES[asked.efficiency]}",
        drawings=tuple((words, as_picture(svg)) for words, svg in figures_of(found)),
        sections=(*in_brief(found), *([expected] if expected else [])),
        estimates=found.sensitivity.reset_index(),
    )


def _expected(own: pd.DataFrame, question: Question) -> Section | None:
    """The change to expect at a few ratios, by a model of this network alone; None where there are too few papers."""
    try:
        model = fit_to_network(dose_rows(own, question.efficiency))
    except TooLittleEvidenceError:
        return None
    table = pd.DataFrame(list(_changes(model, question)))
    text = (
        "By a model of doses and responses of the results on this network alone. Limits of the expectation hold the "
        "mean of papers, limits of a new paper what the next one reports, with 95 %.",
    )
    return Section("Expected change", text=text, table=table) if len(table) else None


def _changes(model: DoseResponse, question: Question) -> Iterator[dict[str, str]]:
    for ratio in _EXPECTED_AT:
        found = expect(model, question.dataset, question.architecture, question.efficiency, ratio)
        if not found.extrapolated:
            yield {
                EFFICIENCY_NAMES[question.efficiency]: f"{ratio:g}×",
                "expected change (pp)": computed(found.change, "pp"),
                "its limits": f"{computed(found.expected_lower, 'pp')} to {computed(found.expected_upper, 'pp')}",
                "limits of a new paper": f"{computed(found.lower, 'pp')} to {computed(found.upper, 'pp')}",
            }
