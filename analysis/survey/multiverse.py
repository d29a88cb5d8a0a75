"""Multiverse: the survey's findings under every combination of the choices that its authors could have made.

Every finding is computed anew in each universe (see :mod:`prunelit.analysis.survey.universe`), and on the published
path once more for each paper without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.survey.universe import CHOICES, SURVEY_PATH, Universe, universes

_Count: TypeAlias = tuple[int, int]
"""How many, out of how many."""

_SIZES = {"params": "size", "flops": "FLOPs"}
"""What Figure 1 measures pruned models by, and what that is called in a title."""


def compare_to_none(universe: Universe) -> _Count:
    """Papers that compare to no other paper: "more than a fourth of our corpus" (section 4.1, Figure 2)."""
    return len(universe.papers - set(universe.edges["paper_id"])), len(universe.papers)


def compare_to_at_most_one(universe: Universe) -> _Count:
    """Papers that compare to none or to one: "half of papers compare to at most one other method" (section 1)."""
    others = universe.edges["paper_id"].value_counts()
    return len(universe.papers) - int((others > 1).sum()), len(universe.papers)


def count_never_compared_to(universe: Universe) -> _Count:
    """Papers that no paper compares to: "dozens of methods have never been compared to" (sections 1 and 4.1)."""
    return len(universe.papers - set(universe.edges["compared_id"])), len(universe.papers)


def comparable(universe: Universe) -> _Count:
    """Pairs of papers with results on one dataset, architecture, quality and efficiency, of all pairs of papers.

    "Methodologies are so inconsistent between papers that we could not make these comparisons ourselves" (section 1).
    """
    return len(universe.comparable), len(universe.papers) * (len(universe.papers) - 1) // 2


def paper_dominates(universe: Universe) -> _Count:
    """Stated comparisons on a common configuration in which a point of the comparing paper dominates one of the other.

    "68 dominant out of 136 comparisons" (comment in the survey's published code, ``analysis/python/main.py``).
    """
    return int((universe.stated["dominant"] > 0).sum()), len(universe.stated)


def one_dominates(universe: Universe) -> _Count:
    """Stated comparisons in which a point of either paper dominates or is dominated.

    The survey's 68 and 25 of 136 (comment in its code) are 93 together, as no comparison is among both.
    """
    return int((universe.stated["dominant"] + universe.stated["dominated"] > 0).sum()), len(universe.stated)


def beat_own_family(size: str) -> Callable[[Universe], _Count]:
    """Pruned models above the line of their own unpruned family: "sometimes" (Figure 1, upper panels)."""
    return lambda universe: _outperforming(universe.against, size, "own")


def beat_better_family(size: str) -> Callable[[Universe], _Count]:
    """Pruned models above the line of the better architecture, EfficientNet: "rarely" (Figure 1, upper panels)."""
    return lambda universe: _outperforming(universe.against, size, "better")


def _outperforming(against: pd.DataFrame, size: str, line: str) -> _Count:
    of_size = against[against["size"] == size]
    return int(of_size[line].sum()), len(of_size)


@dataclass(frozen=True, slots=True)
class SurveyFinding:
    """A number, what the survey says about it, and how those words are read."""

    name: str
    title: str
    """What is counted, for readers."""
    statement: str
    """The survey's words."""
    source: str
    """Where they stand."""
    reading: str
    """When they hold, in words."""
    holds: Callable[[int, float], bool]
    """The same of a number and the share that it is, 0 to 1."""
    count: Callable[[Universe], _Count]
    choices: tuple[str, ...]
    """The choices that can move the number."""


GRAPH = ("mnist", "preprints", "corrections")
CURVES = ("preprints", "corrections", "exclusions", "sweeps")
FIGURE1 = ("normalizer", "reference", *CURVES)
CODE = "comment in the survey's code"
OWN_FAMILY = "sometimes outperform the original architecture"
BETTER_FAMILY = "rarely outperform a better architecture"

FINDINGS: tuple[SurveyFinding, ...] = (
    SurveyFinding(
        name="compare_to_none",
        title="papers that compare to no other",
        statement="more than a fourth",
        source="section 4.1",
        reading="more than 25 %",
        holds=lambda _, share: share > 0.25,
        count=compare_to_none,
        choices=GRAPH,
    ),
    SurveyFinding(
        name="compare_to_at_most_one",
        title="papers that compare to at most one other",
        statement="half",
        source="section 1",
        reading="at least 50 %",
        holds=lambda _, share: share >= 0.5,
        count=compare_to_at_most_one,
        choices=GRAPH,
    ),
    SurveyFinding(
        name="never_compared_to",
        title="papers that no paper compares to",
        statement="dozens",
        source="sections 1 and 4.1",
        reading="at least 24 papers",
        holds=lambda number, _: number >= 24,
        count=count_never_compared_to,
        choices=GRAPH,
    ),
    SurveyFinding(
        name="comparable",
        title="pairs of papers whose results can be compared",
        statement="we could not make these comparisons ourselves",
        source="section 1",
        reading="at most 10 %",
        holds=lambda _, share: share <= 0.1,
        count=comparable,
        choices=("mnist", *CURVES),
    ),
    SurveyFinding(
        name="paper_dominates",
        title="comparisons in which the comparing paper dominates",
        statement="68 of 136",
        source=CODE,
        reading="45 to 55 %",
        holds=lambda _, share: 0.45 <= share <= 0.55,
        count=paper_dominates,
        choices=CURVES,
    ),
    SurveyFinding(
        name="one_dominates",
        title="comparisons in which one of the two dominates",
        statement="68 and 25 of 136",
        source=CODE,
        reading="more than 50 %",
        holds=lambda _, share: share > 0.5,
        count=one_dominates,
        choices=CURVES,
    ),
    *(
        SurveyFinding(
            name=f"beat_own_family_in_{size}",
            title=f"pruned models that beat their own family ({label})",
            statement=OWN_FAMILY,
            source="Figure 1",
            reading="at least 10 %",
            holds=lambda _, share: share >= 0.1,
            count=beat_own_family(size),
            choices=FIGURE1,
        )
        for size, label in _SIZES.items()
    ),
    *(
        SurveyFinding(
            name=f"beat_better_family_in_{size}",
            title=f"pruned models that beat EfficientNet ({label})",
            statement=BETTER_FAMILY,
            source="Figure 1",
            reading="at most 10 %",
            holds=lambda _, share: share <= 0.1,
            count=beat_better_family(size),
            choices=FIGURE1,
        )
        for size, label in _SIZES.items()
    ),
)
"""The main findings, in the order of the survey's text."""


@computed_once
def multiverse_table(survey: Dataset) -> pd.DataFrame:
    """Every finding in every universe: one row a finding and universe, findings in the order of :data:`FINDINGS`.

    Args:
        survey: The dataset of one collection.

    Returns:
        The text columns of ``CHOICES``, ``finding``, ``value`` (share, 0 to 1; missing without anything to count),
        its ``numerator`` and ``denominator`` (counts), and whether what the survey says ``holds``.
    """
    everything = list(universes(survey))
    return _typed(row for finding in FINDINGS for row in _everywhere(finding, everything))


def robustness(multiverse: pd.DataFrame) -> pd.DataFrame:
    """Which findings hold everywhere: one row a finding.

    Args:
        multiverse: Rows as of ``multiverse()``.

    Returns:
        ``finding``, the survey's ``statement``, its ``source`` and its ``reading`` (text); ``published``, ``minimum``
        and ``maximum`` of the value (share, 0 to 1); ``universes`` (count of those with a value); ``holds``, the share
        of them in which the statement does; ``moved_by``, the choice that moves the value most (missing if none does),
        and ``moved``, by how much on average over all settings of the other choices (share).
    """
    rows = [_robustness(finding, multiverse[multiverse["finding"] == finding.name]) for finding in FINDINGS]
    text = dict.fromkeys(["finding", "statement", "source", "reading", "moved_by"], "string")
    return pd.DataFrame(rows).astype({**text, "universes": "Int64"})


@computed_once
def leave_one_out(survey: Dataset) -> pd.DataFrame:
    """Every finding on the published path without one paper: one row a finding and paper.

    Args:
        survey: The dataset of one collection.

    Returns:
        ``left_out`` (the id of the paper), ``finding``, ``value``, ``numerator``, ``denominator`` and ``holds`` as of
        ``multiverse()``; ``shift``, the value minus that with all papers; and ``flips``, whether the paper carries
        the finding: what the survey says holds with it and not without, or the other way round.
    """
    whole = next(universes(survey))
    without = {paper: replace(whole, papers=whole.papers - {paper}) for paper in sorted(whole.papers)}
    with_all = _typed(_row(finding, whole) for finding in FINDINGS).set_index("finding")
    table = _typed(
        {"left_out": paper, **_row(finding, universe)} for finding in FINDINGS for paper, universe in without.items()
    )
    return table.assign(
        shift=table["value"] - table["finding"].map(with_all["value"]),
        flips=table["holds"] != table["finding"].map(with_all["holds"]),
    )


def _everywhere(finding: SurveyFinding, everything: list[Universe]) -> Iterator[dict[str, object]]:
    """The finding in each universe, counted once for each setting of the choices that can move it."""
    rows: dict[tuple[str, ...], dict[str, object]] = {}
    for universe in everything:
        key = tuple(universe.choice[choice] for choice in finding.choices)
        rows[key] = rows.get(key) or _row(finding, universe)
        yield {**universe.choice, **rows[key]}


def _row(finding: SurveyFinding, universe: Universe) -> dict[str, object]:
    numerator, denominator = finding.count(universe)
    value = numerator / denominator if denominator else None
    holds = None if value is None else finding.holds(numerator, value)
    counted = {"value": value, "numerator": numerator, "denominator": denominator}
    return {"finding": finding.name, **counted, "holds": holds}


def _typed(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    types = {"value": "float64", "numerator": "Int64", "denominator": "Int64", "holds": "boolean"}
    table = pd.DataFrame(list(rows))
    return table.astype({name: types.get(str(name), "string") for name in table})


def _robustness(finding: SurveyFinding, rows: pd.DataFrame) -> dict[str, object]:
    published = (rows[list(CHOICES)] == pd.Series(SURVEY_PATH)).all(axis=1)
    moved = pd.Series({choice: _moved(rows, choice) for choice in finding.choices})
    return {
        "finding": finding.name,
        "statement": finding.statement,
        "source": finding.source,
        "reading": finding.reading,
        "published": rows.loc[published, "value"].squeeze(),
        "minimum": rows["value"].min(),
        "maximum": rows["value"].max(),
        "universes": rows["value"].count(),
        "holds": rows["holds"].mean(),
        "moved_by": moved.idxmax() if moved.max() > 0 else None,
        "moved": moved.max(),
    }


def _moved(rows: pd.DataFrame, choice: str) -> float:
    """How far the value moves with one choice, on average over all settings of the others."""
    values = rows.groupby([other for other in CHOICES if other != choice])["value"]
    return float((values.max() - values.min()).mean())
