"""Suspicions of all rules: what is suspected of one record is known until something changes that tells it.

A rule that is declared ``of_record`` looks at one record at a time, and at what all records share.  It is run where
one of these is new: what it suspects is kept on disk under the digest of the record, of its sweeps, and of all that
records share, corrections included.  So it is never stale, and an audit costs what changed.  Without corrections that
reach it, a record is as corrected what it is as published, and is looked at once.  All other rules look at many
records, and run again whatever changes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from prunelit.analysis.audit.evidence import reached_papers
from prunelit.analysis.audit.findings import Rule, Suspicion
from prunelit.analysis.dataset import Dataset, of_next_state
from prunelit.analysis.frames.kept_files import kept_file, kept_values, newest, write_kept
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Acknowledgements
from prunelit.schema.fingerprint import digest
from prunelit.schema.record import Paper

Suspected: TypeAlias = dict[Hashable, Suspicion]
"""What a rule suspects, each by what tells it from all others."""
_OfRecord: TypeAlias = dict[str, list[Suspicion]]
"""What is suspected of one record, by the names of rules."""


class BothStates(NamedTuple):
    """What a rule suspects of the records as published, and as corrected."""

    before: Suspected
    after: Suspected


def suspected(rules: Collection[Rule], published: Dataset, corrected: Dataset, kept: bool) -> list[BothStates]:
    """What each rule suspects.

    Args:
        rules: The rules.
        published: The records as published; of a single one that is held against others, these are left out.
        corrected: The same as corrected, or the same dataset where there are no corrections.
        kept: Whether what is suspected of a record is kept on disk; only for rules of this package, whose code counts.
    """
    known = {} if published.beside else _known([one for one in rules if one.of_record], published, corrected, kept)
    # One after the other: tables of the records as corrected may be being made by somebody else meanwhile.
    found = [
        [known[one.name][at] if one.name in known else _by_key(_suspicions(one, dataset)) for one in rules]
        for at, dataset in enumerate((published, corrected)[: 1 + (corrected is not published)])
    ]
    return [BothStates(*both) for both in zip(found[0], found[-1], strict=True)]


def _suspicions(rule: Rule, dataset: Dataset) -> Iterable[Suspicion]:
    """What a rule suspects; of a single record, nothing of those that it is held against."""
    found = rule.check(dataset)
    return (one for one in found if not dataset.beside or one.paper in dataset.corpus.by_id)


def _by_key(found: Iterable[Suspicion]) -> Suspected:
    return {one.key: one for one in found}


def _known(rules: list[Rule], published: Dataset, corrected: Dataset, kept: bool) -> dict[str, BothStates]:
    """What is suspected of all records one by one, by the names of the rules; kept on disk if asked for."""
    papers = published.corpus.papers
    keys = _keys(published.corpus) if kept and published.key else {}
    file = kept_file("suspicions", str(published.reading.root.resolve()), published.collection) if keys else None
    texts = kept_values(file)
    told = {name: both for name, key in keys.items() if (both := _read(name, texts.get(key)))}
    if anew := [one for one in papers if one.id not in told]:
        told |= _looked_at(anew, rules, published, corrected)
        new = {keys[one.id]: _written(told[one.id]) for one in anew if keys}
        write_kept(file, json.dumps(newest(texts, new, len(papers))).encode)
    found = {rule.name: BothStates({}, {}) for rule in rules}
    for paper in papers:
        for at, state in enumerate(told[paper.id]):
            for name in state.keys() & found.keys():
                found[name][at].update(_by_key(state[name]))
    return found


def _looked_at(
    papers: list[Paper], rules: list[Rule], published: Dataset, corrected: Dataset
) -> dict[str, tuple[_OfRecord, _OfRecord]]:
    """What is suspected of some records, as published and as corrected."""
    before = _of_records(papers, rules, published)
    reached = reached_papers(published.corpus)
    after = before | _of_records([one for one in papers if one.id in reached], rules, corrected)
    return {name: (both, after[name]) for name, both in before.items()}


def _of_records(papers: list[Paper], rules: list[Rule], whole: Dataset) -> dict[str, _OfRecord]:
    """What is suspected of some records, which are all that the rules see, unless these are all."""
    corpus = whole.corpus
    alone = replace(corpus, papers=tuple(papers), acknowledgements=())
    dataset = whole if len(papers) == len(corpus.papers) else of_next_state(alone, whole)
    found: dict[str, _OfRecord] = {one.id: {} for one in papers}
    for rule in rules if papers else ():
        for one in rule.check(dataset):
            found[str(one.paper)].setdefault(rule.name, []).append(one)
    return found


def _keys(corpus: Corpus) -> dict[str, str]:
    """The digest of all that can be seen of each record: its file, its sweeps, and what all share."""
    shared = [(name, one.text) for name, one in sorted(corpus.shared.items()) if name != _OF_FINDINGS]
    of_all = digest(repr((corpus.collection, shared)).encode()).hex()
    texts = {one.value.id: digest(one.text.encode()) for one in corpus.documents}
    return {
        one.id: digest(repr((of_all, texts[one.id], corpus.sweeps_of(one))).encode()).hex() for one in corpus.papers
    }


_OF_FINDINGS = f"{Acknowledgements.stem()}.yaml"
"""What says what becomes of findings, and is nothing that rules look at."""


def _written(both: tuple[_OfRecord, _OfRecord]) -> str:
    states = both[:1] if both[0] == both[1] else both
    return json.dumps([
        {rule: [(one.subject, one.found, one.path, one.value) for one in found] for rule, found in state.items()}
        for state in states
    ])  # fmt: skip


def _read(paper: str, text: str | None) -> tuple[_OfRecord, _OfRecord] | None:
    """What was written of a paper; None where there is nothing of it, or nothing whole."""
    with suppress(Exception):  # whatever a broken file does, rules can be run anew
        states = [
            {
                rule: [Suspicion(paper, subject, told, tuple(path), value) for subject, told, path, value in found]
                for rule, found in state.items()
            }
            for state in json.loads(text or "")
        ]
        return states[0], states[-1]
    return None
