"""Registry of the figures, in their order."""

from __future__ import annotations

from prunelit.analysis.load import ALL
from prunelit.figures.figure import Figure
from prunelit.figures.gallery import (
    beats,
    checklist,
    discrepancies,
    fairness,
    figure1,
    figure2,
    figure3,
    figure4,
    figure5,
    frontier,
    graph,
    multiverse,
    plan,
    progress,
    scratch,
    table1,
)

FIGURES: dict[str, Figure] = {
    "figure1": figure1,
    "figure2": figure2,
    "table1": table1,
    "figure3": figure3,
    "figure4": figure4,
    "figure5": figure5,
    "beats": beats,
    "graph": graph,
    "fairness": fairness,
    "checklist": checklist,
    "multiverse": multiverse,
    "plan": plan,
    "scratch": scratch,
    "progress": progress,
    "frontier": frontier,
    "discrepancies": discrepancies,
}

BEYOND = ("progress", "frontier", "discrepancies")
"""Figures of what came after the survey, which say little about the survey alone."""
ON_REQUEST = frozenset({"multiverse", "plan", "scratch", *BEYOND})
"""Figures that are drawn only when they are named: they show more than the data, another collection, or take long."""
HOME = {"scratch": "scratch", **dict.fromkeys(BEYOND, ALL)}
"""Figures that belong to one collection, or to all together; those are drawn with it, unnamed."""


def unnamed(name: str, collection: str) -> bool:
    """Whether a figure is drawn with a collection where no figure is named."""
    return name not in ON_REQUEST or HOME.get(name) == collection
