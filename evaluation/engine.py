"""The jobs of an evaluation on processes of this machine or on a cluster, by Dask.

Every finished job is in the store, so that a run that was stopped in any way goes on where it was when it is started
again. A worker that is killed is replaced, and its job is run again; when the driver is killed its workers end with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prunelit.evaluation.execute import Folders, execute_in
from prunelit.evaluation.jobs import Job
from prunelit.evaluation.store import Store

ATTEMPTS = 5
"""How many workers a job may outlive before it counts as the reason for their deaths."""


@dataclass
class Outcome:
    """What became of the jobs that were not finished before."""

    finished: list[dict[str, Any]] = field(default_factory=list)
    failed: list[tuple[Job, str]] = field(default_factory=list)


OutcomeReport = Callable[[Outcome], None]


def run(
    jobs: Sequence[Job],
    store: Store,
    folders: Folders,
    workers: int,
    scheduler: str | None = None,
    report: OutcomeReport | None = None,
) -> Outcome:
    """Run every job that is not finished.

    Args:
        jobs: All jobs; what they need comes before them, as :func:`~prunelit.evaluation.jobs.jobs_of` has it.
        store: Where results are; workers of a cluster have to see its folder under the same name.
        folders: Where datasets are that are not in their usual places.
        workers: Processes of this machine, without ``scheduler``.
        scheduler: Address of a Dask cluster that runs already.
        report: Called whenever a job has ended.
    """
    outcome = Outcome()
    waiting = [job for job in jobs if not store.has(job.digest)]
    if not waiting:
        return outcome
    with _client(workers, scheduler) as client:
        for job, future in _ended(client, _submitted(client, waiting, store.folder, folders)):
            error = future.exception()
            if error is None:
                outcome.finished.append(future.result())
            else:
                outcome.failed.append((job, f"{type(error).__name__}: {error}".splitlines()[0]))
            if report:
                report(outcome)
    return outcome


def _submitted(client: Any, waiting: Iterable[Job], folder: Path, folders: Folders) -> dict[Any, Job]:
    futures: dict[str, Any] = {}
    for job in waiting:
        needed = [futures[one.digest] for one in job.needs() if one.digest in futures]
        futures[job.digest] = client.submit(
            _execute, job.model_dump(), str(folder.absolute()), dict(folders), needed, key=job.digest, priority=0
        )
    by_digest = {job.digest: job for job in waiting}
    return {future: by_digest[digest] for digest, future in futures.items()}


def _execute(job: dict[str, Any], folder: str, folders: dict[str, str], needed: list[Any]) -> dict[str, Any]:
    return execute_in(job, folder, folders)


def _ended(client: Any, futures: dict[Any, Job]) -> Iterator[tuple[Job, Any]]:
    from distributed import as_completed

    for future in as_completed(list(futures)):
        yield futures[future], future


@contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Any]:
    """A client of a cluster that runs, or of one that is started here and ended afterwards."""
    import dask
    from distributed import Client, LocalCluster

    settings = {"distributed.scheduler.allowed-failures": ATTEMPTS, "distributed.comm.timeouts.connect": "60s"}
    with dask.config.set(settings):
        if scheduler:
            with Client(scheduler) as client:
                yield client
            return
        # On the usual port, a second run on one machine would be warned of.
        quiet = {"silence_logs": 50, "dashboard_address": ":0"}
        with (
            LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, memory_limit=0, **quiet) as cluster,
            Client(cluster) as client,
        ):
            yield client
