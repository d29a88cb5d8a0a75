"""Normalization: results as if every paper had pruned the same model (Blalock et al. 2020, section 3.3, footnote 1)."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.frames.baselines import CONFIGURATION
from prunelit.analysis.frames.columns import NUMBER, TEXT, WHAT, WHO, Column, columns_without, typed
from prunelit.analysis.frames.completed import COMPLETED

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


def normalize(completed: pd.DataFrame, baselines: pd.DataFrame) -> pd.DataFrame:
    """Operating points with what they would be, had every paper pruned the median model; columns :data:`NORMALIZED`.

    A normalized accuracy is the median unpruned accuracy plus the reported change, a normalized size or cost the median
    times the share kept.  Where one cannot be had, its rule says what is missing.

    Args:
        completed: Rows as of ``completed()``.
        baselines: Rows as of ``baselines()``.
    """
    medians = baselines.pivot_table(index=CONFIGURATION, columns="quantity", values="median")
    start = (
        completed[CONFIGURATION]
        .join(medians, on=CONFIGURATION)
        .reindex(columns=[base for base, *_ in RECIPES.values()])
    )
    cells: dict[str, pd.Series[float] | pd.Series[str]] = {}
    for name, (base, sign, part, _, _) in RECIPES.items():
        cells[name] = start[base] + completed[part] if sign == "+" else start[base] * completed[part]
        cells[f"{name}_rule"] = (
            pd.Series(f"median {sign} {part}", index=completed.index, dtype="string")
            .mask(start[base].isna(), NO_MEDIAN.format(base))
            .mask(completed[part].isna(), NO_PART.format(part))
            .mask(completed[f"{part}_rule"].str.startswith("missing: ", na=False), completed[f"{part}_rule"])
        )
    return typed(completed.assign(**cells), NORMALIZED)
