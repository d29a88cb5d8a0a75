"""Shares of a large corpus, some hundred records each, whose rows are made and kept apart from those of all others.

A row that says what a record says depends on that record and on what all records share, but for the label of its paper,
which is put in where the rows of all shares come together.  So tables of a share stand under the digest of its files
and of the shared ones: a change costs the share that it is in, and nobody holds all records at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from prunelit.analysis.frames.kept_files import SHARE, kept_file, kept_values, write_kept
from prunelit.schema.checking import fingerprint_of_shared
from prunelit.schema.collector import collector_at_rest
from prunelit.schema.corpus import Corpus, read_share
from prunelit.schema.corpus_files import Files
from prunelit.schema.fingerprint import fingerprint
from prunelit.schema.problems import CorpusError, Problem
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document
from prunelit.schema.walk import curves


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

    root: Files
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
        if problems or key_of(found.fingerprint, found.shared) != self.key:
            raise CorpusError([self._changed()])
        return found.read_from(self.key)

    def read_one(self, paper: str) -> Corpus:
        """As :meth:`read`, one record alone, by its id."""
        found, problems = self._read((name := f"papers/{paper}.yaml",))
        sweeps = {f"sweeps/{one.points_file}" for of in found.papers for _, one in curves(of) if one.points_file}
        if problems or fingerprint({one: self.digests[one] for one in (name, *sweeps)}) != found.fingerprint:
            raise CorpusError([self._changed()])
        return found

    def _read(self, names: Iterable[str]) -> tuple[Corpus, list[Problem]]:
        with collector_at_rest():
            return read_share(self.root, str(self.root), names, self.glance)

    def _changed(self) -> Problem:
        message = "the corpus has changed since its first tables were read; ask for its dataset anew"
        return Problem(str(self.root), 1, 1, "changed", message)


def key_of(files: str | None, shared: Mapping[str, Document[Any]]) -> str:
    """What tells the rows of a share from all others: its own files, and the shared ones.

    Args:
        files: The fingerprint of its records and sweeps.
        shared: The shared files.
    """
    return f"{files} {fingerprint_of_shared(shared)}"


def outlines(key: str, records: Callable[[], Corpus]) -> tuple[Paper, ...]:
    """The records of a share without their experiments, kept on disk as tables are.

    Args:
        key: The key of the share.
        records: What gives the records, where nothing is kept.
    """
    file = kept_file("outlines", key, suffix=SHARE)
    with suppress(Exception):  # whatever a broken file does, the records can be read
        if known := kept_values(file):
            return tuple(Paper.model_validate(json.loads(text)) for text in known.values())
    found = tuple(map(outline, records().papers))
    write_kept(file, json.dumps({one.id: one.model_dump_json(exclude_none=True) for one in found}).encode)
    return found


def outline(paper: Paper) -> Paper:
    """A record without its experiments."""
    return paper.model_copy(update={"experiments": None})
