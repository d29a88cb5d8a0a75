"""Do the tables say what the records say, each thing once?"""

from __future__ import annotations

import csv
import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from statistics import stdev
from typing import Any

import pandas as pd
import pytest
import yaml
from pandas.testing import assert_frame_equal

from prunelit import papers, results
from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT, CellsByColumn, Column
from prunelit.schema.corpus import Corpus, shipped
from prunelit.schema.correction import Correction

KEY = ["paper_id", "experiment", "curve", "point"]
OF_POINT = [
    "top1", "top5", "top1_error", "top5_error", "top1_change", "top5_change", "top1_std", "top1_max_deviation",
    "params", "params_kept", "params_removed", "compression_ratio",
    "flops", "flops_kept", "flops_removed", "speedup",
]  # fmt: skip
OF_BASE = ["base_top1", "base_top5", "base_top1_error", "base_top5_error", "base_top1_std", "base_params", "base_flops"]
OF_RUNS: dict[str, Callable[[list[float]], float]] = {
    "top1": statistics.mean, "top1_std": statistics.stdev, "seeds": len,
}  # fmt: skip
POWERS = {"K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12, "": 1.0}


def number(text: str | None) -> float:
    """A number as the files write it, read without the schema."""
    if text is None or text == "":
        return math.nan
    digits, suffix = re.fullmatch(r"(-?[0-9.]+)([KMGBT]?)", text).groups()  # type: ignore[union-attr]
    return float(digits) * POWERS[suffix]


@cache
def as_written() -> tuple[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]], ...]:
    """Paper, experiment, curve and point of each row, as PyYAML and csv read the shipped files: nothing but text."""
    return tuple(_as_written())


def _as_written() -> Iterator[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for file in sorted((shipped() / "papers").glob("*.yaml")):
        record = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        for experiment in record.get("experiments", []):
            if "curves" not in experiment:
                yield file.stem, experiment, {}, {}
            for curve in experiment.get("curves", []):
                for point in curve.get("points") or in_file(curve["points_file"]):
                    yield file.stem, experiment, curve, point


def said(point: dict[str, Any], name: str) -> float:
    """A number of a point as written; mean, deviation and count are those of the runs where these are released."""
    runs = point.get("top1_runs") or []
    numbers = [float(run) for run in (runs.split() if isinstance(runs, str) else runs)]
    if numbers and name in OF_RUNS:
        return float(OF_RUNS[name](numbers))
    return number(point.get(name))


def in_file(name: str) -> list[dict[str, Any]]:
    with (shipped() / "sweeps" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def table(whole: Corpus) -> pd.DataFrame:
    return results(whole, corrected=False)


@pytest.fixture(scope="module")
def of_survey(survey: Corpus) -> pd.DataFrame:
    return results(survey, corrected=False)


def row(table: pd.DataFrame, survey_row: int) -> dict[str, Any]:
    found = table[table["survey_row"] == survey_row]
    assert len(found) == 1
    return dict(found.iloc[0].dropna())


def test_rows_are_those_of_the_files_in_their_order(table: pd.DataFrame) -> None:
    written = [
        (
            paper,
            experiment.get("dataset"),
            experiment.get("architecture"),
            curve.get("method") or experiment.get("method"),
        )
        for paper, experiment, curve, _ in as_written()
    ]
    names = table[["paper_id", "dataset", "architecture", "method"]].astype(object)
    assert list(names.where(names.notna(), None).itertuples(index=False, name=None)) == written


@pytest.mark.parametrize("name", OF_POINT)
def test_number_of_a_point_is_the_written_one(name: str, table: pd.DataFrame) -> None:
    written = [said(point, name) for *_, point in as_written()]
    assert table[name].tolist() == pytest.approx(written, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize("name", OF_BASE)
def test_number_of_the_unpruned_model_is_the_written_one(name: str, table: pd.DataFrame) -> None:
    rows = [(number(one.get(name)), found) for (_, one, *_), found in zip(as_written(), table[name], strict=True)]
    from_runs = name in ("base_top1", "base_top1_std")
    with_runs = ["base_top1_runs" in one and from_runs for _, one, *_ in as_written()]
    written, found = zip(*(pair for pair, runs in zip(rows, with_runs, strict=True) if not runs), strict=True)
    assert found == pytest.approx(written, rel=1e-14, nan_ok=True)


def test_unpruned_accuracy_given_run_by_run_is_the_mean_of_the_runs(table: pd.DataFrame) -> None:
    sweeps = table[(table["paper_id"] == "gale2019state") & table["sweep"]]
    runs = (76.67, 76.80, 76.59)
    assert sweeps["base_top1"].unique().tolist() == pytest.approx([sum(runs) / 3], rel=1e-12)
    assert sweeps["base_top1_std"].unique().tolist() == pytest.approx([stdev(runs)], rel=1e-9)
    assert sweeps["base_seeds"].unique().tolist() == [3]


@pytest.mark.parametrize("name", ["survey_row", "seeds"])
def test_whole_number_of_a_row_is_the_written_one(name: str, table: pd.DataFrame) -> None:
    rows = [(said(point, name), number(experiment.get(name))) for _, experiment, _, point in as_written()]
    written = [None if math.isnan(own) and math.isnan(its) else its if math.isnan(own) else own for own, its in rows]
    assert [None if value is pd.NA else value for value in table[name]] == written


def test_row_172_holds_what_table_4_prints(table: pd.DataFrame) -> None:
    found = row(table, 172)
    expected = {
        "paper_id": "han2015learning", "survey_id": "learning-both", "collections": "blalock2020",
            "experiment": 0, "curve": 0, "point": 0,
        "dataset": "ImageNet", "architecture": "CaffeNet", "origin": "own", "method_label": "Han 2015",
            "canonical_method": "Magnitude pruning (Han et al. 2015)",
        "top1": 57.23, "top5": 80.33, "top1_change": 0.0, "top5_change": 0.0,
        "base_top1": 57.22, "base_top5": 80.27, "base_params": 61_000_000.0, "base_flops": 1_500_000_000.0,
        "params_removed": 0.89, "flops_removed": 0.7, "locator": "Table 4", "sweep": False, "survey_row": 172,
    }  # fmt: skip
    assert found.pop("note").startswith("It is not quite clear whether this is AlexNet or CaffeNet.")
    assert found == expected


def test_row_of_an_experiment_without_numbers_has_no_point(table: pd.DataFrame) -> None:
    assert row(table, 103) == {
        "paper_id": "yang2017designing", "survey_id": "sze-energy-aware", "collections": "blalock2020",
            "experiment": 1, "survey_row": 103,
        "dataset": "ImageNet", "architecture": "GoogLeNet", "canonical_method": "Yang et al. 2017",
        "method_label": "Yang 2017", "sweep": False,
    }  # fmt: skip


def test_survey_has_551_rows_each_once(of_survey: pd.DataFrame) -> None:
    rows = of_survey["survey_row"].dropna()
    assert (len(rows), rows.nunique()) == (551, 551)


def test_279_rows_of_the_survey_have_numbers(of_survey: pd.DataFrame) -> None:
    rows = of_survey[of_survey["survey_row"].notna()]
    assert int(rows[[*OF_POINT, *OF_BASE]].notna().any(axis=1).sum()) == 279


def test_276_rows_of_the_survey_are_operating_points(of_survey: pd.DataFrame) -> None:
    assert int((of_survey["survey_row"].notna() & of_survey["point"].notna()).sum()) == 276


def test_every_row_of_the_survey_that_is_no_sweep_has_its_number(of_survey: pd.DataFrame) -> None:
    assert (of_survey["survey_row"].isna() == of_survey["sweep"]).all()


@pytest.mark.parametrize("collection", [None, "blalock2020", "blalock2020-notes"])
def test_position_names_one_row(collection: str | None, whole: Corpus) -> None:
    assert not results(whole, collection).duplicated(KEY).any()


def test_rows_are_in_the_order_of_their_positions(table: pd.DataFrame) -> None:
    positions = table[KEY].fillna({"curve": -1, "point": -1})
    assert positions.sort_values(KEY, kind="stable").index.tolist() == table.index.tolist()


def test_curve_and_point_are_missing_together(table: pd.DataFrame) -> None:
    assert (table["curve"].isna() == table["point"].isna()).all()


def test_same_corpus_gives_the_same_table(whole: Corpus, table: pd.DataFrame) -> None:
    assert_frame_equal(results(whole, corrected=False), table)


def test_results_of_another_collection_stay_out_of_the_survey(table: pd.DataFrame, of_survey: pd.DataFrame) -> None:
    assert table[table["paper_id"] == "he2018soft"]["top1"].eq(62.14).sum() == 1
    assert of_survey[of_survey["paper_id"] == "he2018soft"]["top1"].eq(62.14).sum() == 0


@pytest.mark.parametrize("corrected", [True, False])
def test_results_of_the_survey_stay_when_the_corpus_grows(corrected: bool, grown: Corpus, survey: Corpus) -> None:
    stayed = results(grown, "blalock2020", corrected)
    assert len(results(grown, corrected=corrected)) > len(stayed) + 1
    assert_frame_equal(stayed, results(survey, corrected=corrected))


def test_papers_of_the_survey_stay_but_for_their_collections(grown: Corpus, survey: Corpus) -> None:
    rest = [name for name in papers(survey) if name != "collections"]
    assert_frame_equal(papers(grown, "blalock2020")[rest], papers(survey)[rest])


def test_collection_of_a_corpus_at_hand_must_exist(whole: Corpus) -> None:
    with pytest.raises(ValueError, match="no collection 'blalok2020'; did you mean 'blalock2020'"):
        results(whole, "blalok2020")


def test_sweeps_are_the_released_files_and_the_points_of_records(table: pd.DataFrame, whole: Corpus) -> None:
    expected = Counter[str]()
    for file in (shipped() / "sweeps").glob("*.csv"):
        expected[file.name.partition("-")[0]] += len(in_file(file.name))
    for paper in whole.papers:
        curves = [curve for experiment in paper.experiments or () for curve in experiment.curves or ()]
        expected[paper.id] += sum(len(curve.points or ()) for curve in curves if curve.sweep)
    assert Counter(table.loc[table["sweep"], "paper_id"]) == +expected


def test_point_takes_the_locator_of_its_curve_where_it_has_none(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - collections: [blalock2020]
    curves:
      - origin: own
        locator: {table: 1}
        points: [{top1: 70.0}, {top1: 71.0, locator: {figure: 2, read: plot}}]
""")
    assert results(corpus)["locator"].tolist() == ["Table 1", "Figure 2 (read off a plot)"]


def test_notes_go_from_the_point_to_the_experiment(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - collections: [blalock2020]
    note: Wide.
    curves:
      - {origin: own, note: Middle., points: [{top1: 70.0, note: Close.}, {top1: 71.0}]}
""")
    assert results(corpus)["note"].tolist() == ["Close. Middle. Wide.", "Middle. Wide."]


def test_paper_without_experiments_is_a_paper_without_results(made: Callable[..., Corpus]) -> None:
    corpus = made("id: one2015paper")
    assert (len(papers(corpus)), len(results(corpus))) == (1, 0)
    assert papers(corpus)[["experiments", "points"]].values.tolist() == [[0, 0]]


def test_papers_are_the_files_in_order(whole: Corpus) -> None:
    assert papers(whole)["paper_id"].tolist() == sorted(file.stem for file in (shipped() / "papers").glob("*.yaml"))


def test_counts_of_a_paper_leave_sweeps_out(survey: Corpus, of_survey: pd.DataFrame) -> None:
    counts = papers(survey).set_index("paper_id").loc["gale2019state"]
    assert (counts["experiments"], counts["points"]) == (3, 1)


def test_points_of_all_papers_are_the_points_of_the_survey(survey: Corpus) -> None:
    assert papers(survey)["points"].sum() == 276


def test_nobody_knows_whether_an_unknown_venue_reviews(made: Callable[..., Corpus]) -> None:
    corpus = made("id: one2015paper", "{id: two2015paper, venue: ICLR}", "{id: zoo2015paper, venue: arXiv}")
    assert [None if one is pd.NA else bool(one) for one in papers(corpus)["peer_reviewed"]] == [None, True, False]


def test_authors_and_collections_are_joined_by_semicolons(made: Callable[..., Corpus]) -> None:
    corpus = made("""{id: one2015paper, authors: ["Han, Song", "Pool, Jeff"], collections: [blalock2020, later]}""")
    assert papers(corpus)[["authors", "collections"]].values.tolist() == [
        ["Han, Song; Pool, Jeff", "blalock2020; later"]
    ]


def test_identifiers_have_columns(made: Callable[..., Corpus]) -> None:
    corpus = made("""{id: one2015paper, identifiers: {arxiv: "1506.02626", doi: 10.1109/x}}""")
    assert papers(corpus)[["arxiv", "doi"]].values.tolist() == [["1506.02626", "10.1109/x"]]


def with_correction(corpus: Corpus, **change: Any) -> Corpus:
    usual = {"paper": "han2015learning", "reason": "a slip", "evidence": "Table 4", "date": "2026-11-20"}
    correction = Correction.model_validate({"status": "applied", **usual, **change})
    return replace(corpus, corrections=(correction,))


def differences(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Row of the survey, column and new value of each cell that differs."""
    differs = ~((before == after).fillna(False) | (before.isna() & after.isna()))
    return [(before["survey_row"][at], name, after[name][at]) for name in before for at in before.index[differs[name]]]


@pytest.mark.parametrize(
    ("field", "expect", "correct", "value"),
    [
        ("top1_change", Decimal("0.000"), Decimal("0.01"), 0.01),
        ("base_params", "61.000M", "60.9M", 60_900_000.0),
        ("base_flops", "1.500G", "0.75G", 750_000_000.0),
        ("seeds", None, Decimal(3), 3),
        ("architecture", "CaffeNet", "AlexNet", "AlexNet"),
    ],
)
def test_correction_of_a_row_changes_one_cell(
    field: str, expect: object, correct: object, value: object, survey: Corpus, of_survey: pd.DataFrame
) -> None:
    change = {"survey_row": 172, "field": field, "correct": correct} | ({} if expect is None else {"expect": expect})
    after = results(with_correction(survey, **change))
    assert differences(of_survey, after) == [(172, field, value)]


@pytest.mark.parametrize("field", ["top1", "architecture"])
def test_correction_without_a_value_empties_the_cell(field: str, survey: Corpus, of_survey: pd.DataFrame) -> None:
    after = results(with_correction(survey, survey_row=172, field=field, expect="x"))
    [(row_, name, value)] = differences(of_survey, after)
    assert (row_, name, pd.isna(value)) == (172, field, True)


@pytest.mark.parametrize("field", ["top1", "architecture", "seeds"])
def test_corrected_table_keeps_its_types(field: str, survey: Corpus, of_survey: pd.DataFrame) -> None:
    after = results(with_correction(survey, survey_row=172, field=field, expect="x"))
    assert after.dtypes.to_dict() == of_survey.dtypes.to_dict()


def test_corrections_can_be_left_out(survey: Corpus, of_survey: pd.DataFrame) -> None:
    corpus = with_correction(survey, survey_row=172, field="top1", expect=Decimal("57.23"), correct=Decimal("58"))
    assert_frame_equal(results(corpus, corrected=False), of_survey)


def test_proposed_correction_waits(survey: Corpus, of_survey: pd.DataFrame) -> None:
    change = {"survey_row": 172, "field": "top1", "expect": Decimal("57.23"), "correct": Decimal(58)}
    assert_frame_equal(results(with_correction(survey, status="proposed", **change)), of_survey)


def test_reported_correction_is_applied(survey: Corpus, of_survey: pd.DataFrame) -> None:
    change = {"survey_row": 172, "field": "top1", "expect": Decimal("57.23"), "correct": Decimal(58)}
    after = results(with_correction(survey, status="reported", **change))
    assert differences(of_survey, after) == [(172, "top1", 58.0)]


def test_correction_of_a_row_that_names_no_quantity_is_refused(survey: Corpus) -> None:
    with pytest.raises(ValueError, match="row 172 of 'han2015learning' names no quantity: 'top_1'"):
        results(with_correction(survey, survey_row=172, field="top_1", expect=Decimal(1)))


@pytest.mark.parametrize(
    ("field", "column", "expect", "correct", "value"),
    [
        ("title", "title", "Learning", "Unlearning", "Unlearning"),
        ("venue", "venue", "NIPS", "ICLR", "ICLR"),
        ("month", "month", Decimal(12), Decimal(6), 6),
        ("arxiv", "arxiv", None, "1506.02626", "1506.02626"),
        ("doi", "doi", None, "10.1109/x", "10.1109/x"),
    ],
)
def test_correction_of_a_paper_changes_its_row(
    field: str, column: str, expect: object, correct: object, value: object, survey: Corpus
) -> None:
    corpus = with_correction(
        survey, **{"field": field, "correct": correct} | ({} if expect is None else {"expect": expect})
    )
    before, after = (papers(corpus, corrected=one).set_index("paper_id") for one in (False, True))
    assert after[column]["han2015learning"] == value
    changed = (
        before[column].fillna("") != after[column].fillna("") if column != "month" else before[column].ne(after[column])
    )
    assert before.index[changed.fillna(False)].tolist() == ["han2015learning"]


def test_correction_of_an_author_leaves_the_others(survey: Corpus) -> None:
    corpus = with_correction(survey, field="authors", expect="Pool, Jeff", correct="Pool, Geoff")
    authors = papers(corpus).set_index("paper_id")["authors"]["han2015learning"]
    assert authors == "Han, Song; Pool, Geoff; Tran, John; Dally, William"


def test_correction_of_a_paper_that_names_no_field_is_refused(survey: Corpus) -> None:
    with pytest.raises(ValueError, match="'han2015learning' names no field of a paper: 'titel'"):
        papers(with_correction(survey, field="titel", expect="x"))


def test_corrected_year_shows_in_the_labels_of_both_tables(survey: Corpus) -> None:
    corpus = with_correction(survey, field="year", expect=Decimal(2015), correct=Decimal(2014))
    labels = papers(corpus).set_index("paper_id")["label"]
    assert (labels["han2015learning"], row(results(corpus), 172)["method_label"]) == ("Han 2014", "Han 2014")


def test_mean_of_runs_is_that_of_the_statistics_module(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - collections: [blalock2020]
    base_top1_runs: [70.1, 70.3, 71.2, 70.0]
    curves: [{origin: own, points: [{top1: 70.0}]}]
""")
    assert results(corpus)["base_top1"].tolist() == [pytest.approx(statistics.mean([70.1, 70.3, 71.2, 70.0]))]


SIZED = """
id: one2015paper
experiments:
  - collections: [c]
    conditions: {resolution: 224}
    curves: [{origin: own, points: [{top1: 70.0}, {top1: 71.0, conditions: {resolution: 256}}]}]
  - collections: [c]
    curves: [{origin: own, points: [{top1: 72.0}]}]
"""


def test_whole_numbers_in_words_have_no_decimals(made: Callable[..., Corpus]) -> None:
    assert results(made(SIZED))["resolution"].tolist() == ["224", "256", pd.NA]


KINDS = (
    Column("name", TEXT, "", ""),
    Column("count", COUNT, "", ""),
    Column("number", NUMBER, "", ""),
    Column("flag", FLAG, "", ""),
)


def test_cells_of_a_row_go_before_those_that_rows_share() -> None:
    cells = CellsByColumn(KINDS)
    cells.add({"name": "a", "count": 1}, [{}, {"name": "b", "number": 0.5}, {"count": None, "flag": True}])
    cells.add({"other": 1}, [{"name": "c"}])
    frame = cells.frame().astype(object)
    assert frame.where(frame.notna(), None).to_numpy().tolist() == [
        ["a", 1, None, None],
        ["b", 1, 0.5, None],
        ["a", None, None, True],
        ["c", None, None, None],
    ]


def test_a_table_without_rows_has_its_columns_and_types() -> None:
    frame = CellsByColumn(KINDS).frame()
    assert (len(frame), list(frame), [str(one) for one in frame.dtypes]) == (
        0, ["name", "count", "number", "flag"], ["string", "Int64", "float64", "boolean"],
    )  # fmt: skip
