"""Which numbers can be read off the survey's figures, and by which procedure?

A *mark* is whatever a figure draws to say a number: the height of a bar, one coordinate of a point.  The survey's text,
its published figures and ours do not follow the same procedure everywhere; a :class:`Procedure` names the choices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Literal, TypeAlias

import pandas as pd

from prunelit.analysis.baselines import QUANTITIES, Reference, baselines_of
from prunelit.analysis.claims import FIGURE3, TABLE1, Facts
from prunelit.analysis.exclusions import headline, kept_in
from prunelit.analysis.families import BETTER, DATASET, PRUNED, SIZES, pruned_models
from prunelit.analysis.fragmentation import pairs, pairs_per_paper
from prunelit.analysis.graph import degrees
from prunelit.analysis.normalize import normalize
from prunelit.analysis.references import reference_models
from prunelit.analysis.tradeoff import (
    COMMON,
    EFFICIENCIES,
    MIN_ACCURACY,
    QUALITIES,
    Hull,
    beaten,
    concave_hull,
    published_hull,
    tradeoffs_of,
)
from prunelit.schema.corpus import Corpus

MARKS = ["where", "panel", "what", "quantity", "unit", "value"]
"""Columns of :func:`marks`."""
COUNTED = ("papers", "curves", "pairs", "comparisons")
"""Units of bars: where there is no bar, the number is 0."""
MIN_TOP1, MIN_PARAMS = 65.0, 0.99e6
"""Figure 5 shows nothing below this accuracy (%) and size (count), to keep its scale readable."""
VARIANTS_ONLY = "frankle2019lottery"
"""Figure 5 shows only sweeps of this paper, variants of magnitude pruning."""
PORTS = ("CaffeResNet-101", "FBResNet-152")
"""Other frameworks' versions of a ResNet among the reference models."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """The choices on which the survey's text, its published figures and ours are not agreed."""

    corrected: bool
    """Whether the corrections are applied."""
    reference: Reference
    """Figures 1 and 5: what the medians are taken over that results are normalized to."""
    lines: Literal["tables", "median"]
    """Figure 1: an unpruned model is drawn once for each table of reference models that lists it, or at the median."""
    selection: Literal["apart", "pair"]
    """Figure 3: whether datasets and architectures are chosen apart from each other, or as pairs."""
    common: tuple[tuple[str, str], ...]
    """Figure 4, bottom: the configurations whose curves are counted."""
    hull: Hull
    """Who beats whom: what points are judged against."""
    operations: Literal["multiply-adds", "as counted"] = "multiply-adds"
    """Figure 1: whether the medians are taken over multiply-adds, or over whatever a paper counts as FLOPs."""
    least_top1: float = MIN_ACCURACY
    """Figure 3: points whose top-1 accuracy (%) is known to be lower are left out."""
    without: tuple[str, ...] = ("MNIST",)
    """Figure 4, top: datasets that are left out."""
    unknown: bool = True
    """Figure 4, top: whether an unknown dataset or architecture counts as one more."""
    unnumbered: bool = True
    """Figure 4, bottom: whether a result without numbers counts as a point."""


PUBLISHED = Procedure(
    corrected=False,
    reference="unpruned",
    lines="tables",
    selection="apart",
    common=tuple(pair for pair in COMMON if pair != ("ImageNet", "Alex/CaffeNet")),
    hull=published_hull,
)
"""What the survey's published code does (JJGO/shrinkbench, ``analysis``, commit b244974)."""
OURS = Procedure(
    corrected=True, reference="unpruned", lines="median", selection="pair", common=COMMON, hull=concave_hull
)
"""What our figures do."""
CORRECTED = replace(PUBLISHED, corrected=True)
"""As published, but for the corrections."""
FOOTNOTE = replace(PUBLISHED, reference="all")
"""As published, but for the medians of Figures 1 and 5, which are those that the survey's footnote 1 describes."""
AS_COUNTED = replace(FOOTNOTE, operations="as counted")
"""As the footnote to the letter: medians over FLOPs in whatever convention."""


class Tables(Facts):
    """What the marks are computed from, each once."""

    @cached_property
    def review(self) -> pd.Series[str]:
        """Whether each paper is peer-reviewed, in words, by its id."""
        words = {True: "peer-reviewed", False: "not peer-reviewed"}
        reviewed = self.papers.set_index("paper_id")["peer_reviewed"]
        return reviewed.map(words).astype("string").fillna("review unknown")

    def normalized(self, procedure: Procedure) -> pd.DataFrame:
        """The operating points as if every paper had pruned the median model."""
        return normalize(self.points, self.baselines(procedure))

    def baselines(self, procedure: Procedure) -> pd.DataFrame:
        """The medians that the operating points are normalized to."""
        as_counted = {"base_multiply_adds": self.everything["base_flops"]}
        counted = as_counted if procedure.operations == "as counted" else {}
        return baselines_of(self.everything.assign(**counted), self.corpus, procedure.reference)


Panels: TypeAlias = Iterator[pd.DataFrame]
"""The marks of one panel after the other: MARKS without ``where``."""


def figure1(tables: Tables, procedure: Procedure) -> Panels:
    """Unpruned and pruned models on ImageNet, size against accuracy."""
    pruned = pruned_models(tables.normalized(procedure), tables.corpus)
    models = _unpruned(tables.corpus, procedure.lines)
    for size, quality in product(SIZES, ("top1", "top5")):
        for rows in (models, pruned.assign(what=row_names(pruned))):
            yield _points(rows, f"{quality} against {size}", {size: "count", quality: "%"})


def _unpruned(corpus: Corpus, lines: Literal["tables", "median"]) -> pd.DataFrame:
    """The unpruned models, one row a model and table; at the median, all rows of a model say the same."""
    models = reference_models(corpus)
    models = models[(models["dataset"] == DATASET) & models["family"].isin([*PRUNED, BETTER])]
    models = models.assign(what="unpruned " + models["architecture"] + ": " + models["source"])
    if lines == "tables":
        return models
    medians = models.groupby("architecture")[list(QUANTITIES)].transform("median")
    return models.assign(**medians)[~models["architecture"].isin(PORTS)]


def figure2(tables: Tables, procedure: Procedure) -> Panels:
    """How many papers compare to a paper, and to how many it compares."""
    table = degrees(tables.graph)
    yield _bars(tables, table, "compared_to_by", "papers, by how many compare to them")
    yield _bars(tables, table, "compares_to", "papers, by how many they compare to")


def table1(tables: Tables, procedure: Procedure) -> Panels:
    """Papers that use the most common pairs."""
    used = pairs(tables.results)
    rows = used[(used["papers"] >= min(TABLE1.values())).astype(bool)]
    yield _points(rows.assign(what=pair_names(rows)), "pairs", {"papers": "papers"})


def figure3(tables: Tables, procedure: Procedure) -> Panels:
    """Change in accuracy against compression ratio or speedup on four configurations, and how many papers count."""
    rows = headline(kept_in(tables.points, "figure3")).dropna(subset=["dataset", "architecture"])
    rows = tables.united(rows[~(rows["top1"] < procedure.least_top1)])
    drawn = rows[_among(rows, FIGURE3)]
    drawn = drawn.assign(what=row_names(drawn))
    for (dataset, architecture), (x, y) in product(FIGURE3, product(EFFICIENCIES.values(), QUALITIES.values())):
        panel = drawn[(drawn["dataset"] == dataset) & (drawn["architecture"] == architecture)]
        yield _points(panel, f"{architecture} on {dataset}, {y} against {x}", {x: "ratio", y: "pp"})
    counted = pd.DataFrame({"what": ["papers counted"], "papers": [_papers_counted(rows, procedure.selection)]})
    yield _points(counted, "selection", {"papers": "papers"})


def _papers_counted(rows: pd.DataFrame, selection: Literal["apart", "pair"]) -> int:
    """How many papers have a result with a quality and an efficiency on what is selected."""
    datasets, architectures = zip(*FIGURE3, strict=True)
    apart = rows["dataset"].isin(datasets) & rows["architecture"].isin(architectures)
    selected = rows[_among(rows, FIGURE3) if selection == "pair" else apart]
    quality, efficiency = (
        selected[list(names)].notna().any(axis=1) for names in (QUALITIES.values(), EFFICIENCIES.values())
    )
    return int(selected[quality & efficiency]["paper_id"].nunique())


def figure4(tables: Tables, procedure: Procedure) -> Panels:
    """How many pairs a paper uses, and how many points a curve has."""
    results = tables.results
    named = results if procedure.unknown else results.dropna(subset=["dataset", "architecture"])
    yield _bars(tables, pairs_per_paper(named, procedure.without), "pairs", "papers, by the pairs they use")
    rows = headline(kept_in(tables.united(results), "figure4"))
    rows = rows[_among(rows, procedure.common)]
    rows = rows if procedure.unnumbered else rows[rows["point"].notna()]
    curves = rows.groupby(["paper_id", "dataset", "architecture"], as_index=False).agg(points=("experiment", "size"))
    yield _bars(tables, curves, "points", "curves, by their points", unit="curves")


def figure5(tables: Tables, procedure: Procedure) -> Panels:
    """ResNet-50 on ImageNet, without the released sweeps: no correction is about them, and all move alike."""
    rows = headline(kept_in(tables.normalized(procedure), "figure5"))
    rows = rows[(rows["dataset"] == DATASET) & (rows["architecture"] == "ResNet-50")]
    rows = rows[rows["paper_id"] != VARIANTS_ONLY]
    rows = rows[(rows["top1"] > MIN_TOP1) & (rows["params"] > MIN_PARAMS)]
    yield _points(rows.assign(what=row_names(rows)), "top1 against params", {"params": "count", "top1": "%"})


def beats(tables: Tables, procedure: Procedure) -> Panels:
    """How many papers beat a paper, how many it beats, and who beats whom."""
    curves = tradeoffs_of(tables.points, tables.edges, tables.corpus, procedure.hull)
    table = beaten(curves)
    yield _bars(tables, table, "beaten_by", "papers, by how many beat them")
    yield _bars(tables, table, "beats", "papers, by how many they beat")
    wins = curves[_among(curves, COMMON) & (curves["dominant"] + curves["above"] > 0).astype(bool)]
    who = wins[["paper_id", "other_id"]].drop_duplicates()
    yield _points(
        who.assign(what=who["paper_id"] + " beats " + who["other_id"], pairs=1), "who beats whom", {"pairs": "pairs"}
    )


FIGURES: dict[str, Callable[[Tables, Procedure], Panels]] = {
    "figure1": figure1,
    "figure2": figure2,
    "table1": table1,
    "figure3": figure3,
    "figure4": figure4,
    "figure5": figure5,
    "beats": beats,
}
"""The survey's figures, each with what makes its marks."""


def marks(corpus: Corpus, procedure: Procedure, figures: Iterable[str] = FIGURES) -> pd.DataFrame:
    """What the figures say, one row a number.

    Args:
        corpus: Records.
        procedure: How they are computed.
        figures: Which of FIGURES.

    Returns:
        ``where`` (the figure), ``panel``, ``what`` (the bar or point), ``quantity``, ``unit`` and ``value``; all but
        the last name a number.
    """
    return marks_of(Tables(corpus, procedure.corrected), procedure, figures)


def marks_of(tables: Tables, procedure: Procedure, figures: Iterable[str] = FIGURES) -> pd.DataFrame:
    """As :func:`marks`, for tables already at hand."""
    found = [panel.assign(where=name) for name in figures for panel in FIGURES[name](tables, procedure)]
    return pd.concat(found, ignore_index=True)[MARKS]


def row_names(table: pd.DataFrame) -> pd.Series[str]:
    """A name for each result: its paper and its row in the survey's data, or its place in the record."""
    experiment, curve, point = (table[name].astype("string").fillna("-") for name in ("experiment", "curve", "point"))
    row = "row " + table["survey_row"].astype("string")
    return table["paper_id"] + ", " + row.fillna("result " + experiment + "." + curve + "." + point)


def pair_names(table: pd.DataFrame) -> pd.Series[str]:
    """A name for each dataset and architecture."""
    return table["architecture"] + " on " + table["dataset"]


def long(table: pd.DataFrame, panel: str, units: dict[str, str]) -> pd.DataFrame:
    """One row a number of the quantities in ``units``, for a table with ``what``."""
    parts = [
        table[["what"]].assign(panel=panel, quantity=quantity, unit=unit, value=table[quantity].astype("float64"))
        for quantity, unit in units.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _points(table: pd.DataFrame, panel: str, units: dict[str, str]) -> pd.DataFrame:
    """The coordinates of the points that have all of them."""
    return long(table.dropna(subset=list(units)), panel, units)


def _bars(tables: Tables, table: pd.DataFrame, number: str, panel: str, unit: str = "papers") -> pd.DataFrame:
    """The bars of a histogram, stacked by peer review."""
    review = table["paper_id"].map(tables.review)
    heights = table.assign(what="bar " + table[number].astype("string") + ", " + review).groupby("what").size()
    return long(heights.rename(unit).reset_index(), panel, {unit: unit})


def _among(table: pd.DataFrame, configurations: tuple[tuple[str, str], ...]) -> pd.Series[bool]:
    key = pd.MultiIndex.from_frame(table[["dataset", "architecture"]])
    return pd.Series(key.isin(configurations), index=table.index)
