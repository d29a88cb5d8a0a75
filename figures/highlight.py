"""Highlighting: the pointer on one point of a method fades all others, in every panel."""

from __future__ import annotations

import altair as alt

_HOVER = "hover"
SELECT = alt.PointSelectionConfig(type="point", fields=["method_label"], on="pointerover", clear="pointerout")
_SHOWN, FADED = 0.9, 0.08
FADING = [
    channel(FADED, condition={"param": _HOVER, "value": _SHOWN})
    for channel in (alt.FillOpacityValue, alt.StrokeOpacityValue)
]
"""Encodings of a mark that fades while another method is pointed at."""


def highlighted(chart: alt.VConcatChart, views: list[str]) -> alt.VConcatChart:
    """The chart, with the selection that :data:`FADING` asks for, in all of these views."""
    chart.params = [alt.TopLevelSelectionParameter(name=_HOVER, select=SELECT, views=views)]
    return chart
