"""Check of a large corpus by shares: by several processes, which return problems and never records, or by one.

A process reads a share of the records, holds them against the headers of all others, and forgets them: so memory
does not grow with the corpus, but for headers.  What a glance does not show (former ids, methods that papers propose,
files of sweeps) comes back in a few words and is held against each other at the end.  Where anything is wrong between
records, or a header does not say what its record does, the glance was not enough, and the corpus is to be read whole.

What is told of a share in order may be kept, with the digests of all that it depends on: its files, and the shared
files.  Whether it goes with all other shares is seen anew each time.  So a change costs one share, and as shares begin
where the name of a record says so, that is true of a record that comes or goes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path as FilePath
from typing import Any, TypeAlias

from prunelit.schema.closed_checks import closed_collections
from prunelit.schema.collector import collector_at_rest
from prunelit.schema.corpus import Corpus, digests_of, names_of, read_headers, read_share, strays
from prunelit.schema.corpus_files import CorpusFiles
from prunelit.schema.fingerprint import digest, fingerprint
from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError
from prunelit.schema.record import Paper
from prunelit.schema.record_header import RecordHeader, record_header
from prunelit.schema.references import papers_used
from prunelit.schema.rules import ListedMethod, Taken, check_corpus, listed_methods, share_a_name
from prunelit.schema.validation import Document
from prunelit.schema.walk import curves, survey_rows

FROM = 2_000
"""Records from which a corpus is large: several processes are worth their start."""
_SHARE = 500
"""Records that a process holds at once, at most."""


@dataclass(frozen=True, slots=True)
class Share:
    """Records that are read together, as ``papers/<id>.yaml``, and the fingerprint of these and of their sweeps."""

    names: tuple[str, ...]
    files: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known of a corpus that was checked by shares.

    Attributes:
        problems: What is wrong with files by themselves.
        papers: Records, those included that cannot be read.
        survey_rows: Rows of the survey that they enter.
        corpus: The corpus without its records, of which it has the headers.
        shares: The shares, in the order of records.
        digests: Those of the files of the whole corpus.
    """

    problems: tuple[Problem, ...]
    papers: int
    survey_rows: int
    corpus: Corpus | None = field(default=None, repr=False, compare=False)
    shares: tuple[Share, ...] = field(default=(), repr=False, compare=False)
    digests: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a process tells of its share."""

    problems: list[Problem]
    survey_rows: int
    former: list[str]
    refers: list[str]
    methods: list[ListedMethod]
    sweeps: list[str]
    headers: list[RecordHeader]
    files: str | None
    """The fingerprint of the records and sweeps of the share."""


_State: TypeAlias = tuple[CorpusFiles, str, Corpus, Taken, Callable[[Corpus], object] | None]
"""The folder, what messages call it, what was glanced at, what records take, and what else is done with a share."""


def glanced(
    root: CorpusFiles,
    shown: str,
    kept: MutableMapping[str, str] | None = None,
    processes: int | None = None,
    also: Callable[[Corpus], object] | None = None,
    digests: Mapping[str, bytes] | None = None,
) -> Glance | None:
    """The check of a large corpus by shares; None where it is to be read whole.

    Args:
        root: The folder.
        shown: What messages call it.
        kept: What earlier checks by the same code told of shares in order; afterwards what this one knows of its own.
        processes: How many processes take part, by default one for each processor.
        also: What else is done with each share that is read and in order, by the process that holds its records.
        digests: Those of the files of the whole corpus, where they are known.
    """
    digests = _digests(root) if digests is None else digests
    names = sorted(name for name in digests if name.startswith("papers/"))
    if len(names) < FROM:
        return None
    shares, state = _shares(names), fingerprint({name: digests[name] for name in digests if "/" not in name})
    kept = {} if kept is None else kept
    for name in kept.keys() - {share[0] for share in shares}:  # shares begin elsewhere where records are added
        del kept[name]
    known = {
        share[0]: told for share in shares if (told := _told_before(share, digests, state, kept.get(share[0], "")))
    }
    headers = {f"papers/{one.id}.yaml": one for told in known.values() for one in told.headers}
    corpus, problems = read_headers(root, shown, headers)
    if problems or check_corpus(corpus) or strays(corpus, root, shown) or fingerprint_of_shared(corpus.shared) != state:
        return None
    left = [share for share in shares if share[0] not in known]
    for share, told in zip(
        left, _told_now(left, processes or cpu_count() or 1, root, shown, corpus, Taken(corpus), also), strict=True
    ):
        if told is None or not (told.problems or told.files == _files(share, told.sweeps, digests)):
            return None
        known[share[0]] = told
        if not told.problems:
            kept[share[0]] = json.dumps({"state": state, **asdict(told)})
    found = _together(corpus, list(known.values()))
    of_files = tuple(Share(tuple(share), known[share[0]].files or "") for share in shares)
    return found and replace(found, corpus=corpus, shares=of_files, digests=digests)


def _digests(root: CorpusFiles) -> Mapping[str, bytes]:
    """The digests of the files of a large corpus; none of one that is small, or that whoever reads it has to tell."""
    with suppress(UnreadableError):
        return digests_of(root) if len(names_of(root)) >= FROM else {}
    return {}


def _told_now(left: list[list[str]], processes: int, *state: *_State) -> Iterator[_Told | None]:
    """What is told of shares that have to be read; by this process alone where others are not worth their start."""
    if min(processes, len(left)) > 1:
        with get_context().Pool(min(processes, len(left)), _begin, state) as pool:
            yield from pool.imap(_check_share, left)
    else:
        yield from (_told_of(share, *state) for share in left)


def _shares(names: list[str]) -> list[list[str]]:
    """Names in shares; one that is half full ends before the next name whose digest says so.

    So shares that follow one which a name joins or leaves soon begin where they did before.
    """
    found: list[list[str]] = [[]]
    for name in names:
        size = len(found[-1])
        if size == _SHARE or (size >= _SHARE / 2 and int.from_bytes(digest(name.encode())) % (_SHARE // 4) == 0):
            found.append([])
        found[-1].append(name)
    return found


def fingerprint_of_shared(shared: Mapping[str, Document[Any]]) -> str:
    """The fingerprint of the shared files, which all records depend on."""
    return fingerprint({name: digest(document.text.encode()) for name, document in shared.items()})


def _told_before(share: list[str], digests: Mapping[str, bytes], state: str, kept: str) -> _Told | None:
    """What was told of a share that is as it was then; None of any other."""
    with suppress(Exception):  # whatever is wrong with what was kept, or with a file, the share can be checked
        found = json.loads(kept)
        if found.pop("state") == state:
            methods = [ListedMethod(*one) for one in found["methods"]]
            headers = [RecordHeader(one["id"], one["survey_id"], tuple(one["survey_rows"])) for one in found["headers"]]
            told = _Told(**{**found, "methods": methods, "headers": headers})
            return told if told.files == _files(share, told.sweeps, digests) else None
    return None


def _files(share: list[str], sweeps: list[str], digests: Mapping[str, bytes]) -> str:
    """The fingerprint of the records and sweeps of a share, as they were when all headers were read."""
    return fingerprint({name: digests[name] for name in (*share, *(f"sweeps/{one}" for one in sweeps))})


def _together(corpus: Corpus, told: list[_Told]) -> Glance | None:
    """What all shares say together; None where they do not agree, or where a file of a sweep is used by none."""
    former = Counter(name for one in told for name in one.former)
    ids = {header.id for header in corpus.headers}
    used = {name for one in told for name in one.sweeps}
    clash = share_a_name(corpus, [method for one in told for method in one.methods])
    if clash or not ids.isdisjoint(former) or max(former.values(), default=0) > 1 or used != corpus.sweeps.keys():
        return None
    if _taken_twice(corpus.headers) or not all(ids.issuperset(one.refers) for one in told):
        return None
    problems = {problem for one in told for problem in one.problems}
    return Glance(tuple(sorted(problems)), len(ids), sum(one.survey_rows for one in told))


def _taken_twice(headers: Iterable[RecordHeader]) -> bool:
    """Whether two records take the same survey id or row of the survey for themselves."""
    taken = [*chain.from_iterable(one.survey_rows for one in headers), *(one.survey_id for one in headers)]
    return max(Counter(one for one in taken if one is not None).values(), default=0) > 1


_STATE: list[_State] = []
"""Of a process that takes part."""


def _begin(*state: *_State) -> None:
    _STATE[:] = [state]


def _check_share(names: list[str]) -> _Told | None:
    return _told_of(names, *_STATE[0])


def _told_of(
    names: list[str],
    root: CorpusFiles,
    shown: str,
    glance: Corpus,
    taken: Taken,
    also: Callable[[Corpus], object] | None,
) -> _Told | None:
    """What is to tell of some records; None where something is wrong between them and others."""
    with collector_at_rest():
        corpus, problems = read_share(root, shown, names, glance)
        asked = {*(one.file for one in corpus.documents), f"{shown}/corrections.yaml"}
        swept = closed_collections(replace(corpus, headers=()))  # with headers alone, files of sweeps may not be there
        if not all(map(_is_as_glanced, corpus.documents)):  # what records take is what their headers tell
            return None
        faults = chain(check_corpus(corpus, asked.__contains__, taken), (one for one in swept if one.file in asked))
        if any(faults):
            return None
        if also and not problems:
            also(corpus)
        return _Told(
            problems,
            sum(1 for paper in corpus.papers for _ in survey_rows(paper)),
            [name for paper in corpus.papers for name in paper.former_ids or ()],
            sorted({name for _, _, name in papers_used(*corpus.papers)}),
            list(listed_methods(corpus)),
            sorted({curve.points_file for paper in corpus.papers for _, curve in curves(paper) if curve.points_file}),
            list(map(_header, corpus.documents)),
            corpus.fingerprint,
        )


def _header(document: Document[Paper]) -> RecordHeader:
    return record_header(FilePath(document.file).stem, document.text)


def _is_as_glanced(document: Document[Paper]) -> bool:
    """Whether a header says of a record what the record does."""
    header, paper = _header(document), document.value
    rows = sorted(row for _, row in survey_rows(paper))
    return (header.id, header.survey_id, sorted(header.survey_rows)) == (paper.id, paper.survey_id, rows)
