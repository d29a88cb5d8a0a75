"""The recipes of four papers, each value with the file and line, or the page, that states it.

A preset holds what its source states and nothing else; :data:`DEFAULTS` fills in what neither it nor the specification
says.  Steps are shares of the epochs, rounded to whole epochs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from prunelit.evaluation.spec import Evaluation, Scheme, Training

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Preset:
    """The recipe of one paper."""

    paper: str
    training: Settings
    fine_tuning: Settings
    sources: Mapping[str, str] = field(default_factory=dict)


def _steps(*shares: str) -> list[float]:
    return [float(Decimal(one)) for one in shares]


DEFAULTS: Settings = {
    "batch_size": 128,
    "optimizer": "sgd",
    "momentum": 0.9,
    "nesterov": False,
    "weight_decay": 0.0,
    "schedule": "constant",
    "steps": [],
    "factor": 0.1,
    "augmentation": "none",
    "sparsity_penalty": 0.0,
}
"""What neither specification nor preset says; epochs and learning rate have to be said."""

_LIU = "Eric-mingjie/rethinking-network-pruning 2ac473d, cifar/l1-norm-pruning"
_CROWLEY = "BayesWatch/pytorch-prunes bc85a5c"
_SHRINKBENCH = "JJGO/shrinkbench b244974"

REQUIRED = ("epochs", "learning_rate")

PRESETS: Mapping[str, Preset] = {
    "shrinkbench": Preset(
        paper="blalock2020state",
        training={
            "epochs": 30,
            "batch_size": 128,
            "optimizer": "sgd",
            "learning_rate": 0.001,
            "momentum": 0.9,
            "nesterov": True,
            "schedule": "constant",
            "augmentation": "crop_flip",
        },
        fine_tuning={"epochs": 30, "learning_rate": 0.001},
        sources={
            "epochs": f"{_SHRINKBENCH}, experiment/train.py:27-30",
            "batch_size": f"{_SHRINKBENCH}, experiment/train.py:22",
            "optimizer": f"{_SHRINKBENCH}, experiment/train.py:27",
            "learning_rate": f"{_SHRINKBENCH}, experiment/train.py:29",
            "momentum": f"{_SHRINKBENCH}, experiment/train.py:101",
            "nesterov": f"{_SHRINKBENCH}, experiment/train.py:101",
            "augmentation": f"{_SHRINKBENCH}, datasets/datasets.py:101, for CIFAR",
            "schedule": f"{_SHRINKBENCH}, experiment/train.py:145-156, where no rate changes",
            "fine_tuning": f"{_SHRINKBENCH}, experiment/prune.py:10, which inherits the settings of training",
        },
    ),
    "liu2019": Preset(
        paper="liu2018rethinking",
        training={
            "epochs": 160,
            "batch_size": 64,
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "momentum": 0.9,
            "weight_decay": 0.0001,
            "schedule": "steps",
            "steps": _steps("0.5", "0.75"),
            "factor": 0.1,
            "augmentation": "crop_flip",
        },
        fine_tuning={"epochs": 40, "learning_rate": 0.001, "schedule": "constant"},
        sources={
            "epochs": f"{_LIU}/main.py:25",
            "batch_size": f"{_LIU}/main.py:21",
            "optimizer": f"{_LIU}/main.py:101",
            "learning_rate": f"{_LIU}/main.py:29",
            "momentum": f"{_LIU}/main.py:31",
            "weight_decay": f"{_LIU}/main.py:33",
            "schedule": f"{_LIU}/main.py:163-165",
            "augmentation": f"{_LIU}/main.py:65-67",
            "fine_tuning": f"{_LIU}/main_finetune.py:27,31",
            "scratch_e": f"{_LIU}/main_E.py:27",
            "scratch_b": f"{_LIU}/main_B.py:109",
        },
    ),
    "crowley2018": Preset(
        paper="crowley2018closer",
        training={
            "epochs": 200,
            "batch_size": 128,
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "momentum": 0.9,
            "weight_decay": 0.0005,
            "schedule": "steps",
            "steps": _steps("0.3", "0.6", "0.8"),
            "factor": 0.2,
            "augmentation": "crop_flip",
        },
        fine_tuning={"learning_rate": 0.0008, "schedule": "constant"},
        sources={
            "epochs": f"{_CROWLEY}, train.py:26",
            "batch_size": f"{_CROWLEY}, train.py:24",
            "optimizer": f"{_CROWLEY}, train.py:246",
            "learning_rate": f"{_CROWLEY}, train.py:25",
            "momentum": f"{_CROWLEY}, train.py:29",
            "weight_decay": f"{_CROWLEY}, train.py:30",
            "schedule": f"{_CROWLEY}, train.py:27-28,248: epochs 60, 120 and 160 of 200",
            "augmentation": f"{_CROWLEY}, train.py:101-107, which pads with reflections",
            "fine_tuning": f"{_CROWLEY}, prune.py:25; it has no number of epochs after pruning",
        },
    ),
    "wang2023": Preset(
        paper="wang2023why",
        training={
            "epochs": 120,
            "learning_rate": 0.1,
            "schedule": "steps",
            "steps": _steps("0.25", "0.5", "0.75", "0.875"),
            "factor": 0.1,
        },
        fine_tuning={
            "epochs": 90,
            "learning_rate": 0.01,
            "schedule": "steps",
            "steps": _steps("0.3333", "0.6667", "0.8333"),
            "factor": 0.1,
        },
        sources={
            "epochs": "arXiv:2301.05219, Table 4 and appendix A: 120 epochs, for training from scratch",
            "learning_rate": "arXiv:2301.05219, Table 4 and appendix A",
            "schedule": "arXiv:2301.05219, Table 4 and appendix A: epochs 30, 60, 90 and 105 of 120",
            "fine_tuning": "arXiv:2301.05219, appendix A: 0:1e-2, 30:1e-3, 60:1e-4, 75:1e-5, total epochs 90",
        },
    ),
}


def training_of(evaluation: Evaluation) -> dict[str, Any]:
    """The complete recipe of unpruned networks.

    Raises:
        KeyError: if nothing says for how many epochs, or at which learning rate.
    """
    preset = PRESETS[evaluation.preset].training if evaluation.preset else {}
    return _complete(DEFAULTS, preset, stated_settings(evaluation.training))


def fine_tuning_of(evaluation: Evaluation, scheme: Scheme) -> dict[str, Any]:
    """The complete recipe after pruning under a scheme: the rest is as for unpruned networks."""
    preset = PRESETS[evaluation.preset] if evaluation.preset else None
    base = {**DEFAULTS, **(preset.training if preset else {}), **stated_settings(evaluation.training)}
    if scheme.name == "fine_tuned":  # how long and at which rate has to be said: as for training would be a guess
        base = {name: value for name, value in base.items() if name not in REQUIRED}
    said = [
        preset.fine_tuning if preset else {},
        stated_settings(evaluation.fine_tuning),
        stated_settings(scheme.training),
    ]
    if inherits_epochs(scheme):
        said = [stated_settings(scheme.training)]
    return _complete(base, *said)


def inherits_epochs(scheme: Scheme) -> bool:
    """Whether a scheme trains as long as the unpruned network rather than fine-tunes."""
    return scheme.name not in ("fine_tuned", "none")


def stated_settings(training: Training | None) -> dict[str, Any]:
    """What a part of the specification says, in plain numbers."""
    said = training.model_dump(exclude_none=True) if training else {}
    return {name: plain_numbers(value) for name, value in said.items()}


def plain_numbers(value: Any) -> Any:
    """Decimals as floating-point numbers, sequences as lists."""
    if isinstance(value, Decimal):
        return float(value)
    return [plain_numbers(one) for one in value] if isinstance(value, list | tuple) else value


def preset_differences(evaluation: Evaluation) -> dict[str, Any]:
    """What the specification changes about its preset."""
    if evaluation.preset is None:
        return {}
    said = stated_settings(evaluation.training)
    return {name: value for name, value in said.items() if PRESETS[evaluation.preset].training.get(name) != value}


def _complete(*layers: Settings) -> dict[str, Any]:
    merged = {name: value for layer in layers for name, value in layer.items()}
    for name in REQUIRED:
        if name not in merged:
            raise KeyError(name)
    return merged
