"""Panels of Figure 5: what counts as unstructured magnitude pruning, and what neither panel shows."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from prunelit.analysis.dataset import dataset
from prunelit.analysis.survey.drawn import readable, with_panels
from prunelit.analysis.survey.procedures import OURS
from prunelit.figures.gallery import figure5
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import MethodGroup

Made = Callable[..., Corpus]
PROPOSER = """
id: one2015paper
methods: [{name: AGP, structure: {value: unstructured, source: a list}}]
experiments:
  - {dataset: ImageNet, architecture: ResNet-50, collections: [blalock2020], note: nothing entered}
"""
CURVE = """
id: two2016paper
methods: [{name: Own, structure: {value: structured, source: a list}}]
experiments:
  - dataset: ImageNet
    architecture: ResNet-50
    collections: [blalock2020]
    base_top1: 76.0
    curves: [{%s, points: [{top1: 75.0, params_kept: 0.5}]}]
"""


def panels(made: Made, curve: str, *groups: MethodGroup) -> list[str]:
    data = dataset(made(PROPOSER, CURVE % curve, groups=groups))
    found: pd.Series[str] = with_panels(data, readable(data, OURS))["panel"]
    return found.tolist()


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ("method: AGP, origin: rerun, proposed_by: one2015paper, simple_method: magnitude", ["magnitude"]),
        ("method: AGP, origin: rerun, proposed_by: one2015paper", ["other"]),
        ("method: AGP (filters), origin: rerun, proposed_by: one2015paper, simple_method: magnitude", ["other"]),
        ("method: AGP, origin: rerun, simple_method: magnitude", ["other"]),
        ("method: Own, origin: own, simple_method: magnitude", ["other"]),
        ("method: Own, origin: own", ["other"]),
        ("method: Chance, origin: rerun, simple_method: random", []),
    ],
)
def test_magnitude_pruning_is_unstructured_where_a_record_says_so(curve: str, expected: list[str], made: Made) -> None:
    assert panels(made, curve) == expected


def group(name: str, **member: object) -> MethodGroup:
    usual = {"paper": "two2016paper", "reason": "So it is.", "source": "their code"}
    return MethodGroup.model_validate({"name": name, "meaning": "some", "members": [usual | member]})


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([group("unstructured-magnitude", methods=["Own"])], ["magnitude"]),
        ([group("left-out-beside-magnitude")], []),
        ([group("unstructured-magnitude"), group("left-out-beside-magnitude")], ["magnitude"]),
        ([group("left-out-beside-magnitude", methods=["Random"])], ["other"]),
    ],
)
def test_groups_of_the_corpus_decide_first(groups: list[MethodGroup], expected: list[str], made: Made) -> None:
    assert panels(made, "method: Own, origin: own", *groups) == expected


def test_structured_methods_are_no_unstructured_pruning(whole: Corpus) -> None:
    drawn = figure5.data(dataset(whole))
    upper = drawn.loc[drawn["panel"] == "magnitude", "method_label"]
    assert "Zmora 2019, AGP" in set(upper)
    assert not upper.str.contains(r"filters|blocks|\(structured\)").any()


def test_the_survey_has_the_panels_that_its_code_gives(survey: Corpus) -> None:
    drawn = figure5.data(dataset(survey))
    assert sorted(drawn.loc[drawn["panel"] == "magnitude", "method_label"].unique()) == [
        "Frankle 2019, PruneAtEpoch=15",
        "Frankle 2019, PruneAtEpoch=90",
        "Frankle 2019, ResetToEpoch=10",
        "Frankle 2019, ResetToEpoch=R",
        "Gale 2019, Magnitude",
        "Gale 2019, Magnitude-v2",
        "Liu 2019, Magnitude",
    ]
    assert not drawn.loc[drawn["panel"] == "other", "method_label"].str.contains("Frankle|Random").any()
