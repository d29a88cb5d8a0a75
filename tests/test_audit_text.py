"""Text that is markup, several names in one, or cannot be read: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import A, Edge, edge
from prunelit.schema.corpus import Corpus

TITLE, AUTHOR = A + 'title: "Pruning @ nets"', A + 'authors: ["Lovelace@"]'
EDGES = [
    edge("markup-in-text", "R&D", "R&amp;D", TITLE),
    edge("markup-in-text", "a < b", "<b>all", TITLE),
    edge("markup-in-text", "$5", "$k$-times", TITLE),
    edge("markup-in-text", "of", "{ResNet}", TITLE),
    edge("markup-in-text", "or", r"\\alpha", TITLE),
    edge("markup-in-text", "fi", "\ufb01", TITLE),
    edge("markup-in-text", "", "}", AUTHOR),
    edge("markup-in-text", "One", "One &lt;", A + 'methods: [{name: "@"}]'),
    edge("markup-in-text", "Journal", "J{\\\\'e}", A + 'citation: {type: article, year: 2015, container: "@"}'),
    edge("text-without-letters", ". 1", ". .", A + 'title: "@"'),
    edge("text-without-letters", "\u03b1", "\u2026", A + 'title: "@"'),
    edge("text-without-letters", "Ada", "?!", A + 'authors: ["@"]'),
    edge("several-authors-in-one", ", Ada", ", Ada; Roe, Bob", AUTHOR),
    edge("several-authors-in-one", ", Andrea", ", Ada and Roe", AUTHOR),
    edge("several-authors-in-one", ", Ada, Jr", ", Ada, Bob", AUTHOR),
    edge("several-authors-in-one", ", Ada, III", ", Ada, III, Roe", AUTHOR),
    edge("several-authors-in-one", " Etal", " et al", AUTHOR),
    edge("several-authors-in-one", "", " & Roe", AUTHOR),
    edge("number-in-author", ", Ada", ", Ada 0001", AUTHOR),
    edge("number-in-author", ", Ada II", ", Ada\u00b2", AUTHOR),
    edge("number-in-author", ", Ada", ", Ada\u2020", AUTHOR),
    edge("author-twice", "Lovelace, A.", "lovelace, ada", A + 'authors: ["Lovelace, Ada", "@"]'),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]
