"""Migration of records from earlier versions of the schema, comments included.

Version 0 is the form that records had before the first release: ``date: 2015-12`` in place of ``published``, and the
unpruned model of an experiment in a mapping, ``baseline: {top1: 57.22}``, in place of ``base_top1``.  Version 1 is that
of the first release: whatever it says, version 2 says in the same words, and it has words for more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from prunelit.schema.canonical import canonical_text, parsed_tree
from prunelit.schema.problems import Path, Problem
from prunelit.schema.reading import UnreadableError, parse, position
from prunelit.schema.record import SCHEMA_VERSION, Paper
from prunelit.schema.tree import Node, Scalar, children, tree_of

Migration: TypeAlias = Callable[[dict[str, Node]], Iterator[tuple[Path, str]]]
"""Turns the top of a record into that of the next version, and tells what it cannot turn."""

_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>0?[1-9]|1[0-2]))?", re.ASCII)


def migrated(text: str, file: str) -> str:
    """The text of a record in the schema of today: canonical if it had to change, else as it is.

    Raises:
        UnreadableError: if the file cannot be read, or has a version from which no way leads to today's.
    """
    record = parsed_tree(text, file)
    version = parse(text, file)[0].get("schema_version")
    if type(version) is int and version == SCHEMA_VERSION:
        return text
    if type(version) is not int or version not in MIGRATIONS or not isinstance(record.content, dict):
        message = f"'schema_version' says which version the record is in; expected one of {_known()}"
        raise UnreadableError(Problem(file, *position(text, ("schema_version",)), "cannot-migrate", message))
    top = record.content
    faults = [fault for step in range(version, SCHEMA_VERSION) for fault in MIGRATIONS[step](top)]
    if faults:
        raise UnreadableError(*(Problem(file, *position(text, path), "cannot-migrate", told) for path, told in faults))
    top["schema_version"].content = Scalar(str(SCHEMA_VERSION), is_text=False)
    return canonical_text(record, Paper)


def _known() -> str:
    return ", ".join(map(str, [*MIGRATIONS, SCHEMA_VERSION]))


def _from_version_0(top: dict[str, Node]) -> Iterator[tuple[Path, str]]:
    if date := top.pop("date", None):
        if (published := _published(date)) and "published" not in top:
            top["published"] = published
        else:
            yield ("date",), "expected a year, or a year and a month such as 2015-12, and no 'published' beside it"
    for index, experiment in enumerate(children(top.get("experiments", Node()))):
        if isinstance(experiment.content, dict) and (baseline := experiment.content.pop("baseline", None)):
            flat = _flat(baseline)
            if flat and flat.keys().isdisjoint(experiment.content):
                experiment.content |= flat
            else:
                message = "expected a mapping such as {top1: 57.22}, and the same not a second time as 'base_top1'"
                yield ("experiments", index, "baseline"), message


def _published(date: Node) -> Node | None:
    found = _DATE.fullmatch(date.content.text) if isinstance(date.content, Scalar) else None
    if not found:
        return None
    parts = {name: int(part) for name, part in found.groupdict().items() if part}
    return Node(tree_of(parts).content, date.before, date.after)


def _flat(baseline: Node) -> dict[str, Node]:
    """The values of a version 0 baseline under their names of today; its own comments stand above the first."""
    values = baseline.content if isinstance(baseline.content, dict) else {}
    for first in list(values.values())[:1]:
        first.before[:0] = [*baseline.before, *filter(None, [baseline.after]), *baseline.end]
    return {f"base_{name}": value for name, value in values.items()}


def _from_version_1(top: dict[str, Node]) -> Iterator[tuple[Path, str]]:
    yield from ()


MIGRATIONS: dict[int, Migration] = {0: _from_version_0, 1: _from_version_1}
"""By version: the step to the next one."""
