"""Everything that an evaluation runs, each named by the digest of its full description.

A job says all that its result depends on: data, network, recipe, seed, strategy, scheme and ratio, number of threads,
and the version of the code that runs it.  Equal jobs have equal digests, so that nothing is run twice, whichever file
asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from typing import Any

from pydantic import BaseModel, ConfigDict

from prunelit.evaluation.combinations import is_run_on, suits
from prunelit.evaluation.presets import fine_tuning_of, plain_numbers, training_of
from prunelit.evaluation.spec import Data, Device, Evaluation, NetworkSpec, Scheme, Strategy
from prunelit.evaluation.strategies.catalogue import entry_of, scope_of

VERSION = 1
"""Raised whenever a change of the code changes results: what was run before is then run anew."""


FROM_NOTHING = ("reduced_network", "at_initialization", "during_training")
"""Schemes that start from random weights and never look at the trained network."""


class Job(BaseModel):
    """One run; without strategy it trains the unpruned network that all others of its seed start from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = VERSION
    data: dict[str, Any]
    network: dict[str, Any]
    training: dict[str, Any]
    seed: int
    threads: int
    strategy: dict[str, Any] | None = None
    scheme: dict[str, Any] | None = None
    ratio: float | None = None
    ratio_of: str = "parameters"
    prune_classifier: bool = False
    until: float | None = None
    """Share of the training after which it stops, for weights that others rewind to."""
    device: Device = "cpu"
    """Where it runs."""

    @property
    def digest(self) -> str:
        """The name of the job, of 32 hexadecimal digits."""
        return digest_of(self.described(*Job.model_fields))

    def described(self, *fields: str) -> dict[str, Any]:
        """What some fields say; of the device nothing where it is the processor, which goes without saying."""
        return self.model_dump(include=set(fields), exclude=None if self.device != "cpu" else {"device"})

    def needs(self) -> list[Job]:
        """The jobs whose networks this one starts from."""
        if self.scheme is None or self.scheme["name"] in FROM_NOTHING:
            return []
        early = [self.early()] if self.scheme["name"] == "weight_rewinding" else []
        return [self.unpruned(), *early]

    def early(self) -> Job:
        """The job that trains the unpruned network until the moment that is rewound to."""
        return self.unpruned().model_copy(update={"until": (self.scheme or {}).get("rewind_to", 0.0)})

    def unpruned(self) -> Job:
        """The job that trains the network which this one prunes."""
        kept = self.model_dump(include={"version", "data", "network", "training", "seed", "threads", "device"})
        return Job(**kept)


def digest_of(value: Any) -> str:
    """The digest of anything that JSON can hold; neither the order of keys nor spaces matter.

    >>> digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode()).hexdigest()[:32]


def jobs_of(evaluation: Evaluation) -> list[Job]:
    """All jobs of an evaluation, each once, unpruned networks before those that are pruned."""
    pruned = list(_pruned(evaluation))
    plain_networks = _unpruned(evaluation)
    needed = [one for job in pruned for one in (job.unpruned(), *job.needs())]
    by_digest = {job.digest: job for job in (*plain_networks, *needed, *pruned)}
    return sorted(by_digest.values(), key=lambda job: job.strategy is not None)


def _unpruned(evaluation: Evaluation) -> Iterator[Job]:
    pairs = [pair for pair in product(evaluation.data, evaluation.models) if is_run_on(*pair)]
    for (data, network), seed in product(pairs, evaluation.seeds):
        yield Job(
            data=_data(data),
            network=_network(network),
            training=training_of(evaluation),
            seed=seed,
            threads=evaluation.threads,
            device=evaluation.device,
        )


def _pruned(evaluation: Evaluation) -> Iterator[Job]:
    pairs = [pair for pair in product(evaluation.strategies, evaluation.schemes) if suits(*pair)]
    for base, (strategy, scheme), ratio in product(_unpruned(evaluation), pairs, evaluation.ratios):
        yield base.model_copy(
            update={
                "training": {**base.training, **_penalty(strategy)},
                "strategy": _strategy(strategy),
                "scheme": _scheme(evaluation, scheme),
                "ratio": float(ratio),
                "ratio_of": evaluation.ratio_of,
                "prune_classifier": evaluation.prune_classifier,
            }
        )


def _data(data: Data) -> dict[str, Any]:
    """What of the data matters for a result: not where its files are."""
    return {"name": data.name, "training_images": data.training_images, "validation": float(data.validation)}


def _network(network: NetworkSpec) -> dict[str, Any]:
    said = network.model_dump(exclude_none=True, exclude={"architecture", "only"})
    return {name: plain_numbers(value) for name, value in said.items()}


def _strategy(strategy: Strategy) -> dict[str, Any]:
    entry = entry_of(strategy)
    settings = {"name": strategy.name, "function": entry.function, "unit": entry.unit, "scope": scope_of(strategy)}
    pattern = {"pattern": entry.pattern} if entry.pattern else {}
    revision = {"revision": entry.revision} if entry.revision > 1 else {}
    return {**settings, "rounds": entry.rounds, **pattern, **revision, **_source(entry.function)}


def _penalty(strategy: Strategy) -> dict[str, float]:
    """The penalty that a strategy needs the unpruned network to be trained with."""
    penalty = entry_of(strategy).sparsity_penalty
    return {"sparsity_penalty": penalty} if penalty else {}


def _scheme(evaluation: Evaluation, scheme: Scheme) -> dict[str, Any]:
    said = scheme.model_dump(exclude_none=True, exclude={"training", "only"})
    return {
        **{name: plain_numbers(value) for name, value in said.items()},
        "training": fine_tuning_of(evaluation, scheme),
    }


def _source(function: str) -> dict[str, str]:
    """The digest of the text of somebody's own strategy: a changed function is another one."""
    from prunelit.evaluation.functions import source_of

    own = not function.startswith("prunelit.evaluation.")
    return {"source": sha256(source_of(function).encode()).hexdigest()[:16]} if own else {}
