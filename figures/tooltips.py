"""Tooltips: names, then numbers with their units, then where they stand."""

from __future__ import annotations

import altair as alt


def entry(field: str, name: str, format: str = "") -> alt.Tooltip:
    """One line of a tooltip; numbers take a d3 format."""
    return alt.Tooltip(f"{field}:Q", title=name, format=format) if format else alt.Tooltip(f"{field}:N", title=name)


PAPER = [entry("paper", "Paper"), entry("title", "Title"), entry("venue", "Venue"), entry("year", "Year")]
METHOD = [*PAPER[:2], entry("method_label", "Method")]
WHERE = [entry("dataset", "Dataset"), entry("architecture", "Architecture")]
SOURCE = [entry("source", "Source")]
