"""Tradeoff plots: where each result of a configuration lies between a ratio and a quality, as drawings of links.

Drawings are made here, not in the browser, so that they are there without scripts, and every mark is a link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, isnan, log2
from operator import attrgetter
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from prunelit.analysis.pages.section import computed
from prunelit.explorer.explored import column_label
from prunelit.figures.series import HEXAGON, STAR
from prunelit.figures.theme import SERIES

WIDTH, HEIGHT = 800, 450
LEFT, RIGHT, TOP, BOTTOM = 60, 784, 40, 392
"""Edges of the part of a drawing in which marks lie."""
RATIOS_DRAWN = ("speedup", "compression_ratio")
FEWEST_RESULTS = 2
"""Results that a plot needs."""
MOST_PLOTS = 6
_KEY_COLUMNS, _KEY_LINE = 3, 18
_CROWDED, _LOWEST = 40, 0.03
"""From how many results on a plot may leave out the lowest, and which share of them."""
_FAR_OUT = 3.0
"""Interquartile ranges beyond the third quartile from which on a value is far out (Tukey 1977, section 2D)."""
_RATIOS_BETWEEN = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
"""Ticks across where ratios lie too close together for powers of two alone."""
OUTLINES = (
    "M-.85 0A.85.85 0 1 1 .85 0A.85.85 0 1 1-.85 0Z",
    "M-.75-.75H.75V.75H-.75Z",
    "M0-1L.95.7H-.95Z",
    "M0-1.05L.8 0L0 1.05L-.8 0Z",
    "M-.33-1H.33V-.33H1V.33H.33V1H-.33V.33H-1V-.33H-.33Z",
    "M0 1L.95-.7H-.95Z",
    STAR,
    "M1 0L-.7.95V-.95Z",
    HEXAGON,
    "M-1 0L.7.95V-.95Z",
)
"""Outlines of marks around the origin, of about the same size."""
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_TICKS = 8


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A place on an axis, with what stands there."""

    at: float
    text: str
    zero: bool = False


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """How the marks of a method look: the number of a colour, its value, an outline, and whether it is hollow."""

    series: int
    colour: str
    path: str
    hollow: bool

    @property
    def css(self) -> str:
        """The classes by which the page colours them."""
        return f"sign s{self.series}{' hollow' if self.hollow else ''}"


@dataclass(frozen=True, slots=True)
class PlotMark:
    """A result: where it lies, which row of the table it is, which method, and what to say of it without a drawing."""

    x: float
    y: float
    row: str
    method: str
    said: str
    style: MarkStyle


@dataclass(frozen=True, slots=True)
class TradeoffPlot:
    """A tradeoff plot.

    Attributes:
        name: Its name within the page.
        title: What is drawn against what.
        metric: The metric that it shows.
        x_column: Column across.
        y_column: Column upwards.
        x_ends: The least and the greatest ratio that it shows.
        y_ends: The least and the greatest quality.
        x_ticks: Ticks across.
        y_ticks: Ticks upwards.
        y_title: Title of the axis upwards, with the unit.
        lines: Points of each curve, as an SVG polyline has them, with its method and style.
        marks: The results.
        legend: The methods that are drawn, with their styles.
        outside: Results that lie beyond what is shown.
        better: Where better results lie.
        beyond: On which side results that are not shown lie: ``above`` or ``below``.
    """

    name: str
    title: str
    metric: str
    x_column: str
    y_column: str
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]
    x_ticks: tuple[AxisTick, ...]
    y_ticks: tuple[AxisTick, ...]
    y_title: str
    lines: tuple[tuple[str, str, MarkStyle], ...]
    marks: tuple[PlotMark, ...]
    legend: tuple[tuple[str, MarkStyle], ...]
    outside: int
    better: str
    beyond: str

    @property
    def said(self) -> str:
        """What to say in place of the drawing."""
        ends = f"{self.x_ends[0]:.3g} to {self.x_ends[1]:.3g}"
        return f"{self.title}: {len(self.marks)} results of {len(self.legend)} methods, at ratios of {ends}."

    @property
    def key(self) -> Iterator[tuple[float, float, str, MarkStyle]]:
        """Where the name of each method stands in a file of its own, below the drawing."""
        for at, (name, style) in enumerate(self.legend):
            row, column = divmod(at, _KEY_COLUMNS)
            yield LEFT + column * (WIDTH - LEFT) / _KEY_COLUMNS, HEIGHT + 12 + row * _KEY_LINE, name, style

    @property
    def height(self) -> int:
        """The height of a file of its own."""
        return HEIGHT + 12 + ceil(len(self.legend) / _KEY_COLUMNS) * _KEY_LINE


class _Result(NamedTuple):
    """A result as plots look at it, with the name of its row and of its method."""

    paper_id: str
    experiment: int
    curve: int
    metric: str
    unit: str | None
    direction: str | None
    value: float
    change: float
    speedup: float
    compression_ratio: float
    row: str
    shown: str


_Number: TypeAlias = Callable[[_Result], float]
"""A number of a result."""


def plots_of(rows: pd.DataFrame, ids: Sequence[str], styles: dict[str, MarkStyle]) -> list[TradeoffPlot]:
    """The plots that a configuration has enough results for, those with most results first.

    Args:
        rows: Rows as of ``evidence_long()``, of one dataset and architecture.
        ids: The name of each row within the page.
        styles: How the marks of each method look, see :func:`styles_of`.
    """
    by_metric: dict[str, list[_Result]] = {}
    # Most configurations have few results, of which frames would take far longer to make than the plots.
    columns = (rows[name].tolist() for name in _Result._fields[:-2])
    for one in map(_Result, *columns, ids, method_of(rows).tolist()):
        if not pd.isna(one.metric):
            by_metric.setdefault(one.metric, []).append(one)
    drawn = [
        plot
        for (metric, results), ratio in product(by_metric.items(), RATIOS_DRAWN)
        if (plot := _plot(results, metric, ratio, styles))
    ]
    return sorted(drawn, key=lambda plot: -len(plot.marks))[:MOST_PLOTS]


def method_of(rows: pd.DataFrame) -> pd.Series[str]:
    """The method of each row as legends have it: its canonical name, else how the paper calls it."""
    return rows["canonical_method"].fillna(rows["method_label"])


def styles_of(rows: pd.DataFrame) -> dict[str, MarkStyle]:
    """How the marks of each method of a configuration look: no two alike as long as there are signs enough.

    Colours and shapes are counted through side by side; as they are 11 and 10, all 110 pairs come before one returns,
    and then once more as outlines.  Methods follow each other by year, so that neighbours differ in both.
    """
    first: dict[str, int] = {}
    for name, year in zip(method_of(rows).tolist(), rows["year"].tolist(), strict=True):
        first[name] = min(year, first.get(name, year))
    return {name: mark_style(at) for at, name in enumerate(sorted(first, key=lambda name: (first[name], name)))}


def mark_style(at: int) -> MarkStyle:
    """The style of a method by its place."""
    colour, outline = at % len(SERIES), at % len(OUTLINES)
    return MarkStyle(colour, SERIES[colour], OUTLINES[outline], at // (len(SERIES) * len(OUTLINES)) % 2 == 1)


def _plot(results: list[_Result], metric: str, ratio: str, styles: dict[str, MarkStyle]) -> TradeoffPlot | None:
    """The plot of a metric against a ratio; changes where enough results state them, else values."""
    across = attrgetter(ratio)
    pruned = [one for one in results if not isnan(across(one))]
    quality = "change" if sum(not isnan(one.change) for one in pruned) >= len(pruned) / 2 else "value"
    up = attrgetter(quality)
    points = [one for one in pruned if across(one) > 0 and not isnan(up(one))]
    if len(points) < FEWEST_RESULTS:
        return None
    lower_is_better = all(one.direction == "lower" for one in points if isinstance(one.direction, str))
    low, high = _limits([up(one) for one in points], lower_is_better)
    shown = [one for one in points if low <= up(one) <= high]
    x_ends = (min(0.93, min(map(across, shown)) * 0.95), max(2.1, max(map(across, shown)) * 1.1))
    step, y_ends = _steps(min(map(up, shown)), max(map(up, shown)))
    unit = next((one.unit for one in shown if isinstance(one.unit, str)), "")
    what = f"Change in {column_label(metric)}" if quality == "change" else column_label(metric)
    scale = _Scales(x_ends, y_ends)
    methods = {one.shown for one in shown}
    return TradeoffPlot(
        name=f"plot-{metric}-{ratio}".replace("_", "-"),
        title=f"{what} against {column_label(ratio).lower() if ratio != 'speedup' else 'theoretical speedup'}",
        metric=metric,
        x_column=ratio,
        y_column=quality,
        x_ends=x_ends,
        y_ends=y_ends,
        x_ticks=tuple(AxisTick(scale.x(ratio), f"{ratio:g}×") for ratio in _ratios(x_ends)),
        y_ticks=tuple(AxisTick(scale.y(value), f"{value:g}", value == 0) for value in _values(y_ends, step)),
        y_title=f"{what} ({'pp' if quality == 'change' and unit == '%' else unit})" if unit not in ("", "1") else what,
        lines=tuple(_lines(shown, across, up, scale, styles)),
        marks=tuple(_marks(shown, across, up, scale, styles)),
        legend=tuple((name, style) for name, style in styles.items() if name in methods),
        outside=len(points) - len(shown),
        better="Down and to the right" if lower_is_better else "Up and to the right",
        beyond="above" if lower_is_better else "below",
    )


def _limits(values: Sequence[float], lower_is_better: bool) -> tuple[float, float]:
    """Between which values results are shown: on the side of the bad ones a few may be far from all others."""
    if lower_is_better:
        first, third = np.quantile(values, (0.25, 0.75)).tolist()
        return min(values), third + _FAR_OUT * (third - first)
    return float(np.quantile(values, _LOWEST)) if len(values) > _CROWDED else min(values), max(values)


@dataclass(frozen=True, slots=True)
class _Scales:
    """From a ratio and a quality to a place in the drawing."""

    x_ends: tuple[float, float]
    y_ends: tuple[float, float]

    def x(self, ratio: float) -> float:
        low, high = map(log2, self.x_ends)
        return round(LEFT + (log2(ratio) - low) / (high - low) * (RIGHT - LEFT), 1)

    def y(self, quality: float) -> float:
        low, high = self.y_ends
        return round(BOTTOM + (quality - low) / (high - low) * (TOP - BOTTOM), 1)


def _steps(low: float, high: float) -> tuple[float, tuple[float, float]]:
    """The distance of ticks, and the ends of an axis on two of them, with all values between."""
    step = next(
        (one for one in _STEPS if (high - low) / one <= _TICKS), 10.0 ** ceil(log2(max(high - low, 1)) / log2(10))
    )
    first, last = floor(low / step) * step, ceil(high / step) * step
    return step, (first, last if last > first else first + step)


def _values(ends: tuple[float, float], step: float) -> list[float]:
    first, last = ends
    return [round(first + at * step, 10) for at in range(round((last - first) / step) + 1)]


def _ratios(ends: tuple[float, float]) -> list[float]:
    """Powers of two between the ends, fewer where they would stand too close, and more where there would be two."""
    first, last = ceil(log2(ends[0])), floor(log2(ends[1]))
    if last - first < 2:
        return [one for one in _RATIOS_BETWEEN if ends[0] <= one <= ends[1]]
    return [2.0**power for power in range(first, last + 1, 1 + (last - first) // 10)]


def _marks(
    results: list[_Result], across: _Number, up: _Number, scale: _Scales, styles: dict[str, MarkStyle]
) -> Iterator[PlotMark]:
    for one in sorted(results, key=lambda one: (across(one), one.shown)):
        said = f"{one.shown}, {one.paper_id}: {computed(up(one), 'pp')} at {across(one):.3g}×"
        yield PlotMark(scale.x(across(one)), scale.y(up(one)), one.row, one.shown, said, styles[one.shown])


def _lines(
    results: list[_Result], across: _Number, up: _Number, scale: _Scales, styles: dict[str, MarkStyle]
) -> Iterator[tuple[str, str, MarkStyle]]:
    """The points of each curve of two points or more, joined in the order of ratios."""
    curves: dict[tuple[object, ...], list[_Result]] = {}
    for one in results:
        curves.setdefault((one.paper_id, one.experiment, one.curve), []).append(one)
    for points in (sorted(one, key=across) for one in curves.values() if len(one) > 1):
        method = points[0].shown
        yield method, " ".join(f"{scale.x(across(one)):g},{scale.y(up(one)):g}" for one in points), styles[method]
