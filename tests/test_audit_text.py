"""Text that is markup, several names in one, or cannot be read: where rules begin, what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from audit_records import A, Edge, Told, edge, sayings, told
from prunelit.schema.corpus import Corpus

TITLE, AUTHOR = A + 'title: "Pruning @ nets"', A + 'authors: ["Lovelace@"]'
EDGES = [
    edge("markup-in-text", "R&D", "R&amp;D", TITLE),
    edge("markup-in-text", "a < b", "<b>all", TITLE),
    edge("markup-in-text", "$5", "$k$-times", TITLE),
    edge("markup-in-text", "of", "{ResNet}", TITLE),
    edge("markup-in-text", "or", r"\\alpha", TITLE),
    edge("markup-in-text", "fi", "\ufb01", TITLE),
    edge("markup-in-text", "ff", "\ufb00", TITLE),
    edge("markup-in-text", "\ufb07", "\ufb06", TITLE),
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
    edge("number-in-author", ", Xavier", ", Xavier*", AUTHOR),
    edge("author-twice", "Lovelace, A.", "lovelace, ada", A + 'authors: ["Lovelace, Ada", "@"]'),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


SECOND = A + 'authors: ["Lovelace, Ada", "@"]'
TOLD = [
    told("markup-in-text", r"ada2015title, title, title: {, } in: Pruning {nets}", A + 'title: "Pruning {nets}"'),
    told("markup-in-text", "ada2015title, authors 1, authors: Roe}: } in: Roe}", SECOND.replace("@", "Roe}")),
    told("markup-in-text", "ada2015title, methods 1 name, methods: One}: } in: One}",
         A + 'methods: [{structure: {value: structured, source: a list}}, {name: "One}"}]'),
    told("markup-in-text", "ada2015title, citation container, citation: container: } in: J}",
         A + 'citation: {type: article, year: 2015, container: "J}"}'),
    told("text-without-letters", f"ada2015title, title, title: only {' '.join(['U+002E'] * 8)}",
         A + 'title: "........."'),
    told("several-authors-in-one", "ada2015title, authors 1, authors: A and B: more than one name",
         SECOND.replace("@", "A and B")),
    told("number-in-author", "ada2015title, authors 1, authors: Roe, B.1*: 1* in a name",
         SECOND.replace("@", "Roe, B.1*")),
    told("author-twice", "ada2015title, authors 1, authors: Lovelace, Ada: named already",
         SECOND.replace("@", "Lovelace, Ada")),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_a_rule_says_what_it_finds_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


def test_a_citation_may_name_no_container(corpus_of: Callable[..., Corpus]) -> None:
    assert sayings("markup-in-text", corpus_of(A + "citation: {type: article, year: 2015}")) == []


@pytest.mark.parametrize("rule", ["markup-in-text", "several-authors-in-one", "number-in-author", "author-twice"])
def test_a_paper_may_name_no_author(rule: str, corpus_of: Callable[..., Corpus]) -> None:
    corpus = corpus_of(A)
    anonymous = corpus.papers[0].model_copy(update={"authors": None})
    assert sayings(rule, replace(corpus, papers=(anonymous,))) == []
