"""Points of a record from runs with several seeds.

Runs that differ in nothing but their seed are one point: the mean, and the standard deviation of the sample (n - 1).
Percentages get two decimals, which is what 10,000 images can tell apart; counts are rounded to whole ones.  Runs with
compression 1 are not pruned: they are the unpruned model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal
from statistics import mean, stdev
from typing import Any, TypeVar

from prunelit.cli.entry.adding import Values
from prunelit.cli.entry.mapping import Mapping
from prunelit.cli.entry.names import meant, unknown
from prunelit.cli.entry.shrinkbench import Run
from prunelit.schema.problems import Problem
from prunelit.schema.rules import Names

K = TypeVar("K")
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
    return found, problems


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
    return [
        {"dataset": dataset, "architecture": model, "collections": [collection]}
        | _unpruned([run for _, _, run in group])
        | {"curves": list(_curves([run for _, _, run in group if run.params.compression > 1], folder, own))}
        for (dataset, model, _, _), group in _groups(runs, _unpruned_model).items()
        if any(run.params.compression > 1 for _, _, run in group)
    ]


def _identity(run: Run) -> tuple[object, ...]:
    one = run.params
    return (one.dataset, one.model, one.strategy, one.compression, one.training, one.seed)


def _unpruned_model(one: tuple[str, str, Run]) -> tuple[str, str, Decimal, Decimal]:
    dataset, model, run = one
    return dataset, model, run.metrics.size, run.metrics.flops


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
    several = len({run.params.training for run in runs}) > 1
    by_setting = _groups(runs, lambda run: (run.params.compression, run.params.training))
    for (_, training), group in sorted(by_setting.items()):
        accuracies = _accuracies(group, spread=len(group) > 1)
        collapsed = min(accuracies["top1"], accuracies["top5"]) < 1
        yield {
            **accuracies,
            **({"collapsed": True} if collapsed else {}),
            "params": _whole([run.metrics.size_nz for run in group]),
            "flops": _whole([run.metrics.flops_nz for run in group]),
            "seeds": len(group),
            **({"note": f"Trained with {training}."} if several else {}),
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
