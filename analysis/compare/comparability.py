"""Comparability: the pairs of papers whose numbers can be compared, as strictly or laxly as is asked.

Two papers share a configuration if both report a point on the same dataset and network, in the same quality and
efficiency; :mod:`prunelit.analysis.frames.variants` says which networks are the same.  The strict ones
ask for the change in quality, because unpruned models differ; ``raw_accuracy`` does not.  The unpruned models of two
papers differ by as much as pruning costs, so that such pairs are marked wherever they are told.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from prunelit.analysis.compare.configurations import EFFICIENCY_METRICS, QUALITY_METRICS, speaks_of
from prunelit.analysis.frames.columns import COUNT, TEXT, Column, typed
from prunelit.analysis.frames.headline import headline
from prunelit.analysis.frames.variants import Comparability, seen_as
from prunelit.schema.vocabulary import Architecture

_KEY = ["dataset", "architecture", "quality", "efficiency"]
_HERE = "analysis.compare.comparability"
PAIRS_OF_PAPERS = (
    Column("paper_a", TEXT, "", "The paper whose id comes first in the alphabet."),
    Column("paper_b", TEXT, "", "The other paper."),
    Column("shared", COUNT, "count", "Configurations that both report: dataset, network, quality, efficiency.", _HERE),
    Column("across_variants", COUNT, "count", "Those of them that they share on variants of one network alone.", _HERE),
    Column(
        "without_baseline", COUNT, "count",
        "Those of them that one of the papers reports without the change in quality: raw accuracy alone.", _HERE,
    ),
)  # fmt: skip
"""Columns of ``comparable_pairs()``: one row a pair of papers whose numbers can be compared."""


def marked_configurations(points: pd.DataFrame, comparability: Comparability) -> pd.DataFrame:
    """What each paper can be compared in, by its own headline results.

    Args:
        points: Rows as of ``completed()``, as of :func:`seen_as`.
        comparability: How much must be shared.

    Returns:
        The distinct ``paper_id``, ``dataset``, ``architecture``, ``quality`` and ``efficiency``, with ``network`` (the
        architecture reported) and ``raw`` (whether the change in quality is missing).
    """
    rows = headline(points).dropna(subset=["dataset", "architecture"])
    key = ["paper_id", "dataset", "architecture", "network"]
    found = [
        rows.loc[speaks_of(rows, quality, efficiency, raw), key]
        .drop_duplicates()
        .assign(quality=quality, efficiency=efficiency, raw=raw)
        for raw in ((False, True) if comparability == "raw_accuracy" else (False,))
        for quality in QUALITY_METRICS
        for efficiency in EFFICIENCY_METRICS
    ]
    return pd.concat(found, ignore_index=True)


def comparable_pairs_table(
    points: pd.DataFrame, comparability: Comparability, architectures: Iterable[Architecture]
) -> pd.DataFrame:
    """The pairs of papers whose numbers can be compared; columns :data:`PAIRS_OF_PAPERS`.

    Args:
        points: Rows as of ``completed()``.
        comparability: How much two papers must share.
        architectures: The vocabulary, which knows variants.
    """
    uses = marked_configurations(seen_as(comparability, points, architectures), comparability)
    both = uses.merge(uses, on=_KEY, suffixes=("_a", "_b"))
    both = both[both["paper_id_a"] < both["paper_id_b"]]
    raw = both["raw_a"] | both["raw_b"]
    lax = raw * 2 + (~raw & (both["network_a"] != both["network_b"]))
    pair = {"paper_id_a": "paper_a", "paper_id_b": "paper_b"}
    laxest = both.assign(lax=lax.astype(int)).rename(columns=pair).groupby([*pair.values(), *_KEY])["lax"].min()
    counted = pd.DataFrame({"shared": 1, "across_variants": laxest == 1, "without_baseline": laxest == 2})
    counts = counted.groupby(list(pair.values())).sum()
    return typed(counts.reset_index(), PAIRS_OF_PAPERS)
