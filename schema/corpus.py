"""Corpus: every record and every shared file of a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path as FilePath
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from pydantic import BaseModel

from prunelit.schema.collector import collector_at_rest
from prunelit.schema.corpus_files import CorpusFiles, StateOfFolder, bytes_of, holds, is_folder, names_in
from prunelit.schema.correction import Acknowledgement, Correction
from prunelit.schema.correction_targets import result_paths
from prunelit.schema.fingerprint import digest, fingerprint
from prunelit.schema.manifest import Manifest as Manifest  # a shared file, known by being imported
from prunelit.schema.problems import Problem, UnknownNameError, printable
from prunelit.schema.reading import MAX_BYTES, Parse, UnreadableError, parse
from prunelit.schema.record import Curve, Paper, Point
from prunelit.schema.record_header import RecordHeader, record_header
from prunelit.schema.shared import SharedFile
from prunelit.schema.sweeps import Sweep, SweepPoint, read_sweep_bytes
from prunelit.schema.validation import Document, read_bytes
from prunelit.schema.vocabulary import (
    Architecture,
    ArchitectureUnion,
    CanonicalMethod,
    ChecklistItem,
    Collection,
    DatasetEntry,
    Exclusion,
    GroupMember,
    GroupName,
    MethodGroup,
    Metric,
    Setup,
    UnprunedSource,
    Venue,
)
from prunelit.schema.walk import Row, curves, rows


@dataclass(frozen=True)
class Corpus:
    """The records of a corpus, in the order of their ids, with everything they refer to.

    ``others`` are the parts of shared files that no code asks for by name.  ``documents`` are the files of the papers,
    in the same order, ``shared`` the shared files by name; ``unread`` names the files that do not fit their model, and
    those of which only the ``headers`` were read.
    """

    papers: tuple[Paper, ...]
    datasets: tuple[DatasetEntry, ...]
    architectures: tuple[Architecture, ...]
    unions: tuple[ArchitectureUnion, ...]
    methods: tuple[CanonicalMethod, ...]
    venues: tuple[Venue, ...]
    metrics: tuple[Metric, ...]
    setups: tuple[Setup, ...]
    checklist: tuple[ChecklistItem, ...]
    collections: tuple[Collection, ...]
    unpruned: tuple[UnprunedSource, ...]
    exclusions: tuple[Exclusion, ...]
    groups: tuple[MethodGroup, ...]
    corrections: tuple[Correction, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    sweeps: dict[str, Sequence[SweepPoint]]
    others: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    collection: str | None = None
    documents: tuple[Document[Paper], ...] = field(default=(), repr=False, compare=False)
    shared: dict[str, Document[Any]] = field(default_factory=dict, repr=False, compare=False)
    unread: frozenset[str] = frozenset()
    headers: tuple[RecordHeader, ...] = ()
    fingerprint: str | None = field(default=None, init=False, repr=False, compare=False)
    """That of the bytes which the corpus was read from, of a share that of its own records and sweeps, and the
    collection if only one was taken; a corpus that was changed in memory has none, as :func:`dataclasses.replace` does
    not carry it over."""

    @cached_property
    def by_id(self) -> dict[str, Paper]:
        """The papers by their ids."""
        return {paper.id: paper for paper in self.papers}

    def part(self, name: str) -> tuple[Any, ...]:
        """What a shared file holds of the corpus, by the name of the part; nothing if it could not be read."""
        found: tuple[Any, ...] = getattr(self, name) if name in _BY_NAME else self.others.get(name, ())
        return found

    def rows(self) -> Iterator[Row]:
        """Every operating point, and every experiment without numbers, in the order of the records."""
        for paper in self.papers:
            yield from rows(paper, self.sweeps)

    def points(self, curve: Curve) -> tuple[Point, ...]:
        """The points of a curve, from its record or its file; none where the file cannot be read."""
        if curve.points is not None:
            return curve.points
        return tuple(one.point for one in self.sweeps.get(curve.points_file or "", ()))

    def sweeps_of(self, paper: Paper) -> tuple[Sequence[SweepPoint], ...]:
        """What files hold of the points of a paper, each once; none of those that cannot be read."""
        names = dict.fromkeys(curve.points_file for _, curve in curves(paper) if curve.points_file)
        return tuple(self.sweeps[name] for name in names if name in self.sweeps)

    def members(self, group: GroupName) -> tuple[GroupMember, ...]:
        """The members of a group of methods; none where the corpus has no such group."""
        return tuple(member for one in self.groups if one.name == group for member in one.members)

    def only(self, collection: str) -> Corpus:
        """The papers and experiments of one collection, and the corrections that reach them.

        Raises:
            UnknownNameError: if there is no such collection.
        """
        listed = {known.name: known for known in self.collections}
        if collection not in listed:
            raise UnknownNameError("collection", collection, list(listed))
        closed = listed[collection].closed
        papers = tuple(
            paper.model_copy(
                update={
                    "experiments": tuple(one for one in paper.experiments or () if collection in one.collections)
                    or None,
                    "added_comparisons": tuple(
                        one for one in paper.added_comparisons or () if collection in one.collections
                    )
                    or None,
                    # Reference lists are read later, and a closed collection is to stay as it was.
                    "cites": None if closed else paper.cites,
                }
            )
            for paper in self.papers
            if collection in paper.collections
        )
        found = replace(
            self,
            papers=papers,
            exclusions=tuple(one for one in self.exclusions if one.collection == collection),
            groups=tuple(one.within(collection) for one in self.groups),
            corrections=tuple(one for one in self.corrections if _reaches(one, papers)),
            collection=collection,
        )
        # What is computed of a part must not be taken for that of the whole.
        return found.read_from(self.fingerprint and f"{self.fingerprint} {collection}")

    def read_from(self, fingerprint: str | None) -> Corpus:
        """The same corpus, known to be read from bytes with that fingerprint."""
        object.__setattr__(self, "fingerprint", fingerprint)
        return self


def _reaches(correction: Correction, papers: tuple[Paper, ...]) -> bool:
    """Whether a correction of a result means one that the papers hold; all others are kept."""
    named = [paper for paper in papers if paper.id == correction.paper]
    return correction.result is None or any(result_paths(paper, correction) for paper in named)


def shipped() -> FilePath:
    """The corpus that ships with the package: the folder beside this one, in a clone and in an installation alike."""
    return FilePath(__file__).resolve().parents[1] / "corpus"


M = TypeVar("M", bound=BaseModel)


SHARED: dict[str, type[SharedFile]] = {f"{one.stem()}.yaml": one for one in SharedFile.__subclasses__()}
"""The shared files, each with its model; all are declared in the modules that are imported above, or below those."""
VOCABULARIES = {entry: name for name, model in SHARED.items() if (entry := model.entry())}
"""The shared files whose entries have names that records may use, by what an entry is, such as ``dataset``."""
_BY_NAME = {one.name for one in fields(Corpus)}


def read_corpus(
    root: CorpusFiles,
    shown: str = "corpus",
    only: frozenset[str] | None = None,
    parsed: Parse = parse,
    about_records: bool = False,
) -> tuple[Corpus, list[Problem]]:
    """Read a corpus folder: what fits its model, and the problems of every file that does not.

    Rules between records are not checked here; see :mod:`prunelit.schema.rules`.

    Args:
        root: The folder.
        shown: What messages call the folder.
        only: Records to read, as ``<id>.yaml``; only the headers of all others are read, no sweep, and no shared file
            that is about records.
        parsed: What gives the value of a text, as :func:`prunelit.schema.reading.parse`.
        about_records: Whether shared files that are about records are read though only some of these are.
    """
    with collector_at_rest():
        return _corpus(root, shown, only, parsed, about_records or only is None, {})


def read_headers(root: CorpusFiles, shown: str, known: Mapping[str, RecordHeader]) -> tuple[Corpus, list[Problem]]:
    """A corpus of whose records only the headers are read.

    Args:
        root: The folder.
        shown: What messages call it.
        known: The headers of records that need not be read, as ``papers/<id>.yaml``.
    """
    with collector_at_rest():
        return _corpus(root, shown, frozenset(), parse, True, {}, known)


def _corpus(
    root: CorpusFiles,
    shown: str,
    only: frozenset[str] | None,
    parsed: Parse,
    about_records: bool,
    seen: dict[str, bytes],
    headers: Mapping[str, RecordHeader] = {},
) -> tuple[Corpus, list[Problem]]:
    (records, unlisted), (tables, more) = _listed(root, "papers", shown), _listed(root, "sweeps", shown)
    others = dict.fromkeys(name for name in records if only is not None and name.removeprefix("papers/") not in only)
    read = {name: _read(root, name, Paper, shown, seen, parsed) for name in records if name not in others}
    shared = {
        name: (None, [])
        if SHARED[name].ABOUT_RECORDS and not about_records
        else _read(root, name, SHARED[name], shown, seen, parsed)
        for name in _shared(root)
    }
    parts = {part: found for name, (one, _) in shared.items() for part, found in _parts(one, SHARED[name])}
    sweeps = {
        name.removeprefix("sweeps/"): _sweep(root, name, shown, seen) if only is None else (Sweep(), [])
        for name in tables
    }
    documents = tuple(document for document, _ in read.values() if document)
    unread = [name for name, (document, _) in [*read.items(), *shared.items()] if document is None]
    corpus = Corpus(
        papers=tuple(document.value for document in documents),
        **{part: found for part, found in parts.items() if part in _BY_NAME},
        others={part: found for part, found in parts.items() if part not in _BY_NAME},
        sweeps={name: points for name, (points, _) in sweeps.items()},
        documents=documents,
        shared={name: document for name, (document, _) in shared.items() if document},
        unread=frozenset([*unread, *others]),
        headers=tuple(headers.get(name) or _header(root, name, seen) for name in others),
    )
    if only is None:
        corpus.read_from(fingerprint(seen))
    found = (problems for _, problems in [*read.values(), *shared.values(), *sweeps.values()])
    return corpus, [*unlisted, *more, *(problem for problems in found for problem in problems)]


def read_share(root: CorpusFiles, shown: str, names: Iterable[str], glance: Corpus) -> tuple[Corpus, list[Problem]]:
    """Some records of a corpus and their sweeps, beside the headers of all others; what is wrong with these files.

    Args:
        root: The folder.
        shown: What messages call it.
        names: The records, as ``papers/<id>.yaml``.
        glance: The corpus without records, as read by ``read_corpus(..., only=frozenset())``.
    """
    seen: dict[str, bytes] = {}
    read = {name: _read(root, name, Paper, shown, seen, parse) for name in names}
    documents = {name: document for name, (document, _) in read.items() if document}
    used = {curve.points_file for one in documents.values() for _, curve in curves(one.value)}
    sweeps = {name: _sweep(root, f"sweeps/{name}", shown, seen) for name in glance.sweeps if name in used}
    _points.cache_clear()  # what is kept there is for states of a corpus that share it
    own = {FilePath(name).stem for name in documents}
    corpus = replace(
        glance,
        papers=tuple(one.value for one in documents.values()),
        documents=tuple(documents.values()),
        sweeps=glance.sweeps | {name: points for name, (points, _) in sweeps.items()},
        unread=glance.unread - documents.keys(),
        headers=tuple(one for one in glance.headers if one.id not in own),
    )
    corpus.read_from(fingerprint(seen))
    found = (problems for _, problems in [*read.values(), *sweeps.values()])
    return corpus, [problem for problems in found for problem in problems]


def joined(corpus: Corpus, document: Document[Paper]) -> Corpus:
    """A corpus of which only headers of records were read, with one more record, in place of its namesake if any."""
    own = f"papers/{document.value.id}.yaml"
    return replace(
        corpus,
        papers=(document.value,),
        documents=(Document(document.file, document.text, document.value),),
        unread=corpus.unread - {own},
        headers=tuple(one for one in corpus.headers if one.id != document.value.id),
    )


def fingerprint_of(root: CorpusFiles) -> str:
    """The fingerprint of a corpus folder as it is now: that of the files that :func:`read_corpus` reads.

    Raises:
        UnreadableError: if a file or folder of it cannot be read.
    """
    return fingerprint(digests_of(root))


def digests_of(root: CorpusFiles) -> dict[str, bytes]:
    """The digests of the files of a corpus that :func:`read_corpus` reads, by their names below the folder.

    Raises:
        UnreadableError: if a file or folder of it cannot be read.
    """
    if isinstance(root, StateOfFolder):
        return dict(root.digests)
    seen: dict[str, bytes] = {}
    for name in names_of(root):
        _bytes(root, name, name, seen)
    return seen


def names_of(root: CorpusFiles) -> list[str]:
    """The files of a corpus that :func:`read_corpus` reads, by their names below the folder.

    Raises:
        UnreadableError: if a folder of it cannot be read.
    """
    (records, unlisted), (tables, more) = _listed(root, "papers", ""), _listed(root, "sweeps", "")
    if unlisted or more:
        raise UnreadableError(*unlisted, *more)
    return [*_shared(root), *records, *tables]


def _shared(root: CorpusFiles) -> list[str]:
    """The shared files that a corpus must have, and those of the others that it has."""
    return [name for name, model in SHARED.items() if not model.OPTIONAL or holds(root, name)]


def _parts(document: Document[Any] | None, model: type[SharedFile]) -> Iterator[tuple[str, Any]]:
    """What a shared file holds of each of its parts of the corpus; nothing if it could not be read."""
    for part, name in model.parts().items():
        yield part, (getattr(document.value, name) or ()) if document else ()


def _sweep(root: CorpusFiles, name: str, shown: str, seen: dict[str, bytes]) -> tuple[Sweep, list[Problem]]:
    where = f"{shown}/{printable(name)}"
    try:
        data = _bytes(root, name, where, seen)
    except UnreadableError as error:
        return Sweep(), list(error.problems)
    points, problems = _points(data)
    return (points, []) if not problems else read_sweep_bytes(data, where)


@lru_cache(maxsize=1024)
def _points(data: bytes) -> tuple[Sweep, list[Problem]]:
    """The points of a sweep, which two states of a corpus share where they are the same."""
    return read_sweep_bytes(data, "")


def _header(root: CorpusFiles, name: str, seen: dict[str, bytes]) -> RecordHeader:
    """What a record takes for itself; one that cannot be read takes nothing but its name."""
    stem = FilePath(name).stem
    try:
        return record_header(stem, _bytes(root, name, name, seen).decode(errors="replace"))
    except UnreadableError:
        return record_header(stem, "")


_SUFFIXES = {"papers": (".yaml", ".yml"), "sweeps": (".csv",)}
"""The folders of a corpus, and how the names of what is read there end."""


def _listed(root: CorpusFiles, folder: str, shown: str) -> tuple[list[str], list[Problem]]:
    """The files in a folder of the corpus that are read; a folder that is not there holds none."""
    names, problems = _names(root, folder, shown)
    return [f"{folder}/{name}" for name in names if _is_read(folder, name)], problems


def _names(root: CorpusFiles, folder: str, shown: str) -> tuple[list[str], list[Problem]]:
    """The names in a folder of the corpus, but for those that are hidden."""
    try:
        return sorted(name for name in names_in(root, folder) if not name.startswith(".")), []
    except OSError as error:
        return [], [Problem(f"{shown}/{folder}", 1, 1, "unreadable", f"{error.strerror or error}")]


def _is_read(folder: str, name: str) -> bool:
    return (name.lower() if folder == "papers" else name).endswith(_SUFFIXES[folder])  # X.YAML is told, as a wrong name


def strays(corpus: Corpus, root: CorpusFiles, shown: str) -> list[Problem]:
    """What lies in a corpus folder and belongs to nothing: other files and folders, and sweeps of no curve.

    Args:
        corpus: What was read of the folder.
        root: The folder.
        shown: What messages call it.
    """
    found = [
        Problem(f"{shown}/{folder}/{printable(name)}", 1, 1, "stray", _STRAY[folder])
        for folder in _SUFFIXES
        for name in _names(root, folder, shown)[0]
        if not _is_read(folder, name) or is_folder(root, f"{folder}/{name}")
    ]
    used = {curve.points_file for paper in corpus.papers for _, curve in curves(paper)}
    if not any(name.startswith("papers/") for name in corpus.unread):
        found += [
            Problem(f"{shown}/sweeps/{printable(name)}", 1, 1, "stray", "no curve has it as its 'points_file'")
            for name in corpus.sweeps
            if name not in used
        ]
    return found


_STRAY = {
    "papers": "this folder holds records alone, as <id>.yaml; move everything else elsewhere",
    "sweeps": "this folder holds sweeps alone, as CSV files; move everything else elsewhere",
}


def _read(
    root: CorpusFiles, name: str, model: type[M], shown: str, seen: dict[str, bytes], parsed: Parse
) -> tuple[Document[M] | None, list[Problem]]:
    file = f"{shown}/{printable(name)}"
    try:
        data = _bytes(root, name, file, seen)
    except UnreadableError as error:
        return None, list(error.problems)
    if model is Paper and not _RECORD.fullmatch(name):
        return None, [Problem(file, *_NO_RECORD)]
    key = model, seen[name]
    if known := _VALID.get(key):
        return Document(file, data.decode(), known), []  # type: ignore[arg-type]
    document, problems = read_bytes(data, model, file, parsed=parsed)
    if document and not problems:
        _VALID[key] = document.value
    return document, problems


_VALID: WeakValueDictionary[tuple[type[BaseModel], bytes], BaseModel] = WeakValueDictionary()
"""What files hold that are in use, by model and digest: two states of a corpus share what is the same in both."""


def _bytes(root: CorpusFiles, name: str, file: str, seen: dict[str, bytes]) -> bytes:
    """The bytes of a file of the corpus, whose digest is noted in ``seen``.

    Raises:
        UnreadableError: if it cannot be read, or is a link that leads out of the corpus.
    """
    data = read_file(root, name, file)
    seen[name] = digest(data)
    return data


def read_file(root: CorpusFiles, name: str, file: str = "") -> bytes:
    """The bytes of a file of the corpus.

    Args:
        root: The folder.
        name: Its name below the folder.
        file: How messages call it.

    Raises:
        UnreadableError: if it cannot be read, or is a link that leads out of the corpus.
    """
    return bytes_of(root, name, file, SHARED[name].READ_UP_TO if name in SHARED else MAX_BYTES)


_RECORD = re.compile(r"papers/[a-z][a-z0-9-]{2,63}\.yaml")
_NO_RECORD = (
    1,
    1,
    "file-name",
    "a record's file is named <id>.yaml; an id has 3 to 64 of a-z, 0-9 and -, a letter first",
)
