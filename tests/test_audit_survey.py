"""The survey against itself: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from audit_records import BY_NAME, A, B, Edge, Told, edge, experiment, one, sayings, single, told
from prunelit import Dataset, dataset
from prunelit.analysis.audit import evidence
from prunelit.schema.corpus import Corpus

EDGES = [
    edge("one-network-two-names", "fc300-1", "fc300-100", one(on="MNIST/LeNet-300-100") + experiment(on="MNIST/@")),
    edge("one-network-two-names", "Other", "MNIST", one(on="MNIST/LeNet-300-100") + experiment(on="@/fc300-100")),
    edge("one-network-two-names", "300", "300-100", one(on="MNIST/LeNet@") + experiment(on="MNIST/fc@")),
    edge("one-network-two-names", "300-1", "300-10", one(on="MNIST/LeNet@") + experiment(on="MNIST/fc@")),
    edge("one-network-two-names", "note: Some", "dataset: MNIST",
         one(on="/LeNet-300-100", base="@") + experiment(on="/fc300-100", base="@")),
    edge("one-network-two-names", "note: Some", "architecture: fc300-100",
         one(on="MNIST/LeNet-300-100") + experiment(on="MNIST/", base="@")),
    edge("unknown-name-counted", "dataset: Set", "note: Some", one("top1: 75.0", on="/Net", base="@")),
    edge("unknown-name-counted", "architecture: Net", "note: Some", one("top1: 75.0", on="Set/", base="@")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


TOLD = [
    told(
        "unknown-name-counted",
        "ada2015title, experiments 1, experiments: 2 without dataset or architecture",
        one("top1: 75.0") + experiment("top1: 75.0", on="/Net", first=2) + experiment("top1: 75.0", on="Set/", first=3),
        B,
    ),
    told(
        "one-network-two-names",
        "None, , A-30-40 and B-30-40 and C-30-40 and D-30-40: both on MNIST",
        *(one(on=f"MNIST/{name}-30-40", paper=f"{name.lower()}2015title") for name in "DBCA"),
    ),
    told(
        "one-network-two-names",
        """
        None, , LeNet-300-100 and fc300-100: both on Fashion
        None, , LeNet-300-100 and fc300-100: both on MNIST
        """,
        *(
            one(on=f"{name}/fc300-100", paper=f"{paper}2015title") + experiment(on=f"{name}/LeNet-300-100")
            for paper, name in (("ada", "MNIST"), ("bob", "Fashion"))
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("claim-unexplained", ["None, , papers: published 81, computed 80"]),
        ("claim-differs", ["None, , rows: published 551, computed 550: Two are one."]),
    ],
)
def test_claims_that_do_not_hold(
    rule: str, expected: list[str], corpus_of: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = ["claim", "source", "published", "computed", "verdict", "reason"]
    rows = [
        ["papers", "abstract", "81", "80", "unexplained", None],
        ["rows", "data", "551", "550", "differs", "Two are one."],
        ["pairs", "data", "132", "132", "reproduced", None],
    ]
    monkeypatch.setattr(evidence, "survey_claims", lambda dataset: pd.DataFrame(rows, columns=columns))
    assert sayings(rule, corpus_of(A)) == expected


def test_what_differs_is_excused_by_its_numbers_alone(
    corpus_of: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = {"claim": "rows", "published": "551", "computed": "550", "verdict": "differs", "reason": "Two are one."}
    monkeypatch.setattr(evidence, "survey_claims", lambda dataset: pd.DataFrame([claim]))
    [found] = BY_NAME["claim-differs"].check(dataset(corpus_of(A)))
    assert found.value == "published 551, computed 550"


def test_there_are_no_claims_without_the_survey(corpus_of: Callable[..., Corpus]) -> None:
    assert evidence.survey_claims(dataset(corpus_of(A))).empty


HISTOGRAMS = "histogram-does-not-add-up"


@pytest.fixture
def compared(corpus_of: Callable[..., Corpus]) -> Dataset:
    """Two papers, of which one compares to the other, and the other cites the one; their degrees are computed."""
    found = dataset(corpus_of(A + "compares_to: [bob2016title]", B + "cites: [ada2015title]"), corrected=False)
    assert list(BY_NAME[HISTOGRAMS].check(found)) == []
    return found


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        ("comparisons", "2 papers and 1 comparisons; 0 are stated"),
        ("papers", "2 papers and 1 comparisons; 1 are stated"),
    ],
)
def test_histograms_that_do_not_add_up(
    frame: str, found: str, compared: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = getattr(compared, frame)()[:0]
    monkeypatch.setattr(Dataset, frame, lambda self: nothing)
    suspicions = [(one.subject, one.found) for one in BY_NAME[HISTOGRAMS].check(compared)]
    assert suspicions == [("compares_to", found), ("compared_to_by", found)]


def test_a_single_record_has_no_histogram(corpus_of: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch) -> None:
    found = single(A, corpus_of(A, B))
    nothing = found.papers()[:0]
    monkeypatch.setattr(Dataset, "papers", lambda self: nothing)
    assert list(BY_NAME[HISTOGRAMS].check(found)) == []
