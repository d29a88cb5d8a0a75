"""Synthesis that figures of the gallery draw, and how they speak of the network that it is of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.synthesis.question import Question
from prunelit.analysis.synthesis.standard_errors import FACTORS
from prunelit.figures.captions import Caption
from prunelit.figures.theme import BLACK, BLUE, ORANGE, PURPLE

if TYPE_CHECKING:
    from prunelit.analysis.synthesis.field import Synthesis

_METRIC, _EFFICIENCY, _AT = "top1", "speedup", 2.0
"""What the gallery asks of a network: Top-1 at twice the speed."""
_RATIOS = {"speedup": "theoretical speedup", "compression_ratio": "compression ratio"}
_ACCURACIES = {"top1": "Top-1 (pp)", "top5": "Top-5 (pp)"}
_FACTOR_HUES = dict(zip(FACTORS.values(), (ORANGE, BLACK, BLUE, PURPLE), strict=True))
_FACTOR_SHAPES = dict(zip(FACTORS.values(), ("triangle-up", "circle", "square", "diamond"), strict=True))
SIGNED_TICKS = "datum.value ? format(datum.value, '+~g') : '0'"
REPORTED_DEVIATION, ASSUMED_DEVIATION = "reported", "assumed"
MOST_LOCATORS = 3
HALF_INTERVAL = 1.959963984540054
"""Half of a 95 % interval in standard errors: the normal quantile of 0.975."""


def of_best_connected(dataset: Dataset, rows: Callable[[Synthesis], pd.DataFrame]) -> pd.DataFrame:
    """What a figure draws of the network of which papers say most together, among those of which it draws anything.

    Nothing where there is none.
    """
    drawn = (rows(_synthesis_of(dataset, *place)) for place in _connected(dataset))
    return next((one for one in drawn if len(one)), pd.DataFrame())


@computed_once
def _connected(dataset: Dataset) -> list[tuple[str, str]]:
    """The networks that carry a synthesis, those of which papers say most together first."""
    if _METRIC not in set(dataset.evidence_long()["metric"].dropna()):
        return []
    networks = dataset.synthesis_networks(_METRIC, _EFFICIENCY, _AT)
    carrying = networks[networks["carries"].astype(bool)]
    return list(zip(carrying["dataset"], carrying["architecture"], strict=True))


@computed_once
def _synthesis_of(dataset: Dataset, name: str, architecture: str) -> Synthesis:
    # SciPy takes as long to import as pandas, and most figures do without.
    from prunelit.analysis.synthesis.field import synthesize

    return synthesize(dataset.evidence_long(), None, Question(name, architecture, _METRIC, _EFFICIENCY, _AT))


def network_name(found: Synthesis) -> str:
    """The network and the ratio: ``ResNet-56 (CIFAR-10) at 2× theoretical speedup``."""
    asked = found.question
    return f"{asked.architecture} ({asked.dataset}) at {asked.at:g}× {_RATIOS[asked.efficiency]}"


def named_after(caption: Caption, data: pd.DataFrame) -> Caption:
    """The caption with the network by its name."""
    return replace(caption, title=caption.title.replace("one network", data["network"].iloc[0]))


def difference(found: Synthesis) -> str:
    """What effects are, for the title of an axis."""
    return f"Difference in {_ACCURACIES.get(found.question.metric, found.question.metric)}"


def evidence_of(found: Synthesis) -> pd.DataFrame:
    """What stands behind each method: ``studies``, ``points``, whether deviations are ``assumed``, and ``source``."""
    methods = found.arms.groupby("treatment")
    sources = {name: " | ".join(_places(rows)) for name, rows in methods}
    assumed = methods["assumed"].all().map({True: ASSUMED_DEVIATION, False: REPORTED_DEVIATION})
    counts = methods.agg(studies=("study", "nunique"), points=("curves", "sum"))
    return counts.assign(deviation=assumed, source=pd.Series(sources, dtype="object"))


def _places(arms: pd.DataFrame) -> list[str]:
    """Where the numbers of a few studies stand, and how many more there are."""
    places = arms["study"] + ": " + arms["locator"].fillna(arms["source_url"])
    told = places.fillna(arms["study"]).tolist()
    rest = len(told) - MOST_LOCATORS
    return [*told[:MOST_LOCATORS], *([f"and {rest} more"] if rest > 0 else [])]


def assumption_marks(data: pd.DataFrame) -> tuple[list[str], alt.Color, alt.Shape]:
    """The multiples of the assumed standard error that a figure draws, with a colour and a shape for each."""
    kinds = [name for name in FACTORS.values() if (data["assumption"] == name).any()]
    legend = alt.Legend(title="Assumed standard error", orient="top")
    hues, shapes = (alt.Scale(domain=kinds, range=[of[one] for one in kinds]) for of in (_FACTOR_HUES, _FACTOR_SHAPES))
    colour = alt.Color("assumption:N", scale=hues, legend=legend)
    return kinds, colour, alt.Shape("assumption:N", scale=shapes, legend=legend)
