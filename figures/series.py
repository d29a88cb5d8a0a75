"""Series of many curves, told apart by colour and shape together, the same in every panel.

Domains and ranges are tuples: Altair copies every list again for each chart around it, and these are long.
"""

from __future__ import annotations

from itertools import cycle, islice

import altair as alt
import pandas as pd

from prunelit.figures.theme import SERIES, YEARS

STAR = "M0,-1L0.25,-0.31L0.95,-0.31L0.38,0.12L0.59,0.81L0,0.4L-0.59,0.81L-0.38,0.12L-0.95,-0.31L-0.25,-0.31Z"
HEXAGON = "M0,-0.9L0.78,-0.45L0.78,0.45L0,0.9L-0.78,0.45L-0.78,-0.45Z"
_SHAPES = [
    "circle", "square", "triangle-up", "diamond", "cross",
    "triangle-down", STAR, "triangle-right", HEXAGON, "triangle-left",
]  # fmt: skip


def scales_by_year(data: pd.DataFrame) -> tuple[alt.Scale, alt.Scale]:
    """Scales of colour and shape for methods in the order of their years; shapes tell those of one year apart."""
    methods = data[["year", "method_label"]].drop_duplicates().sort_values(["year", "method_label"])
    years = methods["year"].astype(int)
    first, span = years.min(), max(years.max() - years.min(), 1)
    colours = tuple(YEARS[round((year - first) / span * (len(YEARS) - 1))] for year in years)
    shapes = tuple(_SHAPES[at % len(_SHAPES)] for at in methods.groupby("year").cumcount())
    names = tuple(methods["method_label"])
    return alt.Scale(domain=names, range=colours), alt.Scale(domain=names, range=shapes)


def by_name(names: tuple[str, ...]) -> tuple[alt.Scale, alt.Scale]:
    """Scales of colour and shape for a few names; both start anew where they run out."""
    colours, shapes = (tuple(islice(cycle(kinds), len(names))) for kinds in (SERIES, _SHAPES))
    return alt.Scale(domain=names, range=colours), alt.Scale(domain=names, range=shapes)


SHOWN = 40
"""Characters of a name that a legend shows at least; it cuts longer ones."""


def uncut(names: tuple[str, ...]) -> alt.Legend:
    """A legend to the right that shows names whole where some would read the same once they are cut."""
    told_apart = len({name[:SHOWN] for name in names}) == len(set(names))
    return alt.Legend(title=None, orient="right", labelLimit=alt.Undefined if told_apart else 0)


FEW = 45
"""Methods up to which a legend names them; more are told apart by year and by pointing at them."""


def told_apart(years: range) -> tuple[alt.Scale, alt.Scale]:
    """Scales of dashes and shapes for years, of which three in a row all differ, however alike their colours are."""
    dashes, shapes = ([1, 0], [7, 3], [2, 2]), ("circle", "square", "triangle-up")
    return tuple(  # type: ignore[return-value]
        alt.Scale(domain=tuple(years), range=tuple(islice(cycle(kinds), len(years)))) for kinds in (dashes, shapes)
    )


def of_years(data: pd.DataFrame, legend: alt.Legend | None = None) -> alt.Color:
    """Colour by year of publication, for methods too many to be named."""
    years = range(int(data["year"].min()), int(data["year"].max()) + 1)
    last = max(len(years) - 1, 1)
    colours = tuple(YEARS[round(at / last * (len(YEARS) - 1))] for at in range(len(years)))
    legend = legend or alt.Legend(title="Year of publication", orient="top", columns=0)
    return alt.Color("year:O", scale=alt.Scale(domain=tuple(years), range=colours), legend=legend)
