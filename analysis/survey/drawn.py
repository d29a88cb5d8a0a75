"""Rows that the survey's figures draw, by a procedure.

Each function answers for one panel or more; :mod:`prunelit.analysis.survey.marks` and the figures read them alike.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from prunelit.analysis.compare.configurations import pairs_per_paper
from prunelit.analysis.compare.dominance import HULLS, beaten, beaten_by_points, comparable_points
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.baselines import QUANTITIES, Reference, baselines_table
from prunelit.analysis.frames.cache import computed_once
from prunelit.analysis.frames.columns import WHAT, WHO, columns_named, typed
from prunelit.analysis.frames.completed import COMPLETED, operating_points
from prunelit.analysis.frames.groups import belongs
from prunelit.analysis.frames.headline import headline, kept_in
from prunelit.analysis.frames.methods import proposers, structures
from prunelit.analysis.frames.normalized import NORMALIZED, normalize
from prunelit.analysis.frames.reported import OF_WHAT_AND_COUNTED
from prunelit.analysis.survey.procedures import Procedure
from prunelit.analysis.survey.unpruned_families import BETTER, FIGURE1_DATASET, PRUNED, pruned_models
from prunelit.schema.vocabulary import GroupName

MIN_TOP1, MIN_PARAMS = 65.0, 0.99e6
"""Figure 5 shows nothing below this accuracy (%) and size (count), to keep its scale readable."""
_ARCHITECTURE = "ResNet-50"
"""The network of Figure 5."""
PORTS = ("CaffeResNet-101", "FBResNet-152")
"""Other frameworks' versions of a ResNet among the reference models."""

MAGNITUDE, OTHER = "magnitude", "other"
"""Panels of Figure 5."""
UNSTRUCTURED: GroupName = "unstructured-magnitude"
BESIDE: GroupName = "left-out-beside-magnitude"


def baselines_by(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """The medians that the operating points are normalized to, as of ``baselines()``."""
    if procedure.operations == "multiply-adds":
        return dataset.baselines(procedure.reference)
    return _as_counted(dataset, procedure.reference)


@computed_once
def _as_counted(dataset: Dataset, reference: Reference) -> pd.DataFrame:
    """The medians over whatever papers count as FLOPs."""
    rows = dataset.completed_rows()
    return baselines_table(rows.assign(base_multiply_adds=rows["base_flops"]), dataset.reference_models(), reference)


def normalized_by(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """The operating points as if every paper had pruned the median model, as of ``normalized()``."""
    if procedure.operations == "multiply-adds":
        return dataset.normalized(procedure.reference)
    return typed(normalize(dataset.completed(), baselines_by(dataset, procedure)), NORMALIZED)


def unpruned_networks(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """The unpruned networks of Figure 1, one row a network and table; at the median, all rows of one say the same."""
    models = dataset.reference_models()
    models = models[(models["dataset"] == FIGURE1_DATASET) & models["family"].isin([*PRUNED, BETTER])]
    if procedure.lines == "tables":
        return models
    medians = models.groupby("architecture")[list(QUANTITIES)].transform("median")
    return models.assign(**medians)[~models["architecture"].isin(PORTS)]


def pruned_networks(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """The pruned networks of Figure 1, normalized, with their ``family``."""
    return pruned_models(_normalized_where(dataset, procedure, _on_imagenet), dataset)


def _normalized_where(
    dataset: Dataset, procedure: Procedure, select: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """Some rows of :func:`normalized_by`; of a large corpus no others are normalized."""
    if not dataset.shares:
        return select(normalized_by(dataset, procedure))
    rows = operating_points(dataset.selected(Dataset.completed_rows, COMPLETED, select))
    return typed(normalize(rows, baselines_by(dataset, procedure)), NORMALIZED)


def _on_imagenet(rows: pd.DataFrame) -> pd.DataFrame:
    rows = headline(kept_in(rows, "figure1"))  # which looks at all rows of a paper
    return rows[rows["dataset"] == FIGURE1_DATASET]


def on_resnet50(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the network of Figure 5."""
    rows = kept_in(rows, "figure5")
    return rows[(rows["dataset"] == FIGURE1_DATASET) & (rows["architecture"] == _ARCHITECTURE)]


def papers_of_pairs(dataset: Dataset) -> pd.DataFrame:
    """Which papers use which pair: the distinct ``paper_id``, ``dataset`` and ``architecture`` behind Table 1."""
    rows = headline(kept_in(dataset.cells(Dataset.results, OF_WHAT_AND_COUNTED), "counts"))
    return rows[["paper_id", "dataset", "architecture"]].drop_duplicates()


_POINTS = columns_named(
    COMPLETED, *(one.name for one in (*WHO, *WHAT)), "locator", "top1", "top1_change", "top5_change",
    "compression_ratio", "speedup", "top1_std", "top1_max_deviation",
)  # fmt: skip
"""What tradeoffs are made of."""


def tradeoff_points(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """The points that Figure 3 draws, or would on configurations that it does not show, those of unions included."""
    rows = dataset.selected(Dataset.completed_rows, _POINTS, _of_figure3)
    return dataset.with_unions(rows[~(rows["top1"] < procedure.least_top1)])


def _of_figure3(rows: pd.DataFrame) -> pd.DataFrame:
    return headline(kept_in(operating_points(rows), "figure3")).dropna(subset=["dataset", "architecture"])


def pairs_by_paper(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """How many pairs each paper uses (Figure 4, top)."""
    results = dataset.cells(Dataset.results, OF_WHAT_AND_COUNTED)
    rows = results if procedure.unknown else results.dropna(subset=["dataset", "architecture"])
    return pairs_per_paper(rows, procedure.without)


def points_by_curve(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """How many ``points`` each paper has on each common configuration (Figure 4, bottom)."""
    rows = headline(kept_in(dataset.with_unions(dataset.cells(Dataset.results, OF_WHAT_AND_COUNTED)), "figure4"))
    rows = rows[among(rows, procedure.common)]
    rows = rows if procedure.unnumbered else rows[rows["point"].notna()]
    return rows.groupby(["paper_id", "dataset", "architecture"], as_index=False).agg(points=("experiment", "size"))


def readable(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """The normalized points of Figure 5, sweeps included, that its scale leaves room for."""
    rows = _normalized_where(dataset, procedure, on_resnet50)
    return rows[(rows["normalized_top1"] > MIN_TOP1) & (rows["normalized_params"] > MIN_PARAMS)]


def with_panels(dataset: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that Figure 5 draws, with their ``panel``: unstructured magnitude pruning, or all other methods.

    What the corpus lists as such (``corpus/groups.yaml``) is unstructured magnitude pruning, and so are curves marked
    as magnitude pruning of a method that the record of its proposer classifies as unstructured.

    Args:
        dataset: Whose groups and methods count.
        rows: Rows as of :func:`readable`.
    """
    listed, left_out = (belongs(rows, dataset.vocabulary.members(group)) for group in (UNSTRUCTURED, BESIDE))
    kind = structures(proposers(rows), rows["method"], dataset.of(None).methods())
    magnitude = listed | (_is(rows["simple_method"], "magnitude") & _is(kind, "unstructured"))
    left_out |= _is(rows["simple_method"], "random")
    panel = pd.Series(OTHER, index=rows.index).where(~magnitude, MAGNITUDE)
    return rows.assign(panel=panel)[magnitude | ~left_out]


def _is(texts: pd.Series[str], text: str) -> pd.Series[bool]:
    """Which texts are that one; a missing one is not, whichever way pandas holds texts."""
    return texts.eq(text).fillna(False).astype(bool)


def papers_beaten(dataset: Dataset, procedure: Procedure) -> pd.DataFrame:
    """How many papers beat each paper, and how many it beats."""
    if not dataset.shares:
        return beaten(dataset.tradeoffs(procedure.hull))
    points = dataset.selected(Dataset.completed_rows, _POINTS, _of_beats)
    return beaten_by_points(points, dataset.unions, HULLS[procedure.hull])


def _of_beats(rows: pd.DataFrame) -> pd.DataFrame:
    return comparable_points(operating_points(rows))


def among(table: pd.DataFrame, configurations: tuple[tuple[str, str], ...]) -> pd.Series[bool]:
    """Which rows are on one of the pairs of dataset and architecture."""
    key = pd.MultiIndex.from_frame(table[["dataset", "architecture"]])
    return pd.Series(key.isin(configurations), index=table.index)
