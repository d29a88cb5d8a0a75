"""Do the records bear out what papers other than the survey conclude, and does each difference have a reason?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from prunelit import completed, conclusions
from prunelit.analysis.claims.claim import (
    DOES_NOT_HOLD,
    NO_NUMBERS,
    NUMBER_DIFFERS,
    UNEXPLAINED,
    Claim,
    judged,
    stated_claim,
)
from prunelit.analysis.claims.liu2018rethinking import Gains, _sometimes
from prunelit.analysis.claims.sources import CONCLUSIONS_BY_PAPER
from prunelit.schema.corpus import Corpus


@pytest.fixture(scope="module")
def table(whole: Corpus) -> pd.DataFrame:
    return conclusions(whole)


def verdicts(claim: Claim[int], facts: int) -> list[str]:
    return judged([claim], facts)["verdict"].tolist()


def test_no_conclusion_is_unexplained(table: pd.DataFrame) -> None:
    assert table.loc[table["verdict"] == UNEXPLAINED, "claim"].tolist() == []


def test_whatever_is_not_borne_out_has_a_reason(table: pd.DataFrame) -> None:
    without = table[table["verdict"].isin([NUMBER_DIFFERS, DOES_NOT_HOLD, NO_NUMBERS])]
    assert (without["reason"].str.len() > 40).all()


def test_every_conclusion_names_its_source(table: pd.DataFrame) -> None:
    assert (table["source"].str.len() > 0).all()


def test_conclusions_are_one_row_each(table: pd.DataFrame) -> None:
    assert not table.duplicated(["paper_id", "claim"]).any()


@pytest.mark.parametrize("paper", CONCLUSIONS_BY_PAPER)
def test_papers_with_conclusions_have_a_record(paper: str, whole: Corpus) -> None:
    assert paper in whole.by_id


def test_conclusions_of_one_paper(table: pd.DataFrame, whole: Corpus) -> None:
    found = conclusions(whole, paper="crowley2018closer")
    assert found["claim"].tolist() == table.loc[table["paper_id"] == "crowley2018closer", "claim"].tolist()


def test_conclusions_of_an_unknown_paper(whole: Corpus) -> None:
    with pytest.raises(ValueError, match="no paper with conclusions 'han2015learning'"):
        conclusions(whole, paper="han2015learning")


def test_a_paper_without_record_has_no_conclusions(made: Callable[..., Corpus]) -> None:
    assert conclusions(made("id: one2015paper")).empty


@pytest.mark.parametrize("paper", CONCLUSIONS_BY_PAPER)
def test_records_without_the_results_have_no_numbers(paper: str, whole: Corpus) -> None:
    bare = replace(whole, papers=tuple(one.model_copy(update={"experiments": None}) for one in whole.papers))
    assert set(conclusions(bare, paper=paper)["verdict"]) == {NO_NUMBERS}


def test_findings_of_crowley_have_no_numbers(table: pd.DataFrame) -> None:
    assert set(table.loc[table["paper_id"] == "crowley2018closer", "verdict"]) == {NO_NUMBERS}


@pytest.mark.parametrize(("facts", "verdict"), [(3, ["holds"]), (2, ["does not hold"])])
def test_a_statement_holds_or_does_not(facts: int, verdict: list[str]) -> None:
    claim: Claim[int] = stated_claim("three", "page 1", "3", lambda n: n, lambda n: n == 3, "because")
    assert verdicts(claim, facts) == verdict


@pytest.mark.parametrize(("facts", "verdict"), [(3, ["reproduced"]), (2, ["differs"])])
def test_a_number_is_reproduced_or_differs(facts: int, verdict: list[str]) -> None:
    assert verdicts(Claim("three", "page 1", "3", lambda n: n, lambda n: n == 3, "because"), facts) == verdict


@pytest.mark.parametrize(
    "claim", [stated_claim("three", "page 1", "3", lambda n: n, lambda n: n == 3), stated_claim("three", "page 1", "3")]
)
def test_what_has_no_reason_is_unexplained(claim: Claim[int]) -> None:
    assert verdicts(claim, 2) == ["unexplained"]


def test_what_is_computed_needs_a_criterion() -> None:
    with pytest.raises(ValueError, match="needs a criterion, and the other way round: three"):
        stated_claim("three", "page 1", "3", lambda n: n)


def test_what_has_a_criterion_must_be_computed() -> None:
    with pytest.raises(ValueError, match="needs a criterion, and the other way round: three"):
        Claim("three", "page 1", "3", holds=lambda n: n == 3)


def test_a_statement_without_numbers_says_so() -> None:
    claim: Claim[int] = stated_claim("three", "page 1", "many", reason="nobody counted")
    assert judged([claim], 3).loc[0, ["computed", "verdict", "reason"]].tolist() == [
        "",
        "no numbers at hand",
        "nobody counted",
    ]


def test_larger_rates_of_wang_are_counted_as_a_reader_of_table_4_counts_them(table: pd.DataFrame) -> None:
    larger = ([85.27, 85.37, 85.48, 83.83, 81.56, 79.57], [83.72, 83.88, 83.67, 82.96, 80.78, 77.81])
    larger += ([83.91, 84.02, 83.41, 82.91, 79.43, 75.20],)
    smaller = ([83.88, 84.00, 83.29, 82.61, 80.41, 77.64], [84.21, 83.87, 82.90, 81.24, 77.29, 70.53])
    smaller += ([84.09, 82.47, 79.70, 74.87, 49.23, 29.89],)
    pairs = [pair for rows in zip(larger, smaller, strict=True) for pair in zip(*rows, strict=True)]
    claim = table[table["claim"].str.startswith("mystery 1: with everything else equal")]
    assert claim["computed"].tolist() == [f"{sum(one > other for one, other in pairs)} of {len(pairs)}"]


LIU = {
    "pruning methods that are compared": ("reproduced", "6"),
    "structured pruning: trained from scratch, the pruned network is as good as fine-tuned, or better": (
        "holds",
        "29 of 29 networks",
    ),
    "predefined targets: the network can be trained directly, without pruning a large one": (
        "holds",
        "15 of 15 networks; Scratch-B on CIFAR-10 +0.37 [−0.04, +0.78]; Scratch-B on ImageNet +1.39 [+0.79, +1.98]",
    ),
    "the exception, unstructured pruning on ImageNet: Scratch-B is worse than fine-tuned": (
        "holds",
        "3 of 4 networks; Scratch-B on ImageNet −0.35 [−1.35, +0.65]",
    ),
    "unpruned accuracy of VGG-16 that the paper of ThiNet reports": ("differs", "68.34"),
    "channels that Network Slimming prunes from the VGG-16 of Table 8": ("differs", "60.0%"),
    "on CIFAR-10, Scratch-B is better than the unpruned network, with statistical significance": (
        "holds",
        "6 of 16 networks better, 3 of them by more than two standard errors (0.3 would be by chance)",
    ),
    "with the best learning rate, a winning ticket's initial weights are no better than random ones": (NO_NUMBERS, ""),
}
"""Some conclusions of Liu et al., with verdict and computed value."""


@pytest.mark.parametrize("claim", LIU)
def test_conclusions_of_liu(table: pd.DataFrame, claim: str) -> None:
    (row,) = table[table["claim"] == claim].to_dict("records")
    assert (row["verdict"], row["computed"]) == LIU[claim]


def test_gains_of_liu_by_chance_are_counted_over_the_networks_with_a_standard_error(whole: Corpus) -> None:
    points = completed(whole.only("scratch")).query("paper_id == 'liu2018rethinking' and dataset == 'CIFAR-10'")
    errors = points.query("training_scheme == 'scratch_b'")[["top1_std", "base_top1_std"]].notna().all(axis=1)
    beyond = math.erfc(2 / math.sqrt(2)) / 2
    computed = LIU["on CIFAR-10, Scratch-B is better than the unpruned network, with statistical significance"][1]
    assert (len(errors), errors.sum()) == (16, 14)
    assert f"({14 * beyond:.1f} would be by chance)" in computed


@pytest.mark.parametrize(("clearly", "holds"), [(0, False), (1, True)])
def test_gains_hold_where_there_are_more_than_chance_alone_would_give(clearly: int, holds: bool) -> None:
    assert _sometimes(Gains(16, 6, clearly, 14)) is holds


def test_as_many_gains_as_by_chance_prove_nothing() -> None:
    assert not _sometimes(Gains(100, 50, 2, 100))


def test_thinet_by_its_own_changes_is_better_than_scratch(whole: Corpus) -> None:
    own = completed(whole.only("blalock2020")).query("paper_id == 'luo2017thinet' and dataset == 'ImageNet'")
    changes = dict(zip(own["top1"], own["top1_change"], strict=True))
    from_scratch = {69.80: 0.21, 72.04: -1.01, 71.01: -2.23, 68.42: -4.56}
    assert {top1: from_scratch[top1] < change for top1, change in changes.items()} == dict.fromkeys(from_scratch, True)
