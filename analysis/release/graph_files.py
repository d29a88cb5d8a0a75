"""Files of the comparison graph, for programs that draw and measure networks."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

from prunelit.analysis.release.identity import ReleaseIdentity

if TYPE_CHECKING:
    import networkx as nx


def as_graphml(graph: nx.DiGraph[str], identity: ReleaseIdentity) -> str:
    """The graph as GraphML; a node or an edge has no attribute where it is unknown."""
    from networkx import write_graphml

    file = BytesIO()
    write_graphml(_described(graph, identity), file, encoding="utf-8", prettyprint=True)
    return file.getvalue().decode()


def as_node_link(graph: nx.DiGraph[str], identity: ReleaseIdentity) -> str:
    """The graph as JSON that lists nodes and edges, as networkx and D3 read it."""
    from networkx import node_link_data

    data = node_link_data(_described(graph, identity), edges="edges")
    return f"{json.dumps(data, ensure_ascii=False, indent=1)}\n"


def _described(graph: nx.DiGraph[str], identity: ReleaseIdentity) -> nx.DiGraph[str]:
    """The graph with the release as its attributes, and without what is not known."""
    from networkx import DiGraph

    found: nx.DiGraph[str] = DiGraph()
    found.graph.update(identity.texts())
    for node, attributes in graph.nodes(data=True):
        found.add_node(node, **_known(attributes))
    for one, other, attributes in graph.edges(data=True):
        found.add_edge(one, other, **_known(attributes))
    return found


def _known(attributes: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in attributes.items() if value is not None}
