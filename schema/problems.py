"""Problems and errors: what is wrong, where, and how it is mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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


def nearest_name(found: str, known: Iterable[str]) -> str:
    """As :func:`nearest`, for a known spelling of the same thing alone: ``MnistNet`` is no ``MnasNet``.

    Numbers and words of up to three letters tell things apart (``ResNet-50``, ``DeiT-S``); a longer word may differ in
    one letter, if that leaves one name alone.

    Args:
        found: The name that is not known.
        known: Those that are; a mapping says what each spelling means.
    """
    meant = known if isinstance(known, Mapping) else {name: name for name in known}
    alike = {name for spelling, name in meant.items() if _letters(spelling) == _letters(found)}
    words = _words(found[:MAX_SHOWN])
    close = alike or {name for spelling, name in meant.items() if _one_letter_apart(words, _words(spelling))}
    return f"; did you mean '{close.pop()}'?" if len(close) == 1 else ""


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _words(text: str) -> list[str]:
    """The words and numbers of a name."""
    return re.findall(r"\d+|[^\W\d_]+", text.casefold())


def _one_letter_apart(found: list[str], known: list[str]) -> bool:
    """Whether two names differ in one letter of one longer word."""
    differ = [pair for pair in zip(found, known, strict=False) if pair[0] != pair[1]]
    if len(found) != len(known) or len(differ) != 1:
        return False
    [(one, other)] = differ
    return min(len(one), len(other)) > 3 and not (one + other).isdigit() and _one_edit(one, other)


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two letters the other way round, make one word the other."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        at = [place for place, pair in enumerate(zip(short, long, strict=True)) if pair[0] != pair[1]]
        swapped = len(at) == 2 and at[1] == at[0] + 1 and short[at[0]] == long[at[1]] and short[at[1]] == long[at[0]]
        return len(at) == 1 or swapped
    return len(short) + 1 == len(long) and any(short == long[:at] + long[at + 1 :] for at in range(len(long)))


def nearest_key(found: str, known: Iterable[str]) -> str:
    """As :func:`nearest`, but never a quantity that means something else: it says what to do instead."""
    for about, but, instead in _MEANT_OTHERWISE:
        if (named := re.search(about, found, re.IGNORECASE)) and re.search(but, found, re.IGNORECASE):
            return instead.format(named[0].lower())
    return nearest(found, known)


_MEANT_OTHERWISE = (
    (
        r"speed_?up",
        r"measured|actual|real|wall|practical|latency|time|gpu|cpu|device|hardware",
        "; a measured speedup is the metric 'measured_speedup', with its 'hardware': 'speedup' is the theoretical one",
    ),
    (
        r"top[15]",
        r"drop|loss|degradation|decrease",
        "; a change is pruned minus unpruned: write a loss as a negative '{}_change'",
    ),
    (
        r"top[15]",
        r"range|half_?width|interval|best|(_|\b)ci\d*(_|\b)",
        "; only a standard deviation is a '{}_std': say in a 'note' what this is",
    ),
)
"""What a key is about, what in it says that no quantity of that name is meant, and what to do instead."""


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
        hint = (nearest_name if kind in _TOLD_APART else nearest)(name, self.known)
        super().__init__(f"no {kind} {quoted(name)}{hint}{listed}")


_TOLD_APART = {"architecture", "dataset"}
"""What names stand for of which many are alike."""
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
