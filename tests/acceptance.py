"""Acceptance of mutations: which share of each kind neither ``check`` nor ``audit`` tells, in a record that is new.

A record is new to the corpus: no acknowledgement and no correction speaks for it, and it belongs to no closed
collection.  A mutation is accepted if it passes check, and audit tells no finding that it did not tell of the record
before.  ``make mutations`` prints the table of all kinds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from mutations import KINDS, Chance, Kind, Record
from pandas import DataFrame
from pydantic import ValidationError

from prunelit.analysis.audit.engine import Finding, findings
from prunelit.analysis.audit.evidence import without_sweeps
from prunelit.analysis.dataset import Reading, dataset, of_record
from prunelit.analysis.frames.kept_files import OFF
from prunelit.schema.corpus import Corpus, read_corpus, shipped
from prunelit.schema.reading import parse
from prunelit.schema.record import Paper
from prunelit.schema.rules import RULES, Names
from prunelit.schema.validation import Document

Told: TypeAlias = tuple[str, str, str]
"""What tells something of a record: the rule, the subject, and what was found there."""
SEED = os.environ.get("SEED", "2")
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
        self._before: dict[str, set[Told]] = {}

    @cache  # noqa: B019
    def record(self, paper: str) -> Record:
        """The record of a paper, as new."""
        document = next(one for one in self.corpus.documents if one.value.id == paper)
        return as_new(parse(document.text, document.file)[0], self.corpus)

    def told(self, records: Sequence[Record]) -> list[set[Told]]:
        """What check or, where it has nothing to say, audit tells of each of some records."""
        read = [self._read(one) for one in records]
        rows = iter(self._completed([one for one in read if isinstance(one, Document)]))
        return [self._audited(one, next(rows)) if isinstance(one, Document) else one for one in read]

    def _read(self, record: Record) -> Document[Paper] | set[Told]:
        """The record, or what check tells of it."""
        try:
            document = Document(f"corpus/papers/{record['id']}.yaml", "", Paper.model_validate(record))
        except ValidationError as error:
            return {("check", one["type"], "") for one in error.errors(include_url=False)}
        return {("check", rule.__name__, "") for rule in RULES for _ in rule(self.names, document)} or document

    def _completed(self, documents: list[Document[Paper]]) -> Iterator[DataFrame]:
        """What rules look at of each record: of many at once, under numbers as ids, it takes as long as of one."""
        papers = tuple(one.value.model_copy(update={"id": str(at)}) for at, one in enumerate(documents))
        rows = without_sweeps(dataset(replace(self.corpus, papers=papers, documents=(), corrections=())))
        for at, one in enumerate(documents):
            own = rows[rows["paper_id"] == str(at)].reset_index(drop=True)
            yield own.assign(paper_id=own["paper_id"].mask(own["paper_id"].notna(), one.value.id))

    def _audited(self, document: Document[Paper], rows: DataFrame) -> set[Told]:
        """What audit tells of a record that nobody has corrected yet."""
        corpus = replace(of_record(document, self.beside).corpus, corrections=())
        single = Reading(Path(), None, corpus, self.beside.reading).dataset(None, corrected=True)
        single.memory[without_sweeps.__module__, without_sweeps.__qualname__] = rows
        assert without_sweeps(single) is rows
        return {_told(one) for one in findings(single)}

    def told_before(self, papers: Iterable[str]) -> dict[str, set[Told]]:
        """What is told of records without mutation."""
        new = [one for one in papers if one not in self._before]
        self._before |= dict(zip(new, self.told([self.record(one) for one in new]), strict=True))
        return self._before

    def trials(self, kind: Kind, count: int, papers: Sequence[str] | None = None) -> list[Trial]:
        """So many mutations of a kind, in as many records as have what it needs; of these papers, in their order."""
        order = papers or self._shuffled(kind)
        trials: list[Trial] = []
        for turn in range(count):
            mutated = list(islice(self._mutated(kind, order, turn), count - len(trials)))
            if not mutated:
                break
            before = self.told_before(paper for paper, *_ in mutated)
            told = self.told([record for *_, record in mutated])
            for (paper, what, _), now in zip(mutated, told, strict=True):
                trials.append(Trial(paper, what, tuple(sorted({rule for rule, *_ in now - before[paper]}))))
        return trials

    def _shuffled(self, kind: Kind) -> list[str]:
        """All papers in an order of chance, those of the survey last."""
        order = sorted(self.corpus.by_id)
        Random(f"{SEED} {kind.name}").shuffle(order)
        return sorted(order, key=lambda name: self.corpus.by_id[name].survey_id is not None)

    def _mutated(self, kind: Kind, order: Iterable[str], turn: int) -> Iterator[tuple[str, str, Record]]:
        for paper in order:
            record = deepcopy(self.record(paper))
            what = kind.mutate(record, Chance(Random(f"{SEED} {kind.name} {paper} {turn}"), self.corpus))
            if what is not None:
                yield paper, what, record


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
