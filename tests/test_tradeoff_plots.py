"""Do tradeoff plots put each result where it belongs, with a mark that no other method has?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from prunelit.explorer import tradeoffs
from prunelit.explorer.page import fragment
from prunelit.explorer.tradeoffs import OUTLINES, TradeoffPlot, mark_style, plots_of, styles_of
from prunelit.figures.theme import SERIES


def points(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows as of ``evidence_long()``, as far as plots look at them."""
    usual = {
        "paper_id": "a2019", "experiment": 0, "curve": 0, "metric": "top1", "unit": "%", "direction": "higher",
        "canonical_method": "A", "method_label": "A 2019", "year": 2019, "value": 70.0, "change": -1.0,
        "compression_ratio": None, "speedup": 2.0, "source_url": "https://example.org",
    }  # fmt: skip
    frame = pd.DataFrame([usual | row for row in rows])
    return frame.astype(dict.fromkeys(("value", "change", "compression_ratio", "speedup"), "float64"))


@pytest.fixture
def plot() -> Callable[..., TradeoffPlot]:
    def only(*rows: dict[str, Any]) -> TradeoffPlot:
        table = points(*rows)
        (found,) = plots_of(table, [f"r{at}" for at in range(len(table))], styles_of(table))
        return found

    return only


def test_twice_the_ratio_is_as_far_anywhere(plot: Callable[..., TradeoffPlot]) -> None:
    found = plot({"speedup": 2.0}, {"speedup": 4.0}, {"speedup": 8.0})
    first, second, third = (one.x for one in found.marks)
    assert second - first == pytest.approx(third - second, abs=0.11)


def test_better_changes_lie_higher(plot: Callable[..., TradeoffPlot]) -> None:
    found = plot({"speedup": 2.0, "change": 1.0}, {"speedup": 4.0, "change": -3.0})
    assert found.marks[0].y < found.marks[1].y


def test_ends_state_what_a_brush_needs(plot: Callable[..., TradeoffPlot]) -> None:
    found = plot({"change": 1.0}, {"change": -3.0})
    assert found.y_ends == (-3.0, 1.0)
    assert {one.y for one in found.marks} == {tradeoffs.TOP, tradeoffs.BOTTOM}


def test_a_result_alone_is_no_plot() -> None:
    table = points({})
    assert plots_of(table, ["r0"], styles_of(table)) == []


def test_values_are_drawn_where_few_changes_are_known(plot: Callable[..., TradeoffPlot]) -> None:
    found = plot({"change": None, "value": 70.0}, {"change": None, "value": 60.0}, {"change": -1.0, "value": 65.0})
    assert (found.y_column, len(found.marks)) == ("value", 3)


def test_lower_is_better_of_what_says_so(plot: Callable[..., TradeoffPlot]) -> None:
    rows = [{"metric": "perplexity", "unit": "", "direction": "lower", "change": one} for one in (1.0, 2.0)]
    assert plot(*rows).better == "Down and to the right"


def test_points_of_a_curve_are_joined_by_ratio(plot: Callable[..., TradeoffPlot]) -> None:
    found = plot({"speedup": 4.0}, {"speedup": 2.0}, {"speedup": 3.0, "curve": 1})
    ((_, line, _),) = found.lines
    places = [float(pair.split(",")[0]) for pair in line.split()]
    assert len(places) == 2
    assert places == sorted(places)


def test_no_two_of_two_hundred_methods_look_alike() -> None:
    many = 2 * len(SERIES) * len(OUTLINES)
    assert len({mark_style(at) for at in range(many)}) == many


def test_methods_are_in_the_order_of_their_years() -> None:
    table = points({"canonical_method": "A", "year": 2020}, {"canonical_method": "B", "year": 2018})
    assert list(styles_of(table)) == ["B", "A"]


def test_what_records_say_stays_text_in_a_drawing() -> None:
    hostile = '<script>alert(1)</script>"\u202e'
    table = points({"canonical_method": hostile}, {"canonical_method": hostile, "change": -2.0})
    (found,) = plots_of(table, ["r0", "r1"], styles_of(table))
    drawn = fragment("tradeoff", "drawing", found, size=tradeoffs)
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    assert "&lt;script&gt;" in drawn


def test_a_perplexity_far_above_all_others_does_not_press_them_together(plot: Callable[..., TradeoffPlot]) -> None:
    changes = (1.0, 2.0, 3.0, 4.0, 5.0, 11.0, 7000.0)
    rows = [{"metric": "perplexity", "unit": "1", "direction": "lower", "change": change} for change in changes]
    found = plot(*rows)
    assert (len(found.marks), found.outside, found.beyond) == (6, 1, "above")
    assert found.y_ends[1] < 20
    assert found.y_title == "Change in Perplexity"


def test_ratios_that_lie_close_have_ticks_between(plot: Callable[..., TradeoffPlot]) -> None:
    found = plot({"speedup": 1.1}, {"speedup": 2.9})
    assert [one.text for one in found.x_ticks] == ["1×", "1.25×", "1.5×", "2×", "2.5×", "3×"]


def test_ratios_far_apart_have_ticks_at_powers_of_two(plot: Callable[..., TradeoffPlot]) -> None:
    found = plot({"speedup": 1.0}, {"speedup": 15.0})
    assert [one.text for one in found.x_ticks] == ["1×", "2×", "4×", "8×", "16×"]
