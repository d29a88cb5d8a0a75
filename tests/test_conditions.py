"""Do numbers under different conditions, of other scopes or of papers that do not stand keep apart?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import prunelit
from prunelit.analysis.dataset import dataset
from prunelit.schema.conditions import MeasurementConditions, conditions_in_force
from prunelit.schema.corpus import Corpus
from prunelit.schema.spread import Bounds, Spread

Make = Callable[..., Corpus]


def one(point: str, base: str = "", curve: str = "", paper: str = "ada2015title", top: str = "") -> str:
    """A record with one experiment and one point."""
    inner = f"{{origin: own, {curve + ', ' if curve else ''}points: [{{{point}}}]}}"
    on = "dataset: Set, architecture: Net, collections: [c]"
    experiment = f"{{{on}, {base + ', ' if base else ''}curves: [{inner}]}}"
    return f"{{id: {paper}, {top + ', ' if top else ''}experiments: [{experiment}]}}"


def row(table: pd.DataFrame) -> dict[str, Any]:
    (found,) = table.to_dict("records")
    return {str(name): None if value is pd.NA or value != value else value for name, value in found.items()}


def test_the_nearest_condition_holds() -> None:
    far = MeasurementConditions(split="validation", shots=0)
    near = MeasurementConditions(split="test")
    assert conditions_in_force(near, None, far) == {"split": "test", "shots": 0}
    assert conditions_in_force(None, far) == {"split": "validation", "shots": 0}
    assert conditions_in_force(None, None) == {}


PERPLEXITY = "metrics: [{metric: perplexity, value: 7.5}]"


@pytest.mark.parametrize(
    ("point", "base", "curve", "expected"),
    [
        (PERPLEXITY, "base_metrics: [{metric: perplexity, value: 5}]", "", 2.5),
        (PERPLEXITY, "base_metrics: [{metric: perplexity, value: 5, split: test}]", "", None),
        (PERPLEXITY, "conditions: {split: test}, base_metrics: [{metric: perplexity, value: 5}]", "", 2.5),
        (PERPLEXITY, "base_metrics: [{metric: perplexity, value: 5}]", "conditions: {split: test}", None),
        (PERPLEXITY, "base_metrics: [{metric: perplexity, value: 5, split: test}]", "conditions: {split: test}", 2.5),
        (f"conditions: {{stride: 8}}, {PERPLEXITY}", "base_metrics: [{metric: perplexity, value: 5}]", "", None),
    ],
)
def test_the_unpruned_value_is_that_under_the_same_conditions(
    made: Make, point: str, base: str, curve: str, expected: float | None
) -> None:
    assert row(prunelit.measurements(made(one(point, base, curve))))["change"] == expected


def test_two_lengths_of_sequences_are_two_rows_with_a_start_each(made: Make) -> None:
    base = "base_metrics: [{metric: perplexity, value: 5}, {metric: perplexity, value: 12, sequence_length: 128}]"
    point = "metrics: [{metric: perplexity, value: 6}, {metric: perplexity, value: 15, sequence_length: 128}]"
    table = prunelit.measurements(made(one(point, base)))
    assert table["change"].tolist() == [1.0, 3.0]
    assert table["sequence_length"].tolist() == [pd.NA, 128]


def test_conditions_of_a_device_matter_to_what_depends_on_one_alone(made: Make) -> None:
    base = "conditions: {hardware: V100}, base_metrics: [{metric: perplexity, value: 5}, {metric: latency, value: 9}]"
    point = "metrics: [{metric: perplexity, value: 6}, {metric: latency, value: 3}]"
    table = prunelit.measurements(made(one(point, base)))
    assert table["hardware"].tolist() == [pd.NA, "V100"]
    assert table["change"].tolist() == [1.0, -6.0]


def test_a_point_and_its_accuracy_carry_the_conditions_around_them(made: Make) -> None:
    corpus = made(one("top1: 75, conditions: {resolution: 224}", "conditions: {split: test}", "conditions: {shots: 0}"))
    for table in (prunelit.results(corpus), prunelit.measurements(corpus), prunelit.normalized(corpus)):
        found = row(table)
        assert (found["split"], found["shots"], found["resolution"]) == ("test", 0, "224")


def test_a_resolution_is_the_same_text_whatever_others_have(made: Make) -> None:
    points = ("top1: 75, conditions: {resolution: 224}", "top1: 75", f"conditions: {{resolution: 224}}, {PERPLEXITY}")
    corpus = made(*(one(point, paper=name) for name, point in zip(("ada", "bob", "cyd"), points, strict=True)))
    assert prunelit.results(corpus)["resolution"].tolist() == ["224", pd.NA, "224"]
    assert prunelit.measurements(corpus)["resolution"].tolist() == ["224", pd.NA, "224"]


def test_a_later_point_does_not_inherit_from_an_earlier_one(made: Make) -> None:
    point = "top1: 75, conditions: {split: test}, calibration: {samples: 8}, sparsity_scope: pruned_layers}, {top1: 76"
    table = prunelit.results(made(one(point)))
    assert table["split"].tolist() == ["test", pd.NA]
    assert table["calibration_samples"].tolist() == [8, pd.NA]
    assert table["sparsity_scope"].tolist() == ["pruned_layers", pd.NA]


def test_calibration_data_of_a_point_replace_those_of_the_recipe_part_by_part(made: Make) -> None:
    curve = "recipe: {calibration: {dataset: PTB, samples: 128}}"
    found = row(prunelit.results(made(one("top1: 75, calibration: {samples: 64}", curve=curve))))
    assert (found["calibration_dataset"], found["calibration_samples"]) == ("PTB", 64)


@pytest.mark.parametrize(
    ("change", "base", "value", "expected"),
    [
        ("change: 0.5", "value: 5", "", (5.5, 5.0, 0.5)),
        ("change: 0.5", "", "value: 6", (6.0, 5.5, 0.5)),
        ("", "value: 5", "value: 6, bound: at_most", (6.0, 5.0, None)),
        ("", "value: 5", "value: 6, bound: about", (6.0, 5.0, 1.0)),
        ("change: 0.5", "", "", (None, None, 0.5)),
    ],
)
def test_of_two_numbers_the_third_follows_unless_one_is_a_bound(
    made: Make, change: str, base: str, value: str, expected: tuple[float | None, ...]
) -> None:
    said = ", ".join(filter(None, ("metric: perplexity", change, value)))
    start = f"base_metrics: [{{metric: perplexity, {base}}}]" if base else ""
    found = row(prunelit.measurements(made(one(f"metrics: [{{{said}}}]", start))))
    assert (found["value"], found["base_value"], found["change"]) == expected


def test_a_spread_says_its_kind_and_its_ends(made: Make) -> None:
    spread = "{kind: confidence_interval, level: 95, half_width: 0.5}"
    point = f"top1: 75.0, top1_spread: {spread}, metrics: [{{metric: f1, value: 80, spread: {spread}}}]"
    table = prunelit.measurements(made(one(point)))
    columns = ["spread_kind", "spread_level", "spread_lower", "spread_upper"]
    assert table[columns].to_numpy().tolist() == [
        ["confidence_interval", 95.0, 74.5, 75.5],
        ["confidence_interval", 95.0, 79.5, 80.5],
    ]
    assert prunelit.results(made(one(point)))["top1_spread"].tolist() == ["± 0.5 (95 % confidence interval)"]


@pytest.mark.parametrize(
    ("spread", "least", "most", "outside"),
    [
        ({"lower": 1, "upper": 2}, 1, 1, False),
        ({"lower": 1, "upper": 2}, 2, 3, False),
        ({"lower": 1, "upper": 2}, 0, 0.9, True),
        ({"lower": 1, "upper": 2}, 2.1, 3, True),
        ({"half_width": 1}, 9, 9, False),
    ],
)
def test_what_lies_outside_a_spread(spread: dict[str, Any], least: Any, most: Any, outside: bool) -> None:
    assert Spread.model_validate({"kind": "range", **spread}).outside(least, most) is outside


def test_bounds_are_told_by_name() -> None:
    bounds = Bounds(at_least=("speedup",), about=("params", "flops"))
    assert bounds.by_name == {"speedup": "at_least", "params": "about", "flops": "about"}
    assert str(bounds) == "speedup at least, params about, flops about"


@pytest.mark.parametrize("scope", ["without_embeddings", "pruned_layers", "convolutions", "linear_layers"])
def test_a_share_of_a_part_is_none_of_the_model(made: Make, scope: str) -> None:
    found = row(prunelit.completed(made(one(f"top1: 75, params_removed: 0.8, sparsity_scope: {scope}"))))
    for name in ("params_kept", "params_removed", "compression_ratio"):
        assert (found[name], found[f"{name}_rule"]) == (None, f"missing: counted over {scope}")


def test_what_is_reported_stays_as_it_is_printed(made: Make) -> None:
    found = row(prunelit.results(made(one("top1: 75, params_removed: 0.8, sparsity_scope: pruned_layers"))))
    assert (found["params_removed"], found["sparsity_scope"]) == (0.8, "pruned_layers")


@pytest.mark.parametrize("scope", ["", ", sparsity_scope: all"])
def test_a_share_of_all_and_one_of_unstated_scope_are_of_the_model(made: Make, scope: str) -> None:
    found = row(prunelit.completed(made(one(f"top1: 75, params_removed: 0.75{scope}"))))
    assert (found["compression_ratio"], found["params_removed_rule"]) == (4.0, "reported")


@pytest.mark.parametrize(
    ("scopes", "base", "kept"),
    [
        ("", "", 0.25),
        ("params_scope: all,", "base_params_scope: all", 0.25),
        ("params_scope: without_embeddings,", "base_params_scope: without_embeddings", None),
        ("params_scope: without_embeddings,", "", None),
        ("", "base_params_scope: without_embeddings", None),
    ],
)
def test_counts_make_a_share_of_the_model_if_both_are_of_all(
    made: Make, scopes: str, base: str, kept: float | None
) -> None:
    start = "base_params: 4M" + (f", {base}" if base else "")
    found = row(prunelit.completed(made(one(f"top1: 75, {scopes} params: 1M", start))))
    assert found["params_kept"] == kept


def test_counts_of_all_win_over_a_share_of_a_part(made: Make) -> None:
    point = "top1: 75, params: 1M, params_removed: 0.9, sparsity_scope: pruned_layers"
    found = row(prunelit.completed(made(one(point, "base_params: 4M"))))
    assert (found["params_removed"], found["params_removed_rule"]) == (0.75, "1 - params_kept")


def test_operations_have_a_scope_of_their_own(made: Make) -> None:
    found = row(prunelit.completed(made(one("top1: 75, speedup: 2, flops_scope: convolutions, params_kept: 0.5"))))
    assert (found["speedup"], found["flops_kept_rule"]) == (None, "missing: counted over convolutions")
    assert found["compression_ratio"] == 2.0


@pytest.mark.parametrize(
    ("bounds", "ratio", "rule"),
    [
        ("at_least", None, "missing: given as at_least"),
        ("at_most", None, "missing: given as at_most"),
        ("about", 9.0, "reported"),
    ],
)
def test_a_bound_is_no_number(made: Make, bounds: str, ratio: float | None, rule: str) -> None:
    point = f"top1: 75, compression_ratio: 9, bounds: {{{bounds}: [compression_ratio]}}"
    found = row(prunelit.completed(made(one(point))))
    assert (found["compression_ratio"], found["compression_ratio_rule"]) == (ratio, rule)
    assert row(prunelit.results(made(one(point))))["bounds"] == f"compression_ratio: {bounds}"


def test_a_bound_on_one_number_leaves_another_of_a_longer_name(made: Make) -> None:
    point = "top1: 75, params_kept: 0.5, flops_kept: 0.25, bounds: {at_most: [params_kept]}"
    found = row(prunelit.completed(made(one(point))))
    assert (found["params_kept"], found["flops_kept"]) == (None, 0.25)


def test_normalized_says_why_a_size_is_missing(made: Make) -> None:
    point = "top1: 75, params_removed: 0.8, sparsity_scope: pruned_layers"
    found = row(prunelit.normalized(made(one(point, "base_params: 4M"))))
    assert found["normalized_params"] is None
    assert found["normalized_params_rule"] == "missing: counted over pruned_layers"


def test_a_size_of_a_part_is_no_baseline(made: Make) -> None:
    whole = one("top1: 75", "base_params: 4M")
    part = one("top1: 75", "base_params: 3M, base_params_scope: without_embeddings", paper="bob2016title")
    table = prunelit.baselines(made(whole, part))
    assert table.query("dataset == 'Set' and quantity == 'params'")[["n", "median"]].to_numpy().tolist() == [[1, 4e6]]


RETRACTED = "status: retracted, status_source: a note, compares_to: [bob2016title]"


def test_a_paper_that_does_not_stand_is_shown_and_counts_nowhere(made: Make) -> None:
    corpus = made(one("top1: 75", "base_top1: 76", top=RETRACTED), one("top1: 70", paper="bob2016title"))
    assert prunelit.papers(corpus)["status"].tolist() == ["retracted", pd.NA]
    assert prunelit.results(corpus)["status"].tolist() == ["retracted", pd.NA]
    assert row(prunelit.comparisons(corpus))["status"] == "retracted"
    for table in (prunelit.completed(corpus), prunelit.normalized(corpus), prunelit.measurements(corpus)):
        assert table["paper_id"].unique().tolist() == ["bob2016title"]
    assert "top1" not in prunelit.baselines(corpus).query("dataset == 'Set'")["quantity"].tolist()
    assert dataset(corpus).degrees()["compared_to_by"].tolist() == [0, 0]


def test_a_comparison_with_a_paper_that_does_not_stand_counts(made: Make) -> None:
    compares = "compares_to: [bob2016title]"
    superseded = "status: superseded, superseded_by: ada2015title, status_source: a note"
    papers = one("top1: 75", top=compares), one("top1: 70", paper="bob2016title", top=superseded)
    assert row(prunelit.comparisons(made(*papers)))["compared_status"] == "superseded"
    assert dataset(made(*papers)).degrees()["compared_to_by"].tolist() == [0, 1]


REPORT = "top1: {top1}, speedup: 2, {more}"
OWN, RERUN = "ada2015title", "bob2016title"


@pytest.mark.parametrize(
    ("mine", "theirs", "groups"),
    [
        ("", "", 1),
        ("conditions: {selection: best_epoch}", "", 1),
        ("conditions: {selection: best_epoch}", "conditions: {selection: best_epoch}", 1),
        ("conditions: {selection: best_epoch}", "conditions: {selection: last_epoch}", 0),
        ("conditions: {selection: best_epoch}", "conditions: {split: test}", 1),
    ],
)
def test_reports_under_different_conditions_do_not_contradict(made: Make, mine: str, theirs: str, groups: int) -> None:
    first = one(REPORT.format(top1=75, more=mine), curve="method: M")
    second = one(REPORT.format(top1=70, more=theirs), curve=f"method: M, proposed_by: {OWN}", paper=RERUN)
    table = prunelit.discrepancies(made(first, second.replace("origin: own", "origin: rerun")))
    assert table["setting"].nunique() == groups
