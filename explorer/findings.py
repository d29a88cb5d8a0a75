"""Findings: what the audit finds in records, and what of it people let stand."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.audit.engine import AUDIT_RULES, audit_table
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.columns import TEXT, Column, typed
from prunelit.explorer.ahead import LongTable
from prunelit.schema.correction import Acknowledgement

_RULES = {one.name: one for one in AUDIT_RULES}
_ONES = "analysis.audit"
OPEN_FINDINGS = (
    Column("paper_id", TEXT, "", "Id of the paper; empty where it is about the corpus.", "Paper.id"),
    Column("rule", TEXT, "", "Rule of the audit that makes the finding.", _ONES),
    Column("severity", TEXT, "", "error: cannot be true; warning: implausible; note: worth knowing.", _ONES),
    Column("subject", TEXT, "", "What it is about.", _ONES),
    Column("found", TEXT, "", "What was found.", _ONES),
    Column("why", TEXT, "", "Why that is suspicious.", _ONES),
    Column("settle", TEXT, "", "What would settle it.", _ONES),
)
"""Columns of the findings that nobody has looked at, one row each."""


def open_findings(dataset: Dataset) -> pd.DataFrame:
    """What the audit finds and no correction has removed and nobody has acknowledged: one audit for the whole site."""
    table = audit_table(dataset, "open")
    return typed(table[table["status"].eq("open")][[one.name for one in OPEN_FINDINGS]], OPEN_FINDINGS)


OF_RECORDS: tuple[LongTable, ...] = (open_findings,)
"""Tables that begin with records as published, of which pages show nothing: made while their tables are being made."""


def finding_row(acknowledgement: Acknowledgement) -> dict[str, str]:
    """A finding that stands as tables show it: the rule with what it catches, what it is about, and why it stands."""
    rule = _RULES.get(acknowledgement.rule)
    return {
        "rule": acknowledgement.rule,
        "severity": rule.severity if rule else "",
        "what it catches": " ".join(rule.meaning.split()) if rule else "",
        "about": excused_text(acknowledgement),
        "why it stands": acknowledgement.reason,
    }


def excused_text(acknowledgement: Acknowledgement) -> str:
    """What an acknowledgement lets stand, in words."""
    return "; ".join(
        ", ".join(filter(None, (one.dataset, one.architecture, one.method, one.field))) + f": {', '.join(one.values)}"
        for one in acknowledgement.excuses
    )
