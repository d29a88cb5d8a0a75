"""Changes of the data since the last release, in counts and by name.

Both states are read as plain YAML and CSV, so that a release whose records had an older schema can be compared as well.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from prunelit.analysis.pages.markdown import in_full
from prunelit.analysis.pages.section import Fact, Section
from prunelit.analysis.release.identity import ReleaseIdentity
from prunelit.schema.reading import parse

_Point = tuple[str, str]
"""What network an operating point is of, and what it says."""
_Points = Counter[_Point]
"""How often each stands in a record."""
_Points_of_files = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class RecordState:
    """What a state of the corpus says of one paper."""

    title: str
    former_ids: tuple[str, ...]
    points: _Points
    beside: dict[str, str]
    """What it says in each of its fields, beside its points and ids."""


@dataclass(frozen=True, slots=True)
class CorpusState:
    """What a state of the corpus holds: its records by id, and its corrections."""

    records: dict[str, RecordState]
    corrections: Counter[tuple[str, str, str, str]]
    """By paper, field, value that was published, and value that is right."""
    shared: dict[str, str] = field(default_factory=dict)
    """What each file says that records share, by its name."""


BEFORE_ALL = CorpusState({}, Counter())
"""The state before the first release."""


def state_of(root: Path) -> CorpusState:
    """The state in the folder of a corpus."""
    sweeps = {file.name: list(_lines(file)) for file in sorted((root / "sweeps").glob("*.csv"))}
    records = {file.stem: _record(_plain(file), sweeps) for file in sorted((root / "papers").glob("*.yaml"))}
    shared = {file.name: _plain(file) for file in sorted(root.glob("*.yaml"))}
    corrections = shared.get("corrections.yaml", {}).get("corrections") or ()
    return CorpusState(
        records, Counter(map(_correction, corrections)), {name: _text(of) for name, of in shared.items()}
    )


def _plain(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = parse(file.read_text(encoding="utf-8"), file.name)[0]
    return found


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from (repr(sorted(row.items())) for row in csv.DictReader(opened))


def _record(said: dict[str, Any], sweeps: _Points_of_files) -> RecordState:
    beside = {name: _text(_without_points(value)) for name, value in said.items() if name not in _IDS}
    former_ids = tuple(said.get("former_ids") or ())
    return RecordState(said.get("title", ""), former_ids, Counter(_points(said, sweeps)), beside)


_IDS = ("id", "former_ids")


def _text(value: Any) -> str:
    """A value with its digits, the same whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, default=repr)


def _without_points(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_points(one) for name, one in value.items() if name != "points"}
    return [_without_points(one) for one in value] if isinstance(value, list) else value


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
    otherwise = _changed_otherwise(before, after, renamed)
    files = _differing(before.shared, after.shared)
    corrected = after.corrections - before.corrections
    withdrawn = before.corrections - after.corrections
    facts = (
        ("papers", f"{len(added)} added, {len(removed)} removed, {len(renamed)} renamed; {len(after.records)} now"),
        ("operating points", f"{_told(points)}; {sum(map(_number_of_points, after.records.values()))} now"),
        ("records", f"{len(otherwise)} changed beside their operating points"),
        ("shared files", f"{len(files)} added, changed or removed; {len(after.shared)} now"),
        ("corrections", f"{corrected.total()} added, {withdrawn.total()} withdrawn; {after.corrections.total()} now"),
    )
    sections = [
        Section(f"Since {since}" if since else "The first release", facts=tuple(Fact(*one) for one in facts)),
        _listed("Papers added", [(id_, after.records[id_].title) for id_ in added], "paper", "title"),
        _listed("Papers removed", [(id_, before.records[id_].title) for id_ in removed], "paper", "title"),
        _listed("Ids renamed", list(renamed.items()), "before", "now"),
        _listed("Operating points", points, "paper", "added", "changed", "removed"),
        _listed("Records changed beside their operating points", otherwise, "paper", "fields"),
        _listed("Shared files added, changed or removed", [(name,) for name in files], "file"),
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
    """How many points of a paper were added, changed and removed.

    One changed that says the same of another network, or says otherwise of its own.
    """
    gone, come = [*(old - new).elements()], [*(new - old).elements()]
    removed, added = _unpaired(*_unpaired(gone, come, 1), 0)
    return len(added), len(gone) - len(removed), len(removed)


def _unpaired(gone: list[_Point], come: list[_Point], part: int) -> tuple[list[_Point], list[_Point]]:
    """What is left of two lists of points once pairs are taken out that are the same in a part."""
    paired = Counter(one[part] for one in gone) & Counter(one[part] for one in come)
    return _rest(gone, paired, part), _rest(come, paired, part)


def _rest(points: list[_Point], paired: Counter[str], part: int) -> list[_Point]:
    left, found = Counter(paired), []
    for one in points:
        if left[one[part]]:
            left[one[part]] -= 1
        else:
            found.append(one)
    return found


def _changed_otherwise(before: CorpusState, after: CorpusState, renamed: dict[str, str]) -> list[tuple[str, str]]:
    """The papers whose record changed beside its points, each with the fields that did."""
    old = {renamed.get(id_, id_): record.beside for id_, record in before.records.items()}
    changed = {id_: _differing(old[id_], record.beside) for id_, record in after.records.items() if id_ in old}
    return [(id_, ", ".join(names)) for id_, names in changed.items() if names]


def _differing(old: dict[str, str], new: dict[str, str]) -> list[str]:
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _told(points: list[tuple[str, int, int, int]]) -> str:
    added, changed, removed = (sum(counts) for counts in zip((0, 0, 0), *(one[1:] for one in points), strict=True))
    return f"{added} added, {changed} changed, {removed} removed"


def _number_of_points(record: RecordState) -> int:
    return record.points.total()
