"""Figures that are the same in two states of a large corpus: what they draw of the papers that differ is the same.

To make the rows of all figures twice takes far longer than all else that a diff tells.  Here stands of each figure what
its rows are made of, paper by paper; where that is the same for every paper that may differ, so are the rows, whatever
is counted, ranked or compared over all papers on the way to them.  The rows of a figure that does not stand here are
made of both states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.compare.dominance import COMMON_METRICS, EFFICIENCIES, QUALITIES, comparable_points
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.completed import COMPLETED, operating_points
from prunelit.analysis.frames.headline import headline, kept_in
from prunelit.analysis.frames.reported import OF_WHAT_AND_COUNTED
from prunelit.analysis.survey.drawn import baselines_by, on_resnet50
from prunelit.analysis.survey.procedures import OURS
from prunelit.analysis.survey.unpruned_families import FIGURE1_DATASET, pruned_models
from prunelit.analysis.trends.checklist import judged_items

Papers: TypeAlias = frozenset[str]
_Parts: TypeAlias = Iterator[object]


def unchanged(before: Dataset, after: Dataset, papers: Papers) -> frozenset[str]:
    """The figures that draw the same in both states, as far as that can be told without drawing them.

    Args:
        before: One state.
        after: The other.
        papers: Whose rows may differ, but for labels and medians.
    """
    return frozenset(name for name, parts in _DRAWN.items() if _same(parts(before, papers), parts(after, papers)))


def _same(before: _Parts, after: _Parts) -> bool:
    return all(
        old.reset_index(drop=True).equals(new.reset_index(drop=True))
        if isinstance(old, pd.DataFrame) and isinstance(new, pd.DataFrame)
        else old == new
        for old, new in zip(before, after, strict=True)
    )


@computed_once
def _completed(side: Dataset, papers: Papers) -> pd.DataFrame:
    return operating_points(side.cells(Dataset.completed_rows, COMPLETED, papers))


@computed_once
def _shown(side: Dataset) -> pd.DataFrame:
    """What tooltips and graphs say of every paper."""
    return side.papers()[
        ["paper_id", "survey_id", "label", "title", "year", "month", "venue", "peer_reviewed", "status"]
    ]


def _medians(side: Dataset) -> pd.DataFrame:
    found = baselines_by(side, OURS)
    return found[found["dataset"] == FIGURE1_DATASET]


def _figure1(side: Dataset, papers: Papers) -> _Parts:
    yield _shown(side)
    yield _medians(side)
    yield pruned_models(_completed(side, papers), side)


def _compared(side: Dataset, papers: Papers) -> _Parts:
    """What draws whom papers compare to."""
    yield _shown(side)
    yield side.comparisons()


def _counted(side: Dataset, papers: Papers) -> _Parts:
    """What counts results, whatever their numbers are."""
    rows, unknown = side.cells(Dataset.results, OF_WHAT_AND_COUNTED, papers), ["survey_row", "point"]
    yield _shown(side)
    yield rows.drop(columns=unknown)
    yield rows[unknown].isna()


def _figure3(side: Dataset, papers: Papers) -> _Parts:
    yield _shown(side)
    yield headline(kept_in(_completed(side, papers), "figure3")).dropna(subset=["dataset", "architecture"])


def _figure5(side: Dataset, papers: Papers) -> _Parts:
    yield _shown(side)
    yield _medians(side)
    yield on_resnet50(_completed(side, papers))
    yield side.methods()


def _beats(side: Dataset, papers: Papers) -> _Parts:
    rows = comparable_points(_completed(side, papers))
    common = {member for _, name in COMMON_METRICS for member in side.unions.get(name, (name,))}
    yield _shown(side)
    yield rows.loc[
        rows["architecture"].isin(common),
        ["paper_id", "dataset", "architecture", *EFFICIENCIES.values(), *QUALITIES.values()],
    ]


def _checklist(side: Dataset, papers: Papers) -> _Parts:
    corpus = side.records_around(*sorted(papers))
    entered = (one for one in corpus.papers if one.id in papers and one.experiments)
    yield side.papers()[["paper_id", "peer_reviewed"]]
    yield {one.id: judged_items(one, corpus)[["item", "verdict"]].to_numpy().tolist() for one in entered}


def _fairness(side: Dataset, papers: Papers) -> _Parts:
    rows, corpus = headline(_completed(side, papers)), side.records_around(*sorted(papers))
    names = ["paper_id", "experiment", "curve", "dataset", "architecture", "compression_ratio", "speedup"]
    yield len(corpus.papers)
    yield rows[[*names, "base_top1", "base_top1_rule", "base_top5", "base_top5_rule"]]
    yield rows[["top1_change", "top5_change", "params_kept", "params", "flops_kept", "flops"]].notna()
    yield [
        (paper.id, curve.model_copy(update={"points": None}))
        for paper in corpus.papers
        for experiment in paper.experiments or ()
        for curve in experiment.curves or ()
        if paper.id in papers
    ]


_DRAWN: dict[str, Callable[[Dataset, Papers], _Parts]] = {
    "figure1": _figure1,
    "figure2": _compared,
    "figure3": _figure3,
    "figure4": _counted,
    "figure5": _figure5,
    "table1": _counted,
    "graph": _compared,
    "beats": _beats,
    "checklist": _checklist,
    "fairness": _fairness,
}
"""What each figure draws of some papers, and what it says of all papers beside."""
