"""What will be run, and how long that takes here, predicted from a few steps of training.

The probe trains each network for a few steps and throws them away; nothing that the evaluation needs is trained by it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from prunelit.evaluation.accuracy import quality
from prunelit.evaluation.data.load import LabelledImages, Loaded
from prunelit.evaluation.devices import prepare
from prunelit.evaluation.execute import Folders, data_of
from prunelit.evaluation.jobs import Job, digest_of
from prunelit.evaluation.schemes import fresh
from prunelit.evaluation.store import Store
from prunelit.evaluation.training import Course, batches, optimizer_of, take_step

UNTIMED, TIMED = 2, 6
"""Steps that are not timed, and that are."""


@dataclass(frozen=True)
class Pace:
    """Processor seconds for an image that is trained on, and for one that is only answered."""

    training: float
    answering: float


@dataclass(frozen=True)
class Line:
    """Jobs of one kind: how many there are and are left, and the processor seconds that those take."""

    network: str
    data: str
    scheme: str
    jobs: int
    left: int
    seconds: float


def remaining_work(jobs: Sequence[Job], store: Store, folders: Folders) -> list[Line]:
    """What there is to do, by network, data and scheme."""
    paces: dict[str, Pace] = {}
    groups: dict[tuple[str, str, str], list[Job]] = {}
    for job in jobs:
        key = (job.network["name"], job.data["name"], scheme_of(job))
        groups.setdefault(key, []).append(job)
    lines = []
    for (network, data, scheme), members in groups.items():
        left = [job for job in members if not store.has(job.digest)]
        seconds = sum(predicted(job, data_of(job, folders), _pace(job, paces, folders)) for job in left)
        lines.append(Line(network, data, scheme, len(members), len(left), seconds))
    return lines


def scheme_of(job: Job) -> str:
    """What a job is called in lists: its scheme, or that it trains the unpruned network."""
    return "unpruned" if job.scheme is None else str(job.scheme["name"])


def predicted(job: Job, data: Loaded, pace: Pace) -> float:
    """Processor seconds that a job takes: an estimate, as Scratch-B's epochs are known only after pruning."""
    an_epoch = len(data.train) * pace.training * _smaller(job) + len(data.validation) * pace.answering
    return epochs_of(job) * an_epoch + (len(data.test) + 2 * len(data.validation)) * pace.answering


def epochs_of(job: Job) -> float:
    """How many epochs a job trains, for Scratch-B as many times more as the network becomes smaller."""
    if job.scheme is None:
        return float(job.training["epochs"] * (1 if job.until is None else job.until))
    name, epochs = job.scheme["name"], job.scheme["training"]["epochs"]
    if name == "none":
        return 0.0
    if name == "scratch_b":
        return float(epochs * min(job.ratio or 1, job.scheme.get("longest", float("inf"))))
    rewound = 1 - job.scheme.get("rewind_to", 0.0) if name.endswith("rewinding") else 1
    return float(epochs * job.scheme["rounds"] * rewound)


def _smaller(job: Job) -> float:
    """The share of the time of a step that is left when channels are gone."""
    without_channels = job.strategy is not None and job.strategy["unit"] == "channels"
    return 1 / (job.ratio or 1) if without_channels else 1.0


def _pace(job: Job, known: dict[str, Pace], folders: Folders) -> Pace:
    key = digest_of([job.network, job.data, job.training["batch_size"], job.threads, job.device])
    if key not in known:
        known[key] = probe(job, data_of(job, folders))
    return known[key]


def probe(job: Job, data: Loaded) -> Pace:
    """The pace of a job's network on this machine."""
    prepare(job.device, job.threads)
    network = fresh(job, data, "probe")
    optimizer = optimizer_of(network, job.training)
    seen, start = 0, 0.0
    for step, (images, labels) in enumerate(batches(data, Course(job.training, 1, 0), 0)):
        if step == UNTIMED:
            seen, start = 0, time.process_time()
        if step == UNTIMED + TIMED:
            break
        take_step(network.train(), optimizer, images, labels, job.training)
        seen += len(labels)
    training = (time.process_time() - start) / max(seen, 1)
    start = time.process_time()
    some = LabelledImages(data.validation.images[:500], data.validation.labels[:500])
    quality(network, data, some)
    return Pace(training, (time.process_time() - start) / len(some))
