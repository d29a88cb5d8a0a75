"""The timings of an evaluation: which networks are timed, and where the times are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict
from itertools import product
from typing import Any

from prunelit.evaluation.data.load import Loaded
from prunelit.evaluation.execute import Folders, data_of
from prunelit.evaluation.jobs import Job
from prunelit.evaluation.latency import ENGINES, Engine, Timing, timing
from prunelit.evaluation.results import Result
from prunelit.evaluation.spec import Device
from prunelit.evaluation.store import Store
from prunelit.evaluation.weights import load_state, restored

KEPT_APART = ("engine", "version", "hardware", "batch_size", "threads")
"""What two times of a network differ in that are kept beside each other; else the later one counts."""


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
    devices: Sequence[Device],
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
        for device, engine, batch, number in _settings(devices, batch_sizes, threads):
            one = timing(_network(result, store, data), data.shape, engine, batch, number, device)
            if one.busy and not even_if_busy:
                raise BusyError(
                    "the machine is busy, so that a time would say nothing; wait, or mark the times with --even-if-busy"
                )
            found.append(one)
            report(result, one)
        keep(result, found, store)


def _settings(
    devices: Sequence[Device], batch_sizes: Sequence[int], threads: Sequence[int]
) -> Iterator[tuple[Device, Engine, int, int]]:
    """What is measured of a network: on a GPU threads matter to nothing, and one number of them is enough."""
    for device in devices:
        numbers = threads if device == "cpu" else threads[:1]
        yield from ((device, *one) for one in product(ENGINES[device], batch_sizes, numbers))


def keep(result: Result, found: Sequence[Timing], store: Store) -> None:
    """Write the times of a network, beside those of other settings and machines that are known already."""
    before = (store.read_json("latency", result.digest) or {"timings": []})["timings"]
    told = {tuple(one[name] for name in KEPT_APART): one for one in (*before, *map(asdict, found))}
    store.write_json("latency", result.digest, {"timings": list(told.values())})


def _network(result: Result, store: Store, data: Loaded) -> Any:
    state = load_state(store.weights_path(result.same_as or result.digest))
    return restored(result.network, data.shape, data.classes, state)
