"""Text of a new record, before anybody has entered a result."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

from prunelit.cli.entry.bibliography import Bibliography
from prunelit.schema.canonical import MODELINE, canonical_text
from prunelit.schema.record import SCHEMA_VERSION, Paper
from prunelit.schema.tree import Node, tree_of

_COLLECTION = "contributed"
"""Collection of what contributors enter."""

_HEAD = """\
#
# Written by `prunelit new` from {source}. Follow the comments, then remove them.
# `prunelit check FILE` says what is wrong, `prunelit fmt FILE` puts the record in order."""

_PUBLISHED = """\
# When the paper appeared at its venue; of a preprint, when its first version was posted."""

_LATER = """\
# {source} says that it appeared later: {later}
# If so, write that venue and its date."""

_VENUE = "The venue, by its name in corpus/venues.yaml{container}; add it there if it is missing."

_COLLECTIONS = """\
# New results count in the collection of contributions, not in the closed one of the 2020 survey."""

_REST = f"""\

# Papers whose pruning results this paper compares its own to, as their files in corpus/papers are called:
# compares_to:
#   - han2015learning

# Who entered or checked the record:
# contributors:
#   - Ada Lovelace

# Methods that the paper proposes, as it calls them:
# methods:
#   - name: Our Method

# One experiment for each dataset and architecture (names: corpus/datasets.yaml and corpus/architectures.yaml), with
# the paper's own unpruned model, and a curve for each method: its own one, a rerun of somebody else's, or copied
# numbers. Digits as printed: 76.0 is not 76. Accuracies in percent, kept and removed shares from 0 to 1. Leave out
# what the paper does not say. A locator says where the numbers stand.
# experiments:
#   - dataset: ImageNet
#     architecture: ResNet-50
#     collections: [{_COLLECTION}]
#     base_top1: 76.15
#     base_params: 25.6M
#     curves:
#       - method: Our Method
#         origin: own
#         points:
#           - top1: 75.44
#             params_kept: 0.30
#             locator: {{table: 2, row: Our Method-70, read: printed}}
#       - method: Magnitude
#         origin: rerun
#         proposed_by: han2015learning
#         points:
#           - top1: 74.9
#             params_kept: 0.30
#             locator: {{figure: 3a, read: plot}}
#
# Of a language model, with the conditions that the paper states, calibration data, and a pattern of weights:
#   - dataset: WikiText-2
#     architecture: LLaMA-7B
#     collections: [{_COLLECTION}]
#     conditions: {{split: test, sequence_length: 2048}}
#     base_metrics:
#       - {{metric: perplexity, value: 5.68}}
#     curves:
#       - method: Our Method
#         origin: own
#         recipe:
#           calibration: {{samples: 128, sequence_length: 2048}}
#         sparsity_scope: pruned_layers
#         points:
#           - n_of_m: "2:4"
#             metrics:
#               - {{metric: perplexity, value: 6.90}}
#             params_removed: 0.50
#             locator: {{table: 3, read: printed}}"""


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
        "collections": [_COLLECTION],
    }
    pairs = {key: tree_of(value) for key, value in _given(values).items()}
    pairs["published"].before = _lines(_PUBLISHED)
    pairs["collections"].before = _lines(_COLLECTIONS)
    if paper.later:
        pairs["published"].before += _lines(_LATER.format(source=paper.source, later=paper.later))
    if not venue:
        found = f" ({paper.source} says: {paper.container})" if paper.container else ""
        _below(pairs, values, "venue").before[:0] = [*_commented(_VENUE.format(container=found)), "# venue: ICLR"]
    for key, remark in reversed(paper.remarks):
        _below(pairs, values, key).before[:0] = _commented(f"Look here: {remark}")
    head = _lines(f"{MODELINE}\n{_HEAD.format(source=paper.source)}")
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
        "collections": tree_of([_COLLECTION]),
    }
    missing = "# The bibliography is missing: title, authors, published; `prunelit new` writes a record with them."
    return Node(pairs, before=[MODELINE, missing])


def with_bibliography(record: Node) -> Node:
    """A record with a made-up bibliography where it has none, to see what else is wrong with it."""
    assert isinstance(record.content, dict), "a record is a mapping"
    made_up = {"title": "A title", "authors": ["Doe, Jane"], "published": {"year": 2020}}
    return Node({key: tree_of(one) for key, one in made_up.items()} | record.content)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _lines(text: str) -> list[str]:
    return text.split("\n")
