"""Which results does the survey leave out of which part of its analysis?"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

Part: TypeAlias = Literal["counts", "figure1", "figure3", "figure4", "figure5", "beats"]
"""A part of the survey's analysis; ``counts`` are its counts of datasets, architectures and pairs."""


def kept_in(table: pd.DataFrame, part: Part) -> pd.DataFrame:
    """The rows that count in a part of the survey's analysis, sweeps included.

    Args:
        table: Rows with ``excluded``, the parts they are left out of, joined by semicolons.
        part: The part.
    """
    left_out = [part in parts.split("; ") for parts in table["excluded"].fillna("")]
    return table[~np.array(left_out, dtype=bool)]


def headline(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that are no released sweep."""
    return table[~table["sweep"].astype(bool)]
