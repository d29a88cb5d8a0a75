"""Comparison graph: who compares to whom, and what that says about the field."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from prunelit.analysis.frames.comparisons import COMPARISON

ATTRIBUTES = ["survey_id", "title", "year", "venue", "peer_reviewed"]


def graph_of(papers: pd.DataFrame, comparisons: pd.DataFrame) -> nx.DiGraph[str]:
    """The comparison graph: a node a paper, an edge from the comparing (or citing) to the compared (or cited) paper.

    Nodes carry ``survey_id``, ``title``, ``year``, ``venue`` and ``peer_reviewed`` (None where unknown) and ``status``
    (None where the paper stands), edges ``kind`` (``comparison`` or ``citation``; a paper that does both compares).

    Args:
        papers: Rows as of ``papers()``.
        comparisons: Rows as of ``comparisons()``.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    nodes = papers.set_index("paper_id")[ATTRIBUTES].astype(object)
    status = papers.set_index("paper_id")["status"].dropna().to_dict()
    columns = [nodes[name].where(nodes[name].notna(), None).tolist() for name in ATTRIBUTES]
    for node, *attributes in zip(nodes.index, *columns, strict=True):
        graph.add_node(str(node), **dict(zip(ATTRIBUTES, attributes, strict=True)), status=status.get(node))
    edges = comparisons.sort_values("kind", kind="stable")  # citations first: a comparison takes the place of one
    for paper, other, kind in edges[["paper_id", "compared_id", "kind"]].itertuples(index=False, name=None):
        graph.add_edge(paper, other, kind=kind)
    return graph


def comparison_edges(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """The graph without its citations and without what papers state that do not stand, all nodes kept."""
    only: nx.DiGraph[str] = nx.DiGraph()
    only.add_nodes_from(graph.nodes(data=True))
    withdrawn = {node for node, status in graph.nodes(data="status") if status}
    only.add_edges_from(
        (a, b, data) for a, b, data in graph.edges(data=True) if data["kind"] == COMPARISON and a not in withdrawn
    )
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
