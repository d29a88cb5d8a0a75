"""Conclusions of Liu et al. 2019: whether a pruned network needs the weights that it inherits.

The paper's own exception, unstructured pruning on ImageNet, is among the claims.  A network trained from scratch is
called no worse where it lies at most two standard errors below the fine-tuned one, or not below it where single runs
have no standard error.  Differences and their pooling are those of
:mod:`prunelit.analysis.compare.scratch_vs_finetuning`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from statistics import NormalDist
from typing import Any

import pandas as pd

from prunelit.analysis.claims.claim import Claim, stated_claim
from prunelit.analysis.compare.scratch_vs_finetuning import (
    AUTOMATIC,
    SCRATCH_COLLECTION,
    SINGLE,
    STRUCTURED,
    pooled_table,
)
from prunelit.analysis.dataset import SURVEY, Dataset

PAPER, COLLECTION = "liu2018rethinking", SCRATCH_COLLECTION
ALMOST_ALWAYS = 0.9
"""Share of networks that the words "almost always" are taken to cover."""
_SAID = {"scratch_e": "Scratch-E", "scratch_b": "Scratch-B"}
CIFAR, IMAGENET = ("CIFAR-10", "CIFAR-100"), ("ImageNet",)


def facts(dataset: Dataset) -> Dataset:
    """What the claims are computed from."""
    return dataset


def _pairs(dataset: Dataset) -> pd.DataFrame:
    """Training from scratch against fine-tuning, in the paper's tables."""
    table = dataset.scratch_vs_finetuning()
    table = table[table["paper_id"] == PAPER]
    return table.assign(no_worse=table["difference"] >= -2 * table["standard_error"].fillna(0))


def _points(dataset: Dataset) -> pd.DataFrame:
    """The results of the paper's tables."""
    table = dataset.of(COLLECTION).completed()
    return table[table["paper_id"] == PAPER]


def no_worse(
    dataset: Dataset, families: tuple[str, ...], datasets: tuple[str, ...], schemes: tuple[str, ...]
) -> Networks | None:
    """How many networks are no worse from scratch, in the better of the ways to train them."""
    rows = _of(dataset, families, datasets, schemes)
    best = rows.groupby(_NETWORK, dropna=False)["no_worse"].any()
    return Networks(int(best.sum()), len(best), _pooled(rows)) if len(best) else None


def worse(
    dataset: Dataset, families: tuple[str, ...], datasets: tuple[str, ...], schemes: tuple[str, ...]
) -> Networks | None:
    """How many networks are worse from scratch, whatever their standard error."""
    rows = _of(dataset, families, datasets, schemes)
    return Networks(int((rows["difference"] < 0).sum()), len(rows), _pooled(rows)) if len(rows) else None


def _of(
    dataset: Dataset, families: tuple[str, ...], datasets: tuple[str, ...], schemes: tuple[str, ...]
) -> pd.DataFrame:
    table = _pairs(dataset)
    asked = table["family"].isin(families) & table["dataset"].isin(datasets)
    return table[asked & table["training_scheme"].isin(schemes)]


_NETWORK = ["dataset", "architecture", "proposed_by", "pruned_model"]


@dataclass(frozen=True, slots=True)
class Networks:
    """A number of networks out of all, and what pooling their differences gives."""

    part: int
    whole: int
    pooled: str = ""

    @property
    def share(self) -> float:
        """The share, 0 to 1."""
        return self.part / self.whole

    def __str__(self) -> str:
        return f"{self.part} of {self.whole} networks" + (f"; {self.pooled}" if self.pooled else "")


def _pooled(rows: pd.DataFrame) -> str:
    """The pooled differences of one family as text: ``Scratch-B on CIFAR-10 +0.37 [−0.04, +0.78]``."""
    if rows["family"].nunique() != 1:
        return ""
    found = pooled_table(rows).dropna(subset=["low"]).itertuples()
    return "; ".join(f"{_SAID[str(one.training_scheme)]} on {one.dataset} {_interval(one)}" for one in found)


def _interval(one: Any) -> str:
    return f"{one.difference:+.2f} [{one.low:+.2f}, {one.high:+.2f}]".replace("-", "−")


def _almost_always(value: object) -> bool:
    return isinstance(value, Networks) and value.share >= ALMOST_ALWAYS


def _mostly(value: object) -> bool:
    return isinstance(value, Networks) and value.share > 0.5


def _unpruned_vgg(dataset: Dataset) -> str | None:
    """What the survey read in the paper of ThiNet."""
    rows = dataset.of(SURVEY).results()
    rows = rows.query("paper_id == 'luo2017thinet' and dataset == 'ImageNet' and architecture == 'VGG-16'")
    return ", ".join(f"{one:.2f}" for one in rows["base_top1"].dropna()) or None


def _pruned_channels(dataset: Dataset) -> str | None:
    table = dataset.of(COLLECTION).layer_widths().query("paper_id == @PAPER")
    if table.empty:
        return None
    return f"{1 - table['channels'].sum() / table['base_channels'].sum():.1%}"


@dataclass(frozen=True, slots=True)
class Gains:
    """How many networks are better than their unpruned one, and how many of those by chance would be."""

    networks: int
    better: int
    clearly: int
    with_error: int
    """Networks whose standard error is known; no other can be clearly better."""

    @property
    def expected(self) -> float:
        """Networks that would be better by more than two standard errors if none truly were: 2.3 % of them."""
        return self.with_error * (1 - NormalDist().cdf(2))

    def __str__(self) -> str:
        clearly = f"{self.clearly} of them by more than two standard errors ({self.expected:.1f} would be by chance)"
        return f"{self.better} of {self.networks} networks better, {clearly}"


def _better_than_unpruned(dataset: Dataset) -> Gains | None:
    """How far Scratch-B lies above the unpruned network on CIFAR-10, in standard errors of both means."""
    rows = _points(dataset).query("training_scheme == 'scratch_b' and dataset == 'CIFAR-10'")
    if rows.empty:
        return None
    error = ((rows["top1_std"] ** 2 + rows["base_top1_std"] ** 2) / rows["seeds"].astype("float64")) ** 0.5
    better = rows["top1_change"] > 0
    clearly = better & (rows["top1_change"] > 2 * error)
    return Gains(len(rows), int(better.sum()), int(clearly.sum()), int(error.notna().sum()))


def _sometimes(value: object) -> bool:
    """At least one network, and more of them than chance alone would give."""
    return isinstance(value, Gains) and value.clearly >= 1 and value.clearly > value.expected


README = "README of github.com/Eric-mingjie/rethinking-network-pruning"
_BOTH, LONGER = ("scratch_e", "scratch_b"), ("scratch_b",)
CLAIMS: tuple[Claim[Dataset], ...] = (
    Claim(
        "pruning methods that are compared",
        "first version; Tables 1 to 6",
        "6",
        lambda dataset: _pairs(dataset)["proposed_by"].nunique() or None,
        lambda value: value == 6,
    ),
    stated_claim(
        "structured pruning: trained from scratch, the pruned network is as good as fine-tuned, or better",
        README,
        "almost always",
        partial(no_worse, families=(STRUCTURED, AUTOMATIC), datasets=(*CIFAR, *IMAGENET), schemes=LONGER),
        _almost_always,
    ),
    stated_claim(
        "predefined targets: the network can be trained directly, without pruning a large one",
        README,
        "yes",
        partial(no_worse, families=(STRUCTURED,), datasets=(*CIFAR, *IMAGENET), schemes=LONGER),
        _almost_always,
    ),
    stated_claim(
        "automatic targets, structured: what pruning finds is an architecture; its weights are not needed",
        README,
        "in some cases",
        partial(no_worse, families=(AUTOMATIC,), datasets=(*CIFAR, *IMAGENET), schemes=LONGER),
        _almost_always,
    ),
    stated_claim(
        "unstructured pruning on CIFAR: from scratch as good as fine-tuned, or better, in one of the two ways",
        "Table 6",
        "yes",
        partial(no_worse, families=(SINGLE,), datasets=CIFAR, schemes=_BOTH),
        _almost_always,
    ),
    stated_claim(
        "the exception, unstructured pruning on ImageNet: Scratch-B is worse than fine-tuned",
        "Table 6",
        "mostly",
        partial(worse, families=(SINGLE,), datasets=IMAGENET, schemes=LONGER),
        _mostly,
    ),
    Claim(
        "unpruned accuracy of VGG-16 that the paper of ThiNet reports",
        "caption of Table 2",
        "71.03",
        _unpruned_vgg,
        lambda value: value == "71.03",
        "the survey's data holds 68.34 for it, and 72.88 for ResNet-50, where Table 2 sets out from 75.15; changes "
        "from those would make ThiNet better than Scratch-B in all four networks at hand, not worse, but ThiNet's own "
        "repository prints 71.50 and 75.30 by now",
    ),
    Claim(
        "channels that Network Slimming prunes from the VGG-16 of Table 8",
        "caption of Table 8",
        "40.0%",
        _pruned_channels,
        lambda value: value == "40.0%",
        "40 % of the channels are left: of 4224, the sum of the table's widths, 1689.2",
    ),
    stated_claim(
        "on CIFAR-10, Scratch-B is better than the unpruned network, with statistical significance",
        "an author in issue 9 of the repository",
        "sometimes",
        _better_than_unpruned,
        _sometimes,
    ),
    stated_claim(
        "architectures found by automatic pruning need fewer parameters for the same accuracy than uniform pruning",
        "Figures 3 and 5",
        "yes",
        reason="the figures are plots that no source at hand shows, and nobody has read numbers off them",
    ),
    stated_claim(
        "with the best learning rate, a winning ticket's initial weights are no better than random ones",
        README,
        "yes",
        reason="no source at hand prints the tables on lottery tickets",
    ),
)
"""What the paper concludes, in the order of its text."""
