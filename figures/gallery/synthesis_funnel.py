"""Whether uncertain studies find other differences than certain ones on one network

Each mark is a difference that a study reports minus what all studies of the pair find; certain ones stand above.

The comparison-adjusted funnel of Chaimani and Salanti 2012. Without small-study effects marks scatter evenly within the
lines, which hold 95 % of them where studies differ by chance alone; differences are turned so that the reference is
what is subtracted. Hollow marks are the only study of their pair: they lie on zero whatever they report, and tell
nothing. Standard errors that are assumed form rows, and tell little.

Alt: Marks below the tip of a triangle; nearly all are hollow and stand on its axis, in rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.analysis.synthesis.funnel import comparison_adjusted
from prunelit.figures.axes import ZERO
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.syntheses import (
    ASSUMED_DEVIATION,
    HALF_INTERVAL,
    REPORTED_DEVIATION,
    SIGNED_TICKS,
    difference,
    named_after,
    network_name,
    of_best_connected,
)
from prunelit.figures.theme import BLUE, ORANGE
from prunelit.figures.tooltips import tip

if TYPE_CHECKING:
    from prunelit.analysis.synthesis.field import Synthesis

PLACE = 220
ON_REQUEST = True
HOME = ALL
PAGE = "synthesis"
worded = named_after

_HUES = {REPORTED_DEVIATION: BLUE, ASSUMED_DEVIATION: ORANGE}
_SHAPES = {REPORTED_DEVIATION: "square", ASSUMED_DEVIATION: "circle"}
_TOOLTIP = [
    tip("study", "Study"), tip("method", "Method"), tip("other", "Minus"), tip("effect", "Difference", "+.2f"),
    tip("adjusted", "Minus that of all", "+.2f"), tip("standard_error", "Standard error", ".2f"),
    tip("studies", "Studies of the pair", "d"), tip("deviation", "Standard deviations"), tip("source", "Source"),
    tip("other_source", "Other source"),
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a contrast."""
    return of_best_connected(dataset, rows)


def rows(found: Synthesis) -> pd.DataFrame:
    """The contrasts with what they are beside the others of their pair, and both locators."""
    table = comparison_adjusted(found.contrasts, found.network)
    renamed = table.rename(
        columns={"treatment1": "method", "treatment2": "other", "locator1": "source", "locator2": "other_source"}
    )
    shown = renamed.assign(
        deviation=table["assumed"].map({True: ASSUMED_DEVIATION, False: REPORTED_DEVIATION}),
        alone=table["studies"] == 1,
        lower=-HALF_INTERVAL * table["standard_error"],
        upper=HALF_INTERVAL * table["standard_error"],
        title=f"{difference(found)} minus that of all studies of the pair",
        network=network_name(found),
    )
    names = ["study", "method", "other", "effect", "adjusted", "standard_error", "studies", "deviation", "alone"]
    return shown[[*names, "lower", "upper", "source", "other_source", "title", "network"]]


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """Marks in the funnel that standard errors alone would draw."""
    deep = float(data["standard_error"].max()) * 1.05
    reach = max(HALF_INTERVAL * deep, float(data["adjusted"].abs().max()) * 1.1)
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    axis = alt.Axis(labelExpr=SIGNED_TICKS, gridColor=ZERO)
    across: dict[str, Any] = {"title": data["title"].iloc[0], "scale": scale, "axis": axis}
    down: dict[str, Any] = {"title": "Standard error", "scale": alt.Scale(domain=[deep, 0], nice=False)}
    x, y = alt.X("adjusted:Q", **across), alt.Y("standard_error:Q", **down)
    kinds = [name for name in _HUES if (data["deviation"] == name).any()]
    legend = alt.Legend(title="Standard deviations", orient="top")
    colour, shape = (
        kind("deviation:N", scale=alt.Scale(domain=kinds, range=[of[one] for one in kinds]), legend=legend)
        for kind, of in ((alt.Color, _HUES), (alt.Shape, _SHAPES))
    )
    base = alt.Chart(DRAWN_ROWS, width=620, height=380)
    once = base.transform_aggregate(contrasts="count()")
    tip_of_funnel = (
        alt.XDatum(0, type="quantitative", **across),
        alt.YDatum(0, type="quantitative", **down),
    )
    sides = [
        once.mark_rule(color="#8a8a8a", strokeDash=[5, 4]).encode(
            *tip_of_funnel, alt.X2Datum(side * HALF_INTERVAL * deep), alt.Y2Datum(deep)
        )
        for side in (-1, 1)
    ]
    hollow = base.transform_filter("datum.alone").mark_point(size=60, strokeWidth=1.5, opacity=0.8)
    full = base.transform_filter("!datum.alone").mark_point(size=90, filled=True, opacity=1)
    marks = [one.encode(x, y, colour, shape, tooltip=_TOOLTIP) for one in (hollow, full)]
    return alt.LayerChart(layer=[*sides, *marks])
