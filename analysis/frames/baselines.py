"""Baselines: the unpruned models that papers start from, and how far papers disagree about them.

A baseline belongs to a dataset and an architecture: the same architecture has other sizes and costs on images of
another size or with another number of classes, so that a median across datasets would be the size of no network at all.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from prunelit.analysis.frames.cache import once_for_equal
from prunelit.analysis.frames.columns import COUNT, NUMBER, SEE_UNIT, TEXT, Column, of_field, typed
from prunelit.schema.record import Experiment

Reference = Literal["all", "unpruned"]
REFERENCES = ("all", "unpruned")
"""What medians are taken over: papers and reference models, or reference models alone."""
CONFIGURATION = ["dataset", "architecture"]

QUANTITIES = {
    "top1": ("base_top1", "%"),
    "top5": ("base_top5", "%"),
    "params": ("base_params", "count"),
    "flops": ("base_multiply_adds", "count"),
}
"""Quantity of the unpruned model: the column that holds it, and its unit; FLOPs are multiply-adds throughout."""

DERIVED = {"top1 - top1_change", "top5 - top5_change"}
"""Rules by which a baseline follows from a result, so that the paper does not report it."""
_BASES = [base for base, _ in QUANTITIES.values()]
_ASKED = ["paper_id", "sweep", *CONFIGURATION, *_BASES, *(f"{base}_rule" for base in _BASES)]
"""The columns that say anything about unpruned models."""


BASELINES = (
    of_field(Experiment, "dataset"),
    of_field(Experiment, "architecture"),
    Column("quantity", TEXT, "", "top1, top5, params or flops (as multiply-adds), of the unpruned model."),
    Column("unit", TEXT, "", "Unit of the numbers."),
    Column("n", COUNT, "count", "Number of values: papers and reference models."),
    Column("n_papers", COUNT, "count", "Number of papers among them."),
    Column(
        "median", NUMBER, SEE_UNIT, "Median of the values, one a paper or reference model.",
        "Blalock et al. 2020, section 3.3, footnote 1",
    ),
    Column("minimum", NUMBER, SEE_UNIT, "Smallest value."),
    Column("maximum", NUMBER, SEE_UNIT, "Largest value."),
)  # fmt: skip
"""Columns of ``baselines()``: one row a dataset, architecture and quantity."""


def baselines_table(table: pd.DataFrame, reference_models: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """One row a dataset, architecture and quantity of the unpruned model, with median, minimum and maximum.

    One value a paper (the median of its own values) and one a reference model (Blalock et al. 2020, footnotes 1 and 2).

    Args:
        table: Completed rows, those without operating points included.
        reference_models: Rows as of ``reference_models()``.
        reference: ``"all"``, or ``"unpruned"`` for the reference models alone, as the survey's published figure did.
    """
    models = reference_models[[*CONFIGURATION, *QUANTITIES]]
    if reference == "unpruned":
        return _medians(models, None)
    said = table[table["origin"].ne("copied").fillna(True)]  # copied numbers start from other papers' models
    return _medians(models, said[[name for name in _ASKED if name in said]])


@once_for_equal
def _medians(models: pd.DataFrame, said: pd.DataFrame | None) -> pd.DataFrame:
    """The medians over reference models, and over what papers say of theirs."""
    listed = models.melt(CONFIGURATION, list(QUANTITIES), "quantity", "value").dropna().assign(papers=0)
    values = [listed] if said is None else [of_papers(said), listed]
    spread = (
        pd.concat(values)
        .groupby([*CONFIGURATION, "quantity"], as_index=False)
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
            [*CONFIGURATION, "order"], ignore_index=True
        ),
        BASELINES,
    )


def of_papers(table: pd.DataFrame) -> pd.DataFrame:
    """One value a paper, dataset, architecture and quantity: the median of the distinct values that it reports."""
    own = table[~table["sweep"]]
    values = [
        own[["paper_id", *CONFIGURATION]]
        .assign(value=own[column].mask(_is_derived(own, column)))
        .dropna()
        .drop_duplicates()
        .groupby(["paper_id", *CONFIGURATION], as_index=False)["value"]
        .median()
        .assign(quantity=quantity, papers=1)
        for quantity, (column, _) in QUANTITIES.items()
    ]
    return pd.DataFrame(pd.concat(values)).drop(columns="paper_id")


def _is_derived(table: pd.DataFrame, column: str) -> pd.Series[bool]:
    rule = table.get(f"{column}_rule", pd.Series(index=table.index, dtype="string"))
    return rule.isin(DERIVED)
