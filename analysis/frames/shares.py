"""Shares of a large corpus, some hundred records each, whose rows are made and kept apart from those of all others.

A row that says what a record says depends on that record and on what all records share, but for the label of its paper,
which is put in where the rows of all shares come together.  So tables of a share stand under the digest of its files
and of the shared ones: a change costs the share that it is in, and nobody holds all records at once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from prunelit.analysis.frames.kept_files import SHARE, kept_file, kept_values, write_kept
from prunelit.schema.checking import fingerprint_of_shared
from prunelit.schema.collector import collector_at_rest
from prunelit.schema.corpus import SHARED, Corpus, read_share
from prunelit.schema.corpus_files import CorpusFiles
from prunelit.schema.correction import Acknowledgements, Corrections
from prunelit.schema.fingerprint import digest, fingerprint
from prunelit.schema.problems import CorpusError, Problem
from prunelit.schema.record import Curve, Experiment, Paper
from prunelit.schema.usage import UsesInRecords, uses_in_records
from prunelit.schema.walk import curves

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CorpusShare:
    """Some records of a large corpus that is in order.

    Attributes:
        root: Where the files of the corpus are.
        names: The records, as ``papers/<id>.yaml``.
        key: What tells their rows from all others.
        glance: What is known beside records.
        digests: Those of all files of the corpus.
    """

    root: CorpusFiles
    names: tuple[str, ...]
    key: str
    glance: Corpus
    digests: Mapping[str, bytes]

    def read(self) -> Corpus:
        """The records.

        Raises:
            CorpusError: if they are not what they were when the corpus was found to be in order.
        """
        found, problems = self._read(self.names)
        if problems or key_of(found, self.names, found.fingerprint) != self.key:
            raise CorpusError([self._changed()])
        return found.read_from(self.key)

    def read_some(self, names: Collection[str]) -> Corpus:
        """As :meth:`read`, some of the records alone."""
        found, problems = self._read(names)
        sweeps = {f"sweeps/{one.points_file}" for of in found.papers for _, one in curves(of) if one.points_file}
        if problems or fingerprint({one: self.digests[one] for one in (*names, *sweeps)}) != found.fingerprint:
            raise CorpusError([self._changed()])
        return found

    def _read(self, names: Iterable[str]) -> tuple[Corpus, list[Problem]]:
        with collector_at_rest():
            return read_share(self.root, str(self.root), names, self.glance)

    def _changed(self) -> Problem:
        message = "the corpus has changed since its first tables were read; ask for its dataset anew"
        return Problem(str(self.root), 1, 1, "changed", message)


def key_of(corpus: Corpus, names: Iterable[str], files: str | None) -> str:
    """What tells the rows of a share from all others: its own files, the shared ones, and what corrects its records.

    Nothing that is acknowledged changes a row.

    Args:
        corpus: What is known beside records.
        names: The records of the share, as ``papers/<id>.yaml``.
        files: The fingerprint of these and of their sweeps.
    """
    shared = {name: one for name, one in corpus.shared.items() if name not in OF_FEW}
    papers = {name.removeprefix("papers/").removesuffix(".yaml") for name in names}
    corrections = [one for one in corpus.corrections if one.paper in papers]
    return f"{files} {fingerprint_of_shared(shared)} {digest(repr(corrections).encode()).hex()}"


OF_FEW = frozenset(name for name, model in SHARED.items() if model in (Acknowledgements, Corrections))
"""Shared files that change no row, or only those of the papers that they name."""


def outlines(key: str, records: Callable[[], Corpus]) -> tuple[Paper, ...]:
    """The records of a share without their experiments, kept on disk as tables are.

    Args:
        key: The key of the share.
        records: What gives the records, where nothing is kept.
    """

    def made() -> tuple[Paper, ...]:
        return tuple(map(outline, records().papers))

    def texts(papers: tuple[Paper, ...]) -> dict[str, str]:
        return {one.id: _as_text(one) for one in papers}

    def read(kept: dict[str, str]) -> tuple[Paper, ...]:
        return tuple(map(_of_text, kept.values()))

    return _kept_of_share("outlines", key, made, texts, read)


def uses(key: str, records: Callable[[], Corpus]) -> UsesInRecords:
    """The names that the records of a share use, kept likewise; arguments as of :func:`outlines`."""

    def made() -> UsesInRecords:
        return uses_in_records(records())

    def texts(found: UsesInRecords) -> dict[str, str]:
        of_records = [[*use, count] for use, count in found.records.items()]
        return {_RECORDS: json.dumps(of_records)} | {name: json.dumps(used) for name, used in found.sweeps.items()}

    def read(kept: dict[str, str]) -> UsesInRecords:
        of_records = json.loads(kept.pop(_RECORDS))
        sweeps = {name: tuple((of, one) for of, one in json.loads(used)) for name, used in kept.items()}
        return UsesInRecords(Counter({(of, one): count for of, one, count in of_records}), sweeps)

    return _kept_of_share("uses of names", key, made, texts, read)


_RECORDS = "records"
"""What the names that records use stand under; no file of a sweep is called so, as those end in a suffix."""


def _kept_of_share(
    what: str,
    key: str,
    make: Callable[[], T],
    texts: Callable[[T], dict[str, str]],
    read: Callable[[dict[str, str]], T],
) -> T:
    """What is told of a share, kept on disk in texts by name as tables are."""
    file = kept_file(what, key, suffix=SHARE)
    with suppress(Exception):  # whatever a broken file does, the records can be read
        if known := kept_values(file):
            return read(known)
    found = make()
    write_kept(file, lambda: json.dumps(texts(found)).encode())
    return found


def outline(paper: Paper) -> Paper:
    """A record without its experiments, but for whose the methods are that it lists and only runs: names tell that."""
    listed = {one.name for one in paper.methods or () if one.name}
    run = {curve.method for _, curve in curves(paper) if curve.method in listed and curve.origin != "own"}
    kept = [(one, [curve for curve in one.curves or () if curve.method in run]) for one in paper.experiments or ()]
    found = tuple(_outlined(one.collections, map(_said_of_method, of)) for one, of in kept if of)
    return paper.model_copy(update={"experiments": found or None})


def _outlined(collections: Iterable[str], said: Iterable[Mapping[str, Any]]) -> Experiment:
    """An experiment of which nothing is known but whose methods its curves show."""
    shown = tuple(Curve.model_construct(None, **one) for one in said)
    return Experiment.model_construct(
        None, dataset=None, architecture=None, collections=tuple(collections), curves=shown
    )


def _said_of_method(curve: Curve) -> dict[str, Any]:
    return {name: getattr(curve, name) for name in ("method", "origin", "proposed_by", "canonical_method")}


def _as_text(outlined: Paper) -> str:
    """An outline as JSON; its curves lack too much to be read as those of a record."""
    record = outlined.model_copy(update={"experiments": None}).model_dump_json(exclude_none=True)
    runs = [[one.collections, [*map(_said_of_method, one.curves or ())]] for one in outlined.experiments or ()]
    return json.dumps([json.loads(record), runs])


def _of_text(text: str) -> Paper:
    record, runs = json.loads(text)
    experiments = tuple(_outlined(collections, said) for collections, said in runs)
    return Paper.model_validate(record).model_copy(update={"experiments": experiments or None})
