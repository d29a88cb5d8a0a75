"""How long a network takes for a batch of images, by torch and by onnxruntime.

A time is the median of many, with the quartiles beside it.  On a busy machine wall time says nothing: a measurement
during which the process did not have its processors, or before which others used them, is marked as such.
"""

from __future__ import annotations

import io
import logging
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, Literal

import torch
from torch import nn

Engine = Literal["torch", "onnxruntime"]
WARMUP_RUNS, LEAST_RUNS, LEAST_SECONDS = 5, 20, 0.5
"""Runs that are not timed; how many are at least; how long they go on at least."""
MAX_LOAD = 0.2
"""Share of the processors that others may use before the machine counts as busy."""
MIN_SHARE = 0.9
"""Share of the wall time for which the process has to have had its processor."""


@dataclass(frozen=True)
class Timing:
    """Milliseconds for one batch, median and quartiles, and how they were measured."""

    engine: Engine
    batch_size: int
    threads: int
    milliseconds: float
    lower: float
    upper: float
    repetitions: int
    busy: bool

    @property
    def throughput(self) -> float:
        """Images in a second."""
        return 1000 * self.batch_size / self.milliseconds


def timing(network: nn.Module, shape: tuple[int, int, int], engine: Engine, batch: int, threads: int) -> Timing:
    """The time that a network takes for a batch.

    Args:
        network: The network, in the mode of evaluation.
        shape: Channels, rows and columns of an image.
        engine: What runs it.
        batch: Images at a time.
        threads: Threads of the engine.
    """
    images = torch.randn(batch, *shape, generator=torch.Generator().manual_seed(0))
    answer = _ANSWERING[engine](network, images, threads)
    loaded = load_of_others() > MAX_LOAD
    times, share = _times(answer)
    lower, _, upper = quantiles(times, n=4)
    starved = threads == 1 and share < MIN_SHARE
    return Timing(engine, batch, threads, median(times), lower, upper, len(times), loaded or starved)


def load_of_others(seconds: float = 0.3) -> float:
    """The share of all processors that is in use while this process waits."""
    import psutil

    return float(psutil.cpu_percent(interval=seconds)) / 100


def _times(answer: Callable[[], object]) -> tuple[list[float], float]:
    """Milliseconds of each call, and the share of the time for which the process had a processor."""
    for _ in range(WARMUP_RUNS):
        answer()
    times: list[float] = []
    begin, cpu = time.perf_counter(), time.process_time()
    while len(times) < LEAST_RUNS or time.perf_counter() - begin < LEAST_SECONDS:
        start = time.perf_counter()
        answer()
        times.append(1000 * (time.perf_counter() - start))
    return times, (time.process_time() - cpu) / (time.perf_counter() - begin)


def _by_torch(network: nn.Module, images: torch.Tensor, threads: int) -> Callable[[], object]:
    torch.set_num_threads(threads)

    def answer() -> object:
        with torch.inference_mode():
            return network(images)

    return answer


def _by_onnxruntime(network: nn.Module, images: torch.Tensor, threads: int) -> Callable[[], object]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(exported(network, images), options, providers=["CPUExecutionProvider"])
    name, pixels = session.get_inputs()[0].name, images.numpy()
    return lambda: session.run(None, {name: pixels})


_ANSWERING: dict[Engine, Callable[[nn.Module, torch.Tensor, int], Callable[[], object]]] = {
    "torch": _by_torch,
    "onnxruntime": _by_onnxruntime,
}


def exported(network: nn.Module, images: torch.Tensor) -> bytes:
    """The network in the format ONNX, for batches of this size."""
    exporter = logging.getLogger("torch.onnx")
    level = exporter.level
    exporter.setLevel(logging.ERROR)  # it tells of torchvision, which is not there
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")  # of what torch itself calls
            program: Any = torch.onnx.export(network, (images,), dynamo=True, verbose=False)
    finally:
        exporter.setLevel(level)
    return bytes(program.model_proto.SerializeToString())
