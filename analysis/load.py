"""Which records are asked about?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from prunelit.schema.corpus import Corpus, read_corpus, shipped
from prunelit.schema.problems import CorpusError, nearest
from prunelit.schema.rules import check
from prunelit.schema.vocabulary import ALL

__all__ = ["ALL", "EVERYTHING", "Corpus", "chosen", "load_corpus"]

EVERYTHING = (None, ALL)
"""What asks for no collection, but for all papers and experiments."""


def load_corpus(path: str | Path | None = None, collection: str | None = None) -> Corpus:
    """The validated records of a corpus.

    Args:
        path: Folder of the corpus; by default the one that ships with the package.
        collection: Name of a collection, to leave out all other papers and experiments; "all" is everything.

    Raises:
        CorpusError: if any record or shared file is not valid; it carries all problems.
        ValueError: if there is no such collection.
    """
    corpus = _shipped() if path is None else _read(Path(path))
    return corpus if collection in EVERYTHING else _only(corpus, str(collection))


def chosen(corpus: Corpus | None, collection: str | None) -> Corpus:
    """The corpus that the ``corpus=`` and ``collection=`` of a public function ask for."""
    if corpus is None:
        return load_corpus(collection=collection)
    return corpus if collection in (*EVERYTHING, corpus.collection) else _only(corpus, str(collection))


def _only(corpus: Corpus, collection: str) -> Corpus:
    known = [one.name for one in corpus.collections]
    if collection not in known:
        raise ValueError(
            f"no collection '{collection}'{nearest(collection, known)}; there are {', '.join((*known, ALL))}"
        )
    return corpus.only(collection)


@cache
def _shipped() -> Corpus:
    return _read(shipped())


def _read(path: Path) -> Corpus:
    corpus, problems = read_corpus(path, str(path))
    if problems := problems + check(corpus):
        raise CorpusError(problems)
    return corpus
