"""Dates that cannot be: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import BY_NAME, A, B, Edge, Told, document, edge, one, sayings, single, subjects, told
from prunelit.analysis.audit.rules import dates
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

COMPARES, LATER = A + "compares_to: [bob2016title]", B + "published: {year: 2016}\n"
IN_JOURNAL = "citation: {type: article, year: %s, container: %s, volume: %s}"
AT_ICLR = "venue: ICLR\ncitation: {type: inproceedings, year: 2015}"
EDGES = [
    edge("compares-to-the-future", "6", "7", COMPARES, B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "5", "7", A + "cites: [bob2016title]", B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "6", "7",
         A + "added_comparisons: [{paper: bob2016title, collections: [blalock2020-notes]}]",
         B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "6", "7",
         one("top1: 70.0", curve="proposed_by: bob2016title").replace("own", "rerun"),
         B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "6", "7",
         one("top1: 70.0", curve="copied_from: bob2016title").replace("own", "copied"),
         B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "2015", "2016", COMPARES, LATER + "citation: {type: article, year: @}"),
    edge("compares-to-a-preprint", "1507", "1506", COMPARES, LATER + 'identifiers: {arxiv: "@.00001"}'),
    edge("compares-to-a-preprint", "6", "7", COMPARES,
         B + 'published: {year: 2015, month: @}\nidentifiers: {arxiv: "1506.00001"}'),
    edge("uses-a-later-architecture", "2016", "2015",
         one(base="survey_row: 1", on="ImageNet/ResNet-50") + "published: {year: @}"),
    edge("posted-at-publication", "ArXiv.org", "ICLR", A + 'venue: @\nidentifiers: {arxiv: "1507.00001"}'),
    edge("preprint-dated-otherwise", "", ", month: 6",
         A + 'venue: arXiv\nidentifiers: {arxiv: "1505.00001"}\npublished: {year: 2015@}'),
    edge("preprint-dated-otherwise", "ICLR", "arXiv", A + 'venue: @\nidentifiers: {arxiv: "1505.00001"}'),
    *(
        edge("conference-in-several-months", quiet, loud,
             A + "venue: ICLR\ncitation: {type: inproceedings, year: 2015}",
             B + "venue: ICLR\ncitation: {type: @, year: 2015}\npublished: {year: 2015, month: 7}")
        for quiet, loud in (
            ("article", "inproceedings"),
            ("article, container: Journal", "article, container: arXiv"),
        )
    ),
    edge("year-differs-from-citation", "arXiv", "Journal", A + "citation: {type: article, year: 2016, container: @}"),
    edge("year-differs-from-citation", "12015 ", "1999 ",
         A + "citation: {type: inproceedings, year: 2015, container: '@Conference'}"),
    edge("year-differs-from-identifier", "Journal", "arXiv",
         A + 'identifiers: {arxiv: "1506.00001"}\ncitation: {type: article, year: 2014, container: @}'),
    edge("volumes-out-of-order", '"3"', '"2"',
         A + IN_JOURNAL % (2015, "J", '"3"'), B + IN_JOURNAL % (2016, "J", "@")),
    edge("volumes-out-of-order", "2015", "2014",
         A + IN_JOURNAL % (2015, "J", '"2"'), B + IN_JOURNAL % ("@", "J", '"3"')),
    edge("volumes-out-of-order", "K", "J",
         A + IN_JOURNAL % (2015, "J", '"3"'), B + IN_JOURNAL % (2016, "@", '"2"')),
    edge("volumes-out-of-order", '"2a"', '"2"',
         A + IN_JOURNAL % (2015, "J", '"3"'), B + IN_JOURNAL % (2016, "J", "@")),
    edge("posted-at-publication", "doi: 10.1000/1", 'arxiv: "1506.00001"', A + "venue: ICLR\nidentifiers: {@}"),
    edge("conference-in-several-months", "", ", month: 7",
         A + AT_ICLR, B + AT_ICLR + "\npublished: {year: 2015@}"),
    edge("conference-in-several-months", "2016", "2015",
         A + AT_ICLR, B + AT_ICLR + "\npublished: {year: @, month: 7}"),
    edge("year-differs-from-citation", "2015", "2016", A + "citation: {type: article, year: @}"),
    edge("year-differs-from-identifier", "doi: 10.1000/1", 'arxiv: "1506.00001"',
         A + "identifiers: {@}\ncitation: {type: article, year: 2014, container: arXiv}"),
    *(
        edge("volumes-out-of-order", without, said,
             A + IN_JOURNAL % (2015, "J", '"3"'), B + f"citation: {{type: article, year: 2016, {rest}, @}}")
        for without, said, rest in (
            ('number: "2"', 'volume: "2"', "container: J"),
            ("publisher: J", "container: J", 'volume: "2"'),
            ('volume: "²"', 'volume: "2"', "container: J"),
        )
    ),
    edge("posted-at-publication", "1505", "1506", A + 'venue: ICLR\nidentifiers: {arxiv: "@.00001"}'),
    edge("preprint-dated-otherwise", "1506", "1507", A + 'venue: arXiv\nidentifiers: {arxiv: "@.00001"}'),
    edge("preprint-dated-otherwise", "doi: 10.1000/1", 'arxiv: "1505.00001"', A + "venue: arXiv\nidentifiers: {@}"),
    edge("year-differs-from-identifier", "2015", "2014",
         A + 'identifiers: {arxiv: "1506.00001"}\ncitation: {type: article, year: @, container: arXiv}'),
    edge("dated-in-the-future", "2017", "2018", A + "published: {year: @}", B + "published: {year: 2016}"),
    edge("dated-in-the-future", "2016", "2017", A + "citation: {type: article, year: @}", B),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


NAMING = one("top1: 70.0", curve="proposed_by: bob2016title, copied_from: bob2016title") + (
    "compares_to: [cia2014title, bob2016title]\ncites: [bob2016title]\n"
    "added_comparisons: [{paper: bob2016title, collections: [blalock2020-notes]}]\n"
)
TOLD = [
    told(
        "compares-to-the-future",
        """
        ada2015title, compares_to 1, compares_to: bob2016title: 2015-06 compares to bob2016title, @
        ada2015title, cites 0, cites: bob2016title: 2015-06 cites bob2016title, @
        ada2015title, added_comparisons 0 paper, compares_to: bob2016title: 2015-06 compares to bob2016title, @
        ada2015title, experiments 0 curves 0 proposed_by, proposed_by: bob2016title: 2015-06 proposed by bob2016title, @
        ada2015title, experiments 0 curves 0 copied_from, copied_from: bob2016title: 2015-06 copied from bob2016title, @
        """.replace("@", "published 2016, first known 2016-01"),
        NAMING, LATER,
    ),
    told(
        "compares-to-a-preprint",
        "ada2015title, compares_to 0, compares_to: bob2016title: "
        "2015 compares to bob2016title, published 2016-02, first known 2014-12",
        COMPARES + "\npublished: {year: 2015}",
        B + 'published: {year: 2016, month: 2}\nidentifiers: {arxiv: "1412.00001"}',
    ),
    told(
        "papers-compare-to-each-other",
        "bob2016title, compares_to 1, compares_to: ada2015title: ada2015title compares to bob2016title too",
        "id: abe2014title",
        COMPARES,
        B + "compares_to: [cia2014title, ada2015title]",
        "id: cia2014title\ncompares_to: [dan2013title, abe2014title]",
        "id: dan2013title\ncompares_to: [dan2013title]",
    ),
    told(
        "uses-a-later-architecture",
        "ada2015title, experiments 1, row 2: architecture: ResNet-50 of 2016, in a paper of 2015",
        one("top1: 70.0") + "  - {collections: [contributed], architecture: ResNet-50, dataset: Set, curves: "
        "[{origin: own, points: [{survey_row: 2, top1: 70.0}]}]}",
    ),
    told(
        "uses-a-later-architecture",
        "ada2015title, experiments 0, row 1: architecture: ResNet-50 of 2016, in a paper of 2015",
        one(base="survey_row: 1", on="ImageNet/ResNet-50"),
    ),
    told(
        "posted-at-publication",
        "ada2015title, published, published: posted 2016-03, but dated 2015 at ICLR",
        A + 'venue: ICLR\nidentifiers: {arxiv: "1603.00001"}\npublished: {year: 2015}',
    ),
    told(
        "preprint-dated-otherwise",
        "ada2015title, published, published: 2015-06: posted 2015-11, but dated 2015-06",
        A + 'venue: arXiv\nidentifiers: {arxiv: "1511.00001"}',
    ),
    told(
        "conference-in-several-months",
        "None, , ICLR 2015: months 2, 9: months 2, 9",
        *(f"id: {name}2015title\n{AT_ICLR}\npublished: {{year: 2015, month: {month}}}"
          for name, month in (("ada", 9), ("bob", 2), ("cia", 9))),
        "id: dan2016title\nvenue: ICLR\ncitation: {type: inproceedings, year: 2016}\n"
        "published: {year: 2016, month: 5}",
    ),
    told(
        "year-differs-from-citation",
        "ada2015title, citation year, published: dated 2015, but cited as 2016",
        A + "citation: {type: article, year: 2016, container: Journal}",
    ),
    told(
        "year-differs-from-identifier",
        "ada2015title, citation year, citation: year: posted 2015-06, but cited as 2014",
        A + 'identifiers: {arxiv: "1506.00001"}\ncitation: {type: article, year: 2014, container: arXiv}',
    ),
    told(
        "volumes-out-of-order",
        "bob2016title, citation volume, citation: volume: volume 2 in 2016, but volume 3 in 2015",
        "id: abe2014title", A + IN_JOURNAL % (2015, "J", '"3"'), B + IN_JOURNAL % (2016, "j", '"2"'),
    ),
    told(
        "dated-in-the-future",
        """
        bob2016title, published, published: year: 2018; the newest other is of 2016
        bob2016title, citation, citation: year: 2019; the newest other is of 2016
        """,
        A, B + "published: {year: 2018}\ncitation: {type: article, year: 2019}",
        "id: cia2016title\npublished: {year: 2016}",
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


@pytest.mark.parametrize(
    ("number", "found"),
    [("2", "cia2016title, citation volume, citation: volume: volume 2 in 2016, but volume 3 in 2015"), ("4", "")],
)
def test_volumes_of_others_are_no_finding_on_a_single_record(
    number: str, found: str, corpus_of: Callable[..., Corpus]
) -> None:
    volumes = ((A, 2015, "3"), (B, 2016, "2"), ("id: cia2016title\n", 2016, number))
    records = [text + IN_JOURNAL % (year, "J", f'"{volume}"') for text, year, volume in volumes]
    said = told("volumes-out-of-order", found, *records)
    assert said.of_last_beside_others(corpus_of) == said.lines


@pytest.mark.parametrize(
    ("arxiv", "month"),
    [("1506.02626", (2015, 6)), ("cs/0603001", (2006, 3)), ("cs/9103001", (1991, 3)), ("cs/9012001", (2090, 12))],
)
def test_an_identifier_holds_year_and_month(arxiv: str, month: dates.Month) -> None:
    assert dates.posted(document(A + f'identifiers: {{arxiv: "{arxiv}"}}').value) == month


def test_a_paper_without_identifier_was_not_posted() -> None:
    assert dates.posted(document(A + "identifiers: {doi: 10.1000/1}").value) is None


@pytest.mark.parametrize(
    ("date", "first", "last"), [("month: 6", (2015, 6), (2015, 6)), ("", (2015, 1), (2015, 12))], ids=["month", "year"]
)
def test_a_year_without_a_month_lasts_from_january_to_december(
    date: str, first: dates.Month, last: dates.Month
) -> None:
    paper = document(A + f"published: {{year: 2015, {date}}}").value
    assert (dates.published(paper), dates.published_by(paper)) == (first, last)


def test_a_paper_is_known_from_january_of_the_year_of_its_entry() -> None:
    assert dates.first_known(document(A + "citation: {type: article, year: 2014}").value) == (2014, 1)


def test_preprints_explain_comparisons_to_later_papers(corpus_of: Callable[..., Corpus]) -> None:
    early = B + 'published: {year: 2016}\nidentifiers: {arxiv: "1501.00001"}'
    assert subjects("compares-to-the-future", corpus_of(A + "compares_to: [bob2016title]", early)) == []


@pytest.mark.parametrize(("year", "found"), [("2016", []), ("2015", []), ("2014", ["published"])])
def test_a_year_without_a_month_may_end_after_the_posting(
    year: str, found: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    paper = A + f'venue: ICLR\nidentifiers: {{arxiv: "1506.00001"}}\npublished: {{year: {year}}}'
    assert subjects("posted-at-publication", corpus_of(paper)) == found


@pytest.mark.parametrize(("year", "found"), [("2015", []), ("2014", ["compares_to: bob2016title"])])
def test_a_year_without_a_month_may_end_after_the_compared_paper(
    year: str, found: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    paper = A + f"compares_to: [bob2016title]\npublished: {{year: {year}}}"
    assert subjects("compares-to-the-future", corpus_of(paper, B)) == found


@pytest.mark.parametrize(("year", "found"), [("2015", 0), ("2016", 0), ("2017", 1)])
def test_the_only_paper_is_its_own_measure(year: str, found: int, corpus_of: Callable[..., Corpus]) -> None:
    corpus = corpus_of(A + f"citation: {{type: article, year: {year}}}")
    assert len(subjects("dated-in-the-future", corpus)) == found


@pytest.mark.parametrize(("year", "found"), [("2026", 0), ("2025", 1)])
def test_a_correction_tells_what_year_it_is(year: str, found: int, corpus_of: Callable[..., Corpus]) -> None:
    said = Correction.model_validate(
        {"paper": "bob2016title", "field": "title", "correct": "Other", "reason": "A slip.", "evidence": "The paper."}
        | {"date": f"{year}-01-31", "status": "applied"}
    )
    corpus = corpus_of(A + "published: {year: 2027}", B, corrections=(said,))
    assert len(subjects("dated-in-the-future", corpus)) == found
    assert len(list(BY_NAME["dated-in-the-future"].check(single(A + "published: {year: 2027}", corpus)))) == found
