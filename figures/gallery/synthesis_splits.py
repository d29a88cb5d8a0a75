"""Direct against indirect evidence on one network

Direct is what studies of a pair find, indirect what follows from all others, network both together; 95 % intervals.

Shown are the pairs for which there is both, those that agree least first, at most thirty. Numbers to the right are
p-values of their difference: a small one says that the studies of a pair and the rest of the literature disagree, by
more than standard errors and differences between studies explain.

Alt: A row for each pair of methods with three marks and intervals, those of indirect evidence being the widest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.load import ALL
from prunelit.analysis.synthesis.result import RANDOM
from prunelit.figures.axes import ZERO
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.syntheses import (
    HALF_INTERVAL,
    SIGNED_TICKS,
    difference,
    named_after,
    network_name,
    of_best_connected,
)
from prunelit.figures.theme import BLACK, BLUE, INK, ORANGE
from prunelit.figures.tooltips import tip

if TYPE_CHECKING:
    from prunelit.analysis.synthesis.field import Synthesis

PLACE = 210
ON_REQUEST = True
HOME = ALL
PAGE = "synthesis"
worded = named_after

WAYS_OF_EVIDENCE = ("direct", "indirect", "network")
MOST_PAIRS = 30
_HUES = dict(zip(WAYS_OF_EVIDENCE, (BLUE, ORANGE, BLACK), strict=True))
_SHAPES = dict(zip(WAYS_OF_EVIDENCE, ("square", "circle", "diamond"), strict=True))
_WIDTH = 520
_TOOLTIP = [
    tip("pair", "Pair"), tip("evidence", "Evidence"), tip("effect", "Difference", "+.2f"), tip("lower", "from", "+.2f"),
    tip("upper", "to", "+.2f"), tip("studies", "Studies of the pair", "d"), tip("share_direct", "Direct share", ".0%"),
    tip("p", "p-value of their difference", ".3f"),
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a pair and way of evidence."""
    return of_best_connected(dataset, rows)


def rows(found: Synthesis) -> pd.DataFrame:
    """The pairs with evidence of both ways, those that agree least first."""
    splits = found.network.splits.reset_index()
    table = splits[splits["model"] == RANDOM].dropna(subset=["difference"])
    table = table.assign(agreement=-table["z"].abs()).sort_values("agreement", kind="stable").head(MOST_PAIRS)
    table = table.assign(pair=table["treatment1"] + " − " + table["treatment2"], place=range(len(table)))
    ways = [
        table.assign(evidence=way, effect=table[way], standard_error=table[f"{way}_standard_error"], way=at)
        for at, way in enumerate(WAYS_OF_EVIDENCE)
    ]
    both = pd.concat(ways).sort_values(["place", "way"], ignore_index=True)
    reach = HALF_INTERVAL * both["standard_error"]
    told = ("p = " + both["p"].map("{:.2f}".format).astype("string")).where(both["evidence"] == WAYS_OF_EVIDENCE[-1])
    names = ["pair", "evidence", "effect", "standard_error", "studies", "share_direct", "difference", "z", "p"]
    shown: pd.DataFrame = both[names].assign(
        lower=both["effect"] - reach,
        upper=both["effect"] + reach,
        said=told,
        title=difference(found),
        network=network_name(found),
    )
    return shown


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """A row a pair, with its three estimates below one another."""
    legend = alt.Legend(title=None, orient="top")
    ways = list(WAYS_OF_EVIDENCE)
    colour = alt.Color("evidence:N", scale=alt.Scale(domain=ways, range=list(_HUES.values())), legend=legend)
    shape = alt.Shape("evidence:N", scale=alt.Scale(domain=ways, range=list(_SHAPES.values())), legend=legend)
    axis = alt.Axis(labelLimit=420, labelFontSize=12, labelColor=INK, ticks=False, grid=True)
    y = alt.Y("pair:N", sort=list(dict.fromkeys(data["pair"])), title=None, axis=axis)
    offset = alt.YOffset("evidence:N", sort=ways, scale=alt.Scale(paddingOuter=0.4))
    x = alt.X("effect:Q", title=data["title"].iloc[0], axis=alt.Axis(labelExpr=SIGNED_TICKS, gridColor=ZERO))
    base = alt.Chart(DRAWN_ROWS)
    bars = base.mark_rule(strokeWidth=2).encode(alt.X("lower:Q"), y, alt.X2("upper:Q"), offset, colour)
    marks = base.mark_point(filled=True, size=45, opacity=1).encode(x, y, offset, colour, shape, tooltip=_TOOLTIP)
    texts = (
        base.transform_filter("isValid(datum.said)")
        .mark_text(align="left", dx=12)
        .encode(x=alt.value(_WIDTH), y=y, text="said:N")
    )
    return alt.LayerChart(layer=[bars, marks, texts]).properties(
        width=_WIDTH, height=alt.Step(32, **{"for": "position"})
    )
