"""Report of what a change of the corpus does, for the person who reviews it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.claims.blalock2020 import claims_table
from prunelit.analysis.compare.comparison_graph import components
from prunelit.analysis.compare.configurations import share_comparable
from prunelit.analysis.dataset import SURVEY, Dataset
from prunelit.analysis.diff.differences import (
    ADDED,
    REMOVED,
    baselines_moved,
    claims_changed,
    lines_changed,
    normalized_beside,
    normalized_moved,
    point_places,
    rows_changed,
)
from prunelit.analysis.diff.entries import ENTRY_PLACE, PAPER_ENTRY
from prunelit.analysis.diff.names import UNUSED, NewNames, new_names, under_new_names, vocabulary_changed
from prunelit.analysis.diff.pairs import PairChanges, pairs_changed
from prunelit.analysis.diff.records import EntryPair, side_by_side
from prunelit.analysis.diff.shared_files import PartChanges, parts_changed
from prunelit.analysis.diff.statements import words
from prunelit.analysis.diff.states import papers_that_may_differ, papers_with_other_rows
from prunelit.analysis.frames.baselines import CONFIGURATION
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.columns import columns_named
from prunelit.analysis.frames.comparisons import stated_comparisons
from prunelit.analysis.frames.completed import COMPLETED, operating_points
from prunelit.analysis.pages.section import Fact, Section, computed, filled
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Paper
from prunelit.schema.references import PAPER_REFERENCE
from prunelit.schema.walk import curves


@dataclass(frozen=True)
class Changes:
    """Two corpora, and what is different between them."""

    before: Dataset
    after: Dataset

    @cached_property
    def other_rows(self) -> frozenset[str] | None:
        """The papers whose rows may differ, see :func:`papers_with_other_rows`."""
        return papers_with_other_rows(self.before, self.after)

    @cached_property
    def corpora(self) -> tuple[Corpus, Corpus]:
        """Both corpora; where they are large, records that are the same in both lack their experiments."""
        return self.before.around(*self._may_differ), self.after.around(*self._may_differ)

    @cached_property
    def _may_differ(self) -> list[str]:
        return sorted(papers_that_may_differ(self.before, self.after))

    @cached_property
    def new_names(self) -> NewNames:
        """The names that are others now."""
        return new_names(*self.corpora)

    @cached_property
    def papers(self) -> list[tuple[Paper | None, Paper | None]]:
        """The papers whose record or sweeps differ, before (under the names of today) and after."""
        old, new = self.corpora
        now = {name: self.new_names.get(PAPER_REFERENCE, {}).get(name, name) for name in old.by_id}
        kept = set(now.values())
        both: list[tuple[Paper | None, Paper | None]] = [(old.by_id[name], new.by_id.get(now[name])) for name in now]
        both += [(None, paper) for name, paper in new.by_id.items() if name not in kept]
        return [pair for pair in both if not _same(_record(old, pair[0]), _record(new, pair[1]))]

    @cached_property
    def pairs(self) -> list[EntryPair]:
        """Every entry of these papers, before and after."""
        old_corpus, new_corpus = self.corpora
        both = ((old and under_new_names(old, self.new_names), new) for old, new in self.papers)
        return [pair for old, new in both for pair in side_by_side(old, new, old_corpus.sweeps, new_corpus.sweeps)]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """What changed in the records."""
        return rows_changed(self.pairs, [one for corpus in self.corpora for one in corpus.corrections])

    @property
    def silent(self) -> pd.DataFrame:
        """Numbers that changed or vanished without a correction: a reviewer must not accept them."""
        return self.rows[self.rows["silent"].astype(bool)]

    @cached_property
    def shared(self) -> list[PartChanges]:
        """What changed in shared files."""
        return list(parts_changed(*self.corpora, self.new_names))

    @cached_property
    def comparable_pairs(self) -> PairChanges:
        """How many pairs of papers can be compared, and which came or went."""
        return pairs_changed(self.before, self.after, self.other_rows)

    @cached_property
    def baselines(self) -> pd.DataFrame:
        """The medians that moved."""
        return baselines_moved(self.before.baselines(), self.after.baselines())

    @cached_property
    def normalized(self) -> pd.DataFrame:
        """How far normalized points move that are in both: as matched, or the same in papers that are the same."""
        moved = self.baselines[CONFIGURATION].drop_duplicates()
        before, after = (normalized_beside(side, self.other_rows, moved) for side in (self.before, self.after))
        differ = [paper.id for both in self.papers for paper in both if paper]
        same = after.loc[~after["paper_id"].isin(differ), ["paper_id", *ENTRY_PLACE]]
        both = {f"{name}_{side}": same[name] for side in ("before", "after") for name in ENTRY_PLACE}
        places = pd.concat([point_places(self.pairs), pd.DataFrame({"paper_id": same["paper_id"], **both})])
        return normalized_moved(before, after, places)

    def of(self, collection: str | None) -> tuple[Dataset, Dataset]:
        """Both states' datasets of a collection; None is everything."""
        return self.before.of(collection), self.after.of(collection)

    def touches(self, collection: str | None) -> bool:
        """Whether anything of a collection, or of everything, is different."""
        before, after = (side.around(*self._may_differ) for side in self.of(collection))
        return before != after


def _record(corpus: Corpus, record: Paper | None) -> list[object]:
    """A record, and the points of its sweeps."""
    files = [curve.points_file for _, curve in curves(record) if curve.points_file] if record else []
    return [record, *(corpus.sweeps.get(file) for file in files)]


def _same(before: list[object], after: list[object]) -> bool:
    """Whether two records say the same, digit by digit: 76.0 and 76 are equal numbers, but not the same."""
    if len(before) != len(after):
        return False
    return all(old is new or (old == new and repr(old) == repr(new)) for old, new in zip(before, after, strict=True))


_LONG = 25
"""Rows from which on a table is folded."""
_Part: TypeAlias = Callable[[Changes], Iterable[Section]]


def page(found: Changes) -> list[Section]:
    """What a reviewer reads, the most important first; parts without any change are left out."""
    return [section for part in _PARTS for section in part(found)]


def _overview(found: Changes) -> Iterable[Section]:
    """The corpus in numbers, before and after."""
    facts = [
        *((name, *map(computed_on, (found.before, found.after))) for name, computed_on in _COUNTED.items()),
        ("Comparable pairs of papers", *map(_share_of_pairs, (found.before, found.after), found.comparable_pairs[:2])),
    ]
    moved = tuple(Fact(name, f"{old} → {new}" if old != new else f"{new}, as before") for name, old, new in facts)
    yield Section("Overview", facts=(*moved, Fact("Numbers changed silently", str(len(found.silent)))))


@computed_once
def _groups(side: Dataset) -> list[set[str]]:
    """The papers that comparisons connect."""
    return components(side.comparison_graph())


_POINT = columns_named(COMPLETED, "point")
_COUNTED: dict[str, Callable[[Dataset], str]] = {
    "Papers": lambda side: str(len(side.outline.papers)),
    "Operating points": lambda side: str(len(operating_points(side.cells(Dataset.completed_rows, _POINT)))),
    "Comparisons": lambda side: str(len(stated_comparisons(side.comparisons()))),
    "Groups that comparisons connect": lambda side: str(sum(len(group) > 1 for group in _groups(side))),
    "Papers in the largest group": lambda side: str(len(_groups(side)[0])) if side.outline.papers else "0",
}


def _share_of_pairs(side: Dataset, pairs: int) -> str:
    return f"{pairs} ({share_comparable(pairs, len(side.outline.papers)):.1%} of all)"


def silently(found: Changes) -> Iterable[Section]:
    """The errors."""
    said = (
        "A number that was published keeps its value in the record. If it is wrong, put the record back and add an "
        "entry to corpus/corrections.yaml that says what is right, why, and what proves it."
    )
    if not found.silent.empty:
        yield Section("Numbers that changed without a correction", text=(said,), table=filled(_rows(found.silent)))


def record_changes(found: Changes) -> Iterable[Section]:
    """What else changed in the records: what went, what came, then fields, numbers first."""
    rest = found.rows[~found.rows["silent"].astype(bool)]
    papers, whole = rest["entry"] == PAPER_ENTRY, rest["field"] == ""
    numeric = rest["numeric"].astype(bool)
    parts = {
        "Rows removed": rest[whole & (rest["change"] == REMOVED)],
        "Papers added": rest[whole & papers & (rest["change"] == ADDED)],
        "Rows added": rest[whole & ~papers & (rest["change"] == ADDED)],
        "Numbers changed": rest[~whole & numeric],
        "Other fields changed": rest[~whole & ~numeric],
    }
    for title, part in parts.items():
        if not part.empty:
            yield _listed(title, _titles(part, found.corpora[1]) if title == "Papers added" else _rows(part))


def _listed(title: str, table: pd.DataFrame, *said: str) -> Section:
    """A section with a table, which is folded where it is long."""
    return Section(title, text=said, table=filled(table), folded=len(table) > _LONG)


def _rows(part: pd.DataFrame) -> pd.DataFrame:
    names = {"paper_id": "paper", "entry": "of", "survey_row": "survey's row"}
    if (part["field"] == "").all():
        names |= {"before": "said", "after": "says"}
    return part.drop(columns=["silent", "change", "numeric"]).rename(columns=names)


def _titles(part: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    papers = [corpus.by_id[str(one)] for one in part["paper_id"]]
    table = {
        "paper": [paper.id for paper in papers],
        "title": [paper.title for paper in papers],
        "collections": [", ".join(paper.collections) for paper in papers],
        "contributors": [", ".join(paper.contributors or ()) for paper in papers],
        "says": [words(paper, ("id", "title", "collections", "contributors", "experiments")) for paper in papers],
    }
    return pd.DataFrame(table)


def shared_files(found: Changes) -> Iterable[Section]:
    """What changed in the files that records share."""
    for changed in found.shared:
        name = changed.part.replace("_", " ").capitalize()
        for what, table in (("removed", changed.removed), ("added", changed.added)):
            if not table.empty:
                yield _listed(f"{name} {what}", table.rename(columns=_spaced))
    fields = [changed.fields for changed in found.shared if not changed.fields.empty]
    if fields:
        yield _listed("Shared files changed", pd.concat(fields, ignore_index=True))


def vocabulary(found: Changes) -> Iterable[Section]:
    """Entries of vocabularies that are new, or that nobody uses any more."""
    names = vocabulary_changed(*found.corpora, found.new_names, (found.before.uses(), found.after.uses()))
    moved = names["now"] != UNUSED
    if moved.any():
        unused = ", ".join(names.loc[~moved, "name"])
        said = [f"Not used before either: {unused}."] if unused else []
        yield _listed("Vocabulary added or unused", names[moved], *said)


def moved_baselines(found: Changes) -> Iterable[Section]:
    """Medians of unpruned models, and what they move in turn."""
    moved = found.baselines
    if not moved.empty:
        values = {f"median {side}": _in_units(moved, f"median_{side}") for side in ("before", "after")}
        counts = {f"n {side}": list(moved[f"n_{side}"]) for side in ("before", "after")}
        table = moved[["dataset", "architecture", "quantity", "unit"]].assign(**counts, **values)
        said = "Medians over the unpruned models of papers and of reference tables; n counts them."
        yield Section("Baselines moved", text=(said,), table=filled(table))
    points = found.normalized
    if not points.empty:
        said = f"{points['points'].sum()} normalized values of points that were there before are now others."
        table = points.assign(at_most=_in_units(points, "at_most")).rename(columns={"at_most": "at most by"})
        yield Section("Normalized values moved", text=(said,), table=filled(table))


def _in_units(frame: pd.DataFrame, column: str) -> list[str]:
    return [computed(value, unit) for value, unit in zip(frame[column], frame["unit"], strict=True)]


def moved_claims(found: Changes) -> Iterable[Section]:
    """Claims of the survey that come out otherwise."""
    if not found.touches(SURVEY):
        return
    table = claims_changed(*(claims_table(side.of(SURVEY).as_published()) for side in (found.before, found.after)))
    if not table.empty:
        yield Section("Claims of the survey that change", table=filled(table.rename(columns=_spaced)))


def moved_graph(found: Changes) -> Iterable[Section]:
    """Comparisons and comparable pairs that came or went."""
    edges = lines_changed(found.before.comparisons(), found.after.comparisons(), ["paper_id", "compared_id", "kind"])
    if not edges.empty:
        names = {"paper_id": "paper", "compared_id": "compares to or cites"}
        yield Section("Comparisons gained or lost", table=filled(edges.rename(columns=names)))
    pairs = found.comparable_pairs.changed
    if not pairs.empty:
        said = "Pairs of papers with a point on the same dataset and architecture, in the same two metrics."
        table = filled(pairs.rename(columns={"paper_a": "paper", "paper_b": "other paper"}))
        yield Section("Comparable pairs gained or lost", text=(said,), table=table)


_PARTS: tuple[_Part, ...] = (
    _overview, silently, moved_baselines, moved_claims, record_changes, shared_files, vocabulary, moved_graph,
)  # fmt: skip
"""The parts of the page, the most important first."""
TELLING: tuple[_Part, ...] = (silently, record_changes, shared_files)
"""The parts that tell every field that changed."""


def _spaced(name: str) -> str:
    return name.replace("_", " ")
