"""Who compares to whom, and what does that say about the field?"""

from __future__ import annotations

import networkx as nx
import pandas as pd

from prunelit.analysis.columns import COMPARISONS, typed
from prunelit.analysis.corrections import corrected_corpus
from prunelit.analysis.load import chosen
from prunelit.analysis.tables import papers
from prunelit.schema.corpus import Corpus

COMPARISON, CITATION = "comparison", "citation"
ATTRIBUTES = ["survey_id", "title", "year", "venue", "peer_reviewed"]


def comparisons(corpus: Corpus | None = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """One row an edge between two papers of the corpus, by comparing and then by compared paper.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
    """
    corpus = chosen(corpus, collection)
    corpus = corrected_corpus(corpus) if corrected else corpus
    rows: list[dict[str, object]] = [
        {
            "paper_id": paper.id,
            "survey_id": paper.survey_id,
            "compared_id": other,
            "compared_survey_id": corpus.by_id[other].survey_id,
            "kind": kind,
        }
        for paper in corpus.papers
        for kind, others in (
            (COMPARISON, [*(paper.compares_to or ()), *(one.paper for one in paper.added_comparisons or ())]),
            (CITATION, [*(paper.cites or ())]),
        )
        for other in sorted(others)
        if other in corpus.by_id
    ]
    return typed(rows, COMPARISONS)


def comparison_graph(
    corpus: Corpus | None = None, collection: str | None = None, corrected: bool = True
) -> nx.DiGraph[str]:
    """The comparison graph: a node a paper, an edge from the comparing (or citing) to the compared (or cited) paper.

    Nodes carry ``survey_id``, ``title``, ``year``, ``venue`` and ``peer_reviewed`` (None where unknown), edges ``kind``
    (``comparison`` or ``citation``; a paper that does both compares).

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
    """
    corpus = chosen(corpus, collection)
    graph: nx.DiGraph[str] = nx.DiGraph()
    nodes = papers(corpus, corrected=corrected).set_index("paper_id")[ATTRIBUTES].astype(object)
    for node, attributes in nodes.where(nodes.notna(), None).iterrows():
        graph.add_node(str(node), **{str(name): value for name, value in attributes.items()})
    edges = comparisons(corpus, corrected=corrected).sort_values("kind", kind="stable")
    for paper, other, kind in edges[["paper_id", "compared_id", "kind"]].itertuples(index=False, name=None):
        if not graph.has_edge(paper, other) or kind == COMPARISON:
            graph.add_edge(paper, other, kind=kind)
    return graph


def comparison_edges(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """The graph without its citations, all nodes kept."""
    only: nx.DiGraph[str] = nx.DiGraph()
    only.add_nodes_from(graph.nodes(data=True))
    only.add_edges_from((a, b, data) for a, b, data in graph.edges(data=True) if data["kind"] == COMPARISON)
    return only


def degrees(graph: nx.DiGraph[str]) -> pd.DataFrame:
    """How many papers each paper compares to, and how many compare to it (Blalock et al. 2020, Figure 2).

    Returns:
        One row a node, in the order of the graph: ``paper_id``, ``survey_id``, ``title``, ``year``, ``venue``,
        ``peer_reviewed``, and the counts ``compares_to`` and ``compared_to_by``.
    """
    only = comparison_edges(graph)
    rows = [
        {
            "paper_id": node,
            **only.nodes[node],
            "compares_to": only.out_degree(node),
            "compared_to_by": only.in_degree(node),
        }
        for node in only
    ]
    names = ["paper_id", *ATTRIBUTES, "compares_to", "compared_to_by"]
    text = dict.fromkeys(["paper_id", "survey_id", "title", "venue"], "string")
    counts = dict.fromkeys(["year", "compares_to", "compared_to_by"], "Int64")
    return pd.DataFrame(rows, columns=names).astype({**text, **counts, "peer_reviewed": "boolean"})


def components(graph: nx.DiGraph[str]) -> list[set[str]]:
    """Papers that comparisons connect, whichever way they point; the largest group first, papers without any last."""
    groups = nx.weakly_connected_components(comparison_edges(graph))
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def never_compared_to(graph: nx.DiGraph[str]) -> list[str]:
    """Papers that no paper of the corpus compares to (Blalock et al. 2020, section 4.1)."""
    only = comparison_edges(graph)
    return [node for node in only if only.in_degree(node) == 0]
