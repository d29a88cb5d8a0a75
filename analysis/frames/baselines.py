"""Baselines: the unpruned models that papers start from, and how far papers disagree about them.

A baseline belongs to a dataset and an architecture: the same architecture has other sizes and costs on images of
another size or with another number of classes, so that a median across datasets would be the size of no network at all.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import narwhals as nw
import pandas as pd
from narwhals import col

from prunelit.analysis.frames.cache import once_for_equal
from prunelit.analysis.frames.columns import COUNT, NUMBER, SEE_UNIT, TEXT, Column, columns_named, of_field, typed
from prunelit.analysis.frames.completed import COMPLETED
from prunelit.analysis.frames.lazy import Lazy, Table, as_given, in_engine_of, lazy
from prunelit.schema.record import Experiment

Reference: TypeAlias = Literal["all", "unpruned"]
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


UNPRUNED = columns_named(COMPLETED, "origin", *(name for name in _ASKED if name in {one.name for one in COMPLETED}))
"""Columns of what completed rows say of unpruned models."""


def unpruned_rows(table: pd.DataFrame) -> pd.DataFrame:
    """What rows say of unpruned models, each combination of values of a paper once; columns :data:`UNPRUNED`.

    Args:
        table: Completed rows, those without operating points included.
    """
    return table[[one.name for one in UNPRUNED]].drop_duplicates(ignore_index=True)


def baselines_table(table: pd.DataFrame, reference_models: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """One row a dataset, architecture and quantity of the unpruned model, with median, minimum and maximum.

    One value a paper (the median of its own values) and one a reference model (Blalock et al. 2020, footnotes 1 and 2).

    Args:
        table: Rows as of :func:`unpruned_rows`, or the completed rows themselves.
        reference_models: Rows as of ``reference_models()``.
        reference: ``"all"``, or ``"unpruned"`` for the reference models alone, as the survey's published figure did.
    """
    models = reference_models[[*CONFIGURATION, *QUANTITIES]]
    if reference == "unpruned":
        return _medians(models, None)
    asked = [name for name in _ASKED if name in table]
    return _medians(models, not_copied(table[[*asked, "origin"]])[asked])


@once_for_equal
def _medians(models: pd.DataFrame, said: pd.DataFrame | None) -> pd.DataFrame:
    """The medians over reference models, and over what papers say of theirs."""
    spread = as_given(spreads(None if said is None else lazy(distinct_values(said)), models), models)
    order = {name: at for at, name in enumerate(QUANTITIES)}
    units = {name: unit for name, (_, unit) in QUANTITIES.items()}
    return typed(
        spread.assign(unit=spread["quantity"].map(units), order=spread["quantity"].map(order)).sort_values(
            [*CONFIGURATION, "order"], ignore_index=True
        ),
        BASELINES,
    )


def spreads(said: Lazy | None, models: pd.DataFrame) -> Lazy:
    """How many values each quantity of each dataset and architecture has, their median, minimum and maximum.

    Args:
        said: What papers say of their unpruned models, as of :func:`distinct_values`; None to leave papers out.
        models: Reference models.
    """
    melted = models.melt(CONFIGURATION, list(QUANTITIES), "quantity", "value").dropna().assign(papers=0)
    values = lazy(melted[[*CONFIGURATION, "value", "quantity", "papers"]])
    if said is not None:
        reported = _of_each_paper(said)
        values = nw.concat([reported, in_engine_of(reported, values)])
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
    return as_given(_of_each_paper(lazy(distinct_values(table))), table)


def distinct_values(table: Table) -> Table:
    """What the rows say of unpruned models, each combination of values of a paper once."""
    frame = lazy(table)
    ruled = frame.collect_schema().names()
    bases = [_reported(base, f"{base}_rule" in ruled).alias(base) for base in _BASES]
    return as_given(frame.filter(~col("sweep")).select("paper_id", *CONFIGURATION, *bases).unique(), table)


def _of_each_paper(said: Lazy) -> Lazy:
    return nw.concat([_of_quantity(said, quantity, base) for quantity, (base, _) in QUANTITIES.items()])


def _of_quantity(said: Lazy, quantity: str, base: str) -> Lazy:
    of_each = ["paper_id", *CONFIGURATION]
    values = said.select(*of_each, col(base).alias("value")).drop_nulls().unique()
    medians = values.group_by(of_each).agg(col("value").median())
    one = nw.lit(1, nw.Int64).alias("papers")
    return medians.select(*CONFIGURATION, "value", nw.lit(quantity).alias("quantity"), one)


def _reported(base: str, ruled: bool) -> nw.Expr:
    """A quantity of the unpruned model where the paper reports it."""
    return nw.when(~col(f"{base}_rule").is_in(DERIVED)).then(col(base)) if ruled else col(base)
