"""Names of papers and vocabularies in two corpora: those that changed, those that are new, those that nobody uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypeVar

import pandas as pd
from pydantic import BaseModel

from prunelit.analysis.diff.matching import paired
from prunelit.schema.corpus import SHARED, VOCABULARIES, Corpus
from prunelit.schema.fields import names
from prunelit.schema.fields import within as models_within
from prunelit.schema.record import Paper
from prunelit.schema.references import PAPER_REFERENCE
from prunelit.schema.usage import Use

M = TypeVar("M", bound=BaseModel)
NewNames: TypeAlias = Mapping[str, Mapping[str, str]]
"""New names by old ones, by what they name."""
UNUSED = "not used"
VOCABULARY = ["what", "name", "used by", "now"]
"""Columns of :func:`vocabulary_changed`."""


def new_names(before: Corpus, after: Corpus) -> NewNames:
    """What is called otherwise now: papers under another id, and entries of vocabularies that became an alias.

    Args:
        before: The corpus before.
        after: The corpus after.

    Returns:
        For each kind of name that changed at least once: the new name by the old one.
    """
    aliases = {kind: _aliased(_entries(before, kind), _entries(after, kind)) for kind in VOCABULARIES}
    papers = {old.id: new.id for old, new in _papers_moved(before, after)}
    return {kind: found for kind, found in {PAPER_REFERENCE: papers, **aliases}.items() if found}


def _entries(corpus: Corpus, kind: str) -> tuple[BaseModel, ...]:
    return corpus.part(SHARED[VOCABULARIES[kind]].stem())


def _aliased(before: Iterable[BaseModel], after: tuple[BaseModel, ...]) -> dict[str, str]:
    spellings = {spelling: _name(one) for one in after for spelling in getattr(one, "aliases", None) or ()}
    there = {_name(one) for one in after}
    return {name: spellings[name] for name in map(_name, before) if name not in there and name in spellings}


def _name(entry: BaseModel) -> str:
    name: str = entry.name  # type: ignore[attr-defined]  # every entry of a vocabulary has one
    return name


def _papers_moved(before: Corpus, after: Corpus) -> list[tuple[Paper, Paper]]:
    """Papers whose id is gone, each with the one that came and had that id, or that has its identifiers or title."""
    gone = [one for name, one in before.by_id.items() if name not in after.by_id]
    came = [one for name, one in after.by_id.items() if name not in before.by_id]
    now = {former: one.id for one in came for former in one.former_ids or ()}
    keys = (
        lambda one: now.get(one.id, one.id),
        lambda one: one.survey_id,
        lambda one: one.identifiers and repr(one.identifiers),
        lambda one: one.title,
    )
    return [(gone[i], came[j]) for i, j in paired(gone, came, keys)]


def under_new_names(model: M, changed: NewNames) -> M:
    """A record or shared file as it would be under the new names; the same one if it uses no old one."""
    update = {name: _replaced(value, changed, names(type(model)).get(name)) for name, value in model}
    return model.model_copy(update=update) if any(update[name] is not value for name, value in model) else model


def _replaced(value: object, changed: NewNames, of: str | None) -> object:
    if isinstance(value, BaseModel):
        return under_new_names(value, changed)
    if isinstance(value, tuple):
        items = tuple(_replaced(one, changed, of) for one in value)
        return items if any(one is not other for one, other in zip(items, value, strict=True)) else value
    return changed.get(of or "", {}).get(value, value) if isinstance(value, str) else value


def vocabulary_changed(
    before: Corpus, after: Corpus, changed: NewNames, uses: tuple[Counter[Use], Counter[Use]]
) -> pd.DataFrame:
    """Entries of vocabularies that were added, and those that no record or shared file uses, with their use.

    Args:
        before: The corpus before.
        after: The corpus after.
        changed: Names that are others now, which are not new.
        uses: How many records and shared files of both use each name.

    Returns:
        ``VOCABULARY``; ``used by`` counts records and shared files, ``now`` is "added", "no longer used", "added, not
        used", or "not used" as before.
    """
    kinds = _used_kinds()
    known = {kind: {*map(_name, _entries(before, kind)), *changed.get(kind, {}).values()} for kind in kinds}
    lines = [
        (kind, name, uses[1][kind, name], now)
        for kind in kinds
        for name in map(_name, _entries(after, kind))
        if (now := _now(name in known[kind], *(one[kind, name] for one in uses)))
    ]
    return pd.DataFrame(lines, columns=VOCABULARY, dtype=object)


def _now(was_there: bool, before: int, after: int) -> str:
    if not was_there:
        return "added" if after else "added, not used"
    return "" if after else "no longer used" if before else UNUSED


def _used_kinds() -> list[str]:
    """The vocabularies whose names records use."""
    of = {kind for model in models_within(Paper) for kind in names(model).values()}
    return [kind for kind in VOCABULARIES if kind in of]
