"""Do leaderboards begin with what lost least in the metric that most report?"""

from __future__ import annotations

import pandas as pd

from prunelit.explorer.pages.configurations import leading_first


def test_of_accuracies_the_greatest_change_leads_and_unknown_ones_come_last() -> None:
    rows = pd.DataFrame({"metric": "top1", "direction": "higher", "change": [-1.0, None, 0.5], "name": list("abc")})
    assert leading_first(rows)["name"].tolist() == ["c", "a", "b"]


def test_of_perplexities_the_least_change_leads() -> None:
    rows = pd.DataFrame({"metric": "perplexity", "direction": "lower", "change": [3.0, 0.2, 50.0], "name": list("abc")})
    assert leading_first(rows)["name"].tolist() == ["b", "a", "c"]


def test_the_metric_that_most_rows_hold_comes_first() -> None:
    rows = pd.DataFrame(
        {"metric": ["top5", "top1", "top1"], "direction": "higher", "change": [2.0, -1.0, -2.0], "name": list("abc")}
    )
    assert leading_first(rows)["name"].tolist() == ["b", "c", "a"]


def test_rows_alike_stay_in_their_order() -> None:
    rows = pd.DataFrame({"metric": "top1", "direction": "higher", "change": [-1.0, -1.0], "name": list("ba")})
    assert leading_first(rows)["name"].tolist() == ["b", "a"]
