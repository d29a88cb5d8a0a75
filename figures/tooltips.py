"""Tooltips: names, then numbers with their units, then where they stand."""

from __future__ import annotations

import altair as alt


def tip(field: str, name: str, format: str = "") -> alt.Tooltip:
    """One line of a tooltip; numbers take a d3 format."""
    return alt.Tooltip(f"{field}:Q", title=name, format=format) if format else alt.Tooltip(f"{field}:N", title=name)


PAPER_TOOLTIP = [
    tip("paper", "Paper"),
    tip("title", "Title"),
    tip("venue", "Venue"),
    tip("year", "Year"),
]
METHOD = [*PAPER_TOOLTIP[:2], tip("method_label", "Method")]
WHERE = [tip("dataset", "Dataset"), tip("architecture", "Architecture")]
SOURCE = [tip("source", "Source")]
