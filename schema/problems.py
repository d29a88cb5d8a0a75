"""Problems and errors: what is wrong, where, and how it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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


MAX_PROBLEMS, MAX_SHOWN = 50, 80


def at_most(problems: Sequence[Problem]) -> list[Problem]:
    """The first ``MAX_PROBLEMS`` problems of one file, and whether there are more."""
    rest = problems[MAX_PROBLEMS:]
    if not rest:
        return list(problems)
    message = f"there are more problems in this file than the {MAX_PROBLEMS} above; mend those first"
    return [*problems[:MAX_PROBLEMS], replace(rest[0], rule="too-many-problems", message=message)]


class PrunelitError(Exception):
    """Base of every error that this package raises on purpose; each carries the value that caused it."""


class CorpusError(PrunelitError):
    """Raised when a corpus cannot be used as it is; carries every :class:`Problem` found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


def printable(text: str) -> str:
    """Foreign text as a message shows it: on one line, nothing that moves the cursor, not too long."""
    shown = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in shown)


def quoted(text: str) -> str:
    """Foreign text as a message shows it, in quotes."""
    return f"'{printable(text)}'"


def nearest(found: str, known: Iterable[str]) -> str:
    """``"; did you mean 'VGG-16'?"``, or nothing when no known name is near (case is ignored)."""
    by_case = {name.casefold(): name for name in known}
    close = get_close_matches(found[:MAX_SHOWN].casefold(), by_case, n=1, cutoff=0.6)
    return f"; did you mean '{by_case[close[0]]}'?" if close else ""


class UnknownNameError(PrunelitError, ValueError, LookupError):
    """Raised when nothing has the name that is asked for.

    Attributes:
        kind: What is asked for, such as ``collection``.
        name: The name.
        known: The names that there are.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        listed = f"; there are {', '.join(self.known)}" if 0 < len(self.known) <= _MAX_LISTED else ""
        super().__init__(f"no {kind} {quoted(name)}{nearest(name, self.known)}{listed}")


_MAX_LISTED = 40
"""Names up to which an error lists them all."""


class AmbiguousNameError(PrunelitError, ValueError, LookupError):
    """Raised when more than one thing fits the name that is asked for.

    Attributes:
        kind: What is asked for, such as ``paper``.
        name: The name.
        candidates: What it fits.
    """

    def __init__(self, kind: str, name: str, candidates: Sequence[str]) -> None:
        self.kind, self.name, self.candidates = kind, name, tuple(candidates)
        shown = ", ".join(map(quoted, candidates[:_MAX_CANDIDATES]))
        more = f" and {len(candidates) - _MAX_CANDIDATES} more" if len(candidates) > _MAX_CANDIDATES else ""
        super().__init__(f"{len(candidates)} {kind}s match {quoted(name)}: {shown}{more}; name one")


_MAX_CANDIDATES = 5
"""Candidates that an error names."""


class ArgumentError(PrunelitError, ValueError):
    """Raised when a number that is asked for makes no sense.

    Attributes:
        value: The number.
    """

    def __init__(self, value: object, message: str) -> None:
        self.value = value
        super().__init__(message)
