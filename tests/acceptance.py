"""Acceptance of mutations: which share of each kind neither ``check`` nor ``audit`` tells, in a record that is new.

A record is new to the corpus: no acknowledgement and no correction speaks for it, and it belongs to no closed
collection.  A mutation is accepted if it passes check, and audit tells no finding that it did not tell of the record
before.  ``make mutations`` prints the table of all kinds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from mutations import KINDS, Chance, Kind, Record
from pydantic import ValidationError

from prunelit.analysis.audit.engine import Finding, findings
from prunelit.analysis.dataset import Dataset, Reading, dataset, of_record
from prunelit.analysis.frames.cache import OFF
from prunelit.schema.corpus import Corpus, read_corpus, shipped
from prunelit.schema.reading import parse
from prunelit.schema.record import Paper
from prunelit.schema.rules import RULES, Names
from prunelit.schema.validation import Document

Told: TypeAlias = tuple[str, str, str]
"""What tells something of a record: the rule, the subject, and what was found there."""
SAMPLE = 60
"""Mutations of each kind."""


@dataclass(frozen=True)
class Trial:
    """One mutation of one record, and what told it: names of rules, none if it was accepted."""

    paper: str
    what: str
    told_by: tuple[str, ...]


class Judge:
    """Check and audit, asked about single records beside the corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = replace(corpus, acknowledgements=())
        self.names = Names(corpus)
        self.beside = dataset(self.corpus)
        self.records = {one.value.id: as_new(parse(one.text, one.file)[0], corpus) for one in corpus.documents}

    def told(self, record: Record) -> set[Told]:
        """What check or, where it has nothing to say, audit tells of a record: rules and subjects."""
        try:
            document = Document(f"corpus/papers/{record['id']}.yaml", "", Paper.model_validate(record))
        except ValidationError as error:
            return {("check", one["type"], "") for one in error.errors(include_url=False)}
        faults = {("check", rule.__name__, "") for rule in RULES for _ in rule(self.names, document)}
        return faults or {_told(one) for one in findings(self._new(document))}

    def _new(self, document: Document[Paper]) -> Dataset:
        """The dataset of a record that nobody has corrected yet."""
        corpus = replace(of_record(document, self.beside).corpus, corrections=())
        return Reading(Path(), None, corpus, self.beside.reading).dataset(None, corrected=True)

    @cache  # noqa: B019
    def told_before(self, paper: str) -> frozenset[Told]:
        """What is told of the record without mutation."""
        return frozenset(self.told(self.records[paper]))

    def trials(self, kind: Kind, count: int) -> list[Trial]:
        """So many mutations of a kind, in as many records as have what it needs."""
        order = sorted(self.records)
        Random(kind.name).shuffle(order)
        order.sort(key=lambda name: self.corpus.by_id[name].survey_id is not None)
        trials: list[Trial] = []
        for turn in range(count):
            before = len(trials)
            for paper in order if len(trials) < count else ():
                trials += self._trial(kind, paper, turn)[: count - len(trials)]
            if len(trials) == before:
                break
        return trials

    def _trial(self, kind: Kind, paper: str, turn: int) -> list[Trial]:
        record = deepcopy(self.records[paper])
        what = kind.mutate(record, Chance(Random(f"{kind.name} {paper} {turn}"), self.corpus))
        if what is None:
            return []
        told = self.told(record) - self.told_before(paper)
        return [Trial(paper, what, tuple(sorted({rule for rule, *_ in told})))]


def _told(finding: Finding) -> Told:
    """What counts as the same: a note on the same subject; of errors and warnings only that of the same value."""
    found = "" if finding.severity == "note" else finding.suspicion.found
    return finding.rule, finding.suspicion.subject, found


def as_new(record: Record, corpus: Corpus) -> Record:
    """A record as if it had just been written, with nothing that belongs to a closed collection."""
    closed = {one.name for one in corpus.collections if one.closed}
    new = _without(record, "survey_id", "survey_row")
    for holder in (new, *new.get("experiments", [])):
        holder["collections"] = list(
            dict.fromkeys("contributed" if one in closed else one for one in holder["collections"])
        )
    return new


def _without(value: Any, *keys: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, *keys) for key, one in value.items() if key not in keys}
    return [_without(one, *keys) for one in value] if isinstance(value, list) else value


def accepted(trials: Iterable[Trial]) -> float:
    """The share of mutations that nothing told, in percent."""
    told = [bool(one.told_by) for one in trials]
    return 100 * (1 - sum(told) / len(told)) if told else 0.0


def lines(judge: Judge, kinds: Iterable[Kind], count: int) -> Iterator[str]:
    """The table of acceptance."""
    yield f"{'kind of mutation':36}{'n':>5}{'before':>8}{'now':>8}{'at most':>9}"
    for kind in kinds:
        trials = judge.trials(kind, count)
        share = accepted(trials)
        mark = "" if share <= kind.most else "  too many"
        yield f"{kind.name:36}{len(trials):5}{kind.before:7}%{share:7.0f}%{kind.most:8}%{mark}"


def shipped_judge() -> Judge:
    """The judge beside the corpus that ships."""
    corpus, problems = read_corpus(shipped())
    assert not problems
    return Judge(corpus)


if __name__ == "__main__":
    os.environ[OFF] = "1"
    wanted = [one for one in KINDS if not sys.argv[1:] or any(part in one.name for part in sys.argv[1:])]
    for line in lines(shipped_judge(), wanted, SAMPLE):
        print(line, flush=True)
