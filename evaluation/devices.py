"""Where networks run: the processor, or a GPU by CUDA."""

from __future__ import annotations

import os

import torch

from prunelit.evaluation.environment import processor
from prunelit.evaluation.spec import Device


def prepare(device: Device, threads: int) -> None:
    """Let this process compute in one way alone.

    On a GPU the library of matrix products needs a workspace of its own for that, and TF32, which drops digits of
    products, is not used: single precision means it.
    """
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    if device != "cpu":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False


def hardware(device: Device) -> str:
    """The name of the processor or the GPU."""
    return processor() if device == "cpu" else torch.cuda.get_device_name(device)


def is_there(device: Device) -> bool:
    """Whether torch can use a device here."""
    return device == "cpu" or torch.cuda.is_available()
