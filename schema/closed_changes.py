"""Changes of a closed collection, value by value, and what explains each.

A value may change where a correction says what was wrong and what is right, or where a name of a vocabulary has become
an alias of another.  Nothing explains a row, a paper or a comparison that is gained, as it belongs elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from prunelit.schema.closed import COMPARED_WITH, Part, content, seal
from prunelit.schema.corpus import VOCABULARIES, Corpus
from prunelit.schema.correction import Correction
from prunelit.schema.correction_targets import same
from prunelit.schema.fields import names, within
from prunelit.schema.manifest import ClosedCollection, ClosedRecord
from prunelit.schema.record import Paper
from prunelit.schema.references import PAPER_REFERENCE


@dataclass(frozen=True, slots=True)
class ClosedChange:
    """A value of a closed collection that is no longer what it was; a whole part has no ``name`` of a value."""

    paper: str
    part: str
    name: str
    before: object
    after: object
    reason: str | None
    """What explains it; None for nothing."""


def closed_now(collection: str, corpus: Corpus) -> ClosedCollection:
    """The manifest of a collection as its records are now."""
    records = (
        ClosedRecord(paper=paper, parts=tuple(f"{name} {seal(part.values)}" for name, part in parts.items()))
        for paper, parts in contents_of(corpus, collection).items()
    )
    return ClosedCollection(collection=collection, records=tuple(records))


def contents_of(corpus: Corpus, collection: str) -> dict[str, dict[str, Part]]:
    """What a corpus holds of a collection, part by part, by the ids of its papers."""
    members = [paper for paper in corpus.papers if collection in paper.collections]
    ids = {paper.id for paper in members}
    return {paper.id: content(paper, collection, ids, corpus.sweeps) for paper in members}


def changes(before: Corpus, after: Corpus, collection: str) -> list[ClosedChange]:
    """The values of a collection that differ between two states of the corpus, each with what explains it."""
    aliases = _aliases(after)
    old = {_canonical("paper", one, aliases): found for one, found in contents_of(before, collection).items()}
    new = contents_of(after, collection)
    corrections = [one for one in (*before.corrections, *after.corrections) if one.status != "proposed"]
    return [
        ClosedChange(paper, *change, _reason(paper, values, change, corrections, aliases))
        for paper in sorted({*old, *new})
        for change, values in _differences(old.get(paper, {}), new.get(paper, {}), aliases)
    ]


T = TypeVar("T")
_Aliases: TypeAlias = Mapping[str, Mapping[str, str]]
"""For each field of a record that holds a name: its aliases, each with the name of the vocabulary."""
_Difference: TypeAlias = tuple[str, str, object, object]
"""Part, name of a value (none for the whole part), before, after."""


def _differences(
    old: Mapping[str, Part], new: Mapping[str, Part], aliases: _Aliases
) -> Iterator[tuple[_Difference, Mapping[str, object]]]:
    """What differs between two states of a record, each with all values of the part before."""
    renamed = _renamed(old, new, aliases)
    for part in dict.fromkeys([*old, *new]):
        then, now = old.get(part), new.get(renamed.get(part, part))
        if then and now:
            for name in sorted({*then.values, *now.values}):
                was, is_now = then.values.get(name), now.values.get(name)
                if not same(was, is_now):
                    yield (part, name, was, is_now), then.values
        elif part not in renamed.values():
            yield (part, "", _text(then), _text(now)), {}


def _renamed(old: Mapping[str, Part], new: Mapping[str, Part], aliases: _Aliases) -> dict[str, str]:
    """The parts that go by another name because a name in them has become an alias."""
    gained = {part: one.values for part, one in new.items() if part not in old}
    found: dict[str, str] = {}
    for part, one in old.items():
        values = {name: _canonical(name, value, aliases) for name, value in one.values.items()}
        same_now = (name for name, now in gained.items() if now == values and name not in found.values())
        if part not in new and (name := next(same_now, None)):
            found[part] = name
    return found


def _canonical(name: str, value: T, aliases: _Aliases) -> T | str:
    return aliases.get(name.rpartition(".")[2], {}).get(str(value), value)


def _text(part: Part | None) -> str | None:
    return None if part is None else ", ".join(f"{name} {value}" for name, value in sorted(part.values.items()))


def _reason(
    paper: str,
    values: Mapping[str, object],
    change: _Difference,
    corrections: Iterable[Correction],
    aliases: _Aliases,
) -> str | None:
    _, name, before, after = change
    fitting = (one for one in corrections if one.paper == paper and _explains(one, values, change))
    if correction := next(fitting, None):
        return correction.reason
    if before is not None and before != after == _canonical(name, before, aliases):
        return f"'{before}' is an alias of '{after}'"
    return None


def _explains(one: Correction, values: Mapping[str, object], change: _Difference) -> bool:
    part, name, before, after = change
    if part.startswith(f"{COMPARED_WITH} "):
        other = part.removeprefix(f"{COMPARED_WITH} ")
        expected = (other, None) if after is None else (None, other)
        return one.of_paper and one.field == "compares_to" and (one.expect, one.correct) == expected
    if one.of_paper:
        here = part in ("published", "venue") and name.removeprefix("published.") == one.field
    else:
        here = name == one.field and (one.result.fits(values) if one.result else part == one.place)
    return here and _equal(one.expect, before) and _equal(one.correct, after)


def _equal(said: object, found: object) -> bool:
    """Whether a correction says what a record does; whole numbers of a date are no decimals there."""
    return same(said, found) or (said is not None and str(said) == str(found))


def _aliases(corpus: Corpus) -> _Aliases:
    known = {
        entry: {alias: one.name for one in corpus.part(file.removesuffix(".yaml")) for alias in _aliases_of(one)}
        for entry, file in VOCABULARIES.items()
    }
    known[PAPER_REFERENCE] = {former: paper.id for paper in corpus.papers for former in paper.former_ids or ()}
    return {field: known.get(of, {}) for model in within(Paper) for field, of in names(model).items()}


def _aliases_of(entry: object) -> tuple[str, ...]:
    return getattr(entry, "aliases", None) or ()
