"""Does each rule find its fault and nothing else, and has somebody looked at every finding of the corpus?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd
import pytest

import prunelit
from prunelit import Dataset, audit, dataset
from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.engine import AUDIT_RULES, STALE, findings
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Acknowledgement, Acknowledgements, Correction
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document, read_bytes
from prunelit.schema.vocabulary import UnprunedModel, UnprunedSource

BY_NAME = {rule.name: rule for rule in AUDIT_RULES}
USUAL = {
    "schema_version": "2",
    "title": "Title of {id}",
    "authors": '["Lovelace, Ada"]',
    "published": "{{year: 2015, month: 6}}",
    "collections": "[blalock2020-notes]",
}
"""What a record says unless its text does; this collection does not pad its numbers."""


def document(text: str) -> Document[Paper]:
    """A record as it is read from a file, with something for every other key that must be there."""
    paper = re.search(r"^id: (\S+)", text, re.MULTILINE)
    assert paper
    rest = (f"{key}: {value.format(id=paper[1])}" for key, value in USUAL.items() if f"\n{key}:" not in f"\n{text}")
    lines = text.strip() + "\n" + "\n".join(rest) + "\n"
    read, problems = read_bytes(lines.encode(), Paper, f"corpus/papers/{paper[1]}.yaml")
    assert read, [str(problem) for problem in problems]
    return read


@pytest.fixture(scope="module")
def corpus_of(whole: Corpus) -> Callable[..., Corpus]:
    """Makes a corpus of records written in YAML, with the vocabularies and reference models that ship."""

    def make(*texts: str, **parts: object) -> Corpus:
        documents = tuple(map(document, texts))
        empty: dict[str, Any] = {
            "corrections": (),
            "acknowledgements": (),
            "exclusions": (),
            "sweeps": {},
            "shared": {},
        }
        papers = tuple(one.value for one in documents)
        return replace(whole, papers=papers, documents=documents, **{**empty, **parts})

    return make


def one(*points: str, base: str = "", on: str = "Set/Net", paper: str = "ada2015title", curve: str = "") -> str:
    """A record with one experiment; its points are rows 1, 2, … of the survey."""
    return f"id: {paper}\nexperiments:\n{experiment(*points, base=base, on=on, curve=curve)}"


def experiment(*points: str, base: str = "", on: str = "Set/Net", curve: str = "", first: int = 1) -> str:
    """An experiment of a record: quantities of the unpruned model, and points of one curve."""
    dataset, architecture = on.split("/")
    lines = ["collections: [blalock2020-notes]", *filter(None, base.split(", "))]
    lines += [f"dataset: {dataset}"] * bool(dataset) + [f"architecture: {architecture}"] * bool(architecture)
    if points:
        rows = ", ".join(f"{{survey_row: {row}, {point}}}" for row, point in enumerate(points, first))
        lines += [f"curves: [{{origin: own, {curve + ', ' if curve else ''}points: [{rows}]}}]"]
    return "  - " + "\n    ".join(lines) + "\n"


class Case(NamedTuple):
    """Records with one fault: what the rule calls it, and a change of the text that mends it."""

    subject: str
    records: tuple[str, ...]
    mend: tuple[str, str]


def case(subject: str, *records: str, mend: tuple[str, str]) -> Case:
    return Case(subject, records, mend)


FOUR = [one(base=f"base_top1: {top1}, survey_row: 1", paper=f"p{top1[-1]}2015") for top1 in ("76.1", "76.2", "76.3")]
PERPLEXITY = "base_metrics: [{metric: perplexity@ value:"
"""An unpruned model's metric in the notation of :func:`one`, with an at sign for each comma."""
A, B = "id: ada2015title\n", "id: bob2016title\n"

CASES = {
    "compares-to-the-future": case(
        "compares_to: bob2016title", A + "compares_to: [bob2016title]", B + "published: {year: 2016}",
        mend=("{year: 2016}", "{year: 2015}"),
    ),
    "compares-to-a-preprint": case(
        "compares_to: bob2016title", A + "compares_to: [bob2016title]",
        B + 'published: {year: 2016}\nidentifiers: {arxiv: "1501.00001"}',
        mend=("{year: 2016}", "{year: 2015}"),
    ),
    "papers-compare-to-each-other": case(
        "compares_to: ada2015title", A + "compares_to: [bob2016title]", B + "compares_to: [ada2015title]",
        mend=("compares_to: [ada2015title]", ""),
    ),
    "uses-a-later-architecture": case(
        "row 1: architecture", one(base="survey_row: 1", on="ImageNet/ResNet-50"), mend=("ResNet-50", "VGG-16"),
    ),
    "posted-at-publication": case(
        "published", A + 'venue: ICLR\nidentifiers: {arxiv: "1506.00001"}', mend=("1506", "1505"),
    ),
    "preprint-dated-otherwise": case(
        "published: 2015-06", A + 'venue: arXiv\nidentifiers: {arxiv: "1505.00001"}', mend=("1505", "1506"),
    ),
    "conference-in-several-months": case(
        "ICLR 2015: months 6, 7",
        A + "venue: ICLR\ncitation: {type: inproceedings, year: 2015}",
        B + "venue: ICLR\ncitation: {type: inproceedings, year: 2015}\npublished: {year: 2015, month: 7}",
        mend=("month: 7", "month: 6"),
    ),
    "year-differs-from-citation": case(
        "published", A + "citation: {type: article, year: 2016, container: Journal}", mend=("2016", "2015"),
    ),
    "year-differs-from-identifier": case(
        "citation: year",
        A + 'identifiers: {arxiv: "1506.00001"}\ncitation: {type: article, year: 2014, container: arXiv}',
        mend=("2014", "2015"),
    ),
    "volumes-out-of-order": case(
        "citation: volume",
        A + 'citation: {type: article, year: 2015, container: Journal, volume: "3"}',
        B + 'citation: {type: article, year: 2016, container: journal, volume: "2"}',
        mend=('"2"', '"4"'),
    ),
    "venue-contradicts-citation": case(
        "venue",
        A + "venue: CVPR\ncitation: {type: inproceedings, year: 2015, "
        "container: Proceedings of the International Conference on Computer Vision}",
        mend=("venue: CVPR", "venue: ICCV"),
    ),
    "preprint-cited-for-published": case(
        "citation", A + "venue: ICLR\ncitation: {type: article, year: 2015, container: arXiv}",
        mend=("container: arXiv", "container: Proceedings"),
    ),
    "same-identity": case(
        "title", A + "title: Pruning", B + 'title: "Pruning!"', mend=('"Pruning!"', "Quantizing"),
    ),
    "similar-title": case(
        "title", A + "title: Pruning filters for networks", B + "title: Pruning filters for network",
        mend=("for network\n", "for small models\n"),
    ),
    "title-in-capitals": case("title", A + "title: PRUNING", mend=("PRUNING", "Pruning")),
    "malformed-arxiv-identifier": case(
        "identifiers: arxiv", A + 'identifiers: {arxiv: "1513.00001"}', mend=("1513", "1512"),
    ),
    "doi-contradicts-arxiv": case(
        "identifiers: doi", A + 'identifiers: {arxiv: "1506.00001", doi: 10.48550/arXiv.1506.00002}',
        mend=("00002", "00001"),
    ),
    "id-contradicts-record": case("id", "id: lovelace2014title", mend=("lovelace2014", "lovelace2015")),
    "author-abbreviated": case(
        "authors: Han, S", A + 'authors: ["Han, Song"]', B + 'authors: ["Han, S"]', mend=('"Han, S"', '"Han, Shi"'),
    ),
    "pages-run-backwards": case(
        "citation: pages", A + "citation: {type: article, year: 2015, pages: 20-10}", mend=("20-10", "10-20"),
    ),
    "change-disagrees": case(
        "row 1: top1_change", one("top1: 75.0, top1_change: -1.2", base="base_top1: 76.0"), mend=("-1.2", "-1.1"),
    ),
    "error-disagrees": case(
        "row 1: top1_error", one("top1: 75.0, top1_error: 25.3"), mend=("25.3", "25.1"),
    ),
    "efficiency-disagrees": case(
        "row 1: params", one("params: 2.0M, params_removed: 0.75", base="base_params: 10.0M"), mend=("0.75", "0.80"),
    ),
    "implied-baselines-disagree": case(
        "row 2: flops",
        one(
            "flops: 50.0M, flops_removed: 0.500",
            "flops: 45.0M, flops_removed: 0.600",
            "flops: 30.0M, flops_kept: 0.300",
        ),
        mend=("45.0M", "40.0M"),
    ),
    "top5-below-top1": case("row 1: top5", one("top1: 92.0, top5: 75.0"), mend=("top5: 75.0", "top5: 95.0")),
    "change-leaves-the-scale": case(
        "row 1: top1_change", one("top1_change: 3.0", base="base_top1: 98.0"), mend=("3.0", "1.0"),
    ),
    "deviation-exceeds-largest": case(
        "row 1: top1_std", one("top1: 75.0, top1_std: 0.50, top1_max_deviation: 0.20"), mend=("0.50", "0.20"),
    ),
    "error-in-accuracy-field": case(
        "row 1: base_top5", one(base="base_top5: 10.1, survey_row: 1"),
        one(base="base_top5: 89.8", paper="bob2016title"),
        mend=("10.1", "89.9"),
    ),
    "accuracy-in-error-field": case(
        "row 1: top1_error", one("top1_error: 75.0", base="base_top1: 76.0"), mend=("75.0", "25.0"),
    ),
    "fraction-in-error-field": case(
        "row 1: top1_error", one("top1_error: 0.25", base="base_top1: 76.0"), mend=("0.25", "25.0"),
    ),
    "fraction-in-change-field": case("row 1: top1_change", one("top1_change: -0.0123"), mend=("-0.0123", "-1.23")),
    "shifted-decimal": case(
        "row 1: base_params", one(base="base_params: 2.56M, survey_row: 1"),
        *(one(base="base_params: 25.5M", paper=f"{name}2016title") for name in ("bob", "eve")),
        mend=("2.56M", "25.6M"),
    ),
    "params-and-flops-swapped": case(
        "row 1: base_params", one(base="base_params: 4.1B, survey_row: 1"),
        *(one(base="base_params: 25.5M, base_flops: 4.09G", paper=f"{name}2016title") for name in ("bob", "eve")),
        mend=("4.1B", "25.6M"),
    ),
    "more-parameters-than-operations": case(
        "row 1: params", one("params: 2B, flops: 1M"), mend=("2B", "2K"),
    ),
    "unpruned-size-as-pruned": case(
        "row 1: params", one("params: 25.5M"), one(base="base_params: 25.6M", paper="bob2016title"),
        mend=("params: 25.5M", "params: 12.5M"),
    ),
    "share-given-in-two-ways": case(
        "row 2: params_kept", one("params_removed: 0.3", "params_kept: 0.5"), mend=("params_kept", "params_removed"),
    ),
    "one-digit-off": case(
        "row 2: base_top1",
        one("top1: 70.0", base="base_top1: 71.51") + experiment("top1: 70.0", base="base_top1: 71.71", first=2),
        mend=("71.71", "71.51"),
    ),
    "same-baseline-for-two-networks": case(
        "row 2: base_top1",
        one("top1: 70.0", base="base_top1: 71.51")
        + experiment("top1: 70.0", base="base_top1: 71.51", on="Set/Other", first=2),
        mend=("base_top1: 71.51\n    dataset: Set\n    architecture: Other", "dataset: Set\n    architecture: Other"),
    ),
    "removed-given-as-kept": case(
        "row 1: params_removed",
        one(*(f"params_removed: 0.{left}, top1_change: -{9 - left}" for left in (3, 5, 7))),
        mend=("top1_change: -2", "top1_change: -8"),
    ),
    "accuracy-rises-with-pruning": case(
        "row 2: top1_change", one("speedup: 2.0, top1_change: -1.0", "speedup: 4.0, top1_change: -0.5"),
        mend=("-0.5", "-1.5"),
    ),
    "top1-and-top5-part": case(
        "row 1: top5_change", one("top1_change: -1.0, top5_change: 0.8"), mend=("0.8", "-0.8"),
    ),
    "larger-than-unpruned": case("row 1: speedup", one("speedup: 0.5"), mend=("0.5", "2.0")),
    "larger-than-others-unpruned": case(
        "row 1: params", one("params: 30M"), one(base="base_params: 25M", paper="bob2016title"), mend=("30M", "20M"),
    ),
    "implausible-ratio": case("row 1: compression_ratio", one("compression_ratio: 2000"), mend=("2000", "20")),
    "large-gain": case("row 1: top1", one("top1: 79.0", base="base_top1: 76.0"), mend=("79.0", "77.0")),
    "large-loss-by-little-pruning": case(
        "row 1: top1_change", one("speedup: 1.5, top1_change: -6.0"), mend=("1.5", "5.0"),
    ),
    "twice-the-multiply-adds": case(
        "base_flops of VGG-16 on ImageNet: 3.1e+10", one("speedup: 2", base="base_flops: 31G", on="ImageNet/VGG-16"),
        mend=("31G", "15.5G"),
    ),
    "neither-once-nor-twice": case(
        "base_flops of VGG-16 on ImageNet: 2.2e+10", one("speedup: 2", base="base_flops: 22G", on="ImageNet/VGG-16"),
        mend=("22G", "15.5G"),
    ),
    "mixed-conventions": case(
        "base_flops",
        one("speedup: 2", base="base_flops: 31G", on="ImageNet/VGG-16")
        + experiment("speedup: 2", base="base_flops: 4.1G", on="ImageNet/ResNet-50", first=2),
        mend=("31G", "15.5G"),
    ),
    "unpruned-model-far-from-others": case(
        "row 1: base_top1", *FOUR, one(base="base_top1: 73.0, survey_row: 1", paper="bob2016title"),
        mend=("73.0", "76.0"),
    ),
    "few-reports-far-apart": case(
        "row 1: base_top1", one(base="base_top1: 70.0"),
        one(base="base_top1: 78.0, survey_row: 1", paper="bob2016title"),
        mend=("78.0", "71.0"),
    ),
    "unlike-others-on-dataset": case(
        "row 1: base_top1", *FOUR, one(base="base_top1: 93.0, survey_row: 1", on="Set/Other", paper="bob2016title"),
        mend=("93.0", "80.0"),
    ),
    "two-unpruned-models-in-one-paper": case(
        "row 2: base_top1",
        one("top1: 70.0", base="base_top1: 71.5") + experiment("top1: 70.0", base="base_top1: 73.6", first=2),
        mend=("73.6", "71.6"),
    ),
    "size-differs-between-datasets": case(
        "row 2: base_params",
        one("params: 1M", base="base_params: 10M")
        + experiment("params: 1M", base="base_params: 20M", on="Other/Net", first=2),
        mend=("20M", "11M"),
    ),
    "same-point-twice": case(
        "row 2", one("top1: 75.0, speedup: 2.0", "top1: 75.0, speedup: 2.0"),
        mend=("{survey_row: 2, top1: 75.0", "{survey_row: 2, top1: 74.0"),
    ),
    "same-efficiency-other-accuracy": case(
        "row 2: top1", one("top1: 75.0, speedup: 2.0", "top1: 74.0, flops_kept: 0.5"), mend=("0.5", "0.4"),
    ),
    "same-accuracy-other-efficiency": case(
        "row 2: top1", one("top1: 75.3, speedup: 2.0", "top1: 75.3, speedup: 3.0"),
        mend=("{survey_row: 2, top1: 75.3", "{survey_row: 2, top1: 75.1"),
    ),
    "change-repeated-along-curve": case(
        "row 1: top1_change, row 2: top1_change, row 3: top1_change",
        one(*(f"top1_change: -1.06, speedup: {speedup}" for speedup in (2, 3, 4))),
        mend=("-1.06, speedup: 4", "-2.06, speedup: 4"),
    ),
    "one-curve-two-names": case(
        "row 2: method",
        one("top1: 75.0, speedup: 2.0", curve="method: One")
        + experiment("top1: 75.0, speedup: 2.0", curve="method: Two", first=2),
        mend=("{survey_row: 2, top1: 75.0", "{survey_row: 2, top1: 74.0"),
    ),
    "experiment-listed-twice": case(
        "row 2", one(base="survey_row: 1") + experiment(base="survey_row: 2"), mend=("survey_row: 2", "method: Two"),
    ),
    "copy-differs-from-source": case(
        "row 1: top1", one("top1: 75.0, speedup: 2.0"),
        one("top1: 74.0, speedup: 2.0", paper="bob2016title").replace("own", "copied, copied_from: ada2015title"),
        mend=("74.0", "75.0"),
    ),
    "same-point-in-two-papers": case(
        "row 1", one("top1: 75.0, params: 2.0M"), one("top1: 75.0, params: 2.0M", paper="bob2016title"),
        mend=("bob2016title\nexperiments:\n  - collections: [blalock2020-notes]\n    dataset: Set",
              "bob2016title\nexperiments:\n  - collections: [blalock2020-notes]\n    dataset: Other"),
    ),
    "change-without-baseline": case(
        "row 1: top1_change", one("top1_change: -1.0, speedup: 2.0"), mend=("-1.0,", "-1.0, top1: 75.0,"),
    ),
    "accuracy-without-baseline": case(
        "row 1: top1", one("top1: 75.0, speedup: 2.0"), mend=("top1: 75.0,", "top1: 75.0, top1_change: -1.0,"),
    ),
    "baseline-known-elsewhere": case(
        "row 2: base_top1",
        one("top1: 75.0", base="base_top1: 76.0") + experiment("top1: 74.0", on="Set/Net", first=2),
        mend=("    curves: [{origin: own, points: [{survey_row: 2",
              "    base_top1: 76.0\n    curves: [{origin: own, points: [{survey_row: 2"),
    ),
    "size-without-baseline": case("params", one("params: 1M"), mend=("params: 1M", "params: 1M, params_kept: 0.1")),
    "point-without-efficiency": case("row 1", one("top1: 75.0"), mend=("75.0", "75.0, speedup: 2.0")),
    "point-without-quality": case("row 1", one("speedup: 2.0"), mend=("2.0", "2.0, top1: 75.0")),
    "runs-without-deviation": case("seeds", one("top1: 75.0, seeds: 3"), mend=("seeds: 3", "seeds: 3, top1_std: 0.1")),
    "deviation-without-runs": case(
        "seeds", one("top1: 75.0, top1_std: 0.1"), mend=("top1_std: 0.1", "top1_std: 0.1, seeds: 3"),
    ),
    "number-without-locator": case("locator", one("top1: 75.0"), mend=("75.0", "75.0, locator: {table: 1}")),
    "comparison-not-checkable": case(
        "compares_to", one("top1_change: -1.0, speedup: 2.0") + "compares_to: [bob2016title]\n",
        one("top1_change: -2.0, speedup: 2.0", paper="bob2016title", on="Set/Other"), mend=("Other", "Net"),
    ),
    "unknown-name-counted": case(
        "experiments", one("top1: 75.0", on="Set/"), mend=("dataset: Set", "dataset: Set\n    architecture: Net"),
    ),
    "one-network-two-names": case(
        "LeNet-300-100 and fc300-100",
        one(on="MNIST/LeNet-300-100") + experiment(on="MNIST/fc300-100"), mend=("fc300-100", "fc300-200"),
    ),
    "dated-in-the-future": case(
        "published: year", A + "published: {year: 2099}", B + "published: {year: 2016}", mend=("2099", "2017"),
    ),
    "too-many-pages": case(
        "citation: pages", A + 'citation: {type: article, year: 2015, pages: "1-999999"}', mend=("999999", "12"),
    ),
    "own-method-as-others": case(
        "experiment 0, curve 0: One",
        one("top1: 70.0", curve="method: One").replace("own", "rerun") + "methods: [{name: One}]",
        mend=("origin: rerun", "origin: own"),
    ),
    "source-without-the-method": case(
        "experiment 0, curve 0: One",
        one("top1: 70.0", curve="method: Other"),
        one("top1: 70.0", curve="method: One, copied_from: ada2015title", paper="bob2016title").replace(
            "own, method: One", "copied, method: One"
        ),
        mend=("method: Other", "method: One"),
    ),
    "copied-in-a-circle": case(
        "experiment 0, curve 0: One",
        one("top1: 70.0", curve="method: One, copied_from: bob2016title").replace("own, m", "copied, m"),
        B + "compares_to: [ada2015title]",
        mend=("compares_to: [ada2015title]", ""),
    ),
    "address-of-another-paper": case(
        "links: https://arxiv.org/abs/1506.00001", A + "links: [https://arxiv.org/abs/1506.00001]",
        B + 'identifiers: {arxiv: "1506.00001"}', mend=("abs/1506.00001", "abs/1506.00002"),
    ),
    "markup-in-text": case("title", A + "title: Pruning &amp; Other Ways", mend=("&amp;", "&")),
    "text-without-letters": case("title", A + 'title: ". . ."', mend=('". . ."', "Pruning")),
    "several-authors-in-one": case(
        "authors: Lovelace, Ada and Roe, Bob", A + 'authors: ["Lovelace, Ada and Roe, Bob"]',
        mend=(" and Roe, Bob", '", "Roe, Bob'),
    ),
    "number-in-author": case(
        "authors: Lovelace, Ada 0001", A + 'authors: ["Lovelace, Ada 0001"]', mend=(" 0001", ""),
    ),
    "author-twice": case(
        "authors: Lovelace, Ada", A + 'authors: ["Lovelace, Ada", "Lovelace, Ada"]', mend=('", "Lovelace, Ada', ""),
    ),
    "wide-deviation": case("row 1: top1_std", one("top1: 75.0, top1_std: 21.3"), mend=("21.3", "2.13")),
    "collapsed-above-chance": case(
        "row 1: top1", one("top1: 70.0, collapsed: true"), mend=("70.0", "10.0"),
    ),
    "nothing-removed": case("row 1", one("top1: 75.0, params_removed: 0"), mend=("removed: 0", "removed: 0.1")),
    "one-quantity-unchanged": case(
        "One: flops_kept", one("params_kept: 0.5, flops_kept: 1", curve="method: One"),
        mend=("flops_kept: 1", "flops_kept: 0.9"),
    ),
    "pruned-equals-unpruned": case(
        "row 1: top1", one("top1: 76.13, speedup: 2.0", base="base_top1: 76.13"),
        mend=("top1: 76.13, speedup", "top1: 76.03, speedup"),
    ),
    "column-of-its-own": case(
        "row 3: flops_removed", one("params_removed: 0.2", "params_removed: 0.3", "flops_removed: 0.4"),
        mend=("flops_removed", "params_removed"),
    ),
    "more-decimals-than-its-column": case(
        "row 4: params_removed", one(*(f"params_removed: {share}" for share in ("0.20", "0.30", "0.40", "0.055"))),
        mend=("0.055", "0.55"),
    ),
    "shares-in-two-ways": case(
        "params: shares",
        one("params_removed: 0.2") + experiment("params_kept: 0.7", on="Set/Other", first=2),
        mend=("params_kept: 0.7", "params_removed: 0.3"),
    ),
    "sign-of-its-own": case(
        "row 6: top1_change",
        one(*(f"top1_change: -{size}, speedup: {size}" for size in (1, 2, 3, 4, 5)), "top1_change: 6, speedup: 6"),
        mend=("top1_change: 6", "top1_change: -6"),
    ),
    "worse-than-pruned-harder": case(
        "row 1: top1_change",
        one(*(f"top1_change: -{y}, params_kept: {x}" for y, x in ((8.5, 0.9), (1.5, 0.5), (2.4, 0.4), (2.5, 0.3)))),
        mend=("-8.5", "-0.5"),
    ),
    "better-than-pruned-less": case(
        "row 4: top1_change",
        one(*(f"top1_change: {y}, params_kept: {x}" for y, x in ((-1, 0.9), (-2, 0.5), (-2.1, 0.45), (1.5, 0.4)))),
        mend=("1.5", "-2.5"),
    ),
    "pruned-harder-than-anybody": case(
        "row 5: params_kept",
        one(*(f"top1_change: -1.0, params_kept: {kept}" for kept in (0.5, 0.52, 0.54, 0.56, 0.05))),
        mend=("0.05}", "0.49}"),
    ),
    "quality-rises-along-curve": case(
        "row 2: metrics: f1",
        one(
            "params_kept: 0.5, metrics: [{metric: f1, value: 80}]",
            "params_kept: 0.4, metrics: [{metric: f1, value: 85}]",
        ),
        mend=("85", "75"),
    ),
    "params-and-flops-part": case(
        "row 2: flops", one("params: 10M, flops: 1G", "params: 5M, flops: 2G"), mend=("2G", "500M"),
    ),
    "fraction-in-metric": case(
        "row 1: metrics: map", one("metrics: [{metric: map, value: 0.633}]"), mend=("0.633", "63.3"),
    ),
    "metric-better-than-unpruned": case(
        "row 1: metrics: perplexity",
        one("metrics: [{metric: perplexity, value: 5.68}]", base=f"{PERPLEXITY} 56.8}}]").replace("@", ","),
        mend=("56.8", "5.68"),
    ),
    "time-far-from-unpruned": case(
        "row 1: metrics: latency",
        one(
            "metrics: [{metric: latency, value: 300, hardware: V100}]",
            base="base_metrics: [{metric: latency@ value: 10@ hardware: V100}]",
        ).replace("@", ","),
        mend=("300", "8"),
    ),
    "metric-far-from-others": case(
        "row 1: base_metrics: perplexity", one(base=f"{PERPLEXITY} 568}}], survey_row: 1").replace("@", ","),
        *(one(base=f"{PERPLEXITY} 5.68}}]", paper=name).replace("@", ",") for name in ("p12016", "p22016", "p32016")),
        mend=("568", "5.70"),
    ),
    "fits-another-network": case(
        "row 1: base_top1", one("speedup: 2", base="base_top1: 69.8", on="ImageNet/ResNet-50"),
        mend=("69.8", "76.1"),
    ),
    "size-of-another-magnitude": case(
        "row 1: params", one("params: 15G", on="ImageNet/ResNet-50").replace("15G", "15B"), mend=("15B", "15M"),
    ),
    "place-names-another-network": case(
        "experiment 0: dataset",
        one("top1: 70.0, locator: {path: cifar10/vgg16.csv}", on="CIFAR-100/VGG-16"),
        mend=("cifar10/", "cifar100/"),
    ),
    "metric-far-from-own": case(
        "row 1: metrics: psnr",
        one(*(f"metrics: [{{metric: psnr, value: {value}}}]" for value in ("2717", "27.2", "27.3"))),
        mend=("2717", "27.1"),
    ),
    "negative-metric": case(
        "row 1: metrics: psnr", one("metrics: [{metric: psnr, value: -3.0}]"), mend=("-3.0", "30.0"),
    ),
    "fits-another-dataset": case(
        "row 1: base_top1", one("speedup: 2", base="base_top1: 76.3", on="SVHN/ResNet-50"), mend=("76.3", "96.3"),
    ),
    "network-unheard-of": case(
        "Net on Set", one("top1: 70.0"),
        *(one("top1: 70.0", on="Other/Net", paper=f"bob{year}title") for year in range(2000, 2005)),
        *(one("top1: 70.0", on="Set/Other", paper=f"cia{year}title") for year in range(2000, 2015)),
        mend=("id: ada2015title\nexperiments:\n  - collections: [blalock2020-notes]\n    dataset: Set",
              "id: ada2015title\nexperiments:\n  - collections: [blalock2020-notes]\n    dataset: Else"),
    ),
}  # fmt: skip
BY_HAND = {"claim-unexplained", "claim-differs", "histogram-does-not-add-up", "references-disagree"}
"""Rules about what is not in a record; each has a test of its own below."""


def subjects(rule: str, corpus: Corpus) -> list[str]:
    return [suspicion.subject for suspicion in BY_NAME[rule].check(dataset(corpus, corrected=False))]


@pytest.mark.parametrize("rule", CASES)
def test_rule_finds_its_fault(rule: str, corpus_of: Callable[..., Corpus]) -> None:
    assert ", ".join(subjects(rule, corpus_of(*CASES[rule].records))) == CASES[rule].subject


@pytest.mark.parametrize("rule", CASES)
def test_rule_finds_nothing_once_it_is_mended(rule: str, corpus_of: Callable[..., Corpus]) -> None:
    old, new = CASES[rule].mend
    mended = [text.replace(old, new) for text in (f"{text}\n" for text in CASES[rule].records)]
    assert mended != [f"{text}\n" for text in CASES[rule].records]
    assert subjects(rule, corpus_of(*mended)) == []


MORE = {
    "digits of an arXiv identifier": ("malformed-arxiv-identifier", A + 'identifiers: {arxiv: "1412.12345"}'),
    "five digits at last": ("malformed-arxiv-identifier", A + 'identifiers: {arxiv: "1501.1234"}'),
    "link to another preprint": (
        "doi-contradicts-arxiv",
        A + 'identifiers: {arxiv: "1506.00001"}\nlinks: ["https://arxiv.org/abs/1506.00002"]',
    ),
    "year in the name of proceedings": (
        "year-differs-from-citation",
        A + "citation: {type: inproceedings, year: 2015, container: 2014 Conference}",
    ),
    "top-5 error": ("top5-below-top1", one("top1: 90.0, top5_error: 20.0")),
    "unpruned top-5": ("top5-below-top1", one(base="base_top1: 90.0, base_top5: 80.0")),
    "pruned error": ("error-in-accuracy-field", one("top1: 24.0", base="base_top1: 77.0")),
    "nothing left": ("implausible-ratio", one("params_removed: 1.0, top1: 75.0")),
    "larger than before": ("larger-than-unpruned", one("params: 20M", base="base_params: 10M")),
    "accuracy that implies another unpruned model": (
        "implied-baselines-disagree",
        one("top1: 75.0, top1_change: -1.0", "top1: 72.0, top1_change: -3.0"),
    ),
    "one accuracy hardly moves": ("top1-and-top5-part", one("top1_change: -1.68, top5_change: -0.04")),
    "kept that should be removed": (
        "removed-given-as-kept",
        one(*(f"flops_kept: 0.{9 - left}, top1_change: -{9 - left}" for left in (3, 5, 7))),
    ),
    "unpruned model of a sweep": (
        "top5-below-top1",
        one("top1: 70.0", base="base_top1: 90.0, base_top5: 80.0", curve="sweep: true"),
    ),
    "stated and not what the architecture needs": (
        "neither-once-nor-twice",
        one("speedup: 2", base="base_flops: 31G, flop_convention: multiply_adds", on="ImageNet/VGG-16"),
    ),
}


@pytest.mark.parametrize(("rule", "text"), MORE.values(), ids=MORE)
def test_rule_finds_this_too(rule: str, text: str, corpus_of: Callable[..., Corpus]) -> None:
    assert len(subjects(rule, corpus_of(text))) == 1


def edge(rule: str, quiet: str, loud: str, *records: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Records with an @ for what makes the difference: the last value that is not found, and the first that is."""
    return rule, quiet, loud, records


def two(point: str, base: str = "", on: str = "Set/Net", then: str = "Set/Net", curve: str = "") -> str:
    """A record with two experiments; the second has the base with an @."""
    fixed, _, open_ = base.partition(" | ")
    return one(point, base=fixed, on=on, curve=curve) + experiment(point, base=open_, on=then, curve=curve, first=2)


def others(base: str, *papers: str) -> tuple[str, ...]:
    """A record a paper, each with such an unpruned model."""
    return tuple(one(base=base, paper=f"{name}2016title") for name in papers)


COMPARES, LATER = A + "compares_to: [bob2016title]", B + "published: {year: 2016}\n"
IN_JOURNAL = "citation: {type: article, year: %s, container: %s, volume: %s}"
EDGES = [
    edge("change-disagrees", "-1.06", "-1.07", one("top1: 75.0, top1_change: @", base="base_top1: 76.00")),
    edge("change-disagrees", "-0.94", "-0.93", one("top1: 75.0, top1_change: @", base="base_top1: 76.00")),
    edge("change-disagrees", "-1.06", "-1.07", one("top5: 75.0, top5_change: @", base="base_top5: 76.00")),
    *(
        edge("error-disagrees", quiet, loud, one("speedup: 2", base=base), one(point, paper="bob2016title"))
        for quiet, loud in (("25.1", "25.2"), ("24.9", "24.8"))
        for base, point in (
            ("", "top1: 75.0, top1_error: @"),
            ("", "top5: 75.0, top5_error: @"),
            ("base_top1: 75.0, base_top1_error: @", "speedup: 2"),
            ("base_top5: 75.0, base_top5_error: @", "speedup: 2"),
        )
    ),
    *(
        edge("efficiency-disagrees", quiet, loud,
             one(f"{name}: 2.00{unit}, {said}: @", base=f"base_{name}: 10.00{unit}"))
        for name, unit, ratio in (("params", "M", "compression_ratio"), ("flops", "G", "speedup"))
        for said, quiet, loud in (
            (f"{name}_kept", "0.2006", "0.2007"),
            (f"{name}_kept", "0.1994", "0.1993"),
            (f"{name}_removed", "0.8006", "0.8007"),
            (f"{name}_removed", "0.7994", "0.7993"),
            (ratio, "5.02", "5.03"),
            (ratio, "4.99", "4.98"),
        )
    ),
    edge("efficiency-disagrees", "0.79", "0.78", one("params_kept: 0.20, params_removed: @")),
    edge("efficiency-disagrees", "4.9", "4.7", one("params_kept: 0.20, compression_ratio: @")),
    edge("implied-baselines-disagree", "-2.2", "-2.3",
         one("top1: 75.0, top1_change: -1.0", "top1: 74.0, top1_change: @")),
    edge("implied-baselines-disagree", "-1.8", "-1.7",
         one("top5: 75.0, top5_change: -1.0", "top5: 74.0, top5_change: @")),
    edge("top5-below-top1", "74.9", "74.8", one("top1: 75.0, top5: @")),
    edge("top5-below-top1", "74.9", "74.8", one(base="base_top1: 75.0, base_top5: @")),
    edge("change-leaves-the-scale", "2.00", "2.02", one("top1_change: @", base="base_top1: 98.00")),
    edge("change-leaves-the-scale", "-2.0095", "-2.0105", one("top1_change: @", base="base_top1: 2.00")),
    edge("change-leaves-the-scale", "2.0", "3.0", one("top5: 2.0, top5_change: @")),
    edge("change-leaves-the-scale", "-2.0", "-3.0", one("top1: 98.0, top1_change: @")),
    edge("deviation-exceeds-largest", "0.289932", "0.289933", one("top1: 75.0, top1_std: @, top1_max_deviation: 0.20")),
    *(
        edge("neither-once-nor-twice", quiet, loud,
             one("speedup: 2", base=f"base_flops: @G, flop_convention: {convention}", on="ImageNet/VGG-16"))
        for convention, quiet, loud in (
            ("multiply_adds", "17.5", "17.8"),
            ("multiply_adds", "13.2", "12.9"),
            ("multiplies_and_adds", "35.0", "35.6"),
            ("multiplies_and_adds", "26.4", "25.8"),
        )
    ),
    edge("twice-the-multiply-adds", "31G\n    flop_convention: multiplies_and_adds", "31G",
         one("speedup: 2", base="base_flops: @", on="ImageNet/VGG-16")),
    edge("mixed-conventions", "multiplies_and_adds", "multiply_adds",
         one("speedup: 2", base="base_flops: 31G", on="ImageNet/VGG-16")
         + experiment("speedup: 2", base="base_flops: 9G, flop_convention: @", on="Set/Net", first=2)),
    edge("compares-to-the-future", "6", "7", COMPARES, B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "5", "7", A + "cites: [bob2016title]", B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "6", "7",
         A + "added_comparisons: [{paper: bob2016title, collections: [blalock2020-notes]}]",
         B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "6", "7",
         one("top1: 70.0", curve="proposed_by: bob2016title").replace("own", "rerun"),
         B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "6", "7",
         one("top1: 70.0", curve="copied_from: bob2016title").replace("own", "copied"),
         B + "published: {year: 2015, month: @}"),
    edge("compares-to-the-future", "2015", "2016", COMPARES, LATER + "citation: {type: article, year: @}"),
    edge("compares-to-a-preprint", "1507", "1506", COMPARES, LATER + 'identifiers: {arxiv: "@.00001"}'),
    edge("compares-to-a-preprint", "6", "7", COMPARES,
         B + 'published: {year: 2015, month: @}\nidentifiers: {arxiv: "1506.00001"}'),
    edge("uses-a-later-architecture", "2016", "2015",
         one(base="survey_row: 1", on="ImageNet/ResNet-50") + "published: {year: @}"),
    edge("posted-at-publication", "ArXiv.org", "ICLR", A + 'venue: @\nidentifiers: {arxiv: "1507.00001"}'),
    edge("preprint-dated-otherwise", "", ", month: 6",
         A + 'venue: arXiv\nidentifiers: {arxiv: "1505.00001"}\npublished: {year: 2015@}'),
    edge("preprint-dated-otherwise", "ICLR", "arXiv", A + 'venue: @\nidentifiers: {arxiv: "1505.00001"}'),
    *(
        edge("conference-in-several-months", quiet, loud,
             A + "venue: ICLR\ncitation: {type: inproceedings, year: 2015}",
             B + "venue: ICLR\ncitation: {type: @, year: 2015}\npublished: {year: 2015, month: 7}")
        for quiet, loud in (
            ("article", "inproceedings"),
            ("article, container: Journal", "article, container: arXiv"),
        )
    ),
    edge("year-differs-from-citation", "arXiv", "Journal", A + "citation: {type: article, year: 2016, container: @}"),
    edge("year-differs-from-citation", "12015 ", "1999 ",
         A + "citation: {type: inproceedings, year: 2015, container: '@Conference'}"),
    edge("year-differs-from-identifier", "Journal", "arXiv",
         A + 'identifiers: {arxiv: "1506.00001"}\ncitation: {type: article, year: 2014, container: @}'),
    edge("volumes-out-of-order", '"3"', '"2"',
         A + IN_JOURNAL % (2015, "J", '"3"'), B + IN_JOURNAL % (2016, "J", "@")),
    edge("volumes-out-of-order", "2015", "2014",
         A + IN_JOURNAL % (2015, "J", '"2"'), B + IN_JOURNAL % ("@", "J", '"3"')),
    edge("volumes-out-of-order", "K", "J",
         A + IN_JOURNAL % (2015, "J", '"3"'), B + IN_JOURNAL % (2016, "@", '"2"')),
    edge("volumes-out-of-order", '"2a"', '"2"',
         A + IN_JOURNAL % (2015, "J", '"3"'), B + IN_JOURNAL % (2016, "J", "@")),
    edge("removed-given-as-kept", "-2.0", "-1.9",
         one("params_removed: 0.3, top1_change: -3.0", "params_removed: 0.5, top1_change: -2.0",
             "params_removed: 0.7, top1_change: @")),
    edge("removed-given-as-kept", "0.5", "0.6",
         one("params_removed: 0.3, top5_change: -3.0", "params_removed: 0.5, top5_change: -2.0",
             "params_removed: @, top5_change: -1.0")),
    edge("removed-given-as-kept", "top5_change", "top1_change",
         one("flops_removed: 0.3, top1_change: -3.0", "flops_removed: 0.5, top1_change: -2.0",
             "flops_removed: 0.7, @: -1.0")),
    edge("accuracy-rises-with-pruning", "-0.75", "-0.74",
         one("speedup: 2.0, top1_change: -1.0", "speedup: 4.0, top1_change: @")),
    edge("accuracy-rises-with-pruning", "2.0", "2.1",
         one("speedup: 2.0, top5_change: -1.0", "speedup: @, top5_change: -0.5")),
    edge("accuracy-rises-with-pruning", "1.9", "2.1",
         one("compression_ratio: 2.0, top1_change: -1.0", "compression_ratio: @, top1_change: -0.5")),
    edge("top1-and-top5-part", "0.5", "0.51", one("top1_change: -1.0, top5_change: @")),
    edge("top1-and-top5-part", "-0.51", "0.51", one("top1_change: -1.0, top5_change: @")),
    edge("top1-and-top5-part", "-1.50", "-1.51", one("top1_change: @, top5_change: -0.04")),
    edge("top1-and-top5-part", "-0.20", "-0.19", one("top1_change: -2.0, top5_change: @")),
    edge("larger-than-unpruned", "1.0", "0.99", one("speedup: @")),
    edge("larger-than-unpruned", "1.0", "0.99", one("compression_ratio: @")),
    edge("larger-than-others-unpruned", "27M", "28M", one("params: @"), *others("base_params: 25M", "bob")),
    edge("larger-than-others-unpruned", "8.7G", "8.9G", one("flops: @"), *others("base_flops: 4.0G", "bob")),
    edge("larger-than-others-unpruned", "30M", "34M", one("params: @"), *others("base_params: 25M", "bob"),
         *others("base_params: 30M", "eve")),
    edge("larger-than-others-unpruned", "params_kept: 0.9", "top1: 70.0", one("params: 30M, @"),
         *others("base_params: 25M", "bob")),
    edge("implausible-ratio", "500", "501", one("compression_ratio: @")),
    edge("implausible-ratio", "50", "51", one("speedup: @")),
    edge("large-gain", "2.0", "2.1", one("top1_change: @")),
    edge("large-gain", "2.0", "2.1", one("top5_change: @")),
    edge("large-loss-by-little-pruning", "-5.0", "-5.1", one("speedup: 1.5, top1_change: @")),
    edge("large-loss-by-little-pruning", "-5.0", "-5.1", one("compression_ratio: 1.5, top5_change: @")),
    edge("large-loss-by-little-pruning", "3.0", "2.9", one("speedup: @, top1_change: -6.0")),
    edge("large-loss-by-little-pruning", "3.0", "2.9", one("speedup: 1.5, compression_ratio: @, top1_change: -6.0")),
    edge("large-loss-by-little-pruning", "top5: 70.0", "speedup: 2.0", one("@, top1_change: -6.0")),
    *(
        edge("error-in-accuracy-field", quiet, loud, one(base="base_top5: @"), *others(f"base_top5: {known}", "bob"))
        for quiet, loud, known in (("15.3", "15.1", "89.8"), ("5.1", "5.3", "89.8"), ("47.1", "46.9", "52.0"))
    ),
    *(
        edge("error-in-accuracy-field", quiet, loud, one("top1: @", base=f"base_top1: {known}"))
        for quiet, loud, known in (("35.1", "34.9", "65.0"), ("17.9", "18.1", "77.0"), ("29.1", "28.9", "77.0"))
    ),
    edge("accuracy-in-error-field", "69.9", "70.1", one("top1_error: @", base="base_top1: 76.0")),
    edge("accuracy-in-error-field", "81.1", "80.9", one("top5_error: @", base="base_top5: 76.0")),
    edge("accuracy-in-error-field", "70.9", "71.1", one(base="base_top1_error: @"), *others("base_top1: 76.0", "bob")),
    edge("fraction-in-error-field", "1.00", "0.99", one(base="base_top1_error: @"), *others("base_top1: 76.0", "bob")),
    edge("fraction-in-error-field", "95.0", "94.9", one(base="base_top1_error: 0.5"), *others("base_top1: @", "bob")),
    edge("fraction-in-error-field", "1.00", "0.99", one("top1_error: @", base="base_top1: 76.0")),
    edge("fraction-in-error-field", "95.0", "94.9", one("top5_error: 0.5", base="base_top5: @")),
    edge("fraction-in-change-field", "0.100", "0.099", one("top1_change: @")),
    edge("fraction-in-change-field", "-0.05", "-0.050", one("top5_change: @")),
    edge("fraction-in-change-field", "0.000", "0.001", one("top1_change: @")),
    *(
        edge("shifted-decimal", quiet, loud, one(base="base_params: @"), *others("base_params: 25.5M", "bob", "eve"))
        for quiet, loud in (("282M", "278M"), ("230M", "233M"), ("25.5M", "2.55M"))
    ),
    edge("shifted-decimal", "76.5", "7.65", one(base="base_top1: @"), *others("base_top1: 76.0", "bob")),
    edge("shifted-decimal", "4G", "0.4G", one(base="base_flops: @"), *others("base_flops: 4.1G", "bob")),
    edge("params-and-flops-swapped", "4.52B", "4.48B", one(base="base_params: @"),
         *others("base_params: 25.5M, base_flops: 4.09G", "bob", "eve")),
    edge("params-and-flops-swapped", "4.1G", "25.5M", one(base="base_flops: @"),
         *others("base_params: 25.5M, base_flops: 4.09G", "bob")),
    edge("params-and-flops-swapped", "4.1B", "5.1B", one(base="base_params: 4.1B"),
         *others("base_params: @, base_flops: 4.1G", "bob", "eve")),
    edge("more-parameters-than-operations", "1.1M", "1.0M", one("params: 1.1M, flops: @")),
    edge("more-parameters-than-operations", "1.1M", "1.0M", one(base="base_params: 1.1M, base_flops: @")),
    edge("unpruned-size-as-pruned", "25.33M", "25.36M", one("params: @"), *others("base_params: 25.6M", "bob")),
    edge("unpruned-size-as-pruned", "4.2G", "4.0G", one("flops: @"), *others("base_flops: 4.0G", "bob")),
    *(
        edge("unpruned-size-as-pruned", said, "top1: 70.0",
             one("params: 25.6M, @"), *others("base_params: 25.6M", "bob"))
        for said in ("params_kept: 0.5", "params_removed: 0.5", "compression_ratio: 2.0")
    ),
    edge("share-given-in-two-ways", "flops_removed", "flops_kept", one("flops_removed: 0.3", "@: 0.5")),
    edge("one-digit-off", "71.52", "71.61", two("top1: 70.0", "base_top1: 71.51 | base_top1: @")),
    edge("one-digit-off", "72.61", "72.51", two("top1: 70.0", "base_top5: 71.51 | base_top5: @")),
    edge("same-baseline-for-two-networks", "71", "71.0",
         two("speedup: 2", "base_top1: @ | base_top1: @", then="Other/Net")),
    edge("same-baseline-for-two-networks", "29.2", "29.1",
         two("speedup: 2", "base_top5_error: 29.1 | base_top5_error: @", then="Other/Net")),
    edge("same-baseline-for-two-networks", "Other", "Net",
         two("speedup: 2", "base_top1: 71.5 | base_top1: 71.5", then="Other/@")),
    edge("malformed-arxiv-identifier", "1512", "1513", A + 'identifiers: {arxiv: "@.00001"}'),
    edge("malformed-arxiv-identifier", "1501", "1500", A + 'identifiers: {arxiv: "@.00001"}'),
    edge("malformed-arxiv-identifier", "1412.1234", "1501.1234", A + 'identifiers: {arxiv: "@"}'),
    edge("malformed-arxiv-identifier", "1501.12345", "1412.12345", A + 'identifiers: {arxiv: "@"}'),
    edge("malformed-arxiv-identifier", "cs/0612001", "cs/0613001", A + 'identifiers: {arxiv: "@"}'),
    *(
        edge("doi-contradicts-arxiv", "1506.00001", "1506.00002",
             A + f'identifiers: {{arxiv: "1506.00001"}}\nlinks: ["https://arxiv.org/{kind}/@"]')
        for kind in ("abs", "pdf")
    ),
    *(
        edge("id-contradicts-record", "lovelace2015pruning", other, "id: @\ntitle: On pruning")
        for other in ("byron2015pruning", "lovelace2014pruning", "lovelace2015growing")
    ),
    edge("pages-run-backwards", "10-10", "10-9", A + "citation: {type: article, year: 2015, pages: @}"),
    edge("preprint-cited-for-published", "arXiv", "ICLR",
         A + "venue: @\ncitation: {type: article, year: 2015, container: arXiv}"),
    edge("runs-without-deviation", "1", "2", one("top1: 75.0, seeds: @")),
    edge("runs-without-deviation", "top1_max_deviation", "top1_change", one("top1: 75.0, seeds: 3, @: 0.1")),
    edge("deviation-without-runs", "2", "1", one("top1: 75.0, top1_std: 0.1, seeds: @")),
    edge("deviation-without-runs", "top1_change", "top1_max_deviation", one("top1: 75.0, @: 0.1")),
    edge("number-without-locator", ", locator: {table: 1}", "", one("top1: 75.0@")),
    edge("change-without-baseline", "top1_error", "top5_error", one("top1_change: -1.0, @: 25.0")),
    edge("change-without-baseline", "base_top5_error", "base_top1_error", one("top5_change: -1.0", base="@: 25.0")),
    edge("change-without-baseline", "base_top5", "base_top1", one("top5_change: -1.0", base="@: 25.0")),
    edge("accuracy-without-baseline", "base_top1_error", "base_top5", one("top1_error: 25.0", base="@: 24.0")),
    edge("accuracy-without-baseline", "top5_change", "top1_change", one("top5: 75.0, @: -1.0")),
    *(
        edge("size-without-baseline", said, "top1: 70.0", one("flops: 1G, @")) for said in (
            "flops_kept: 0.5", "flops_removed: 0.5", "speedup: 2.0",
        )
    ),
    edge("size-without-baseline", "base_params: 2M", "base_flops: 2M", one("params: 1M", base="@")),
    edge("same-efficiency-other-accuracy", "-1.048", "-1.052",
         one("top1_change: -1.000, speedup: 2.0", "top1_change: @, speedup: 2.0")),
    edge("same-efficiency-other-accuracy", "-0.952", "-0.948",
         one("top5_change: -1.000, params_kept: 0.5", "top5_change: @, params_kept: 0.5")),
    edge("same-efficiency-other-accuracy", "0.5004", "0.50004",
         one("top5: 75.0, flops_kept: 0.50001", "top5: 74.0, flops_kept: @")),
    edge("same-efficiency-other-accuracy", "2.1M", "2.0M", one("top1: 75.0, params: 2.0M", "top1: 74.0, params: @")),
    edge("same-accuracy-other-efficiency", "75", "75.3", one("top1: @, speedup: 2.0", "top1: @, speedup: 3.0")),
    edge("same-accuracy-other-efficiency", "2.0", "2.1", one("top5: 75.3, speedup: 2.0", "top5: 75.3, speedup: @")),
    edge("unpruned-model-far-from-others", "76.66", "76.74", one(base="base_top1: @"),
         *others("base_top1: 76.2", "bob", "cia", "eve")),
    edge("unpruned-model-far-from-others", "75.74", "75.66", one(base="base_top5: @"),
         *others("base_top5: 76.2", "bob", "cia", "eve")),
    edge("unpruned-model-far-from-others", "10.19M", "10.21M", one(base="base_params: @"),
         *others("base_params: 10.0M", "bob", "cia", "eve")),
    edge("few-reports-far-apart", "75.0", "75.1", one(base="base_top1: @"), *others("base_top1: 70.0", "bob")),
    edge("few-reports-far-apart", "12.5M", "12.6M", one(base="base_params: @"), *others("base_params: 10.0M", "bob")),
    edge("few-reports-far-apart", "12.5G", "12.6G", one(base="base_flops: @"), *others("base_flops: 10.0G", "bob")),
    edge("unlike-others-on-dataset", "81.2", "81.4", one(base="base_top1: @", on="Set/Other"), *FOUR),
    edge("unlike-others-on-dataset", "71.2", "71.0", one(base="base_top1: @", on="Set/Other"), *FOUR),
    edge("unlike-others-on-dataset", "Other", "Set", one(base="base_top1: 60.0", on="@/Other"), *FOUR),
    edge("two-unpruned-models-in-one-paper", "72.5", "72.6", two("speedup: 2", "base_top1: 71.5 | base_top1: @")),
    edge("two-unpruned-models-in-one-paper", "11.0M", "11.1M",
         two("speedup: 2", "base_params: 10.0M | base_params: @")),
    edge("size-differs-between-datasets", "12.5M", "12.6M",
         two("speedup: 2", "base_params: 10.0M | base_params: @", then="Other/Net")),
    edge("size-differs-between-datasets", "8.0M", "7.9M",
         two("speedup: 2", "base_params: 10.0M | base_params: @", then="Other/Net")),
    edge("one-network-two-names", "fc300-1", "fc300-100", one(on="MNIST/LeNet-300-100") + experiment(on="MNIST/@")),
    edge("one-network-two-names", "Other", "MNIST", one(on="MNIST/LeNet-300-100") + experiment(on="@/fc300-100")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "quiet", "loud", "records"), EDGES, ids=[f"{one[0]} {one[1]} {one[2]}" for one in EDGES]
)
def test_rule_begins_where_it_says(
    rule: str, quiet: str, loud: str, records: tuple[str, ...], corpus_of: Callable[..., Corpus]
) -> None:
    found = [len(subjects(rule, corpus_of(*(text.replace("@", value) for text in records)))) for value in (quiet, loud)]
    assert found[0] == 0
    assert found[1] > 0


STARTS = {
    rule: "".join(CASES[rule].records)
    for rule in ("one-digit-off", "two-unpruned-models-in-one-paper", "baseline-known-elsewhere")
} | {
    "implied-baselines-disagree": one("flops: 50.0M, flops_removed: 0.500")
    + experiment("flops: 45.0M, flops_removed: 0.600", first=2)
    + experiment("flops: 30.0M, flops_kept: 0.300", first=3),
}


@pytest.mark.parametrize(("origin", "found"), [("rerun", 1), ("copied", 0), ("unclear", 0)])
@pytest.mark.parametrize("rule", STARTS)
def test_numbers_from_elsewhere_start_from_models_of_their_own(
    rule: str, origin: str, found: int, corpus_of: Callable[..., Corpus]
) -> None:
    names = iter("ABC")
    text = re.sub("origin: own", lambda _: f"origin: {origin}, method: {next(names)}", STARTS[rule])
    assert len(subjects(rule, corpus_of(text))) == found


def test_the_row_in_the_middle_is_typical_of_those_that_start_from_one_model(corpus_of: Callable[..., Corpus]) -> None:
    points = [f"top1: {top1}, top1_change: -1.0" for top1 in ("74.0", "75.0", "75.1", "76.4")]
    found = [subjects("implied-baselines-disagree", corpus_of(one(*points[:count]))) for count in (2, 3, 4)]
    assert found == [["row 2: top1"], ["row 1: top1"], ["row 1: top1", "row 4: top1"]]


def test_other_metrics_tell_methods_apart(corpus_of: Callable[..., Corpus]) -> None:
    def text(value: str) -> str:
        first = "params_removed: 0.5, metrics: [{metric: perplexity, value: 5.6}]"
        second = f"params_removed: 0.5, metrics: [{{metric: perplexity, value: {value}}}]"
        return one(first, curve="method: One") + experiment(second, curve="method: Two", first=2)

    found = [subjects("one-curve-two-names", corpus_of(text(value))) for value in ("5.6", "6.5")]
    assert found == [["row 2: method"], []]


@pytest.mark.parametrize(("second", "found"), [("[75.0, 75.2]", ["row 2: top1_runs"]), ("[75.0, 75.3]", [])])
def test_runs_are_accuracies_of_a_network(second: str, found: list[str], corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1_runs: [75.0, 75.2], speedup: 2.0", f"top1_runs: {second}, speedup: 3.0")
    assert subjects("same-accuracy-other-efficiency", corpus_of(text)) == found


@pytest.mark.parametrize("rule", ["runs-without-deviation", "deviation-without-runs"])
def test_runs_tell_how_many_they_are_and_how_much_they_vary(rule: str, corpus_of: Callable[..., Corpus]) -> None:
    runs = "top1_runs: [75.0, 75.2]"
    text = one(f"{runs}, seeds: 2, speedup: 2.0", f"{runs}, top1_std: 0.1, speedup: 3.0")
    assert subjects(rule, corpus_of(text)) == []


def test_training_after_pruning_is_another_curve(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, speedup: 2.0", curve="training_scheme: fine_tuned")
    text += experiment("top1: 30.0, speedup: 2.0", curve="training_scheme: none", first=2)
    assert subjects("same-efficiency-other-accuracy", corpus_of(text)) == []


def test_another_recipe_is_another_curve(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, speedup: 2.0", curve="recipe: {learning_rate: 0.01}")
    text += experiment("top1: 70.0, speedup: 2.0", curve="recipe: {learning_rate: 0.001}", first=2)
    assert subjects("same-efficiency-other-accuracy", corpus_of(text)) == []


@pytest.mark.parametrize(("origin", "found"), [("rerun", 1), ("copied, copied_from: ada2015title", 0)])
def test_a_copy_is_no_report_of_an_unpruned_model(origin: str, found: int, corpus_of: Callable[..., Corpus]) -> None:
    last = one("top1: 72.0", base="base_top1: 73.0", paper="bob2016title").replace("own", origin)
    assert len(subjects("unpruned-model-far-from-others", corpus_of(*FOUR, last))) == found


def test_a_network_that_nobody_trained_since_may_lose_much(corpus_of: Callable[..., Corpus]) -> None:
    text = one("speedup: 1.5, top1_change: -60.0", curve="training_scheme: none")
    assert subjects("large-loss-by-little-pruning", corpus_of(text)) == []


def test_stated_unpruned_models_are_not_held_against_each_other(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, top1_change: -1.0", base="base_top1: 76.0")
    text += experiment("top1: 74.0, top1_change: -1.0", base="base_top1: 75.0", first=2)
    assert subjects("implied-baselines-disagree", corpus_of(text)) == []


@pytest.mark.parametrize(("copy", "found"), [("70.5", []), ("70.494", []), ("70.4", ["row 1: top1"])])
def test_a_copy_may_be_rounded(copy: str, found: list[str], corpus_of: Callable[..., Corpus]) -> None:
    source = one("top1: 70.494, flops_kept: 0.5")
    text = one(f"top1: {copy}, flops_kept: 0.5", paper="bob2016title")
    copied = text.replace("own", "copied, copied_from: ada2015title")
    assert subjects("copy-differs-from-source", corpus_of(source, copied)) == found


def test_sizes_that_follow_from_rounded_numbers_are_one_report(corpus_of: Callable[..., Corpus]) -> None:
    text = one(
        "params: 16.45M, params_kept: 0.6939", "params: 16.65M, params_kept: 0.7024", "params: 5.00M, params_kept: 0.5"
    )
    found = evidence.unpruned(dataset(corpus_of(text), corrected=False))[("Set", "Net"), "base_params"]
    assert [round(report.value / 1e6, 1) for report in found] == [23.7, 10.0]


def test_a_size_with_its_share_is_that_of_a_pruned_model(corpus_of: Callable[..., Corpus]) -> None:
    ours, theirs = one("params: 25.5M, params_removed: 0.3"), one(base="base_params: 25.6M", paper="bob2016title")
    assert subjects("unpruned-size-as-pruned", corpus_of(ours, theirs)) == []


@pytest.mark.parametrize(
    "rule", ["unpruned-model-far-from-others", "few-reports-far-apart", "unlike-others-on-dataset"]
)
def test_what_comes_later_asks_nothing_of_a_closed_collection(rule: str, corpus_of: Callable[..., Corpus]) -> None:
    *later, last = CASES[rule].records
    assert subjects(rule, corpus_of(*later, last.replace("blalock2020-notes", "blalock2020"))) == []


@pytest.mark.parametrize(("proposer", "found"), [("ada2015title", ["row 1: top1"]), ("cia2017title", [])])
def test_a_copy_is_held_against_its_own_method(
    proposer: str, found: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    copied = f"copied, copied_from: ada2015title, proposed_by: {proposer}"
    copy = one("top1: 74.0, speedup: 2.0", paper="bob2016title").replace("own", copied)
    corpus = corpus_of(one("top1: 75.0, speedup: 2.0"), copy)
    assert subjects("copy-differs-from-source", corpus) == found


def test_preprints_explain_comparisons_to_later_papers(corpus_of: Callable[..., Corpus]) -> None:
    early = B + 'published: {year: 2016}\nidentifiers: {arxiv: "1501.00001"}'
    assert subjects("compares-to-the-future", corpus_of(A + "compares_to: [bob2016title]", early)) == []


def test_digits_decide_what_adds_up(corpus_of: Callable[..., Corpus]) -> None:
    for change, found in (("-1", 0), ("-1.0", 1)):
        text = one(f"top1: 75.00, top1_change: {change}", base="base_top1: 76.30")
        assert len(subjects("change-disagrees", corpus_of(text))) == found


def test_zeros_of_a_padded_source_are_no_digits(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.00, top1_change: -1.000", base="base_top1: 76.30").replace("blalock2020-notes", "blalock2020")
    assert subjects("change-disagrees", corpus_of(text.replace("id:", "collections: [blalock2020]\nid:"))) == []


def test_every_rule_is_tested() -> None:
    assert set(CASES) | BY_HAND == set(BY_NAME)
    assert len(BY_NAME) == len(AUDIT_RULES)


@pytest.mark.parametrize("rule", AUDIT_RULES, ids=BY_NAME)
def test_every_rule_says_what_it_is_about(rule: Any) -> None:
    assert rule.severity in ("error", "warning", "note")
    assert rule.meaning.endswith(".")
    assert "\n" not in rule.meaning
    assert rule.why.endswith(".")
    assert rule.settle.endswith(".")


@pytest.mark.parametrize("verdict", ["unexplained", "differs"])
def test_claims_that_do_not_hold(
    verdict: str, corpus_of: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = ["claim", "source", "published", "computed", "verdict", "reason"]
    rows = [["papers", "abstract", "81", "80", verdict, None], ["rows", "data", "551", "551", "reproduced", None]]
    monkeypatch.setattr(evidence, "survey_claims", lambda dataset: pd.DataFrame(rows, columns=columns))
    rules = {name: subjects(name, corpus_of(A)) for name in ("claim-unexplained", "claim-differs")}
    assert rules == {"claim-unexplained": [], "claim-differs": [], f"claim-{verdict}": ["papers"]}


def test_claims_are_those_of_the_survey(shipped_findings: pd.DataFrame, corpus_of: Callable[..., Corpus]) -> None:
    assert len(shipped_findings.query("rule == 'claim-differs'")) > 1
    assert evidence.survey_claims(dataset(corpus_of(A))).empty


def test_histograms_that_do_not_add_up(corpus_of: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = corpus_of(A + "compares_to: [bob2016title]", B)
    assert subjects("histogram-does-not-add-up", corpus) == []
    published = dataset(corpus, corrected=False)
    none = published.comparisons()[:0]
    assert published.degrees()["compares_to"].sum() == 1  # and it is remembered
    monkeypatch.setattr(Dataset, "comparisons", lambda self: none)
    rule = BY_NAME["histogram-does-not-add-up"]
    assert [one.subject for one in rule.check(published)] == ["compares_to", "compared_to_by"]


@pytest.mark.parametrize(("size", "found"), [("25", ["VGG-16: params"]), ("14", [])])
def test_references_that_disagree(size: str, found: list[str], corpus_of: Callable[..., Corpus]) -> None:
    tables = tuple(
        UnprunedSource(
            name=f"table{index}",
            title=f"Table {index}",
            dataset="ImageNet",
            reference=True,
            models=(UnprunedModel.model_validate({"architecture": "VGG-16", "params": f"{params}M"}),),
        )
        for index, params in enumerate(("15", size))
    )
    assert subjects("references-disagree", corpus_of(A, unpruned=tables)) == found


@pytest.mark.parametrize(("year", "found"), [("2016", []), ("2015", []), ("2014", ["published"])])
def test_a_year_without_a_month_may_end_after_the_posting(
    year: str, found: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    paper = A + f'venue: ICLR\nidentifiers: {{arxiv: "1506.00001"}}\npublished: {{year: {year}}}'
    assert subjects("posted-at-publication", corpus_of(paper)) == found


@pytest.mark.parametrize(("year", "found"), [("2015", []), ("2014", ["compares_to: bob2016title"])])
def test_a_year_without_a_month_may_end_after_the_compared_paper(
    year: str, found: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    paper = A + f"compares_to: [bob2016title]\npublished: {{year: {year}}}"
    assert subjects("compares-to-the-future", corpus_of(paper, B)) == found


@pytest.fixture(scope="module")
def shipped_findings() -> pd.DataFrame:
    return prunelit.audit()


def test_nothing_is_open_in_the_shipped_corpus(shipped_findings: pd.DataFrame) -> None:
    assert shipped_findings.query("status == 'open'")[["rule", "paper_id", "subject", "found"]].values.tolist() == []


def test_acknowledged_findings_have_reasons_and_places(shipped_findings: pd.DataFrame) -> None:
    acknowledged = shipped_findings.query("status == 'acknowledged'")
    assert acknowledged["reason"].notna().all()
    assert acknowledged.loc[acknowledged["paper_id"].notna(), ["file", "line"]].notna().all(axis=None)


CORRECTED = [
    ("compares-to-the-future", "hassibi1993optimal", "compares_to: han2015learning"),
    ("venue-contradicts-citation", "he2017channel", "venue"),
    ("change-disagrees", "zhuang2018discrimination", "row 525: top1_change"),
    ("error-in-accuracy-field", "zhang2015accelerating", "row 281: base_top5"),
    ("one-digit-off", "liu2018rethinking", "row 535: base_top1"),
    ("unpruned-size-as-pruned", "guo2016dynamic", "row 163: params"),
    ("accuracy-rises-with-pruning", "he2017channel", "row 396: top5_change"),
]


@pytest.mark.parametrize("finding", CORRECTED, ids=lambda one: one[0])
def test_what_a_correction_removes_is_corrected(finding: tuple[str, ...], shipped_findings: pd.DataFrame) -> None:
    found = shipped_findings.query("status == 'corrected'")[["rule", "paper_id", "subject"]]
    assert finding in set(found.itertuples(index=False, name=None))


def test_without_corrections_nothing_is_corrected(whole: Corpus) -> None:
    rules = tuple(BY_NAME[rule] for rule, _, _ in CORRECTED)
    found = findings(dataset(replace(whole, corrections=())), rules)
    opened = {(one.rule, one.suspicion.paper, one.suspicion.subject) for one in found if one.status == "open"}
    assert opened >= set(CORRECTED)
    assert "corrected" not in {one.status for one in found}


def test_a_correction_that_is_proposed_leaves_the_finding_open(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, top1_change: -3.0", base="base_top1: 76.0")
    change: dict[str, Any] = {
        "field": "top1_change",
        "reason": "A slip.",
        "evidence": "Arithmetic.",
        "date": "2026-01-01",
    }
    for status, expected in (("applied", ["corrected"]), ("proposed", ["open"])):
        correction = Correction.model_validate(
            {"paper": "ada2015title", "survey_row": 1, "expect": -3, "correct": -1, "status": status} | change
        )
        found = findings(dataset(corpus_of(text, corrections=(correction,))), (BY_NAME["change-disagrees"],))
        assert [finding.status for finding in found] == expected


def test_file_and_line_are_those_of_the_number(corpus_of: Callable[..., Corpus]) -> None:
    table = audit(corpus_of(one("top1: 75.0", base="base_top1: 76.0, base_top5: 70.0")))
    found = table.set_index("rule").loc["top5-below-top1"]
    assert (found["file"], found["line"], found["subject"]) == ("papers/ada2015title.yaml", 5, "row 1: base_top5")


CAPITALS = (BY_NAME["title-in-capitals"],)


def acknowledged(corpus_of: Callable[..., Corpus], **what: object) -> list[tuple[str, str | None, str]]:
    """What becomes of two titles in capitals under one acknowledgement."""
    one = Acknowledgement.model_validate({"rule": "title-in-capitals", "reason": "So it is printed."} | what)
    corpus = corpus_of(A + "title: PRUNING", B + "title: SPARSITY", acknowledgements=(one,))
    return [(one.rule, one.suspicion.paper, one.status) for one in findings(dataset(corpus), CAPITALS)]


def test_an_acknowledgement_covers_its_papers_only(corpus_of: Callable[..., Corpus]) -> None:
    assert acknowledged(corpus_of, papers=["bob2016title"]) == [
        ("title-in-capitals", "ada2015title", "open"),
        ("title-in-capitals", "bob2016title", "acknowledged"),
    ]


def test_an_acknowledgement_covers_its_subject_only(corpus_of: Callable[..., Corpus]) -> None:
    assert acknowledged(corpus_of, papers=["bob2016title"], subject="year") == [
        ("title-in-capitals", "ada2015title", "open"),
        ("title-in-capitals", "bob2016title", "open"),
        (STALE, None, "open"),
    ]


def test_an_acknowledgement_covers_its_rule_only(corpus_of: Callable[..., Corpus]) -> None:
    assert [status for _, _, status in acknowledged(corpus_of, rule="similar-title")] == ["open"] * 3


STALE_FILE = """
acknowledgements:
  - rule: title-in-capitals
    papers: [ada2015title]
    reason: So it is printed.
  - rule: title-in-capitals
    papers: [bob2016title]
    reason: So it was printed.
"""


def test_a_stale_acknowledgement_is_an_open_error_at_its_line(corpus_of: Callable[..., Corpus]) -> None:
    read, _ = read_bytes(STALE_FILE.encode(), Acknowledgements, "corpus/acknowledgements.yaml")
    assert read
    parts = {"acknowledgements": read.value.acknowledgements, "shared": {"acknowledgements.yaml": read}}
    found = audit(corpus_of(A + "title: PRUNING", B, **parts)).set_index("rule").loc[STALE]
    assert (found["status"], found["severity"]) == ("open", "error")
    assert (found["file"], found["line"], found["subject"]) == (
        "acknowledgements.yaml", 6, "title-in-capitals: bob2016title",
    )  # fmt: skip


def test_audit_is_the_same_every_time(shipped_findings: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(prunelit.audit(), shipped_findings)
