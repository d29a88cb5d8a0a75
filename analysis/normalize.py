"""What would every paper have reported, had all pruned the same model?"""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.baselines import KEY, Reference, baselines_of
from prunelit.analysis.cache import kept
from prunelit.analysis.columns import NORMALIZED, typed
from prunelit.analysis.complete import all_completed, operating_points
from prunelit.analysis.load import chosen
from prunelit.schema.corpus import Corpus


@kept(NORMALIZED)
def normalized(
    corpus: Corpus | None = None,
    collection: str | None = None,
    reference: Reference = "all",
    corrected: bool = True,
) -> pd.DataFrame:
    """One row an operating point, as if every paper had pruned the median model (Blalock et al. 2020, footnote 1).

    ``params`` and ``flops`` (multiply-adds) are the median times the share kept, ``top1`` and ``top5`` the median
    plus the change.  Sweeps and excluded results are there, marked in ``sweep`` and ``excluded``.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        reference: Medians over papers and reference models (``"all"``), or reference models alone (``"unpruned"``).
        corrected: Whether to apply the corpus's corrections.
    """
    corpus = chosen(corpus, collection)
    table = all_completed(corpus, corrected)
    return normalize(operating_points(table), baselines_of(table, corpus, reference))


def normalize(table: pd.DataFrame, baselines: pd.DataFrame) -> pd.DataFrame:
    """As :func:`normalized`, for operating points already completed and given baselines."""
    medians = baselines.pivot_table(index=KEY, columns="quantity", values="median")
    median = table[KEY].join(medians, on=KEY).reindex(columns=["top1", "top5", "params", "flops"])
    values = {
        "top1": (median["top1"] + table["top1_change"], "median + top1_change"),
        "top5": (median["top5"] + table["top5_change"], "median + top5_change"),
        "params": (median["params"] * table["params_kept"], "median x params_kept"),
        "flops": (median["flops"] * table["flops_kept"], "median x flops_kept"),
    }
    cells = {name: value for name, (value, _) in values.items()}
    rules = {
        f"{name}_rule": pd.Series(rule, index=table.index, dtype="string").where(value.notna())
        for name, (value, rule) in values.items()
    }
    return typed(table.assign(**cells, **rules), NORMALIZED)
