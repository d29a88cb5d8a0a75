"""Procedures by which the survey's figures are computed, and where they part.

The survey's text, its published figures and ours do not follow the same procedure; a :class:`Procedure` names
the choices, a :class:`Contrast` holds two of them against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from prunelit.analysis.compare.dominance import COMMON_METRICS, MIN_ACCURACY
from prunelit.analysis.frames.baselines import Reference

SURVEY_FIGURES = ("figure1", "figure2", "table1", "figure3", "figure4", "figure5", "beats")
"""The survey's figures, in its order."""


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
    hull: str
    """Who beats whom: what points are judged against, one of HULLS."""
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


AS_PUBLISHED = Procedure(
    corrected=False,
    reference="unpruned",
    lines="tables",
    selection="apart",
    common=tuple(pair for pair in COMMON_METRICS if pair != ("ImageNet", "Alex/CaffeNet")),
    hull="published",
)
"""What the survey's published code does (JJGO/shrinkbench, ``analysis``, commit b244974)."""
OURS = Procedure(
    corrected=True, reference="unpruned", lines="median", selection="pair", common=COMMON_METRICS, hull="concave"
)
"""What our figures do."""
CORRECTED = replace(AS_PUBLISHED, corrected=True)
"""As published, but for the corrections."""
FOOTNOTE = replace(AS_PUBLISHED, reference="all")
"""As published, but for the medians of Figures 1 and 5, which are those that the survey's footnote 1 describes."""
AS_COUNTED = replace(FOOTNOTE, operations="as counted")
"""As the footnote to the letter: medians over FLOPs in whatever convention."""


@dataclass(frozen=True, slots=True)
class ProcedureContrast:
    """Two procedures, what is said about them, and the figures in which they show."""

    title: str
    text: tuple[str, ...]
    before: Procedure
    after: Procedure
    figures: tuple[str, ...]
    names: tuple[str, str] = ("published", "ours")
    """What the two procedures are called in a table."""


DRAWN: tuple[ProcedureContrast, ...] = (
    ProcedureContrast(
        "Wrong values in the data",
        ("The published figures show the data as it was published; ours apply the corrections.",),
        AS_PUBLISHED,
        CORRECTED,
        SURVEY_FIGURES,
    ),
    ProcedureContrast(
        "Unpruned models that several tables list",
        (
            "The published Figure 1 draws an unpruned model once for each of the tables that its authors read, so "
            "that the line of ResNets goes back and forth between two ResNet-50s and two ResNet-152s, and counts "
            "two other frameworks' versions, CaffeResNet-101 and FBResNet-152, as further members of the family.",
            "Ours draws each model once, at the median of the tables, and leaves the two versions out.",
        ),
        AS_PUBLISHED,
        replace(AS_PUBLISHED, lines=OURS.lines),
        ("figure1",),
    ),
    ProcedureContrast(
        "Which papers Figure 3 shows",
        (
            "The published code takes all results on any dataset and any architecture of the four panels, and draws "
            "those that fit a panel. VGG-16 on CIFAR-10 (Huang et al. 2018) and ResNet-50 on CIFAR-10 (He et al. "
            "2018) are taken, counted among the 37 papers, and drawn nowhere. Ours takes pairs; the marks are the "
            "same.",
        ),
        AS_PUBLISHED,
        replace(AS_PUBLISHED, selection=OURS.selection),
        ("figure3",),
    ),
    ProcedureContrast(
        "AlexNet and CaffeNet in Figure 4",
        (
            "The lower histogram of the published Figure 4 is meant to show all common configurations. Its code "
            "removes AlexNet and CaffeNet from their list, to replace them by their union, and then leaves out the "
            "union, so that no curve on either of them is counted. Ours counts the union.",
        ),
        AS_PUBLISHED,
        replace(AS_PUBLISHED, common=OURS.common),
        ("figure4",),
    ),
    ProcedureContrast(
        "The hull that curves are judged against",
        (
            "Who beats whom is decided against the concave hull of the other paper's points. The published code loses "
            "vertices: once it has removed one, it goes on to look up slopes by their place in the whole frontier, and "
            "removes every vertex from there to the last but one. Ours keeps the hull.",
        ),
        AS_PUBLISHED,
        replace(AS_PUBLISHED, hull=OURS.hull),
        ("beats",),
    ),
)
"""Why the published figures and ours differ: each step alone, from the published procedure towards ours."""

SAID: tuple[ProcedureContrast, ...] = (
    ProcedureContrast(
        "Medians over all papers, or over reference models alone",
        (
            "Text (footnote 1): results are normalized to the median initial size or number of FLOPs reported for "
            "an architecture across all papers. Figure 1 as published, and ours: to the median of the unpruned "
            "reference models alone. prunelit.normalized() follows the text by default, and the figure with "
            "reference='unpruned'. The released sweeps of Figure 5, not listed below, move as its other marks do.",
        ),
        AS_PUBLISHED,
        FOOTNOTE,
        ("figure1", "figure5"),
        ("reference models", "all papers"),
    ),
    ProcedureContrast(
        "FLOPs: multiply-adds, or whatever a paper counts",
        (
            "Text (section 2.4): the metric is the number of multiply-adds, often referred to as FLOPs. The data "
            "holds both conventions, with a factor of two between them. Figures multiply shares, which do not "
            "depend on the convention; but medians over all papers, as footnote 1 asks for, do. The published "
            "Figure 1 escapes, as its reference models are all counted in multiply-adds; prunelit converts before "
            "it takes a median.",
        ),
        FOOTNOTE,
        AS_COUNTED,
        ("figure1", "figure5"),
        ("multiply-adds", "as counted"),
    ),
    ProcedureContrast(
        "Unknown datasets and architectures",
        (
            "Text (section 4.2): 195 pairs of dataset and architecture, in which unknown names are not counted. The "
            "upper histogram of Figure 4, as published and ours, counts an unknown name as one more pair of its "
            "paper.",
        ),
        AS_PUBLISHED,
        replace(AS_PUBLISHED, unknown=False),
        ("figure4",),
        ("as drawn", "without unknown names"),
    ),
    ProcedureContrast(
        "MNIST",
        (
            "Text (section 4.2) and Table 1 count pairs on MNIST. The upper histogram of Figure 4, as published and "
            "ours, leaves MNIST out, and with it the papers that use nothing else.",
        ),
        AS_PUBLISHED,
        replace(AS_PUBLISHED, without=()),
        ("figure4",),
        ("as drawn", "with MNIST"),
    ),
    ProcedureContrast(
        "Results without numbers as points of a curve",
        (
            "The lower histogram of Figure 4, as published and ours, counts the points that characterize a tradeoff "
            "curve. It counts rows of the data, also those that say only that a paper uses a configuration.",
        ),
        AS_PUBLISHED,
        replace(AS_PUBLISHED, unnumbered=False),
        ("figure4",),
        ("as drawn", "points with numbers"),
    ),
    ProcedureContrast(
        "Networks below 50 % accuracy",
        (
            "Figure 3, as published and ours, leaves out results with a top-1 accuracy below 50 %. The code does so "
            "for the extremes of a released sweep, which the figure does not draw; what it meets are results on "
            "CaffeNet.",
        ),
        AS_PUBLISHED,
        replace(AS_PUBLISHED, least_top1=0.0),
        ("figure3",),
        ("as drawn", "all results"),
    ),
)
"""Where the text, or the plain meaning of a figure, is one thing and the published figure another."""
