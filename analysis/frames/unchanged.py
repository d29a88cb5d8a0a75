"""Unchanged rows of two states of a corpus: what a table of one takes over from that of the other.

Rows that say what a record says depend on that record, on the label of its paper, and on what all records share; where
none of these differs, they are the same.  The other state is one in memory, or the last one whose tables are on disk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields

import pandas as pd

from prunelit.analysis.frames.labels import paper_labels
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Acknowledgements
from prunelit.schema.fingerprint import digest
from prunelit.schema.record import Paper

_OF_RECORDS = frozenset({"papers", "headers", "unread", "acknowledgements"})
"""Parts of a corpus in which states may differ that share rows: the records themselves, and what no row depends on."""


def same_papers(before: Corpus, after: Corpus) -> frozenset[str]:
    """The ids of papers whose record is the same in two states; none where anything differs that records share.

    Records of the same bytes are one object, see :func:`prunelit.schema.corpus.read_corpus`; numbers that are equal,
    but have other digits, are not the same.
    """
    shared = [one.name for one in fields(Corpus) if one.compare and one.name not in _OF_RECORDS]
    if any(getattr(before, name) != getattr(after, name) for name in shared):
        return frozenset()
    return frozenset(name for name, paper in after.by_id.items() if before.by_id.get(name) is paper)


def papers_made_anew(same: Collection[str], before: Corpus, after: Corpus) -> tuple[Paper, ...]:
    """The papers of a collection whose rows are not those of before.

    Args:
        same: The papers whose record is the same, see :func:`same_papers`.
        before: The collection before.
        after: The collection after.
    """
    if not same or before.corrections != after.corrections:
        return after.papers
    labels, known = paper_labels(after), paper_labels(before)
    return tuple(one for one in after.papers if one.id not in same or labels[one.id] != known.get(one.id))


def rows_made_of(corpus: Corpus, records: Corpus) -> dict[str, str]:
    """A digest of all that the rows of each paper are made of, of those whose text is known.

    Args:
        corpus: The records as they are in files.
        records: The same with the corrections that are applied.
    """
    labels = paper_labels(records)
    files = {name: one.text for name, one in corpus.shared.items() if not isinstance(one.value, Acknowledgements)}
    shared = digest(repr(sorted(files.items())).encode())
    texts = {one.value.id: (one.text, shared, corpus.sweeps_of(one.value)) for one in corpus.documents}
    return {name: digest(repr((labels[name], *texts[name])).encode()).hex() for name in labels.keys() & texts.keys()}


def rows_of_papers(table: pd.DataFrame, papers: Iterable[Paper]) -> pd.DataFrame:
    """The rows of some papers."""
    return table[table["paper_id"].isin({paper.id for paper in papers})]


def with_unchanged(anew: pd.DataFrame, made: Iterable[Paper], known: pd.DataFrame, after: Corpus) -> pd.DataFrame:
    """The whole table of a state: rows that were made anew, and those of all other papers as they were before.

    Args:
        anew: The rows of the papers that were made anew.
        made: These papers.
        known: The table before.
        after: The records now, in whose order the rows are.
    """
    places = {paper.id: place for place, paper in enumerate(after.papers)}
    kept = known["paper_id"].isin(places.keys() - {paper.id for paper in made})
    rows = pd.concat([known[kept], anew], ignore_index=True)
    return rows.iloc[rows["paper_id"].map(places).to_numpy(dtype=int).argsort(kind="stable")].reset_index(drop=True)
