"""Are the unpruned models the medians of what papers and reference tables say?"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable
from typing import Literal

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from prunelit import baselines, completed
from prunelit.analysis.frames.baselines import of_papers
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Experiment

Spread = tuple[int, int, float, float, float]
Key = tuple[str, str, str]


def reference_values(corpus: Corpus) -> dict[Key, list[float]]:
    found: dict[Key, list[float]] = defaultdict(list)
    for source in corpus.unpruned:
        for model in source.models:
            for name in ("top1", "top5", "params", "flops"):
                value = getattr(model, name)
                if source.reference and value is not None:
                    found[source.dataset, model.architecture, name].append(float(value))
    return found


def factors(corpus: Corpus) -> dict[tuple[str, int], float]:
    """For each paper and experiment with a FLOP count: what turns it into multiply-adds; absent where nobody knows."""
    known = {
        key[:2]: statistics.median(values) for key, values in reference_values(corpus).items() if key[2] == "flops"
    }
    found: dict[tuple[str, int], float] = {}
    for paper in corpus.papers:
        open_: list[int] = []
        for at, experiment in enumerate(paper.experiments or ()):
            if experiment.base_flops is None:
                continue
            architecture = known.get((experiment.dataset or "", experiment.architecture or ""))
            if experiment.flop_convention is not None:
                found[paper.id, at] = {"multiply_adds": 1.0, "multiplies_and_adds": 0.5}[experiment.flop_convention]
            elif architecture is None:
                open_.append(at)
            elif abs(float(experiment.base_flops) / architecture - 1) <= 0.15:
                found[paper.id, at] = 1.0
            elif abs(float(experiment.base_flops) / architecture / 2 - 1) <= 0.15:
                found[paper.id, at] = 0.5
        agreed = {factor for (one, _), factor in found.items() if one == paper.id}
        if len(agreed) == 1:
            found.update({(paper.id, at): next(iter(agreed)) for at in open_})
    return found


def reported(experiment: Experiment, factor: float | None) -> dict[str, float | None]:
    def accuracy(name: str) -> float | None:
        value, error = getattr(experiment, f"base_{name}"), getattr(experiment, f"base_{name}_error")
        return float(value) if value is not None else None if error is None else 100 - float(error)

    return {
        "top1": accuracy("top1"),
        "top5": accuracy("top5"),
        "params": None if experiment.base_params is None else float(experiment.base_params),
        "flops": None if experiment.base_flops is None or factor is None else float(experiment.base_flops) * factor,
    }


def expected(corpus: Corpus, reference: str) -> dict[Key, Spread]:
    """The whole table, by a loop over the records."""
    of_papers: dict[tuple[Key, str], set[float]] = defaultdict(set)
    to_multiply_adds = factors(corpus)
    for paper in corpus.papers if reference == "all" else ():
        for at, one in enumerate(paper.experiments or ()):
            headline = not one.curves or any(not curve.sweep for curve in one.curves)
            for name, value in reported(one, to_multiply_adds.get((paper.id, at))).items():
                if headline and value is not None and one.dataset and one.architecture:
                    of_papers[(one.dataset, one.architecture, name), paper.id].add(value)
    values: dict[Key, list[float]] = defaultdict(list)
    papers: dict[Key, int] = defaultdict(int)
    for (key, _), distinct in of_papers.items():
        values[key].append(statistics.median(distinct))
        papers[key] += 1
    for key, printed in reference_values(corpus).items():
        values[key].extend(printed)
    return {key: (len(one), papers[key], statistics.median(one), min(one), max(one)) for key, one in values.items()}


def spreads(table: pd.DataFrame) -> dict[Key, Spread]:
    rows = table[["dataset", "architecture", "quantity", "n", "n_papers", "median", "minimum", "maximum"]]
    return {(d, a, q): (n, p, m, low, high) for d, a, q, n, p, m, low, high in rows.itertuples(index=False)}


@pytest.mark.parametrize("reference", ["all", "unpruned"])
def test_table_is_that_of_a_loop_over_the_records(reference: Literal["all", "unpruned"], survey: Corpus) -> None:
    found = spreads(baselines(survey, reference=reference, corrected=False))
    wanted = expected(survey, reference)
    assert found.keys() == wanted.keys()
    assert [found[key] for key in wanted] == [pytest.approx(wanted[key], rel=1e-12) for key in wanted]


def test_many_papers_say_what_vgg_16_starts_from(survey: Corpus) -> None:
    found = spreads(baselines(survey))
    assert min(found["ImageNet", "VGG-16", quantity][1] for quantity in ("top1", "top5", "params", "flops")) >= 5


def test_unpruned_takes_reference_models_alone(survey: Corpus) -> None:
    assert baselines(survey, reference="unpruned")["n_papers"].sum() == 0


def test_unpruned_resnet_50_worked_by_hand(survey: Corpus) -> None:
    found = spreads(baselines(survey, reference="unpruned"))
    assert [found["ImageNet", "ResNet-50", name] for name in ("top1", "params", "flops")] == [
        pytest.approx((2, 0, (76.0 + 76.01) / 2, 76.0, 76.01)),
        pytest.approx((2, 0, (26_000_000 + 25_557_032) / 2, 25_557_032, 26_000_000)),
        pytest.approx((2, 0, (4.1e9 + 4.09e9) / 2, 4.09e9, 4.1e9)),
    ]


CIFAR = "dataset: CIFAR-10, architecture: ResNet-56, collections: [blalock2020]"
POINTS = "curves: [{origin: own, points: [{top1: 90.0}, {top1: 80.0}]}]"


def of_cifar(corpus: Corpus, quantity: str = "top1") -> Spread | None:
    return spreads(baselines(corpus)).get(("CIFAR-10", "ResNet-56", quantity))


def test_unpruned_models_of_copied_numbers_are_those_of_other_papers(made: Callable[..., Corpus]) -> None:
    corpus = made(f"""
id: one2015paper
experiments:
  - {{{CIFAR}, base_top1: 93.0, {POINTS}}}
  - {{{CIFAR}, base_top1: 94.0, curves: [{{origin: copied, copied_from: two2014paper, points: [{{top1: 90.0}}]}}]}}
""")
    assert of_cifar(corpus) == (1, 1, 93.0, 93.0, 93.0)


def test_paper_counts_once_with_the_median_of_its_distinct_values(made: Callable[..., Corpus]) -> None:
    corpus = made(f"""
id: one2015paper
experiments:
  - {{{CIFAR}, base_top1: 93.0, {POINTS}}}
  - {{{CIFAR}, base_top1: 93.0, {POINTS}}}
  - {{{CIFAR}, base_top1: 94.0, {POINTS}}}
""")
    assert of_cifar(corpus) == (1, 1, 93.5, 93.5, 93.5)


def test_each_paper_has_one_value_and_sweeps_have_none(made: Callable[..., Corpus]) -> None:
    first = f"""
id: one2015paper
experiments:
  - {{{CIFAR}, base_top1: 93.0, {POINTS}}}
  - {{{CIFAR}, base_top1: 93.0, {POINTS}}}
  - {{{CIFAR}, base_top1: 94.0, {POINTS}}}
"""
    second = f"id: two2015paper\nexperiments:\n  - {{{CIFAR}, base_top1: 95.0, {POINTS}}}"
    sweep = "curves: [{origin: rerun, sweep: true, points: [{top1: 90.0}]}]"
    third = f"id: three2015paper\nexperiments:\n  - {{{CIFAR}, base_top1: 96.0, {sweep}}}"
    found = of_papers(completed(made(first, second, third)))
    assert sorted(found[["quantity", "value", "papers"]].itertuples(index=False, name=None)) == [
        ("top1", 93.5, 1), ("top1", 95.0, 1),
    ]  # fmt: skip


def test_papers_weigh_the_same_however_much_they_report(made: Callable[..., Corpus]) -> None:
    first = f"id: one2015paper\nexperiments:\n  - {{{CIFAR}, base_top1: 93.0, {POINTS}}}"
    second = f"""
id: two2015paper
experiments:
  - {{{CIFAR}, base_top1: 95.0, {POINTS}}}
  - {{{CIFAR}, base_top1: 96.0, {POINTS}}}
  - {{{CIFAR}, base_top1: 97.0, {POINTS}}}
"""
    assert of_cifar(made(first, second)) == (2, 2, 94.5, 93.0, 96.0)


def test_unpruned_error_is_a_reported_baseline(made: Callable[..., Corpus]) -> None:
    corpus = made(f"id: one2015paper\nexperiments:\n  - {{{CIFAR}, base_top1_error: 7.0, {POINTS}}}")
    assert of_cifar(corpus) == (1, 1, 93.0, 93.0, 93.0)


def test_baseline_that_follows_from_a_result_is_not_reported(made: Callable[..., Corpus]) -> None:
    points = "curves: [{origin: own, points: [{top1: 90.0, top1_change: -1.0}]}]"
    corpus = made(f"id: one2015paper\nexperiments:\n  - {{{CIFAR}, {points}}}")
    assert of_cifar(corpus) is None


def test_sweeps_do_not_count(made: Callable[..., Corpus]) -> None:
    points = "curves: [{origin: rerun, sweep: true, points: [{top1: 90.0}]}]"
    corpus = made(f"id: one2015paper\nexperiments:\n  - {{{CIFAR}, base_top1: 93.0, {points}}}")
    assert of_cifar(corpus) is None


def test_undecidable_operations_do_not_count(made: Callable[..., Corpus]) -> None:
    corpus = made(f"id: one2015paper\nexperiments:\n  - {{{CIFAR}, base_flops: 125M, {POINTS}}}")
    assert of_cifar(corpus, "flops") is None


def test_operations_counted_twice_are_halved(made: Callable[..., Corpus]) -> None:
    stated = "flop_convention: multiplies_and_adds, base_flops: 250M"
    corpus = made(f"id: one2015paper\nexperiments:\n  - {{{CIFAR}, {stated}, {POINTS}}}")
    assert of_cifar(corpus, "flops") == (1, 1, 125e6, 125e6, 125e6)


def test_experiment_without_a_known_architecture_has_no_baseline(made: Callable[..., Corpus]) -> None:
    corpus = made(f"""
id: one2015paper
experiments:
  - {{dataset: CIFAR-10, collections: [blalock2020], base_top1: 93.0, {POINTS}}}
""")
    assert baselines(corpus)["n_papers"].sum() == 0


def test_rows_are_in_the_order_of_names_then_quantities(survey: Corpus) -> None:
    order = {"top1": 0, "top5": 1, "params": 2, "flops": 3}
    rows = [(d, a, order[q]) for d, a, q in spreads(baselines(survey))]
    assert rows == sorted(set(rows))


def test_unit_is_that_of_the_quantity(survey: Corpus) -> None:
    table = baselines(survey)
    assert set(zip(table["quantity"], table["unit"], strict=True)) == {
        ("top1", "%"), ("top5", "%"), ("params", "count"), ("flops", "count"),
    }  # fmt: skip


def test_units_of_a_new_corpus_are_those_of_its_quantities(made: Callable[..., Corpus]) -> None:
    own = "{collections: [c], dataset: ImageNet, architecture: VGG-16, base_top1: 71.0, base_params: 138M}"
    table = baselines(made(f"{{id: one2015paper, experiments: [{own}]}}"))
    assert {"top1": "%", "params": "count"}.items() <= dict(zip(table["quantity"], table["unit"], strict=True)).items()


@pytest.mark.parametrize("reference", ["all", "unpruned"])
def test_baselines_of_the_survey_stay_when_the_corpus_grows(
    reference: Literal["all", "unpruned"], grown: Corpus, survey: Corpus
) -> None:
    assert_frame_equal(baselines(grown, "blalock2020", reference), baselines(survey, reference=reference))


def test_baselines_of_the_whole_corpus_do_move(grown: Corpus, whole: Corpus) -> None:
    before, after = (spreads(baselines(one))["ImageNet", "VGG-16", "params"] for one in (whole, grown))
    assert before[3] > after[3] == 1e6


def test_rows_are_numbered_in_their_order(made: Callable[..., Corpus]) -> None:
    experiment = "dataset: D, architecture: N, collections: [c], base_top1: 70.0, base_top5: 90.0, base_params: 1M"
    table = baselines(made(f"{{id: ada2015title, experiments: [{{{experiment}}}]}}"))
    assert table.index.tolist() == list(range(len(table)))
    assert table.query("dataset == 'D'")["quantity"].tolist() == ["top1", "top5", "params"]
