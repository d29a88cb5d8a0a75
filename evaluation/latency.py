"""How long a network takes for a batch of images, by torch and by onnxruntime.

A time is the median of many, with the quartiles beside it; on a GPU it ends when the GPU has the answer, and the images
are there before it begins.  On a busy machine wall time says nothing: a measurement during which the process did not
have its processors, or before which others used them or the GPU, is marked as such.
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

from prunelit.evaluation.devices import hardware, prepare
from prunelit.evaluation.environment import installed
from prunelit.evaluation.spec import Device

Engine = Literal["torch", "onnxruntime"]
ENGINES: dict[Device, tuple[Engine, ...]] = {"cpu": ("torch", "onnxruntime"), "cuda": ("torch",)}
"""What networks are timed by, on each device."""
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
    version: str | None
    """Version of the engine."""
    device: Device
    hardware: str
    """The processor or the GPU, by its name."""
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


def timing(
    network: nn.Module, shape: tuple[int, int, int], engine: Engine, batch: int, threads: int, device: Device = "cpu"
) -> Timing:
    """The time that a network takes for a batch.

    Args:
        network: The network, in the mode of evaluation.
        shape: Channels, rows and columns of an image.
        engine: What runs it.
        batch: Images at a time.
        threads: Threads of the engine.
        device: Where it runs; a GPU is for torch alone.
    """
    prepare(device, threads)
    images = torch.randn(batch, *shape, generator=torch.Generator().manual_seed(0)).to(device)
    answer = _ANSWERING[engine](network.to(device), images, threads)
    loaded = load_of_others() > MAX_LOAD or (device != "cpu" and gpu_load_of_others() > MAX_LOAD)
    times, share = _times(answer)
    lower, _, upper = quantiles(times, n=4)
    starved = threads == 1 and share < MIN_SHARE
    what = (engine, installed(engine), device, hardware(device), batch, threads)
    return Timing(*what, median(times), lower, upper, len(times), loaded or starved)


def load_of_others(seconds: float = 0.3) -> float:
    """The share of all processors that is in use while this process waits."""
    import psutil

    return float(psutil.cpu_percent(interval=seconds)) / 100


def gpu_load_of_others() -> float:
    """The share of the last second for which the GPU was in use, after one in which this process left it alone."""
    time.sleep(1)
    return float(torch.cuda.utilization()) / 100


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
    def answer() -> object:
        with torch.inference_mode():
            scores = network(images)
        if images.is_cuda:
            torch.cuda.synchronize()
        return scores

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
