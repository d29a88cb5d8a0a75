"""Which numbers does the survey publish, and does its data bear them out?

Every claim names its place in Blalock et al. 2020 (arXiv:2003.03033) or in the survey's published data and code
(github.com/JJGO/shrinkbench, ``analysis``, commit b244974), is computed anew on the collection ``blalock2020`` as
published (``corrected=False``), and either holds or has a reason why it does not.  Data is never bent to fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import networkx as nx
import pandas as pd

from prunelit.analysis import columns
from prunelit.analysis.claim import Claim, judged
from prunelit.analysis.columns import typed
from prunelit.analysis.complete import all_completed, operating_points
from prunelit.analysis.fragmentation import pairs, with_unions
from prunelit.analysis.graph import COMPARISON, comparison_graph, comparisons, degrees, never_compared_to
from prunelit.analysis.load import chosen
from prunelit.analysis.tables import papers, results
from prunelit.analysis.tradeoff import COMMON, comparable_points, tradeoffs_of
from prunelit.schema.corpus import Corpus

COLLECTION = "blalock2020"

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


class Facts:
    """What the claims are computed from, each once; as published, unless the corrections are to be applied."""

    def __init__(self, corpus: Corpus, corrected: bool = False) -> None:
        self.corpus = corpus
        self.corrected = corrected

    @cached_property
    def papers(self) -> pd.DataFrame:
        """The papers."""
        return papers(self.corpus, corrected=self.corrected)

    @cached_property
    def results(self) -> pd.DataFrame:
        """The results."""
        return results(self.corpus, corrected=self.corrected)

    @cached_property
    def survey_rows(self) -> pd.DataFrame:
        """The rows of the survey's data."""
        return self.results[self.results["survey_row"].notna()]

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """How many papers use each pair."""
        return pairs(self.results)

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The comparison graph."""
        return comparison_graph(self.corpus, corrected=self.corrected)

    @cached_property
    def compares_to(self) -> pd.Series[int]:
        """How many others each paper compares to."""
        return degrees(self.graph)["compares_to"]

    @cached_property
    def stated(self) -> pd.DataFrame:
        """The comparisons that papers state and whose curves meet on a common configuration."""
        table = tradeoffs_of(self.points, self.edges, self.corpus)
        return table[table["stated"] & pd.MultiIndex.from_frame(table[["dataset", "architecture"]]).isin(COMMON)]

    @cached_property
    def everything(self) -> pd.DataFrame:
        """The results with what follows from them, those without operating points included."""
        return all_completed(self.corpus, self.corrected)

    @cached_property
    def points(self) -> pd.DataFrame:
        """The operating points, with what follows from the reported numbers."""
        return operating_points(self.everything)

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The comparisons and citations."""
        return comparisons(self.corpus, corrected=self.corrected)

    def united(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with the rows of each union of architectures once more under the union's name."""
        return with_unions(table, {union.name: union.of for union in self.corpus.unions})

    def comparisons(self) -> int:
        """Comparisons that papers state; a citation without comparison is none."""
        return int((self.edges["kind"] == COMPARISON).sum())

    def papers_in_figure3(self) -> int:
        """Papers with a point that Figure 3 draws."""
        return int(_drawable(comparable_points(self.united(self.points), "figure3"))["paper_id"].nunique())

    def count(self, column: str) -> int:
        """How many distinct datasets or architectures the pairs hold."""
        return int(self.pairs[column].nunique())

    def uses(self, pair: tuple[str, str]) -> int:
        """How many papers use a pair."""
        used = self.pairs.set_index(["dataset", "architecture"])["papers"]
        return int(used.get(pair, 0))


def _drawable(table: pd.DataFrame) -> pd.DataFrame:
    quality = table[["top1_change", "top5_change"]].notna().any(axis=1)
    efficiency = table[["compression_ratio", "speedup"]].notna().any(axis=1)
    return table[quality & efficiency & pd.MultiIndex.from_frame(table[["dataset", "architecture"]]).isin(FIGURE3)]


def _exactly(text: str, source: str, number: int, compute: Callable[[Facts], int], reason: str = "") -> Claim[Facts]:
    return Claim(text, source, str(number), compute, lambda value: value == number, reason)


def _share(
    text: str, source: str, published: str, compute: Callable[[Facts], int], least: float, most: float, reason: str = ""
) -> Claim[Facts]:
    """A statement about a share of the 81 papers, such as "a fourth", with the range that the words cover."""

    def of_papers(facts: Facts) -> object:
        return Share(compute(facts), len(facts.papers))

    return Claim(
        text,
        source,
        published,
        of_papers,
        lambda value: isinstance(value, Share) and least <= value.share <= most,
        reason,
    )


@dataclass(frozen=True, slots=True)
class Share:
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
CLAIMS: tuple[Claim[Facts], ...] = (
    _exactly("papers in the corpus", "abstract", 81, lambda f: len(f.papers)),
    _exactly(
        "papers published since 2010",
        "section 3.1",
        79,
        lambda f: int((f.papers["year"] >= 2010).sum()),
        "the text names two classic papers; the data holds a third one from before 2010, Tresp et al., dated 1997-12",
    ),
    _exactly("comparisons between papers of the corpus", DATA, 173, Facts.comparisons),
    _exactly("rows of results", DATA, 551, lambda f: len(f.survey_rows)),
    _exactly("rows with numbers", DATA, 279, lambda f: int(_has_numbers(f.survey_rows).sum())),
    _exactly("rows without numbers", DATA, 272, lambda f: int((~_has_numbers(f.survey_rows)).sum())),
    _exactly("datasets", "section 4.2", 49, lambda f: f.count("dataset")),
    _exactly("architectures", "section 4.2", 132, lambda f: f.count("architecture")),
    _exactly("(dataset, architecture) pairs", "section 4.2", 195, lambda f: len(f.pairs)),
    _share(
        "papers that compare to no other",
        "section 4.1",
        "more than a fourth",
        lambda f: int((f.compares_to == 0).sum()),
        0.25,
        0.3,
    ),
    _share(
        "papers that compare to exactly one other",
        "section 4.1",
        "another fourth",
        lambda f: int((f.compares_to == 1).sum()),
        0.2,
        0.3,
    ),
    _share(
        "papers that compare to at most one other",
        "section 1",
        "half",
        lambda f: int((f.compares_to <= 1).sum()),
        0.45,
        0.55,
    ),
    _share(
        "papers that compare to three or fewer others",
        "section 4.1",
        "nearly all",
        lambda f: int((f.compares_to <= 3).sum()),
        0.9,
        1,
        "in the data, and in the survey's Figure 2, 17 of the 81 papers compare to four or more others",
    ),
    Claim(
        "papers that no paper compares to",
        "sections 1 and 4.1",
        "dozens",
        lambda f: len(never_compared_to(f.graph)),
        lambda value: isinstance(value, int) and value >= 24,
    ),
    _share(
        "papers that use the most common pair",
        "section 1",
        "less than a third",
        lambda f: int(f.pairs["papers"].max()),
        0,
        0.333,
    ),
    _exactly(
        "of the six most common pairs, those with MNIST",
        "section 4.2",
        3,
        lambda f: int((f.pairs.head(6)["dataset"] == "MNIST").sum()),
    ),
    *(
        _exactly(f"papers that use {pair[1]} on {pair[0]}", "Table 1", number, partial(Facts.uses, pair=pair))
        for pair, number in TABLE1.items()
    ),
    _exactly(
        "pairs used by at least four papers", "Table 1", len(TABLE1), lambda f: int((f.pairs["papers"] >= 4).sum())
    ),
    _exactly(
        "papers that report a number on a configuration of Figure 3",
        "survey's data and code",
        37,
        Facts.papers_in_figure3,
        "the survey's code asks for the dataset and for the architecture of any panel, not for the pair, and so counts "
        "Huang et al. 2018, who report VGG-16 on CIFAR-10; it also drops Frankle et al. 2019 and, for its accuracy "
        "below 50 %, Srinivas et al. 2015",
    ),
    _exactly(
        "stated comparisons whose curves meet on a common configuration",
        "comment in the survey's code",
        136,
        lambda f: len(f.stated),
        "the comment is older than the data: the published code run on the published data finds 139 too",
    ),
    _exactly(
        "stated comparisons in which a point of the paper dominates",
        "comment in the survey's code",
        68,
        lambda f: int((f.stated["dominant"] > 0).sum()),
        "the comment is older than the data: the published code run on the published data finds 71 too",
    ),
    _exactly(
        "stated comparisons in which a point of the paper is dominated",
        "comment in the survey's code",
        25,
        lambda f: int((f.stated["dominated"] > 0).sum()),
        "the comment is older than the data: the published code run on the published data finds 22; it loses vertices "
        "of the hull once it has removed one, and so misses a dominating point",
    ),
)
"""Every claim, in the order of the text."""


def claims(corpus: Corpus | None = None, corrected: bool = False) -> pd.DataFrame:
    """Every number that the survey publishes, computed anew: one row a claim.

    Args:
        corpus: Records; by default those that ship with the package.
        corrected: Whether to apply the corpus's corrections, which the survey could not.

    Returns:
        Text columns ``claim``, ``source``, ``published``, ``computed``, ``verdict`` (reproduced, differs, or
        unexplained where the data differs for no known reason) and ``reason``.
    """
    return claims_of(Facts(chosen(corpus, COLLECTION), corrected))


def claims_of(facts: Facts) -> pd.DataFrame:
    """As :func:`claims`, for facts already at hand."""
    return typed(judged(CLAIMS, facts), columns.CLAIMS)


def _has_numbers(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows of the survey with any number, be it only one of the unpruned model."""
    names = [name for name in rows.select_dtypes("float64").columns if name != "base_multiply_adds"]
    return rows[names].notna().any(axis=1)
