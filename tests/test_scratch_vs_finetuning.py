"""Is training from scratch compared with fine-tuning pair by pair, and pooled as the formulas say?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence

import pandas as pd
import pytest
from scipy import stats

from prunelit import results, scratch_vs_finetuning, scratch_vs_finetuning_pooled
from prunelit.analysis.compare.scratch_vs_finetuning import (
    AUTOMATIC,
    CHANGES,
    OF_MEANS,
    OF_RUNS,
    RANDOM_EFFECTS,
    SAME_MODEL,
    SCRATCH_VS_FINETUNING,
    SINGLE,
    STRUCTURED,
    UNWEIGHTED,
    pooled_table,
    scratch_vs_finetuning_table,
)
from prunelit.analysis.frames.columns import typed
from prunelit.analysis.frames.methods import METHODS
from prunelit.schema.corpus import Corpus

NETWORK = ["paper_id", "dataset", "architecture", "proposed_by", "method", "pruned_model", "training_scheme"]


def curve(scheme: str, point: str, target: str = "predefined", by: str = "li2016pruning") -> str:
    of = f"method: M, origin: rerun, proposed_by: {by}, target_architecture: {target}, training_scheme: {scheme}"
    return f"{{{of}, points: [{{pruned_model: A, {point}}}]}}"


def record(*experiments: Sequence[str]) -> str:
    """A paper on one architecture, with the curves of each of its unpruned models."""
    of = "dataset: D, architecture: N, collections: [scratch]"
    listed = (f"{{{of}, base_top1: {94 + at}.0, curves: [{', '.join(one)}]}}" for at, one in enumerate(experiments))
    return f"{{id: ada2015title, collections: [scratch], experiments: [{', '.join(listed)}]}}"


PROPOSERS = (
    "{id: han2015learning, methods: [{structure: {value: unstructured, source: a list}}]}",
    "{id: li2016pruning, methods: [{structure: {value: structured, source: a list}}]}",
    "{id: liu2017learning, methods: [{name: of unknown structure}]}",
)


@pytest.fixture
def pair(made: Callable[..., Corpus]) -> Callable[..., dict[str, object]]:
    """The one row that a record gives."""

    def of(fine_tuned: str, from_scratch: str, **settings: str) -> dict[str, object]:
        curves = curve("fine_tuned", fine_tuned, **settings), curve("scratch_b", from_scratch, **settings)
        (row,) = scratch_vs_finetuning(made(record(curves), *PROPOSERS)).to_dict("records")
        return row

    return of


@pytest.fixture(scope="module")
def table(whole: Corpus) -> pd.DataFrame:
    return scratch_vs_finetuning(whole)


@pytest.fixture(scope="module")
def pools(whole: Corpus) -> pd.DataFrame:
    return scratch_vs_finetuning_pooled(whole).set_index(["family", "dataset", "training_scheme"])


def test_difference_is_scratch_minus_fine_tuned(pair: Callable[..., dict[str, object]]) -> None:
    row = pair("top1: 93.0", "top1: 93.5")
    assert (row["difference"], row["difference_rule"]) == (0.5, SAME_MODEL)


def test_results_from_different_unpruned_models_are_compared_by_their_changes(made: Callable[..., Corpus]) -> None:
    theirs, own = curve("fine_tuned", "top1: 91.0"), curve("scratch_b", "top1: 94.0")
    (row,) = scratch_vs_finetuning(made(record([theirs], [own]))).to_dict("records")
    assert (row["difference"], row["difference_rule"]) == ((94.0 - 95.0) - (91.0 - 94.0), CHANGES)


def test_error_is_that_of_means_where_runs_are_counted(pair: Callable[..., dict[str, object]]) -> None:
    row = pair("top1: 93.0, top1_std: 0.3, seeds: 4", "top1: 93.5, top1_std: 0.4, seeds: 5")
    assert row["standard_error"] == pytest.approx((0.3**2 / 4 + 0.4**2 / 5) ** 0.5)
    assert row["standard_error_rule"] == OF_MEANS


@pytest.mark.parametrize(("one", "other"), [(", seeds: 4", ""), ("", ", seeds: 4"), ("", "")])
def test_error_is_that_of_one_run_where_runs_of_one_side_are_not_counted(
    one: str, other: str, pair: Callable[..., dict[str, object]]
) -> None:
    row = pair(f"top1: 93.0, top1_std: 0.3{one}", f"top1: 93.5, top1_std: 0.4{other}")
    assert (row["standard_error"], row["standard_error_rule"]) == (pytest.approx(0.5), OF_RUNS)


def test_without_deviations_there_is_no_error(pair: Callable[..., dict[str, object]]) -> None:
    row = pair("top1: 93.0, seeds: 1", "top1: 93.5, seeds: 1")
    assert pd.isna(row["standard_error"])
    assert pd.isna(row["standard_error_rule"])


@pytest.mark.parametrize(
    ("target", "by", "family"),
    [
        ("predefined", "li2016pruning", STRUCTURED),
        ("automatic", "liu2017learning", AUTOMATIC),
        ("automatic", "han2015learning", SINGLE),
        ("predefined", "han2015learning", SINGLE),
    ],
)
def test_families(pair: Callable[..., dict[str, object]], target: str, by: str, family: str) -> None:
    assert pair("top1: 93.0", "top1: 93.5", target=target, by=by)["family"] == family


def test_every_network_of_the_tables_is_compared_in_both_ways(table: pd.DataFrame) -> None:
    assert table["training_scheme"].value_counts().to_dict() == {"scratch_e": 45, "scratch_b": 45}


def test_no_network_counts_twice(table: pd.DataFrame) -> None:
    assert not table.duplicated(NETWORK).any()


def test_the_repository_repeats_and_does_not_count(table: pd.DataFrame) -> None:
    places = pd.concat([table["locator"], table["locator_reference"]])
    assert places.str.match(r"Table [1-6], (column|row) ").all()


@pytest.mark.parametrize("name", ["blalock2020", "living"])
def test_other_collections_have_no_pairs(whole: Corpus, name: str) -> None:
    assert scratch_vs_finetuning(whole.only(name)).empty
    assert scratch_vs_finetuning_pooled(whole.only(name)).empty


def test_the_survey_holds_the_same_results(whole: Corpus) -> None:
    where = ["dataset", "architecture"]
    survey, tables = (
        results(whole.only(name), corrected=False).query("paper_id == 'liu2018rethinking'")
        for name in ("blalock2020", "scratch")
    )
    survey = survey.replace({"architecture": {"VGG-Torch-CIFAR10": "VGG-Torch-CIFAR10-noDrop"}})  # as its code says
    for number in ("top1", "top1_change"):
        of_survey = survey.dropna(subset=[number])[[*where, number]].drop_duplicates()
        assert len(of_survey.merge(tables[[*where, number]].drop_duplicates())) == len(of_survey) > 0


def by_hand(effects: Sequence[float], errors: Sequence[float]) -> dict[str, float]:
    """Paule & Mandel's model: the variance between networks at which the weighted squares equal their expectation."""
    variances = [error**2 for error in errors]

    def mean_and_squares(between: float) -> tuple[float, float, float]:
        weights = [1 / (variance + between) for variance in variances]
        mean = sum(weight * effect for weight, effect in zip(weights, effects, strict=True)) / sum(weights)
        squares = sum(weight * (effect - mean) ** 2 for weight, effect in zip(weights, effects, strict=True))
        return mean, squares, sum(weights)

    freedom, low, high = len(effects) - 1, 0.0, 100.0
    _, q, _ = mean_and_squares(0)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_and_squares(middle)[1] > freedom else (low, middle)
    mean, _, weight = mean_and_squares(high)
    reach = stats.t.ppf(0.975, freedom) * weight**-0.5
    return {
        "difference": mean,
        "low": mean - reach,
        "high": mean + reach,
        "tau": high**0.5,
        "q": q,
        "q_p": stats.chi2.sf(q, freedom),
        "i2": max(0.0, 1 - freedom / q),
    }


@pytest.mark.parametrize(
    ("effects", "errors"),
    [([0.1, 0.2, 0.9, -0.3], [0.1, 0.12, 0.2, 0.08]), ([0.10, 0.11, 0.12], [0.1, 0.2, 0.3])],
    ids=["more scatter than errors", "less scatter than errors"],
)
def test_pool_is_the_one_computed_by_hand(effects: list[float], errors: list[float]) -> None:
    pairs = pd.DataFrame({"difference": effects, "standard_error": errors})
    row = pooled_table(pairs.assign(training_scheme="scratch_b", family=SINGLE, dataset="D")).iloc[0]
    expected = by_hand(effects, errors)
    # The library ends its search for the variance between networks before the last digits.
    assert row[list(expected)].to_dict() == pytest.approx(expected, abs=1e-4)


def test_shipped_pools_are_those_computed_by_hand(table: pd.DataFrame, pools: pd.DataFrame) -> None:
    for names, row in pools[pools["pooling"] == RANDOM_EFFECTS].iterrows():
        of_pool = table.set_index(["family", "dataset", "training_scheme"]).loc[[names]]
        expected = by_hand(list(of_pool["difference"]), list(of_pool["standard_error"]))
        assert row[list(expected)].to_dict() == pytest.approx(expected, abs=1e-3)


def test_single_runs_are_averaged_with_equal_weights(pools: pd.DataFrame, table: pd.DataFrame) -> None:
    row = pools.loc[(SINGLE, "ImageNet", "scratch_b")]
    differences = table.query("family == @SINGLE and dataset == 'ImageNet' and training_scheme == 'scratch_b'")
    mean, error = differences["difference"].mean(), stats.sem(differences["difference"])
    assert (row["pooling"], row["difference"]) == (UNWEIGHTED, pytest.approx(mean))
    assert (row["low"], row["high"]) == pytest.approx(stats.t.interval(0.95, len(differences) - 1, mean, error))


@pytest.mark.parametrize("missing", ["proposed_by: li2016pruning, ", "pruned_model: A, "])
def test_networks_without_a_name_are_no_pair(missing: str, made: Callable[..., Corpus]) -> None:
    curves = [curve(scheme, "top1: 93.0") for scheme in ("fine_tuned", "scratch_b")]
    assert scratch_vs_finetuning(made(record(curves).replace(missing, ""))).empty


@pytest.mark.parametrize("name", ["dataset: D", "architecture: N", "method: M", "proposed_by: li2016pruning"])
def test_a_pair_is_one_network(name: str, made: Callable[..., Corpus]) -> None:
    own, other = ([curve(scheme, "top1: 93.0")] for scheme in ("fine_tuned", "scratch_b"))
    one = record(own, other)
    before, _, after = one.rpartition(name)
    assert [len(scratch_vs_finetuning(made(text))) for text in (one, f"{before}{name}2{after}")] == [1, 0]


@pytest.mark.parametrize("scratch", ["scratch", "scratch_e", "scratch_b"])
@pytest.mark.parametrize("reference", ["fine_tuned", "during_training"])
def test_ways_of_training_that_are_compared(scratch: str, reference: str, made: Callable[..., Corpus]) -> None:
    (row,) = scratch_vs_finetuning(
        made(record([curve(reference, "top1: 93.0"), curve(scratch, "top1: 94.0"), curve("none", "top1: 1.0")]))
    ).to_dict("records")
    assert (row["training_scheme"], row["training_scheme_reference"]) == (scratch, reference)


def test_differences_have_nine_decimals(pair: Callable[..., dict[str, object]]) -> None:
    assert pair("top1: 93.0", "top1: 93.1234567894")["difference"] == 0.123456789


def test_pairs_are_in_the_order_of_families_and_numbered(made: Callable[..., Corpus]) -> None:
    curves = [
        curve(scheme, "top1: 93.0", target=target)
        for target in ("predefined", "automatic")
        for scheme in ("fine_tuned", "scratch_b", "scratch_e")
    ]
    curves = [text.replace("method: M", f"method: {name}") for text, name in zip(curves, "BBBAAA", strict=True)]
    found = scratch_vs_finetuning(made(record(curves)))
    assert found[["family", "method", "training_scheme"]].values.tolist() == [
        [family, method, scheme]
        for family, method in ((AUTOMATIC, "A"), (STRUCTURED, "B"))
        for scheme in ("scratch_b", "scratch_e")
    ]
    assert found.index.tolist() == [0, 1, 2, 3]


def test_pools_are_in_the_order_of_their_pairs_and_equal_networks_are_not_worse() -> None:
    pairs = pd.DataFrame({
        "training_scheme": ["z", "a", "a", "a", "z"],
        "family": SINGLE,
        "dataset": "D",
        "difference": [0.1, -0.1, 0.0, 0.2, -0.3],
        "standard_error": [float("nan"), 0.1, 0.1, 0.1, 0.1],
    })  # fmt: skip
    found = pooled_table(pairs)
    columns = ["training_scheme", "networks", "worse", "pooling"]
    assert found[columns].values.tolist() == [["z", 2, 1, UNWEIGHTED], ["a", 3, 1, RANDOM_EFFECTS]]
    assert found[["family", "dataset"]].values.tolist() == [[SINGLE, "D"]] * 2


def trained(scheme: str, model: object = "A", by: object = "li2016pruning") -> dict[str, object]:
    network = {"paper_id": "p", "dataset": "D", "architecture": "N", "proposed_by": by, "method": "M"}
    of = {"pruned_model": model, "target_architecture": "predefined", "experiment": 1, "training_scheme": scheme}
    return network | of | {"top1": 93.0, "top1_change": -1.0, "top1_std": 0.1, "seeds": 4, "locator": "Table 1"}


def test_each_network_with_both_names_has_a_rule_of_its_error() -> None:
    named = [trained(scheme, model) for model in "AB" for scheme in ("fine_tuned", "scratch_b")]
    unnamed = [trained(scheme, *of) for of in ((None,), ("C", None)) for scheme in ("fine_tuned", "scratch_b")]
    methods = typed([], METHODS)
    found = scratch_vs_finetuning_table(pd.DataFrame([*named, *unnamed]), methods)
    told = found[["pruned_model", "standard_error_rule", "difference_rule", "family"]].values.tolist()
    assert told == [["A", OF_MEANS, SAME_MODEL, STRUCTURED], ["B", OF_MEANS, SAME_MODEL, STRUCTURED]]


def test_two_networks_are_a_pool() -> None:
    pairs = pd.DataFrame({"difference": [0.1, 0.4], "standard_error": [0.1, 0.2]})
    row = pooled_table(pairs.assign(training_scheme="scratch_b", family=SINGLE, dataset="D")).iloc[0]
    expected = by_hand([0.1, 0.4], [0.1, 0.2])
    assert row[list(expected)].to_dict() == pytest.approx(expected, abs=1e-4)


def test_one_network_is_no_pool(made: Callable[..., Corpus]) -> None:
    curves = (curve(scheme, "top1: 93.0, top1_std: 0.1") for scheme in ("fine_tuned", "scratch_b"))
    (row,) = scratch_vs_finetuning_pooled(made(record(list(curves)))).to_dict("records")
    assert (row["networks"], row["difference"], pd.isna(row["low"]), pd.isna(row["pooling"])) == (1, 0.0, True, True)


@pytest.mark.parametrize(
    ("family", "dataset", "scheme", "counts", "values"),
    [
        (STRUCTURED, "CIFAR-10", "scratch_b", [5, 0], [0.37, -0.04, 0.78]),
        (AUTOMATIC, "CIFAR-10", "scratch_b", [5, 1], [0.16, -0.05, 0.38]),
        (AUTOMATIC, "CIFAR-100", "scratch_b", [5, 1], [0.58, -0.20, 1.35]),
        (SINGLE, "CIFAR-10", "scratch_b", [6, 2], [0.03, -0.06, 0.13]),
        (SINGLE, "CIFAR-100", "scratch_b", [6, 1], [0.74, -0.08, 1.55]),
        (STRUCTURED, "ImageNet", "scratch_b", [10, 0], [1.39, 0.79, 1.98]),
        (SINGLE, "ImageNet", "scratch_b", [4, 3], [-0.35, -1.35, 0.65]),
        (SINGLE, "ImageNet", "scratch_e", [4, 4], [-1.69, -2.79, -0.59]),
    ],
)
def test_shipped_pools(
    pools: pd.DataFrame,
    family: str,
    dataset: str,
    scheme: str,
    counts: list[int],
    values: list[float],
) -> None:
    row = pools.loc[(family, dataset, scheme)]
    assert row[["networks", "worse"]].tolist() == counts
    assert row[["difference", "low", "high"]].tolist() == pytest.approx(values, abs=0.005)


def test_the_library_of_statistics_is_loaded_on_first_use() -> None:
    modules = "prunelit.analysis.compare.scratch_vs_finetuning, prunelit.figures.registry, sys"
    code = f"import {modules}; print('statsmodels' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_families_are_those_that_the_column_tells() -> None:
    (family,) = [column for column in SCRATCH_VS_FINETUNING if column.name == "family"]
    assert family.meaning == f"{STRUCTURED}; {AUTOMATIC}; or {SINGLE}."


def test_what_is_worked_out_comes_from_this_analysis() -> None:
    sources = {column.name: column.source for column in SCRATCH_VS_FINETUNING}
    assert {sources["difference"], sources["standard_error"]} == {"analysis.compare.scratch_vs_finetuning"}
