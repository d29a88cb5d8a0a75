"""Does the survey's data bear out what the survey says, and is every difference explained?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from prunelit import claims
from prunelit.analysis.claims.blalock2020 import CLAIMS, TABLE1, ShareOfPapers
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

DIFFERS = {
    "papers published since 2010": ("79", "78"),
    "papers that compare to three or fewer others": ("nearly all", "64 of 81 (79.0%)"),
    "papers that report a number on a configuration of Figure 3": ("37", "36"),
    "stated comparisons whose curves meet on a common configuration": ("136", "139"),
    "stated comparisons in which a point of the paper dominates": ("68", "71"),
    "stated comparisons in which a point of the paper is dominated": ("25", "23"),
}
"""Claims that the data does not bear out: what the survey says, and what its data says."""

REPRODUCED = {
    "papers in the corpus": "81",
    "comparisons between papers of the corpus": "173",
    "rows of results": "551",
    "rows with numbers": "279",
    "rows without numbers": "272",
    "datasets": "49",
    "architectures": "132",
    "(dataset, architecture) pairs": "195",
    "papers that compare to no other": "21 of 81 (25.9%)",
    "papers that compare to exactly one other": "22 of 81 (27.2%)",
    "papers that compare to at most one other": "43 of 81 (53.1%)",
    "papers that no paper compares to": "33",
    "papers that use the most common pair": "22 of 81 (27.2%)",
    "of the six most common pairs, those with MNIST": "3",
    "pairs used by at least four papers": "14",
    **{f"papers that use {architecture} on {dataset}": str(n) for (dataset, architecture), n in TABLE1.items()},
}
"""Claims that the data bears out, with the computed value."""


@pytest.fixture(scope="module")
def table(whole: Corpus) -> pd.DataFrame:
    return claims(whole)


def said(table: pd.DataFrame, verdict: str, *columns: str) -> dict[str, object]:
    rows = table[table["verdict"] == verdict].set_index("claim")[list(columns)]
    return {key: row if len(row) > 1 else row[0] for key, *row in rows.itertuples(name=None)}


def test_shares_of_no_papers_are_no_numbers(whole: Corpus) -> None:
    told = claims(replace(whole, papers=())).set_index("claim")
    assert told.loc["papers that compare to no other", "verdict"] == "no numbers at hand"


def test_no_difference_is_unexplained(table: pd.DataFrame) -> None:
    assert said(table, "unexplained", "computed") == {}


def test_these_claims_differ(table: pd.DataFrame) -> None:
    found = said(table, "differs", "published", "computed")
    assert found == {claim: list(values) for claim, values in DIFFERS.items()}


def test_these_claims_are_reproduced(table: pd.DataFrame) -> None:
    assert said(table, "reproduced", "computed") == REPRODUCED


def test_every_difference_has_a_reason(table: pd.DataFrame) -> None:
    assert (table.loc[table["verdict"] == "differs", "reason"].str.len() > 40).all()


def test_what_is_reproduced_needs_no_reason(table: pd.DataFrame) -> None:
    assert (table.loc[table["verdict"] == "reproduced", "reason"] == "").all()


def test_claims_are_one_row_each(table: pd.DataFrame) -> None:
    assert (len(table), table["claim"].nunique()) == (len(CLAIMS), len(CLAIMS))


def test_every_claim_names_its_source(table: pd.DataFrame) -> None:
    assert (table["source"].str.len() > 0).all()


def test_table_1_is_the_published_one() -> None:
    assert sorted(TABLE1.values(), reverse=True) == [22, 15, 14, 14, 12, 11, 10, 8, 8, 6, 6, 5, 4, 4]


def test_claims_stay_when_the_corpus_grows(grown: Corpus, table: pd.DataFrame) -> None:
    assert_frame_equal(claims(grown), table)


def test_claims_are_about_the_survey_as_published(whole: Corpus, table: pd.DataFrame) -> None:
    correction = Correction.model_validate(
        {
            "paper": "yang2017designing",
            "field": "compares_to",
            "expect": "han2015learning",
            "reason": "made up",
            "evidence": "none",
            "date": "2026-11-20",
            "status": "applied",
        }
    )
    year = correction.model_copy(update={"field": "year", "expect": Decimal(2017), "correct": Decimal(2009)})
    assert_frame_equal(claims(replace(whole, corrections=(correction, year))), table)


def test_citations_are_no_comparisons(whole: Corpus, table: pd.DataFrame) -> None:
    citing = tuple(
        paper.model_copy(update={"cites": ("han2015deep",)}) if paper.id == "yang2017designing" else paper
        for paper in whole.papers
    )
    assert_frame_equal(claims(replace(whole, papers=citing)), table)


def test_missing_paper_is_an_unexplained_difference(whole: Corpus) -> None:
    found = claims(replace(whole, papers=tuple(paper for paper in whole.papers if paper.id != "han2015deep")))
    assert "papers in the corpus" in said(found, "unexplained", "computed")


def test_moved_row_is_an_unexplained_difference(whole: Corpus) -> None:
    def without_vgg(corpus: Corpus) -> Corpus:
        papers = [
            paper.model_copy(
                update={"experiments": tuple(one for one in paper.experiments or () if one.architecture != "VGG-16")}
            )
            if paper.id == "han2015learning"
            else paper
            for paper in corpus.papers
        ]
        return replace(corpus, papers=tuple(papers))

    assert "papers that use VGG-16 on ImageNet" in said(claims(without_vgg(whole)), "unexplained", "computed")


@pytest.mark.parametrize(("part", "whole_", "text"), [(21, 81, "21 of 81 (25.9%)"), (0, 4, "0 of 4 (0.0%)")])
def test_share_reads_as_part_of_whole(part: int, whole_: int, text: str) -> None:
    assert str(ShareOfPapers(part, whole_)) == text


def test_claims_need_the_collection_of_the_survey(made: Callable[..., Corpus]) -> None:
    with pytest.raises(ValueError, match="no collection 'blalock2020'"):
        claims(made("id: one2015paper", collections=()))
