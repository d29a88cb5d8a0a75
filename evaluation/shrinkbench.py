"""Results in the files of ShrinkBench, so that tools for them go on working.

Each run has a folder with ``params.json``, ``metrics.json`` and ``logs.csv``, as ShrinkBench b244974 writes them
(experiment/base.py:44-50, experiment/prune.py:53-89, util/csvlogger.py).  What ShrinkBench calls validation is its test
set, on which its users select epochs; here it is the validation set, and the accuracy on the test set stands beside it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from prunelit.evaluation.results import Result

SHRINKBENCH_NAMES = {
    ("random", "global"): "RandomPruning",
    ("magnitude", "global"): "GlobalMagWeight",
    ("magnitude", "layerwise"): "LayerMagWeight",
    ("weight_gradient", "global"): "GlobalMagGrad",
    ("weight_gradient", "layerwise"): "LayerMagGrad",
    ("activation", "global"): "GlobalMagAct",
    ("activation", "layerwise"): "LayerMagAct",
}
"""What ShrinkBench calls strategies that it has too."""
LOG_COLUMNS = (
    "epoch", "timestamp", "train_loss", "train_acc1", "train_acc5", "val_loss", "val_acc1", "val_acc5",
)  # fmt: skip


def shrinkbench_files(results: Sequence[Result]) -> Iterator[tuple[Path, str]]:
    """The text of each file, by its place in the folder of results."""
    for one in results:
        if one.job.strategy is not None and one.sizes is not None and one.after_pruning is not None:
            folder = Path(one.digest)
            yield folder / "params.json", _params(one)
            yield folder / "metrics.json", json.dumps(_metrics(one), indent=4)
            yield folder / "logs.csv", _logs(one)


def _params(result: Result) -> str:
    job = result.job
    strategy, scheme = job.strategy or {}, job.scheme or {}
    recipe = {**scheme["training"], "epochs": len(result.epochs)}
    params = {
        "dataset": job.data["name"].replace("-", ""),
        "model": job.network["name"],
        "strategy": SHRINKBENCH_NAMES.get(
            (strategy["name"], strategy["scope"]), f"{strategy['name']}-{strategy['scope']}"
        ),
        "compression": job.ratio,
        "seed": job.seed,
        "path": None,
        "dl_kwargs": {"batch_size": recipe["batch_size"]},
        "train_kwargs": {"optim": recipe["optimizer"].upper(), "lr": recipe["learning_rate"], **recipe},
        "pretrained": False,
        "scheme": scheme["name"],
    }
    return json.dumps({"experiment": repr("PruningExperiment"), "params": repr(params)}, indent=4)


def _metrics(result: Result) -> dict[str, Any]:
    before, after, found, test = result.unpruned, result.sizes, result.after_pruning, result.test
    assert before is not None
    assert after is not None
    assert found is not None
    return {
        "size": before.parameters,
        "size_nz": after.nonzero_parameters,
        "compression_ratio": before.parameters / after.nonzero_parameters,
        "flops": before.multiply_adds,
        "flops_nz": after.nonzero_multiply_adds,
        "theoretical_speedup": before.multiply_adds / after.nonzero_multiply_adds,
        "loss": found.loss,
        "val_acc1": found.top1 / 100,
        "val_acc5": found.top5 / 100,
        "test_acc1": test.top1 / 100 if test else None,
        "test_acc5": test.top5 / 100 if test else None,
    }


def _logs(result: Result) -> str:
    found = result.after_pruning
    assert found is not None
    rows: list[dict[str, Any]] = [
        {"epoch": -1, "val_loss": found.loss, "val_acc1": found.top1 / 100, "val_acc5": found.top5 / 100}
    ]
    for at, one in enumerate(result.epochs):
        shares = {
            "train_acc1": one["train_top1"],
            "val_acc1": one["validation_top1"],
            "val_acc5": one["validation_top5"],
        }
        losses = {"train_loss": one["train_loss"], "val_loss": one["validation_loss"]}
        rows.append({"epoch": at, **losses, **{name: (value or 0) / 100 for name, value in shares.items()}})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, LOG_COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
