"""Engine of the audit: what every rule finds, and what became of it.

Every rule runs twice, on the records as published and as corrected.  What a correction removes is *corrected*; what it
leaves must be *acknowledged* in the corpus with a reason, or it is *open*.  An acknowledgement that fits no finding any
more is itself a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.audit import rules as families
from prunelit.analysis.audit.findings import FindingStatus, Rule, Severity, Suspicion
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.modules import modules
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Acknowledgement
from prunelit.schema.problems import Path
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document

AUDIT_RULES: tuple[Rule, ...] = tuple(
    one for family in modules(families).values() for one in vars(family).values() if isinstance(one, Rule)
)
"""Every rule of the audit: those that the modules of the families define, in their order."""

FINDING_COLUMNS = [
    "rule", "family", "severity", "status", "paper_id", "subject", "found", "why", "settle", "reason", "file", "line",
]  # fmt: skip
STALE, ACKNOWLEDGEMENTS = "stale-acknowledgement", "acknowledgements.yaml"


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspicion with its rule, its place and what became of it."""

    rule: str
    family: str
    severity: Severity
    status: FindingStatus
    suspicion: Suspicion
    why: str
    settle: str
    reason: str


def audit_table(dataset: Dataset) -> pd.DataFrame:
    """Everything the rules find, acknowledged and corrected findings included: one row a finding.

    Args:
        dataset: The records; every rule looks at them as published and as corrected, whichever this is.

    Returns:
        Text columns ``rule``, ``family``, ``severity`` (error, warning, note), ``status`` (open, corrected,
        acknowledged), ``paper_id`` (missing where the finding is about the corpus), ``subject``, ``found``, ``why`` it
        is suspicious, what would ``settle`` it, the ``reason`` of an acknowledgement, ``file`` below the folder of the
        corpus, and the count ``line``.
    """
    found = findings(dataset)
    places = _places(found, dataset.corpus)
    rows = [_row(finding, *places[id(finding)]) for finding in found]
    return pd.DataFrame(rows, columns=FINDING_COLUMNS).astype(
        dict.fromkeys(FINDING_COLUMNS[:-1], "string") | {"line": "Int64"}
    )


def findings(dataset: Dataset, rules: tuple[Rule, ...] = AUDIT_RULES) -> list[Finding]:
    """The findings, by rule and then in the order of the records; of a single record, those about it."""
    corpus, corrected = dataset.corpus, dataset.with_corrections()
    published = dataset.as_published() if corpus.corrections else corrected
    found = [finding for rule in rules for finding in _judged(rule, published, corrected)]
    if dataset.beside:
        return [finding for finding in found if finding.suspicion.paper in corpus.by_id]
    used = {_covering(finding.rule, finding.suspicion, corpus) for finding in found if finding.status == "acknowledged"}
    return found + list(_stale(corpus, used))


def _judged(rule: Rule, published: Dataset, corrected: Dataset) -> Iterator[Finding]:
    """What a rule finds, with what became of it; places are those in the records as published."""
    before = {one.key: one for one in rule.check(published)}
    left = before if corrected is published else {one.key: one for one in rule.check(corrected)}
    for key, last in {**before, **left}.items():
        suspicion = replace(last, path=before.get(key, last).path)
        index = _covering(rule.name, suspicion, published.corpus)
        if key not in left:
            yield _finding(rule, "corrected", suspicion)
        elif index is None:
            yield _finding(rule, "open", suspicion)
        else:
            yield _finding(rule, "acknowledged", suspicion, published.corpus.acknowledgements[index].reason)


def _covering(rule: str, suspicion: Suspicion, corpus: Corpus) -> int | None:
    """The position of the first acknowledgement that covers a suspicion."""
    every = enumerate(corpus.acknowledgements)
    return next((index for index, one in every if _covers(one, rule, suspicion)), None)


def _finding(rule: Rule, status: FindingStatus, suspicion: Suspicion, reason: str = "") -> Finding:
    return Finding(rule.name, rule.family, rule.severity, status, suspicion, rule.why, rule.settle, reason)


def _covers(one: Acknowledgement, rule: str, suspicion: Suspicion) -> bool:
    return (
        one.rule == rule
        and (one.papers is None or suspicion.paper in one.papers)
        and (one.subject is None or one.subject == suspicion.subject)
    )


def _stale(corpus: Corpus, used: set[int | None]) -> Iterator[Finding]:
    for index, one in enumerate(corpus.acknowledgements):
        if index not in used:
            subject = f"{one.rule}: {one.subject or ', '.join(one.papers or ('all',))}"
            path: Path = ("acknowledgements", index)
            suspicion = Suspicion(None, subject, "no finding fits this acknowledgement any more", path)
            why = "An acknowledgement that covers nothing hides the next finding of its kind."
            yield Finding(STALE, "survey", "error", "open", suspicion, why, "Remove it, or mend what it names.", "")


_Place: TypeAlias = tuple[str | None, int | None]
"""File and line."""


def _row(finding: Finding, file: str | None, line: int | None) -> list[object]:
    suspicion = finding.suspicion
    told = [suspicion.paper, suspicion.subject, suspicion.found, finding.why, finding.settle, finding.reason or None]
    return [finding.rule, finding.family, finding.severity, finding.status, *told, file, line]


def _places(found: list[Finding], corpus: Corpus) -> dict[int, _Place]:
    """The place of each finding, by its identity."""
    documents = {one.value.id: one for one in corpus.documents}
    # Paper by paper, as the text of a document is composed anew whenever another one was asked about.
    ordered = sorted(found, key=lambda one: (one.rule == STALE, one.suspicion.paper or ""))
    return {id(one): _place(one.suspicion, one.rule, corpus, documents) for one in ordered}


def _place(suspicion: Suspicion, rule: str, corpus: Corpus, documents: dict[str, Document[Paper]]) -> _Place:
    if rule == STALE and (shared := corpus.shared.get(ACKNOWLEDGEMENTS)):
        return ACKNOWLEDGEMENTS, shared.line(suspicion.path)
    document = documents.get(suspicion.paper or "")
    return (f"papers/{suspicion.paper}.yaml", document.line(suspicion.path)) if document else (None, None)
