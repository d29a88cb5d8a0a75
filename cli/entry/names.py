"""Names of the vocabularies by their spellings."""

from __future__ import annotations

import re

from prunelit.schema.corpus import VOCABULARIES, Corpus
from prunelit.schema.problems import nearest_name, quoted
from prunelit.schema.rules import Names


def meant(kind: str, spelling: str, names: Names) -> str | None:
    """The canonical name for a name or alias, or for what differs from one only in case and punctuation."""
    known = names.vocabularies.get(kind, {})
    if spelling in known:
        return known[spelling]
    alike = {name for other, name in known.items() if _letters(other) == _letters(spelling)}
    return alike.pop() if len(alike) == 1 else None


def unknown(kind: str, spelling: str, names: Names) -> str:
    """What a message says about a spelling that means no name."""
    hint = (
        nearest_name(spelling, names.vocabularies.get(kind, {}))
        or f"; use a name from {VOCABULARIES[kind]}, or add it there"
    )
    return f"{kind} {quoted(spelling)} is not known{hint}"


def venue_of(container: str, corpus: Corpus) -> str | None:
    """The venue whose full name, name or alias stands in what a source calls the container; the longest one.

    A workshop is not the conference that it is held at.
    """
    words = f" {_words(container)} "
    found = {
        spelling: venue.name
        for venue in corpus.venues
        for spelling in (venue.name, venue.full_name, *(venue.aliases or ()))
        if spelling and f" {_words(spelling)} " in words
    }
    venue = found[max(found, key=len)] if found else None
    return None if venue and "workshop" in words and "workshop" not in venue.casefold() else venue


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
