"""How papers count operations: where each rule of the audit begins, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, Told, edge, experiment, one, sayings, told
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import UnprunedModel, UnprunedSource

KNOWN = {"VGG-16": "10G", "ResNet-50": "4G"}
"""Multiply-adds of the networks on ImageNet, as round numbers."""


@pytest.fixture(scope="module")
def counting(corpus_of: Callable[..., Corpus]) -> Callable[..., Corpus]:
    """Makes a corpus of records, with reference models that have round numbers."""
    models = [UnprunedModel.model_validate({"architecture": name, "flops": flops}) for name, flops in KNOWN.items()]
    table = UnprunedSource(name="table", title="Table", dataset="ImageNet", reference=True, models=tuple(models))
    return lambda *records: corpus_of(*records, unpruned=(table,))


ON_VGG = "ImageNet/VGG-16"
EDGES = [
    *(
        edge("neither-once-nor-twice", quiet, loud,
             one("speedup: 2", base=f"base_flops: @G, flop_convention: {convention}", on=ON_VGG))
        for convention, quiet, loud in (
            ("multiply_adds", "11.5", "11.6"),
            ("multiply_adds", "8.5", "8.4"),
            ("multiplies_and_adds", "23.0", "23.1"),
            ("multiplies_and_adds", "17.0", "16.9"),
        )
    ),
    edge("neither-once-nor-twice", "11.5", "11.6", one("speedup: 2", base="base_flops: @G", on=ON_VGG)),
    edge("neither-once-nor-twice", "17.0", "16.9", one("speedup: 2", base="base_flops: @G", on=ON_VGG)),
    edge("neither-once-nor-twice", "ResNet-56", "VGG-16",
         one("speedup: 2", base="base_flops: 1G, flop_convention: multiply_adds", on="ImageNet/@")),
    edge("neither-once-nor-twice", "CIFAR-10", "ImageNet", one("speedup: 2", base="base_flops: 1G", on="@/VGG-16")),
    edge("neither-once-nor-twice", ", sweep: true", "",
         one("speedup: 2", base="base_flops: 1G", on=ON_VGG).replace("origin: own", "origin: own@")),
    edge("twice-the-multiply-adds", "16.9", "17.0", one("speedup: 2", base="base_flops: @G", on=ON_VGG)),
    edge("twice-the-multiply-adds", "20G\n    flop_convention: multiplies_and_adds", "20G",
         one("speedup: 2", base="base_flops: @", on=ON_VGG)),
    edge("mixed-conventions", "multiplies_and_adds", "multiply_adds",
         one("speedup: 2", base="base_flops: 20G", on=ON_VGG)
         + experiment("speedup: 2", base="base_flops: 9G, flop_convention: @", on="Set/Net", first=2)),
    edge("mixed-conventions", "10G", "20G", one("speedup: 2", base="base_flops: @", on=ON_VGG)
         + experiment("speedup: 2", base="base_flops: 4G", on="ImageNet/ResNet-50", first=2)),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, counting: Callable[..., Corpus]) -> None:
    assert edge.found(counting) == [False, True]


TOLD = [
    told(
        "twice-the-multiply-adds",
        """
        ada2015title, experiments 0 base_flops, base_flops of VGG-16 on ImageNet: 2.1e+10: @
        ada2015title, experiments 1 base_flops, base_flops of VGG-16 on ImageNet: 2.1e+10: @
        """.replace("@", "2.10 times the known 1e+10 multiply-adds"),
        one("speedup: 2", "speedup: 3", base="base_flops: 21G", on=ON_VGG)
        + experiment("speedup: 2", base="base_flops: 21G", on=ON_VGG, first=3),
    ),
    told(
        "neither-once-nor-twice",
        """
        ada2015title, experiments 1 base_flops, base_flops of VGG-16 on ImageNet: 1.3e+10: @
        ada2015title, experiments 2 base_flops, base_flops of VGG-16 on ImageNet: 2.6e+10: @
        """.replace("@", "1.30 times the known 1e+10 multiply-adds"),
        one("speedup: 2", on=ON_VGG) + experiment("speedup: 2", base="base_flops: 13G", on=ON_VGG, first=2)
        + experiment("speedup: 2", base="base_flops: 26G, flop_convention: multiplies_and_adds", on=ON_VGG, first=3),
    ),
    told(
        "mixed-conventions",
        "ada2015title, experiments, base_flops: ResNet-50: multiply_adds, VGG-16: multiplies_and_adds",
        one("speedup: 2", base="base_flops: 10G", on=ON_VGG, paper="bob2016title"),
        one("speedup: 2", base="base_flops: 20G", on=ON_VGG)
        + experiment("speedup: 2", base="base_flops: 4G", on="ImageNet/ResNet-50", first=2)
        + experiment("speedup: 2", base="base_flops: 9G", on="Set/Net", first=3),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, counting: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, counting(*told.records)) == told.lines
