"""Engine of the audit: what every rule finds, and what became of it.

Every rule runs twice, on the records as published and as corrected.  What a correction removes is *corrected*; what it
leaves is *acknowledged* in the corpus with a reason, or it is *open*.  An acknowledgement excuses what it names, with
the numbers that the record prints there, once for each time that it lists them; when they are gone, that is a finding.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.audit import rules as families
from prunelit.analysis.audit.excuses import Excuse, excuse_of, excuses_in, still_printed, succeeds
from prunelit.analysis.audit.findings import FindingStatus, Rule, Severity, Suspicion
from prunelit.analysis.audit.places import line_in_record
from prunelit.analysis.audit.suspicions import BothStates, suspected
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import cached_table
from prunelit.analysis.frames.columns import COUNT, TEXT, Column, typed
from prunelit.analysis.modules import modules
from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import Path, nearest

AUDIT_RULES: tuple[Rule, ...] = tuple(
    one for family in modules(families).values() for one in vars(family).values() if isinstance(one, Rule)
)
"""Every rule of the audit: those that the modules of the families define, in their order."""

FINDING_COLUMNS = [
    "rule", "family", "severity", "status", "paper_id", "subject", "found", "why", "settle", "reason", "file", "line",
]  # fmt: skip
_TOLD = tuple(Column(name, COUNT if name == "line" else TEXT, "", "") for name in FINDING_COLUMNS)
_FOUND = (*_TOLD[:-1], Column("path", TEXT, "", ""))
STALE, ACKNOWLEDGEMENTS = "stale-acknowledgement", "acknowledgements.yaml"


@dataclass(frozen=True)
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
    published: Corpus | None = field(default=None, repr=False, compare=False)
    """The records that print what it is about; None for a finding about an acknowledgement."""
    stale: Excuse | None = None
    """What an acknowledgement names in vain, for a finding about one."""

    @property
    def concern(self) -> _Concern:
        """Which rule it is of, and of which paper."""
        return self.rule, self.suspicion.paper

    @cached_property
    def excuse(self) -> Excuse | None:
        """What an acknowledgement must name to excuse it; None for a finding about an acknowledgement."""
        return excuse_of(self.rule, self.suspicion, self.published) if self.published else None


@cached_table(_TOLD)
def audit_table(dataset: Dataset, placed: FindingStatus | None = None) -> pd.DataFrame:
    """Everything the rules find, acknowledged and corrected findings included: one row a finding.

    Args:
        dataset: The records; every rule looks at them as published and as corrected, whichever this is.
        placed: The status of the findings whose line is told, as looking for a line takes longer than most rules do;
            by default that of every finding is.

    Returns:
        Text columns ``rule``, ``family``, ``severity`` (error, warning, note), ``status`` (open, corrected,
        acknowledged), ``paper_id`` (missing where the finding is about the corpus), ``subject``, ``found``, ``why`` it
        is suspicious, what would ``settle`` it, the ``reason`` of an acknowledgement, ``file`` below the folder of the
        corpus, and the count ``line``.
    """
    found = _found(dataset)
    return typed(found.assign(line=_lines(found, dataset.corpus, placed)), _TOLD)


@cached_table(_FOUND)
def _found(dataset: Dataset) -> pd.DataFrame:
    """What :func:`audit_table` tells, with paths in place of lines."""
    documents = {one.value.id for one in dataset.corpus.documents}
    return typed([_row(finding, documents, dataset.corpus) for finding in findings(dataset)], _FOUND)


def findings(dataset: Dataset, rules: tuple[Rule, ...] = AUDIT_RULES) -> list[Finding]:
    """The findings, by rule and then in the order of the records; of a single record, those about it."""
    corpus, corrected = dataset.corpus, dataset.with_corrections()
    published = dataset.as_published() if corpus.corrections else corrected
    left = _listed(corpus)
    concerned = {_concern(excuse) for excuse in left}
    states = suspected(rules, published, corrected, kept=rules is AUDIT_RULES)
    told = (one for rule, both in zip(rules, states, strict=True) for one in _found_by(rule, both, corpus))
    found = [_acknowledged(one, left) if one.concern in concerned else one for one in told]
    known = {one.name: one for one in (*AUDIT_RULES, *rules)}
    return found if dataset.beside else [*found, *_stale(corpus, left, found, known)]


@dataclass(frozen=True, slots=True)
class _Excusing:
    """One value of an acknowledgement, with its path and reason."""

    path: Path
    reason: str


_Concern: TypeAlias = tuple[str, str | None]
"""A rule, and the paper that it finds fault with: what is acknowledged of others excuses nothing here."""


def _concern(excuse: Excuse) -> _Concern:
    return excuse.about.rule, excuse.about.paper


_Left: TypeAlias = dict[Excuse, list[_Excusing]]
"""The acknowledgements that no finding has made use of, by what they excuse."""


def _listed(corpus: Corpus) -> _Left:
    """All that is acknowledged."""
    left: _Left = {}
    for index, one in enumerate(corpus.acknowledgements):
        for path, excuse in excuses_in(one):
            left.setdefault(excuse, []).append(_Excusing(("acknowledgements", index, *path), one.reason))
    return left


def _found_by(rule: Rule, suspected: BothStates, published: Corpus) -> Iterator[Finding]:
    """What a rule finds, corrected or open; places are those in the records as published."""
    before, after = suspected
    for key, suspicion in {**before, **after}.items():
        path = before.get(key, suspicion).path
        placed = suspicion if path == suspicion.path else replace(suspicion, path=path)
        status: FindingStatus = "open" if key in after else "corrected"
        yield Finding(rule.name, rule.family, rule.severity, status, placed, rule.why, rule.settle, "", published)


def _acknowledged(finding: Finding, left: _Left) -> Finding:
    """A finding, acknowledged if it is open and anything is left that excuses it."""
    fitting = left.get(finding.excuse) if finding.excuse and finding.status == "open" else None
    return replace(finding, status="acknowledged", reason=fitting.pop(0).reason) if fitting else finding


def _stale(corpus: Corpus, left: _Left, found: list[Finding], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The acknowledgements whose value is printed no longer, or is corrected.

    One whose value is still printed stays, even if no rule finds fault with it: medians move both ways.
    """
    concerned = {_concern(excuse) for excuse, unused in left.items() if unused}
    others = [(one.status, one.excuse) for one in found if one.concern in concerned and one.excuse]
    corrected = {excuse for status, excuse in others if status == "corrected"}
    opened: dict[_Concern, list[Excuse]] = {}
    for excuse in (excuse for status, excuse in others if status == "open"):
        opened.setdefault(_concern(excuse), []).append(excuse)
    for excuse, unused in ((one, unused) for one, unused in left.items() if unused):
        rule = rules.get(excuse.about.rule)
        if rule and excuse not in corrected and still_printed(excuse, corpus):
            continue
        beside = opened.get(_concern(excuse), [])
        for one in unused:
            told = "the finding is corrected by now" if excuse in corrected else _gone(excuse, beside, rule, rules)
            severity = rule.severity if rule else "error"
            suspicion = Suspicion(None, str(excuse.about), told, one.path)
            yield Finding(
                STALE, "survey", severity, "open", suspicion, _STALE_WHY, _STALE_SETTLE, one.reason, None, excuse
            )


_STALE_WHY = "An acknowledgement excuses the numbers that it names, and the record does not print them there any more."
_STALE_SETTLE = "Look again: 'prunelit audit --acknowledge' writes what is to stand there; or remove the value."


def _gone(excuse: Excuse, opened: list[Excuse], rule: Rule | None, rules: Mapping[str, Rule]) -> str:
    """What became of a value that is printed no longer, and what to write in its place.

    ``opened`` is what the rule has open in that paper.
    """
    if rule is None:
        return f"there is no rule '{excuse.about.rule}'{nearest(excuse.about.rule, rules)}"
    if successor := next((one for one in opened if succeeds(one, excuse)), None):
        if successor.about == excuse.about:
            return f"'{excuse.value}' is gone; the finding now has '{successor.value}': write that in its place"
        return f"'{excuse.value}' is gone from here; the finding is now '{successor.about}': write that in its place"
    return f"'{excuse.value}' is gone, and with it the finding: remove the value"


def _row(finding: Finding, documents: Container[str], corpus: Corpus) -> dict[str, object]:
    suspicion = finding.suspicion
    paper = suspicion.paper if suspicion.paper in documents else None
    about = ACKNOWLEDGEMENTS if finding.rule == STALE and ACKNOWLEDGEMENTS in corpus.shared else None
    return {
        "rule": finding.rule,
        "family": finding.family,
        "severity": finding.severity,
        "status": finding.status,
        "paper_id": suspicion.paper,
        "subject": suspicion.subject,
        "found": suspicion.found,
        "why": finding.why,
        "settle": finding.settle,
        "reason": finding.reason or None,
        "file": about or (paper and f"papers/{paper}.yaml"),
        "path": _written(suspicion.path),
    }


@lru_cache(maxsize=4096)  # many findings have the same place in different records
def _written(path: Path) -> str:
    return json.dumps(path)


@lru_cache(maxsize=4096)
def _read(path: str) -> Path:
    return tuple(json.loads(path))


def _lines(found: pd.DataFrame, corpus: Corpus, status: FindingStatus | None) -> pd.Series:
    """The line of each finding of a status that is in a file; None is any status."""
    records = {f"papers/{one.value.id}.yaml": one for one in corpus.documents}
    asked = found[found["file"].notna() & (found["status"].eq(status) if status else True)]
    # File by file, as the text of a document is looked at anew whenever another one was asked about.
    places = sorted(zip(asked["file"], asked.index, asked["path"], strict=True))
    lines = {
        at: line_in_record(records[file], way) if file in records else corpus.shared[file].line(way)
        for file, at, path in places
        for way in [_read(path)]
    }
    return pd.Series(lines, dtype="Int64")
