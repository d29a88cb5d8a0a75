"""Convention by which a paper counts operations: a multiply-add as one, or as two.

Where a paper does not say, its unpruned count is held against the architecture's known multiply-adds, the median of the
reference models.  A ratio near 1 or 2 settles it; any other ratio is undecidable.  Where the architecture's
multiply-adds are not known, a paper whose decided results all agree is taken to count its other networks in the same
way.
"""

from __future__ import annotations

import narwhals as nw
import pandas as pd
from narwhals import col

from prunelit.analysis.frames.columns import NUMBER, TEXT, Column, stored
from prunelit.analysis.frames.lazy import Lazy, Table, as_given, first_of, lazy, looked_up, with_cells

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


def with_convention(table: Table, reference_models: pd.DataFrame, of_papers: Lazy | None = None) -> Table:
    """The table with ``flop_convention`` filled, ``flop_convention_rule``, and ``base_multiply_adds``.

    Args:
        table: Rows with ``paper_id``, ``dataset``, ``architecture``, ``base_flops``, ``flops`` and ``flop_convention``;
            a table of any engine.
        reference_models: Rows as of ``reference_models()``.
        of_papers: The convention of each paper, as of :func:`unanimous`, where these rows are not all of them.
    """
    counts = ("base_flops", "flops", "flop_convention")
    if isinstance(table, pd.DataFrame) and table[[*counts]].isna().all(axis=None):
        missing = {column.name: pd.Series(dtype=stored(column.dtype)) for column in CONVENTION}
        return table.assign(**missing).reset_index(drop=True)
    read = ("paper_id", "dataset", "architecture", *counts)
    return as_given(
        with_cells(lazy(table), read, lambda rows: _with_convention(rows, reference_models, of_papers)), table
    )


def _with_convention(frame: Lazy, reference_models: pd.DataFrame, of_papers: Lazy | None) -> Lazy:
    frame = _by_ratio(frame, reference_models)
    frame = looked_up(frame, unanimous(_decided(frame)) if of_papers is None else of_papers, ["paper_id"])
    follows = ~col(_BY_PAPER).is_null() & (col(_RATIO).is_null() | ~col(_BY_ARCHITECTURE).is_null())
    stated, counts = ~col("flop_convention").is_null(), ~col("base_flops").is_null() | ~col("flops").is_null()
    rule = first_of(
        (stated, STATED),
        (counts & ~col(_BY_ARCHITECTURE).is_null(), BY_ARCHITECTURE),
        (counts & follows, BY_PAPER),
        (counts, UNDECIDABLE),
    )
    frame = frame.with_columns(rule.alias("flop_convention_rule"))
    frame = frame.with_columns(_convention().alias("flop_convention"))
    counted = nw.when(col("flop_convention") == MULTIPLY_ADDS).then(col("base_flops"))
    frame = frame.with_columns(
        counted.when(col("flop_convention") == BOTH).then(col("base_flops") * 0.5).alias("base_multiply_adds")
    )
    return frame.drop(_KNOWN, _RATIO, _BY_ARCHITECTURE, _BY_PAPER)


def decided(table: Table, reference_models: pd.DataFrame) -> Table:
    """Which conventions the rows of each paper state, or are known by their architecture to follow; each once."""
    return as_given(_decided(_by_ratio(lazy(table), reference_models)), table)


def unanimous(decided: Lazy) -> Lazy:
    """The convention of each paper whose decided rows agree on one.

    Args:
        decided: Rows as of :func:`decided`, of all rows of the papers; the same more than once does no harm.
    """
    least, most = col(_BY_PAPER).min().alias("least"), col(_BY_PAPER).max().alias("most")
    found = decided.group_by("paper_id").agg(least, most).filter(col("least") == col("most"))
    return found.select("paper_id", col("least").alias(_BY_PAPER))


_KNOWN, _RATIO, _BY_ARCHITECTURE, _BY_PAPER = "known multiply-adds", "ratio", "by architecture", "by paper"
"""Columns on the way to the convention."""


def known_multiply_adds(reference_models: pd.DataFrame) -> pd.Series[float]:
    """The multiply-adds of each (dataset, architecture): the median of the reference models."""
    return reference_models.groupby(["dataset", "architecture"])["flops"].median().dropna()


def _decided(frame: Lazy) -> Lazy:
    convention = nw.coalesce(col("flop_convention"), col(_BY_ARCHITECTURE)).alias(_BY_PAPER)
    return frame.select("paper_id", convention).drop_nulls().unique()


def _by_ratio(frame: Lazy, reference_models: pd.DataFrame) -> Lazy:
    """The rows with the convention that the unpruned count over the known multiply-adds tells."""
    known = known_multiply_adds(reference_models).rename(_KNOWN).reset_index()
    frame = looked_up(frame, known, ["dataset", "architecture"])
    frame = frame.with_columns((col("base_flops") / col(_KNOWN)).alias(_RATIO))
    return frame.with_columns(_by_architecture().alias(_BY_ARCHITECTURE))


def _by_architecture() -> nw.Expr:
    return first_of(
        (col(_RATIO).is_between(1 - _TOLERANCE, 1 + _TOLERANCE), MULTIPLY_ADDS),
        ((col(_RATIO) / 2).is_between(1 - _TOLERANCE, 1 + _TOLERANCE), BOTH),
    )


def _convention() -> nw.Expr:
    """The convention by the rule."""
    return first_of(
        (col("flop_convention_rule") == STATED, col("flop_convention")),
        (col("flop_convention_rule") == BY_ARCHITECTURE, col(_BY_ARCHITECTURE)),
        (col("flop_convention_rule") == BY_PAPER, col(_BY_PAPER)),
    )
