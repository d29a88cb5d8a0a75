"""Accuracies that ShrinkBench divides by full batches, and the corrections that undo it.

ShrinkBench b244974 takes the mean over batches of the right answers divided by the batch size (experiment/train.py,
``run_epoch``), also for the last batch, which is smaller.  Of N images in batches of B, an accuracy is N / (B ⌈N / B⌉)
of the right one: 0.98892 for 10,000 images in batches of 128.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from prunelit.cli.entry.joining import Values
from prunelit.cli.entry.seeds import seed_experiments
from prunelit.cli.entry.shrinkbench import Run

TEST_IMAGES = {"MNIST": 10_000, "Fashion-MNIST": 10_000, "CIFAR-10": 10_000, "CIFAR-100": 10_000, "ImageNet": 50_000}
"""Images that ShrinkBench takes accuracies on, by dataset as records call it: of ImageNet those for validation."""
_QUANTITIES = ("top1", "top1_std", "top5", "base_top1", "base_top1_std", "base_top5")

NamedRun = tuple[str, str, Run]
"""A run with the names of its dataset and architecture."""


def share_counted(dataset: str, run: Run) -> Decimal | None:
    """What an accuracy of a run is, divided by the right one; 1 where it is right, None where that cannot be told.

    >>> from types import SimpleNamespace as of
    >>> round(share_counted("CIFAR-10", of(divides_rightly=False, params=of(batch_size=128), top1=0, top5=0)), 5)
    Decimal('0.98892')
    """
    images, batch = TEST_IMAGES.get(dataset), run.params.batch_size
    if run.divides_rightly:
        return Decimal(1)
    if images is None or batch is None:
        return None
    share = Decimal(images) / (batch * -(-images // batch))
    return share if max(run.top1, run.top5) <= share else None  # more than all images cannot be right


def missing_share(runs: Iterable[NamedRun]) -> tuple[list[Decimal], int]:
    """The shares below 1 that accuracies of runs are of the right ones, in their order, and how many runs tell none."""
    shares = [share_counted(dataset, run) for dataset, _, run in runs]
    return sorted({one for one in shares if one is not None and one != 1}), shares.count(None)


def offered(
    runs: Collection[NamedRun], folder: str, collection: str, own: Collection[str], paper: str, day: str
) -> list[Values]:
    """The corrections of what runs enter into a record, as ``corrections.yaml`` has them, none of them applied.

    Args:
        runs: The runs.
        folder: Where they come from.
        collection: The collection that they count in.
        own: The strategies that are the paper's own methods.
        paper: Id of the record.
        day: The date of the corrections.
    """
    entered, right = (seed_experiments(them, folder, collection, own) for them in (runs, map(_undivided, runs)))
    rest = {"reason": _REASON, "evidence": _EVIDENCE, "date": day, "status": "proposed"}
    return [
        {"paper": paper, "result": named, "field": name, "expect": one[name], "correct": other[name], **rest}
        for named, one, other in _pairs(entered, right)
        for name in _QUANTITIES
        if one.get(name) != other.get(name)
    ]


_REASON = "ShrinkBench divides by the size of a full batch in the last, smaller one, too."
_EVIDENCE = (
    "experiment/train.py of github.com/JJGO/shrinkbench, commit b244974: acc1.add(c1 / dl.batch_size). Undone by the "
    "size of the batches in params.json and the number of test images, run by run."
)


def _undivided(one: NamedRun) -> NamedRun:
    dataset, model, run = one
    share = share_counted(dataset, run) or Decimal(1)
    return dataset, model, replace(run, top1=run.top1 / share, top5=run.top5 / share)


def _pairs(entered: list[Any], right: list[Any]) -> Iterator[tuple[Values, Values, Values]]:
    """What names a result, what is entered of it and what is right; experiments and points stand in the same order."""
    for experiment, corrected in zip(entered, right, strict=True):
        named = {"dataset": experiment["dataset"], "architecture": experiment["architecture"]}
        yield named, experiment, corrected
        for curve, other in zip(experiment["curves"], corrected["curves"], strict=True):
            of_curve = {**named, **({"method": curve["method"]} if "method" in curve else {})}
            for point, right_point in zip(curve["points"], other["points"], strict=True):
                yield of_curve, point, right_point
