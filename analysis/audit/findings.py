"""Findings of the audit: rules, and the suspicions that they raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from prunelit.analysis.audit.rows import AuditRow
from prunelit.analysis.dataset import Dataset
from prunelit.schema.problems import Path

Severity: TypeAlias = Literal["error", "warning", "note"]
"""``error``: cannot be true; ``warning``: implausible; ``note``: worth knowing."""
FindingStatus: TypeAlias = Literal["open", "corrected", "acknowledged"]
Check: TypeAlias = "Callable[[Dataset], Iterator[Suspicion]]"
"""What looks for suspicions in a dataset, as published or as corrected."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What a rule found: the paper (None for the corpus), a short name of what is wrong there, and the path to it.

    ``value`` is what an acknowledgement excuses, where that is not what the record prints at the path: what the finding
    rests on in that record, and nothing that other papers move.
    """

    paper: str | None
    subject: str
    found: str
    path: Path = ()
    value: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        """What stays the same while the record changes around it."""
        return self.paper, self.subject


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the audit, with what its findings have in common."""

    name: str
    family: str
    severity: Severity
    why: str
    settle: str
    check: Check
    of_record: bool = False
    """Whether it looks at one record at a time and at what all share, and at no other record."""

    @property
    def meaning(self) -> str:
        """What the rule catches."""
        return (self.check.__doc__ or "").strip()


def rule(severity: Severity, *, why: str, settle: str, of_record: bool = False) -> Callable[[Check], Rule]:
    """Make a rule of a function: its name is the id, its docstring says what it catches, its module is the family.

    Args:
        severity: How bad a finding is.
        why: Why it is suspicious.
        settle: What would settle it.
        of_record: Whether it looks at one record at a time, and tells of each in turn; then it runs where one changed.
    """

    def make(check: Check) -> Rule:
        name, family = check.__name__.replace("_", "-"), check.__module__.rpartition(".")[2]
        return Rule(name, family, severity, why, settle, check, of_record)

    return make


def at(row: AuditRow, name: str, found: str, value: str | None = None) -> Suspicion:
    """A suspicion about a quantity of a row."""
    return Suspicion(row.paper.id, f"{row.name}: {name}", found, row.where(name), value)
