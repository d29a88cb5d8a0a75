"""Reports of unpruned networks, worked out as by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from audit_records import experiment, one, others, rows_of, subjects
from prunelit import dataset
from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.reports import Reported, UnprunedReport, of_one_start
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import UnprunedModel, UnprunedSource

FOUR = others("base_top1: 76.2", "bob", "cia", "dan", "eve")


@pytest.fixture
def said(corpus_of: Callable[..., Corpus]) -> Callable[..., list[str]]:
    """What is reported in records: a line a report, as ``network quantity: value by source in field``."""

    def say(*records: str, **parts: object) -> list[str]:
        found = evidence.unpruned(dataset(corpus_of(*records, **{"unpruned": (), **parts}), corrected=False))
        return [
            f"{pair[0]}/{pair[1]} {quantity}: {report.value:g} by {report.source} in {report.field}"
            for (pair, quantity), reports in found.items()
            for report in reports
        ]

    return say


NETWORK, ADA = "Set/Net", "by ada2015title in"


@pytest.mark.parametrize(
    ("point", "base", "expected"),
    [
        ("", "base_top1: 76.1", f"base_top1: 76.1 {ADA} base_top1"),
        ("", "base_top5_error: 9.0", f"base_top5: 91 {ADA} base_top5_error"),
        ("", "base_top1: 76.1, base_top1_error: 23.0", f"base_top1: 76.1 {ADA} base_top1"),
        ("top1: 75.0, top1_change: -1.0", "", f"base_top1: 76 {ADA} top1_change"),
        ("top5_error: 9.0, top5_change: -1.0", "", f"base_top5: 92 {ADA} top5_change"),
        ("top1: 75.0, top1_change: -1.0", "base_top1: 76.1", f"base_top1: 76.1 {ADA} base_top1"),
        ("", "base_params: 10M", f"base_params: 1e+07 {ADA} base_params"),
        ("params: 5.0M, params_kept: 0.5", "base_params: 11M", f"base_params: 1.1e+07 {ADA} base_params"),
        ("", "base_flops: 4G", f"base_flops: 4e+09 {ADA} base_flops"),
        ("speedup: 2.0", "base_flops: 4G", f"base_flops: 4e+09 {ADA} base_flops"),
        (
            "speedup: 2.0",
            "base_flops: 4G, flop_convention: multiplies_and_adds",
            f"base_flops: 2e+09 {ADA} base_flops",
        ),
        ("flops: 1.000G, flops_kept: 0.500", "base_flops: 4G", f"base_flops: 4e+09 {ADA} base_flops"),
    ],
)
def test_a_report_is_stated_or_follows(point: str, base: str, expected: str, said: Callable[..., list[str]]) -> None:
    record = one(point, base=base) if point else one(base=f"{base}, survey_row: 1")
    assert said(record) == [f"{NETWORK} {expected}"]


@pytest.mark.parametrize(
    ("point", "quantity"),
    [
        (f"{name}: 5.000000{unit}, {share}", name)
        for name, unit, ratio in (("params", "M", "compression_ratio"), ("flops", "G", "speedup"))
        for share in (f"{name}_kept: 0.500000", f"{name}_removed: 0.500000", f"{ratio}: 2.000000")
    ],
)
def test_a_size_and_its_share_imply_the_unpruned_one(point: str, quantity: str, said: Callable[..., list[str]]) -> None:
    value = {"params": "1e+07", "flops": "1e+10"}[quantity]
    assert said(one(point)) == [f"{NETWORK} base_{quantity}: {value} {ADA} {quantity}"]


@pytest.mark.parametrize("point", ["params: 5.0M", "params_kept: 0.5", "top1: 75.0", "top1_change: -1.0"])
def test_half_of_a_statement_implies_nothing(point: str, said: Callable[..., list[str]]) -> None:
    assert said(one(f"speedup: 2.0, {point}")) == []


OF_CONVOLUTIONS = "params_scope: convolutions, sparsity_scope: convolutions, flops_scope: convolutions"


@pytest.mark.parametrize(
    "base",
    [
        "base_params: 10M, base_params_scope: convolutions",
        "base_flops: 4G, base_flops_scope: convolutions",
        "base_params: 10M, bounds: {at_least: [base_params]}",
        "base_flops: 4G, bounds: {about: [base_flops]}",
    ],
)
def test_a_bound_or_a_part_of_a_model_is_no_report(base: str, said: Callable[..., list[str]]) -> None:
    assert said(one(base=f"{base}, survey_row: 1")) == []


@pytest.mark.parametrize("point", ["params: 5.0M, params_kept: 0.50", "flops: 5.0G, flops_kept: 0.50"])
def test_a_part_of_a_model_implies_no_report(point: str, said: Callable[..., list[str]]) -> None:
    assert said(one(point, curve=OF_CONVOLUTIONS)) == []


@pytest.mark.parametrize("on", ["/Net", "Set/"])
def test_a_network_without_name_has_no_reports(on: str, said: Callable[..., list[str]]) -> None:
    assert said(one(base="base_top1: 76.0, survey_row: 1", on=on)) == []


def test_a_copy_is_a_report_of_its_source(said: Callable[..., list[str]]) -> None:
    text = one("top1: 75.0", base="base_top1: 73.0").replace("own", "copied")
    text += experiment("top1: 75.0", base="base_top1: 76.0", first=2)
    assert said(text) == [f"{NETWORK} base_top1: 76 {ADA} base_top1"]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("base_top1: 76.0", "base_top1: 76.0", 1),
        ("base_top1: 76.0", "base_top1: 76.1", 2),
        ("base_params: 10.0M", "base_params: 10.1M", 2),
    ],
)
def test_a_paper_reports_a_value_once(first: str, second: str, count: int, said: Callable[..., list[str]]) -> None:
    text = one(base=f"{first}, survey_row: 1") + experiment(base=f"{second}, survey_row: 2")
    assert len(said(text)) == count


def test_each_paper_reports_for_itself(said: Callable[..., list[str]]) -> None:
    assert len(said(*others("base_top1: 76.0", "bob", "cia"))) == 2


@pytest.mark.parametrize(("size", "count"), [("5.09M", 1), ("5.11M", 2), ("4.91M", 1), ("4.89M", 2)])
@pytest.mark.parametrize("name", ["params", "flops"])
def test_sizes_that_follow_may_differ_by_two_percent(
    name: str, size: str, count: int, said: Callable[..., list[str]]
) -> None:
    points = (f"{name}: {value}, {name}_kept: 0.5000" for value in ("5.0000M", size))
    assert len(said(one(*points))) == count


def test_a_size_that_follows_repeats_a_stated_one_but_not_the_other_way_round(
    said: Callable[..., list[str]],
) -> None:
    stated = experiment(base="base_params: 10.1M, survey_row: 9")
    implied = experiment("params: 5.000M, params_kept: 0.500")
    start = "id: ada2015title\nexperiments:\n"
    assert len(said(start + stated + implied)) == 1
    assert len(said(start + implied + stated)) == 2


def test_sizes_that_follow_from_rounded_numbers_are_one_report(corpus_of: Callable[..., Corpus]) -> None:
    text = one(
        "params: 16.45M, params_kept: 0.6939", "params: 16.65M, params_kept: 0.7024", "params: 5.00M, params_kept: 0.5"
    )
    found = evidence.unpruned(dataset(corpus_of(text), corrected=False))[("Set", "Net"), "base_params"]
    assert [round(report.value / 1e6, 1) for report in found] == [23.7, 10.0]


@pytest.mark.parametrize(("origin", "found"), [("rerun", 1), ("copied, copied_from: ada2015title", 0)])
def test_a_copy_is_no_report_of_an_unpruned_model(origin: str, found: int, corpus_of: Callable[..., Corpus]) -> None:
    last = one("top1: 72.0", base="base_top1: 73.0", paper="bob2016title").replace("own", origin)
    assert len(subjects("unpruned-model-far-from-others", corpus_of(*FOUR, last))) == found


def test_reference_models_report_what_they_have(said: Callable[..., list[str]]) -> None:
    model = UnprunedModel.model_validate({"architecture": "VGG-16", "params": "138M", "flops": "15G"})
    table = UnprunedSource(name="table", title="Their table", dataset="ImageNet", reference=True, models=(model,))
    record = one(base="base_top1: 71.5, survey_row: 1", on="ImageNet/VGG-16")
    assert said(record, unpruned=(table,)) == [
        "ImageNet/VGG-16 base_top1: 71.5 by ada2015title in base_top1",
        "ImageNet/VGG-16 base_params: 1.38e+08 by Their table in params",
        "ImageNet/VGG-16 base_flops: 1.5e+10 by Their table in flops",
    ]


def test_accuracies_of_reference_models_are_reports(said: Callable[..., list[str]]) -> None:
    model = {"architecture": "VGG-16", "top1": 71, "top5": 90}
    models = (UnprunedModel.model_validate(model),)
    table = UnprunedSource(name="table", title="Their table", dataset="ImageNet", reference=True, models=models)
    assert said("id: ada2015title", unpruned=(table,)) == [
        "ImageNet/VGG-16 base_top1: 71 by Their table in top1",
        "ImageNet/VGG-16 base_top5: 90 by Their table in top5",
    ]


REPORTS = [UnprunedReport(source, value, "base_top1") for source, value in (("a", 70), ("b", 72), ("a", 71), ("c", 78))]


def test_other_sources_are_those_of_another_name() -> None:
    assert [*Reported(REPORTS).by_others(REPORTS[0])] == [72, 78]


def test_the_consensus_is_the_median_of_others() -> None:
    assert [Reported(REPORTS).consensus(one) for one in REPORTS] == [75, 71, 75, 71]


def test_there_is_no_consensus_without_others() -> None:
    assert Reported(REPORTS[:1]).consensus(REPORTS[0]) is None


def under(conditions: str, source: str, value: float, field: str = "base_top1") -> UnprunedReport:
    """A report under such conditions."""
    stated = f", conditions: {{{conditions}}}" if conditions else ""
    return UnprunedReport(source, value, field, rows_of(one(base=f"survey_row: 1{stated}"))[0])


AT_224 = under("resolution: 224", "a", 70)
CONDITIONAL = [
    under("", "b", 71),
    under("resolution: 224", "c", 72),
    under("resolution: 299", "d", 73),
    under("split: test", "e", 74),
    UnprunedReport("f", 75, "top1"),
]


def test_others_measured_under_other_conditions_are_left_out() -> None:
    assert [*Reported(CONDITIONAL).by_others(AT_224)] == [71, 72, 74, 75]


@pytest.mark.parametrize("report", [under("", "a", 70), UnprunedReport("a", 70, "top1")])
def test_a_report_without_conditions_is_held_against_any_other(report: UnprunedReport) -> None:
    assert [*Reported(CONDITIONAL).by_others(report)] == [71, 72, 73, 74, 75]


@pytest.mark.parametrize("field", ["base_params", "base_flops", "params", "flops"])
def test_sizes_have_no_conditions(field: str) -> None:
    sizes = [under("resolution: 299", "b", 71, field)]
    assert [*Reported(sizes).by_others(under("resolution: 224", "a", 70, field))] == [71]


def test_pairs_of_one_start_are_those_of_a_paper_and_network_in_their_order() -> None:
    rows = {paper: rows_of(one(base="survey_row: 1", paper=paper))[0] for paper in ("ada2015title", "bob2016title")}
    papers = ("ada2015title", "bob2016title", "table", "ada2015title", "bob2016title", "ada2015title")
    found = [UnprunedReport(paper, at, "base_top1", rows.get(paper)) for at, paper in enumerate(papers)]
    expected = [(a, b) for a, b in combinations(found, 2) if a.row and b.row and a.row.start == b.row.start]
    assert list(of_one_start(found)) == expected
    assert [(a.value, b.value) for a, b in expected] == [(0, 3), (0, 5), (1, 4), (3, 5)]
