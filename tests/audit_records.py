"""Records that the rules of the audit are tried on, written in YAML, and what a rule says of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from prunelit import Dataset, dataset
from prunelit.analysis.audit.engine import AUDIT_RULES
from prunelit.analysis.audit.findings import Suspicion
from prunelit.analysis.audit.rows import AuditRow
from prunelit.analysis.dataset import of_record
from prunelit.schema import walk
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document, read_bytes

BY_NAME = {rule.name: rule for rule in AUDIT_RULES}
USUAL = {
    "schema_version": "2",
    "title": "Title of {id}",
    "authors": '["Lovelace, Ada"]',
    "published": "{{year: 2015, month: 6}}",
    "collections": "[blalock2020-notes]",
}
"""What a record says unless its text does; this collection does not pad its numbers."""
A, B = "id: ada2015title\n", "id: bob2016title\n"


def document(text: str) -> Document[Paper]:
    """A record as it is read from a file, with something for every other key that must be there."""
    paper = re.search(r"^id: (\S+)", text, re.MULTILINE)
    assert paper
    rest = (f"{key}: {value.format(id=paper[1])}" for key, value in USUAL.items() if f"\n{key}:" not in f"\n{text}")
    lines = text.strip() + "\n" + "\n".join(rest) + "\n"
    read, problems = read_bytes(lines.encode(), Paper, f"corpus/papers/{paper[1]}.yaml")
    assert read, [str(problem) for problem in problems]
    return read


def one(*points: str, base: str = "", on: str = "Set/Net", paper: str = "ada2015title", curve: str = "") -> str:
    """A record with one experiment; its points are rows 1, 2, … of the survey."""
    return f"id: {paper}\nexperiments:\n{experiment(*points, base=base, on=on, curve=curve)}"


def experiment(*points: str, base: str = "", on: str = "Set/Net", curve: str = "", first: int = 1) -> str:
    """An experiment of a record: quantities of the unpruned model, and points of one curve."""
    dataset, architecture = on.split("/")
    lines = ["collections: [blalock2020-notes]", *filter(None, base.split(", "))]
    lines += [f"dataset: {dataset}"] * bool(dataset) + [f"architecture: {architecture}"] * bool(architecture)
    if points:
        rows = ", ".join(f"{{survey_row: {row}, {point}}}" for row, point in enumerate(points, first))
        lines += [f"curves: [{{origin: own, {curve + ', ' if curve else ''}points: [{rows}]}}]"]
    return "  - " + "\n    ".join(lines) + "\n"


def rows_of(text: str, padded: bool = False) -> list[AuditRow]:
    """The rows of a record, without corrections."""
    found = walk.rows(document(text).value, {})
    return [AuditRow(row.paper, row.path, row.experiment, row.curve, row.point, padded) for row in found]


def two(point: str, base: str = "", on: str = "Set/Net", then: str = "Set/Net", curve: str = "") -> str:
    """A record with two experiments; ``base`` holds the unpruned models of both, with a bar between them."""
    first, _, second = base.partition(" | ")
    return one(point, base=first, on=on, curve=curve) + experiment(point, base=second, on=then, curve=curve, first=2)


def others(base: str, *papers: str) -> tuple[str, ...]:
    """A record a paper, each with such an unpruned model."""
    return tuple(one(base=base, paper=f"{name}2016title") for name in papers)


def single(text: str, corpus: Corpus) -> Dataset:
    """One record, to be held against a corpus."""
    return of_record(document(text), dataset(corpus, corrected=False))


class Edge(NamedTuple):
    """Records with an @ for what makes the difference: the last value that is not found, and the first that is."""

    rule: str
    quiet: str
    loud: str
    records: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} {self.quiet} {self.loud}"

    def found(self, corpus_of: Callable[..., Corpus]) -> list[bool]:
        """Whether the rule finds something in the records with the one value, and with the other."""
        records = ([text.replace("@", value) for text in self.records] for value in (self.quiet, self.loud))
        return [bool(subjects(self.rule, corpus_of(*one))) for one in records]


def edge(rule: str, quiet: str, loud: str, *records: str) -> Edge:
    return Edge(rule, quiet, loud, records)


class Told(NamedTuple):
    """What a rule says of records: a line a finding, as ``paper, path, subject: found``."""

    rule: str
    lines: list[str]
    records: tuple[str, ...]

    def __str__(self) -> str:
        return self.rule

    @property
    def of_last(self) -> list[str]:
        """What the rule says of the last record."""
        return [line for line in self.lines if line.startswith(f"{document(self.records[-1]).value.id}, ")]

    def of_last_beside_others(self, corpus_of: Callable[..., Corpus]) -> list[str]:
        """What the rule finds in the last record alone, held against a corpus of the others."""
        *others, last = self.records
        corpus = dataset(corpus_of(*others), corrected=False)
        return _lines(BY_NAME[self.rule].check(of_record(document(last), corpus)))


def told(rule: str, lines: str, *records: str) -> Told:
    return Told(rule, [line.strip() for line in lines.strip().splitlines()], records)


def subjects(rule: str, corpus: Corpus) -> list[str]:
    """What a rule finds in the records as published, by name."""
    return [suspicion.subject for suspicion in BY_NAME[rule].check(dataset(corpus, corrected=False))]


def sayings(rule: str, corpus: Corpus) -> list[str]:
    """What a rule finds in the records as published, each as ``paper, path, subject: found``."""
    return _lines(BY_NAME[rule].check(dataset(corpus, corrected=False)))


def _lines(suspicions: Iterable[Suspicion]) -> list[str]:
    return [f"{one.paper}, {' '.join(map(str, one.path))}, {one.subject}: {one.found}" for one in suspicions]
