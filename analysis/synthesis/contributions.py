"""Hat matrix of a network, and how much each direct comparison contributes to each network estimate.

A row of the hat matrix is a flow of evidence of strength 1 from one treatment to the other through direct comparisons.
It is divided among the paths from one to the other, and each path's share among its comparisons in equal parts.
"""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.analysis.synthesis.estimates import EffectModel, pairs_of
from prunelit.analysis.synthesis.network import Index
from prunelit.analysis.synthesis.study import Matrix, NodeName

_Pair: TypeAlias = tuple[NodeName, NodeName]
Tensor: TypeAlias = NDArray[np.float64]

NO_FLOW = 1e-12
"""Flow below which it is rounding error."""
LOST = 1e-9
"""Probability above which not arriving is no rounding error."""
AT_ONCE = 4_000_000
"""Probabilities of steps that are held in memory at a time."""


def hat(fitted: EffectModel) -> pd.DataFrame:
    """Hat matrix: the weight of each direct comparison (column) in the network estimate of each pair (row).

    H = X L⁺ B' W, with a row of X a pair of treatments, a row of B a direct comparison, in W the sum of its weights.

    Source: Davies et al. 2022, Statistics in Medicine 41, 2091-2114.
    """
    network, inverse = fitted.network, fitted.fit.inverse
    size = len(inverse)
    summed = np.zeros((size, size))
    np.add.at(summed, (network.first, network.second), fitted.weights)
    first, second = np.array(sorted(set(zip(network.first.tolist(), network.second.tolist(), strict=True)))).T
    one, other = np.triu_indices(size, 1)
    from_one = inverse[np.ix_(one, first)] - inverse[np.ix_(one, second)]
    from_other = inverse[np.ix_(other, first)] - inverse[np.ix_(other, second)]
    values = (from_one - from_other) * summed[first, second]
    names = network.treatments
    return pd.DataFrame(values, pairs_of(names, one, other), pairs_of(names, first, second))


def random_walks(hat: pd.DataFrame) -> pd.DataFrame:
    """Contributions, where a path counts with the probability that a random walk along the flow takes it.

    At each treatment the walk takes a comparison with the probability that its flow has in all that leaves.  The sum
    over all paths is taken without listing them: over the numbers of steps before and after a comparison.  Where a flow
    runs in circles, as negative weights in multi-arm studies can have it, there is no such walk and the row is missing.

    Source: Davies et al. 2022, Statistics in Medicine 41, 2091-2114.

    Args:
        hat: As of :func:`hat`, or the frame of that name in a result.

    Returns:
        A frame with the rows and columns of the hat matrix; rows add up to 1.
    """
    names = list(dict.fromkeys(chain(*_pairs(hat.index))))
    rows, columns = _numbers(hat.index, names), _numbers(hat.columns, names)
    batches = np.array_split(np.arange(len(hat)), 1 + len(hat) * len(names) ** 2 // AT_ONCE)
    values = [_walked(hat.to_numpy()[own], rows[:, own], columns, len(names)) for own in batches]
    return pd.DataFrame(np.concatenate(values), hat.index, hat.columns)


def shortest_paths(hat: pd.DataFrame) -> pd.DataFrame:
    """Contributions, where the flow is used up along shortest paths, one after the other.

    Each path takes as much as its comparison with least flow has left.  Which of several paths of one length comes
    first can change the result: as in R's netmeta, the one through treatments that come first where the comparisons are
    listed in the direction of the flow.

    Source: Papakonstantinou et al. 2018, doi:10.12688/f1000research.14770.3.

    Args:
        hat: As of :func:`hat`, or the frame of that name in a result.

    Returns:
        A frame with the rows and columns of the hat matrix; rows add up to 1.
    """
    pairs = _pairs(hat.columns)
    values = np.zeros(hat.shape)
    for at, (start, end) in enumerate(_pairs(hat.index)):
        shares = _used_up(_ahead(pairs, hat.iloc[at].tolist()), start, end)
        values[at] = [shares.get((one, other), 0.0) + shares.get((other, one), 0.0) for one, other in pairs]
    return pd.DataFrame(values, hat.index, hat.columns)


def _pairs(index: pd.Index) -> list[_Pair]:
    """The treatments that an index compares: its last two levels."""
    return list(zip(index.get_level_values(-2).tolist(), index.get_level_values(-1).tolist(), strict=True))


def _numbers(index: pd.Index, names: list[NodeName]) -> Index:
    """Numbers of the treatments that an index of pairs compares: the first ones, and the second ones."""
    number = {name: at for at, name in enumerate(names)}
    return np.array([[number[one], number[other]] for one, other in _pairs(index)], dtype=np.intp).T


def _walked(weights: Matrix, ends: Index, columns: Index, size: int) -> Matrix:
    """Contributions to the network estimates between these ends."""
    steps = _steps(weights, columns, size)
    steps[np.arange(len(steps)), ends[1]] = 0
    before = _visits(steps, ends[0])
    after = _visits(steps.transpose(0, 2, 1), ends[1])
    lengths = np.arange(before.shape[1])[:, None] + np.arange(after.shape[1])[None, :] + 1
    # before[r, a, i]: probability to be at i after a steps; after[r, b, j]: to reach the end from j in b steps.
    shares = steps * (before.transpose(0, 2, 1) @ (1 / lengths) @ after)
    values: Matrix = shares[:, columns[0], columns[1]] + shares[:, columns[1], columns[0]]
    arrived = before[np.arange(len(before)), :, ends[1]].sum(axis=1)
    values[np.abs(arrived - 1) > LOST] = np.nan
    return values


def _steps(weights: Matrix, columns: Index, size: int) -> Tensor:
    """Probabilities to go from each treatment to each, a matrix a row of weights."""
    flows = np.zeros((len(weights), size, size))
    flows[:, columns[0], columns[1]] = np.where(weights > NO_FLOW, weights, 0)
    flows[:, columns[1], columns[0]] = np.where(weights < -NO_FLOW, -weights, 0)
    leaving = flows.sum(axis=2, keepdims=True)
    steps: Tensor = np.divide(flows, leaving, out=np.zeros_like(flows), where=leaving > 0)
    return steps


def _visits(steps: Tensor, start: Index) -> Tensor:
    """Probabilities to be at each treatment after 0, 1, 2 … steps from the start."""
    at = np.zeros((len(steps), 1, steps.shape[1]))
    at[np.arange(len(steps)), 0, start] = 1
    visits = [at]
    while visits[-1].any() and len(visits) <= steps.shape[1]:
        visits.append(visits[-1] @ steps)
    return np.concatenate(visits, axis=1)


def _ahead(pairs: list[_Pair], weights: list[float]) -> dict[NodeName, dict[NodeName, float]]:
    """Flow from each treatment to those next to it, in the order in which comparisons along the flow name them."""
    along = [
        (*pair, weight) if weight > 0 else (*pair[::-1], -weight) for pair, weight in zip(pairs, weights, strict=True)
    ]
    order = {name: at for at, name in enumerate(dict.fromkeys(chain(*(edge[:2] for edge in along))))}
    ahead: dict[NodeName, dict[NodeName, float]] = {name: {} for name in order}
    for one, other, flow in sorted(along, key=lambda edge: order[edge[1]]):
        if flow > NO_FLOW:
            ahead[one][other] = flow
    return ahead


def _used_up(ahead: dict[NodeName, dict[NodeName, float]], start: NodeName, end: NodeName) -> dict[_Pair, float]:
    """Shares of the comparisons in the flow, which is taken away path by path."""
    shares: dict[_Pair, float] = {}
    while path := _shortest(ahead, start, end):
        least = min(ahead[one][other] for one, other in path)
        for one, other in path:
            shares[one, other] = shares.get((one, other), 0.0) + least / len(path)
            ahead[one][other] -= least
            if ahead[one][other] <= NO_FLOW:
                del ahead[one][other]
    return shares


def _shortest(ahead: dict[NodeName, dict[NodeName, float]], start: NodeName, end: NodeName) -> list[_Pair]:
    """The comparisons on the shortest way along the flow; none where there is no way."""
    came_from = {start: start}
    waiting = deque([start])
    while waiting and end not in came_from:
        here = waiting.popleft()
        new = [there for there in ahead[here] if there not in came_from]
        came_from |= dict.fromkeys(new, here)
        waiting += new
    path = []
    while end in came_from and end != start:
        path.append((came_from[end], end))
        end = came_from[end]
    return path[::-1]
