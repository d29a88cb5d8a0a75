"""The largest memory of this process since some moment: resident, and on a GPU."""

from __future__ import annotations

from pathlib import Path

import torch

_CLEAR, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
_PEAK = "VmHWM:"


def start_watching() -> bool:
    """Forget the largest memory so far; False where the system cannot."""
    try:
        _CLEAR.write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def start_watching_gpu(device: str) -> None:
    """Forget the largest memory on a GPU so far; nothing where networks run on the processor."""
    if device != "cpu":
        torch.cuda.reset_peak_memory_stats(device)


def gpu_peak(device: str) -> int | None:
    """The most memory that tensors held on a GPU since then, in bytes."""
    return None if device == "cpu" else torch.cuda.max_memory_allocated(device)


def peak() -> int | None:
    """The largest resident memory since then, in bytes, where the system tells."""
    try:
        lines = _STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(_PEAK)), None)
