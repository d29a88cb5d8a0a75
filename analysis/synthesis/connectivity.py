"""Connectivity of a network: how much evidence there is, and whether it carries a synthesis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, FLAG, TEXT, Column, typed
from prunelit.analysis.synthesis.arms import MAX_GAP, arms_at, eligible
from prunelit.analysis.synthesis.contrasts import compared
from prunelit.analysis.synthesis.question import Question, check_ratio, measured
from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.problems import PrunelitError

if TYPE_CHECKING:
    import networkx as nx

LEAST_METHODS = 3
"""Methods that a network needs: of two there is nothing to rank that their papers do not say."""
LEAST_FREEDOM = 1
"""Contrasts beyond those that connect the methods once, without which nothing tells how well papers agree."""

_HERE = "analysis.synthesis.connectivity"
NETWORKS = (
    Column("dataset", TEXT, "", "Dataset."),
    Column("architecture", TEXT, "", "Architecture."),
    Column("papers", COUNT, "count", "Papers that report on it with an efficiency and a quality.", _HERE),
    Column("studies", COUNT, "count", "Studies that report two methods or more at the ratio.", _HERE),
    Column("methods", COUNT, "count", "Methods that those studies compare.", _HERE),
    Column("components", COUNT, "count", "Parts of the network that no study connects.", _HERE),
    Column("largest", COUNT, "count", "Methods in the largest part.", _HERE),
    Column("freedom", COUNT, "count", "Arms beyond what connects the methods once, in the largest part.", _HERE),
    Column("carries", FLAG, "", "Whether that is enough for a synthesis.", _HERE),
)
"""Columns of ``synthesis_networks()``: one row a dataset and architecture with two methods or more in one study."""


class TooLittleEvidenceError(PrunelitError, ValueError):
    """Raised when what papers report does not carry a network.

    Attributes:
        counts: What there is: studies, methods, degrees of freedom, by name.
    """

    def __init__(self, message: str, counts: dict[str, int]) -> None:
        self.counts = counts
        super().__init__(message)


def refuse_too_little(arms: pd.DataFrame, question: Question) -> None:
    """Refuse arms that carry no network, with their counts.

    Raises:
        TooLittleEvidenceError: if no part of the network has enough methods and studies.
    """
    counts = network_counts(arms)
    if not carries(counts):
        asked = f"{question.architecture} on {question.dataset} at {question.efficiency} {question.at:g}"
        message = (
            f"too little evidence on {asked}: {counts['studies']} studies report two methods or more there, "
            f"{counts['methods']} methods in all, {counts['largest']} of them connected, with {counts['freedom']} "
            f"degrees of freedom; it needs {LEAST_METHODS} connected methods and {LEAST_FREEDOM} degree of freedom"
        )
        raise TooLittleEvidenceError(message, counts)


def maybe_connected(rows: pd.DataFrame, metric: str, efficiency: str, at: float) -> set[tuple[str, str]]:
    """The datasets and architectures on which any method near the ratio is in more than one study.

    On others, nothing is connected twice.  It looks at rows as they are, and so takes far less time than to make arms
    of them; most networks end here.

    Args:
        rows: Rows as of ``evidence_long()``, of any networks.
        metric: The metric that is asked for.
        efficiency: ``speedup`` or ``compression_ratio``.
        at: The ratio.
    """
    ratio, slack = rows[efficiency], 1 + 1e-9
    near = ratio.between(at / MAX_GAP / slack, at * MAX_GAP * slack)
    there = rows["metric"].eq(metric) & near & rows["canonical_method"].notna()
    conditions = [name for name in MeasurementConditions.model_fields if name in rows]
    studies = rows.loc[there.fillna(False).astype(bool), [*_METHOD, "paper_id", "experiment", *conditions]]
    methods = studies.drop_duplicates()[_METHOD]
    return set(methods.loc[methods.duplicated(), _METHOD[:2]].itertuples(index=False, name=None))


_METHOD = ["dataset", "architecture", "canonical_method"]


def carries(counts: dict[str, int]) -> bool:
    """Whether a network with these counts is enough for a synthesis."""
    return counts["largest"] >= LEAST_METHODS and counts["freedom"] >= LEAST_FREEDOM


def network_counts(arms: pd.DataFrame) -> dict[str, int]:
    """Studies, methods and parts of a network, and how many methods and degrees of freedom its largest part has."""
    import networkx as nx  # it takes as long to import as a table takes to read

    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    graph.add_edges_from(
        (("study", study), ("method", method)) for study, method in zip(arms["study"], arms["treatment"], strict=True)
    )
    parts = [graph.subgraph(nodes) for nodes in nx.connected_components(graph)]
    # An arm is an edge between a study and a method; a tree has one edge less than nodes.
    sizes = [(sum(kind == "method" for kind, _ in part), part.number_of_edges() - len(part) + 1) for part in parts]
    largest, freedom = max(sizes, default=(0, 0))
    return {
        "studies": arms["study"].nunique(),
        "methods": arms["treatment"].nunique(),
        "components": len(parts),
        "largest": largest,
        "freedom": freedom,
    }


def synthesis_networks_table(
    evidence: pd.DataFrame, metric: str, efficiency: str, at: float, through_unpruned: bool = True
) -> pd.DataFrame:
    """How much evidence there is on each network; columns :data:`NETWORKS`, the best connected first.

    Args:
        evidence: Rows as of ``evidence_long()``.
        metric: Name of the metric.
        efficiency: ``speedup`` or ``compression_ratio``.
        at: The ratio.
        through_unpruned: Whether the unpruned model of each paper is an arm of its study.
    """
    check_ratio(efficiency, at)
    rows = []
    for (dataset, architecture), points in measured(evidence, metric).groupby(["dataset", "architecture"]):
        arms = compared(arms_at(eligible(points, efficiency, at)[0], efficiency, at), through_unpruned)
        if len(arms):
            papers = points["paper_id"].nunique()
            rows.append({"dataset": dataset, "architecture": architecture, "papers": papers, **network_counts(arms)})
    found = pd.DataFrame(rows, columns=[column.name for column in NETWORKS if column.name != "carries"])
    found["carries"] = found["largest"].ge(LEAST_METHODS) & found["freedom"].ge(LEAST_FREEDOM)
    order = found.sort_values(["freedom", "largest", "papers"], ascending=False, kind="stable", ignore_index=True)
    return typed(order, NETWORKS)
