"""Which unpruned model does each architecture start from, and how far do papers disagree about it?

A baseline belongs to a dataset and an architecture: the same architecture has other sizes and costs on images of
another size or with another number of classes, so that a median across datasets would be the size of no network at all.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from prunelit.analysis.cache import kept
from prunelit.analysis.columns import BASELINES, typed
from prunelit.analysis.complete import all_completed
from prunelit.analysis.load import chosen
from prunelit.analysis.references import reference_models
from prunelit.schema.corpus import Corpus

Reference = Literal["all", "unpruned"]
KEY = ["dataset", "architecture"]

QUANTITIES = {
    "top1": ("base_top1", "%"),
    "top5": ("base_top5", "%"),
    "params": ("base_params", "count"),
    "flops": ("base_multiply_adds", "count"),
}
"""Quantity of the unpruned model: the column that holds it, and its unit; FLOPs are multiply-adds throughout."""

DERIVED = {"top1 - top1_change", "top5 - top5_change"}
"""Rules by which a baseline follows from a result, so that the paper does not report it."""


@kept(BASELINES)
def baselines(
    corpus: Corpus | None = None,
    collection: str | None = None,
    reference: Reference = "all",
    corrected: bool = True,
) -> pd.DataFrame:
    """The unpruned models: one row a dataset, architecture and quantity, with median, minimum and maximum.

    One value a paper (the median of its own values) and one a reference model (Blalock et al. 2020, footnotes 1 and 2).

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        reference: ``"all"``, or ``"unpruned"`` for the reference models alone, as the survey's published figure did.
        corrected: Whether to apply the corpus's corrections.
    """
    corpus = chosen(corpus, collection)
    return baselines_of(all_completed(corpus, corrected), corpus, reference)


def baselines_of(table: pd.DataFrame, corpus: Corpus, reference: Reference) -> pd.DataFrame:
    """As :func:`baselines`, for rows already completed, those without operating points included."""
    models = reference_models(corpus).melt(KEY, list(QUANTITIES), "quantity", "value").dropna().assign(papers=0)
    said = table[table["origin"].ne("copied").fillna(True)]  # copied numbers start from other papers' models
    values = [models] if reference == "unpruned" else [of_papers(said), models]
    spread = (
        pd.concat(values)
        .groupby([*KEY, "quantity"], as_index=False)
        .agg(
            n=("value", "size"),
            n_papers=("papers", "sum"),
            median=("value", "median"),
            minimum=("value", "min"),
            maximum=("value", "max"),
        )
    )
    order = {name: at for at, name in enumerate(QUANTITIES)}
    units = {name: unit for name, (_, unit) in QUANTITIES.items()}
    return typed(
        spread.assign(unit=spread["quantity"].map(units), order=spread["quantity"].map(order)).sort_values(
            [*KEY, "order"], ignore_index=True
        ),
        BASELINES,
    )


def of_papers(table: pd.DataFrame) -> pd.DataFrame:
    """One value a paper, dataset, architecture and quantity: the median of the distinct values that it reports."""
    own = table[~table["sweep"]]
    values = [
        own[["paper_id", *KEY]]
        .assign(value=own[column].mask(_is_derived(own, column)))
        .dropna()
        .drop_duplicates()
        .groupby(["paper_id", *KEY], as_index=False)["value"]
        .median()
        .assign(quantity=quantity, papers=1)
        for quantity, (column, _) in QUANTITIES.items()
    ]
    return pd.DataFrame(pd.concat(values)).drop(columns="paper_id")


def _is_derived(table: pd.DataFrame, column: str) -> pd.Series[bool]:
    rule = table.get(f"{column}_rule", pd.Series(index=table.index, dtype="string"))
    return rule.isin(DERIVED)
