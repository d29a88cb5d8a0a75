"""Numbers of another network: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, edge, one
from prunelit.schema.corpus import Corpus

BOB, CIA = "bob2016title", "cia2016title"


def mine(base: str, on: str = "Set/Net") -> str:
    """A record with a point, of an unpruned model like this."""
    return one("speedup: 2", base=base, on=on)


def by(paper: str, base: str, on: str = "Set/Net") -> str:
    """A record of an unpruned model alone."""
    return one(base=base, on=on, paper=paper)


def located(name: str, value: str, on: str = "CIFAR-10/VGG-16") -> str:
    """A record of one point with a locator."""
    return one(f"top1: 70.0, locator: {{{name}: {value}}}", on=on)


ON_SET = tuple(one("top1: 70.0", on="Set/Other", paper=f"cia{year}title") for year in range(2000, 2014))
EDGES = [
    edge("fits-another-network", "69.5", "69.6", mine("base_top1: @"),
         by(BOB, "base_top1: 76.0"), by(CIA, "base_top1: 70.0", "Other/Net")),
    edge("fits-another-network", "73.0", "72.9", mine("base_top1: @"),
         by(BOB, "base_top1: 76.0"), by(CIA, "base_top1: 73.2", "Other/Net")),
    edge("fits-another-network", "5.11M", "5.09M", mine("base_params: @"),
         by(BOB, "base_params: 10.0M"), by(CIA, "base_params: 5.0M", "Other/Net")),
    edge("fits-another-network", "7.1M", "6.9M", mine("base_params: @"),
         by(BOB, "base_params: 10.0M"), by(CIA, "base_params: 7.0M", "Other/Net")),
    edge("fits-another-network", "VGG-16", "ResNet-18", mine("base_top1: 30.0", "Set/ResNet-50"),
         by(BOB, "base_top1: 36.0", "Set/ResNet-50"), by(CIA, "base_top1: 30.0", "Set/@")),
    edge("fits-another-network", "Other", "Set", mine("base_top1: 30.0", "Set/ResNet-50"),
         by(BOB, "base_top1: 36.0", "Set/ResNet-50"), by(CIA, "base_top1: 30.0", "@/ResNet-18")),
    edge("fits-another-dataset", "77.5", "77.4", mine("base_top1: @"), by(BOB, "base_top1: 76.0", "Other/Net")),
    edge("fits-another-dataset", "74.5", "74.6", mine("base_top1: @"), by(BOB, "base_top1: 76.0", "Other/Net")),
    edge("fits-another-dataset", "77.5", "77.4", one("top1: @"), by(BOB, "base_top1: 76.0", "Other/Net")),
    edge("fits-another-dataset", "71.0", "71.1", one("top1: @"), by(BOB, "base_top1: 76.0", "Other/Net")),
    edge("fits-another-dataset", "5.0", "5.2", one("top5_error: @"), by(BOB, "base_top5: 93.4", "Other/Net")),
    edge("fits-another-dataset", "Set", "Third", mine("base_top1: 76.0"), by(BOB, "base_top1: 76.0", "Other/Net"),
         by(CIA, "base_top1: 75.0", "@/Net")),
    edge("network-unheard-of", "Else", "Net", one("top1: 70.0"), *ON_SET,
         one("top1: 70.0", on="Set/Other", paper="cia2014title"), one("top1: 70.0", on="Other/Net", paper=BOB),
         one("top1: 70.0", on="Other/@", paper=CIA)),
    edge("network-unheard-of", "Else", "Set", one("top1: 70.0"), *ON_SET,
         one("top1: 70.0", on="@/Other", paper="cia2014title"), one("top1: 70.0", on="Other/Net", paper=BOB),
         one("top1: 70.0", on="Other/Net", paper=CIA)),
    edge("network-unheard-of", "Set", "Other", one("top1: 70.0"), *ON_SET,
         one("top1: 70.0", on="Set/Other", paper="cia2014title"), one("top1: 70.0", on="Other/Net", paper=BOB),
         one("top1: 70.0", on="@/Net", paper=CIA)),
    edge("size-of-another-magnitude", "316M", "317M", one("params: @"), by(BOB, "base_params: 10.0M")),
    edge("size-of-another-magnitude", "31.6G", "31.7G", one("flops: @"), by(BOB, "base_flops: 1.00G")),
    edge("size-of-another-magnitude", "317K", "316K", mine("base_params: @"), by(BOB, "base_params: 10.0M")),
    edge("size-of-another-magnitude", "params: 1K", "params: 1B", one("@"), by(BOB, "base_params: 10.0M")),
    edge("place-names-another-network", "cifar10/log.csv", "cifar100/log.csv", located("path", "@")),
    edge("place-names-another-network", "vgg16_bn.csv", "vgg19.csv", located("path", "@")),
    edge("place-names-another-network", "results.csv", "resnet50.csv", located("table: 1, row", "@")),
    edge("place-names-another-network", "vgg16 and resnet50", "resnet50", located("table: 1, column", "@")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]
