"""Captions of figures: title, how to read it, more about it, and a text in its place, all from the docstring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from prunelit.analysis.dataset import Dataset
    from prunelit.figures.figure import Figure


@dataclass(frozen=True, slots=True)
class Caption:
    """The parts of a caption, each on one line."""

    title: str
    reading: str
    more: str
    alt: str


def caption(docstring: str) -> Caption:
    """The caption in a docstring: paragraphs with title, reading and more, and one that starts with ``Alt:``."""
    title, reading, *more, alt = (" ".join(part.split()) for part in cleandoc(docstring).split("\n\n"))
    if not alt.startswith("Alt: "):
        raise ValueError(f"the last paragraph is no 'Alt: …': {alt[:60]}")
    return Caption(title.removesuffix("."), reading, " ".join(more), alt.removeprefix("Alt: "))


def said(figure: Figure, data: pd.DataFrame, dataset: Dataset) -> Caption:
    """What is said about a figure of a dataset: its docstring, which speaks of the survey, reworded for others.

    A figure whose docstring would be wrong elsewhere has a function ``worded(caption, data)``.
    """
    found = caption(figure.__doc__ or "")
    reword: Callable[[Caption, pd.DataFrame], Caption] | None = getattr(figure, "worded", None)
    return found if dataset.surveyed or reword is None else reword(found, data)
