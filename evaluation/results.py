"""What a run leaves behind."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from prunelit.evaluation.jobs import Job

JobStatus = Literal["finished", "collapsed", "diverged", "impossible"]


class Sizes(BaseModel):
    """Counts of a network; those without zeros leave out what is pruned."""

    model_config = ConfigDict(frozen=True)

    parameters: int
    nonzero_parameters: int
    multiply_adds: int
    nonzero_multiply_adds: int


class Scored(BaseModel):
    """Accuracies in percent and mean loss over all images of a part; the loss is absent where it is no number."""

    model_config = ConfigDict(frozen=True)

    top1: float
    top5: float
    loss: float | None
    images: int


class Result(BaseModel):
    """The result of a job: what came out, how it went, and where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    job: Job
    status: JobStatus
    reason: str = ""
    """Why it is impossible, where it is."""
    test: Scored | None = None
    """At the last epoch, on the test set: nothing is selected on it."""
    validation: Scored | None = None
    after_pruning: Scored | None = None
    """On the validation set, before training went on."""
    unpruned: Sizes | None = None
    sizes: Sizes | None = None
    widths: list[int] = []
    network: dict[str, Any] = {}
    """The description of the network, channels that were removed aside: what reads its weights back."""
    epochs: list[dict[str, float | None]] = []
    """What is known after each epoch of the last training."""
    learning_rates: list[float] = []
    """The rate in each epoch of the last training."""
    epochs_after_pruning: int = 0
    bytes_on_disk: int | None = None
    compressed_bytes: int | None = None
    """All weights, zeros included, compressed by zlib."""
    peak_memory: int | None = None
    """Largest resident memory of the process while it ran the job, in bytes, where the system tells."""
    gpu_memory: int | None = None
    """Most memory that tensors held on the GPU while it ran the job, in bytes, where it ran on one."""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    training: str = ""
    """What was trained from random weights, and how: equal for equal networks, whichever job trained them."""
    same_as: str = ""
    """The job that trained the very same network, where this one did not have to."""
    environment: dict[str, Any] = {}
