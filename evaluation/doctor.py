"""What is installed for the evaluation, what is missing, and how to install it without three gigabytes of CUDA.

Nothing here imports torch unless it is there.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

from prunelit.evaluation.data.places import installed_datasets
from prunelit.evaluation.environment import installed

NEEDED = ("torch", "torch-pruning", "scikit-learn", "distributed", "filelock")
FOR_LATENCY = ("onnx", "onnxscript", "onnxruntime", "psutil")
FOR_GPU = ("nvidia-ml-py",)
SELECTOR = "https://pytorch.org/get-started/locally/"
COMMAND = f"pip install torch -i ADDRESS   # the address that {SELECTOR} shows for 'CPU'"


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at: whether it is in order, and what to do if not."""

    level: Literal["ok", "note", "missing"]
    what: str


def diagnoses() -> list[Diagnosis]:
    """Everything that was looked at."""
    return [*_packages(NEEDED, "missing"), *_packages(FOR_LATENCY, "note"), *_torch(), *_data()]


def is_ready() -> bool:
    """Whether evaluations can be run."""
    return all(installed(name) for name in NEEDED)


def _packages(names: tuple[str, ...], level: Literal["note", "missing"]) -> list[Diagnosis]:
    found = {name: installed(name) for name in names}
    use = "" if level == "missing" else " (for 'latency' alone)"
    return [
        Diagnosis("ok", f"{name} {version}") if version else Diagnosis(level, f"{name} is not installed{use}")
        for name, version in found.items()
    ]


def _torch() -> list[Diagnosis]:
    if installed("torch") is None:
        return [
            Diagnosis("note", "on Linux a plain 'pip install torch' brings some 3 GB for CUDA; without a GPU:"),
            Diagnosis("note", COMMAND),
            Diagnosis("note", "pip install 'prunelit[evaluation]'   # afterwards: it takes the torch that is there"),
        ]
    import torch

    if torch.version.cuda and not torch.cuda.is_available():
        told = f"this torch is built for CUDA {torch.version.cuda}, and there is no GPU: 3 GB could be saved by"
        return [Diagnosis("note", told), Diagnosis("note", COMMAND)]
    kind = f"CUDA {torch.version.cuda}" if torch.version.cuda else "the processor alone"
    instructions = torch.backends.cpu.get_cpu_capability()
    told = f"torch is built for {kind}, and uses {instructions} on Python {sys.version.split()[0]}"
    return [Diagnosis("ok", told), *(_gpu() if torch.cuda.is_available() else [])]


def _gpu() -> list[Diagnosis]:
    """The GPU, and whether it can be told when others use it."""
    import torch

    name = Diagnosis(
        "ok", f"GPU: {torch.cuda.get_device_name()} ('device: cuda' in a specification runs networks on it)"
    )
    return [name, *_packages(FOR_GPU, "note")]


def _data() -> list[Diagnosis]:
    return [Diagnosis("ok" if there else "note", f"{name}: {told}") for name, there, told in installed_datasets()]
