"""What is said about a figure?  Its docstring: title, how to read it, more about it, and a text in its place."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import cleandoc


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
