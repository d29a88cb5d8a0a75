"""Is everything found that corrections change, and nothing else?"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from prunelit import baselines, claims, comparisons, dataset, normalized, results
from prunelit.analysis.frames.columns import UNITS
from prunelit.analysis.survey.correction_effects import (
    ALL_TOGETHER,
    MARK_NAMES,
    changed,
    correction_effects,
    numbers,
    slip_name,
    slips,
)
from prunelit.analysis.survey.marks import COUNTED
from prunelit.analysis.survey.procedures import AS_PUBLISHED, CORRECTED
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

Name = tuple[str, ...]
Numbers = dict[Name, float]


@pytest.fixture(scope="module")
def both(survey: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    return numbers(dataset(survey), AS_PUBLISHED), numbers(dataset(survey), CORRECTED)


@pytest.fixture(scope="module")
def found(effects: pd.DataFrame) -> pd.DataFrame:
    return effects


def as_dict(table: pd.DataFrame) -> Numbers:
    return {tuple(name): value for *name, value in table[[*MARK_NAMES, "value"]].itertuples(index=False, name=None)}


def brute(before: Numbers, after: Numbers) -> dict[Name, tuple[float, float]]:
    """Every name whose value is another, one by one; a bar that is not there has height 0."""
    moved = {}
    for name in before.keys() | after.keys():
        nothing = 0.0 if name[-1] in COUNTED else math.nan
        old, new = before.get(name, nothing), after.get(name, nothing)
        if old != new and not (math.isnan(old) and math.isnan(new)):
            moved[name] = (old, new)
    return moved


def told(table: pd.DataFrame) -> dict[Name, tuple[float, float]]:
    rows = table[[*MARK_NAMES, "published", "corrected"]].itertuples(index=False, name=None)
    return {tuple(name): (old, new) for *name, old, new in rows}


def same(one: dict[Name, tuple[float, float]], other: dict[Name, tuple[float, float]]) -> bool:
    return repr(sorted(one.items())) == repr(sorted(other.items()))


def test_all_corrections_change_what_a_loop_over_all_numbers_finds(
    both: tuple[pd.DataFrame, pd.DataFrame], found: pd.DataFrame
) -> None:
    together = found[found["correction"] == ALL_TOGETHER]
    assert same(told(together), brute(*map(as_dict, both)))
    moved = together.dropna(subset=["published", "corrected"])
    assert (moved["difference"] == moved["corrected"] - moved["published"]).all()


def test_reported_cells_are_those_that_the_corrections_name(survey: Corpus, found: pd.DataFrame) -> None:
    rows = found[(found["correction"] == ALL_TOGETHER) & (found["where"] == "results")]
    named = {
        (f"{one.paper}, row {one.survey_row}", one.field)
        for one in survey.corrections
        if one.survey_row is not None and one.status != "proposed"
    }
    assert set(zip(rows["what"], rows["quantity"], strict=True)) == named


def cells(table: pd.DataFrame, columns: list[str]) -> Numbers:
    """The numbers of a table of results, one by one."""
    return {
        (f"{row['paper_id']}, row {row['survey_row']}", name): float(row[name])
        for row in table[table["survey_row"].notna()].to_dict("records")
        for name in columns
        if not pd.isna(row[name])
    }


def moves(before: Numbers, after: Numbers) -> set[Name]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@pytest.mark.parametrize("where", ["results", "normalized"])
def test_tables_of_results_change_where_the_public_ones_do(survey: Corpus, found: pd.DataFrame, where: str) -> None:
    table, columns = {
        "results": (results, [name for name in UNITS if name not in ("seeds", "base_multiply_adds")]),
        "normalized": (
            normalized,
            ["normalized_top1", "normalized_top5", "normalized_params", "normalized_multiply_adds"],
        ),
    }[where]
    before, after = (cells(table(survey, corrected=corrected), columns) for corrected in (False, True))
    rows = found[(found["correction"] == ALL_TOGETHER) & (found["where"] == where)]
    assert set(zip(rows["what"], rows["quantity"], strict=True)) == moves(before, after)


def test_baselines_change_where_the_public_ones_do(survey: Corpus, found: pd.DataFrame) -> None:
    def medians(corrected: bool) -> Numbers:
        table = baselines(survey, corrected=corrected).to_dict("records")
        return {
            (f"unpruned {row['quantity']}", f"{row['architecture']} on {row['dataset']}", name): float(row[name])
            for row in table
            for name in ("median", "n")
        }

    rows = found[(found["correction"] == ALL_TOGETHER) & (found["where"] == "baselines")]
    names = set(zip(rows["panel"], rows["what"], rows["quantity"], strict=True))
    assert names == moves(medians(False), medians(True))


def test_claims_change_where_the_public_ones_do(survey: Corpus, found: pd.DataFrame) -> None:
    before, after = (claims(survey, corrected=corrected)["computed"] for corrected in (False, True))
    names = claims(survey)["claim"][before != after]
    rows = found[(found["correction"] == ALL_TOGETHER) & (found["where"] == "claims")]
    assert set(rows["what"]) == set(names)


def test_degrees_change_as_counted_by_hand(survey: Corpus, found: pd.DataFrame) -> None:
    def histogram(corrected: bool, column: str) -> Counter[int]:
        edges = comparisons(survey, corrected=corrected)
        degree = Counter(edges[edges["kind"] == "comparison"][column])
        return Counter(degree[paper.id] for paper in survey.papers)

    for column, panel in {
        "paper_id": "papers, by how many they compare to",
        "compared_id": "papers, by how many compare to them",
    }.items():
        before, after = histogram(False, column), histogram(True, column)
        moved = {number: after[number] - before[number] for number in before | after}
        rows = found[(found["correction"] == ALL_TOGETHER) & (found["panel"] == panel)]
        by_number = rows.groupby(rows["what"].str.extract(r"bar (\d+)")[0].astype(int))["difference"].sum()
        assert by_number[by_number != 0].to_dict() == {number: by for number, by in moved.items() if by}


def test_the_sign_of_row_396_moves_these_marks(found: pd.DataFrame) -> None:
    rows = found[found["correction"] == "he2017channel, row 396"]
    marks = rows[rows["where"].isin(["figure1", "figure3"])]
    assert marks["difference"].round(9).tolist() == [-0.6, -0.6]
    assert "beats" in set(rows["where"])


def test_every_correction_is_in_one_slip(survey: Corpus) -> None:
    found = slips(survey.corrections)
    assert Counter(one for slip in found for one in slip) == Counter(survey.corrections)
    assert len({slip_name(slip) for slip in found}) == len(found)


def correction(**fields: object) -> Correction:
    usual = {"reason": "why", "evidence": "what", "date": "2026-01-01", "status": "applied", "correct": Decimal(1)}
    return Correction.model_validate({"paper": "p2000x", "field": "top1"} | usual | fields)


def test_what_was_wrong_together_is_put_right_together() -> None:
    both_rows = [correction(survey_row=row, field=field) for row in (1, 2) for field in ("params", "base_params")]
    other = [correction(survey_row=3), correction(field="year"), correction(field="month")]
    found = [(slip_name(slip), len(slip)) for slip in slips([*both_rows, *other])]
    assert found == [("p2000x, rows 1, 2", 4), ("p2000x, row 3", 1), ("p2000x, year", 1), ("p2000x, month", 1)]


def test_a_proposed_correction_changes_nothing(survey: Corpus) -> None:
    few = tuple(one.model_copy(update={"status": "proposed"}) for one in survey.corrections)
    assert correction_effects(dataset(replace(survey, corrections=few))).empty


def number(what: str, value: float, unit: str = "%") -> dict[str, object]:
    return {"where": "figure1", "panel": "p", "what": what, "quantity": "top1", "unit": unit, "value": value}


def test_a_mark_that_is_gone_has_no_difference_and_a_bar_falls_to_zero() -> None:
    before = pd.DataFrame([number("a", 1.0), number("b", 2.0), number("bar 1", 3.0, "papers")])
    after = pd.DataFrame([number("b", 2.5), number("c", 4.0), number("bar 2", 3.0, "papers")])
    found = changed(before, after)
    assert found["what"].tolist() == ["a", "b", "bar 1", "bar 2", "c"]
    assert found["difference"].fillna(99.0).tolist() == [99.0, 0.5, -3.0, 3.0, 99.0]
