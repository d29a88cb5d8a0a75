"""What is in the corpus: every record and every shared file, validated together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel

from prunelit.schema.correction import Correction, Corrections
from prunelit.schema.problems import Problem
from prunelit.schema.record import Paper
from prunelit.schema.sweeps import SweepPoint, read_sweep
from prunelit.schema.validation import Document, read
from prunelit.schema.vocabulary import (
    Architecture,
    Architectures,
    ArchitectureUnion,
    Collection,
    Collections,
    Dataset,
    Datasets,
    Exclusion,
    Exclusions,
    Metric,
    Metrics,
    Unpruned,
    UnprunedSource,
    Venue,
    Venues,
)

@dataclass(frozen=True)
class Corpus:
    """The records of a corpus, in the order of their ids, with everything they refer to.

    ``documents`` are the files of the papers, in the same order; ``unread`` names the files that do not fit their model.
    """

    papers: tuple[Paper, ...]
    datasets: tuple[Dataset, ...]
    architectures: tuple[Architecture, ...]
    unions: tuple[ArchitectureUnion, ...]
    venues: tuple[Venue, ...]
    metrics: tuple[Metric, ...]
    collections: tuple[Collection, ...]
    unpruned: tuple[UnprunedSource, ...]
    exclusions: tuple[Exclusion, ...]
    corrections: tuple[Correction, ...]
    sweeps: dict[str, tuple[SweepPoint, ...]]
    collection: str | None = None
    documents: tuple[Document[Paper], ...] = field(default=(), repr=False, compare=False)
    unread: frozenset[str] = frozenset()

    @cached_property
    def by_id(self) -> dict[str, Paper]:
        """The papers by their ids."""
        return {paper.id: paper for paper in self.papers}

    def only(self, collection: str) -> Corpus:
        """The papers and experiments of one collection.

        Raises:
            KeyError: if there is no such collection.
        """
        if collection not in {known.name for known in self.collections}:
            raise KeyError(collection)
        papers = tuple(
            paper.model_copy(
                update={
                    "experiments": tuple(
                        one for one in paper.experiments or () if collection in one.collections
                    )
                    or None,
                    "added_comparisons": tuple(
                        one for one in paper.added_comparisons or () if collection in one.collections
                    )
                    or None,
                }
            )
            for paper in self.papers
            if collection in paper.collections
        )
        return replace(
            self,
            papers=papers,
            exclusions=tuple(one for one in self.exclusions if one.collection == collection),
            collection=collection,
        )


def shipped() -> FilePath:
    """The folder of the corpus that ships with the package: beside this one, in a clone and in an installation alike."""
    return FilePath(__file__).parent.parent / "corpus"


M = TypeVar("M", bound=BaseModel)


def read_corpus(root: FilePath, shown: str = "corpus") -> tuple[Corpus, list[Problem]]:
    """Read a corpus folder: what fits its model, and the problems of every file that does not.

    Rules between records are not checked here; see :mod:`prunelit.schema.rules`.

    Args:
        root: The folder.
        shown: What messages call the folder.
    """
    problems: list[Problem] = []
    unread: set[str] = set()

    def one(name: str, model: type[M]) -> Document[M] | None:
        document, found = read(root / name, model, f"{shown}/{name}")
        problems.extend(found)
        if document is None:
            unread.add(name)
        return document

    def shared(name: str, model: type[M]) -> M | None:
        document = one(name, model)
        return document.value if document else None

    def sweep(name: str) -> tuple[SweepPoint, ...]:
        points, found = read_sweep(root / "sweeps" / name, f"{shown}/sweeps/{name}")
        problems.extend(found)
        return points

    papers = (one(f"papers/{file.name}", Paper) for file in sorted((root / "papers").glob("*.yaml")))
    documents = tuple(document for document in papers if document)
    architectures = shared("architectures.yaml", Architectures)
    corpus = Corpus(
        papers=tuple(document.value for document in documents),
        datasets=_of(shared("datasets.yaml", Datasets), "datasets"),
        architectures=_of(architectures, "architectures"),
        unions=_of(architectures, "unions"),
        venues=_of(shared("venues.yaml", Venues), "venues"),
        metrics=_of(shared("metrics.yaml", Metrics), "metrics"),
        collections=_of(shared("collections.yaml", Collections), "collections"),
        unpruned=_of(shared("unpruned.yaml", Unpruned), "sources"),
        exclusions=_of(shared("exclusions.yaml", Exclusions), "exclusions"),
        corrections=_of(shared("corrections.yaml", Corrections), "corrections"),
        sweeps={file.name: sweep(file.name) for file in sorted((root / "sweeps").glob("*.csv"))},
        documents=documents,
        unread=frozenset(unread),
    )
    return corpus, problems


def _of(model: BaseModel | None, name: str) -> Any:
    return getattr(model, name, None) or ()
