"""Claims of the 2020 survey: every number that it publishes, computed anew.

Every claim names its place in Blalock et al. 2020 (arXiv:2003.03033) or in the survey's published data and code
(github.com/JJGO/shrinkbench, ``analysis``, commit b244974), is computed anew on the collection ``blalock2020`` as
published (``corrected=False``), and either holds or has a reason why it does not.  Data is never bent to fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.claims.claim import Claim, judged
from prunelit.analysis.compare.comparison_graph import never_compared_to
from prunelit.analysis.compare.configurations import pairs
from prunelit.analysis.compare.dominance import comparable_points, on_common_configurations
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import cached_table, computed_once
from prunelit.analysis.frames.columns import TEXT, Column, typed
from prunelit.analysis.frames.comparisons import stated_comparisons
from prunelit.analysis.frames.reported import OF_WHAT_AND_COUNTED

_Count: TypeAlias = Callable[[Dataset], int]
"""What counts something in the survey."""

FIGURE3 = (
    ("ImageNet", "VGG-16"),
    ("ImageNet", "Alex/CaffeNet"),
    ("ImageNet", "ResNet-50"),
    ("CIFAR-10", "ResNet-56"),
)
"""The configurations of Figure 3."""

TABLE1 = {
    ("ImageNet", "VGG-16"): 22,
    ("ImageNet", "ResNet-50"): 15,
    ("MNIST", "LeNet-5-Caffe"): 14,
    ("CIFAR-10", "ResNet-56"): 14,
    ("MNIST", "LeNet-300-100"): 12,
    ("MNIST", "LeNet-5"): 11,
    ("ImageNet", "CaffeNet"): 10,
    ("CIFAR-10", "VGG-Torch-CIFAR10"): 8,
    ("ImageNet", "AlexNet"): 8,
    ("ImageNet", "ResNet-18"): 6,
    ("ImageNet", "ResNet-34"): 6,
    ("CIFAR-10", "ResNet-110"): 5,
    ("CIFAR-10", "PreResNet-164"): 4,
    ("CIFAR-10", "ResNet-32"): 4,
}
"""Table 1 as published: pairs used by at least four papers."""


def rows_of_survey(dataset: Dataset) -> pd.DataFrame:
    """The rows of the survey's data."""
    results = dataset.results()
    return results[results["survey_row"].notna()]


@computed_once
def used_pairs(dataset: Dataset) -> pd.DataFrame:
    """How many papers use each pair of dataset and architecture."""
    return pairs(dataset.cells(Dataset.results, OF_WHAT_AND_COUNTED))


def stated_tradeoffs(dataset: Dataset) -> pd.DataFrame:
    """The comparisons that papers state and whose curves meet on a common configuration."""
    table = on_common_configurations(dataset.tradeoffs())
    return table[table["stated"]]


def papers_in_figure3(dataset: Dataset) -> int:
    """Papers with a point that Figure 3 draws."""
    points = comparable_points(dataset.with_unions(dataset.completed()), "figure3")
    return int(_drawable(points)["paper_id"].nunique())


def papers_that_use(dataset: Dataset, pair: tuple[str, str]) -> int:
    """How many papers use a pair."""
    used = used_pairs(dataset).set_index(["dataset", "architecture"])["papers"]
    return int(used.get(pair, 0))


def papers_by_comparisons(dataset: Dataset, least: int, most: int) -> int:
    """How many papers compare to so many others."""
    return int(dataset.degrees()["compares_to"].between(least, most).sum())


def _drawable(table: pd.DataFrame) -> pd.DataFrame:
    quality = table[["top1_change", "top5_change"]].notna().any(axis=1)
    efficiency = table[["compression_ratio", "speedup"]].notna().any(axis=1)
    return table[quality & efficiency & pd.MultiIndex.from_frame(table[["dataset", "architecture"]]).isin(FIGURE3)]


def _exactly(
    text: str, source: str, number: int, compute: Callable[[Dataset], int], reason: str = ""
) -> Claim[Dataset]:
    return Claim(text, source, str(number), compute, lambda value: value == number, reason)


def _share(
    text: str,
    source: str,
    published: str,
    compute: Callable[[Dataset], int],
    least: float,
    most: float,
    reason: str = "",
) -> Claim[Dataset]:
    """A statement about a share of the 81 papers, such as "a fourth", with the range that the words cover."""

    def of_papers(dataset: Dataset) -> object:
        papers = len(dataset.papers())
        return ShareOfPapers(compute(dataset), papers) if papers else None

    return Claim(
        text,
        source,
        published,
        of_papers,
        lambda value: isinstance(value, ShareOfPapers) and least <= value.share <= most,
        reason,
    )


@dataclass(frozen=True, slots=True)
class ShareOfPapers:
    """A number of papers out of all."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """The share, 0 to 1."""
        return self.part / self.whole

    def __str__(self) -> str:
        return f"{self.part} of {self.whole} ({self.share:.1%})"


DATA = "survey's data"
CLAIMS: tuple[Claim[Dataset], ...] = (
    _exactly("papers in the corpus", "abstract", 81, lambda d: len(d.papers())),
    _exactly(
        "papers published since 2010",
        "section 3.1",
        79,
        lambda d: int((d.papers()["year"] >= 2010).sum()),
        "the text names two classic papers; the data holds a third one from before 2010, Tresp et al., dated 1997-12",
    ),
    _exactly("comparisons between papers of the corpus", DATA, 173, lambda d: len(stated_comparisons(d.comparisons()))),
    _exactly("rows of results", DATA, 551, lambda d: len(rows_of_survey(d))),
    _exactly("rows with numbers", DATA, 279, lambda d: int(_has_numbers(rows_of_survey(d)).sum())),
    _exactly("rows without numbers", DATA, 272, lambda d: int((~_has_numbers(rows_of_survey(d))).sum())),
    _exactly("datasets", "section 4.2", 49, lambda d: used_pairs(d)["dataset"].nunique()),
    _exactly("architectures", "section 4.2", 132, lambda d: used_pairs(d)["architecture"].nunique()),
    _exactly("(dataset, architecture) pairs", "section 4.2", 195, lambda d: len(used_pairs(d))),
    _share(
        "papers that compare to no other",
        "section 4.1",
        "more than a fourth",
        partial(papers_by_comparisons, least=0, most=0),
        0.25,
        0.3,
    ),
    _share(
        "papers that compare to exactly one other",
        "section 4.1",
        "another fourth",
        partial(papers_by_comparisons, least=1, most=1),
        0.2,
        0.3,
    ),
    _share(
        "papers that compare to at most one other",
        "section 1",
        "half",
        partial(papers_by_comparisons, least=0, most=1),
        0.45,
        0.55,
    ),
    _share(
        "papers that compare to three or fewer others",
        "section 4.1",
        "nearly all",
        partial(papers_by_comparisons, least=0, most=3),
        0.9,
        1,
        "in the data, and in the survey's Figure 2, 17 of the 81 papers compare to four or more others",
    ),
    Claim(
        "papers that no paper compares to",
        "sections 1 and 4.1",
        "dozens",
        lambda d: len(never_compared_to(d.comparison_graph())),
        lambda value: isinstance(value, int) and value >= 24,
    ),
    _share(
        "papers that use the most common pair",
        "section 1",
        "less than a third",
        lambda d: int(used_pairs(d)["papers"].max()),
        0,
        0.333,
    ),
    _exactly(
        "of the six most common pairs, those with MNIST",
        "section 4.2",
        3,
        lambda d: int((used_pairs(d).head(6)["dataset"] == "MNIST").sum()),
    ),
    *(
        _exactly(f"papers that use {pair[1]} on {pair[0]}", "Table 1", number, partial(papers_that_use, pair=pair))
        for pair, number in TABLE1.items()
    ),
    _exactly(
        "pairs used by at least four papers",
        "Table 1",
        len(TABLE1),
        lambda d: int((used_pairs(d)["papers"] >= 4).sum()),
    ),
    _exactly(
        "papers that report a number on a configuration of Figure 3",
        "survey's data and code",
        37,
        papers_in_figure3,
        "the survey's code asks for the dataset and for the architecture of any panel, not for the pair, and so counts "
        "Huang et al. 2018, who report VGG-16 on CIFAR-10; it also drops Frankle et al. 2019 and, for its accuracy "
        "below 50 %, Srinivas et al. 2015",
    ),
    _exactly(
        "stated comparisons whose curves meet on a common configuration",
        "comment in the survey's code",
        136,
        lambda d: len(stated_tradeoffs(d)),
        "the comment is older than the data: the published code run on the published data finds 139 too",
    ),
    _exactly(
        "stated comparisons in which a point of the paper dominates",
        "comment in the survey's code",
        68,
        lambda d: int((stated_tradeoffs(d)["dominant"] > 0).sum()),
        "the comment is older than the data: the published code run on the published data finds 71 too",
    ),
    _exactly(
        "stated comparisons in which a point of the paper is dominated",
        "comment in the survey's code",
        25,
        lambda d: int((stated_tradeoffs(d)["dominated"] > 0).sum()),
        "the comment is older than the data: the published code run on the published data finds 22; it loses vertices "
        "of the hull once it has removed one, and so misses a dominating point",
    ),
)
"""Every claim, in the order of the text."""


CLAIM_COLUMNS = (
    Column("claim", TEXT, "", "What the survey says."),
    Column("source", TEXT, "", "Where it says so."),
    Column("published", TEXT, "", "The published value."),
    Column("computed", TEXT, "", "The value computed from the records."),
    Column("verdict", TEXT, "", "reproduced, differs (for a reason), or unexplained."),
    Column("reason", TEXT, "", "Why they differ; empty where they do not."),
)
"""Columns of ``claims()``: one row a number or statement that the survey publishes."""


@cached_table(CLAIM_COLUMNS)
def claims_table(survey: Dataset) -> pd.DataFrame:
    """Every number that the survey publishes, computed anew; columns :data:`CLAIM_COLUMNS`."""
    return typed(judged(CLAIMS, survey), CLAIM_COLUMNS)


def _has_numbers(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows of the survey with any number, be it only one of the unpruned model."""
    names = [name for name in rows.select_dtypes("float64").columns if name != "base_multiply_adds"]
    return rows[names].notna().any(axis=1)
