"""Theoretical speedups are seldom reached by the clock

Above the diagonal, a network became faster than its operations say; nearly everything lies below it.

Each mark is a pruned network of which a source gives operations before and after, and a time, a throughput or a
measured speedup, on the same hardware before and after. Theoretical speedup is the ratio of operations. Bars reach one
standard deviation where the source gives one for the pruned network, which few do. Colours are sources; the hardware is
in the tooltips. Networks of our own evaluations appear once they were timed on an idle machine.

Alt: A scatter plot of measured against theoretical speedup with a diagonal. Marks lie below the diagonal, but for eight
of one source; many networks with half of the operations are 1.2 to 1.8 times faster.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.figures.papers import paper_tooltips
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.series import by_name
from prunelit.figures.theme import GREY
from prunelit.figures.tooltips import METHOD, SOURCE, WHERE, tip

PLACE = 162
ON_REQUEST = True
HOME = ALL

_KEY = ["paper_id", "experiment", "curve", "point"]
_MEASURED = "measured_speedup"
_TIMED = ("latency", "throughput", _MEASURED)
_TOOLTIP = [
    *METHOD, *WHERE, tip("hardware", "Hardware"), tip("batch_size", "Batch size", "d"), tip("metric", "Measured"),
    tip("speedup", "Theoretical speedup", ".2f"), tip("measured", "Measured speedup", ".2f"), *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a measurement whose network has a theoretical speedup, too; of all records always."""
    everything = dataset.of(None)
    timed = everything.measurements()
    timed = timed[timed["metric"].isin(_TIMED)]
    counted = everything.completed()[[*_KEY, "speedup"]].dropna()
    both = timed.merge(counted, on=_KEY)
    measured = _measured(both, both["value"])
    deviation = both["std"].astype("float64")
    ends = [_measured(both, both["value"] + sign * deviation) for sign in (-1, 1)]
    labels = paper_tooltips(everything)[["paper_id", "paper", "title"]]
    shown = both.assign(
        measured=measured, low=pd.concat(ends, axis=1).min(axis=1), high=pd.concat(ends, axis=1).max(axis=1),
        device=both["device_class"], source=both["locator"],
    ).dropna(subset=["measured"])  # fmt: skip
    joined = shown.merge(labels, on="paper_id", how="left")
    names = ["paper_id", "paper", "title", "method_label", "dataset", "architecture", "device", "hardware", "metric"]
    told = [*names, "batch_size", "speedup", "measured", "low", "high", "source"]
    return joined[told].sort_values(["device", "paper_id", "speedup", "measured"], ignore_index=True)


def _measured(rows: pd.DataFrame, value: pd.Series[float]) -> pd.Series[float]:
    """How many times faster: of a time the old by the new, of a throughput the new by the old."""
    before = rows["base_value"].astype("float64")
    ratio = (value / before).where(rows["direction"].eq("higher"), before / value)
    return ratio.mask(rows["metric"].eq(_MEASURED), value).astype("float64")


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """Measured against theoretical speedup."""
    both = pd.concat([data["speedup"], data["measured"]])
    low, high = 0.9 * float(both.min()), 1.1 * float(both.max())
    scale = alt.Scale(type="log", base=2, domain=[low, high], nice=False)
    axis = alt.Axis(values=[0.5, 1, 2, 4, 8, 16], labelExpr="datum.value + '×'")
    x = alt.X("speedup:Q", title="Theoretical speedup", scale=scale, axis=axis)
    y = alt.Y("measured:Q", title="Measured speedup", scale=scale, axis=axis)
    colours, shapes = by_name(tuple(data["paper"].drop_duplicates().sort_values()))
    legend = alt.Legend(title=None, orient="right")
    hue, shape = alt.Color("paper:N", scale=colours, legend=legend), alt.Shape("paper:N", scale=shapes, legend=legend)
    here = alt.Chart(DRAWN_ROWS)
    line = here.transform_aggregate(rows="count()").mark_rule(strokeDash=[4, 3], color=GREY)
    diagonal = line.encode(x=alt.datum(low), x2=alt.datum(high), y=alt.datum(low), y2=alt.datum(high))
    bars = here.transform_filter("isValid(datum.low)").mark_rule(opacity=0.7)
    spread = bars.encode(x, alt.Y("low:Q", scale=scale), alt.Y2("high:Q"), hue)
    marks = here.mark_point(filled=True, size=40, opacity=0.8).encode(x, y, hue, shape, tooltip=_TOOLTIP)
    layers: alt.LayerChart = diagonal + spread + marks
    return layers.properties(width=560, height=460)
