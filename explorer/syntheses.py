"""Syntheses as pages of configurations show them: what papers say together, drawn, told, and expected of the next.

They are what takes longest of all that pages show, so each is kept on disk under the digest of what it is made of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import product
from typing import Any

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, Column
from prunelit.analysis.frames.kept_files import kept_text
from prunelit.analysis.pages.one_network import EFFICIENCY_NAMES, in_brief
from prunelit.analysis.pages.section import Fact, Section, computed
from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError, maybe_connected
from prunelit.analysis.synthesis.dose_response import DoseResponse, dose_rows, fit_to_network
from prunelit.analysis.synthesis.expectation import expect
from prunelit.analysis.synthesis.field import Synthesis, synthesize
from prunelit.analysis.synthesis.question import Question
from prunelit.explorer.digests import code_digest, input_digest
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
    """A synthesis: what was asked for, its drawings, and what is said of it."""

    metric: str
    efficiency: str
    drawings: tuple[tuple[Caption, str], ...]
    sections: tuple[Section, ...]
    estimates: pd.DataFrame
    """One row an assumption and method; columns :data:`ESTIMATES`."""

    @property
    def name(self) -> str:
        """Its name within a page."""
        return f"synthesis-{self.metric}-{self.efficiency}".replace("_", "-")

    @property
    def title(self) -> str:
        """What it is about."""
        return f"{self.metric} at {RATIO_TOGETHER:g}× {EFFICIENCY_NAMES[self.efficiency]}"


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


def networks_together(long: pd.DataFrame) -> dict[tuple[str, str], list[Question]]:
    """The questions to which papers may say something together, by dataset and architecture.

    Args:
        long: Rows as of ``evidence_long()``, of all networks.
    """
    found: dict[tuple[str, str], list[Question]] = {}
    for metric, efficiency in product(METRICS_TOGETHER, EFFICIENCY_NAMES):
        for network in maybe_connected(long, metric, efficiency, RATIO_TOGETHER):
            found.setdefault(network, []).append(Question(*network, metric, efficiency, RATIO_TOGETHER))
    return found


def may_carry(own: pd.DataFrame) -> bool:
    """Whether results of one network could carry a synthesis at all: it takes two papers."""
    return own.loc[~own["sweep"].astype(bool), "paper_id"].nunique() > 1


def syntheses_of(
    own: pd.DataFrame, deviations: pd.DataFrame, asked: Sequence[Question], made_of: Sequence[object]
) -> list[DrawnSynthesis]:
    """The syntheses of a network, by metric and ratio; none where papers say too little together.

    Beside their own network, syntheses look at the deviations of others alone.

    Args:
        own: Rows as of ``evidence_long()``, of the network.
        deviations: Those of all networks that hold a deviation.
        asked: The questions, of :func:`networks_together`.
        made_of: What tells both tables from all others, see :func:`prunelit.explorer.digests.input_digest`.
    """
    if not may_carry(own):
        return []
    rows = pd.concat([own, deviations[~deviations.index.isin(own.index)]])
    name = f"syntheses {code_digest()} {input_digest(asked, *made_of)}"
    return syntheses_of_text(
        kept_text(name, lambda: syntheses_as_text(_drawn(one, own) for one in _carried(rows, asked)))
    )


def _carried(rows: pd.DataFrame, asked: Sequence[Question]) -> Iterator[Synthesis]:
    """The syntheses that what papers say carries."""
    for question in asked:
        try:
            yield synthesize(rows, None, question)
        except (TooLittleEvidenceError, UnknownNameError):
            continue


def syntheses_as_text(syntheses: Iterable[DrawnSynthesis]) -> str:
    """Syntheses as text, from which :func:`syntheses_of_text` makes the same again."""
    return json.dumps([
        {
            "metric": one.metric,
            "efficiency": one.efficiency,
            "drawings": [(astuple(words), svg) for words, svg in one.drawings],
            "sections": list(map(_section_as_lists, one.sections)),
            "estimates": {name: values.tolist() for name, values in one.estimates.items()},
        }
        for one in syntheses
    ])  # fmt: skip


def syntheses_of_text(text: str) -> list[DrawnSynthesis]:
    """The syntheses in a text as of :func:`syntheses_as_text`."""
    return [
        DrawnSynthesis(
            one["metric"],
            one["efficiency"],
            tuple((Caption(*words), svg) for words, svg in one["drawings"]),
            tuple(map(_section_of_lists, one["sections"])),
            pd.DataFrame(one["estimates"]),
        )
        for one in json.loads(text)
    ]


def _section_as_lists(one: Section) -> list[object]:
    table = None if one.table is None else {name: values.tolist() for name, values in one.table.items()}
    links = {name: list(targets) for name, targets in one.links.items()}
    return [one.title, list(map(astuple, one.facts)), one.text, table, one.notes, one.folded, links]


def _section_of_lists(told: list[Any]) -> Section:
    title, facts, text, table, notes, folded, links = told
    shown = None if table is None else pd.DataFrame(table, dtype=object)
    return Section(title, tuple(Fact(*one) for one in facts), tuple(text), shown, tuple(notes), folded, links)


def _drawn(found: Synthesis, own: pd.DataFrame) -> DrawnSynthesis:
    asked = found.question
    expected = _expected(own, asked) if asked.metric == "top1" else None
    return DrawnSynthesis(
        metric=asked.metric,
        efficiency=asked.efficiency,
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
