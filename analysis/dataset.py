"""Dataset: a corpus or one collection of it, as published or corrected, and its tables, each made once.

Everything that computes with the corpus takes its tables from here: public functions, figures, claims, audit, diff and
reports.  A table is computed when first asked for and remembered; see :mod:`prunelit.analysis.frames.cache`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import replace
from functools import cached_property, partial, wraps
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from prunelit.analysis.compare.comparability import PAIRS_OF_PAPERS, comparable_pairs_table
from prunelit.analysis.compare.configurations import configurations, with_unions
from prunelit.analysis.compare.discrepancies import DISCREPANCIES, discrepancies_table
from prunelit.analysis.compare.dominance import HULLS, TRADEOFFS, tradeoffs_table
from prunelit.analysis.compare.scratch_vs_finetuning import (
    SCRATCH_COLLECTION,
    SCRATCH_VS_FINETUNING,
    SCRATCH_VS_FINETUNING_POOLED,
    pooled_table,
    scratch_vs_finetuning_table,
)
from prunelit.analysis.compare.setups import (
    COMPARABLE_PAIRS_BY_SETUP,
    COMPARISON_SETUPS,
    comparison_setups_table,
    pairs_by_setup_table,
)
from prunelit.analysis.frames.baselines import (
    BASELINES,
    REFERENCES,
    UNPRUNED,
    Reference,
    baselines_table,
    unpruned_rows,
)
from prunelit.analysis.frames.cache import cached_table, computed_once, kept_table
from prunelit.analysis.frames.columns import Column, typed
from prunelit.analysis.frames.comparisons import COMPARISONS, comparisons_table
from prunelit.analysis.frames.completed import COMPLETED, complete, operating_points
from prunelit.analysis.frames.corrections import applied, corrected_corpus, corrected_results
from prunelit.analysis.frames.evidence import EVIDENCE, EVIDENCE_LONG, evidence_long_table, evidence_table
from prunelit.analysis.frames.flop_convention import with_convention
from prunelit.analysis.frames.kept_files import SHARE, is_in_order, kept_file, kept_values, write_kept
from prunelit.analysis.frames.labels import labelled, paper_labels
from prunelit.analysis.frames.layer_widths import LAYER_WIDTHS, layer_widths_table
from prunelit.analysis.frames.measurements import MEASUREMENTS, measurements_table
from prunelit.analysis.frames.methods import METHODS, methods_table
from prunelit.analysis.frames.normalized import NORMALIZED, normalize
from prunelit.analysis.frames.recipes import CURVE_RECIPES, recipes_table
from prunelit.analysis.frames.reference_models import REFERENCE_MODELS, reference_models_table
from prunelit.analysis.frames.reported import PAPERS, RESULTS, papers_table, results_table
from prunelit.analysis.frames.shares import CorpusShare, key_of, outlines, uses
from prunelit.analysis.frames.unchanged import (
    papers_made_anew,
    rows_made_of,
    rows_of_papers,
    same_papers,
    with_unchanged,
)
from prunelit.analysis.frames.variants import Comparability, known_comparability, seen_as
from prunelit.analysis.load import (
    ALL,
    EVERYTHING,
    digests_or_none,
    fingerprint_or_none,
    glanced_at,
    read_valid,
    read_vocabulary,
    vocabulary_of,
    within_collection,
)
from prunelit.analysis.synthesis.connectivity import NETWORKS, synthesis_networks_table
from prunelit.schema.checking import FROM
from prunelit.schema.corpus import Corpus, shipped
from prunelit.schema.corpus_files import CorpusFiles, StateOfFolder, corpus_folder
from prunelit.schema.fingerprint import fingerprint
from prunelit.schema.problems import CorpusError, Problem, UnknownNameError
from prunelit.schema.record import Paper
from prunelit.schema.usage import Use, together, uses_of_names
from prunelit.schema.validation import Document
from prunelit.schema.vocabulary import EVALUATIONS as EVALUATIONS
from prunelit.schema.vocabulary import SURVEY as SURVEY
from prunelit.schema.walk import curves

if TYPE_CHECKING:
    import networkx as nx

    from prunelit.analysis.synthesis.dose_response import DoseResponse
    from prunelit.schema.checking import Glance


def by_shares(table: Callable[[Dataset], pd.DataFrame]) -> Callable[[Dataset], pd.DataFrame]:
    """A table of which each row says what one record says: that of a large corpus is made of those of its shares."""

    @wraps(table)
    def of_all(dataset: Dataset) -> pd.DataFrame:
        return dataset.of_shares(table).copy(deep=False) if dataset.shares else table(dataset)

    return of_all


class Reading:
    """One reading of a corpus, and the datasets made of it: collections, as published and corrected.

    Records are read when a table that is not kept on disk first needs them.
    """

    def __init__(
        self,
        files: CorpusFiles,
        fingerprint: str | None,
        corpus: Corpus | None = None,
        beside: Reading | None = None,
        before: Reading | None = None,
        share: CorpusShare | None = None,
        digests: Mapping[str, bytes] | None = None,
    ) -> None:
        """Take where the files of the corpus are and the fingerprint that these have, or the records themselves.

        ``beside`` is the corpus that single records are held against, ``before`` another state of the same corpus,
        ``share`` says which records are read, if these are a share of a large corpus; ``digests`` are those of the
        files, where they are known.
        """
        self.files = files
        self.root = corpus_folder(files)
        self.fingerprint = fingerprint
        self.digests = digests
        self.beside = beside
        self.before = before
        self.share = share
        self._corpus = corpus
        self._lent: dict[tuple[str | None, bool], Dataset] = {}
        self._selected: dict[Hashable, dict[str, pd.DataFrame]] = {}

    @property
    def corpus(self) -> Corpus:
        """All records, as published.

        Raises:
            CorpusError: if the corpus is not valid, or if tables were taken from disk that were made of other bytes:
                no table may be made of two states.
        """
        if self._corpus is None:
            found = self.share.read() if self.share else read_valid(self.files, self.fingerprint)
            if found.fingerprint != self.fingerprint and any(one.memory for one in self._lent.values()):
                message = "the corpus has changed since its first tables were read; ask for its dataset anew"
                raise CorpusError([Problem(str(self.root), 1, 1, "changed", message)])
            self._corpus, self.fingerprint = found, found.fingerprint
            vars(found).setdefault(_READING, self)  # whoever asks these records has the tables of this reading
        return self._corpus

    @cached_property
    def vocabulary(self) -> Corpus:
        """The corpus, or only what its records share, where these need not be read: it is known to be in order.

        Raises:
            CorpusError: as :attr:`corpus`.
        """
        glance = self.share.glance if self.share else self._glance and self._glance.corpus
        if self._corpus is None and glance:
            return vocabulary_of(glance)
        if self._corpus is None and is_in_order(self.fingerprint):
            found = read_vocabulary(self.files)
            if fingerprint_or_none(self.files) == self.fingerprint:
                return found
        return self.corpus

    @cached_property
    def shares(self) -> tuple[CorpusShare, ...]:
        """The shares whose rows together are those of a corpus that is large and in order; none of any other."""
        found = self._glance
        if found is None or found.corpus is None:
            return ()
        return tuple(
            CorpusShare(self.files, one.names, key_of(found.corpus, one.names, one.files), found.corpus, found.digests)
            for one in found.shares
        )

    @cached_property
    def _glance(self) -> Glance | None:
        """What a check by shares told of a large corpus in order; this process alone takes part, as it has threads."""
        if self._corpus is not None or self.share or self.fingerprint is None or kept_file("any") is None:
            return None
        also = partial(_keep_share, self.files)
        found = glanced_at(self.files, str(self.files), processes=1, also=also, digests=self.digests)
        return found if found and not found.problems and fingerprint(found.digests) == self.fingerprint else None

    @cached_property
    def outline(self) -> Corpus:
        """The corpus, whose records may lack their experiments where it is large."""
        if not self.shares:
            return self.corpus
        papers = tuple(chain.from_iterable(self._outlines.values()))
        return replace(self.shares[0].glance, papers=papers, headers=(), unread=frozenset())

    @cached_property
    def _outlines(self) -> dict[str, tuple[Paper, ...]]:
        """The records of each share without their experiments, those of the state before where they are the same."""
        known = self.before._outlines if self.before else {}
        return {one.key: known.get(one.key) or outlines(one.key, partial(_read_share, one)) for one in self.shares}

    def selected(
        self,
        table: Callable[[Dataset], pd.DataFrame],
        columns: tuple[Column, ...],
        select: Callable[[pd.DataFrame], pd.DataFrame],
        collection: str | None,
        corrected: bool,
    ) -> list[pd.DataFrame]:
        """Some rows of each share, those of the state before where they are the same; see :meth:`Dataset.selected`."""
        asked = table, columns, select, collection, corrected
        known = self.before._selected.get(asked, {}) if self.before else {}
        found = {
            one.key: known[one.key]
            if one.key in known
            else select(_cells_of_share(table, one, collection, corrected, columns))
            for one in self.shares
        }
        self._selected[asked] = found
        return list(found.values())

    @cached_property
    def same(self) -> frozenset[str]:
        """The papers that are the same in the state before, if there is one; see :func:`same_papers`."""
        if self.before is None or self.shares:  # of which unchanged rows are kept
            return frozenset()
        return same_papers(self.before.corpus, self.corpus)

    @property
    def is_read(self) -> bool:
        """Whether the records have been read."""
        return self._corpus is not None

    def forget(self) -> None:
        """Let go of records and tables at once: they hold each other, and the collector of garbage may be at rest."""
        self._corpus = None
        self._lent.clear()

    def dataset(self, collection: str | None, corrected: bool) -> Dataset:
        """The dataset of a collection; "all" and None are everything."""
        name = None if collection in EVERYTHING else collection
        if (name, corrected) not in self._lent:
            self._lent[name, corrected] = Dataset(self, name, corrected)
        return self._lent[name, corrected]


class Dataset:
    """A corpus or one collection of it, as published or with its corrections applied, and its tables.

    Made by :func:`prunelit.dataset`.  Methods that return a table return a frame of the caller's own.

    Attributes:
        reading: The reading of the corpus that it is made of.
        collection: Name of the collection; None for everything.
        corrected: Whether the corpus's corrections are applied.
    """

    def __init__(self, reading: Reading, collection: str | None, corrected: bool) -> None:
        self.reading = reading
        self.collection = collection
        self.corrected = corrected
        self.memory: dict[Hashable, Any] = {}

    @property
    def key(self) -> str | None:
        """What tells it from every other dataset, in any process; None for records that were changed in memory."""
        found = self.reading.fingerprint
        return found and _key(found, self.collection, self.corrected)

    @property
    def surveyed(self) -> bool:
        """Whether it is the 2020 survey."""
        return self.vocabulary.collection == SURVEY

    def of(self, collection: str | None) -> Dataset:
        """The same corpus's dataset of another collection; None is everything that was read."""
        return self.reading.dataset(collection, self.corrected)

    def as_published(self) -> Dataset:
        """The same without corrections."""
        return self.reading.dataset(self.collection, corrected=False)

    def with_corrections(self) -> Dataset:
        """The same with all corrections applied."""
        return self.reading.dataset(self.collection, corrected=True)

    @property
    def beside(self) -> Dataset | None:
        """The corpus that single records are held against, if this is a dataset of such."""
        beside = self.reading.beside
        return beside.dataset(self.collection, self.corrected) if beside else None

    @property
    @computed_once
    def corpus(self) -> Corpus:
        """The records of the collection, as published.

        Raises:
            UnknownNameError: if there is no such collection.
        """
        alone = self._alone
        return within_collection(self.reading.corpus, self.collection) if alone is None else self.around(*alone)

    @cached_property
    def _alone(self) -> tuple[str, ...] | None:
        """The papers of a small collection of a large corpus, whose records are read without any others."""
        if self.collection is None or self.reading.is_read or not self.reading.shares:
            return None
        papers = tuple(one.id for one in within_collection(self.reading.outline, self.collection).papers)
        return papers if len(papers) < FROM else None

    @property
    def shares(self) -> tuple[CorpusShare, ...]:
        """The shares whose rows together are those of its tables, if it is large."""
        return self.reading.shares if self._alone is None else ()

    @property
    @computed_once
    def vocabulary(self) -> Corpus:
        """The vocabularies, collections and groups of :attr:`corpus`; what else it holds is there or not.

        Raises:
            UnknownNameError: if there is no such collection.
        """
        return within_collection(self.reading.vocabulary, self.collection)

    @property
    @computed_once
    def records(self) -> Corpus:
        """The records of the collection, with the corrections of papers where they are applied."""
        return corrected_corpus(self.corpus) if self.corrected else self.corpus

    @property
    @computed_once
    def outline(self) -> Corpus:
        """As :attr:`records`, which may lack their experiments where the corpus is large."""
        if not self.shares:
            return self.records
        found = within_collection(self.reading.outline, self.collection)
        return corrected_corpus(found) if self.corrected else found

    @computed_once
    def around(self, *papers: str) -> Corpus:
        """As :attr:`corpus`, where the records of some papers are whole; others are as in :attr:`outline`.

        Args:
            papers: Their ids; those that there are not are left out.
        """
        if self.reading.is_read or not self.reading.shares:
            return self.corpus
        asked, known = {f"papers/{one}.yaml" for one in papers}, self.reading.outline
        read = [one.read_some(names) for one in self.reading.shares if (names := asked.intersection(one.names))]
        whole = {one.id: one for of in read for one in of.papers}
        used = {one.points_file for paper in whole.values() for _, one in curves(paper)}
        sweeps = {name: points for of in read for name, points in of.sweeps.items() if name in used and points}
        found = replace(
            known, papers=tuple(whole.get(one.id, one) for one in known.papers), sweeps=known.sweeps | sweeps
        )
        return within_collection(found, self.collection)

    def records_around(self, *papers: str) -> Corpus:
        """As :meth:`around`, with the corrections of papers where they are applied."""
        found = self.around(*papers)
        return corrected_corpus(found) if self.corrected else found

    def _share_of(self, paper: str) -> CorpusShare | None:
        """The share that a paper is in; None where all records are at hand, or are to be."""
        shares = () if self.reading.is_read else self.shares
        return next((one for one in shares if f"papers/{paper}.yaml" in one.names), None)

    @computed_once
    def uses(self) -> Counter[Use]:
        """How many records and entries of shared files use each name, see :func:`uses_of_names`."""
        if not self.reading.shares or self.collection is not None:
            return uses_of_names(self.corpus)
        return together([uses(one.key, partial(_read_share, one)) for one in self.reading.shares], self.reading.outline)

    @computed_once
    def labels(self) -> dict[str, str]:
        """The label of each paper, see :func:`prunelit.analysis.frames.labels.paper_labels`."""
        return paper_labels(self.outline)

    @property
    def is_share(self) -> bool:
        """Whether it is a share of a large corpus: its rows lack labels, as these depend on other papers."""
        return self.reading.share is not None

    def _labelled(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows if self.is_share else labelled(rows, self.labels())

    @computed_once
    def of_shares(self, table: Callable[[Dataset], pd.DataFrame]) -> pd.DataFrame:
        """A table of which each row says what one record says, put together from those of all shares."""
        # Column by column, as there is no room for all rows twice; frames would move all columns to give one away.
        rows = [dict(_of_share(table, one, self.collection, self.corrected).items()) for one in self.shares]
        names = [str(name) for name in rows[0]]
        whole = {name: pd.concat([one.pop(name) for one in rows], ignore_index=True) for name in names}
        return labelled(pd.DataFrame(whole, copy=False), self.labels())

    def cells(
        self,
        table: Callable[[Dataset], pd.DataFrame],
        columns: tuple[Column, ...],
        papers: Collection[str] | None = None,
    ) -> pd.DataFrame:
        """Some columns of a table of which each row says what one record says; whoever takes few needs little room.

        Args:
            table: What makes it, and keeps it on disk.
            columns: The columns.
            papers: Whose rows to give, by default those of all; ``paper_id`` must be among the columns.
        """
        if self.shares:
            asked = papers if papers is None else {f"papers/{one}.yaml" for one in papers}
            shares = (one for one in self.shares if asked is None or not asked.isdisjoint(one.names))
            parts = [_cells_of_share(table, one, self.collection, self.corrected, columns) for one in shares]
            rows = labelled(pd.concat(parts, ignore_index=True) if parts else typed([], columns), self.labels())
        else:
            rows = table(self)[[one.name for one in columns]]
        return rows if papers is None else rows[rows["paper_id"].isin(papers)].reset_index(drop=True)

    @computed_once
    def selected(
        self,
        table: Callable[[Dataset], pd.DataFrame],
        columns: tuple[Column, ...],
        select: Callable[[pd.DataFrame], pd.DataFrame],
    ) -> pd.DataFrame:
        """Some rows of :meth:`cells`; of two states of a corpus, those of shares that are the same are selected once.

        Args:
            table: What makes it, and keeps it on disk.
            columns: The columns.
            select: What selects rows, by what stands in those of one paper.
        """
        if not self.shares:
            return select(self.cells(table, columns))
        known = self.reading.selected(table, columns, select, self.collection, self.corrected)
        return labelled(pd.concat(known, ignore_index=True), self.labels())

    @by_shares
    @cached_table(PAPERS)
    def papers(self) -> pd.DataFrame:
        """As :func:`prunelit.papers`."""
        return self._labelled(papers_table(self.records))

    @by_shares
    @cached_table(RESULTS)
    def results(self) -> pd.DataFrame:
        """As :func:`prunelit.results`."""
        return self.with_unchanged(self._results_of, Dataset.results, RESULTS)

    def _results_of(self, papers: tuple[Paper, ...]) -> pd.DataFrame:
        reported = self._labelled(results_table(replace(self.records, papers=papers)))
        return corrected_results(reported, applied(self.corpus)) if self.corrected else reported

    @property
    def _before(self) -> Dataset | None:
        """The same dataset of the state before, if it has any rows that are the same."""
        before = self.reading.before
        return before.dataset(self.collection, self.corrected) if before and self.reading.same else None

    @computed_once
    def _kept_before(self) -> tuple[str, tuple[Paper, ...]] | None:
        """The last other state whose tables are on disk: its key, and the papers whose rows are not those of it."""
        if self.is_share:
            return None
        file = kept_file("made of", str(self.reading.root.resolve()), self.collection, self.corrected)
        made_of = {} if file is None else rows_made_of(self.corpus, self.records)
        key, states = self.key, kept_values(file)  # what the records were read from may only now be known
        if key is None or not made_of:
            return None
        before = next((one for one in states if one != key), None)
        if key not in states:
            latest = {key: json.dumps(made_of)} | ({before: states[before]} if before else {})
            write_kept(file, json.dumps(latest).encode)
        known = json.loads(states[before]) if before else {}
        made = (one for one in self.records.papers if one.id not in made_of or made_of[one.id] != known.get(one.id))
        return (before, tuple(made)) if before else None

    def with_unchanged(
        self,
        make: Callable[[tuple[Paper, ...]], pd.DataFrame],
        table: Callable[[Dataset], pd.DataFrame],
        columns: tuple[Column, ...],
    ) -> pd.DataFrame:
        """A whole table, of which only those rows are made that are not known from the state before.

        Args:
            make: Makes the rows of some papers, in their order; no row may depend on any other paper's record.
            table: What makes the table of a dataset.
            columns: Its columns.
        """
        known, made = None, self.records.papers
        if before := self._before:
            made = papers_made_anew(self.reading.same, before.records, self.records)
            known = table(before) if made != self.records.papers else None
        elif kept := self._kept_before():
            known = kept_table(kept[0], table, columns)
            made = self.records.papers if known is None else kept[1]
        return make(made) if known is None else with_unchanged(make(made), made, known, self.records)

    @by_shares
    @cached_table(COMPLETED)
    def completed_rows(self) -> pd.DataFrame:
        """As :meth:`completed`, with the experiments that have no operating point: some give an unpruned model."""
        return self.with_unchanged(self._completed_of, Dataset.completed_rows, COMPLETED)

    def _completed_of(self, papers: tuple[Paper, ...]) -> pd.DataFrame:
        rows = rows_of_papers(self.results(), papers)
        return typed(with_convention(complete(rows), self.reference_models()), COMPLETED)

    @by_shares
    @cached_table(UNPRUNED)
    def unpruned_rows(self) -> pd.DataFrame:
        """What :meth:`completed_rows` says of unpruned models, each combination of values of a paper once."""
        return unpruned_rows(self.completed_rows())

    @computed_once
    def _completed(self) -> pd.DataFrame:
        return operating_points(self.completed_rows())

    @by_shares
    def completed(self) -> pd.DataFrame:
        """As :func:`prunelit.completed`."""
        return self._completed().copy(deep=False)

    @cached_table(BASELINES)
    def baselines(self, reference: Reference = "all", comparability: Comparability = "same_network") -> pd.DataFrame:
        """As :func:`prunelit.baselines`."""
        if reference not in REFERENCES:
            raise UnknownNameError("reference", str(reference), REFERENCES)
        asked, names = known_comparability(comparability), self.vocabulary.architectures
        rows, models = self.unpruned_rows(), self.reference_models()
        return baselines_table(seen_as(asked, rows, names), seen_as(asked, models, names), reference)

    @cached_table(NORMALIZED)
    def normalized(self, reference: Reference = "all") -> pd.DataFrame:
        """As :func:`prunelit.normalized`."""
        medians = self.baselines(reference)

        def of_points(dataset: Dataset) -> pd.DataFrame:
            return typed(normalize(dataset.completed(), medians), NORMALIZED)

        return self.of_shares(of_points) if self.shares else of_points(self)

    def normalized_of(self, paper: str) -> pd.DataFrame:
        """The rows of :meth:`normalized` of one paper, which take no others where the corpus is large.

        Args:
            paper: Its id.
        """
        share = self._share_of(paper)
        rows = _of_share(Dataset.completed, share, self.collection, self.corrected) if share else self.normalized()
        rows = rows[rows["paper_id"] == paper]
        return typed(normalize(labelled(rows, self.labels()), self.baselines()), NORMALIZED) if share else rows

    @cached_table(MEASUREMENTS)
    def measurements(self) -> pd.DataFrame:
        """As :func:`prunelit.measurements`."""
        return self.with_unchanged(self._measurements_of, Dataset.measurements, MEASUREMENTS)

    def _measurements_of(self, papers: tuple[Paper, ...]) -> pd.DataFrame:
        return measurements_table(rows_of_papers(self.completed(), papers), replace(self.records, papers=papers))

    @cached_table(EVIDENCE)
    def evidence(self, reference: Reference = "all") -> pd.DataFrame:
        """As :func:`prunelit.evidence`."""
        return evidence_table(self.normalized(reference), self.papers(), self.of(None).methods(), self.records)

    @cached_table(EVIDENCE_LONG)
    def evidence_long(self, reference: Reference = "all") -> pd.DataFrame:
        """As :func:`prunelit.evidence_long`."""
        return evidence_long_table(self.evidence(reference), self.measurements())

    @by_shares
    @cached_table(CURVE_RECIPES)
    def recipes(self) -> pd.DataFrame:
        """The recipes of curves, see :mod:`prunelit.analysis.frames.recipes`."""
        return recipes_table(self.records)

    @cached_table(LAYER_WIDTHS)
    def layer_widths(self) -> pd.DataFrame:
        """As :func:`prunelit.layer_widths`."""
        return layer_widths_table(self.results(), self.records)

    @cached_table(METHODS)
    def methods(self) -> pd.DataFrame:
        """As :func:`prunelit.methods`."""
        return methods_table(self.outline)

    @cached_table(REFERENCE_MODELS)
    def reference_models(self) -> pd.DataFrame:
        """As :func:`prunelit.reference_models`."""
        return reference_models_table(self.vocabulary, corrected=self.corrected and not self.surveyed)

    @cached_table(COMPARISONS)
    def comparisons(self) -> pd.DataFrame:
        """As :func:`prunelit.comparisons`."""
        return comparisons_table(self.outline)

    @computed_once
    def comparison_graph(self) -> nx.DiGraph[str]:
        """As :func:`prunelit.comparison_graph`; one graph for all callers, not to be changed."""
        # networkx takes as long to import as a table takes to read.
        from prunelit.analysis.compare.comparison_graph import graph_of

        return graph_of(self.papers(), self.comparisons())

    @computed_once
    def degrees(self) -> pd.DataFrame:
        """How many papers each paper compares to, and how many compare to it."""
        from prunelit.analysis.compare.comparison_graph import degrees

        return degrees(self.comparison_graph())

    @property
    def unions(self) -> dict[str, tuple[str, ...]]:
        """The architectures that figures show as one, by the name of each union."""
        return {union.name: union.of for union in self.vocabulary.unions}

    def with_unions(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with the rows of each union of architectures once more under the union's name."""
        return with_unions(table, self.unions)

    @cached_table(TRADEOFFS)
    def tradeoffs(self, hull: str = "concave") -> pd.DataFrame:
        """As :func:`prunelit.tradeoffs`."""
        if hull not in HULLS:
            raise UnknownNameError("hull", str(hull), HULLS)
        return tradeoffs_table(self.completed(), self.comparisons(), self.unions, HULLS[hull])

    @computed_once
    def configurations(self) -> pd.DataFrame:
        """What each paper can be compared in, see :func:`prunelit.analysis.compare.configurations.configurations`."""
        return configurations(self.completed())

    @cached_table(PAIRS_OF_PAPERS)
    def comparable_pairs(self, comparability: Comparability = "same_network") -> pd.DataFrame:
        """As :func:`prunelit.comparable_pairs`."""
        names = self.vocabulary.architectures
        return comparable_pairs_table(self.completed(), known_comparability(comparability), names)

    @cached_table(COMPARISON_SETUPS)
    def comparison_setups(self) -> pd.DataFrame:
        """As :func:`prunelit.comparison_setups`."""
        return comparison_setups_table(self.completed(), self.recipes(), self.vocabulary.setups)

    @cached_table(COMPARABLE_PAIRS_BY_SETUP)
    def comparable_pairs_by_setup(self) -> pd.DataFrame:
        """As :func:`prunelit.comparable_pairs_by_setup`."""
        known = self.completed(), self.recipes(), self.vocabulary.setups
        return pairs_by_setup_table(*known, len(self.outline.papers))

    @cached_table(DISCREPANCIES)
    def discrepancies(self) -> pd.DataFrame:
        """As :func:`prunelit.discrepancies`."""
        return discrepancies_table(self.completed())

    @computed_once
    def dose_response(self, efficiency: str = "speedup") -> DoseResponse:
        """The model of which change comes with which ratio, see :mod:`prunelit.analysis.synthesis.dose_response`."""
        from prunelit.analysis.synthesis.dose_response import dose_rows, fit_dose_response

        return fit_dose_response(dose_rows(self.evidence_long(), efficiency))

    @cached_table(NETWORKS)
    def synthesis_networks(
        self, metric: str = "top1", efficiency: str = "speedup", at: float = 2.0, through_unpruned: bool = True
    ) -> pd.DataFrame:
        """As :func:`prunelit.synthesis_networks`."""
        return synthesis_networks_table(self.evidence_long(), metric, efficiency, at, through_unpruned)

    @cached_table(SCRATCH_VS_FINETUNING)
    def scratch_vs_finetuning(self) -> pd.DataFrame:
        """As :func:`prunelit.scratch_vs_finetuning`."""
        return scratch_vs_finetuning_table(self.of(SCRATCH_COLLECTION).completed(), self.of(None).methods())

    @cached_table(SCRATCH_VS_FINETUNING_POOLED)
    def scratch_vs_finetuning_pooled(self) -> pd.DataFrame:
        """As :func:`prunelit.scratch_vs_finetuning_pooled`."""
        return pooled_table(self.scratch_vs_finetuning())


def dataset(
    corpus: Corpus | str | Path | None = None, collection: str | None = None, corrected: bool = True
) -> Dataset:
    """A corpus, or one collection of it, with all its tables, each computed once.

    Args:
        corpus: Records as of :func:`prunelit.load_corpus`, or the folder of a corpus; by default the one that ships
            with the package.
        collection: Name of a collection, to leave out all other papers and experiments; "all" is everything.
        corrected: Whether to apply the corpus's corrections, or to take the data as published.

    Returns:
        The dataset.  Its methods are called as the public functions, without their ``corpus=`` and ``collection=``.

    Raises:
        UnknownNameError: if there is no such collection; raised when the first table is asked for.
        CorpusError: if the corpus is not valid; likewise.

    Example:
        >>> survey = dataset(collection="blalock2020")
        >>> len(survey.papers()), len(survey.as_published().results())
        (81, 1619)
    """
    return _reading(corpus).dataset(collection, corrected)


def _of_share(
    table: Callable[[Dataset], pd.DataFrame], share: CorpusShare, collection: str | None, corrected: bool
) -> pd.DataFrame:
    """The rows of a share; who has to read its records makes all that is kept of them."""
    reading = Reading(share.root, share.key, share=share)
    found = table(reading.dataset(collection, corrected))
    if reading.is_read:
        _keep(reading.dataset(collection, corrected))
    reading.forget()
    return found


def _keep_share(root: CorpusFiles, corpus: Corpus) -> None:
    """Keep what is kept of a share of a large corpus whose records have been read.

    Args:
        root: Where the files of the corpus are.
        corpus: The records.
    """
    names = tuple(f"papers/{one.id}.yaml" for one in corpus.papers)
    share = CorpusShare(root, names, key_of(corpus, names, corpus.fingerprint), corpus, {})
    reading = Reading(root, share.key, corpus, share=share)
    _keep(reading.dataset(None, corrected=True))
    reading.forget()


def _read_share(share: CorpusShare) -> Corpus:
    """The records of a share, of which is kept all that is kept."""
    corpus = share.read()
    _keep_share(share.root, corpus)
    return corpus


def _keep(share: Dataset) -> None:
    """Keep the rows of a share, what its records are without experiments, and which names they use."""
    corpus, key = share.reading.corpus, str(share.reading.fingerprint)
    outlines(key, lambda: corpus)
    uses(key, lambda: corpus)
    share.papers()
    share.recipes()
    share.unpruned_rows()  # and what it takes these from: results, and completed rows


def _cells_of_share(
    table: Callable[[Dataset], pd.DataFrame],
    share: CorpusShare,
    collection: str | None,
    corrected: bool,
    columns: tuple[Column, ...],
) -> pd.DataFrame:
    """Some columns of the rows of a share."""
    kept = kept_table(_key(share.key, collection, corrected), table, columns, SHARE)
    if kept is not None:
        return kept
    return _of_share(table, share, collection, corrected)[[one.name for one in columns]]


def _key(fingerprint: str, collection: str | None, corrected: bool) -> str:
    return f"{fingerprint} {collection} {corrected}"


def of_record(document: Document[Paper], beside: Dataset) -> Dataset:
    """The dataset of a single record, to be held against a corpus, in which it takes the place of its namesake.

    Tables are those of the record alone; of the corpus it has the vocabularies and reference models.

    Args:
        document: The record.
        beside: The corpus, with all that was computed of it.
    """
    corpus, name = beside.corpus, document.value.id
    own = replace(
        corpus,
        papers=(document.value,),
        documents=(document,),
        corrections=tuple(one for one in corpus.corrections if one.paper == name),
        acknowledgements=tuple(one for one in corpus.acknowledgements if one.paper in (None, name)),
    )
    return Reading(Path(), None, own, beside.reading).dataset(beside.collection, beside.corrected)


def of_next_state(corpus: Corpus, before: Dataset) -> Dataset:
    """The dataset of another state of a corpus: where records did not change, rows are taken over.

    Args:
        corpus: The records now.
        before: The other state.
    """
    return Reading(Path(), corpus.fingerprint, corpus, before=before.reading).dataset(
        before.collection, before.corrected
    )


def of_state(files: StateOfFolder, before: Dataset | None = None) -> Dataset:
    """The dataset of a state of a folder; of a large corpus in order, what is the same is held once.

    Args:
        files: The state.
        before: That of another state.
    """
    beside = before.reading if before else None
    reading = Reading(files, fingerprint(files.digests), before=beside, digests=files.digests)
    return reading.dataset(None, corrected=True)


def _reading(corpus: Corpus | str | Path | None) -> Reading:
    if isinstance(corpus, Corpus):
        return _of_records(corpus)
    root = shipped() if corpus is None else Path(corpus)
    digests = digests_or_none(root)
    found = None if digests is None else fingerprint(digests)
    known = _LATEST.get(root)
    if known is None or found is None or known.fingerprint != found:
        _LATEST[root] = Reading(root, found, digests=digests)
    return _LATEST[root]


def _of_records(corpus: Corpus) -> Reading:
    """The reading of records in memory; it is kept with them, as they do not change, and goes when they go."""
    found: Reading = vars(corpus).setdefault(_READING, Reading(Path(), corpus.fingerprint, corpus))
    return found


_READING = "_reading"
"""What records in memory call the reading that is kept with them."""
_LATEST: dict[Path, Reading] = {}
"""The last reading of each folder: it serves as long as the folder's bytes stay the same."""

__all__ = ["ALL", "SURVEY", "Dataset", "Reading", "dataset", "of_next_state", "of_record", "of_state"]
