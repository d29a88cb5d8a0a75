"""Checks of closed collections: each record holds of them what their manifest says, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePath

from prunelit.schema.closed import COMPARED_WITH, SWEEP, Part, content, seal
from prunelit.schema.corpus import Corpus
from prunelit.schema.manifest import ClosedCollection, ClosedRecord
from prunelit.schema.problems import Path, Problem
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document

RULE = "closed-collection"
MANIFEST = "manifest.yaml"
_MAX_NAMED = 6
"""Parts that a message names."""
_LOST = "; put it back"
_GAINED = "; what is found later belongs to another collection, such as 'contributed'"
_CHANGED = (
    "; put it back ('prunelit manifest' tells value by value), and let an entry in corrections.yaml say what is wrong"
)


def closed_collections(corpus: Corpus, faulty: Collection[str] = ()) -> Iterator[Problem]:
    """What closed collections have gained, lost or changed since they were closed.

    Args:
        corpus: The records.
        faulty: Files in which something else is wrong, which may be the very reason.
    """
    listed, manifest = corpus.shared.get("collections.yaml"), corpus.shared.get(MANIFEST)
    known = [one.collection for one in corpus.part("manifest")] if manifest else []
    for at, one in enumerate(corpus.collections):
        if listed and one.closed and one.name not in known and MANIFEST not in corpus.unread:
            message = f"'{one.name}' is closed, but {MANIFEST} does not say what it holds; restore that file"
            message += ", or run 'prunelit manifest' where the collection is closed only now"
            yield listed.problem(("collections", at, "closed"), RULE, message)
    closed, opened = ({one.name for one in corpus.collections if bool(one.closed) is is_so} for is_so in (True, False))
    for at, one in enumerate(corpus.part("manifest")):
        if one.collection in closed and manifest:
            yield from _unlike(one, at, corpus, faulty)
        elif one.collection in opened and manifest:
            message = f"'{one.collection}' is listed here, but collections.yaml does not call it closed; restore that"
            yield manifest.problem(("manifest", at), RULE, message)


def _unlike(closed: ClosedCollection, at: int, corpus: Corpus, faulty: Collection[str]) -> Iterator[Problem]:
    records = {one.paper: one for one in closed.records}
    for document in corpus.documents:
        concerned = closed.collection in document.value.collections or document.value.id in records
        if concerned and document.file not in faulty:
            yield from _record_unlike(closed.collection, document, records, corpus)
    there = {PurePath(name).stem for name in (*corpus.unread, *(one.file for one in corpus.documents))}
    for index, one in enumerate(closed.records):
        if one.paper not in there:
            message = f"'{closed.collection}' is closed and holds the paper '{one.paper}', whose record is gone{_LOST}"
            yield corpus.shared[MANIFEST].problem(("manifest", at, "records", index, "paper"), RULE, message)


def _record_unlike(
    collection: str, document: Document[Paper], records: Mapping[str, ClosedRecord], corpus: Corpus
) -> Iterator[Problem]:
    paper = document.value
    if paper.id not in records:
        path: Path = ("collections", paper.collections.index(collection))
        yield document.problem(path, RULE, f"'{collection}' is closed, and this paper is none of its papers{_GAINED}")
    elif collection not in paper.collections:
        message = f"'{collection}' is closed and holds this paper, which does not name it any more{_LOST}"
        yield document.problem(("collections",), RULE, message)
    else:
        found = content(paper, collection, records, None if corpus.headers else corpus.sweeps)
        yield from _parts_unlike(collection, document, records[paper.id].digests, found, bool(corpus.headers))


def _parts_unlike(
    collection: str, document: Document[Paper], known: dict[str, str], found: dict[str, Part], without_sweeps: bool
) -> Iterator[Problem]:
    lost = [name for name in known if name not in found and not (without_sweeps and name.startswith(SWEEP))]
    gained = [name for name in found if name not in known]
    changed = [name for name, part in found.items() if name in known and seal(part.values) != known[name]]
    for names, path, said in (
        (lost, _place(lost), f"has lost {_listed(lost)}{_LOST}"),
        (gained, found[gained[0]].path if gained else (), f"has gained {_listed(gained)}{_GAINED}"),
        (changed, found[changed[0]].path if changed else (), f"says something else in {_listed(changed)}{_CHANGED}"),
    ):
        if names:
            yield document.problem(path, RULE, f"'{collection}' is closed, but this record {said}")


def _place(lost: Iterable[str]) -> Path:
    """Where what is gone would stand."""
    first = next(iter(lost), "")
    return ("compares_to",) if first.startswith(COMPARED_WITH) else ("experiments",)


def _listed(names: list[str]) -> str:
    more = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
