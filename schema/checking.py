"""Check of a large corpus by several processes, which return problems and never records.

Each process reads a share of the records, holds them against the headers of all others, and forgets them: so memory
does not grow with the corpus, but for headers.  What a glance does not show (former ids, methods that papers propose,
files of sweeps) comes back in a few words and is held against each other at the end.  Where anything is wrong between
records, or a header does not say what its record does, the glance was not enough, and the corpus is to be read whole.

What is told of a share in order may be kept, with the digests of all that it depends on: its files, the shared files,
and what a glance at all records shows.  So a change costs one share.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import chain
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path as FilePath

from prunelit.schema.closed_checks import closed_collections
from prunelit.schema.collector import collector_at_rest
from prunelit.schema.corpus import Corpus, fingerprint_of_share, read_corpus, read_share, strays
from prunelit.schema.fingerprint import digest, fingerprint
from prunelit.schema.problems import Problem
from prunelit.schema.record import Paper
from prunelit.schema.record_header import record_header
from prunelit.schema.rules import ListedMethod, check_corpus, listed_methods, share_a_name
from prunelit.schema.validation import Document
from prunelit.schema.walk import curves, survey_rows

FROM = 2_000
"""Records from which several processes are worth their start."""
_SHARE = 500
"""Records that a process holds at once."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known of a corpus that several processes have checked.

    Attributes:
        problems: What is wrong with files by themselves.
        papers: Records, those included that cannot be read.
        survey_rows: Rows of the survey that they enter.
    """

    problems: tuple[Problem, ...]
    papers: int
    survey_rows: int


@dataclass(frozen=True, slots=True)
class _Told:
    """What a process tells of its share."""

    problems: list[Problem]
    survey_rows: int
    former: list[str]
    methods: list[ListedMethod]
    sweeps: list[str]
    files: str | None
    """The fingerprint of the records and sweeps of the share."""


def glanced(root: FilePath, shown: str, kept: MutableMapping[str, str] | None = None) -> Glance | None:
    """The check of a corpus by several processes; None where it is to be read whole.

    Args:
        root: The folder.
        shown: What messages call it.
        kept: What earlier checks by the same code told of shares in order; afterwards what this one knows of its own.
    """
    processes = cpu_count() or 1
    if processes == 1 or sum(1 for _ in (root / "papers").glob("*.yaml")) < FROM:
        return None
    corpus, problems = read_corpus(root, shown, frozenset(), about_records=True)
    if problems or check_corpus(corpus) or strays(corpus, root, shown):
        return None
    names = sorted(name for name in corpus.unread if name.startswith("papers/"))
    shares = [names[at : at + _SHARE] for at in range(0, len(names), _SHARE)]
    kept, state = {} if kept is None else kept, _state(corpus)
    for name in kept.keys() - {share[0] for share in shares}:  # shares begin elsewhere where records are added
        del kept[name]
    known = {share[0]: told for share in shares if (told := _told_before(root, share, state, kept.get(share[0], "")))}
    left = [share for share in shares if share[0] not in known]
    if left:
        with get_context().Pool(min(processes, len(left)), _begin, (root, shown, corpus)) as pool:
            for share, told in zip(left, pool.imap(_check_share, left), strict=True):
                if told is None:
                    return None
                known[share[0]] = told
                if not told.problems:
                    kept[share[0]] = json.dumps({"state": state, **asdict(told)})
    return _together(corpus, list(known.values()))


def _state(glance: Corpus) -> str:
    """The fingerprint of what all shares depend on: the shared files, and what a glance shows of the others."""
    texts = {name: digest(document.text.encode()) for name, document in glance.shared.items()}
    return fingerprint({**texts, "headers": repr(glance.headers).encode(), "sweeps": repr([*glance.sweeps]).encode()})


def _told_before(root: FilePath, share: list[str], state: str, kept: str) -> _Told | None:
    """What was told of a share that is as it was then; None of any other."""
    with suppress(Exception):  # whatever is wrong with what was kept, or with a file, the share can be checked
        found = json.loads(kept)
        if found.pop("state") == state:
            told = _Told(**{**found, "methods": [ListedMethod(*one) for one in found["methods"]]})
            files = (*share, *(f"sweeps/{name}" for name in told.sweeps))
            return told if fingerprint_of_share(root, files) == told.files else None
    return None


def _together(corpus: Corpus, told: list[_Told]) -> Glance | None:
    """What all shares say together; None where they do not agree, or where a file of a sweep is used by none."""
    former = Counter(name for one in told for name in one.former)
    ids = {header.id for header in corpus.headers}
    used = {name for one in told for name in one.sweeps}
    clash = share_a_name(corpus, [method for one in told for method in one.methods])
    if clash or not ids.isdisjoint(former) or max(former.values(), default=0) > 1 or used != corpus.sweeps.keys():
        return None
    problems = {problem for one in told for problem in one.problems}
    return Glance(tuple(sorted(problems)), len(ids), sum(one.survey_rows for one in told))


_STATE: list[tuple[FilePath, str, Corpus]] = []
"""Of a process: the folder, what messages call it, and what it glanced at."""


def _begin(*state: object) -> None:
    _STATE[:] = [state]  # type: ignore[list-item]


def _check_share(names: list[str]) -> _Told | None:
    """What is to tell of some records; None where something is wrong between them and others."""
    (root, shown, glance) = _STATE[0]
    with collector_at_rest():
        corpus, problems = read_share(root, shown, names, glance)
        asked = {*(one.file for one in corpus.documents), f"{shown}/corrections.yaml"}
        swept = closed_collections(replace(corpus, headers=()))  # with headers alone, files of sweeps may not be there
        faults = chain(check_corpus(corpus, asked.__contains__), (one for one in swept if one.file in asked))
        if not all(map(_is_as_glanced, corpus.documents)) or any(faults):
            return None
        return _Told(
            problems,
            sum(1 for paper in corpus.papers for _ in survey_rows(paper)),
            [name for paper in corpus.papers for name in paper.former_ids or ()],
            list(listed_methods(corpus)),
            sorted({curve.points_file for paper in corpus.papers for _, curve in curves(paper) if curve.points_file}),
            corpus.fingerprint,
        )


def _is_as_glanced(document: Document[Paper]) -> bool:
    """Whether a header says of a record what the record does."""
    stem, paper = FilePath(document.file).stem, document.value
    header = record_header(stem, document.text)
    rows = sorted(row for _, row in survey_rows(paper))
    return (header.id, header.survey_id, sorted(header.survey_rows)) == (paper.id, paper.survey_id, rows)
