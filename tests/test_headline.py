"""Do the survey's exclusions leave out what they name, where they name it?"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pandas as pd
import pytest

from prunelit import completed, results
from prunelit.analysis.frames.headline import headline, kept_in
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import Exclusion, SurveyPart

PARTS: tuple[SurveyPart, ...] = get_args(SurveyPart)


def excluded(*parts: str | None) -> pd.DataFrame:
    return pd.DataFrame({"excluded": pd.array(parts, dtype="string")})


def test_row_is_left_out_of_the_parts_it_names() -> None:
    table = excluded("figure3; beats", None, "figure1", "beats")
    assert kept_in(table, "beats").index.tolist() == [1, 2]


def test_part_is_a_whole_word() -> None:
    table = excluded("figure1; figure33")
    assert len(kept_in(table, "figure3")) == 1


def test_empty_table_keeps_its_columns() -> None:
    assert list(kept_in(excluded(), "counts").columns) == ["excluded"]


def reported(*rows: tuple[str, str | None], sweep: bool = False, survey_row: int | None = None) -> pd.DataFrame:
    """Rows of papers with the origin of their numbers."""
    frame = pd.DataFrame(rows, columns=["paper_id", "origin"], dtype="string")
    return frame.assign(
        sweep=pd.array([sweep] * len(rows), dtype="boolean"),
        survey_row=pd.array([survey_row] * len(rows), dtype="Int64"),
    )


def test_headline_has_no_sweeps() -> None:
    assert headline(reported(("a", "own"), sweep=True)).empty


def test_headline_has_no_numbers_of_others() -> None:
    table = reported(("a", "own"), ("a", "copied"), ("b", "unclear"), ("c", None))
    assert headline(table).index.tolist() == [0, 3]


def test_reruns_are_results_of_papers_without_a_method_of_their_own() -> None:
    table = reported(("a", "own"), ("a", "rerun"), ("benchmark", "rerun"), ("benchmark", "copied"))
    assert headline(table).index.tolist() == [0, 2]


def test_what_the_survey_counted_counts() -> None:
    assert len(headline(reported(("a", "own"), ("a", "rerun"), survey_row=7))) == 2


def left_out(survey: Corpus, part: SurveyPart) -> set[tuple[str, str]]:
    """Papers that are left out as a whole, and the methods that are left out of others."""
    table = results(survey).fillna({"method": ""})
    kept = kept_in(table, part)
    rows = table.drop(kept.index)
    whole = ~rows["paper_id"].isin(kept["paper_id"])
    return set(zip(rows["paper_id"], rows["method"].mask(whole, "all"), strict=True))


EVERYWHERE = {("lebedev2016fast", "all")} | {
    ("suzuki2018spectral", name) for name in ("Spec-GAP", "Spec-GAP2", "Spec-GAPe", "Spec-Tiny", "Spec-Conv2")
}
REIMPLEMENTED = {("liu2018rethinking", "Magnitude")}


@pytest.mark.parametrize("part", ["counts", "figure5"])
def test_counts_leave_out_what_the_authors_explain(part: SurveyPart, survey: Corpus) -> None:
    assert left_out(survey, part) == EVERYWHERE


@pytest.mark.parametrize("part", ["figure1", "figure4"])
def test_comparison_figures_leave_out_reimplementations_too(part: SurveyPart, survey: Corpus) -> None:
    assert left_out(survey, part) == EVERYWHERE | REIMPLEMENTED


@pytest.mark.parametrize("part", ["figure3", "beats"])
def test_curves_of_frankle_2019_are_not_compared(part: SurveyPart, survey: Corpus) -> None:
    assert left_out(survey, part) == EVERYWHERE | REIMPLEMENTED | {("frankle2019lottery", "all")}


def test_exclusions_have_reasons(whole: Corpus) -> None:
    assert all(len(one.reason) > 20 and len(one.source) > 20 for one in whole.exclusions)


def test_every_exclusion_meets_a_row(whole: Corpus) -> None:
    table = results(whole)
    used = set(table[["paper_id", "method"]].fillna("").itertuples(index=False, name=None))
    named = [(one.paper, method) for one in whole.exclusions for method in one.methods or ("",)]
    assert [pair for pair in named if pair[1] and pair not in used] == []
    assert {paper for paper, _ in named} <= set(table["paper_id"])


TWO = """
id: one2015paper
collections: [blalock2020, later]
methods: [{name: A}, {name: B}]
experiments:
  - collections: [blalock2020]
    curves: [{method: A, origin: own, points: [{top1: 70.0}]}, {method: B, origin: own, points: [{top1: 70.0}]}]
  - {collections: [blalock2020], method: A}
  - collections: [later]
    curves: [{method: A, origin: own, points: [{top1: 71.0}]}]
"""


def decided(**decision: object) -> Exclusion:
    usual = {"collection": "blalock2020", "paper": "one2015paper", "reason": "So it is.", "source": "their code"}
    return Exclusion.model_validate(usual | decision)


def test_exclusion_of_a_method_meets_its_rows_with_and_without_numbers(made: Callable[..., Corpus]) -> None:
    corpus = made(TWO, exclusions=(decided(methods=["A"], left_out_of=["figure1", "beats"]),))
    assert results(corpus)["excluded"].fillna("").tolist() == ["figure1; beats", "", "figure1; beats", ""]


def test_exclusion_of_a_paper_meets_its_rows_in_that_collection_alone(made: Callable[..., Corpus]) -> None:
    corpus = made(TWO, exclusions=(decided(left_out_of=["counts"]),))
    assert results(corpus)["excluded"].fillna("").tolist() == ["counts", "counts", "counts", ""]


def test_parts_of_several_exclusions_are_named_once(made: Callable[..., Corpus]) -> None:
    decisions = decided(methods=["A"], left_out_of=["counts", "beats"]), decided(left_out_of=["beats", "figure1"])
    assert results(made(TWO, exclusions=decisions))["excluded"][0] == "counts; beats; figure1"


def test_merged_methods_share_the_papers_label(made: Callable[..., Corpus]) -> None:
    corpus = made(TWO, exclusions=(decided(methods=["A"], merged=True),))
    assert results(corpus)["method_label"].tolist()[:2] == ["Lovelace 2015", "Lovelace 2015, B"]


def test_completed_points_keep_their_exclusions(survey: Corpus) -> None:
    reported, points = results(survey), completed(survey)
    assert (
        points["excluded"].fillna("").tolist()
        == reported.loc[reported["point"].notna(), "excluded"].fillna("").tolist()
    )
