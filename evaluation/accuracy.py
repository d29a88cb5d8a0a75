"""Top-1 and top-5 accuracy over a whole set, the same at any batch size.

ShrinkBench divides by a full batch even for the last, smaller one, so that a perfect network has 98.892 % of 10,000
images at batches of 128 (experiment/train.py:192); here right answers are counted and divided once.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from prunelit.evaluation.counting import evaluating
from prunelit.evaluation.data.load import LabelledImages, Loaded

BATCH = 500


@dataclass(frozen=True)
class Quality:
    """How good a network is on a set of images; accuracies are in percent."""

    top1: float
    top5: float
    loss: float
    images: int
    classes_given: int
    """How many classes are the first guess for some image: a network that gives one class for all has collapsed."""


def quality(network: nn.Module, data: Loaded, part: LabelledImages, batch: int = BATCH) -> Quality:
    """Accuracy and mean loss of a network over all images of a part.

    An image whose scores are no numbers counts as answered wrongly.
    """
    first = among_five = 0
    loss = 0.0
    given: set[int] = set()
    with evaluating(network), torch.no_grad():
        for at in torch.arange(len(part)).split(batch):
            images, labels = data.ready(*part.batch(at))
            scores = network(images)
            loss += float(nn.functional.cross_entropy(scores, labels, reduction="sum"))
            ranked = _ranked(scores)
            first += int((ranked[:, 0] == labels).sum())
            among_five += int((ranked == labels[:, None]).sum())
            given.update(ranked[:, 0].unique().tolist())
    number = len(part)
    return Quality(100 * first / number, 100 * among_five / number, loss / number, number, len(given))


def _ranked(scores: Tensor) -> Tensor:
    """The five first guesses for each image, -1 where the scores are no numbers."""
    guesses = scores.topk(min(5, scores.shape[1]), dim=1).indices
    return guesses.masked_fill(~scores.isfinite().all(dim=1, keepdim=True), -1)
