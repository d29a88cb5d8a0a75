"""Registry of the figures: the modules of the gallery, in their order."""

from __future__ import annotations

from typing import cast

from prunelit.analysis.load import ALL
from prunelit.analysis.modules import modules
from prunelit.figures import gallery
from prunelit.figures.figure import Figure

FIGURES = cast("dict[str, Figure]", modules(gallery))
DRAWN_ON_REQUEST = frozenset(name for name, figure in FIGURES.items() if getattr(figure, "ON_REQUEST", False))
"""Figures that are drawn only when they are named: they show more than the data, another collection, or take long."""
HOMES: dict[str, str] = {name: home for name, figure in FIGURES.items() if (home := getattr(figure, "HOME", None))}
"""Figures that belong to one collection, or to all together; those are drawn with it, unnamed."""
PAGE_NAMES: dict[str, str] = {name: page for name, figure in FIGURES.items() if (page := getattr(figure, "PAGE", None))}
"""Figures that a command shows together on one page, with its name."""
OF_SYNTHESIS = tuple(name for name, page in PAGE_NAMES.items() if page == "synthesis")
"""Figures of what papers say together of one network."""
OF_PROGRESS = tuple(name for name, page in PAGE_NAMES.items() if page == "progress")
"""Figures of whether it has got better since the survey."""
BEYOND = tuple(name for name, home in HOMES.items() if home == ALL)
"""Figures of what came after the survey, which say little about the survey alone."""


def unnamed(name: str, collection: str) -> bool:
    """Whether a figure is drawn with a collection where no figure is named."""
    return name not in DRAWN_ON_REQUEST or HOMES.get(name) == collection
