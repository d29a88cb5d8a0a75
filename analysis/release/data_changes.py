"""Changes of the data since the last release, in counts and by name.

Both states are read as plain YAML and CSV, so that a release whose records had an older schema can be compared as well.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from prunelit.analysis.pages.markdown import in_full
from prunelit.analysis.pages.section import Fact, Section
from prunelit.analysis.release.identity import ReleaseIdentity
from prunelit.schema.reading import parse

_Points = Counter[tuple[str, str]]
"""How often each operating point stands in a record: what network it is of, and what it says."""
_Points_of_files = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class RecordState:
    """What a state of the corpus says of one paper."""

    title: str
    former_ids: tuple[str, ...]
    points: _Points


@dataclass(frozen=True, slots=True)
class CorpusState:
    """What a state of the corpus holds: its records by id, and its corrections."""

    records: dict[str, RecordState]
    corrections: Counter[tuple[str, str, str, str]]
    """By paper, field, value that was published, and value that is right."""


BEFORE_ALL = CorpusState({}, Counter())
"""The state before the first release."""


def state_of(root: Path) -> CorpusState:
    """The state in the folder of a corpus."""
    sweeps = {file.name: list(_lines(file)) for file in sorted((root / "sweeps").glob("*.csv"))}
    records = {file.stem: _record(_plain(file), sweeps) for file in sorted((root / "papers").glob("*.yaml"))}
    return CorpusState(records, Counter(map(_correction, _plain(root / "corrections.yaml").get("corrections") or ())))


def _plain(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = parse(file.read_text(encoding="utf-8"), file.name)[0]
    return found


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from (repr(sorted(row.items())) for row in csv.DictReader(opened))


def _record(said: dict[str, Any], sweeps: _Points_of_files) -> RecordState:
    return RecordState(said.get("title", ""), tuple(said.get("former_ids") or ()), Counter(_points(said, sweeps)))


def _points(said: dict[str, Any], sweeps: _Points_of_files) -> Iterator[tuple[str, str]]:
    for experiment in said.get("experiments") or ():
        network = f"{experiment.get('architecture')} on {experiment.get('dataset')}"
        for curve in experiment.get("curves") or ():
            for point in curve.get("points") or ():
                yield network, repr(sorted(point.items()))
            for line in sweeps.get(curve.get("points_file", ""), ()):
                yield network, line


def _correction(said: dict[str, Any]) -> tuple[str, str, str, str]:
    return said["paper"], said["field"], str(said.get("expect", "")), str(said.get("correct", ""))


def changes_markdown(before: CorpusState, after: CorpusState, identity: ReleaseIdentity, since: str | None) -> str:
    """The page ``CHANGELOG-DATA.md``.

    Args:
        before: The state of the last release; :data:`BEFORE_ALL` if there was none.
        after: The state of this one.
        identity: This release.
        since: Version of the last one.
    """
    renamed = _renamed(before, after)
    added = [id_ for id_ in after.records if id_ not in before.records and id_ not in renamed.values()]
    removed = [id_ for id_ in before.records if id_ not in after.records and id_ not in renamed]
    points = _point_changes(before, after, renamed)
    corrected = after.corrections - before.corrections
    withdrawn = before.corrections - after.corrections
    facts = (
        ("papers", f"{len(added)} added, {len(removed)} removed, {len(renamed)} renamed; {len(after.records)} now"),
        ("operating points", f"{_told(points)}; {sum(map(_number_of_points, after.records.values()))} now"),
        ("corrections", f"{corrected.total()} added, {withdrawn.total()} withdrawn; {after.corrections.total()} now"),
    )
    sections = [
        Section(f"Since {since}" if since else "The first release", facts=tuple(Fact(*one) for one in facts)),
        _listed("Papers added", [(id_, after.records[id_].title) for id_ in added], "paper", "title"),
        _listed("Papers removed", [(id_, before.records[id_].title) for id_ in removed], "paper", "title"),
        _listed("Ids renamed", list(renamed.items()), "before", "now"),
        _listed("Operating points", points, "paper", "added", "changed", "removed"),
        _listed("Corrections added", sorted(corrected.elements()), *_OF_CORRECTION),
        _listed("Corrections withdrawn", sorted(withdrawn.elements()), *_OF_CORRECTION),
    ]
    title = f"Changes of the data in {identity.data_version}"
    versions = Section("Versions", text=(f"{identity.versions}; commit {identity.commit} of {identity.date}.",))
    return in_full(title, [versions, *(one for one in sections if one.facts or one.table is not None)])


_OF_CORRECTION = ("paper", "field", "published", "right")


def _listed(title: str, rows: list[Any], *names: str) -> Section:
    return Section(title, table=pd.DataFrame(rows, columns=list(names)).astype(str) if rows else None)


def _renamed(before: CorpusState, after: CorpusState) -> dict[str, str]:
    """The ids that papers had, and those that they have now."""
    return {
        former: id_
        for id_, record in after.records.items()
        for former in record.former_ids
        if former in before.records and id_ not in before.records
    }


def _point_changes(before: CorpusState, after: CorpusState, renamed: dict[str, str]) -> list[tuple[str, int, int, int]]:
    """The papers whose operating points changed: how many were added, changed and removed."""
    old = {renamed.get(id_, id_): record.points for id_, record in before.records.items()}
    new = {id_: record.points for id_, record in after.records.items()}
    counts = [(id_, *_counted(old.get(id_, Counter()), new.get(id_, Counter()))) for id_ in sorted({*old, *new})]
    return [one for one in counts if any(one[1:])]


def _counted(old: _Points, new: _Points) -> tuple[int, int, int]:
    """How many points of a paper were added, changed and removed; one that says otherwise of its network changed."""
    gone, come = (Counter(network for network, _ in one.elements()) for one in (old - new, new - old))
    changed = (gone & come).total()
    return come.total() - changed, changed, gone.total() - changed


def _told(points: list[tuple[str, int, int, int]]) -> str:
    added, changed, removed = (sum(counts) for counts in zip((0, 0, 0), *(one[1:] for one in points), strict=True))
    return f"{added} added, {changed} changed, {removed} removed"


def _number_of_points(record: RecordState) -> int:
    return record.points.total()
