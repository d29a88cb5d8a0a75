"""Loading of a corpus: its validated records, all of them or those of one collection."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from prunelit.schema.corpus import Corpus, digests_of, read_corpus, shipped
from prunelit.schema.corpus_files import CorpusFiles, corpus_folder
from prunelit.schema.fingerprint import fingerprint
from prunelit.schema.problems import AmbiguousNameError, CorpusError, Problem, UnknownNameError
from prunelit.schema.reading import UnreadableError
from prunelit.schema.record import Paper
from prunelit.schema.rules import check_corpus
from prunelit.schema.vocabulary import ALL

if TYPE_CHECKING:
    from prunelit.schema.checking import Glance

__all__ = ["ALL", "EVERYTHING", "Corpus", "UnknownNameError", "find_paper", "load_corpus", "within_collection"]

EVERYTHING = (None, ALL)
"""What asks for no collection, but for all papers and experiments."""


def load_corpus(path: str | Path | None = None, collection: str | None = None) -> Corpus:
    """The validated records of a corpus.

    Args:
        path: Folder of the corpus; by default the one that ships with the package.
        collection: Name of a collection, to leave out all other papers and experiments; "all" is everything.

    Returns:
        The corpus: ``papers``, vocabularies, corrections and everything else that its folder holds.

    Raises:
        CorpusError: if any record or shared file is not valid; it carries all problems.
        UnknownNameError: if there is no such collection.

    Example:
        >>> corpus = load_corpus(collection="blalock2020")
        >>> len(corpus.papers)
        81
    """
    root = shipped() if path is None else Path(path)
    return within_collection(read_valid(root, fingerprint_or_none(root)), collection)


def fingerprint_or_none(root: CorpusFiles) -> str | None:
    """What tells whether a folder has changed; None for one that cannot be read, so that reading it says why."""
    digests = digests_or_none(root)
    return None if digests is None else fingerprint(digests)


def digests_or_none(root: CorpusFiles) -> dict[str, bytes] | None:
    """The digests of the files of a corpus; None for one that cannot be read, so that reading it says why."""
    try:
        return digests_of(root)
    except UnreadableError:
        return None


def read_valid(root: CorpusFiles, fingerprint: str | None) -> Corpus:
    """The corpus of a folder; read anew unless the last one that was read has the fingerprint.

    Raises:
        CorpusError: if any record or shared file is not valid.
    """
    last = _LAST.get(root)
    if last is not None and last.fingerprint == fingerprint:
        return last
    corpus, problems = read_checked(root)
    if problems:
        raise CorpusError(problems)
    _LAST[root] = corpus
    return corpus


def read_checked(root: CorpusFiles) -> tuple[Corpus, list[Problem]]:
    """The corpus in a folder, and every problem with it and between its records.

    What was parsed before is known by its text, and a corpus that was in order by its bytes.

    Args:
        root: The folder, whose texts are known in all of its states.
    """
    from prunelit.analysis.frames.kept_files import faults_unless_known
    from prunelit.analysis.frames.parsed import ParsedTexts

    texts = ParsedTexts(corpus_folder(root))
    corpus, problems = read_corpus(root, str(root), parsed=texts.parse)
    texts.keep(len(corpus.documents) + len(corpus.shared))
    # What could not be read is not in order, whatever is found between the records that could.
    of_all = None if problems else corpus.fingerprint
    return corpus, problems + faults_unless_known(of_all, partial(check_corpus, corpus))


def glanced_at(
    root: CorpusFiles,
    shown: str,
    processes: int | None = None,
    also: Callable[[Corpus], object] | None = None,
    digests: Mapping[str, bytes] | None = None,
) -> Glance | None:
    """As :func:`prunelit.schema.checking.glanced`, with what earlier checks told of shares in order.

    Args:
        root: The folder of a corpus.
        shown: What messages call it.
        processes: How many processes take part, by default one for each processor.
        also: What else is done with each share that is read.
        digests: Those of the files of the corpus, where they are known.
    """
    from prunelit.analysis.frames.kept_files import keep_in_order, kept_file, kept_values, write_kept
    from prunelit.schema.checking import glanced
    from prunelit.schema.fingerprint import fingerprint

    file = kept_file("shares in order", str(corpus_folder(root).resolve()))
    before = kept_values(file)
    found = glanced(root, shown, now := dict(before), processes, also, digests)
    if now != before:
        write_kept(file, json.dumps(now).encode)
    if found and not found.problems:
        keep_in_order(fingerprint(found.digests))
    return found


def read_vocabulary(root: CorpusFiles) -> Corpus:
    """What a corpus holds beside its records and what is said about them: vocabularies, collections and groups.

    Args:
        root: The folder of a corpus that is in order.
    """
    from prunelit.analysis.frames.parsed import ParsedTexts

    texts = ParsedTexts(corpus_folder(root))
    found, problems = read_corpus(root, str(root), frozenset(), texts.parse, about_records=True)
    if problems:
        raise CorpusError(problems)
    return vocabulary_of(found)


def vocabulary_of(found: Corpus) -> Corpus:
    """A corpus of which only headers of records were read, without these and what is said about single records."""
    return replace(found, headers=(), corrections=(), acknowledgements=())


_LAST: dict[CorpusFiles, Corpus] = {}
"""The corpus that was last read from each folder."""


def within_collection(corpus: Corpus, collection: str | None) -> Corpus:
    """The papers and experiments of a collection.

    Raises:
        UnknownNameError: if there is no such collection.
    """
    if collection in (*EVERYTHING, corpus.collection):
        return corpus
    known = [one.name for one in corpus.collections]
    if collection not in known:
        raise UnknownNameError("collection", str(collection), (*known, ALL))
    return corpus.only(str(collection))


def find_paper(corpus: Corpus, name: str) -> Paper:
    """The paper of that id, former id or survey id, or the only one whose id, survey id or title contains the name.

    Raises:
        UnknownNameError: if there is none; the message names the nearest.
        AmbiguousNameError: if there is more than one; the message names them.
    """
    exact = [paper for paper in corpus.papers if name in (paper.id, paper.survey_id, *(paper.former_ids or ()))]
    found = exact or [paper for paper in corpus.papers if _contains(paper, name.strip().casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousNameError("paper", name, [paper.id for paper in found])
    known = [one for paper in corpus.papers for one in (paper.id, paper.survey_id, paper.title) if one]
    raise UnknownNameError("paper", name, known)


def _contains(paper: Paper, part: str) -> bool:
    return bool(part) and any(part in text.casefold() for text in (paper.id, paper.survey_id or "", paper.title))
