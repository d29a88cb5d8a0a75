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
from prunelit.analysis.diff.entries import ENTRY_PLACE, PAPER_ENTRY, entries
from prunelit.analysis.diff.matching import IndexPair, matched
from prunelit.analysis.frames.comparisons import stated_comparisons
from prunelit.analysis.pages.section import Fact, Section, computed, filled
from prunelit.schema.corpus import Corpus
from prunelit.schema.walk import curves


def _corrections(side: Dataset) -> pd.DataFrame:
    """The corrections, as text."""
    names = ["paper", "place", "field", "expect", "correct", "status", "reason"]
    rows = [[_text(getattr(one, name)) for name in names] for one in side.corpus.corrections]
    return pd.DataFrame(rows, columns=names, dtype="string")


@dataclass(frozen=True)
class Changes:
    """Two corpora, and what is different between them."""

    before: Dataset
    after: Dataset

    @cached_property
    def papers(self) -> frozenset[str]:
        """The papers that came or went, or whose record or sweeps differ."""
        old, new = self.before.corpus, self.after.corpus
        known = old.by_id.keys() | new.by_id.keys()
        return frozenset(one for one in known if not _same(_record(old, one), _record(new, one)))

    @cached_property
    def entries(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What the records of these papers say, digit by digit, before and after."""
        return entries(self.before.corpus, self.papers), entries(self.after.corpus, self.papers)

    @cached_property
    def pairs(self) -> list[IndexPair]:
        """Those of the entries that both hold."""
        return matched(*self.entries)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """What changed in the records."""
        allowed = (*self.before.corpus.corrections, *self.after.corpus.corrections)
        return rows_changed(*self.entries, self.pairs, allowed)

    @property
    def silent(self) -> pd.DataFrame:
        """Numbers that changed or vanished without a correction: a reviewer must not accept them."""
        return self.rows[self.rows["silent"].astype(bool)]

    @property
    def places(self) -> pd.DataFrame:
        """Where in both the points are that both hold: as matched, or the same in papers that did not change."""
        same = self.after.completed()
        same = same.loc[~same["paper_id"].isin(self.papers), ["paper_id", *ENTRY_PLACE]]
        both = {f"{name}_{side}": same[name] for side in ("before", "after") for name in ENTRY_PLACE}
        return pd.concat(
            [point_places(*self.entries, self.pairs), pd.DataFrame({"paper_id": same["paper_id"], **both})]
        )

    def touches(self, collection: str | None) -> bool:
        """Whether anything of a collection, or of everything, is different."""
        return self.before.of(collection).corpus != self.after.of(collection).corpus


def _record(corpus: Corpus, paper: str) -> list[object]:
    """The record of a paper, and the points of its sweeps."""
    record = corpus.by_id.get(paper)
    files = [curve.points_file for _, curve in curves(record) if curve.points_file] if record else []
    return [record, *(corpus.sweeps.get(file) for file in files)]


def _same(before: list[object], after: list[object]) -> bool:
    """Whether two records say the same, digit by digit: 76.0 and 76 are equal numbers, but not the same."""
    if len(before) != len(after):
        return False
    return all(old is new or (old == new and repr(old) == repr(new)) for old, new in zip(before, after, strict=True))


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
        yield Section("Numbers that changed without a correction", text=(said,), table=_rows(found.silent))


def rows_section(found: Changes) -> Iterable[Section]:
    """What else changed in the records, removed rows first."""
    rest = found.rows[~found.rows["silent"].astype(bool)]
    papers, whole = rest["entry"] == PAPER_ENTRY, rest["field"] == ""
    parts = {
        "Rows removed": rest[whole & (rest["change"] == REMOVED)],
        "Papers added": rest[whole & papers & (rest["change"] == ADDED)],
        "Rows added": rest[whole & ~papers & (rest["change"] == ADDED)],
        "Cells changed": rest[~whole],
    }
    for title, part in parts.items():
        if not part.empty:
            table = _titles(part, found.after.corpus) if title == "Papers added" else _rows(part)
            yield Section(title, table=table)


def _rows(part: pd.DataFrame) -> pd.DataFrame:
    names = {"paper_id": "paper", "entry": "of", "survey_row": "survey's row"}
    if (part["change"] == ADDED).all() and (part["field"] == "").all():
        names["after"] = "numbers"
    return filled(part.drop(columns=["silent", "change"]).rename(columns=names))


def _titles(part: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    papers = [corpus.by_id[str(one)] for one in part["paper_id"]]
    table = {
        "paper": [paper.id for paper in papers],
        "title": [paper.title for paper in papers],
        "collections": [", ".join(paper.collections) for paper in papers],
        "contributors": [", ".join(paper.contributors or ()) for paper in papers],
    }
    return filled(pd.DataFrame(table))


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


def moved_corrections(found: Changes) -> Iterable[Section]:
    """Corrections that came or went."""
    before, after = _corrections(found.before), _corrections(found.after)
    table = lines_changed(before, after, list(after.columns))
    if not table.empty:
        names = {"place": "result", "expect": "published", "correct": "right"}
        yield Section("Corrections added or removed", table=filled(table.rename(columns=names)))


_PARTS: tuple[_Part, ...] = (
    _overview,
    silently,
    moved_baselines,
    moved_claims,
    rows_section,
    moved_corrections,
    moved_graph,
)
"""The parts of the page, the most important first."""


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _text(value: object) -> str:
    return "" if value is None else str(value)
