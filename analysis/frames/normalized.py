"""Normalization: results as if every paper had pruned the same model (Blalock et al. 2020, section 3.3, footnote 1)."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
from narwhals import col

from prunelit.analysis.frames.baselines import CONFIGURATION
from prunelit.analysis.frames.columns import NUMBER, TEXT, WHAT, WHO, Column, columns_without
from prunelit.analysis.frames.completed import COMPLETED
from prunelit.analysis.frames.lazy import Lazy, Table, as_given, first_of, in_engine_of, lazy, looked_up, with_cells

_SOURCE = "Blalock et al. 2020, section 3.3, footnote 1"
RECIPES = {
    "normalized_top1": ("top1", "+", "top1_change", "%", "Top-1 accuracy"),
    "normalized_top5": ("top5", "+", "top5_change", "%", "Top-5 accuracy"),
    "normalized_params": ("params", "x", "params_kept", "count", "Parameters"),
    "normalized_multiply_adds": ("flops", "x", "flops_kept", "count", "Multiply-adds"),
}
"""Normalized quantity: the median it starts from, what is done with which completed quantity, its unit and its name."""
NO_MEDIAN = "missing: no unpruned model of this dataset and architecture is known by its {}"
NO_PART = "missing: {} is unknown"

NORMALIZED = (
    *WHO,
    *WHAT,
    *(
        Column(name, NUMBER, unit, f"{said} as if the median model had been pruned: median {sign} {part}.", _SOURCE)
        for name, (_, sign, part, unit, said) in RECIPES.items()
    ),
    *(
        Column(f"{name}_rule", TEXT, "", f"How {name} came about, or what is missing.", "analysis.frames.normalized")
        for name in RECIPES
    ),
    *columns_without(COMPLETED, *(column.name for column in (*WHO, *WHAT))),
)
"""Columns of ``normalized()``: one row an operating point; as ``completed()``, with the normalized quantities."""


def normalize(completed: Table, baselines: Lazy | pd.DataFrame) -> Table:
    """Operating points with what they would be, had every paper pruned the median model; columns :data:`NORMALIZED`.

    A normalized accuracy is the median unpruned accuracy plus the reported change, a normalized size or cost the median
    times the share kept.  Where one cannot be had, its rule says what is missing.

    Args:
        completed: Rows as of ``completed()``, a table of any engine.
        baselines: Rows as of ``baselines()``.
    """
    medians = [
        nw.when(col("quantity") == base).then(col("median")).alias(_median(base)) for base, *_ in RECIPES.values()
    ]
    frame = lazy(completed)
    found = in_engine_of(frame, baselines).select(*CONFIGURATION, *medians).group_by(CONFIGURATION)
    starts = found.agg(*(col(_median(base)).max() for base, *_ in RECIPES.values()))
    parts = [part for _, _, part, *_ in RECIPES.values()]
    read = (*CONFIGURATION, *parts, *(f"{part}_rule" for part in parts))
    cells = [cell for name in RECIPES for cell in _normalized(name)]
    frame = with_cells(frame, read, lambda rows: looked_up(rows, starts, CONFIGURATION).with_columns(*cells))
    return as_given(frame.select(*(column.name for column in NORMALIZED)), completed)


def _median(base: str) -> str:
    return f"median {base}"


def _normalized(name: str) -> tuple[nw.Expr, nw.Expr]:
    """A normalized quantity, and its rule."""
    base, sign, part, *_ = RECIPES[name]
    start, because = col(_median(base)), col(f"{part}_rule")
    value = start + col(part) if sign == "+" else start * col(part)
    rule = first_of(
        (because.str.starts_with("missing: "), because),
        (col(part).is_null(), NO_PART.format(part)),
        (start.is_null(), NO_MEDIAN.format(base)),
        (~start.is_null(), f"median {sign} {part}"),
    )
    return value.alias(name), rule.alias(f"{name}_rule")
