"""Entries of vocabularies that nothing uses: which are told, and what counts as use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from audit_records import B, document, one, single, subjects
from prunelit import dataset
from prunelit.analysis.audit.rules.vocabulary import unused_vocabulary_entry
from prunelit.schema.corpus import Corpus
from prunelit.schema.usage import uses_of_names

RULE = "unused-vocabulary-entry"
USED = one("top1: 70.0", on="MNIST/ResNet-50", curve="method: ThiNet").replace("own", "rerun") + "venue: ICLR\n"


@pytest.fixture
def few(whole: Corpus) -> Callable[..., Corpus]:
    """Makes a corpus with one entry of each vocabulary, of records written in YAML."""

    def make(*texts: str) -> Corpus:
        kept = {"datasets": "MNIST", "architectures": "ResNet-50", "venues": "ICLR", "methods": "ThiNet"}
        parts = {part: tuple(entry for entry in whole.part(part) if entry.name == name) for part, name in kept.items()}
        papers = tuple(map(document, texts))
        bare = replace(whole, papers=tuple(one.value for one in papers), documents=papers, acknowledgements=())
        return replace(bare, corrections=(), exclusions=(), sweeps={}, shared={}, unpruned=(), **parts)  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(
    ("old", "new", "unused"),
    [
        ("MNIST", "MNIST", []),
        ("MNIST", "Set", ["dataset: MNIST"]),
        ("ResNet-50", "Net", ["architecture: ResNet-50"]),
        ("venue: ICLR", "venue: ICML", ["venue: ICLR"]),
        ("method: ThiNet", "method: Another", ["canonical_method: ThiNet"]),
        ("method: ThiNet", "canonical_method: ThiNet", []),
    ],
)
def test_an_entry_without_use_is_told(few: Callable[..., Corpus], old: str, new: str, unused: list[str]) -> None:
    assert subjects(RULE, few(USED.replace(old, new), B)) == unused


def test_uses_of_a_method_are_counted_by_record(few: Callable[..., Corpus]) -> None:
    corpus = few(USED.replace("method: ThiNet", "method: TN"), USED.replace("ada2015title", "bob2016title"))
    assert uses_of_names(corpus)["canonical_method", "ThiNet"] == 1


def test_a_single_record_is_not_blamed_for_the_vocabularies(few: Callable[..., Corpus]) -> None:
    corpus = few(B)
    assert subjects(RULE, corpus)
    assert list(unused_vocabulary_entry.check(single(B, corpus))) == []


def test_a_collection_is_not_blamed_for_what_others_use(few: Callable[..., Corpus]) -> None:
    assert list(unused_vocabulary_entry.check(dataset(few(B), collection="living"))) == []
