"""Table of a release: its rows, what they mean, and what each column means."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prunelit.analysis.frames.columns import Column


@dataclass(frozen=True, slots=True, eq=False)
class ReleasedTable:
    """A table, its columns in order, and a sentence that says what a row is."""

    name: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    meaning: str

    @property
    def names(self) -> list[str]:
        """Names of its columns."""
        return [one.name for one in self.columns]


def described(column: Column) -> str:
    """What a column means, with its unit if it has one.

    Example:
        >>> described(Column("top1", "float64", "%", "Top-1 accuracy."))
        'Top-1 accuracy. [%]'
    """
    return f"{column.meaning} [{column.unit}]" if column.unit else column.meaning
