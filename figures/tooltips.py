"""Tooltips: names, then numbers with their units, then where they stand."""

from __future__ import annotations

from typing import Any

import altair as alt


class _Line(alt.Tooltip):
    """A line of a tooltip that charts share: Altair would copy it again for each chart around it."""

    def __deepcopy__(self, memo: Any) -> _Line:
        return self


def tip(field: str, name: str, format: str = "") -> alt.Tooltip:
    """One line of a tooltip; numbers take a d3 format."""
    return _Line(f"{field}:Q", title=name, format=format) if format else _Line(f"{field}:N", title=name)


PAPER_TOOLTIP = [
    tip("paper", "Paper"),
    tip("title", "Title"),
    tip("venue", "Venue"),
    tip("year", "Year"),
]
METHOD = [*PAPER_TOOLTIP[:2], tip("method_label", "Method")]
WHERE = [tip("dataset", "Dataset"), tip("architecture", "Architecture")]
SOURCE = [tip("source", "Source")]
