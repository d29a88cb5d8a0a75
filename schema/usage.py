"""Uses of vocabularies: how many records and entries of shared files use each name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prunelit.schema.canonical_methods import MethodNames
from prunelit.schema.corpus import SHARED, Corpus
from prunelit.schema.record import Paper
from prunelit.schema.references import names_used
from prunelit.schema.sweeps import names_in_sweep

CANONICAL_METHOD = "canonical_method"
"""What entries of the vocabulary of methods are."""


def uses_of_names(corpus: Corpus) -> Counter[tuple[str, str]]:
    """How many records and entries of shared files use each name, by what it names and the name.

    A canonical method is used by the records whose curves, experiments or lists of methods it is the name of, however
    they print it.

    Example:
        >>> from prunelit.schema.corpus import read_corpus, shipped
        >>> uses_of_names(read_corpus(shipped())[0])["canonical_method", "ThiNet"] > 5
        True
    """
    shared = (entry for model in SHARED.values() for part in model.parts() for entry in corpus.part(part))
    found: Counter[tuple[str, str]] = Counter()
    for holder in (*corpus.papers, *shared):
        found.update({(of, name) for of, _, name in names_used(holder)})
    for points in corpus.sweeps.values():
        found.update(set(names_in_sweep(points)))
    methods = MethodNames(corpus.methods)
    for paper in corpus.papers:
        found.update({(CANONICAL_METHOD, name) for name in set(_methods(paper, methods))})
    return found


def _methods(paper: Paper, names: MethodNames) -> Iterator[str]:
    """The canonical names of the methods that a record has without writing them."""
    known = [names.of_listed(paper, one.name) for one in paper.methods or ()]
    for one in paper.experiments or ():
        known += [names.of(paper.id, curve.method, curve) for curve in one.curves or () if not curve.canonical_method]
        known += [] if one.curves else [names.of(paper.id, one.method, None)]
    yield from (name for name in known if name)
