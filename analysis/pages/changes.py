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
    normalized_moved,
    point_places,
    rows_changed,
)
from prunelit.analysis.diff.entries import ENTRY_PLACE, PAPER_ENTRY
from prunelit.analysis.diff.names import UNUSED, NewNames, new_names, under_new_names, vocabulary_changed
from prunelit.analysis.diff.records import EntryPair, side_by_side
from prunelit.analysis.diff.shared_files import PartChanges, parts_changed
from prunelit.analysis.diff.statements import words
from prunelit.analysis.frames.comparisons import stated_comparisons
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
    def new_names(self) -> NewNames:
        """The names that are others now."""
        return new_names(self.before.corpus, self.after.corpus)

    @cached_property
    def papers(self) -> list[tuple[Paper | None, Paper | None]]:
        """The papers whose record or sweeps differ, before (under the names of today) and after."""
        old, new = self.before.corpus, self.after.corpus
        now = {name: self.new_names.get(PAPER_REFERENCE, {}).get(name, name) for name in old.by_id}
        kept = set(now.values())
        both: list[tuple[Paper | None, Paper | None]] = [(old.by_id[name], new.by_id.get(now[name])) for name in now]
        both += [(None, paper) for name, paper in new.by_id.items() if name not in kept]
        return [pair for pair in both if not _same(_record(old, pair[0]), _record(new, pair[1]))]

    @cached_property
    def pairs(self) -> list[EntryPair]:
        """Every entry of these papers, before and after."""
        sweeps = self.before.corpus.sweeps, self.after.corpus.sweeps
        both = ((old and under_new_names(old, self.new_names), new) for old, new in self.papers)
        return [pair for old, new in both for pair in side_by_side(old, new, *sweeps)]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """What changed in the records."""
        return rows_changed(self.pairs, (*self.before.corpus.corrections, *self.after.corpus.corrections))

    @property
    def silent(self) -> pd.DataFrame:
        """Numbers that changed or vanished without a correction: a reviewer must not accept them."""
        return self.rows[self.rows["silent"].astype(bool)]

    @cached_property
    def shared(self) -> list[PartChanges]:
        """What changed in shared files."""
        return list(parts_changed(self.before.corpus, self.after.corpus, self.new_names))

    @property
    def places(self) -> pd.DataFrame:
        """Where in both the points are that both hold: as matched, or the same in papers that did not change."""
        differ = [paper.id for both in self.papers for paper in both if paper]
        same = self.after.completed()
        same = same.loc[~same["paper_id"].isin(differ), ["paper_id", *ENTRY_PLACE]]
        both = {f"{name}_{side}": same[name] for side in ("before", "after") for name in ENTRY_PLACE}
        return pd.concat([point_places(self.pairs), pd.DataFrame({"paper_id": same["paper_id"], **both})])

    def touches(self, collection: str | None) -> bool:
        """Whether anything of a collection, or of everything, is different."""
        return self.before.of(collection).corpus != self.after.of(collection).corpus


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
        (name, *(computed_on(side) for side in (found.before, found.after))) for name, computed_on in _COUNTED.items()
    ]
    moved = tuple(Fact(name, f"{old} → {new}" if old != new else f"{new}, as before") for name, old, new in facts)
    yield Section("Overview", facts=(*moved, Fact("Numbers changed silently", str(len(found.silent)))))


_COUNTED: dict[str, Callable[[Dataset], str]] = {
    "Papers": lambda side: str(len(side.corpus.papers)),
    "Operating points": lambda side: str(len(side.completed())),
    "Comparisons": lambda side: str(len(stated_comparisons(side.comparisons()))),
    "Groups that comparisons connect": lambda side: str(
        sum(len(group) > 1 for group in components(side.comparison_graph()))
    ),
    "Papers in the largest group": lambda side: (
        str(len(components(side.comparison_graph())[0])) if side.corpus.papers else "0"
    ),
    "Comparable pairs of papers": lambda side: (
        f"{len(side.comparable_pairs())} "
        f"({share_comparable(side.comparable_pairs(), len(side.corpus.papers)):.1%} of all)"
    ),
}


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
            yield _listed(title, _titles(part, found.after.corpus) if title == "Papers added" else _rows(part))


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
    names = vocabulary_changed(found.before.corpus, found.after.corpus, found.new_names)
    moved = names["now"] != UNUSED
    if moved.any():
        unused = ", ".join(names.loc[~moved, "name"])
        said = [f"Not used before either: {unused}."] if unused else []
        yield _listed("Vocabulary added or unused", names[moved], *said)


def moved_baselines(found: Changes) -> Iterable[Section]:
    """Medians of unpruned models, and what they move in turn."""
    moved = baselines_moved(found.before.baselines(), found.after.baselines())
    if not moved.empty:
        values = {f"median {side}": _in_units(moved, f"median_{side}") for side in ("before", "after")}
        counts = {f"n {side}": list(moved[f"n_{side}"]) for side in ("before", "after")}
        table = moved[["dataset", "architecture", "quantity", "unit"]].assign(**counts, **values)
        said = "Medians over the unpruned models of papers and of reference tables; n counts them."
        yield Section("Baselines moved", text=(said,), table=filled(table))
    points = normalized_moved(found.before.normalized(), found.after.normalized(), found.places)
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
    pairs = lines_changed(found.before.comparable_pairs(), found.after.comparable_pairs(), ["paper_a", "paper_b"])
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
