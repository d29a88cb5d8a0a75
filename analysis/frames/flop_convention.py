"""Convention by which a paper counts operations: a multiply-add as one, or as two.

Where a paper does not say, its unpruned count is held against the architecture's known multiply-adds, the median of the
reference models.  A ratio near 1 or 2 settles it; any other ratio is undecidable.  Where the architecture's
multiply-adds are not known, a paper whose decided results all agree is taken to count its other networks in the same
way.
"""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.frames.columns import NUMBER, TEXT, Column

MULTIPLY_ADDS, BOTH = "multiply_adds", "multiplies_and_adds"
_TOLERANCE = 0.15
"""A ratio counts as near 1 or 2 within this relative distance."""

STATED = "stated by the paper"
BY_ARCHITECTURE = "inferred from the architecture"
BY_PAPER = "inferred from the paper's other results"
UNDECIDABLE = "undecidable"

_HERE = "analysis.frames.flop_convention"
CONVENTION = (
    Column(
        "flop_convention", TEXT, "",
        "multiply_adds or multiplies_and_adds: how the paper counts operations.", _HERE,
    ),
    Column(
        "flop_convention_rule", TEXT, "",
        f"{STATED}, {BY_ARCHITECTURE}, {BY_PAPER}, or {UNDECIDABLE}.", _HERE,
    ),
    Column("base_multiply_adds", NUMBER, "count", "Multiply-adds before pruning.", _HERE),
)  # fmt: skip
"""Columns that say how a paper counts."""


def with_convention(table: pd.DataFrame, reference_models: pd.DataFrame) -> pd.DataFrame:
    """The table with ``flop_convention`` filled, ``flop_convention_rule``, and ``base_multiply_adds``.

    Args:
        table: Rows with ``paper_id``, ``dataset``, ``architecture``, ``base_flops``, ``flops`` and ``flop_convention``.
        reference_models: Rows as of ``reference_models()``.
    """
    stated = table["flop_convention"]
    counts = table["base_flops"].notna() | table["flops"].notna()
    ratio = _ratio_to_known(table, reference_models)
    by_architecture = _by_architecture(ratio)
    decided = stated.fillna(by_architecture)
    of_paper = table["paper_id"].map(_unanimous(table["paper_id"], decided)).astype("string")
    by_paper = of_paper.where(ratio.isna() | by_architecture.notna())
    rule = (
        pd.Series(UNDECIDABLE, index=table.index, dtype="string")
        .mask(by_paper.notna(), BY_PAPER)
        .mask(by_architecture.notna(), BY_ARCHITECTURE)
        .mask(stated.notna(), STATED)
        .where(counts | stated.notna())
    )
    convention = decided.fillna(by_paper).where(rule.notna())
    factor = convention.map({MULTIPLY_ADDS: 1.0, BOTH: 0.5}).astype("float64")
    return table.assign(
        flop_convention=convention,
        flop_convention_rule=rule,
        base_multiply_adds=table["base_flops"] * factor,
    )


def known_multiply_adds(reference_models: pd.DataFrame) -> pd.Series[float]:
    """The multiply-adds of each (dataset, architecture): the median of the reference models."""
    return reference_models.groupby(["dataset", "architecture"])["flops"].median().dropna()


def _ratio_to_known(table: pd.DataFrame, reference_models: pd.DataFrame) -> pd.Series[float]:
    """The unpruned count over the known multiply-adds of the dataset and architecture."""
    known = known_multiply_adds(reference_models).rename("known")
    return table["base_flops"] / table.join(known, on=["dataset", "architecture"])["known"]


def _by_architecture(ratio: pd.Series[float]) -> pd.Series[str]:
    return (
        pd.Series(pd.NA, index=ratio.index, dtype="string")
        .mask(ratio.between(1 - _TOLERANCE, 1 + _TOLERANCE), MULTIPLY_ADDS)
        .mask((ratio / 2).between(1 - _TOLERANCE, 1 + _TOLERANCE), BOTH)
    )


def _unanimous(paper: pd.Series[str], convention: pd.Series[str]) -> dict[str, str]:
    """The convention of each paper whose decided rows agree on one."""
    found = convention.groupby(paper).agg(lambda values: values.dropna().unique().tolist())
    return {str(key): values[0] for key, values in found.items() if len(values) == 1}
