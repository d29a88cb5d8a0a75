"""Baselines: the unpruned models that papers start from, and how far papers disagree about them.

A baseline belongs to a dataset and an architecture: the same architecture has other sizes and costs on images of
another size or with another number of classes, so that a median across datasets would be the size of no network at all.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
import pandas as pd
from narwhals import col

from prunelit.analysis.frames.cache import once_for_equal
from prunelit.analysis.frames.columns import COUNT, NUMBER, SEE_UNIT, TEXT, Column, of_field, typed
from prunelit.analysis.frames.lazy import Hold, Lazy, Table, as_given, as_it_is, in_engine_of, lazy
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
    said = not_copied(table)
    return _medians(models, said[[name for name in _ASKED if name in said]])


@once_for_equal
def _medians(models: pd.DataFrame, said: pd.DataFrame | None) -> pd.DataFrame:
    """The medians over reference models, and over what papers say of theirs."""
    spread = as_given(spreads(said, models), models)
    order = {name: at for at, name in enumerate(QUANTITIES)}
    units = {name: unit for name, (_, unit) in QUANTITIES.items()}
    return typed(
        spread.assign(unit=spread["quantity"].map(units), order=spread["quantity"].map(order)).sort_values(
            [*CONFIGURATION, "order"], ignore_index=True
        ),
        BASELINES,
    )


def spreads(said: object, models: pd.DataFrame, hold: Hold = as_it_is) -> Lazy:
    """How many values each quantity of each dataset and architecture has, their median, minimum and maximum.

    Args:
        said: What papers say of their unpruned models, as of :func:`not_copied`, a table of any engine; None to leave
            papers out.
        models: Reference models.
        hold: What is done with the distinct values of papers, see :mod:`prunelit.analysis.frames.lazy`.
    """
    melted = models.melt(CONFIGURATION, list(QUANTITIES), "quantity", "value").dropna().assign(papers=0)
    listed = melted[[*CONFIGURATION, "value", "quantity", "papers"]]
    values = lazy(listed)
    if said is not None:
        reported = _values_of_papers(lazy(said), hold)
        values = nw.concat([reported, in_engine_of(reported, listed)])
    return values.group_by(*CONFIGURATION, "quantity").agg(
        col("value").count().alias("n"),
        col("papers").sum().alias("n_papers"),
        col("value").median().alias("median"),
        col("value").min().alias("minimum"),
        col("value").max().alias("maximum"),
    )


def not_copied(table: Table) -> Table:
    """The rows whose numbers start from the paper's own models: copied ones start from other papers'."""
    return as_given(lazy(table).filter(col("origin").is_null() | (col("origin") != "copied")), table)


def of_papers(table: pd.DataFrame) -> pd.DataFrame:
    """One value a paper, dataset, architecture and quantity: the median of the distinct values that it reports."""
    return as_given(_values_of_papers(lazy(table), as_it_is), table)


def _values_of_papers(frame: Lazy, hold: Hold) -> Lazy:
    ruled = frame.collect_schema().names()
    bases = [_reported(base, f"{base}_rule" in ruled).alias(base) for base in _BASES]
    own = hold(frame.filter(~col("sweep")).select("paper_id", *CONFIGURATION, *bases).unique())
    return nw.concat([_of_papers(own, quantity) for quantity in QUANTITIES])


def _of_papers(own: Lazy, quantity: str) -> Lazy:
    base, _ = QUANTITIES[quantity]
    of_each = ["paper_id", *CONFIGURATION]
    values = own.select(*of_each, col(base).alias("value")).drop_nulls().unique()
    medians = values.group_by(of_each).agg(col("value").median())
    return medians.select(
        *CONFIGURATION, "value", nw.lit(quantity).alias("quantity"), nw.lit(1, nw.Int64).alias("papers")
    )


def _reported(base: str, ruled: bool) -> nw.Expr:
    """A quantity of the unpruned model where the paper reports it."""
    return nw.when(~col(f"{base}_rule").is_in(DERIVED)).then(col(base)) if ruled else col(base)
