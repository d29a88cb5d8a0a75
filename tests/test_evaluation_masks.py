"""Do masks keep exactly as many weights as asked for, and are they those of torch's own pruning?"""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils import prune

from prunelit.evaluation.impossible import CannotPruneError
from prunelit.evaluation.masks import kept_weights, masks_of, n_and_m, n_of_m_masks, scores_without
from prunelit.evaluation.models.build import build, initialise
from prunelit.evaluation.subject import Scores, layers_of

SHAPES = {"a": (4, 3, 3, 3), "b": (5, 4), "c": (7, 2)}


def scores(seed: int = 0) -> Scores:
    chance = torch.Generator().manual_seed(seed)
    return {name: torch.rand(shape, generator=chance) for name, shape in SHAPES.items()}


def kept(masks: Scores) -> int:
    return sum(int(mask.sum()) for mask in masks.values())


@pytest.mark.parametrize("amount", [0.1, 0.5, 0.9, 0.99])
def test_global_masks_are_those_of_torch(amount: float) -> None:
    network = initialise(build({"name": "LeNet-5"}, (1, 28, 28), 10), 0)
    layers = layers_of(network, with_classifier=True)
    weights = {name: layer.weight.detach().abs() for name, layer in layers.items()}
    number = sum(one.numel() for one in weights.values())
    mine = masks_of(weights, number - round(amount * number))
    prune.global_unstructured([(layer, "weight") for layer in layers.values()], prune.L1Unstructured, amount=amount)
    assert all(torch.equal(mine[name], layer.weight_mask.bool()) for name, layer in layers.items())


@pytest.mark.parametrize("amount", [0.25, 0.5, 0.75])
def test_layerwise_masks_are_those_of_torch(amount: float) -> None:
    network = nn.Sequential(nn.Linear(16, 12), nn.Linear(12, 8))
    layers = layers_of(network, with_classifier=True)
    weights = {name: layer.weight.detach().abs() for name, layer in layers.items()}
    mine = masks_of(weights, round((1 - amount) * (16 * 12 + 12 * 8)), "layerwise")
    for name, layer in layers.items():
        prune.l1_unstructured(layer, "weight", amount=amount)
        assert torch.equal(mine[name], layer.weight_mask.bool())


@given(st.integers(0, 4 * 27 + 20 + 14), st.sampled_from(["global", "layerwise", "uniform"]), st.booleans())
def test_the_count_is_met_whatever_the_ties(keep: int, scope: str, tied: bool) -> None:
    given_scores = {name: torch.ones(shape) for name, shape in SHAPES.items()} if tied else scores()
    assert kept(masks_of(given_scores, keep, scope)) == keep  # type: ignore[arg-type]


@given(st.integers(1, 4 * 27 + 20 + 14))
def test_the_highest_scores_stay(keep: int) -> None:
    given_scores = scores()
    masks = masks_of(given_scores, keep)
    flat = torch.cat([one.flatten() for one in given_scores.values()])
    mask = torch.cat([one.flatten() for one in masks.values()])
    assert set(flat[mask].tolist()) == set(sorted(flat.tolist(), reverse=True)[:keep])


def test_of_equal_scores_the_earlier_are_pruned_first() -> None:
    assert masks_of({"a": torch.ones(1, 4)}, 1)["a"].tolist() == [[False, False, False, True]]


def test_uniform_masks_keep_the_same_of_each_filter() -> None:
    masks = masks_of({"a": torch.rand(6, 3, 2, 2), "b": torch.rand(5, 24)}, (6 * 12 + 5 * 24) // 4, "uniform")
    assert masks["a"].flatten(1).sum(1).tolist() == [3] * 6
    assert masks["b"].sum(1).tolist() == [6] * 5


def test_layerwise_masks_keep_the_same_share_of_each_layer() -> None:
    masks = masks_of({"a": torch.rand(10, 10), "b": torch.rand(20, 10)}, 75, "layerwise")
    assert [int(mask.sum()) for mask in masks.values()] == [25, 50]


@given(st.integers(0, 600))
def test_costs_are_not_exceeded_and_no_weight_could_be_added(budget: int) -> None:
    costs = {"a": 9, "b": 1, "c": 2}
    masks = masks_of(scores(), budget, "global", costs)
    spent = sum(int(mask.sum()) * costs[name] for name, mask in masks.items())
    assert spent <= budget or kept(masks) == 0
    flat = [
        (float(score), costs[name], bool(stays))
        for name, one in scores().items()
        for score, stays in zip(one.flatten(), masks[name].flatten(), strict=True)
    ]
    highest_gone = max((one for one in flat if not one[2]), default=None)
    if highest_gone:
        assert spent + highest_gone[1] > budget


@pytest.mark.parametrize(("ratio", "expected"), [(2, (2, 4)), (4, (1, 4)), (8, (1, 8)), (1.3333, (3, 4))])
def test_n_and_m_of_a_ratio(ratio: float, expected: tuple[int, int]) -> None:
    assert n_and_m(ratio) == expected


@pytest.mark.parametrize(("ratio", "number"), [(2, 2), (4, 1)])
def test_every_four_inputs_keep_n(ratio: float, number: int) -> None:
    mask = n_of_m_masks({"a": torch.rand(6, 8, 3, 3)}, ratio)["a"]
    assert set(mask.reshape(-1, 4).sum(1).tolist()) == {number}


def test_the_highest_of_a_block_stay() -> None:
    mask = n_of_m_masks({"a": torch.tensor([[1.0, 4, 3, 2, 9, 0, 8, 7]])}, 2)["a"]
    assert mask.tolist() == [[False, True, True, False, True, False, True, False]]


def test_what_is_gone_stays_gone() -> None:
    gone = {"a": torch.tensor([[True, False, True]])}
    assert masks_of(scores_without({"a": torch.tensor([[1.0, 9.0, 2.0]])}, gone), 2)["a"].tolist() == [
        [True, False, True]
    ]


def test_the_ratio_counts_all_parameters() -> None:
    assert kept_weights(parameters=1000, prunable=900, ratio=4) == 250 - 100


def test_an_impossible_ratio_is_told() -> None:
    with pytest.raises(CannotPruneError, match=r"100 of the 1,000 parameters are not pruned.* 10 times smaller"):
        kept_weights(parameters=1000, prunable=900, ratio=10)
