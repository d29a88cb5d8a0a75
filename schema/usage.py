"""Uses of vocabularies: how many records and entries of shared files use each name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from prunelit.schema.canonical_methods import MethodNames
from prunelit.schema.corpus import SHARED, Corpus
from prunelit.schema.record import Paper
from prunelit.schema.references import names_used
from prunelit.schema.sweeps import names_in_sweep

CANONICAL_METHOD = "canonical_method"
"""What entries of the vocabulary of methods are."""


Use: TypeAlias = tuple[str, str]
"""What a name is of, and the name."""


def uses_of_names(corpus: Corpus) -> Counter[Use]:
    """How many records and entries of shared files use each name, by what it names and the name.

    A canonical method is used by the records whose curves, experiments or lists of methods it is the name of, however
    they print it.

    Example:
        >>> from prunelit.schema.corpus import read_corpus, shipped
        >>> uses_of_names(read_corpus(shipped())[0])["canonical_method", "ThiNet"] > 5
        True
    """
    return together([uses_in_records(corpus)], corpus)


class UsesInRecords(NamedTuple):
    """The names that some records use: how many of them each, and which of them each of their sweeps."""

    records: Counter[Use]
    sweeps: dict[str, tuple[Use, ...]]


def uses_in_records(corpus: Corpus) -> UsesInRecords:
    """The names that records and their sweeps use, without those of shared files."""
    found: Counter[Use] = Counter()
    methods = MethodNames(corpus.methods)
    for paper in corpus.papers:
        found.update({(of, name) for of, _, name in names_used(paper)})
        found.update({(CANONICAL_METHOD, name) for name in set(_methods(paper, methods))})
    sweeps = ((name, tuple(names_in_sweep(points))) for name, points in corpus.sweeps.items())
    return UsesInRecords(found, {name: used for name, used in sweeps if used})


def together(parts: Iterable[UsesInRecords], corpus: Corpus) -> Counter[Use]:
    """How many records and entries of shared files use each name.

    Args:
        parts: What records use.
        corpus: The corpus, whose records need not be there.
    """
    shared = (entry for model in SHARED.values() for part in model.parts() for entry in corpus.part(part))
    found: Counter[Use] = Counter()
    for holder in shared:
        found.update({(of, name) for of, _, name in names_used(holder)})
    sweeps: dict[str, tuple[Use, ...]] = {}
    for part in parts:
        found.update(part.records)
        sweeps |= part.sweeps
    for used in sweeps.values():
        found.update(set(used))
    return found


def _methods(paper: Paper, names: MethodNames) -> Iterator[str]:
    """The canonical names of the methods that a record has without writing them."""
    known = [names.of_listed(paper, one.name) for one in paper.methods or ()]
    for one in paper.experiments or ():
        known += [names.of(paper.id, curve.method, curve) for curve in one.curves or () if not curve.canonical_method]
        known += [] if one.curves else [names.of(paper.id, one.method, None)]
    yield from (name for name in known if name)
