"""What is wrong, where, and how is it mended?  The one shape of every complaint about a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The way from the top of a file to a value: ``("experiments", 3, "dataset")``."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one file, with its place (lines and columns count from 1)."""

    file: str
    line: int
    column: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.rule}: {self.message}"


class CorpusError(Exception):
    """Raised when a corpus cannot be used as it is; carries every :class:`Problem` found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(found: str, known: Iterable[str]) -> str:
    """``"; did you mean 'VGG-16'?"``, or nothing when no known name is near (case is ignored)."""
    by_case = {name.casefold(): name for name in known}
    close = get_close_matches(found.casefold(), by_case, n=1, cutoff=0.6)
    return f"; did you mean '{by_case[close[0]]}'?" if close else ""
