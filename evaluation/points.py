"""The results of an evaluation as curves: for each network, strategy and scheme a point for each ratio."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from prunelit.evaluation.jobs import Job, digest_of
from prunelit.evaluation.results import Result
from prunelit.evaluation.store import Store


@dataclass(frozen=True)
class StrategyCurve:
    """One strategy under one scheme, with the results of all seeds for each ratio."""

    job: Job
    points: dict[float, list[Result]]


@dataclass(frozen=True)
class TrainedNetwork:
    """One network on one dataset, trained in one way: its unpruned results, and the curves that belong to them."""

    job: Job
    unpruned: list[Result]
    curves: list[StrategyCurve]


class UnfinishedError(Exception):
    """Raised when jobs of an evaluation have no result yet."""


def trained_networks(jobs: Sequence[Job], store: Store) -> list[TrainedNetwork]:
    """Everything that an evaluation found.

    Raises:
        UnfinishedError: if something is not finished.
    """
    results = {job.digest: store.result(job.digest) for job in jobs}
    left = sum(one is None for one in results.values())
    if left:
        raise UnfinishedError(f"{left} of {len(jobs)} jobs are not finished; run them with 'prunelit evaluate run'")
    found = [one for one in results.values() if one is not None and one.job.until is None]
    return [_pair(members) for members in _grouped(found, _pair_key)]


def _pair(members: list[Result]) -> TrainedNetwork:
    unpruned = [one for one in members if one.job.strategy is None]
    pruned = [one for one in members if one.job.strategy is not None and one.status != "impossible"]
    curves = [
        StrategyCurve(group[0].job, {ratio: list(found) for ratio, found in _by_ratio(group)})
        for group in _grouped(pruned, _curve_key)
    ]
    return TrainedNetwork(unpruned[0].job, sorted(unpruned, key=_seed), curves)


def _by_ratio(group: list[Result]) -> Iterator[tuple[float, list[Result]]]:
    for ratio in sorted({one.job.ratio or 1 for one in group}):
        yield ratio, sorted((one for one in group if one.job.ratio == ratio), key=_seed)


def _grouped(results: Sequence[Result], key: Any) -> list[list[Result]]:
    groups: dict[str, list[Result]] = {}
    for one in results:
        groups.setdefault(key(one), []).append(one)
    return list(groups.values())


def _pair_key(result: Result) -> str:
    return digest_of(result.job.model_dump(include={"data", "network", "training"}))


def _curve_key(result: Result) -> str:
    return digest_of(result.job.model_dump(include={"strategy", "scheme"}))


def _seed(result: Result) -> int:
    return result.job.seed
