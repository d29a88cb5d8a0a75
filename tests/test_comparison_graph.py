"""Does the graph hold every comparison once, and do its counts come out as published?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
from pandas.testing import assert_frame_equal

from prunelit import comparison_graph, comparisons
from prunelit.analysis.compare.comparison_graph import comparison_edges, components, degrees, never_compared_to
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

COMPARES_TO = {0: 21, 1: 22, 2: 9, 3: 12, 4: 6, 5: 2, 6: 4, 7: 3, 8: 1, 10: 1}
COMPARED_TO_BY = {0: 33, 1: 17, 2: 8, 3: 9, 4: 1, 5: 5, 6: 2, 7: 1, 8: 1, 9: 1, 10: 1, 18: 1, 20: 1}
"""How many papers have each degree, as the survey's published code counts them."""


def stated(corpus: Corpus) -> set[tuple[str, str]]:
    """The comparisons in the records."""
    return {(paper.id, other) for paper in corpus.papers for other in paper.compares_to or ()}


@pytest.fixture(scope="module")
def graph(survey: Corpus) -> nx.DiGraph[str]:
    return comparison_graph(survey, corrected=False)


def test_comparisons_are_those_of_the_records(survey: Corpus) -> None:
    table = comparisons(survey, corrected=False)
    assert len(table) == 173
    assert set(table[["paper_id", "compared_id"]].itertuples(index=False, name=None)) == stated(survey)


def test_comparisons_are_in_the_order_of_ids(survey: Corpus) -> None:
    edges = list(comparisons(survey)[["paper_id", "compared_id"]].itertuples(index=False, name=None))
    assert edges == sorted(set(edges))


def test_comparisons_carry_both_nicknames(survey: Corpus) -> None:
    table = comparisons(survey, corrected=False)
    nicknames = {paper.id: paper.survey_id for paper in survey.papers}
    assert table["survey_id"].tolist() == [nicknames[one] for one in table["paper_id"]]
    assert table["compared_survey_id"].tolist() == [nicknames[one] for one in table["compared_id"]]


THREE = (
    "{id: one2013paper}",
    "{id: two2014paper, compares_to: [one2013paper]}",
    "{id: zoo2015paper, compares_to: [two2014paper], cites: [two2014paper, one2013paper]}",
)


def test_comparisons_of_a_paper_come_before_its_citations(made: Callable[..., Corpus]) -> None:
    assert comparisons(made(*THREE))[["paper_id", "compared_id", "kind"]].values.tolist() == [
        ["two2014paper", "one2013paper", "comparison"],
        ["zoo2015paper", "two2014paper", "comparison"],
        ["zoo2015paper", "one2013paper", "citation"],
        ["zoo2015paper", "two2014paper", "citation"],
    ]


def test_edge_is_a_comparison_where_a_paper_also_cites(made: Callable[..., Corpus]) -> None:
    assert dict(comparison_graph(made(*THREE)).edges) == {
        ("two2014paper", "one2013paper"): {"kind": "comparison"},
        ("zoo2015paper", "two2014paper"): {"kind": "comparison"},
        ("zoo2015paper", "one2013paper"): {"kind": "citation"},
    }


def test_citations_do_not_count_as_comparisons(made: Callable[..., Corpus]) -> None:
    table = degrees(comparison_graph(made(*THREE)))
    assert table[["compares_to", "compared_to_by"]].values.tolist() == [[0, 1], [1, 1], [1, 0]]


def test_edges_of_comparisons_keep_every_node(made: Callable[..., Corpus]) -> None:
    only = comparison_edges(comparison_graph(made("{id: one2013paper}", "{id: two2014paper, cites: [one2013paper]}")))
    assert (list(only), list(only.edges)) == (["one2013paper", "two2014paper"], [])


def test_a_paper_that_does_not_stand_compares_itself_to_nobody(made: Callable[..., Corpus]) -> None:
    gone = "{id: two2014paper, status: retracted, status_source: a note, compares_to: [one2013paper]}"
    corpus = made("{id: one2013paper}", gone, THREE[2])
    assert list(comparison_edges(comparison_graph(corpus)).edges) == [("zoo2015paper", "two2014paper")]


def test_comparison_with_a_paper_outside_the_collection_has_no_edge(made: Callable[..., Corpus]) -> None:
    corpus = made("{id: one2013paper, collections: [blalock2020-notes]}", THREE[1])
    assert (len(comparisons(corpus)), len(comparisons(corpus, "blalock2020"))) == (1, 0)


def test_nodes_are_the_papers_in_order(graph: nx.DiGraph[str], survey: Corpus) -> None:
    assert list(graph) == [paper.id for paper in survey.papers]


def test_node_carries_what_the_design_asks_for(graph: nx.DiGraph[str]) -> None:
    assert graph.nodes["han2015learning"] == {
        "survey_id": "learning-both",
        "title": "Learning both weights and connections for efficient neural network",
        "year": 2015,
        "venue": "NIPS",
        "peer_reviewed": True,
        "status": None,
    }


def test_unknown_attribute_of_a_node_is_none(made: Callable[..., Corpus]) -> None:
    [attributes] = dict(comparison_graph(made("{id: one2013paper}")).nodes).values()
    assert {name for name, value in attributes.items() if value is None} == {
        "survey_id",
        "venue",
        "peer_reviewed",
        "status",
    }


def test_attributes_of_nodes_are_plain_python(graph: nx.DiGraph[str]) -> None:
    types = {type(value) for _, attributes in graph.nodes(data=True) for value in attributes.values()}
    assert types <= {str, int, bool, type(None)}


@pytest.mark.parametrize(("column", "published"), [("compares_to", COMPARES_TO), ("compared_to_by", COMPARED_TO_BY)])
def test_degrees_are_those_of_the_published_code(
    column: str, published: dict[int, int], graph: nx.DiGraph[str]
) -> None:
    assert Counter(int(one) for one in degrees(graph)[column]) == published


def test_degrees_are_those_of_a_loop_over_the_records(graph: nx.DiGraph[str], survey: Corpus) -> None:
    edges = stated(survey)
    out, into = Counter(a for a, _ in edges), Counter(b for _, b in edges)
    rows = degrees(graph)[["paper_id", "compares_to", "compared_to_by"]].values.tolist()
    assert rows == [[paper.id, out[paper.id], into[paper.id]] for paper in survey.papers]


def test_degrees_carry_the_attributes_of_the_nodes(graph: nx.DiGraph[str]) -> None:
    table = degrees(graph)
    assert list(table.columns) == [
        "paper_id", "survey_id", "title", "year", "venue", "peer_reviewed", "compares_to", "compared_to_by",
    ]  # fmt: skip
    assert [str(dtype) for dtype in table.dtypes] == ["string"] * 3 + ["Int64", "string", "boolean", "Int64", "Int64"]


def test_components_are_those_of_a_union_of_sets(graph: nx.DiGraph[str], survey: Corpus) -> None:
    groups = [{paper.id} for paper in survey.papers]
    for a, b in stated(survey):
        touched = [group for group in groups if a in group or b in group]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    assert {frozenset(group) for group in components(graph)} == {frozenset(group) for group in groups}


def test_components_come_by_falling_size(graph: nx.DiGraph[str]) -> None:
    assert [len(group) for group in components(graph)] == [68, 2, *[1] * 11]


def test_components_of_one_size_come_in_the_order_of_their_first_papers(made: Callable[..., Corpus]) -> None:
    papers = ("{id: y2013, compares_to: [d2013]}", "{id: d2013}", "{id: b2013}", "{id: z2013, compares_to: [b2013]}")
    graph = comparison_graph(made(*papers, "{id: c2013}", "{id: a2013}"))
    assert components(graph) == [{"b2013", "z2013"}, {"d2013", "y2013"}, {"a2013"}, {"c2013"}]


def test_citations_connect_nothing(made: Callable[..., Corpus]) -> None:
    graph = comparison_graph(made("{id: one2013paper}", "{id: two2014paper, cites: [one2013paper]}"))
    assert components(graph) == [{"one2013paper"}, {"two2014paper"}]
    assert never_compared_to(graph) == ["one2013paper", "two2014paper"]


def test_edges_of_a_paper_are_in_the_order_of_its_comparisons(made: Callable[..., Corpus]) -> None:
    others = [f"p{at}" for at in range(100, 160)]
    graph = comparison_graph(
        made(*(f"{{id: {one}}}" for one in others), f"{{id: zoo2016paper, compares_to: [{', '.join(others)}]}}")
    )
    assert list(graph.successors("zoo2016paper")) == others


def test_degrees_of_a_paper_carry_what_its_record_says(made: Callable[..., Corpus]) -> None:
    table = degrees(comparison_graph(made("{id: one2013paper, title: One, survey_id: O, venue: ICLR}")))
    assert table.to_dict("records") == [
        {
            "paper_id": "one2013paper",
            "survey_id": "O",
            "title": "One",
            "year": 2015,
            "venue": "ICLR",
            "peer_reviewed": True,
            "compares_to": 0,
            "compared_to_by": 0,
        }
    ]


def test_degrees_of_nobody_have_all_columns(made: Callable[..., Corpus]) -> None:
    table = degrees(comparison_graph(made()))
    assert (len(table), list(table)[-2:]) == (0, ["compares_to", "compared_to_by"])


def test_33_papers_are_never_compared_to(graph: nx.DiGraph[str], survey: Corpus) -> None:
    compared = {b for _, b in stated(survey)}
    never = never_compared_to(graph)
    assert (len(never), set(never)) == (33, {paper.id for paper in survey.papers} - compared)


@pytest.mark.parametrize("corrected", [True, False])
def test_comparisons_of_the_survey_stay_when_the_corpus_grows(corrected: bool, grown: Corpus, survey: Corpus) -> None:
    assert_frame_equal(comparisons(grown, "blalock2020", corrected), comparisons(survey, corrected=corrected))


def test_graph_of_the_survey_stays_when_the_corpus_grows(grown: Corpus, survey: Corpus) -> None:
    assert nx.utils.graphs_equal(comparison_graph(grown, "blalock2020"), comparison_graph(survey))


def test_added_comparisons_count_in_their_collection(grown: Corpus) -> None:
    edges = set(comparisons(grown, "later")[["paper_id", "compared_id"]].itertuples(index=False, name=None))
    assert {("lebedev2016fast", "zzz2021later"), ("zzz2021later", "han2015learning")} <= edges


def corrected(corpus: Corpus, **change: Any) -> Corpus:
    usual = {"paper": "yang2017designing", "reason": "a slip", "evidence": "the paper", "date": "2026-11-20"}
    correction = Correction.model_validate({"field": "compares_to", "status": "applied", **usual, **change})
    return replace(corpus, corrections=(correction,))


@pytest.mark.parametrize(
    ("change", "compared"),
    [
        ({"expect": "han2015learning", "correct": "han2015deep"}, ["han2015deep"]),
        ({"expect": "han2015learning"}, []),
        ({"correct": "han2015deep"}, ["han2015deep", "han2015learning"]),
        ({"expect": "li2016pruning", "correct": "han2015deep"}, ["han2015learning"]),
    ],
    ids=["replaced", "removed", "added", "not there any more"],
)
def test_corrected_comparison(change: dict[str, str], compared: list[str], survey: Corpus) -> None:
    table = comparisons(corrected(survey, **change))
    assert table.loc[table["paper_id"] == "yang2017designing", "compared_id"].tolist() == compared


def test_corrected_comparison_leaves_the_other_papers(survey: Corpus) -> None:
    before = comparisons(survey, corrected=False)
    after = comparisons(corrected(survey, expect="han2015learning"))
    assert_frame_equal(after, before[before["paper_id"] != "yang2017designing"].reset_index(drop=True))


def test_corrected_comparison_shows_in_the_graph(survey: Corpus) -> None:
    graph = comparison_graph(corrected(survey, expect="han2015learning", correct="han2015deep"))
    assert list(graph.successors("yang2017designing")) == ["han2015deep"]


def test_corrected_citation_replaces_one(made: Callable[..., Corpus]) -> None:
    corpus = made(*THREE)
    change = {"paper": "zoo2015paper", "field": "cites", "expect": "one2013paper"}
    assert comparisons(corrected(corpus, **change))["kind"].tolist() == ["comparison", "comparison", "citation"]


def test_proposed_correction_of_a_comparison_waits(survey: Corpus) -> None:
    corpus = corrected(survey, expect="han2015learning", status="proposed")
    assert_frame_equal(comparisons(corpus), comparisons(survey, corrected=False))


def test_corrections_of_comparisons_can_be_left_out(survey: Corpus) -> None:
    corpus = corrected(survey, expect="han2015learning")
    assert_frame_equal(comparisons(corpus, corrected=False), comparisons(survey, corrected=False))
