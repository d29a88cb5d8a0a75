"""Rules on the vocabularies: entries that nothing uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.corpus import SHARED, VOCABULARIES
from prunelit.schema.usage import uses_of_names

PLACE = 110

_KINDS = ("dataset", "architecture", "canonical_method", "venue")
"""Entries that are made for a record; metrics and collections stand there whether or not a record has them yet."""


@rule(
    "note",
    why="A name that no record uses is left over from one that was changed, or waits for one.",
    settle="Whether a record should use it; else remove the entry.",
)
def unused_vocabulary_entry(dataset: Dataset) -> Iterator[Suspicion]:
    """No record and no shared file uses a dataset, architecture, method or venue of the vocabulary."""
    uses = _uses(dataset.as_published()) if dataset.beside is None and dataset.collection is None else {}
    for kind in _KINDS if uses else ():
        for entry in dataset.corpus.part(SHARED[VOCABULARIES[kind]].stem()):
            if not uses[kind, entry.name]:
                yield Suspicion(None, f"{kind}: {entry.name}", "not used")


@computed_once
def _uses(published: Dataset) -> Counter[tuple[str, str]]:
    return uses_of_names(published.corpus)
