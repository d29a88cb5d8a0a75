"""Does the committed table of predictions say what comes out, and is what it says enough?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prunelit import dataset
from prunelit.analysis.pages.prediction import COVERED, RULE_NAMES, page
from prunelit.analysis.synthesis.dose_response import DoseResponse, dose_rows, fit_dose_response
from prunelit.analysis.synthesis.prediction import (
    NAIVE_RULES,
    naive,
    papers_predicted,
    predictions_table,
)
from prunelit.schema.corpus import Corpus

TABLE = Path(__file__).parent.parent / "analysis" / "PREDICTION.md"
COMMAND = "out of date; run: prunelit predictions --output analysis/PREDICTION.md"
HEADINGS = {"speedup": "By theoretical speedup", "compression_ratio": "By compression ratio"}
SAMPLE = 2
"""Papers of each ratio that are left out anew: each takes a third of a second."""


def rows_under(heading: str) -> pd.DataFrame:
    """The table that stands under a heading of the committed page."""
    part = TABLE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    head, _, *rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("|")]
    cells = [line.strip().strip("|").split("|") for line in part.splitlines() if line.startswith("|")][2:]
    assert len(rows) == len(cells)
    return pd.DataFrame([[cell.strip() for cell in row] for row in cells], columns=head)


def committed(efficiency: str) -> pd.DataFrame:
    """The papers of the committed table, as numbers."""
    table = rows_under(f"{HEADINGS[efficiency]}, paper by paper").set_index("paper")
    return table.replace("", np.nan).astype(float)


@pytest.fixture(scope="module", params=HEADINGS)
def efficiency(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def model(efficiency: str, whole: Corpus) -> DoseResponse:
    """The model of the papers that the committed table is about: a record that is added makes no table stale."""
    rows = dose_rows(dataset(whole).evidence_long(), efficiency)
    return fit_dose_response(rows[rows["paper_id"].isin(committed(efficiency).index)].reset_index(drop=True))


def test_committed_table_is_about_the_points_of_the_records(model: DoseResponse, efficiency: str) -> None:
    points = model.rows["paper_id"].value_counts()
    assert committed(efficiency)["points"].astype(int).to_dict() == points.to_dict(), COMMAND


def test_committed_errors_of_the_naive_rules_come_out_again(model: DoseResponse, efficiency: str) -> None:
    told = committed(efficiency)
    errors = [
        naive(own, there[there["paper_id"].ne(paper)]).sub(own["change"], axis=0).abs().assign(paper=paper)
        for _, there in model.rows.groupby("network")
        for paper, own in there.groupby("paper_id")
    ]
    means = pd.concat(errors).groupby("paper").mean().loc[told.index, list(NAIVE_RULES)]
    np.testing.assert_allclose(told[list(NAIVE_RULES)], means, atol=0.0051, err_msg=COMMAND)


def test_committed_predictions_of_a_sample_come_out_again(model: DoseResponse, efficiency: str) -> None:
    told = committed(efficiency)
    papers = list(told.index[:: len(told) // SAMPLE][:SAMPLE])
    found = predictions_table(papers_predicted(model.rows, efficiency, papers, model)).set_index("paper_id")
    exact, rounded = ["points", "covered", "compared"], ["width", "model"]
    assert found.loc[papers, exact].astype(int).equals(told.loc[papers, exact].astype(int)), COMMAND
    ours = found.loc[papers, rounded].astype(float)
    np.testing.assert_allclose(told.loc[papers, rounded], ours, rtol=0.01, atol=0.0051, err_msg=COMMAND)


def test_committed_totals_are_those_of_the_papers(efficiency: str) -> None:
    told, totals = committed(efficiency), rows_under(HEADINGS[efficiency]).set_index("predicted by").astype(float)
    names = {"model": "model of all networks", **RULE_NAMES}
    for name, text in names.items():
        over_points = np.average(told[name].fillna(0.0), weights=told["compared"])
        assert totals.loc[text, "over points"] == pytest.approx(over_points, abs=0.011)
        assert totals.loc[text, "over papers"] == pytest.approx(told[name].mean(), abs=0.011)


def test_intervals_cover_papers_that_are_left_out_as_stated(efficiency: str) -> None:
    told = committed(efficiency)
    assert COVERED[0] <= (told["covered"] / told["points"]).mean() <= COVERED[1]


def test_intervals_hold_no_fewer_of_all_points_than_stated(efficiency: str) -> None:
    told = committed(efficiency)
    assert told["covered"].sum() >= COVERED[0] * told["points"].sum()


@pytest.mark.parametrize("rule", NAIVE_RULES)
def test_the_model_has_smaller_errors_than_the_rule(efficiency: str, rule: str) -> None:
    told = committed(efficiency)
    model, naively = (np.average(told[name].fillna(0.0), weights=told["compared"]) for name in ("model", rule))
    assert model < naively
    assert told["model"].mean() < told[rule].mean()


def judged(**more: object) -> list[str]:
    usual = {
        "efficiency": "speedup", "paper_id": "a", "points": 100, "covered": 95, "width": 5.0, "compared": 100,
        "model": 1.0, "nearest": 2.0, "linear": 3.0, "mean": 4.0, "alone_points": 50, "alone_covered": 40,
        "alone": 1.5, "model_there": 1.0, "nearest_there": 0.5,
    }  # fmt: skip
    return list(page(predictions_table([usual | more]))[1].text)


def test_the_page_says_where_the_model_does_not_beat_a_rule() -> None:
    assert judged()[2].endswith("is 1.00 percentage points: it does NOT beat nearest ratio (0.50).")
    assert "less than by nearest ratio, mean of the network; it does NOT beat linear" in judged(linear=0.9)[1]


@pytest.mark.parametrize(("covered", "said"), [(95, ": between"), (91, ": NOT between"), (99, ": NOT between")])
def test_the_page_says_whether_intervals_cover_as_they_should(covered: int, said: str) -> None:
    assert judged(covered=covered)[0].count(said) == 2


def test_a_page_without_networks_of_many_papers_tells_no_model_of_one() -> None:
    said = judged(alone_points=0, alone_covered=0, alone=np.nan, model_there=np.nan, nearest_there=np.nan)
    assert len(said) == 2
