"""The record of an evaluation: the results of all its runs as those of a paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, stdev
from typing import Any

from prunelit.evaluation.jobs import Job, digest_of
from prunelit.evaluation.points import StrategyCurve, TrainedNetwork
from prunelit.evaluation.presets import PRESETS, preset_differences
from prunelit.evaluation.results import Result
from prunelit.evaluation.setups import LADDER, point_conditions, setup_of
from prunelit.evaluation.spec import Evaluation
from prunelit.evaluation.store import Store
from prunelit.evaluation.strategies.catalogue import CatalogueEntry, entry_of
from prunelit.evaluation.sweeps import by_scheme, sweep_csv, sweep_file, varied_settings
from prunelit.schema.canonical import MODELINE, canonical_text
from prunelit.schema.record import SCHEMA_VERSION, Paper
from prunelit.schema.tree import tree_of
from prunelit.schema.vocabulary import EVALUATIONS

_STRATEGIES = "evaluation/strategies/catalogue.py"
"""What says what strategies remove."""
TWO_PLACES = Decimal("0.01")
"""Accuracies are kept to a hundredth of a percent, which is exact for 10,000 images."""


@dataclass(frozen=True)
class EvaluationRecord:
    """The text of a record, and that of the files of its sweeps by their names."""

    text: str
    sweeps: dict[str, str]


def evaluation_record(
    evaluation: Evaluation,
    found: Sequence[TrainedNetwork],
    store: Store,
    paper: str,
    source: str,
    published: tuple[int, int],
) -> EvaluationRecord:
    """The record of an evaluation.

    Args:
        evaluation: Its specification.
        found: What it found.
        store: Where timings are, if any were made.
        paper: Id of the record.
        source: What locators name: the file of the specification, within the repository.
        published: Year and month.
    """
    papers = {entry_of(strategy).proposed_by for strategy in evaluation.strategies}
    sweeps: dict[str, str] = {}
    value = {
        "schema_version": SCHEMA_VERSION,
        "id": paper,
        "title": f"Standardized evaluation of pruning methods: {evaluation.name}",
        "published": {"year": published[0], "month": published[1]},
        "collections": [EVALUATIONS],
        "compares_to": sorted(papers - {None, paper}, key=str) or None,
        "methods": _methods(evaluation, found),
        "note": _note(evaluation, found, source),
        "experiments": [_experiment(evaluation, pair, store, source, paper, sweeps) for pair in found if pair.curves],
    }
    return EvaluationRecord(f"{MODELINE}\n{canonical_text(tree_of(_without_none(value)), Paper)}", sweeps)


def _methods(evaluation: Evaluation, found: Sequence[TrainedNetwork]) -> list[dict[str, Any]]:
    """What each strategy that was run removes, and what scores it compares, where it could compare others."""
    entries = {one.name: entry_of(one) for one in evaluation.strategies}
    told: dict[str, dict[str, Any]] = {}
    for strategy in (curve.job.strategy or {} for pair in found for curve in pair.curves):
        entry = entries[strategy["name"]]
        structure = {"channels": "structured", "weights": "semi_structured" if entry.pattern else "unstructured"}
        compared = "global" if strategy["scope"] == "global" else "local"
        name = _label(strategy["scope"], entry)
        told[name] = {
            "name": name,
            "structure": {"value": structure[strategy["unit"]], "source": _STRATEGIES},
            "scoring_scope": {"value": compared, "source": _STRATEGIES} if len(entry.scopes) > 1 else None,
        }
    return list(told.values())


def _note(evaluation: Evaluation, found: Sequence[TrainedNetwork], source: str) -> str:
    one = found[0].unpruned[0].environment
    packages = ", ".join(f"{name} {version}" for name, version in one["packages"].items())
    told = [
        f"Run by prunelit from {source}, so that it has no authors. Python {one['python']}, {packages}; "
        f"{one['processor']}, {one['instructions']}, threads: {one['threads']}{_of_gpu(one)}.",
        "Accuracies are those of the last epoch on the whole test set; nothing was selected on it.",
    ]
    if evaluation.preset:
        changed = ", ".join(f"{name} {value}" for name, value in preset_differences(evaluation).items())
        told.append(f"Recipe of {PRESETS[evaluation.preset].paper}; changed: {changed or 'nothing'}.")
    return " ".join(told)


def _of_gpu(environment: Mapping[str, Any]) -> str:
    """The GPU that networks ran on, if they did."""
    return f"; networks on {environment['gpu']}, CUDA {environment['cuda']}" if "gpu" in environment else ""


def _experiment(
    evaluation: Evaluation, pair: TrainedNetwork, store: Store, source: str, paper: str, sweeps: dict[str, str]
) -> dict[str, Any]:
    """The experiment of a network; the files of its sweeps are added to ``sweeps``."""
    entries = {one.name: entry_of(one) for one in evaluation.strategies}
    network = next(one for one in evaluation.models if one.name == pair.job.network["name"])
    sizes = pair.unpruned[0].sizes
    assert sizes is not None
    penalty = pair.job.training["sparsity_penalty"]
    place = network.name if len(evaluation.data) == 1 else f"{network.name}-{pair.job.data['name']}"
    groups = by_scheme(pair.curves)
    curves = [one for first, *_ in groups if (one := _curve(pair, first, entries, store, source))]
    for first, *others in (one for one in groups if len(one) > 1):
        file, text, swept_curve = _sweep(pair, first, others, entries, store, source, f"{paper}-{place}")
        sweeps[file] = text
        curves.append(swept_curve)
    return {
        "dataset": pair.job.data["name"],
        "architecture": network.architecture or network.name,
        "collections": [EVALUATIONS],
        **_runs("base_top1", pair.unpruned),
        "base_top5": _mean_top5(pair.unpruned),
        "base_params": sizes.parameters,
        "base_flops": sizes.multiply_adds,
        "base_widths": {"channels": pair.unpruned[0].widths},
        "base_metrics": _latencies(pair.unpruned[0], store),
        "flop_convention": "multiply_adds",
        "base_locator": _locator(source),
        "note": _of_network(pair.job) + (f" Trained with a penalty of {penalty:g} on scales." if penalty else ""),
        "curves": curves or None,
    }


def _of_network(job: Job) -> str:
    changed = ", ".join(f"{name} {value}" for name, value in job.network.items() if name != "name")
    images = job.data["training_images"]
    return (
        f"Validation images are {job.data['validation']:g} of the training images, apart from "
        f"{'all others' if images is None else f'{images:,} others'} that are trained on."
        + (f" Differs from the published network in: {changed}." if changed else "")
    )


def _curve(
    pair: TrainedNetwork, curve: StrategyCurve, entries: Mapping[str, CatalogueEntry], store: Store, source: str
) -> dict[str, Any] | None:
    """The curve, without points that are those of another one; nothing if all are."""
    own = {ratio: found for ratio, found in curve.points.items() if not _is_another(pair, curve, ratio)}
    if not own:
        return None
    return {
        **_of_method(curve, entries),
        "stated_setup": _setup(pair, curve),
        "recipe": _recipe(curve, source),
        "locator": _locator(source),
        "points": [_point(ratio, results, store) for ratio, results in own.items()],
        "note": _shared(pair, curve, entries),
    }


def _sweep(
    pair: TrainedNetwork,
    first: StrategyCurve,
    others: Sequence[StrategyCurve],
    entries: Mapping[str, CatalogueEntry],
    store: Store,
    source: str,
    experiment: str,
) -> tuple[str, str, dict[str, Any]]:
    """A strategy under further settings of a scheme: the name of the file, its text, and the curve of the record."""
    of_method = _of_method(first, entries)
    file = sweep_file(experiment, of_method["method"], of_method["training_scheme"])
    told = [
        (_point(ratio, results, store), settings)
        for curve, settings in zip(others, varied_settings(first, others), strict=True)
        for ratio, results in curve.points.items()
    ]
    setups = {_setup(pair, curve) for curve in others}
    recipes = [_recipe(curve, source) for curve in others]
    shared = {name: one for name, one in recipes[0].items() if all(it.get(name) == one for it in recipes)}
    varied = {name for _, settings in told for name in settings}
    return (
        file,
        sweep_csv(told),
        {
            **of_method,
            "stated_setup": setups.pop() if len(setups) == 1 else None,
            "recipe": {name: one for name, one in shared.items() if name not in varied},
            "locator": _locator(source),
            "sweep": True,
            "points_file": file,
        },
    )


def _of_method(curve: StrategyCurve, entries: Mapping[str, CatalogueEntry]) -> dict[str, Any]:
    """What a curve says of its method and scheme."""
    strategy, scheme = curve.job.strategy or {}, curve.job.scheme or {}
    entry = entries[strategy["name"]]
    return {
        "method": label(curve.job, entry),
        "origin": "rerun",
        "proposed_by": entry.proposed_by,
        "simple_method": entry.simple_method,
        "training_scheme": scheme["name"],
        "target_architecture": _target(strategy),
    }


def label(job: Job, entry: CatalogueEntry) -> str:
    """What a curve is called: its strategy, with its scope where it has a choice, and its rounds."""
    return _label((job.strategy or {})["scope"], entry)


def _label(scope: str, entry: CatalogueEntry) -> str:
    return f"{entry.label} ({scope})" if len(entry.scopes) > 1 else entry.label


def _is_another(pair: TrainedNetwork, curve: StrategyCurve, ratio: float) -> bool:
    """Whether an earlier curve has the same networks, trained in the same way: it is that point, and counts once."""
    earlier = pair.curves[: pair.curves.index(curve)]
    return any(_same(other, curve, ratio) for other in earlier)


def _same(one: StrategyCurve, other: StrategyCurve, ratio: float) -> bool:
    trained = [[result.training for result in curve.points.get(ratio, [])] for curve in (one, other)]
    return trained[0] == trained[1] and all(trained[0]) and bool(trained[0])


def _shared(pair: TrainedNetwork, curve: StrategyCurve, entries: Mapping[str, CatalogueEntry]) -> str | None:
    """Which later curves would have the same networks as this one."""
    later = pair.curves[pair.curves.index(curve) + 1 :]
    told = [
        f"{label(other.job, entries[_what(other)[0]])} ({(other.job.scheme or {})['name']}) at {ratio:g}x"
        for other in later
        for ratio in other.points
        if _same(curve, other, ratio)
    ]
    return f"The same networks, trained in the same way, are those of: {', '.join(told)}." if told else None


def _target(strategy: dict[str, Any]) -> str | None:
    """Whether a user fixes the widths, by the same share of each layer, or the method finds them."""
    if strategy["unit"] != "channels":
        return None
    return "automatic" if strategy["scope"] == "global" else "predefined"


def _setup(pair: TrainedNetwork, curve: StrategyCurve) -> str:
    """The strictest setup that a curve shares with one of another method."""
    own = {ratio: point_conditions(results) for ratio, results in curve.points.items()}
    shared = [
        setup_of(own[ratio], point_conditions(results))
        for other in pair.curves
        if _what(other) != _what(curve)
        for ratio, results in other.points.items()
        if ratio in own
    ]
    ranked = ("S1", "SX-B", "SX-A", *LADDER[1:])
    return max(shared, key=ranked.index, default="S1")


def _what(curve: StrategyCurve) -> tuple[str, str]:
    """The strategy of a curve and its scope."""
    strategy = curve.job.strategy or {}
    return strategy["name"], strategy["scope"]


def _recipe(curve: StrategyCurve, source: str) -> dict[str, Any]:
    scheme, job = curve.job.scheme or {}, curve.job
    recipe = scheme["training"]
    from_unpruned = bool(job.needs())
    epochs = {one.epochs_after_pruning for results in curve.points.values() for one in results}
    trained = scheme["name"] != "none"
    during = scheme["name"] == "during_training"
    told = {
        "unpruned_checkpoint": f"prunelit {digest_of(_checkpoint(job))}, by seed" if from_unpruned else None,
        "pretraining_epochs": job.training["epochs"] if from_unpruned else 0,
        "pruning_schedule": _schedule(job),
        "pruning_epochs": max(epochs) if during else 0,
        "fine_tuning_epochs": 0 if during else epochs.pop() if len(epochs) == 1 else None,
        "distillation": False,
        "locator": _locator(source),
    }
    after = {
        "learning_rate": _number(recipe["learning_rate"]),
        "learning_rate_schedule": _rates(recipe),
        "optimizer": _optimizer(recipe),
        "batch_size": recipe["batch_size"],
        "weight_decay": _number(recipe["weight_decay"]),
        "data_augmentation": "random crops and flips" if recipe["augmentation"] == "crop_flip" else "none",
    }
    return {**told, **(after if trained else {})}


def _checkpoint(job: Job) -> dict[str, Any]:
    return job.described("version", "data", "network", "training", "threads", "device")


def _schedule(job: Job) -> str:
    scheme, strategy = job.scheme or {}, job.strategy or {}
    if scheme["name"] == "during_training":
        return "along a cubic curve until three quarters of the training"
    if scheme["rounds"] > 1:
        return f"iterative, {scheme['rounds']} rounds of the same factor, each trained"
    return "one-shot" if strategy["rounds"] == 1 else f"{strategy['rounds']} rounds before training"


def _rates(recipe: dict[str, Any]) -> str:
    if recipe["schedule"] == "steps":
        at = ", ".join(f"{share:g}" for share in recipe["steps"])
        return f"times {recipe['factor']:g} after these shares of the epochs: {at}"
    return {"constant": "constant", "cosine": "cosine to zero"}[recipe["schedule"]]


def _optimizer(recipe: dict[str, Any]) -> str:
    if recipe["optimizer"] == "adam":
        return "Adam"
    return f"SGD, {'Nesterov ' if recipe['nesterov'] else ''}momentum {recipe['momentum']:g}"


def _point(ratio: float, results: list[Result], store: Store) -> dict[str, Any]:
    sizes = [one.sizes for one in results if one.sizes]
    params, flops = ([getattr(one, f"nonzero_{name}") for one in sizes] for name in ("parameters", "multiply_adds"))
    lost = [one.status for one in results if one.status in ("collapsed", "diverged")]
    channels = (results[0].job.strategy or {})["unit"] == "channels"
    return {
        "pruned_model": f"{ratio:g}x",
        **_runs("top1", results),
        "top5": _mean_top5(results),
        "metrics": _latencies(results[0], store),
        "collapsed": True if len(lost) == len(results) else None,
        "params": round(fmean(params)),
        "flops": round(fmean(flops)),
        "widths": _widths([one.widths for one in results]) if channels else None,
        "seeds": len(results),
        "note": _remarks(lost, len(results), len(set(params)) > 1 or len(set(flops)) > 1),
    }


def _remarks(lost: Sequence[str], runs: int, varies: bool) -> str | None:
    told = []
    if lost and len(lost) < runs:
        told.append(f"{len(lost)} of {runs} runs {' and '.join(sorted(set(lost)))}.")
    if varies:
        told.append("Sizes are means over the seeds.")
    return " ".join(told) or None


def _runs(name: str, results: list[Result]) -> dict[str, Any]:
    """The accuracy of each run, or of the only one."""
    found = [_hundredths(one.test.top1) for one in results if one.test]
    return {f"{name}_runs": found} if len(found) > 1 else {name: found[0]}


def _mean_top5(results: list[Result]) -> Decimal:
    return _hundredths(fmean(one.test.top5 for one in results if one.test))


def _widths(found: list[list[int]]) -> dict[str, Any]:
    """Channels of each layer, their means and deviations where seeds differ."""
    if all(one == found[0] for one in found):
        return {"channels": found[0]}
    by_layer = list(zip(*found, strict=True))
    tenth = Decimal("0.1")
    return {
        "channels": [Decimal(fmean(one)).quantize(tenth) for one in by_layer],
        "std": [Decimal(stdev(one)).quantize(tenth) for one in by_layer],
    }


def _latencies(result: Result, store: Store) -> list[dict[str, Any]] | None:
    """The times of a network, median and quartiles, that were measured while the machine was idle."""
    told = store.read_json("latency", result.digest)
    if told is None:
        return None
    return [
        {
            "metric": "latency",
            "value": _four_digits(one["milliseconds"]),
            "spread": {
                "kind": "interquartile_range",
                "lower": _four_digits(one["lower"]),
                "upper": _four_digits(one["upper"]),
            },
            "hardware": one["hardware"],
            "batch_size": one["batch_size"],
            "precision": "FP32",
            "framework": f"{_FRAMEWORKS[one['engine']]} {one['version']}"
            + (f", threads: {one['threads']}" if one["device"] == "cpu" else ""),
        }
        for one in told["timings"]
        if not one["busy"]
    ] or None


_FRAMEWORKS = {"torch": "PyTorch", "onnxruntime": "ONNX Runtime"}


def _four_digits(value: float) -> Decimal:
    return Decimal(f"{value:.4g}")


def _locator(source: str) -> dict[str, str]:
    return {"path": source, "read": "data"}


def _hundredths(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(TWO_PLACES)


def _number(value: float) -> Decimal:
    return Decimal(f"{Decimal(repr(value)):f}")


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    return [_without_none(one) for one in value] if isinstance(value, list | tuple) else value
