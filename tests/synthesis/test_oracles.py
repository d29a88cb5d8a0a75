"""Does the network meta-analysis say what R's netmeta and metafor say?"""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prunelit.analysis.synthesis.contributions import shortest_paths
from prunelit.analysis.synthesis.meta_analysis import network_meta_analysis
from prunelit.analysis.synthesis.result import NetworkMetaAnalysis

MODELS = ["common", "random"]
EXACT = 1e-9
"""The expected numbers have twelve digits, and none is much larger than 100."""
SEARCHED = 1e-5
"""metafor searches for the most likely tau² until the likelihood hardly changes: half as many digits."""
PUBLISHED_REML = {
    "acar": (-0.8414, 0.2384),
    "benf": (-0.7369, 0.2776),
    "metf": (-1.1284, 0.1494),
    "migl": (-0.9499, 0.2253),
    "piog": (-1.1294, 0.2119),
    "rosi": (-1.2337, 0.1235),
    "sita": (-0.5700, 0.3414),
    "sulf": (-0.4175, 0.2326),
    "vild": (-0.7000, 0.3408),
}
"""Senn 2013 by rma.mv, from the arms, against placebo, as metadat prints it on the page of dat.senn2013."""


def same(found: Any, expected: Any, tolerance: float = EXACT) -> None:
    found, expected = (np.array(values, dtype=float) for values in (found, expected))
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def of_pairs(table: pd.DataFrame, expected: dict[str, Any], model: str) -> pd.DataFrame:
    return table.loc[model].loc[list(combinations(expected["treatments"], 2))]


@pytest.mark.parametrize("column", ["effect", "standard_error"])
@pytest.mark.parametrize("model", MODELS)
def test_league(found: NetworkMetaAnalysis, expected: dict[str, Any], model: str, column: str) -> None:
    same(of_pairs(found.league, expected, model)[column], expected[model][column])


@pytest.mark.parametrize("column", ["prediction_lower", "prediction_upper"])
def test_prediction(found: NetworkMetaAnalysis, expected: dict[str, Any], column: str) -> None:
    same(of_pairs(found.league, expected, "random")[column], expected["random"][column])


@pytest.mark.parametrize("model", MODELS)
def test_p_scores(found: NetworkMetaAnalysis, expected: dict[str, Any], model: str) -> None:
    same(found.p_scores.loc[expected["treatments"], model], expected["p_scores"][model])


@pytest.mark.parametrize("column", ["tau2", "i2", "i2_lower", "i2_upper"])
def test_heterogeneity(found: NetworkMetaAnalysis, expected: dict[str, Any], column: str) -> None:
    same(found.heterogeneity.loc[1, column], expected["heterogeneity"][column])


def test_heterogeneity_is_tested_by_the_whole_q(found: NetworkMetaAnalysis, expected: dict[str, Any]) -> None:
    same(found.heterogeneity.loc[1, ["q", "df", "p"]], expected["decomposition"]["total"])


@pytest.mark.parametrize("part", ["total", "within designs", "between designs"])
def test_q_of_all_designs(found: NetworkMetaAnalysis, expected: dict[str, Any], part: str) -> None:
    same(found.decomposition.loc[part, ["q", "df", "p"]], expected["decomposition"][part])


@pytest.mark.parametrize("part", ["within one design", "detached"])
def test_q_of_one_design(found: NetworkMetaAnalysis, expected: dict[str, Any], part: str) -> None:
    of_designs = found.decomposition.loc[[part]].set_index("design")[["q", "df", "p"]]
    known = expected["decomposition"][part]
    assert set(of_designs.index) == set(known)
    same(of_designs.loc[list(known)], list(known.values()))


def test_design_by_treatment_interaction(found: NetworkMetaAnalysis, expected: dict[str, Any]) -> None:
    of_all = found.decomposition.loc["interaction"]
    tau = np.sqrt(of_all["tau2"])
    same([*of_all[["q", "df", "p"]], tau], expected["decomposition"]["interaction"])


@pytest.mark.parametrize("model", MODELS)
def test_splits(found: NetworkMetaAnalysis, expected: dict[str, Any], model: str) -> None:
    same(of_pairs(found.splits, expected, model), expected["splits"][model])


def comparisons(table: pd.DataFrame, expected: dict[str, Any], model: str) -> pd.DataFrame:
    assert {frozenset(pair) for pair in table.columns} == {frozenset(pair) for pair in expected["comparisons"]}
    return of_pairs(table, expected, model)[[tuple(pair) for pair in expected["comparisons"]]]


@pytest.mark.parametrize("model", MODELS)
def test_hat(found: NetworkMetaAnalysis, expected: dict[str, Any], model: str) -> None:
    same(comparisons(found.hat, expected, model), expected["hat"][model])


@pytest.mark.parametrize("model", MODELS)
def test_contributions_by_random_walks(found: NetworkMetaAnalysis, expected: dict[str, Any], model: str) -> None:
    same(comparisons(found.contributions, expected, model), expected["random walks"][model])


@pytest.mark.parametrize("model", MODELS)
def test_contributions_by_shortest_paths(found: NetworkMetaAnalysis, expected: dict[str, Any], model: str) -> None:
    same(comparisons(shortest_paths(found.hat), expected, model), expected["shortest paths"][model])


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_likelihood(contrasts: pd.DataFrame, expected: dict[str, Any], method: str) -> None:
    known = expected["likelihood"][method]
    found = network_meta_analysis(contrasts, method_tau=method, reference=known["reference"])
    others = [name for name in expected["treatments"] if name != known["reference"]]
    same(found.heterogeneity.loc[1, "tau2"], known["tau2"], SEARCHED)
    for column in ("effect", "standard_error"):
        same(found.random.loc[others, column], [known[column][str(name)] for name in others], SEARCHED)


def test_likelihood_of_the_published_arms() -> None:
    """The contrasts are those arms with four digits: agreement is as close as the printed digits allow."""
    known = json.loads((Path(__file__).parent / "senn2013.json").read_text(encoding="utf-8"))
    columns = ["study", "treatment1", "treatment2", "effect", "standard_error"]
    contrasts = pd.DataFrame(known["contrasts"], columns=columns)
    found = network_meta_analysis(contrasts, method_tau="REML", reference="plac")
    same(found.heterogeneity.loc[1, "tau2"], 0.0999, 1e-4)
    same(found.random.loc[list(PUBLISHED_REML), ["effect", "standard_error"]], list(PUBLISHED_REML.values()), 1e-4)
