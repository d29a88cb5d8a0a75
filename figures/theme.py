"""Theme: what all figures look like.

Text is set in Liberation Sans, which the converter brings along, so that a figure has the same bytes on every machine;
browsers may fall back to Arial, which is as wide.  Categories take colours of Okabe & Ito 2008, years those of viridis.
"""

from __future__ import annotations

from typing import Any

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, GREY, FAINT = "#222222", "#6b6b6b", "#e6e6e6"
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
SERIES = [BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK, "#882255", "#8A8A00", "#6b6b6b", "#332288"]
YEARS = ["#440154", "#482475", "#414487", "#355F8D", "#2A788E", "#21918C", "#22A884", "#44BF70", "#7AD151", "#B5C926"]

CONFIG: dict[str, Any] = {
    "background": "white",
    "padding": 12,
    "font": FONT,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 17,
        "fontWeight": "bold",
        "color": INK,
        "subtitleFontSize": 13,
        "subtitleColor": GREY,
        "subtitlePadding": 5,
        "offset": 16,
    },
    "axis": {
        "labelFontSize": 11,
        "labelColor": GREY,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": INK,
        "titlePadding": 8,
        "grid": True,
        "gridColor": FAINT,
        "domainColor": "#9a9a9a",
        "tickColor": "#9a9a9a",
        "tickSize": 4,
        "labelFlush": False,
    },
    "legend": {
        "labelFontSize": 11,
        "labelColor": INK,
        "labelLimit": 260,
        "titleFontSize": 11,
        "titleFontWeight": "bold",
        "titleColor": INK,
        "titleLimit": 400,
        "symbolSize": 60,
    },
    "text": {"font": FONT, "fontSize": 11, "color": INK},
    "point": {"size": 45},
}
"""Vega-Lite configuration of every figure."""
