"""What must hold between records, beyond the form of each?

Every rule is a small generator of (document, path, message): a table of them, so that a new rule is one function and a
message says where the fault is.  Rules about facts (can this number be true?) belong to the audit, not here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import PurePath
from typing import TypeAlias

from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import Path, Problem, nearest
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.validation import Document

Fault: TypeAlias = tuple[Path, str]
Rule: TypeAlias = Callable[["Names", Document[Paper]], Iterator[Fault]]


class Names:
    """The names that records may use, and how often each id and row is used."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    @cached_property
    def papers(self) -> Counter[str]:
        unread = (PurePath(name).stem for name in self.corpus.unread if name.startswith("papers/"))
        return Counter([paper.id for paper in self.corpus.papers] + list(unread))

    @cached_property
    def vocabularies(self) -> dict[str, dict[str, str]]:
        """For each vocabulary that could be read: its canonical names and aliases, each with the canonical name."""
        corpus = self.corpus
        entries = {
            "dataset": (corpus.datasets, "datasets.yaml"),
            "architecture": (corpus.architectures, "architectures.yaml"),
            "venue": (corpus.venues, "venues.yaml"),
        }
        known = {
            kind: {spelling: one.name for one in found for spelling in (one.name, *(one.aliases or ()))}
            for kind, (found, file) in entries.items()
            if file not in corpus.unread
        }
        if "metrics.yaml" not in corpus.unread:
            known["metric"] = {one.name: one.name for one in corpus.metrics}
        if "collections.yaml" not in corpus.unread:
            known["collection"] = {one.name: one.name for one in corpus.collections}
        return known

    @cached_property
    def survey_ids(self) -> Counter[str]:
        return Counter(paper.survey_id for paper in self.corpus.papers if paper.survey_id)

    @cached_property
    def rows(self) -> Counter[int]:
        return Counter(row for paper in self.corpus.papers for _, row in survey_rows(paper))

    @cached_property
    def methods(self) -> dict[str, set[str]]:
        """The names of the methods that each paper proposes."""
        return {paper.id: {method.name for method in paper.methods or ()} for paper in self.corpus.papers}


def experiments(paper: Paper) -> Iterator[tuple[Path, Experiment]]:
    """The experiments of a paper, each with its path."""
    for index, experiment in enumerate(paper.experiments or ()):
        yield ("experiments", index), experiment


def curves(paper: Paper) -> Iterator[tuple[Path, Curve]]:
    """The curves of a paper, each with its path."""
    for path, experiment in experiments(paper):
        for index, curve in enumerate(experiment.curves or ()):
            yield (*path, "curves", index), curve


def points(paper: Paper) -> Iterator[tuple[Path, Point]]:
    """The points that stand in the record itself, each with its path."""
    for path, curve in curves(paper):
        for index, point in enumerate(curve.points or ()):
            yield (*path, "points", index), point


def survey_rows(paper: Paper) -> Iterator[tuple[Path, int]]:
    """The survey's rows that a paper holds, each with its path."""
    holders: list[tuple[Path, Experiment | Point]] = [*experiments(paper), *points(paper)]
    for path, holder in holders:
        if holder.survey_row is not None:
            yield (*path, "survey_row"), holder.survey_row


def file_name_is_id(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """A record stands in a file that is named after it."""
    stem, found = PurePath(document.file).stem, document.value.id
    if stem != found:
        yield ("id",), f"the id '{found}' differs from the file name '{stem}'; make them equal"


def unique_id(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """No two records share an id or a survey id."""
    paper = document.value
    if names.papers[paper.id] > 1:
        yield ("id",), f"the id '{paper.id}' is used by {names.papers[paper.id]} records; choose another"
    if paper.survey_id and names.survey_ids[paper.survey_id] > 1:
        yield ("survey_id",), f"the survey id '{paper.survey_id}' is used by {names.survey_ids[paper.survey_id]} records"


def unique_survey_row(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """A row of the survey is entered once."""
    for path, row in survey_rows(document.value):
        if names.rows[row] > 1:
            yield path, f"row {row} of the survey is entered {names.rows[row]} times"


def known_names(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """Datasets, architectures, venues, metrics and collections stand in their vocabulary, under their canonical name."""
    for kind, path, found in _used_names(document.value):
        known = names.vocabularies.get(kind)
        if known is None or known.get(found) == found:
            continue
        if found in known:
            yield path, f"{kind} '{found}' is called '{known[found]}' here"
        else:
            hint = nearest(found, known) or f"; add it to the vocabulary of {kind}s, or use one of its names"
            yield path, f"{kind} '{found}' is not known{hint}"


def _used_names(paper: Paper) -> Iterator[tuple[str, Path, str]]:
    if paper.venue:
        yield "venue", ("venue",), paper.venue
    for index, collection in enumerate(paper.collections):
        yield "collection", ("collections", index), collection
    for index, comparison in enumerate(paper.added_comparisons or ()):
        for at, collection in enumerate(comparison.collections):
            yield "collection", ("added_comparisons", index, "collections", at), collection
    for path, experiment in experiments(paper):
        if experiment.dataset:
            yield "dataset", (*path, "dataset"), experiment.dataset
        if experiment.architecture:
            yield "architecture", (*path, "architecture"), experiment.architecture
        for index, collection in enumerate(experiment.collections):
            yield "collection", (*path, "collections", index), collection
        for index, measured in enumerate(experiment.base_metrics or ()):
            yield "metric", (*path, "base_metrics", index, "metric"), measured.metric
    for path, point in points(paper):
        for index, measured in enumerate(point.metrics or ()):
            yield "metric", (*path, "metrics", index, "metric"), measured.metric


def known_papers(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """Papers that a record refers to have a record themselves."""
    for path, found in _used_papers(document.value):
        if found == document.value.id and path[0] != "experiments":
            yield path, "a paper does not compare to or cite itself"
        elif found not in names.papers:
            yield path, f"paper '{found}' has no record{nearest(found, names.papers)}"


def _used_papers(paper: Paper) -> Iterator[tuple[Path, str]]:
    for field in ("compares_to", "cites"):
        for index, found in enumerate(getattr(paper, field) or ()):
            yield (field, index), found
    for index, comparison in enumerate(paper.added_comparisons or ()):
        yield ("added_comparisons", index, "paper"), comparison.paper
    for path, curve in curves(paper):
        if curve.proposed_by:
            yield (*path, "proposed_by"), curve.proposed_by
        if curve.copied_from:
            yield (*path, "copied_from"), curve.copied_from


def listed_once(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """Nothing stands twice in a list of papers, collections or methods."""
    paper = document.value
    added = [comparison.paper for comparison in paper.added_comparisons or ()]
    methods = [method.name for method in paper.methods or ()]
    lists: list[tuple[str, list[str]]] = [
        ("compares_to", list(paper.compares_to or ())),
        ("cites", list(paper.cites or ())),
        ("collections", list(paper.collections)),
        ("methods", methods),
        ("added_comparisons", added),
    ]
    for field, items in lists:
        for index, item in enumerate(items):
            if item in items[:index]:
                yield (field, index), f"'{item}' stands already in '{field}'"
    for index, item in enumerate(added):
        if item in (paper.compares_to or ()):
            yield ("added_comparisons", index, "paper"), f"'{item}' stands already in 'compares_to'"


def collections_of_paper(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """An experiment counts only in collections that its paper belongs to."""
    for path, experiment in experiments(document.value):
        for index, collection in enumerate(experiment.collections):
            if collection not in document.value.collections:
                yield (*path, "collections", index), f"the paper's own 'collections' do not list '{collection}'"


def origin_agrees(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """Own methods are proposed by the paper itself; copied numbers say where from; nothing else does."""
    paper = document.value
    for path, curve in curves(paper):
        if curve.origin == "own" and curve.proposed_by not in (None, paper.id):
            yield (*path, "proposed_by"), "origin is 'own', but another paper proposed the method; use 'rerun' or 'copied'"
        if curve.origin == "copied" and not curve.copied_from:
            yield (*path, "origin"), "copied numbers need 'copied_from', the paper they come from"
        if curve.origin != "copied" and curve.copied_from:
            yield (*path, "copied_from"), f"origin is '{curve.origin}'; only 'copied' numbers have 'copied_from'"


def known_methods(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """A paper's own method that has a name is listed in its 'methods'."""
    paper = document.value
    own = names.methods.get(paper.id, set())
    for path, curve in curves(paper):
        if curve.origin == "own" and curve.method and curve.method not in own:
            yield (*path, "method"), f"method '{curve.method}' is not in this paper's 'methods'{nearest(curve.method, own)}"


def sweep_files(names: Names, document: Document[Paper]) -> Iterator[Fault]:
    """A file of points exists, and belongs to a curve marked as a sweep."""
    for path, curve in curves(document.value):
        if curve.points_file and curve.points_file not in names.corpus.sweeps:
            hint = nearest(curve.points_file, names.corpus.sweeps)
            yield (*path, "points_file"), f"file '{curve.points_file}' is not in corpus/sweeps{hint}"
        if curve.points_file and not curve.sweep:
            yield (*path, "points_file"), "points in a file are a sweep; add 'sweep: true'"


RULES: tuple[Rule, ...] = (
    file_name_is_id,
    unique_id,
    unique_survey_row,
    known_names,
    known_papers,
    listed_once,
    collections_of_paper,
    origin_agrees,
    known_methods,
    sweep_files,
)
"""Every rule between records, in the order of its messages."""


def check(corpus: Corpus, shown: str = "corpus") -> list[Problem]:
    """The problems between the records of a corpus, each rule's with its name in kebab case."""
    names = Names(corpus)
    found = [
        document.problem(path, rule.__name__.replace("_", "-"), message)
        for document in corpus.documents
        for rule in RULES
        for path, message in rule(names, document)
    ]
    return sorted([*found, *_closed_collections(corpus, shown), *_shared_files(names, shown)])


def _closed_collections(corpus: Corpus, shown: str) -> Iterator[Problem]:
    """A closed collection holds what it held when it was closed."""
    if corpus.unread:
        return
    for collection in corpus.collections:
        if (closed := collection.closed) is None:
            continue
        only = corpus.only(collection.name)
        ids = {paper.id for paper in only.papers}
        counts = {
            "papers": (len(only.papers), closed.papers),
            "comparisons": (
                sum(other in ids for paper in only.papers for other in paper.compares_to or ()),
                closed.comparisons,
            ),
            "survey_rows": (sum(1 for paper in only.papers for _ in survey_rows(paper)), closed.survey_rows),
        }
        for what, (count, expected) in counts.items():
            if count != expected:
                message = f"'{collection.name}' is closed with {expected} {what}, but the records hold {count}; "
                message += "put new results into another collection"
                yield Problem(f"{shown}/collections.yaml", 1, 1, "closed-collection", message)


def _shared_files(names: Names, shown: str) -> Iterator[Problem]:
    """Shared files refer to names that exist."""
    known = names.vocabularies.get("architecture", {})
    for source in names.corpus.unpruned:
        for model in source.models:
            if known and known.get(model.architecture) != model.architecture:
                message = f"architecture '{model.architecture}' is not known{nearest(model.architecture, known)}"
                yield Problem(f"{shown}/unpruned.yaml", 1, 1, "known-names", message)
    for file, entries in (("exclusions.yaml", names.corpus.exclusions), ("corrections.yaml", names.corpus.corrections)):
        for entry in entries:
            if entry.paper not in names.papers:
                message = f"paper '{entry.paper}' has no record{nearest(entry.paper, names.papers)}"
                yield Problem(f"{shown}/{file}", 1, 1, "known-papers", message)
