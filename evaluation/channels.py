"""Whole channels out of a network, with everything that depends on them.

Which channels of which layers have to go together is found by DepGraph (Fang et al. 2023; torch-pruning).  It mistakes
shortcuts that pad with zeros, which is seen only when images pass: networks name such layers in ``fixed``, and every
pruned network is tried on an image.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch_pruning as tp
from torch import Tensor, nn

from prunelit.evaluation.counting import Layer
from prunelit.evaluation.impossible import CannotPruneError
from prunelit.evaluation.models.parts import WIDTH_STEPS, scaled
from prunelit.evaluation.spec import Scope
from prunelit.evaluation.subject import Scores


@dataclass(frozen=True)
class Group:
    """Channels that go together: the layer and function at which their pruning starts, and a score for each."""

    layer: nn.Module
    prune: Any
    scores: Tensor


def pruned_channels(
    network: nn.Module,
    scores: Scores,
    scope: Scope,
    shape: tuple[int, int, int],
    fits: Callable[[nn.Module], bool],
) -> nn.Module:
    """The largest network that fits, without the channels of the lowest scores; the given one stays as it is.

    Args:
        network: The network before pruning.
        scores: A score for each output channel of layers or normalizations, by their names; tied layers have their
            mean.
        scope: ``layerwise`` removes the same share of each layer, ``global`` compares all channels; one always stays.
        shape: Channels, rows and columns of an image.
        fits: Whether a network is small enough.

    Raises:
        CannotPruneError: if no network fits, or nothing can be pruned.
    """
    number = WIDTH_STEPS if scope == "layerwise" else sum(len(one.scores) for one in _groups(network, scores, shape)[1])

    def at(level: int) -> nn.Module:
        return _without(network, scores, scope, shape, level)

    if number == 0 or not fits(at(number)):
        raise CannotPruneError("the network cannot be made as small as that by leaving out channels")
    low, high = 0, number
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(at(middle)) else (middle + 1, high)
    return at(low)


def _without(network: nn.Module, scores: Scores, scope: Scope, shape: tuple[int, int, int], level: int) -> nn.Module:
    """A copy of the network, pruned to a level."""
    pruned, groups, graph = _dependencies(network, scores, shape)
    chosen = _by_layer(groups, level) if scope == "layerwise" else _overall(groups, level)
    for group, dropped in zip(groups, chosen, strict=True):
        if dropped:
            graph.get_pruning_group(group.layer, group.prune, idxs=dropped).prune()
    with torch.no_grad():
        pruned.eval()(_blank(pruned, shape))
    return pruned


def _blank(network: nn.Module, shape: tuple[int, int, int]) -> Tensor:
    """An image of zeros, where the network is."""
    return torch.zeros(1, *shape, device=next(network.parameters()).device)


def _by_layer(groups: Sequence[Group], level: int) -> list[list[int]]:
    kept = [scaled(len(group.scores), 1 - level / WIDTH_STEPS) for group in groups]
    return [_lowest(group.scores, len(group.scores) - number) for group, number in zip(groups, kept, strict=True)]


def _overall(groups: Sequence[Group], level: int) -> list[list[int]]:
    sizes = [len(group.scores) for group in groups]
    every = torch.cat([group.scores for group in groups])
    gone = torch.zeros(len(every), dtype=torch.bool)
    gone[torch.argsort(every, stable=True)[:level]] = True
    numbers = [min(int(part.sum()), size - 1) for part, size in zip(gone.split(sizes), sizes, strict=True)]
    return [_lowest(group.scores, number) for group, number in zip(groups, numbers, strict=True)]


def _lowest(scores: Tensor, number: int) -> list[int]:
    return sorted(torch.argsort(scores, stable=True)[:number].tolist())


def _groups(network: nn.Module, scores: Scores, shape: tuple[int, int, int]) -> tuple[nn.Module, list[Group]]:
    return _dependencies(network, scores, shape)[:2]


def _dependencies(
    network: nn.Module, scores: Scores, shape: tuple[int, int, int]
) -> tuple[nn.Module, list[Group], Any]:
    """A copy of the network, the groups of channels that may go, and the graph that prunes them."""
    pruned = copy.deepcopy(network)
    names = {module: name for name, module in pruned.named_modules()}
    layers = [one for one in pruned.modules() if isinstance(one, Layer)]
    modules = dict(pruned.named_modules())
    fixed = [modules[name] for name in getattr(network, "fixed", ())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what torch-pruning warns of is for those who call it
        graph = tp.DependencyGraph().build_dependency(pruned, example_inputs=_blank(pruned, shape))
        found = list(
            graph.get_all_groups(ignored_layers=[*fixed, layers[-1]], root_module_types=[nn.Conv2d, nn.Linear])
        )
    groups = [_scored(group, scores, names, graph) for group in found]
    return pruned, groups, graph


def _scored(group: Any, scores: Scores, names: dict[nn.Module, str], graph: Any) -> Group:
    """The group with the mean of the scores that its members have for each channel."""
    root = group[0][0]
    size = graph.get_out_channels(root.target.module)
    total, number = torch.zeros(size, dtype=torch.float64), 0
    for item in group:
        name = names.get(item.dep.target.module)
        if name in scores and graph.is_out_channel_pruning_fn(item.dep.handler):
            at = torch.tensor(item.root_idxs)
            total.index_add_(0, at, scores[name].double().cpu()[torch.tensor(item.idxs)])
            number += 1
    return Group(root.target.module, root.handler, total / max(number, 1))


def channel_widths(network: nn.Module) -> list[int]:
    """Output channels of each convolution, or of each layer where there is none, the last layer aside."""
    convolutions = [one.out_channels for one in network.modules() if isinstance(one, nn.Conv2d)]
    return convolutions or [one.out_features for one in network.modules() if isinstance(one, nn.Linear)][:-1]
