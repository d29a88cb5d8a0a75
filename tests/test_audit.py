"""Does each rule find its fault and nothing else, and has somebody looked at every finding of the corpus?"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from another_process import cells, written_elsewhere

from audit_records import BY_NAME, A, B, experiment, one, subjects
from prunelit import dataset
from prunelit.analysis.audit.engine import AUDIT_RULES, findings
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import UnprunedModel, UnprunedSource


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
    "copied-but-not-in-source": case(
        "One: copied_from",
        one("top1: 70.0", curve="method: One"),
        one("top1: 60.0", curve="method: One, copied_from: ada2015title", paper="bob2016title").replace(
            "own, method: One", "copied, method: One"
        ),
        mend=("top1: 60.0", "top1: 70.0"),
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
    "hardly-anything-removed": case(
        "row 1: params_removed", one("params_removed: 0.05"), mend=("0.05", "0.5"),
    ),
    "share-far-below-others": case(
        "row 1: params_removed", one("params_removed: 0.11", "params_removed: 0.5", "params_removed: 0.6"),
        mend=("0.11", "0.4"),
    ),
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
    "place-names-another-share": case(
        "row 1: params_removed",
        one("pruned_model: 75 %, params_removed: 0.5", "params_removed: 0.75"),
        mend=("0.5}", "0.75}"),
    ),
    "speedup-unlike-compression": case(
        "row 1: speedup", one("compression_ratio: 2.1, speedup: 21"), mend=("21}", "2.1}"),
    ),
    "quality-rises-along-curve": case(
        "row 2: metrics: f1",
        one(
            "params_kept: 0.5, metrics: [{metric: f1, value: 80}]",
            "params_kept: 0.4, metrics: [{metric: f1, value: 85}]",
        ),
        mend=("85", "75"),
    ),
    "efficiency-out-of-order": case(
        "row 2: params_removed", one(*(f"params_removed: {share}" for share in (0.3, 0.7, 0.6, 0.9, 0.95))),
        mend=("0.7}", "0.5}"),
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
    "implausible-measured-ratio": case(
        "row 1: metrics: measured_speedup",
        one("metrics: [{metric: measured_speedup, value: 120, hardware: V100}]"), mend=("120", "1.20"),
    ),
    "metric-far-from-harder-pruned": case(
        "row 1: metrics: perplexity",
        one("metrics: [{metric: perplexity, value: 549}], params_kept: 0.7",
            "metrics: [{metric: perplexity, value: 6.2}], params_kept: 0.5", curve="method: One"),
        mend=("549", "5.49"),
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
    "top5-unlike-top1": case(
        "row 1: top5", one("top1: 70.0, top5: 79.0"),
        *(one("top1: 70.0, top5: 89.0", paper=f"bob{year}title") for year in range(2001, 2009)),
        mend=("79.0", "89.0"),
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
BY_HAND = {
    "claim-unexplained", "claim-differs", "histogram-does-not-add-up", "references-disagree", "unused-vocabulary-entry",
}  # fmt: skip
"""Rules about what is not in a record; each has tests of its own."""


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


def test_training_after_pruning_is_another_curve(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, speedup: 2.0", curve="training_scheme: fine_tuned")
    text += experiment("top1: 30.0, speedup: 2.0", curve="training_scheme: none", first=2)
    assert subjects("same-efficiency-other-accuracy", corpus_of(text)) == []


def test_another_recipe_is_another_curve(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, speedup: 2.0", curve="recipe: {learning_rate: 0.01}")
    text += experiment("top1: 70.0, speedup: 2.0", curve="recipe: {learning_rate: 0.001}", first=2)
    assert subjects("same-efficiency-other-accuracy", corpus_of(text)) == []


@pytest.mark.parametrize(
    "rule", ["unpruned-model-far-from-others", "few-reports-far-apart", "unlike-others-on-dataset"]
)
def test_what_comes_later_asks_nothing_of_a_closed_collection(rule: str, corpus_of: Callable[..., Corpus]) -> None:
    *later, last = CASES[rule].records
    assert subjects(rule, corpus_of(*later, last.replace("blalock2020-notes", "blalock2020"))) == []


def test_every_rule_is_tested() -> None:
    elsewhere = {rule.name for rule in AUDIT_RULES if rule.family == "measurements"}  # test_audit_measurements.py
    assert set(CASES) | BY_HAND == set(BY_NAME) - elsewhere
    assert len(BY_NAME) == len(AUDIT_RULES)


@pytest.mark.parametrize("rule", AUDIT_RULES, ids=BY_NAME)
def test_every_rule_says_what_it_is_about(rule: Any) -> None:
    assert rule.severity in ("error", "warning", "note")
    assert rule.meaning.endswith(".")
    assert "\n" not in rule.meaning
    assert rule.why.endswith(".")
    assert rule.settle.endswith(".")


def test_claims_are_those_of_the_survey(audited: pd.DataFrame, corpus_of: Callable[..., Corpus]) -> None:
    assert len(audited.query("rule == 'claim-differs'")) > 1


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


def test_nothing_is_open_in_the_shipped_corpus(audited: pd.DataFrame) -> None:
    assert audited.query("status == 'open'")[["rule", "paper_id", "subject", "found"]].values.tolist() == []


def test_acknowledged_findings_have_reasons_and_places(audited: pd.DataFrame) -> None:
    acknowledged = audited.query("status == 'acknowledged'")
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
def test_what_a_correction_removes_is_corrected(finding: tuple[str, ...], audited: pd.DataFrame) -> None:
    found = audited.query("status == 'corrected'")[["rule", "paper_id", "subject"]]
    assert finding in set(found.itertuples(index=False, name=None))


def test_without_corrections_nothing_is_corrected(whole: Corpus) -> None:
    rules = {name: BY_NAME[name] for name, _, _ in CORRECTED}
    excused = tuple(one for one in whole.acknowledgements if one.rule in rules)
    found = findings(dataset(replace(whole, corrections=(), acknowledgements=excused)), tuple(rules.values()))
    opened = {(one.rule, one.suspicion.paper, one.suspicion.subject) for one in found if one.status == "open"}
    assert opened >= set(CORRECTED)
    assert "corrected" not in {one.status for one in found}


def test_another_process_finds_the_same(audited: pd.DataFrame, tmp_path: Path, elsewhere: dict[str, str]) -> None:
    assert pickle.loads(written_elsewhere(tmp_path, elsewhere, "audit")["audit"]) == cells(audited)
