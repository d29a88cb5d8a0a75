"""What all pages of the site share: the dataset, the addresses, and what is worked out once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.labels import paper_labels
from prunelit.analysis.frames.measurements import PLACE
from prunelit.analysis.pages.section import Fact
from prunelit.explorer.addresses import FOLDERS, Address, Addresses, addresses_of
from prunelit.explorer.digests import RowDigests, input_digest, record_digests, row_digests, vocabularies_digest
from prunelit.explorer.page import PagePart, is_web_address
from prunelit.explorer.points import points_as_text, points_part
from prunelit.schema.record import Paper


class OutlineRow(NamedTuple):
    """What tells of an operating point whose it is, and on what; None is unknown."""

    paper_id: str
    dataset: str | None
    architecture: str | None
    canonical_method: str | None
    method: str | None
    method_label: str | None
    origin: str | None
    proposer: str | None
    structure: str | None
    sweep: bool


class SiteData:
    """A dataset as pages see it.

    Attributes:
        dataset: The records and their tables.
        repository: Web address of the repository that holds the records; None where nobody said it.
        base: Web address of the site; None where nobody said it.
    """

    def __init__(self, dataset: Dataset, repository: str | None = None, base: str | None = None) -> None:
        self.dataset = dataset
        self.repository = repository
        self.base = base

    def make_tables(self) -> None:
        """Make what nearly every page and all findings look at, before processes are forked, each of which needs it."""
        for table in (self.evidence_long, self.points_shown, self.discrepancies):
            assert table is not None

    @cached_property
    def addresses(self) -> Addresses:
        """Where the page of each entity is."""
        return addresses_of(self.dataset)

    @cached_property
    def labels(self) -> dict[str, str]:
        """A short label for each paper, such as 'Han 2015'."""
        return paper_labels(self.dataset.corpus)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """All operating points, with everything that stands beside them."""
        return self.dataset.evidence()

    @cached_property
    def discrepancies(self) -> pd.DataFrame:
        """What papers print differently, with the method's canonical name and the address that opens each number."""
        beside = self.evidence[[*PLACE, "canonical_method", "source_url"]]
        found = self.dataset.discrepancies().merge(beside, on=PLACE, how="left")
        return found.assign(source_url=[self.source_link(one) for one in found["source_url"].fillna("")])

    @cached_property
    def record_digests(self) -> dict[str, str]:
        """A digest of each record, by the id of the paper."""
        return record_digests(self.dataset.corpus)

    @cached_property
    def said_of_papers(self) -> dict[str, list[object]]:
        """The corrections and acknowledged findings of each paper that has any, by its id."""
        corpus, found = self.dataset.corpus, defaultdict[str, list[object]](list)
        for correction in corpus.corrections:
            found[correction.paper].append(correction)
        for stands in corpus.acknowledgements:
            found[stands.paper or ""].append(stands)
        return found

    @cached_property
    def vocabularies_digest(self) -> str:
        """A digest of what records refer to, of which every page may show something."""
        return vocabularies_digest(self.dataset.corpus)

    @cached_property
    def evidence_digests(self) -> RowDigests:
        """A digest of each row of the evidence."""
        return row_digests(self.evidence)

    @cached_property
    def names_digest(self) -> str:
        """A digest of all addresses and labels: what a page is made of that may lead to any other."""
        known = {kind: self.addresses.names(kind) for kind in FOLDERS}
        return input_digest(known, self.addresses.configurations, self.labels)

    @cached_property
    def points_shown(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """All operating points as pages show them, see :func:`prunelit.explorer.points.points_as_text`."""
        texts, links = points_as_text(self.evidence, self.dataset.measurements(), self.labels, self.addresses)
        return texts, links.assign(source=[self.source_link(one) for one in links["source"]])

    @cached_property
    def _outline(self) -> list[OutlineRow]:
        rows = self.evidence[list(OutlineRow._fields)].astype(object)
        return list(map(OutlineRow._make, rows.where(rows.notna(), None).itertuples(index=False, name=None)))

    def outline(self, places: Iterable[int]) -> list[OutlineRow]:
        """Some rows of the evidence, with what tells whose they are, and on what: far quicker than as a table."""
        return [self._outline[at] for at in places]

    @cached_property
    def _places(self) -> dict[str, dict[Any, Sequence[int]]]:
        return {}

    def places(self, column: str, name: Any) -> Sequence[int]:
        """The places of the rows of the evidence that hold a name in a column."""
        if column not in self._places:
            self._places[column] = _indices(self.evidence, [column])
        return self._places[column].get(name, ())

    @cached_property
    def _papers_on(self) -> dict[tuple[str | None, str | None], set[str]]:
        found = defaultdict(set)
        for row in self._outline:
            if not row.sweep:
                found[row.dataset, row.architecture].add(row.paper_id)
        return found

    def papers_on(self, dataset: str | None, architecture: str | None) -> int:
        """How many papers report operating points on a configuration, those of sweeps aside."""
        return len(self._papers_on.get((dataset, architecture), ()))

    @cached_property
    def _shown_digests(self) -> RowDigests:
        """A digest of what pages show of each row of the evidence; 0 for those of sweeps, which they do not show."""
        texts, links = self.points_shown
        found = np.zeros(len(self.evidence), np.uint64)
        found[self.evidence.index.get_indexer(texts.index)] = row_digests(pd.concat([texts, links], axis=1))
        return found

    def made_of_points(self, places: Sequence[int]) -> tuple[object, ...]:
        """What a page is made of that shows some rows of the evidence, and offers all that they hold."""
        at = list(places)
        return self.evidence_digests[at], self._shown_digests[at]

    @cached_property
    def _experiments(self) -> dict[tuple[str | None, str | None], list[str]]:
        found = defaultdict(list)
        for paper in self.dataset.records.papers:
            for one in paper.experiments or ():
                found[one.dataset, one.architecture].append(f"{paper.id} {one.model_dump_json()}")
        return found

    def made_of_experiments(self, dataset: str, architecture: str) -> list[str]:
        """What anything is made of that looks at the records on a configuration: their experiments on it."""
        return self._experiments.get((dataset, architecture), [])

    def made_of_records(self, papers: Iterable[Paper]) -> tuple[object, ...]:
        """What anything is made of that is computed from some records: them, their corrections, and their pages."""
        known = {one.id: (self.record_digests[one.id], self.addresses.of("paper", one.id)) for one in papers}
        return known, [one for one in self.dataset.corpus.corrections if one.paper in known]

    @cached_property
    def evidence_long(self) -> pd.DataFrame:
        """All measurements, one row an operating point and metric."""
        return self.dataset.evidence_long()

    @cached_property
    def long_digests(self) -> RowDigests:
        """A digest of each row of the long evidence."""
        return row_digests(self.evidence_long)

    @cached_property
    def _networks(self) -> dict[Any, Sequence[int]]:
        return _indices(self.evidence_long, ["dataset", "architecture"])

    def places_of_network(self, dataset: str, architecture: str) -> Sequence[int]:
        """The places of the rows of the long evidence on a configuration."""
        return self._networks.get((dataset, architecture), ())

    def on_network(self, dataset: str, architecture: str) -> pd.DataFrame:
        """The rows of the long evidence on a configuration."""
        return self.evidence_long.iloc[list(self.places_of_network(dataset, architecture))]

    @cached_property
    def deviations(self) -> pd.DataFrame:
        """The rows of the long evidence with a deviation, by which those of numbers without one are judged."""
        known = self.evidence_long["std"].gt(0) & ~self.evidence_long["sweep"].astype(bool)
        return self.evidence_long[known]

    @cached_property
    def _deviations_digest(self) -> str:
        return input_digest(self.deviations[["paper_id", "dataset", "architecture", "metric", "std"]])

    @cached_property
    def _network_digests(self) -> dict[tuple[str, str], str]:
        return {}

    def network_digest(self, dataset: str, architecture: str) -> str:
        """A digest of what papers say together of a configuration: of its rows, and of all deviations."""
        known, key = self._network_digests, (dataset, architecture)
        if key not in known:
            known[key] = input_digest(self.long_digests[list(self.places_of_network(*key))], self._deviations_digest)
        return known[key]

    def points_part(
        self, title: str, places: Sequence[int], stem: str, without: Sequence[str] = (), sweeps: bool = False
    ) -> PagePart:
        """Some rows of the evidence as a part of a page, see :func:`prunelit.explorer.points.points_part`."""
        return points_part(title, self.evidence, self.points_shown, places, stem, without, sweeps=sweeps)

    def source_link(self, source: str) -> str:
        """The web address that opens a source: of a file of this repository, where it is on the web."""
        return source if not source or is_web_address(source) else file_url(self.repository, source)

    def of_paper(self, paper: str) -> tuple[str, Address | str]:
        """The label of a paper, and where its page is."""
        return self.labels[paper], self.addresses.of("paper", paper) or ""

    def fact(self, label: str, kind: str, name: str | None, text: str = "") -> Fact:
        """A fact that names an entity and leads to its page; without a value where there is no name."""
        return Fact(label, text or name or "", self.addresses.of(kind, name) or "")

    @cached_property
    def papers_by_method(self) -> dict[str, list[Paper]]:
        """The papers whose records list a method among those that they propose, by its canonical name."""
        listed = self.dataset.methods().dropna(subset=["canonical_method"])
        return self._papers_by(zip(listed["canonical_method"], listed["paper_id"], strict=True))

    @cached_property
    def papers_by_venue(self) -> dict[str, list[Paper]]:
        """The papers of each venue, the newest first."""
        return self._papers_by((one.venue, one.id) for one in self.dataset.corpus.papers if one.venue)

    @cached_property
    def papers_by_contributor(self) -> dict[str, list[Paper]]:
        """The papers whose records each person entered or checked, the newest first."""
        return self._papers_by((who, one.id) for one in self.dataset.corpus.papers for who in one.contributors or ())

    def _papers_by(self, pairs: Iterable[tuple[str, str]]) -> dict[str, list[Paper]]:
        found: dict[str, dict[str, Paper]] = defaultdict(dict)
        for key, paper in pairs:
            found[key][paper] = self.dataset.corpus.by_id[paper]
        return {key: sorted(one.values(), key=newest_first) for key, one in found.items()}


def _indices(table: pd.DataFrame, columns: list[str]) -> dict[Any, Sequence[int]]:
    """The places of the rows of each group."""
    groups = table.groupby(columns[0] if len(columns) == 1 else columns).indices
    return {name: [int(at) for at in found] for name, found in groups.items()}


def file_url(repository: str | None, path: str, do: str = "blob") -> str:
    """The web address of a file of the repository, to read it or to ``edit`` it; "" where nobody said where that is."""
    return f"{repository.rstrip('/')}/{do}/main/{quote(path)}" if repository else ""


def newest_first(paper: Paper) -> tuple[int, int, str]:
    """By which papers are sorted that are listed with the newest first."""
    return -paper.published.year, -(paper.published.month or 0), paper.id
