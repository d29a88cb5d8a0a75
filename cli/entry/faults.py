"""Faults of a table's cells, told once a kind with all the cells concerned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from prunelit.schema.problems import Problem, quoted

MAX_LISTED = 8
_DIFFERENT = re.compile(r"columns? '[^']*'|'[^']*'|[\d.,−-]+")


class CellFault(NamedTuple):
    """What is wrong with one cell or row, or must be told of it."""

    line: int
    rule: str
    message: str
    """For a person, with what was found; faults that differ in nothing but quoted text and digits are of one kind."""
    place: str = ""
    """How people call the cell; empty where it is the whole line."""
    cell: str = ""


def told_once(faults: Iterable[CellFault], file: str) -> Iterator[Problem]:
    """One problem for each kind of fault, in the order of their first cells.

    Example:
        >>> two = CellFault(2, "number", "found 'x'", "B2", "x"), CellFault(3, "number", "found 'y'", "B3", "y")
        >>> [problem.message for problem in told_once(two, "f")]
        ["found 'x' (B2); the same with 'y' (B3)"]
    """
    kinds: dict[tuple[str, str], list[CellFault]] = {}
    for fault in dict.fromkeys(faults):
        kinds.setdefault((fault.rule, _kind(fault)), []).append(fault)
    for (rule, _), alike in kinds.items():
        first, *others = alike
        place = f" ({first.place})" if first.place and first.place != f"line {first.line}" else ""
        yield Problem(file, first.line, 1, rule, f"{first.message}{place}{_listed(others)}")


def _kind(fault: CellFault) -> str:
    """The message without what differs from cell to cell; a name that is not known is a mistake of its own."""
    if fault.rule == "known-names":
        return fault.message
    return _DIFFERENT.sub(lambda one: one[0] if one[0].startswith("column") else "#", fault.message)


def _listed(others: list[CellFault]) -> str:
    if not others:
        return ""
    shown = ", ".join(
        f"{quoted(one.cell)} ({one.place})" if one.cell else one.place or f"line {one.line}"
        for one in others[:MAX_LISTED]
    )
    return f"; the same {'with' if others[0].cell else 'at'} {shown}" + (
        f" and {len(others) - MAX_LISTED} more" if len(others) > MAX_LISTED else ""
    )
