"""Text of a new record, before anybody has entered a result."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

from prunelit.cli.entry.bibliography import Bibliography
from prunelit.cli.entry.prompts import (
    ASK_COLLECTIONS,
    ASK_COMPARES_TO,
    ASK_CONTRIBUTORS,
    ASK_EXPERIMENTS,
    ASK_LANGUAGE_MODEL,
    ASK_METHODS,
    ASK_PUBLISHED,
    ASK_VENUE,
    LOOK,
    NEW_COLLECTION,
    NO_BIBLIOGRAPHY,
    VENUE_EXAMPLE,
    WRITTEN_BY,
)
from prunelit.schema.canonical import MODELINE, canonical_text
from prunelit.schema.record import SCHEMA_VERSION, Paper
from prunelit.schema.tree import Node, tree_of

_LATER = """\
# {source} says that it appeared later: {later}
# If so, write that venue and its date."""

_REST = "\n\n".join(("", ASK_COMPARES_TO, ASK_CONTRIBUTORS, ASK_METHODS, f"{ASK_EXPERIMENTS}\n{ASK_LANGUAGE_MODEL}"))


def draft(paper: Bibliography, paper_id: str, venue: str | None) -> str:
    """The text of a record that holds a bibliography, and says in comments how to go on."""
    identifiers = {"arxiv": paper.arxiv, "doi": paper.doi}
    values: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "id": paper_id,
        "title": paper.title,
        "authors": paper.authors,
        "published": _given({"year": paper.year, "month": paper.month}),
        "venue": venue,
        "identifiers": _given(identifiers),
        "links": paper.links,
        "citation": dict(paper.citation),
        "collections": [NEW_COLLECTION],
    }
    pairs = {key: tree_of(value) for key, value in _given(values).items()}
    pairs["published"].before = _lines(ASK_PUBLISHED)
    pairs["collections"].before = _lines(ASK_COLLECTIONS)
    if paper.later:
        pairs["published"].before += _lines(_LATER.format(source=paper.source, later=paper.later))
    if not venue:
        found = f" ({paper.source} says: {paper.container})" if paper.container else ""
        _below(pairs, values, "venue").before[:0] = [*_commented(ASK_VENUE.format(container=found)), VENUE_EXAMPLE]
    for key, remark in reversed(paper.remarks):
        _below(pairs, values, key).before[:0] = _commented(f"{LOOK}{remark}")
    head = _lines(f"{MODELINE}\n#\n{WRITTEN_BY.format(source=paper.source)}")
    return canonical_text(Node(pairs, before=head, end=[*_lines(_REST), *_unread(paper)]), Paper)


def _below(pairs: dict[str, Node], values: Iterable[str], key: str) -> Node:
    """The entry of a key, or where that is absent the next one below its place."""
    keys = list(values)
    return next(pairs[one] for one in keys[keys.index(key) :] if one in pairs)


def _unread(paper: Bibliography) -> list[str]:
    if not paper.unread:
        return []
    return [
        "",
        *_commented(f"A record has no place for these fields of the {paper.source} entry: {', '.join(paper.unread)}."),
    ]


def _commented(text: str) -> list[str]:
    return wrap(
        text, 118, initial_indent="# ", subsequent_indent="#   ", break_long_words=False, break_on_hyphens=False
    )


def skeleton(paper_id: str) -> Node:
    """A record without bibliography, for results that come first."""
    pairs = {
        "schema_version": tree_of(SCHEMA_VERSION),
        "id": tree_of(paper_id),
        "collections": tree_of([NEW_COLLECTION]),
    }
    return Node(pairs, before=[MODELINE, NO_BIBLIOGRAPHY])


def with_bibliography(record: Node) -> Node:
    """A record with a made-up bibliography where it has none, to see what else is wrong with it."""
    assert isinstance(record.content, dict), "a record is a mapping"
    made_up = {"title": "A title", "authors": ["Doe, Jane"], "published": {"year": 2020}}
    return Node({key: tree_of(one) for key, one in made_up.items()} | record.content)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _lines(text: str) -> list[str]:
    return text.split("\n")
