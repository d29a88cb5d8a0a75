"""The timings of an evaluation: which networks are timed, and where the times are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from prunelit.evaluation.data.load import Loaded
from prunelit.evaluation.environment import installed, processor
from prunelit.evaluation.execute import Folders, data_of
from prunelit.evaluation.jobs import Job
from prunelit.evaluation.latency import Engine, Timing, timing
from prunelit.evaluation.results import Result
from prunelit.evaluation.store import Store
from prunelit.evaluation.weights import load_state, restored

ENGINES: tuple[Engine, ...] = ("torch", "onnxruntime")


class BusyError(Exception):
    """Raised when the machine does something else, so that a time would say nothing."""


def timed_jobs(jobs: Sequence[Job], store: Store, strategies: Collection[str] = ()) -> Iterator[Result]:
    """The finished networks that are worth timing: those of the first seed, each structure once.

    Args:
        jobs: The runs of an evaluation.
        store: Where finished ones are.
        strategies: Names of strategies, to leave out what others pruned; unpruned networks stay.
    """
    first = min(job.seed for job in jobs)
    seen: set[tuple[Any, ...]] = set()
    for job in jobs:
        if strategies and job.strategy is not None and job.strategy["name"] not in strategies:
            continue
        result = store.result(job.digest) if job.seed == first and job.until is None else None
        if result is None or result.sizes is None:
            continue
        structure = (job.data["name"], str(job.network), tuple(result.widths), result.sizes.nonzero_parameters)
        if structure not in seen:
            seen.add(structure)
            yield result


def measure(
    results: Sequence[Result],
    store: Store,
    folders: Folders,
    batch_sizes: Sequence[int],
    threads: Sequence[int],
    even_if_busy: bool,
    report: Callable[[Result, Timing], None],
) -> None:
    """Time networks and keep the times.

    Raises:
        BusyError: if the machine is busy and ``even_if_busy`` is not set.
    """
    for result in results:
        data = data_of(result.job, folders)
        found = []
        for engine, batch, number in ((e, b, t) for e in ENGINES for b in batch_sizes for t in threads):
            one = timing(_network(result, store, data), data.shape, engine, batch, number)
            if one.busy and not even_if_busy:
                raise BusyError(
                    "the machine is busy, so that a time would say nothing; wait, or mark the times with --even-if-busy"
                )
            found.append(one)
            report(result, one)
        keep(result, found, store)


def keep(result: Result, found: Sequence[Timing], store: Store) -> None:
    """Write the times of a network, with what they were measured on."""
    told = {"hardware": processor(), "torch": installed("torch"), "onnxruntime": installed("onnxruntime")}
    store.write_json("latency", result.digest, {**told, "timings": [asdict(one) for one in found]})


def _network(result: Result, store: Store, data: Loaded) -> Any:
    state = load_state(store.weights_path(result.same_as or result.digest))
    return restored(result.network, data.shape, data.classes, state)
