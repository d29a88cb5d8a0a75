"""Which strategy is run under which scheme, which network on which dataset, and what cannot be run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from prunelit.evaluation.functions import MissingFunctionError, function_of
from prunelit.evaluation.models.catalogue import network_named
from prunelit.evaluation.presets import fine_tuning_of, training_of
from prunelit.evaluation.spec import Data, Evaluation, NetworkSpec, Scheme, Strategy
from prunelit.evaluation.strategies.catalogue import CatalogueEntry, entry_of
from prunelit.schema.problems import Path, nearest

SpecFault = tuple[Path, str, str]


def suits(strategy: Strategy, scheme: Scheme) -> bool:
    """Whether a strategy is run under a scheme."""
    return scheme.name in entry_of(strategy).schemes and (scheme.only is None or strategy.name in scheme.only)


def is_run_on(data: Data, network: NetworkSpec) -> bool:
    """Whether a network is run on a dataset."""
    return network.only is None or data.name in network.only


def spec_faults(evaluation: Evaluation) -> Iterator[SpecFault]:
    """What cannot be run, with its place and the rule that it breaks."""
    unknown = [*_networks(evaluation), *_strategies(evaluation), *_only(evaluation)]
    yield from unknown
    yield from _repeated(evaluation)
    yield from _recipes(evaluation)
    if not unknown:
        yield from _without_network(evaluation)
        yield from _without_partner(evaluation)
        yield from _too_small(evaluation)


def _networks(evaluation: Evaluation) -> Iterator[SpecFault]:
    for at, network in enumerate(evaluation.models):
        try:
            network_named(network.name)
        except LookupError as error:
            yield ("models", at, "name"), "known-model", str(error)


def _strategies(evaluation: Evaluation) -> Iterator[SpecFault]:
    for at, strategy in enumerate(evaluation.strategies):
        try:
            entry = entry_of(strategy)
        except LookupError as error:
            yield ("strategies", at, "name"), "known-strategy", str(error)
            continue
        if problem := _unusable(entry):
            yield ("strategies", at, "name"), "known-strategy", problem
        if strategy.scope and strategy.scope not in entry.scopes:
            hint = nearest(strategy.scope, entry.scopes)
            told = f"'{strategy.name}' has no scope '{strategy.scope}'{hint}; it has {', '.join(entry.scopes)}"
            yield ("strategies", at, "scope"), "known-scope", told
        if strategy.unit and strategy.unit != entry.unit:
            told = f"'{strategy.name}' removes {entry.unit}; 'unit' is for strategies of your own"
            yield ("strategies", at, "unit"), "unit", told


def _unusable(entry: CatalogueEntry) -> str:
    """Why the function of a strategy of one's own cannot be used, if so."""
    if entry.function.startswith("prunelit.evaluation."):
        return ""
    try:
        function_of(entry.function)
    except MissingFunctionError as error:
        return str(error)
    return ""


def _only(evaluation: Evaluation) -> Iterator[SpecFault]:
    strategies, datasets = ([one.name for one in named] for named in (evaluation.strategies, evaluation.data))
    yield from _not_in_file("schemes", evaluation.schemes, "strategy", strategies)
    yield from _not_in_file("models", evaluation.models, "dataset", datasets)


def _not_in_file(field: str, those: Sequence[Scheme | NetworkSpec], kind: str, names: list[str]) -> Iterator[SpecFault]:
    for at, one in enumerate(those):
        for index, name in enumerate(one.only or ()):
            if name not in names:
                told = f"'{name}' is no {kind} of this file{nearest(name, names)}"
                yield (field, at, "only", index), f"known-{kind}", told


def _repeated(evaluation: Evaluation) -> Iterator[SpecFault]:
    for name in ("data", "models", "strategies", "schemes", "ratios", "seeds"):
        items = getattr(evaluation, name)
        for at, item in enumerate(items):
            if item in items[:at]:
                yield (name, at), "listed-once", f"this stands already in '{name}'"


def _recipes(evaluation: Evaluation) -> Iterator[SpecFault]:
    try:
        training_of(evaluation)
    except KeyError as error:
        yield ("training",) if evaluation.training else (), "recipe", _unsaid(error, "'training'")
        return
    for at, scheme in enumerate(evaluation.schemes):
        if scheme.name == "weight_rewinding" and scheme.rewind_to is None:
            told = "key 'rewind_to' is missing; write for example 'rewind_to: 0.1'"
            yield ("schemes", at), "missing-key", told
        try:
            recipe = fine_tuning_of(evaluation, scheme)
        except KeyError as error:
            yield ("schemes", at), "recipe", _unsaid(error, "'fine_tuning'")
            continue
        if recipe["schedule"] == "steps" and not recipe["steps"]:
            yield ("schemes", at), "recipe", "the schedule is 'steps', but nothing says when they are"


def _unsaid(error: KeyError, place: str) -> str:
    return f"neither this file nor its preset gives {error}; write it under {place}"


def _without_network(evaluation: Evaluation) -> Iterator[SpecFault]:
    for at, data in enumerate(evaluation.data):
        if not any(is_run_on(data, network) for network in evaluation.models):
            yield ("data", at), "model", f"no network of this file is run on {data.name}"


def _without_partner(evaluation: Evaluation) -> Iterator[SpecFault]:
    """Strategies without a scheme; schemes without a strategy are told only where they are not the same mistake."""
    alone = [one for one in enumerate(evaluation.strategies) if not any(suits(one[1], it) for it in evaluation.schemes)]
    for at, strategy in alone:
        wanted = ", ".join(entry_of(strategy).schemes)
        told = f"no scheme of this file suits '{strategy.name}'; it needs one of {wanted}"
        yield ("strategies", at), "scheme", told
    for at, scheme in enumerate(evaluation.schemes):
        if not alone and not any(suits(strategy, scheme) for strategy in evaluation.strategies):
            yield ("schemes", at), "strategy", f"no strategy of this file is run under '{scheme.name}'"


IMAGE_SIDES = {"Digits": 8, "Fashion-MNIST": 28, "MNIST": 28, "CIFAR-10": 32, "CIFAR-100": 32, "ImageNet": 224}
"""Pixels along a side of each dataset's images."""


def _too_small(evaluation: Evaluation) -> Iterator[SpecFault]:
    pairs = product(enumerate(evaluation.models), evaluation.data)
    for (at, network), data in pairs:
        needed = network_named(network.name).smallest
        if is_run_on(data, network) and IMAGE_SIDES[data.name] < needed:
            has = IMAGE_SIDES[data.name]
            told = f"'{network.name}' needs images of {needed} pixels a side; those of {data.name} have {has}"
            yield ("models", at), "image-size", told
