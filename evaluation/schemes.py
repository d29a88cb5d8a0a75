"""Schemes: how a pruned network comes by its weights.

Each scheme turns a job into a network that is ready to be trained, with its masks and its training; the names are those
of records.  Operations for Scratch-B are counted after pruning, zeros left out: as released, the unstructured code of
Liu et al. counts before the masks are read (cifar/weight-level/cifar_B.py:184-186), so that its ratio is 1.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from prunelit.evaluation.channels import pruned_channels
from prunelit.evaluation.counting import NetworkSizes, count, positions_of
from prunelit.evaluation.data.load import Loaded
from prunelit.evaluation.during import Gradually
from prunelit.evaluation.functions import function_of
from prunelit.evaluation.impossible import CannotPruneError
from prunelit.evaluation.jobs import Job
from prunelit.evaluation.masks import Masks, kept_weights, masks_of, n_of_m_masks, scores_without
from prunelit.evaluation.models.build import build, initialise
from prunelit.evaluation.randomness import generator_for, seed_for
from prunelit.evaluation.rates import rates
from prunelit.evaluation.subject import Scores, Subject, layers_of
from prunelit.evaluation.training import Course, Trained, keep_zero, train

IMAGES, CALIBRATION_BATCH = 512, 128
"""Training images that scores are computed from, and how many at a time."""


@dataclass
class Pruned:
    """A pruned network, what is zero in it, and how it was trained."""

    network: nn.Module
    masks: Masks
    course: Course | None = None
    """The last training after pruning, if there is one."""
    from_scratch: bool = False
    description: dict[str, Any] | None = None
    """The network where it is not that of the job, channels that were removed aside."""
    training_key: str = ""
    """What is trained and how, if from random weights."""
    trained: Trained | None = None
    epochs_after: int = 0
    """Epochs of all trainings after pruning began."""


@dataclass(frozen=True)
class Setting:
    """What a scheme works with."""

    job: Job
    data: Loaded
    unpruned: Callable[[], nn.Module]
    """The trained unpruned network, anew at each call."""
    early: Callable[[], nn.Module]
    """The unpruned network as it was at the share of its training that is rewound to."""

    @property
    def scheme(self) -> dict[str, Any]:
        """The scheme of the job."""
        return self.job.scheme or {}

    @property
    def strategy(self) -> dict[str, Any]:
        """The strategy of the job."""
        return self.job.strategy or {}

    def course(self, epochs: int | None = None, start: int = 0, purpose: str = "after") -> Course:
        """A training after pruning, as the recipe of the scheme says."""
        recipe = self.scheme["training"]
        number = recipe["epochs"] if epochs is None else epochs
        return Course(recipe, number, seed_for(self.job.seed, purpose), start)


def fresh(job: Job, data: Loaded, purpose: str) -> nn.Module:
    """The network of a job with random weights."""
    return initialise(build(job.network, data.shape, data.classes), seed_for(job.seed, purpose)).to(data.device)


def without_training(setting: Setting) -> Pruned:
    """Pruned and left as it is."""
    return prune(setting, setting.unpruned(), setting.job.ratio or 1)


def fine_tuned(setting: Setting) -> Pruned:
    """Pruned and trained on, in one round or several, in each of which the network shrinks by the same factor."""
    return _in_rounds(setting, lambda pruned, at: (pruned, setting.course(purpose=f"after/{at}")))


def learning_rate_rewinding(setting: Setting) -> Pruned:
    """Pruned, and trained again on the unpruned network's learning rates from some epoch on (Renda et al. 2020)."""
    start = _rewound(setting)
    return _in_rounds(setting, lambda pruned, at: (pruned, setting.course(start=start, purpose=f"after/{at}")))


def weight_rewinding(setting: Setting) -> Pruned:
    """As learning-rate rewinding, from the weights that the unpruned network had then (Frankle et al. 2020)."""
    start = _rewound(setting)

    def rewind(pruned: Pruned, at: int) -> tuple[Pruned, Course]:
        early = setting.early()
        keep_zero(early, pruned.masks)
        return Pruned(early, pruned.masks), setting.course(start=start, purpose=f"after/{at}")

    return _in_rounds(setting, rewind)


def scratch_e(setting: Setting) -> Pruned:
    """The pruned network with random weights, trained for as many epochs as the unpruned one (Liu et al. 2019)."""
    return _scratch(setting, lambda before, after: setting.scheme["training"]["epochs"])


def scratch_b(setting: Setting) -> Pruned:
    """As Scratch-E, for as much computation as the unpruned network, or at most ``longest`` times its epochs."""
    epochs = setting.scheme["training"]["epochs"]
    longest = setting.scheme.get("longest", float("inf"))
    return _scratch(setting, lambda before, after: scratch_b_epochs(epochs, before, after, longest))


def scratch_b_epochs(epochs: int, before: int, after: int, longest: float = float("inf")) -> int:
    """The epochs of Scratch-B: ``int(epochs × before / after)`` (Liu et al. 2019, l1-norm-pruning/main_B.py:109).

    >>> scratch_b_epochs(160, before=300, after=120), scratch_b_epochs(90, before=4, after=1, longest=2)
    (400, 180)
    """
    return int(min(epochs * before // after, epochs * longest))


def reduced_network(setting: Setting) -> Pruned:
    """A smaller version of the network with random weights, trained as the unpruned one (Crowley et al. 2018)."""
    job, data = setting.job, setting.data
    wide = job.network.get("width", 1.0)

    def narrow(share: float) -> dict[str, Any]:
        return {**job.network, "width": wide * share}

    def narrowed(share: float) -> nn.Module:
        return build(narrow(share), data.shape, data.classes)

    full = count(narrowed(1.0), data.shape)
    share = function_of(setting.strategy["function"])(narrowed, lambda one: _is_small(setting, full, one))
    network = initialise(narrowed(share), seed_for(job.seed, "scratch")).to(data.device)
    course = setting.course(purpose="scratch")
    return Pruned(network, {}, course, from_scratch=True, description=narrow(share))


def at_initialization(setting: Setting) -> Pruned:
    """Pruned before training, in as many rounds as the strategy asks for, then trained as the unpruned network."""
    network = fresh(setting.job, setting.data, "weights")
    pruned = Pruned(network, {})
    for ratio in _ratios(setting, setting.strategy["rounds"]):
        pruned = prune(setting, pruned.network, ratio, pruned.masks)
    pruned.course = Course(setting.scheme["training"], setting.scheme["training"]["epochs"], setting.job.seed)
    return pruned


def during_training(setting: Setting) -> Pruned:
    """Pruned while it is trained from random weights, as long as the unpruned network."""
    job, data = setting.job, setting.data
    network = fresh(job, data, "weights")
    layers = layers_of(network, job.prune_classifier)
    sizes = count(network, data.shape)
    keep, costs = _budget(setting, network, sizes, job.ratio or 1)
    if costs is not None:
        raise CannotPruneError("pruning while training reaches a number of parameters, not of multiply-adds")
    scope = setting.strategy["scope"]
    gradually = Gradually(
        layers,
        keep,
        lambda scores, number: masks_of(scores, number, scope),
        lambda moved: scores_of(setting, network, moved),
    )
    course = Course(setting.scheme["training"], setting.scheme["training"]["epochs"], job.seed)
    trained = train(network, data, course, watch=gradually.watch)
    return Pruned(network, gradually.finish(), course, trained=trained, epochs_after=course.epochs)


SCHEMES: dict[str, Callable[[Setting], Pruned]] = {
    "none": without_training,
    "fine_tuned": fine_tuned,
    "learning_rate_rewinding": learning_rate_rewinding,
    "weight_rewinding": weight_rewinding,
    "scratch_e": scratch_e,
    "scratch_b": scratch_b,
    "reduced_network": reduced_network,
    "at_initialization": at_initialization,
    "during_training": during_training,
}
"""Every scheme by its name."""


def prune(setting: Setting, network: nn.Module, ratio: float, masks: Masks | None = None) -> Pruned:
    """The network at a ratio, counted from the unpruned one; its weights beyond the masks are as they were.

    Args:
        setting: Job and data.
        network: The network, pruned so far or not.
        ratio: How many times smaller than the unpruned network it becomes.
        masks: What is pruned already.
    """
    full = count(build(setting.job.network, setting.data.shape, setting.data.classes), setting.data.shape)
    scores = scores_of(setting, network)
    if setting.strategy["unit"] == "channels":
        fits = _smaller(setting, full, ratio)
        return Pruned(pruned_channels(network, scores, setting.strategy["scope"], setting.data.shape, fits), {})
    made = _masks(setting, network, full, scores_without(scores, masks or {}), ratio)
    keep_zero(network, made)
    return Pruned(network, made)


def scores_of(setting: Setting, network: nn.Module, moved: Scores | None = None) -> Scores:
    """What the strategy gives the network, on the processor, so that ties are broken in one way on all devices."""
    found: Scores = function_of(setting.strategy["function"])(subject_of(setting, network, moved))
    return {name: one.cpu() for name, one in found.items()}


def subject_of(setting: Setting, network: nn.Module, moved: Scores | None = None) -> Subject:
    """What a strategy is given."""
    layers = layers_of(network, setting.job.prune_classifier)
    chance = generator_for(setting.job.seed, "strategy")
    return Subject(network, layers, lambda: _some(setting), chance, setting.data.shape, moved or {})


def _some(setting: Setting) -> Iterator[tuple[Tensor, Tensor]]:
    """Some training images, the same for all strategies of a seed."""
    chance = generator_for(setting.job.seed, "scores")
    for at in torch.randperm(len(setting.data.train), generator=chance)[:IMAGES].split(CALIBRATION_BATCH):
        yield setting.data.ready(*setting.data.train.batch(at))


def _masks(setting: Setting, network: nn.Module, full: NetworkSizes, scores: Scores, ratio: float) -> Masks:
    if setting.strategy.get("pattern") == "n_of_m":
        return n_of_m_masks(scores, ratio)
    keep, costs = _budget(setting, network, full, ratio)
    return masks_of(scores, keep, setting.strategy["scope"], costs)


def _budget(
    setting: Setting, network: nn.Module, full: NetworkSizes, ratio: float
) -> tuple[int, dict[str, int] | None]:
    """How many weights stay, or how many multiply-adds, with what a weight of each layer costs."""
    layers = layers_of(network, setting.job.prune_classifier)
    if setting.job.ratio_of == "parameters":
        return kept_weights(full.parameters, sum(one.weight.numel() for one in layers.values()), ratio), None
    used = positions_of(network, setting.data.shape)
    costs = {name: used[layer] for name, layer in layers.items()}
    prunable = sum(layer.weight.numel() * costs[name] for name, layer in layers.items())
    return kept_weights(full.multiply_adds, prunable, ratio), costs


def _smaller(setting: Setting, full: NetworkSizes, ratio: float) -> Callable[[nn.Module], bool]:
    """Whether a network is smaller than the unpruned one by a ratio."""
    measure, shape = setting.job.ratio_of, setting.data.shape

    def fits(network: nn.Module) -> bool:
        return bool(getattr(count(network, shape), measure) * ratio <= getattr(full, measure))

    return fits


def _is_small(setting: Setting, full: NetworkSizes, network: nn.Module) -> bool:
    return _smaller(setting, full, setting.job.ratio or 1)(network)


def _in_rounds(setting: Setting, prepare: Callable[[Pruned, int], tuple[Pruned, Course]]) -> Pruned:
    """Prune and train in the rounds of the scheme; the last training is left to whoever runs the job."""
    pruned, epochs = Pruned(setting.unpruned(), {}), 0
    ratios = _ratios(setting, setting.scheme["rounds"])
    for at, ratio in enumerate(ratios):
        pruned = prune(setting, pruned.network, ratio, pruned.masks)
        pruned, course = prepare(pruned, at)
        epochs += course.epochs - course.start
        if at + 1 < len(ratios):
            train(pruned.network, setting.data, course, pruned.masks)
    return Pruned(pruned.network, pruned.masks, course, epochs_after=epochs)


def _ratios(setting: Setting, rounds: int) -> list[float]:
    """The ratio after each round: the network shrinks by the same factor in each."""
    ratio = setting.job.ratio or 1
    return [*(ratio ** (at / rounds) for at in range(1, rounds)), ratio]


def _scratch(setting: Setting, epochs: Callable[[int, int], int]) -> Pruned:
    found = prune(setting, setting.unpruned(), setting.job.ratio or 1)
    shape = setting.data.shape
    before = count(build(setting.job.network, shape, setting.data.classes), shape).multiply_adds
    after = count(found.network, shape, found.masks).nonzero_multiply_adds
    network = initialise(copy.deepcopy(found.network).cpu(), seed_for(setting.job.seed, "scratch"))
    network.to(setting.data.device)
    keep_zero(network, found.masks)
    course = setting.course(epochs(before, after), purpose="scratch")
    return Pruned(network, found.masks, course, from_scratch=True)


def _rewound(setting: Setting) -> int:
    """The epoch that is rewound to."""
    epoch: int = round(setting.scheme.get("rewind_to", 0.0) * setting.scheme["training"]["epochs"])
    return epoch


def learning_rates(course: Course | None) -> list[float]:
    """The learning rate of each epoch after pruning."""
    return rates(course.recipe, course.epochs, course.start) if course else []
