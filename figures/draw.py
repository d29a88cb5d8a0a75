"""Drawing of a figure: its specification and its SVG."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import vl_convert
from altair.utils.schemapi import debug_mode

from prunelit.analysis.load import UnknownNameError
from prunelit.figures.captions import Caption
from prunelit.figures.figure import Figure
from prunelit.figures.registry import FIGURES
from prunelit.figures.rows import ROWS_NAME, records
from prunelit.figures.theme import CONFIG


def figure_named(name: str) -> Figure:
    """The figure of a name.

    Raises:
        UnknownNameError: if there is none; it tells the nearest name.
    """
    if name not in FIGURES:
        raise UnknownNameError("figure", name, FIGURES)
    return FIGURES[name]


def specification(figure: Figure, data: pd.DataFrame, said: Caption) -> str:
    """A figure as Vega-Lite in JSON: its chart, its rows, its title and the text in its place."""
    # Altair's own checks take longer than the drawing; the tests make them instead.
    with debug_mode(False):
        chart: dict[str, Any] = figure.chart(data).to_dict(validate=False)
    spec = chart | {
        "config": CONFIG,
        "title": {"text": said.title, "subtitle": said.reading},
        "description": said.alt,
        "datasets": {ROWS_NAME: records(data)},
    }
    return json.dumps(spec, ensure_ascii=False, allow_nan=False)


def svg(figure: Figure, data: pd.DataFrame, said: Caption) -> str:
    """A figure as SVG, converted in this process."""
    return vl_convert.vegalite_to_svg(specification(figure, data, said))
