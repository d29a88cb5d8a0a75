"""Identity of papers: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np
import pytest

from audit_records import BY_NAME, A, B, Edge, Told, document, edge, sayings, subjects, told
from prunelit import dataset
from prunelit.analysis.audit.rules.identity import letter_counts, letters, letters_shared
from prunelit.analysis.dataset import of_record
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import Venue

CITED = "citation: {type: inproceedings, year: 2015, container: '%s'}"
POSTED = 'identifiers: {arxiv: "1506.00001"}'
TEN = "abcdefghij"


def titles(one: str, other: str) -> tuple[str, str]:
    return A + f"title: '{one}'", B + f"title: '{other}'"


def authors(one: str, other: str) -> tuple[str, str]:
    return A + f"authors: ['{one}']", B + f"authors: ['{other}']"


EDGES = [
    edge("venue-contradicts-citation", "ICLR", "ICML",
         A + "venue: @\n" + CITED % "International conference on LEARNING representations"),
    edge("venue-contradicts-citation", "Proceedings", "International Conference on Learning Representations",
         A + "venue: ICML\n" + CITED % "@"),
    edge("venue-contradicts-citation", "", ", container: Neurocomputing",
         A + "venue: ICML\ncitation: {type: article, year: 2015@}"),
    edge("venue-contradicts-citation", "note: Nothing", CITED % "Neurocomputing", A + "venue: ICML\n@"),
    edge("venue-contradicts-citation", "note: Nothing", "venue: ICML", A + CITED % "Neurocomputing" + "\n@"),
    edge("preprint-cited-for-published", "Proceedings", "arXiv", A + "venue: ICLR\n" + CITED % "@"),
    edge("preprint-cited-for-published", "ICLR Workshops", "ICLR", A + "venue: @\n" + CITED % "arXiv"),
    edge("preprint-cited-for-published", "note: Nothing", CITED % "arXiv", A + "venue: ICLR\n@"),
    edge("same-identity", "Pruning 2", "pruning!", *titles("Pruning", "@")),
    edge("same-identity", "1506.00002", "1506.00001", A + POSTED, B + 'identifiers: {arxiv: "@"}'),
    edge("same-identity", "CD", "AB",
         A + "identifiers: {doi: 10.1000/ab}", B + "identifiers: {doi: 10.1000/@}"),
    edge("same-identity", "doi: 10.1000/b", 'arxiv: "1506.00001"', A + POSTED, B + "identifiers: {@}"),
    edge("similar-title", "ji", "ijk", *titles(TEN, "abcdefgh@")),  # 18 of 20 letters are 0.9 of them
    edge("similar-title", "jihgfedcbak", "abcdefghijk", *titles(TEN, "@")),
    edge("similar-title", "A-b c, D.e (fgh)ij", "A-b c, D.e (fgh)ijk", *titles(TEN, "@")),
    edge("similar-title", TEN * 20, f"k{TEN * 20}", *titles(TEN * 20, "@")),
    edge("similar-title", "...", f"{TEN}k", *titles(TEN, "@")),
    edge("similar-title", "zzzz", "z", *titles(f"{'a' * 20}b", f"{'a' * 20}@")),
    # Of 20 letters and 16 or 17, 32 of 36 or 34 of 37 are alike.
    edge("similar-title", "abcdefghijklmnop", "abcdefghijklmnopq", *titles("@", "abcdefghijklmnopqrst")),
    edge("similar-title", "abcdefghijklmnop", "abcdefghijklmnopq", *titles("abcdefghijklmnopqrst", "@")),
    edge("title-in-capitals", "PRUNING Of 2 NETS", "PRUNING OF 2 NETS", A + "title: '@'"),
    edge("malformed-arxiv-identifier", "1512", "1513", A + 'identifiers: {arxiv: "@.00001"}'),
    edge("malformed-arxiv-identifier", "1501", "1500", A + 'identifiers: {arxiv: "@.00001"}'),
    edge("malformed-arxiv-identifier", "1412.1234", "1501.1234", A + 'identifiers: {arxiv: "@"}'),
    edge("malformed-arxiv-identifier", "1501.12345", "1412.12345", A + 'identifiers: {arxiv: "@"}'),
    edge("malformed-arxiv-identifier", "cs/0612001", "cs/0613001", A + 'identifiers: {arxiv: "@"}'),
    edge("malformed-arxiv-identifier", "doi: 10.1000/1", 'arxiv: "1513.00001"', A + "identifiers: {@}"),
    edge("malformed-arxiv-identifier", "note: Nothing", 'identifiers: {arxiv: "1513.00001"}', A + "@"),
    *(
        edge("doi-contradicts-arxiv", "1506.00001", "1506.00002", A + f'{POSTED}\nlinks: ["{address}"]')
        for address in ("https://arxiv.org/abs/@", "https://arxiv.org/pdf/@", "https://arxiv.org/pdf/@v2")
    ),
    edge("doi-contradicts-arxiv", "https://example.org/1506.00002", "https://arxiv.org/abs/1506.00002",
         A + POSTED + '\nlinks: ["@"]'),
    edge("doi-contradicts-arxiv", "cs/0603001", "cs/0603002",
         A + 'identifiers: {arxiv: "cs/0603001"}\nlinks: ["https://arxiv.org/abs/@"]'),
    edge("doi-contradicts-arxiv", "10.1000/arXiv.1506.00002", "10.48550/ARXIV.1506.00002",
         A + 'identifiers: {arxiv: "1506.00001", doi: @}'),
    edge("doi-contradicts-arxiv", "1", "2", A + 'identifiers: {arxiv: "1506.00001", doi: 10.48550/arXiv.1506.0000@}'),
    edge("doi-contradicts-arxiv", "doi: 10.1000/1", 'arxiv: "1506.00001"',
         A + 'identifiers: {@}\nlinks: ["https://arxiv.org/abs/1506.00002"]'),
    edge("doi-contradicts-arxiv", "note: Nothing", POSTED, A + '@\nlinks: ["https://arxiv.org/abs/1506.00002"]'),
    edge("doi-contradicts-arxiv", "", 'arxiv: "1506.00001", ',
         A + "identifiers: {@doi: 10.48550/arXiv.1506.00002}"),
    *(
        edge("id-contradicts-record", quiet, loud,
             f"id: @\ntitle: On pre-pruning\nauthors: ['{author}', 'Byron, George']\n{dates}")
        for author, dates, quiet, loud in (
            ("Lovelace, Ada", "", "lovelace2015pruning", "byron2015pruning"),
            ("Lovelace, Ada", "", "lovelace2015pruning", "lovelacea2015pruning"),
            ("Lovelace, Ada", "", "lovelace2015pruning", "lovelace2014pruning"),
            ("Lovelace, Ada", "", "lovelace2015pruning", "lovelace2015growing"),
            ("Lovelace, Ada", "", "lovelace2015on", "lovelace2015no"),
            ("Lovelace, Ada", "", "lovelace2015pre-pruning", "lovelace2015pre-growing"),
            ("Plato", "", "plato2015pruning", "socrates2015pruning"),
            ("Saint-Exupéry, Antoine", "", "saint-exupery2015pruning", "saint-simon2015pruning"),
            ("Lovelace, Ada", 'identifiers: {arxiv: "1406.00001"}', "lovelace2014pruning", "lovelace2013pruning"),
            ("Lovelace, Ada", "citation: {type: misc, year: 2013}", "lovelace2013pruning", "lovelace2014pruning"),
        )
    ),
    *(
        edge("author-abbreviated", quiet, loud, *authors(full, "@"))
        for full, quiet, loud in (
            ("Han, Song", "Han, T", "Han, S"),
            ("Han, Song", "Pan, S", "Han, S."),
            ("Han, Song", "Han, Song H", "Han, S H"),
            ("Han, Song", "Han, Shi", "Han, S. H."),
            ("Han, Bo", "Han, Bo", "Han, B"),
            ("Hàn, Élan", "Han, A", "HAN, e"),
            ("King, Martin Luther, Jr", "King, Luther", "King, M"),
            ("King, Martin", "King, Martin, Jr", "King, M, Jr"),
            ("Han, Song Heng", "Han, TH", "Han, SH"),
            ("Han, Song Heng", "Han, HSA", "Han, S.-H.-A."),
            ("Han, Song Heng", "Han, SHAH", "Han, SHA"),
        )
    ),
    *(
        edge("author-abbreviated", quiet, "Han, Song", *authors("Han, S", "@"))
        for quiet in ("Han, S", "Han, S.", "Han, S Heng", "Han, SH", "Han, S.-H.", "Han")
    ),
    edge("author-abbreviated", "Han, -", "Han, Song", *authors("Han, S", "@")),
    edge("author-abbreviated", "King, M, Jr", "King, Martin, Jr", *authors("King, M", "@")),
    edge("pages-run-backwards", "10-10", "10-9", A + "citation: {type: article, year: 2015, pages: @}"),
    edge("pages-run-backwards", "e10-e9", "10-9", A + "citation: {type: article, year: 2015, pages: @}"),
    edge("pages-run-backwards", "volume", "pages", A + "citation: {type: article, year: 2015, @: 10-9}"),
    edge("too-many-pages", "1-301", "1-302", A + "citation: {type: article, year: 2015, pages: @}"),
    edge("too-many-pages", "e1-301", "pp. 1 to 302.", A + "citation: {type: article, year: 2015, pages: @}"),
    edge("too-many-pages", "book", "misc", A + "citation: {type: @, year: 2015, pages: 1-302}"),
    edge("too-many-pages", "phdthesis", "techreport", A + "citation: {type: @, year: 2015, pages: 1-302}"),
    edge("too-many-pages", "volume", "pages", A + "citation: {type: article, year: 2015, @: 1-302}"),
    edge("too-many-pages", "note: Nothing", "citation: {type: article, year: 2015, pages: 1-302}", A + "@"),
    edge("pages-run-backwards", "note: Nothing", "citation: {type: article, year: 2015, pages: 10-9}", A + "@"),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


LINK = "https://arxiv.org/abs/1506.00002"
TOLD = [
    told(
        "venue-contradicts-citation",
        "ada2015title, venue, venue: venue CVPR, but cited from ICCV",
        A + "venue: CVPR\n" + CITED % "Proceedings of the International Conference on Computer Vision",
    ),
    told(
        "preprint-cited-for-published",
        "ada2015title, citation, citation: at ICLR, cited from arXiv",
        A + "venue: ICLR\n" + CITED % "arXiv",
    ),
    told(
        "same-identity",
        """
        bob2016title, title, title: the same title as ada2015title: pruning
        cia2017title, title, title: the same title as ada2015title: pruning
        """,
        *titles("Pruning", "pruning"), "id: cia2017title\ntitle: PRUNING",
    ),
    told(
        "same-identity",
        """
        bob2016title, identifiers arxiv, arxiv: the same arxiv as ada2015title: 1506.00001
        bob2016title, identifiers doi, doi: the same doi as ada2015title: 10.1000/1
        """,
        *(paper + 'identifiers: {arxiv: "1506.00001", doi: 10.1000/1}' for paper in (A, B)),
    ),
    told(
        "similar-title",
        "bob2016title, title, title: nearly the title of ada2015title",
        *titles(TEN, f"{TEN}k"), "id: cia2017title\ntitle: Something else",
    ),
    told("title-in-capitals", "ada2015title, title, title: PRUNING", A + "title: PRUNING"),
    told(
        "malformed-arxiv-identifier",
        "ada2015title, identifiers arxiv, identifiers: arxiv: 1513.00001",
        A + 'identifiers: {arxiv: "1513.00001"}',
    ),
    told(
        "doi-contradicts-arxiv",
        f"""
        ada2015title, identifiers doi, identifiers: doi: 10.48550/arxiv.1506.00003, but arXiv 1506.00001
        ada2015title, links 1, links: {LINK}, but arXiv 1506.00001
        """,
        A + f'identifiers: {{arxiv: "1506.00001", doi: 10.48550/arXiv.1506.00003}}\n'
        f"links: ['https://example.org', '{LINK}']",
    ),
    told(
        "id-contradicts-record",
        "plato2015title, id, id: Lovelace, Ada, 2015: Title",
        "id: plato2015title\ntitle: Title\nauthors: ['Lovelace, Ada', 'Byron, George']",
    ),
    told(
        "author-abbreviated",
        "bob2016title, authors 1, authors: Han, S: Han, Song elsewhere",
        A + "authors: ['Han, Song', 'Han, Shi']", B + "authors: ['Pool, Jeff', 'Han, S']",
    ),
    told(
        "pages-run-backwards",
        "ada2015title, citation pages, citation: pages: 10-9",
        A + "citation: {type: article, year: 2015, pages: 10-9}",
    ),
    told(
        "too-many-pages",
        "ada2015title, citation pages, citation: pages: 1-302",
        A + "citation: {type: article, year: 2015, pages: 1-302}",
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_the_same_of_a_record_beside_the_others(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert told.of_last_beside_others(corpus_of) == told.of_last


def test_of_venues_whose_names_contain_each_other_the_longest_is_meant(corpus_of: Callable[..., Corpus]) -> None:
    names = {"B": "Workshop", "C": "Pruning Workshop", "D": "Pruning"}
    venues = tuple(Venue(name=name, full_name=full, peer_reviewed=True) for name, full in names.items())
    corpus = corpus_of(A + "venue: C\n" + CITED % "The Pruning Workshop", venues=venues)
    assert subjects("venue-contradicts-citation", corpus) == []


def anonymous(corpus: Corpus) -> Corpus:
    return replace(corpus, papers=tuple(paper.model_copy(update={"authors": None}) for paper in corpus.papers))


def test_any_name_may_be_that_of_an_unknown_author(corpus_of: Callable[..., Corpus]) -> None:
    corpus = anonymous(corpus_of("id: plato2015title\ntitle: Title", "id: plato2014title\ntitle: Title"))
    assert sayings("id-contradicts-record", corpus) == ["plato2014title, id, id: ?, 2015: Title"]


def test_unknown_authors_are_not_abbreviated(corpus_of: Callable[..., Corpus]) -> None:
    assert subjects("author-abbreviated", anonymous(corpus_of(A))) == []


def test_names_of_a_record_beside_the_others_are_forgotten(corpus_of: Callable[..., Corpus]) -> None:
    check, corpus = BY_NAME["author-abbreviated"].check, dataset(corpus_of(A + "authors: ['Han, S']"), corrected=False)
    beside = of_record(document(B + "authors: ['Han, Song', 'Han, S']"), corpus)
    assert [len(list(check(asked))) for asked in (beside, corpus)] == [1, 0]


def test_a_title_is_held_against_those_of_its_length(corpus_of: Callable[..., Corpus]) -> None:
    longer = ("id: cia2017title\ntitle: " + TEN, "id: dan2018title\ntitle: " + TEN + "k")
    found = sayings("similar-title", corpus_of(*titles("no", "klmnopqrs"), *longer))
    assert found == ["dan2018title, title, title: nearly the title of cia2017title"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_titles_without_letters_are_not_similar(count: int, corpus_of: Callable[..., Corpus]) -> None:
    assert subjects("similar-title", corpus_of(*titles("...", "???")[:count])) == []


def test_letters_shared_are_a_bound_of_the_likeness_of_titles() -> None:
    some = ["pruning", "prunings", "gnirups", "abba", "baab", "quantizing", "a2", "20", ""]
    expected = [[SequenceMatcher(None, one, other).quick_ratio() for other in some] for one in some]
    expected[-1][-1] = 0.0  # where there are no letters, none are shared
    counts = np.array([letter_counts(title) for title in some])
    assert [letters_shared(counts.T, one).tolist() for one in counts] == expected


def test_letters_of_other_scripts_count_as_one() -> None:
    assert letter_counts("a剪枝") == (1, *[0] * 35, 2)


def test_letters_are_those_of_any_script_and_digits() -> None:
    assert letters("Ångström's 2nd Größe — 剪枝") == "angstroms2ndgrosse剪枝"
