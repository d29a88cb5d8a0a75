"""Points of a record from runs with several seeds.

Runs that differ in nothing but their seed are one point: the mean, and the standard deviation of the sample (n - 1).
All others are points of their own, and experiments of their own if they start from another unpruned model.
Percentages get two decimals, which is what 10,000 images can tell apart; counts are rounded to whole ones.  Runs with
compression 1 are not pruned: they are the unpruned model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal
from statistics import mean, stdev
from typing import Any, TypeAlias, TypeVar

from prunelit.cli.entry.joining import Values
from prunelit.cli.entry.mapping import Mapping
from prunelit.cli.entry.names import meant, unknown
from prunelit.cli.entry.shrinkbench import Run
from prunelit.schema.problems import Problem
from prunelit.schema.rules import Names

K = TypeVar("K")
_START = ("debug", "dl_kwargs", "pretrained", "resume")
"""Settings on which the unpruned model depends, or what its accuracy is measured on."""
_NOTE = "Accuracies are those of the best epoch, as ShrinkBench reports them."


def usable(runs: Iterable[Run], mapping: Mapping, names: Names) -> tuple[list[tuple[str, str, Run]], list[Problem]]:
    """The runs with the names of their dataset and architecture, and the problems of those that are left out."""
    found: list[tuple[str, str, Run]] = []
    problems: list[Problem] = []
    seen: dict[tuple[object, ...], str] = {}
    for run in runs:
        one = run.params
        dataset = meant("dataset", mapping.names.get(one.dataset, one.dataset), names)
        model = meant("architecture", mapping.names.get(one.model, one.model), names)
        same = seen.setdefault(_identity(run), run.folder)
        faults = [
            "" if dataset else unknown("dataset", one.dataset, names),
            "" if model else unknown("architecture", one.model, names),
            "" if same == run.folder else f"the same run as {same}, with the same seed",
        ]
        if dataset and model and same == run.folder:
            found.append((dataset, model, run))
        told = "; ".join(filter(None, faults))
        problems += (
            [Problem(f"{run.folder}/params.json", 1, 1, "shrinkbench", f"{told}; folder skipped")] if told else []
        )
    unused = _unused(found)
    problems += [
        Problem(f"{folder}/params.json", 1, 1, "shrinkbench", f"{why}; folder skipped")
        for folder, why in unused.items()
    ]
    return [one for one in found if one[2].folder not in unused], problems


def _unused(runs: Iterable[tuple[str, str, Run]]) -> dict[str, str]:
    """The folders of unpruned runs that are no unpruned model of any experiment, each with why not."""
    found: dict[str, str] = {}
    for group in _groups(runs, _unpruned_model).values():
        unpruned = [run for _, _, run in group if run.params.compression == 1]
        pruned = len(group) > len(unpruned)
        several = len({_rest(run) for run in unpruned}) > 1 and len({run.top1 for run in unpruned}) > 1
        if several or not pruned:
            why = "unpruned runs of it differ in more than their seed" if pruned else "no pruned run starts from it"
            found |= {run.folder: f"the unpruned model is not used: {why}" for run in unpruned}
    return found


def seed_experiments(
    runs: Iterable[tuple[str, str, Run]], folder: str, collection: str, own: Collection[str]
) -> list[Values]:
    """The experiments of runs, each with the names of its dataset and architecture.

    Args:
        runs: The runs.
        folder: Where they come from, for the locators.
        collection: The collection that the experiments count in.
        own: The strategies that are the paper's own methods; the others are reruns of somebody else's.
    """
    runs = list(runs)
    starts = _groups(runs, lambda one: one[:2])
    return [
        {"dataset": dataset, "architecture": model, "collections": [collection]}
        | _unpruned([run for _, _, run in group])
        | {"curves": list(_curves([run for _, _, run in group if run.params.compression > 1], folder, own))}
        | _note(_differing(start, [_start(run) for _, _, run in starts[dataset, model]]))
        for (dataset, model, _, _, start), group in _groups(runs, _unpruned_model).items()
    ]


def _identity(run: Run) -> tuple[object, ...]:
    one = run.params
    return (one.dataset, one.model, one.strategy, one.compression, one.training, one.settings, one.seed)


_Settings: TypeAlias = tuple[tuple[str, str], ...]


def _start(run: Run) -> _Settings:
    return tuple(one for one in run.params.settings if one[0] in _START)


def _rest(run: Run) -> _Settings:
    """All other settings, those of training first."""
    return (("train_kwargs", run.params.training), *(one for one in run.params.settings if one[0] not in _START))


def _differing(settings: _Settings, among: Iterable[_Settings]) -> str:
    """A sentence about those settings that are not the same in all; none where all are."""
    every = list(among)
    told = [f"{name}={one}" for name, one in settings if any((name, one) not in other for other in every)]
    return f"Run with {', '.join(told)}." if told else ""


def _note(text: str) -> Values:
    return {"note": text} if text else {}


def _unpruned_model(one: tuple[str, str, Run]) -> tuple[str, str, Decimal, Decimal, _Settings]:
    dataset, model, run = one
    return dataset, model, run.metrics.size, run.metrics.flops, _start(run)


def _unpruned(runs: list[Run]) -> Values:
    first = runs[0].metrics
    unpruned = [run for run in runs if run.params.compression == 1]
    different = len({run.top1 for run in unpruned}) > 1  # one pretrained model that is evaluated again has no spread
    accuracies = _accuracies(unpruned, spread=different) if unpruned else {}
    return {f"base_{name}": one for name, one in accuracies.items()} | {
        "base_params": _whole([first.size]),
        "base_flops": _whole([first.flops]),
        "flop_convention": "multiply_adds",
    }


def _curves(runs: list[Run], folder: str, own: Collection[str]) -> Iterator[Values]:
    for strategy, group in sorted(_groups(runs, lambda run: run.params.strategy or "").items()):
        yield {
            **({"method": strategy} if strategy else {}),
            "origin": "own" if strategy in own else "rerun",
            "points": list(_points(group)),
            "locator": {"path": folder, "read": "data"},
            "note": _NOTE,
        }


def _points(runs: list[Run]) -> Iterator[Values]:
    every = [_rest(run) for run in runs]
    for (_, settings), group in sorted(_groups(runs, lambda run: (run.params.compression, _rest(run))).items()):
        accuracies = _accuracies(group, spread=len(group) > 1)
        collapsed = min(accuracies["top1"], accuracies["top5"]) < 1
        yield {
            **accuracies,
            **({"collapsed": True} if collapsed else {}),
            "params": _whole([run.metrics.size_nz for run in group]),
            "flops": _whole([run.metrics.flops_nz for run in group]),
            "seeds": len(group),
            **_note(_differing(settings, every)),
        }


def _accuracies(runs: list[Run], spread: bool) -> dict[str, Any]:
    top1 = [run.top1 for run in runs]
    means = {"top1": _percent(mean(top1)), "top5": _percent(mean(run.top5 for run in runs))}
    return means | ({"top1_std": _percent(stdev(top1))} if spread else {})


def _percent(share: Decimal) -> Decimal:
    return (share * 100).quantize(Decimal("0.01"))


def _whole(counts: list[Decimal]) -> int:
    return int(mean(counts).to_integral_value())


def _groups(items: Iterable[Any], key: Callable[[Any], K]) -> dict[K, list[Any]]:
    groups: dict[K, list[Any]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
