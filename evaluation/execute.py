"""One job, from its description to its result in the store."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import nn

from prunelit.evaluation import memory
from prunelit.evaluation.accuracy import Quality, quality
from prunelit.evaluation.channels import channel_widths
from prunelit.evaluation.counting import count
from prunelit.evaluation.data.load import Loaded, load
from prunelit.evaluation.devices import prepare
from prunelit.evaluation.environment import environment
from prunelit.evaluation.impossible import CannotPruneError
from prunelit.evaluation.jobs import Job, digest_of
from prunelit.evaluation.models.build import build
from prunelit.evaluation.results import JobStatus, Result, Scored, Sizes
from prunelit.evaluation.schemes import SCHEMES, Pruned, Setting, fresh, learning_rates
from prunelit.evaluation.store import Store
from prunelit.evaluation.training import Course, Trained, train
from prunelit.evaluation.weights import compressed_size, load_state, restored, save, structure

Folders = Mapping[str, str]
"""The folder of each dataset that has one of its own."""


def execute(job: Job, store: Store, folders: Folders | None = None) -> Result:
    """The result of a job, from the store if it is there; it is in the store afterwards, with its weights.

    Args:
        job: What to run; an unpruned network that it needs is trained first if the store does not have it.
        store: Where results and weights are.
        folders: Where datasets are that are not in their usual places.
    """
    found = store.result(job.digest)
    if found is not None:
        return found
    prepare(job.device, job.threads)
    with ExitStack() as alone:
        result = _run(job, store, folders or {}, alone)
        store.keep(result)
    return result


def data_of(job: Job, folders: Folders) -> Loaded:
    """The dataset of a job."""
    name = job.data["name"]
    return load(name, folders.get(name), job.data["training_images"], job.data["validation"]).on(job.device)


def _run(job: Job, store: Store, folders: Folders, alone: ExitStack) -> Result:
    memory_known = memory.start_watching()
    memory.start_watching_gpu(job.device)
    cpu, wall = time.process_time(), time.monotonic()
    data = data_of(job, folders)
    try:
        pruned, before, same = _trained(job, data, store, folders, alone)
    except CannotPruneError as error:
        return Result(digest=job.digest, job=job, status="impossible", reason=str(error))
    if same is not None:
        return _as_another(job, same, before)
    return _measured(job, data, store, pruned, before).model_copy(
        update={
            "cpu_seconds": round(time.process_time() - cpu, 3),
            "wall_seconds": round(time.monotonic() - wall, 3),
            "peak_memory": memory.peak() if memory_known else None,
            "gpu_memory": memory.gpu_peak(job.device),
        }
    )


def _trained(
    job: Job, data: Loaded, store: Store, folders: Folders, alone: ExitStack
) -> tuple[Pruned, Quality | None, Result | None]:
    """The trained network of a job with its quality before training, or the result of a job that trained the same.

    Of two jobs that train the same network at the same time the second waits for the first.
    """
    if job.strategy is None or job.scheme is None:
        return _unpruned(job, data), None, None
    setting = Setting(job, data, _reader(job.unpruned(), store, folders), _reader(job.early(), store, folders))
    pruned = SCHEMES[job.scheme["name"]](setting)
    before = quality(pruned.network, data, data.validation)
    if pruned.trained is None and pruned.course is not None:
        same = _same_training(job, pruned, store, alone) if pruned.from_scratch else None
        if same is not None:
            return pruned, before, same
        pruned.trained = train(pruned.network, data, pruned.course, pruned.masks)
        pruned.epochs_after = pruned.epochs_after or pruned.course.last - pruned.course.start
        if pruned.from_scratch:
            store.keep_training(pruned.training_key, job.digest)
    return pruned, before, None


def _same_training(job: Job, pruned: Pruned, store: Store, alone: ExitStack) -> Result | None:
    """The result of a job that trained the same network in the same way; while it is asked nobody else trains it."""
    pruned.training_key = _training_key(job, pruned)
    alone.enter_context(store.alone(pruned.training_key))
    return store.same_training(pruned.training_key)


def _unpruned(job: Job, data: Loaded) -> Pruned:
    network = fresh(job, data, "weights")
    epochs = job.training["epochs"]
    until = None if job.until is None else round(epochs * job.until)
    course = Course(job.training, epochs, job.seed, until=until)
    return Pruned(network, {}, course, trained=train(network, data, course))


def _reader(job: Job, store: Store, folders: Folders) -> Callable[[], nn.Module]:
    """Reads a trained network from the store, after it was trained if it is not there."""

    def read() -> nn.Module:
        path = store.weights_path(job.digest)
        if not store.has(job.digest) or not path.is_file():
            _drop_result(store, job)
            execute(job, store, folders)
        data = data_of(job, folders)
        return restored(job.network, data.shape, data.classes, load_state(path)).to(data.device)

    return read


def _drop_result(store: Store, job: Job) -> None:
    """A result without weights is no use to those who start from them: the job is run again."""
    (store.folder / "results" / f"{job.digest}.json").unlink(missing_ok=True)


def _training_key(job: Job, pruned: Pruned) -> str:
    """What a training from scratch depends on: two jobs with equal keys train one network."""
    course = pruned.course
    assert course is not None
    kind = {name: value for name, value in job.network.items() if name != "width"}
    told = {**job.described("version", "data", "threads", "device"), "network": kind}
    return digest_of({**told, **structure(pruned.network, pruned.masks), "course": asdict(course)})


def _as_another(job: Job, same: Result, before: Quality | None) -> Result:
    """The result of a job that need not be trained, as another one trained the same network."""
    own = {"digest": job.digest, "job": job, "after_pruning": _scored(before), "same_as": same.digest}
    return same.model_copy(update={**own, "cpu_seconds": 0.0, "wall_seconds": 0.0})


def _measured(job: Job, data: Loaded, store: Store, pruned: Pruned, before: Quality | None) -> Result:
    network, trained = pruned.network, pruned.trained or Trained()
    test = quality(network, data, data.test)
    kept = store.keep_weights(job.digest, lambda file: save(network, file))
    rates = learning_rates(pruned.course)
    return Result(
        digest=job.digest,
        job=job,
        status=status_of(test, data.classes, trained.diverged),
        test=_scored(test),
        validation=_scored(quality(network, data, data.validation)),
        after_pruning=_scored(before),
        unpruned=_sizes(build(job.network, data.shape, data.classes), data, None),
        sizes=_sizes(network, data, pruned.masks),
        widths=channel_widths(network),
        network=pruned.description or job.network,
        epochs=[{name: _finite(value) for name, value in asdict(one).items()} for one in trained.epochs],
        learning_rates=rates,
        epochs_after_pruning=pruned.epochs_after if job.strategy else 0,
        training=pruned.training_key,
        bytes_on_disk=kept,
        compressed_bytes=compressed_size(network),
        environment=environment(job.threads, job.device),
    )


CHANCE_DEVIATIONS = 3


def status_of(test: Quality, classes: int, diverged: bool) -> JobStatus:
    """Whether a network works: it collapsed if it gives one class for all, or is not above chance by 3 deviations."""
    if diverged:
        return "diverged"
    chance = 1 / classes
    deviation = math.sqrt(chance * (1 - chance) / test.images)
    at_chance = test.top1 / 100 <= chance + CHANCE_DEVIATIONS * deviation
    return "collapsed" if at_chance or test.classes_given <= 1 else "finished"


def _sizes(network: nn.Module, data: Loaded, masks: Any) -> Sizes:
    return Sizes(**asdict(count(network, data.shape, masks or {})))


def _scored(found: Quality | None) -> Scored | None:
    if found is None:
        return None
    return Scored(top1=found.top1, top5=found.top5, loss=_finite(found.loss), images=found.images)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def execute_in(job: dict[str, Any], folder: str, folders: Folders) -> dict[str, Any]:
    """As :func:`execute`, for another process: a few words about the result."""
    result = execute(Job(**job), Store(Path(folder)), folders)
    return {"digest": result.digest, "status": result.status, "cpu_seconds": result.cpu_seconds}
