"""Question that a synthesis answers: which network, which ratio, and which numbers may enter."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from prunelit.analysis.synthesis.arms import CURVE, MATCHED_RATIOS
from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.problems import ArgumentError, UnknownNameError

if TYPE_CHECKING:
    import networkx as nx

_Curve: TypeAlias = tuple[str, int, int]

COPIED = ("leave_out", "follow")
"""What is done with numbers that a paper copied: they are the source's evidence, never evidence again."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a synthesis is asked for: the network, the ratio, the metric, and which numbers may enter."""

    dataset: str
    architecture: str
    metric: str = "top1"
    efficiency: str = "speedup"
    at: float = 2.0
    structure: str | None = None
    since: int | None = None
    peer_reviewed: bool | None = None
    training_scheme: str | None = None
    setup: str | None = None
    copied: str = "leave_out"
    through_unpruned: bool = True
    """Whether the unpruned model of each paper is an arm of its study, which connects what no paper compares."""

    def __post_init__(self) -> None:
        """Refuse what cannot be asked.

        Raises:
            UnknownNameError: if there is no such efficiency or way with copied numbers.
            ArgumentError: if the ratio is no number above 1.
        """
        check_ratio(self.efficiency, self.at)
        if self.copied not in COPIED:
            raise UnknownNameError("way with copied numbers", str(self.copied), COPIED)


def check_ratio(efficiency: str, at: float) -> None:
    """Refuse a ratio that there is none of.

    Raises:
        UnknownNameError: if there is no such efficiency.
        ArgumentError: if the ratio is no number above 1.
    """
    if efficiency not in MATCHED_RATIOS:
        raise UnknownNameError("efficiency", str(efficiency), MATCHED_RATIOS)
    if not isinstance(at, Real) or not 1 < at < float("inf"):
        raise ArgumentError(at, f"methods are compared at a ratio above 1, not {at}")


def refuse_unknown(evidence: pd.DataFrame, question: Question) -> None:
    """Refuse a wish for what no record holds: it is a slip of the pen, and no sign of little evidence.

    Raises:
        UnknownNameError: if nothing has the structure, or was trained so.
    """
    for name, wanted in (("structure", question.structure), ("training_scheme", question.training_scheme)):
        if wanted is not None and wanted not in (known := set(evidence[name].dropna())):
            raise UnknownNameError(name.replace("_", " "), wanted, sorted(known))


def measured(evidence: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The measurements of a metric, released sweeps left out, with the deviation of the unpruned model.

    ``conditions`` is the text of all conditions that are stated: under different ones nothing is compared.

    Raises:
        UnknownNameError: if no record holds the metric.
    """
    rows = evidence[evidence["metric"].eq(metric).fillna(False).astype(bool)]
    if rows.empty and len(evidence):
        raise UnknownNameError("metric", metric, sorted(evidence["metric"].dropna().unique()))
    base_std = rows["base_top1_std"] if metric == "top1" else np.nan
    stated = [rows[name].astype("string").fillna("") for name in MeasurementConditions.model_fields if name in rows]
    conditions = stated[0].str.cat(pd.DataFrame({one.name: one for one in stated[1:]}), sep="; ") if stated else ""
    return rows[~rows["sweep"].astype(bool)].assign(base_std=base_std, conditions=conditions)


def on_network(points: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The measurements on the network that is asked for.

    Raises:
        UnknownNameError: if no record holds the dataset, or the architecture on it.
    """
    for name, wanted in (("dataset", question.dataset), ("architecture", question.architecture)):
        rows = points[points[name].eq(wanted).fillna(False).astype(bool)]
        if rows.empty:
            raise UnknownNameError(name, wanted, sorted(points[name].dropna().unique()))
        points = rows
    return points


def narrowed(points: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The measurements that may enter: what is unknown does not fulfil a wish."""
    wishes = {name: getattr(question, name) for name in ("structure", "peer_reviewed", "training_scheme")}
    for name, wanted in wishes.items():
        if wanted is not None:
            points = points[points[name].eq(wanted).fillna(False).astype(bool)]
    return points if question.since is None else points[points["year"].ge(question.since).fillna(False).astype(bool)]


def under_setup(points: pd.DataFrame, setups: pd.DataFrame, setup: str) -> pd.DataFrame:
    """The curves of each study that are all proven comparable with each other under a setup; the most of them.

    Args:
        points: Rows of one network.
        setups: Rows as of ``comparison_setups()``.
        setup: Name of the comparison setup.

    Raises:
        UnknownNameError: if there is no such setup.
    """
    import networkx as nx  # it takes as long to import as a table takes to read

    known = sorted({one for names in setups["possible"].dropna().unique() for one in names.split("; ")})
    if setup not in known:
        raise UnknownNameError("setup", setup, known)
    proven = setups[[setup in names.split("; ") for names in setups["proven"].fillna("")]]
    sides = (proven[names].itertuples(index=False, name=None) for names in (CURVE, [f"other_{one}" for one in CURVE]))
    comparable: nx.Graph[_Curve] = nx.Graph()
    comparable.add_nodes_from(points[CURVE].itertuples(index=False, name=None))
    comparable.add_edges_from(pair for pair in zip(*sides, strict=True) if comparable.has_node(pair[0]))
    studies = points[CURVE].drop_duplicates().groupby(["paper_id", "experiment"], sort=False)
    kept = {key for _, rows in studies for key in _most(comparable.subgraph(rows.itertuples(index=False, name=None)))}
    return points[[key in kept for key in points[CURVE].itertuples(index=False, name=None)]]


def _most(comparable: nx.Graph[_Curve]) -> list[_Curve]:
    """The most curves of which each pair is comparable; of equally many, those that come first."""
    import networkx as nx

    cliques = [sorted(found, key=lambda curve: curve[2]) for found in nx.find_cliques(comparable)]
    return min(cliques, key=lambda found: (-len(found), found), default=[])
