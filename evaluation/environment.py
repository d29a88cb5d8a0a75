"""What a result was made with: versions, processor, threads."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("prunelit", "torch", "torch-pruning", "numpy", "distributed", "onnxruntime", "scikit-learn")


def environment(threads: int, device: str = "cpu") -> dict[str, Any]:
    """Versions, processor and number of threads; the GPU, where networks run on one.

    The instruction set is part of it, since other sets add in another order.
    """
    import torch

    return {
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "processor": processor(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "threads": threads,
        **({"gpu": torch.cuda.get_device_name(device), "cuda": torch.version.cuda} if device != "cpu" else {}),
        "packages": {name: found for name in PACKAGES if (found := installed(name))},
    }


def processor() -> str:
    """The name of the processor.

    >>> bool(processor())
    True
    """
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def installed(package: str) -> str | None:
    """The version of a package, if it is there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
