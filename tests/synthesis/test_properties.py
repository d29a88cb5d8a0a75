"""Does the network meta-analysis obey what must hold of any network, computed by other roads?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import chi2, multivariate_normal, norm
from statsmodels.stats.meta_analysis import combine_effects

from prunelit.analysis.synthesis.contributions import random_walks, shortest_paths
from prunelit.analysis.synthesis.meta_analysis import network_meta_analysis

Frame: TypeAlias = Callable[[list[Any]], pd.DataFrame]
Arms: TypeAlias = dict[str, dict[str, tuple[float, float]]]
"""Value and variance of each arm of each study."""

COLUMNS = ["study", "treatment1", "treatment2", "effect", "standard_error"]
SOME = settings(max_examples=settings().max_examples // 10)
"""A whole analysis takes longer than most of what is tested by properties."""
ALL = ["common", "random", "league", "p_scores", "heterogeneity", "decomposition", "splits", "hat", "contributions"]


@st.composite
def arms(draw: st.DrawFn, most: int = 4) -> Arms:
    """Studies that connect up to six treatments: a chain of them, and others at will."""
    treatments = [f"t{number}" for number in range(draw(st.integers(3, 6)))]
    sets = [*pairwise(treatments), *draw(st.lists(st.permutations(treatments), min_size=1, max_size=6))]
    sizes = [2] * (len(treatments) - 1) + [draw(st.integers(2, most)) for _ in sets[len(treatments) - 1 :]]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return {
        f"s{number}": {arm: (rng.normal(scale=2), float(np.exp(rng.normal(-2, 1)))) for arm in own[:size]}
        for number, (own, size) in enumerate(zip(sets, sizes, strict=True))
    }


def contrasts_of(studies: Arms) -> pd.DataFrame:
    rows = [
        (study, one, other, own[one][0] - own[other][0], (own[one][1] + own[other][1]) ** 0.5)
        for study, own in studies.items()
        for one, other in combinations(own, 2)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def equations(studies: Arms) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Effects against the first arm of each study, their covariance, that of random effects, and the design matrix."""
    names = sorted({arm for own in studies.values() for arm in own})
    effects, designs, blocks, random_blocks = [], [], [], []
    for own in studies.values():
        first, *others = own
        effects += [own[arm][0] - own[first][0] for arm in others]
        designs += [[float(name == arm) - float(name == first) for name in names[1:]] for arm in others]
        blocks.append(np.diag([own[arm][1] for arm in others]) + own[first][1])
        random_blocks.append((np.eye(len(others)) + 1) / 2)
    return np.array(effects), diagonal(blocks), diagonal(random_blocks), np.array(designs)


def diagonal(blocks: list[np.ndarray]) -> np.ndarray:
    size = sum(len(block) for block in blocks)
    whole, at = np.zeros((size, size)), 0
    for block in blocks:
        whole[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return whole


def residual_maker(covariance: np.ndarray, design: np.ndarray) -> np.ndarray:
    weight = np.linalg.inv(covariance)
    projected: np.ndarray = weight - weight @ design @ np.linalg.solve(design.T @ weight @ design, design.T @ weight)
    return projected


def same(found: Any, expected: Any, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(np.array(found, float), np.array(expected, float), rtol=tolerance, atol=tolerance)


@SOME
@given(arms())
def test_estimates_are_those_of_generalized_least_squares(studies: Arms) -> None:
    effects, covariance, _, design = equations(studies)
    weight = np.linalg.inv(covariance)
    variance = np.linalg.inv(design.T @ weight @ design)
    found = network_meta_analysis(contrasts_of(studies), reference="t0").common.iloc[1:]
    same(found["effect"], variance @ design.T @ weight @ effects)
    same(found["standard_error"], np.sqrt(np.diag(variance)))


@SOME
@given(arms())
def test_moments_make_q_what_is_expected_of_it(studies: Arms) -> None:
    """E(y' P y) = tr(P C) + tau² tr(P R), with the covariance R of random effects (Jackson et al. 2012)."""
    effects, covariance, of_random, design = equations(studies)
    residual = residual_maker(covariance, design)
    excess = effects @ residual @ effects - np.trace(residual @ covariance)
    found = network_meta_analysis(contrasts_of(studies))
    same(found.heterogeneity.loc[1, "tau2"], max(0.0, excess / np.trace(residual @ of_random)))


@SOME
@given(arms())
def test_no_tau2_is_more_likely(studies: Arms) -> None:
    effects, covariance, of_random, design = equations(studies)

    def likelihood(tau2: float) -> float:
        whole = covariance + tau2 * of_random
        weight = np.linalg.inv(whole)
        fitted = design @ np.linalg.solve(design.T @ weight @ design, design.T @ weight @ effects)
        return float(multivariate_normal(fitted, whole).logpdf(effects))

    found = network_meta_analysis(contrasts_of(studies), method_tau="ML").heterogeneity.loc[1, "tau2"]
    other = minimize_scalar(lambda tau2: -likelihood(tau2), bounds=(0, 2 * found + 1), method="bounded").x
    assert likelihood(found) >= max(likelihood(0), likelihood(other), likelihood(10 * found + 1)) - 1e-9


@SOME
@given(arms())
def test_no_tau2_has_a_larger_restricted_likelihood(studies: Arms) -> None:
    """The likelihood of contrasts of the data that do not depend on the effects."""
    effects, covariance, of_random, design = equations(studies)
    free = np.linalg.svd(design.T)[2][design.shape[1] :]

    def likelihood(tau2: float) -> float:
        whole = free @ (covariance + tau2 * of_random) @ free.T
        return float(multivariate_normal(np.zeros(len(free)), whole).logpdf(free @ effects))

    found = network_meta_analysis(contrasts_of(studies), method_tau="REML").heterogeneity.loc[1, "tau2"]
    other = minimize_scalar(lambda tau2: -likelihood(tau2), bounds=(0, 2 * found + 1), method="bounded").x
    assert likelihood(found) >= max(likelihood(0), likelihood(other), likelihood(10 * found + 1)) - 1e-9


@SOME
@given(arms())
def test_random_effects_are_fixed_ones_with_more_variance(studies: Arms) -> None:
    contrasts = contrasts_of(studies)
    found = network_meta_analysis(contrasts)
    error = np.sqrt(contrasts["standard_error"] ** 2 + found.heterogeneity.loc[1, "tau2"])
    widened = network_meta_analysis(contrasts.assign(standard_error=error))
    columns = ["effect", "standard_error", "lower", "upper"]
    same(found.random[columns], widened.common[columns])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("studies", range(2, 8))
def test_two_treatments_are_a_pairwise_meta_analysis(frame: Frame, studies: int, turned: bool) -> None:
    rng = np.random.default_rng(studies)
    effect, error = rng.normal(scale=5, size=studies), rng.uniform(0.1, 1, size=studies)
    sign, pair = (-1, ("B", "A")) if turned else (1, ("A", "B"))
    rows = [(number, *pair, sign * effect[number], error[number]) for number in range(studies)]
    found = network_meta_analysis(frame(rows), reference="B")
    known = combine_effects(effect, error**2, method_re="chi2")
    same(found.heterogeneity.loc[1, ["tau2", "i2", "q", "df"]], [known.tau2, known.i2, known.q, known.df])
    same(found.common.loc["A", ["effect", "standard_error"]], [known.mean_effect_fe, known.sd_eff_w_fe])
    same(found.random.loc["A", ["effect", "standard_error"]], [known.mean_effect_re, known.sd_eff_w_re])


def test_studies_that_agree_have_no_variance_between_them(frame: Frame) -> None:
    found = network_meta_analysis(frame([(number, "A", "B", 0.5, 0.1) for number in range(4)]))
    same(found.heterogeneity.loc[1, ["tau2", "i2", "i2_lower", "q"]], [0, 0, 0, 0])
    same(found.random["standard_error"], found.common["standard_error"])


def test_a_tree_is_bucher(frame: Frame) -> None:
    rows = [(1, "A", "B", 1.0, 0.3), (2, "B", "C", 0.5, 0.4), (3, "D", "B", -2.0, 1.2), (4, "D", "E", 0.25, 0.5)]
    found = network_meta_analysis(frame(rows))
    league = found.league.loc["common"]
    same(league.loc[("A", "C"), ["effect", "standard_error"]], [1.5, 0.5])
    same(league.loc[("A", "E"), ["effect", "standard_error"]], [1.0 + 2.0 + 0.25, (0.09 + 1.44 + 0.25) ** 0.5])
    same(found.hat.loc["common"].abs().loc[[("A", "E"), ("A", "C")]], [[1, 0, 1, 1], [1, 1, 0, 0]])
    same(found.contributions.loc["common"].loc[("A", "E")], [1 / 3, 0, 1 / 3, 1 / 3])
    assert found.decomposition.loc["between designs", "df"] == 0
    assert "detached" not in found.decomposition.index


def test_inconsistency_of_a_triangle_by_hand(frame: Frame) -> None:
    found = network_meta_analysis(frame([(1, "A", "B", 1.0, 0.3), (2, "B", "C", 0.5, 0.4), (3, "A", "C", 0.7, 0.6)]))
    gap, variance = 1.0 + 0.5 - 0.7, 0.09 + 0.16 + 0.36
    q = gap**2 / variance
    same(found.decomposition.loc["between designs", ["q", "df", "p"]], [q, 1, chi2.sf(q, 1)])
    split = found.splits.loc["common"].loc[("A", "B")]
    same(split[["direct", "indirect", "difference"]], [1.0, 0.7 - 0.5, gap])
    same(split[["indirect_standard_error", "difference_standard_error"]], [(0.36 + 0.16) ** 0.5, variance**0.5])
    same(split[["z", "p"]], [gap / variance**0.5, 2 * norm.sf(gap / variance**0.5)])
    same(split["share_direct"], (1 / 0.09) / (1 / 0.09 + 1 / 0.52))


@SOME
@given(arms(), st.randoms(use_true_random=False))
def test_order_of_rows_and_treatments_changes_nothing(studies: Arms, random: Any) -> None:
    contrasts = contrasts_of(studies)
    turned = [
        (study, other, one, -effect, error) if random.random() < 0.5 else (study, one, other, effect, error)
        for study, one, other, effect, error in contrasts.itertuples(index=False)
    ]
    random.shuffle(turned)
    one, other = (network_meta_analysis(rows) for rows in (contrasts, pd.DataFrame(turned, columns=COLUMNS)))
    for name in ALL:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_like=True, rtol=1e-7, atol=1e-9)


@SOME
@given(arms(), st.permutations(["Q", "b", "Z", "a", "M", "0"]))
def test_names_of_treatments_change_nothing_but_names(studies: Arms, names: list[str]) -> None:
    contrasts = contrasts_of(studies)
    new = {f"t{number}": name for number, name in enumerate(names)}
    renamed = contrasts.replace({"treatment1": new, "treatment2": new})
    one, other = network_meta_analysis(contrasts), network_meta_analysis(renamed)
    expected = one.league.rename(index=new)
    pd.testing.assert_frame_equal(other.league, expected.loc[other.league.index], rtol=1e-7, atol=1e-9)
    pd.testing.assert_frame_equal(other.p_scores, one.p_scores.rename(index=new), check_like=True, rtol=1e-7, atol=1e-9)


@SOME
@given(arms())
def test_the_reference_changes_no_difference(studies: Arms) -> None:
    one, other = (network_meta_analysis(contrasts_of(studies), reference=name) for name in ("t0", "t2"))
    pd.testing.assert_frame_equal(one.league, other.league)
    effects, others = one.random["effect"], other.random["effect"]
    same(effects - effects["t2"], others)


@SOME
@given(arms())
def test_p_scores_add_up_to_half_the_treatments(studies: Arms) -> None:
    scores = network_meta_analysis(contrasts_of(studies)).p_scores[["common", "random"]]
    same(scores.sum(), [len(scores) / 2] * 2)


@SOME
@given(arms())
def test_what_is_good_when_small_is_bad_when_large(studies: Arms) -> None:
    contrasts = contrasts_of(studies)
    small = network_meta_analysis(contrasts).p_scores["random"]
    large = network_meta_analysis(contrasts, small_values="bad").p_scores["random"]
    same(small + large, np.ones(len(small)))


def test_p_score_of_two_treatments_is_a_probability(frame: Frame) -> None:
    found = network_meta_analysis(frame([(1, "A", "B", -0.3, 0.2)]))
    same(found.p_scores["common"], [norm.cdf(1.5), norm.cdf(-1.5)])


@SOME
@given(arms())
def test_parts_of_q_add_up(studies: Arms) -> None:
    q = network_meta_analysis(contrasts_of(studies)).decomposition[["q", "df"]]
    same(q.loc["total"], q.loc["within designs"] + q.loc["between designs"])
    same(q.loc["within designs"], q.loc[["within one design"]].sum())


@SOME
@given(arms())
def test_direct_and_indirect_evidence_add_up(studies: Arms) -> None:
    splits = network_meta_analysis(contrasts_of(studies)).splits.dropna()
    precision = {name: splits[f"{name}_standard_error"] ** -2 for name in ("network", "direct", "indirect")}
    same(precision["direct"] + precision["indirect"], precision["network"])
    weighted = splits["direct"] * precision["direct"] + splits["indirect"] * precision["indirect"]
    same(weighted / precision["network"], splits["network"])


@SOME
@given(arms(most=2))
def test_hat_makes_network_estimates_of_direct_ones(studies: Arms) -> None:
    found = network_meta_analysis(contrasts_of(studies))
    splits, hat = found.splits.loc["random"], found.hat.loc["random"]
    same(hat @ splits["direct"].loc[list(hat.columns)], splits["network"])


@SOME
@given(arms())
def test_contributions_add_up_to_one(studies: Arms) -> None:
    found = network_meta_analysis(contrasts_of(studies))
    for shares in (found.contributions, shortest_paths(found.hat)):
        assert (shares.to_numpy() >= 0).all()
        same(shares.sum(axis=1), np.ones(len(shares)))


@SOME
@given(arms())
def test_random_walks_are_those_of_all_paths(studies: Arms) -> None:
    hat = network_meta_analysis(contrasts_of(studies)).hat.loc["common"]
    found = random_walks(hat)
    for (start, end), row in hat.iterrows():
        flow = nx.DiGraph()
        edges = [(one, other, value) if value > 0 else (other, one, -value) for (one, other), value in row.items()]
        flow.add_weighted_edges_from((*pair, value) for *pair, value in edges if value > 1e-12)
        expected = pd.Series(0.0, hat.columns)
        for path in nx.all_simple_paths(flow, start, end):
            steps = list(pairwise(path))
            chances = [flow.edges[step]["weight"] / flow.out_degree(step[0], weight="weight") for step in steps]
            for step in steps:
                expected[tuple(sorted(step))] += np.prod(chances) / len(steps)
        same(found.loc[(start, end)], expected)


def test_flow_in_circles_has_no_random_walk(frame: Frame) -> None:
    """In a study whose arms correlate, a contrast can weigh less than nothing: evidence flows back along it."""
    arms = [("s", "A", "B", 1.0, 1.0), ("s", "B", "C", 1.0, 1.0), ("s", "A", "C", 2.0, 3**0.5)]
    found = network_meta_analysis(frame([*arms, ("one", "D", "A", 0.0, 1.0), ("two", "C", "E", 0.0, 1.0)]))
    shares = found.contributions.loc["common"]
    assert shares.loc[("D", "E")].isna().all()
    same(shares.loc[("A", "C")], [0.5, 0, 0, 0.5, 0])


def test_correlated_arms_are_weighted_by_their_covariance(frame: Frame) -> None:
    """A covariance of 1.5 between A - B and A - C, where independent arms could have none above 1."""
    study = [("s", "A", "B", 1.0, 1.0), ("s", "B", "C", 1.0, 1.0), ("s", "A", "C", 2.0, 3**0.5)]
    found = network_meta_analysis(frame([*study, ("one", "A", "B", 0.0, 1.0)]), reference="A").common
    covariance = diagonal([np.array([[1.0, 1.5], [1.5, 3.0]]), np.eye(1)])
    design, effects = np.array([[-1.0, 0], [0, -1], [-1, 0]]), np.array([1.0, 2, 0])
    weight = np.linalg.inv(covariance)
    same(found["effect"][1:], np.linalg.solve(design.T @ weight @ design, design.T @ weight @ effects))


def test_parts_that_nothing_connects_are_analysed_apart(frame: Frame) -> None:
    left = [(1, "A", "C", 1.0, 0.3), (2, "A", "C", 0.2, 0.4), (3, "C", "B", 0.5, 0.4)]
    right = [(4, "Y", "X", 0.1, 0.2), (5, "Z", "X", 0.4, 0.2), (6, "Z", "Y", 0.9, 0.2)]
    both = network_meta_analysis(frame([*right, *left]), reference="C")
    alone = [network_meta_analysis(frame(left), reference="C"), network_meta_analysis(frame(right))]
    assert list(both.components["reference"]) == ["C", "X"]
    for number, one in enumerate(alone, 1):
        own = both.random[both.random["component"] == number].drop(columns="component")
        pd.testing.assert_frame_equal(own, one.random.drop(columns="component"))
        same(both.heterogeneity.loc[number], one.heterogeneity.loc[1])
        for name in ("league", "splits", "hat", "contributions"):
            table, expected = getattr(both, name), getattr(one, name)
            pd.testing.assert_frame_equal(table.loc[expected.index, expected.columns], expected)


def test_nothing_is_said_of_two_parts(frame: Frame) -> None:
    found = network_meta_analysis(frame([(1, "A", "B", 1.0, 0.3), (2, "X", "Y", 0.1, 0.2)]))
    for table in (found.league, found.splits, found.hat, found.contributions):
        assert {frozenset(pair[-2:]) for pair in table.index} == {frozenset("AB"), frozenset("XY")}
    same(found.hat.loc["random"], np.eye(2))


def test_a_study_alone_says_what_it_says(frame: Frame) -> None:
    rows = [("s", "A", "B", 0.5, 0.3), ("s", "A", "C", 0.75, 0.4), ("s", "B", "C", 0.25, 0.5)]
    found = network_meta_analysis(frame(rows))
    for _, one, other, effect, error in rows:
        for model in ("common", "random"):
            same(found.league.loc[(model, one, other), ["effect", "standard_error"]], [effect, error])


def test_without_degrees_of_freedom_nothing_is_known_between_studies(frame: Frame) -> None:
    found = network_meta_analysis(frame([(1, "A", "B", 1.0, 0.3), (2, "B", "C", 0.5, 0.4)]))
    assert found.heterogeneity.loc[1, ["tau2", "i2", "i2_lower", "i2_upper", "p"]].isna().all()
    same(found.random["standard_error"], found.common["standard_error"])


@pytest.mark.parametrize(("studies", "known"), [(1, False), (2, False), (3, True)])
def test_prediction_needs_two_degrees_of_freedom(frame: Frame, studies: int, known: bool) -> None:
    rows = [(number, "A", "B", number / 2, 0.3) for number in range(studies)]
    found = network_meta_analysis(frame(rows)).random.loc["B"]
    assert found[["prediction_lower", "prediction_upper"]].notna().all() == known


def test_i2_has_no_interval_where_its_error_is_unknown(frame: Frame) -> None:
    found = network_meta_analysis(frame([(1, "A", "B", 0.1, 0.3), (2, "A", "B", 0.5, 0.3)])).heterogeneity.loc[1]
    assert found["q"] < 2
    assert found[["i2_lower", "i2_upper"]].isna().all()


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_level_is_that_of_the_intervals(contrasts: pd.DataFrame, level: float) -> None:
    found = network_meta_analysis(contrasts, level=level).common
    covered = norm.cdf(found["upper"][1:], found["effect"][1:], found["standard_error"][1:])
    same(covered, np.full(len(covered), (1 + level) / 2))


def test_rounded_effects_are_taken_as_they_are(frame: Frame) -> None:
    """Effects with four digits that miss their sum by one in the last."""
    study = [("s", "A", "B", 0.3333, 0.3), ("s", "B", "C", 0.3333, 0.3), ("s", "A", "C", 0.6667, 0.3)]
    found = network_meta_analysis(frame(study)).league.loc["common"]["effect"]
    same(found["A", "C"], found["A", "B"] + found["B", "C"])
    same(found["A", "C"], 0.6667, 1e-4)


def test_standard_errors_may_differ_by_many_orders(frame: Frame) -> None:
    """A chain whose every link is known by hand, beside links that are ten thousand times as good or as bad."""
    errors = [1.0, 1e-4, 1e-2, 1e-4, 1.0]
    rows = [(number, number, number + 1, 0.1, error) for number, error in enumerate(errors)]
    found = network_meta_analysis(frame(rows), reference=0).common
    same(found["effect"], -0.1 * np.arange(6))
    same(found["standard_error"], np.sqrt(np.cumsum([0, *np.square(errors)])), 1e-7)


def test_treatments_keep_their_names(frame: Frame) -> None:
    found = network_meta_analysis(frame([(7, 10, 2, 0.1, 0.2), (8, 2, 1, 0.1, 0.2)]), reference=2)
    assert list(found.random.index) == [1, 2, 10]
    assert list(found.random["reference"]) == [2, 2, 2]


def test_texts_come_in_the_order_of_the_alphabet(frame: Frame) -> None:
    found = network_meta_analysis(frame([(1, "b", "C", 0.1, 0.2), (2, "a", "b", 0.1, 0.2)]))
    assert list(found.random.index) == ["a", "b", "C"]


def test_other_columns_and_the_index_are_left_alone(contrasts: pd.DataFrame) -> None:
    other = contrasts.set_index(pd.Index(range(5, 5 + len(contrasts)))).assign(year=2020)
    pd.testing.assert_frame_equal(network_meta_analysis(other).league, network_meta_analysis(contrasts).league)


def test_contrasts_stay_as_they_are(contrasts: pd.DataFrame) -> None:
    before = contrasts.copy(deep=True)
    network_meta_analysis(contrasts)
    pd.testing.assert_frame_equal(contrasts, before)
