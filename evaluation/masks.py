"""Masks from scores: which weights stay, exactly as many as asked for.

Equal scores are told apart by their position, the earlier being pruned first, so that the count is met whatever the
ties; ShrinkBench keeps all that are tied with its threshold, and at high ratios many more than asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import torch
from torch import Tensor

from prunelit.evaluation.impossible import CannotPruneError
from prunelit.evaluation.spec import Scope
from prunelit.evaluation.subject import Scores

Masks = dict[str, Tensor]
"""True for weights that stay, by the name of the layer."""


def kept_weights(parameters: int, prunable: int, ratio: float) -> int:
    """How many of the prunable weights stay so that the network has ``parameters / ratio`` parameters, rounded.

    >>> kept_weights(parameters=1000, prunable=900, ratio=4)
    150

    Raises:
        CannotPruneError: if more than that cannot be pruned.
    """
    kept = round(Fraction(parameters) / Fraction(ratio)) - (parameters - prunable)
    if kept < 1:
        raise CannotPruneError(
            f"{parameters - prunable:,} of the {parameters:,} parameters are not pruned, so that "
            f"the network cannot be {ratio:g} times smaller"
        )
    return kept


def masks_of(scores: Scores, keep: int, scope: Scope = "global", costs: Mapping[str, int] | None = None) -> Masks:
    """The masks that keep the highest scores.

    Args:
        scores: A score for each weight; minus infinity for weights that are gone already.
        keep: How many weights stay; with ``costs``, what they may cost together, which is then not exceeded.
        scope: ``global`` compares all scores; ``layerwise`` keeps the same share of each layer, ``uniform`` of each
            filter.
        costs: What a weight of each layer costs, such as its multiply-adds; 1 where absent.

    Returns:
        A mask for each layer.
    """
    price = {name: 1 if costs is None else costs[name] for name in scores}
    if scope == "global":
        return _global(scores, keep, price)
    total = sum(one.numel() * price[name] for name, one in scores.items())
    weights = sum(one.numel() for one in scores.values())
    wanted = keep if costs is None else weights * keep // total
    rows = {name: one.flatten(1) if scope == "uniform" else one.reshape(1, -1) for name, one in scores.items()}
    shares = _apportioned([one.shape[1] for one in rows.values() for _ in range(len(one))], wanted)
    masks, at = {}, 0
    for name, one in rows.items():
        mask = torch.stack([_highest(row, shares[at + number]) for number, row in enumerate(one)])
        masks[name] = mask.reshape(scores[name].shape)
        at += len(one)
    return masks


def n_of_m_masks(scores: Scores, ratio: float) -> Masks:
    """Masks that keep the N highest of every M consecutive inputs of a filter, N / M being 1 / ratio.

    M is 4, or the ratio rounded up if that is more; inputs that do not fill a last block are a smaller block, in which
    the share is rounded up.
    """
    size, _ = n_and_m(ratio)[::-1]
    return {name: _blocks(one.flatten(1), size, ratio).reshape(one.shape) for name, one in scores.items()}


def n_and_m(ratio: float) -> tuple[int, int]:
    """N and M for a ratio.

    >>> n_and_m(2), n_and_m(4), n_and_m(16)
    ((2, 4), (1, 4), (1, 16))
    """
    size = max(4, -int(-ratio // 1))
    return max(1, round(size / ratio)), size


def scores_without(scores: Scores, masks: Mapping[str, Tensor]) -> Scores:
    """Scores in which weights that are gone already are below all others."""
    return {name: one.masked_fill(~masks[name], -torch.inf) if name in masks else one for name, one in scores.items()}


def _blocks(rows: Tensor, size: int, ratio: float) -> Tensor:
    mask = torch.zeros_like(rows, dtype=torch.bool)
    for start in range(0, rows.shape[1], size):
        block = rows[:, start : start + size]
        keep = max(1, -int(-(block.shape[1] / ratio) // 1))
        order = torch.argsort(block, dim=1, descending=True, stable=True)
        mask[:, start : start + size].scatter_(1, order[:, :keep], True)
    return mask


def _global(scores: Scores, keep: int, price: Mapping[str, int]) -> Masks:
    flat = torch.cat([one.flatten() for one in scores.values()])
    cost = torch.cat([torch.full((one.numel(),), price[name]) for name, one in scores.items()])
    order = torch.argsort(flat, stable=True)
    left = cost.sum() - cost[order].cumsum(0)
    pruned = int((left > keep).sum()) + 1 if int(cost.sum()) > keep else 0
    mask = torch.ones(len(flat), dtype=torch.bool)
    mask[order[:pruned]] = False
    parts = mask.split([one.numel() for one in scores.values()])
    return {name: part.reshape(one.shape) for (name, one), part in zip(scores.items(), parts, strict=True)}


def _highest(scores: Tensor, keep: int) -> Tensor:
    mask = torch.ones(len(scores), dtype=torch.bool)
    mask[torch.argsort(scores, stable=True)[: len(scores) - keep]] = False
    return mask


def _apportioned(sizes: Sequence[int], keep: int) -> list[int]:
    """How many stay of each part: the same share, as nearly as whole numbers allow, by the largest remainders."""
    total = sum(sizes)
    whole = [size * keep // total for size in sizes]
    remainders = sorted(range(len(sizes)), key=lambda at: (-(sizes[at] * keep % total), at))
    for at in remainders[: keep - sum(whole)]:
        whole[at] += 1
    return whole
