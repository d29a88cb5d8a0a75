"""Keys of tables: the columns that name a row, and those that name rows of other tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

POINT_KEY = ("paper_id", "experiment", "curve", "point")
"""What names an operating point."""
PRIMARY_KEYS: dict[str, tuple[str, ...]] = {
    "papers": ("paper_id",),
    "completed": POINT_KEY,
    "normalized": POINT_KEY,
    "evidence": POINT_KEY,
    "layer_widths": (*POINT_KEY, "layer"),
    "baselines": ("dataset", "architecture", "quantity"),
    "reference_models": ("source", "dataset", "architecture"),
    "comparisons": ("paper_id", "compared_id", "kind"),
    "tradeoffs": ("dataset", "architecture", "quality", "efficiency", "paper_id", "other_id"),
    "comparable_pairs": ("paper_a", "paper_b"),
    "comparable_pairs_by_setup": ("setup",),
    "checklist": ("paper_id", "item"),
    "claims": ("claim",),
    "conclusions": ("paper_id", "claim"),
    "plan": ("step",),
    "field_plan": ("choice", "experiments"),
    "synthesis_networks": ("dataset", "architecture"),
    "data_dictionary": ("table", "column"),
}
"""Columns that name a row, none of them ever missing; the other tables have no such columns."""
UNIQUE_KEYS: dict[str, tuple[str, ...]] = {"results": POINT_KEY}
"""Columns that name a row where none of them is missing: an experiment without numbers has no points."""
_WHOLE_OF = {
    "completed": "results",
    "normalized": "completed",
    "evidence": "normalized",
    "measurements": "completed",
    "evidence_long": "evidence",
    "layer_widths": "results",
}
"""The table that has the operating points which a table's rows are of."""
_PAPERS = (
    "paper_id", "compared_id", "other_id", "other_paper_id", "paper_a", "paper_b", "proposed_by", "copied_from",
)  # fmt: skip
"""Columns that hold the id of a paper, in whichever table."""


def key_faults(table: str, frame: pd.DataFrame) -> Iterator[str]:
    """What is wrong with the key of a table: rows that it does not name, or two of them alike.

    Args:
        table: Name of the table.
        frame: Its rows.
    """
    key = [*PRIMARY_KEYS.get(table, UNIQUE_KEYS.get(table, ()))]
    if missing := [name for name in key if name not in frame]:
        yield f"it lacks columns of its key: {', '.join(missing)}"
        return
    if table in PRIMARY_KEYS and frame[key].isna().any(axis=None):
        yield f"its key is missing in a row: {', '.join(key)}"
    if key and frame[key].dropna().duplicated().any():
        yield f"two rows have the same key: {', '.join(key)}"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values are those of columns of another table in some row."""

    columns: tuple[str, ...]
    table: str
    referenced: tuple[str, ...]


def foreign_keys(table: str, columns: Iterable[str]) -> list[ForeignKey]:
    """What the rows of a table refer to: papers, and operating points of the table that they are made of.

    Args:
        table: Name of the table.
        columns: Names of its columns.
    """
    ids = [] if table == "papers" else [name for name in columns if name in _PAPERS]
    points = [ForeignKey(POINT_KEY, _WHOLE_OF[table], POINT_KEY)] if table in _WHOLE_OF else []
    return [*(ForeignKey((name,), "papers", ("paper_id",)) for name in ids), *points]
