"""Rows of a figure as its chart holds them: once, by name, however many panels draw them."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

ROWS_NAME = "rows"
DRAWN_ROWS = alt.NamedData(name=ROWS_NAME)
"""What every panel and layer of a figure draws."""


def records(data: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them; what is missing is null."""
    known = data.astype(object).where(data.notna(), None)
    return [dict(zip(known.columns, row, strict=True)) for row in known.itertuples(index=False, name=None)]
