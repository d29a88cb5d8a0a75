"""What does the audit say about a corpus?

Every rule runs twice, on the records as published and as corrected.  What a correction removes is *corrected*; what it
leaves must be *acknowledged* in the corpus with a reason, or it is *open*.  An acknowledgement that fits no finding any
more is itself a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from prunelit.analysis.audit import closure, conventions, dates, identity, incompleteness, repetition, spread, survey
from prunelit.analysis.audit.evidence import Evidence
from prunelit.analysis.audit.findings import Rule, Severity, Status, Suspicion
from prunelit.analysis.load import chosen
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Acknowledgement

RULES: tuple[Rule, ...] = (
    *dates.RULES,
    *identity.RULES,
    *closure.RULES,
    *conventions.RULES,
    *spread.RULES,
    *repetition.RULES,
    *incompleteness.RULES,
    *survey.RULES,
)
"""Every rule of the audit, by family."""

COLUMNS = ["rule", "family", "severity", "status", "paper_id", "subject", "found", "why", "settle", "reason", "file", "line"]
STALE = "stale-acknowledgement"


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspicion with its rule, its place and what became of it."""

    rule: str
    family: str
    severity: Severity
    status: Status
    suspicion: Suspicion
    why: str
    settle: str
    reason: str


def audit(corpus: Corpus | None = None) -> pd.DataFrame:
    """Everything the rules find, acknowledged and corrected findings included: one row a finding.

    Args:
        corpus: Records; by default those that ship with the package.

    Returns:
        Text columns ``rule``, ``family``, ``severity`` (error, warning, note), ``status`` (open, corrected, acknowledged), ``paper_id``
        (missing where the finding is about the corpus), ``subject``, ``found``, ``why`` it is suspicious, what would ``settle`` it, the
        ``reason`` of an acknowledgement, ``file``, and the count ``line``.
    """
    corpus = chosen(corpus, None)
    rows = [_row(finding, corpus) for finding in findings(corpus)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({name: "string" for name in COLUMNS[:-1]} | {"line": "Int64"})


def findings(corpus: Corpus, rules: tuple[Rule, ...] = RULES) -> list[Finding]:
    """The findings, by rule and then in the order of the records."""
    published, corrected = Evidence(corpus, corrected=False), Evidence(corpus, corrected=True)
    found: list[Finding] = []
    used: set[int] = set()
    for rule in rules:
        left = {one.key: one for one in rule.check(corrected)}
        before = {one.key: one for one in rule.check(published)}
        for key, suspicion in {**before, **left}.items():
            if key not in left:
                found.append(_finding(rule, "corrected", suspicion, ""))
                continue
            index = next((at for at, one in enumerate(corpus.acknowledgements) if _covers(one, rule, suspicion)), None)
            used |= set() if index is None else {index}
            reason = "" if index is None else corpus.acknowledgements[index].reason
            found.append(_finding(rule, "open" if index is None else "acknowledged", suspicion, reason))
    return found + list(_stale(corpus, used))


def _finding(rule: Rule, status: Status, suspicion: Suspicion, reason: str) -> Finding:
    return Finding(rule.name, rule.family, rule.severity, status, suspicion, rule.why, rule.settle, reason)


def _covers(one: Acknowledgement, rule: Rule, suspicion: Suspicion) -> bool:
    return (
        one.rule == rule.name
        and (one.papers is None or suspicion.paper in one.papers)
        and (one.subject is None or one.subject == suspicion.subject)
    )


def _stale(corpus: Corpus, used: set[int]) -> Iterator[Finding]:
    for index, one in enumerate(corpus.acknowledgements):
        if index not in used:
            subject = f"{one.rule}: {one.subject or ', '.join(one.papers or ('all',))}"
            suspicion = Suspicion(None, subject, "no finding fits this acknowledgement any more", ("acknowledgements", index))
            why = "An acknowledgement that covers nothing hides the next finding of its kind."
            yield Finding(STALE, "survey", "error", "open", suspicion, why, "Remove it, or mend what it names.", "")


def _row(finding: Finding, corpus: Corpus) -> list[object]:
    suspicion = finding.suspicion
    file, line = _place(suspicion, finding.rule, corpus)
    told = [suspicion.paper, suspicion.subject, suspicion.found, finding.why, finding.settle, finding.reason or None]
    return [finding.rule, finding.family, finding.severity, finding.status, *told, file, line]


def _place(suspicion: Suspicion, rule: str, corpus: Corpus) -> tuple[str | None, int | None]:
    if rule == STALE:
        document = corpus.shared.get("acknowledgements.yaml")
    else:
        document = next((one for one in corpus.documents if one.value.id == suspicion.paper), None)
    if document is None:
        return None, None
    return document.file, document.line(suspicion.path)
